"""What is asked of the journal, however it is put."""

from __future__ import annotations

import re
from collections.abc import Sequence

from journal.hear.guard import is_question
from journal.hear.lexicon import Found, Lexicon
from journal.hear.words import Word, text_of
from journal.meaning import Meaning

_ASKS = re.compile(
    r"^(please |and |so |can you |could you |would you |will you |i want to know |i want to hear |do you know )*"
    r"(what|when|how|why|was|is|did|do|does|which|are|were|am|has|have|tell|read|show|give|say|repeat|count|any|can|"
    r"could|summari[sz]e|sum|number|summary|report|nurse|pardon|let me hear|play|make|prepare|help|list|total|tally|"
    r"send|print)\b"
)
_ORDERED = re.compile(
    r"^(please |can you |could you |would you |will you )*"
    r"(read|tell|give|show|count|summari[sz]e|sum up|summary|report|nurse|list|say|repeat|make|prepare|print|send|"
    r"let me hear|play|number of|how many|help|total|tally|what|when|how|why)\b"
)
_PRIORITY = (
    "say_again",
    "nurse_summary",
    "logged_today",
    "count",
    "last_bad",
    "last_entry",
    "last_night",
    "triggers",
    "room_now",
    "help",
)
_SPAN_DAYS = {
    "this month": 30,
    "last month": 30,
    "past month": 30,
    "a month": 30,
    "fortnight": 14,
    "last week": 7,
    "this week": 7,
    "past week": 7,
    "a week": 7,
}
_COUNTED = re.compile(
    r"\b(have i|did i|i had|i have|i logged|i got|were there|have there|been there|this week|this month|last week|"
    r"times|ones|entries|episodes|attacks|bad|so far)\b"
)
_ORDINARY = re.compile(
    r"\b(a|the) (normal|usual|healthy|typical|safe) (number|amount)\b|"
    r"\b(is|are|would be) (normal|too many|usual|ok|okay|a lot|healthy|safe|typical)\b"
)
"""What other people have is not in the journal."""
_NEEDS = {
    "logged_today": re.compile(r"\b(what|read|show|tell|give|list|play|how)\b"),
    "last_bad": re.compile(r"\b(when|last|worst|how long|what was|which)\b"),
    "last_night": re.compile(r"\b(night|usual|normal|sleep)\b"),
    "triggers": re.compile(
        r"^(?!.*\b(film|book|traffic|song)\b)(and |so |please |can you |could you )*"
        r"(what|why|which|do|does|is|are|has|have|any|tell|show|did|can)\b"
    ),
}
"""What a question must say besides, so that it is this one."""
_WHY = re.compile(
    r"^(and |so |please |tell me |do you know )*(why|how come|what (is|are) the (fan|ac|light|lights|lamp)s? doing|"
    r"what made the|what turned|who turned)\b"
)


def question(words: Sequence[Word], raw: str, lexicon: Lexicon) -> Meaning | None:
    """The question that a sentence asks, or None."""
    text = text_of(words)
    if not _ASKS.match(text) or re.match(r"^(when i|have (a|an)|was woken|do not|did not|is not|was (a|an|in) )", text):
        return None
    about = _about(words, lexicon)
    why = _why_device(words, text, raw, lexicon)
    if why is not None:
        return why
    ids = {piece.means for piece in lexicon.find(words, ("query",))}
    ids |= {piece.means for start in range(len(words)) for piece in lexicon.find(words[start:], ("query",))[:1]}
    if not (is_question(text) or _ORDERED.match(text)):
        return None
    for name in _PRIORITY:
        if name not in ids:
            continue
        made = _asked(name, text, about, raw, ids)
        if made is not None:
            return made
    return None


def _asked(name: str, text: str, about: str, raw: str, ids: set[str]) -> Meaning | None:
    if name == "count":
        return _counted(text, about, raw)
    if name == "logged_today" and not re.search(r"\b(what|read|show|tell|give|list|play|how)\b", text):
        return None
    if name == "last_entry" and "last_bad" in ids:
        name = "last_bad"
    if name in _NEEDS and not _NEEDS[name].search(text):
        return None
    days = _days(text)
    return Meaning(purpose="ask", raw=raw, query=name, about=about, days=days)


def _counted(text: str, about: str, raw: str) -> Meaning | None:
    """A count needs something that the journal counts."""
    if not about and not _COUNTED.search(text):
        return None
    if _ORDINARY.search(text) or re.search(r"\b(glass|glasses|coffee|water|steps|lights|people)\b", text):
        return None
    days = _days(text)
    if "today" in text or ("so far" in text and days is None):
        return Meaning(purpose="ask", raw=raw, query="count_today", about=about)
    if "yesterday" in text:
        return Meaning(purpose="ask", raw=raw, query="count_yesterday", about=about, days=1)
    if "last night" in text:
        return Meaning(purpose="ask", raw=raw, query="last_night", about=about)
    return Meaning(purpose="ask", raw=raw, query="count_week", about=about, days=days)


def _days(text: str) -> int | None:
    match = re.search(r"\b(?:last|past) (\d{1,3}) (day|week|month)s?\b", text)
    if match:
        return int(match.group(1)) * {"day": 1, "week": 7, "month": 30}[match.group(2)]
    return next((days for words, days in _SPAN_DAYS.items() if words in text), None)


def _about(words: Sequence[Word], lexicon: Lexicon) -> str:
    found: list[Found] = lexicon.find(words, ("symptom", "symptom_maybe"))
    if not found and lexicon.find(words, ("place",)):
        found = lexicon.find(words, ("symptom_weak",))
    return next((piece.means.split()[0] for piece in found), "")


def _why_device(words: Sequence[Word], text: str, raw: str, lexicon: Lexicon) -> Meaning | None:
    """Like "Why is the fan on": about the fan."""
    if not _WHY.match(text):
        return None
    found = lexicon.find(words, ("device",))
    if not found:
        return None
    if re.search(r"\bmy (leg|legs|foot|spasm|spasms)\b", text):
        return None
    return Meaning(purpose="ask", raw=raw, query="why_fan", about=found[0].means)

"""The closed sentences: corrections, answers and controls. hassil says which one it is; here it is worked out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from journal.hear.ahead import until
from journal.hear.lexicon import Found, Lexicon
from journal.hear.numbers import SOUNDS_LIKE, word_set
from journal.hear.places import Part, numbers_of, parts_of, strength_of
from journal.hear.scan import scan
from journal.hear.times import when
from journal.hear.words import split, tidy
from journal.meaning import Meaning, Moment, Said

_AREAS = {
    "cooling": "cooling",
    "light": "lights",
    "lights": "lights",
    "lighting": "lights",
    "prompts": "prompts",
    "reminders": "prompts",
    "questions": "prompts",
    "prompting": "prompts",
    "evening": "evening",
    "evenings": "evening",
    "routine": "evening",
    "routines": "evening",
}
_SHORT = 4
_REST = word_set(
    "one a an the my it is was were that to at of on in not no one i am would say make be actually "
    "instead now then and by about so for as well its been leg side more like maybe just please only "
    "really right severity level out sorry mean meant last this entry spasm kind from but it's there have "
    "had did happened began started what say said oh yes for again lasted than rather some worse better"
)


_FIELD = {
    "set_severity": "severity",
    "set_place": "place",
    "set_side": "side",
    "set_symptom": "what",
    "set_duration": "duration_minutes",
    "set_count": "count",
    "set_time": "occurred_at",
}
"""What each correction changes, the most telling first."""


_FURTHER = re.compile(r"(?<!left)(?<!right) (and|but|plus) (?!a half|a quarter)")


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed sentence: what the file says that it means, its free words, and the whole of it."""

    means: str
    words: str
    text: str
    raw: str


def meaning(said: Closed, lexicon: Lexicon, moment: Moment) -> Meaning | None:
    """What a closed sentence comes to; None where its free words do not fit it."""
    kind, _, rest = said.means.partition(" ")
    readers = {
        "change": _change,
        "answer": _answer,
        "pause": _pause,
        "rating": _rating,
        "control": _control,
        "ask": _ask,
    }
    return readers[kind](rest, said, lexicon, moment) if kind in readers else None


def _ask(rest: str, said: Closed, _lexicon: Lexicon, _moment: Moment) -> Meaning:
    query, _, about = rest.partition(" ")
    return Meaning(purpose="ask", raw=said.raw, query="why_fan" if query == "why" else query, about=about)


def _change(op: str, said: Closed, lexicon: Lexicon, moment: Moment) -> Meaning | None:
    raw, words = said.raw, said.words
    if op == "note":
        return Meaning(purpose="change", raw=raw, op="add_note", to=_blank(note=_tail(raw, words)))
    if op not in {"to", "lasted"}:
        values = _values(words, lexicon, moment) if words else None
        if words and (values is None or values == _blank()):
            return None
        return Meaning(purpose="change", raw=raw, op=op, to=values)
    whole = said.text if re.search(r"\b(not|instead of|rather than)\b", said.text) else words
    rest = _without_negated(whole)
    values = _values(rest, lexicon, moment)
    if values is None or values == _blank() or not _about_an_entry(whole, rest, lexicon, moment):
        return None
    first = _op(values, op)
    return Meaning(purpose="change", raw=raw, op=first, also=_also(values, first, said.text), to=values)


def _tail(raw: str, words: str) -> str:
    """The same words as they were written."""
    first = words.split(maxsplit=1)[0] if words.split() else ""
    at = raw.lower().rfind(first) if len(words.split()) == 1 else raw.lower().find(" ".join(words.split()[:2]))
    return raw[at:].strip(" .,") if at > 0 else words


def _op(values: Said, hint: str) -> str:
    """The op by the one thing that is new; several at once go by the most telling."""
    if hint == "lasted" and values.duration_minutes is not None:
        return "set_duration"
    return next((op for op, field in _FIELD.items() if getattr(values, field) not in {None, ""}), "set_time")


def _also(values: Said, first: str, text: str) -> tuple[str, ...]:
    """What else is corrected, where an "and" says so; else a side or a place tells which entry is meant."""
    if not _FURTHER.search(text):
        return ()
    others = [op for op, field in _FIELD.items() if op not in {first, "set_symptom"}]
    return tuple(op for op in others if getattr(values, _FIELD[op]) not in {None, ""})


def _blank(**given: str) -> Said:
    return replace(Said(kind="symptom", what=""), **given)  # type: ignore[arg-type]


def _without_negated(text: str) -> str:
    """Like "left, not right": what is denied goes out. "not the calf, the thigh" begins with it."""
    text = re.sub(r"\b(not|instead of|rather than|and not) (just |right )?now\b", "", text)
    text = re.sub(r"\b(?:not|instead of|rather than) (?:the |my |at )?[^ ]+(?= (?:and|but) )", "", text)
    head = re.match(
        r"^(?:no |oh )?(?:not|it was not|that was not|it is not|was not) (?:in )?(?:the |my |a |an )?\S+"
        r"(?: (?:leg|one|side|arm))? ?(?:but |it was |it is |no )?(.+)$",
        text,
    )
    if head:
        return head.group(1)
    tail = re.sub(
        r"\b(?:not|instead of|rather than)\s+(?:just |only )?(?:the |my |a |an |in |in the |in my )?[^ ]+(?: [^ ]+)?$",
        "",
        text,
    )
    return tail if tail.strip(" ,") else text


def _about_an_entry(whole: str, rest: str, lexicon: Lexicon, moment: Moment) -> bool:
    """Whether what is denied could stand in an entry: "not the calf", and not "not stressed"."""
    kept = rest.split()
    denied = [word for word in whole.split() if word not in kept and word not in {"not", "instead", "rather", "than"}]
    return not denied or _values(" ".join(denied), lexicon, moment) is not None


def contrast(text: str, raw: str, lexicon: Lexicon, moment: Moment) -> Meaning | None:
    """Like "yesterday, not today", "the left leg rather than the right": what is denied is of a kind with the first."""
    match = re.fullmatch(r"(?:no |oh |actually |sorry )*(.+?) (?:not|rather than|instead of) (.+)", text)
    if match is None:
        return None
    meant, denied = (_values(part, lexicon, moment) for part in match.groups())
    if meant is None or denied is None or denied == _blank():
        return None
    op = _op(denied, "")
    return Meaning(purpose="change", raw=raw, op=op, to=meant) if getattr(meant, _FIELD[op]) not in {None, ""} else None


def _values(text: str, lexicon: Lexicon, moment: Moment) -> Said | None:
    """The fields that a few words give, or None if some of them say something else."""
    words = tidy(split(text))
    if not words:
        return None
    if len(words) == 1 and words[0].key in SOUNDS_LIKE:
        value = SOUNDS_LIKE[words[0].key]
        words = [replace(words[0], key=f"={value}", number=float(value))]
    made = scan(words, lexicon)
    words = made.words
    symptoms = made.symptoms
    numbers = numbers_of(made, 0, len(words))
    part = parts_of(made, 0, len(words))
    word, by_word = strength_of(made, 0, len(words))
    time = when(words, made.when, moment)
    left = [i for i in made.unknown() if words[i].key not in _REST]
    left += [i for i in made.plain - made.taken if len(words[i].key) > _SHORT and words[i].key not in _REST]
    if left or numbers.unsure or time.unsure or (len(part) > 1 and len({p.place for p in part}) > 1):
        return None
    severity = numbers.severity if numbers.severity is not None else by_word
    place: Part = part[0]
    what = symptoms[0].means.split()[0] if symptoms else ""
    return Said(
        kind="symptom",
        what=what,
        place=place.place,
        side=place.side,
        severity=severity,
        severity_word=word,
        severity_source="number" if numbers.severity is not None else ("word" if by_word is not None else ""),
        duration_minutes=time.minutes,
        occurred_at=time.at,
        precision=time.precision,
        count=numbers.count,
    )


def _answer(reply: str, said: Closed, lexicon: Lexicon, moment: Moment) -> Meaning | None:
    if reply == "until":
        at = _until(said.text, lexicon, moment)
        return None if at is None else Meaning(purpose="answer", raw=said.raw, reply="until", until=at)
    word = reply if reply in {"yes", "no"} else ""
    return Meaning(purpose="answer", raw=said.raw, reply=reply, word=word)


def _until(text: str, lexicon: Lexicon, moment: Moment) -> datetime | None:
    words = tidy(split(text))
    found: Sequence[Found] = lexicon.find(words, ("when",))
    at = until(words, found, moment)
    taken = {i for piece in found for i in range(piece.start, piece.end)}
    known = _REST | word_set(
        "remind me ask again snooze later until in after wait not now yes no postpone delay push leave give "
        "prompt tell try nudge nag wake come back hold off put it do will i'll okay ok another for pause "
        "everything stop reminding asking don't bother disturb alone reminders prompts suspend cooling lights "
        "lighting evening all things unclench due time prompting questions routine routines evenings "
        "bothering nagging minutes before check defer next week weekend move me"
    )
    if any(word.key not in known and index not in taken and word.number is None for index, word in enumerate(words)):
        return None
    if at is None and re.search(r"\bnext week\b", text):
        now = moment.now.astimezone(moment.zone)
        return _morning(now + timedelta(days=7 - now.weekday()), moment)
    if at is None and "weekend" in text:
        now = moment.now.astimezone(moment.zone)
        return _morning(now + timedelta(days=(5 - now.weekday()) % 7 or 7), moment)
    return at


def _morning(day: datetime, moment: Moment) -> datetime:
    return day.replace(hour=7, minute=30, second=0, microsecond=0, tzinfo=moment.zone).astimezone(UTC)


def _pause(_rest: str, said: Closed, lexicon: Lexicon, moment: Moment) -> Meaning | None:
    text = said.text
    area = next((_AREAS[word] for word in text.split() if word in _AREAS), "")
    if re.search(r"\b(reminding|asking|prompting|remind|ask|bother|prompt|nagging)\b", text) and not area:
        area = "prompts"
    if not re.search(r"\b(until|for|tonight|today|tomorrow|in|before|to|next)\b", text):
        return Meaning(purpose="answer", raw=said.raw, reply="pause_until", about=area)
    at = _until(text, lexicon, moment)
    return None if at is None else Meaning(purpose="answer", raw=said.raw, reply="pause_until", until=at, about=area)


def _rating(_rest: str, said: Closed, lexicon: Lexicon, _moment: Moment) -> Meaning | None:
    made = scan(tidy(split(said.text)), lexicon)
    numbers = numbers_of(made, 0, len(made.words))
    return None if numbers.severity is None else Meaning(purpose="answer", raw=said.raw, rating=numbers.severity)


_CONTROLS: dict[str, Literal["begin", "next", "pause", "skip", "stop"]] = {
    "begin": "begin",
    "next": "next",
    "pause": "pause",
    "skip": "skip",
    "stop": "stop",
}


def _control(rest: str, said: Closed, _lexicon: Lexicon, moment: Moment) -> Meaning | None:
    verb, _, about = rest.partition(" ")
    if about in {"named", "maybe"}:
        about = _routine(said.words, moment)
        if not about:
            return None
    word = verb if verb in {"begin", "next"} else ""
    place = "" if about == "step" else about
    return Meaning(purpose="control", raw=said.raw, control=_CONTROLS[verb], about=place, word=word)


def _routine(words: str, moment: Moment) -> str:
    """The routine that is called so, of the person's own."""
    heard = [word.key for word in tidy(split(words)) if word.key not in {"the", "my", "now", "please", "routine"}]
    for name in moment.routines:
        parts = [word.key for word in split(name.replace("_", " "))]
        if heard and (heard == parts or set(heard) <= set(parts)):
            return name
    return ""

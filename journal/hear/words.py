"""A sentence as words: small letters, no contractions, numbers as numbers, and without what only fills."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from journal.hear.numbers import joined, spoken, word_set

_TOKEN = re.compile(
    r"(?P<clock>\d{1,2}:\d{2})|(?P<half>[ap])\.\s?m\b\.?|(?P<number>\d+(?:\.\d+)?[\u00bd]?)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*(?:(?<=in)'(?!\w))?)|(?P<sign>[°%/&])|(?P<dash>[-\u2013])|(?P<pause>[,.;:!?\u2026\u2014()\"\n])"
)
_FOUR_FIGURES = re.compile(r"([01]\d|2[0-3])[0-5]\d")
_BEFORE_CLOCK = frozenset({"at", "since", "until", "by", "around"})
_SHORT = {
    "im": "i am",
    "ive": "i have",
    "dont": "do not",
    "didnt": "did not",
    "doesnt": "does not",
    "havent": "have not",
    "hasnt": "has not",
    "hadnt": "had not",
    "isnt": "is not",
    "arent": "are not",
    "wasnt": "was not",
    "werent": "were not",
    "wont": "will not",
    "cant": "can not",
    "cannot": "can not",
    "couldnt": "could not",
    "wouldnt": "would not",
    "shouldnt": "should not",
    "ain't": "is not",
    "whats": "what is",
    "thats": "that is",
    "theres": "there is",
    "can't": "can not",
    "won't": "will not",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "have got to",
    "lotta": "lot of",
    "kinda": "kind of",
    "sorta": "sort of",
    "tonite": "tonight",
    "nite": "night",
    "oclock": "o clock",
    "o'clock": "o clock",
    "till": "until",
    "til": "until",
    "'til": "until",
    "minuets": "minutes",
    "mins": "minutes",
    "min": "minute",
    "hrs": "hours",
    "hr": "hour",
    "cos": "because",
    "coz": "because",
    "cuz": "because",
    "'cause": "because",
    "favour": "favor",
    "its": "it is",
    "outta": "out of",
    "outa": "out of",
    "nae": "no",
    "cannae": "can not",
    "dinnae": "do not",
    "didnae": "did not",
    "isnae": "is not",
    "wasnae": "was not",
    "havenae": "have not",
    "hasnae": "has not",
    "willnae": "will not",
    "wouldnae": "would not",
}
"""Recognisers drop apostrophes, and people type as they please."""
_SAID_IS = {"it", "that", "this", "what", "there", "here", "where", "how", "who", "when", "why"}
_BARE = {"'m": "am", "'ve": "have", "'re": "are", "'ll": "will"}
_FILLERS = word_set("um umm uh uhh uhm er err erm ah ahh hmm hm mm please oh ish eh huh gosh ugh ow ouch ooh argh")
_FILLER_PHRASES = (
    ("you", "know"),
    ("kind", "of"),
    ("sort", "of"),
    ("or", "so"),
    ("sorry", "to", "bother", "you"),
    ("to", "bother", "you"),
    ("or", "thereabouts"),
    ("all", "right"),
    ("thank", "you"),
    ("thank", "goodness"),
    ("thank", "god"),
    ("thank", "heavens"),
    ("touch", "wood"),
    ("knock", "on", "wood"),
    ("bloody",),
    ("thanks",),
    ("basically",),
    ("literally",),
    ("honestly",),
)
_OPENERS = frozenset(
    ["well", "so", "okay", "ok", "hey", "hi", "hello", "unclench", "alexa", "right", "and", "yeah", "yep"]
)
_HEDGES = word_set(
    "about roughly approximately maybe perhaps nearly almost like say approx probably possibly circa solid easily"
)
_NO_PLACE = word_set("so then now okay ok well i my what how why when let start begin next skip go stop time")
_BEFORE_AMOUNT = frozenset({"a", "an", "half", "quarter", "noon", "midday", "midnight", "lunch", "lunchtime"})
LONGEST = 300
"""Longer texts are nobody's sentence: they are kept as they are."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, where it stood, and its number if it is one."""

    key: str
    """As fragments know it: "calf", or "=7" for seven."""
    start: int
    end: int
    number: float | None = None
    pause: bool = False
    """A comma or the like stands before it."""
    figures: bool = False
    """Written in figures."""


def split(text: str) -> list[Word]:
    """Every word of a text. Signs are words only where they mean something ("6/10", "38.5°C")."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    lower = lower.replace("\u2019", "'").replace("\u2018", "'").replace("`", "'")
    words: list[Word] = []
    pause = False
    for match in _TOKEN.finditer(lower):
        kind = match.lastgroup
        if kind == "pause":
            pause = True
            continue
        for made in _made(kind, match, words, lower):
            words.append(replace(made, pause=pause))
            pause = False
    return joined_words(words)


def _made(kind: str | None, match: re.Match[str], before: list[Word], text: str) -> list[Word]:
    """The words of one token."""
    start, end, token = match.start(), match.end(), match.group()
    if kind == "clock":
        hour, minute = token.split(":")
        found = [_figure(hour, start, end), _figure(minute, start, end)]
        led = bool(before) and before[-1].key in _BEFORE_CLOCK
        return found if led else [Word("at", start, start), *found]
    if kind == "half":
        return [Word(token[0] + "m", start, end)]
    if kind == "number":
        return [_figure(part, start, end) for part in _clock_parts(token, before[-1].key if before else "")]
    if kind in {"sign", "dash"}:
        return _sign(token, start, before, number_next=text[end : end + 1].isdigit())
    return [Word(part, start, end) for part in _written_out(token)]


def _clock_parts(token: str, before: str) -> list[str]:
    """Like "at 1.40" and "at 0330": hour and minute. Else the number is one."""
    if before == "at" and re.fullmatch(r"\d{1,2}\.[0-5]\d", token):
        return token.split(".")
    if before in _BEFORE_CLOCK and _FOUR_FIGURES.fullmatch(token):
        return [token[:2], token[2:]]
    return [token]


def _figure(token: str, start: int, end: int) -> Word:
    value = float(token[:9].rstrip("\u00bd")) + (0.5 if token.endswith("\u00bd") else 0)
    return Word(f"={value:g}", start, end, value, figures=True)


def _sign(sign: str, at: int, before: list[Word], *, number_next: bool) -> list[Word]:
    number_before = bool(before) and before[-1].number is not None and before[-1].end == at
    if sign == "&":
        return [Word("and", at, at + 1)]
    if sign == "°":
        return [Word("degrees", at, at + 1)]
    if sign == "/" and number_before and number_next:
        return [Word("out", at, at + 1), Word("of", at, at + 1)]
    if sign == "-" and number_before and number_next:
        return [Word("or", at, at + 1)]
    return []


def _written_out(token: str) -> list[str]:
    """A word without contraction, as one or more words."""
    if token.endswith("in'"):
        return [token[:-1] + "g"]  # "jumpin'"
    if token in _SHORT:
        return _SHORT[token].split()
    if token.endswith("n't"):
        return [token[:-3], "not"]
    for ending, word in _BARE.items():
        if token.endswith(ending) and len(token) > len(ending):
            return [token[: -len(ending)], word]
    if token.endswith("'s"):
        return [token[:-2], "is"] if token[:-2] in _SAID_IS else [token[:-2], "'s"]
    return [token.strip("'")]


def joined_words(words: list[Word]) -> list[Word]:
    """Number words become numbers: "twenty five", "six and a half", "seven point five"."""
    found: list[Word] = []
    index = 0
    while index < len(words):
        taken, value = joined(
            [(word.key, word.number) for word in words[index : index + 6]], figures=words[index].figures
        )
        if taken == 0 or value is None:
            found.append(words[index])
            index += 1
            continue
        first, last = words[index], words[index + taken - 1]
        found.append(Word(f"={value:g}", first.start, last.end, value, first.pause, first.figures))
        index += taken
    return found


def tidy(words: list[Word]) -> list[Word]:
    """Without fillers, stutters, politeness and what only makes a number less sure."""
    kept = [word for word in _without_phrases(words) if word.key not in _FILLERS]
    kept = kept[max((_asking(kept, start) for start in range(min(8, len(kept)))), default=0) :]
    while len(kept) > 1 and kept[0].key in _OPENERS and not (kept[0].key == "right" and _sided(kept[1].key)):
        kept = kept[1:]
    found: list[Word] = []
    for index, word in enumerate(kept):
        following = kept[index + 1] if index + 1 < len(kept) else None
        if found and found[-1].key == word.key and not word.figures and word.key != "so":
            continue  # "my my leg": dysarthria, or the recogniser heard it twice
        if word.key in _HEDGES and following is not None and _amount(following, kept, index + 1):
            continue
        if word.key == "around" and following is not None and following.key in _BEFORE_AMOUNT - {"noon", "midday"}:
            continue
        found.append(word)
    return found


_ASKING = (
    ("can", "you"), ("could", "you"), ("would", "you"), ("will", "you"), ("can", "i"), ("could", "i"), ("let", "me"),
    ("i", "want", "to"), ("i", "would", "like", "to"), ("i'd", "like", "to"), ("i", "need", "to"), ("want", "to"),
    ("i", "wanted", "to"), ("i", "have", "to"), ("need", "to"), ("i", "will"), ("let", "'s"), ("i", "wish", "to"),
    ("go", "ahead", "and"),
)  # fmt: skip
_LOGGING = word_set(
    "start begin skip pause undo delete remind snooze "
    "pop stick chuck bung log record note add put write save make jot enter track register mark report say tell"
)


def _asking(words: list[Word], start: int) -> int:
    """How many words only ask for a thing to be logged: "could you log ..."."""
    keys = tuple(word.key for word in words)
    if start and keys[start - 1] in {"what", "how", "when", "why", "where", "that", "the"}:
        return 0
    for phrase in _ASKING:
        end = start + len(phrase)
        if keys[start:end] == phrase:
            end += keys[end : end + 1] in {("just",), ("also",), ("quickly",)}
            return end if keys[end : end + 1] and keys[end] in _LOGGING else 0
    return 0


def _amount(word: Word, kept: list[Word], index: int) -> bool:
    if word.number is not None:
        return True
    later = kept[index + 1] if index + 1 < len(kept) else None
    if word.key in {"a", "an"}:
        return later is not None and (later.number is not None or later.key in {"minute", "hour", "couple", "few"})
    return word.key in _BEFORE_AMOUNT or word.key in {"at", "around"}


def _sided(key: str) -> bool:
    return key not in _NO_PLACE


def _without_phrases(words: list[Word]) -> list[Word]:
    found: list[Word] = []
    index = 0
    while index < len(words):
        for phrase in _FILLER_PHRASES:
            here = words[index : index + len(phrase)]
            # At the end of a list of words a match of all of them would leave nothing: somebody said just that.
            if tuple(word.key for word in here) == phrase and len(phrase) < len(words):
                index += len(phrase)
                break
        else:
            found.append(words[index])
            index += 1
    return found


def text_of(words: Sequence[Word]) -> str:
    """The words as one line, numbers in figures: what the closed sentences are matched with."""
    return " ".join(_line(word) for word in words)


def _line(word: Word) -> str:
    if word.number is None:
        return word.key
    return "one" if word.number == 1 and not word.figures else f"{word.number:g}"  # "another one" is no figure


@cache
def _part_keys(part: str) -> tuple[str, ...]:
    return tuple(word.key for word in split(part))


def phrase_keys(phrase: str) -> tuple[str, ...]:
    """A phrase of the sentence file in the same form. "#" stands for any number."""
    keys: list[str] = []
    for part in phrase.split():
        if part == "#":
            keys.append(part)
        else:
            keys += _part_keys(part)
    return tuple(keys)


__all__ = ["LONGEST", "Word", "joined_words", "phrase_keys", "split", "spoken", "text_of", "tidy"]

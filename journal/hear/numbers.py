"""Numbers as they are spoken, and what a recogniser makes of them."""

from __future__ import annotations

from collections.abc import Sequence


def word_set(text: str) -> frozenset[str]:
    """A list of words as it reads best."""
    return frozenset(text.split())


_ONES = {
    "zero": 0,
    "nought": 0,
    "naught": 0,
    "nil": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_COUPLES = (
    (("a", "couple", "of"), 2),
    (("couple", "of"), 2),
    (("a", "couple"), 2),
    (("half", "a", "dozen"), 6),
    (("a", "dozen"), 12),
    (("dozen",), 12),
)
SOUNDS_LIKE = {
    "to": 2,
    "too": 2,
    "tu": 2,
    "for": 4,
    "fore": 4,
    "foe": 4,
    "ate": 8,
    "hate": 8,
    "won": 1,
    "wan": 1,
    "tin": 10,
    "tan": 10,
    "then": 10,
    "tree": 3,
    "free": 3,
    "sex": 6,
    "sicks": 6,
    "sick": 6,
    "sics": 6,
    "fife": 5,
    "hive": 5,
    "sven": 7,
    "heaven": 7,
    "severn": 7,
    "savin": 7,
    "nein": 9,
    "mine": 9,
    "night": 9,
    "line": 9,
}
"""Words that a number may have been; only where a number must stand."""
_ALWAYS = frozenset(
    {"to", "for", "ate", "won", "tin", "sicks", "fife", "sven", "nein", "fore", "severn", "tree", "sics"}
)
"""Those that may end a sentence about a symptom and can only have been a number there."""


def spoken(word: str) -> int | None:
    """The number a single word says."""
    return _ONES.get(word, _TENS.get(word))


def joined(words: Sequence[tuple[str, float | None]], *, figures: bool) -> tuple[int, float | None]:
    """How many of the words make one number, and which."""
    keys = [key for key, _ in words]
    for phrase, value in _COUPLES:
        if tuple(keys[: len(phrase)]) == phrase:
            return len(phrase), value
    if words[0][1] is not None or figures:
        taken, whole = 1, words[0][1]
    else:
        taken, whole = _whole(keys)
    if taken == 0 or whole is None:
        return 0, None
    return _with_part(keys, taken, float(whole))


def _whole(keys: Sequence[str]) -> tuple[int, float | None]:
    first = keys[0]
    second = keys[1] if len(keys) > 1 else ""
    if first in {"a", "one"} and second == "hundred":
        more = 3 if tuple(keys[2:3]) == ("and",) else 2
        further, rest = _whole(keys[more:]) if len(keys) > more and keys[more] not in {"a", "one"} else (0, None)
        if keys[more : more + 1] in (["one"], ("one",)):
            further, rest = 1, 1
        return (more + further, 100 + rest) if further and rest is not None else (2, 100)
    if first in _TENS:
        ones = _ONES.get(second, 0)
        return (2, _TENS[first] + ones) if 0 < ones < _ONES["ten"] else (1, _TENS[first])
    if first in _ONES:
        return 1, _ONES[first]
    return 0, None


def _with_part(keys: Sequence[str], taken: int, whole: float) -> tuple[int, float]:
    rest = tuple(keys[taken : taken + 3])
    if rest == ("and", "a", "half"):
        return taken + 3, whole + 0.5
    if rest[:2] == ("and", "half") or rest[:2] == ("n", "half"):
        return taken + 2, whole + 0.5
    if rest[:1] == ("point",) and len(rest) > 1 and whole == int(whole):
        part = _ONES.get(rest[1], int(rest[1][1:]) if rest[1][:1] == "=" and rest[1][1:].isdigit() else -1)
        if 0 <= part < _ONES["ten"]:
            return taken + 2, whole + part / 10
    return taken, whole


_UNITS = frozenset({"minutes", "minute", "hours", "hour", "days", "seconds", "our", "ours"})
_LEADS = frozenset(
    {"severity", "level", "score", "number", "rating", "strength", "intensity", "about", "maybe", "rated"}
)
_AT_ENDS = frozenset({"am", "pm", "o", "this", "in", "last", "yesterday"})


def sounded(keys: Sequence[str], index: int, *, pause_next: bool, after_symptom: bool) -> int | None:
    """The number that a word sounds like, where nothing but a number can have stood. The rest stays a word."""
    value = SOUNDS_LIKE.get(keys[index])
    if value is None:
        return None
    before = keys[index - 1] if index else ""
    after = tuple(keys[index + 1 : index + 4])
    ends = not after or pause_next
    rules = (
        after[:2] == ("out", "of") and (len(after) > len(("out", "of"))),
        len(after) > 1 and after[0] in _UNITS and after[1] == "ago",
        before in {"lasted", "for", "lasting"} and after[:1] != () and after[0] in _UNITS and keys[index] in _ALWAYS,
        before == "at" and keys[index] in _ALWAYS and (ends or after[0] in _AT_ENDS),
        before in _LEADS and keys[index] in _ALWAYS and (ends or after[0] in {"today", "this", "now"}),
        before in {"a", "an"} and ends and keys[index] in _ALWAYS | {"free", "then", "heaven", "hate"},
        ends and after_symptom and keys[index] in _ALWAYS,
        index == 0 and after[:1] != () and after[0] in {"spasms", "cramps", "jerks"},
    )
    return value if any(rules) else None

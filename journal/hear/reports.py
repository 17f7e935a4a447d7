"""The day besides symptoms: stress, sleep, drinks, warmth, fever, infections, what a reminder asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from journal.hear.guard import Guard, is_question
from journal.hear.lexicon import Found, Lexicon
from journal.hear.numbers import word_set
from journal.hear.places import strength_of
from journal.hear.scan import Scan, scan
from journal.hear.times import When, when
from journal.hear.words import Word, split, text_of
from journal.meaning import Moment, Said

_STRONG = word_set(
    "because after from due probably think maybe since blame before guess reckon could might suspect must"
)
_HAD = frozenset(
    {"had", "drank", "drunk", "ate", "eaten", "finished", "having", "took", "drinking", "did", "log", "record"}
)
_CELSIUS, _FAHRENHEIT = (34.0, 43.0), (93.0, 110.0)
_FEVER = 38.0
_DEGREES = re.compile(r"\b(degrees|celsius|centigrade|fahrenheit|temperature|temp|fever|thermometer|c|f)\b")
_BODY = re.compile(
    r"\b(my temperature|temperature of|fever|thermometer|body temperature|my temp|got a temperature|temp of|i am|"
    r"running)\b"
)
_OWN = frozenset({"i", "my", "me", "i'd"})
_WHEN_IT_WAS = word_set("at around over during before just after since")
_LEAST, _TEN, _FEW, _BEFORE = 3, 10, 2, 5
_WANTED = word_set("want need turn play make get to would like order buy add for us")
_AT_A_MEAL = frozenset({"with", "at", "after", "before", "since", "during", "for"})
_IN_NAMES = word_set("my the take do a drink have of time for")


@dataclass(frozen=True, slots=True)
class _Day:
    """A sentence in which reports are looked for."""

    made: Scan
    lexicon: Lexicon
    guard: Guard
    found: list[Found]
    alone: bool
    """No symptom stands in it."""

    @property
    def keys(self) -> list[str]:
        return [word.key for word in self.made.words]


def reports(words: Sequence[Word], lexicon: Lexicon, moment: Moment, *, beside: Scan | None = None) -> list[Said]:
    """Every self-report of a sentence. ``beside``: symptoms were found in it, and their words are taken."""
    made = beside or scan(words, lexicon)
    words = made.words
    text = text_of(words)
    if is_question(text):
        return []
    taken = _kept_words(made) if beside else set()
    sure = [piece for piece in made.when if piece.end - piece.start > 1 and _only_time(piece, words)]
    taken |= {i for piece in sure for i in range(piece.start, piece.end)}
    day = _Day(made, lexicon, Guard(lexicon, words), lexicon.find(words, ("report",), taken), beside is None)
    said: list[Said] = []
    for piece in day.found:
        one = _one(day, piece) if _happened(day, piece) else None
        if one is not None and not any(other.what == one.what for other in said):
            said.append(one)
    named = None
    if day.alone:
        said = _with_fever(said, words, text)
        named = _reminder(text, moment, words)
    if named is not None:
        drunk = next((one.count for one in said if one.what == "water"), None)
        said = [one for one in said if one.what not in {"took_reminder", "water"}]
        said.append(replace(named, count=drunk))
    times = [one for one in made.when if not any(_over(one, piece) for piece in day.found)]
    times = [one for one in times if not _named(one, words, named)]
    if not day.alone and any(one.what == "fever" and not one.over for one in said):
        said = _with_fever(said, words, text)
    return _timed(said, words, times, moment, alone=day.alone)


def _with_fever(said: list[Said], words: Sequence[Word], text: str) -> list[Said]:
    fever = _thermometer(words, text)
    if fever is None:
        return said
    others = [one for one in said if one.what not in {"fever", "too_hot"}]
    return [*others, Said(kind="report", what="fever", celsius=fever)]


def _only_time(piece: Found, words: Sequence[Word]) -> bool:
    """Like "after lunch": when it was, and no meal to log."""
    kind = piece.means.split()[0]
    return kind in {"clock", "span"} or (kind == "meal" and words[piece.start].key in _WHEN_IT_WAS)


def _over(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _named(piece: Found, words: Sequence[Word], said: Said | None) -> bool:
    """The "evening" of "evening tablets" is a name."""
    names = set() if said is None else {word.key for word in split(said.reminder)}
    return all(word.key in names | {"my", "the", "in", "this"} for word in words[piece.start : piece.end])


def _kept_words(made: Scan) -> set[int]:
    return {
        i for piece in [*made.body, *made.ratings] if piece.kind != "strength" for i in range(piece.start, piece.end)
    }


def _happened(day: _Day, piece: Found) -> bool:
    """Whether it is the person's own, and was so: nothing denied, feared, or blamed for a symptom."""
    what, _, how = piece.means.partition(" ")
    clause = _clause(day.made, piece)
    words = day.made.words
    truly = {i for one in day.guard.found if one.kind == "truly" for i in range(one.start, one.end)}
    drunk = how in {"drink", "count"}
    against = (
        day.guard.foreign(piece, clause, things=False),
        day.guard.imagined(piece, truly),
        _of_thing(what, words, clause, piece),
        what == "tight_clothing" and words[piece.end - 1].key == "on" and not _worn(day, piece),
        what == "infection" and len(day.made.unknown()) > _FEW,
        what != "slept_badly" and day.guard.denied(piece, clause, day.made.plain | day.made.taken) is not None,
        drunk and not _taken_in(day, piece),
        what == "meal" and piece.start > 0 and words[piece.start - 1].key in _AT_A_MEAL,
    )
    beside = not day.alone and (
        what == "exertion"
        or day.keys[piece.start] in {"woke", "kept"}
        or any(word.key in _STRONG for word in words[clause : piece.start])
        or (not drunk and not _own_clause(day.made, clause, piece))
    )
    return not any(against) and not beside


def _one(day: _Day, piece: Found) -> Said | None:
    what, _, how = piece.means.partition(" ")
    rates = {"stress", "sleep", "slept_badly"} if day.alone else {"stress", "sleep"}
    rating = _rated(day, piece) if what in rates else None
    word, by_word = "", None
    if what == "stress" and day.alone and rating is None:
        word, by_word = strength_of(day.made, _clause(day.made, piece), len(day.made.words))
    severity = by_word if rating is None else rating
    if how == "rate" and severity is None:
        own = any(key in _OWN or key == "log" for key in day.keys)
        if what == "sleep" or (not own and len(day.keys) > _FEW):
            return None
    source: Literal["", "word", "number"] = "word" if word else ("number" if severity is not None else "")
    ends = what in {"infection", "period", "fever"} and _over_now(day.lexicon, day.made.words, piece)
    return Said(
        kind="report",
        what=what,
        severity=severity,
        severity_word=word,
        severity_source=source,
        count=_how_many(day, piece),
        over=how == "over" or ends,
    )


def _how_many(day: _Day, piece: Found) -> int | None:
    what, _, how = piece.means.partition(" ")
    if how == "count" and piece.numbers and piece.numbers[0] == int(piece.numbers[0]):
        return int(piece.numbers[0])
    one = what in {"water", "caffeine", "alcohol"} and day.keys[piece.start] in {"a", "an"}
    return 1 if one else None


def _over_now(lexicon: Lexicon, words: Sequence[Word], piece: Found) -> bool:
    return any(piece.end <= one.start <= piece.end + 3 for one in lexicon.find(words, ("ended",)))


def _of_thing(what: str, words: Sequence[Word], clause: int, piece: Found) -> bool:
    """Like "the soup is too hot": not the person."""
    if what not in {"too_hot", "too_cold"} or words[piece.start].key in {"i", "am", "feel", "it", "feeling"}:
        return False
    before = [word.key for word in words[clause : piece.start]]
    return before[-1:] in (["is"], ["was"], ["are"]) and not set(before) & {"it", "room", "bedroom", "i", "here", "bed"}


def _worn(day: _Day, piece: Found) -> bool:
    """Like "my shoes are on", and not "on the shelf"."""
    after = day.keys[piece.end] if piece.end < len(day.keys) else ""
    return after != "the" or bool(day.made.of("place"))


def _clause(made: Scan, piece: Found) -> int:
    gaps = made.separated(0, piece.start)
    return gaps[-1] if gaps else 0


def _own_clause(made: Scan, clause: int, piece: Found) -> bool:
    """Beside a symptom only what is said on its own is a report: "slept badly, legs stiff"."""
    inside = [one for one in made.symptoms if clause <= one.start < piece.start]
    return not inside and (clause > 0 or piece.start <= _FEW)


def _taken_in(day: _Day, piece: Found) -> bool:
    """Something to drink counts where somebody had it, or where nothing else is said."""
    keys, made = day.keys, day.made
    before = keys[max(0, piece.start - _BEFORE) : piece.start]
    if any(key in _HAD for key in before):
        return True
    if "have" in before and (set(keys) & {"i", "just"}) and "to" not in before:
        return True
    if not day.alone or set(keys) & _WANTED:
        return False
    rest = [i for i in made.unknown() if not any(one.start <= i < one.end for one in day.found)]
    return not rest or made.words[piece.start].number is not None


def _rated(day: _Day, piece: Found) -> float | None:
    made, found = day.made, day.found
    others = {i for one in found if one.means.endswith("count") for i in range(one.start, one.end)}
    for rating in made.ratings:
        if rating.means == "n" and (not made.reported or made.reported & set(range(rating.start, rating.end))):
            return rating.numbers[0] if 0 <= rating.numbers[0] <= _TEN else None
    bare = [
        word.number
        for index, word in enumerate(made.words)
        if word.number is not None and index not in made.taken and index not in others
        if index in made.reported or not made.reported
    ]
    if len(bare) == 1 and 0 <= bare[0] <= _TEN:
        return bare[0]
    # "stress is at four": with a topic that is rated, no time of the clock is meant
    clocks = [one for one in made.when if one.means.startswith("clock bare") and one.start <= piece.end + 2]
    return clocks[0].numbers[0] if len(clocks) == 1 and clocks[0].numbers[0] <= _TEN else None


def _thermometer(words: Sequence[Word], text: str) -> float | None:
    """A body temperature that was named, in degrees Celsius."""
    if not _DEGREES.search(text) and len(words) > _LEAST:
        return None
    if re.search(r"\b(room|bedroom|heating|thermostat|set|outside|water|oven|bath)\b", text):
        return None
    for word in words:
        number = word.number
        if number is None:
            continue
        if _CELSIUS[0] <= number <= _CELSIUS[1] and (_DEGREES.search(text) or number != int(number)):
            if number < _FEVER and not _BODY.search(text):
                return None
            return number
        if _FAHRENHEIT[0] <= number <= _FAHRENHEIT[1] and (_DEGREES.search(text) or number != int(number)):
            return round((number - 32) * 5 / 9, 1)
    return None


def _reminder(text: str, moment: Moment, words: Sequence[Word]) -> Said | None:
    """The person's own reminder, by its name, where it was done."""
    if not re.search(r"\b(took|taken|had|have had|done|did|finished|ticked|drank|drunk|completed)\b", text):
        return None
    if re.search(r"\b(not|forgot|missed|never|no)\b", text):
        return None
    heard = {word.key for word in words}
    best, most = "", 0
    for name in moment.reminders:
        parts = {word.key for word in split(name)} - _IN_NAMES
        if parts and parts <= heard and len(parts) > most:
            best, most = name, len(parts)
    return Said(kind="report", what="took_reminder", reminder=best) if best else None


def _timed(
    said: list[Said], words: Sequence[Word], found: Sequence[Found], moment: Moment, *, alone: bool
) -> list[Said]:
    if not said:
        return said
    pieces = [piece for piece in found if alone or piece.means.split()[0] in {"clock", "part", "day"}]
    rated = {one.what for one in said} & {"stress", "sleep"}
    if rated:
        pieces = [piece for piece in pieces if piece.means.split()[:2] != ["clock", "bare"]]
    if any(one.what == "meal" for one in said):
        pieces = [piece for piece in pieces if not piece.means.startswith("meal")]
    time: When = when(words, pieces, moment)
    return [replace(one, occurred_at=time.at, precision=time.precision) for one in said]

"""Symptoms out of a sentence: each with its own place, side, strength and length; the time is everybody's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias

from journal.hear.guard import Guard, is_question
from journal.hear.lexicon import Found, Lexicon
from journal.hear.places import Numbers, Part, numbers_of, parts_of, strength_of
from journal.hear.scan import SEPARATORS, Scan, scan
from journal.hear.times import When, when
from journal.hear.why import why
from journal.hear.words import Word, text_of
from journal.meaning import Moment, Said

_RANK = {"symptom": 0, "symptom_maybe": 1, "symptom_weak": 2, "symptom_misheard": 3}
NOT_MEANT = re.compile(
    r"\bpain in the (neck|backside|arse|bum|butt|ass|bottom)\b|\bpulling (my|your|his|her) leg\b|\bbreak a leg\b|"
    r"\ban arm and a leg\b|\bcold feet\b|\bheavy heart\b|\btight spot\b|\bsore (loser|subject|point)\b|"
    r"\b(stiff|tight) (upper lip|drink|competition|breeze|budget)\b|\bshoulder to cry\b|\bheart in my\b|"
    r"\bheart (aches|bleeds|goes out|breaks)\b|"
    r"^do not (log|record|save|note|write|put|add)\b|^(stop|cancel) logging\b"
)
"""What people say with a body in it and mean otherwise; and what they ask not to log."""
_OWN = frozenset({"i", "my", "me", "i'd", "feel", "feeling", "log", "record", "had", "got"})
_MANY = 2
_ONE_MORE = frozenset({"=1", "another"})
_Segment: TypeAlias = tuple[Found, int, int]
"""A symptom, and which words are its own."""
_UNSHARED = frozenset({"fatigue", "night_waking"})


@dataclass(frozen=True, slots=True)
class Logged:
    """What a sentence logs; ``blocked``: a symptom is named, and must not be logged."""

    said: tuple[Said, ...] = ()
    blocked: bool = False
    unsure: bool = False
    late: bool = False
    scan: Scan | None = None
    when: When | None = None


def log(words: Sequence[Word], raw: str, lexicon: Lexicon, moment: Moment) -> Logged:
    """Every symptom of a sentence, or why there is none to log."""
    head, note = _note(list(words), raw, lexicon)
    made = scan(head, lexicon)
    head = made.words
    symptoms = _chosen(made)
    if not symptoms:
        return Logged(scan=made)
    if is_question(text_of(head)) or NOT_MEANT.search(text_of(head)) or _idle(made, symptoms, lexicon):
        return Logged(blocked=True, scan=made)
    guard = Guard(lexicon, head, made.taken)
    if guard.stopped():
        return Logged(blocked=True, scan=made)
    segments = _segments(made, symptoms)
    overall = when(head, made.when, moment, asleep=_woke(made))
    results: list[Said] = []
    unsure, skipped = False, -_MANY
    whole = why(made, lexicon, raw, symptoms[0])
    for index, (symptom, first, _) in enumerate(segments):
        verdict = _verdict(made, guard, symptom, first, overall)
        if verdict == "blocked" or (index and skipped == index - 1 and _same_subject(made, segments, index)):
            skipped = index
            continue
        said, doubtful = _said(made, segments, index, overall, moment, denied=verdict == "none")
        unsure = unsure or doubtful
        notes = {"symptom": note or whole.note, "none": note}
        results += [replace(one, suspected=whole.suspected, note=notes.get(one.kind, "")) for one in said]
    if unsure:
        return Logged(unsure=True, scan=made)
    return Logged(tuple(results), blocked=not results, late=overall.late, scan=made, when=overall)


def _same_subject(made: Scan, segments: Sequence[_Segment], index: int) -> bool:
    """Like "the battery is drained and weak": said of what the words before are said of."""
    between = range(segments[index - 1][0].end, segments[index][0].start)
    return all(_slight(made, i) and made.words[i].key not in _OWN for i in between) and not made.of("place")


def _verdict(made: Scan, guard: Guard, symptom: Found, first: int, time: When) -> str:
    """Whether a symptom is logged, is an explicit zero ("none"), or must not be logged ("blocked")."""
    harmless = {i for piece in guard.found if piece.kind == "truly" for i in range(piece.start, piece.end)}
    harmless |= {i for piece in made.when for i in range(piece.start, piece.end)}
    clause = max([0, *made.separated(0, symptom.start)])
    if guard.foreign(symptom, first) or guard.imagined(symptom, harmless, clause):
        return "blocked"
    beside = {piece.end - 1 for piece in made.body if piece.kind in {"side", "place"}}
    denial = guard.denied(symptom, first, made.plain | made.taken, beside)
    own = [*made.of("strength"), *(made.symptoms if denial is not None and denial.means != "free" else ())]
    if denial is None or any(piece.start <= denial.start < piece.end for piece in own):
        return "log"  # "not too bad", "no energy" deny nothing
    if _not_that(made.words, denial, time):
        return "blocked"
    return "log" if _undeniable(symptom, denial, made.words) else "none"


def _not_that(words: Sequence[Word], denial: Found, time: When) -> bool:
    """Like "It was not a spasm" takes something back, and says nothing of the day; nor does "I have never had one"."""
    keys = [word.key for word in words[denial.start : denial.end + 1]]
    if keys[0] == "never" or keys[:2] == ["have", "never"]:
        return time.at is None and time.minutes is None
    return (
        keys[-2:] in (["not", "a"], ["not", "the"], ["not", "my"])
        and denial.end - denial.start <= _MANY
        and "have" not in keys
    )


def _idle(made: Scan, symptoms: Sequence[Found], lexicon: Lexicon) -> bool:
    """A symptom's word in a sentence about something else: nobody's body, and words that we do not know."""
    own = any(word.key in _OWN for word in made.words)
    if own or made.ratings or made.of("side"):
        return False
    caused = {i for piece in lexicon.find(made.words, ("cause",), made.taken) for i in range(piece.start, piece.end)}
    odd = [index for index in made.unknown() if index not in caused]
    unknown = len(odd)
    if unknown >= _MANY and any(piece.end in odd and not made.words[piece.end].pause for piece in symptoms):
        return not made.of("place")
    weak = all(piece.kind in {"symptom_weak", "symptom_misheard"} for piece in symptoms)
    return unknown >= _MANY and weak and not made.of("strength")


def _undeniable(symptom: Found, denial: Found, words: Sequence[Word]) -> bool:
    """Like "could not sleep, leg stiff" denies the sleep."""
    before = words[denial.start - 1].key if denial.start else ""
    return before in {"could", "can", "would", "will"} and symptom.kind != "symptom_maybe"


def _note(words: list[Word], raw: str, lexicon: Lexicon) -> tuple[list[Word], str]:
    """What stands after the word "note" is kept as it was said."""
    for piece in lexicon.find(words, ("note",)):
        if piece.start == 0:
            return words[piece.end :] if piece.end < len(words) else words, ""
        if piece.end < len(words):
            return words[: piece.start], raw[words[piece.end].start :].strip(" .,")
    return words, ""


def _chosen(made: Scan) -> list[Found]:
    """The symptoms that are meant: of two that say the same, the plainer; "woke me" is a detail of another."""
    chosen: list[Found] = []
    for piece in made.symptoms:
        if chosen and _same(made, chosen[-1], piece):
            if _RANK[piece.kind] < _RANK[chosen[-1].kind] and piece.means.split()[0] != "night_waking":
                chosen[-1] = replace(piece, means=_fuller(chosen[-1].means, piece.means))
            else:
                chosen[-1] = replace(chosen[-1], means=_fuller(piece.means, chosen[-1].means))
        else:
            chosen.append(piece)
    others = [piece for piece in chosen if piece.means != "night_waking"]
    return others or chosen


def _fuller(lesser: str, better: str) -> str:
    """A kind of spasm said by the other word is kept: "knee came up in a spasm"."""
    if better == "spasm" and lesser.startswith("spasm "):
        return lesser
    return better


def _same(made: Scan, first: Found, second: Found) -> bool:
    """Whether two words are about one thing: nothing of a new clause, and no place of its own, lies between."""
    one, two = first.means.split()[0], second.means.split()[0]
    between = range(first.end, second.start)
    places = [piece for piece in made.of("place") if first.end <= piece.start < second.start]
    later = [piece for piece in made.of("place") if piece.start >= second.end]
    if made.words[second.start].key in _ONE_MORE:
        return False
    if one == two:
        earlier = [piece for piece in made.of("place") if piece.end <= first.start]
        return not places or not earlier or (not later and len(places) < _MANY and not _new_clause(made, first, second))
    if "night_waking" in {one, two} or "fatigue" in {one, two}:
        return False
    numbers = [i for i, word in enumerate(made.words) if word.number is not None]
    if any(i in between for i in numbers) and any(i >= second.end for i in numbers):
        return False  # "stiffness five pain four"
    divided = any(made.words[i].key in {"and", "but", "plus", "also", "then"} for i in between)
    divided = divided or any(made.words[i].pause for i in range(first.end, second.end))
    if two == "pain" and made.words[second.start].key in {"hurts", "hurt", "hurting", "painful", "sore"} and not places:
        return (
            one == "spasm" and any(made.words[i].key in {"it", "really", "that", "which"} for i in between)
        ) or not divided
    return not divided


def _new_clause(made: Scan, first: Found, second: Found) -> bool:
    return bool(made.separated(first.end, second.start))


def _segments(made: Scan, symptoms: Sequence[Found]) -> list[_Segment]:
    """Which words belong to which symptom."""
    starts = [0]
    for one, two in pairwise(symptoms):
        gaps = made.separated(one.end, two.start)
        gaps = [gap for gap in gaps if gap > one.start]
        placed = any(starts[-1] <= piece.start < one.start for piece in made.of("place"))
        if not gaps:
            starts.append(two.start)
        elif placed:
            starts.append(next((gap for gap, end in pairwise(gaps) if not _only_rates(made, gap, end)), gaps[-1]))
        else:
            own = next((piece.end for piece in made.of("place") if piece.start >= one.end), None)
            late = [gap for gap in gaps if own is None or gap >= own] or gaps
            starts.append(late[-1])
    ends = [*starts[1:], len(made.words)]
    return [(symptom, first, last) for symptom, first, last in zip(symptoms, starts, ends, strict=True)]


def _only_rates(made: Scan, first: int, last: int) -> bool:
    """Like the "six" of "left leg stiff, six, and the right one sore": it ends a clause and begins none."""
    named = any(first <= piece.start < last for piece in made.body if piece.kind != "strength")
    return not named and any(made.words[index].number is not None for index in range(first, last))


def _said(  # noqa: PLR0913 (what a segment hangs on)
    made: Scan, segments: Sequence[_Segment], index: int, overall: When, moment: Moment, *, denied: bool
) -> tuple[list[Said], bool]:
    """The entries of one segment: one for each place."""
    symptom, first, last = segments[index]
    what, _, subtype = symptom.means.partition(" ")
    time = _time(made, first, last, overall, moment)
    parts = parts_of(made, first, last, symptom)
    if not any(part.place for part in parts):
        parts = _shared(made, segments, index, parts)
    numbers = numbers_of(made, first, last)
    word, by_word = strength_of(made, first, last)
    if numbers.severity is None and not numbers.seen and len(segments) > 1 and by_word is None:
        numbers = _shared_number(made, segments, index, numbers)
    severity = numbers.severity if numbers.severity is not None else by_word
    source: Literal["", "word", "number"]
    source = "number" if numbers.severity is not None else ("word" if by_word is not None else "")
    woke = what != "night_waking" and _woke(made)
    going = (time.since and (numbers.count or 1) == 1) or _going(made, first, last, time)
    zero = denied or (severity == 0)
    entries = [
        Said(
            kind="none" if zero else "symptom",
            what=what,
            subtype=subtype,
            place=part.place,
            side=part.side,
            severity=None if denied else severity,
            severity_word="" if denied else word,
            severity_source="" if denied else source,
            duration_minutes=time.minutes,
            occurred_at=_began(time, moment, going=going),
            precision=time.precision,
            count=None if denied else numbers.count,
            going_on=going and not zero,
            woke=woke and not zero,
        )
        for part in parts
    ]
    return entries, numbers.unsure or time.unsure


def _time(made: Scan, first: int, last: int, overall: When, moment: Moment) -> When:
    """A segment's own time where several have one; else everybody's."""
    here = [piece for piece in made.when if first <= piece.start < last]
    if not here or len(here) == len(made.when):
        return overall
    time = when(made.words, here, moment, asleep=_woke(made))
    if time.at is None and not time.since and overall.at is not None:
        return replace(overall, minutes=time.minutes)
    return time


def _woke(made: Scan) -> bool:
    if any(piece.means == "night_waking" for piece in made.of("symptom_maybe")):
        return True
    return any(word.key in {"woken", "woke"} and index not in made.taken for index, word in enumerate(made.words))


def _began(time: When, moment: Moment, *, going: bool) -> datetime | None:
    """When it began, where only its length so far was said."""
    if time.at is None and going and time.minutes:
        return (moment.said_at or moment.now).astimezone(UTC) - timedelta(minutes=time.minutes)
    return time.at


def _going(made: Scan, first: int, last: int, time: When) -> bool:
    keys = [word.key for word in made.words[first:last]]
    if "still" in keys or "ongoing" in keys or "constantly" in keys:
        return True
    if "not" in keys and ("stopping" in keys or ({"will", "has", "have"} & {*keys} and {"stop", "stopped"} & {*keys})):
        return True
    been = "been" in keys and ("have" in keys or "has" in keys)
    return bool(time.minutes and been and "had" not in keys) or ("been" in keys and "there" in keys)


def _shared(made: Scan, segments: Sequence[_Segment], index: int, parts: list[Part]) -> list[Part]:
    """Like "stiffness and pain in my left leg", "my legs are stiff and sore": the place is both's."""
    symptom, begins, ends = segments[index]
    if symptom.means.split()[0] in _UNSHARED:
        return parts
    if index and _the_other(made, begins, ends, symptom):
        before = parts_of(made, segments[index - 1][1], segments[index - 1][2], segments[index - 1][0])
        if before[0].place:
            return [Part(before[0].place, part.side or before[0].side) for part in parts]
    for other in (index + 1, index - 1):
        if not 0 <= other < len(segments):
            continue
        neighbour, first, last = segments[other]
        if neighbour.means.split()[0] in _UNSHARED:
            continue
        one, two = (symptom, neighbour) if other > index else (neighbour, symptom)
        if all(_slight(made, i) for i in range(one.end, two.start)):
            shared = parts_of(made, first, last, neighbour)
            if any(part.place for part in shared):
                return shared
    return parts


def _the_other(made: Scan, first: int, last: int, symptom: Found) -> bool:
    """Like "and the right one's sore", "and another at three": the place is the one that was named before."""
    if made.words[symptom.start].key in _ONE_MORE:
        return True
    ends = {piece.end for piece in made.of("side")}
    return any(index in ends and made.words[index].number == 1 for index in range(first, last))


def _slight(made: Scan, index: int) -> bool:
    if made.words[index].key in SEPARATORS or index in made.plain:
        return True
    return any(piece.start <= index < piece.end for piece in made.of("strength"))


def _shared_number(made: Scan, segments: Sequence[_Segment], index: int, own: Numbers) -> Numbers:
    """Like "stiffness and pain, six": said of both."""
    symptom = segments[index][0]
    if index + 1 < len(segments):
        neighbour, first, last = segments[index + 1]
        if (
            all(_slight(made, i) for i in range(symptom.end, neighbour.start))
            and neighbour.means.split()[0] not in _UNSHARED
        ):
            return replace(numbers_of(made, first, last), count=None)
    return own

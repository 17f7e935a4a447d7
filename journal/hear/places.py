"""What belongs to one symptom of a sentence: its places with their sides, its number, its strength by word.

"Legs" alone are both legs, and so are other parts that people have two of; toes, fingers and ribs are not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from journal.hear.lexicon import Found
from journal.hear.numbers import word_set
from journal.hear.scan import Scan
from journal.hear.words import text_of

_INSIDE = {
    "leg": frozenset({"toe", "big_toe", "foot", "ankle", "calf", "shin", "knee", "thigh", "hip", "groin"}),
    "foot": frozenset({"toe", "big_toe", "ankle"}),
    "arm": frozenset({"elbow", "forearm", "wrist", "hand", "finger", "thumb", "shoulder"}),
    "hand": frozenset({"finger", "thumb", "wrist"}),
    "back": frozenset({"upper_back", "lower_back"}),
    "trunk": frozenset({"ribs"}),
    "face": frozenset({"jaw"}),
}
_MIDDLE = frozenset({"upper_back", "lower_back", "back", "trunk", "throat", "face", "jaw", "neck"})
_BETWEEN = frozenset({"my", "the", "of", "in", "side", "on", "lower", "upper", "whole", "entire", "bad", "good"})
_JOINING = frozenset({"and", "plus", "&"})
_PLURAL = word_set(
    "spasms cramps jerks kicks jolts jumps twitches horses spazms spasums spasims attacks episodes "
    "contractions sarcasms chasms spams tramps hugs"
)
_ONE_OF = word_set(
    "another bad big last nasty that this the good small no which each every little any severe new long "
    "short quick mild left right only same other strong huge horrible awful terrible massive slight tiny "
    "old really stop"
)
_LARGEST = 10
_FAR = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A place with its side; both may be empty."""

    place: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The bare numbers of a segment: how strong, how many."""

    severity: float | None = None
    count: int | None = None
    unsure: bool = False
    seen: bool = False
    """A number was said of the strength, and says nothing ("eleven", "six or seven")."""


def parts_of(made: Scan, first: int, last: int, symptom: Found | None = None) -> list[Part]:
    """The places of a stretch, in order, or one without a place."""
    pieces = _repaired(made, [p for p in made.body if p.kind in {"place", "side"} and first <= p.start < last])
    parts: list[tuple[Part, Found]] = []
    waiting = ""
    loose = ""
    for piece in pieces:
        if piece.kind == "side":
            nearby = _next_place(made, piece, pieces)
            if nearby:
                waiting = "both" if waiting and waiting != piece.means else piece.means
            elif (parts and not parts[-1][0].side) or (parts and parts[-1][0].side == "both" and piece.means != "both"):
                parts[-1] = (replace(parts[-1][0], side=piece.means), parts[-1][1])
            else:
                loose = piece.means
            continue
        if _only_leads(made, piece, pieces) or (
            parts and made.words[piece.start - 2].key in {"to", "against", "towards"}
        ):
            continue
        place, _, plural = piece.means.partition(" ")
        part = Part(place, waiting or plural)
        if parts and not waiting and parts[-1][0].side and not plural and _joined(made, parts[-1][1], piece):
            part = replace(part, side=parts[-1][0].side)
        parts.append((part, piece))
        waiting = ""
    if symptom is not None and symptom.extra and not parts:
        place, _, side = symptom.extra.partition(" ")
        return [Part(place, side)]
    merged = _merged(made, parts)
    side = loose or waiting
    if not merged:
        return [Part("", side)]
    if side:
        merged = [part if part.side else replace(part, side=side) for part in merged]
    return [replace(part, side="") if part.place in _MIDDLE and part.side == "both" else part for part in merged]


def _only_leads(made: Scan, piece: Found, pieces: list[Found]) -> bool:
    """Like "the back of my left knee", "the bottom of my foot": the later place is meant."""
    if piece.end >= len(made.words) or made.words[piece.end].key != "of":
        return False
    return any(other.kind == "place" and piece.end < other.start <= piece.end + 4 for other in pieces)


def _repaired(made: Scan, pieces: list[Found]) -> list[Found]:
    """Like "left, no, right": the later one is meant."""
    kept: list[Found] = []
    for piece in pieces:
        for earlier in reversed(kept):
            between = [word.key for word in made.words[earlier.end : piece.start]]
            if earlier.kind == piece.kind and _repairs(between):
                kept = kept[: kept.index(earlier)]
                break
        kept.append(piece)
    return kept


def _repairs(between: list[str]) -> bool:
    text = f" {' '.join(between)} "
    return any(
        f" {sign} " in text for sign in ("no", "i mean", "sorry", "rather", "actually", "i meant", "wait", "not the")
    )


def _next_place(made: Scan, side: Found, pieces: list[Found]) -> bool:
    """Whether a place follows the side closely enough to be its place."""
    following = next((piece for piece in pieces if piece.start >= side.end), None)
    if following is None:
        return False
    between = made.words[side.end : following.start]
    if following.kind == "side":
        return all(word.key in _BETWEEN | _JOINING for word in between) and _next_place(made, following, pieces)
    strengths = {i for piece in made.of("strength") for i in range(piece.start, piece.end)}
    near = all(word.key in _BETWEEN or index in strengths for index, word in enumerate(between, start=side.end))
    return near and len(between) <= _FAR and not (made.words[following.start].pause and side.start > 0 and between)


def _joined(made: Scan, one: Found, two: Found) -> bool:
    between = made.words[one.end : two.start]
    return (
        0 < len(between) < _FAR
        and between[0].key in _JOINING
        and all(w.key in _JOINING | {"my", "the"} for w in between)
    )


def _merged(made: Scan, parts: list[tuple[Part, Found]]) -> list[Part]:
    """The same place twice is one with both sides; a part within a part is the finer one."""
    result: list[tuple[Part, Found]] = []
    for part, piece in parts:
        for at, (other, found) in enumerate(result):
            if other.place == part.place:
                sides = {other.side, part.side} - {""}
                side = sides.pop() if len(sides) == 1 else ("both" if sides else "")
                result[at] = (Part(part.place, side), found)
                break
            inside = part.place in _INSIDE.get(other.place, ()) or other.place in _INSIDE.get(part.place, ())
            joint = any(word.key in {"and", "plus", "then", "to"} for word in made.words[found.end : piece.start])
            if inside and not joint:
                finer = part.place if part.place in _INSIDE.get(other.place, ()) else other.place
                side = part.side or other.side
                explicit = {one for one in (part.side, other.side) if one in {"left", "right"}}
                result[at] = (Part(finer, explicit.pop() if len(explicit) == 1 else side), piece)
                break
        else:
            result.append((part, piece))
    return [part for part, _ in result]


def numbers_of(made: Scan, first: int, last: int) -> Numbers:
    """The number that says how strong, and the one that says how many."""
    ratings = [piece for piece in made.ratings if first <= piece.start < last and not _span_of(piece) & made.reported]
    rated = [piece.numbers[-1 if piece.means == "last" else 0] for piece in ratings if piece.means in {"n", "last"}]
    seen = any(piece.means == "either" for piece in ratings)
    counted, how_many = _counting(made, first, last)
    bare = [index for index in range(first, last) if index != counted and _says_strength(made, index)]
    if any(_for_the(made, index) for index in bare):
        return Numbers(unsure=True)
    values = rated or [made.words[index].number or 0.0 for index in bare]
    if len(set(values)) > 1:
        if not _repaired_number(made, first, last):
            return Numbers(unsure=True)
        values = values[-1:]
    count = _count(made, first, last) or how_many
    if values and not 0 <= values[-1] <= _LARGEST:
        return Numbers(None, count, seen=True)
    return Numbers(values[-1] if values else None, count, seen=seen)


def _span_of(piece: Found) -> set[int]:
    return set(range(piece.start, piece.end))


def _says_strength(made: Scan, index: int) -> bool:
    """A number that nothing else has taken; the "one" of "another one" is none."""
    word = made.words[index]
    before = made.words[index - 1].key if index else ""
    if word.number is None or index in made.taken | made.reported or before in {"from", "until"}:
        return False
    return not (word.number == 1 and not word.figures and before in _ONE_OF)


def _repaired_number(made: Scan, first: int, last: int) -> bool:
    numbers = [index for index in range(first, last) if made.words[index].number is not None]
    if len(numbers) <= 1:
        return False
    return _repairs([word.key for word in made.words[numbers[-2] + 1 : numbers[-1]]])


def _for_the(made: Scan, index: int) -> bool:
    """Like "two for the pain": tablets, or a rating. Nobody can tell."""
    following = [word.key for word in made.words[index + 1 : index + 3]]
    number = made.words[index].number or 0.0
    return number == int(number) and following[:1] == ["for"] and following[1:] in (["the"], ["my"], ["this"])


def _count(made: Scan, first: int, last: int) -> int | None:
    for piece in made.counts:
        if first <= piece.start < last:
            value = piece.numbers[0] if piece.means == "n" else float(piece.means)
            return int(value) if value == int(value) and value > 0 else None
    return None


def _counting(made: Scan, first: int, last: int) -> tuple[int, int | None]:
    """A number right before "spasms", with at most its strength, side and place between: how many there were."""
    for index in range(first, last):
        number = made.words[index].number
        if number is None or number != int(number) or number < 1 or index in made.taken:
            continue
        at = index + 1
        while at < last:
            piece = next((one for one in made.body if one.start == at), None)
            if piece is None:
                if made.words[at].key in {"more", "separate", "different", "painful", "of", "those", "these", "or"}:
                    at += 1
                    continue
                break
            if made.words[piece.end - 1].key in _PLURAL or (number == 1 and piece.kind == "symptom"):
                return index, int(number)
            if piece.kind not in {"strength", "side", "place", "symptom_maybe", "symptom_weak"} or made.words[at].pause:
                break
            at = piece.end
    return -1, None


def strength_of(made: Scan, first: int, last: int) -> tuple[str, float | None]:
    """The last word for how strong it was, and its number."""
    found = [piece for piece in made.of("strength") if first <= piece.start < last]
    if not found:
        return "", None
    best = found[-1]
    small = {"2", "3"}
    if best.means in small and len(found) > 1 and best.start == found[-2].end:
        best = found[-2]
    elif len(found) > 1 and found[-2].means in small and found[-2].end == best.start:
        best = found[-1]
    return text_of(made.words[best.start : best.end]), float(best.means)

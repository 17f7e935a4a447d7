"""One sentence, with every fragment that was found in it: which words are a symptom, a place, a time, a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from journal.hear.lexicon import Found, Lexicon
from journal.hear.numbers import sounded
from journal.hear.words import Word

SYMPTOM_KINDS = ("symptom", "symptom_maybe", "symptom_weak", "symptom_misheard")
_TORSO = frozenset({"ribs", "trunk", "back", "upper_back", "lower_back"})
_LEGGY = frozenset({"leg", "knee", "thigh", "ankle", "foot", "calf", "toe", "big_toe", "hip", "shin", "groin"})
_FITS = {
    "hug": _TORSO,
    "spasm adductor": _LEGGY,
    "spasm extensor": _LEGGY | {"arm", "elbow", "forearm"},
    "spasm trunk": _TORSO,
}
"""Where a word means just that; elsewhere it is a spasm like another."""
_OWN = frozenset({"i", "my", "me", "i'd", "feel", "feeling", "log", "record", "felt"})
_BESIDE_MISHEARD = frozenset(
    {"is", "are", "has", "keeps", "got", "went", "just", "was", "will", "had", "hurts", "feels"}
)
_NOT_SYMPTOMS = frozenset(
    {"night", "day", "news", "weather", "mood", "sleep", "week", "morning", "evening", "afternoon", "room"}
)
SEPARATORS = frozenset({"and", "but", "plus", "also", "then", "with", "while"})


@dataclass(slots=True)
class Scan:
    """The fragments of a sentence by kind, each word taken at most once."""

    words: list[Word]
    when: list[Found] = field(default_factory=list)
    ratings: list[Found] = field(default_factory=list)
    counts: list[Found] = field(default_factory=list)
    body: list[Found] = field(default_factory=list)
    """Symptoms, places, sides and strengths, in order."""
    plain: set[int] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)
    reported: set[int] = field(default_factory=set)
    """Numbers of a self-report ("stress eight, and a cramp")."""
    reserved: set[int] = field(default_factory=set)
    """Words of a cause that would else be a symptom's ("the tight shoes")."""

    @property
    def symptoms(self) -> list[Found]:
        """What may be a symptom, in order."""
        return [piece for piece in self.body if piece.kind in SYMPTOM_KINDS]

    def of(self, kind: str) -> list[Found]:
        """The body fragments of one kind."""
        return [piece for piece in self.body if piece.kind == kind]

    def unknown(self) -> list[int]:
        """Words that are in no list at all."""
        return [
            index
            for index, word in enumerate(self.words)
            if index not in self.taken and index not in self.plain and word.number is None and word.key != "'s"
        ]

    def separated(self, first: int, last: int) -> list[int]:
        """Where a new clause may begin, from ``first`` up to ``last``."""
        return [
            index
            for index in range(first, last + 1)
            if index < len(self.words)
            and (self.words[index].pause or (self.words[index].key in SEPARATORS and index not in self.taken))
        ]


def scan(words: Sequence[Word], lexicon: Lexicon) -> Scan:
    """Finds everything, times and numbers first: a number with a unit is no strength."""
    words = _numbers_heard(list(words), lexicon)
    made = Scan(words)
    sure = [piece for piece in lexicon.find(words, ("rating",)) if _of_ten(piece, words)]
    made.ratings = sure
    made.taken = _span(sure)
    made.counts = [piece for piece in lexicon.find(words, ("count",), made.taken) if not _a_time_of_day(piece, words)]
    made.taken |= _span(made.counts)
    made.when = lexicon.find(words, ("when",), made.taken)
    made.taken |= _span(made.when)
    made.taken |= {
        piece.end
        for piece in made.when
        if piece.means.startswith("span")
        and piece.end < len(words)
        and words[piece.end].key in {"ago", "back", "earlier"}
    }
    reserved = [piece for piece in lexicon.find(words, ("cause",), made.taken) if _blamed(piece, words)]
    made.reserved = _span(reserved)
    more = lexicon.find(words, ("rating",), made.taken)
    made.ratings = sorted([*sure, *more], key=lambda piece: piece.start)
    made.taken |= _span(more)
    _body(made, lexicon)
    made.reported = _reported(made, lexicon)
    made.plain |= _span(lexicon.find(words, ("plain",), made.taken)) | _span(
        lexicon.find(words, ("lasting", "going", "because", "repair"), made.taken)
    )
    return made


def _reported(made: Scan, lexicon: Lexicon) -> set[int]:
    """The numbers of what is rated and no symptom: those behind "stress", before a symptom or an "and"."""
    found: set[int] = set()
    starts = {piece.start for piece in made.symptoms}
    for piece in lexicon.find(made.words, ("report",), _span(made.symptoms)):
        if not piece.means.endswith(" rate"):
            continue
        for index in range(piece.end, len(made.words)):
            if index in starts or made.words[index].key in SEPARATORS:
                break
            if made.words[index].number is not None:
                found.add(index)
    return found


def _of_ten(piece: Found, words: Sequence[Word]) -> bool:
    keys = [word.key for word in words[piece.start : piece.end]]
    return "of" in keys or piece.means == "scale"


def _a_time_of_day(piece: Found, words: Sequence[Word]) -> bool:
    return piece.means == "n" and piece.numbers[0] != int(piece.numbers[0]) and words[piece.start].figures


def _span(found: Sequence[Found]) -> set[int]:
    return {index for piece in found for index in range(piece.start, piece.end)}


def _numbers_heard(words: list[Word], lexicon: Lexicon) -> list[Word]:
    """Words that can only have been numbers ("for minutes ago", "calf ate"), as numbers."""
    known = _span(
        lexicon.find(
            words,
            (
                "symptom",
                "symptom_maybe",
                "symptom_weak",
                "place",
                "side",
                "strength",
                "place_misheard",
                "side_misheard",
            ),
        )
    )
    keys = [word.key for word in words]
    found = []
    for index, word in enumerate(words):
        following = words[index + 1].pause if index + 1 < len(words) else True
        value = sounded(keys, index, pause_next=following, after_symptom=index - 1 in known and index not in known)
        if value is None:
            found.append(word)
        else:
            found.append(Word(f"={value}", word.start, word.end, float(value), word.pause))
    return found


def _body(made: Scan, lexicon: Lexicon) -> None:
    kinds = ("symptom", "symptom_maybe", "place", "side", "strength", "symptom_weak")
    body = lexicon.find(made.words, kinds, made.taken | made.reserved)
    body = [piece for piece in body if not (piece.kind == "side" and _not_a_side(piece, made.words))]
    body = [piece for piece in body if not (piece.means == "back" and _came_back(piece, made.words))]
    body = [piece for piece in body if not (piece.kind == "strength" and _of_else(piece, made.words))]
    body = [piece for piece in body if not (piece.means == "fatigue" and _no_tiredness(piece, made.words))]
    body = _heard_places(made, body, lexicon)
    places = {piece.means.split()[0] for piece in body if piece.kind == "place"}
    sides = any(piece.kind == "side" for piece in body)
    logged = made.words[0].key in {"log", "record"}
    sure = bool(made.ratings or _numbers(made)) and bool(lexicon.find(made.words[:2], ("misheard_said",)))
    if not any(piece.kind in SYMPTOM_KINDS for piece in body) and (places or sides or logged or sure):
        taken = made.taken | _span(body)
        heard = lexicon.find(made.words, ("symptom_misheard",), taken)
        body = sorted(
            [*body, *(piece for piece in heard if places or made.ratings or sure or logged)],
            key=lambda piece: piece.start,
        )
    body = sorted([*body, *_another(made, body)], key=lambda piece: piece.start)
    known = (
        made.taken | _span(body) | _span(lexicon.find(made.words, ("plain", "cause", "because", "going"), made.taken))
    )
    made.body = [shaped for piece in body if (shaped := _allowed(piece, made, places, known)) is not None]
    made.taken |= _span(made.body)
    made.plain = _span(body) - made.taken


def _another(made: Scan, body: Sequence[Found]) -> list[Found]:
    """Like "a spasm at two and another at three", "one in the left leg, one in the right": the symptom once more."""
    found = []
    words = made.words
    for index in range(1, len(words) - 1):
        one = words[index].number == 1 and not words[index].figures
        if index in made.taken or not (one or words[index].key == "another"):
            continue
        earlier = [piece for piece in body if piece.kind in SYMPTOM_KINDS and piece.end <= index]
        placed = any(piece.kind in {"place", "side"} and piece.end == index for piece in body)
        begins = placed or words[index].pause or words[index - 1].key in SEPARATORS
        if earlier and begins and words[index + 1].key in {"in", "on", "at"}:
            found.append(Found("symptom", earlier[-1].means, index, index + 1))
    return found


def _not_a_side(piece: Found, words: Sequence[Word]) -> bool:
    """Like "I left", "right away", "left over"."""
    before = words[piece.start - 1].key if piece.start else ""
    after = words[piece.end].key if piece.end < len(words) else ""
    if piece.means == "left":
        return (
            before in {"i", "he", "she", "we", "they", "have", "nothing"}
            or after in {"over", "behind", "the", "home"}
            or (before == "is" and after == "is")
        )
    return piece.means == "right" and after in {"away", "before", "then", "through", "at", "until"}


def _blamed(piece: Found, words: Sequence[Word]) -> bool:
    """A cause of several words, right after what makes it one."""
    before = {word.key for word in words[max(0, piece.start - 4) : piece.start]}
    return piece.end - piece.start > 1 and bool(
        before & {"because", "after", "from", "think", "blame", "guess", "probably", "be", "reckon"}
    )


def _came_back(piece: Found, words: Sequence[Word]) -> bool:
    """The cramp is "back"."""
    before = words[piece.start - 1].key if piece.start else ""
    return piece.end - piece.start == 1 and before in {
        "'s",
        "is",
        "are",
        "came",
        "come",
        "comes",
        "went",
        "coming",
        "was",
    }


def _of_else(piece: Found, words: Sequence[Word]) -> bool:
    """Like "a bad night": the night was bad; "slept badly", "high up my leg"."""
    if piece.start and words[piece.start - 1].key in {"slept", "sleep", "sleeping"}:
        return True
    if words[piece.end - 1].key == "high":
        before = words[piece.start - 1].key if piece.start else ""
        after = words[piece.end].key if piece.end < len(words) else ""
        return after in {"up", "on", "in"} or before not in {"is", "was", "are", "very", "really", "stress", "feeling"}
    return piece.end < len(words) and words[piece.end].key in _NOT_SYMPTOMS


def _no_tiredness(piece: Found, words: Sequence[Word]) -> bool:
    """Like "tired of this song", "spent the morning in bed"."""
    key = words[piece.end - 1].key
    after = words[piece.end].key if piece.end < len(words) else ""
    if key == "spent":
        before = words[piece.start - 1].key if piece.start else ""
        return before in {"i", "have", "we"} or after in {"the", "a", "an", "all", "my", "most", "some", "hours"}
    return key == "tired" and after == "of"


def _heard_places(made: Scan, body: list[Found], lexicon: Lexicon) -> list[Found]:
    """Places and sides as a recogniser mishears them: only beside a side, or where the grammar leaves nothing else."""
    named = any(piece.kind in SYMPTOM_KINDS for piece in body)
    if not named and not made.ratings and not _numbers(made) and not lexicon.find(made.words, ("symptom_misheard",)):
        return body
    words = made.words
    taken = made.taken | _span(body)
    sides = {piece.end: piece for piece in body if piece.kind == "side"}
    symptoms = {piece.start for piece in body if piece.kind in SYMPTOM_KINDS}
    ends = {piece.end for piece in body if piece.kind in SYMPTOM_KINDS}
    places = {piece.start for piece in body if piece.kind == "place"}
    for piece in lexicon.find(words, ("side_misheard",), taken):
        follows = any(one.kind == "place" and one.end == piece.start for one in body) and named
        followed = (
            follows or piece.end in places or bool(lexicon.find(words[piece.end : piece.end + 2], ("place_misheard",)))
        )
        if followed:
            side = Found("side", piece.means, piece.start, piece.end)
            body = sorted([*body, side], key=lambda one: one.start)
            sides[piece.end] = side
    if places:
        return body
    taken = made.taken | _span(body)
    for piece in lexicon.find(words, ("place_misheard",), taken):
        before = words[piece.start - 1].key if piece.start else ""
        after = words[piece.end].key if piece.end < len(words) else ""
        beside = piece.start in sides or piece.end in symptoms
        mine = before == "my" and (after in _BESIDE_MISHEARD or piece.end in symptoms or not after)
        if beside or mine or (piece.start in ends and before != "my"):
            body = sorted([*body, Found("place", piece.means, piece.start, piece.end)], key=lambda one: one.start)
    return body


def _numbers(made: Scan) -> bool:
    return any(word.number is not None and index not in made.taken for index, word in enumerate(made.words))


def _allowed(piece: Found, made: Scan, places: set[str], known: set[int]) -> Found | None:
    """Whether an everyday word is a symptom here, and which."""
    if piece.kind not in SYMPTOM_KINDS or piece.kind == "symptom":
        return piece
    if piece.kind == "symptom_maybe":
        return piece if places or _of_a_person(piece, made, known) else None
    logged = made.words[0].key in {"log", "record"}
    if piece.kind == "symptom_misheard" and (logged or _nothing_else(piece, made, known)):
        return piece
    if not places:
        muscles = any(word.key in {"muscle", "muscles"} for word in made.words)
        return piece if muscles or _girdle(piece, made) or _counted(piece, made, known) else None
    fits = _FITS.get(piece.means)
    return piece if fits is None or places & fits else Found(piece.kind, "spasm", piece.start, piece.end)


def _of_a_person(piece: Found, made: Scan, known: set[int]) -> bool:
    """Without a body part: somebody speaks of himself, or rates it, or says nothing else."""
    if piece.means == "night_waking" or _own(made) or made.ratings or _numbers(made):
        return True
    unknown = [index for index, word in enumerate(made.words) if index not in known and word.key != "'s"]
    free = piece.end < len(made.words) and made.words[piece.end].key == "free"
    return free or (len(unknown) <= 1 and piece.end not in unknown)  # and not "a stiff drink"


def _nothing_else(piece: Found, made: Scan, known: set[int]) -> bool:
    """Like "elasticity, six, this morning": it is rated, and no other word speaks against it."""
    own = set(range(piece.start, piece.end))
    numbers = {index for index, word in enumerate(made.words) if word.number is not None}
    return (
        piece.start <= 1 and bool(made.ratings or numbers) and not set(range(len(made.words))) - known - own - numbers
    )


def _girdle(piece: Found, made: Scan) -> bool:
    """Like "the hug again, four": a hug without a body part is one where it is rated."""
    return piece.means == "hug" and bool(made.ratings or _numbers(made)) and piece.kind == "symptom_weak"


def _counted(piece: Found, made: Scan, known: set[int]) -> bool:
    """Like "three jerks in the last hour": counted, and nothing else is named that could have jerked."""
    before = made.words[piece.start - 1].number if piece.start else None
    several = made.words[piece.end - 1].key in {"jerks", "jolts", "kicks", "jumps", "twitches"}
    return several and before is not None and set(range(len(made.words))) <= known | {piece.start - 1}


def _own(made: Scan) -> bool:
    return any(word.key in _OWN for word in made.words)

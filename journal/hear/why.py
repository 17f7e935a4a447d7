"""What somebody thinks brought it on, and the words of a sentence that say more than its fields."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from journal.hear.lexicon import Found, Lexicon
from journal.hear.numbers import word_set
from journal.hear.scan import Scan

_STRONG = word_set(
    "because after from due thanks caused brought set triggered blame must probably possibly perhaps "
    "think reckon suspect guess bet maybe since so been following as wonder sure believe put owing "
    "account could might apparently definitely"
)
_LEAD_IN = word_set(
    "while when because after as with during before in at on the a an my was i i'd doing from so think it "
    "been had by for of"
)
_AFTERWARDS = (
    *("i think", "i reckon", "i guess", "i suspect", "i would say", "i'd say", "probably", "maybe", "perhaps"),
    *("set ", "brought", "caused", "triggered", "gave ", "started"),
)
_NEAR = 6
_THOUGHTS = (("i", "think"), ("i", "reckon"), ("i", "guess"), ("i", "suspect"), ("i'd", "say"))
_SLIGHT = frozenset({"is", "was", "has", "'s", "been", "just"})
_MAKES = (
    ["making"],
    ["makes"],
    ["made"],
    ["bringing"],
    ["brings"],
    ["causing"],
    ["causes"],
    ["setting"],
    ["triggering"],
)
_ITSELF = (
    "too ",
    "over",
    "not ",
    "did ",
    "doing ",
    "done ",
    "so ",
    "sitting ",
    "sat ",
    "being ",
    "missed",
    "forgot",
    "stressful",
)


@dataclass(frozen=True, slots=True)
class Why:
    """Suspected causes by id, and a note."""

    suspected: tuple[str, ...] = ()
    note: str = ""
    taken: frozenset[int] = frozenset()


def why(made: Scan, lexicon: Lexicon, raw: str, symptom: Found) -> Why:
    """A cause counts where a word like "after" or "probably" leads to it, or where it blames by itself ("too hot")."""
    blocked = {i for piece in made.body if piece.kind != "strength" for i in range(piece.start, piece.end)}
    blocked |= {i for piece in made.ratings for i in range(piece.start, piece.end)}
    suspected: list[str] = []
    taken: set[int] = set()
    first = None
    for piece in lexicon.find(made.words, ("cause",), blocked):
        lead = _lead(made, piece)
        words = " ".join(word.key for word in made.words[piece.start : piece.end])
        itself = words.startswith(_ITSELF) and piece.start > symptom.start and not _own_report(made, piece)
        heat = (
            piece.means in {"heat", "cold"}
            and piece.start > 0
            and made.words[piece.start - 1].key in {"in", "with", "this"}
        )
        if lead is None and not itself and not heat:
            continue
        if lead is not None and _own_report(made, piece) and made.words[lead].key == "so":
            continue
        if piece.means not in suspected:
            suspected.append(piece.means)
        taken |= set(range(lead if lead is not None else piece.start, piece.end))
        first = min(taken) if first is None else min(first, *taken)
    taken |= (
        {i for piece in lexicon.find(made.words, ("report",), blocked) for i in range(piece.start, piece.end)}
        if not suspected
        else set()
    )
    unknown = [index for index in made.unknown() if index not in taken and made.words[index].key != "'s"]
    unknown += [i for piece in made.ratings if piece.means == "either" for i in range(piece.start, piece.end)]
    unknown += [
        i
        for piece in made.when
        if piece.start and made.words[piece.start - 1].key == "every"
        for i in range(piece.start, piece.end)
    ]
    if not unknown:
        return Why(tuple(suspected), "", frozenset(taken))
    marks = sorted({*unknown, *(taken if suspected else ())})
    note = raw[_lead_in(made, marks[0], raw) : made.words[marks[-1]].end].strip(" ,.")
    return Why(tuple(suspected), note, frozenset(taken))


def _lead(made: Scan, cause: Found) -> int | None:
    """Where the word stands that makes it a cause."""
    following = [word.key for word in made.words[cause.end : cause.end + 4]]
    said = [key for key in following if key not in _SLIGHT]
    if " ".join(following).startswith(_AFTERWARDS) or said[:1] in _MAKES or any(p in _THOUGHTS for p in pairwise(said)):
        return cause.start
    for index in range(cause.start - 1, max(-1, cause.start - _NEAR - 1), -1):
        word = made.words[index]
        if any(piece.start <= index < piece.end for piece in made.symptoms):
            return None
        leads = word.key in _STRONG and index not in made.taken
        if leads or word.key in {"might", "could", "after"} or (word.key, made.words[index + 1].key) == ("down", "to"):
            return index
    return None


def _own_report(made: Scan, cause: Found) -> bool:
    """Like "I am too hot": that is something of its own."""
    if cause.means in {"exertion", "long_sitting", "missed_meds"}:
        return False
    before = tuple(word.key for word in made.words[max(0, cause.start - 2) : cause.start])
    return before in {("i", "am"), ("i", "feel"), ("am", "so"), ("i", "slept")} or before[-1:] == ("i",)


def _lead_in(made: Scan, index: int, raw: str) -> int:
    """A note begins with the small words that lead to it ("while watching telly")."""
    while (
        index > 0
        and made.words[index - 1].key in _LEAD_IN
        and index - 1 not in made.taken
        and not made.words[index].pause
    ):
        index -= 1
    del raw
    return made.words[index].start

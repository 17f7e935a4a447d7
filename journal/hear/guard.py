"""Sentences that name a symptom and must not be logged: questions, other people, worries, and what is denied."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from journal.hear.lexicon import Found, Lexicon
from journal.hear.numbers import word_set
from journal.hear.words import Word

_QUESTION = re.compile(
    r"^(and |so |but |ok |okay |please )?"
    r"(is|are|was|were|do|does|did|can|could|should|would|will|has|have|am|may|might) "
    r"(i|it|that|this|my|the|there|you|we|they|he|she|a|an|any|anyone|anything|spasms?|cramps?|stiffness|clonus|ms|last|"
    r"heat|pain|fatigue|not|these|those|people|hot|stress|everyone)\b"
)
_ASKS = re.compile(
    r"^(and |so |but |ok |okay )?"
    r"(anything (that|which)|what|why|how|who|which|where|whose|what's|tell me|explain|define)\b"
)
_WHEN_ASKS = re.compile(r"^(and |so )?when (did|was|is|do|does|will|were|can|should|are|am|have|has)\b")
_ORDER = re.compile(
    r"^(can|could|would|will) (you|i) (just |please )?"
    r"(log|record|note|add|put|write|save|make|jot|enter|track|register|mark)\b"
)
_STATEMENT = re.compile(
    r"^(have|was|had) (a|an|my|not|had) |^what a \w+|^did (not|a lot|too much|my|the)|^(do|will|was|is|could|can) not|"
    r"^am (not|so|really|very|a bit)"
)
_AFTER = word_set(
    "might will could may usually always means would risk medication cream tablets relief treatment exercises advice "
    "'ll normally often"
)
_THINGS_FOR = word_set(
    "cream clinic bark pills gel spray charity society trust research diary relief exercises medication "
    "medicine nurse support group tablets treatment therapy management specialist study patch drug drugs "
    "injections killer killers"
)
_SOFT = word_set(
    "watching watched listening listened reading read film movie book video saw play heard told talking "
    "shopping want wanted hope set open close should could would going asked said talk programme tv "
    "always usually appointment dreaming"
)
_PLACING = word_set("in on after during at from into out of to by near with under while")
_TURNS = word_set("but and stop stopped stopping let")
"""After these a "no" does not reach the symptom: "it has not stopped shaking"."""
_OWN = frozenset({"i", "my", "me", "i'd", "mine", "myself"})


def is_question(text: str) -> bool:
    """By its first words; a question mark alone is a recogniser's guess."""
    if _ORDER.match(text):
        return False
    if _STATEMENT.match(text) and text.split(maxsplit=1)[0] not in {"what", "is", "are"}:
        return bool(_ASKS.match(text)) and not text.startswith("what a")
    if text.startswith(("is not", "what a ")):
        return text.startswith("what a spasm")
    return bool(_QUESTION.match(text) or _ASKS.match(text) or _WHEN_ASKS.match(text))


class Guard:
    """Reads what stands before a symptom."""

    def __init__(self, lexicon: Lexicon, words: Sequence[Word], known: set[int] | None = None) -> None:
        """Looks for the guarding words once."""
        self._words = words
        self.found = lexicon.find(words, ("truly", "other", "maybe", "longer", "repair_none"))
        self._denied = lexicon.find(words, ("denied",))
        self._plain = set(known or ())
        for piece in self._denied:
            self._plain |= set(range(piece.start, piece.end))
        for piece in lexicon.find(words, ("plain", "report")):
            self._plain |= set(range(piece.start, piece.end))

    def stopped(self) -> bool:
        """Whether "no longer" or the like is said."""
        return any(piece.kind == "longer" for piece in self.found)

    def foreign(self, symptom: Found, clause: int, *, things: bool = True) -> bool:
        """Whether the symptom is somebody else's, or something's. ``clause`` is where its clause begins."""
        own = -1
        for index in range(clause, symptom.start):
            if self._words[index].key in _OWN and not self._inside_other(index):
                own = index
        for piece in self.found:
            if piece.kind == "other" and clause <= piece.start < symptom.end and own < piece.end:
                if piece.start and self._words[piece.start - 1].key in {"like", "if", "though"}:
                    continue  # "as if someone squeezed my chest"
                if own >= 0 and self._words[piece.start].key in {"they", "them", "their"}:
                    continue  # "my legs, they are so stiff"
                if self._words[piece.end - 1].key == "their" and self._next_key(piece.end) in {"own", "accord"}:
                    continue  # "legs crossed on their own"
                if piece.means == "thing" and (not things or self._led_by_place(piece)):
                    continue
                return True
        return self._named_one(symptom, clause)

    def _next_key(self, index: int) -> str:
        return self._words[index].key if index < len(self._words) else ""

    def _inside_other(self, index: int) -> bool:
        return any(piece.kind == "other" and piece.start <= index < piece.end for piece in self.found)

    def _led_by_place(self, piece: Found) -> bool:
        """Like "in the bed", "after the film": where or when, and not who."""
        return piece.start > 0 and self._words[piece.start - 1].key in _PLACING

    def _named_one(self, symptom: Found, clause: int) -> bool:
        """A name that nobody of us knows, who "had" or "has": John had a cramp."""
        keys = [word.key for word in self._words]
        return (
            clause + 1 < symptom.start
            and clause not in self._plain
            and keys[clause + 1] in {"had", "has", "is", "was", "got", "gets", "says", "said", "'s"}
            and self._words[clause].number is None
            and clause != symptom.start
            and keys[clause] not in {"everything", "nothing", "today", "tonight", "yesterday", "earlier", "morning"}
        )

    def imagined(self, symptom: Found, known: set[int], clause: int = 0) -> bool:
        """Feared, planned, usual or spoken of, and not something that happened."""
        after = self._words[symptom.end].key if symptom.end < len(self._words) else ""
        if after in _THINGS_FOR or any(word.key == "list" for word in self._words[symptom.end :]):
            return True
        for piece in self.found:
            if piece.kind != "maybe" or (piece.start < clause and self._words[piece.start].key in _SOFT):
                continue
            if symptom.end <= piece.start <= symptom.end + 1 and self._words[piece.start].key in _AFTER:
                return True
            if piece.end <= symptom.start and not (set(range(piece.start, piece.end)) & known):
                return True
        return any(
            word.key == "tomorrow" or (word.key == "next" and self._next_time(index))
            for index, word in enumerate(self._words)
        )

    def _next_time(self, index: int) -> bool:
        return index + 1 < len(self._words) and self._words[index + 1].key in {"week", "month", "year", "time"}

    def denied(self, symptom: Found, clause: int, passable: set[int], repaired: Collection[int] = ()) -> Found | None:
        """What denies the symptom: "no", "did not have any", with nothing in between but its own words."""
        for piece in reversed(self._denied):
            if piece.means == "free" and piece.start == symptom.start:
                return piece
            if piece.means != "denied" or piece.start < clause or piece.end > symptom.start:
                continue
            keys = tuple(word.key for word in self._words[piece.start : piece.end])
            if keys == ("no",) and (piece.start - 1 in repaired or self._words[piece.end].pause):
                continue  # "left, no, right": a slip of the tongue
            between = range(piece.end, symptom.start)
            if all(index in passable and self._words[index].key not in _TURNS for index in between):
                return piece
        return None

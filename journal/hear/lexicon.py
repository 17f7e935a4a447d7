"""The lists of the sentence file as a tree of words, so that a fragment is found in one walk along a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from sys import intern
from typing import Any

from hassil import Intents
from hassil.expression import Alternative, Expression, ListReference, RuleReference, TextChunk
from hassil.expression import Group as Grouped
from hassil.intents import TextSlotList

from journal.hear.words import Word, phrase_keys

PREFIX, LEAD = "unclench_", "unclench_lead_"


@dataclass(frozen=True, slots=True)
class Found:
    """A fragment in a sentence: words ``start`` to ``end`` (excluded) mean ``means``."""

    kind: str
    means: str
    start: int
    end: int
    numbers: tuple[float, ...] = ()
    extra: str = ""
    """A place that a symptom's words bring along ("jelly legs")."""


_End = tuple[str, str]
"""What a phrase means, and the place that it brings along."""


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    end: _End | None = None


class Lexicon:
    """All lists with meanings, each a tree of its own."""

    def __init__(self, intents: Intents) -> None:
        """Expands every template once. Raises ValueError where a template names what is not there."""
        self._trees: dict[str, _Node] = {}
        self._intents = intents
        for name, values in intents.slot_lists.items():
            if name.startswith(PREFIX) and not name.startswith(LEAD) and isinstance(values, TextSlotList):
                self._trees[name.removeprefix(PREFIX)] = self._tree(values)

    def _tree(self, values: TextSlotList) -> _Node:
        """Built in order, and each branch that is through is shared with an equal one: most phrases end alike."""
        meanings: dict[tuple[str, ...], _End] = {}
        for value in values.values:
            metadata: Mapping[str, Any] = value.metadata or {}
            end = str(metadata.get("is", "")), str(metadata.get("place", ""))
            for phrase in self.phrases(value.text_in):
                if keys := tuple(map(intern, phrase_keys(phrase))):
                    meanings.setdefault(keys, end)  # the first value in the file wins
        path, known = [_Node()], dict[tuple[object, ...], _Node]()
        before: tuple[str, ...] = ()
        for keys in sorted(meanings):
            pairs = enumerate(zip(before, keys, strict=False))
            same = next((at for at, (one, two) in pairs if one != two), len(before))
            _share(path, before, same, known)
            for key in keys[same:]:
                path.append(path[-1].next.setdefault(key, _Node()))
            path[-1].end, before = meanings[keys], keys
        _share(path, before, 0, known)
        return path[0]

    def words(self, kinds: Sequence[str]) -> frozenset[str]:
        """The fragments of these kinds that are one word."""
        return frozenset(
            key for kind in kinds for key, node in self._trees[kind].next.items() if node.end and key.isalpha()
        )

    def phrases(self, expression: Expression) -> Iterator[str]:
        """Everything that a template can say; "#" for a number."""
        if isinstance(expression, TextChunk):
            yield expression.text
        elif isinstance(expression, Alternative):
            for item in expression.items:
                yield from self.phrases(item)
        elif isinstance(expression, Grouped):
            for parts in product(*(list(self.phrases(item)) for item in expression.items)):
                yield "".join(parts)
        elif isinstance(expression, (RuleReference, ListReference)):
            yield from self._referred(expression)

    def _referred(self, expression: RuleReference | ListReference) -> Iterator[str]:
        if isinstance(expression, RuleReference):
            rule = self._intents.expansion_rules.get(expression.rule_name)
            if rule is None:
                msg = f"the sentence file has no rule {expression.rule_name}"
                raise ValueError(msg)
            yield from self.phrases(rule.expression)
            return
        listed = self._intents.slot_lists.get(expression.list_name)
        if not isinstance(listed, TextSlotList):
            yield " # "
            return
        for value in listed.values:
            yield from self.phrases(value.text_in)

    def find(self, words: Sequence[Word], kinds: Sequence[str], taken: Iterable[int] = ()) -> list[Found]:
        """Fragments of these kinds from left to right, the longest where they compete, none over a taken word."""
        blocked = set(taken)
        found: list[Found] = []
        index = 0
        while index < len(words):
            best = None if index in blocked else self._longest(words, index, kinds, blocked)
            if best is None:
                index += 1
            else:
                found.append(best)
                index = best.end
        return found

    def _longest(self, words: Sequence[Word], index: int, kinds: Sequence[str], blocked: set[int]) -> Found | None:
        best: Found | None = None
        walk = _Walk(words, blocked, index)
        for kind in kinds:
            tree = self._trees.get(kind)
            here = None if tree is None else walk.on(tree, kind, index, ())
            if here is not None and (best is None or here.end > best.end):
                best = here
        return best


def _share(path: list[_Node], keys: tuple[str, ...], length: int, known: dict[tuple[object, ...], _Node]) -> None:
    """Cut a path to a length; of the nodes that are through, equal ones become one."""
    while len(path) > length + 1:
        node = path.pop()
        alike = (node.end, *((key, id(child)) for key, child in node.next.items()))
        path[-1].next[keys[len(path) - 1]] = known.setdefault(alike, node)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One way along a sentence, from one word."""

    words: Sequence[Word]
    blocked: set[int]
    start: int

    def on(self, node: _Node, kind: str, index: int, numbers: tuple[float, ...]) -> Found | None:
        """The longest phrase from here on."""
        best = None
        if node.end is not None and index > self.start:
            means, place = node.end
            best = Found(kind, means, self.start, index, numbers, place)
        if index >= len(self.words) or index in self.blocked:
            return best
        word = self.words[index]
        branches = [(word.key, numbers)]
        if word.number is not None:
            branches.append(("#", (*numbers, word.number)))
        for key, now in branches:
            child = node.next.get(key)
            further = None if child is None else self.on(child, kind, index + 1, now)
            if further is not None and (best is None or further.end > best.end):
                best = further
        return best

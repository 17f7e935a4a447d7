"""What Home Assistant understands by itself: one example of each of its own sentence templates."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import Intents, RangeSlotList, SlotList, TextSlotList

from tests.peers.versions import Version

NAMES = {"name": ("bedroom lamp", "kitchen fan"), "area": ("bedroom", "kitchen"), "floor": ("first floor",)}
"""What a home fills in."""
FREE = "milk"
"""Where anything can be said."""


def builtin_sentences(version: Version, seed: int = 1) -> dict[str, str]:
    """Sentences with the intent that each belongs to. Which of its words are said is up to the seed."""
    (path, *_) = sorted(version.home.glob("**/home_assistant_intents/data/en.json"))
    intents = Intents.from_dict(json.loads(path.read_text(encoding="utf-8")))
    chance = random.Random(seed)
    said: dict[str, str] = {}
    for name, intent in intents.intents.items():
        for block in intent.data:
            rules = {**intents.expansion_rules, **block.expansion_rules}
            speaker = _Speaker({**intents.slot_lists, **block.slot_lists}, rules, chance)
            for sentence in block.sentences:
                said[" ".join(speaker.say(sentence.expression).split())] = name
    return said


@dataclass
class _Speaker:
    """Says one of the sentences of a template."""

    lists: Mapping[str, SlotList]
    rules: Mapping[str, Sentence]
    chance: random.Random

    def say(self, part: Expression) -> str:
        """One of the ways in which a part of a template can be said."""
        match part:
            case TextChunk():
                return part.original_text
            case ListReference():
                return self._listed(part.list_name)
            case RuleReference():
                return self.say(self.rules[part.rule_name].expression)
            case Alternative():
                return self.say(self.chance.choice(part.items))
            case Permutation():
                return " ".join(self.say(item) for item in self.chance.sample(part.items, len(part.items)))
            case Group():
                return "".join(self.say(item) for item in part.items)
        message = f"{type(part).__name__} is new"
        raise TypeError(message)

    def _listed(self, name: str) -> str:
        found = self.lists.get(name)
        if isinstance(found, TextSlotList):
            return self.say(self.chance.choice(found.values).text_in)
        if isinstance(found, RangeSlotList):
            return str(self.chance.randrange(found.start, found.stop + 1, found.step))
        return self.chance.choice(NAMES.get(name, (FREE,)))

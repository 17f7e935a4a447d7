"""The facts of the night in sentences for the person."""

from __future__ import annotations

from dataclasses import dataclass

from rules.book import FactWhen
from rules.conditions import Condition
from rules.facts import Facts
from rules.looks import OF_THE_NIGHT, FactCompares, FactIs, FactIsStale, Named, SwitchedOff
from rules.night import EXITS, RESTING, RESTLESS, RESTLESS_LAST, UP
from rules.words import Words

NO_SENSOR = "your bed has no sensor"


@dataclass(frozen=True, slots=True)
class Sentences:
    """How one fact is said: when it is so, when it is not, and when that cannot be told."""

    yes: str
    no: str
    unknown: str


SENTENCES = {
    RESTING: Sentences(
        "you are in bed for the night",
        "you are not in bed for the night",
        "it cannot be told whether you are in bed for the night",
    ),
    UP: Sentences("you are up at night", "you are not up at night", "it cannot be told whether you are up at night"),
    RESTLESS: Sentences(
        "you sleep restlessly", "you do not sleep restlessly", "it cannot be told whether you sleep restlessly"
    ),
    RESTLESS_LAST: Sentences(
        "your last night was restless", "your last night was quiet", "nothing is known of your last night"
    ),
    EXITS: Sentences("you were up tonight", "you were not up tonight", "it cannot be told whether you were up tonight"),
}


def night_condition(when: FactWhen, facts: Facts, words: Words, *, watched: bool) -> Condition:
    """A condition on a fact of the night. ``watched``: the bed has a sensor; else it never holds, and is no mistake."""
    if not watched:
        return SwitchedOff(NO_SENSOR)
    said = SENTENCES[when.fact]
    named = Named(facts[when.fact], "your sleep", words, private=True, outside=OF_THE_NIGHT)
    if when.is_ in ("fresh", "stale"):
        return FactIsStale(named, when.is_ == "stale")
    if when.is_ is not None:
        return FactIs(named, bool(when.is_), said.yes, said.no, said.unknown)
    bound = float((when.above if when.above is not None else when.below) or 0.0)
    return FactCompares(named, bound, when.above is not None, "you were up {} tonight")

"""What is known now, by name, with its freshness. Never silently the old value (R1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from devices.readings import Reason, Rejection
from rules.agenda import Agenda

JUMP_C_PER_MINUTE = 5.0
"""A room's air cannot change faster; more is a sensor's fault (the project's sensor-sanity rule)."""

Value = float | bool


class Quality(StrEnum):
    """How much a fact still counts."""

    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"


@dataclass(slots=True)
class Fact:
    """One thing that is known. ``sources`` in order of preference; a later one only fills in for a stale earlier one."""

    name: str
    stale_after: dict[str, timedelta]
    sources: tuple[str, ...] = ()
    value: Value | None = None
    at: datetime | None = None
    source: str = ""
    quality: Quality = Quality.MISSING

    @property
    def fresh(self) -> bool:
        """Whether the value counts."""
        return self.quality is Quality.FRESH

    @property
    def number(self) -> float:
        """The value of a numeric fact that is known."""
        return float(self.value or 0.0)


class Facts:
    """All facts of one person. Pure memory: time comes in with each call."""

    def __init__(self, agenda: Agenda) -> None:
        self._facts: dict[str, Fact] = {}
        self._agenda = agenda

    def declare(self, name: str, source: str = "", stale_after: timedelta = timedelta(days=3650)) -> Fact:
        """Make a fact known by name, or add a further source to it."""
        fact = self._facts.setdefault(name, Fact(name, {}))
        fact.stale_after[source] = stale_after
        fact.sources = (*fact.sources, source) if source not in fact.sources else fact.sources
        return fact

    def __getitem__(self, name: str) -> Fact:
        return self._facts[name]

    def __contains__(self, name: str) -> bool:
        return name in self._facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def learn(self, fact: Fact, value: Value, at: datetime, now: datetime, source: str = "", *, sure: bool = True) -> Rejection | None:
        """Take in a value that was true at ``at``. Returns why not, when it cannot be believed.

        ``sure`` is False for a retained measurement: its own time is not known, so it is stale until repeated.
        """
        limit = fact.stale_after.get(source) or next(iter(fact.stale_after.values()))
        if fact.at is not None:
            if at < fact.at and source == fact.source:
                return Rejection(reason=Reason.OUT_OF_ORDER, detail="older than what is already known", path=fact.name)
            if fact.fresh and source != fact.source and self._rank(fact, source) > self._rank(fact, fact.source):
                return None  # the preferred sensor is alive
        age = now - at
        if not sure and fact.at is not None and fact.source == source:
            return None  # a retained copy says nothing new about a source that we have heard
        fact.value, fact.at, fact.source = value, at, source
        if not sure or age >= limit:
            fact.quality = Quality.STALE
            return None
        fact.quality = Quality.FRESH
        key = "stale:" + fact.name
        due = self._agenda.due(key)
        if due is None or due > at + limit:  # an earlier entry re-arms itself when it comes up: no push per reading
            self._agenda.set(key, at + limit)
        return None

    def implausible_jump(self, fact: Fact, value: float, at: datetime, source: str) -> bool:
        """Whether a temperature moved faster than a room's air can, since the last one that was believed."""
        if fact.at is None or not fact.fresh or fact.source != source:
            return False
        change = abs(value - fact.number)
        if change <= JUMP_C_PER_MINUTE:
            return False
        return change > JUMP_C_PER_MINUTE * (at - fact.at).total_seconds() / 60

    def grow_stale(self, fact: Fact, now: datetime) -> bool:
        """The agenda's moment for ``fact``: it turns stale, or is put back because it was refreshed since."""
        if not fact.fresh or fact.at is None:
            return False
        due = fact.at + (fact.stale_after.get(fact.source) or next(iter(fact.stale_after.values())))
        if due > now:
            self._agenda.set("stale:" + fact.name, due)
            return False
        fact.quality = Quality.STALE
        return True

    @staticmethod
    def _rank(fact: Fact, source: str) -> int:
        return fact.sources.index(source) if source in fact.sources else len(fact.sources)

    def dump(self) -> dict[str, list[object]]:
        """Every fact that has ever been learned, for the snapshot."""
        return {
            fact.name: [fact.value, fact.at.isoformat(), fact.source, fact.quality.value]
            for fact in self
            if fact.at is not None
        }

    def load(self, dumped: dict[str, list[object]]) -> None:
        """Facts as ``dump`` gave them; names that the configuration no longer has are dropped."""
        for name, (value, at, source, quality) in dumped.items():
            if name in self._facts:
                fact = self._facts[name]
                fact.value = value if isinstance(value, bool) else float(str(value))
                fact.at = datetime.fromisoformat(str(at))
                fact.source, fact.quality = str(source), Quality(str(quality))

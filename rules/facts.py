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

OTHER_UNIT_C = 3.0
"""So close to what is known may a reading come when °C and °F are exchanged in it, and be doubted for that."""
OTHER_UNIT_FOR = timedelta(hours=12)
"""So long what is known counts for that: a sensor that was put elsewhere for a day is believed again."""

DROP_OUT = timedelta(minutes=5)
"""How long a source may call itself unavailable before its last word no longer counts: most are soon back (R13)."""

Value = float | bool


class Quality(StrEnum):
    """How much a fact still counts."""

    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"


@dataclass(slots=True)
class Fact:
    """One thing that is known. ``sources`` in order of preference; a later one fills in for a stale earlier one."""

    name: str
    stale_after: dict[str, timedelta]
    sources: tuple[str, ...] = ()
    value: Value | None = None
    at: datetime | None = None
    source: str = ""
    quality: Quality = Quality.MISSING
    lost_at: datetime | None = None  # since when its source calls itself unavailable
    doubtful: bool = False  # home.yaml has changed since: its unit may have been put right
    moved_at: datetime | None = None  # since when it is the same, to the last digit

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

    def learn(  # noqa: PLR0913
        self, fact: Fact, value: Value, at: datetime, now: datetime, source: str = "", *, sure: bool = True
    ) -> Rejection | None:
        """Take in a value that was true at ``at``. Returns why not, when it cannot be believed.

        ``sure`` is False for a retained measurement without a time of its own: it may be a year old, and says nothing.
        """
        if not sure:
            return None
        old = now - at >= _limit(fact, source)
        if fact.at is not None:
            if at < fact.at and (source == fact.source or old):
                return Rejection(reason=Reason.OUT_OF_ORDER, detail="older than what is already known", path=fact.name)
            alive = fact.fresh and fact.lost_at is None
            if alive and source != fact.source and self._rank(fact, source) > self._rank(fact, fact.source):
                return None  # the preferred sensor is alive
        if value != fact.value or source != fact.source:
            fact.moved_at = at
        fact.value, fact.at, fact.source, fact.lost_at, fact.doubtful = value, at, source, None, False
        fact.quality = Quality.STALE if old else Quality.FRESH
        if not old:
            self._expect(fact, at + _limit(fact, source))
        return None

    def lose(self, fact: Fact, now: datetime, source: str) -> datetime | None:
        """``source`` calls itself unavailable; returns until when its last word still counts, where that is news."""
        if not fact.fresh or fact.source != source or fact.lost_at is not None:
            return None
        fact.lost_at = now
        due = _expires(fact, now)
        self._expect(fact, due)
        return due

    def _expect(self, fact: Fact, by: datetime) -> None:
        """Look at ``fact`` at ``by``, if nothing is heard of it until then."""
        due = self._agenda.due(_stale(fact))
        if due is None or due > by:  # an earlier entry re-arms itself when it comes up: no push per reading
            self._agenda.set(_stale(fact), by)

    def expect_all(self, now: datetime) -> None:
        """From ``now`` on every sensor is expected to speak: one that never does is stale too, and is told of (R3)."""
        for fact in self:
            limits = [_limit(fact, source) for source in fact.sources if source]
            if limits and fact.quality is not Quality.STALE:
                self._expect(fact, (fact.at or now) + (_limit(fact, fact.source) if fact.at else max(limits)))

    def doubt(self) -> None:
        """The configuration has changed: what was learned with the old one may have been read in a wrong unit."""
        for fact in self:
            fact.doubtful = True

    def implausible_jump(self, fact: Fact, value: float, at: datetime, source: str) -> bool:
        """Whether a temperature moved faster than a room's air can, since the last one that was believed."""
        if fact.at is None or not fact.fresh or fact.source != source:
            return False
        change = abs(value - fact.number)
        if change <= JUMP_C_PER_MINUTE:
            return False
        return change > JUMP_C_PER_MINUTE * (at - fact.at).total_seconds() / 60

    @staticmethod
    def in_the_other_unit(fact: Fact, value: float, at: datetime) -> bool:
        """Whether a temperature is what is known, sent in °F and read as °C or the other way round."""
        if fact.at is None or fact.doubtful or at - fact.at > OTHER_UNIT_FOR:
            return False
        exchanged = value * 1.8 + 32, (value - 32) / 1.8
        near = any(abs(each - fact.number) <= OTHER_UNIT_C for each in exchanged)
        return near and abs(value - fact.number) > JUMP_C_PER_MINUTE

    def grow_stale(self, fact: Fact, now: datetime) -> bool:
        """The agenda's moment for ``fact``: it turns stale, or is put back because it was refreshed since."""
        if fact.quality is Quality.STALE:
            return False
        if fact.at is not None and (due := _expires(fact, fact.at)) > now:
            self._agenda.set(_stale(fact), due)
            return False
        fact.quality = Quality.STALE
        return True

    @staticmethod
    def _rank(fact: Fact, source: str) -> int:
        return fact.sources.index(source) if source in fact.sources else len(fact.sources)

    def dump(self) -> dict[str, list[object]]:
        """Every fact that is more than missing, for the snapshot."""
        return {
            fact.name: [
                fact.value,
                fact.at.isoformat() if fact.at else None,
                fact.source,
                fact.quality.value,
                fact.lost_at.isoformat() if fact.lost_at else None,
                fact.moved_at.isoformat() if fact.moved_at else None,
            ]
            for fact in self
            if fact.quality is not Quality.MISSING
        }

    def load(self, dumped: dict[str, list[object]]) -> None:
        """Facts as ``dump`` gave them; names that the configuration no longer has are dropped."""
        for name, (value, at, source, quality, *since) in dumped.items():
            if name in self._facts:
                fact = self._facts[name]
                fact.value = value if value is None or isinstance(value, bool) else float(str(value))
                fact.at = datetime.fromisoformat(str(at)) if at else None
                fact.source, fact.quality = str(source), Quality(str(quality))
                times = [datetime.fromisoformat(str(each)) if each else None for each in since]
                fact.lost_at, fact.moved_at, *_ = *times, None, None


def _limit(fact: Fact, source: str) -> timedelta:
    return fact.stale_after.get(source) or next(iter(fact.stale_after.values()))


def _expires(fact: Fact, now: datetime) -> datetime:
    """When what is known stops counting, if nothing more is heard. ``now`` stands in for a time that is not known."""
    ages = (fact.at or now) + _limit(fact, fact.source)
    return ages if fact.lost_at is None else min(ages, fact.lost_at + DROP_OUT)


def _stale(fact: Fact) -> str:
    return "stale:" + fact.name

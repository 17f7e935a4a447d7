"""Conditions: small frozen values that answer yes, no, or unknown with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Protocol

from rules.facts import Fact, Quality
from rules.triggers import Level, Seen, Trigger, silent
from rules.words import Words


NOON = time(12, 0)


class Truth(Enum):
    """Three-valued: what cannot be told is neither yes nor no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer with the facts behind it. ``until``: when it may change though nothing happens."""

    truth: Truth
    because: str
    seen: tuple[Seen, ...] = ()
    until: datetime | None = None


class Condition(Protocol):
    """What every condition can do."""

    def evaluate(self, now: datetime) -> Verdict:
        """The answer at ``now``."""

    def summarize(self) -> str:
        """What it asks, for the person."""

    def watches(self) -> tuple[str, ...]:
        """Names of the facts and keys of the triggers ("trigger:heat@bedroom") that can change the answer."""


def _said(*, yes: bool) -> Truth:
    return Truth.YES if yes else Truth.NO


@dataclass(frozen=True, slots=True)
class TriggerIs:
    """A trigger has come at least so far."""

    trigger: Trigger
    name: str
    at_least: Level

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        del now
        standing = self.trigger.standing
        if standing.unknown:
            return Verdict(Truth.UNKNOWN, standing.unknown)
        evidence = self.trigger.explain()
        return Verdict(_said(yes=standing.level >= self.at_least), evidence.text, evidence.seen)

    def summarize(self) -> str:
        """See ``Condition``."""
        return f"your {self.name} trigger is {self.at_least.name.lower()}"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return ("trigger:" + self.trigger.key,)


@dataclass(frozen=True, slots=True)
class FactIs:
    """A yes/no fact has a value."""

    fact: Fact
    value: bool
    yes: str
    no: str
    words: Words

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        del now
        if not self.fact.fresh:
            return Verdict(Truth.UNKNOWN, silent(self.fact, f"the sensor behind {self.fact.name}", self.words))
        seen = (Seen(fact=self.fact.name, value=str(bool(self.fact.value)).lower()),)
        return Verdict(_said(yes=bool(self.fact.value) is self.value), self.yes if self.fact.value else self.no, seen)

    def summarize(self) -> str:
        """See ``Condition``."""
        return self.yes if self.value else self.no

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return (self.fact.name,)


@dataclass(frozen=True, slots=True)
class FactCompares:
    """A numeric fact is above or below a bound."""

    fact: Fact
    bound: float
    above: bool
    words: Words

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        del now
        if not self.fact.fresh:
            return Verdict(Truth.UNKNOWN, silent(self.fact, f"the sensor behind {self.fact.name}", self.words))
        value = self.fact.number
        seen = (Seen(fact=self.fact.name, value=f"{value:g}", bound=f"{self.bound:g}"),)
        yes = value > self.bound if self.above else value < self.bound
        return Verdict(_said(yes=yes), f"{self.fact.name} is {value:g}, the bound is {self.bound:g}", seen)

    def summarize(self) -> str:
        """See ``Condition``."""
        return f"{self.fact.name} is {'above' if self.above else 'below'} {self.bound:g}"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return (self.fact.name,)


@dataclass(frozen=True, slots=True)
class FactIsStale:
    """A fact was known and no longer counts (or the other way round)."""

    fact: Fact
    stale: bool
    words: Words

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``. A fact that was never heard is not stale: there is nothing to miss yet."""
        del now
        fact = self.fact
        text = silent(fact, f"the sensor behind {fact.name}", self.words) if not fact.fresh else f"{fact.name} is heard"
        return Verdict(_said(yes=(fact.quality is Quality.STALE) is self.stale), text, (Seen(fact=fact.name, value=fact.quality.value),))

    def summarize(self) -> str:
        """See ``Condition``."""
        return f"{self.fact.name} is {'silent' if self.stale else 'heard'}"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return (self.fact.name,)


@dataclass(frozen=True, slots=True)
class RoutineRuns:
    """A routine has begun and has not run out."""

    fact: Fact
    name: str
    lasts: timedelta
    words: Words

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``. A routine that never began is simply not running."""
        name = self.name.replace("_", " ")
        if self.fact.at is None or not self.fact.value:
            return Verdict(Truth.NO, f"the {name} routine has not begun")
        ends = self.fact.at + self.lasts
        if now >= ends:
            return Verdict(Truth.NO, f"the {name} routine began at {self.words.clock(self.fact.at)} and is over")
        return Verdict(Truth.YES, f"the {name} routine began at {self.words.clock(self.fact.at)}", until=ends)

    def summarize(self) -> str:
        """See ``Condition``."""
        return f"the {self.name.replace('_', ' ')} routine is running"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return (self.fact.name,)


@dataclass(frozen=True, slots=True)
class Between:
    """The person's clock is between two times of day, over midnight too. ``starts`` may differ by weekday."""

    starts: tuple[time, ...]  # Monday first; one for each day, or seven equal ones
    end: time
    words: Words
    says: str
    evening: bool = False  # a start before noon (a bedtime of 00:30) belongs to the evening of the day before

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``. Times that a clock change skips or repeats take the first instant that fits."""
        local = now.astimezone(self.words.zone)
        for day in (local.date() - timedelta(days=1), local.date()):
            start, end = self._span(day)
            if start <= now < end:
                return Verdict(Truth.YES, f"it is {self.words.clock(now)}, {self.says}", until=end)
        days = (local.date() + timedelta(days=step) for step in range(-1, 3))
        upcoming = min(start for start in (self._span(day)[0] for day in days) if start > now)
        return Verdict(Truth.NO, f"it is {self.words.clock(now)}, not {self.says}", until=upcoming)

    def _span(self, day: date) -> tuple[datetime, datetime]:
        start = self.starts[day.weekday()]
        last = day if self.end > start else day + timedelta(days=1)
        shift = timedelta(days=1) if self.evening and start < NOON else timedelta(0)
        return self._at(day + shift, start), self._at(last + shift, self.end)

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.words.zone).astimezone(UTC)

    def summarize(self) -> str:
        """See ``Condition``."""
        return f"it is {self.says}"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return ()


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds. One no is a no, whatever is unknown."""

    parts: tuple[Condition, ...]

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        return _combine([part.evaluate(now) for part in self.parts], decisive=Truth.NO, otherwise=Truth.YES)

    def summarize(self) -> str:
        """See ``Condition``."""
        return " and ".join(part.summarize() for part in self.parts)

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return tuple(name for part in self.parts for name in part.watches())


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds. One yes is a yes, whatever is unknown."""

    parts: tuple[Condition, ...]

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        return _combine([part.evaluate(now) for part in self.parts], decisive=Truth.YES, otherwise=Truth.NO)

    def summarize(self) -> str:
        """See ``Condition``."""
        return "(" + " or ".join(part.summarize() for part in self.parts) + ")"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return tuple(name for part in self.parts for name in part.watches())


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; what cannot be told stays unknown."""

    part: Condition

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        verdict = self.part.evaluate(now)
        truth = {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(verdict.truth, Truth.UNKNOWN)
        return Verdict(truth, verdict.because, verdict.seen, verdict.until)

    def summarize(self) -> str:
        """See ``Condition``."""
        return "not: " + self.part.summarize()

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return self.part.watches()


def _combine(verdicts: list[Verdict], *, decisive: Truth, otherwise: Truth) -> Verdict:
    untils = [verdict.until for verdict in verdicts if verdict.until]
    until = min(untils) if untils else None
    for truth in (decisive, Truth.UNKNOWN):
        telling = [verdict for verdict in verdicts if verdict.truth is truth]
        if telling:
            return Verdict(truth, _join(telling), _seen(telling), until)
    return Verdict(otherwise, _join(verdicts), _seen(verdicts), until)


def _join(verdicts: list[Verdict]) -> str:
    return "; ".join(dict.fromkeys(verdict.because for verdict in verdicts))


def _seen(verdicts: list[Verdict]) -> tuple[Seen, ...]:
    return tuple(dict.fromkeys(seen for verdict in verdicts for seen in verdict.seen))

"""The personal triggers: idle, building or active, since when, on what evidence."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Protocol

from config.profile import ColdTrigger, HeatTrigger, RapidChangeTrigger, ReportedTrigger
from rules.facts import Fact
from rules.felt import apparent_temperature_c
from rules.usual import Usual
from rules.words import Words, span


class Level(IntEnum):
    """How far a trigger has come."""

    IDLE = 0
    BUILDING = 1
    ACTIVE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One fact as a decision saw it, with the bound that it was compared with."""

    fact: str
    value: str
    bound: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a trigger stands. ``unknown`` says why it cannot be told, else it is None."""

    level: Level = Level.IDLE
    since: datetime | None = None
    unknown: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why something is so: a sentence, and the facts with their bounds."""

    text: str
    seen: tuple[Seen, ...] = ()


class Trigger(Protocol):
    """What the engine asks of every trigger."""

    key: str
    standing: Standing

    def evaluate(self, now: datetime) -> datetime | None:
        """Look at the facts; ``standing`` is right afterwards. Returns when to look again, if only time passes."""

    def calm(self, value: float) -> bool:
        """Whether a fresh reading of ``value`` cannot change where this trigger stands."""

    def explain(self) -> Evidence:
        """Why it stands where it stands, with the facts as they are now."""

    def dump(self) -> list[object]: ...

    def load(self, dumped: list[object]) -> None: ...


def silent(fact: Fact, what: str, words: Words) -> str:
    """Why a fact that is not fresh does not count."""
    if fact.at is None:
        return f"{what} has not been heard yet"
    return f"{what} has been silent since {words.clock(fact.at)}"


@dataclass(slots=True)
class _Limit:
    value: float
    says: str


class LevelTrigger:
    """Heat or cold in one room: a limit, an early margin, a duration, hysteresis, and what is usual for the hour."""

    def __init__(  # noqa: PLR0913 (the facts it reads are its interface)
        self,
        key: str,
        settings: HeatTrigger | ColdTrigger,
        room_name: str,
        words: Words,
        *,
        temperature: Fact,
        humidity: Fact | None,
        bed: Fact | None,
        usual: Usual,
    ) -> None:
        self.key = key
        self._settings = settings
        self._heat = isinstance(settings, HeatTrigger)
        self._sign = 1.0 if self._heat else -1.0
        self._room, self._words = room_name, words
        self._temperature, self._humidity, self._bed, self._usual = temperature, humidity, bed, usual
        self._beyond_since: datetime | None = None
        # Between these two readings nothing can change: the hot path of a quiet room is two comparisons.
        self._calm = (1.0, 0.0)
        self.standing = Standing(unknown="no reading yet")

    def calm(self, value: float) -> bool:
        """Whether a fresh reading of ``value`` cannot change where this trigger stands."""
        return self._calm[0] < value < self._calm[1]

    def evaluate(self, now: datetime) -> datetime | None:
        """Look at the facts; see ``Trigger.evaluate``."""
        fact = self._temperature
        if not fact.fresh:
            self._beyond_since = None
            self._calm = (1.0, 0.0)
            why = silent(fact, f"the thermometer of the {self._room}", self._words)
            self.standing = Standing(level=self.standing.level, since=self.standing.since, unknown=why)
            return None
        value, felt = self._value(fact)
        limit = self._limit()
        level, due = self._level(self._sign * value, self._sign * limit.value, now)
        self._set_calm(level, limit.value, felt=felt)
        self._stand(level, now)
        return due

    def _stand(self, level: Level, now: datetime) -> None:
        if level != self.standing.level or self.standing.unknown:
            self.standing = Standing(level=level, since=now)

    def explain(self) -> Evidence:
        """See ``Trigger.explain``."""
        fact = self._temperature
        if self.standing.unknown or not fact.fresh:
            return Evidence(text=self.standing.unknown or silent(fact, f"the thermometer of the {self._room}", self._words))
        value, felt = self._value(fact)
        limit = self._limit()
        seen = Seen(fact=fact.name, value=self._words.temperature(value), bound=limit.says)
        return Evidence(text=self._text(value, limit, self.standing.level, felt=felt), seen=(seen,))

    def _value(self, fact: Fact) -> tuple[float, bool]:
        humidity = self._humidity
        if isinstance(self._settings, HeatTrigger) and self._settings.felt and humidity is not None and humidity.fresh:
            return round(apparent_temperature_c(fact.number, humidity.number), 2), True
        return fact.number, False

    def _limit(self) -> _Limit:
        words, usual = self._words, self._usual.now_usual()
        if isinstance(self._settings, HeatTrigger):
            heat = self._settings
            in_bed = self._bed is not None and self._bed.fresh and bool(self._bed.value)
            limit = heat.above_in_bed if in_bed else heat.above
            says = f"your limit {'in bed' if in_bed else 'awake'} is {words.temperature(limit)}"
            if usual is not None and heat.above_usual is not None:
                unusual = max(usual + heat.above_usual, heat.above_usual_from)
                if unusual < limit:
                    return _Limit(unusual, f"{words.step(heat.above_usual)} above your usual {words.temperature(usual)} at this hour")
            return _Limit(limit, says)
        cold = self._settings
        if usual is not None and cold.below_usual is not None:
            unusual = min(usual - cold.below_usual, cold.below_usual_to)
            if unusual > cold.below:
                return _Limit(unusual, f"{words.step(cold.below_usual)} below your usual {words.temperature(usual)} at this hour")
        return _Limit(cold.below, f"your cold limit is {words.temperature(cold.below)}")

    @property
    def _early(self) -> float:
        return self._settings.early if isinstance(self._settings, HeatTrigger) else 0.0

    def _level(self, value: float, limit: float, now: datetime) -> tuple[Level, datetime | None]:
        """The level and when a duration ends; ``value`` and ``limit`` are mirrored for cold, so that up is worse."""
        back, old = self._settings.hysteresis, self.standing.level
        if old is Level.ACTIVE and value > limit - back and not self.standing.unknown:
            return Level.ACTIVE, None
        if value >= limit:
            self._beyond_since = self._beyond_since or now
            due = self._beyond_since + self._settings.duration
            return (Level.ACTIVE, None) if now >= due else (Level.BUILDING, due)
        self._beyond_since = None
        near = limit - self._early
        if value >= near and self._early:
            return Level.BUILDING, None
        still = old is not Level.IDLE and value > near - back and bool(self._early) and not self.standing.unknown
        return (Level.BUILDING if still else Level.IDLE), None

    def _set_calm(self, level: Level, limit: float, *, felt: bool) -> None:
        back, near, inf = self._settings.hysteresis, self._early, float("inf")
        sign_limit = self._sign * limit
        if felt:
            low, high = 1.0, 0.0
        elif level is Level.ACTIVE:
            low, high = sign_limit - back, inf
        elif self._beyond_since is not None:
            low, high = sign_limit, inf
        elif level is Level.BUILDING:
            low, high = sign_limit - near - back, sign_limit
        else:
            low, high = -inf, sign_limit - near
        self._calm = (low, high) if self._sign > 0 or low > high else (-high, -low)

    def _text(self, value: float, limit: _Limit, level: Level, *, felt: bool) -> str:
        feels = "feels like" if felt else "is"
        said = f"the {self._room} {feels} {self._words.temperature(value)}; {limit.says}"
        if level is Level.BUILDING:
            if self._beyond_since is not None:
                return f"{said}, passed at {self._words.clock(self._beyond_since)}, counts after {span(self._settings.duration)}"
            return f"{said}, so it is close"
        return said

    def dump(self) -> list[object]:
        """The memory, for the snapshot; the rest is worked out again from the facts."""
        return _dump_standing(self.standing, self._beyond_since)

    def load(self, dumped: list[object]) -> None:
        """The memory as ``dump`` gave it."""
        self.standing, self._beyond_since = _load_standing(dumped)


class RapidChange:
    """The room's temperature moved far within a span, up or down."""

    def __init__(self, key: str, settings: RapidChangeTrigger, room_name: str, words: Words, temperature: Fact) -> None:
        self.key = key
        self._settings, self._room, self._words, self._temperature = settings, room_name, words, temperature
        self._seen: deque[tuple[datetime, float]] = deque()
        self.standing = Standing(unknown="no reading yet")

    def calm(self, value: float) -> bool:
        """Never: every reading belongs to the history."""
        del value
        return False

    def evaluate(self, now: datetime) -> datetime | None:
        """Look at the facts; see ``Trigger.evaluate``."""
        fact, settings = self._temperature, self._settings
        if not fact.fresh or fact.at is None:
            why = silent(fact, f"the thermometer of the {self._room}", self._words)
            self.standing = Standing(level=self.standing.level, since=self.standing.since, unknown=why)
            return None
        self._remember(fact.at, fact.number)
        self._forget(now - settings.within)
        low, high = self._range()
        level = Level.ACTIVE if high - low >= settings.by else Level.IDLE
        if level != self.standing.level or self.standing.unknown:
            self.standing = Standing(level=level, since=now)
        return self._seen[0][0] + settings.within if level is Level.ACTIVE else None

    def explain(self) -> Evidence:
        """See ``Trigger.explain``."""
        if self.standing.unknown or not self._seen:
            return Evidence(text=self.standing.unknown or "no reading yet")
        words, within = self._words, span(self._settings.within)
        low, high = self._range()
        bound = f"{words.step(self._settings.by)} within {within}"
        moved = f"the {self._room} went between {words.temperature(low)} and {words.temperature(high)} within {within}"
        seen = Seen(fact=self._temperature.name, value=words.step(high - low), bound=bound)
        return Evidence(text=f"{moved}; your limit is {bound}", seen=(seen,))

    def _range(self) -> tuple[float, float]:
        values = [value for _, value in self._seen]
        return min(values), max(values)

    def _remember(self, at: datetime, value: float) -> None:
        # One entry a minute, the later value of the minute: enough for a change over many minutes, and bounded.
        if len(self._seen) > 1 and at - self._seen[-2][0] < timedelta(minutes=1):
            self._seen.pop()
        if not self._seen or at > self._seen[-1][0]:
            self._seen.append((at, value))

    def _forget(self, before: datetime) -> None:
        while len(self._seen) > 1 and self._seen[0][0] <= before:
            self._seen.popleft()

    def dump(self) -> list[object]:
        """The memory, for the snapshot."""
        return [*_dump_standing(self.standing, None), [[at.isoformat(), value] for at, value in self._seen]]

    def load(self, dumped: list[object]) -> None:
        """The memory as ``dump`` gave it."""
        *standing, history = dumped
        self.standing, _ = _load_standing(standing)
        if isinstance(history, list):
            self._seen = deque((datetime.fromisoformat(at), float(value)) for at, value in history)


class Reported:
    """A trigger that only the person can tell of. Silence is "not reported", never "all is well"."""

    def __init__(self, key: str, settings: ReportedTrigger, words: Words, fact: Fact) -> None:
        self.key = key
        self.name = settings.says or key.replace("_", " ")
        self._settings, self._words, self._fact = settings, words, fact
        self.standing = Standing()

    def calm(self, value: float) -> bool:
        """Never: a report is always looked at."""
        del value
        return False

    def evaluate(self, now: datetime) -> datetime | None:
        """Look at the facts; see ``Trigger.evaluate``."""
        fact, ends = self._fact, None
        if fact.at is None:
            return None
        yes = self._counts(fact)
        if yes and self._settings.lasts is not None:
            ends = fact.at + self._settings.lasts
            yes = now < ends
        level = Level.ACTIVE if yes else Level.IDLE
        if level != self.standing.level:
            self.standing = Standing(level=level, since=fact.at if yes else now)
        return ends if yes else None

    def explain(self) -> Evidence:
        """See ``Trigger.explain``."""
        fact = self._fact
        if fact.at is None:
            return Evidence(text=f"you have not reported {self.name}")
        rating = "" if isinstance(fact.value, bool) else f" ({fact.number:g} of 10)"
        told = f"you reported {self.name}{rating} at {self._words.clock(fact.at)}"
        counts = "" if self.standing.level is Level.ACTIVE else ", which does not count now"
        return Evidence(text=told + counts, seen=(Seen(fact=fact.name, value=str(fact.value)),))

    def _counts(self, fact: Fact) -> bool:
        if isinstance(fact.value, bool):
            return fact.value
        if self._settings.at_most is not None:
            return fact.number <= self._settings.at_most
        return fact.number >= (self._settings.at_least if self._settings.at_least is not None else 1.0)

    def dump(self) -> list[object]:
        """The memory, for the snapshot."""
        return _dump_standing(self.standing, None)

    def load(self, dumped: list[object]) -> None:
        """The memory as ``dump`` gave it."""
        self.standing, _ = _load_standing(dumped)


def _dump_standing(standing: Standing, beyond_since: datetime | None) -> list[object]:
    return [
        standing.level.value,
        standing.since.isoformat() if standing.since else None,
        standing.unknown,
        beyond_since.isoformat() if beyond_since else None,
    ]


def _load_standing(dumped: list[object]) -> tuple[Standing, datetime | None]:
    level, since, unknown, beyond = dumped
    standing = Standing(
        level=Level(int(str(level))),
        since=datetime.fromisoformat(str(since)) if since else None,
        unknown=str(unknown) if unknown else None,
    )
    return standing, datetime.fromisoformat(str(beyond)) if beyond else None

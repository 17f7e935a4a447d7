"""Heat and cold: the temperature of a room against the person's limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from config.profile import ColdTrigger, HeatTrigger
from rules.facts import Fact, Quality, Value
from rules.felt import apparent_temperature_c
from rules.looks import Between
from rules.triggers import Evidence, Level, Seen, Standing, dump_standing, load_standing, silent
from rules.usual import Usual
from rules.words import Words, span

EARLY_BACK = 2.0
"""How many times the hysteresis it takes to be far again: an air conditioner set 1 °C below the limit holds the room
there without the cooling being switched off and on by its ripple."""


class LevelTrigger:
    """Heat or cold in one room: a limit, an early margin, a duration, hysteresis, and what is usual for the hour."""

    private = False

    @property
    def minds_cooling(self) -> bool:
        """See ``Trigger``: what is unusually cold is not looked for while we cool."""
        return not self._heat

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
        night: Between | None,
        usual: Usual,
        cooled: Callable[[], bool],
        fan_c: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """``night`` stands in for ``bed`` in a home without a bed sensor. ``cooled``: whether we cool the room now.

        ``fan_c``: how many °C the fan takes off what is felt in bed now, 0 when none runs. Whenever it changes, the
        trigger must be looked at again, as when a fact has changed.
        """
        self.key = key
        self._settings = settings
        self._heat = isinstance(settings, HeatTrigger)
        self._sign = 1.0 if self._heat else -1.0
        self._room, self._words = room_name, words
        self._temperature, self._humidity, self._usual = temperature, humidity, usual
        self._bed, self._night, self._cooled, self._fan_c = bed, night, cooled, fan_c
        self._in_bed = False
        self._beyond_since: datetime | None = None
        # Between these two readings nothing can change: the hot path of a quiet room is two comparisons.
        self._calm = (1.0, 0.0)
        # The last explanation and the reading that it is about: several rules ask for the same one in a step.
        self._explained: tuple[tuple[Value | None, datetime | None, Quality, float], Evidence] | None = None
        self.standing = Standing(unknown="no reading yet")

    def calm(self, value: float) -> bool:
        """Whether a fresh reading of ``value`` cannot change where this trigger stands."""
        return self._calm[0] < value < self._calm[1]

    def evaluate(self, now: datetime) -> datetime | None:
        """Look at the facts; see ``Trigger.evaluate``."""
        self._explained = None
        fact = self._temperature
        if not fact.fresh:
            self._beyond_since = None
            self._calm = (1.0, 0.0)
            why = silent(fact, f"the thermometer of the {self._room}", self._words)
            self.standing = Standing(level=self.standing.level, since=self.standing.since, unknown=why)
            return None
        changes = self._look_for_bed(now)
        value, felt = self._value(fact)
        # With a fan the room may be warmer by what it takes off: the limit moves, and the reading stays a reading.
        limit = self._limit() + self._fan()
        level, due = self._level(self._sign * value, self._sign * limit, now)
        self._set_calm(level, limit, felt=felt)
        self._stand(level, now)
        return min((each for each in (due, changes) if each is not None), default=None)

    def _look_for_bed(self, now: datetime) -> datetime | None:
        """Whether the person is in bed; returns when that changes by the clock alone."""
        self._in_bed = self._bed is not None and self._bed.fresh and bool(self._bed.value)
        if self._night is None:
            return None
        self._in_bed, until = self._night.look(now)
        return until

    def _stand(self, level: Level, now: datetime) -> None:
        if level != self.standing.level or self.standing.unknown:
            self.standing = Standing(level=level, since=now)

    def explain(self) -> Evidence:
        """See ``Trigger.explain``."""
        reading = (self._temperature.value, self._temperature.at, self._temperature.quality, self._fan())
        if self._explained is None or self._explained[0] != reading:
            self._explained = reading, self._explain()
        return self._explained[1]

    def _explain(self) -> Evidence:
        fact = self._temperature
        if self.standing.unknown or not fact.fresh:
            return Evidence(
                text=self.standing.unknown or silent(fact, f"the thermometer of the {self._room}", self._words)
            )
        value, felt = self._value(fact)
        limit, shown = self._limit_text(self._limit()), self._words.temperature(value)
        with_fan = self._words.temperature(value - self._fan())
        fanned = f"{with_fan} with the fan" if with_fan != shown else ""
        seen = Seen(fact=fact.name, value=f"{shown}, {fanned}" if fanned else shown, bound=limit)
        return Evidence(text=self._text(self._reading(shown, fanned, felt=felt), limit), seen=(seen,))

    def _reading(self, shown: str, fanned: str, *, felt: bool) -> str:
        if felt:
            return f"the {self._room} feels like {shown}" + (f", and like {fanned}" if fanned else "")
        return f"the {self._room} is {shown}" + (f", which feels like {fanned}" if fanned else "")

    def _value(self, fact: Fact) -> tuple[float, bool]:
        felt = self._felt(fact.number)
        return (fact.number, False) if felt is None else (felt, True)

    def _felt(self, air: float) -> float | None:
        """What ``air`` feels like in °C with the humidity there is now; None when that is not known or not watched."""
        humidity = self._humidity
        if isinstance(self._settings, HeatTrigger) and self._settings.felt and humidity is not None and humidity.fresh:
            return round(apparent_temperature_c(air, humidity.number), 2)
        return None

    def _fan(self) -> float:
        """What the fan takes off now, in °C: where the person lies it blows, elsewhere nobody knows."""
        return max(self._fan_c(), 0.0) if self._heat and self._in_bed else 0.0

    def limit_in_bed_c(self, air: float) -> float:
        """The limit that holds in bed at this hour as a temperature of the air, in °C, without the fan.

        Where humidity counts, by the difference between felt and ``air`` that there is at ``air`` °C.
        """
        limit, felt = self._stricter(self._plain_limit(in_bed=True)), self._felt(air)
        return limit if felt is None else round(limit - (felt - air), 2)

    def _limit(self) -> float:
        """The limit that counts now, in °C."""
        return self._stricter(self._plain_limit(in_bed=self._in_bed))

    def _stricter(self, plain: float) -> float:
        """What is usual at this hour can make a limit stricter, never laxer."""
        unusual = self._unusual()
        if unusual is None:
            return plain
        return min(plain, unusual) if self._heat else max(plain, unusual)

    def _plain_limit(self, *, in_bed: bool) -> float:
        if isinstance(self._settings, HeatTrigger):
            return self._settings.above_in_bed if in_bed else self._settings.above
        return self._settings.below

    def _unusual(self) -> float | None:
        """From where on the room is unusually warm or cold for the hour; None when that is not known or not watched."""
        settings, usual = self._settings, self._usual.now_usual()
        if usual is None:
            return None
        if isinstance(settings, HeatTrigger):
            return (
                None if settings.above_usual is None else max(usual + settings.above_usual, settings.above_usual_from)
            )
        # Our own cooling makes the room unusually cold: that is no evidence against it (R14). The plain limit still is.
        if settings.below_usual is None or self._cooled():
            return None
        return min(usual - settings.below_usual, settings.below_usual_to)

    def _limit_text(self, limit: float) -> str:
        words, settings = self._words, self._settings
        name = "your limit" if self._heat else "your cold limit"
        if limit != self._plain_limit(in_bed=self._in_bed):
            heat = isinstance(settings, HeatTrigger)
            step, bound = (
                (settings.above_usual, settings.above_usual_from)
                if isinstance(settings, HeatTrigger)
                else (settings.below_usual, settings.below_usual_to)
            )
            says = f"{name} is {words.temperature(limit)}"
            more = f", {words.step(step or 0.0)} {'above' if heat else 'below'} what is usual here at this hour"
            return says if limit == bound else says + more
        where = ""
        if self._heat:
            where = (" at night" if self._night is not None else " in bed") if self._in_bed else " awake"
        return f"{name}{where} is {words.temperature(limit)}"

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
        still = (
            old is not Level.IDLE
            and value > near - EARLY_BACK * back
            and bool(self._early)
            and not self.standing.unknown
        )
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
            low, high = sign_limit - near - EARLY_BACK * back, sign_limit
        else:
            low, high = -inf, sign_limit - near
        self._calm = (low, high) if self._sign > 0 or low > high else (-high, -low)

    def _text(self, reading: str, limit: str) -> str:
        said = f"{reading}; {limit}"
        if self.standing.level is Level.BUILDING:
            if self._beyond_since is not None:
                since = self._words.clock(self._beyond_since)
                return f"{said}, passed at {since}; it counts after {span(self._settings.duration)}"
            return f"{said}, so that is close"
        return said

    def dump(self) -> list[object]:
        """The memory, for the snapshot; the rest is worked out again from the facts."""
        return [*dump_standing(self.standing, self._beyond_since), self._in_bed]

    def load(self, dumped: list[object]) -> None:
        """The memory as ``dump`` gave it."""
        *standing, in_bed = dumped
        self.standing, self._beyond_since = load_standing(standing)
        self._in_bed, self._explained = bool(in_bed), None

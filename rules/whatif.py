"""What would have been with another limit: how the room would have differed from the record, and what it came to.

The model of a room (``devices/control/thermal.py``) is linear in its temperatures. So whatever else acted on the room,
the weather, the sun, a window, stays as it was when each interval's difference between the record and the model is kept
as a disturbance, and only what is cooled differently makes a difference. ``Difference`` follows that difference alone:
it is the same as playing the whole room with the disturbances, and with the cooling of the record it is zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp

from devices.control.thermal import LN_A, LN_B, LN_C, LN_Q, MASS_TO_AROUND, Influence, ThermalModel

MINUTE = timedelta(minutes=1)
LONGEST_GAP = timedelta(minutes=40)
"""Between two readings further apart nothing is made up."""
COLD_C = 18.0
"""°C. The UK and WHO minimum for rooms of vulnerable people."""
THERMOSTAT_C = 0.5
"""°C around its setpoint within which an air conditioner's own thermostat leaves it as it is: above it cools, below it
rests. The usual hysteresis."""
RUNS_FROM = 0.5
"""A compressor at rest starts when it should cool for so much of the time, and stops when it should not at all."""
ENOUGH_READ = timedelta(days=2)
ENOUGH_COOLED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Minute:
    """One recorded minute. ``share``: how much of it the air was cooled; ``sure``: that is known, not worked out."""

    at: datetime
    celsius: float | None  # None where the thermometer was silent
    in_bed: bool
    outdoor_c: float | None
    share: float
    sure: bool
    fresh: bool  # a reading came in this minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The room's ways, per hour; and how well they foretell it."""

    a: float
    b: float
    c: float
    q: float
    error_c: float | None
    """How far forecasts for half an hour were off, on average."""
    hours: float
    cooled_hours: float
    learned: bool


def thermostat_runs(air_c: float, setpoint_c: float, *, runs: bool) -> bool:
    """Whether an air conditioner's own thermostat makes it cool; ``runs``: whether it did until now."""
    return air_c > setpoint_c + (-THERMOSTAT_C if runs else THERMOSTAT_C)


def interpolated(readings: list[tuple[datetime, float]], minutes: Iterable[datetime]) -> Iterator[float | None]:
    """The temperature at each minute, on the straight line between two readings that are not too far apart."""
    index = 0
    for at in minutes:
        while index + 1 < len(readings) and readings[index + 1][0] <= at:
            index += 1
        if index + 1 >= len(readings) or at < readings[index][0]:
            yield None
            continue
        (before, low), (after, high) = readings[index], readings[index + 1]
        if after - before > LONGEST_GAP:
            yield None
        else:
            yield low + (high - low) * ((at - before) / (after - before))


def fit(minutes: Iterable[Minute]) -> Fit | None:
    """The room's ways, learned from its record; None where there is none."""
    model = ThermalModel()
    for each in minutes:
        acts = Influence(each.share if each.sure else None, in_bed=each.in_bed, outdoor_c=each.outdoor_c)
        if each.celsius is not None and each.fresh:
            model.observe(each.celsius, each.at, acts)
        else:
            model.advance(each.at, acts)
    if not model.known:
        return None
    memory = model.dump()
    a, b, c, q = (exp(memory.mean[index]) for index in (LN_A, LN_B, LN_C, LN_Q))
    return Fit(
        a=a,
        b=b,
        c=c,
        q=q,
        error_c=memory.error_c,
        hours=memory.hours,
        cooled_hours=memory.cooled_hours,
        learned=model.learned,
    )


@dataclass(slots=True)
class Difference:
    """How much warmer the room is than it was, in °C: its air, and its mass."""

    fit: Fit
    air: float = 0.0
    mass: float = 0.0

    def step(self, span: timedelta, more_cooling: float) -> None:
        """Let a span pass in which the air was cooled for so much more of the time than it was."""
        hours, ways = span.total_seconds() / 3600, self.fit
        air = ways.a * (self.mass - self.air) - ways.b * self.air - ways.q * more_cooling
        mass = ways.c * (self.air - self.mass) - ways.c * MASS_TO_AROUND * self.mass
        self.air += hours * air
        self.mass += hours * mass


@dataclass(frozen=True, slots=True)
class Used:
    """What the devices do in one minute. ``shares``: of each device that cools the air, how much of the time."""

    shares: tuple[float, ...]
    watts: float
    fan_c: float = 0.0  # what a fan takes off what is felt

    @property
    def share(self) -> float:
        """How much of the time the air is cooled, 0 to 1."""
        return max(self.shares, default=0.0)


@dataclass(slots=True)
class Tally:
    """What a stretch of days came to. Only minutes count in which the temperature was recorded."""

    limits_c: tuple[float, ...]
    minutes: int = 0
    in_bed_minutes: int = 0
    over_minutes: list[int] = field(default_factory=list)
    """Warmer than each limit in bed, with what a fan takes off."""
    degree_minutes: list[float] = field(default_factory=list)
    cold_minutes: int = 0
    kwh: float = 0.0
    starts: int = 0
    empty_hours: float = 0.0
    """Of cooling the air with nobody in bed."""
    _running: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        self.over_minutes, self.degree_minutes = [0 for _ in self.limits_c], [0.0 for _ in self.limits_c]

    def add(self, celsius: float | None, used: Used, *, in_bed: bool) -> None:
        """One more minute."""
        self._count_starts(used)
        if celsius is None:
            return
        self.minutes += 1
        self.kwh += used.watts / 60_000
        self.cold_minutes += celsius < COLD_C
        if not in_bed:
            self.empty_hours += used.share / 60
            return
        self.in_bed_minutes += 1
        for index, limit in enumerate(self.limits_c):
            over = celsius - used.fan_c - limit
            if over > 0:
                self.over_minutes[index] += 1
                self.degree_minutes[index] += over

    def _count_starts(self, used: Used) -> None:
        before = self._running or (True,) * len(used.shares)  # what ran at the beginning did not start then
        self._running = tuple(
            share > 0 if was else share >= RUNS_FROM for was, share in zip(before, used.shares, strict=True)
        )
        self.starts += sum(now and not was for was, now in zip(before, self._running, strict=True))

    def to_json(self) -> dict[str, object]:
        """A plain document."""
        return {
            "limits_c": list(self.limits_c),
            "minutes": self.minutes,
            "in_bed_minutes": self.in_bed_minutes,
            "over_minutes": self.over_minutes,
            "degree_minutes_c": [round(each, 1) for each in self.degree_minutes],
            "cold_minutes": self.cold_minutes,
            "kwh": round(self.kwh, 2),
            "starts": self.starts,
            "empty_hours": round(self.empty_hours, 2),
        }


def too_little(minutes: list[Minute], found: Fit | None) -> str:
    """Why nothing can be said yet; empty where something can."""
    read = sum(each.celsius is not None for each in minutes) * MINUTE
    if read < ENOUGH_READ or found is None:
        return (
            f"There are readings of {read / timedelta(hours=1):.0f} h in this time, and it takes 2 days at least. "
            "Try it again later, or with a longer --since."
        )
    cooled = timedelta(hours=found.cooled_hours)
    if cooled < ENOUGH_COOLED:
        return (
            f"The room was cooled for {cooled / MINUTE:.0f} min in this time, and it takes 15 min at least to tell "
            "how it would cool. Try it again after some warm nights."
        )
    return ""

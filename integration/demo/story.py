"""The evening that the demo plays: what the person and the weather do, whoever is listening. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from integration.demo.bedroom import Bedroom, Weather

ZONE = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
TRIGGER_C = 22.5
"""Robin's limit in bed; also in Robin's profile."""
BROKEN_READING_C = 85.0
"""What a common sensor chip says when it has just got power."""
_DAY = datetime(2026, 7, 14, tzinfo=ZONE)
_START_HOUR, _END_HOUR = 20.0, 24 + 1 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of the bedroom's thermometer."""

    at: datetime
    celsius: float
    in_bed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """One evening: its weather, and when the person does what (aware UTC)."""

    seed: int
    weather: Weather
    walls_c: float
    start: datetime
    end: datetime
    broken_reading: datetime
    to_bed: datetime
    answer_after: timedelta
    """How long after an offer the person answers it."""
    fan_off: datetime
    """When the person switches the fan off by hand."""

    def bedroom(self) -> Bedroom:
        """The room as the evening finds it."""
        return Bedroom(
            seed=self.seed,
            hour=_START_HOUR,
            air_c=self.walls_c + 0.35,
            walls_c=self.walls_c,
            weather=self.weather,
            lamp_percent=100.0,
        )


def evening(seed: int) -> Evening:
    """The evening of a seed: always hot, never quite the same."""
    chance = Random(seed)  # noqa: S311 (weather, nothing secret)
    return Evening(
        seed=seed,
        weather=Weather(hottest_c=round(chance.uniform(31.0, 33.5), 1)),
        walls_c=round(chance.uniform(20.1, 20.35), 2),
        start=_at(_START_HOUR),
        end=_at(_END_HOUR),
        broken_reading=_at(20.5) + MINUTE * chance.randint(0, 20) + timedelta(seconds=20),
        to_bed=_at(22.0) + MINUTE * chance.randint(2, 8) + timedelta(seconds=30),
        answer_after=MINUTE * chance.randint(6, 12) + timedelta(seconds=10),
        fan_off=_at(22.0) + MINUTE * chance.randint(22, 28) + timedelta(seconds=40),
    )


def without_us(played: Evening) -> list[Reading]:
    """The same evening in the same room, with nobody to cool it."""
    room, at, readings = played.bedroom(), played.start, []
    while at <= played.end:
        readings.append(Reading(at=at, celsius=room.measure(), in_bed=room.in_bed))
        until = at + MINUTE
        if at < played.to_bed <= until:
            room.step(played.to_bed - at)
            room.in_bed, at = True, played.to_bed
        room.step(until - at)
        at = until
    return readings


def peak_in_bed_c(readings: list[Reading]) -> float | None:
    """The highest reading while the person was in bed; None before that."""
    return max((each.celsius for each in readings if each.in_bed), default=None)


def minutes_above(readings: list[Reading]) -> int:
    """Minutes in bed at the trigger or above it: there is one reading a minute."""
    return sum(1 for each in readings if each.in_bed and each.celsius >= TRIGGER_C)


def _at(hour: float) -> datetime:
    return (_DAY + timedelta(hours=hour)).astimezone(UTC)

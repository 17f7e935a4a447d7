"""What each hour was like, for years after the readings are gone. A gap is missing, and never zero. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

HOUR = timedelta(hours=1)
HELD = timedelta(minutes=65)
"""A level is taken to last until the next observation, but not over a gap longer than this."""
Level = float | bool | None
"""None: it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HourRow:
    """One fact in one hour, as far as it was known. A number has no ``true_minutes``, a yes/no nothing else."""

    fact: str
    hour: datetime
    """When it begins, in UTC."""
    known_minutes: float
    mean: float | None = None
    """Weighted by time."""
    low: float | None = None
    high: float | None = None
    true_minutes: float | None = None


@dataclass(slots=True)
class _Sum:
    """A fact in the running hour, in seconds."""

    yes_no: bool
    known: float = 0.0
    area: float = 0.0  # a number times the seconds that it held; the seconds of a yes
    low: float = 0.0
    high: float = 0.0

    def add(self, level: float, seconds: float) -> None:
        self.low = level if not self.known else min(self.low, level)
        self.high = level if not self.known else max(self.high, level)
        self.known += seconds
        self.area += level * seconds

    def row(self, fact: str, hour: datetime) -> HourRow:
        known = round(self.known / 60, 2)
        if self.yes_no:
            return HourRow(fact=fact, hour=hour, known_minutes=known, true_minutes=round(self.area / 60, 2))
        mean = min(max(self.area / self.known, self.low), self.high)  # as sums of fractions are not exact
        low, mean, high = (round(each, 3) for each in (self.low, mean, self.high))
        return HourRow(fact=fact, hour=hour, known_minutes=known, mean=mean, low=low, high=high)


class HourMeter:
    """Facts of one person, hour by hour. What it remembers is plain data."""

    def __init__(self, held: timedelta = HELD) -> None:
        """``held``: how long a level lasts without being observed again."""
        self._held = held
        self._levels: dict[str, float | bool] = {}
        self._at: datetime | None = None  # since when they hold
        self._counted: datetime | None = None  # up to here the running hour is counted
        self._sums: dict[str, _Sum] = {}

    def observe(self, at: datetime, levels: Mapping[str, Level]) -> list[HourRow]:
        """The facts as they are from ``at`` on; returns the rows of the hours that are over."""
        at = at.astimezone(UTC)
        rows = list(self._count(at))
        self._levels = {
            fact: level for fact, level in levels.items() if level is not None and (level is True or isfinite(level))
        }
        self._at = at
        return rows

    def close(self) -> list[HourRow]:
        """The rows of the running hour, as far as it was observed. Nothing is known after it."""
        rows = list(self._finish())
        self._levels, self._at, self._counted = {}, None, None
        return rows

    def _count(self, at: datetime) -> Iterator[HourRow]:
        """What held until ``at``."""
        counted = self._counted
        if counted is None:
            self._counted = at
            return
        if at < counted:
            if _hour(at) < _hour(counted):  # the clock was set back: what was counted stays with its hour
                yield from self._finish()
                self._counted = at
            return  # within the hour: no minute of it counts twice
        known = self._at is not None and at - self._at <= self._held
        while (ends := _hour(counted) + HOUR) <= at:
            if known:
                self._add((ends - counted).total_seconds())
            self._counted = counted
            yield from self._finish()
            counted = ends if known else _hour(at)
        if known:
            self._add((at - counted).total_seconds())
        self._counted = at

    def _add(self, seconds: float) -> None:
        for fact, level in self._levels.items() if seconds > 0 else ():
            yes_no = isinstance(level, bool)
            found = self._sums.get(fact)
            if found is None or found.yes_no is not yes_no:  # a fact that changes its kind begins anew
                found = self._sums[fact] = _Sum(yes_no)
            found.add(float(level), seconds)

    def _finish(self) -> Iterator[HourRow]:
        if self._counted is not None:
            hour = _hour(self._counted)
            yield from (found.row(fact, hour) for fact, found in self._sums.items())
        self._sums = {}

    # -- memory

    def dump(self) -> dict[str, Any]:
        """Plain data, so that a restart within the hour loses little."""
        return {
            "levels": dict(self._levels),
            "at": self._at.isoformat() if self._at else None,
            "counted": self._counted.isoformat() if self._counted else None,
            "sums": {fact: [s.yes_no, s.known, s.area, s.low, s.high] for fact, s in self._sums.items()},
        }

    def load(self, dumped: Mapping[str, Any]) -> None:
        """The memory as ``dump`` gave it; an empty one is none."""
        at, counted = dumped.get("at"), dumped.get("counted")
        self._levels = dict(dumped.get("levels", {}))
        self._at = datetime.fromisoformat(at) if at else None
        self._counted = datetime.fromisoformat(counted) if counted else None
        self._sums = {
            fact: _Sum(bool(yes_no), *(float(each) for each in numbers))
            for fact, (yes_no, *numbers) in dumped.get("sums", {}).items()
        }


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)

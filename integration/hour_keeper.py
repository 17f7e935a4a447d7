"""The hours of each person's home, kept for years; and what the last ones were like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from integration.scribe_writer import UNWRITTEN, Writer
from journal.hours import HourMeter

MEASURED_EVERY = timedelta(seconds=30)
UNWATCHED = timedelta(minutes=5)
"""A longer gap between two measurings: we did not run, or the machine slept, and how it was is not known."""
HOURS_BACK = 4


class HourKeeper:
    """One meter for each person. Its memory of the running hour is plain data."""

    def __init__(self, persons: Iterable[str], writer: Writer) -> None:
        self._writer = writer
        self._meters = {person: HourMeter(held=UNWATCHED) for person in persons}
        self._measured_at: datetime | None = None

    def measures_at(self, now: datetime) -> bool:
        """Whether it is time to measure again."""
        last = self._measured_at
        return last is None or not last <= now < last + MEASURED_EVERY

    def measure(self, now: datetime, levels: Mapping[str, Mapping[str, float | bool | None]]) -> None:
        """How each person's home is now: what the hourly means are made of."""
        self._measured_at = now
        for person, meter in self._meters.items():
            rows = meter.observe(now, levels[person])
            try:
                if rows:
                    self._writer.archive.add_hours(person, rows)
            except UNWRITTEN as error:
                self._writer.cannot_write(error)

    def before(self, person: str, fact: str, now: datetime) -> dict[str, float]:
        """The mean of a number by whole hours ago."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        try:
            rows = self._writer.archive.hours(person, fact, hour - timedelta(hours=HOURS_BACK), hour)
        except UNWRITTEN:
            rows = []
        return {str(round((hour - row.hour) / timedelta(hours=1))): row.mean for row in rows if row.mean is not None}

    def dump(self) -> dict[str, Any]:
        """What the running hour is so far."""
        return {person: meter.dump() for person, meter in self._meters.items()}

    def load(self, dumped: Mapping[str, Any]) -> None:
        """The hour as ``dump`` gave it."""
        for person, meter in self._meters.items():
            if person in dumped:
                meter.load(dumped[person])

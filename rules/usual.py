"""What is usual in a room at this clock hour: the median of the last 14 days (the project's trigger table)."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

DAYS = 14
ENOUGH_DAYS = 5
"""Fewer days say nothing about what is usual."""


class Usual:
    """Hourly means of one room, kept for 14 days by the person's clock hour."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._days: dict[int, deque[tuple[datetime, float]]] = {}  # by hour: its end and its mean
        self._hour = -1
        self._hour_end = datetime.min.replace(tzinfo=UTC)
        self._sum = 0.0
        self._count = 0
        self._known = False
        self._usual: float | None = None  # what ``now_usual`` found for the present hour

    def add(self, value: float, at: datetime) -> bool:
        """Take in a reading; True when a new clock hour has begun, so that ``now_usual`` may have changed."""
        if at < self._hour_end:
            self._sum += value
            self._count += 1
            return False
        if self._count:
            mean = round(self._sum / self._count, 3)
            self._days.setdefault(self._hour, deque(maxlen=DAYS)).append((self._hour_end, mean))
        # Zones whose offset is not whole hours exist; the hour is the person's, so it is found there.
        local = at.astimezone(self._zone)
        self._hour = local.hour
        self._hour_end = (
            at
            + timedelta(hours=1)
            - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        )
        self._sum, self._count, self._known = value, 1, False
        return True

    def now_usual(self) -> float | None:
        """The median for the present clock hour in °C, or None when it is not learned yet."""
        if not self._known:
            oldest = timedelta(days=DAYS, hours=2)  # a clock change may lie between
            means = [mean for end, mean in self._days.get(self._hour, ()) if self._hour_end - end <= oldest]
            self._known, self._usual = True, median(means) if len(means) >= ENOUGH_DAYS else None
        return self._usual

    def dump(self) -> list[object]:
        """The memory, for the snapshot."""
        days = {str(hour): [[end.isoformat(), mean] for end, mean in means] for hour, means in self._days.items()}
        return [days, self._hour, self._hour_end.isoformat(), self._sum, self._count]

    def load(self, dumped: list[object]) -> None:
        """The memory as ``dump`` gave it."""
        days, hour, end, total, count = dumped
        if isinstance(days, dict):
            self._days = {
                int(hour): deque([(datetime.fromisoformat(end), float(mean)) for end, mean in means], maxlen=DAYS)
                for hour, means in days.items()
            }
        self._known = False
        self._hour, self._hour_end = int(str(hour)), datetime.fromisoformat(str(end))
        self._sum, self._count = float(str(total)), int(str(count))

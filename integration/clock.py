"""The one place where the time is read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time. The demo brings one that runs faster."""

    def now(self) -> datetime:
        """The aware UTC time."""

    def seconds_until(self, at: datetime | None) -> float | None:
        """How many real seconds to wait for an instant; None waits for something else to happen."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """See ``Clock``."""
        return datetime.now(UTC)

    def seconds_until(self, at: datetime | None) -> float | None:
        """See ``Clock``."""
        return None if at is None else max(0.0, (at - self.now()).total_seconds())

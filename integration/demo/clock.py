"""The demo's time: it stands still until the director moves it."""

from __future__ import annotations

from datetime import datetime


class SteppedClock:
    """See ``integration.clock.Clock``."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The evening's time (aware UTC)."""
        return self._now

    def seconds_until(self, at: datetime | None) -> float | None:
        """Real seconds do not bring it nearer: wait for something to happen."""
        del at
        return None

    def move_to(self, at: datetime) -> None:
        """Move on; never back."""
        self._now = max(self._now, at)

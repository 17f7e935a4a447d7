"""What can be wrong with a Home Assistant, switched on and off while it runs."""

from __future__ import annotations

import asyncio
import math
import time


class Faults:
    """The faults that are on now; may be changed from any thread."""

    POLL_S = 0.01

    def __init__(self) -> None:
        self.frozen = False
        self.delay_s = 0.0
        self.revoked = False
        self.ignoring: set[str] = set()
        self.slow_s: dict[str, float] = {}
        self._status = 0
        self._refuse_until = -math.inf

    def refuse(self, status: int, seconds: float | None) -> None:
        """Answer every request with an HTTP status, for some seconds or until cleared."""
        self._status = status
        self._refuse_until = math.inf if seconds is None else time.monotonic() + seconds

    def clear(self) -> None:
        """Be well again."""
        self.frozen = False
        self.delay_s = 0.0
        self.revoked = False
        self.ignoring.clear()
        self.slow_s.clear()
        self._refuse_until = -math.inf

    def refusal(self) -> int | None:
        """Return the HTTP status to refuse with, None when requests are served."""
        return self._status if time.monotonic() < self._refuse_until else None

    def seconds(self, data: object) -> float:
        """Return how long a call with these data takes: as long as its slowest entity."""
        asked = data.get("entity_id", []) if isinstance(data, dict) else []
        entities = [asked] if isinstance(asked, str) else asked
        return max((self.slow_s.get(str(entity), 0.0) for entity in entities), default=0.0)

    async def pass_through(self) -> None:
        """Return when a message may go on: at once in a healthy home."""
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        await self.thawed()

    async def thawed(self) -> None:
        """Return when nothing is frozen."""
        while self.frozen:  # noqa: ASYNC110 - changed from other threads, and only while testing
            await asyncio.sleep(self.POLL_S)

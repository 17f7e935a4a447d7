"""When the engine next needs to look, whatever happens. Nothing polls."""

from __future__ import annotations

import heapq
from datetime import datetime


class Agenda:
    """Due instants by key; the earliest first, equal ones in the order of their keys, so that replays agree."""

    def __init__(self) -> None:
        self._due: dict[str, datetime] = {}
        self._heap: list[tuple[datetime, str]] = []

    def set(self, key: str, due: datetime | None) -> None:
        """Put ``key`` on the agenda, move it, or (None) take it off."""
        if due is None:
            self._due.pop(key, None)
        elif self._due.get(key) != due:
            self._due[key] = due
            heapq.heappush(self._heap, (due, key))

    def due(self, key: str) -> datetime | None:
        """When ``key`` is due, if it is on the agenda."""
        return self._due.get(key)

    def next(self) -> datetime | None:
        """The earliest due instant."""
        self._drop_moved()
        return self._heap[0][0] if self._heap else None

    def pop(self, now: datetime) -> tuple[datetime, str] | None:
        """Take off and return the earliest entry that is due at ``now``."""
        self._drop_moved()
        if not self._heap or self._heap[0][0] > now:
            return None
        due, key = heapq.heappop(self._heap)
        del self._due[key]
        return due, key

    def _drop_moved(self) -> None:
        heap, current = self._heap, self._due
        while heap and current.get(heap[0][1]) != heap[0][0]:
            heapq.heappop(heap)

    def dump(self) -> dict[str, str]:
        """Everything on the agenda, for the snapshot."""
        return {key: due.isoformat() for key, due in sorted(self._due.items())}

    def load(self, dumped: dict[str, str]) -> None:
        """The agenda as ``dump`` gave it."""
        self._due = {key: datetime.fromisoformat(due) for key, due in dumped.items()}
        self._heap = [(due, key) for key, due in self._due.items()]
        heapq.heapify(self._heap)

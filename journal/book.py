"""What the journal's decisions need to read, whatever keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from journal.entry import Change, Entry


class Book(Protocol):
    """The entries of all persons, as they are now. Deleted ones are left out unless asked for."""

    def get(self, entry_id: str) -> Entry | None:
        """An entry, deleted or not."""

    def latest(  # noqa: PLR0913 (what a list is filtered by)
        self,
        person: str,
        *,
        kinds: Sequence[str] = (),
        what: str = "",
        at_least: float | None = None,
        before: datetime | None = None,
        limit: int = 1,
    ) -> list[Entry]:
        """The entries that occurred last, the latest first. ``at_least``: of this severity or more."""

    def logged_last(self, person: str, *, limit: int = 1) -> list[Entry]:
        """The entries that were written down last, whenever they occurred; of one moment, the one added last first."""

    def between(
        self, person: str, start: datetime, end: datetime, *, kinds: Sequence[str] = (), what: str = ""
    ) -> list[Entry]:
        """Every entry that occurred in [start, end), in order of time."""

    def changes(self, person: str, *, limit: int = 1) -> list[Change]:
        """What was done last, the latest first: without what was undone, and without the undoing."""

    def flagged_at(self, person: str, reason: str) -> datetime | None:
        """When a red flag was last shown for a reason."""

    def daily_counts(self, person: str, what: str, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
        """How many of a symptom in each whole 24 h back from ``end``, the last first: (start of the span, count)."""

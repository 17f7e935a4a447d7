"""A book in memory: simple enough to be seen to be right, for the decisions' tests and for the store to be held to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from journal.entry import Change, Entry
from journal.outcome import Flag, Outcome


class MemoryBook:
    """What a store does, without one. ``write`` takes what was decided."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.history: list[Change] = []
        self.shown: dict[tuple[str, str], datetime] = {}

    # -- writing

    def write(self, changes: Iterable[Change]) -> None:
        """Put changes in force, in order. An entry that is there already is not added again."""
        for change in changes:
            if change.before is None and change.after.id in self.entries:
                continue
            self.history.append(replace(change, seq=len(self.history) + 1))
            self.entries[change.after.id] = change.after

    def show(self, person: str, flags: Iterable[Flag], at: datetime) -> None:
        """Remember when flags were shown, but for those of which nothing may be kept."""
        for flag in flags:
            if flag.shown and flag.kept:
                self.shown[person, flag.reason] = at

    def take(self, person: str, outcome: Outcome, at: datetime) -> None:
        """All that an outcome leaves in the store."""
        self.write(outcome.changes)
        self.show(person, outcome.flags, at)

    # -- reading: see ``journal.book.Book``

    def get(self, entry_id: str) -> Entry | None:
        """An entry, deleted or not."""
        return self.entries.get(entry_id)

    def _of(self, person: str, kinds: Sequence[str] = (), what: str = "") -> list[Entry]:
        return [
            entry
            for entry in self.entries.values()
            if entry.person == person
            and not entry.deleted
            and (not kinds or entry.kind in kinds)
            and (not what or entry.what == what)
        ]

    def latest(
        self,
        person: str,
        *,
        kinds: Sequence[str] = (),
        what: str = "",
        at_least: float | None = None,
        before: datetime | None = None,
        limit: int = 1,
    ) -> list[Entry]:
        """The entries that occurred last, the latest first."""
        found = [
            entry
            for entry in self._of(person, kinds, what)
            if (at_least is None or (entry.severity is not None and entry.severity >= at_least))
            and (before is None or entry.occurred_at < before)
        ]
        return sorted(found, key=lambda entry: (entry.occurred_at, entry.logged_at, entry.id), reverse=True)[:limit]

    def logged_last(self, person: str, *, limit: int = 1) -> list[Entry]:
        """The entries that were written down last; of one moment, the one that was added last comes first."""
        order = {name: place for place, name in enumerate(self.entries)}
        found = sorted(self._of(person), key=lambda entry: (entry.logged_at, order[entry.id]), reverse=True)
        return found[:limit]

    def between(
        self, person: str, start: datetime, end: datetime, *, kinds: Sequence[str] = (), what: str = ""
    ) -> list[Entry]:
        """Every entry that occurred in [start, end), in order of time."""
        found = [entry for entry in self._of(person, kinds, what) if start <= entry.occurred_at < end]
        return sorted(found, key=lambda entry: (entry.occurred_at, entry.id))

    def changes(self, person: str, *, limit: int = 1) -> list[Change]:
        """What was done last, the latest first: without what was undone, and without the undoing."""
        undone = {change.undoes for change in self.history if change.undoes}
        found = [
            change
            for change in reversed(self.history)
            if change.after.person == person and not change.undoes and change.seq not in undone
        ]
        return found[:limit]

    def flagged_at(self, person: str, reason: str) -> datetime | None:
        """When a red flag was last shown for a reason."""
        return self.shown.get((person, reason))

    def daily_counts(self, person: str, what: str, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
        """How many of a symptom in each whole 24 h back from ``end``, the last first."""
        counts = []
        while end - timedelta(hours=24) >= start:
            begin = end - timedelta(hours=24)
            found = self.between(person, begin, end, kinds=("symptom",), what=what)
            counts.append((begin, sum(entry.count for entry in found)))
            end = begin
        return counts

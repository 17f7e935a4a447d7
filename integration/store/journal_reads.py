"""What is read from the journal's tables: ``journal.book.Book``, and what the years to come are counted from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from integration.store import journal_rows as rows
from integration.store.journal_schema import DAY, HOUR, hour_to_time, to_hour, to_number, to_time
from integration.store.opening import told
from journal.entry import Change, Entry
from journal.hours import HourRow
from journal.outcome import Flag

_ENTRY = f"SELECT {', '.join(rows.COLUMNS)} FROM entries"  # noqa: S608 (fixed names)
_CHANGE = f"""
    SELECT {", ".join(f"c.{name}" for name in rows.CHANGE_COLUMNS)}, e.context
    FROM changes AS c JOIN entries AS e ON e.id = c.entry
"""  # noqa: S608 (fixed names)


class JournalReads:
    """The reading half of ``JournalStore``. Every method raises StoreError where the file cannot be read."""

    path: Path

    @property
    def _db(self) -> sqlite3.Connection:
        raise NotImplementedError

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise told(self.path, "cannot be read", error) from error

    # -- Book

    def get(self, entry_id: str) -> Entry | None:
        """See ``Book``."""
        found = self._rows(f"{_ENTRY} WHERE id = ?", entry_id)
        return rows.from_row(found[0]) if found else None

    def latest(  # noqa: PLR0913
        self,
        person: str,
        *,
        kinds: Sequence[str] = (),
        what: str = "",
        at_least: float | None = None,
        before: datetime | None = None,
        limit: int = 1,
    ) -> list[Entry]:
        """See ``Book``."""
        where, values = _where(person, kinds, what)
        if at_least is not None:
            where, values = f"{where} AND severity >= ?", [*values, at_least]
        if before is not None:
            where, values = f"{where} AND occurred_at < ?", [*values, to_number(before)]
        found = self._rows(f"{_ENTRY} WHERE {where} ORDER BY occurred_at DESC, seq DESC LIMIT ?", *values, limit)
        return [rows.from_row(row) for row in found]

    def logged_last(self, person: str, *, limit: int = 1) -> list[Entry]:
        """See ``Book``."""
        where, values = _where(person)
        found = self._rows(f"{_ENTRY} WHERE {where} ORDER BY logged_at DESC, seq DESC LIMIT ?", *values, limit)
        return [rows.from_row(row) for row in found]

    def between(
        self, person: str, start: datetime, end: datetime, *, kinds: Sequence[str] = (), what: str = ""
    ) -> list[Entry]:
        """See ``Book``."""
        where, values = _where(person, kinds, what)
        span = (to_number(start), to_number(end))
        sql = f"{_ENTRY} WHERE {where} AND occurred_at >= ? AND occurred_at < ? ORDER BY occurred_at, seq"
        return [rows.from_row(row) for row in self._rows(sql, *values, *span)]

    def changes(self, person: str, *, limit: int = 1) -> list[Change]:
        """See ``Book``; an undoing itself is left out too."""
        live = "c.person = ? AND c.undoes = 0 AND c.undone = 0"
        return self._changes(f"{_CHANGE} WHERE {live} ORDER BY c.seq DESC LIMIT ?", person, limit)

    def flagged_at(self, person: str, reason: str) -> datetime | None:
        """See ``Book``."""
        sql = "SELECT max(at) FROM flags WHERE person = ? AND reason = ? AND shown = 1"
        ((at,),) = self._rows(sql, person, reason)
        return None if at is None else to_time(at)

    def daily_counts(self, person: str, what: str, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
        """See ``Book``. An entry that stands for three counts as three."""
        days = max(0, (end - start) // timedelta(days=1))
        first, last = to_number(end) - days * DAY, to_number(end)
        where, values = _where(person, ("symptom",), what)
        sql = f"""
            SELECT (? - occurred_at - 1) / {DAY} AS back, sum(count) FROM entries
            WHERE {where} AND occurred_at >= ? AND occurred_at < ? GROUP BY back
        """  # noqa: S608 (fixed names)
        found = dict(self._rows(sql, last, *values, first, last))
        return [(end - timedelta(days=back + 1), found.get(back, 0)) for back in range(days)]

    # -- beside it

    def history(self, entry_id: str) -> list[Change]:
        """Everything that was done to an entry, the first first, also what was undone."""
        return self._changes(f"{_CHANGE} WHERE c.entry = ? ORDER BY c.seq", entry_id)

    def amended(self) -> set[str]:
        """The entries that are not as they were first written down, for exports that tell."""
        live = "undoes = 0 AND undone = 0 AND op NOT LIKE 'delete%'"
        sql = f"SELECT DISTINCT entry FROM changes WHERE before IS NOT NULL AND {live}"  # noqa: S608 (fixed)
        return {entry for (entry,) in self._rows(sql)}

    def everything(self, person: str | None = None, *, deleted: bool = False) -> Iterator[Entry]:
        """Every entry in the order in which it was written down, for an export; deleted ones only when asked for."""
        after, sql = 0, f"{_ENTRY.replace('SELECT', 'SELECT seq,', 1)} WHERE seq > ?"
        sql += ("" if person is None else " AND person = ?") + ("" if deleted else " AND deleted = 0")
        values = () if person is None else (person,)
        while found := self._rows(f"{sql} ORDER BY seq LIMIT 1000", after, *values):
            yield from (rows.from_row(row[1:]) for row in found)
            after = found[-1][0]

    def persons(self) -> list[str]:
        """Everybody who has an entry."""
        return [person for (person,) in self._rows("SELECT DISTINCT person FROM entries ORDER BY person")]

    def hours(self, person: str, fact: str, start: datetime, end: datetime) -> list[HourRow]:
        """The hours of a fact that begin in [start, end), in order; an hour of which nothing is known is missing."""
        sql = """
            SELECT hour, known_minutes, mean, low, high, true_minutes FROM hours
            WHERE person = ? AND fact = ? AND hour >= ? AND hour < ? ORDER BY hour
        """
        first, last = to_hour(start + HOUR - timedelta.resolution), to_hour(end + HOUR - timedelta.resolution)
        return [
            HourRow(
                fact=fact,
                hour=hour_to_time(hour),
                known_minutes=known,
                mean=mean,
                low=low,
                high=high,
                true_minutes=true,
            )
            for hour, known, mean, low, high, true in self._rows(sql, person, fact, first, last)
        ]

    def facts(self, person: str) -> list[str]:
        """Of which there are hours."""
        return [fact for (fact,) in self._rows("SELECT DISTINCT fact FROM hours WHERE person = ?", person)]

    def flags(self, person: str, start: datetime, end: datetime) -> list[tuple[datetime, Flag]]:
        """The red flags of a span, with their times. What they said is not kept."""
        sql = "SELECT at, tier, reason, shown FROM flags WHERE person = ? AND at >= ? AND at < ? ORDER BY at, seq"
        return [
            (to_time(at), Flag(tier=tier, reason=reason, says="", shown=bool(shown)))
            for at, tier, reason, shown in self._rows(sql, person, to_number(start), to_number(end))
        ]

    def reply_to(self, key: str, *, person: str, lasting: bool = False) -> str | None:
        """What a message that was heard before was answered with; None: it was not heard."""
        sql = "SELECT reply FROM heard WHERE lasting = ? AND person = ? AND key = ?"
        found = self._rows(sql, lasting, person, key)
        return found[0][0] if found else None

    def backups(self) -> dict[Path, datetime]:
        """Every copy that was made or restored from, and when."""
        sql = "SELECT substr(name, 8), value FROM meta WHERE name LIKE 'backup:%' ORDER BY value"
        return {Path(name): datetime.fromisoformat(at) for name, at in self._rows(sql)}

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = ("entries", "changes", "heard", "flags", "hours")
        return {table: self._rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables}  # noqa: S608

    def _changes(self, sql: str, *values: object) -> list[Change]:
        return [rows.change_from_row(row[:-1], json.loads(row[-1])) for row in self._rows(sql, *values)]


def _where(person: str, kinds: Sequence[str] = (), what: str = "") -> tuple[str, list[object]]:
    where, values = "deleted = 0 AND person = ?", [person]
    if kinds:
        where, values = f"{where} AND kind IN ({', '.join('?' * len(kinds))})", [*values, *kinds]
    if what:
        where, values = f"{where} AND what = ?", [*values, what]
    return where, [*values]

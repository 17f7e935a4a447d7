"""The journal's database: kept for years, written rarely, and on the disk with every commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from integration.private import FILE as FILE_MODE
from integration.private import FOLDER
from integration.store import journal_rows as rows
from integration.store.journal_copies import Erased, Span, back_up, erase
from integration.store.journal_reads import JournalReads
from integration.store.journal_schema import MIGRATIONS, to_hour, to_number
from integration.store.opening import (
    OPENING_S,
    StoreError,
    look_for_damage,
    nothing_yet,
    reading,
    refuse_other_version,
    told,
    whole_or_not_at_all,
)
from integration.store.schema import migrate
from journal.entry import Change
from journal.hours import HourRow
from journal.outcome import Flag

JOURNAL = "journal.db"
BUSY_S = 2.0
"""How long a write waits for another process, as an import or an erasing."""


class JournalStore(JournalReads):
    """Entries with their history, what was heard, red flags, hours. Opens on ``open``, which also migrates."""

    def __init__(self, folder: Path, *, read_only: bool = False, patience_s: float = BUSY_S) -> None:
        """``patience_s``: how long a write waits for another process; the engine waits for nobody."""
        self.path = folder / JOURNAL
        self._patience_s = patience_s
        self._read_only = read_only
        self._connection: sqlite3.Connection | None = None

    def open(self) -> JournalStore:
        """Open (and create) it. Raises StoreError with what to do; DamagedError: see ``journal_rescue``."""
        try:
            if self._read_only:
                if not self.path.exists():
                    raise nothing_yet(self.path)
                self._connection = reading(self.path)
                refuse_other_version(self.path, self._connection, len(MIGRATIONS), oldest=len(MIGRATIONS))
            else:
                self._open_to_write()
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise told(self.path, "cannot be opened", error) from error
        except StoreError:
            self.close()
            raise
        return self

    def _open_to_write(self) -> None:
        self.path.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        self.path.touch(mode=FILE_MODE)
        connection = sqlite3.connect(self.path, timeout=OPENING_S, isolation_level=None, check_same_thread=False)
        self._connection = connection
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a commit returns when it is safe from a power cut
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, MIGRATIONS)
        refuse_other_version(self.path, connection, len(MIGRATIONS))
        look_for_damage(self.path, connection)
        connection.execute(f"PRAGMA busy_timeout = {round(self._patience_s * 1000)}")

    @property
    def is_open(self) -> bool:
        """Whether it can be used."""
        return self._connection is not None

    def close(self) -> None:
        """Close it; safe to call twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError(self.path, "is not open")
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is on disk together, or not at all; one in another is part of it. Raises StoreError."""
        if self._db.in_transaction:
            yield
            return
        with whole_or_not_at_all(self.path, self._db):
            yield

    def check(self) -> str:
        """SQLite's own examination of the whole file: "ok", or what is wrong with it. Raises StoreError."""
        return "\n".join(line for (line,) in self._rows("PRAGMA integrity_check(20)"))

    # -- written

    def apply(self, changes: Iterable[Change]) -> list[Change]:
        """Write entries and their history; returns the changes that were new, with their numbers.

        An entry that is added again is left as it is: the same words may be delivered twice.
        """
        done: list[Change] = []
        with self.transaction():
            for change in changes:
                if change.before is None and self.get(change.after.id) is not None:
                    continue
                rows.write(self._db, rows.to_row(change.after))
                done.append(replace(change, seq=self._note(change)))
        return done

    def _note(self, change: Change) -> int:
        row = rows.change_to_row(change)
        sql = f"INSERT INTO changes ({', '.join(row)}) VALUES (:{', :'.join(row)})"  # noqa: S608
        seq = self._db.execute(sql, row).lastrowid or 0
        if change.undoes:
            # what is undone is no longer there to be undone; if it was an undoing itself, what that took back is
            self._db.execute("UPDATE changes SET undone = ? WHERE seq = ?", (seq, change.undoes))
            self._db.execute("UPDATE changes SET undone = 0 WHERE undone = ?", (change.undoes,))
        return seq

    def note_heard(self, key: str, reply: str, *, person: str, at: datetime, lasting: bool = False) -> None:
        """Remember a message and its answer. ``lasting``: the sender named it, not the broker for a while."""
        sql = "INSERT OR REPLACE INTO heard (lasting, person, key, at, reply) VALUES (?, ?, ?, ?, ?)"
        with self.transaction():
            self._db.execute(sql, (lasting, person, key, to_number(at), reply))

    def forget_heard(self, *, before: datetime | None = None, session: bool = True) -> None:
        """A new session with the broker: its numbers begin anew. ``before``: also all that was heard before then."""
        with self.transaction():
            if session:
                self._db.execute("DELETE FROM heard WHERE lasting = 0")
            if before is not None:
                self._db.execute("DELETE FROM heard WHERE at < ?", (to_number(before),))

    def add_flags(self, person: str, flags: Sequence[Flag], at: datetime) -> None:
        """Keep which red flags came up, without what they said; and nothing of those that must leave no trace."""
        kept = [flag for flag in flags if flag.kept]
        sql = "INSERT INTO flags (person, reason, tier, at, shown) VALUES (?, ?, ?, ?, ?)"
        with self.transaction():
            self._db.executemany(sql, [(person, flag.reason, flag.tier, to_number(at), flag.shown) for flag in kept])

    def add_hours(self, person: str, found: Iterable[HourRow]) -> None:
        """Keep hours. Of two for the same hour the one that knows more of it counts, and else the later one."""
        names = ("known_minutes", "mean", "low", "high", "true_minutes")
        sql = f"""
            INSERT INTO hours (person, fact, hour, {", ".join(names)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in names)}
            WHERE excluded.known_minutes >= known_minutes
        """  # noqa: S608 (fixed names)
        values = (
            (person, row.fact, to_hour(row.hour), row.known_minutes, row.mean, row.low, row.high, row.true_minutes)
            for row in found
        )
        with self.transaction():
            self._db.executemany(sql, values)

    # -- copies and erasing

    def backup(self, to: Path, now: datetime) -> Path:
        """Copy it as it is now, while it is used or not; ``erase`` knows the copy. Raises StoreError."""
        return back_up(self.path, self._db, to, now)

    def erase(self, person: str | None = None, start: datetime | None = None, end: datetime | None = None) -> Erased:
        """Erase for good, here and in every copy that is known. Raises StoreError; see ``journal_copies``."""
        return erase(self.path, self._db, Span(person, start, end), self.backups())

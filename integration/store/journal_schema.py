"""The journal's tables, in steps as in ``schema.py``. Instants are microseconds since 1970 in UTC: exact, in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

APPLICATION = 0x556E636A
"""What a file says of itself ("Uncj"), so that nothing else is restored as a journal."""
MIGRATIONS = (
    f"""
    PRAGMA application_id = {APPLICATION};
    CREATE TABLE entries (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        person TEXT NOT NULL,
        kind TEXT NOT NULL,
        what TEXT NOT NULL,
        subtype TEXT NOT NULL,
        place TEXT NOT NULL,
        side TEXT NOT NULL,
        severity REAL,
        severity_word TEXT NOT NULL,
        severity_source TEXT NOT NULL,
        duration_minutes REAL,
        occurred_at INTEGER NOT NULL,
        logged_at INTEGER NOT NULL,
        precision TEXT NOT NULL,
        count INTEGER NOT NULL,
        suspected TEXT NOT NULL,
        note TEXT NOT NULL,
        raw TEXT NOT NULL,
        channel TEXT NOT NULL,
        going_on INTEGER NOT NULL,
        over INTEGER NOT NULL,
        ended_at INTEGER,
        woke INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        celsius REAL,
        reminder TEXT NOT NULL,
        context TEXT NOT NULL,
        more TEXT NOT NULL
    ) STRICT;
    CREATE INDEX entries_time ON entries (person, occurred_at, kind, severity, what) WHERE deleted = 0;
    CREATE INDEX entries_what ON entries (person, what, occurred_at, kind, severity, count) WHERE deleted = 0;
    CREATE INDEX entries_logged ON entries (person, logged_at) WHERE deleted = 0;
    CREATE TABLE changes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        entry TEXT NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
        person TEXT NOT NULL,
        at INTEGER NOT NULL,
        op TEXT NOT NULL,
        before TEXT,
        after TEXT NOT NULL,
        together TEXT NOT NULL,
        undoes INTEGER NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX changes_entry ON changes (entry);
    CREATE INDEX changes_live ON changes (person, seq) WHERE undoes = 0 AND undone = 0;
    CREATE TABLE heard (
        lasting INTEGER NOT NULL,
        person TEXT NOT NULL,
        key TEXT NOT NULL,
        at INTEGER NOT NULL,
        reply TEXT NOT NULL,
        PRIMARY KEY (lasting, person, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE flags (
        seq INTEGER PRIMARY KEY,
        person TEXT NOT NULL,
        reason TEXT NOT NULL,
        tier TEXT NOT NULL,
        at INTEGER NOT NULL,
        shown INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX flags_reason ON flags (person, reason, at);
    CREATE TABLE hours (
        person TEXT NOT NULL,
        fact TEXT NOT NULL,
        hour INTEGER NOT NULL,
        known_minutes REAL NOT NULL,
        mean REAL,
        low REAL,
        high REAL,
        true_minutes REAL,
        PRIMARY KEY (person, fact, hour)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE meta (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
)
"""Never changed once released: a new shape is a new step. ``hours.hour`` counts hours since 1970."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1) // _MICROSECOND


def to_number(at: datetime) -> int:
    """An aware instant as it is stored."""
    return (at - _EPOCH) // _MICROSECOND


def to_time(number: int) -> datetime:
    """A stored instant."""
    return _EPOCH + timedelta(microseconds=number)


def to_hour(at: datetime) -> int:
    """The number of the hour in which an instant is."""
    return (at - _EPOCH) // HOUR


def hour_to_time(number: int) -> datetime:
    """When an hour begins."""
    return _EPOCH + number * HOUR

"""Numbered steps from one shape of the database to the next, under ``PRAGMA user_version``."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

MIGRATIONS = (
    """
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        person TEXT NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX events_at ON events (at);
    CREATE TABLE decisions (
        seq INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        person TEXT NOT NULL,
        about TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX decisions_at ON decisions (at);
    CREATE TABLE actions (
        id TEXT PRIMARY KEY,
        at TEXT NOT NULL,
        person TEXT NOT NULL,
        status TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX actions_at ON actions (at);
    CREATE TABLE snapshot (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        after_seq INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE fired (
        person TEXT NOT NULL,
        routine TEXT NOT NULL,
        day TEXT NOT NULL,
        result TEXT NOT NULL,
        PRIMARY KEY (person, routine, day)
    ) STRICT;
    """,
)
"""Never changed once released: a new shape is a new step."""


def migrate(connection: sqlite3.Connection, steps: Sequence[str] = MIGRATIONS) -> None:
    """Bring a database to the present shape. Raises sqlite3.Error; a half-done step is rolled back."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, step in enumerate(steps[version:], start=version + 1):
        connection.executescript(f"BEGIN; {step} PRAGMA user_version = {number}; COMMIT;")

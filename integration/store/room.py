"""How large the database may grow: whoever may send to a sensor's topic can send without end."""

from __future__ import annotations

import sqlite3

LARGEST = 500 * 1024 * 1024
"""Bytes. A home with twenty sensors writes about a tenth of it in the 30 days that are kept."""
CHUNK = 20_000
"""Rows at a time: far more than come in until the next time, and few enough to be quick."""


def make_room(connection: sqlite3.Connection, largest: int = LARGEST) -> int:
    """Delete the oldest rows of a database that is too large; says how many. Symptoms go only where all else is gone.

    What the snapshot does not know yet stays. The file does not shrink: what becomes free in it is used again.
    """
    if used(connection) <= largest:
        return 0
    row = connection.execute("SELECT after_seq FROM snapshot").fetchone()
    known = row[0] if row else 0
    events = _delete_events(connection, known, "kind <> 'symptom_logged'")
    others = sum(_delete(connection, table) for table in ("decisions", "actions"))
    symptoms = 0
    if events < CHUNK and used(connection) > largest:
        symptoms = _delete_events(connection, known, "kind = 'symptom_logged'")
    return events + others + symptoms


def used(connection: sqlite3.Connection) -> int:
    """Bytes of the database that hold something."""
    size, pages, free = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count", "freelist_count")
    )
    return int(size * (pages - free))


def _delete_events(connection: sqlite3.Connection, known: int, which: str) -> int:
    sql = f"DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE seq <= ? AND {which} ORDER BY seq LIMIT ?)"  # noqa: S608 (two fixed conditions)
    return connection.execute(sql, (known, CHUNK)).rowcount


def _delete(connection: sqlite3.Connection, table: str) -> int:
    sql = f"DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} ORDER BY rowid LIMIT ?)"  # noqa: S608 (two fixed names)
    return connection.execute(sql, (CHUNK,)).rowcount

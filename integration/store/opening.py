"""What both databases need to be opened: the errors in words, and reading where nothing can be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.errors import UnclenchError
from integration.store.troubles import is_damage, what_to_do

OPENING_S = 5.0


class StoreError(UnclenchError):
    """The database cannot be opened, read or written."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")


class DamagedError(StoreError):
    """The file itself is damaged: only another one helps."""


def told(path: Path, what: str, error: sqlite3.Error | OSError) -> StoreError:
    """An error of SQLite or the system, for a person."""
    kind = DamagedError if is_damage(error) else StoreError
    return kind(path, f"{what} ({error}): {what_to_do(error)}")


def nothing_yet(path: Path) -> StoreError:
    """There is no file to read."""
    return StoreError(path, "is not there: Unclench has not run yet with this data folder. Start it with: unclench run")


def refuse_other_version(path: Path, connection: sqlite3.Connection, newest: int, *, oldest: int = 1) -> None:
    """Leave a file of a newer Unclench alone, one that holds nothing, and one too old to be read. Raises StoreError."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > newest:
        raise StoreError(path, "was written by a newer Unclench. Update this one.")
    if version == 0:
        raise StoreError(path, "holds nothing yet.")
    if version < oldest:
        raise StoreError(path, "was written by an older Unclench. Start this one once, with: unclench run")


def look_for_damage(path: Path, connection: sqlite3.Connection) -> None:
    """Once at the start: 0.1 s for 100 MB that the system has in memory. Raises DamagedError."""
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DamagedError(path, f"is damaged ({' '.join(found.split())})")


def reading(path: Path) -> sqlite3.Connection:
    """Open for reading, also on a disk that cannot be written: there nothing else may need to be made for it."""
    there = path.absolute().as_uri()
    try:
        connection = sqlite3.connect(f"{there}?mode=ro", uri=True, timeout=OPENING_S, check_same_thread=False)
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        connection = sqlite3.connect(f"{there}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        connection.execute("PRAGMA user_version").fetchone()
    return connection


@contextmanager
def whole_or_not_at_all(path: Path, connection: sqlite3.Connection) -> Iterator[None]:
    """Everything inside is committed together, or not at all. Raises StoreError."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk has rolled it back already
                connection.execute("ROLLBACK")
            raise
    except sqlite3.Error as error:
        raise told(path, "cannot be written", error) from error

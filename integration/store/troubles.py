"""What SQLite's errors mean for a person: what happened, and what to do about it."""

from __future__ import annotations

import errno
import sqlite3

_FULL = "the disk is full. Make room on it"
_READ_ONLY = "it can only be read. Look at the file's owner, and at the disk: a worn-out card turns read-only"
_NOT_YOURS = "is the data folder there, and yours?"
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_BUSY: "another program holds it. End that program",
    sqlite3.SQLITE_LOCKED: "another program holds it. End that program",
    sqlite3.SQLITE_IOERR: "the disk reports errors. It may be full or worn out: look at it, and replace it",
    sqlite3.SQLITE_CANTOPEN: _NOT_YOURS,
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is damaged",
}
_BY_SYSTEM = {errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EROFS: _READ_ONLY}
_PRIMARY = 0xFF
"""An extended result code of SQLite holds the primary one in its low byte."""


def is_damage(error: sqlite3.Error | OSError) -> bool:
    """Whether the file's content is damaged, so that trying again is no use."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def what_to_do(error: sqlite3.Error | OSError) -> str:
    """The meaning of an error and its remedy, for a person."""
    if isinstance(error, OSError):
        return _BY_SYSTEM.get(error.errno or 0, _NOT_YOURS)
    return _BY_SQLITE.get(_code(error), _NOT_YOURS)


def _code(error: sqlite3.Error | OSError) -> int:
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY

"""Backups of the journal, their restoring, and erasing for good: here and in every copy that is known."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from integration.private import FILE as FILE_MODE
from integration.store.journal_schema import APPLICATION, HOUR, MIGRATIONS, to_hour, to_number
from integration.store.opening import StoreError, reading, refuse_other_version, told, whole_or_not_at_all
from integration.store.rescue import FILES, set_aside
from integration.store.schema import migrate

log = logging.getLogger("unclench.store")

_EARLIEST, _LATEST = -(2**62), 2**62
_SQLITE = b"SQLite format 3\0"
"""What a database begins with."""


@dataclass(frozen=True, slots=True)
class Span:
    """What to erase: of everybody or one person, of all times or of what occurred in [start, end)."""

    person: str | None = None
    start: datetime | None = None
    end: datetime | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is to be left."""
        return self.person is None and self.start is None and self.end is None

    def values(self) -> dict[str, object]:
        """For the queries below."""
        start = _EARLIEST if self.start is None else to_number(self.start)
        end = _LATEST if self.end is None else to_number(self.end)
        first = _EARLIEST if self.start is None else to_hour(self.start)
        last = _LATEST if self.end is None else to_hour(self.end + HOUR - HOUR.resolution)
        return {"person": self.person, "start": start, "end": end, "first": first, "last": last}


@dataclass(slots=True)
class Erased:
    """What became of it. ``left``: copies that could not be reached, and why; their words are still there."""

    counts: dict[str, int] = field(default_factory=dict)
    rewritten: list[Path] = field(default_factory=list)
    deleted: list[Path] = field(default_factory=list)
    left: dict[Path, str] = field(default_factory=dict)


# -- backups


def back_up(path: Path, source: sqlite3.Connection, to: Path, now: datetime) -> Path:
    """Copy the journal to a file of one piece, for its owner alone; a copy that is known is replaced."""
    to = to.absolute()
    if to.is_dir():
        to = to / f"journal-{now:%Y-%m-%dT%H-%M-%S}.db"
    if to == path.absolute():
        raise StoreError(to, "is the journal itself. Name another file.")
    try:
        known = source.execute("SELECT count(*) FROM meta WHERE name = ?", (f"backup:{to}",)).fetchone()[0]
        if to.exists() and not known:
            raise StoreError(to, "is there already, and is no backup of this journal. Name another file.")
        note_copies(path, {to: now})  # before there is one: erasing must know of it
        copy(source, to)
    except (sqlite3.Error, OSError) as error:
        raise told(to, "the backup cannot be written", error) from error
    return to


def note_copies(path: Path, copies: dict[Path, datetime]) -> None:
    """Remember copies, over a connection of its own: who makes one may only be reading. Told where it cannot be."""
    there = f"{path.absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(there, uri=True, timeout=5, isolation_level=None)) as connection:
            values = [(f"backup:{copied}", at.isoformat()) for copied, at in copies.items()]
            connection.executemany("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", values)
    except sqlite3.Error as error:
        names = ", ".join(str(copied) for copied in copies)
        log.warning("%s cannot be written (%s): erasing will not know of the copy %s", path, error, names)


def copy(source: sqlite3.Connection, to: Path) -> None:
    """As a whole, or not at all. Raises sqlite3.Error, OSError."""
    part = to.with_name(f"{to.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=FILE_MODE)
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def validate(backup: Path) -> int:
    """How many entries a backup holds. Raises StoreError, where it is none."""
    if not backup.is_file():
        raise StoreError(backup, "is not there. Name the file that a backup was written to.")
    try:
        with backup.open("rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                raise StoreError(
                    backup, "is no backup, and nothing was changed. Name a file that journal backup wrote."
                )
        with closing(reading(backup.absolute())) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            if application != APPLICATION:
                raise StoreError(backup, "is no journal of Unclench. Nothing was changed.")
            refuse_other_version(backup, connection, len(MIGRATIONS))
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise StoreError(backup, f"is damaged ({' '.join(found.split())}). Nothing was changed.")
            return int(connection.execute("SELECT count(*) FROM entries WHERE deleted = 0").fetchone()[0])
    except (sqlite3.Error, OSError) as error:
        raise told(backup, "cannot be read, and nothing was changed", error) from error


def restore(backup: Path, journal: Path, now: datetime) -> Path | None:
    """Put a backup in the journal's place; the caller holds the folder's lock. Returns where the present one is now."""
    validate(backup)
    coming = journal.with_name(f"{journal.name}.restoring")
    try:
        journal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(reading(backup.absolute())) as source:
            copy(source, coming)
        copies = {backup.absolute(): now, **_known(journal)}
        aside = set_aside(journal, f"replaced-{now:%Y-%m-%dT%H-%M-%S}") if journal.exists() else None
        coming.replace(journal)
        with closing(sqlite3.connect(journal, isolation_level=None)) as connection:
            migrate(connection, MIGRATIONS)
        note_copies(journal, copies)
    except (sqlite3.Error, OSError) as error:
        raise told(journal, "cannot be restored", error) from error
    finally:
        with suppress(OSError):
            coming.unlink(missing_ok=True)
    return aside


def _known(journal: Path) -> dict[Path, datetime]:
    """The copies that a journal knows, as far as it can be read."""
    found: dict[Path, datetime] = {}
    with suppress(sqlite3.Error, ValueError), closing(reading(journal)) as connection:
        sql = "SELECT substr(name, 8), value FROM meta WHERE name LIKE 'backup:%'"
        found |= {Path(name): datetime.fromisoformat(at) for name, at in connection.execute(sql)}
    return found


# -- erasing

_WHO = "(:person IS NULL OR person = :person)"
_GONE = f"SELECT id, logged_at FROM entries WHERE {_WHO} AND occurred_at >= :start AND occurred_at < :end"  # noqa: S608 (fixed texts)
_WITH = "at IN (SELECT logged_at FROM gone)"
_STEPS = (
    ("changes", "DELETE FROM changes WHERE entry IN (SELECT id FROM gone)"),
    ("flags", f"DELETE FROM flags WHERE {_WHO} AND (at >= :start AND at < :end OR {_WITH})"),  # noqa: S608
    ("hours", f"DELETE FROM hours WHERE {_WHO} AND hour >= :first AND hour < :last"),  # noqa: S608
    ("entries", "DELETE FROM entries WHERE id IN (SELECT id FROM gone)"),
)
_HEARD = {
    True: f"DELETE FROM heard WHERE {_WHO}",  # noqa: S608
    # that a message was heard stays known; and a reply of later may tell of the span
    False: f"UPDATE heard SET reply = '' WHERE {_WHO} AND reply <> '' AND (at >= :start OR {_WITH})",  # noqa: S608
}


def erase_rows(connection: sqlite3.Connection, span: Span) -> dict[str, int]:
    """Delete what is in the span; returns how many rows of each table. The caller commits."""
    values = span.values()
    connection.execute("DROP TABLE IF EXISTS temp.gone")
    connection.execute(f"CREATE TEMP TABLE gone AS {_GONE}", values)
    whole = span.start is None and span.end is None
    counts = {"heard": connection.execute(_HEARD[whole], values).rowcount}
    counts |= {table: connection.execute(sql, values).rowcount for table, sql in _STEPS}
    connection.execute("DROP TABLE temp.gone")
    return {table: counts[table] for table in ("entries", "changes", "heard", "flags", "hours")}


def erase(path: Path, connection: sqlite3.Connection, span: Span, copies: Iterable[Path]) -> Erased:
    """Erase in the journal, then in its copies: those it knows, and those set aside beside it. Raises StoreError."""
    erased = Erased()
    connection.execute("PRAGMA temp_store = MEMORY")
    with whole_or_not_at_all(path, connection):
        erased.counts = erase_rows(connection, span)
    compact(path, connection)
    for left in _unfinished(path, copies := list(copies)):
        shutil.rmtree(left) if left.is_dir() else delete_files(left)
        erased.deleted.append(left)
    for found in dict.fromkeys([*copies, *asides(path)]):
        if not found.exists():
            erased.left[found] = "is not there now: where you still have it, what you erased is in it"
        elif span.everything and ".damaged-" in found.name and found.absolute().parent == path.absolute().parent:
            delete_files(found)
            erased.deleted.append(found)
        elif why := _rewrite(found, span):
            erased.left[found] = why
        else:
            erased.rewritten.append(found)
    return erased


def asides(path: Path) -> Iterator[Path]:
    """The files beside a database that were one before: damaged, or replaced by a backup."""
    found = path.parent.glob(f"{path.name}.*-*")
    yield from sorted(each for each in found if not each.name.endswith(("-wal", "-shm", "-journal")))


def _unfinished(path: Path, copies: Iterable[Path]) -> list[Path]:
    """What a restoring, a rescue or a backup left that was ended in its middle."""
    names = [path.with_name(f"{path.name}.{what}") for what in ("restoring", "restoring.part", "renewing")]
    names += [copied.with_name(f"{copied.name}.part") for copied in copies]
    return [name for name in names if name.exists()]


def delete_files(path: Path) -> None:
    """A database and what belongs to it."""
    for suffix in FILES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def compact(path: Path, connection: sqlite3.Connection) -> None:
    """Leave nothing of deleted rows in the file or in the log beside it. Raises StoreError."""
    try:
        connection.execute("VACUUM")
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise told(path, "is erased, and its file still holds what was in it", error) from error
    if busy:
        problem = "is erased, but its file still holds it: another program reads it. End that program, and try again."
        raise StoreError(path, problem)


def _rewrite(found: Path, span: Span) -> str:
    """Erase in a copy; returns why it could not be."""
    there = f"{found.absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(there, uri=True, timeout=5, isolation_level=None)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            if application != APPLICATION:
                return "is no journal any more"
            if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                return "is damaged and cannot be changed: delete it yourself"
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            migrate(connection, MIGRATIONS)
            with whole_or_not_at_all(found, connection):
                erase_rows(connection, span)
            compact(found, connection)
    except (sqlite3.Error, OSError) as error:
        return str(told(found, "cannot be changed", error))
    except StoreError as error:
        return str(error)
    return ""

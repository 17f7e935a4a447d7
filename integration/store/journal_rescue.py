"""A damaged journal is set aside, never deleted, and a new one begun with every entry that can still be read of it."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from integration.store import journal_rows as rows
from integration.store.journal import JournalStore
from integration.store.opening import DamagedError, StoreError
from integration.store.rescue import FILES, set_aside
from integration.store.troubles import what_to_do

log = logging.getLogger("unclench.store")

BEYOND = 2_000
"""So many numbers are tried past a damaged place, where it cannot be told how many there are."""
_NUMBERED = {
    "entries": ("seq", *rows.COLUMNS),
    "changes": ("seq", "entry", "person", "at", "op", "before", "after", "together", "undoes", "undone"),
    "flags": ("seq", "person", "reason", "tier", "at", "shown"),
}
_KEYED = {
    "meta": (("name",), ("value",)),
    "heard": (("lasting", "person", "key"), ("at", "reply")),
    "hours": (("person", "fact", "hour"), ("known_minutes", "mean", "low", "high", "true_minutes")),
}


def open_whole(store: JournalStore, now: datetime) -> str:
    """Open it; a damaged one is replaced. Returns what to tell the person, if anything. Raises StoreError."""
    try:
        store.open()
    except DamagedError as error:
        return renew(store, now, error)
    return ""


def renew(store: JournalStore, now: datetime, why: DamagedError) -> str:
    """Put a new journal in the place of the damaged one, with what can be read of it. Returns what to tell."""
    store.close()
    # until the new one is whole, the damaged one stays in its place
    folder = store.path.with_name(f"{store.path.name}.renewing")
    shutil.rmtree(folder, ignore_errors=True)
    fresh = JournalStore(folder)
    try:
        kept = carry_over(store.path, fresh.open())
        fresh.close()
        old = set_aside(store.path, f"damaged-{now:%Y-%m-%dT%H-%M-%S}")
        for suffix in FILES:
            made = fresh.path.with_name(fresh.path.name + suffix)
            if made.exists():
                made.rename(store.path.with_name(store.path.name + suffix))
    except OSError as error:
        raise StoreError(store.path, f"is damaged and cannot be moved away ({error}): {what_to_do(error)}") from error
    finally:
        fresh.close()
        shutil.rmtree(folder, ignore_errors=True)
    store.open()
    text = f"{why}. It is kept as {old}, and a new one is begun with the {kept} entries that could be read"
    there = [copy for copy in store.backups() if copy.exists()]
    text += f". Your last backup is {there[-1]}" if there else ""
    log.error("%s", text)
    return text


def carry_over(old: Path, store: JournalStore) -> int:
    """Copy every row that can be read; returns how many entries. An entry that is lost comes back from its history."""
    target = store._db  # noqa: SLF001 (the same room)
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{old.absolute().as_uri()}?mode=ro", uri=True)) as source,
        store.transaction(),
    ):
        for table, columns in _NUMBERED.items():
            for row in _numbered(source, table, columns):
                if table == "entries" and not _sound(row[1:]):
                    continue
                if table == "changes":
                    _bring_back(target, row)
                _put(target, table, columns, row)
        for table, (key, values) in _KEYED.items():
            for row in _keyed(source, table, key, values):
                _put(target, table, (*key, *values), row)
    return store.counts()["entries"]


def _sound(row: tuple[Any, ...]) -> bool:
    try:
        rows.from_row(row)
    except (ValueError, TypeError, OverflowError):
        return False
    return True


def _bring_back(target: sqlite3.Connection, change: tuple[Any, ...]) -> None:
    """Write the entry of a change where it is missing: as the latest change left it, without its context."""
    _, entry_id, *_, after, _, _, _ = change
    with suppress(ValueError, TypeError):
        row = rows.to_row(rows.entry_from_json(after))
        if row["id"] != entry_id:
            return
        known = target.execute("SELECT context FROM entries WHERE id = ?", (entry_id,)).fetchone()
        if known is None or known == (LOST,):
            row["context"] = LOST
            rows.write(target, row)


LOST = '{"lost":true}'
"""The context of an entry that came back from its history: what the home was like is not known any more."""


def _put(target: sqlite3.Connection, table: str, columns: tuple[str, ...], row: tuple[Any, ...]) -> None:
    """One row, unless what was read of it is no row of this table."""
    sql = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    with suppress(sqlite3.IntegrityError, OverflowError):
        target.execute(sql, row)


def _numbered(source: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Every row that can be read, over damaged places too."""
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE seq > ? ORDER BY seq"  # noqa: S608 (fixed names)
    after, last = 0, _last(source, table)
    good = 0
    while after < (last or good + BEYOND):
        try:
            for row in source.execute(sql, (after,)):
                after = good = row[0]
                yield row
        except sqlite3.Error:
            after += 1
        else:
            return


def _last(source: sqlite3.Connection, table: str) -> int | None:
    try:
        return source.execute(f"SELECT max(seq) FROM {table}").fetchone()[0] or 0  # noqa: S608
    except (sqlite3.Error, TypeError):
        return None


def _keyed(
    source: sqlite3.Connection, table: str, key: tuple[str, ...], values: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    """The rows up to the first one that cannot be read, from both ends."""
    for direction in ("ASC", "DESC"):
        order = ", ".join(f"{name} {direction}" for name in key)
        with suppress(sqlite3.Error):
            yield from source.execute(f"SELECT {', '.join((*key, *values))} FROM {table} ORDER BY {order}")  # noqa: S608
            return

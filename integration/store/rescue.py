"""A damaged database is set aside, never deleted, and a new one begun with what can still be read of the old one."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from integration.store.opening import DamagedError, StoreError
from integration.store.store import Store
from integration.store.troubles import what_to_do

log = logging.getLogger("unclench.store")

KEPT = "what was under way is remembered"
LOST = "nothing could be taken over, so what was switched on before stays on until you switch it off"
FILES = ("-wal", "-shm", "")
"""What belongs to a database, itself last: what it leaves behind must not be taken for a new one's."""


def open_whole(store: Store, now: datetime) -> None:
    """Open ``store``; a damaged one is replaced. Raises StoreError."""
    try:
        store.open()
    except DamagedError as error:
        renew(store, now, error)


def renew(store: Store, now: datetime, why: DamagedError) -> None:
    """Put a new database in the place of the damaged one, and tell where that is now. Raises StoreError."""
    store.close()
    try:
        old = set_aside(store.path, f"damaged-{now:%Y-%m-%dT%H-%M-%S}")
    except OSError as error:
        raise StoreError(store.path, f"is damaged and cannot be moved away ({error}): {what_to_do(error)}") from error
    store.open()
    kept = KEPT if _take_over(store, old) else LOST
    log.error(
        "%s. It is kept as %s, and a new one is begun: %s. Your earlier record is in the old one.", why, old, kept
    )


def set_aside(path: Path, why: str) -> Path:
    """The database under a name that says why, and that nothing has yet."""
    stem = f"{path.name}.{why}"
    name = next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if not path.with_name(name).exists())
    for suffix in FILES:
        found = path.with_name(path.name + suffix)
        if found.exists():
            found.rename(path.with_name(name + suffix))
    return path.with_name(name)


def _take_over(store: Store, old: Path) -> bool:
    """Copy the engines' memory and what came after it, as far as it can be read; returns whether it could."""
    try:
        with closing(sqlite3.connect(f"file:{old}?mode=ro", uri=True)) as source:
            (after, snapshot) = source.execute("SELECT after_seq, body FROM snapshot").fetchone()
            events = _rows(source, "SELECT at, person, kind, body FROM events WHERE seq > ? ORDER BY seq", after)
            fired = _rows(source, "SELECT person, routine, day, result FROM fired")
    except (sqlite3.Error, TypeError):  # None: there is no snapshot
        return False
    store.take_over(snapshot, events=events, fired=fired)
    return True


def _rows(source: sqlite3.Connection, sql: str, *values: int) -> list[tuple[str, ...]]:
    """The rows up to the first one that cannot be read."""
    found: list[tuple[str, ...]] = []
    try:
        found.extend(source.execute(sql, values))
    except sqlite3.Error:
        log.debug("not all of it can be read: %s", sql)
    return found

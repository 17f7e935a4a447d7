"""The database. One thread writes (the engine's); readers open it themselves, read-only."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from devices.actions import Action
from devices.events import Event
from integration.private import FOLDER
from integration.store.events import event_from_json, event_to_json
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
from integration.store.room import LARGEST, make_room
from integration.store.schema import MIGRATIONS, migrate
from rules.decisions import Decision

log = logging.getLogger("unclench.store")

FILE = "unclench.db"
LOG_BYTES = 4 * 1024 * 1024
"""From this size on the write-ahead log is moved into the database. The file is then cut to half of it: while it is as
large as this, each round would move it again, and the engine's next commit would wait for the disk."""
LOG_BYTES_MOST = 64 * 1024 * 1024
"""From this size on writers wait for it: in a long flood there is no other moment."""
BUSY_S = 0.2
"""How long a round waits for another process that holds the database: it is cooling that waits, so not long."""


class Store:
    """Events, decisions, actions and the snapshot. Opens on ``open``, which also migrates."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.path = folder / FILE
        self._read_only = read_only
        self._connection: sqlite3.Connection | None = None
        self._log: int | None = None  # the write-ahead log, to sync it
        self._log_lock = threading.Lock()  # it is synced in one thread, and closed in another
        self._closed = 0  # how often
        self._told = False

    def open(self) -> Store:
        """Open (and create) the database. Raises StoreError with what to do."""
        try:
            if self._read_only and not self.path.exists():
                raise nothing_yet(self.path)
            if self._read_only:
                self._connection = reading(self.path)
                refuse_other_version(self.path, self._connection, len(MIGRATIONS))
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
        self.path.touch(mode=0o600)
        connection = sqlite3.connect(self.path, timeout=OPENING_S, isolation_level=None, check_same_thread=False)
        self._connection = connection
        connection.execute("PRAGMA journal_mode = WAL")
        # A commit is safe from the end of this process at once, and from a power cut after ``sync``: so the engine
        # waits for no disk, and what is acknowledged to the broker is there for good (``Keeper``).
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES // 2}")
        migrate(connection)
        refuse_other_version(self.path, connection, len(MIGRATIONS))
        look_for_damage(self.path, connection)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")  # a write, so that the log is there to be synced
        connection.execute(f"PRAGMA busy_timeout = {round(BUSY_S * 1000)}")
        self._log = os.open(self._log_path(), os.O_RDONLY)

    @property
    def is_open(self) -> bool:
        """Whether it can be used."""
        return self._connection is not None

    def close(self) -> None:
        """Close it; safe to call twice."""
        self._closed += 1
        with self._log_lock:
            if self._log is not None:
                os.close(self._log)
                self._log = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _log_path(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    def sync(self) -> None:
        """Return when everything that was committed has reached the disk. For any thread. Raises StoreError."""
        try:
            with self._log_lock:
                held = os.dup(self._log) if self._log is not None else None  # nobody waits for a slow disk to close it
            if held is None:
                return
            try:
                os.fdatasync(held)
            finally:
                os.close(held)
        except OSError as error:
            raise told(self.path, "cannot be written", error) from error

    def tidy(self) -> None:
        """Move the write-ahead log into the database, over a connection of its own. For any thread. Raises StoreError.

        It waits for nobody, unless the log has become very large.
        """
        closed = self._closed
        if self._log is None:
            return
        try:
            size = self._log_path().stat().st_size
            if size < LOG_BYTES:
                return
            there = f"{self.path.absolute().as_uri()}?mode=rw"  # and none is made in its place
            with closing(sqlite3.connect(there, uri=True, timeout=5, isolation_level=None)) as connection:
                connection.execute(f"PRAGMA wal_checkpoint({'PASSIVE' if size < LOG_BYTES_MOST else 'RESTART'})")
        except (sqlite3.Error, OSError) as error:
            if self._closed == closed:  # else it was set aside meanwhile
                raise told(self.path, "cannot be written", error) from error

    @property
    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError(self.path, "is not open")
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is on disk together, or not at all. Raises StoreError."""
        with whole_or_not_at_all(self.path, self._db):
            yield

    # -- written

    def add_event(self, person: str, event: Event) -> None:
        """Keep an event."""
        self.add_events([(person, event, event_to_json(event))])

    def add_events(self, events: Iterable[tuple[str, Event, str]]) -> None:
        """Keep events, each with its person and what ``event_to_json`` made of it."""
        self._db.executemany(
            "INSERT INTO events (at, person, kind, body) VALUES (?, ?, ?, ?)",
            ((event.at.isoformat(), person, event.kind, text) for person, event, text in events),
        )

    def add_decision(self, person: str, decision: Decision) -> None:
        """Keep a decision."""
        body = json.dumps(decision.to_json())
        self._db.execute(
            "INSERT INTO decisions (at, person, about, body) VALUES (?, ?, ?, ?)",
            (decision.at.isoformat(), person, decision.about, body),
        )

    def add_action(self, person: str, action: Action) -> None:
        """Keep an action that is on its way."""
        body = json.dumps(
            {
                "service": action.service,
                "entity": action.entity,
                "data": action.data,
                "reason": action.reason,
                "once": action.once,
                "expires_at": action.expires_at.isoformat(),
            }
        )
        self._db.execute(
            "INSERT OR REPLACE INTO actions (id, at, person, status, body) VALUES (?, ?, ?, 'waiting', ?)",
            (action.id, action.at.isoformat(), person, body),
        )

    def set_action(self, action_id: str, status: str) -> None:
        """What became of an action: "leaving", and then "sent", "refused", "unreachable" or "expired"."""
        self._db.execute("UPDATE actions SET status = ? WHERE id = ?", (status, action_id))

    def save_snapshot(self, snapshot: dict[str, Any]) -> None:
        """Keep the engines' memory as it is after the last event."""
        (seq,) = self._db.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
        self._db.execute(
            "INSERT OR REPLACE INTO snapshot (only, after_seq, body) VALUES (1, ?, ?)", (seq, json.dumps(snapshot))
        )

    def fire(self, person: str, routine: str, day: str, result: str) -> None:
        """Record that a routine's moment of a day was dealt with."""
        self._db.execute(
            "INSERT OR REPLACE INTO fired (person, routine, day, result) VALUES (?, ?, ?, ?)",
            (person, routine, day, result),
        )

    def purge(self, now: datetime, keep: timedelta) -> None:
        """Delete what is older than ``keep``, as far as the snapshot no longer needs it."""
        before = (now - keep).isoformat()
        row = self._db.execute("SELECT after_seq FROM snapshot").fetchone()
        self._db.execute("DELETE FROM events WHERE at < ? AND seq <= ?", (before, row[0] if row else 0))
        for table in ("decisions", "actions"):
            self._db.execute(f"DELETE FROM {table} WHERE at < ?", (before,))  # noqa: S608 (two fixed names)
        self._db.execute("DELETE FROM fired WHERE day < ?", (before[:10],))
        self.number_on()

    def number_on(self) -> None:
        """After a deletion: a number that is given again must not be one that the snapshot seems to know."""
        self._db.execute("UPDATE snapshot SET after_seq = min(after_seq, (SELECT coalesce(max(seq), 0) FROM events))")

    def make_room(self, largest: int = LARGEST) -> None:
        """Delete the oldest, where the database has grown too large. Told once."""
        deleted = make_room(self._db, largest)
        if deleted and not self._told:
            log.warning("%s has reached %d MB: the oldest in it is deleted", self.path, largest // 1024**2)
        self._told = self._told or deleted > 0

    def take_over(
        self,
        snapshot: str,
        *,
        events: Iterable[tuple[str, ...]],
        fired: Iterable[tuple[str, ...]],
    ) -> None:
        """Begin an empty database with what another held: its snapshot and rows as they stand. Raises StoreError."""
        with self.transaction():
            self._db.execute("INSERT INTO snapshot (only, after_seq, body) VALUES (1, 0, ?)", (snapshot,))
            self._db.executemany("INSERT INTO events (at, person, kind, body) VALUES (?, ?, ?, ?)", events)
            self._db.executemany("INSERT OR IGNORE INTO fired VALUES (?, ?, ?, ?)", fired)

    # -- read

    def snapshot(self) -> dict[str, Any] | None:
        """The engines' memory as it was last kept."""
        row = self._db.execute("SELECT body FROM snapshot").fetchone()
        return None if row is None else json.loads(row[0])

    def events_since_snapshot(self) -> Iterator[tuple[str, Event]]:
        """Every event that the snapshot does not know, in order, with its person."""
        row = self._db.execute("SELECT after_seq FROM snapshot").fetchone()
        rows = self._db.execute(
            "SELECT person, kind, body FROM events WHERE seq > ? ORDER BY seq", (row[0] if row else 0,)
        )
        yield from _readable(rows)

    def events_between(
        self, start: datetime, end: datetime, *, kinds: Sequence[str] = ()
    ) -> Iterator[tuple[str, Event]]:
        """Every event of a span (of some kinds only), in the order in which it was taken in, with its person."""
        wanted = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        sql = f"SELECT person, kind, body FROM events WHERE at >= ? AND at <= ?{wanted} ORDER BY seq"  # noqa: S608
        yield from _readable(self._db.execute(sql, (start.isoformat(), end.isoformat(), *kinds)))

    def last_states(self) -> dict[str, tuple[str, dict[str, object]]]:
        """The last state and attributes that each device reported."""
        sql = """
            SELECT body FROM events WHERE seq IN
            (SELECT max(seq) FROM events WHERE kind = 'device_reported' GROUP BY body ->> 'entity')
        """
        found = [json.loads(body) for (body,) in self._db.execute(sql)]
        return {each["entity"]: (each["state"], each["attributes"]) for each in found}

    def fired(self) -> set[tuple[str, str, str]]:
        """Every routine's moment that came: person, routine, day."""
        return set(self._db.execute("SELECT person, routine, day FROM fired WHERE result = 'due'"))

    def unsaid(self, since: datetime) -> list[tuple[str, Action]]:
        """Words that were decided on since then and never left, with their person."""
        sql = "SELECT person, id, at, body FROM actions WHERE at >= ? AND status = 'waiting' ORDER BY rowid"
        found = [(person, _words(*row)) for person, *row in self._db.execute(sql, (since.isoformat(),))]
        return [(person, action) for person, action in found if action is not None]

    def latest_ids(self, latest: int) -> list[str]:
        """The ids of the latest events, the latest first; an event without a readable one has an empty one."""
        sql = "SELECT iif(json_valid(body), body ->> 'id', '') FROM events ORDER BY seq DESC LIMIT ?"
        return [event_id or "" for (event_id,) in self._db.execute(sql, (latest,))]

    def decisions(self, *, about: str = "", until: datetime | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """The latest decisions, newest first. ``about`` is looked for in what they are about and in the rules named."""
        sql = """
            SELECT person, body FROM decisions WHERE at <= ? AND (about LIKE ? OR body LIKE ?)
            ORDER BY seq DESC LIMIT ?
        """
        end = until.isoformat() if until else "9999"
        found = self._db.execute(sql, (end, f"%{about}%", f'%"winner": "{about or "%"}"%', limit))
        return [{"person": person, **json.loads(body)} for person, body in found]

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = ("events", "decisions", "actions", "fired")
        return {table: self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608


def _words(action_id: str, at: str, text: str) -> Action | None:
    """What was to be said; None for a device's command, and for what cannot be read."""
    try:
        body = json.loads(text)
        if not body.get("once"):
            return None
        return Action(
            id=action_id,
            at=datetime.fromisoformat(at),
            expires_at=datetime.fromisoformat(body["expires_at"]),
            service=body["service"],
            entity=body["entity"],
            data=body["data"],
            reason=body["reason"],
            once=True,
        )
    except (KeyError, ValueError):
        log.warning("an action in the database cannot be read; it is left out")
        return None


def _readable(rows: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, Event]]:
    """The events in rows of person, kind and body; one that cannot be read is left out, and told of."""
    for person, kind, body in rows:
        try:
            yield person, event_from_json(kind, body)
        except (KeyError, ValueError):
            log.warning("an event of the kind %s in the database cannot be read; it is left out", kind)

"""Writes what was said, in its order; what cannot be written yet waits, and is neither lost nor doubled."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from devices.events import Event
from integration.scribe_events import Whence, advice_of, events_of
from integration.scribe_parts import OUTCOMES, Heard, Key, NoBook, Pending, as_late, outcome_of, told_now
from integration.store import DamagedError, StoreError
from integration.store.journal import JournalStore
from integration.store.journal_rescue import open_whole, renew
from journal.desk import decide
from journal.outcome import Outcome

log = logging.getLogger("unclench.journal")

SENDERS_REPEAT = timedelta(days=30)
"""So long an id that a sender gave is known again."""
FORGOTTEN_EVERY = timedelta(hours=6)
KEPT = 1000
"""So many messages wait in memory while the journal cannot be written."""
AT_ONCE = 20
"""So many of them are written before something new is; behind more, it waits its turn."""
AT_A_TIME = 100
"""So many are written in one go: each waits for the disk, and meanwhile nothing is cooled."""
CANNOT = "the journal cannot be written"
UNWRITTEN = (StoreError, sqlite3.Error)
_ANY = Heard(at=datetime.min.replace(tzinfo=UTC), id="")


class InTurnError(StoreError):
    """Much of what was said before is still to be written: the order counts, as for an undo."""


class Writer:
    """The journal's disk."""

    def __init__(self, archive: JournalStore) -> None:
        self.archive = archive
        self._pending: list[Pending] = []
        self._broken = False
        self._damage: DamagedError | None = None
        self._new_since: datetime | None = None  # a session whose predecessor's packet ids are still on disk
        self._forgot_at: datetime | None = None
        self._saved: list[str] = []  # the broker's keys of what waited and is on disk now
        self._overdue: list[tuple[str, Event]] = []  # what only came of it then

    def write(self, pending: Pending, heard: Heard) -> Outcome:
        """What comes of it, on the disk; what was said before is written first. Raises StoreError or sqlite3.Error."""
        self._catch_up()
        return self._known(pending.keys, heard) or self._write(pending)

    def _known(self, keys: tuple[Key, ...], heard: Heard) -> Outcome | None:
        """What came of the same message before. What the broker sends again may not have reached the engine."""
        for key in sorted(keys, key=lambda key: key.lasting):
            if key.lasting or heard.repeated:
                before = self.archive.reply_to(key.text, person=key.person, lasting=key.lasting)
                if before is not None:
                    outcome = outcome_of(before)
                    return replace(outcome, asks=()) if key.lasting else outcome
        return None

    @staticmethod
    def without_book(pending: Pending) -> Outcome:
        """What can be said and done of it while the journal cannot be read."""
        outcome = decide(pending.meaning, pending.visit, NoBook(), pending.home)
        return as_late(outcome) if pending.late else outcome

    def wait(self, pending: Pending, outcome: Outcome, heard: Heard) -> bool:
        """Keep it until it can be written; a message that the broker sends again waits once. Whether there was room."""
        for key in pending.keys:
            if (key.lasting or heard.repeated) and any(key in each.keys for each in self._pending):
                return True
        if len(self._pending) >= KEPT:
            return False
        told = frozenset(flag.reason for flag in outcome.flags if flag.shown)
        self._pending.append(replace(pending, told=told, asked=outcome.asks))
        return True

    def _catch_up(self) -> None:
        """Write what was said before, in its order. Raises StoreError; InTurnError where that is too much for now."""
        self._forget_session()
        if len(self._pending) > AT_ONCE:
            raise InTurnError(self.archive.path, "waits its turn")
        while self._pending:
            self._write_next()

    def _write_next(self) -> None:
        """The first of what waits; what comes of it only now is told late. Raises StoreError."""
        pending = self._pending[0]
        if self._known(tuple(key for key in pending.keys if key.lasting), _ANY) is None:
            outcome = self._write(pending)
            self._tell_late(pending, outcome)
        self._pending = self._pending[1:]
        self._saved.append(pending.key.partition(".")[0])

    def _tell_late(self, pending: Pending, outcome: Outcome) -> None:
        """A red flag that needed the book, and what the engine has not heard."""
        visit = pending.visit
        whence = Whence(visit.person, visit.now, pending.source, f"{visit.message}.late")
        asks = [ask for ask in outcome.asks if ask not in pending.asked]
        self._overdue += [(visit.person, event) for event in events_of(asks, whence, late=True)]
        new = [flag for flag in outcome.flags if flag.shown and flag.reason not in pending.told]
        self._overdue += [(visit.person, event) for event in advice_of(new, whence)]

    def overdue(self, now: datetime) -> list[tuple[str, Event]]:
        """What came of words that had to wait for the disk, since the last look."""
        found, self._overdue = self._overdue, []
        return [(person, told_now(event, now)) for person, event in found]

    def _write(self, pending: Pending) -> Outcome:
        """Decide by the book as it is, and write what comes of it. Raises StoreError."""
        visit = pending.visit
        with self.archive.transaction():
            outcome = decide(pending.meaning, visit, self.archive, pending.home)
            if pending.late:
                outcome = as_late(outcome)
            self.archive.apply(outcome.changes)
            self.archive.add_flags(visit.person, outcome.flags, visit.now)
            traceless = any(not flag.kept for flag in outcome.flags)
            for key in () if traceless else pending.keys:  # of such words not even a fingerprint is kept
                before = OUTCOMES.dump_json(replace(outcome, changes=())).decode()
                self.archive.note_heard(key.text, before, person=key.person, at=visit.now, lasting=key.lasting)
        if self._broken:
            log.info("the journal can be written again")
            self._broken = False
        return outcome

    @property
    def waits(self) -> bool:
        """Whether something is still to be written, or the journal to be mended."""
        return bool(self._pending or self._saved) or self._damage is not None or not self.archive.is_open

    def open(self, now: datetime) -> bool:
        """Open the journal, where it is not; a damaged one is replaced. Whether it can be used."""
        if self.archive.is_open:
            return True
        try:
            open_whole(self.archive, now)
        except StoreError as error:
            self.cannot_write(error)
        return self.archive.is_open

    def retry(self, now: datetime) -> list[str]:
        """Write what waits; the broker's keys of what is on disk now."""
        if self._damage is not None:
            self._replace(self._damage, now)
        if self.open(now):
            try:
                self._forget_session()
                for _ in self._pending[:AT_A_TIME]:
                    self._write_next()
            except UNWRITTEN as error:
                self.cannot_write(error)
        saved, self._saved = self._saved, []
        return saved

    def new_session(self, now: datetime) -> None:
        """The broker's packet ids begin anew. On a full disk the old ones are forgotten before the next word."""
        self._pending = [
            replace(each, keys=tuple(key for key in each.keys if key.lasting), key="") for each in self._pending
        ]
        self._new_since = now
        try:
            self._forget_session()
        except UNWRITTEN as error:
            self.cannot_write(error)

    def _forget_session(self) -> None:
        if self._new_since is not None:
            self.archive.forget_heard(before=self._new_since - SENDERS_REPEAT)
            self._new_since = None

    def _replace(self, damage: DamagedError, now: datetime) -> None:
        """A new journal for the damaged one, with what can be read of it."""
        try:
            renew(self.archive, now, damage)
            self._damage = None
        except StoreError as error:
            self.cannot_write(error)

    def cannot_write(self, error: Exception) -> str:
        """Said once in the log. In words for the person."""
        if isinstance(error, InTurnError):
            return CANNOT
        if isinstance(error, DamagedError):
            self._damage = error
        if not self._broken:
            log.error("%s. What you say is kept in memory and at the broker, and written as soon as it can be.", error)
            self._broken = True
        return CANNOT

    def forget(self, now: datetime) -> None:
        """What was heard long ago need not be known again."""
        last = self._forgot_at
        if last is not None and last <= now < last + FORGOTTEN_EVERY:
            return
        self._forgot_at = now
        try:
            self.archive.forget_heard(before=now - SENDERS_REPEAT, session=False)
        except UNWRITTEN as error:
            self.cannot_write(error)

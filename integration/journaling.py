"""The journal's care in the running service: what may be acknowledged, what is answered, when hours are measured."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from integration.circumstances import home_of, levels_of
from integration.household import Household, Stepped
from integration.inbox import Received
from integration.scribe import Scribe
from integration.scribe_parts import Heard, Reply
from integration.store.journal import JournalStore
from journal.hearing import Ear

RETRY_EVERY = timedelta(seconds=5)
HELD = 8
"""So many messages stay with the broker while the journal cannot be written: mosquitto sends 20 unacknowledged,
and on the same full disk the service and the keeper hold some."""


def attach_journal(household: Household, ear: Callable[[], Ear], archive: JournalStore) -> Scribe:
    """Keep the journal of a household in an archive."""
    scribe = Scribe(
        household.configuration,
        ear,
        archive,
        lambda person, now, hours: home_of(household.engines[person], now, hours),
    )
    household.scribe = scribe
    return scribe


class Journaling:
    """Between the engine's thread and the scribe; without a scribe it does nothing."""

    def __init__(self, household: Household, reply: Callable[[Reply], None]) -> None:
        self._household, self._reply = household, reply
        self._held: list[tuple[str, Received]] = []
        self._retry_at: datetime | None = None

    def open(self, now: datetime) -> None:
        """Open the journal; one that cannot be opened keeps nothing from starting, and is tried again."""
        if self._household.scribe is not None:
            self._household.scribe.writer.open(now)

    def takes(self, topic: str) -> bool:
        """Whether what comes on a topic is for the journal, which knows by itself what came twice."""
        return self._household.scribe is not None and self._household.brings_words(topic)

    def hold(self, item: Received, heard: Heard) -> None:
        """A message was taken in: where it could not be written, it stays with the broker."""
        if self._household.unsaved and item.ack:
            self._held.append((heard.key, item))

    def holds(self, item: Received) -> bool:
        """Whether a message must not be acknowledged."""
        return any(held is item for _, held in self._held)

    def look(self, now: datetime) -> list[Received]:
        """After the items of a round: answer, measure, write what waits. Returns what may be acknowledged now."""
        scribe = self._household.scribe
        if scribe is None:
            return []
        scribe.writer.forget(now)
        if scribe.hours.measures_at(now):
            scribe.hours.measure(now, {person: levels_of(engine) for person, engine in self._household.engines.items()})
        done = self._retry(scribe, now) if scribe.writer.waits else []
        replies, scribe.outbox = scribe.outbox, []
        for reply in replies:
            self._reply(reply)
        surplus = self._held[:-HELD]
        self._held = self._held[-HELD:]
        return done + [item for _, item in surplus]

    def tell(self, now: datetime) -> list[Stepped]:
        """What came only now of words that had to wait for the disk."""
        scribe = self._household.scribe
        events = scribe.writer.overdue(now) if scribe is not None else []
        return [self._household.event(person, event) for person, event in events]

    def new_session(self, now: datetime) -> None:
        """The broker's packet ids begin anew."""
        self._held.clear()
        if self._household.scribe is not None:
            self._household.scribe.writer.new_session(now)

    def _retry(self, scribe: Scribe, now: datetime) -> list[Received]:
        due = self._retry_at
        if due is not None and now < due <= now + RETRY_EVERY:
            return []
        self._retry_at = now + RETRY_EVERY
        saved = set(scribe.writer.retry(now))
        done = [item for key, item in self._held if key in saved]
        self._held = [(key, item) for key, item in self._held if key not in saved]
        return done

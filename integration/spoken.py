"""A sentence of one person, heard and decided on: for the command line, where no service does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from config.profile import Profile
from integration.store.journal import JournalStore
from integration.store.journal_memory import MemoryJournal
from journal.context import Home
from journal.desk import Visit, decide
from journal.entry import Change
from journal.hearing import Ear
from journal.meaning import Meaning, Moment
from journal.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Whose sentences these are."""

    person: str
    profile: Profile

    @property
    def zone(self) -> ZoneInfo:
        """Where they live."""
        return ZoneInfo(self.profile.time_zone)

    def moment(self, now: datetime) -> Moment:
        """What the sentence's times and names hang on."""
        return Moment(
            now=now,
            zone=self.zone,
            reminders=tuple(self.profile.reminders),
            routines=tuple(self.profile.all_routines()),
        )

    def home(self) -> Home:
        """Of which nothing is known here: the engine's facts are the service's."""
        return Home(fahrenheit=self.profile.units == "F", room=self.profile.bedroom.replace("_", " "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was understood, and what it comes to."""

    meaning: Meaning
    outcome: Outcome


@cache
def ear() -> Ear:
    """The one ear of this process."""
    from integration.sentences import load_ear  # noqa: PLC0415 (slow, and not for a journal that is only edited)

    return load_ear()


def hear(text: str, speaker: Speaker, journal: JournalStore, now: datetime) -> Heard:
    """Understand a sentence and decide. Nothing is written."""
    return consider(ear().hear(text, speaker.moment(now)), speaker, journal, now)


def consider(meaning: Meaning, speaker: Speaker, journal: JournalStore, now: datetime) -> Heard:
    """Decide on what is meant. Nothing is written."""
    visit = Visit(person=speaker.person, profile=speaker.profile, now=now, message=f"cli:{uuid4().hex}", channel="cli")
    return Heard(meaning=meaning, outcome=decide(meaning, visit, journal, speaker.home()))


def write(heard: Heard, speaker: Speaker, journal: JournalStore, now: datetime) -> list[Change]:
    """Write what was decided, all of it or nothing. Raises StoreError."""
    with journal.transaction():
        done = journal.apply(heard.outcome.changes)
        journal.add_flags(speaker.person, [each for each in heard.outcome.flags if each.kept], now)
    return done


@contextmanager
def rehearsal(folder: Path) -> Iterator[JournalStore]:
    """A copy of the journal in memory: what is written there is gone with it. Raises StoreError."""
    journal = MemoryJournal(folder).open()
    try:
        yield journal
    finally:
        journal.close()

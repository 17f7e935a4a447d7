"""From what was said to entries: named after their message, so that the same message is the same entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from config.profile import Profile
from journal.book import Book
from journal.context import Home
from journal.entry import Change, Channel, Entry, EntryKind
from journal.meaning import Meaning, Said
from journal.outcome import Outcome
from journal.read_back import NOTE, UNSURE, read_back
from journal.reports import asks_of

PERIOD_OFF = "The period is switched off in your profile. Nothing was saved."
NOT_YET = "That time has not come yet, so I took it as now."


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who speaks, when, and by which way."""

    person: str
    profile: Profile
    now: datetime
    """Aware UTC: when it is written down."""
    message: str
    """The id of the message: entries are named after it, so that the same message is the same entry."""
    channel: Channel
    said_at: datetime | None = None
    """When it was really said, where it arrives late; else it is now."""

    @property
    def zone(self) -> tzinfo:
        """The person's."""
        return ZoneInfo(self.profile.time_zone)

    @property
    def spoken_at(self) -> datetime:
        """When it was said."""
        return min(self.said_at or self.now, self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """All that one sentence is decided from."""

    meaning: Meaning
    visit: Visit
    book: Book
    home: Home

    @property
    def raw(self) -> str:
        """What was heard, where the person agreed to keep it."""
        return self.meaning.raw if self.visit.profile.journal.keep_words else ""

    def logged(self, limit: int) -> list[Entry]:
        """What was written down last, the latest first. What a clock that was ahead wrote is older than it says."""
        found = self.book.logged_last(self.visit.person, limit=limit)
        return sorted(found, key=lambda entry: entry.logged_at > self.visit.now)  # stable

    def back(self, entries: Sequence[Entry], lead: str = "") -> str:
        """What was saved, read back."""
        fahrenheit = self.home.fahrenheit or self.visit.profile.units == "F"
        return read_back(entries, self.visit.now, self.visit.zone, lead=lead, fahrenheit=fahrenheit)

    def new(self, kind: EntryKind, what: str, place: int = 0) -> Entry:
        """An entry of now, without anything else."""
        visit = self.visit
        return Entry(
            id=f"{visit.message}.{place}",
            person=visit.person,
            kind=kind,
            what=what,
            occurred_at=visit.spoken_at,
            logged_at=visit.now,
            raw=self.raw,
            channel=visit.channel,
            context=self.home.context.to_json(),
        )

    def added(self, entry: Entry, op: str = "add") -> Change:
        """The change that brings an entry in."""
        return Change(at=self.visit.now, op=op, before=None, after=entry, group=self.visit.message)

    def outcome(self, entries: Sequence[Entry], says: str = "") -> Outcome:
        """Entries as they are saved, told and read back."""
        reminders = frozenset(self.visit.profile.reminders)
        asks = [
            ask
            for entry in entries
            for ask in asks_of(entry, self.visit.now, self.home, reminders, words=self.meaning.raw)
        ]
        changes = tuple(self.added(entry) for entry in entries)
        return Outcome(changes=changes, asks=tuple(asks), says=says or self.back(entries))

    def note(self, says: str = NOTE) -> Outcome:
        """What was heard, kept as it is."""
        entry = replace(self.new("note", ""), raw=self.meaning.raw)
        return Outcome(changes=(self.added(entry),), says=says)


def write(room: Room) -> Outcome:
    """Log what was said."""
    meaning, profile = room.meaning, room.visit.profile
    if meaning.unsure:
        return room.note(UNSURE)
    kept = [said for said in meaning.said if said.what != "period" or profile.journal.period]
    if not kept:
        return Outcome(says=PERIOD_OFF) if meaning.said else room.note()
    entries = [entry_of(said, room, place) for place, said in enumerate(kept)]
    hidden = len(kept) < len(meaning.said)
    if hidden:  # the words would tell what is not to be kept
        entries = [replace(entry, raw="") for entry in entries]
    says = room.back(entries)
    if meaning.about_late:
        says = f"{says} {NOT_YET}"
    elif hidden:
        says = f"{says} The period is switched off, and was not saved."
    return room.outcome(entries, says)


def entry_of(said: Said, room: Room, place: int) -> Entry:
    """One thing said, as the journal keeps it."""
    entry = room.new(said.kind, said.what, place)
    home = room.home
    occurred = min(said.occurred_at or entry.occurred_at, room.visit.now)
    offered = home.offered if home.offered in room.visit.profile.reminders else ""
    return replace(
        entry,
        subtype=said.subtype,
        place=said.place,
        side=said.side,
        severity=said.severity,
        severity_word=said.severity_word,
        severity_source=said.severity_source,
        duration_minutes=said.duration_minutes,
        occurred_at=occurred,
        precision=said.precision,
        count=1 if said.count is None else said.count,
        suspected=said.suspected,
        note=said.note,
        going_on=said.going_on,
        over=said.over,
        woke=said.woke,
        celsius=said.celsius,
        reminder=said.reminder or (offered if said.what == "took_reminder" else ""),
    )

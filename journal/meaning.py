"""What a sentence says, before anybody's journal is looked at: plain values with every time worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal

Precision = Literal["minute", "hour", "part_of_day", "day"]
"""How exactly a time is known. What is coarser than an hour must not enter an analysis by the hour."""
Purpose = Literal["log", "change", "answer", "control", "ask", "note", "nothing"]
"""What the person wants. "note": not understood, kept as it was said. "nothing": no words at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When, where and to whom something is said: all that a sentence's times and names hang on."""

    now: datetime
    """Aware UTC."""
    zone: tzinfo
    """The person's."""
    said_at: datetime | None = None
    """When it was really said, where it arrives late; else it is now."""
    reminders: tuple[str, ...] = ()
    """The names of the person's own reminders."""
    routines: tuple[str, ...] = ()
    """The names of the person's routines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing said about body or day. What was not said is empty or None; nothing is guessed."""

    kind: Literal["symptom", "report", "none"]
    """"none": an explicit zero ("no spasms today"), of the symptom in ``what`` (empty: of all)."""
    what: str
    """A symptom's id, or a self-report's."""
    subtype: str = ""
    place: str = ""
    side: str = ""
    severity: float | None = None
    """0 to 10, also the rating of a self-report ("stress is a seven")."""
    severity_word: str = ""
    severity_source: Literal["", "word", "number"] = ""
    duration_minutes: float | None = None
    occurred_at: datetime | None = None
    """Aware UTC; None: now (no time was said). Never in the future."""
    precision: Precision = "minute"
    count: int | None = None
    """How many ("three spasms in the last hour", "two glasses of water"); None: not said."""
    suspected: tuple[str, ...] = ()
    """What the person thinks brought it on, by trigger id. An opinion, and never an exposure."""
    note: str = ""
    going_on: bool = False
    """It has not stopped yet ("it's been there since lunch")."""
    over: bool = False
    """A state has ended ("the infection is gone", "shoes off"); only of reports."""
    woke: bool = False
    """It woke the person."""
    celsius: float | None = None
    """A body temperature that was named."""
    reminder: str = ""
    """Whose name was said, of the person's own reminders ("I took my evening tablets")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one sentence asks for. ``raw`` is what was heard, for who agreed to keep it, and for a note."""

    purpose: Purpose
    raw: str
    said: tuple[Said, ...] = ()
    """For "log": usually one; "my legs are stiff and my back hurts" are two."""
    op: str = ""
    """For "change" and "log": one of OPS."""
    also: tuple[str, ...] = ()
    """Further of OPS that one correction asks for: "make that an eight and the right leg"."""
    to: Said | None = None
    """For a change: what it becomes (its severity, side, place, time, duration); ``what`` may name which entry."""
    query: str = ""
    """For "ask": one of QUERIES."""
    about: str = ""
    """For "ask": the symptom or the device asked about; for "control": the routine, or the area of a pause."""
    days: int | None = None
    """For "ask": over how many days, where they were named."""
    reply: str = ""
    """For "answer": one of REPLIES."""
    until: datetime | None = None
    """For "answer" and pauses: until when (aware UTC)."""
    control: Literal["", "begin", "next", "pause", "resume", "skip", "stop"] = ""
    rating: float | None = None
    """For "answer": a bare number from 0 to 10, which may answer a question or give the last entry its strength."""
    word: str = ""
    """For "answer": the word's own answer, where it is another than ``reply`` ("yes", "no", "begin", "next")."""
    unsure: bool = False
    """Two readings fit equally well: it is kept as a note, and none is chosen."""
    about_late: bool = field(default=False)
    """A time was said that cannot have been meant (in the future): the reply says so."""


OPS = (
    "undo",
    "delete_last",
    "set_severity",
    "set_side",
    "set_time",
    "set_place",
    "set_duration",
    "set_count",
    "set_symptom",
    "add_note",
    "repeat",
    "repeat_other_side",
    "stopped",
    "still_going",
)
QUERIES = (
    "count_week",
    "count_today",
    "count_yesterday",
    "last_bad",
    "last_night",
    "last_entry",
    "logged_today",
    "triggers",
    "why_fan",
    "nurse_summary",
    "room_now",
    "say_again",
    "help",
)
REPLIES = ("done", "later", "until", "skip", "stop_tonight", "pause_until", "stop_now", "resume", "yes", "no")

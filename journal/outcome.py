"""What a sentence comes to: what is written, what the engine is told, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from journal.entry import Change

Tier = Literal["", "call_now", "pump_or_sudden_stop", "today", "next_days", "low_mood"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Something for the engine, in its words; the edge makes an event of it."""

    kind: Literal["symptom", "report", "answer", "pause", "routine"]
    name: str = ""
    """The symptom, the trigger, the prompt (empty: the open one), the area, the routine."""
    value: float | bool | None = None
    """A symptom's strength, a report's rating or yes/no, a prompt's rating."""
    word: str = ""
    """An answer ("done", "later", "stop" ...), or what a routine is told ("begin", "pause", "resume", "skip")."""
    until: datetime | None = None
    """For "later" and pauses. None ends a pause."""
    at: datetime | None = None
    """When it was so, where that is not now: what is past must not act as if it were now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A red flag to show. ``reason`` is what its repeats are limited by."""

    tier: Tier
    reason: str
    says: str
    shown: bool = True
    """False: the same was shown within 6 hours, or something more urgent was said; it counts, and is not said."""
    kept: bool = True
    """False: nothing of it may be stored, not even that it was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """To be written as a whole, then told, then said."""

    changes: tuple[Change, ...] = ()
    asks: tuple[Ask, ...] = ()
    flags: tuple[Flag, ...] = ()
    says: str = ""
    """The whole reply, with a flag's words at its end."""

"""One line of the journal, the change of one, and what the home was like then. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from journal.meaning import Precision

EntryKind = Literal["symptom", "report", "none", "rating", "note"]
Channel = Literal["assist", "text", "mqtt", "button", "notification", "prompt", "cli", "hermes", "import"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody said about themselves. Times are aware UTC; what was not said is empty or None."""

    id: str
    """Unique in the journal; the same words delivered twice have the same one."""
    person: str
    kind: EntryKind
    what: str = ""
    """A symptom's id, a self-report's, or the prompt that asked ("rating", "night"); empty for a note."""
    subtype: str = ""
    place: str = ""
    side: str = ""
    severity: float | None = None
    severity_word: str = ""
    severity_source: str = ""
    duration_minutes: float | None = None
    occurred_at: datetime
    logged_at: datetime
    precision: Precision = "minute"
    count: int = 1
    suspected: tuple[str, ...] = ()
    note: str = ""
    raw: str = ""
    channel: Channel = "text"
    going_on: bool = False
    over: bool = False
    """Of a report: the state ended then."""
    ended_at: datetime | None = None
    woke: bool = False
    celsius: float | None = None
    """A body temperature that was named."""
    reminder: str = ""
    """Which of the person's own reminders was ticked."""
    deleted: bool = False
    context: Mapping[str, Any] = field(default_factory=dict)
    """The home and the engine when it was logged: see ``journal/context.py``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An entry as it was and as it is. ``before`` None: it was added. Its history is the list of these."""

    at: datetime
    op: str
    """"add", "delete", "restore", "edit", or one of ``meaning.OPS``."""
    before: Entry | None
    after: Entry
    seq: int = 0
    """Where it stands in the history; given by the store."""
    group: str = ""
    """What was asked for in one sentence belongs together, and is undone together."""
    undoes: int = 0
    """The ``seq`` of the change that this one takes back; 0: none."""

"""What the home was like when something was logged: from the engine's facts, with how fresh they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A fact: its value, whether it is "fresh", "stale" or "missing", and its age in minutes."""

    value: float | bool | None
    quality: str
    age_minutes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Of the person's bedroom, at one moment. What is not known is absent, and never made up."""

    temperature: Reading | None = None
    """°C."""
    humidity: Reading | None = None
    """%."""
    temperatures: Mapping[str, float] = field(default_factory=dict)
    """°C by whole hours ago ("1", "2", "3"), the mean of that hour."""
    in_bed: Reading | None = None
    at_home: bool | None = None
    routines: Mapping[str, str] = field(default_factory=dict)
    """State by routine, of those that are not waiting."""
    triggers: Mapping[str, str] = field(default_factory=dict)
    """Level ("building", "active") by trigger, of those that are not idle."""
    doing: Sequence[str] = ()
    """What the engine was doing: "cooling bedroom", "light bedroom", "paused"."""
    reminder_hours: Mapping[str, float] = field(default_factory=dict)
    """Hours since each of the person's own reminders was done."""

    def to_json(self) -> dict[str, Any]:
        """As it is stored with an entry: only what is known."""
        return {key: value for key, value in asdict(self).items() if value not in (None, {}, (), [])}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What questions about the home are answered from: whole sentences of the engine, and the room as it is."""

    context: Context = field(default_factory=Context)
    fahrenheit: bool = False
    why: Mapping[str, str] = field(default_factory=dict)
    """Per kind of device ("fan", "ac", "light", "cooling"): why it is on or off, in one sentence."""
    room: str = "bedroom"
    offered: str = ""
    """The prompt that is open now, if any: what a bare "yes" or a number answers."""
    steers: str = ""
    """What is spoken step by step or runs now (a routine's name), if any: what "next" and "stop" are about."""

"""What happened: past tense, with an aware UTC time and a source. The only thing the engine is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from devices.readings import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at ``at`` (aware UTC). ``source`` is a topic, an entity id or a job; ``id`` is unique."""

    at: datetime
    source: str
    id: str = ""
    kind: ClassVar[str] = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMeasured(Event):
    """A sensor in a room said one thing. ``retained`` marks a value whose own time is not known."""

    room: str
    quantity: Kind
    value: float | bool
    retained: bool = False
    kind: ClassVar[str] = "room_measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class BedChanged(Event):
    """A bed sensor reported. Sides are "left", "right" or "either". ``retained``: its own time is not known."""

    room: str
    side: str
    occupied: bool
    retained: bool = False
    kind: ClassVar[str] = "bed_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLost(Event):
    """A sensor says of itself that it has no value ("unavailable"). ``side`` is that of a bed; empty in a room."""

    room: str
    quantity: Kind
    side: str = ""
    kind: ClassVar[str] = "source_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineDue(Event):
    """A routine's moment came, by the clock, a button or any automation of the home.

    ``day``: the day that it belongs to (ISO), where the clock began it; a person's begins now.
    """

    person: str
    routine: str
    day: str = ""
    kind: ClassVar[str] = "routine_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineSteered(Event):
    """The person asked something of a routine: "pause", "resume" or "skip" (for today)."""

    person: str
    routine: str
    command: str
    kind: ClassVar[str] = "routine_steered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseChanged(Event):
    """The person pauses an area ("cooling", "lights", "prompts", "evening"; empty: everything) until then.

    None ends the pause.
    """

    person: str
    area: str
    until: datetime | None
    kind: ClassVar[str] = "pause_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(Event):
    """The person came home or left. None: it cannot be told."""

    person: str
    at_home: bool | None
    kind: ClassVar[str] = "presence_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BedMoved(Event):
    """A sensor on the bed felt a movement."""

    room: str
    side: str = "either"
    kind: ClassVar[str] = "bed_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfReported(Event):
    """The person said something no sensor sees. ``value`` is a rating 0-10, or yes/no."""

    person: str
    trigger: str
    value: float | bool
    occurred_at: datetime | None = None
    """Since when it is so, where that is earlier than it was said."""
    kind: ClassVar[str] = "self_reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class SymptomLogged(Event):
    """A symptom was written to the journal. The engine sees its kind and strength, never its words."""

    person: str
    symptom: str
    severity: float | None = None
    occurred_at: datetime | None = None
    """When it was, where that is earlier than it was said."""
    kind: ClassVar[str] = "symptom_logged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptAnswered(Event):
    """The person answered a prompt, on whatever channel. An empty prompt means the one that is open.

    To any prompt: "done", "later", "skip". To some: "begin", "yes", "no". While something is spoken step by step:
    "pause", "resume", "next", "stop". ``value``: a rating from 0 to 10, where one was asked for.
    """

    person: str
    answer: str
    prompt: str = ""
    value: float | None = None
    until: datetime | None = None
    """With "later": when it is to come back, where the person named a time."""
    kind: ClassVar[str] = "prompt_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPressed(Event):
    """A button, or one on the phone, asks something of the journal: "log spasm", "undo". Nothing to the engine."""

    person: str
    asked: str
    kind: ClassVar[str] = "journal_pressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAdvised(Event):
    """What was logged calls for help, and the person is to be told at once. The words name no symptom."""

    person: str
    text: str
    kind: ClassVar[str] = "help_advised"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChanged(Event):
    """The person lengthened or ended the hold that their own hand put on a device. None ends it."""

    person: str
    entity: str
    until: datetime | None
    kind: ClassVar[str] = "hold_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingForgotten(Event):
    """The person wants what was learned of a room's cooling, and of their hours in bed there, to be forgotten."""

    person: str
    room: str
    kind: ClassVar[str] = "cooling_forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReported(Event):
    """A device's state, as Home Assistant reports it. "unavailable" and "unknown" are states of their own.

    ``by_person`` is True where Home Assistant names a user other than us, None where it cannot tell.
    """

    entity: str
    state: str
    attributes: dict[str, object] = field(default_factory=dict)
    by_person: bool | None = None
    kind: ClassVar[str] = "device_reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReturned(Event):
    """The edge's word on an action: "sent", "refused", "unreachable" or "expired". Never proof of an effect.

    All but "sent" mean that it never left, and that nothing can come of it any more.
    """

    action: str
    result: str
    reason: str = ""
    kind: ClassVar[str] = "action_returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerChanged(Event):
    """A peer ("home_assistant", "mqtt") came or went; "memory": what happens can be written down, or not."""

    peer: str
    up: bool
    kind: ClassVar[str] = "peer_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed(Event):
    """Nothing happened but time."""

    kind: ClassVar[str] = "time_passed"

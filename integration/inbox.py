"""What the edges hand to the engine's thread: one queue, plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from queue import SimpleQueue
from threading import Event
from typing import Any

from devices.readings import Message


@dataclass(frozen=True, slots=True)
class Received:
    """An MQTT message. ``ack`` is its packet id, to be acknowledged once what it carried is on disk; 0 needs none."""

    message: Message
    at: datetime
    ack: int
    connection: int  # which connection it came on: an older one's packet ids mean nothing any more
    repeated: bool = False  # the broker marks it as perhaps sent before
    queued: bool = False  # it came with a kept session at its start: the broker may have held it while we were away


@dataclass(frozen=True, slots=True)
class StateSeen:
    """A Home Assistant state."""

    entity: str
    state: str
    attributes: Mapping[str, Any]
    at: datetime
    by_person: bool | None = None


@dataclass(frozen=True, slots=True)
class PeerSeen:
    """A peer came or went."""

    peer: str
    up: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ActionSeen:
    """What became of an action."""

    person: str
    action: str
    result: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RoutineSeen:
    """A routine's moment came."""

    person: str
    routine: str
    day: date
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Nudge:
    """Nothing but a reason to look at the clock (or to stop). ``handled`` is set when it and all before it are done."""

    handled: Event | None = None


Item = Received | StateSeen | PeerSeen | ActionSeen | RoutineSeen | Nudge
Inbox = SimpleQueue[Item]
"""Unbounded: the broker bounds QoS 1 by what it sends without an acknowledgement; QoS 0 is not bounded yet."""

"""What the edges hand to the engine's thread: one queue, plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from queue import SimpleQueue
from threading import Event, Lock
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
    """A peer came or went. ``new_session``: the broker has forgotten what it had sent us, and its packet ids."""

    peer: str
    up: bool
    at: datetime
    new_session: bool = False


@dataclass(frozen=True, slots=True)
class ActionSeen:
    """What became of an action."""

    person: str
    action: str
    result: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Leaving:
    """Words are about to be sent. ``noted`` is set when that is on disk: from then on they are not sent again."""

    action: str
    noted: Event


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


Item = Received | StateSeen | PeerSeen | ActionSeen | Leaving | RoutineSeen | Nudge

CROWDED = 200
"""With more than this waiting, the engine is behind: of each sensor only the latest reading is of use then."""
NOTED_WITHIN_S = 10.0
"""Words are sent after this also when the engine's thread has not noted it: it waits for a slow disk, mostly."""


@dataclass(slots=True)
class _Place:
    """A sensor's place in the queue, while it is crowded: whatever it says until its turn comes waits there."""

    latest: Received


class Inbox:
    """One queue. Its bound is that nothing is read from the broker while too much waits (``mqtt_edge.MOST_WAITING``).

    What was promised (QoS 1) is kept, every message. ``levels``: topics that say how something is; of what comes there
    at QoS 0, the latest stands for all earlier ones while the engine is behind.
    """

    def __init__(self, levels: frozenset[str] = frozenset()) -> None:
        self._levels = levels
        self._queue: SimpleQueue[Item | _Place] = SimpleQueue()
        self._places: dict[str, _Place] = {}
        self._lock = Lock()  # for the places
        self.coalesced = 0  # readings that a later one stood for

    def put(self, item: Item) -> None:
        """Add an item; for any thread."""
        if isinstance(item, Received) and not item.ack:
            self._put_unpromised(item)
        else:
            self._queue.put(item)

    def _put_unpromised(self, item: Received) -> None:
        """A message that the broker may send as fast as it likes, and that nobody promised to deliver."""
        topic = item.message.topic
        if topic in self._levels and (self._queue.qsize() >= CROWDED or topic in self._places):
            self._put_in_its_place(topic, item)
        else:
            self._queue.put(item)

    def _put_in_its_place(self, topic: str, item: Received) -> None:
        with self._lock:
            place = self._places.get(topic)
            if place is not None:
                place.latest = item
                self.coalesced += 1
                return
            place = self._places[topic] = _Place(item)
        self._queue.put(place)

    def get(self, timeout: float | None = None) -> Item:
        """The next item. Raises ``queue.Empty`` after ``timeout`` seconds."""
        return self._taken(self._queue.get(timeout=timeout))

    def get_nowait(self) -> Item:
        """The next item, if there is one. Raises ``queue.Empty``."""
        return self._taken(self._queue.get_nowait())

    def _taken(self, item: Item | _Place) -> Item:
        if not isinstance(item, _Place):
            return item
        with self._lock:
            del self._places[item.latest.message.topic]
            return item.latest

    def qsize(self) -> int:
        """How many wait."""
        return self._queue.qsize()

    def empty(self) -> bool:
        """Whether nothing waits."""
        return self._queue.empty()


def note_leaving(inbox: Inbox, action_id: str) -> None:
    """Return when it is on disk that these words are about to be sent."""
    noted = Event()
    inbox.put(Leaving(action_id, noted))
    noted.wait(NOTED_WITHIN_S)

"""What the stand-in for Home Assistant knows: states, who caused them, and the events that tell of a change."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import RLock
from typing import ClassVar

RECENT = timedelta(seconds=5)
"""For so long after a call a report of the entity is taken as the call's effect (Home Assistant's own rule)."""
UNAVAILABLE = "unavailable"

Attributes = Mapping[str, object]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who or what caused something; `user_id` is None when nobody did it through Home Assistant."""

    id: str = field(default_factory=lambda: secrets.token_hex(13).upper())
    user_id: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return the shape that Home Assistant sends."""
        return {"id": self.id, "parent_id": None, "user_id": self.user_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The state of one entity."""

    entity_id: str
    state: str
    attributes: Attributes
    last_changed: datetime
    last_updated: datetime
    last_reported: datetime
    context: Context

    def as_json(self) -> dict[str, object]:
        """Return the shape that Home Assistant sends."""
        return {
            "entity_id": self.entity_id,
            "state": self.state,
            "attributes": dict(self.attributes),
            "last_changed": self.last_changed.isoformat(),
            "last_reported": self.last_reported.isoformat(),
            "last_updated": self.last_updated.isoformat(),
            "context": self.context.as_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged:
    """An entity has a new state or new attributes, or (None) is gone for good."""

    entity_id: str
    old: State | None
    new: State | None
    at: datetime
    context: Context

    event_type: ClassVar[str] = "state_changed"

    def as_json(self) -> dict[str, object]:
        """Return the `state_changed` event that Home Assistant sends."""
        data = {
            "entity_id": self.entity_id,
            "old_state": self.old.as_json() if self.old else None,
            "new_state": self.new.as_json() if self.new else None,
        }
        return {
            "event_type": self.event_type,
            "data": data,
            "origin": "LOCAL",
            "time_fired": self.at.isoformat(),
            "context": self.context.as_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """Something else happened: a tap on a phone's notification, say."""

    event_type: str
    data: Mapping[str, object]
    at: datetime
    context: Context

    def as_json(self) -> dict[str, object]:
        """Return the event that Home Assistant sends."""
        return {
            "event_type": self.event_type,
            "data": dict(self.data),
            "origin": "REMOTE",
            "time_fired": self.at.isoformat(),
            "context": self.context.as_json(),
        }


Event = StateChanged | Fired
Listener = Callable[[Event], None]


class StateMachine:
    """All states; may be used from any thread, and listeners hear of events in their order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._states: dict[str, State] = {}
        self._recent: dict[str, tuple[datetime, Context]] = {}
        self._listeners: list[Listener] = []

    def get(self, entity_id: str) -> State | None:
        """Return the state of an entity, None when there is no such entity."""
        with self._lock:
            return self._states.get(entity_id)

    def all(self) -> tuple[State, ...]:
        """Return every state."""
        with self._lock:
            return tuple(self._states.values())

    def was_called(self, entity_id: str, context: Context) -> None:
        """Remember that a service was called on the entity: what it reports soon is taken as the effect."""
        with self._lock:
            self._recent[entity_id] = (self._clock(), context)

    def write(self, entity_id: str, state: str, attributes: Attributes, context: Context | None = None) -> None:
        """Take a report; a report that says nothing new is no event."""
        with self._lock:
            now = self._clock()
            old = self._states.get(entity_id)
            if old and (old.state, dict(old.attributes)) == (state, dict(attributes)):
                self._states[entity_id] = replace(old, last_reported=now)
                return
            new = State(
                entity_id=entity_id,
                state=state,
                attributes=dict(attributes),
                last_changed=old.last_changed if old and old.state == state else now,
                last_updated=now,
                last_reported=now,
                context=context or self._cause(entity_id, now),
            )
            self._states[entity_id] = new
            self._tell(StateChanged(entity_id=entity_id, old=old, new=new, at=now, context=new.context))

    def remove(self, entity_id: str) -> None:
        """Forget an entity, and tell that it is gone."""
        with self._lock:
            old = self._states.pop(entity_id)
            self._tell(StateChanged(entity_id=entity_id, old=old, new=None, at=self._clock(), context=Context()))

    def fire(self, event_type: str, data: Mapping[str, object], user_id: str | None) -> None:
        """Tell of something that is not a state."""
        with self._lock:
            self._tell(Fired(event_type=event_type, data=data, at=self._clock(), context=Context(user_id=user_id)))

    def _tell(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            listener(event)

    def _cause(self, entity_id: str, now: datetime) -> Context:
        called, context = self._recent.get(entity_id, (None, Context()))
        return context if called is not None and now - called <= RECENT else Context()

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Call the listener for every event while the body runs, in the thread that made it."""
        with self._lock:
            self._listeners.append(listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners.remove(listener)

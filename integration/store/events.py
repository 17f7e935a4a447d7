"""Events as JSON text, and back."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from devices import events
from devices.events import Event

_KINDS: dict[str, type[Event]] = {
    found.kind: found
    for found in vars(events).values()
    if isinstance(found, type) and issubclass(found, Event) and found is not Event
}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {kind: TypeAdapter(found) for kind, found in _KINDS.items()}


def event_to_json(event: Event) -> str:
    """An event as JSON text; its kind is kept beside it."""
    return _ADAPTERS[event.kind].dump_json(event).decode()


def event_from_json(kind: str, body: str) -> Event:
    """The event that ``event_to_json`` wrote. Raises KeyError for an unknown kind, ValueError for other text."""
    found: Event = _ADAPTERS[kind].validate_json(body)
    return found

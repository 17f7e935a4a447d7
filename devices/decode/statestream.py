"""Home Assistant's ``mqtt_statestream``: ``<base>/<domain>/<object_id>/state``, and every attribute on its own topic.

The unit comes on ``.../unit_of_measurement``, after the state and JSON-quoted: the caller keeps what ``unit_of`` finds
and hands it back as ``hints.unit``. Until then a temperature is ``unit_unknown``.
"""

from __future__ import annotations

from devices.decode.home_assistant import kind_by_name, state_field
from devices.decode.payload import read_scalar
from devices.decode.values import NOTHING, Field, gather, read_value, refuse, refused, seen
from devices.decode.words import number_kind
from devices.readings import Decoded, Hints, Kind, Message, Reason, Rejection

UNIT_LEAF = "unit_of_measurement"
_LONGEST_UNIT = 16
_DEPTH = 3
_HEALTH = {
    "battery_level": Field(kind=Kind.BATTERY, unit="%"),
    "battery": Field(kind=Kind.BATTERY, unit="%"),
    "linkquality": Field(kind=Kind.LINK_QUALITY),
}
"""Attributes that say how the sensor is. Others are named by ``path`` in home.yaml or mean nothing."""

_GONE = refuse(Reason.UNAVAILABLE_STATE, "Home Assistant has no value for the entity at present.")
_UNNAMED = refuse(Reason.MISSING_FIELD, "The entity's id does not say what it measures; give its kind in home.yaml.")
_NO_VALUE = frozenset({"unavailable", "unknown"})


def entity_of(topic: str) -> str | None:
    """The entity id in a topic (``sensor.bedroom_temperature``), the same for a state and for its unit."""
    parts = topic.split("/")
    return f"{parts[-3]}.{parts[-2]}" if len(parts) >= _DEPTH and parts[-3] and parts[-2] else None


def unit_of(message: Message) -> str | None:
    """The unit that a ``.../unit_of_measurement`` topic names; None for every other topic and for what is no unit."""
    if message.topic.rpartition("/")[2] != UNIT_LEAF:
        return None
    raw = read_scalar(message.payload)
    unit = raw.strip() if isinstance(raw, str) else ""
    return unit if 0 < len(unit) <= _LONGEST_UNIT and unit.isprintable() else None


def decode(message: Message, hints: Hints) -> Decoded:
    """What one topic of a state stream says."""
    entity_id, leaf = entity_of(message.topic) or "", message.topic.rpartition("/")[2]
    if leaf != "state":
        return _attribute(leaf, message, hints)
    raw = read_scalar(message.payload)
    if isinstance(raw, Rejection):
        return refused(raw)
    if raw is None or (isinstance(raw, str) and raw.strip().lower() in _NO_VALUE):
        return _GONE
    domain, _, object_id = entity_id.partition(".")
    kind = hints.kind or kind_by_name(domain, object_id)
    if kind is None:
        return _UNNAMED
    return gather([read_value(state_field(kind, object_id, None, hints), raw, "", message, hints)])


def _attribute(leaf: str, message: Message, hints: Hints) -> Decoded:
    """``last_updated`` is when the entity last got a value; ``last_changed`` is older while nothing changes."""
    if leaf == "last_updated":
        raw = read_scalar(message.payload)
        return refused(raw) if isinstance(raw, Rejection) else gather([seen(raw, leaf)])
    field = _HEALTH.get(leaf)
    if hints.path == leaf:
        kind = hints.kind or number_kind(leaf)
        field = Field(kind=kind, unit=hints.unit) if kind else field
    if field is None:
        return NOTHING
    raw = read_scalar(message.payload)
    return refused(raw) if isinstance(raw, Rejection) else gather([read_value(field, raw, leaf, message, hints)])

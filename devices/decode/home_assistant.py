"""Home Assistant entity states. ``unavailable`` and ``unknown`` are never a value, least of all "out of bed"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from devices.decode.paths import MISSING, find, kind_of
from devices.decode.values import NOTHING, Field, act, gather, read_value, refuse, refused, seen
from devices.decode.words import number_kind, side_of, switch_kind
from devices.readings import Decoded, Hints, Kind, Message, Reason, Rejection

DEVICE_CLASSES: Mapping[str, Mapping[str, Kind]] = {
    "sensor": {
        "temperature": Kind.TEMPERATURE,
        "humidity": Kind.HUMIDITY,
        "pressure": Kind.PRESSURE,
        "atmospheric_pressure": Kind.PRESSURE,
        "illuminance": Kind.ILLUMINANCE,
        "carbon_dioxide": Kind.CO2,
        "battery": Kind.BATTERY,
        "signal_strength": Kind.LINK_QUALITY,
    },
    "binary_sensor": {
        "occupancy": Kind.OCCUPIED,
        "presence": Kind.OCCUPIED,
        "motion": Kind.OCCUPIED,
        "vibration": Kind.VIBRATION,
        "moving": Kind.VIBRATION,
        "door": Kind.OPEN,
        "window": Kind.OPEN,
        "opening": Kind.OPEN,
        "garage_door": Kind.OPEN,
    },
}
"""What an entity's ``device_class`` makes of it, by domain."""

_SWITCH_DOMAINS = frozenset({"binary_sensor", "input_boolean", "switch"})
_MOMENT_DOMAINS = frozenset({"button", "input_button", "event", "scene"})
"""Their state is the time of the last press and is published again at every restart: only a new time is a press."""
PRESS = "press"
"""What the press of a button is called that has only one."""

_GONE = refuse(Reason.UNAVAILABLE_STATE, "Home Assistant has no value for the entity at present.")
_UNNAMED = refuse(
    Reason.MISSING_FIELD,
    "Neither the entity's id nor its device class says what it measures; give its kind in home.yaml.",
)
_NO_VALUE = frozenset({"unavailable", "unknown"})


def decode_state(entity_id: str, state: str, attributes: Mapping[str, object], hints: Hints) -> Decoded:
    """What an entity's state says.

    ``attributes`` are those of Home Assistant's state object; ``unit_of_measurement`` and ``device_class`` are used.
    The kind is home.yaml's, else the device class's, else what the words of the id say. The unit is the entity's, else
    home.yaml's; a temperature without one is ``unit_unknown``. With ``hints.path`` the value is that attribute
    (``current_temperature`` of a climate entity, whose unit only home.yaml knows). A weather's state is a word
    ("sunny"): its temperature is an attribute, with the unit in another. Never raises.
    """
    domain, _, object_id = entity_id.partition(".")
    word = state.strip().lower()
    if word in _NO_VALUE:
        return _GONE
    unit, device_class = attributes.get("unit_of_measurement"), attributes.get("device_class")
    own_unit = unit if isinstance(unit, str) else None
    if domain == "weather":
        return _weather(attributes, hints)
    if domain in _MOMENT_DOMAINS and hints.kind is Kind.ACTION:
        return _press(domain, state, attributes, hints)
    if hints.path is not None:
        return _attribute(hints.path, attributes, own_unit, hints)
    kind = hints.kind or _kind_of(domain, object_id, device_class)
    if kind is None:
        return NOTHING if domain in _MOMENT_DOMAINS else _UNNAMED
    return gather([read_value(state_field(kind, object_id, own_unit, hints), state, "", _FRESH, hints)])


def state_field(kind: Kind, object_id: str, unit: str | None, hints: Hints) -> Field:
    """How to read a state: the entity's unit before home.yaml's; the side of a bed may stand in the object id."""
    return Field(kind=kind, unit=unit or hints.unit, side=side_of(object_id))


_FRESH = Message(topic="", payload=b"")
"""A state carries no retained flag; the caller passes changes only."""


def kind_by_name(domain: str, object_id: str) -> Kind | None:
    """What an entity without a device class is, by the words of its id."""
    if domain in _SWITCH_DOMAINS:
        return switch_kind(object_id)
    return number_kind(object_id) if domain == "sensor" else None


def _kind_of(domain: str, object_id: str, device_class: object) -> Kind | None:
    by_class = DEVICE_CLASSES.get(domain, {})
    if isinstance(device_class, str):
        return by_class.get(device_class)
    return kind_by_name(domain, object_id)


def _press(domain: str, state: str, attributes: Mapping[str, object], hints: Hints) -> Decoded:
    """A press and its moment, without which nobody can tell whether it is an old one."""
    moment = seen(state, "state")
    if isinstance(moment, Rejection):
        return refused(moment)
    path = hints.path or ("event_type" if domain == "event" else None)
    return gather([act(find(attributes, path) if path else PRESS, retained=False, path=path or ""), moment])


def _weather(attributes: Mapping[str, object], hints: Hints) -> Decoded:
    path = hints.path or "temperature"
    kind = hints.kind or kind_of(path, find(attributes, path))
    unit = attributes.get("temperature_unit")
    own = kind is Kind.TEMPERATURE and isinstance(unit, str)
    return _attribute(path, attributes, None, replace(hints, unit=str(unit) if own else hints.unit))


def _attribute(path: str, attributes: Mapping[str, object], unit: str | None, hints: Hints) -> Decoded:
    raw = find(attributes, path)
    kind = hints.kind or kind_of(path, raw)
    if raw is MISSING or kind is None:
        return refuse(Reason.MISSING_FIELD, "The entity has no such attribute, or nothing says what it is.", path)
    return gather([read_value(Field(kind=kind, unit=hints.unit or unit), raw, path, _FRESH, hints)])

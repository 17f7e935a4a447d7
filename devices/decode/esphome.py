"""ESPHome: one bare value per topic, ``<node>/sensor/<id>/state``. The unit never travels; the id names the kind.

Ids that speak of a chip, a setting or both sides of a bed at once mean nothing by themselves and need ``kind`` in
home.yaml. A sensor without a value publishes ``nan``.
"""

from __future__ import annotations

from devices.decode.payload import read_scalar
from devices.decode.values import NOTHING, Field, Finding, act, gather, read_value, refuse, refused
from devices.decode.words import number_kind, side_of, switch_kind, words_of
from devices.readings import Decoded, Hints, Kind, Message, Reason, Rejection

UNITS = {
    Kind.TEMPERATURE: "°C",
    Kind.HUMIDITY: "%",
    Kind.PRESSURE: "hPa",
    Kind.ILLUMINANCE: "lx",
    Kind.CO2: "ppm",
    Kind.BATTERY: "%",
}
"""The units of ESPHome's own sensor platforms; home.yaml wins."""

_COMPONENTS = frozenset({"sensor", "binary_sensor", "text_sensor", "event"})
_DEPTH = len(["node", "component", "id", "state"])
_FAHRENHEIT = frozenset({"f", "fahrenheit"})
_OFFLINE = refuse(Reason.UNAVAILABLE_STATE, "The ESPHome node reports itself as offline.")
_PRESENCE = {"offline": _OFFLINE, "online": NOTHING}
_UNNAMED = refuse(Reason.MISSING_FIELD, "The id does not say what this sensor measures; give its kind in home.yaml.")
_RELEASED = frozenset({"off", "false"})


def decode(message: Message, hints: Hints) -> Decoded:
    """What one ESPHome topic says."""
    parts = message.topic.split("/")
    leaf = parts[-1]
    if leaf in {"debug", "command"} or parts[0] == "homeassistant":
        return NOTHING
    raw = read_scalar(message.payload)
    if isinstance(raw, Rejection):
        return refused(raw)
    if leaf == "status" and isinstance(raw, str) and raw in _PRESENCE:
        return _PRESENCE[raw]
    component, name = _place(parts)
    kind = hints.kind or _kind_of(component, name)
    if kind is None:
        return _UNNAMED
    if kind is Kind.ACTION:
        return gather([_press(component, raw, message)])
    return gather([read_value(_field(kind, name, hints), raw, "", message, hints)])


def _place(parts: list[str]) -> tuple[str, str]:
    """The component and the id in a topic; a topic of the person's own making has only a name."""
    if len(parts) >= _DEPTH and parts[-3] in _COMPONENTS and parts[-1] == "state":
        return parts[-3], parts[-2]
    return "", parts[-2] if len(parts) > 1 and parts[-1] == "state" else parts[-1]


def _kind_of(component: str, name: str) -> Kind | None:
    if component == "event":
        return Kind.ACTION
    if component == "binary_sensor":
        return switch_kind(name)
    return number_kind(name) or (None if component == "sensor" else switch_kind(name))


def _field(kind: Kind, name: str, hints: Hints) -> Field:
    """What stands behind an id: ESPHome's unit for the kind unless home.yaml or the id names one, and a bed's side."""
    fahrenheit = kind is Kind.TEMPERATURE and not _FAHRENHEIT.isdisjoint(words_of(name))
    unit = hints.unit or ("°F" if fahrenheit else UNITS.get(kind))
    return Field(kind=kind, unit=unit, side=side_of(name))


def _press(component: str, raw: object, message: Message) -> Finding | None:
    """An event's type, or a binary sensor that stands for a button: going off is no second press."""
    if isinstance(raw, dict):
        return act(raw.get("event_type"), retained=message.retained, path="event_type")
    if component == "binary_sensor" and str(raw).lower() in _RELEASED:
        return None
    return act(raw, retained=message.retained)

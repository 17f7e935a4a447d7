"""Shelly Gen2 and later: ``<device>/status/<component>`` and the notifications on ``<device>/events/rpc``.

A relay, dimmer or cover reports the temperature of its own chip inside its status; only ``temperature:<n>`` is a probe.
Paths of notifications start at the component: ``temperature:100.tC``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from devices.decode.paths import find, narrow
from devices.decode.payload import read_object, read_scalar
from devices.decode.states import WORDS
from devices.decode.values import (
    NOTHING,
    Field,
    Finding,
    act,
    gather,
    is_word,
    read_fields,
    read_value,
    refuse,
    refused,
)
from devices.readings import Decoded, Hints, Kind, Message, Reason, Rejection

_Component = Mapping[str, object]

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "temperature": {
        "tC": Field(kind=Kind.TEMPERATURE, unit="°C"),
        "tF": Field(kind=Kind.TEMPERATURE, unit="°F", unless="tC"),
    },
    "humidity": {"rh": Field(kind=Kind.HUMIDITY, unit="%")},
    "illuminance": {"lux": Field(kind=Kind.ILLUMINANCE, unit="lx")},
    "presencezone": {"value": Field(kind=Kind.OCCUPIED), "state": Field(kind=Kind.OCCUPIED, unless="value")},
    "bthomedevice": {
        "battery": Field(kind=Kind.BATTERY, unit="%"),
        "rssi": Field(kind=Kind.LINK_QUALITY),
        "last_updated_ts": Field(kind=Kind.LAST_SEEN),
    },
    "wifi": {"rssi": Field(kind=Kind.LINK_QUALITY)},
}
"""Component to its fields. What is absent (switch, cover, light, sys, ...) says nothing about the room."""

_HOT_PARTS = frozenset({"switch", "cover", "light", "rgb", "rgbw", "cct", "pm1", "em", "em1", "sys"})
_METHODS = frozenset({"NotifyStatus", "NotifyFullStatus"})
_HELD = frozenset({"hold_press", "rotate_left", "rotate_right"})
_UNITS = {Kind.TEMPERATURE: "°C", Kind.HUMIDITY: "%", Kind.ILLUMINANCE: "lx"}
_OFFLINE = refuse(Reason.UNAVAILABLE_STATE, "The Shelly's last will says that it is offline.")
_HOT = refuse(Reason.MISSING_FIELD, "Only the relay's own temperature is here, which is not the room's.")
_NO_SENSOR = refuse(Reason.MISSING_FIELD, "The message has none of the fields of a sensor.")
_BARE = "A BTHome value carries neither kind nor unit; give its path, kind and unit in home.yaml."


def decode(message: Message, hints: Hints) -> Decoded:
    """Everything one message of a Shelly says about sensors and buttons."""
    head, _, leaf = message.topic.rpartition("/")
    if leaf == "online":
        return _online(message)
    if leaf in {"log", "command"}:
        return NOTHING
    document = read_object(message.payload)
    if isinstance(document, Rejection):
        return refused(document)
    if head.endswith("status") or ":" in leaf:
        return _status(leaf, document, message, hints)
    return _frame(document, message, hints)


def _status(leaf: str, document: _Component, message: Message, hints: Hints) -> Decoded:
    name = leaf.partition(":")[0]
    found = gather(_component(name, document, "", message, hints))
    if hints.path is not None:
        return narrow(found, document, message, hints, _UNITS)
    if found.readings or found.rejections:
        return found
    return _HOT if name in _HOT_PARTS else _NO_SENSOR


def _frame(document: _Component, message: Message, hints: Hints) -> Decoded:
    """A notification or the answer to ``Shelly.GetStatus``. Most are about something else, which is no fault."""
    method = document.get("method")
    params = document.get("params" if isinstance(method, str) else "result")
    if not isinstance(params, dict):
        return _NO_SENSOR
    if method == "NotifyEvent":
        return gather(_events(params, message, hints))
    if method is not None and not (isinstance(method, str) and method in _METHODS):
        return NOTHING
    findings: list[Finding | None] = []
    unnamed = replace(hints, kind=None, unit=None)  # one kind cannot be that of every component
    for key, part in params.items():
        if isinstance(part, dict) and is_word(key):
            own = hints if hints.path is not None and hints.path.partition(".")[0] == key else unnamed
            findings += _component(key.partition(":")[0], part, f"{key}.", message, own)
    if hints.path is None:
        return gather(findings)
    if hints.path.partition(".")[0] not in params:
        return NOTHING  # a notification names only what changed
    return narrow(gather(findings), params, message, hints, _UNITS)


def _component(name: str, part: _Component, prefix: str, message: Message, hints: Hints) -> list[Finding | None]:
    special = _SPECIAL.get(name)
    if special is not None:
        return special(part, prefix, message, hints)
    return read_fields(part, FIELDS.get(name, {}), message, hints, prefix)


def _devicepower(part: _Component, prefix: str, message: Message, hints: Hints) -> list[Finding | None]:
    """``battery.percent``; a device on mains reports the battery that it does not have as null."""
    percent = find(part, "battery.percent")
    if not isinstance(percent, int | float):
        return []
    field = Field(kind=Kind.BATTERY, unit="%")
    return [read_value(field, percent, f"{prefix}battery.percent", message, hints)]


def _input(part: _Component, prefix: str, message: Message, hints: Hints) -> list[Finding | None]:
    """An input is whatever was wired to it: a bed mat or a window contact where home.yaml says so."""
    if hints.kind is None or hints.kind not in WORDS or "state" not in part:
        return []
    return [read_value(Field(kind=hints.kind), part["state"], f"{prefix}state", message, hints)]


def _bthome(part: _Component, prefix: str, message: Message, hints: Hints) -> list[Finding | None]:
    if "value" not in part:
        return []
    path = f"{prefix}value"
    if hints.kind is None:
        return [Rejection(reason=Reason.UNIT_UNKNOWN, detail=_BARE, path=path)]
    value = read_value(Field(kind=hints.kind, unit=hints.unit), part["value"], path, message, hints)
    return [value, *read_fields(part, _BTHOME_TIME, message, hints, prefix)]


_BTHOME_TIME = {"last_updated_ts": Field(kind=Kind.LAST_SEEN)}
_SPECIAL: Mapping[str, Callable[[_Component, str, Message, Hints], list[Finding | None]]] = {
    "devicepower": _devicepower,
    "input": _input,
    "bthomesensor": _bthome,
}


def _events(params: _Component, message: Message, hints: Hints) -> list[Finding | None]:
    """Presses. The down and up of a button around them (``btn_down``, ``btn_up``) are not counted again."""
    events = params.get("events")
    findings: list[Finding | None] = []
    for event in events if isinstance(events, list) else ():
        if not isinstance(event, dict):
            continue
        name, component = event.get("event"), event.get("component")
        if not isinstance(name, str) or not isinstance(component, str) or not is_word(component):
            continue
        if (name.endswith("_push") or name in _HELD) and hints.path in {None, component}:
            findings.append(act(name, retained=message.retained, path=component))
    return findings


def _online(message: Message) -> Decoded:
    raw = read_scalar(message.payload)
    if isinstance(raw, Rejection):
        return refused(raw)
    return _OFFLINE if raw is False else NOTHING

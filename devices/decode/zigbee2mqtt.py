"""Zigbee2MQTT: one JSON object per device, always in °C and hPa.

``temperature_units`` is what the device shows on its own display and changes nothing here. A magnetic contact that is
made is a closed window. Commands (``/set``, ``/get``) and the bridge's own topics say nothing about a sensor.
"""

from __future__ import annotations

from dataclasses import replace

from devices.decode.paths import narrow
from devices.decode.payload import read_object, read_scalar
from devices.decode.states import CONTACT
from devices.decode.values import NOTHING, Field, gather, read_fields, refuse, refused
from devices.readings import Decoded, Hints, Kind, Message, Reason, Rejection

FIELDS = {
    "temperature": Field(kind=Kind.TEMPERATURE, unit="°C"),
    "humidity": Field(kind=Kind.HUMIDITY, unit="%"),
    "pressure": Field(kind=Kind.PRESSURE, unit="hPa"),
    "illuminance_lux": Field(kind=Kind.ILLUMINANCE, unit="lx"),
    "illuminance": Field(kind=Kind.ILLUMINANCE, unit="lx", unless="illuminance_lux"),  # before version 2 a raw number
    "co2": Field(kind=Kind.CO2, unit="ppm"),
    "occupancy": Field(kind=Kind.OCCUPIED),
    "presence": Field(kind=Kind.OCCUPIED),
    "vibration": Field(kind=Kind.VIBRATION),
    "contact": Field(kind=Kind.OPEN, words=CONTACT),
    "action": Field(kind=Kind.ACTION),
    "click": Field(kind=Kind.ACTION, unless="action"),
    "battery": Field(kind=Kind.BATTERY, unit="%"),
    "linkquality": Field(kind=Kind.LINK_QUALITY),
    "last_seen": Field(kind=Kind.LAST_SEEN),
}
UNITS = {Kind.TEMPERATURE: "°C", Kind.HUMIDITY: "%", Kind.PRESSURE: "hPa"}
_COMMANDS = frozenset({"set", "get"})
_OFFLINE = refuse(Reason.UNAVAILABLE_STATE, "Zigbee2MQTT reports the device as offline.")
_NONE_KNOWN = refuse(Reason.MISSING_FIELD, "The message has none of the fields of a sensor.")


def decode(message: Message, hints: Hints) -> Decoded:
    """Everything a Zigbee2MQTT message says about a sensor."""
    topic = message.topic
    leaf = topic.rpartition("/")[2]
    if "/bridge/" in topic or leaf in _COMMANDS:
        return NOTHING
    if leaf == "availability":
        return _availability(message)
    if leaf in FIELDS and not isinstance(raw := read_scalar(message.payload), dict):
        return _attribute(leaf, raw, message, hints)
    return _object(message, hints)


def _object(message: Message, hints: Hints) -> Decoded:
    document = read_object(message.payload)
    if isinstance(document, Rejection):
        return refused(document)
    findings = read_fields(document, FIELDS, message, hints)
    if hints.path is not None:
        return narrow(gather(findings), document, message, replace(hints, unit=None), UNITS)
    return gather(findings) if findings else _NONE_KNOWN


def _attribute(leaf: str, raw: object, message: Message, hints: Hints) -> Decoded:
    """``<device>/action`` and the topics of ``output: attribute``: one bare value."""
    if isinstance(raw, Rejection):
        reset = raw.reason is Reason.EMPTY and FIELDS[leaf].kind is Kind.ACTION
        return NOTHING if reset else refused(raw)
    return gather(read_fields({leaf: raw}, FIELDS, message, hints))


def _availability(message: Message) -> Decoded:
    """``{"state": "offline"}``, or the bare word of earlier versions."""
    raw = read_scalar(message.payload)
    if isinstance(raw, Rejection):
        return refused(raw)
    state = raw.get("state") if isinstance(raw, dict) else raw
    return _OFFLINE if state == "offline" else NOTHING

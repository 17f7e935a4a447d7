"""A bare value, or JSON with a path: everything that has no dialect of its own, told apart by home.yaml."""

from __future__ import annotations

from collections.abc import Mapping

from devices.decode.paths import kind_of, narrow
from devices.decode.payload import NOT_AN_OBJECT, read_json, read_scalar
from devices.decode.units import fitting
from devices.decode.values import NOTHING, Field, gather, read_fields, read_value, refuse, refused
from devices.readings import Decoded, Hints, Kind, Message, Reason, Rejection

FIELDS: Mapping[str, Kind] = {
    "temperature": Kind.TEMPERATURE,
    "temp": Kind.TEMPERATURE,
    "humidity": Kind.HUMIDITY,
    "hum": Kind.HUMIDITY,
    "pressure": Kind.PRESSURE,
    "illuminance": Kind.ILLUMINANCE,
    "lux": Kind.ILLUMINANCE,
    "co2": Kind.CO2,
    "occupancy": Kind.OCCUPIED,
    "occupied": Kind.OCCUPIED,
    "presence": Kind.OCCUPIED,
    "motion": Kind.OCCUPIED,
    "action": Kind.ACTION,
    "battery": Kind.BATTERY,
    "linkquality": Kind.LINK_QUALITY,
    "last_seen": Kind.LAST_SEEN,
}
"""JSON keys that mean the same everywhere. ``contact`` is not among them: its polarity differs."""

_WRAPPERS = ("value", "state")
_UNIT_KEYS = ("unit", "units", "unit_of_measurement")
_OFFLINE_WORDS = frozenset({"unavailable", "unknown", "offline"})
_GONE = refuse(Reason.UNAVAILABLE_STATE, "The sensor says that it has no value at present.")
_UNNAMED = refuse(Reason.MISSING_FIELD, "Nothing says what this value is; give its kind in home.yaml.")
_NO_FIELD = refuse(Reason.MISSING_FIELD, "The message has no field that is known; give its path and kind in home.yaml.")


def decode(message: Message, hints: Hints) -> Decoded:
    """A value whose kind, unit and place home.yaml names; where it does not, JSON keys and the topic's last word do."""
    if hints.path is not None:
        document = read_json(message.payload)
        if isinstance(document, Rejection):
            return refused(document)
        if not isinstance(document, dict | list):
            return refused(NOT_AN_OBJECT)
        return narrow(NOTHING, document, message, hints, {})
    raw = read_scalar(message.payload)
    if isinstance(raw, Rejection):
        return _unread(raw, hints)
    if isinstance(raw, dict):
        return read_document(raw, message, hints)
    return read_bare(raw, message, hints)


def read_bare(raw: object, message: Message, hints: Hints) -> Decoded:
    """One value by its kind, which the topic may name."""
    if isinstance(raw, str) and raw.strip().lower() in _OFFLINE_WORDS:
        return _GONE
    kind = hints.kind or kind_of(message.topic.rpartition("/")[2].replace(".", " "), raw)
    if kind is None:
        return _UNNAMED
    return gather([read_value(Field(kind=kind, unit=hints.unit), raw, "", message, hints)])


def read_document(document: Mapping[str, object], message: Message, hints: Hints) -> Decoded:
    """The known keys of an object; an object around one value (``{"value": 21.5, "unit": "C"}``) needs a kind."""
    wrapper = next((key for key in _WRAPPERS if key in document), None)
    if hints.kind is not None and hints.kind not in {FIELDS.get(key) for key in document} and wrapper is not None:
        unit = next((sent for key in _UNIT_KEYS if isinstance(sent := document.get(key), str)), hints.unit)
        return gather([read_value(Field(kind=hints.kind, unit=unit), document[wrapper], wrapper, message, hints)])
    table = {key: Field(kind=kind, unit=fitting(kind, hints.unit)) for key, kind in FIELDS.items() if key in document}
    findings = read_fields(document, table, message, hints)
    return gather(findings) if findings else _NO_FIELD


def _unread(rejection: Rejection, hints: Hints) -> Decoded:
    """An empty payload resets a button and deletes everything else."""
    return NOTHING if rejection.reason is Reason.EMPTY and hints.kind is Kind.ACTION else refused(rejection)

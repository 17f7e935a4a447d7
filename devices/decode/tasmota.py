"""Tasmota: ``tele/<device>/SENSOR`` and the answers ``STATUS8`` and ``STATUS10``, one block per sensor chip.

``TempUnit`` and ``PressureUnit`` stand beside the blocks, not always; without them Tasmota's own defaults hold (°C and
hPa). ``Time`` is the device's local time without a zone and is not trusted. An ESP32's own block is its chip.
"""

from __future__ import annotations

from dataclasses import replace

from devices.decode.paths import narrow
from devices.decode.payload import read_object, read_scalar
from devices.decode.units import fitting
from devices.decode.values import NOTHING, Field, Finding, act, gather, is_word, read_fields, refuse, refused
from devices.readings import Decoded, Hints, Kind, Message, Reason, Rejection

_OTHERS = {
    "Humidity": Field(kind=Kind.HUMIDITY, unit="%"),
    "Illuminance": Field(kind=Kind.ILLUMINANCE, unit="lx"),
    "CarbonDioxide": Field(kind=Kind.CO2, unit="ppm"),
    "Battery": Field(kind=Kind.BATTERY, unit="%"),
    "BatteryPercentage": Field(kind=Kind.BATTERY, unit="%", unless="Battery"),
    "LinkQuality": Field(kind=Kind.LINK_QUALITY),
    "RSSI": Field(kind=Kind.LINK_QUALITY, unless="LinkQuality"),
}
_CHIPS = ("ESP32", "ENERGY", "AXP192", "AXP202", "MPU6050")
"""Blocks whose temperature is the board's."""

_SELF_HEATED = ("MHZ19", "S8", "CCS811")
"""CO2 sensors that warm themselves: their CO2 counts, their temperature does not."""

_ONLY_CHIP = refuse(Reason.MISSING_FIELD, "Only the board's own temperature is here, which is not the room's.")
_NO_BLOCK = refuse(Reason.MISSING_FIELD, "The message has no block of a sensor.")
_OFFLINE = refuse(Reason.UNAVAILABLE_STATE, "Tasmota's last will says that the device is offline.")
_UNIT_KEYS = ((Kind.TEMPERATURE, "TempUnit", "°C"), (Kind.PRESSURE, "PressureUnit", "hPa"))
_SENSOR_LEAVES = frozenset({"SENSOR", "STATUS8", "STATUS10", "STATUS0", "STATUS"})


def decode(message: Message, hints: Hints) -> Decoded:
    """Everything one Tasmota message says about sensors and buttons."""
    leaf = message.topic.rpartition("/")[2]
    if leaf == "LWT":
        return _last_will(message)
    document = read_object(message.payload)
    if isinstance(document, Rejection):
        return NOTHING if leaf not in _SENSOR_LEAVES and document.reason is Reason.NOT_JSON else refused(document)
    body = document.get("StatusSNS", document)
    if not isinstance(body, dict):
        return _NO_BLOCK
    findings = _presses(body, message) if leaf == "RESULT" else _blocks(body, message, hints)
    if hints.path is not None:
        return narrow(gather(findings), body, message, _inside(hints), _units(body, hints))
    if findings or leaf not in _SENSOR_LEAVES:
        return gather(findings)
    return _ONLY_CHIP if any(name.startswith(_CHIPS) for name in body) else _NO_BLOCK


def _inside(hints: Hints) -> Hints:
    """A path may be given with or without the wrapper of a status answer."""
    path = hints.path or ""
    if not path.startswith("StatusSNS."):
        return hints
    return replace(hints, path=path.removeprefix("StatusSNS."))


def _units(body: dict[str, object], hints: Hints) -> dict[Kind, str]:
    """The units that stand in the message, then home.yaml's, then Tasmota's defaults."""
    return {
        kind: sent if isinstance(sent := body.get(key), str) else fitting(kind, hints.unit) or default
        for kind, key, default in _UNIT_KEYS
    }


def _blocks(body: dict[str, object], message: Message, hints: Hints) -> list[Finding | None]:
    units = _units(body, hints)
    pressure = {**_OTHERS, "Pressure": Field(kind=Kind.PRESSURE, unit=units[Kind.PRESSURE])}
    everything = {**pressure, "Temperature": Field(kind=Kind.TEMPERATURE, unit=units[Kind.TEMPERATURE])}
    findings: list[Finding | None] = []
    for name, block in body.items():
        if not isinstance(block, dict) or name.startswith(_CHIPS) or not is_word(name):
            continue
        table = pressure if name.startswith(_SELF_HEATED) else everything
        findings += read_fields(block, table, message, hints, f"{name}.")
        for inner_name, inner in block.items():  # ZbReceived and the old DS18x20 wrap one block more
            if isinstance(inner, dict) and is_word(inner_name):
                findings += read_fields(inner, table, message, hints, f"{name}.{inner_name}.")
    return findings


def _presses(body: dict[str, object], message: Message) -> list[Finding | None]:
    """``{"Button1": {"Action": "SINGLE"}}``, which only detached buttons send."""
    return [
        act(block["Action"], retained=message.retained, path=f"{name}.Action")
        for name, block in body.items()
        if name.startswith("Button") and is_word(name) and isinstance(block, dict) and "Action" in block
    ]


def _last_will(message: Message) -> Decoded:
    raw = read_scalar(message.payload)
    if isinstance(raw, Rejection):
        return refused(raw)
    return _OFFLINE if raw == "Offline" else NOTHING

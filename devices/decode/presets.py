"""Four dialects that are tables: Shelly Gen1, Theengs and OpenMQTTGateway, rtl_433, Z-Wave JS UI.

A preset names JSON keys and topics; reading them is what ``plain`` does, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from devices.decode.paths import MISSING, find, narrow
from devices.decode.payload import NOT_JSON, read_scalar
from devices.decode.plain import read_bare, read_document
from devices.decode.units import fitting
from devices.decode.values import NOTHING, Field, Finding, gather, measure, read_fields, read_value, refuse, refused
from devices.readings import Decoded, Hints, Kind, Message, Reason, Rejection

_Document = Mapping[str, object]
_Special = Callable[[_Document, Message, Hints], list[Finding | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One dialect as data. Topic endings are compared in lower case, the last two words first."""

    keys: Mapping[str, Field] = field(default_factory=dict)  # of a JSON object
    topics: Mapping[str, Field] = field(default_factory=dict)  # ending of a topic with a bare value or a wrapped one
    wrapper: str | None = None  # the key that wraps the value of such a topic
    ignored: frozenset[str] = frozenset()  # last words of topics that never speak of a sensor
    chips: frozenset[str] = frozenset()  # last words of topics with the board's own temperature
    offline: Mapping[str, frozenset[str]] = field(default_factory=dict)  # last word -> what says "gone" there
    special: _Special | None = None  # what a table cannot say; blocks inside a message are its own


_FAHRENHEIT = Field(kind=Kind.TEMPERATURE, unit="°F")
_CELSIUS = Field(kind=Kind.TEMPERATURE, unit="°C")
_UNSAID = Field(kind=Kind.TEMPERATURE)
_HUMIDITY = Field(kind=Kind.HUMIDITY, unit="%")
_BATTERY = Field(kind=Kind.BATTERY, unit="%")
_LUX = Field(kind=Kind.ILLUMINANCE, unit="lx")
_CO2 = Field(kind=Kind.CO2, unit="ppm")
_OCCUPIED = Field(kind=Kind.OCCUPIED)
_OPEN = Field(kind=Kind.OPEN)
_RADIO = Field(kind=Kind.LINK_QUALITY)

_PRESSES = {
    "s": "single",
    "ss": "double",
    "sss": "triple",
    "l": "long",
    "sl": "single_long",
    "ls": "long_single",
}
_RELAY_KEYS = frozenset({"overtemperature", "relays", "lights", "rollers"})
_NESTED = {
    "hum.value": _HUMIDITY,
    "bat.value": _BATTERY,
    "lux.value": _LUX,
    "ext_temperature.0.tC": _CELSIUS,
    "ext_temperature.1.tC": _CELSIUS,
    "ext_temperature.2.tC": _CELSIUS,
    "ext_humidity.0.hum": _HUMIDITY,
}


def _shelly_info(document: _Document, message: Message, hints: Hints) -> list[Finding | None]:
    """``/info``: values in blocks that may call themselves invalid; a relay's ``tmp`` is its chip."""
    findings = [
        _valid(document, path, read_value(one, raw, path, message, hints))
        for path, one in _NESTED.items()
        if (raw := find(document, path)) is not MISSING
    ]
    block = document.get("tmp")
    if isinstance(block, dict) and _RELAY_KEYS.isdisjoint(document):
        findings.append(_valid(document, "tmp.tC", _shelly_air(block, hints)))
    return findings


def _shelly_air(block: _Document, hints: Hints) -> Finding:
    if "tC" in block:
        return measure(Kind.TEMPERATURE, block["tC"], "°C", "tmp.tC")
    unit = block.get("units")
    return measure(Kind.TEMPERATURE, block.get("value"), unit if isinstance(unit, str) else hints.unit, "tmp.value")


def _valid(document: _Document, path: str, finding: Finding | None) -> Finding | None:
    if find(document, f"{path.partition('.')[0]}.is_valid") is False:
        return Rejection(reason=Reason.UNAVAILABLE_STATE, detail="The sensor calls this value invalid.", path=path)
    return finding


SHELLY_GEN1 = Preset(
    keys={
        "motion": _OCCUPIED,
        "vibration": Field(kind=Kind.VIBRATION),
        "lux": _LUX,
        "bat": _BATTERY,
        "event": Field(kind=Kind.ACTION, codes=_PRESSES),
    },
    topics={
        "sensor/temperature": _UNSAID,  # °C or °F as set in the device, and nothing in the message tells
        "sensor/humidity": _HUMIDITY,
        "sensor/battery": _BATTERY,
        "sensor/lux": _LUX,
        "sensor/motion": _OCCUPIED,
        "sensor/vibration": Field(kind=Kind.VIBRATION),
        "sensor/state": _OPEN,
        **{f"ext_temperature/{probe}": _CELSIUS for probe in range(5)},
        **{f"ext_temperature_f/{probe}": _FAHRENHEIT for probe in range(5)},
        **{f"ext_humidity/{probe}": _HUMIDITY for probe in range(5)},
    },
    ignored=frozenset({"announce", "command"}),
    chips=frozenset({"temperature", "temperature_f", "overtemperature", "temperature_status"}),
    offline={"online": frozenset({"false"})},
    special=_shelly_info,
)

RTL_433 = Preset(
    keys=(
        _RTL_KEYS := {
            "temperature_C": _CELSIUS,
            "temperature_F": Field(kind=Kind.TEMPERATURE, unit="°F", unless="temperature_C"),
            "humidity": _HUMIDITY,
            "pressure_hPa": Field(kind=Kind.PRESSURE, unit="hPa"),
            "pressure_kPa": Field(kind=Kind.PRESSURE, unit="kPa", unless="pressure_hPa"),
            "light_lux": _LUX,
            "co2_ppm": _CO2,
            "contact_open": _OPEN,
            "reed_open": Field(kind=Kind.OPEN, unless="contact_open"),
            "motion": _OCCUPIED,
            "battery_ok": Field(kind=Kind.BATTERY, unit="fraction"),  # 0 low, 1 good, steps between from some devices
            "rssi": _RADIO,
        }
    ),
    topics={key.lower(): one for key, one in _RTL_KEYS.items()},
    ignored=frozenset({"states", "log"}),
    offline={"availability": frozenset({"offline"})},
)

THEENGS = Preset(
    keys={
        "tempc": _CELSIUS,
        "tempf": Field(kind=Kind.TEMPERATURE, unit="°F", unless="tempc"),
        "hum": _HUMIDITY,
        "pres": Field(kind=Kind.PRESSURE, unit="hPa"),
        "lux": _LUX,
        "co2": _CO2,
        "batt": _BATTERY,
        "motion": _OCCUPIED,
        "presence": _OCCUPIED,
        "open": _OPEN,
        **_RTL_KEYS,  # OpenMQTTGateway's RTL_433toMQTT
    },
    ignored=frozenset({"webuitomqtt", "version"}),
    chips=frozenset({"systomqtt"}),
    offline={"lwt": frozenset({"offline"})},
)

_DOOR = Field(kind=Kind.OPEN, words={"22": True, "23": False})
_MOTION = Field(kind=Kind.OCCUPIED, words={"8": True, "7": True, "0": False})
_SCENES = {"0": "single", "1": "release", "2": "hold", "3": "double", "4": "triple", "5": "quadruple", "6": "quintuple"}
_SCENE = Field(kind=Kind.ACTION, codes=_SCENES)


def _zwave_time(document: _Document, message: Message, hints: Hints) -> list[Finding | None]:
    """When the gateway got the value, in epoch milliseconds: what makes a retained value's age known."""
    key = next((key for key in ("lastUpdate", "time") if key in document), None)
    if key is None:
        return []
    return [read_value(Field(kind=Kind.LAST_SEEN), document[key], key, message, hints)]


ZWAVE_JS = Preset(
    topics={
        "air_temperature": _UNSAID,
        "humidity": _HUMIDITY,
        "illuminance": _LUX,
        "carbon_dioxide_co2_level": _CO2,
        "barometric_pressure": Field(kind=Kind.PRESSURE),
        "access_control/door_state": _DOOR,
        "access_control/door_state_simple": _DOOR,
        "access_control/window_state": _DOOR,
        "home_security/motion_sensor_status": _MOTION,
        "0/motion": _OCCUPIED,
        "endpoint_0/motion": _OCCUPIED,
        "0/door-window": _OPEN,
        "endpoint_0/door-window": _OPEN,
        "0/level": _BATTERY,
        "endpoint_0/level": _BATTERY,
        **{f"scene/{number:03}": _SCENE for number in range(1, 9)},
    },
    wrapper="value",
    ignored=frozenset({"nodeinfo", "lastactive"}),
    offline={"status": frozenset({"dead", "false"})},
    special=_zwave_time,
)

_GONE = refuse(Reason.UNAVAILABLE_STATE, "The gateway reports the device as offline.")
_CHIP = refuse(Reason.MISSING_FIELD, "This is the device's own temperature, which is not the room's.")
_NO_FIELD = refuse(Reason.MISSING_FIELD, "The message has none of the fields of a sensor.")
_UNITS = {Kind.TEMPERATURE: "°C", Kind.HUMIDITY: "%", Kind.PRESSURE: "hPa"}


def _decode(preset: Preset, message: Message, hints: Hints) -> Decoded:
    """One message by the tables of ``preset``."""
    parent, _, leaf = message.topic.lower().rpartition("/")
    if leaf in preset.ignored:
        return NOTHING
    one = preset.topics.get(f"{parent.rpartition('/')[2]}/{leaf}") or preset.topics.get(leaf)
    raw = read_scalar(message.payload, Reason.NOT_A_NUMBER if one or hints.kind else Reason.NOT_JSON)
    if isinstance(raw, Rejection):
        return refused(raw)
    if leaf in preset.offline:
        return _GONE if _word(raw) in preset.offline[leaf] else NOTHING
    if leaf in preset.chips and one is None and hints.kind is None and hints.path is None:
        return _CHIP
    if isinstance(raw, dict):
        return _document(preset, one, raw, message, hints)
    return _bare(one, raw, message, hints)


def _bare(one: Field | None, raw: object, message: Message, hints: Hints) -> Decoded:
    """A bare value: what its topic says it is, unless home.yaml says otherwise; text where JSON is due is nothing."""
    if hints.kind is not None and (one is None or hints.kind is not one.kind):
        return read_bare(raw, message, hints)
    if one is None:
        return refused(NOT_JSON) if isinstance(raw, str) else _NO_FIELD
    return gather([read_value(_with_unit(one, hints.unit), raw, "", message, hints)])


def _document(preset: Preset, one: Field | None, document: _Document, message: Message, hints: Hints) -> Decoded:
    """A JSON object: the value of its topic in a wrapper, or keys that speak for themselves."""
    if preset.wrapper is not None and one is not None:
        findings = _wrapped(preset.wrapper, one, document, message, hints)
    else:
        flat = (
            document
            if preset.special is None
            else {key: raw for key, raw in document.items() if raw.__class__ is not dict}
        )
        findings = read_fields(flat, preset.keys, message, hints)
    if preset.special is not None:
        findings += preset.special(document, message, hints)
    if hints.path is not None:
        return narrow(gather(findings), document, message, hints, _UNITS if preset is not ZWAVE_JS else {})
    if one is None and hints.kind is not None and preset.wrapper is not None:
        return read_document(document, message, hints)
    return gather(findings) if findings else _NO_FIELD


def _wrapped(wrapper: str, one: Field, document: _Document, message: Message, hints: Hints) -> list[Finding | None]:
    """``{"time": ..., "value": 21.5}``, or the whole value with its unit; a value that never came has no key."""
    if wrapper not in document:
        return [Rejection(reason=Reason.MISSING_FIELD, detail="The gateway has no value yet.", path=wrapper)]
    sent = document.get("unit")
    known = _with_unit(one, sent if isinstance(sent, str) else hints.unit)
    return [read_value(known, document[wrapper], wrapper, message, hints)]


def _with_unit(one: Field, unit: str | None) -> Field:
    """The unit that came with the message or from home.yaml, where the dialect does not fix one."""
    if one.unit is not None or fitting(one.kind, unit) is None:
        return one
    return Field(kind=one.kind, unit=unit, words=one.words, codes=one.codes)


def _word(raw: object) -> str:
    """The state in a status message: bare, or under ``status`` or ``state``."""
    if isinstance(raw, dict):
        raw = raw.get("status", raw.get("state"))
    return str(raw).lower() if isinstance(raw, str | bool) else ""


shelly_gen1 = partial(_decode, SHELLY_GEN1)
theengs = partial(_decode, THEENGS)
rtl_433 = partial(_decode, RTL_433)
zwave_js = partial(_decode, ZWAVE_JS)

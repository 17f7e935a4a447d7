"""Which dialect a message speaks, and whether its temperature can be the room's: for setting up, never for acting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from devices.decode.payload import read_scalar
from devices.decode.words import doubt_about
from devices.readings import Message, Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A dialect that would explain the message. ``certainty`` (0-1) is about the dialect; ``doubtful`` about the room.

    ``why`` is one line for a person and holds nothing of the payload but names of fields.
    """

    dialect: str
    certainty: float
    why: str
    doubtful: bool = False


_Clue = tuple[str, float, str]


def guess(message: Message) -> list[Guess]:
    """Dialects that fit, best first; empty for what is no sensor at all (discovery, an empty or binary payload)."""
    parts = message.topic.split("/")
    value = read_scalar(message.payload)
    if isinstance(value, Rejection) or parts[-1] in {"config", "set", "get", "command", "debug"}:
        return []
    document = value if isinstance(value, dict) else {}
    best: dict[str, _Clue] = {}
    for clue in (found for finder in _FINDERS for found in finder(parts, document, value)):
        if clue[0] not in best or clue[1] > best[clue[0]][1]:
            best[clue[0]] = clue
    doubt = _doubt(message.topic, document)
    ranked = sorted(best.values(), key=lambda clue: -clue[1])
    return [_guess(clue, doubt) for clue in ranked]


def _guess(clue: _Clue, doubt: str | None) -> Guess:
    dialect, certainty, why = clue
    if doubt is None:
        return Guess(dialect=dialect, certainty=certainty, why=f"{why}.")
    return Guess(dialect=dialect, certainty=certainty, why=f"{why}; doubtful as a room sensor: {doubt}.", doubtful=True)


def _zigbee2mqtt(parts: list[str], document: Mapping[str, object], _value: object) -> list[_Clue]:
    if "zigbee2mqtt" in parts and "bridge" not in parts:
        return [("zigbee2mqtt", 0.95, "the topic is Zigbee2MQTT's")]
    if "linkquality" in document:
        return [("zigbee2mqtt", 0.85, "Zigbee2MQTT adds linkquality to every message")]
    return []


_COMPONENTS = frozenset({"sensor", "binary_sensor", "text_sensor", "event"})
_HOME_ASSISTANT_DOMAINS = _COMPONENTS | {"input_boolean", "climate", "person", "device_tracker", "switch", "weather"}
_STREAM_LEAVES = frozenset({"unit_of_measurement", "last_changed", "last_updated", "device_class", "friendly_name"})
_STREAM_WORDS = frozenset({"on", "off", "unavailable", "unknown"})
_STREAM_BASES = frozenset({"homeassistant", "statestream", "hass", "ha"})
_DEPTH = 4


def _entities(parts: list[str], _document: Mapping[str, object], value: object) -> list[_Clue]:
    """ESPHome and the state stream share the shape ``x/sensor/y/state``; base and spelling tell them apart."""
    if len(parts) < _DEPTH or parts[-3] not in _HOME_ASSISTANT_DOMAINS:
        return []
    if parts[-1] in _STREAM_LEAVES:
        return [("statestream", 0.9, f"Home Assistant's state stream has a topic {parts[-1]}")]
    return _states(parts, value) if parts[-1] == "state" else []


def _states(parts: list[str], value: object) -> list[_Clue]:
    if not _STREAM_BASES.isdisjoint(parts[:-3]):
        return [("statestream", 0.9, "the topic is a Home Assistant entity's"), ("esphome", 0.1, "the shape fits, too")]
    if isinstance(value, str) and value in {"ON", "OFF"}:
        return [("esphome", 0.9, "ESPHome writes ON and OFF"), ("statestream", 0.1, "the shape fits, too")]
    if parts[-3] not in _COMPONENTS or (isinstance(value, str) and value in _STREAM_WORDS):
        return [("statestream", 0.8, "Home Assistant writes states this way"), ("esphome", 0.2, "the shape fits, too")]
    return [("esphome", 0.7, "the topic is node/sensor/id/state"), ("statestream", 0.4, "the shape fits, too")]


def _tasmota(parts: list[str], document: Mapping[str, object], _value: object) -> list[_Clue]:
    if parts[-1] in {"SENSOR", "STATUS8", "STATUS10"}:
        return [("tasmota", 0.95, f"the topic ends in Tasmota's {parts[-1]}")]
    if "TempUnit" in document or "StatusSNS" in document:
        return [("tasmota", 0.8, "the fields are Tasmota's")]
    if parts[0] in {"tele", "stat"} or (len(parts) > 1 and parts[-2] in {"tele", "stat"}):
        return [("tasmota", 0.6, "the topic begins as Tasmota's do")]
    return []


_RPC_METHODS = frozenset({"NotifyStatus", "NotifyFullStatus", "NotifyEvent"})


def _shelly(parts: list[str], document: Mapping[str, object], _value: object) -> list[_Clue]:
    method = document.get("method")
    if parts[0] == "shellies":
        return [("shelly_gen1", 0.95, "the topic begins with shellies/")]
    if isinstance(method, str) and method in _RPC_METHODS:
        return [("shelly", 0.95, f"{method} is a Shelly notification")]
    if len(parts) > 1 and parts[-2] == "status" and ":" in parts[-1]:
        return [("shelly", 0.95, "the topic is a component of a Shelly")]
    if "tC" in document and "id" in document:
        return [("shelly", 0.7, "tC beside id is a Shelly component")]
    return []


def _radios(parts: list[str], document: Mapping[str, object], _value: object) -> list[_Clue]:
    clues: list[_Clue] = []
    if any(part in {"BTtoMQTT", "SYStoMQTT", "RTL_433toMQTT"} for part in parts):
        clues.append(("theengs", 0.95, "the topic is a Theengs or OpenMQTTGateway one"))
    elif "tempc" in document or "tempf" in document:
        clues.append(("theengs", 0.8, "tempc and tempf are Theengs' names"))
    elif parts[0] == "rtl_433":
        clues.append(("rtl_433", 0.95, "the topic is rtl_433's"))
    elif "temperature_C" in document or "temperature_F" in document or "battery_ok" in document:
        clues.append(("rtl_433", 0.85, "the fields are rtl_433's"))
    return clues


_ZWAVE_CLASSES = frozenset({"48", "49", "91", "113", "128", "sensor_multilevel", "sensor_binary", "notification"})


def _zwave(parts: list[str], document: Mapping[str, object], _value: object) -> list[_Clue]:
    if parts[0] in {"zwave", "zwave2mqtt", "zwavejs2mqtt", "zwave-js-ui"}:
        return [("zwave_js", 0.9, "the topic is Z-Wave JS UI's")]
    if not _ZWAVE_CLASSES.isdisjoint(parts) and (
        any(part.startswith("endpoint_") for part in parts) or "time" in document
    ):
        return [("zwave_js", 0.8, "the topic names a Z-Wave command class")]
    if "nodeId" in document and "value" in document:
        return [("zwave_js", 0.7, "the fields are a Z-Wave value's")]
    return []


_MEASURED_KEYS = frozenset({"temperature", "temp", "humidity", "hum", "pressure", "co2", "illuminance", "lux"})


def _plain(_parts: list[str], document: Mapping[str, object], value: object) -> list[_Clue]:
    if not _MEASURED_KEYS.isdisjoint(document):
        return [("plain", 0.4, "JSON with a field of a known name")]
    if document:
        return [("plain", 0.15, "JSON; the path has to be given")]
    if isinstance(value, int | float):
        return [("plain", 0.3, "a bare value; kind and unit have to be given")]
    return [("plain", 0.1, "a bare word; its meaning has to be given")] if isinstance(value, str) else []


_Finder = Callable[[list[str], Mapping[str, object], object], list[_Clue]]
_FINDERS: tuple[_Finder, ...] = (_zigbee2mqtt, _entities, _tasmota, _shelly, _radios, _zwave, _plain)

_KEY_DOUBTS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"action", "click"}), "buttons publish their chip's temperature"),
    (
        frozenset(
            {"local_temperature", "occupied_heating_setpoint", "current_heating_setpoint", "valve", "pi_heating_demand"}
        ),
        "a radiator valve measures at the radiator and has several temperatures",
    ),
    (
        frozenset(
            {"setpoint", "target_temperature", "fan", "fan_mode", "hvac_mode", "swing", "roomTemperature", "vane"}
        ),
        "an air conditioner's temperature may be its setpoint",
    ),
    (
        frozenset({"brightness", "color_temp", "power", "output", "apower"}),
        "a lamp or plug publishes its chip's temperature",
    ),
    (frozenset({"presence", "target_distance"}), "presence sensors may publish their chip's temperature"),
    (frozenset({"device_temperature", "overtemperature"}), "it holds the device's own temperature"),
    (frozenset({"actual", "target"}), "actual and target are a 3D printer's or a thermostat's"),
)
_CHIP_TOPICS = frozenset({"$stats", "SYStoMQTT"})
_MAX_NODES = 400


def _doubt(topic: str, document: Mapping[str, object]) -> str | None:
    """Why a temperature here may not be the room's, or None. Only asked of messages that may hold a temperature."""
    keys, temperatures = _survey(document)
    named = "temp" in topic.lower()
    if document and not temperatures and not named:
        return None
    if "ESP32" in document and temperatures == 1:
        return "only the ESP32 chip's temperature is there"
    by_key = next((why for names, why in _KEY_DOUBTS if not names.isdisjoint(keys)), None)
    found = _doubt_by_topic(topic.split("/")) or by_key or doubt_about(topic)
    if found is None and temperatures > 1 and "ESP32" not in document:
        return "it holds more than one temperature"
    return found


_RELAY_DEPTH = len(["shellies", "id", "temperature"])


def _doubt_by_topic(parts: list[str]) -> str | None:
    if not _CHIP_TOPICS.isdisjoint(parts):
        return "the board's own temperature"
    if "climate" in parts:
        return "a thermostat also publishes its setpoint"
    if parts[0] == "shellies" and len(parts) == _RELAY_DEPTH and "temperature" in parts[-1]:
        return "a relay's own temperature"
    return None


def _survey(document: Mapping[str, object]) -> tuple[frozenset[str], int]:
    """All names in a document and how many of them are temperatures; stops after some hundred."""
    keys: list[str] = []
    temperatures = 0
    todo: list[object] = [document]
    while todo and len(keys) < _MAX_NODES:
        here = todo.pop()
        if isinstance(here, Mapping):
            keys.extend(here)
            temperatures += sum(_is_temperature(key, value) for key, value in here.items())
            todo.extend(here.values())
        elif isinstance(here, list):
            todo.extend(here)
    return frozenset(keys), temperatures


_TEMPERATURE_KEYS = frozenset({"tc", "tempc", "tempf", "temp", "temperature_c", "temperature_f"})


def _is_temperature(key: str, value: object) -> bool:
    if isinstance(value, bool | dict | list | str):
        return False
    lower = key.lower()
    return lower in _TEMPERATURE_KEYS or lower.endswith("temperature")

"""What a name says: topics, object ids and JSON keys are words that people chose. Doubt means no answer.

Only names in English and a few neighbours are known; everything else needs ``kind`` in home.yaml, which always wins.
"""

from __future__ import annotations

import re

from devices.readings import Kind

_WORD = re.compile(r"[^\W_]+")

_NUMBERS = {
    **dict.fromkeys(("temperature", "temp", "temperatur", "temperatura"), Kind.TEMPERATURE),
    **dict.fromkeys(("humidity", "hum", "feuchte", "luftfeuchtigkeit", "luftfeuchte"), Kind.HUMIDITY),
    **dict.fromkeys(("pressure", "barometer", "luftdruck"), Kind.PRESSURE),
    **dict.fromkeys(("illuminance", "lux", "illumination"), Kind.ILLUMINANCE),
    **dict.fromkeys(("co2", "dioxide"), Kind.CO2),
    **dict.fromkeys(("battery", "batt", "batterie"), Kind.BATTERY),
    **dict.fromkeys(("linkquality", "lqi", "rssi", "signal"), Kind.LINK_QUALITY),
}
_SWITCHES = {
    **dict.fromkeys(("occupied", "occupancy", "presence", "motion", "pir", "mmwave", "radar"), Kind.OCCUPIED),
    **dict.fromkeys(("bed", "asleep", "sleep", "sleeping"), Kind.OCCUPIED),
    **dict.fromkeys(("window", "door", "opening", "open", "contact"), Kind.OPEN),
    **dict.fromkeys(("vibration",), Kind.VIBRATION),
}

_SETTINGS = (
    "target setpoint set offset calibration calibrate minimum min maximum max threshold trigger limit interval timeout "
    "low charging voltage power energy state update timestamp delay enabled enable alarm warning unit"
)
_NOT_A_NUMBER_OF_THE_ROOM = frozenset(f"{_SETTINGS} dew apparent feels skin body wrist left right bed both".split())
_OTHER_SWITCHES = "battery tamper problem connectivity empty vacant unoccupied exit out both light lock bell doorbell"
_NOT_A_SWITCH_OF_THE_ROOM = frozenset(f"{_SETTINGS} {_OTHER_SWITCHES}".split())

_CHIP = "the chip's own temperature"
_APPLIANCE = "not the air of a room"
DOUBTS = {
    **dict.fromkeys(("cpu", "cputemp", "chip", "internal", "esp", "esp32", "esp8266", "core", "mcu", "soc"), _CHIP),
    **dict.fromkeys(("processor", "board", "device", "onboard", "overtemperature"), _CHIP),
    **dict.fromkeys(("setpoint", "target", "thermostat"), "a setpoint, or a thermostat that also has one"),
    **dict.fromkeys(("trv", "radiator", "heizung", "valve"), "a radiator valve's, which is measured at the radiator"),
    **dict.fromkeys(("ac", "aircon", "airco", "hvac", "heatpump"), "an air conditioner's: maybe its setpoint"),
    **dict.fromkeys(("printer", "octoprint", "klipper", "moonraker", "nozzle", "tool0"), "a 3D printer's"),
    **dict.fromkeys(("prusa", "ender", "extruder", "hotend"), "a 3D printer's"),
    **dict.fromkeys(("freezer", "fridge", "boiler", "oven", "kettle", "pool", "aquarium", "water", "soil"), _APPLIANCE),
    **dict.fromkeys(("floor", "flow", "pipe", "cylinder"), _APPLIANCE),
    **dict.fromkeys(("outside", "outdoor", "outdoors", "garden", "balcony", "weather"), "measured outdoors"),
    **dict.fromkeys(("remote", "button", "switch", "dimmer", "plug", "relay"), "a button's or a switch's own chip"),
    **dict.fromkeys(("bulb", "lamp", "light", "lamps", "lights"), "a lamp's own temperature"),
}
"""Words in a topic or an id which make its temperature doubtful as that of a room, and why."""

_CHIP_WORDS = frozenset(word for word, why in DOUBTS.items() if why == _CHIP)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: "Bed_Occupied-left" is bed, occupied, left."""
    return tuple(_WORD.findall(name.lower()))


def number_kind(name: str) -> Kind | None:
    """Which quantity a name promises; the last such word counts ("temperature_sensor_battery" is a battery)."""
    words = words_of(name)
    if not _CHIP_WORDS.isdisjoint(words) or not _NOT_A_NUMBER_OF_THE_ROOM.isdisjoint(words):
        return None
    return next((_NUMBERS[word] for word in reversed(words) if word in _NUMBERS), None)


def switch_kind(name: str) -> Kind | None:
    """Which yes or no a name promises. Names that may mean the opposite ("bed_empty") or both sides promise nothing."""
    words = words_of(name)
    if not _NOT_A_SWITCH_OF_THE_ROOM.isdisjoint(words):
        return None
    return next((_SWITCHES[word] for word in reversed(words) if word in _SWITCHES), None)


def side_of(name: str) -> str | None:
    """A bed's side: left, right or either, where the name has exactly one of these words."""
    found = {word for word in words_of(name) if word in {"left", "right", "either"}}
    return found.pop() if len(found) == 1 else None


def doubt_about(topic: str) -> str | None:
    """Why a temperature on this topic may not be the room's, or None.

    A board may be called "esp32-bedroom": words for a chip count only in the last two parts of the topic, which name
    the value.
    """
    found = next((DOUBTS[word] for word in words_of(topic) if word in DOUBTS and word not in _CHIP_WORDS), None)
    value = " ".join(topic.removesuffix("/state").rsplit("/", 2)[-2:])
    return found if _CHIP_WORDS.isdisjoint(words_of(value)) else found or _CHIP

"""The small types that people write: durations, temperatures with a unit, clock times, names of entities."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import BeforeValidator, StringConstraints, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from config.mistakes import nearest_to
from config.model import Model

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(seconds?|sec|s|minutes?|min|m|hours?|h|days?|d)\b")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_S = 366 * 86400
_LONGEST_TEXT = 100
_TOO_LARGE = 1e6
_TEMPERATURE = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*°?\s*([CF])?", re.IGNORECASE)
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_BEDTIME_OFFSET = re.compile(r"(bedtime|rise|start)\s*(?:([+-])\s*(.+))?")


@dataclass(frozen=True, slots=True)
class Plain:
    """What a key takes, in plain words: for messages, the JSON Schema's reader and the documentation."""

    words: str
    quantity: Literal["temperature", "step"] | None = None
    """Limits of a temperature (or of a step between two) are told in the unit of the file."""
    nearest: Callable[[str], str] | None = None
    """For "Did you mean": the valid value that is most like one that is not; empty when none is."""


def wrong(problem: str, *key: str | int, nearest: str = "") -> PydanticCustomError:
    """A mistake in one key of a model (or further in), found when the whole model is looked at."""
    return PydanticCustomError("wrong", "{problem}", {"problem": problem, "key": key, "nearest": nearest})


def in_fahrenheit(info: ValidationInfo) -> bool:
    """Whether the file that is being read is written in °F."""
    return bool((info.context or {}).get("units") == "F")


def temperature_text(celsius: float, *, fahrenheit: bool, step: bool = False) -> str:
    """A temperature, or a step between two, in the unit of a file: "71.6 °F"."""
    if not fahrenheit:
        return f"{round(celsius, 2):g} °C"
    return f"{round(celsius * 1.8 + (0 if step else 32), 2):g} °F"


def other_unit(value: object, lowest: float, highest: float, *, fahrenheit: bool) -> str:
    """The unit in which a bare number would be within limits (°C) that it is outside of: "C", "F" or nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    celsius = float(value) if fahrenheit else (value - 32) / 1.8
    return ("C" if fahrenheit else "F") if lowest <= celsius <= highest else ""


def parse_duration(value: object) -> timedelta:
    """``"5 min"``, ``"1 h 30 min"``, ``"90 s"`` as a time span. Raises ValueError for anything else."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip().lower() if isinstance(value, str) else ""
    parts = _DURATION.findall(text) if len(text) <= _LONGEST_TEXT else []
    if not parts or _DURATION.sub("", text).replace("and", "").strip(" ,"):
        message = "this is not a time span with its unit"
        raise ValueError(message)
    seconds = sum(float(number) * _SECONDS[unit[0]] for number, unit in parts)
    if seconds > _LONGEST_S:
        message = "this is longer than a year"
        raise ValueError(message)
    return timedelta(seconds=seconds)


def duration_text(span: timedelta) -> str:
    """A time span as a person writes it: "1 h 30 min"."""
    left = round(span.total_seconds())
    parts = []
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, length)
        parts += [f"{count} {unit}"] if count else []
    return " ".join(parts) or "0 min"


def _number_with_unit(value: object, info: ValidationInfo) -> tuple[float, bool]:
    """The number and whether it is in °F: a unit beside the number wins over the file's ``units``."""
    match = _TEMPERATURE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is not None:
        unit = match[2]
        return float(match[1].replace(",", ".")), (unit.upper() == "F") if unit else in_fahrenheit(info)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _TOO_LARGE:
        message = "this is not a temperature"
        raise ValueError(message)
    return float(value), in_fahrenheit(info)


def _to_celsius(value: object, info: ValidationInfo) -> float:
    number, fahrenheit = _number_with_unit(value, info)
    return round((number - 32) / 1.8, 3) if fahrenheit else number


def _to_kelvin_step(value: object, info: ValidationInfo) -> float:
    number, fahrenheit = _number_with_unit(value, info)
    return round(number / 1.8, 3) if fahrenheit else number


def parse_clock(value: object) -> time:
    """``"22:30"`` as a time of day. Raises ValueError for anything else."""
    if isinstance(value, time):
        return value
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        message = "this is not a time of day"
        raise ValueError(message)
    return time(int(match[1]), int(match[2]))


@cache
def _zones() -> frozenset[str]:
    """Every time zone that is known here: a walk through hundreds of files."""
    return frozenset(available_timezones())


def parse_zone(value: object) -> str:
    """A name from the time zone database, as it stands. Raises ValueError for anything else."""
    if isinstance(value, str) and value in _zones():
        return value
    message = "this is not a time zone that is known here"
    raise ValueError(message)


@cache
def places_with_zones() -> tuple[str, ...]:
    """Every time zone that is a region and a city; EST and its like do not know summer time."""
    return tuple(sorted(z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "SystemV/"))))


_ABBREVIATED_ZONES = {
    **dict.fromkeys(("cet", "cest", "mez", "mesz"), "Europe/Berlin"),
    **dict.fromkeys(("gmt", "bst"), "Europe/London"),
    **dict.fromkeys(("est", "edt"), "America/New_York"),
    **dict.fromkeys(("cst", "cdt"), "America/Chicago"),
    **dict.fromkeys(("mst", "mdt"), "America/Denver"),
    **dict.fromkeys(("pst", "pdt"), "America/Los_Angeles"),
}
_LONGEST_ABBREVIATION = 4


def nearest_zone(word: str) -> str:
    """The place that a misspelt zone or an abbreviation means; empty where it could be anywhere."""
    name = word.strip().lower().replace(" ", "_")
    if name in _ABBREVIATED_ZONES or len(name) <= _LONGEST_ABBREVIATION:
        return _ABBREVIATED_ZONES.get(name, "")
    return nearest_to(name, places_with_zones())


class Moment(Model):
    """A time of day, fixed or relative to the profile's bedtime or rise."""

    anchor: str
    """"clock", "bedtime", "rise", or "start" (of the routine, for its steps)."""
    clock: time = time(0, 0)
    """The time of day, when the anchor is the clock."""
    offset: timedelta = timedelta(0)
    """How much later than the anchor; negative for earlier."""


def _parse_moment(value: object) -> Moment:
    if isinstance(value, Moment):
        return value
    match = _BEDTIME_OFFSET.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        return Moment(anchor="clock", clock=parse_clock(value))
    offset = parse_duration(match[3]) if match[3] else timedelta(0)
    return Moment(anchor=match[1], offset=-offset if match[2] == "-" else offset)


def _without_last_slash(value: object) -> object:
    return value.rstrip("/") if isinstance(value, str) else value


_TEMPERATURE_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+([.,]\d+)?\s*°?\s*[CFcf]$"}]}
_CLOCK_SCHEMA = {"type": "string", "pattern": r"^([01]?\d|2[0-3])[:.][0-5]\d$", "examples": ["22:30"]}

Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "examples": ["90 s", "5 min", "2 h"]}),
    Plain('a time span, like "5 min", "90 s" or "2 h"'),
]
Temperature = Annotated[
    float,
    BeforeValidator(_to_celsius),
    WithJsonSchema(_TEMPERATURE_SCHEMA),
    Plain("a temperature", "temperature"),
]
"""°C after loading, whatever the file's units."""
TemperatureStep = Annotated[
    float,
    BeforeValidator(_to_kelvin_step),
    WithJsonSchema(_TEMPERATURE_SCHEMA),
    Plain("a step in degrees", "step"),
]
"""A difference between two temperatures, in °C (K) after loading."""
Clock = Annotated[
    time, BeforeValidator(parse_clock), WithJsonSchema(_CLOCK_SCHEMA), Plain('a time of day, like "22:30"')
]
MomentText = Annotated[
    Moment,
    BeforeValidator(_parse_moment),
    WithJsonSchema({"type": "string", "examples": ["21:30", "bedtime - 45 min", "rise + 15 min"]}),
    Plain('a time of day, like "21:30" or "bedtime - 45 min"'),
]
Zone = Annotated[
    str,
    BeforeValidator(parse_zone),
    WithJsonSchema({"type": "string", "examples": ["Europe/London"]}),
    Plain('a region and a city, like "Europe/London"', nearest=nearest_zone),
]
Name = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"),
    Plain("a short name in small letters, digits and _, starting with a letter, like spare_room"),
]
"""The id of a room, a person, a routine or a prompt: it stands in topics and fact names."""
Topic = Annotated[
    str,
    StringConstraints(pattern=r"^[^#+]+$", max_length=512),
    Plain("one MQTT topic without # and +, like zigbee2mqtt/bedroom"),
]
Prefix = Annotated[
    str, StringConstraints(pattern=r"^[^#+\s]+$"), Plain("the start of a topic, without spaces, # and +")
]
ClientId = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$"), Plain("a name in letters, digits, - and _")
]
Host = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_:-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$"),
    Plain("a name or an address in your network, like homeassistant.local or 192.168.1.20"),
]
Url = Annotated[
    str,
    BeforeValidator(_without_last_slash),
    StringConstraints(pattern=r"^https?://[^\s/@]+$"),
    Plain("an address without a path, like http://homeassistant.local:8123"),
]
EntityId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z_]+\.[a-z0-9_]+$", max_length=255),
    Plain("an entity of Home Assistant, like sensor.bedroom_temperature"),
]
"""A Home Assistant entity. The pattern also keeps anything else out of the URLs that are built from it."""


def _id_in(domain: str) -> StringConstraints:
    return StringConstraints(pattern=rf"^{domain}\.[a-z0-9_]+$", max_length=255)


ClimateId = Annotated[str, _id_in("climate"), Plain("an entity that starts with climate., like climate.bedroom")]
FanId = Annotated[str, _id_in("fan"), Plain("an entity that starts with fan., like fan.bedroom")]
SwitchId = Annotated[str, _id_in("switch"), Plain("an entity that starts with switch., like switch.cooling_pad")]
CoverId = Annotated[str, _id_in("cover"), Plain("an entity that starts with cover., like cover.bedroom_blind")]
LightId = Annotated[str, _id_in("light"), Plain("an entity that starts with light., like light.bedside")]
NotifyId = Annotated[str, _id_in("notify"), Plain("a name that starts with notify., like notify.mobile_app_my_phone")]
TtsId = Annotated[str, _id_in("tts"), Plain("an entity that starts with tts., like tts.piper")]
PlayerId = Annotated[
    str, _id_in("media_player"), Plain("an entity that starts with media_player., like media_player.bedroom")
]
SatelliteId = Annotated[
    str,
    _id_in("assist_satellite"),
    Plain("an entity that starts with assist_satellite., like assist_satellite.bedroom"),
]
ScriptId = Annotated[str, _id_in("script"), Plain("a script, like script.bedside_prompt")]

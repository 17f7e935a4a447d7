"""The first configuration files of a home, from a handful of answers: commented, and complete enough to run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from textwrap import fill
from typing import Literal

from integration.cli.answer_checks import TLS_PORT

LIMITS_OF_USE = (
    "Unclench is a personal comfort helper. It is not a medical device and not an alarm, and nobody watches it. "
    "In an emergency, call your emergency number."
)

_DIALECT_SIGNS = (
    ("zigbee2mqtt/", "zigbee2mqtt"),
    ("shellies/", "shelly_gen1"),
    ("shelly", "shelly"),
    ("/sensor/", "esphome"),
    ("/binary_sensor/", "esphome"),
    ("tele/", "tasmota"),
    ("stat/", "tasmota"),
    ("rtl_433", "rtl_433"),
    ("/bttomqtt/", "theengs"),
    ("zwave/", "zwave_js"),
)


_BARE = frozenset({"statestream", "plain", "esphome"})
"""One topic, one value."""
_WITHOUT_UNIT = frozenset({"statestream", "plain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What `init` needs to know. Empty text means: left out."""

    name: str
    person: str
    time_zone: str
    units: Literal["C", "F"] = "C"
    sensitive_to: Literal["heat", "cold", "both"] = "heat"
    too_warm_in_bed: float = 22.0
    """°C, like everything in here."""
    too_warm: float = 24.0
    bedtime: time = time(22, 30)
    rise: time = time(7, 30)
    broker: str = "localhost"
    port: int = 1883
    username: str = ""
    home_assistant: str = ""
    temperature: str = ""
    temperature_dialect: str = ""
    bed: str = ""
    bed_dialect: str = ""
    cooling: tuple[str, ...] = ()
    lamp: str = ""
    notify: str = ""


def home_text(answers: Answers) -> str:
    """The whole of home.yaml."""
    return "\n".join(_home_lines(answers)) + "\n"


def _home_lines(answers: Answers) -> Iterator[str]:
    yield "# yaml-language-server: $schema=schema/home.schema.json"
    yield "#"
    yield "# Your home. A line that starts with # is a note. After a change, run `unclench check`."
    yield "# Passwords do not belong here: they go into secrets.env, beside this file."
    yield ""
    yield "version: 1"
    yield f"units: {answers.units}                      # C or F: how temperatures are written in this file"
    yield ""
    yield "# The MQTT broker: the post office that carries messages through your home."
    yield "mqtt:"
    yield f"  host: {_quoted(answers.broker)}"
    yield f"  port: {answers.port}"
    yield f"  username: {_quoted(answers.username)}" if answers.username else "  # username: unclench"
    if answers.port == TLS_PORT:
        yield "  tls: {}                     # the connection is encrypted"
    yield ""
    yield "# Without this part, only what mqtt_devices names (see the end) is switched."
    if answers.home_assistant:
        yield "home_assistant:"
        yield f"  url: {_quoted(answers.home_assistant)}"
    else:
        yield "# home_assistant:"
        yield "#   url: http://homeassistant.local:8123"
    yield ""
    yield "rooms:"
    yield "  bedroom:                    # a short name of your own choosing"
    yield f"    person: {_quoted(answers.person):<17} # whose room it is: profiles/{answers.person}.yaml"
    yield from _room_lines(answers)


def _room_lines(answers: Answers) -> Iterator[str]:
    yield "    # What measures the room."
    yield from _listed("sensors", _thermometer(answers))
    yield "    # What says that somebody is in bed."
    if answers.bed:
        yield "    bed:"
        yield from (f"  {line}" for line in _listed("sensors", _sensor(answers.bed, answers.bed_dialect)))
    else:
        yield "    # bed:"
        yield "    #   sensors:"
        yield "    #     - topic: zigbee2mqtt/bed_sensor"
        yield "    #       dialect: zigbee2mqtt"
    yield "    # What cools. A fan is used first, as gently as it may."
    yield from _listed("cooling", _cooling(answers.cooling))
    yield "    # What is dimmed in the evening."
    yield from _listed("lights", [f"- {answers.lamp}"] if answers.lamp else [])
    yield ""
    yield "# Devices that are switched over MQTT and not through Home Assistant, by their names above."
    yield "# mqtt_devices:"
    yield "#   switch.my_fan: {dialect: zigbee2mqtt, topic: zigbee2mqtt/my_fan}"


def _listed(key: str, items: Iterable[str]) -> Iterator[str]:
    lines = list(items)
    yield f"    {key}:" if lines else f"    {key}: []"
    yield from (f"      {line}" for line in lines)


def _cooling(entities: Iterable[str]) -> Iterator[str]:
    for entity in entities:
        yield f"- {entity.partition('.')[0]}: {entity}"


def _thermometer(answers: Answers) -> list[str]:
    """A sensor of the room; a bare value is a temperature alone, and some come without their unit."""
    source = answers.temperature
    dialect = "" if _is_entity(source) else answers.temperature_dialect or dialect_of(source)
    bare = dialect in _BARE or not dialect
    more = ["measures: [temperature]" if bare else "measures: [temperature, humidity]"]
    if dialect in _WITHOUT_UNIT:
        more.append(f"unit: {answers.units}               # C or F: what this sensor sends")
    return _sensor(source, dialect, *more)


def _is_entity(source: str) -> bool:
    return "/" not in source and "." in source


def _sensor(source: str, dialect: str, *more: str) -> list[str]:
    """A sensor as a list item: an entity of Home Assistant, or a topic with the dialect that its name suggests."""
    if not source:
        return []
    if _is_entity(source):
        return [f"- entity: {source}", *(f"  {line}" for line in more)]
    return [
        f"- topic: {_quoted(source)}",
        f"  dialect: {dialect or dialect_of(source)}",
        *(f"  {line}" for line in more),
    ]


def dialect_of(topic: str) -> str:
    """The dialect that a topic's name suggests. `check` and the person may know better."""
    small = topic.lower()
    if small.startswith("homeassistant/") and small.endswith("/state"):
        return "statestream"
    return next((dialect for sign, dialect in _DIALECT_SIGNS if sign in small), "plain")


def profile_text(answers: Answers) -> str:
    """The whole of a person's file."""
    return f"""\
# yaml-language-server: $schema=../schema/profile.schema.json
#
# This file is about you. The numbers are starting points, not medical advice:
# change them as you learn what is good for you. After a change, run `unclench check`.
#
{fill(LIMITS_OF_USE, 90, initial_indent="# ", subsequent_indent="# ")}

version: 1
name: {_quoted(answers.name)}
time_zone: {answers.time_zone}
units: {answers.units}                      # C or F: in this file, and in what you read
discreet: true                # say nothing that tells a visitor about an illness
bedroom: bedroom              # the room in home.yaml that is yours

comfort:
  sensitive_to: {answers.sensitive_to:<14}# heat, cold or both
  # floor: {_in_units(16 if answers.sensitive_to == "heat" else 18, answers):<18}# the room is never cooled below this

# What tends to bring symptoms on for you.
triggers:
  heat:
    above: {_in_units(answers.too_warm, answers):<19}# too warm from here on
    above_in_bed: {_in_units(answers.too_warm_in_bed, answers):<12}# too warm from here on, while you are in bed
  cold:
    below: {_in_units(_too_cold(answers), answers):<19}# too cold from here on

bedtime:
  at: {answers.bedtime:%H:%M}
  rise: {answers.rise:%H:%M}

# Nothing is spoken or sent to your phone in this time.
quiet_hours:
  from: {answers.bedtime:%H:%M}
  to: {answers.rise:%H:%M}

prompts:
  at_most: 3                  # in one evening
{_channels(answers.notify)}
"""


def _too_cold(answers: Answers) -> float:
    """18 °C, the minimum of the UK and the WHO; less for somebody who wants to be cooled further down."""
    least = min(answers.too_warm, answers.too_warm_in_bed)
    return 18.0 if least >= 19 else least - 2  # noqa: PLR2004


def _channels(notify: str) -> str:
    if notify:
        return f"  channels:\n    - notify: {notify}"
    return "  channels: []                # a way to reach you, like\n  #  - notify: notify.mobile_app_my_phone"


def _in_units(celsius: float, answers: Answers) -> str:
    return f"{round(celsius * 1.8 + 32, 1):g}" if answers.units == "F" else f"{celsius:g}"


SECRETS_TEXT = """\
# Passwords. Nobody but you should be able to read this file, and it does not belong
# into a backup that others see. Write what is asked for behind the = and save.

# The password of the MQTT broker, for the username in home.yaml.
UNCLENCH_MQTT_PASSWORD=

# The token of Home Assistant. To get one: open Home Assistant, click your name at the
# bottom left, then Security, then Create token under Long-lived access tokens.
UNCLENCH_HA_TOKEN=
"""


def _quoted(text: str) -> str:
    """Text as YAML: in quotes, where it is not plainly a word or a path."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT else json.dumps(text, ensure_ascii=False)


_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_NOT_TEXT = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

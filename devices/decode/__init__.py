"""What a payload says: every dialect of a sensor in, typed readings and named rejections out. No I/O, no clock.

A dialect is one file of tables; ``DIALECTS`` is the only place that lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from devices.decode import esphome, plain, presets, shelly, statestream, tasmota, zigbee2mqtt
from devices.decode.guess import Guess, guess
from devices.decode.home_assistant import decode_state
from devices.decode.ranges import LIMITS
from devices.decode.staleness import DEFAULT_STALE_MINUTES
from devices.decode.statestream import entity_of, unit_of
from devices.decode.units import is_unit
from devices.readings import Decoded, Hints, Kind, Message

__all__ = [
    "ALIASES",
    "DEFAULT_STALE_MINUTES",
    "DIALECTS",
    "DIALECT_NAMES",
    "LIMITS",
    "Decoder",
    "Guess",
    "decode",
    "decode_state",
    "entity_of",
    "guess",
    "is_unit",
    "resolve",
    "stale_minutes",
    "unit_of",
]

Decoder = Callable[[Message, Hints], Decoded]

DIALECTS: dict[str, Decoder] = {
    "zigbee2mqtt": zigbee2mqtt.decode,
    "esphome": esphome.decode,
    "tasmota": tasmota.decode,
    "shelly": shelly.decode,
    "statestream": statestream.decode,
    "plain": plain.decode,
    "shelly_gen1": presets.shelly_gen1,
    "theengs": presets.theengs,
    "rtl_433": presets.rtl_433,
    "zwave_js": presets.zwave_js,
}
DIALECT_NAMES: tuple[str, ...] = tuple(DIALECTS)
ALIASES: Mapping[str, str] = {
    "z2m": "zigbee2mqtt",
    "zigbee": "zigbee2mqtt",
    "shelly_gen2": "shelly",
    "shelly_gen3": "shelly",
    "shelly_gen4": "shelly",
    "shelly_plus": "shelly",
    "mqtt_statestream": "statestream",
    "json": "plain",
    "bare": "plain",
    "shellies": "shelly_gen1",
    "openmqttgateway": "theengs",
    "omg": "theengs",
    "rtl433": "rtl_433",
    "zwavejs": "zwave_js",
    "zwave_js_ui": "zwave_js",
    "zwavejs2mqtt": "zwave_js",
    "zwave": "zwave_js",
}
_NO_HINTS = Hints()


def decode(dialect: str, message: Message, hints: Hints = _NO_HINTS) -> Decoded:
    """What ``message`` says in ``dialect`` (a name or an alias).

    No payload, topic or hint makes it raise: what cannot be used is a rejection with its reason. Raises ValueError only
    for a dialect that does not exist, which is the caller's mistake.
    """
    decoder = DIALECTS.get(dialect) or DIALECTS[resolve(dialect)]
    return decoder(message, hints)


def resolve(dialect: str) -> str:
    """The dialect's own name for a name or an alias, in any case; ValueError names the nearest valid one."""
    plain_name = dialect.strip().lower().replace("-", "_")
    name = ALIASES.get(plain_name, plain_name)
    if name in DIALECTS:
        return name
    near = get_close_matches(plain_name, (*DIALECTS, *ALIASES), n=1, cutoff=0.5)
    advice = f"Did you mean {near[0]!r}?" if near else f"Valid ones: {', '.join(DIALECTS)}."
    msg = f"There is no dialect {dialect!r}. {advice}"
    raise ValueError(msg)


def stale_minutes(dialect: str, kind: Kind) -> int | None:
    """The freshness default in minutes; None for kinds that do not age (``action``, ``last_seen``)."""
    name = dialect if dialect in DEFAULT_STALE_MINUTES else resolve(dialect)
    return DEFAULT_STALE_MINUTES[name].get(kind)

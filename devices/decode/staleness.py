"""How old a value may be before nobody should act on it, where home.yaml does not say.

Four classes. **Periodic** senders (ESPHome, Tasmota, 433 MHz and Bluetooth beacons) speak every few minutes; they get
the 15 minutes of the project's sensor-sanity rule. **Battery** ones (Zigbee, Z-Wave, sleeping Shellys) and Home
Assistant, which passes on changes only, report at least hourly: 65 minutes. A **state** (a bed, a window) is sent when
it changes, and somebody may lie in bed for a night: 14 hours. The sensor's own **health** may be a day old.

A Shelly H&T that is configured to wake less than hourly needs its own ``stale`` in home.yaml; until then its silence
is reported instead of guessed over. ``action`` and ``last_seen`` never go stale: one is an event, the other is a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from devices.readings import Kind

PERIODIC = 15
BATTERY = 65
STATE = 14 * 60
HEALTH = 25 * 60

_MEASURED = (Kind.TEMPERATURE, Kind.HUMIDITY, Kind.PRESSURE, Kind.ILLUMINANCE, Kind.CO2)
_STATES = (Kind.OCCUPIED, Kind.VIBRATION, Kind.OPEN, Kind.STATE)
_HEALTH = (Kind.BATTERY, Kind.LINK_QUALITY)


def _table(measured: int, **exceptions: int) -> Mapping[Kind, int]:
    return MappingProxyType(
        dict.fromkeys(_MEASURED, measured)
        | dict.fromkeys(_STATES, STATE)
        | dict.fromkeys(_HEALTH, HEALTH)
        | {Kind(kind): minutes for kind, minutes in exceptions.items()}
    )


DEFAULT_STALE_MINUTES: Mapping[str, Mapping[Kind, int]] = {
    "zigbee2mqtt": _table(BATTERY, co2=PERIODIC),  # CO2 sensors hang on the mains
    "esphome": _table(PERIODIC),
    "tasmota": _table(PERIODIC),
    "shelly": _table(BATTERY),
    "statestream": _table(BATTERY),
    "plain": _table(PERIODIC),
    "shelly_gen1": _table(BATTERY),
    "theengs": _table(PERIODIC),
    "rtl_433": _table(PERIODIC),
    "zwave_js": _table(BATTERY),
    "home_assistant": _table(BATTERY),
}
"""Minutes by dialect and kind; ``home_assistant`` stands for entities that are read without MQTT."""

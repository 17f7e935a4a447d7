"""What a value may be. Outside of it the sensor is broken, unplugged or speaks another unit, and nothing may act on it.

Two values of the DS18B20 family get a sentence of their own. Exactly 85 °C is the probe's register before its first
measurement: ``power_on_value``, expected to heal within a minute. Exactly -127 °C is what its libraries return when the
probe does not answer: ``out_of_range``, like every other value no room has, because it heals only when someone plugs
the probe in again.
"""

from __future__ import annotations

from collections.abc import Mapping

from devices.readings import UNITS, Kind, Reason

LIMITS: Mapping[Kind, tuple[float, float]] = {
    Kind.TEMPERATURE: (-10.0, 50.0),  # the project's sensor-sanity rule for a room
    Kind.HUMIDITY: (0.0, 100.0),
    Kind.PRESSURE: (30_000.0, 110_000.0),  # what barometer chips measure; 30 kPa is the top of Mount Everest
    Kind.ILLUMINANCE: (0.0, 200_000.0),  # full sun is about 120,000 lx
    Kind.CO2: (200.0, 40_000.0),  # fresh air has over 400; sensors send 0 while they warm up
    Kind.BATTERY: (0.0, 100.0),
    Kind.LINK_QUALITY: (-200.0, 1000.0),  # 0-255 for Zigbee, dBm elsewhere
    Kind.LAST_SEEN: (946_684_800.0, 4_102_444_800.0),  # years 2000-2099: a clock that was never set says 1970
}
"""Lowest and highest valid value per kind, in ``UNITS[kind]``, both included."""

NAMES: Mapping[Kind, str] = {
    **{kind: kind.value.capitalize() for kind in Kind},
    Kind.CO2: "CO2",
    Kind.LINK_QUALITY: "Link quality",
    Kind.LAST_SEEN: "Last seen",
}
"""How a rejection names a quantity at the start of its sentence."""

_POWER_ON_C = 85.0
_DISCONNECTED_C = -127.0
_CLOSE = 1e-5


def wrong_with(kind: Kind, value: float) -> tuple[Reason, str] | None:
    """Why ``value`` (in ``UNITS[kind]``) cannot be true, or None when it can. NaN can not."""
    low, high = LIMITS[kind]
    if low <= value <= high:
        return None
    if kind is Kind.TEMPERATURE and abs(value - _POWER_ON_C) < _CLOSE:
        return Reason.POWER_ON_VALUE, "85 °C is what a probe shows before its first measurement."
    if kind is Kind.TEMPERATURE and abs(value - _DISCONNECTED_C) < _CLOSE:
        return Reason.OUT_OF_RANGE, "-127 °C is what a probe reports that is not connected."
    if kind is Kind.LAST_SEEN:
        return Reason.OUT_OF_RANGE, "The time of the last message is not in this century; is the device's clock set?"
    unit = f" {UNITS[kind]}" if kind in UNITS else ""
    return Reason.OUT_OF_RANGE, f"{NAMES[kind]} {value:.6g}{unit} is outside {low:g} to {high:g}{unit}."

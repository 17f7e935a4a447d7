"""The felt temperature, from published formulas."""

from __future__ import annotations

from math import exp


def vapour_pressure_hpa(temperature_c: float, humidity_pct: float) -> float:
    """Water vapour pressure in hPa, with the saturation curve used by the Australian Bureau of Meteorology."""
    return humidity_pct / 100 * 6.105 * exp(17.27 * temperature_c / (237.7 + temperature_c))


def apparent_temperature_c(temperature_c: float, humidity_pct: float, air_speed_ms: float = 0.0) -> float:
    """Steadman's apparent temperature in °C, without sun, from °C, % relative humidity and m/s.

    Steadman (1994), "Norms of apparent temperature in Australia", as the Bureau of Meteorology publishes it:
    AT = Ta + 0.33 e - 0.70 ws - 4.00.
    """
    return temperature_c + 0.33 * vapour_pressure_hpa(temperature_c, humidity_pct) - 0.70 * air_speed_ms - 4.00

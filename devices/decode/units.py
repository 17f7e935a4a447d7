"""Units as devices and people write them, and the way from each to the unit that the engine uses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from devices.readings import Kind

_SAME = (1.0, 0.0)
_LONGEST_UNIT = 24
_TEMPERATURE = {
    **dict.fromkeys(("°c", "℃", "c", "degc", "deg.c", "celsius", "degreescelsius"), _SAME),
    **dict.fromkeys(("°f", "℉", "f", "degf", "deg.f", "fahrenheit", "degreesfahrenheit"), (5 / 9, -160 / 9)),
    **dict.fromkeys(("k", "kelvin"), (1.0, -273.15)),
    **dict.fromkeys(("0.1°c", "d°c"), (0.1, 0.0)),
    **dict.fromkeys(("0.01°c", "c°c"), (0.01, 0.0)),
}
_PERCENT = dict.fromkeys(("", "%", "%rh", "percent"), _SAME)

FACTORS: Mapping[Kind, Mapping[str, tuple[float, float]]] = {
    Kind.TEMPERATURE: _TEMPERATURE,
    Kind.HUMIDITY: {**_PERCENT, "0.01%": (0.01, 0.0), "0.1%": (0.1, 0.0)},
    Kind.BATTERY: {**_PERCENT, "fraction": (100.0, 0.0)},
    Kind.PRESSURE: {
        "pa": _SAME,
        "hpa": (100.0, 0.0),
        "mbar": (100.0, 0.0),
        "kpa": (1000.0, 0.0),
        "bar": (100_000.0, 0.0),
        "mmhg": (133.322387415, 0.0),
        "inhg": (3386.389, 0.0),
    },
    Kind.ILLUMINANCE: dict.fromkeys(("", "lx", "lux", "lm/m²"), _SAME),
    Kind.CO2: dict.fromkeys(("", "ppm"), _SAME),
    Kind.LINK_QUALITY: dict.fromkeys(("", "lqi", "dbm", "db"), _SAME),
}
"""Factor and offset by kind and unit, in lower case without blanks. A kind that lists "" has only one unit in use.

Temperature and pressure have no "": a number alone does not say whether 68 is warm. Bridges that publish hundredths
(``2227``) are covered by naming the unit "0.01 °C" in home.yaml.
"""


def to_si(kind: Kind, value: float, unit: str) -> float | None:
    """``value`` in the unit of ``UNITS[kind]``, rounded to a millionth; None for a unit that ``kind`` does not have."""
    factor = _factor(kind, unit) if len(unit) <= _LONGEST_UNIT else None
    return None if factor is None else round(value * factor[0] + factor[1], 6)


def is_unit(kind: Kind, unit: str) -> bool:
    """Whether home.yaml may name ``unit`` for ``kind``."""
    return 0 < len(unit) <= _LONGEST_UNIT and _factor(kind, unit) is not None


def fitting(kind: Kind, unit: str | None) -> str | None:
    """``unit`` where it is one of ``kind``, None otherwise: one hint serves a message with several quantities."""
    return unit if unit and is_unit(kind, unit) else None


@lru_cache(maxsize=256)
def _factor(kind: Kind, unit: str) -> tuple[float, float] | None:
    plain = "".join(unit.lower().split()).replace("º", "°")
    return FACTORS.get(kind, {}).get(plain)

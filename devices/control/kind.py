"""What every kind of device has in common: states, calls and what counts as the same.

A state is a set of attributes by name: ``power`` (bool) always, the others as the kind has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from typing import Protocol

Attribute = bool | float | str
State = dict[str, Attribute]

GONE = frozenset({"unavailable", "unknown", ""})
"""What Home Assistant reports for a device that it does not know the state of (R13)."""


@dataclass(frozen=True, slots=True)
class Call:
    """A service call and the attributes that the device reports once it has obeyed."""

    service: str
    data: dict[str, object]
    expects: State


@dataclass(frozen=True, slots=True)
class Cannot:
    """Why a device cannot be brought to the state at all."""

    reason: str


class Kind(Protocol):
    """One kind of device."""

    confirm_within: timedelta
    """How long a report may take to follow a command; so long after one, reports may also be echoes."""
    reads: frozenset[str]
    """The attributes that it looks at; no others are kept."""
    passing: frozenset[str]
    """States on the way to another, that say neither how the device is nor whose doing it is: nothing is read there."""

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """The reported state; None for unavailable or unknown."""

    def call(
        self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]
    ) -> Call | Cannot | None:
        """The next single call towards ``wanted``; None when nothing is left to do."""

    def describe(self, state: State, temperature: Callable[[float], str] = ...) -> str:
        """The state in words: "on at 40 %". ``temperature`` writes °C in the person's unit."""


def number(value: object) -> float | None:
    """A finite number from an attribute, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # Beyond this no attribute of a device means anything, and an int may not even fit a float.
    return float(value) if abs(value) < 1e9 and isfinite(value) else None  # noqa: PLR2004


def in_celsius(celsius: float) -> str:
    """A temperature in °C."""
    return f"{celsius:g} °C"


TOLERANCE = {"temperature": 0.25, "percentage": 2.0, "brightness": 1.5, "kelvin": 60.0, "position": 5.0}
"""How far a reported value may be from the wanted one: devices round."""


def same(name: str, left: Attribute | None, right: Attribute | None) -> bool:
    """Whether two values of an attribute are the same, within what devices round."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)) and not isinstance(left, bool):
        return abs(left - right) <= TOLERANCE.get(name, 0.0)
    return left == right

"""What is said between the simulated home and the strategies that cool it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CLIMATE, SWITCH, FAN = "climate.bedroom", "switch.bedroom_ac", "fan.bedroom"


@dataclass(frozen=True, slots=True)
class Reading:
    """The room's thermometer spoke."""

    temperature_c: float
    humidity: int


@dataclass(frozen=True, slots=True)
class Bed:
    """The bed sensor changed."""

    occupied: bool


@dataclass(frozen=True, slots=True)
class Outside:
    """How warm it is outside (only with `--outdoor`)."""

    temperature_c: float


@dataclass(frozen=True, slots=True)
class Passed:
    """Nothing was said for a minute."""


@dataclass(frozen=True, slots=True)
class State:
    """A device says how it is (only with `--states`)."""

    entity_id: str
    state: str
    attributes: Mapping[str, object]


Message = Reading | Bed | Outside | Passed | State


@dataclass(frozen=True, slots=True)
class Command:
    """A Home Assistant service call."""

    service: str
    entity_id: str
    data: Mapping[str, object]

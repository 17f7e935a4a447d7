"""A bedroom of two heat capacities: the air with the furniture and the surfaces, and the heavy rest of the walls."""

from __future__ import annotations

import math
from dataclasses import dataclass

from benchmarks.summer.weather import HOUR_S, Weather

STEP_S = 20
"""One Euler step. The fastest time constant of a room here is half an hour."""
PERSON_W = 70.0
"""Sensible heat of somebody asleep (ASHRAE Fundamentals, seated at rest: 70 W)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facade:
    """How much of the sun on a flat field meets the glass, by the sun's hour."""

    peak_hour: float
    peak: float
    diffuse: float = 0.2

    def factor(self, solar_hour: float) -> float:
        """Irradiance on the glass as a part of that on the horizontal."""
        angle = (solar_hour - self.peak_hour) * math.pi / 9
        return self.diffuse + (self.peak * math.cos(angle) if abs(angle) < math.pi / 2 else 0.0)


EAST = Facade(peak_hour=8.0, peak=1.0)
SOUTH = Facade(peak_hour=12.0, peak=0.4)
WEST = Facade(peak_hour=16.0, peak=1.0)
ROOF = Facade(peak_hour=13.0, peak=0.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room's figures. Conductances in W/K, capacities in J/K."""

    name: str
    air_j_k: float
    """Air, furniture and the first centimetre of the walls."""
    mass_j_k: float
    air_to_mass_w_k: float
    air_to_outside_w_k: float
    """Through leaks and glass."""
    mass_to_outside_w_k: float
    glass_m2: float
    """Effective: area by the part of the sun that comes through."""
    facade: Facade
    base_gain_w: float
    """What appliances and neighbours give, always."""
    ac_w: float
    """Heat that the air conditioner takes out at full power."""
    sun_to_air: float = 0.4
    """Part of the sun that the first node takes."""
    sensor_lag_s: float = 0.0
    """Time constant of the thermometer."""


@dataclass(slots=True)
class Temperatures:
    """The state of a room, in °C."""

    air: float
    mass: float


def sun_w(room: Room, weather: Weather, now_s: float, ghi_w_m2: float) -> float:
    """Heat of the sun through the glass, in W."""
    if ghi_w_m2 <= 0:
        return 0.0
    solar_hour = (now_s / HOUR_S + weather.longitude / 15) % 24
    return room.glass_m2 * room.facade.factor(solar_hour) * ghi_w_m2


def step(state: Temperatures, room: Room, outside_c: float, sun: float, gain_w: float) -> None:
    """Let ``STEP_S`` seconds pass. ``gain_w`` is what persons and devices give to the air; cooling is negative."""
    to_mass = room.air_to_mass_w_k * (state.air - state.mass)
    air_w = gain_w + room.base_gain_w + room.sun_to_air * sun - to_mass
    air_w += room.air_to_outside_w_k * (outside_c - state.air)
    mass_w = to_mass + (1 - room.sun_to_air) * sun + room.mass_to_outside_w_k * (outside_c - state.mass)
    state.air += STEP_S * air_w / room.air_j_k
    state.mass += STEP_S * mass_w / room.mass_j_k

"""A simulated bedroom on the evening of a hot day: two bodies of heat, a person, an air conditioner, a fan, a sensor.

Pure: no clock, no engine. The numbers are those of a small, shaded room of 12 m²: air and textiles follow within
minutes, furniture and walls over hours, and the outer wall still hands in the heat of the afternoon.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from math import cos, pi
from random import Random

AIR_J_PER_K = 150e3
"""Air, curtains, bedding."""
WALLS_J_PER_K = 2.2e6
"""Furniture and the inner centimetres of walls, floor and ceiling."""
AIR_TO_WALLS_W_PER_K = 170.0
AIR_TO_OUTDOORS_W_PER_K = 8.0
"""Window and leaks."""
WALLS_TO_OUTDOORS_W_PER_K = 16.0
AFTERNOON_HEAT_W = 230.0
"""What the outer wall stored in the afternoon and gives off in the evening."""
PERSON_W = 80.0
"""Somebody who lies still."""
LAMP_W = 8.0
LARGEST_STEP_S = 15.0

AC_MOST_W = 1500.0
AC_BAND_K = 1.0
"""From no power to full power, about the target: it turns itself down as an inverter does."""
FAN_FELT_K = 1.6
"""How much cooler moving air feels at full speed; the air itself stays as it is."""
SENSOR_NOISE_K = 0.03
SENSOR_STEP_K = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """The day outside, in °C."""

    hottest_c: float = 32.0
    coolest_c: float = 20.0

    def outdoor_c(self, hour: float) -> float:
        """The shade temperature at an hour of the day (24 and more: after midnight). Hottest at 16, coolest at 4."""
        swing = (self.hottest_c - self.coolest_c) / 2
        return self.coolest_c + swing * (1 + cos((hour - 16.0) / 24.0 * 2 * pi))


@dataclass(slots=True)
class AirConditioner:
    """Cools by its own thermostat, with the power it has."""

    mode: str = "off"
    target_c: float = 24.0

    def power_w(self, air_c: float) -> float:
        """The heat that it takes out of the room now."""
        if self.mode != "cool":
            return 0.0
        return AC_MOST_W * min(1.0, max(0.0, (air_c - self.target_c) / AC_BAND_K + 0.25))


@dataclass(slots=True)
class Bedroom:
    """The room and what is in it. ``step`` moves time on; the rest is set by whoever plays the evening."""

    seed: int = 1
    hour: float = 20.0
    air_c: float = 20.8
    walls_c: float = 20.4
    weather: Weather = field(default_factory=Weather)
    in_bed: bool = False
    lamp_percent: float = 0.0
    fan_percent: float = 0.0
    ac: AirConditioner = field(default_factory=AirConditioner)
    _noise: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._noise = Random(self.seed)  # noqa: S311 (a sensor's noise, nothing secret)

    def step(self, dt: timedelta) -> None:
        """Live through a span, in steps that are small against the air's own pace."""
        left_s = dt.total_seconds()
        while left_s > 0:
            step_s = min(LARGEST_STEP_S, left_s)
            self._step(step_s)
            left_s -= step_s

    def _step(self, step_s: float) -> None:
        outdoor_c = self.weather.outdoor_c(self.hour)
        to_walls_w = AIR_TO_WALLS_W_PER_K * (self.air_c - self.walls_c)
        gains_w = (PERSON_W if self.in_bed else 0.0) + LAMP_W * self.lamp_percent / 100
        air_w = gains_w + AIR_TO_OUTDOORS_W_PER_K * (outdoor_c - self.air_c) - to_walls_w - self.ac.power_w(self.air_c)
        walls_w = to_walls_w + AFTERNOON_HEAT_W + WALLS_TO_OUTDOORS_W_PER_K * (outdoor_c - self.walls_c)
        self.air_c += air_w * step_s / AIR_J_PER_K
        self.walls_c += walls_w * step_s / WALLS_J_PER_K
        self.hour += step_s / 3600

    @property
    def felt_c(self) -> float:
        """What the person feels: moving air feels cooler, and is not."""
        return self.air_c - FAN_FELT_K * self.fan_percent / 100

    def measure(self) -> float:
        """What the sensor reports: a little noise, in steps of 0.1 °C."""
        noisy = self.air_c + self._noise.gauss(0.0, SENSOR_NOISE_K)
        return round(round(noisy / SENSOR_STEP_K) * SENSOR_STEP_K, 1)

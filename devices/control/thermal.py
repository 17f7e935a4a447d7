"""What a room does by itself and with cooling: a grey-box model of two nodes, learned from the room's own thermometer.

The air (with what follows it quickly) and the mass (walls, furniture) exchange heat; both lose it to, or gain it from,
what is around them: the weather, the sun, the rest of the home. The usual second-order model, as in Bacher and Madsen
(2011), "Identifying suitable models for the heat dynamics of buildings", Energy and Buildings 43(7)::

    dTa/dt = a (Tm - Ta) + b (Te - Ta) - q u + p o          a, b, c in 1/h; q, p in °C/h
    dTm/dt = c (Ta - Tm) + c/7 (Te - Tm)

``u`` is whether it is cooled, ``o`` whether somebody lies there. An extended Kalman filter follows both temperatures,
the surroundings and the logarithms of a, b, c and q, all at once. Nothing is stored but its mean and covariance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AIR, MASS, AROUND, LN_A, LN_B, LN_C, LN_Q, PERSON = range(8)
SIZE = 8

PRIOR = {LN_A: log(1.5), LN_B: log(0.15), LN_C: log(0.12), LN_Q: log(5.0), PERSON: 0.3}
"""Where learning begins: an ordinary bedroom with an air conditioner that would cool its air by 5 °C in an hour."""
SPREAD = {LN_A: 0.6, LN_B: 0.7, LN_C: 0.7, LN_Q: 0.6, PERSON: 0.3}
"""How far from that a room may well be (standard deviations; of logarithms for the first four)."""
BOUNDS = {
    LN_A: (log(0.15), log(12.0)),
    LN_B: (log(0.01), log(3.0)),
    LN_C: (log(0.01), log(1.5)),
    LN_Q: (log(0.4), log(30.0)),
    PERSON: (-0.5, 3.0),
}
"""No room is outside these; what is, was learned from something else."""

MASS_TO_AROUND = 1 / 7
"""The mass' exchange with the surroundings, as a part of that with the air."""
NOISE_C = 0.12
"""°C, one reading of a cheap thermometer: noise and rounding."""
WANDER = {AIR: 0.25, MASS: 0.08, AROUND: 2.5, LN_A: 0.01, LN_B: 0.02, LN_C: 0.01, LN_Q: 0.02, PERSON: 0.02}
"""What may change unseen in an hour (standard deviation): windows, doors, clouds, and over weeks the room's ways."""
LONGEST_STEP_H = 5 / 60
NOTHING_KNOWN_AFTER = timedelta(hours=12)
"""After so long without a word only the room's ways are still known, not how warm anything is."""
FORECAST = timedelta(minutes=30)

ENOUGH_HOURS = 24.0
ENOUGH_COOLED_H = 0.75
ENOUGH_SURE = 0.35
"""Learned means: a day of readings, three quarters of an hour of cooling, and q known within about 35 %."""


@dataclass(frozen=True, slots=True)
class Influence:
    """What acts on the room. ``cooled`` is None when it cannot be told; ``outdoor_c`` in °C where it is measured."""

    cooled: float | None = 0.0
    in_bed: bool = False
    outdoor_c: float | None = None


@dataclass(slots=True)
class Forecast:
    """What was foretold, to see later how well."""

    due: datetime
    celsius: float
    influence: tuple[float | None, bool]


@dataclass(slots=True)
class ThermalMemory:
    """All that is remembered of a room's ways, as plain values."""

    at: datetime | None = None
    mean: list[float] = field(default_factory=list)
    covariance: list[float] = field(default_factory=list)  # row by row
    outdoors: bool = False  # the surroundings are an offset from the measured outdoor temperature
    hours: float = 0.0  # of readings learned from
    cooled_hours: float = 0.0  # of these, with cooling
    unheard_hours: float = 0.0  # since the last reading
    unheard_cooled_hours: float = 0.0
    forecast: Forecast | None = None
    error_c: float | None = None  # how far half-hour forecasts were off, as a running mean


class ThermalModel:
    """One room's model. Pure: the time comes with each call, and never goes back."""

    def __init__(self) -> None:
        self.memory = ThermalMemory()
        self._mean: Floats = np.zeros(SIZE)
        self._covariance: Floats = np.zeros((SIZE, SIZE))

    # -- memory

    def dump(self) -> ThermalMemory:
        """The memory with the filter's numbers in it."""
        if self.memory.at is not None:
            self.memory.mean = self._mean.tolist()
            self.memory.covariance = self._covariance.ravel().tolist()
        return self.memory

    def load(self, memory: ThermalMemory) -> None:
        """The memory as ``dump`` gave it."""
        self.memory = memory
        if memory.at is not None and len(memory.mean) == SIZE and len(memory.covariance) == SIZE * SIZE:
            self._mean = np.array(memory.mean)
            self._covariance = np.array(memory.covariance).reshape(SIZE, SIZE)
        else:
            memory.at = None

    def forget(self) -> None:
        """Begin anew."""
        self.memory = ThermalMemory()

    # -- what is known

    @property
    def known(self) -> bool:
        """Whether anything was measured yet."""
        return self.memory.at is not None

    @property
    def learned(self) -> bool:
        """Whether its forecasts may be planned with."""
        memory = self.memory
        enough = memory.hours >= ENOUGH_HOURS and memory.cooled_hours >= ENOUGH_COOLED_H
        return enough and sqrt(max(self._covariance[LN_Q, LN_Q], 0.0)) <= ENOUGH_SURE

    @property
    def air_c(self) -> float:
        """The air temperature as it is most likely now."""
        return float(self._mean[AIR])

    @property
    def spread_c(self) -> float:
        """How far off that may well be (standard deviation)."""
        return sqrt(max(float(self._covariance[AIR, AIR]), 0.0))

    @property
    def cools_by(self) -> float:
        """By how many °C an hour cooling alone would lower the air temperature."""
        return exp(self._mean[LN_Q])

    # -- learning

    def observe(self, celsius: float, at: datetime, influence: Influence) -> None:
        """Take in a believed reading of ``at``; ``influence`` held since the last call."""
        memory = self.memory
        if (
            memory.at is None
            or at - memory.at > NOTHING_KNOWN_AFTER
            or memory.outdoors is (influence.outdoor_c is None)
        ):
            self._begin(celsius, at, influence)
            return
        hours = self._advance(at, influence)
        self._check(celsius, at, influence)
        surprise = celsius - self._mean[AIR]
        variance = self._covariance[AIR, AIR] + NOISE_C**2
        if surprise**2 > 25 * variance:  # something else happened: a window, a door, the sun; the ways stay as they are
            self._covariance[AIR, AIR] += surprise**2
            self._covariance[AROUND, AROUND] += min(surprise**2, 9.0)
            variance = self._covariance[AIR, AIR] + NOISE_C**2
        gain = self._covariance[:, AIR] / variance
        self._mean = self._mean + gain * surprise
        # The form that stays symmetric and positive whatever is rounded (Joseph).
        keep = np.eye(SIZE)
        keep[:, AIR] -= gain
        self._covariance = keep @ self._covariance @ keep.T + NOISE_C**2 * np.outer(gain, gain)
        self._stay_within_bounds()
        cooled_hours = hours * (influence.cooled or 0.0) + memory.unheard_cooled_hours
        hours += memory.unheard_hours
        memory.unheard_hours, memory.unheard_cooled_hours = 0.0, 0.0
        counts = min(1.0, 0.5 / hours) if hours > 0 else 0.0
        memory.hours += hours * counts
        memory.cooled_hours += cooled_hours * counts

    def advance(self, at: datetime, influence: Influence) -> None:
        """Nothing was measured until ``at``: what is known grows older."""
        if self.memory.at is not None and at - self.memory.at <= NOTHING_KNOWN_AFTER:
            hours = self._advance(at, influence)
            self.memory.unheard_hours += hours
            self.memory.unheard_cooled_hours += hours * (influence.cooled or 0.0)

    def _begin(self, celsius: float, at: datetime, influence: Influence) -> None:
        """The temperatures from a first reading; the room's ways are kept where there are any."""
        mean, covariance = np.zeros(SIZE), np.zeros((SIZE, SIZE))
        if self.memory.at is None:
            for index, value in PRIOR.items():
                mean[index], covariance[index, index] = value, SPREAD[index] ** 2
        else:
            mean[LN_A:] = self._mean[LN_A:]
            covariance[LN_A:, LN_A:] = self._covariance[LN_A:, LN_A:]
        mean[AIR] = mean[MASS] = celsius
        around = celsius if influence.outdoor_c is None else influence.outdoor_c
        mean[AROUND] = around - (influence.outdoor_c or 0.0)
        covariance[AIR, AIR], covariance[MASS, MASS], covariance[AROUND, AROUND] = NOISE_C**2, 1.0, 16.0
        self._mean, self._covariance = mean, covariance
        self.memory.at, self.memory.outdoors = at, influence.outdoor_c is not None
        self.memory.forecast = None
        self.memory.unheard_hours, self.memory.unheard_cooled_hours = 0.0, 0.0

    def _advance(self, at: datetime, influence: Influence) -> float:
        """Bring mean and covariance to ``at``; returns the hours that passed."""
        assert self.memory.at is not None  # noqa: S101 (the callers looked)
        hours = (at - self.memory.at).total_seconds() / 3600
        if hours <= 0:
            return 0.0
        self.memory.at = at
        steps = max(1, round(hours / LONGEST_STEP_H + 0.49))
        for _ in range(steps):
            self._step(hours / steps, influence)
        return hours

    def _step(self, hours: float, influence: Influence) -> None:
        air, mass, around, ln_a, ln_b, ln_c, ln_q, person = self._mean.tolist()
        around_c = around + (influence.outdoor_c or 0.0)
        a, b, c, q = exp(ln_a), exp(ln_b), exp(ln_c), exp(ln_q)
        cooled, occupied = 0.5 if influence.cooled is None else influence.cooled, float(influence.in_bed)
        d = c * MASS_TO_AROUND
        change = np.zeros(SIZE)
        change[AIR] = a * (mass - air) + b * (around_c - air) - q * cooled + person * occupied
        change[MASS] = c * (air - mass) + d * (around_c - mass)
        slope = np.eye(SIZE)
        slope[AIR, AIR] -= hours * (a + b)
        slope[AIR, MASS] = hours * a
        slope[AIR, AROUND] = hours * b
        slope[AIR, LN_A] = hours * a * (mass - air)
        slope[AIR, LN_B] = hours * b * (around_c - air)
        slope[AIR, LN_Q] = 0.0 if influence.cooled is None else -hours * q * cooled
        slope[AIR, PERSON] = hours * occupied
        slope[MASS, AIR] = hours * c
        slope[MASS, MASS] -= hours * (c + d)
        slope[MASS, AROUND] = hours * d
        slope[MASS, LN_C] = hours * (change[MASS])
        if influence.outdoor_c is not None:  # an offset by the sun and the rest of the home fades by itself
            slope[AROUND, AROUND] -= hours / 6
            change[AROUND] = -around / 6
        self._mean = self._mean + hours * change
        self._covariance = slope @ self._covariance @ slope.T
        self._covariance[_DIAGONAL] += _WANDER * hours
        if influence.cooled is None:
            self._covariance[AIR, AIR] += (0.5 * q * hours) ** 2

    def _stay_within_bounds(self) -> None:
        for index, (low, high) in BOUNDS.items():
            self._mean[index] = min(max(self._mean[index], low), high)

    def _check(self, celsius: float, at: datetime, influence: Influence) -> None:
        """How well half an hour was foretold, where nothing was changed meanwhile."""
        memory = self.memory
        acts = (influence.cooled, influence.in_bed)
        told = memory.forecast
        if told is not None and told.influence == acts and at < told.due:
            return
        if told is not None and told.influence == acts and at - told.due <= FORECAST / 6:
            error = abs(celsius - told.celsius)
            memory.error_c = error if memory.error_c is None else memory.error_c + 0.05 * (error - memory.error_c)
        memory.forecast = None
        if influence.cooled is not None:
            *_, (_, foretold) = self.path(FORECAST, influence)
            memory.forecast = Forecast(at + FORECAST, foretold, acts)

    # -- looking ahead

    def path(self, duration: timedelta, influence: Influence) -> Iterator[tuple[float, float]]:
        """(Minutes from now, °C of the air), in steps of up to 3 minutes, if ``influence`` stays as it is."""
        air, mass, around, ln_a, ln_b, ln_c, ln_q, person = self._mean.tolist()
        around_c = around + (influence.outdoor_c or 0.0)
        a, b, c, q = exp(ln_a), exp(ln_b), exp(ln_c), exp(ln_q)
        gain = person * influence.in_bed - q * (influence.cooled or 0.0)
        total = duration.total_seconds() / 60
        steps = max(1, int(total / 3 + 0.999))
        minutes, hours = total / steps, total / steps / 60
        for step in range(1, steps + 1):
            rise = a * (mass - air) + b * (around_c - air) + gain
            mass += hours * c * (air - mass + MASS_TO_AROUND * (around_c - mass))
            air += hours * rise
            yield step * minutes, air

    def air_in(self, duration: timedelta, influence: Influence) -> float:
        """The air temperature after ``duration``, in °C."""
        *_, (_, celsius) = self.path(duration, influence)
        return celsius

    def minutes_until(self, celsius: float, within: timedelta, influence: Influence) -> float | None:
        """When the air gets to ``celsius``, from above or below; None when not ``within`` that time."""
        rises = celsius > self.air_c
        for minutes, air in self.path(within, influence):
            if (air >= celsius) if rises else (air <= celsius):
                return minutes
        return None


_DIAGONAL = np.diag_indices(SIZE)
_WANDER: Floats = np.array([WANDER[index] ** 2 for index in range(SIZE)])

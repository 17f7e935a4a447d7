"""Somebody who keeps no hours: late nights, trips to the toilet, naps in the afternoon, days away."""

from __future__ import annotations

import random
from dataclasses import dataclass

from benchmarks.summer.room import STEP_S
from benchmarks.summer.weather import DAY_S, HOUR_S

MINUTE_S = 60
BEDTIME_H = 22.5
RISE_H, RISE_SD_MIN = 7.25, 30
LATE_CHANCE, LATE_H = 0.08, (2.0, 3.0)
TRIPS, TRIP_MIN = (0, 1, 1, 2), (3, 8)
"""Trips to the toilet in a night, each as likely, and how long they last."""
NAP_FROM_H, NAP_MIN = (13.0, 17.0), (40, 100)
AWAY = (3, 1)
"""Nights in a row that nobody comes home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """How irregular somebody is."""

    bedtime_sd_min: float = 35
    nap_chance: float = 0.15
    """Of a day."""


@dataclass(frozen=True, slots=True)
class InBed:
    """One stretch of lying in bed, in seconds since 1970."""

    start_s: int
    end_s: int
    session_s: int
    """When the person first lay down: a trip to the toilet does not begin a new night."""
    nap: bool


def _on_step(seconds: float) -> int:
    return round(seconds / STEP_S) * STEP_S


def _night(dice: random.Random, midday_s: int, person: Person) -> list[InBed]:
    """One night after a midday, in pieces between trips."""
    start_h = dice.gauss(BEDTIME_H, person.bedtime_sd_min / 60) - 12
    if dice.random() < LATE_CHANCE:
        start_h += dice.uniform(*LATE_H)
    start = _on_step(midday_s + start_h * HOUR_S)
    end = _on_step(midday_s + (dice.gauss(RISE_H, RISE_SD_MIN / 60) + 12) * HOUR_S)
    leaves = sorted(dice.uniform(start + HOUR_S, end - HOUR_S) for _ in range(dice.choice(TRIPS)))
    pieces, lay_down = [], start
    for leave in leaves:
        if leave - lay_down < HOUR_S / 2:
            continue
        pieces.append(InBed(lay_down, _on_step(leave), start, nap=False))
        lay_down = _on_step(leave + dice.uniform(*TRIP_MIN) * MINUTE_S)
    return [*pieces, InBed(lay_down, end, start, nap=False)]


def _nap(dice: random.Random, midday_s: int) -> list[InBed]:
    start = _on_step(midday_s + (dice.uniform(*NAP_FROM_H) - 12) * HOUR_S)
    end = _on_step(start + dice.uniform(*NAP_MIN) * MINUTE_S)
    return [InBed(start, end, start, nap=True)]


def times_in_bed(seed: str, first_midday_s: int, days: int, person: Person) -> list[InBed]:
    """Every stretch in bed from a midday (civil time) on, in order."""
    dice = random.Random(f"sleeper {seed}")
    away: set[int] = set()
    for length in AWAY:
        first = dice.randrange(7, max(8, days - length))
        away.update(range(first, first + length))
    stretches: list[InBed] = []
    for day in range(days):
        midday = first_midday_s + day * DAY_S
        naps = dice.random() < person.nap_chance
        nap, night = _nap(dice, midday), _night(dice, midday, person)
        if day not in away:
            stretches += [*(nap if naps else []), *night]
    return stretches

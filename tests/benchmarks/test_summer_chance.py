"""Sleepers and thermometers: the same seed gives the same summer, whatever the strategy makes of it."""

from __future__ import annotations

from itertools import pairwise
from statistics import mean, stdev

import pytest

from benchmarks.summer.cases import ORDINARY, RESTLESS, SETS, cases
from benchmarks.summer.sensor import COARSE_S, READ_EVERY_S, Thermometer
from benchmarks.summer.sleeper import Person, times_in_bed
from benchmarks.summer.weather import DAY_S, HOUR_S

MIDDAY = 12 * HOUR_S


def test_a_sleeper_repeats_with_the_seed_and_not_with_another() -> None:
    first = times_in_bed("one", MIDDAY, 56, ORDINARY)
    assert first == times_in_bed("one", MIDDAY, 56, ORDINARY)
    assert first != times_in_bed("two", MIDDAY, 56, ORDINARY)


@pytest.mark.parametrize(("person", "sd_min", "naps"), [(ORDINARY, 35, 0.15), (RESTLESS, 60, 0.25)])
def test_sleepers_are_as_irregular_as_is_said(person: Person, sd_min: float, naps: float) -> None:
    bedtimes, napped, days = [], 0, 0
    for seed in range(20):
        stretches = times_in_bed(f"seed {seed}", MIDDAY, 56, person)
        assert all(one.end_s <= after.start_s for one, after in pairwise(stretches))
        nights = {each.session_s for each in stretches if not each.nap}
        assert len(nights) in (52, 53)  # away for three nights and for one, which may be one of the three
        bedtimes += [
            night % DAY_S / HOUR_S if night % DAY_S > MIDDAY else night % DAY_S / HOUR_S + 24 for night in nights
        ]
        napped += sum(each.nap for each in stretches)
        days += len(nights)
    assert mean(bedtimes) == pytest.approx(22.5 + 0.08 * 2.5, abs=0.15)
    on_time = [each for each in bedtimes if each < 24.5]  # the rare late nights are not of that spread
    assert 60 * stdev(on_time) == pytest.approx(sd_min, rel=0.25)
    assert napped / days == pytest.approx(naps, abs=0.04)


def test_what_chance_does_to_a_thermometer_is_the_same_in_a_cool_room_and_a_warm_one() -> None:
    cool, warm, other = (Thermometer(seed=seed, noise_k=0.05, lag_s=60) for seed in ("one", "one", "two"))
    minutes = range(0, 30 * DAY_S, READ_EVERY_S)
    lost = [
        [now for now in minutes if thermometer.read(now, air_c) is None]
        for thermometer, air_c in ((cool, 20.0), (warm, 28.0), (other, 20.0))
    ]
    assert lost[0] == lost[1] != lost[2]
    assert 0.03 < len(lost[0]) / len(minutes) < 0.06  # three in a hundred, and an outage of hours every eight days
    assert any(b - a == READ_EVERY_S for a, b in pairwise(lost[0]))


def test_a_thermometer_lags_behind_the_room() -> None:
    thermometer = Thermometer(seed="one", noise_k=0.0, lag_s=240)
    thermometer.read(0, 20.0)
    shown = [thermometer.read(minute * 60, 26.0) for minute in range(1, 60)]
    heard = [each for each in shown if each is not None]
    assert heard == sorted(heard)
    assert heard[0] < 22.5
    assert heard[-1] == 26.0


@pytest.mark.parametrize("step_k", [0.1, 0.25])
def test_it_rounds(step_k: float) -> None:
    thermometer = Thermometer(seed="one", noise_k=0.2, lag_s=0, step_k=step_k)
    readings = {reading for minute in range(300) if (reading := thermometer.read(minute * 60, 23.4)) is not None}
    assert len(readings) > 2
    assert all(reading / step_k == pytest.approx(round(reading / step_k)) for reading in readings)


def test_a_coarse_one_speaks_of_changes_and_every_half_hour() -> None:
    thermometer = Thermometer(seed="one", noise_k=0.0, lag_s=0, kind="coarse")
    turns = 3 * HOUR_S
    told = []
    for now in range(0, 2 * turns, READ_EVERY_S):
        reading = thermometer.read(now, 22.0 + max(0, now - turns) / HOUR_S)
        if reading is not None:
            told.append((now, reading))
    still = [now for now, _ in told if now < turns]
    assert all(COARSE_S <= b - a <= COARSE_S + 5 * READ_EVERY_S for a, b in pairwise(still))
    rising = [reading for now, reading in told if now >= turns]
    assert all(0.2 < b - a <= 0.5 for a, b in pairwise(rising))
    assert len(told) < 22


def test_no_two_cases_share_their_chance() -> None:
    seeds = [case.seed for which in SETS for case in cases(which)]
    assert len(seeds) == len(set(seeds)) == 27

"""The simulated bedroom behaves as a bedroom does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integration.demo.bedroom import Bedroom, Weather
from integration.demo.story import TRIGGER_C, evening, minutes_above, without_us

HOUR = timedelta(hours=1)


def test_a_person_warms_the_room() -> None:
    empty, with_person = Bedroom(), Bedroom(in_bed=True)
    for room in (empty, with_person):
        room.step(HOUR)
    assert 0.2 < with_person.air_c - empty.air_c < 1.0


def test_furniture_and_walls_change_slower_than_the_air() -> None:
    room = Bedroom(air_c=25.0, walls_c=25.0)
    room.ac.mode, room.ac.target_c = "cool", 20.0
    room.step(timedelta(minutes=10))
    assert 25.0 - room.air_c > 4 * (25.0 - room.walls_c) > 0


def test_the_air_conditioner_holds_its_target_and_goes_no_further() -> None:
    room = Bedroom(in_bed=True)
    room.ac.mode, room.ac.target_c = "cool", 21.0
    room.step(3 * HOUR)
    assert room.air_c == pytest.approx(21.0, abs=0.2)


@pytest.mark.parametrize("mode", ["off", "fan_only", "dry"])
def test_only_cooling_takes_heat_out(mode: str) -> None:
    room, plain = Bedroom(), Bedroom()
    room.ac.mode, room.ac.target_c = mode, 16.0
    for each in (room, plain):
        each.step(HOUR)
    assert room.air_c == plain.air_c


def test_a_fan_is_felt_and_changes_no_temperature() -> None:
    still, moving = Bedroom(), Bedroom(fan_percent=50.0)
    for room in (still, moving):
        room.step(HOUR)
    assert moving.air_c == still.air_c
    assert moving.felt_c == pytest.approx(still.felt_c - 0.8)


def test_two_steps_are_as_good_as_one() -> None:
    once, twice = Bedroom(), Bedroom()
    once.step(timedelta(minutes=2))
    twice.step(timedelta(minutes=1))
    twice.step(timedelta(minutes=1))
    assert twice.air_c == pytest.approx(once.air_c)


def test_outdoors_is_hottest_in_the_afternoon_and_coolest_before_dawn() -> None:
    weather = Weather(hottest_c=32.0, coolest_c=20.0)
    assert weather.outdoor_c(16.0) == pytest.approx(32.0)
    assert weather.outdoor_c(28.0) == pytest.approx(20.0)
    assert 20.0 < weather.outdoor_c(22.0) < 30.0


def test_the_sensor_reports_tenths_with_a_little_noise() -> None:
    room = Bedroom(seed=3)
    readings = [room.measure() for _ in range(200)]
    assert readings == [round(each, 1) for each in readings]
    assert max(abs(each - room.air_c) for each in readings) < 0.25
    assert len(set(readings)) > 1


def test_the_same_seed_gives_the_same_evening() -> None:
    assert without_us(evening(5)) == without_us(evening(5))
    assert without_us(evening(5)) != without_us(evening(6))


def test_every_evening_crosses_the_limit_without_us_and_only_after_bedtime() -> None:
    for seed in range(100):
        played = evening(seed)
        readings = without_us(played)
        first = next(each for each in readings if each.celsius >= TRIGGER_C)
        assert first.in_bed, seed
        assert first.at - played.to_bed > timedelta(minutes=10), seed
        assert minutes_above(readings) > 30, seed

"""The simulated room loses no heat and finds none, and its devices keep to what they are."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from benchmarks.summer.cases import REPORT_ROOMS, STRANGER_ROOMS, TUNE_ROOMS
from benchmarks.summer.cooling_effect import TABLE_K, cooling_effect_k
from benchmarks.summer.devices import DEAF_SETPOINT_C, ClimateAc, Fan, SwitchAc, cop
from benchmarks.summer.messages import CLIMATE, FAN, SWITCH, Command
from benchmarks.summer.room import STEP_S, Room, Temperatures, step, sun_w
from benchmarks.summer.weather import DAY_S, HOUR_S
from tests.benchmarks.summers import sunny

ROOMS = [*TUNE_ROOMS, *REPORT_ROOMS, *STRANGER_ROOMS]
by_room = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)


def outside_c(now_s: float) -> float:
    """A day between 18 and 30 °C, warmest at 15:00."""
    return 24 + 6 * math.cos((now_s / HOUR_S - 15) * math.pi / 12)


def sunshine_w(now_s: float) -> float:
    """Up to 500 W through the glass."""
    return max(0.0, 500 * math.sin((now_s / HOUR_S - 6) * math.pi / 12))


def cooling_w(now_s: float, room: Room) -> float:
    """The air conditioner runs for twelve of every thirty minutes in the evening."""
    return room.ac_w if 20 * HOUR_S < now_s < 23 * HOUR_S and now_s % 1800 < 720 else 0.0


@by_room
def test_a_day_of_heat_flows_is_what_the_room_has_stored_at_its_end(room: Room) -> None:
    state = Temperatures(air=26.0, mass=23.0)
    began = room.air_j_k * state.air + room.mass_j_k * state.mass
    through, moved, before = 0.0, 0.0, None
    for now in range(0, DAY_S + STEP_S, STEP_S):
        # The flows at this moment, with the next moment's by the trapezoid: not the way that `step` adds them up.
        flow = room.air_to_outside_w_k * (outside_c(now) - state.air)
        flow += room.mass_to_outside_w_k * (outside_c(now) - state.mass)
        flow += room.base_gain_w + sunshine_w(now) - cooling_w(now, room)
        if before is not None:
            through += STEP_S * (before + flow) / 2
            moved += STEP_S * (abs(before) + abs(flow)) / 2
        before = flow
        if now < DAY_S:
            step(state, room, outside_c(now), sunshine_w(now), -cooling_w(now, room))
    stored = room.air_j_k * state.air + room.mass_j_k * state.mass - began
    assert stored == pytest.approx(through, abs=0.01 * moved)


@by_room
def test_left_alone_it_ends_where_gains_and_losses_are_even(room: Room) -> None:
    """Where it ends is not a matter of its capacities: lighter walls get there sooner."""
    state, light = Temperatures(air=30.0, mass=30.0), replace(room, mass_j_k=1e6)
    for _ in range(4 * DAY_S // STEP_S):
        step(state, light, 20.0, 0.0, 100.0)
    gain = room.base_gain_w + 100.0
    through_mass = 1 / (1 / room.air_to_mass_w_k + 1 / room.mass_to_outside_w_k)
    assert state.air - 20.0 == pytest.approx(gain / (room.air_to_outside_w_k + through_mass), rel=0.01)
    assert 20.0 < state.mass < state.air


@by_room
def test_the_steps_are_short_enough(room: Room) -> None:
    """Ten times shorter ones come to the same within 0.02 °C, the compressor cycling."""
    coarse, fine = Temperatures(air=26.0, mass=25.0), Temperatures(air=26.0, mass=25.0)
    for now in range(0, DAY_S, STEP_S):
        step(coarse, room, outside_c(now), sunshine_w(now), -cooling_w(now, room))
        for part in range(10):
            at = now + part * STEP_S / 10
            small = Temperatures(fine.air, fine.mass)
            step(small, room, outside_c(at), sunshine_w(at), -cooling_w(now, room))
            fine.air += (small.air - fine.air) / 10
            fine.mass += (small.mass - fine.mass) / 10
        assert coarse.air == pytest.approx(fine.air, abs=0.02)


@by_room
def test_the_sun_comes_in_by_day_and_most_from_the_side_that_the_glass_is_on(room: Room) -> None:
    weather = sunny(warmest_c=30, coldest_c=20)
    by_hour = [
        sun_w(room, weather, hour * HOUR_S, weather.at(weather.start_s + hour * HOUR_S)[1]) for hour in range(24)
    ]
    assert by_hour[0] == by_hour[3] == by_hour[22] == 0.0
    assert max(by_hour) < room.glass_m2 * 1000
    assert by_hour.index(max(by_hour)) == pytest.approx(room.facade.peak_hour, abs=3)


def test_a_switch_is_obeyed_at_once_and_a_compressor_with_its_own_protection_is_not() -> None:
    switch, own = SwitchAc(capacity_w=2000), ClimateAc(capacity_w=2000)
    for now, on in ((1000, True), (1020, False), (1040, True)):
        switch.take(Command("switch.turn_on" if on else "switch.turn_off", SWITCH, {}))
        own.take(Command("climate.set_temperature", CLIMATE, {"hvac_mode": "cool" if on else "off", "temperature": 22}))
        for each in (switch, own):
            each.run(now, 26.0)
    assert (switch.power, own.power) == (1.0, 0.0)
    own.run(1020 + 180, 26.0)
    assert own.power == 1.0


@pytest.mark.parametrize(
    ("ac", "starts_c", "stops_c"),
    [
        (ClimateAc(capacity_w=2000), 22.5, 21.5),
        (ClimateAc(capacity_w=2000, hysteresis_k=0.3), 22.3, 21.7),
        (ClimateAc(capacity_w=2000, sensor_offset_k=0.7), 21.8, 20.8),
        (ClimateAc(capacity_w=2000, ignores_setpoint=True), DEAF_SETPOINT_C + 0.5, DEAF_SETPOINT_C - 0.5),
    ],
    ids=["plain", "narrow", "offset", "deaf"],
)
def test_a_thermostat_of_its_own_starts_above_and_stops_below_its_setpoint(
    ac: ClimateAc, starts_c: float, stops_c: float
) -> None:
    ac.take(Command("climate.set_temperature", CLIMATE, {"hvac_mode": "cool", "temperature": 22}))
    for air_c, runs in (
        (starts_c - 0.01, False),
        (starts_c + 0.01, True),
        (stops_c + 0.01, True),
        (stops_c - 0.01, False),
    ):
        ac.run(10_000, air_c)
        assert (ac.power > 0) is runs


def test_an_inverter_slows_down_towards_its_setpoint() -> None:
    ac = ClimateAc(capacity_w=2000, inverter=True)
    ac.take(Command("climate.set_temperature", CLIMATE, {"hvac_mode": "cool", "temperature": 22}))
    found = []
    for air_c in (25.0, 22.5, 21.6):
        ac.run(10_000, air_c)
        found.append(ac.power)
    assert found == [pytest.approx(1.0), pytest.approx(0.3 + 0.7 / 1.5), pytest.approx(0.3 + 0.07 / 1.5)]


def test_a_fan_moves_air_by_its_speed_and_warms_the_room() -> None:
    fan, other = Fan(), Fan(least_m_s=0.1, more_m_s=0.5)
    assert (fan.air_m_s(), fan.electric_w()) == (0.05, 0.0)
    for each in (fan, other):
        each.take(Command("fan.set_percentage", FAN, {"percentage": 50}))
    assert fan.air_m_s() == pytest.approx(0.425)
    assert other.air_m_s() == pytest.approx(0.35)
    assert fan.electric_w() == pytest.approx(13.75)
    fan.take(Command("fan.turn_off", FAN, {}))
    assert (fan.air_m_s(), fan.speed_percentage) == (0.05, 0)


def test_it_takes_more_electricity_when_it_is_hotter_outside() -> None:
    assert [cop(each) for each in (25.0, 35.0, 90.0)] == [3.5, 3.0, 1.5]


def test_the_cooling_effect_is_its_table_and_straight_between() -> None:
    assert cooling_effect_k(24, 0.4) == pytest.approx(TABLE_K[6][3])
    assert cooling_effect_k(24.5, 0.45) == pytest.approx((1.94 + 2.35 + 1.87 + 2.26) / 4)
    assert cooling_effect_k(24, 0.05) == 0.0
    assert cooling_effect_k(50, 2.0) == TABLE_K[-1][-1]

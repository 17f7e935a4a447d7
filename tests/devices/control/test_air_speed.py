"""How much cooler a fan makes a room feel."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.control.air_speed import (
    cooling_effect_c,
    credit_c,
    fan_speed_ms,
    standard_effective_temperature_c,
)

ROOMS = [(air, humidity) for air in (18.0, 22.0, 24.3, 28.0, 33.0) for humidity in (30.0, 55.0, 80.0)]
SPEEDS = [0.0, 0.1, 0.12, 0.15, 0.2, 0.27, 0.3, 0.5, 0.8, 1.2]


@pytest.mark.parametrize(("air", "humidity"), ROOMS)
def test_faster_air_feels_cooler(air: float, humidity: float) -> None:
    effects = [cooling_effect_c(air, speed, humidity) for speed in SPEEDS]
    assert effects[:2] == [0.0, 0.0]
    assert all(slower < faster for slower, faster in pairwise(effects[1:]))


def test_the_standard_room_feels_as_warm_as_it_is() -> None:
    """That is what SET means: 50 % humidity, still air, 1.0 met and the clothes that go with it (near enough)."""
    for air in (20.0, 25.0, 30.0):
        assert standard_effective_temperature_c(air, 0.1, 50.0, 1.0, 0.71) == pytest.approx(air, abs=0.7)


def test_cooled_still_air_is_as_good_as_the_fan() -> None:
    """What the effect means, worked out backwards."""
    for air, speed, humidity in ((26.0, 0.4, 50.0), (30.0, 0.8, 70.0)):
        effect = cooling_effect_c(air, speed, humidity)
        still = standard_effective_temperature_c(air - effect, 0.1, humidity)
        assert still == pytest.approx(standard_effective_temperature_c(air, speed, humidity), abs=0.02)


def test_mild_air_takes_less_than_cool_air() -> None:
    """The nearer the air comes to the skin, the less heat it takes, as long as nobody sweats."""
    effects = [cooling_effect_c(air, 0.5, 50.0) for air in (18.0, 20.0, 22.0, 24.0, 26.0)]
    assert effects == sorted(effects, reverse=True)


def test_in_damp_air_near_skin_temperature_a_fan_does_least() -> None:
    """Warm air takes no heat, damp air no sweat."""
    near_skin = cooling_effect_c(34.0, 0.5, 90.0)
    assert near_skin < 0.8 * cooling_effect_c(34.0, 0.5, 40.0)
    assert near_skin < 0.9 * cooling_effect_c(28.0, 0.5, 90.0)


def test_moving_air_that_warms_is_no_help() -> None:
    assert cooling_effect_c(60.0, 0.8, 100.0) == 0.0


def test_more_clothes_leave_less_of_it() -> None:
    assert cooling_effect_c(26.0, 0.5, clo=1.0) < cooling_effect_c(26.0, 0.5) < cooling_effect_c(26.0, 0.5, clo=0.0)


def test_a_body_at_work_has_more_of_it_when_it_is_warm() -> None:
    assert cooling_effect_c(28.0, 0.5, met=1.6) > cooling_effect_c(28.0, 0.5, met=1.0)


FANS = [(0, 0.0), (25, 0.2), (50, 0.4), (100, 0.8), (130, 0.8), (-5, 0.0)]


@pytest.mark.parametrize(("percentage", "speed"), FANS)
def test_the_air_at_the_bed_is_assumed(percentage: float, speed: float) -> None:
    assert fan_speed_ms(percentage) == pytest.approx(speed)


def test_half_of_it_may_be_counted_on() -> None:
    assert credit_c(26.0, 33, 50.0) == pytest.approx(cooling_effect_c(26.0, 0.264, 50.0) / 2, abs=0.006)
    assert 0.4 < credit_c(26.0, 33, 50.0) < 0.7


def test_never_more_than_one_degree() -> None:
    assert cooling_effect_c(20.0, 0.8) > 3.0
    assert credit_c(20.0, 100) == 1.0


def test_nothing_above_35_degrees() -> None:
    assert credit_c(35.0, 100, 40.0) == 1.0
    assert credit_c(35.1, 100, 40.0) == 0.0


@given(
    st.floats(-30, 60, allow_nan=False),
    st.floats(-10, 200, allow_nan=False),
    st.floats(0, 100, allow_nan=False),
)
def test_the_credit_is_bounded_in_every_room(air: float, percentage: float, humidity: float) -> None:
    credit = credit_c(air, percentage, humidity)
    assert 0.0 <= credit <= 1.0
    assert percentage > 12.5 or credit == 0.0

"""The learned room: what it foretells, how sure it is, and that nothing breaks it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isfinite
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from devices.control.thermal import Influence, ThermalMemory, ThermalModel
from tests.devices.control.rooms import TrueRoom

START = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def lived(room: TrueRoom, hours: int, *, seed: int = 1, outdoors: bool = False) -> tuple[ThermalModel, datetime]:
    """A model that watched ``room``, cooled for 40 minutes every three hours."""
    model, dice, now = ThermalModel(), Random(seed), START
    for minute in range(hours * 60):
        cooled = minute % 180 < 40
        acts = Influence(float(cooled), in_bed=False, outdoor_c=room.outside if outdoors else None)
        room.run(1, cooled=cooled)
        now += MINUTE
        model.observe(room.reading(dice), now, acts)
    return model, now


@pytest.mark.parametrize("outdoors", [False, True])
@pytest.mark.parametrize(("cools", "to_mass"), [(4.0, 0.6), (7.0, 1.2), (12.0, 2.5)])
def test_half_an_hour_is_foretold(cools: float, to_mass: float, outdoors: bool) -> None:
    """Within 0.3 °C, cooled and left alone, after two days in rooms that it was not made for."""
    room = TrueRoom(cools=cools, to_mass=to_mass)
    model, _ = lived(room, 48, outdoors=outdoors)
    assert model.learned
    outside = room.outside if outdoors else None
    for cooled in (0.0, 1.0):
        copy = TrueRoom(room.air, room.mass, room.outside, room.to_mass, room.to_outside, room.of_mass, room.cools)
        foretold = model.air_in(timedelta(minutes=30), Influence(cooled, outdoor_c=outside))
        assert foretold == pytest.approx(copy.run(30, cooled=bool(cooled)), abs=0.3)


def test_how_long_cooling_takes_is_foretold() -> None:
    """Two degrees, within a fifth."""
    room = TrueRoom()
    model, _ = lived(room, 48)
    room_goal = room.air - 1.5
    told = model.minutes_until(room_goal, timedelta(hours=3), Influence(1.0))
    took = 0
    while room.air > room_goal:
        room.run(1, cooled=True)
        took += 1
    assert told == pytest.approx(took, rel=0.2, abs=2)
    assert model.minutes_until(5.0, timedelta(hours=3), Influence(0.0)) is None


def test_it_is_not_learned_before_it_has_seen_enough() -> None:
    """Neither a day without cooling nor an hour with it."""
    idle, room, now = ThermalModel(), TrueRoom(), START
    for _ in range(30 * 60):
        now += MINUTE
        idle.observe(room.run(1), now, Influence(0.0))
    assert not idle.learned
    short, _ = lived(TrueRoom(), 12)
    assert not short.learned
    assert not ThermalModel().known


def test_what_it_says_of_its_own_forecasts_is_so() -> None:
    """Half-hour forecasts are compared with what came."""
    model, _ = lived(TrueRoom(), 72)
    assert model.memory.error_c is not None
    assert 0.02 < model.memory.error_c < 0.3


def test_silence_makes_it_less_sure() -> None:
    """And a reading makes it sure again."""
    model, now = lived(TrueRoom(), 30)
    sure = model.spread_c
    model.advance(now + timedelta(hours=2), Influence(1.0))
    assert model.spread_c > 3 * sure
    model.observe(24.0, now + timedelta(hours=2, minutes=1), Influence(0.0))
    assert model.spread_c < 0.2
    assert model.air_c == pytest.approx(24.0, abs=0.1)


def test_after_half_a_day_of_silence_only_the_ways_are_known() -> None:
    """The temperatures begin anew."""
    model, now = lived(TrueRoom(), 48)
    model.advance(now + timedelta(hours=20), Influence(0.0))
    model.observe(19.0, now + timedelta(hours=20), Influence(0.0))
    assert model.air_c == 19.0
    assert model.cools_by == pytest.approx(7.0, rel=0.3)


def test_a_window_is_believed_and_teaches_nothing_about_the_room() -> None:
    """A fall of 3 °C in a minute is taken over; the room's ways stay."""
    model, now = lived(TrueRoom(), 48)
    before = model.cools_by
    model.observe(model.air_c - 3.0, now + MINUTE, Influence(0.0))
    assert model.cools_by == pytest.approx(before, rel=0.1)


def test_the_memory_is_the_whole_of_it() -> None:
    """Written and read as JSON, it goes on to the last digit as if nothing had happened."""
    room = TrueRoom()
    model, now = lived(room, 26)
    adapter = TypeAdapter(ThermalMemory)
    twin = ThermalModel()
    twin.load(adapter.validate_json(adapter.dump_json(model.dump())))
    for each in (model, twin):
        each.observe(24.4, now + MINUTE, Influence(1.0, in_bed=True))
    assert twin.dump() == model.dump()
    twin.forget()
    assert not twin.known


_STEPS = st.tuples(
    st.floats(-10, 50),
    st.integers(0, 40_000),
    st.sampled_from([None, 0.0, 1.0]),
    st.booleans(),
    st.sampled_from([None, 31.0]),
)


@settings(deadline=None)
@given(st.lists(_STEPS, min_size=1, max_size=60))
def test_no_readings_break_it(steps: list[tuple[float, int, float | None, bool, float | None]]) -> None:
    """Whatever a thermometer says, the filter stays finite and its covariance that of something."""
    model, now = ThermalModel(), START
    for celsius, seconds, cooled, in_bed, outdoor in steps:
        now += timedelta(seconds=seconds)
        acts = Influence(cooled, in_bed=in_bed, outdoor_c=outdoor)
        model.observe(celsius, now, acts)
        assert all(isfinite(each) for each in model.dump().mean)
        covariance = np.array(model.dump().covariance).reshape(8, 8)
        assert np.linalg.eigvalsh((covariance + covariance.T) / 2).min() > -1e-6
        assert isfinite(model.air_in(timedelta(hours=3), acts))

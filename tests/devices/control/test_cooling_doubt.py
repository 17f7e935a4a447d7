"""A thermometer that stands still, steps of a setpoint, and a compressor that had to wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.devices.control.rooms import TrueRoom
from tests.devices.control.test_cooling import PAD, PLUG, Lived, bedroom
from tests.rules.builders import AC, EVENING

NIGHT = EVENING + timedelta(hours=2)


@pytest.mark.parametrize("stuck", [23.8, 23.9, 24.0, 24.1, 25.0])
def test_a_plug_does_not_run_for_ever_on_a_thermometer_that_is_stuck_near_the_limit(stuck: float) -> None:
    """There a reading stands still most often, and no thermostat but ours ends it."""
    life = bedroom({"switch": PLUG}, start=NIGHT)
    lived = Lived(life, TrueRoom(air=stuck, mass=stuck, outside=27.0)).bed(occupied=True)
    for _ in range(8 * 60):
        lived.minutes(1, silent=True)
        life.measure(stuck)
    assert sum(lived.power) <= 45
    assert min(lived.air) > 20.0


@pytest.mark.parametrize("stuck", [18.6, 19.0, 20.0])
def test_a_stuck_thermometer_near_the_floor_is_doubted_before_the_room_is_at_the_floor(stuck: float) -> None:
    """Whoever says too hot there is cooled for a shorter time on a reading that does not move."""
    life = bedroom({"switch": PLUG}, start=NIGHT, comfort={"floor": 18.0})
    lived = Lived(life, TrueRoom(air=stuck, mass=stuck, outside=27.0)).bed(occupied=True)
    lived.minutes(2)
    life.say("too_hot")
    for _ in range(150):
        lived.minutes(1, silent=True)
        life.measure(stuck)
    assert any(lived.power) is (stuck > 19.5)  # so near the floor only a fan could help
    assert min(lived.air) >= 18.0


def test_a_pad_is_no_reason_to_doubt_a_room_that_stands_still() -> None:
    """It cools the bed, and no thermometer of the room shows it."""
    life = bedroom({"switch": PAD, "cools": "bed"}, start=NIGHT)
    life.bed(occupied=True)
    life.measures(25.0, minutes=180)
    assert life.engine.world.devices[PAD].on
    assert not [text for text in life.texts() if "stuck" in text]


@pytest.mark.parametrize("step", [0.1, 0.5, 1.0])
def test_the_room_is_held_at_a_setpoint_below_the_limit_whatever_the_steps(step: float) -> None:
    """A setpoint between the limit and the one to rest at is neither the one nor the other."""
    life = bedroom({"climate": AC}, start=NIGHT)
    life.report(AC, "off", {"target_temp_step": step})
    Lived(life, TrueRoom(air=27.0, mass=26.0, outside=28.0)).bed(occupied=True).minutes(6 * 60)
    sent = [float(str(data["temperature"])) for _, data in life.calls(AC) if "temperature" in data]
    assert min(sent) < 23.5
    assert not [each for each in sent if 23.85 < each < 25.0], sent


def test_who_says_too_hot_waits_for_a_compressor_that_has_just_stopped() -> None:
    """It is not started again within its pause by its setpoint either."""
    life = bedroom({"climate": AC}, start=NIGHT)
    lived = Lived(life, TrueRoom(air=26.0, mass=25.0, outside=27.0)).bed(occupied=True)
    setpoint: list[float] = []
    for _ in range(600):
        lived.minutes(1)
        setpoint = [float(str(data["temperature"])) for _, data in life.calls(AC) if "temperature" in data]
        if setpoint and setpoint[-1] >= 25.0:
            break
    assert setpoint[-1] >= 25.0
    lived.minutes(1)
    life.say("too_hot")
    lived.minutes(2)
    assert all(float(str(data["temperature"])) > lived.room.air + 0.5 for _, data in life.calls(AC))
    lived.minutes(4)
    assert [float(str(data["temperature"])) < lived.room.air for _, data in life.calls(AC)] == [True]


def test_one_reading_that_jumps_is_no_proof_that_an_air_conditioner_ignores_its_setpoint() -> None:
    """It would be switched off and on from then on."""
    life = bedroom({"climate": AC}, start=NIGHT)
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    lived = Lived(life, TrueRoom(air=26.0, mass=25.0, outside=27.0)).bed(occupied=True)
    rested = 0
    for _ in range(600):
        lived.minutes(1)
        rested = rested + 1 if cooling.memory.gears.gear == "rest" else 0
        if rested == 7:
            life.measure(20.4)
            lived.minutes(1)
            break
    assert rested == 7
    assert not cooling.memory.gears.deaf

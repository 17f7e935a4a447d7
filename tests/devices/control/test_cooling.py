"""Cooling a room: what is asked of which device, when, and what never is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from devices.control.gears import Gear
from tests.devices.control.rooms import TrueRoom
from tests.rules.builders import AC, EVENING, FAN, Evening, home, maker, profile

PAD, PLUG, BLIND = "switch.pad", "switch.portable_ac", "cover.bedroom"
AFTERNOON = EVENING - timedelta(hours=6)
"""15:00 on the person's clock."""


def bedroom(*cooling: dict[str, Any], start: datetime = EVENING, **person: Any) -> Evening:  # noqa: ANN401
    """A home with these devices; the limit in bed is 24 °C."""
    who = profile(**{"triggers": {"heat": {"above_in_bed": 24.0, "above": 26.0}}, **person})
    return Evening(maker(who, home(cooling=list(cooling), lights=[])), start=start)


class Lived:
    """A true room behind the thermometer, and devices that act on it."""

    def __init__(self, life: Evening, room: TrueRoom, *, seed: int = 1) -> None:
        self.life, self.room, self._dice = life, room, Random(seed)
        self.in_bed = False
        self.air: list[float] = []
        self.power: list[bool] = []

    def cooled(self) -> bool:
        """Whether a compressor runs: a plug, or an air conditioner above its setpoint."""
        devices = self.life.engine.world.devices
        for entity, device in devices.items():
            state = device.memory.reported or {}
            if not state.get("power"):
                continue
            if entity == PLUG:
                return True
            if entity.startswith("climate.") and state["mode"] == "cool":
                setpoint = float(state["temperature"])
                return self.room.air > setpoint + (0.5 if not (self.power and self.power[-1]) else -0.5)
        return False

    def minutes(self, count: int, *, silent: bool = False) -> Lived:
        """Live, with a reading each minute."""
        for _ in range(count):
            cooled = self.cooled()
            self.power.append(cooled)
            self.air.append(self.room.run(1, cooled=cooled, in_bed=self.in_bed))
            self.life.wait(minutes=1)
            if not silent:
                self.life.measure(self.room.reading(self._dice))
        return self

    def bed(self, *, occupied: bool) -> Lived:
        """Go to bed, or get up."""
        self.in_bed = occupied
        self.life.bed(occupied=occupied)
        return self


def gear(life: Evening) -> Gear:
    """What the air conditioner is asked for."""
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    return cooling.memory.gears.gear


def test_a_warm_room_is_cool_when_somebody_usually_goes_to_bed() -> None:
    """Long before anything is learned: by the profile's bedtime, and never above the limit in bed."""
    life = bedroom({"climate": AC}, start=AFTERNOON)
    lived = Lived(life, TrueRoom(air=27.0, mass=27.0, outside=27.0)).bed(occupied=False)
    lived.minutes(6 * 60)
    assert life.services(AC)[:2] == ["climate.set_hvac_mode", "climate.set_temperature"]
    assert lived.room.air < 27.0
    lived.minutes(60)  # 22:00
    assert lived.room.air < 24.0
    lived.bed(occupied=True)
    before = len(lived.air)
    lived.minutes(8 * 60)
    assert max(lived.air[before:]) < 24.1
    assert min(lived.air[before:]) > 22.4


def test_the_reason_says_what_would_come_and_when() -> None:
    """In numbers, once the room is learned: how warm it would get, by when, and when you go to bed."""
    life = bedroom({"climate": AC}, start=AFTERNOON - timedelta(days=3))
    lived = Lived(life, TrueRoom(air=26.0, mass=26.0, outside=26.5)).bed(occupied=False)
    for _ in range(3):
        lived.minutes(7 * 60).bed(occupied=True).minutes(9 * 60).bed(occupied=False).minutes(8 * 60)
    lived.room.air = lived.room.mass = 22.6
    life.calls()
    lived.minutes(8 * 60).bed(occupied=True).minutes(60)
    reasons = [action.reason for action in life.actions]
    rule = r" \(rule cool-hot-bed\)"
    ahead = r"the bedroom is 2\d\.\d °C; your limit in bed is 24\.0 °C; you usually go to bed at 22:\d\d" + rule
    comes = r"the bedroom is 23\.\d °C and would reach 24\.0 °C by 2[23]:\d\d; .*" + rule
    assert re.fullmatch(ahead, reasons[0]), reasons
    assert any(re.fullmatch(comes, reason) for reason in reasons), reasons


def test_a_room_without_a_sleeper_is_not_cooled_by_day() -> None:
    """However warm it is."""
    life = bedroom({"climate": AC}, {"fan": FAN}, start=AFTERNOON - timedelta(hours=6))
    life.bed(occupied=False)
    life.measures(31.0, minutes=8 * 60)
    assert life.calls() == []


def test_an_unannounced_nap_is_cooled_at_once() -> None:
    """Fan and air conditioner in the same second, the fan at the speed of the day."""
    life = bedroom({"fan": FAN}, {"climate": AC}, start=AFTERNOON)
    life.measures(28.0, minutes=10)
    life.bed(occupied=True)
    assert life.calls(FAN) == [("fan.turn_on", {"percentage": 60.0})]
    assert life.services(AC) == ["climate.set_hvac_mode", "climate.set_temperature"]


def test_at_night_the_fan_is_slow_and_stays_as_it_is() -> None:
    """Switched on once, and off after the person has got up for good; a trip to the bathroom changes nothing."""
    life = bedroom({"fan": FAN}, {"climate": AC})
    lived = Lived(life, TrueRoom(air=26.0, mass=26.0, outside=27.0)).bed(occupied=False)
    lived.minutes(90).bed(occupied=True).minutes(180)
    lived.bed(occupied=False).minutes(6).bed(occupied=True).minutes(200)
    assert life.calls(FAN) == [("fan.turn_on", {"percentage": 40.0})]
    lived.minutes(120).bed(occupied=False).minutes(120)  # 07:00
    assert life.calls(FAN) == [("fan.turn_off", {})]


def test_with_a_fan_the_air_conditioner_has_less_to_do() -> None:
    """What counts is what is felt: the air may be warmer by a part of what the fan takes off."""
    warm = {}
    for name, devices in (("without", [{"climate": AC}]), ("with", [{"fan": FAN}, {"climate": AC}])):
        lived = Lived(bedroom(*devices), TrueRoom(air=27.0, mass=27.0, outside=27.0)).bed(occupied=False)
        lived.minutes(60).bed(occupied=True).minutes(300)
        warm[name] = sum(lived.air[-240:]) / 240
        ran = sum(lived.power)
        warm[name + " ran"] = ran
    assert 0.4 < warm["with"] - warm["without"] < 1.0
    assert warm["with ran"] < warm["without ran"]


def test_a_mattress_pad_cools_who_lies_on_it() -> None:
    """And nobody else: it does not cool the room ahead."""
    life = bedroom({"switch": PAD, "cools": "bed"})
    life.bed(occupied=False)
    life.measures(25.0, minutes=80)
    assert life.calls() == []
    life.bed(occupied=True)
    assert life.services(PAD) == ["switch.turn_on"]
    life.bed(occupied=False)
    life.measures(25.0, minutes=60)
    assert life.services(PAD) == ["switch.turn_off"]


def test_blinds_keep_the_sun_out_by_day() -> None:
    """Down when the room comes near the limit, up again in the evening, and never moved at night."""
    life = bedroom({"cover": BLIND}, {"climate": AC}, start=AFTERNOON)
    life.bed(occupied=False)
    life.measures(25.0, minutes=30)
    assert life.services(BLIND) == ["cover.set_cover_position"]
    life.measures(25.0, minutes=6 * 60)
    assert len(life.services(BLIND)) == 1
    life.bed(occupied=True)
    life.measures(25.0, minutes=8 * 60)
    assert life.services(BLIND) == []


def test_a_plug_is_switched_within_bounds_and_not_too_often() -> None:
    """No on or off period under five minutes, and the room between the bounds."""
    lived = Lived(bedroom({"switch": PLUG}), TrueRoom(air=26.0, mass=26.0, outside=28.0, cools=9.0)).bed(occupied=True)
    lived.minutes(500)
    assert max(lived.air[120:]) < 24.15
    assert min(lived.air[120:]) > 22.8
    assert min(periods(lived.power)[1:-1]) >= 5


def test_an_air_conditioner_that_ignores_its_setpoint_is_found_out() -> None:
    """Then it is switched off and on in place of resting."""

    class Ignores(Lived):
        def cooled(self) -> bool:
            return self.life.engine.world.devices[AC].on

    life = bedroom({"climate": AC})
    lived = Ignores(life, TrueRoom(air=26.0, mass=26.0, outside=28.0, cools=9.0)).bed(occupied=True)
    lived.minutes(400)
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    assert cooling.memory.gears.deaf
    assert min(lived.air[200:]) > 22.4
    assert max(lived.air[200:]) < 24.3


def test_one_that_feels_a_cooler_room_gets_a_lower_setpoint() -> None:
    """Its own thermostat hangs beside its cold air."""

    class Cold(Lived):
        def cooled(self) -> bool:
            state = self.life.engine.world.devices[AC].memory.reported or {}
            return bool(state.get("power")) and self.room.air - 2.0 > float(state["temperature"])

    life = bedroom({"climate": AC})
    lived = Cold(life, TrueRoom(air=26.0, mass=26.0, outside=28.0)).bed(occupied=True)
    lived.minutes(300)
    assert max(lived.air[-60:]) < 24.2


def periods(power: list[bool]) -> list[int]:
    """How many minutes each on and off period lasted."""
    lengths = [1]
    for before, after in pairwise(power):
        if before is after:
            lengths[-1] += 1
        else:
            lengths.append(1)
    return lengths


@pytest.mark.parametrize("learned", [False, True])
def test_a_silent_thermometer_ends_the_cooling_by_a_plug_before_it_is_cold(learned: bool) -> None:
    """The room never gets colder than a degree and a half below the limit, whatever the model knows."""
    lived = Lived(
        bedroom({"switch": PLUG}, start=EVENING - timedelta(days=2)), TrueRoom(air=27.0, mass=27.0, outside=28.0)
    )
    if learned:
        lived.bed(occupied=False)
        for _ in range(2):
            lived.minutes(90).bed(occupied=True).minutes(9 * 60).bed(occupied=False).minutes(24 * 60 - 90 - 9 * 60)
    else:
        lived.life.now += timedelta(days=2)
    lived.bed(occupied=True).minutes(20)
    lived.minutes(4 * 60, silent=True)
    assert min(lived.air[-240:]) > 22.5
    assert not lived.cooled()


def test_too_hot_acts_at_once_and_for_a_while() -> None:
    """A degree cooler than it was, though it is below the limit; fan at once."""
    life = bedroom({"fan": FAN}, {"climate": AC})
    life.bed(occupied=True)
    life.measures(22.5, minutes=20)
    assert life.calls() == []
    life.say("too_hot")
    assert life.services(FAN) == ["fan.turn_on"]
    assert life.calls(AC)[-1] == ("climate.set_temperature", {"temperature": 21.5})
    life.measures(22.0, minutes=130)
    assert gear(life) in (Gear.OFF, Gear.REST)
    assert life.services(FAN) == []  # each switching is heard: it stays on until somebody gets up


def test_cold_stops_it_and_the_last_word_counts() -> None:
    """Who said too hot and then cold is cold."""
    life = bedroom({"fan": FAN}, {"climate": AC})
    life.bed(occupied=True)
    life.measures(25.0, minutes=20)
    life.calls()
    life.say("too_hot")
    life.say("too_cold")
    assert "fan.turn_off" in life.services(FAN)
    assert life.services(AC) == ["climate.set_hvac_mode"]
    life.measures(25.0, minutes=60)
    assert life.services(AC) == []


def test_never_below_the_floor_however_hot_somebody_says_it_is() -> None:
    """The setpoint stops above the floor; the fan is what helps."""
    life = bedroom({"climate": AC}, comfort={"floor": 20.0})
    life.bed(occupied=True)
    life.measures(20.6, minutes=10)
    life.say("too_hot")
    assert [data["temperature"] for service, data in life.calls(AC) if service == "climate.set_temperature"] == [20.5]


def test_nobody_in_bed_for_days_is_not_waited_for() -> None:
    """On the sixth evening nothing is cooled."""
    life = bedroom({"climate": AC}, start=EVENING - timedelta(hours=2))
    life.bed(occupied=True)
    life.measures(22.0, minutes=10 * 60)
    life.bed(occupied=False)
    life.measures(26.0, minutes=24 * 60, every=20)
    assert life.services(AC)[:1] == ["climate.set_hvac_mode"]
    life.measures(26.0, minutes=4 * 24 * 60, every=20)
    life.calls()
    life.measures(26.0, minutes=24 * 60, every=20)
    assert life.services(AC) == []

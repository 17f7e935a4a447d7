"""What `unclench why cooling` says of what was learned and planned."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from devices.control.plan import BAND
from devices.control.thermal import Influence
from rules.beliefs import Beliefs, beliefs_of
from tests.rules.builders import EVENING, ZONE, Evening, home, maker, profile


def beliefs(life: Evening) -> Beliefs:
    """What is believed of the bedroom now."""
    life.engine.look_at_cooling()
    world = life.engine.world
    found = beliefs_of(world.rooms["bedroom"], home().rooms["bedroom"].cooling, None, world.words, life.engine.now)
    assert found is not None
    return found


def line(life: Evening, about: str) -> str:
    """One of its sentences."""
    return dict(beliefs(life).lines)[about]


def a_day_was_learned(life: Evening) -> None:
    """26 hours of a room that rises by 0.5 °C an hour and falls by 1.5 °C an hour while it is cooled."""
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    celsius, begin = 25.0, life.now - timedelta(hours=26)
    for minute in range(0, 26 * 60, 5):
        cooled = (minute // 60) % 4 == 3
        celsius += (-1.5 if cooled else 0.5) * 5 / 60
        cooling.model.observe(celsius, begin + timedelta(minutes=minute), Influence(1.0 if cooled else 0.0))


def test_nothing_is_known_yet() -> None:
    """It says how much is missing, and what it does until then."""
    life = Evening()
    assert line(life, "the room") == (
        "not learned yet: it needs 24 more h of readings and 45 more min of cooling; "
        "until then it counts on 2.0 °C an hour."
    )
    found = beliefs(life)
    assert (found.learned, found.hours, found.now_c, found.alone_c, found.cooled_c) == (False, 0.0, None, None, None)


def test_a_learned_room_is_foretold() -> None:
    """Left alone it gets warmer, cooled it gets cooler, and by how much is said."""
    life = Evening()
    a_day_was_learned(life)
    life.measures(25.0, minutes=10)
    found = beliefs(life)
    assert found.learned
    assert found.now_c is not None
    assert found.alone_c is not None
    assert found.cooled_c is not None
    assert found.cooled_c < found.now_c - 0.3 < found.alone_c
    says = line(life, "the room")
    assert says.startswith(
        f"learned, from {found.hours:.0f} h of readings and {found.cooled_minutes:.0f} min of cooling."
    )
    assert f"Left alone, it would be {found.alone_c:.1f} °C in an hour" in says
    assert f"with the bedroom air conditioner all the time, {found.cooled_c:.1f} °C in half an hour" in says
    assert f"forecasts for half an hour were off by {found.error_c:.1f} °C" in says


def test_in_fahrenheit() -> None:
    life = Evening(maker(profile(units="F")))
    assert line(life, "the room").endswith("until then it counts on 3.6 °F an hour.")


def test_the_hours_that_were_seen() -> None:
    """Few nights: the profile counts too. From ten on only what was seen."""
    life = Evening()
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    assert "0 nights seen, and your bedtime in the profile counts too until there are 10" in line(life, "your hours")
    for back in range(1, 13):
        day = EVENING.astimezone(ZONE).date() - timedelta(days=back)
        begin = datetime.combine(day, time(23, 10), tzinfo=ZONE)
        cooling.habits.memory.stays.insert(0, (begin, begin + timedelta(hours=8)))
    assert line(life, "your hours") == (
        "usually in bed at 23:10, at the earliest about 23:10, up at 07:10; 12 nights seen"
    )
    assert beliefs(life).to_json()["usual_bed"] == "2026-07-14T21:10:00+00:00"


def test_without_a_bed_sensor_the_profile_counts() -> None:
    life = Evening(maker(place=home(bed=None)))
    found = beliefs(life)
    assert dict(found.lines)["your hours"] == "in bed from 22:30 to 07:30, by your profile: there is no bed sensor"
    assert found.nights == 0


def test_the_plan() -> None:
    """Between which temperatures, and why; and why not."""
    life = Evening()
    life.measure(21.0)
    assert line(life, "the plan").startswith("no cooling now: nobody is in bed")
    assert beliefs(life).high_c is None
    life.bed(occupied=True)
    life.measure(23.0)
    found = beliefs(life)
    assert found.phase == "in_bed"
    assert found.low_c == pytest.approx((found.high_c or 0.0) - BAND)
    assert line(life, "the plan") == (
        f"someone is in bed: cooling from {found.high_c:.1f} °C on, down to {found.low_c:.1f} °C"
    )


def test_the_floor_ends_every_plan() -> None:
    life = Evening()
    life.bed(occupied=True)
    life.measure(15.9)
    assert line(life, "the plan") == "no cooling: the room is at its floor, and is never cooled further"


def test_the_fan_and_what_was_found_out_about_the_air_conditioner() -> None:
    """Only what there is to say."""
    life = Evening()
    life.measure(21.0)
    assert line(life, "the fan") == "not counted on now"
    assert "the bedroom air conditioner" not in dict(beliefs(life).lines)
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    memory = cooling.memory
    memory.gears.swinging = True
    assert line(life, "the bedroom air conditioner") == (
        "its own thermostat cannot hold the room closely, so it is told when to cool and when to rest"
    )
    memory.gears.swinging, memory.gears.deaf = False, True
    assert line(life, "the bedroom air conditioner") == (
        "does not keep to its setpoint, so it is switched on and off instead"
    )


def test_a_room_with_a_fan_alone_learns_no_cooling() -> None:
    """And does not promise that it will."""
    place = home(cooling=[{"fan": "fan.bedroom"}])
    life = Evening(maker(place=place))
    life.measure(21.0)
    world = life.engine.world
    found = beliefs_of(world.rooms["bedroom"], place.rooms["bedroom"].cooling, None, world.words, life.engine.now)
    assert found is not None
    assert dict(found.lines)["the room"].startswith("nothing here cools the air")
    assert found.cooled_c is None

"""The temperature outside: a fact beside those of the rooms, that nothing waits for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from config.home import Home, Source
from devices.events import SourceLost
from devices.readings import Kind
from rules.engine import Engine
from rules.facts import Fact, Quality
from tests.rules.builders import Evening, book, home, maker, profile

GARDEN = "garden/temperature"


def outside(**source: Any) -> Home:  # noqa: ANN401
    """The bedroom, with something that measures outside."""
    return home().model_copy(update={"outdoor": Source(**(source or {"topic": GARDEN}))})


def outdoor(life: Evening) -> Fact:
    """The fact; it must be there."""
    fact = life.engine.world.outdoor
    assert fact is not None
    return fact


def test_it_is_known_beside_the_room() -> None:
    """It sets off nothing of the room's, not even by what would be a jump there."""
    life = Evening(maker(place=outside()))
    life.measure(20.0)
    life.measure(24.0, room="outdoor", source=GARDEN)
    life.wait(minutes=1)
    life.measure(33.0, room="outdoor", source=GARDEN)
    assert (outdoor(life).value, outdoor(life).quality) == (33.0, Quality.FRESH)
    assert life.engine.world.bedroom.temperature.value == 20.0
    assert life.texts("sensor outdoor") == []
    life.wait(minutes=10)
    assert all(trigger.standing.level == 0 for trigger in life.engine.world.triggers.values())


def test_the_other_unit_is_not_believed() -> None:
    """As with a room's thermometer."""
    life = Evening(maker(place=outside()))
    life.measure(24.0, room="outdoor", source=GARDEN)
    life.wait(minutes=30)
    life.measure(75.0, room="outdoor", source=GARDEN)
    assert outdoor(life).value == 24.0


def test_its_silence_is_told_to_nobody() -> None:
    """Nothing depends on it: its last word only no longer counts."""
    life = Evening(maker(place=outside()))
    life.measure(24.0, room="outdoor", source=GARDEN)
    life.measures(20.0, minutes=60)
    assert outdoor(life).quality is Quality.STALE
    assert outdoor(life).value == 24.0
    assert life.said() == []
    lost = SourceLost(at=life.now, source=GARDEN, room="outdoor", quantity=Kind.TEMPERATURE)
    assert life.event(lost).actions == ()


@pytest.mark.parametrize(
    ("source", "hours"),
    [
        ({"entity": "weather.home"}, 3),
        ({"topic": "ha/weather/home/temperature", "dialect": "statestream", "path": "temperature"}, 3),
        ({"entity": "sensor.garden"}, 65 / 60),
        ({"topic": GARDEN}, 0.25),
        ({"entity": "weather.home", "stale_after": timedelta(hours=5)}, 5),
    ],
)
def test_a_weather_may_be_silent_for_longer(source: dict[str, Any], hours: float) -> None:
    """It is a service on the internet, asked once an hour."""
    fact = Engine("anna", profile(), outside(**source), []).world.outdoor
    assert fact is not None
    assert list(fact.stale_after.values()) == [timedelta(hours=hours)]


def test_a_home_without_it_does_not_know_it() -> None:
    """A word from outside is nobody's then."""
    life = Evening()
    assert life.engine.world.outdoor is None
    life.measure(30.0, room="outdoor", source=GARDEN)
    assert life.texts("sensor") == []
    assert life.services() == []


def test_a_rule_may_read_it_and_a_restart_keeps_it() -> None:
    """By the name of its fact."""
    rules = book("- {id: warm, says: Cool., when: {fact: outdoor.temperature, above: 25}, want: [{cool: bedroom}]}")
    life = Evening(maker(place=outside(), rules=rules))
    life.restarts = True
    life.measure(22.0)
    life.measure(24.0, room="outdoor", source=GARDEN)
    assert life.services() == []
    life.wait(minutes=5)
    life.measure(27.0, room="outdoor", source=GARDEN)
    assert "climate.set_hvac_mode" in life.services()
    life.wait(minutes=1)
    assert outdoor(life).value == 27.0

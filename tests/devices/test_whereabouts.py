"""Who is at home, and who stirs in bed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from config.home import Home
from devices.events import BedChanged, BedMoved, Event, PresenceChanged
from devices.intake import Intake
from devices.readings import Message

NOW = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)


def intake(*bed: dict[str, Any], **people: dict[str, Any]) -> Intake:
    """A home with these sensors on the bed and these people."""
    room = {"person": "anna", **({"bed": {"sensors": list(bed)}} if bed else {})}
    return Intake(Home.model_validate({"rooms": {"bedroom": room}, "people": people}), ["anna", "ben"])


def heard(door: Intake, topic: str, payload: object, *, retained: bool = False, unsure: bool = False) -> list[Event]:
    """The events of a message."""
    raw = payload if isinstance(payload, str) else json.dumps(payload)
    message = Message(topic=topic, payload=raw.encode(), retained=retained)
    return [event for _, event in door.message(message, NOW, "m", unsure=unsure).events]


def at_home(events: list[Event]) -> list[bool | None]:
    """What they say."""
    assert all(isinstance(event, PresenceChanged) and event.person == "anna" for event in events)
    return [event.at_home for event in events if isinstance(event, PresenceChanged)]


@pytest.mark.parametrize(
    ("entity", "state", "says"),
    [
        ("person.anna", "home", [True]),
        ("person.anna", "not_home", [False]),
        ("person.anna", "Work", [False]),
        ("device_tracker.phone", "Gym", [False]),
        ("person.anna", "unknown", [None]),
        ("person.anna", "unavailable", [None]),
        ("input_boolean.anna_home", "on", [True]),
        ("binary_sensor.anna", "off", [False]),
        ("sensor.anna", "yes", [True]),
        ("sensor.anna", "true", [True]),
        ("sensor.anna", "Kitchen", [None]),
    ],
)
def test_an_entity_says_who_is_at_home(entity: str, state: str, says: list[bool | None]) -> None:
    """The name of a zone is away; a word that could mean anything is not."""
    door = intake(anna={"entity": entity})
    assert entity in door.entities
    taken = door.state(entity, state, {"friendly_name": "Anna"}, NOW, "s")
    assert at_home([event for _, event in taken.events]) == says
    assert [person for person, _ in taken.events] == ["anna"]


def test_a_word_of_home_yaml_wins() -> None:
    """Some zones are home, and some homes are called otherwise."""
    states = {"Garden": True, "away_for_long": False, "home": False}
    door = intake(anna={"entity": "sensor.anna", "states": states})
    found = [
        at_home([event for _, event in door.state("sensor.anna", state, {}, NOW, "s").events])
        for state in ("garden", "away_for_long", "home", "somewhere")
    ]
    assert found == [[True], [False], [False], [None]]
    assert door.rejected["sensor.anna", "unknown_state"] == 1


def test_over_mqtt() -> None:
    """Kept by the broker, it still holds: it is a state."""
    plain = intake(anna={"topic": "home/anna"})
    assert "home/anna" in plain.filters
    assert "home/anna" not in plain.levels
    assert at_home(heard(plain, "home/anna", "home", retained=True)) == [True]
    assert at_home(heard(plain, "home/anna", {"state": "not_home"})) == [False]
    assert at_home(heard(plain, "home/anna", False)) == [False]
    assert at_home(heard(plain, "home/anna", "unavailable")) == [None]
    assert at_home(heard(plain, "home/anna", "bedroom")) == [None], "a tracker of rooms"
    assert heard(plain, "home/anna", "") == []
    nested = intake(anna={"topic": "t", "path": "where.now"})
    assert at_home(heard(nested, "t", {"where": {"now": "home"}})) == [True]
    stream = intake(anna={"topic": "ha/person/anna/state", "dialect": "statestream"})
    assert at_home(heard(stream, "ha/person/anna/state", "Work")) == [False]
    assert at_home(heard(stream, "ha/person/anna/state", "unknown")) == [None]


def moved(events: list[Event]) -> int:
    """How often something moved; nothing else may come of a sensor that feels movement."""
    assert all(isinstance(event, BedMoved) and event.room == "bedroom" for event in events)
    return len(events)


ZIGBEE = {"topic": "z", "dialect": "zigbee2mqtt", "feels": "movement", "side": "left"}


def test_a_vibration_is_a_movement_and_never_somebody_in_bed() -> None:
    """Once for a message, however often it says it; what is old is none."""
    door = intake(ZIGBEE)
    assert heard(door, "z", {"vibration": True, "action": "vibration", "battery": 80, "occupancy": True}) == [
        BedMoved(at=NOW, source="z", id="m", room="bedroom", side="left")
    ]
    assert moved(heard(door, "z", {"action": "tilt"})) == 1
    assert moved(heard(door, "z", {"vibration": False, "battery": 80})) == 0
    assert moved(heard(door, "z", {"action": ""})) == 0
    assert moved(heard(door, "z", {"vibration": True}, retained=True)) == 0
    assert moved(heard(door, "z", {"vibration": True}, unsure=True)) == 0
    assert "z" not in door.levels


@pytest.mark.parametrize(
    ("payload", "times"), [("on", 1), ("off", 0), ("0.3", 1), ("0", 0), ("12", 1), ("unavailable", 0), ("strong", 0)]
)
def test_other_sensors_of_movement(payload: str, times: int) -> None:
    """A word, or how strongly it moved."""
    door = intake({"topic": "p", "feels": "movement"}, {"entity": "binary_sensor.mat", "feels": "movement"})
    assert moved(heard(door, "p", payload)) == times
    assert moved([event for _, event in door.state("binary_sensor.mat", payload, {}, NOW, "s").events]) == times


@pytest.mark.parametrize(
    ("word", "occupied"),
    [
        ("present", True),
        ("in bed", True),
        ("In Bed", True),
        ("absent", False),
        ("left bed", False),
        ("out_of_bed", False),
    ],
)
def test_words_of_sleep_sensors(word: str, occupied: bool) -> None:
    """Emfit's and Withings' need no map of states."""
    door = intake({"topic": "emfit"}, {"entity": "sensor.emfit"})
    told = [event for _, event in door.state("sensor.emfit", word, {}, NOW, "s").events]
    for event in [*heard(door, "emfit", word), *told]:
        assert isinstance(event, BedChanged)
        assert event.occupied is occupied
    assert len(told) == 1

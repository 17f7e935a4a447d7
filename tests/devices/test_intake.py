"""What the home says, as events: whose it is, and what it means there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.home import Home, Source
from devices.events import BedChanged, Event, PromptAnswered, RoomMeasured, RoutineDue, SelfReported, SourceLost
from devices.intake import Intake
from devices.readings import Kind, Message, Reason

NOW = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)
HOME = Home.model_validate(
    {
        "rooms": {
            "bedroom": {
                "person": "anna",
                "sensors": [
                    {"topic": "z2m/climate", "dialect": "zigbee2mqtt", "offset": -0.5},
                    {"topic": "ha/sensor/t/state", "dialect": "statestream", "measures": ["temperature"]},
                    {"entity": "sensor.attic", "measures": ["temperature"]},
                ],
                "bed": {
                    "sensors": [
                        {"topic": "bed/left", "dialect": "plain", "side": "left", "states": {"on": True, "off": False}},
                        {"topic": "bed/both", "dialect": "plain", "states": {"on": True, "off": False}},
                    ]
                },
            }
        },
        "buttons": [
            {
                "topic": "z2m/button",
                "dialect": "zigbee2mqtt",
                "person": "anna",
                "presses": {"single": "done", "double": "routine wind_down", "hold": "report stress"},
            }
        ],
    }
)


def intake() -> Intake:
    """A fresh one."""
    return Intake(HOME, ["anna"])


def take(door: Intake, topic: str, payload: Any, *, retained: bool = False) -> list[Event]:  # noqa: ANN401
    """The events of a message; a payload that is no text is JSON."""
    raw = (
        payload
        if isinstance(payload, bytes)
        else (payload if isinstance(payload, str) else json.dumps(payload)).encode()
    )
    return [event for _, event in door.message(Message(topic=topic, payload=raw, retained=retained), NOW, "m").events]


def test_measurements_with_their_offset() -> None:
    """Only what the sensor is said to measure; each reading with an id of its own."""
    events = take(intake(), "z2m/climate", {"temperature": 23.4, "humidity": 50, "battery": 80})
    found = {event.quantity: event.value for event in events if isinstance(event, RoomMeasured)}
    assert found == {Kind.TEMPERATURE: pytest.approx(22.9), Kind.HUMIDITY: 50.0}
    assert len({event.id for event in events}) == len(events) == 2


def test_the_air_outside_is_told_to_everybody() -> None:
    """Its rejections and its silence are one, however many live here."""
    outside = HOME.model_copy(update={"outdoor": Source(topic="garden/temperature", unit="C")})
    door = Intake(outside, ["anna", "ben"])
    assert "garden/temperature" in door.filters
    assert "garden/temperature" in door.levels
    taken = door.message(Message(topic="garden/temperature", payload=b"31.5"), NOW, "m")
    assert [person for person, _ in taken.events] == ["anna", "ben"]
    for _, event in taken.events:
        assert isinstance(event, RoomMeasured)
        assert (event.room, event.quantity, event.value) == ("outdoor", Kind.TEMPERATURE, 31.5)
    refused = door.message(Message(topic="garden/temperature", payload=b"warm"), NOW, "m")
    assert [each.reason for each in refused.rejections] == [Reason.NOT_A_NUMBER]
    lost = door.message(Message(topic="garden/temperature", payload=b"unavailable"), NOW, "m").events
    assert [(person, type(event)) for person, event in lost] == [("anna", SourceLost), ("ben", SourceLost)]


def test_a_weather_is_an_entity_like_others() -> None:
    """Its state is a word, and its temperature stands beside it."""
    door = Intake(HOME.model_copy(update={"outdoor": Source(entity="weather.home")}), ["anna"])
    assert "weather.home" in door.entities
    attributes = {"temperature": 68.0, "temperature_unit": "°F"}
    ((person, event),) = door.state("weather.home", "cloudy", attributes, NOW, "m").events
    assert isinstance(event, RoomMeasured)
    assert (person, event.room, event.value) == ("anna", "outdoor", 20.0)


def test_a_retained_measurement_is_dated_by_its_last_seen() -> None:
    """Without one its time is not known."""
    dated = take(intake(), "z2m/climate", {"temperature": 23.4, "last_seen": "2026-07-14T19:30:00Z"}, retained=True)[0]
    unsure = take(intake(), "z2m/climate", {"temperature": 23.4}, retained=True)[0]
    ahead = take(intake(), "z2m/climate", {"temperature": 23.4, "last_seen": "2026-07-15T19:30:00Z"}, retained=True)[0]
    assert isinstance(dated, RoomMeasured)
    assert isinstance(unsure, RoomMeasured)
    assert isinstance(ahead, RoomMeasured)
    assert (dated.at, dated.retained) == (NOW.replace(hour=19, minute=30), False)
    assert (unsure.at, unsure.retained) == (ahead.at, ahead.retained) == (NOW, True)


def test_statestream_waits_for_its_unit() -> None:
    """The last value counts as soon as the unit is there, and later ones at once."""
    door = intake()
    assert take(door, "ha/sensor/t/state", "73.4") == []
    first = take(door, "ha/sensor/t/unit_of_measurement", '"°F"')
    second = take(door, "ha/sensor/t/state", "71.6")
    assert [round(float(event.value), 2) for event in [*first, *second] if isinstance(event, RoomMeasured)] == [
        23.0,
        22.0,
    ]
    assert take(door, "ha/sensor/t/unit_of_measurement", '"°F"') == []
    assert list(door.units.values()) == ["°F"]


def test_a_value_that_waited_for_its_unit_keeps_its_time_in_every_room() -> None:
    """It was true when it came, not when its unit did; and one topic may be the thermometer of two rooms."""
    sensor = {"topic": "ha/sensor/t/state", "dialect": "statestream", "measures": ["temperature"]}
    rooms = {room: {"person": "anna", "sensors": [sensor]} for room in ("bedroom", "study")}
    door = Intake(Home.model_validate({"rooms": rooms}), ["anna"])
    door.message(Message(topic="ha/sensor/t/state", payload=b"25.0"), NOW, "m1")
    unit = Message(topic="ha/sensor/t/unit_of_measurement", payload='"°C"'.encode())
    events = [event for _, event in door.message(unit, NOW + timedelta(hours=3), "m2").events]
    found = [(event.room, event.value, event.at) for event in events if isinstance(event, RoomMeasured)]
    assert found == [("bedroom", 25.0, NOW), ("study", 25.0, NOW)]


def test_a_sensor_without_a_value_is_an_event_too() -> None:
    """Beside the rejection, which is still counted: whatever it last said must not count for ever (R13)."""
    door = intake()
    taken = door.state("sensor.attic", "unavailable", {}, NOW, "s")
    assert [event for _, event in taken.events] == [
        SourceLost(at=NOW, source="sensor.attic", id="s.temperature", room="bedroom", quantity=Kind.TEMPERATURE)
    ]
    bed = [event for event in take(door, "bed/left", "unavailable") if isinstance(event, SourceLost)]
    assert [(event.quantity, event.side) for event in bed] == [(Kind.OCCUPIED, "left")]
    assert door.rejected["bed/left", "unavailable_state"] == 1


def test_a_field_without_a_value_is_lost_alone() -> None:
    """It is the one that the sensor is there for; the others say nothing about it."""
    bed = {"sensors": [{"topic": "z2m/bed", "dialect": "zigbee2mqtt"}]}
    door = Intake(Home.model_validate({"rooms": {"bedroom": {"person": "anna", "bed": bed}}}), ["anna"])
    lost = take(door, "z2m/bed", {"occupancy": None, "battery": 80})
    assert [event.quantity for event in lost if isinstance(event, SourceLost)] == [Kind.OCCUPIED]
    assert take(door, "z2m/bed", {"battery": 80}) == []


def test_what_the_broker_kept_while_we_were_away_is_unsure() -> None:
    """Measurements have no time of their own, presses come too late, reports are kept."""
    door = intake()

    def late(topic: str, payload: dict[str, Any] | str) -> list[Event]:
        raw = payload if isinstance(payload, str) else json.dumps(payload)
        message = Message(topic=topic, payload=raw.encode())
        return [event for _, event in door.message(message, NOW, "m", unsure=True).events]

    assert [
        event.retained for event in late("z2m/climate", {"temperature": 23}) if isinstance(event, RoomMeasured)
    ] == [True]
    assert [event.retained for event in late("bed/both", "on") if isinstance(event, BedChanged)] == [True]
    assert late("z2m/button", {"action": "single"}) == late("z2m/button", {"action": "double"}) == []
    assert door.rejected["z2m/button", "retained_event"] == 2
    assert len(late("z2m/button", {"action": "hold"})) == len(late("unclench/anna/report/fever", "on")) == 1


def test_sides_of_the_bed() -> None:
    """As home.yaml says."""
    door = intake()
    events = [*take(door, "bed/left", "on"), *take(door, "bed/both", "off")]
    assert [(event.side, event.occupied) for event in events if isinstance(event, BedChanged)] == [
        ("left", True),
        ("either", False),
    ]


PRESSES = [("single", PromptAnswered), ("double", RoutineDue), ("hold", SelfReported)]


@pytest.mark.parametrize(("press", "kind"), PRESSES)
def test_buttons(press: str, kind: type[Event]) -> None:
    """Each press means one thing; another one nothing; an old one is dropped (R17)."""
    assert [type(event) for event in take(intake(), "z2m/button", {"action": press})] == [kind]
    assert take(intake(), "z2m/button", {"action": "shaken"}) == []
    assert take(intake(), "z2m/button", {"action": press}, retained=True) == []


def test_entities_are_sensors_too() -> None:
    """With the unit of their attributes; unavailable is refused and counted."""
    door = intake()
    taken = door.state("sensor.attic", "86", {"unit_of_measurement": "°F"}, NOW, "s")
    assert [event.value for _, event in taken.events if isinstance(event, RoomMeasured)] == [30.0]
    assert door.state("sensor.attic", "unavailable", {}, NOW, "s").rejections[0].reason is Reason.UNAVAILABLE_STATE
    assert door.rejected["sensor.attic", "unavailable_state"] == 1
    assert door.state("sensor.other", "86", {}, NOW, "s").events == []
    assert door.entities == ["sensor.attic"]


def test_what_to_subscribe_to() -> None:
    """Sensors, units and our own topics, each once."""
    filters = intake().filters
    assert len(set(filters)) == len(filters)
    assert {"z2m/climate", "ha/sensor/t/unit_of_measurement", "unclench/anna/routine/+", "unclench/anna/answer"} <= set(
        filters
    )


def test_own_topics_reach_their_person() -> None:
    """Of persons that there are."""
    door = intake()
    assert len(take(door, "unclench/anna/routine/wind_down", "")) == 1
    assert take(door, "unclench/ben/routine/wind_down", "") == []
    assert take(door, "unclench/anna", "") == []
    assert take(door, "unclench", "") == []
    assert take(door, "unclench/anna/answer", "maybe") == []
    assert door.rejected["unclench/anna/answer", "unknown_state"] == 1


topics = st.sampled_from(
    [*intake().filters, "unclench/anna/routine/x", "unclench/anna/report/stress", "unclench/anna/report/", "x"]
)
payloads = st.one_of(
    st.binary(max_size=80),
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.integers()
        | st.sampled_from(["answer", "later", "UNCLENCH:a:b:c", "fan.x"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["answer", "action", "prompt", "value", "entity", "minutes", "temperature"]), inner
            )
        ),
        max_leaves=8,
    ).map(lambda document: json.dumps(document).encode()),
)


@given(topics, payloads, st.booleans())
def test_never_raises(topic: str, payload: bytes, retained: bool) -> None:
    """Whatever arrives."""
    take(intake(), topic, payload, retained=retained)

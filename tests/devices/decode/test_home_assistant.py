"""What Home Assistant says: entity states, and the same states through mqtt_statestream."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from devices.decode import decode, decode_state, entity_of, unit_of
from devices.readings import Hints, Kind, Reason
from tests.devices.decode.cases import NO_HINTS, Case, check, message

BASE = "homeassistant/sensor/bedroom_temperature"
CELSIUS = Hints(unit="°C")
STREAM = [
    Case(
        id="temperature, unit known",
        topic=f"{BASE}/state",
        payload="21.4",
        hints=CELSIUS,
        readings={"": (Kind.TEMPERATURE, 21.4)},
    ),
    Case(
        id="temperature, quoted",
        topic=f"{BASE}/state",
        payload='"21.4"',
        hints=CELSIUS,
        readings={"": (Kind.TEMPERATURE, 21.4)},
    ),
    Case(
        id="temperature in Fahrenheit",
        topic=f"{BASE}/state",
        payload="68",
        hints=Hints(unit="°F"),
        readings={"": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(id="temperature, unit not yet known", topic=f"{BASE}/state", payload="21.4", reasons=[Reason.UNIT_UNKNOWN]),
    Case(
        id="humidity needs no unit",
        topic="ha/sensor/bedroom_humidity/state",
        payload="45",
        readings={"": (Kind.HUMIDITY, 45.0)},
    ),
    Case(
        id="unavailable",
        topic=f"{BASE}/state",
        payload="unavailable",
        hints=CELSIUS,
        reasons=[Reason.UNAVAILABLE_STATE],
    ),
    Case(
        id="unknown, quoted",
        topic=f"{BASE}/state",
        payload='"unknown"',
        hints=CELSIUS,
        reasons=[Reason.UNAVAILABLE_STATE],
    ),
    Case(
        id="Withings bed",
        topic="ha/binary_sensor/withings_in_bed_alex/state",
        payload="on",
        readings={"": (Kind.OCCUPIED, True)},
    ),
    Case(
        id="SleepIQ bed",
        topic="ha/binary_sensor/sleepnumber_alex_is_in_bed/state",
        payload='"off"',
        readings={"": (Kind.OCCUPIED, False)},
    ),
    Case(
        id="Emfit bed",
        topic="ha/binary_sensor/emfit_bed_presence/state",
        payload="on",
        readings={"": (Kind.OCCUPIED, True)},
    ),
    Case(
        id="a restart is not getting up",
        topic="ha/binary_sensor/emfit_bed_presence/state",
        payload="unavailable",
        hints=Hints(states={"unavailable": False}),
        reasons=[Reason.UNAVAILABLE_STATE],
    ),
    Case(
        id="bed as text",
        topic="ha/sensor/bed_state/state",
        payload="Awake",
        hints=Hints(kind=Kind.OCCUPIED, states={"awake": True, "away": False}),
        readings={"": (Kind.OCCUPIED, True)},
    ),
    Case(
        id="a word that nobody mapped",
        topic="ha/sensor/bed_state/state",
        payload="drowsy",
        hints=Hints(kind=Kind.OCCUPIED, states={"awake": True}),
        reasons=[Reason.UNKNOWN_STATE],
    ),
    Case(
        id="a sleep score is no bed",
        topic="ha/sensor/alex_sleep_score/state",
        payload="87",
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(id="window", topic="ha/binary_sensor/bedroom_window/state", payload="on", readings={"": (Kind.OPEN, True)}),
    Case(
        id="window's battery is no window",
        topic="ha/binary_sensor/bedroom_window_battery/state",
        payload="on",
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="state that the rules map",
        topic="ha/input_select/evening/state",
        payload="Wind Down",
        hints=Hints(kind=Kind.STATE),
        readings={"": (Kind.STATE, "wind down")},
    ),
    Case(id="unit", topic=f"{BASE}/unit_of_measurement", payload='"°C"'),
    Case(id="name", topic=f"{BASE}/friendly_name", payload='"Bedroom"', hints=Hints(kind=Kind.TEMPERATURE)),
    Case(
        id="last updated",
        topic=f"{BASE}/last_updated",
        payload="2024-07-15T21:30:05.123456+00:00",
        readings={"last_updated": (Kind.LAST_SEEN, 1_721_079_005.123456)},
    ),
    Case(
        id="last changed is older while nothing changes",
        topic=f"{BASE}/last_changed",
        payload="2024-07-15T21:30:05+00:00",
    ),
    Case(id="battery", topic=f"{BASE}/battery_level", payload="77", readings={"battery_level": (Kind.BATTERY, 77.0)}),
    Case(
        id="a thermostat's measured temperature, if home.yaml names it",
        topic="ha/climate/bedroom/current_temperature",
        payload="21.5",
        hints=Hints(path="current_temperature", unit="C"),
        readings={"current_temperature": (Kind.TEMPERATURE, 21.5)},
    ),
    Case(id="a thermostat's setpoint", topic="ha/climate/bedroom/temperature", payload="24"),
    Case(id="deleted", topic=f"{BASE}/state", payload="", reasons=[Reason.EMPTY]),
]


@pytest.mark.parametrize("case", STREAM, ids=lambda case: case.id)
def test_stream_says(case: Case) -> None:
    check("statestream", case)


@pytest.mark.parametrize(
    ("topic", "payload", "unit"),
    [
        (f"{BASE}/unit_of_measurement", '"°C"', "°C"),
        (f"{BASE}/unit_of_measurement", "°F", "°F"),
        (f"{BASE}/unit_of_measurement", "", None),
        (f"{BASE}/unit_of_measurement", "null", None),
        (f"{BASE}/unit_of_measurement", '"a sentence that is no unit"', None),
        (f"{BASE}/state", '"°C"', None),
    ],
)
def test_unit_of_a_unit_topic(topic: str, payload: str, unit: str | None) -> None:
    assert unit_of(message(topic, payload)) == unit


def test_a_state_and_its_unit_are_the_same_entity() -> None:
    assert entity_of(f"{BASE}/state") == entity_of(f"{BASE}/unit_of_measurement") == "sensor.bedroom_temperature"
    assert entity_of("short/topic") is None


def test_the_unit_topic_makes_the_state_readable() -> None:
    unit = unit_of(message(f"{BASE}/unit_of_measurement", '"°F"'))
    decoded = decode("statestream", message(f"{BASE}/state", "68.0"), Hints(unit=unit))
    assert [one.value for one in decoded.readings] == [20.0]


FAHRENHEIT_CLASS: dict[str, object] = {"unit_of_measurement": "°F", "device_class": "temperature"}
PRESSURE_CLASS: dict[str, object] = {"unit_of_measurement": "hPa", "device_class": "atmospheric_pressure"}
THERMOSTAT: dict[str, object] = {"current_temperature": 23.5, "temperature": 20}
MEASURED = Hints(path="current_temperature", unit="C")


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One state of an entity: its only reading, or the only reason why there is none."""

    id: str
    entity: str
    state: str
    attributes: dict[str, object] = field(default_factory=dict)
    hints: Hints = NO_HINTS
    reading: tuple[Kind, float | bool | str] | None = None
    reason: Reason | None = None


ENTITIES = [
    Entity(id="°F", entity="sensor.x", state="68", attributes=FAHRENHEIT_CLASS, reading=(Kind.TEMPERATURE, 20.0)),
    Entity(
        id="the entity's unit wins over home.yaml",
        entity="sensor.x",
        state="68",
        attributes=FAHRENHEIT_CLASS,
        hints=CELSIUS,
        reading=(Kind.TEMPERATURE, 20.0),
    ),
    Entity(
        id="unit by home.yaml",
        entity="sensor.bedroom_temp",
        state="21.4",
        hints=CELSIUS,
        reading=(Kind.TEMPERATURE, 21.4),
    ),
    Entity(
        id="pressure", entity="sensor.x", state="1013", attributes=PRESSURE_CLASS, reading=(Kind.PRESSURE, 101_300.0)
    ),
    Entity(
        id="window",
        entity="binary_sensor.x",
        state="on",
        attributes={"device_class": "window"},
        reading=(Kind.OPEN, True),
    ),
    Entity(
        id="bed",
        entity="binary_sensor.x",
        state="off",
        attributes={"device_class": "occupancy"},
        reading=(Kind.OCCUPIED, False),
    ),
    Entity(id="bed by id", entity="binary_sensor.in_bed", state="on", reading=(Kind.OCCUPIED, True)),
    Entity(id="helper", entity="input_boolean.guest_in_bed", state="on", reading=(Kind.OCCUPIED, True)),
    Entity(
        id="what a thermostat measures",
        entity="climate.bedroom",
        state="cool",
        attributes=THERMOSTAT,
        hints=MEASURED,
        reading=(Kind.TEMPERATURE, 23.5),
    ),
    Entity(
        id="state that the rules map",
        entity="sensor.x",
        state="Wind Down",
        hints=Hints(kind=Kind.STATE),
        reading=(Kind.STATE, "wind down"),
    ),
    Entity(
        id="unavailable is never out of bed",
        entity="binary_sensor.in_bed",
        state="unavailable",
        hints=Hints(states={"unavailable": False}),
        reason=Reason.UNAVAILABLE_STATE,
    ),
    Entity(id="unknown", entity="sensor.temperature", state="unknown", hints=CELSIUS, reason=Reason.UNAVAILABLE_STATE),
    Entity(id="no unit", entity="sensor.bedroom_temperature", state="21.4", reason=Reason.UNIT_UNKNOWN),
    Entity(id="text", entity="sensor.bedroom_temperature", state="warm", hints=CELSIUS, reason=Reason.NOT_A_NUMBER),
    Entity(id="85", entity="sensor.bedroom_temperature", state="85.0", hints=CELSIUS, reason=Reason.POWER_ON_VALUE),
    Entity(id="nameless", entity="sensor.anything", state="3", reason=Reason.MISSING_FIELD),
    Entity(
        id="a window's battery",
        entity="binary_sensor.bedroom_window",
        state="on",
        attributes={"device_class": "battery"},
        reason=Reason.MISSING_FIELD,
    ),
    Entity(id="attribute gone", entity="climate.bedroom", state="cool", hints=MEASURED, reason=Reason.MISSING_FIELD),
    Entity(
        id="attribute null",
        entity="climate.bedroom",
        state="cool",
        attributes={"current_temperature": None},
        hints=MEASURED,
        reason=Reason.NOT_A_NUMBER,
    ),
    Entity(
        id="a weather's temperature, with the unit that it names",
        entity="weather.home",
        state="sunny",
        attributes={"temperature": 86, "temperature_unit": "°F", "humidity": 40},
        hints=Hints(kind=Kind.TEMPERATURE, unit="C"),
        reading=(Kind.TEMPERATURE, 30.0),
    ),
    Entity(
        id="a weather's humidity, by its path",
        entity="weather.home",
        state="rainy",
        attributes={"temperature": 12, "temperature_unit": "°C", "humidity": 81},
        hints=Hints(path="humidity"),
        reading=(Kind.HUMIDITY, 81.0),
    ),
    Entity(
        id="a weather that names no unit",
        entity="weather.home",
        state="sunny",
        attributes={"temperature": 20},
        hints=Hints(kind=Kind.TEMPERATURE),
        reason=Reason.UNIT_UNKNOWN,
    ),
    Entity(
        id="a weather without a temperature",
        entity="weather.home",
        state="sunny",
        hints=Hints(kind=Kind.TEMPERATURE),
        reason=Reason.MISSING_FIELD,
    ),
    Entity(id="a weather that is away", entity="weather.home", state="unavailable", reason=Reason.UNAVAILABLE_STATE),
    Entity(id="a mode is no reading", entity="climate.bedroom", state="cool", reason=Reason.MISSING_FIELD),
]


@pytest.mark.parametrize("case", ENTITIES, ids=lambda case: case.id)
def test_entity_says(case: Entity) -> None:
    decoded = decode_state(case.entity, case.state, case.attributes, case.hints)
    assert [(one.kind, one.value) for one in decoded.readings] == ([case.reading] if case.reading else [])
    assert [one.reason for one in decoded.rejections] == ([case.reason] if case.reason else [])


@pytest.mark.parametrize("entity_id", ["button.wash", "event.bedside", "scene.evening"])
def test_the_time_of_a_past_press_is_not_a_press(entity_id: str) -> None:
    decoded = decode_state(entity_id, "2024-07-15T21:30:05+00:00", {}, Hints())
    assert (decoded.readings, decoded.rejections) == ((), ())


def test_the_side_of_a_bed_stands_in_the_entity_id() -> None:
    (reading,) = decode_state("binary_sensor.bed_occupied_right", "on", {}, Hints()).readings
    assert reading.side == "right"

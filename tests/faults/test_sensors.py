"""Sensors fail in every way they can: nobody acts on what cannot be, and who is not seen any more is told so, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from tests.faults.sensors_tools import AC, BED, FAN, ROOM, Night
from tests.integration.homebuilder import BED as BED_TOPIC
from tests.integration.homebuilder import CLIMATE, TestHome, publisher, say
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

Make = Callable[..., Night]


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """A quiet room at 21 °C with somebody in bed."""
    return asleep(Night(tmp_path / "home"))


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a night of another home."""
    return lambda name="home", **parts: Night(tmp_path / name, **parts)


def asleep(night: Night) -> Night:
    """Somebody lies in bed, and the room is still cool."""
    night.bed("ON")
    night.room(21.0)
    return night


def hot(night: Night) -> Night:
    """The room has become too warm, and is cooled."""
    night.wait(minutes=5)
    night.room(24.0)
    assert night.cooling
    return night


# -- silent


def test_silent_is_stale_at_its_minute_then_held_then_stopped_and_told_once(night: Night) -> None:
    """And told once more when it is back, and cooled again (R1, R2, R3)."""
    hot(night)
    night.wait(minutes=29, seconds=59)
    assert night.knows()
    night.wait(seconds=1)
    assert not night.knows()
    assert night.said() == ["The thermometer of the bedroom has been silent since 08:05. Cooling goes on carefully."]
    night.wait(minutes=119, seconds=59)
    assert night.modes() == ["cool"]
    night.wait(seconds=1)
    assert night.modes() == ["cool", "off"]
    night.wait(hours=5)
    assert night.said() == []
    night.room(24.0)
    assert night.said() == ["The thermometer of the bedroom is back."]
    assert night.cooling


# -- stuck


def test_a_reading_that_cooling_does_not_move_is_doubted_once(night: Night) -> None:
    """It goes on speaking, so it is no silence: after four hours of cooling the person is told."""
    hot(night)
    night.rooms(24.0, minutes=235)
    assert night.said() == []
    night.rooms(24.0, minutes=10)
    assert night.said() == [
        "The thermometer of the bedroom says 24.0 °C since 08:05, although the room is cooled. It may be stuck."
    ]
    night.restart()
    night.rooms(24.0, minutes=300)
    assert night.said() == []
    night.wait(minutes=1)
    night.room(23.9)
    assert night.said() == ["The thermometer of the bedroom moves again."]


def test_with_a_reading_that_stands_still_the_air_conditioner_goes_on_by_its_own_thermostat(night: Night) -> None:
    """As when nothing is heard: who lies there in a hot room is not left without cooling."""
    hot(night)
    night.rooms(24.0, minutes=545)
    assert night.cooling
    assert [action.data["temperature"] for action in night.actions if "temperature" in action.data][-1] == 21.5


def test_a_restart_does_not_forget_how_long_a_reading_stands_still(night: Night) -> None:
    """The four hours are counted from when it began."""
    hot(night)
    night.rooms(24.0, minutes=120)
    night.restart()
    night.rooms(24.0, minutes=125)
    assert len(night.said()) == 1


STANDS_STILL_WITH_REASON = [
    # how often it moves by a step, what cools, what it says
    (60, f"{{climate: {AC}}}", 24.0),
    (None, f"{{climate: {AC}}}", 21.4),  # cool enough
    (None, f"{{fan: {FAN}}}", 24.0),  # a fan cools nobody's thermometer
]


@pytest.mark.parametrize(("moves", "cooling", "celsius"), STANDS_STILL_WITH_REASON)
def test_what_may_well_stand_still_is_not_doubted(make: Make, moves: int | None, cooling: str, celsius: float) -> None:
    """A false alarm at night is harm too."""
    night = hot(asleep(make(cooling=cooling)))
    for minute in range(5, 600, 5):
        step = 0.1 if moves and minute // moves % 2 else 0.0
        night.wait(minutes=5)
        night.room(round(celsius + step, 1))
    assert night.cooling is (celsius >= 22.0)
    assert night.said() == []


# -- jumping


def test_a_single_jump_is_refused_and_counted(night: Night) -> None:
    """Air cannot do it, so nothing is done."""
    night.wait(seconds=30)
    night.room(29.0)
    assert night.temperature.number == 21.0
    assert night.refused == {(ROOM, "jump"): 1}
    assert not night.cooling
    night.wait(seconds=30)
    night.room(21.1)
    assert night.temperature.number == 21.1


def test_a_jump_that_lasts_is_believed_after_a_while(night: Night) -> None:
    """8 °C in less than two minutes: the window was shut, or the sensor was put elsewhere. 5 °C a minute can be."""
    refused = 0
    while not night.cooling:
        night.wait(seconds=15)
        night.room(29.0)
        refused += not night.cooling
    assert refused == 6
    assert night.temperature.number == 29.0


def test_a_sensor_that_jumps_to_and_fro_switches_nothing(night: Night) -> None:
    """A loose contact: every other reading is 20 °C off, for an hour."""
    for _ in range(180):
        night.wait(seconds=10)
        night.room(41.0)
        night.wait(seconds=10)
        night.room(21.0)
    assert night.refused == {(ROOM, "jump"): 180}
    assert night.modes() == []
    assert night.temperature.number == 21.0


# -- drifting


def test_drift_is_believed_up_to_what_can_be_and_then_told(night: Night) -> None:
    """One thermometer alone cannot show it. What it never does: a setpoint below the floor, or silence about it."""
    celsius = 21.0
    while celsius < 60:
        celsius = round(celsius + 0.2, 1)
        night.wait(minutes=2)
        night.room(celsius)
    night.wait(hours=1)
    setpoints = [action.data["temperature"] for action in night.actions if "temperature" in action.data]
    assert setpoints == [21.5, 20.5, 19.5, 18.5, 21.5]  # lower while it does not help, and to the middle in silence
    assert all(float(str(each)) >= night.world.profile.comfort.floor_c for each in setpoints)
    assert night.temperature.number == 50.0
    assert night.modes() == ["cool", "off"]
    assert [text.partition(" has ")[0] for text in night.said()] == ["The thermometer of the bedroom"]
    assert night.refused[ROOM, "out_of_range"] == 50


# -- duplicated, out of order, in the future


def test_everything_twice_is_what_it_is_once(make: Make) -> None:
    """The broker may deliver any message again (R17)."""
    outcomes = []
    for times in (1, 2, 3):
        night = make(f"home{times}")
        for celsius in (21.0, 21.9, 22.5, 22.4, 20.1, 19.8, 22.6):
            night.wait(minutes=7)
            for _ in range(times):
                night.bed("ON")
                night.room(celsius, seen=night.now)
        outcomes.append(night.outcome())
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert outcomes[0]


def test_an_older_reading_is_refused(night: Night) -> None:
    """It was hot a while ago; it is not now."""
    night.wait(minutes=10)
    now = night.now
    night.room(21.2, seen=now)
    night.room(24.0, seen=now - timedelta(minutes=5))
    assert (night.temperature.number, night.temperature.at) == (21.2, now)
    assert night.refused == {(ROOM, "out_of_order"): 2}  # its humidity too
    assert not night.cooling


def test_whatever_the_order_the_newest_counts(make: Make) -> None:
    """A mesh of radios delivers in any order."""
    for index, order in enumerate(permutations(range(4))):
        night = asleep(make(f"home{index}"))
        night.wait(minutes=20)
        now = night.now
        for step in order:
            night.room(21.0 + step / 2, seen=now - timedelta(minutes=10 - step))
        assert (night.temperature.number, night.temperature.at) == (22.5, now - timedelta(minutes=7))
        night.wait(minutes=2)  # what comes within a minute is averaged
        assert night.cooling


def test_a_clock_an_hour_ahead_blocks_nothing_and_makes_nothing_younger(night: Night) -> None:
    """What it says counts from when it came; what comes with a true time afterwards is believed at once."""
    night.wait(minutes=5)
    night.room(21.3, seen=night.now + timedelta(hours=1))
    assert (night.temperature.number, night.temperature.at) == (21.3, night.now)
    night.wait(minutes=5)
    night.room(24.0, seen=night.now)
    assert night.cooling
    night.wait(minutes=5)
    night.room(24.1, seen=night.now + timedelta(hours=1))
    night.wait(minutes=29, seconds=59)
    assert night.knows()
    night.wait(seconds=1)
    assert not night.knows()


def test_a_kept_message_from_the_future_says_nothing(night: Night) -> None:
    """Nobody knows when it was said."""
    night.wait(minutes=5)
    night.hears(ROOM, {"temperature": 24.0, "last_seen": (night.now + timedelta(hours=1)).isoformat()}, retained=True)
    assert night.temperature.number == 21.0
    assert not night.cooling


def test_a_clock_an_hour_behind_is_told_like_a_silent_sensor(night: Night) -> None:
    """Every reading says that it is an hour old: that cannot be told from one that is."""
    for _ in range(12):
        night.wait(minutes=5)
        night.room(24.0, seen=night.now - timedelta(hours=1))
    assert not night.cooling
    assert len(night.said()) == 1
    night.wait(minutes=5)
    night.room(24.0, seen=night.now)
    assert night.said() == ["The thermometer of the bedroom is back."]
    assert night.cooling


# -- the unit switched to °F

PLAIN = "{topic: room/temperature, unit: C, measures: [temperature], stale_after: 30 min}"
IN_FAHRENHEIT = "{topic: room/temperature, unit: F, measures: [temperature], stale_after: 30 min}"
TASMOTA = "{topic: tele/room/SENSOR, dialect: tasmota, stale_after: 30 min}"
STATES = "{topic: ha/sensor/room/state, dialect: statestream, measures: [temperature], stale_after: 30 min}"


def fahrenheit(celsius: float) -> float:
    """What a display set to °F shows."""
    return round(celsius * 1.8 + 32, 1)


def test_a_bare_number_in_the_other_unit_is_refused_until_it_is_back(make: Make) -> None:
    """68.9 after 20.5 on a topic that home.yaml calls °C: no room is so hot. It is told as silence, and heals."""
    night = make(sensor=PLAIN)
    night.bed("ON")
    night.hears("room/temperature", "20.5")
    for step in range(12):
        night.wait(minutes=5)
        night.hears("room/temperature", str(fahrenheit(20.5 + step / 10)))
    assert night.temperature.number == 20.5
    assert night.refused == {("room/temperature", "out_of_range"): 12}
    assert (night.modes(), len(night.said())) == ([], 1)
    night.hears("room/temperature", "23.0")
    assert night.said() == ["The thermometer of the bedroom is back."]
    assert night.cooling


@pytest.mark.parametrize("celsius", [18.0, 20.5, 24.0, 28.5])
def test_a_bare_number_in_celsius_where_fahrenheit_is_awaited_is_refused_too(make: Make, celsius: float) -> None:
    """20.5 read as °F would be -6 °C, which can be, and would end the cooling: but not after 68.9 °F."""
    night = make(sensor=IN_FAHRENHEIT)
    night.bed("ON")
    night.hears("room/temperature", str(fahrenheit(celsius)))
    cooled = night.cooling
    for step in range(36):
        night.wait(minutes=5)
        night.hears("room/temperature", str(round(celsius + step / 30, 1)))
    assert night.refused == {("room/temperature", "jump"): 36}
    assert night.temperature.number == pytest.approx(celsius, abs=0.1)
    assert night.modes() == (["cool", "off"] if cooled else [])
    assert len(night.said()) == 1
    night.hears("room/temperature", str(fahrenheit(23.0)))
    assert night.said() == ["The thermometer of the bedroom is back."]
    assert night.cooling


def tasmota(celsius: float, *, in_fahrenheit: bool) -> list[tuple[str, object]]:
    """Tasmota names its unit in the message."""
    value, unit = (fahrenheit(celsius), "F") if in_fahrenheit else (celsius, "C")
    return [("tele/room/SENSOR", {"SI7021": {"Temperature": value}, "TempUnit": unit})]


def with_a_unit_field(celsius: float, *, in_fahrenheit: bool) -> list[tuple[str, object]]:
    """A plain value with its unit beside it."""
    value, unit = (fahrenheit(celsius), "°F") if in_fahrenheit else (celsius, "°C")
    return [("room/temperature", {"value": value, "unit": unit})]


def statestream(celsius: float, *, in_fahrenheit: bool) -> list[tuple[str, object]]:
    """Home Assistant's statestream: the value first, then its new unit on a topic of its own."""
    value, unit = (fahrenheit(celsius), "°F") if in_fahrenheit else (celsius, "°C")
    return [("ha/sensor/room/state", str(value)), ("ha/sensor/room/unit_of_measurement", json.dumps(unit))]


@pytest.mark.parametrize(("sensor", "speaks"), [(TASMOTA, tasmota), (PLAIN, with_a_unit_field), (STATES, statestream)])
def test_a_unit_that_is_named_is_followed_to_fahrenheit_and_back(
    make: Make, sensor: str, speaks: Callable[..., list[tuple[str, object]]]
) -> None:
    """Nobody notices."""
    night = make(sensor=sensor)
    night.bed("ON")
    for celsius, in_fahrenheit in (
        (20.5, False),
        (20.6, True),
        (20.8, True),
        (20.7, False),
        (23.0, True),
        (23.1, False),
    ):
        for topic, payload in speaks(celsius, in_fahrenheit=in_fahrenheit):
            night.hears(topic, payload)
        assert night.temperature.number == pytest.approx(celsius, abs=0.05)
        assert night.cooling is (celsius > 22)
        night.wait(minutes=5)
    assert night.said() == []


def test_the_unit_of_a_home_assistant_entity_is_followed(make: Make) -> None:
    """Somebody switches Home Assistant to °F, and back."""
    night = make(sensor="{entity: sensor.room, measures: [temperature]}")
    night.bed("ON")
    for celsius, in_fahrenheit in ((20.5, False), (20.6, True), (23.0, True), (23.1, False)):
        value, unit = (fahrenheit(celsius), "°F") if in_fahrenheit else (celsius, "°C")
        night.sees("sensor.room", str(value), unit)
        assert night.temperature.number == pytest.approx(celsius, abs=0.05)
        assert night.cooling is (celsius > 22)
        night.wait(minutes=5)


def test_a_second_thermometer_in_the_other_unit_is_not_believed_either(make: Make) -> None:
    """It fills in when the first falls silent, and would say -6 °C."""
    second = "{topic: spare, unit: F, measures: [temperature]}"
    night = make(sensor=f"{PLAIN}, {second}")
    night.bed("ON")
    night.hears("room/temperature", "23.0")
    for _ in range(24):
        night.wait(minutes=5)
        night.hears("spare", "23.2")
    assert night.refused == {("spare", "jump"): 24}
    assert night.temperature.number == 23.0
    night.hears("spare", "73.8")
    assert night.temperature.number == pytest.approx(23.2, abs=0.05)


def test_the_unit_of_a_zigbee_display_changes_nothing(night: Night) -> None:
    """Zigbee2MQTT sends °C, whatever the device shows."""
    for units in ("celsius", "fahrenheit", "celsius"):
        night.wait(minutes=5)
        night.room(21.4, temperature_units=units, temperature_unit_convert=units)
        assert night.temperature.number == 21.4
    assert night.refused == {}


# -- the bed


def test_a_bed_sensor_without_a_value_is_told_once_and_cooling_ends_after_its_limit(night: Night) -> None:
    """Five minutes may be a drop-out; then nobody knows who lies there (R2, R3, R13)."""
    hot(night)
    night.bed("unavailable")
    night.rooms(24.0, minutes=4, every=2)
    assert night.said() == []
    night.rooms(24.0, minutes=2, every=2)
    assert night.said() == [
        "The bed sensor of the bedroom has been silent since 08:00. Cooling waits until it is back."
    ]
    night.bed("unavailable")
    night.rooms(24.0, minutes=22, every=2)
    assert night.modes() == ["cool", "off"]
    night.rooms(24.0, minutes=120)
    assert night.said() == []
    night.bed("ON")
    assert night.said() == ["The bed sensor of the bedroom is back."]
    assert night.cooling


def test_a_bed_sensor_that_says_on_for_ever_cools_for_as_long_as_it_is_believed(night: Night) -> None:
    """It speaks when something changes, so a night and more of silence is normal; after 14 hours it counts no more."""
    hot(night)
    night.rooms(24.1, minutes=13 * 60, every=15)
    assert night.cooling
    night.said()
    night.rooms(24.2, minutes=90, every=15)
    assert night.modes() == ["cool", "off"]
    night.rooms(24.3, minutes=10 * 60, every=15)
    assert [text for text in night.said() if "bed sensor" in text] == [
        "The bed sensor of the bedroom has been silent since 08:00. Cooling waits until it is back."
    ]


def test_a_bed_that_was_empty_may_be_silent_for_days(night: Night) -> None:
    """Nobody was there to be missed."""
    night.bed("OFF")
    night.rooms(21.0, minutes=40 * 60, every=15)
    assert night.said() == []


def test_a_bed_sensor_that_jumps_switches_nothing_to_and_fro(night: Night) -> None:
    """Turning over, or a loose contact: who was there a moment ago is there."""
    hot(night)
    for second in range(0, 3600, 10):
        night.wait(seconds=10)
        night.bed("ON" if second % 20 else "OFF")
        if second % 300 == 0:
            night.room(24.0 + second / 36000)
    assert night.modes() == ["cool"]
    assert night.cooling
    assert night.refused == {}
    assert BED == "bed/state"


# -- all of it, over a real broker


@pytest.mark.peers
def test_over_a_real_broker_every_fault_is_counted_and_the_truth_gets_through(
    tmp_path: Path, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    """A sensor with all faults at once: the log has a line for each kind, and not one for each message."""
    caplog.set_level("INFO", logger="unclench")
    home = TestHome(tmp_path / "home", mosquitto.port)
    with home.running() as app, publisher(mosquitto.port) as sensors:
        household = app.service.household
        fact = household.engines["robin"].world.facts["bedroom.temperature"]

        def room(celsius: float, behind_min: float = 0.0) -> None:
            seen = app.clock.now() - timedelta(minutes=behind_min)
            say(sensors, CLIMATE, json.dumps({"temperature": celsius, "last_seen": seen.isoformat()}))

        say(sensors, BED_TOPIC, "ON")
        room(21.0)
        for _ in range(20):
            room(35.0)  # a jump
            room(69.8)  # °F
            room(20.0, behind_min=30)  # late
            room(21.0, behind_min=-60)  # an hour ahead
            say(sensors, CLIMATE, '{"temperature": ')
        wait_until(lambda: household.intake.rejected[CLIMATE, "not_json"] == 20, timeout_s=10, what="the last one")
        counts = {reason: count for (topic, reason), count in household.intake.rejected.items() if topic == CLIMATE}
        assert counts == {"jump": 20, "out_of_range": 20, "out_of_order": 20, "not_json": 20}
        assert fact.value == 21.0
        assert not household.engines["robin"].world.bedroom.is_cooled()
        room(22.6)
        wait_until(household.engines["robin"].world.bedroom.is_cooled, timeout_s=5, what="the decision")
        lines = [record.getMessage() for record in caplog.records if "not believed" in record.getMessage()]
        assert len(lines) == 4 * 5

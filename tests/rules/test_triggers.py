"""The personal triggers: heat, cold, a fast change, and what the person reports."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.events import TimePassed
from rules.felt import apparent_temperature_c, vapour_pressure_hpa
from rules.level_trigger import LevelTrigger
from rules.triggers import Level, Seen
from tests.rules.builders import Evening, home, maker, profile

IDLE, BUILDING, ACTIVE = Level.IDLE, Level.BUILDING, Level.ACTIVE


def evening(room: dict[str, Any] | None = None, **changes: Any) -> Evening:  # noqa: ANN401
    """An evening of a person with such a profile; the trigger tests need no devices."""
    return Evening(maker(profile(**changes), home(**{"cooling": [], "lights": [], **(room or {})})), up=False)


def level(life: Evening, key: str = "heat@bedroom") -> Level:
    """Where a trigger stands."""
    standing = life.engine.world.triggers[key].standing
    assert standing.unknown is None
    return standing.level


def why(life: Evening, key: str = "heat@bedroom") -> str:
    """Why it stands there."""
    return life.engine.world.triggers[key].explain().text


HEAT = [
    ([(23.4, 0)], IDLE),
    ([(23.5, 0)], BUILDING),
    ([(24.0, 0)], BUILDING),
    ([(24.0, 5)], ACTIVE),
    ([(24.0, 4), (23.9, 0)], BUILDING),  # not long enough, but close
    ([(24.0, 4), (23.9, 0), (24.0, 4)], BUILDING),  # the time begins anew
    ([(24.0, 5), (23.6, 0)], ACTIVE),  # hysteresis
    ([(24.0, 5), (23.5, 0)], BUILDING),
    ([(24.0, 5), (22.6, 0)], BUILDING),
    ([(24.0, 5), (22.5, 0)], IDLE),
    ([(23.6, 0), (22.6, 0)], BUILDING),  # twice the hysteresis, for the early zone
    ([(23.6, 0), (22.5, 0)], IDLE),
]


@pytest.mark.parametrize(("readings", "expected"), HEAT)
def test_heat(readings: list[tuple[float, float]], expected: Level) -> None:
    """24 °C awake, half a degree early, five minutes, half a degree back."""
    life = evening()
    for celsius, minutes in readings:
        life.measure(celsius)
        life.wait(minutes=minutes)
    assert level(life) is expected


def test_heat_in_bed() -> None:
    """Another limit as soon as somebody lies down, and the old one when they get up."""
    life = evening()
    life.measure(22.4)
    assert level(life) is IDLE
    life.bed(occupied=True)
    assert level(life) is BUILDING
    assert why(life) == "the bedroom is 22.4 °C; your limit in bed is 22.0 °C, passed at 21:00; it counts after 5 min"
    life.wait(minutes=5)
    assert level(life) is ACTIVE
    life.bed(occupied=False)
    life.wait(minutes=3)
    assert level(life) is IDLE
    assert why(life) == "the bedroom is 22.4 °C; your limit awake is 24.0 °C"


def test_heat_at_night_in_a_home_without_a_bed_sensor() -> None:
    """From bedtime to rise the limit in bed counts."""
    life = evening({"bed": None}, bedtime={"at": "22:30", "rise": "7:30"})
    life.measures(22.5, minutes=85)
    assert level(life) is IDLE
    life.measures(22.5, minutes=10)
    assert level(life) is ACTIVE
    assert "your limit at night is 22.0 °C" in why(life)


def test_heat_is_unknown_without_a_fresh_reading() -> None:
    """And says since when."""
    life = evening()
    assert life.measure(25.0) is not None
    life.wait(minutes=30)
    trigger = life.engine.world.triggers["heat@bedroom"]
    assert trigger.standing.unknown == "the thermometer of the bedroom has been silent since 21:00"
    assert trigger.explain().text == trigger.standing.unknown
    life.measure(25.0)
    assert level(life) is BUILDING


def days(life: Evening, count: int, celsius: float) -> None:
    """So many days at one temperature."""
    for _ in range(count * 24 * 2):
        life.measure(celsius)
        life.wait(minutes=30)


LONG: dict[str, Any] = {
    "sensors": [{"topic": "zigbee2mqtt/bedroom", "dialect": "zigbee2mqtt", "stale_after": "40 min"}]
}


def test_unusual_for_the_hour_only_after_five_days() -> None:
    """Four days say nothing about what is usual; then it is 1.5 °C above it that counts."""
    life = evening(LONG)
    days(life, 4, 20.0)
    life.measure(22.0)
    assert level(life) is IDLE
    days(life, 2, 20.0)
    life.measure(22.0)
    life.wait(minutes=5)
    assert level(life) is ACTIVE
    assert why(life) == "the bedroom is 22.0 °C; your limit is 21.5 °C, 1.5 °C above what is usual here at this hour"


def test_nothing_is_usual_before_the_first_reading() -> None:
    assert evening().engine.world.rooms["bedroom"].usual.now_usual() is None


def test_what_is_usual_is_forgotten_after_fourteen_days() -> None:
    """A room that nobody was in has no usual temperature."""
    life = evening(LONG)
    days(life, 6, 20.0)
    life.wait(days=20)
    life.measure(22.0)
    life.wait(minutes=5)
    life.measure(22.0)
    assert level(life) is IDLE


def test_unusual_warmth_needs_some_warmth() -> None:
    """A cold room that is less cold is not hot."""
    life = evening(LONG)
    days(life, 6, 16.0)
    life.measure(19.0)
    assert level(life) is IDLE
    life.measure(20.0)
    assert why(life) == "the bedroom is 20.0 °C; your limit is 20.0 °C, passed at 21:00; it counts after 5 min"


def test_unusual_cold() -> None:
    """2 °C below what is usual, but never above 20 °C."""
    life = evening(LONG)
    days(life, 6, 21.0)
    life.measure(19.0)
    life.wait(minutes=5)
    assert level(life, "cold@bedroom") is ACTIVE
    assert (
        why(life, "cold@bedroom")
        == "the bedroom is 19.0 °C; your cold limit is 19.0 °C, 2.0 °C below what is usual here at this hour"
    )


def test_our_own_cooling_is_no_evidence_of_unusual_cold() -> None:
    """While we cool, only the plain limit counts (R14)."""
    life = Evening(maker(profile(), home(**LONG)))
    days(life, 6, 23.0)
    life.bed(occupied=True)
    life.measures(24.0, minutes=10)
    assert life.engine.world.rooms["bedroom"].is_cooled()
    life.measures(21.6, minutes=10)
    life.measure(20.5)
    assert life.engine.world.triggers["cold@bedroom"].standing.level is IDLE


COLD = [
    ([(18.1, 0)], IDLE),
    ([(18.0, 0)], BUILDING),
    ([(18.0, 5)], ACTIVE),
    ([(18.0, 5), (18.4, 0)], ACTIVE),
    ([(18.0, 5), (18.5, 0)], IDLE),
]


@pytest.mark.parametrize(("readings", "expected"), COLD)
def test_cold(readings: list[tuple[float, float]], expected: Level) -> None:
    """18 °C, five minutes, half a degree back."""
    life = evening()
    for celsius, minutes in readings:
        life.measure(celsius)
        life.wait(minutes=minutes)
    assert level(life, "cold@bedroom") is expected


def test_felt_temperature_counts_humidity_in() -> None:
    """Only while the humidity is known."""
    life = evening(triggers={"heat": {"felt": True}})
    life.measure(23.0)
    assert level(life) is IDLE
    life.humidity(90)
    assert level(life) is BUILDING
    assert why(life).startswith("the bedroom feels like 27.3 °C")
    life.humidity(30)
    assert level(life) is IDLE


IN_BED: dict[str, Any] = {"triggers": {"heat": {"above_in_bed": 24.0}}}


class Fan:
    """A fan that takes so many °C off, in bed, of what a trigger compares."""

    def __init__(self, life: Evening) -> None:
        trigger = life.engine.world.triggers["heat@bedroom"]
        assert isinstance(trigger, LevelTrigger)
        self.trigger, self.life, self.takes = trigger, life, 0.0
        trigger._fan_c = lambda: self.takes

    def blow(self, celsius: float) -> None:
        """It runs differently from now on, and the engine is told to look again."""
        self.takes = celsius
        self.life.engine._todo.triggers[self.trigger.key] = self.trigger
        self.life.event(TimePassed(at=self.life.now, source="clock", id="fan"))


def test_a_fan_lets_the_bedroom_be_warmer() -> None:
    """By what it takes off, and the words have both temperatures."""
    life = evening(**IN_BED)
    fan = Fan(life)
    life.bed(occupied=True)
    life.measures(24.4, minutes=6)
    assert level(life) is ACTIVE
    assert why(life) == "the bedroom is 24.4 °C; your limit in bed is 24.0 °C"
    fan.blow(0.8)
    assert level(life) is ACTIVE  # within the hysteresis
    assert why(life) == "the bedroom is 24.4 °C, which feels like 23.6 °C with the fan; your limit in bed is 24.0 °C"
    assert fan.trigger.explain().seen == (
        Seen(fact="bedroom.temperature", value="24.4 °C, 23.6 °C with the fan", bound="your limit in bed is 24.0 °C"),
    )
    fan.blow(1.0)
    assert level(life) is BUILDING
    life.measures(25.0, minutes=6)
    assert level(life) is ACTIVE
    fan.blow(0.0)
    life.measure(24.4)
    assert why(life) == "the bedroom is 24.4 °C; your limit in bed is 24.0 °C"


def test_when_the_fan_stops_the_heat_is_back() -> None:
    """From the moment it stops, for five minutes."""
    life = evening(**IN_BED)
    fan = Fan(life)
    life.bed(occupied=True)
    fan.blow(1.0)
    life.measures(24.4, minutes=10)
    assert level(life) is IDLE
    fan.blow(0.0)
    assert level(life) is BUILDING
    assert why(life).endswith("your limit in bed is 24.0 °C, passed at 21:10; it counts after 5 min")
    life.measures(24.4, minutes=6)
    assert level(life) is ACTIVE


def test_a_fan_counts_in_bed_only() -> None:
    """Where nobody knows where the person is, nobody knows whether it blows there."""
    life = evening(triggers={"heat": {"above": 24.0, "above_in_bed": 24.0}})
    fan = Fan(life)
    fan.blow(1.0)
    life.measures(24.4, minutes=6)
    assert level(life) is ACTIVE
    assert why(life) == "the bedroom is 24.4 °C; your limit awake is 24.0 °C"
    life.bed(occupied=True)
    assert level(life) is BUILDING
    life.bed(occupied=False)
    life.wait(minutes=3)
    assert level(life) is BUILDING


def test_a_fan_counts_in_a_home_without_a_bed_sensor_at_night() -> None:
    life = evening({"bed": None}, bedtime={"at": "21:00", "rise": "7:30"}, **IN_BED)
    Fan(life).blow(0.7)
    life.measures(24.2, minutes=6)
    assert why(life) == (
        "the bedroom is 24.2 °C, which feels like 23.5 °C with the fan; "
        "your limit at night is 24.0 °C, so that is close"
    )


def test_a_fan_that_takes_off_nothing_to_speak_of_is_not_spoken_of() -> None:
    life = evening(**IN_BED)
    fan = Fan(life)
    life.bed(occupied=True)
    life.measure(22.41)
    for nothing in (0.01, -3.0):
        fan.blow(nothing)
        assert why(life) == "the bedroom is 22.4 °C; your limit in bed is 24.0 °C"


def test_humidity_and_a_fan() -> None:
    life = evening(triggers={"heat": {"felt": True, "above_in_bed": 24.0}})
    fan = Fan(life)
    life.measure(23.0)
    life.humidity(60)
    life.bed(occupied=True)
    assert why(life).startswith("the bedroom feels like 24.6 °C; your limit in bed is 24.0 °C, passed")
    fan.blow(1.0)
    assert why(life) == (
        "the bedroom feels like 24.6 °C, and like 23.6 °C with the fan; your limit in bed is 24.0 °C, so that is close"
    )


def test_the_cold_trigger_minds_no_fan() -> None:
    """Whoever lies in its wind is colder than the room: that is the more reason not to look away."""
    life = evening()
    cold = life.engine.world.triggers["cold@bedroom"]
    assert isinstance(cold, LevelTrigger)
    cold._fan_c = lambda: 1.0
    life.bed(occupied=True)
    life.measures(18.0, minutes=6)
    assert level(life, "cold@bedroom") is ACTIVE
    assert why(life, "cold@bedroom") == "the bedroom is 18.0 °C; your cold limit is 18.0 °C"


@given(
    st.lists(
        st.tuples(st.integers(215, 262), st.sampled_from([None, 0.0, 0.37, 0.8, 1.0]), st.booleans()),
        min_size=1,
        max_size=40,
    )
)
def test_calm_readings_would_have_changed_nothing(steps: list[tuple[int, float | None, bool]]) -> None:
    """The trigger that is looked at only when it must stands where the one that is always looked at stands."""
    lazy, keen = evening(**IN_BED), evening(**IN_BED)
    fans = Fan(lazy), Fan(keen)
    for tenths, blows, in_bed in steps:
        for life, fan in zip((lazy, keen), fans, strict=True):
            if blows is not None:
                fan.blow(blows)
            life.bed(occupied=in_bed)
            life.measure(tenths / 10)
            life.wait(minutes=2)
        fans[1].trigger.evaluate(keen.now)
        assert fans[0].trigger.standing.level is fans[1].trigger.standing.level
        assert why(lazy) == why(keen)


def test_the_calm_bounds_are_of_the_thermometer() -> None:
    """Not of what is felt: it is the thermometer's reading that they are asked about."""
    life = evening(**IN_BED)
    fan = Fan(life)
    life.bed(occupied=True)
    life.measure(22.0)
    assert fan.trigger.calm(23.4)
    assert not fan.trigger.calm(23.5)
    fan.blow(0.8)
    assert fan.trigger.calm(24.2)
    assert not fan.trigger.calm(24.3)
    life.measures(25.0, minutes=6)
    assert level(life) is ACTIVE
    assert fan.trigger.calm(24.31)
    assert not fan.trigger.calm(24.3)


def test_a_fan_leaves_the_memory_as_it_was() -> None:
    life = evening(**IN_BED)
    fan = Fan(life)
    life.bed(occupied=True)
    life.measure(22.0)
    before = fan.trigger.dump()
    fan.blow(0.8)
    assert fan.trigger.dump() == before


def limit_in_bed(life: Evening, air: float) -> float:
    """The limit in bed as a temperature of the air."""
    trigger = life.engine.world.triggers["heat@bedroom"]
    assert isinstance(trigger, LevelTrigger)
    return trigger.limit_in_bed_c(air)


def test_the_limit_in_bed_is_known_before_anybody_lies_there() -> None:
    """And the fan is not in it."""
    life = evening(**IN_BED)
    assert limit_in_bed(life, 23.0) == 24.0
    fan = Fan(life)
    life.bed(occupied=True)
    fan.blow(1.0)
    assert limit_in_bed(life, 23.0) == 24.0


def test_the_limit_in_bed_is_stricter_where_it_is_unusually_warm() -> None:
    life = evening(LONG)
    days(life, 6, 20.0)
    life.measure(20.0)
    assert limit_in_bed(life, 20.0) == 21.5
    life = evening(LONG)
    days(life, 6, 21.0)
    life.measure(21.0)
    assert limit_in_bed(life, 20.0) == 22.0


def test_the_limit_in_bed_as_air_where_humidity_counts() -> None:
    """Damp air must be cooler, dry air may be warmer; without a hygrometer air is air."""
    life = evening(triggers={"heat": {"felt": True, "above_in_bed": 24.0}})
    assert limit_in_bed(life, 23.0) == 24.0
    life.humidity(90)
    damp = limit_in_bed(life, 20.6)
    assert damp == pytest.approx(24.0 - (apparent_temperature_c(20.6, 90) - 20.6), abs=0.01)
    assert damp < 22.0
    assert apparent_temperature_c(damp, 90) == pytest.approx(24.0, abs=0.4)
    life.humidity(20)
    assert limit_in_bed(life, 24.0) > 25.0


RAPID = [
    ([(20.0, 30), (22.4, 0)], IDLE),
    ([(20.0, 30), (22.5, 0)], ACTIVE),
    ([(22.5, 30), (20.0, 0)], ACTIVE),
    ([(20.0, 20), (21.5, 20), (23.0, 0)], ACTIVE),
    ([(20.0, 25), (20.0, 25), (20.0, 25), (21.5, 25), (23.0, 20), (23.0, 20)], IDLE),
]


@pytest.mark.parametrize(("readings", "expected"), RAPID)
def test_rapid_change(readings: list[tuple[float, float]], expected: Level) -> None:
    """2.5 °C within an hour, up or down."""
    life = evening()
    for celsius, minutes in readings:
        life.measure(celsius)
        life.wait(minutes=minutes)
    assert level(life, "rapid_change@bedroom") is expected


def test_a_rapid_change_is_over_after_its_hour() -> None:
    """By time alone, and its words say what was seen."""
    life = evening({"sensors": [{"topic": "zigbee2mqtt/bedroom", "dialect": "zigbee2mqtt", "stale_after": "3 h"}]})
    life.measure(20.0)
    life.wait(minutes=30)
    life.measure(23.0)
    assert why(life, "rapid_change@bedroom") == (
        "the bedroom was between 20.0 °C and 23.0 °C in the last 1 h; your limit is 2.5 °C within 1 h"
    )
    life.measure(23.1)
    life.wait(minutes=29)
    assert level(life, "rapid_change@bedroom") is ACTIVE
    life.wait(minutes=1)
    assert level(life, "rapid_change@bedroom") is IDLE


def test_rapid_change_cannot_be_told_without_readings() -> None:
    """Before the first one and after the last one."""
    life = evening()
    assert "no reading yet" in why(life, "rapid_change@bedroom")
    life.measure(21.0)
    life.wait(hours=1)
    assert "silent since 21:00" in why(life, "rapid_change@bedroom")


REPORTS = [
    ("stress", 5.0, IDLE),
    ("stress", 6.0, ACTIVE),
    ("stress", True, ACTIVE),
    ("stress", False, IDLE),
    ("poor_sleep", 3.0, ACTIVE),
    ("poor_sleep", 4.0, IDLE),
    ("fever", True, ACTIVE),
    ("caffeine", 1.0, ACTIVE),
    ("caffeine", 0.0, IDLE),
    ("long_car_ride", True, ACTIVE),
]


@pytest.mark.parametrize(("name", "value", "expected"), REPORTS)
def test_reported(name: str, value: float | bool, expected: Level) -> None:
    """Ratings and yes or no, known names and own ones."""
    life = evening(triggers={"long_car_ride": {"says": "a long car ride", "lasts": "12 h"}})
    assert level(life, name) is IDLE
    life.say(name, value)
    assert level(life, name) is expected


def test_a_report_expires() -> None:
    """Stress counts for six hours, fever until it is said to be over."""
    life = evening()
    life.say("stress", 8.0)
    life.say("fever")
    assert why(life, "stress") == "you reported stress (8 of 10) at 21:00"
    life.wait(hours=6)
    assert level(life, "stress") is IDLE
    assert why(life, "stress") == "you reported stress (8 of 10) at 21:00, and it does not count now"
    life.wait(hours=100)
    assert level(life, "fever") is ACTIVE
    life.say("fever", value=False)
    assert level(life, "fever") is IDLE
    assert why(life, "fever") == "you said at 07:00 that fever is over"
    assert why(life, "alcohol") == "you have not reported alcohol"


def test_an_unknown_report_is_noted_without_its_words() -> None:
    """And changes nothing."""
    life = evening()
    life.say("something_private")
    assert life.texts("report") == ["there is no trigger of this name in your profile"]


def test_a_disabled_trigger_is_not_watched() -> None:
    """Nor named."""
    life = evening(triggers={"cold": {"enabled": False}, "rapid_change": {"enabled": False}})
    assert set(life.engine.world.triggers) >= {"heat@bedroom", "stress"}
    assert "cold@bedroom" not in life.engine.world.triggers


# Worked by hand from the Bureau of Meteorology's formula: e = rh / 100 * 6.105 * exp(17.27 Ta / (237.7 + Ta)),
# AT = Ta + 0.33 e - 0.70 ws - 4.00.
PUBLISHED = [(25.0, 50.0, 0.0, 26.22), (30.0, 60.0, 0.0, 34.39), (20.0, 40.0, 1.0, 18.38), (35.0, 20.0, 2.0, 33.31)]


@pytest.mark.parametrize(("celsius", "humidity", "wind", "felt"), PUBLISHED)
def test_apparent_temperature(celsius: float, humidity: float, wind: float, felt: float) -> None:
    """The published formula."""
    assert apparent_temperature_c(celsius, humidity, wind) == pytest.approx(felt, abs=0.02)


def test_vapour_pressure_at_saturation() -> None:
    """At 100 °C the curve is near one atmosphere; at 0 °C it is 6.105 hPa."""
    assert vapour_pressure_hpa(0.0, 100.0) == pytest.approx(6.105)
    assert vapour_pressure_hpa(20.0, 100.0) == pytest.approx(23.4, abs=0.1)


def test_each_trigger_remembers_over_a_restart() -> None:
    """And an odd memory is left out instead of stopping the start."""
    life = evening()
    life.measure(23.6)
    rapid = life.engine.world.triggers["rapid_change@bedroom"]
    usual = life.engine.world.rooms["bedroom"].usual
    rapid.load([*rapid.dump()[:-1], None])
    usual.load([None, *usual.dump()[1:]])
    assert level(life, "rapid_change@bedroom") is IDLE
    assert usual.now_usual() is None
    assert not rapid.calm(23.6)
    assert not life.engine.world.triggers["stress"].calm(5.0)

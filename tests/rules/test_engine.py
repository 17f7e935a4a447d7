"""Whole evenings in small: what the person lives through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from devices.events import BedChanged, DeviceReported, PeerChanged, RoomMeasured, TimePassed
from devices.readings import Kind, Reason
from rules.engine import Engine
from rules.world import spoken
from tests.rules.builders import AC, BED, EVENING, FAN, LAMP, PHONE, Evening, book, home, maker, profile, shipped

COOL = ["climate.set_hvac_mode", "climate.set_temperature"]

ONLY_A_MOMENT = profile(routines={"wind_down": {"steps": []}})
"""The wind-down is a moment that rules wait for, as it is for who writes it so."""


def in_bed(celsius: float = 23.0, **changes: Any) -> Evening:  # noqa: ANN401
    """Somebody in bed in a warm room."""
    life = Evening(maker(profile(**changes)))
    life.bed(occupied=True)
    life.measure(celsius)
    return life


def test_heat_in_bed_is_cooled() -> None:
    """The air conditioner at once, the fan a quarter of an hour later, both off when it is cool."""
    life = in_bed()
    assert life.calls() == [
        ("climate.set_hvac_mode", {"hvac_mode": "cool"}),
        ("climate.set_temperature", {"temperature": 20.5}),  # as fast as it can
    ]
    life.measures(23.0, minutes=16)
    assert life.calls() == [("fan.turn_on", {"percentage": 40.0})]
    life.measures(21.6, minutes=4, every=1)
    assert life.calls(AC) == [("climate.set_temperature", {"temperature": 21.5})]  # held there by its own thermostat
    life.measures(20.4, minutes=10, every=1)
    assert life.calls(AC) == [("climate.set_temperature", {"temperature": 23.0})]  # it rests
    life.bed(occupied=False)
    life.measures(20.4, minutes=100)
    assert sorted(life.calls()) == [("climate.set_hvac_mode", {"hvac_mode": "off"}), ("fan.turn_off", {})]


def test_a_warm_room_with_an_empty_bed_is_left_alone() -> None:
    """And why is told when it is asked."""
    life = Evening(start=EVENING - timedelta(hours=8))
    life.bed(occupied=False)
    life.measures(25.0, minutes=60)
    assert life.calls() == []
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    assert cooling.why == (
        "cooling is not needed now: nobody is in bed, and you usually go to bed at 22:30 (rule cool-hot-bed)"
    )


def test_cold_eases_off_and_wins_over_comfort() -> None:
    """Who lost is in the record."""
    rules = book(
        """
        - {id: always, says: Cool., when: {bed: occupied}, want: [{cool: bedroom}], priority: comfort}
        - {id: cold, says: Stop., when: {trigger: cold}, want: [{ease_off: bedroom}], priority: protection}
        """
    )
    life = Evening(maker(rules=rules))
    life.bed(occupied=True)
    life.measure(20.0)
    assert life.services() == COOL
    life.measures(17.9, minutes=6)
    assert life.services() == ["climate.set_hvac_mode"]
    decision = [each for each in life.decisions if each.about == "cooling bedroom"][-1]
    assert (decision.winner, decision.losers) == ("cold", ("always",))
    assert decision.text == "cooling ends: the bedroom is 17.9 °C; your cold limit is 18.0 °C (rule cold)"


def test_who_wants_the_same_has_not_lost() -> None:
    """Two rules for cooling agree."""
    rules = book(
        """
        - {id: first, says: Cool., when: {bed: occupied}, want: [{cool: bedroom}]}
        - {id: second, says: Cool., when: {bed: occupied}, want: [{cool: bedroom}]}
        """
    )
    life = Evening(maker(rules=rules))
    life.measure(25.0)
    life.bed(occupied=True)
    decision = [each for each in life.decisions if each.about == "cooling bedroom"][-1]
    assert (decision.winner, decision.losers) == ("first", ())


def test_dim_after_wind_down_in_bed() -> None:
    """Lamps that are on go down slowly; a lamp that is off stays off."""
    life = Evening(maker(ONLY_A_MOMENT))
    life.routine("wind_down")
    assert life.calls(LAMP) == []
    life.bed(occupied=True)
    assert life.calls(LAMP) == [
        ("light.turn_on", {"brightness_pct": 10, "color_temp_kelvin": 2200, "transition": 900.0})
    ]
    assert life.texts("lights")[-1].startswith("dimming to 10 % begins: the wind down routine began at 21:00")
    life.wait(hours=12, minutes=1)
    assert life.texts("lights") == ["dimming ends: the wind down routine began at 21:00 and is over (rule dim-in-bed)"]
    assert life.calls(LAMP) == []


def test_a_lamp_without_transition_is_taken_down_in_steps() -> None:
    """Hardly noticed, and never up again."""
    life = Evening(maker(ONLY_A_MOMENT))
    life.report(LAMP, "on", {"supported_features": 0})
    life.routine("wind_down")
    life.bed(occupied=True)
    life.wait(minutes=20)
    levels = [int(str(data["brightness"])) for _, data in life.calls(LAMP) if "brightness" in data]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] == 26
    assert len(levels) > 15


def test_a_lamp_that_is_switched_off_in_the_middle_stays_off() -> None:
    """Also when it takes small steps."""
    life = Evening()
    life.report(LAMP, "on", {"supported_features": 0})
    life.routine("wind_down")
    life.bed(occupied=True)
    life.wait(minutes=3)
    life.calls()
    life.report(LAMP, "off")
    life.wait(hours=2)
    assert life.calls(LAMP) == []


def test_degraded_is_told_exactly_twice() -> None:
    """Once when the thermometer falls silent, once when it is back (R3)."""
    life = Evening()
    life.measure(21.0)
    life.wait(minutes=45)
    assert life.said() == [
        "The thermometer of the bedroom has been silent since 21:00. Cooling waits until it is back."
    ]
    life.measure(21.0)
    assert life.said() == ["The thermometer of the bedroom is back."]
    life.measures(21.0, minutes=30)
    assert life.said() == []


def test_a_sensor_that_never_spoke_is_told_of() -> None:
    """After the time that it may be silent."""
    life = Evening()
    life.wait(minutes=31)
    assert life.said() == ["The thermometer of the bedroom has not been heard. Cooling waits until it is back."]


def test_a_retained_reading_does_not_look_like_a_dead_sensor() -> None:
    """At a start the broker hands over old values first."""
    life = Evening()
    life.measure(21.0, retained=True)
    life.wait(minutes=5)
    assert life.said() == []


def test_held_then_stopped_when_the_thermometer_dies() -> None:
    """Two hours after it turned stale, and not a minute longer (R2); until then by its own thermostat."""
    life = in_bed()
    life.calls()
    life.wait(minutes=149, seconds=59)
    assert life.calls(AC) == [("climate.set_temperature", {"temperature": 21.5})]  # in the middle: never colder
    life.wait(seconds=1)
    assert life.services(AC) == ["climate.set_hvac_mode"]
    life.wait(days=2)
    assert life.services(AC) == []


def test_a_lost_crossing_is_healed_by_the_next_reading() -> None:
    """Levels, not edges (R5)."""
    life = Evening()
    life.bed(occupied=True)
    life.measure(21.0)
    life.measure(23.0)
    assert life.services() == COOL


def test_optional_inputs_stop_nothing() -> None:
    """No humidity, no lamp, no fan: it is cooled all the same (R4)."""
    life = Evening(maker(place=home(lights=[], cooling=[{"climate": AC}])))
    life.bed(occupied=True)
    life.measure(23.0)
    assert life.services() == COOL


def test_at_the_floor_cooling_stops_and_waits_for_half_a_degree() -> None:
    """A sensor that flickers at the floor switches nothing."""
    rules = book("- {id: always, says: Cool., when: {bed: occupied}, want: [{cool: bedroom}]}")
    life = Evening(maker(profile(comfort={"floor": 18}), rules=rules))
    life.bed(occupied=True)
    life.measure(20.0)
    life.measures(20.0, minutes=10)
    life.calls()
    life.measure(18.0)
    assert life.services(AC) == ["climate.set_hvac_mode"]
    assert life.texts("cooling")[-1] == "cooling stops: the bedroom is at its floor of 18.0 °C"
    life.measures(18.4, minutes=10)
    assert life.services(AC) == []
    life.measure(18.6)
    assert life.calls(AC) == [
        ("climate.set_hvac_mode", {"hvac_mode": "cool"}),
        ("climate.set_temperature", {"temperature": 18.5}),
    ]


def test_the_floor_beats_the_persons_air_conditioner_once() -> None:
    """Then they insist, and are left alone."""
    life = Evening(maker(profile(comfort={"floor": 18})))
    life.measure(19.0)
    life.report(AC, "cool", {"temperature": 18.0})
    life.measures(18.5, minutes=10)
    assert life.services(AC) == []
    life.measure(18.0)
    assert life.calls(AC) == [("climate.set_hvac_mode", {"hvac_mode": "off"})]
    life.measures(17.9, minutes=10)
    life.report(AC, "cool")
    life.measures(17.8, minutes=60)
    assert life.services(AC) == []


@pytest.mark.parametrize(
    ("state", "attributes"), [("heat", {}), ("heat_cool", {"hvac_action": "heating"}), ("heat_cool", {})]
)
def test_heating_is_never_switched_off_by_the_floor(state: str, attributes: dict[str, object]) -> None:
    """A cold room needs it."""
    life = Evening()
    life.measure(19.0)
    life.report(AC, state, attributes)
    life.measures(15.0, minutes=30)
    assert life.calls(AC) == []


def test_a_hand_wins_and_is_seen_in_the_record() -> None:
    """Two hours, by default."""
    life = in_bed()
    life.measures(23.0, minutes=10)
    life.calls()
    life.report(AC, "off")
    life.measures(23.0, minutes=115)
    assert life.services(AC) == []
    assert "the bedroom air conditioner was changed by hand (off); it is left alone until 23:10" in life.texts(AC)
    life.measures(23.0, minutes=10)
    assert life.services(AC) == COOL[:1]


def test_a_hold_is_ended_by_the_person() -> None:
    """At once."""
    life = in_bed()
    life.measures(23.0, minutes=10)
    life.report(AC, "off")
    life.calls()
    life.measures(23.0, minutes=10)
    life.hold(AC, minutes=0)
    assert life.services(AC) == COOL[:1]
    life.hold("fan.of_somebody_else", minutes=30)


def test_home_assistant_away_and_back() -> None:
    """Nothing is sent meanwhile; what is right then is done (R19)."""
    life = Evening()
    life.peer(up=False)
    life.peer(up=False)
    life.bed(occupied=True)
    life.measure(23.0)
    assert life.calls() == []
    life.peer(up=True)
    assert life.calls() == []
    life.report(AC, "off")
    assert life.services(AC) == COOL
    assert life.texts("home_assistant") == [
        "Home Assistant is there",
        "Home Assistant is away",
        "Home Assistant is there",
    ]


def test_a_device_that_does_not_follow_is_told_once_and_when_it_works_again() -> None:
    """In the evening, before the quiet hours."""
    life = Evening(obeys=False)
    life.bed(occupied=True)
    life.measure(23.0)
    for _ in range(3):
        life.measures(23.0, minutes=20)
    told = [message for message in life.said() if "air conditioner" in message]
    assert told == ["The bedroom air conditioner does not answer. I tried 3 times, and try again at 21:33."]
    life.report(AC, "cool", {"temperature": 20.5})
    assert "The bedroom air conditioner works again." in life.said()


def test_the_edge_returns_what_it_could_not_do() -> None:
    """A refusal is tried again; an answer to an unknown action is nothing."""
    life = Evening(obeys=False)
    life.bed(occupied=True)
    life.measure(23.0)
    action = life.actions[-1]
    life.returned(action, "refused", "no")
    life.wait(seconds=5)
    assert life.services(AC) == ["climate.set_hvac_mode"] * 2
    life.returned(action, "refused", "no")


def test_rejected_readings_are_recorded() -> None:
    """A jump, an older value; and what is no sensor of ours is nothing."""
    life = Evening(maker(profile(units="F", triggers={}, comfort={})))
    life.measure(20.0)
    outcome = life.measure(40.0)
    assert [each.reason for each in outcome.rejections] == [Reason.JUMP]
    assert outcome.decisions[-1].text == "not believed: 104.0 °F is more than 9.0 °F a minute away from 68.0 °F"
    outcome = life.measure(20.0, at=life.now - timedelta(minutes=1))
    assert [each.reason for each in outcome.rejections] == [Reason.OUT_OF_ORDER]
    assert life.measure(20.0, room="attic").decisions == ()
    assert life.bed(occupied=True, side="left").decisions == ()
    other = RoomMeasured(at=life.now, source="x", room="bedroom", quantity=Kind.CO2, value=400.0)
    assert life.event(other).decisions == ()
    strange = DeviceReported(at=life.now, source="x", entity="fan.strange", state="on")
    assert life.event(strange).actions == ()


def test_a_bed_message_out_of_order_is_not_believed() -> None:
    """The newer one stands."""
    life = Evening()
    life.bed(occupied=True)
    life.now -= timedelta(minutes=5)
    assert [each.reason for each in life.bed(occupied=False).rejections] == [Reason.OUT_OF_ORDER]


def test_yes_and_no_sensors_reach_rules_at_once() -> None:
    """A window, and a side of the bed that is not the person's."""
    rules = book(
        """
        - {id: window, says: Stop., when: {fact: bedroom.open, is: true}, want: [{ease_off: bedroom}]}
        - {id: warm, says: Cool., when: {fact: bedroom.temperature, above: 24}, want: [{cool: bedroom}]}
        - {id: right, says: Dim., when: {fact: bed.right, is: true}, want: [{dim: bedroom}]}
        """
    )
    sensors = [
        {"topic": "t", "dialect": "plain", "measures": ["temperature"]},
        {"topic": "w", "dialect": "plain", "measures": ["open"]},
    ]
    sides = {"sensors": [{"topic": side, "dialect": "plain", "side": side} for side in ("left", "right")]}
    life = Evening(maker(profile(bed_side="left"), home(sensors=sensors, bed=sides), rules))
    life.measure(25.0, source="t")
    assert life.services() == COOL
    for value in (True, False):
        life.event(RoomMeasured(at=life.now, source="w", room="bedroom", quantity=Kind.OPEN, value=value))
    assert life.texts("rule window") == ["off: the open of the bedroom is no"] or life.texts("rule window") == []
    life.bed(occupied=True, side="right", source="right")
    assert life.services(LAMP) == ["light.turn_on"]
    assert life.engine.world.facts["bed.occupied"].at is None


def test_a_routine_that_runs_is_not_begun_twice() -> None:
    """The clock and a button; an unknown name is noted."""
    life = Evening(maker(ONLY_A_MOMENT))
    for name in ("wind_down", "wind_down", "unknown"):
        life.routine(name)
    assert life.texts("routine") == ["the wind down routine begins", "there is no routine of this name in your profile"]


def test_temperatures_in_the_unit_of_the_person() -> None:
    """In the record, of devices, and in rules of their own."""
    rules = book("- {id: warm, says: Cool., when: {fact: bedroom.temperature, above: 75}, want: [{cool: bedroom}]}")
    life = Evening(maker(profile(units="F"), rules=rules))
    life.measure(23.8)
    assert life.calls() == []
    life.measure(24.0)
    texts = life.texts()
    assert "on: the temperature of the bedroom is 75.2 °F; the rule asks for more than 75.0 °F" in texts
    assert any("reports cooling, set to 69.8 °F" in text for text in texts)
    assert not any("°C" in text for text in texts)


def test_a_self_report_is_never_named_outside_where_the_profile_is_discreet() -> None:
    """Not even by the name of the rule; the record at home says it."""
    rules = book(
        "- {id: stress-cools, says: Cool., when: {trigger: stress}, want: [{cool: bedroom}, {offer: stretch}]}"
    )
    life = Evening(maker(rules=rules))
    life.measure(23.0)
    life.say("stress", 8.0)
    assert len(life.actions) == 3
    assert not any("stress" in f"{action.reason}{action.data}" for action in life.actions)
    assert life.texts("cooling") == ["cooling begins: you reported stress (8 of 10) at 21:00 (rule stress-cools)"]
    open_minded = Evening(maker(profile(discreet=False), rules=rules))
    open_minded.measure(23.0)
    open_minded.say("stress", 8.0)
    assert "you reported stress (8 of 10)" in open_minded.actions[0].reason


def test_every_action_names_the_event_behind_it() -> None:
    """Where it was not time alone."""
    life = in_bed()
    assert {cause for action in life.actions for cause in action.causes} == {"e6"}


# -- time


def test_after_a_gap_nothing_is_sent_late() -> None:
    """Twelve hours asleep: no storm of old commands, and no complaint about devices."""
    life = in_bed()
    life.calls()
    asleep = life.now + timedelta(hours=12)
    outcome = life.event(TimePassed(at=asleep, source="clock"))
    assert all(action.at == asleep for action in outcome.actions)
    assert [action.service for action in outcome.actions if action.entity == AC] == ["climate.set_hvac_mode"]
    assert any(
        each.at == EVENING + timedelta(minutes=150) and each.about == "cooling bedroom" for each in outcome.decisions
    )


def test_moments_are_lived_through_at_their_own_time() -> None:
    """However often the engine is called in between."""
    often, seldom = in_bed(), in_bed()
    for _ in range(30):
        often.wait(seconds=10)
        often.event(TimePassed(at=often.now, source="clock"))
    seldom.wait(minutes=5)
    seldom.event(TimePassed(at=seldom.now, source="clock"))
    assert [(each.at, each.text) for each in often.decisions] == [(each.at, each.text) for each in seldom.decisions]


def test_the_clock_set_back() -> None:
    """What is under way goes on as it was, and the engine's time goes with the clock."""
    life = in_bed()
    life.measures(23.0, minutes=4)
    life.measure(23.0)
    back = life.now - timedelta(hours=3)
    outcome = life.event(PeerChanged(at=back, source="ha", peer="home_assistant", up=True))
    assert life.engine.now == back
    assert outcome.decisions[0].text == "the clock was set back by 180 min; what was under way goes on"
    life.now = back
    life.calls()
    life.measures(23.0, minutes=12)
    assert life.services(FAN) == ["fan.turn_on"]


def test_a_little_late_is_not_set_back() -> None:
    """The engine's time stands still until the clock is there again."""
    life = in_bed()
    life.event(TimePassed(at=life.now - timedelta(minutes=9), source="clock"))
    assert life.engine.now == EVENING


# -- restarts


def story(life: Evening) -> Evening:
    """An evening with a bit of everything."""
    life.bed(occupied=False)
    life.measures(23.0, minutes=20)
    life.routine("stretch")
    life.routine("wind_down")
    life.answer("later")
    life.bed(occupied=True)
    life.measures(23.5, minutes=12)
    life.report(FAN, "on")
    life.say("stress", 7.0)
    life.measures(23.0, minutes=20)
    life.report(AC, "unavailable")
    life.wait(minutes=5)
    life.report(AC, "cool")
    life.symptom(9.0)
    life.measures(20.8, minutes=10)
    life.report(LAMP, "off")
    life.wait(hours=10)
    return life


def test_a_restart_at_every_point_changes_nothing() -> None:
    """Actions and decisions are the same to the letter (R6)."""
    whole, restarted = Evening(), Evening()
    restarted.restarts = True
    story(whole)
    story(restarted)
    assert restarted.actions == whole.actions
    assert restarted.decisions == whole.decisions
    assert len(whole.actions) > 6


def test_a_changed_configuration_is_looked_at_again() -> None:
    """A rule that is gone lets go of what it had switched on; what is new is watched."""
    life = in_bed()
    life.calls()
    life.measures(23.0, minutes=10)
    snapshot = life.engine.snapshot()
    snapshot["agenda"] |= {
        key: life.now.isoformat()
        for key in ("stale:attic.temperature", "trigger:x", "rule:x", "dev:fan.x", "cool:attic", "bed:attic")
    }
    place = home(cooling=[{"climate": AC}], bed={"sensors": [{"topic": "other", "dialect": "plain"}]}, lights=None)
    engine = Engine("anna", profile(), place, [])
    engine.restore(snapshot)
    outcome = engine.step(TimePassed(at=life.now + timedelta(minutes=1), source="clock"))
    assert [(action.service, action.data) for action in outcome.actions] == [
        ("climate.set_hvac_mode", {"hvac_mode": "off"})
    ]
    assert FAN not in engine.world.devices


def test_a_switched_off_trigger_or_routine_does_not_break_the_shipped_book() -> None:
    """Its rules never hold."""
    person = profile(
        triggers={"cold": {"enabled": False}},
        routines={"wash": {"enabled": False}, "stretch": {"enabled": False}, "wind_down": {"enabled": False}},
    )
    life = Evening(maker(person))
    life.bed(occupied=True)
    life.measure(23.0)
    assert life.services() == COOL
    assert "stretch" not in life.engine.world.desk.memory.prompts


def test_a_home_without_a_bed_sensor_is_cooled_at_night() -> None:
    """From the bedtime on, and before; an empty bed is then the time between rise and bedtime."""
    by_day = "- {id: by-day, says: Stop., when: {bed: empty}, want: [{ease_off: bedroom}], priority: protection}"
    life = Evening(maker(place=home(bed=None), rules=[*shipped(), *book(by_day)]))
    life.measures(22.8, minutes=89)
    assert life.calls(AC) == []
    life.measures(22.8, minutes=5)
    assert [service for service, _ in life.calls(AC)] == COOL
    ahead = Evening(maker(place=home(bed=None)))
    ahead.measures(22.8, minutes=60)
    assert [service for service, _ in ahead.calls(AC)] == COOL


NAMES = [
    ("climate.bedroom", "the bedroom air conditioner"),
    ("climate.bedroom_ac", "the bedroom ac"),
    ("fan.bedroom", "the bedroom fan"),
    ("fan.ceiling_fan", "the ceiling fan"),
    ("light.bedside", "the bedside light"),
    ("light.bedside_lamp", "the bedside lamp"),
    ("switch.cooling_pad", "the cooling pad"),
]


@pytest.mark.parametrize(("entity", "said"), NAMES)
def test_devices_by_name(entity: str, said: str) -> None:
    """Three things called "bedroom" must not be one."""
    assert spoken(entity) == said


def test_a_decision_as_a_document() -> None:
    """For the store and for scripts."""
    life = in_bed()
    document = next(
        each for each in life.decisions if each.about == "cooling bedroom" and each.text.startswith("cooling begins")
    ).to_json()
    assert document["seen"] == [
        {"fact": "bedroom.temperature", "value": "23.0 °C", "bound": "your limit in bed is 22.0 °C"},
        {"fact": "bed.occupied", "value": "yes", "bound": ""},
    ]
    assert (document["about"], document["winner"]) == ("cooling bedroom", "cool-hot-bed")
    assert PHONE == "notify.phone"


def test_a_home_that_has_grown_takes_up_the_old_memory() -> None:
    """What is new begins afresh."""
    small = Evening(maker(profile(triggers={"cold": {"enabled": False}}), home(bed=None, cooling=[], lights=[]), []))
    small.measure(23.0)
    study = {
        "person": "anna",
        "sensors": [{"topic": "s", "dialect": "plain"}],
        "cooling": [{"fan": "fan.study"}],
        "bed": None,
    }
    engine = maker(profile(), home(rooms={"study": study, "attic": {"person": "ben"}}))()
    engine.restore(small.engine.snapshot())
    engine.step(TimePassed(at=small.now, source="clock"))
    assert engine.world.facts["bedroom.temperature"].number == 23.0
    assert "attic" not in engine.world.rooms


def test_commands_without_an_answer_are_forgotten_in_time() -> None:
    """An edge that never answers must not fill the memory."""
    life = in_bed()
    for day in range(60):
        life.wait(hours=6)
        life.bed(occupied=True)
        life.measures(23.0 if day % 2 else 20.0, minutes=30)
    assert len(life.engine.memory.sent) == 50


def test_an_older_report_does_not_take_back_a_newer_one() -> None:
    """Messages may overtake each other."""
    life = Evening()
    life.say("fever")
    life.now -= timedelta(minutes=1)
    life.say("fever", value=False)
    assert life.engine.world.facts["self.fever"].value is True


def test_rules_summarize_what_they_ask() -> None:
    """In words for the person."""
    said = {running.rule.id: running.rule.when.summarize() for running in maker()().world.rules}
    assert said["cool-hot-bed"] == "your heat trigger is watched"
    humid = book("- {id: humid, says: Cool., when: {fact: bedroom.humidity, below: 40}, want: [{cool: bedroom}]}")
    assert maker(rules=humid)().world.rules[0].rule.when.summarize() == "the humidity of the bedroom is less than 40 %"


# -- what is gone


def counts(life: Evening, fact: str) -> bool:
    """Whether what is known of a fact still counts."""
    return life.engine.world.facts[fact].fresh


def test_an_unavailable_bed_sensor_does_not_keep_the_cooling_on() -> None:
    """After a drop-out it cannot be told who is in bed, and what the rule says of unknown applies (R13)."""
    life = in_bed()
    life.calls()
    life.lost(BED, side="either")
    life.measures(23.0, minutes=4)
    assert counts(life, "bed.occupied")
    life.measures(23.0, minutes=31)
    assert not counts(life, "bed.occupied")
    assert ("climate.set_hvac_mode", {"hvac_mode": "off"}) in life.calls(AC)


def test_a_short_drop_out_is_nothing() -> None:
    """A new value from the sensor ends it; said twice, it does not last longer."""
    life = in_bed()
    life.lost()
    life.wait(minutes=4)
    life.lost()
    life.measure(23.0)
    life.wait(minutes=10)
    assert counts(life, "bedroom.temperature")
    life.lost()
    life.wait(minutes=3)
    life.lost()
    life.wait(minutes=2)
    assert not counts(life, "bedroom.temperature")
    life.lost("another")
    assert life.texts("sensor bedroom.temperature") == [
        "it has no value; what it said last counts until 21:05",
        "it has no value; what it said last counts until 21:19",
    ]


def test_another_thermometer_fills_in_for_one_without_a_value() -> None:
    """At once, where the preferred one says itself that it is gone."""
    spare = {"topic": "spare", "dialect": "plain", "measures": ["temperature"]}
    first = {"topic": "first", "dialect": "plain", "measures": ["temperature"]}
    life = Evening(maker(place=home(sensors=[first, spare])))
    life.measure(22.0, source="first")
    life.measure(21.0, source="spare")
    assert life.engine.world.bedroom.temperature.number == 22.0
    life.lost("first")
    life.measure(21.0, source="spare")
    assert life.engine.world.bedroom.temperature.number == 21.0


def test_a_kept_bed_message_does_not_make_a_dead_sensor_young() -> None:
    """The broker repeats its last word at every reconnect; only another word is news."""
    life = in_bed()
    side = life.engine.world.facts["bed.either"]
    began = side.at
    life.wait(minutes=10)
    for occupied, at in ((True, began), (False, life.now)):
        life.event(BedChanged(at=life.now, source=BED, room="bedroom", side="either", occupied=occupied, retained=True))
        assert (side.value, side.at) == (occupied, at)


def test_an_air_conditioner_that_is_gone_is_told_of_once_and_when_it_is_back() -> None:
    """Cooling that nobody can switch is no cooling (R3, R8)."""
    life = Evening(up=False)
    life.report(FAN, "off")
    life.peer(up=True)
    life.bed(occupied=True)
    life.measures(23.0, minutes=4)
    assert life.said() == []
    life.measures(23.0, minutes=31)
    assert life.said() == ["The bedroom air conditioner has not been heard of: its name in home.yaml may be wrong."]
    life.report(AC, "off")
    assert life.said() == ["The bedroom air conditioner is there again."]
    life.report(AC, "unavailable")
    life.measures(23.0, minutes=6)
    assert "The bedroom air conditioner is not available, so it cannot be switched." in life.said()


def test_a_lamp_that_is_switched_off_at_the_wall_is_not_told_of() -> None:
    """That is what a wall switch is for."""
    life = Evening()
    life.report(LAMP, "on", {"brightness": 255})
    life.bed(occupied=True)
    life.report(LAMP, "unavailable")
    life.routine("wind_down")
    life.wait(minutes=20)
    assert not [each for each in life.said() if "light" in each]


def test_a_kept_window_message_does_not_make_a_dead_sensor_young() -> None:
    """The same holds for every yes and no of a room."""
    window = {"topic": "window", "dialect": "plain", "measures": ["open"]}
    life = Evening(maker(place=home(sensors=[window])))
    fact = life.engine.world.facts["bedroom.open"]
    about: dict[str, Any] = {"source": "window", "room": "bedroom", "quantity": Kind.OPEN}
    life.event(RoomMeasured(at=life.now, value=True, **about))
    began = fact.at
    life.wait(minutes=10)
    for value, at in ((True, began), (False, life.now)):
        life.event(RoomMeasured(at=life.now, value=value, retained=True, **about))
        assert (fact.value, fact.at) == (value, at)

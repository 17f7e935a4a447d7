"""One device between what is wanted and what it reports (R8-R13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from devices.control.climate import at_rest
from devices.control.kind import State
from devices.control.memory import Memory
from tests.devices.control.bench import CLIMATE, COOL_21, FAN_40, OFF, START, Bench

SPEED: dict[str, Any] = {"percentage": 0, "percentage_step": 1.0}
AT_40: dict[str, Any] = {"percentage": 40, "percentage_step": 1.0}


def fan(state: str = "off", **spec: Any) -> Bench:  # noqa: ANN401
    """A fan that has been heard."""
    bench = Bench("fan.bedroom", **spec)
    bench.report(state, **(SPEED if state == "off" else {"percentage": 66, "percentage_step": 1.0}))
    return bench


def running_fan() -> Bench:
    """A fan that we have switched on, an hour ago."""
    bench = fan()
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    bench.wait(hours=1)
    bench.services()
    bench.notes.clear()
    return bench


# -- the next call


def test_an_unheard_device_is_not_commanded() -> None:
    """Nothing is sent before the first report."""
    bench = Bench()
    assert bench.aim(FAN_40) == []
    assert bench.memory.blocked == "has not been heard yet"
    assert bench.report("off", **SPEED) == ["fan.turn_on"]


def test_unchanged_wants_send_nothing() -> None:
    """A device that is as wanted is left in peace."""
    bench = running_fan()
    assert bench.aim(FAN_40) == []
    assert bench.wait(hours=3).services() == []


def test_one_command_at_a_time() -> None:
    """The setpoint waits until the mode is confirmed."""
    bench = Bench("climate.bedroom")
    bench.report("off", **CLIMATE)
    assert bench.aim(COOL_21) == ["climate.set_hvac_mode"]
    assert bench.look() == []
    assert bench.report("cool", **CLIMATE) == ["climate.set_temperature"]
    assert bench.report("cool", **{**CLIMATE, "temperature": 21}) == []
    assert "the thing reports cooling, set to 21.0 °C" in bench.notes


def test_wanted_changes_while_a_command_is_on_its_way() -> None:
    """The new want waits for the old command, and its failure is not held against the new want."""
    bench = fan()
    bench.aim(FAN_40)
    assert bench.aim(OFF) == []
    bench.wait(seconds=70)
    assert bench.memory.attempts == 0
    assert bench.notes == []


def test_home_assistant_away_holds_commands() -> None:
    """Nothing is sent while nobody listens."""
    bench = fan()
    bench.up = False
    assert bench.aim(FAN_40) == []
    assert bench.memory.blocked == "waits for Home Assistant"
    bench.up = True
    assert bench.look() == ["fan.turn_on"]


def test_an_action_carries_its_reason_and_cause() -> None:
    """And a time after which it must not be sent."""
    bench = fan()
    bench.aim(FAN_40)
    action = bench.sent[0]
    assert (action.reason, action.causes, action.expires_at) == ("it is warm", ("e1",), START + timedelta(seconds=60))
    assert "entity_id" not in action.data


# -- it does not follow


def test_a_lost_command_is_repeated_with_backoff_and_told_once() -> None:
    """Three tries, then half an hour of peace; the person hears of it once."""
    bench = fan()
    bench.aim(FAN_40)
    bench.wait(minutes=5)
    assert bench.services() == ["fan.turn_on"] * 3
    assert [news for news, _ in bench.news] == ["trouble"]
    assert bench.news[0][1] == "the thing does not answer. I tried 3 times, and try again at 20:33."
    assert len(bench.wait(minutes=40).services()) == 3
    assert len(bench.news) == 1


def test_it_works_again_is_told_once() -> None:
    """One message when it is over."""
    bench = fan()
    bench.aim(FAN_40)
    bench.wait(minutes=35)
    bench.report("on", **AT_40)
    assert bench.news[-1] == ("over", "the thing works again")
    assert len(bench.news) == 2


def test_trouble_that_ends_with_the_want_is_not_called_over() -> None:
    """That a fan is off says nothing about whether it could be switched on."""
    bench = fan()
    bench.aim(FAN_40)
    bench.wait(minutes=6)
    bench.release()
    bench.wait(hours=1)
    assert [news for news, _ in bench.news] == ["trouble"]


def test_the_retry_says_which_try_it_is() -> None:
    """For the record."""
    bench = fan()
    bench.aim(FAN_40)
    bench.wait(minutes=5)
    assert [action.reason for action in bench.sent] == [
        "it is warm",
        "it is warm (try 2 of 3)",
        "it is warm (try 3 of 3)",
    ]


def test_refused_call_does_not_start_the_dwell_time() -> None:
    """It is tried again after the backoff, not after the pause that a compressor needs."""
    bench = fan()
    bench.aim(FAN_40)
    bench.returned("refused", "no such speed")
    assert bench.wait(seconds=5).services() == ["fan.turn_on"] * 2
    assert "the thing: Home Assistant refused it: no such speed; trying again" in bench.notes


def test_a_command_without_effect_does_not_start_the_dwell_time() -> None:
    """Only a reported change does."""
    bench = fan(min_pause=timedelta(minutes=30))
    bench.aim(FAN_40)
    assert len(bench.wait(minutes=3).services()) == 3


def test_unreachable_is_retried_ever_more_slowly_and_never_told() -> None:
    """Home Assistant that hangs is not the fan's fault."""
    bench = fan()
    bench.aim(FAN_40)
    sent = []
    for _ in range(9):
        bench.returned("unreachable")
        assert bench.due is not None
        sent.append(bench.due - bench.now)
        bench.wait(seconds=sent[-1].total_seconds())
    assert sent[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert sent[-1] == timedelta(minutes=5)
    assert bench.news == []


def test_sent_and_foreign_answers_change_nothing() -> None:
    """200 proves nothing, and an answer to another command neither."""
    bench = fan()
    bench.aim(FAN_40)
    bench.returned("sent")
    assert bench.memory.pending is not None
    bench.wait(seconds=70)
    bench.memory.pending = None
    bench.returned("refused")
    assert bench.memory.attempts == 1


def test_a_mode_that_it_lacks_is_told_once() -> None:
    """The person must know that this device cannot cool."""
    bench = Bench("climate.bedroom")
    bench.report("off", hvac_modes=["off", "heat"])
    assert bench.aim(COOL_21) == []
    bench.wait(hours=3)
    bench.look()
    assert bench.news == [("trouble", "the thing cannot do it: it has no mode cool")]


def test_a_drifted_device_is_corrected() -> None:
    """What it reports after a gap is nobody's hand."""
    bench = running_fan()
    bench.report("unavailable")
    assert bench.report("on", percentage=100, percentage_step=1.0) == ["fan.set_percentage"]


# -- dwell times


def test_minimum_run_and_pause() -> None:
    """The power is not flipped back before its time."""
    bench = fan()
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    assert bench.release() == []
    assert bench.memory.blocked == "waits until 20:05, to spare it from switching too often"
    assert bench.wait(minutes=4, seconds=59).services() == ["fan.turn_on"]
    bench.wait(seconds=1)
    assert bench.services() == ["fan.turn_off"]
    bench.report("off", **SPEED)
    assert bench.aim(FAN_40) == []
    assert bench.wait(minutes=5).services() == ["fan.turn_on"]


def test_restart_during_dwell() -> None:
    """The dwell time is counted from the reported change, whoever remembers it."""
    bench = fan()
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    bench.wait(minutes=2)
    memory = TypeAdapter(Memory)
    restarted = Bench()
    restarted.device.memory = memory.validate_json(memory.dump_json(bench.memory))
    restarted.now = bench.now
    restarted.device.aim(OFF, "it is cool")
    assert restarted.look() == []
    assert restarted.due == START + timedelta(minutes=5)


def test_another_speed_needs_no_pause() -> None:
    """Dwell times are for the power."""
    bench = fan()
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    assert bench.aim({"power": True, "percentage": 60.0}) == ["fan.set_percentage"]


# -- whose change was it


def test_late_echo_is_not_a_hand() -> None:
    """A command that was given up on may still be obeyed."""
    bench = fan()
    bench.aim(FAN_40)
    bench.wait(minutes=4)
    bench.report("on", **AT_40)
    assert bench.memory.holds == {}


def test_doubled_echo_of_the_state_before_is_not_a_hand() -> None:
    """On, off, on within a minute: the middle one was old."""
    bench = fan()
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    bench.wait(seconds=2)
    assert bench.report("off", **SPEED) == []
    bench.wait(seconds=2)
    bench.report("on", **AT_40)
    bench.wait(minutes=3)
    assert bench.memory.holds == {}
    assert bench.services() == ["fan.turn_on"]


def test_taking_a_command_back_at_once_is_a_hand() -> None:
    """What stays as it was before our command was put back by somebody."""
    bench = fan()
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    bench.wait(seconds=20)
    bench.report("off", **SPEED)
    bench.wait(minutes=2)
    assert bench.memory.holds == {"power": START + timedelta(hours=2, seconds=65)}
    assert bench.services() == ["fan.turn_on"]


def test_a_speed_taken_back_is_a_hand_too() -> None:
    """Not only the power."""
    bench = fan("on")
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    bench.report("on", percentage=66, percentage_step=1.0)
    bench.wait(minutes=2)
    assert list(bench.memory.holds) == ["percentage"]
    assert bench.services() == ["fan.set_percentage"]


def test_a_hand_leaves_the_device_alone_for_a_time() -> None:
    """Then it is steered again."""
    bench = running_fan()
    bench.report("off", **SPEED)
    assert bench.notes == ["the thing was changed by hand (off); it is left alone until 23:00"]
    assert bench.wait(hours=1, minutes=59).services() == []
    assert bench.wait(minutes=1).services() == ["fan.turn_on"]
    assert "the thing is steered again: the time since your hand on it is over" in bench.notes


def test_a_hand_on_one_attribute_leaves_that_alone() -> None:
    """The speed is the person's, the fan is still ours to switch off."""
    bench = running_fan()
    bench.report("on", percentage=80, percentage_step=1.0)
    assert "the thing was changed by hand (on at 80 %); its speed is left alone until 23:00" in bench.notes
    assert bench.wait(minutes=10).services() == []
    assert bench.release() == ["fan.turn_off"]


def test_a_hand_while_a_command_is_on_its_way() -> None:
    """The hand wins."""
    bench = running_fan()
    bench.aim({"power": True, "percentage": 60.0})
    bench.report("off", **SPEED)
    assert bench.wait(minutes=30).services() == ["fan.set_percentage"]
    assert "power" in bench.memory.holds


def test_a_person_who_does_what_we_want_has_no_hand_on_it() -> None:
    """There is nothing to leave alone."""
    bench = fan(min_pause=timedelta(minutes=5))
    bench.aim(FAN_40)
    bench.report("on", by_person=True, **AT_40)
    assert bench.memory.holds == {}


def test_by_person_counts_even_while_echoes_may_come() -> None:
    """Home Assistant names who did it."""
    bench = fan()
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    bench.report("off", by_person=True, **SPEED)
    assert "power" in bench.memory.holds


def test_a_side_effect_of_a_mode_is_not_a_hand() -> None:
    """An air conditioner brings its own setpoint along."""
    bench = Bench("climate.bedroom")
    bench.report("off", **CLIMATE)
    bench.aim(COOL_21)
    assert bench.report("cool", **{**CLIMATE, "temperature": 24}) == ["climate.set_temperature"]
    assert bench.memory.holds == {}


def test_a_new_setpoint_by_hand_between_the_old_and_ours() -> None:
    """Half way is not an echo."""
    bench = Bench("climate.bedroom")
    bench.report("off", **CLIMATE)
    bench.aim(COOL_21)
    bench.report("cool", **CLIMATE)
    bench.report("cool", **{**CLIMATE, "temperature": 21})
    bench.report("cool", **{**CLIMATE, "temperature": 23.5})
    assert list(bench.memory.holds) == ["temperature"]


def test_another_mode_by_hand_is_the_persons_device() -> None:
    """It was ours; when cooling ends it is not switched off, for it heats now."""
    bench = Bench("climate.bedroom")
    bench.report("off", **CLIMATE)
    bench.aim(COOL_21)
    bench.report("cool", **{**CLIMATE, "temperature": 21})
    bench.wait(hours=1)
    bench.services()
    bench.report("heat", **{**CLIMATE, "temperature": 21})
    bench.release()
    assert bench.wait(hours=4).services() == []


def test_no_hand_on_a_lamp_that_nobody_steers() -> None:
    """Lamps are in daily use."""
    lamp = Bench("light.bedside", always_respect=False)
    lamp.report("on", brightness=255)
    lamp.report("on", brightness=100)
    assert lamp.memory.holds == {}


def test_a_hand_before_anything_is_wanted() -> None:
    """A fan that was switched on by day is left alone in the evening."""
    bench = fan()
    bench.report("on", **AT_40)
    assert bench.aim(FAN_40) == []
    assert "power" in bench.memory.holds


# -- what is set by the person


def test_a_hold_can_be_lengthened_and_ended() -> None:
    """By voice or button."""
    bench = running_fan()
    bench.report("off", **SPEED)
    bench.notes.clear()
    assert (
        bench.device.hold(bench.now + timedelta(hours=5), bench.now)[0].text
        == "the thing is left alone until 02:00, as you asked"
    )
    assert bench.wait(hours=4).services() == []
    assert bench.device.hold(None, bench.now)[0].text == "the thing is steered again, as you asked"
    assert bench.look() == ["fan.turn_on"]


def test_a_hold_without_a_hand() -> None:
    """Leave it alone from now on."""
    bench = fan()
    bench.device.hold(bench.now + timedelta(hours=1), bench.now)
    assert bench.aim(FAN_40) == []


# -- it is gone, and back


@pytest.mark.parametrize("state", ["unavailable", "unknown"])
def test_gone_is_a_state_of_its_own(state: str) -> None:
    """Neither off nor a hand, and nothing is sent into it."""
    bench = running_fan()
    bench.report(state)
    assert bench.notes == ["the thing is not available"]
    assert bench.wait(hours=1).services() == []
    assert bench.memory.holds == {}
    assert bench.memory.reported == FAN_40


def test_a_drop_out_does_not_end_a_hold() -> None:
    """A person's choice outlives a weak radio."""
    bench = running_fan()
    bench.report("off", **SPEED)
    bench.report("unavailable")
    bench.report("off", **SPEED)
    assert "power" in bench.memory.holds


def test_a_pending_switch_off_survives_unavailability() -> None:
    """It is carried out when the device returns (R7)."""
    bench = running_fan()
    bench.report("unavailable")
    assert bench.release() == []
    bench.wait(hours=3)
    assert bench.report("on", **AT_40) == ["fan.turn_off"]


def test_a_change_during_a_gap_is_not_a_hand_unless_named() -> None:
    """A power cut switches things off too."""
    bench = running_fan()
    bench.report("unavailable")
    bench.report("off", **SPEED)
    assert bench.memory.holds == {}
    named = running_fan()
    named.report("unavailable")
    named.report("off", by_person=True, **SPEED)
    assert "power" in named.memory.holds


def test_lost_sight_forgets_what_was_on_its_way() -> None:
    """Home Assistant restarts: afterwards it is tried again at once."""
    bench = fan()
    bench.aim(FAN_40)
    bench.device.lost_sight()
    assert bench.look() == []
    assert bench.report("off", **SPEED) == ["fan.turn_on"]
    assert bench.memory.attempts == 0


def test_a_confirmation_in_a_report_that_changes_nothing_else() -> None:
    """A speed that was not reported before."""
    bench = Bench()
    bench.report("on", percentage_step=1.0, percentage=None)
    bench.memory.attributes["percentage"] = 1
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    assert bench.memory.pending is None


# -- owned and borrowed


def test_what_we_switched_on_goes_off() -> None:
    """And is then not ours any more."""
    bench = running_fan()
    assert bench.release() == ["fan.turn_off"]
    bench.report("off", **SPEED)
    assert bench.release() == []
    assert bench.memory.wanted is None


def test_what_was_on_before_gets_its_state_back() -> None:
    """A fan at 66 % is borrowed."""
    bench = fan("on")
    assert bench.aim(FAN_40) == ["fan.set_percentage"]
    bench.report("on", **AT_40)
    assert bench.release() == ["fan.set_percentage"]
    assert bench.sent[-1].data == {"percentage": 66.0}
    bench.report("on", percentage=66, percentage_step=1.0)
    bench.release()
    assert bench.memory.wanted is None


def test_a_borrowed_setpoint_below_the_floor_is_not_given_back() -> None:
    """No setpoint below the floor is ever sent."""
    bench = Bench("climate.bedroom")
    bench.report("cool", **{**CLIMATE, "temperature": 16})
    bench.aim(COOL_21)
    bench.report("cool", **{**CLIMATE, "temperature": 21})
    assert bench.release() == ["climate.set_temperature"]
    assert bench.sent[-1].data == {"temperature": 17.0}


def test_what_went_off_meanwhile_is_not_switched_on_again() -> None:
    """Borrowed, then cut off: giving it back would start it."""
    bench = fan("on")
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    bench.report("unavailable")
    bench.report("off", **SPEED)
    bench.wait(hours=1)
    bench.services()
    assert bench.release() == []


def test_what_never_came_on_is_not_ours() -> None:
    """After the time in which it may still obey."""
    bench = fan()
    bench.aim(FAN_40)
    bench.release()
    assert bench.memory.wanted == OFF
    bench.wait(minutes=6)
    bench.release()
    assert bench.memory.wanted is None


def test_a_refused_start_is_not_ours() -> None:
    """It never left."""
    bench = fan()
    bench.aim(FAN_40)
    bench.returned("refused")
    bench.release()
    assert bench.memory.wanted is None


def test_obeyed_after_the_want_is_gone() -> None:
    """A late start is ours, and is ended."""
    bench = fan()
    bench.aim(FAN_40)
    bench.release()
    bench.wait(minutes=3)
    bench.report("on", **AT_40)
    assert bench.wait(minutes=5).services() == ["fan.turn_on", "fan.turn_off"]


def test_a_start_that_was_on_its_way_into_a_gap_is_ours_when_it_is_obeyed_after_it() -> None:
    """However long Home Assistant was frozen: what it does when it thaws is neither a hand, nor left on."""
    bench = fan()
    bench.aim(FAN_40)
    bench.device.lost_sight()
    bench.wait(minutes=30)
    bench.release()
    bench.report("off", **SPEED)
    bench.wait(seconds=20)
    bench.report("on", **AT_40)
    assert not bench.memory.holds
    assert bench.wait(minutes=6).services() == ["fan.turn_on", "fan.turn_off"]


def test_a_stop_that_is_obeyed_after_a_gap_is_not_a_hand() -> None:
    """It is wanted on again by then, and goes on again."""
    bench = running_fan()
    bench.services()
    bench.wait(hours=1)
    bench.release()
    bench.device.lost_sight()
    bench.wait(minutes=30)
    bench.aim(FAN_40)
    bench.report("on", **AT_40)
    bench.wait(seconds=20)
    bench.report("off", **SPEED)
    assert not bench.memory.holds
    assert bench.wait(minutes=6).services() == ["fan.turn_off", "fan.turn_on"]


# -- safety


def safe() -> Bench:
    """An air conditioner that the person switched on, in a room that then reaches its floor."""
    bench = Bench("climate.bedroom")
    bench.report("off", **CLIMATE)
    bench.report("cool", **CLIMATE)
    bench.wait(hours=1)
    return bench


def test_the_floor_beats_a_hand_once() -> None:
    """The person switches it on again: now they insist."""
    bench = safe()
    assert bench.aim(OFF, safety=True) == ["climate.set_hvac_mode"]
    bench.report("off", **CLIMATE)
    bench.wait(minutes=10)
    bench.services()
    bench.report("cool", **CLIMATE)
    assert bench.memory.insisted
    assert bench.wait(hours=1, minutes=59).services() == []


def test_insisting_ends_with_the_hold() -> None:
    """By its time, or by the person."""
    bench = safe()
    bench.aim(OFF, safety=True)
    bench.report("off", **CLIMATE)
    bench.wait(minutes=10)
    bench.services()
    bench.report("cool", **CLIMATE)
    bench.wait(minutes=10)
    bench.device.hold(None, bench.now)
    assert bench.look() == ["climate.set_hvac_mode"]


# -- fades


def fading_lamp() -> Bench:
    """A lamp five minutes into a fade of a quarter of an hour."""
    lamp = Bench("light.bedside", always_respect=False)
    lamp.report("on", brightness=255)
    lamp.aim({"brightness": 10.0, "transition": 900.0})
    lamp.wait(minutes=5)
    return lamp


def test_reports_on_the_way_down_are_not_a_hand() -> None:
    """Nor a reason to begin again."""
    lamp = fading_lamp()
    assert lamp.report("on", brightness=178) == []
    assert lamp.report("on", brightness=120) == []
    lamp.wait(minutes=10)
    lamp.report("on", brightness=26)
    lamp.wait(hours=1)
    assert lamp.services() == ["light.turn_on"]


def test_a_lamp_that_reports_its_goal_at_once_is_not_faded_again() -> None:
    """Later reports show the way; they must not restart the fade."""
    lamp = Bench("light.bedside", always_respect=False)
    lamp.report("on", brightness=255)
    lamp.aim({"brightness": 10.0, "transition": 900.0})
    lamp.report("on", brightness=26)
    lamp.wait(minutes=5)
    lamp.report("on", brightness=178)
    lamp.wait(minutes=9)
    lamp.report("on", brightness=26)
    lamp.wait(hours=1)
    assert lamp.services() == ["light.turn_on"]


@pytest.mark.parametrize("brightness", [255, 200])
def test_brighter_in_the_middle_of_a_fade_is_a_hand(brightness: int) -> None:
    """Also back to what it was."""
    lamp = fading_lamp()
    lamp.report("on", brightness=178)
    lamp.report("on", brightness=brightness)
    assert set(lamp.memory.holds) == {"brightness", "kelvin"}
    assert lamp.wait(hours=1).services() == ["light.turn_on"]


def test_off_during_a_transition_and_a_late_on_report() -> None:
    """Off means off (R12)."""
    lamp = fading_lamp()
    lamp.report("off")
    lamp.report("on", brightness=150)
    assert lamp.wait(hours=1).services() == ["light.turn_on"]
    assert "power" in lamp.memory.holds


def test_another_aim_does_not_wait_for_the_rest_of_a_fade() -> None:
    """A new want replaces a fade."""
    lamp = fading_lamp()
    assert lamp.aim({"brightness": 5.0}) == ["light.turn_on"]


def test_gone_from_the_start_is_no_news() -> None:
    """It was never there."""
    bench = Bench()
    bench.report("unavailable")
    assert bench.notes == []


def test_a_failure_of_what_is_not_wanted_any_more() -> None:
    """It is not held against the new want."""
    bench = fan()
    bench.aim(FAN_40)
    bench.aim({"power": True, "percentage": 60.0})
    assert bench.returned("refused") == ["fan.turn_on"]
    assert bench.memory.attempts == 0


def test_a_fade_reports_other_things_too() -> None:
    """A colour name or a lamp without brightness is no fade."""
    lamp = fading_lamp()
    lamp.memory.commanded["brightness"] = "dim"
    lamp.report("on", brightness=178)
    assert set(lamp.memory.holds) == {"brightness", "kelvin"}


def test_a_doubt_that_ends_well() -> None:
    """What came back by itself is forgotten, also when something else is left alone."""
    bench = running_fan()
    bench.report("on", percentage=80, percentage_step=1.0)
    bench.device.memory.doubt_until, bench.device.memory.doubted = bench.now, ["power"]
    bench.look()
    assert list(bench.memory.holds) == ["percentage"]


# -- heating, and the floor


@pytest.mark.parametrize("mode", ["heat", "heat_cool", "auto"])
def test_a_heating_mode_is_not_given_back(mode: str) -> None:
    """Or heating and cooling would take turns: what heated before goes off, and only after the dwell time."""
    bench = Bench("climate.bedroom")
    bench.report(mode, **{**CLIMATE, "temperature": 24.0})
    assert bench.aim(COOL_21) == ["climate.set_hvac_mode"]
    bench.wait(minutes=1)
    bench.report("cool", **{**CLIMATE, "temperature": 21.0})
    assert bench.release() == []
    bench.wait(minutes=5)
    assert bench.sent[-1].data == {"hvac_mode": "off"}


def test_what_went_on_heating_is_left_alone() -> None:
    """It never followed, so nothing is to be undone; a late one still is."""
    bench = Bench("climate.bedroom")
    bench.report("heat", **CLIMATE)
    bench.aim(COOL_21)
    bench.services()
    bench.release()
    assert bench.wait(minutes=2).services() == []
    bench.report("cool", **CLIMATE)
    bench.release()
    assert bench.wait(minutes=5).services() == ["climate.set_hvac_mode"]
    later = Bench("climate.bedroom")
    later.report("heat", **CLIMATE)
    later.aim(COOL_21)
    later.release()
    later.wait(minutes=30)
    later.release()
    assert later.memory.borrowed is None


def test_from_heating_to_cooling_counts_as_a_flip() -> None:
    """The compressor turns round: not within the dwell time."""
    bench = Bench("climate.bedroom")
    bench.report("off", **CLIMATE)
    bench.wait(minutes=10)
    bench.report("cool", **CLIMATE)
    bench.wait(minutes=10)
    bench.report("heat", **CLIMATE)
    bench.device.hold(None, bench.now)
    bench.wait(minutes=1)
    assert bench.aim(COOL_21) == []
    assert bench.wait(minutes=4).services() == ["climate.set_hvac_mode"]


def cooling_bench(**attributes: object) -> Bench:
    """An air conditioner of ours with an hour to run, that has just begun to cool."""
    bench = Bench("climate.bedroom", min_run=timedelta(hours=1))
    bench.report("off", **CLIMATE)
    bench.aim(COOL_21)
    bench.report("cool", **{**CLIMATE, "temperature": 21.0, **attributes})
    bench.services()
    return bench


def test_at_the_floor_the_setpoint_is_raised_until_it_may_be_switched_off() -> None:
    """Safety first, without a flip within the dwell time; and no dwell time holds it longer than a quarter hour."""
    bench = cooling_bench()
    at_floor: State = {"power": False, "temperature": 22.5}
    assert bench.aim(at_floor, safety=True) == ["climate.set_temperature"]
    assert bench.sent[-1].data == {"temperature": 22.5}
    bench.report("cool", **{**CLIMATE, "temperature": 22.5})
    bench.services()
    assert bench.wait(minutes=14).services() == []
    assert bench.wait(minutes=1).services() == ["climate.set_hvac_mode"]


def test_a_setpoint_that_is_not_taken_does_not_delay_the_off() -> None:
    """It is tried once."""
    bench = cooling_bench()
    bench.aim({"power": False, "temperature": 22.5}, safety=True)
    assert bench.wait(minutes=14).services() == ["climate.set_temperature"]
    assert bench.wait(minutes=1).services() == ["climate.set_hvac_mode"]


def test_a_setpoint_that_is_high_already_stays() -> None:
    """Nor is one sent where the device would not take it."""
    warm = cooling_bench(temperature=26.0)
    assert warm.aim({"power": False, "temperature": 22.5}, safety=True) == []
    narrow = cooling_bench(max_temp=16.0, temperature=15.0)
    assert narrow.aim({"power": False, "temperature": 16.0}, safety=True) == []


RESTS = [
    ({}, 22.5),
    ({"max_temp": 20.3, "target_temp_step": 0.5}, 20.0),
    ({"max_temp": 70, "temperature_unit": "°F"}, 21.11),
]


@pytest.mark.parametrize(("attributes", "celsius"), RESTS)
def test_where_it_rests(attributes: dict[str, object], celsius: float) -> None:
    """Within its limits and on its steps."""
    assert round(at_rest(22.5, attributes), 2) == celsius

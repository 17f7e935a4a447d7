"""What is offered and told, when, and when not (R25)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from devices.control.offer import sentences
from devices.events import DeviceReported, HelpAdvised, PauseChanged, SymptomLogged
from rules.offers import message, spoken, title, water_c
from rules.words import Words
from tests.rules.builders import PHONE, THERMOMETER, ZONE, Evening, book, home, maker, merged, profile

OFFER = "Time for a stretch or some gentle movement?"
WASH = {"enabled": True, "heat_sensitive": "yes", "gets_out": "alone"}


PATIENT = [{"topic": THERMOMETER, "dialect": "zigbee2mqtt", "stale_after": "3 d"}]
"""A thermometer that may be silent for long, so that only prompts are said."""


ONCE = {"prompts": {"stretch": {"repeat": "0 min"}, "wash": {"repeat": "0 min"}}}


def evening(**changes: Any) -> Evening:  # noqa: ANN401
    """An evening of a person with such a profile, to whom nothing is said twice."""
    return Evening(maker(profile(**merged(ONCE, changes)), home(sensors=PATIENT)))


def repeating_evening(**changes: Any) -> Evening:  # noqa: ANN401
    """The same with what is said twice when nobody answers."""
    return Evening(maker(profile(**changes), home(sensors=PATIENT)))


def blind_evening(**changes: Any) -> Evening:  # noqa: ANN401
    """The same with a thermometer that is missed after half an hour."""
    return Evening(maker(profile(**changes)))


def test_a_stretch_is_offered_once_with_buttons() -> None:
    """And lapses without a word."""
    life = evening()
    life.routine("stretch")
    data: dict[str, Any] = life.actions[0].data
    assert (data["title"], data["message"]) == ("Evening routine?", OFFER)
    assert [each["action"] for each in data["data"]["actions"]] == [
        f"UNCLENCH:anna:stretch:{answer}" for answer in ("done", "later", "skip")
    ]
    assert life.actions[0].once
    life.said()
    life.wait(hours=10)
    assert life.said() == []
    assert "not answered; it lapses" in life.texts("prompt stretch")


@pytest.mark.parametrize("restarts", [False, True])
def test_a_stretch_that_nobody_answers_is_offered_once_more(*, restarts: bool) -> None:
    """Ten minutes later, and not again; also over restarts."""
    life = repeating_evening()
    life.restarts = restarts
    life.routine("stretch")
    assert life.said() == [OFFER]
    life.wait(minutes=9)
    assert life.said() == []
    life.wait(minutes=1)
    assert life.said() == [OFFER]
    life.wait(hours=10)
    assert life.said() == []
    assert len(life.engine.world.desk.memory.offered) == 1


@pytest.mark.parametrize("answer", ["done", "skip", "yes", "begin"])
def test_what_is_answered_is_not_repeated(answer: str) -> None:
    """Whatever was answered."""
    life = repeating_evening()
    life.routine("stretch")
    life.answer(answer)
    life.wait(hours=2)
    assert life.said() == [OFFER]


def test_a_repeat_never_comes_in_quiet_hours_nor_against_a_refusal() -> None:
    """It was said once: that is enough."""
    quiet = repeating_evening(quiet_hours={"from": "21:05"})
    ill = repeating_evening()
    for life in (quiet, ill):
        life.routine("stretch")
    ill.say("fever")
    for life in (quiet, ill):
        life.wait(hours=2)
        assert life.said() == [OFFER]
    assert "not repeated: it is quiet until 07:30" in quiet.texts("prompt stretch")
    assert "not repeated: you reported fever" in ill.texts("prompt stretch")


@pytest.mark.parametrize("answer", ["done", "skip"])
def test_done_and_skip_end_it(answer: str) -> None:
    """A second answer has nothing to answer."""
    life = evening()
    life.routine("stretch")
    life.said()
    life.answer(answer)
    life.answer(answer, "stretch")
    life.wait(hours=2)
    assert life.said() == []
    assert life.texts("prompt") == [f"you answered {answer}", f"you answered {answer}, but nothing was open"]


def test_later_comes_back_and_is_taken_twice() -> None:
    """A doubled "later" counts once; after the second it is left out."""
    life = evening(bedtime={"at": "23:30"}, quiet_hours={"from": "23:30"})
    life.routine("stretch")
    life.answer("later")
    life.answer("later")
    life.wait(minutes=20)
    life.answer("later", "stretch")
    life.wait(minutes=20)
    assert life.said() == [OFFER] * 3
    life.answer("later")
    life.wait(hours=2)
    assert life.said() == []
    assert life.texts("prompt stretch") == [
        "you answered later: it comes back at 21:20",
        "you answered later: it comes back at 21:40",
        "you answered later; it is left out for today: it was put off 2 times",
    ]


def test_later_never_lands_in_quiet_hours() -> None:
    """It is skipped instead."""
    life = evening(quiet_hours={"from": "21:10"})
    life.routine("stretch")
    life.answer("later")
    assert life.texts("prompt stretch") == [
        "you answered later; it is left out for today: later would be in your quiet hours"
    ]


def test_later_is_forgotten_when_its_rule_ends() -> None:
    """The evening is over."""
    life = evening(routines={"stretch": {"lasts": "10 min"}})
    life.routine("stretch")
    life.said()
    life.answer("later")
    life.wait(hours=1)
    assert life.said() == []
    assert life.engine.world.desk.memory.prompts["stretch"].ended_at is not None


def test_nothing_is_offered_in_quiet_hours_or_late() -> None:
    """A prompt that could not be offered in its grace time is not offered at all."""
    life = evening(quiet_hours={"from": "20:00", "to": "22:00"})
    life.routine("stretch")
    life.wait(hours=2)
    assert life.said() == []
    assert life.texts("prompt stretch") == ["not offered: it is quiet until 22:00", "not offered: its time has passed"]


def test_enough_is_enough() -> None:
    """So many prompts an evening; what the person put off was counted before."""
    life = evening(prompts={"at_most": 1, "wash": WASH})
    life.measure(21.0)
    life.routine("stretch")
    life.routine("wash")
    life.answer("later", "stretch")
    life.wait(minutes=21)
    assert life.said() == [OFFER, OFFER]
    assert "not offered: 1 prompts an evening are enough" in life.texts("prompt wash")
    assert evening(prompts={"at_most": 0}).routine("stretch").actions == ()


def test_the_strongest_rule_speaks() -> None:
    """Two rules that want one prompt make one."""
    rules = book(
        """
        - {id: weak, says: Offer., when: {routine: stretch}, want: [{offer: stretch}], priority: convenience}
        - {id: strong, says: Offer., when: {routine: stretch}, want: [{offer: stretch}], priority: protection}
        """
    )
    life = Evening(maker(rules=rules))
    life.routine("stretch")
    assert [action.reason for action in life.actions] == ["the stretch routine began at 21:00 (rule strong)"]


SUPPRESSED: list[tuple[str, dict[str, Any], str]] = [
    ("say fever", {}, "you reported fever"),
    ("say infection", {}, "you reported infection"),
    ("say fall", {}, "you reported fall"),
    ("say alcohol", {}, "you reported alcohol"),
    ("say sleepy_reminder", {}, "you reported sleepy reminder"),
    ("symptom 7", {}, "you logged something strong a short while ago"),
    ("room 25", {}, "the bedroom is too warm for it"),
    ("bathroom 25", {}, "the bathroom is too warm for it"),
    ("bathroom 21", {}, "how warm the room is cannot be told"),
    ("", {"gets_out": "unsure"}, "the question whether you get out alone is not answered"),
    ("", {"enabled": False}, "it is switched off"),
]


@pytest.mark.parametrize(("happens", "changes", "why"), SUPPRESSED)
def test_a_wash_is_held_back(happens: str, changes: dict[str, Any], why: str) -> None:
    """For safety that no rule can edit away."""
    bathroom = {"person": "anna", "sensors": [{"topic": "b", "dialect": "plain", "measures": ["temperature"]}]}
    life = Evening(
        maker(profile(prompts={"wash": {**WASH, **changes}}), home(sensors=PATIENT, rooms={"bathroom": bathroom}))
    )
    verb, _, what = happens.partition(" ")
    if verb == "say":
        life.say(what)
    elif verb == "symptom":
        life.symptom(float(what))
    elif verb:
        life.measure(
            float(what),
            room="bedroom" if verb == "room" else verb,
            source="b" if verb == "bathroom" else "zigbee2mqtt/bedroom",
        )
    life.calls()
    life.routine("wash")
    assert life.said() == []
    assert life.texts("prompt wash") == [f"not offered: {why}"]


@pytest.mark.parametrize("happens", ["say fever", "say infection", "say fall", "symptom 8"])
def test_a_stretch_is_held_back(happens: str) -> None:
    """And offered after all when the reason is gone in time."""
    life = evening()
    verb, _, what = happens.partition(" ")
    life.say(what) if verb == "say" else life.symptom(float(what))
    life.wait(minutes=30)
    life.routine("stretch")
    assert life.said() == []
    if verb == "say":
        life.say(what, value=False)
    life.wait(minutes=35)
    assert life.said() == [OFFER]


@pytest.mark.parametrize(("strength", "ago"), [(7.0, 0), (8.0, 60), (None, 0)])
def test_what_does_not_hold_a_stretch_back(strength: float | None, ago: float) -> None:
    """Weaker, longer ago, or without a number."""
    life = evening()
    life.symptom(strength)
    life.wait(minutes=ago)
    life.routine("stretch")
    assert life.said() == [OFFER]


SAFE = "Test the water. Do not bathe alone if heat weakens you. Keep your phone or call cord in reach."
NO_ALARM = 'After "I am in the bath" Unclench asks whether you are out. It is no alarm service.'
WATER = [
    ({"heat_sensitive": "yes"}, 30.0, "Time for a cool or lukewarm wash? About 30.0 °C."),
    ({"heat_sensitive": "unsure"}, 30.0, "Time for a cool or lukewarm wash? About 30.0 °C."),
    ({"heat_sensitive": "no"}, 35.0, "Time for a warm, not hot, wash? About 35.0 °C."),
    ({"heat_sensitive": "no", "water": 38.0}, 38.0, "Time for a warm, not hot, wash? About 38.0 °C."),
    ({"heat_sensitive": "yes", "says": "Foot soak?"}, 30.0, "Foot soak?"),
    ({"gets_out": "with_someone", "says": "Foot soak?"}, 30.0, "Foot soak? Only with someone there."),
]


@pytest.mark.parametrize(("changes", "celsius", "said"), WATER)
def test_what_a_wash_says(changes: dict[str, Any], celsius: float, said: str) -> None:
    """Never above 38 °C, and the safety words always."""
    person = profile(prompts={"wash": {**WASH, **changes}})
    assert water_c(person.prompts.wash) == celsius <= 38.0
    words = Words("C", ZONE)
    assert spoken("wash", person, words) == f"{said} {SAFE}"
    assert message("wash", person, words) == f"{said} {SAFE} {NO_ALARM}"
    assert all(len(each.split()) <= 12 for each in re.split(r"[.?!] ", sentences(spoken("wash", person, words))))


def test_a_wash_waits_for_a_thermometer_that_went_silent() -> None:
    """An hour-old reading does not tell how warm it is now."""
    life = blind_evening(prompts={"wash": WASH})
    life.measure(21.0)
    life.wait(minutes=40)
    life.routine("wash")
    assert life.texts("prompt wash") == ["not offered: how warm the room is cannot be told"]


def test_titles() -> None:
    """Discreet by default."""
    assert title("wash", profile()) == "Evening routine?"
    assert [title(name, profile(discreet=False)) for name in ("wash", "stretch")] == [
        "Time for a wash",
        "Time to stretch",
    ]


# -- channels

CHANNELS: list[dict[str, str]] = [
    {"notify": PHONE},
    {"tts": "tts.piper", "player": "media_player.bedroom"},
    {"script": "script.say"},
]


def many() -> Evening:
    """Three ways to be reached."""
    return evening(prompts={"channels": CHANNELS})


def channel(life: Evening, entity: str, state: str) -> None:
    """A channel's entity reports."""
    life.event(DeviceReported(at=life.now, source=entity, id=f"c-{entity}", entity=entity, state=state))


def test_a_failed_delivery_takes_the_next_channel() -> None:
    """Down to the last one; what expired is not said late."""
    life = many()
    life.routine("stretch")
    life.returned(life.actions[-1], "refused")
    life.returned(life.actions[-1], "unreachable")
    assert [action.service for action in life.actions] == [PHONE, "tts.speak", "script.say"]
    assert life.actions[1].data == {"media_player_entity_id": "media_player.bedroom", "message": OFFER}
    life.returned(life.actions[-1], "refused")
    assert life.texts("prompt stretch")[-1] == "not said: no channel could say it"
    other = many()
    other.routine("stretch")
    other.returned(other.actions[-1], "sent")
    other.returned(other.actions[-1], "sent")
    late = many()
    late.routine("stretch")
    late.returned(late.actions[-1], "expired")
    assert late.texts("prompt stretch")[-1] == "could not be delivered in time, and is not delivered late"


@pytest.mark.parametrize("gone", ["tts.piper", "media_player.bedroom"])
def test_a_channel_that_is_gone_is_passed_over(gone: str) -> None:
    """A voice without its speaker says nothing, and Home Assistant answers 200."""
    life = many()
    channel(life, PHONE, "unavailable")
    channel(life, PHONE, "unavailable")
    channel(life, gone, "unavailable")
    life.routine("stretch")
    assert [action.service for action in life.actions] == ["script.say"]


def test_a_channel_that_is_back_is_used_again() -> None:
    """A notify entity takes words only."""
    life = many()
    channel(life, PHONE, "unavailable")
    channel(life, PHONE, "unknown")
    life.routine("stretch")
    assert [(action.service, action.entity) for action in life.actions] == [("notify.send_message", PHONE)]


def test_no_channel_at_all_is_in_the_record() -> None:
    """With what to do about it."""
    life = blind_evening(prompts={"channels": []})
    life.routine("stretch")
    assert life.texts("prompt stretch") == [
        "not said: there is no channel to say it: add one under prompts in the profile"
    ]
    life.wait(minutes=31)
    assert "not said: there is no channel to say it: add one under prompts in the profile" in life.texts("notice")


# -- notices


def test_a_notice_waits_for_the_morning() -> None:
    """And is one message, however long it lasted."""
    life = blind_evening(quiet_hours={"from": "21:15", "to": "7:30"})
    life.measure(21.0)
    life.wait(hours=10, minutes=29)
    assert life.said() == []
    life.wait(minutes=1)
    assert life.said() == [
        "The thermometer of the bedroom has been silent since 21:00. Cooling waits until it is back."
    ]


def test_what_began_and_ended_in_the_night_is_not_told() -> None:
    """The person slept."""
    life = blind_evening(quiet_hours={"from": "21:15", "to": "7:30"})
    life.measure(21.0)
    life.wait(hours=1)
    life.measures(21.0, minutes=600, every=20)
    assert life.said() == []


def test_back_for_a_moment_in_the_night_is_not_told() -> None:
    """It was told silent, and is silent in the morning: nothing is new."""
    life = blind_evening(quiet_hours={"from": "22:00", "to": "7:30"})
    life.measure(21.0)
    life.wait(hours=2)
    assert len(life.said()) == 1
    life.measure(21.0)
    life.wait(hours=12)
    assert life.said() == []


def test_a_notice_is_dropped_after_twelve_hours() -> None:
    """What waits so long is told as it is then, not as it was."""
    life = blind_evening(quiet_hours={"from": "21:10", "to": "21:05"})
    life.engine.world.desk.tell("device:x", "Old.", life.now - timedelta(hours=13))
    life.routine("stretch")
    life.wait(hours=24, minutes=7)
    assert "Old." not in life.said()


def test_two_rules_that_tell_of_one_sensor_tell_once() -> None:
    """And it is over when neither asks any more."""
    rules = book(
        """
        - {id: one, says: Tell., when: {fact: bedroom.temperature, is: stale}, want: [{tell: sensor_silent}]}
        - id: two
          says: Tell.
          when: {fact: bedroom.temperature, is: stale}
          for: 10 min
          want: [{tell: sensor_silent}]
        """
    )
    life = Evening(maker(rules=rules))
    life.measure(21.0)
    life.wait(hours=1)
    assert len(life.said()) == 1
    life.measure(21.0)
    assert len(life.said()) == 1


# -- while nothing can carry it


def test_what_falls_due_while_home_assistant_is_away_is_said_when_it_is_back() -> None:
    """A restart of Home Assistant must not swallow the one notice of a dead thermometer, nor the prompt."""
    life = blind_evening()
    life.measure(21.0)
    life.wait(minutes=29)
    life.peer(up=False)
    life.routine("stretch")
    life.wait(minutes=5)
    assert life.said() == []
    life.peer(up=True)
    assert sorted(text[:16] for text in life.said()) == ["The thermometer ", "Time for a stret"]


def test_a_prompt_whose_time_passed_while_home_assistant_was_away_is_not_offered() -> None:
    """Late is worse than never."""
    life = evening()
    life.peer(up=False)
    life.routine("stretch")
    life.wait(hours=3)
    life.peer(up=True)
    assert life.said() == []


def fail(life: Evening, message: str) -> int:
    """Every delivery fails for 40 minutes; how often it was tried."""
    tried = 0
    for _ in range(40):
        for action in [action for action in life.actions if action.data.get("message") == message]:
            life.actions.remove(action)
            life.returned(action, "unreachable")
            tried += 1
        life.wait(minutes=1)
    return tried


def test_a_notice_that_no_channel_could_carry_is_tried_again_a_few_times() -> None:
    """Bounded: then it is in the record only."""
    life = blind_evening()
    life.measure(21.0)
    life.wait(minutes=30)
    text = "The thermometer of the bedroom has been silent since 21:00. Cooling waits until it is back."
    assert fail(life, text) == 6
    life.measure(21.0)
    assert life.said() == ["The thermometer of the bedroom is back."]


def test_a_notice_that_no_channel_could_carry_yet_is_said_later() -> None:
    """And one that is over by then is not."""
    for is_over in (False, True):
        life = blind_evening()
        life.measure(21.0)
        life.wait(minutes=30)
        [action] = life.actions
        life.actions.clear()
        life.returned(action, "refused")
        if is_over:
            life.measure(21.0)
        life.wait(minutes=6)
        assert len(life.said()) == (0 if is_over else 1)


def test_a_prompt_that_no_channel_could_carry_was_not_offered() -> None:
    """It does not count, and is offered again within its time."""
    life = evening(prompts={"at_most": 1})
    life.routine("stretch")
    [action] = life.actions
    life.actions.clear()
    life.returned(action, "unreachable")
    assert life.engine.world.desk.memory.offered == []
    life.wait(minutes=4)
    assert life.said() == []
    life.wait(minutes=1)
    assert life.said() == [OFFER]
    life.answer("later")
    life.wait(minutes=40)
    [action] = life.actions
    life.actions.clear()
    life.returned(action, "unreachable")
    life.wait(minutes=5)
    assert life.said() == [OFFER]


def test_a_prompt_that_was_answered_is_not_offered_again_because_its_delivery_failed() -> None:
    """It got there, whatever was reported."""
    life = evening()
    life.routine("stretch")
    [action] = life.actions
    life.actions.clear()
    life.answer("done")
    life.returned(action, "unreachable")
    life.wait(minutes=30)
    assert life.said() == []


def test_later_may_name_a_time() -> None:
    """In place of the usual 20 minutes; and no less than one minute, whatever was heard."""
    life = evening()
    life.routine("stretch")
    life.said()
    life.answer("later", until=life.now + timedelta(minutes=35))
    assert life.wait(minutes=34).said() == []
    assert life.wait(minutes=1).said() == [OFFER]
    life.answer("later", until=life.now - timedelta(hours=1))
    assert life.said() == []
    assert life.wait(minutes=1).said() == [OFFER]


def test_a_call_for_help_waits_for_no_quiet_hours_and_no_pause() -> None:
    """Each time that it is asked for; it tries until something can say it."""
    life = evening(quiet_hours={"from": "20:00", "to": "07:00"})
    text = "This may be an emergency. Call your emergency number now."
    for number in range(2):
        life.event(HelpAdvised(at=life.now, source="button", id=f"help{number}", person="anna", text=text))
        assert life.said() == [text]
    life.event(
        PauseChanged(at=life.now, source="x", id="p", person="anna", area="", until=life.now + timedelta(days=1))
    )
    life.peer(up=False)
    life.event(HelpAdvised(at=life.now, source="button", id="help2", person="anna", text=text))
    assert life.said() == []
    life.wait(minutes=3)
    life.peer(up=True)
    assert life.said() == [text]


def test_a_symptom_of_two_hours_ago_holds_back_no_stretch() -> None:
    """What counts is when it was, and not when it was said."""
    life = evening()
    at = life.now
    life.event(
        SymptomLogged(
            at=at, source="x", id="s1", person="anna", symptom="spasm", severity=9, occurred_at=at - timedelta(hours=2)
        )
    )
    life.routine("stretch")
    assert life.said() == [OFFER]
    again = evening()
    again.event(SymptomLogged(at=again.now, source="x", id="s1", person="anna", symptom="spasm", severity=9))
    again.routine("stretch")
    assert again.said() == []

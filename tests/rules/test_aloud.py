"""Guided movement and bath checks in the engine: who hears what, what an answer is for, what a restart changes."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

import pytest

from devices.actions import Action
from tests.rules.builders import PHONE, THERMOMETER, Evening, home, maker, profile

TTS, PLAYER, BEN = "tts.piper", "media_player.bedroom", "notify.ben"
BATH = "bath_check"
OPENING, MOVE, HOLD = "Gentle movement. Say stop at any time.", "Left leg up.", "Hold, breathe, thirty seconds."
BATH_OPENING = "I will ask after ten minutes. I am no alarm."
CHECK = "Out of the bath?"
PATIENT = [{"topic": THERMOMETER, "dialect": "zigbee2mqtt", "stale_after": "3 d"}]
CHANNELS: list[dict[str, str]] = [{"notify": PHONE}, {"tts": TTS, "player": PLAYER}]


def evening(*, channels: list[dict[str, str]] | None = None, contact: bool = True, **changes: Any) -> Evening:  # noqa: ANN401
    """An evening of a person with two moves, a phone, a speaker and somebody to be told."""
    moves = [{"says": "Left leg up", "times": 2}, {"says": "Right leg up"}]
    prompts = {
        "channels": CHANNELS if channels is None else channels,
        "stretch": {"moves": moves},
        "wash": {"enabled": True, "heat_sensitive": "yes", "gets_out": "alone"},
    }
    contacts = [{"name": "Ann"}, {"name": "Ben", "notify": BEN, "bath": True}] if contact else []
    return Evening(maker(profile(prompts=prompts, contacts=contacts, **changes), home(sensors=PATIENT)))


def spoken(life: Evening) -> list[str]:
    """What the speaker said since the last look."""
    said = [str(action.data["message"]) for action in life.actions if action.service == "tts.speak"]
    life.actions.clear()
    return said


def told(life: Evening, service: str) -> list[Action]:
    """What a phone was sent since the last look."""
    found = [action for action in life.actions if action.service == service]
    life.actions = [action for action in life.actions if action not in found]
    return found


# -- guided movement


@pytest.mark.parametrize("restarts", [False, True])
def test_a_session_is_spoken_and_never_sent_to_the_phone(restarts: bool) -> None:
    """From the button under the offer to its end; it does not lapse, and it ends the offer."""
    life = evening()
    life.restarts = restarts
    life.routine("stretch")
    assert len(told(life, PHONE)) == 1
    life.answer("begin")
    life.wait(minutes=10)
    assert told(life, PHONE) == []
    turn = [MOVE, HOLD, "And rest."]
    last = ["Right leg up.", HOLD, "And rest.", "All done. Rest for as long as you like."]
    assert spoken(life) == [OPENING, *turn, *turn, *last]
    assert "all moves are done" in life.texts("guided movement")
    life.wait(hours=8)
    assert spoken(life) == []


def test_what_is_spoken_expires_within_seconds() -> None:
    """And is once: it must not be repeated."""
    life = evening()
    life.answer("begin", "stretch")
    action = life.actions[-1]
    assert action.service == "tts.speak"
    assert (action.once, action.expires_at - action.at) == (True, timedelta(seconds=10))


def test_stop_silences_the_speaker_in_the_same_step() -> None:
    """As a device's command, behind no words; and nothing follows."""
    life = evening()
    life.answer("begin", "stretch")
    life.wait(seconds=5)
    life.actions.clear()
    outcome = life.answer("stop")
    stops = [(action.service, action.entity, action.once) for action in outcome.actions]
    assert stops == [("media_player.media_stop", PLAYER, False)]
    life.actions.clear()
    life.wait(hours=2)
    assert life.actions == []


def test_stop_does_not_stop_what_the_person_listens_to() -> None:
    """Paused for a while, the speaker plays something else."""
    life = evening()
    life.answer("begin", "stretch")
    life.answer("pause")
    life.wait(minutes=5)
    assert [action.service for action in life.answer("stop").actions] == []


def test_pause_resume_and_next() -> None:
    """Without a name they are for what is spoken."""
    life = evening()
    life.answer("begin", "stretch")
    life.wait(seconds=5)
    for word, said in (("pause", ["Paused."]), ("resume", ["Going on."]), ("next", ["Right leg up."])):
        spoken(life)
        life.answer(word)
        assert spoken(life) == said
        life.wait(seconds=1)


def test_without_a_session_the_words_of_a_session_do_nothing() -> None:
    """An open prompt stays open."""
    life = evening()
    life.routine("stretch")
    for word in ("pause", "resume", "next", "stop"):
        life.answer(word)
    assert life.engine.world.desk.memory.prompts["stretch"].ended_at is None
    assert spoken(life) == []


def test_home_assistant_away_pauses_it_and_nothing_is_spoken_late() -> None:
    """Also when it is back. It goes on when asked to."""
    life = evening()
    life.answer("begin", "stretch")
    life.wait(seconds=10)
    spoken(life)
    life.peer(up=False)
    assert any("Home Assistant is away" in text for text in life.texts("guided movement"))
    life.wait(minutes=2)
    life.peer(up=True)
    life.wait(minutes=2)
    assert spoken(life) == []
    life.answer("resume")
    life.wait(seconds=3)
    assert spoken(life) == ["Going on.", MOVE]


@pytest.mark.parametrize("result", ["refused", "unreachable", "expired"])
def test_words_that_did_not_arrive_pause_it(result: str) -> None:
    """Nobody holds a leg up without being told to rest."""
    life = evening()
    life.answer("begin", "stretch")
    life.returned(life.actions[-1], result)
    spoken(life)
    life.wait(minutes=5)
    assert spoken(life) == []
    assert any("it pauses: nothing could speak" in text for text in life.texts("guided movement"))


def test_a_second_speaker_takes_over() -> None:
    """Then it goes on, and stop is for that speaker."""
    other = {"tts": TTS, "player": "media_player.kitchen"}
    life = evening(channels=[*CHANNELS, other])
    life.answer("begin", "stretch")
    (first,) = life.actions
    spoken(life)
    life.returned(first, "refused")
    assert spoken(life) == [OPENING]
    assert [action.entity for action in life.answer("stop").actions] == ["media_player.kitchen"]


def test_without_a_speaker_it_says_so() -> None:
    """Only in the record: a phone is not for this."""
    life = evening(channels=[{"notify": PHONE}])
    life.answer("begin", "stretch")
    life.wait(hours=1)
    assert life.actions == []
    assert any("nothing could speak" in text for text in life.texts("guided movement"))
    assert not life.engine.world.aloud.guided.running


def test_a_machine_that_slept_says_nothing_late() -> None:
    """Half a minute is too late already; the session waits."""
    life = evening()
    life.answer("begin", "stretch")
    spoken(life)
    life.now += timedelta(seconds=30)
    life.measure(20.0)
    assert spoken(life) == []
    assert life.engine.world.aloud.guided.paused


def test_done_without_a_name_is_for_an_open_prompt_first() -> None:
    """Not for the session, when something else waits for an answer."""
    life = evening()
    life.measure(20.0)
    life.answer("begin", "stretch")
    life.routine("wash")
    life.answer("done")
    assert life.engine.world.aloud.guided.running
    life.answer("done")
    assert not life.engine.world.aloud.guided.running


# -- the bath


@pytest.mark.parametrize("restarts", [False, True])
def test_a_bath_that_nobody_answers(restarts: bool) -> None:
    """The phone first, the speaker the second time, then the contact; quiet hours hold nothing back."""
    life = evening(quiet_hours={"from": "21:05"})
    life.restarts = restarts
    life.measure(20.0)
    life.routine("wash")
    assert len(told(life, PHONE)) == 1
    life.answer("begin")
    life.wait(hours=5)
    assert [(action.service, action.entity) for action in life.actions] == [
        (PHONE, None),
        (PHONE, None),
        ("tts.speak", TTS),
        (BEN, None),
        (PHONE, None),
    ]
    first, second, third, contact, last = [dict(action.data) for action in life.actions]
    assert str(first["message"]).startswith(BATH_OPENING)
    assert (second["title"], third["message"]) == (CHECK, CHECK)
    answers = [each["action"] for each in json.loads(json.dumps(second))["data"]["actions"]]
    assert answers == [f"UNCLENCH:anna:{BATH}:done", f"UNCLENCH:anna:{BATH}:later"]
    says = "Anna said they were in the bath at 21:00 and has not answered. Please look."
    assert contact["message"] == says
    assert "Ben" in str(last["message"])
    assert life.actions[3].at - life.actions[0].at == timedelta(minutes=16)
    assert any(text.startswith("said to your contact") for text in life.texts(BEN))


@pytest.mark.parametrize(
    ("word", "prompt"), [("done", BATH), ("done", ""), ("done", "wash"), ("stop", ""), ("skip", "")]
)
@pytest.mark.parametrize("minutes", [1, 11, 14])
def test_an_answer_ends_the_checks(word: str, prompt: str, minutes: int) -> None:
    """By the button of the check, of the offer, or by voice."""
    life = evening()
    life.answer("begin", "wash")
    life.wait(minutes=minutes)
    life.actions.clear()
    life.answer(word, prompt)
    life.wait(hours=3)
    assert life.actions == []


def test_a_newer_prompt_gets_the_answer_without_a_name() -> None:
    """The checks go on; the next answer is theirs, once they have asked again."""
    life = evening()
    life.answer("begin", "wash")
    life.wait(minutes=10, seconds=30)
    life.routine("stretch")
    life.answer("skip")
    assert life.engine.world.aloud.bath.running
    life.wait(minutes=3)
    life.answer("done")
    assert not life.engine.world.aloud.bath.running


def test_an_answer_to_a_check_after_it_is_over_touches_nothing_else() -> None:
    """Least of all a prompt that is open."""
    life = evening()
    life.routine("stretch")
    life.answer("done", BATH)
    assert life.engine.world.desk.memory.prompts["stretch"].ended_at is None
    assert "you answered done; the checks had ended" in life.texts("bath")


def test_with_home_assistant_away_the_checks_wait_for_it() -> None:
    """Then they are asked at once, once, and the contact is told three minutes later."""
    life = evening()
    life.answer("begin", "wash")
    life.wait(minutes=9)
    life.actions.clear()
    life.peer(up=False)
    life.wait(minutes=30)
    assert life.actions == []
    life.peer(up=True)
    back = life.now
    life.wait(hours=3)
    assert [action.service for action in life.actions] == [PHONE, BEN, PHONE]
    assert [(action.at - back) / timedelta(minutes=1) for action in life.actions] == [0, 3, 3]


def test_without_a_speaker_the_second_check_is_read() -> None:
    """Better than not at all."""
    life = evening(channels=[{"notify": PHONE}], contact=False)
    life.answer("begin", "wash")
    life.wait(hours=3)
    assert [action.service for action in life.actions] == [PHONE] * 4


@pytest.mark.parametrize("result", ["refused", "unreachable", "expired"])
def test_a_message_to_the_contact_that_did_not_leave(result: str) -> None:
    """The person is told that it did not."""
    life = evening()
    life.answer("begin", "wash")
    life.wait(minutes=16)
    (message,) = told(life, BEN)
    life.actions.clear()
    life.returned(message, result)
    life.wait(hours=1)
    assert [str(action.data["message"])[:28] for action in life.actions] == ["My message did not reach Ben"]


def test_the_contact_can_be_gone_already() -> None:
    """Then it is not said that a message went out."""
    life = evening()
    life.report(BEN, "unavailable")
    life.answer("begin", "wash")
    life.wait(minutes=14)
    life.actions.clear()
    life.wait(hours=1)
    assert [str(action.data["message"])[:28] for action in life.actions] == ["My message did not reach Ben"]


def test_a_clock_set_back_moves_the_checks_with_it() -> None:
    """Ten minutes stay ten minutes."""
    life = evening()
    life.answer("begin", "wash")
    life.wait(minutes=8)
    life.measure(20.0)
    life.actions.clear()
    life.now -= timedelta(hours=1)
    life.peer(up=True)
    life.wait(minutes=1)
    assert life.actions == []
    life.wait(minutes=2)
    assert [action.data["title"] for action in life.actions] == [CHECK]


# -- both

WORDS = (
    *("begin", "begin", "begin", "pause", "resume", "next", "stop", "done", "later", "skip", "no", "down"),
    *("up", "up", "up"),
)


def test_a_snapshot_from_before_loads() -> None:
    """Nothing is under way then."""
    life = evening()
    snapshot = life.engine.snapshot()
    del snapshot["aloud"]
    engine = life.make()
    engine.restore(snapshot)
    assert engine.world.aloud.due is None


@pytest.mark.parametrize("seed", range(20))
def test_a_restart_at_every_step_changes_nothing(seed: int) -> None:
    """Whatever is answered, whoever is away: the same is said at the same time."""
    two = []
    for restarts in (False, True):
        chance = random.Random(seed)
        life = evening(contact=chance.random() < 0.5)
        life.restarts = restarts
        life.answer("begin", chance.choice(["stretch", "wash"]))
        for _ in range(40):
            word = chance.choice(WORDS)
            prompt = chance.choice(["", "", "stretch", "wash", BATH])
            if word in ("up", "down"):
                life.peer(up=word == "up")
            else:
                life.answer(word, prompt)
            life.wait(seconds=chance.choice([0, 1, 5, 20, 100, 400]))
        two.append([(action.at, action.service, action.data) for action in life.actions])
    assert two[0] == two[1]
    assert two[0]

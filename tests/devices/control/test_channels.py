"""The ways to the person, offers that are made together, and what is said step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from config.profile import Channel, Prompts
from devices.actions import Action
from devices.control.channels import Say
from devices.control.delivery import Moment, Spoken
from devices.control.desk_memory import DeskMemory
from devices.control.offer import Offer, sentences
from devices.control.prompts import PromptDesk
from devices.events import ActionReturned, PromptAnswered

NOW = datetime(2026, 7, 14, 19, 0, tzinfo=UTC)
PHONE = {"notify": "notify.phone"}
VOICE = {"tts": "tts.piper", "player": "media_player.bedroom", "room": "bedroom"}
SATELLITE = {"satellite": "assist_satellite.hall", "room": "hall"}
SCRIPT = {"script": "script.say"}
DRINK, RATING = "Time for your last larger drink?", "One number for today, zero to ten?"
WASH, SAFE = "Time for a cool or lukewarm wash?", "Test the water. Do not bathe alone if heat weakens you."


def offer(name: str = "stretch", **changes: Any) -> Offer:  # noqa: ANN401
    """An offer that is due now."""
    fields: dict[str, Any] = {
        "name": name,
        "title": "Evening routine?",
        "message": f"{name.capitalize()}?",
        "grace": timedelta(minutes=45),
        "later": timedelta(minutes=20),
        "why": "it is time",
        "since": NOW,
    }
    return Offer(**{**fields, **changes})


class Desk:
    """A desk that is looked at."""

    def __init__(self, *channels: dict[str, Any], at_most: int = 3) -> None:
        found: list[Channel] = Prompts.model_validate({"channels": list(channels or (PHONE,))}).channels
        self.desk = PromptDesk("anna", found, at_most, lambda at: f"{at:%H:%M}")
        self._minted = 0
        self.moment = Moment(NOW, None, self._mint)

    def _mint(self) -> str:
        self._minted += 1
        return f"anna-{self._minted}"

    def wait(self, minutes: float) -> None:
        """Time passes."""
        self.moment = replace(self.moment, now=self.moment.now + timedelta(minutes=minutes))

    def look(self, *offers: Offer) -> Spoken:
        """Look at the desk."""
        return self.desk.steer(list(offers), self.moment)

    def answer(self, answer: str, prompt: str = "", value: float | None = None) -> list[str]:
        """The person answers; what the record says."""
        event = PromptAnswered(
            at=self.moment.now, source="phone", person="anna", answer=answer, prompt=prompt, value=value
        )
        notes = self.desk.answered(
            event,
            self.moment.now,
            lambda _: timedelta(minutes=20),
            quiet_at=lambda _: self.moment.quiet_until is not None,
        )
        return [f"{note.subject}: {note.text}" for note in notes]

    def failed(self, action: Action, result: str = "unreachable") -> Spoken:
        """The edge could not deliver."""
        event = ActionReturned(at=self.moment.now, source="edge", action=action.id, result=result)
        return self.desk.returned(event, self.moment)


def services(spoken: Spoken) -> list[str]:
    """What was called."""
    return [action.service for action in spoken.actions]


def said(spoken: Spoken) -> list[object]:
    """What was said, on whatever channel."""
    return [action.data["message"] for action in spoken.actions if "message" in action.data]


def notes(spoken: Spoken) -> list[str]:
    """What the record says."""
    return [f"{note.subject}: {note.text}" for note in spoken.notes]


# -- channels


def test_a_satellite_announces() -> None:
    """In plain words."""
    [action] = Desk(SATELLITE).look(offer(spoken="Stretch now?")).actions
    assert (action.service, action.entity, action.data) == (
        "assist_satellite.announce",
        "assist_satellite.hall",
        {"message": "Stretch now?"},
    )


@pytest.mark.parametrize(
    ("volumes", "night", "level"),
    [
        ({"volume": 40, "volume_at_night": 15}, False, 0.4),
        ({"volume": 40, "volume_at_night": 15}, True, 0.15),
        ({"volume": 40}, True, 0.4),
        ({"volume_at_night": 15}, True, 0.15),
        ({"volume_at_night": 15}, False, None),
        ({}, True, None),
    ],
)
def test_the_volume_is_set_before_the_words(volumes: dict[str, int], night: bool, level: float | None) -> None:
    """By the time of day, where the person chose one."""
    life = Desk({**VOICE, **volumes})
    life.moment = replace(life.moment, at_night=night)
    actions = life.look(offer()).actions
    assert [action.service for action in actions] == ([] if level is None else ["media_player.volume_set"]) + [
        "tts.speak"
    ]
    if level is not None:
        assert (actions[0].entity, actions[0].data) == ("media_player.bedroom", {"volume_level": level})


def test_nothing_is_said_to_an_empty_room() -> None:
    """The next channel takes it; without one it waits."""
    life = Desk(VOICE, SATELLITE, PHONE)
    life.moment = replace(life.moment, heard_in=lambda room: room == "hall")
    assert services(life.look(offer())) == ["assist_satellite.announce"]
    alone = Desk(VOICE)
    alone.moment = replace(alone.moment, heard_in=lambda _: False)
    spoken = alone.look(offer())
    assert (services(spoken), notes(spoken)) == (
        [],
        ["prompt stretch: not said: nobody is in the bedroom to hear it"],
    )
    assert alone.desk.memory.offered == []
    alone.wait(5)
    alone.moment = replace(alone.moment, heard_in=lambda _: True)
    assert said(alone.look(offer())) == ["Stretch?"]


@pytest.mark.parametrize(("changes", "service"), [({}, "notify.phone"), ({"own": True}, "tts.speak")])
def test_who_sleeps_hears_no_suggestion(changes: dict[str, Any], service: str) -> None:
    """Their own reminder they do."""
    life = Desk(VOICE, PHONE)
    life.moment = replace(life.moment, asleep_in=lambda room: room == "bedroom")
    assert services(life.look(offer(**changes))) == [service]


def test_what_is_private_is_only_hinted_at_where_others_hear_it() -> None:
    """On the phone, or in a room of one's own, it is said."""
    private = offer("pills", private=True, own=True, title="Your reminder", message="The blue pills")
    assert said(Desk(VOICE, PHONE).look(private)) == ["The blue pills"]
    assert services(Desk(VOICE, PHONE).look(private)) == ["notify.phone"]
    assert said(Desk(VOICE).look(private)) == ["Your reminder"]
    own_room = Desk(VOICE, PHONE)
    own_room.moment = replace(own_room.moment, private_in=lambda room: room == "bedroom")
    assert (services(own_room.look(private)), said(Desk(VOICE).look(private))) == (["tts.speak"], ["Your reminder"])


def test_what_is_only_shown_is_never_spoken() -> None:
    """Nor does it count; a script is told not to speak it."""
    life = Desk(VOICE, SCRIPT, at_most=1)
    [action] = life.look(offer("caffeine", silent=True)).actions
    assert (action.service, action.data["message"], action.data["spoken"]) == ("script.say", "Caffeine?", "")
    assert life.desk.memory.offered == []
    voice = Desk(VOICE)
    assert notes(voice.look(offer("caffeine", silent=True))) == [
        "prompt caffeine: not said: nothing can show it without speaking"
    ]
    assert services(Desk(at_most=0).look(offer("caffeine", silent=True))) == []


def test_a_script_gets_what_is_spoken_too() -> None:
    """Beside title, message, tag and buttons."""
    [action] = Desk(SCRIPT).look(offer(spoken="Short?")).actions
    assert action.data["spoken"] == "Short?"
    assert set(action.data) == {"title", "message", "tag", "actions", "spoken"}


def test_while_the_person_is_away_only_their_own_reminders_come_and_to_the_phone() -> None:
    """A suggestion waits."""
    life = Desk(VOICE, SCRIPT, PHONE)
    life.moment = replace(life.moment, away=True)
    spoken = life.look(offer(), offer("pills", own=True))
    assert services(spoken) == ["notify.phone"]
    assert said(spoken) == ["Pills?"]
    assert notes(spoken) == ["prompt stretch: not offered: you are away"]


# -- offers that are made together


def together(**changes: Any) -> list[Offer]:  # noqa: ANN401
    """The drink and the wash of one step."""
    wash = {"begin": "I am in the bath", "later": "Later", "skip": "Skip"}
    return [
        offer("drink", message=DRINK, group="wind_down:1", **changes),
        offer(
            "wash",
            message=f"{WASH} {SAFE} No alarm.",
            spoken=f"{WASH} {SAFE}",
            asks=WASH,
            buttons=wash,
            group="wind_down:1",
            **changes,
        ),
    ]


def buttons(action: Action) -> list[tuple[str, str]]:
    """The buttons on the phone."""
    data: Any = action.data["data"]
    return [(each["action"].removeprefix("UNCLENCH:anna:"), each.get("behavior", "")) for each in data["actions"]]


def test_what_is_offered_together_is_one_prompt() -> None:
    """One message, one count, and every answer once, its own first."""
    life = Desk(at_most=1)
    [action] = life.look(*together()).actions
    assert action.data["message"] == f"{DRINK} {WASH} {SAFE} No alarm."
    assert buttons(action) == [("wash:begin", ""), ("drink:done", ""), ("drink:later", ""), ("drink:skip", "")]
    assert len(life.desk.memory.offered) == 1


@pytest.mark.parametrize(("answer", "prompt"), [("done", ""), ("skip", "wash"), ("begin", "drink")])
def test_an_answer_is_for_all_that_was_offered_together(answer: str, prompt: str) -> None:
    """Also by the name of one of them."""
    life = Desk()
    life.look(*together())
    assert sorted(life.answer(answer, prompt)) == [
        f"prompt {name}: you answered {answer}" for name in ("drink", "wash")
    ]
    life.wait(20)
    assert services(life.look(*together())) == []


def test_later_brings_them_back_together() -> None:
    """And a repeat repeats both."""
    life = Desk()
    life.look(*together())
    life.wait(10)
    assert len(said(life.look(*together()))) == 1
    life.answer("later")
    life.wait(20)
    assert len(said(life.look(*together()))) == 1
    assert len(life.desk.memory.offered) == 1


def test_a_part_that_is_refused_is_left_out() -> None:
    """The rest goes."""
    drink, wash = together()
    spoken = Desk().look(drink, replace(wash, refusal="you reported fever"))
    assert (said(spoken), notes(spoken)) == ([DRINK], ["prompt wash: not offered: you reported fever"])


def test_a_joint_prompt_that_no_channel_could_carry_comes_again_as_one() -> None:
    """And counts once."""
    life = Desk()
    [action] = life.look(*together()).actions
    life.failed(action)
    assert life.desk.memory.offered == []
    life.wait(5)
    assert len(life.look(*together()).actions) == 1
    assert len(life.desk.memory.offered) == 1


def test_what_is_too_long_to_listen_to_is_read_on_the_phone() -> None:
    """The first question is spoken. Without a phone all of them are, in short sentences."""
    spoken = Desk(VOICE, PHONE).look(*together())
    assert services(spoken) == ["tts.speak", "notify.phone"]
    assert said(spoken) == [DRINK, f"{DRINK} {WASH} {SAFE} No alarm."]
    assert said(Desk(VOICE).look(*together())) == [f"{DRINK} {WASH} {SAFE}"]
    short = [offer("tea", group="g"), offer("rating", group="g")]
    assert said(Desk(VOICE, PHONE).look(*short)) == ["Tea? Rating?"]


def test_a_number_is_for_the_rating() -> None:
    """It ends it, and what it was is in no record."""
    number = offer("rating", message=RATING, group="g", buttons={"done": "0 to 10", "skip": "Skip"}, writes="done")
    life = Desk()
    [action] = life.look(offer("tablet", own=True, group="g"), number).actions
    assert buttons(action) == [
        ("rating:done", "textInput"),
        ("tablet:done", ""),
        ("tablet:later", ""),
        ("tablet:skip", ""),
    ]
    assert life.answer("done", value=7) == ["prompt rating: you answered", "prompt tablet: you answered"]
    other = Desk()
    other.look(offer())
    assert other.answer("done", value=7) == ["prompt: you answered, but nothing was open"]
    assert other.answer("done") == ["prompt stretch: you answered done"]


def test_what_steers_a_guide_answers_no_prompt() -> None:
    """Nor does getting into a bath that was not offered."""
    life = Desk()
    life.look(offer())
    assert [life.answer(word) for word in ("pause", "resume", "next", "stop")] == [[], [], [], []]
    event = PromptAnswered(at=NOW, source="phone", person="anna", answer="begin")
    assert life.desk.meant(event) == "stretch"
    drink = Desk()
    drink.look(offer("drink"))
    assert drink.desk.meant(event) == ""


# -- the limit


def test_suggestions_leave_room_for_own_reminders() -> None:
    """Which always come, and count."""
    life = Desk(at_most=2)
    life.moment = replace(life.moment, reserved=1)
    assert said(life.look(offer("drink"))) == ["Drink?"]
    spoken = life.look(offer("wash"))
    assert notes(spoken) == [
        "prompt wash: not offered: 2 prompts an evening are enough (room is kept for your own reminders)"
    ]
    life.moment = replace(life.moment, reserved=0)
    life.wait(10)
    for number in range(3):
        assert len(said(life.look(offer(f"own{number}", own=True, since=life.moment.now)))) == 1
    assert notes(life.look(offer("wash"))) == ["prompt wash: not offered: 2 prompts an evening are enough"]
    assert len(life.desk.memory.offered) == 4


def test_a_rating_rides_along_with_a_reminder() -> None:
    """It costs nothing more."""
    life = Desk(at_most=0)
    assert said(life.look(offer("pills", own=True, group="g"), offer("rating", group="g"))) == ["Pills? Rating?"]


def test_a_reminder_comes_at_each_of_its_times() -> None:
    """A suggestion rests for hours; what is still open lapses when the next one is due."""
    life = Desk()
    assert said(life.look(offer("water", own=True))) == ["Water?"]
    life.wait(30)
    spoken = life.look(offer("water", own=True), offer("water", own=True, since=life.moment.now))
    assert said(spoken) == ["Water?"]
    assert notes(spoken) == ["prompt water: not answered; it lapses"]
    life.answer("done")
    life.wait(60)
    assert said(life.look(offer("water", own=True, since=life.moment.now))) == ["Water?"]
    life.answer("done")
    life.wait(60)
    assert said(life.look(offer("water", own=True, since=NOW))) == []


def test_a_reminder_may_come_in_quiet_hours_once() -> None:
    """When it says so; a repeat never does."""
    life = Desk()
    life.moment = replace(life.moment, quiet_until=NOW + timedelta(hours=8))
    urgent = offer("water", own=True, urgent=True)
    assert said(life.look(urgent, offer("tea", own=True))) == ["Water?"]
    life.wait(10)
    assert said(life.look(urgent)) == []
    assert life.answer("later") == ["prompt water: you answered later: it comes back at 19:30"]


def test_a_prompt_has_a_time_after_which_it_is_too_late() -> None:
    """That of its step, when it has one."""
    life = Desk()
    life.wait(20)
    short = offer(until=NOW + timedelta(minutes=15))
    assert notes(life.look(short)) == ["prompt stretch: not offered: its time has passed"]


# -- what is said step by step


def test_what_is_said_step_by_step_is_spoken_and_not_counted() -> None:
    """Over the first speaker, and not for long."""
    life = Desk(PHONE, VOICE)
    spoken = life.desk.say(
        Say(key="stretch", spoken="Hold, breathe.", speech_only=True, expires=timedelta(seconds=20)), life.moment
    )
    [action] = spoken.actions
    assert (action.service, action.data["message"]) == ("tts.speak", "Hold, breathe.")
    assert action.expires_at == NOW + timedelta(seconds=20)
    assert (life.desk.memory.offered, life.desk.memory.prompts) == ([], {})
    assert notes(Desk(PHONE).desk.say(Say(key="stretch", spoken="x", speech_only=True), life.moment)) == [
        "prompt stretch: not said: there is no speaker to say it"
    ]


def test_a_check_comes_in_quiet_hours_and_with_its_buttons() -> None:
    """What is not urgent does not."""
    life = Desk()
    life.moment = replace(life.moment, quiet_until=NOW + timedelta(hours=8))
    check = Say(
        key="bath", title="Bath", spoken="Out?", message="Are you out?", buttons={"done": "I am out"}, urgent=True
    )
    [action] = life.desk.say(check, life.moment).actions
    assert action.data["message"] == "Are you out?"
    assert buttons(action) == [("bath:done", "")]
    quiet = life.desk.say(replace(check, urgent=False), life.moment)
    assert (services(quiet), notes(quiet)) == ([], ["prompt bath: not said: it is quiet until 03:00"])
    life.moment = replace(life.moment, peer_up=False)
    assert notes(life.desk.say(check, life.moment)) == ["prompt bath: not said: Home Assistant is away"]


def test_a_contact_is_told_over_their_own_service_and_nobody_else() -> None:
    """Also when it fails."""
    life = Desk(VOICE, PHONE)
    spoken = life.desk.say(Say(key="contact", spoken="Please call.", notify="notify.sister"), life.moment)
    assert services(spoken) == ["notify.sister"]
    failed = life.failed(spoken.actions[0])
    assert (services(failed), notes(failed)) == ([], ["prompt contact: not said: no channel could say it"])


def test_a_step_that_failed_takes_the_next_speaker_but_not_late() -> None:
    """What came too late would be wrong by then."""
    life = Desk(VOICE, SATELLITE)
    step = Say(key="stretch", spoken="Rest.", speech_only=True, expires=timedelta(seconds=30))
    [first] = life.desk.say(step, life.moment).actions
    life.wait(0.25)
    [second] = life.failed(first).actions
    assert (second.service, second.expires_at) == ("assist_satellite.announce", NOW + timedelta(seconds=30))
    life = Desk(VOICE, SATELLITE)
    [first] = life.desk.say(step, life.moment).actions
    life.wait(1)
    assert notes(life.failed(first)) == ["prompt stretch: could not be delivered in time, and is not delivered late"]


# -- memory and speech


def test_the_memory_of_an_earlier_version_is_read() -> None:
    """What it did not know has its usual value."""
    old = {
        "prompts": {"stretch": {"offered_at": NOW.isoformat(), "grace": "PT45M", "laters": 1}},
        "offered": [NOW.isoformat()],
        "deliveries": [
            {
                "words": {"title": "T", "message": "M", "tag": "t", "person": "anna", "prompt": "stretch"},
                "at": NOW.isoformat(),
                "why": "w",
                "channel": 0,
                "action": "anna-1",
            }
        ],
    }
    life = Desk()
    life.desk.memory = TypeAdapter(DeskMemory).validate_python(old)
    life.failed(replace(Desk().look(offer()).actions[0], id="anna-1"))
    prompt = life.desk.memory.prompts["stretch"]
    assert (prompt.offered_at, prompt.retry_at) == (None, NOW + timedelta(minutes=5))
    assert life.desk.memory.offered == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Time for tea?", "Time for tea?"),
        ("One. Two? Three", "One. Two? Three"),
        (
            "a b c d e f g h i j k l m n. o",
            "a b c d e f g h i j k l. m n. o",
        ),
    ],
)
def test_sentences_of_at_most_twelve_words(text: str, expected: str) -> None:
    """Longer ones get a pause."""
    assert sentences(text) == expected

"""Edges of an evening: what comes late, what is paused, and what a person said at an odd moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from devices.events import (
    PauseChanged,
    PresenceChanged,
    RoutineDue,
    RoutineSteered,
    TimePassed,
)
from integration.published import own_routines
from tests.rules.builders import LAMP, PHONE, ZONE, Evening, home, maker, profile

DRINK = "Time for your last larger drink?"
WASH = {"enabled": True, "heat_sensitive": "yes", "gets_out": "with_someone"}
SPEAKER = {"tts": "tts.home", "player": "media_player.bedroom"}


def life_at(clock: str, **person: Any) -> Evening:  # noqa: ANN401
    """July 14, 2026 at a time of the person's clock."""
    start = datetime.fromisoformat(f"2026-07-14T{clock}").replace(tzinfo=ZONE).astimezone(UTC)
    return Evening(maker(profile(**person), home(cooling=[])), start=start)


def due(life: Evening, routine: str = "wind_down") -> None:
    """The clock's moment."""
    life.event(RoutineDue(at=life.now, source="clock", person="anna", routine=routine, day="2026-07-14"))


def pause(life: Evening, area: str, hours: float = 8) -> None:
    """The person pauses an area."""
    until = life.now + timedelta(hours=hours)
    life.event(PauseChanged(at=life.now, source="button", person="anna", area=area, until=until))


def put_off() -> Evening:
    """The drink was offered, and is to come back at 20:51."""
    life = life_at("20:25")
    due(life)
    life.wait(minutes=6)
    life.answer("later", "drink")
    assert DRINK in life.said()
    return life


def test_what_was_put_off_is_not_said_in_the_morning_when_home_assistant_was_away() -> None:
    """It lapses as everything does."""
    life = put_off()
    life.peer(up=False)
    life.wait(hours=12)
    life.peer(up=True)
    life.wait(minutes=5)
    assert DRINK not in life.said()
    assert any("it lapses" in text for text in life.texts("prompt drink"))


def test_what_was_put_off_is_not_said_after_the_machine_slept() -> None:
    """Nothing is spoken at nine that was due in the evening."""
    life = put_off()
    life.now += timedelta(hours=12)
    life.event(TimePassed(at=life.now, source="clock"))
    life.wait(minutes=5)
    assert DRINK not in life.said()


def test_what_was_put_off_is_not_tried_for_ever() -> None:
    """With the phone off it was tried every five minutes until the next evening."""
    life = put_off()
    ends = life.now + timedelta(hours=3)
    while life.now < ends:
        life.wait(minutes=1)
        for action in [each for each in life.actions if each.once]:
            last = action.at if action.data.get("message") == DRINK else None
            assert last is None or last <= ends - timedelta(minutes=90)
            life.actions.remove(action)
            life.returned(action, "refused")


@pytest.mark.parametrize("area", ["", "prompts"])
def test_a_pause_of_the_prompts_holds_for_rules_too(area: str) -> None:
    """The person asks for a stretch at another place, and paused what is said."""
    life = life_at("18:00")
    pause(life, area)
    life.routine("stretch")
    life.wait(minutes=10)
    assert not [text for text in life.said() if "stretch" in text]


def test_a_pause_of_the_evening_leaves_the_lamps_alone() -> None:
    """The rule that dims once the person is in bed belongs to the evening too."""
    life = life_at("19:00")
    life.report(LAMP, "on", {"brightness": 255})
    pause(life, "evening")
    life.wait(minutes=30)
    due(life)
    life.wait(hours=2)
    life.bed(occupied=True)
    life.wait(minutes=30)
    assert life.calls(LAMP) == []


def test_skip_in_the_morning_means_the_evening_to_come() -> None:
    """The last evening is over by then."""
    life = life_at("10:00")
    life.event(RoutineSteered(at=life.now, source="button", person="anna", routine="wind_down", command="skip"))
    assert life.engine.world.routines.standing("wind_down", life.now).state == "skipped"
    life.wait(hours=9, minutes=30)
    due(life)
    life.wait(hours=4)
    assert life.calls(LAMP) == []
    assert DRINK not in life.said()


def test_a_run_that_is_begun_anew_says_what_became_of_the_last_one() -> None:
    """Every step happens or is recorded."""
    far = {"at": "12:00", "steps": [{"at": "start + 8 h", "offer": ["drink"], "grace": "12 h"}], "lasts": "24 h"}
    life = life_at("11:00", routines={"own": far}, prompts={"drink": {"enabled": False}})
    life.routine("own")
    life.wait(hours=14)
    life.texts()
    life.routine("own")
    assert any("is left out: the routine began anew" in text for text in life.texts("routine own"))


@pytest.mark.parametrize("minutes", [0, 30])
def test_a_sleepy_reminder_that_is_done_late_keeps_the_wash_back(minutes: float) -> None:
    """Also after it has lapsed, or before it came: it was done."""
    pill = {"says": "The box", "at": ["18:00"], "sleepy": True, "grace": "10 min"}
    wash = {"channels": [{"notify": PHONE}], "wash": {**WASH, "gets_out": "alone"}}
    life = life_at("18:00", reminders={"pill": pill}, prompts=wash)
    due(life, "reminder_pill")
    life.measures(20.0, minutes=minutes)
    life.answer("done", "pill")
    life.measures(20.0, minutes=145 - minutes)
    due(life)
    life.measures(20.0, minutes=10)
    assert life.said()[-1] == DRINK


def test_no_wash_for_somebody_who_said_that_they_are_alone() -> None:
    """Whoever answered "with someone" may say so without setting anything up."""
    wash = {"channels": [{"notify": PHONE}], "wash": WASH}
    life = life_at("20:25", prompts=wash)
    life.say("alone")
    due(life)
    life.measures(20.0, minutes=10)
    assert life.said() == [DRINK]


def test_a_notice_is_not_spoken_to_an_empty_home() -> None:
    """It waits until the person is back."""
    life = life_at("12:00", prompts={"channels": [SPEAKER]})
    life.measure(20.0)
    life.event(PresenceChanged(at=life.now, source="phone", person="anna", at_home=False))
    life.wait(hours=5)
    assert life.said() == []
    life.event(PresenceChanged(at=life.now, source="phone", person="anna", at_home=True))
    life.wait(minutes=31)
    assert len(life.said()) == 1


def test_a_prompt_that_failed_is_not_said_elsewhere_in_quiet_hours() -> None:
    """One channel's late refusal is no reason to wake anybody."""
    at = {"says": "One good thing", "at": ["22:29"]}
    life = life_at("22:29", prompts={"channels": [{"notify": PHONE}, SPEAKER]}, reminders={"note": at})
    due(life, "reminder_note")
    life.wait(minutes=2)
    (sent,) = [action for action in life.actions if action.once]
    life.actions = []
    life.returned(sent, "unreachable")
    assert life.said() == []


def test_a_prompt_that_was_answered_is_not_said_elsewhere() -> None:
    """The answer came by a button before the phone's failure was known."""
    life = life_at("20:25", prompts={"channels": [{"notify": PHONE}, SPEAKER]})
    due(life)
    life.wait(minutes=5)
    (sent,) = [action for action in life.actions if action.once]
    life.actions = []
    life.answer("done", "drink")
    life.returned(sent, "unreachable")
    assert life.said() == []


def test_a_pause_of_everything_lets_guided_movement_fall_silent() -> None:
    """One switch pauses everything."""
    moves = [{"says": "Roll the feet", "hold": "30 s", "times": 5}]
    prompts = {"channels": [SPEAKER], "stretch": {"moves": moves}}
    life = life_at("18:00", prompts=prompts)
    life.routine("stretch")
    life.answer("begin", "stretch")
    life.wait(seconds=20)
    pause(life, "")
    assert life.said()[-1] == "Paused."
    life.wait(minutes=5)
    assert life.said() == []


def test_a_pause_keeps_its_time_when_the_clock_is_set_back() -> None:
    """It was said until when."""
    life = life_at("20:00")
    pause(life, "lights", hours=3)
    until = life.engine.world.pauses.until["lights"]
    life.now -= timedelta(hours=2)
    life.event(TimePassed(at=life.now, source="clock"))
    assert life.engine.world.pauses.until == {"lights": until}


def test_whether_the_night_is_asked_about_is_not_published() -> None:
    """Only after a restless night there is a question, so the routine's state would tell it."""
    names = own_routines(life_at("20:00").engine)
    assert "wind_down" in names
    assert "morning" not in names


def test_a_long_notice_is_spoken_in_pieces() -> None:
    """At most twelve words at once."""
    life = life_at("12:00", prompts={"channels": [SPEAKER]})
    life.engine.world.desk.tell("x", "one " * 20, life.now)
    life.wait(minutes=40)
    assert all(len(piece.split()) <= 12 for text in life.said() for piece in text.split("."))

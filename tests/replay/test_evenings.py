"""Whole evenings with their golden outcomes, and what must be true of each, written down by hand."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from devices.actions import Action
from devices.events import ActionReturned
from integration.recording import parse_line
from integration.replay import Replay
from rules.decisions import Decision
from tests.replay.generate import EVENINGS, TOLD, actions_text, decisions_text, new_household, play, recording
from tests.replay.lines import message, stamp
from tests.replay.scenes import BERLIN, SCENES, Evening

DRINK, STRETCH = "Time for your last larger drink?", "Time for a stretch or some gentle movement?"
RATING, NIGHT = "One number for today, zero to ten?", "How was your night?"
TURN = "Time to turn over."
PROMPTS = {DRINK, STRETCH, RATING}


@functools.cache
def lived(name: str) -> tuple[list[Action], list[Decision]]:
    """What was done and decided on an evening."""
    return play(name)


def clock(at: datetime) -> str:
    """The time on the wall."""
    return f"{at.astimezone(BERLIN):%H:%M}"


def heard(actions: Iterable[Action], start: str = "") -> list[tuple[str, str]]:
    """When something was said to Anna, and what; only over services that begin with ``start``."""
    said = [action for action in actions if "message" in action.data and "bens" not in action.service]
    return [(clock(action.at), str(action.data["message"])) for action in said if action.service.startswith(start)]


def lamp(actions: Iterable[Action], entity: str = "light.bedside") -> list[tuple[str, object]]:
    """When a lamp was told what: its brightness, or off."""
    told = [action for action in actions if action.entity == entity]
    return [(clock(action.at), action.data.get("brightness_pct", "off")) for action in told]


def texts(decisions: Iterable[Decision], about: str) -> list[tuple[str, str]]:
    """When something was decided, and what."""
    return [(clock(decision.at), decision.text) for decision in decisions if decision.about == about]


def fed(name: str, lines: Iterable[str]) -> list[Action]:
    """What is done with these lines, in the home of an evening."""
    replay, found = Replay(new_household(name)), list[Action]()
    for number, line in enumerate(lines, start=1):
        found += replay.feed(parse_line(line, number))
    return found


def with_answer(name: str, at: datetime, body: dict[str, Any]) -> list[str]:
    """The lines of an evening, and one answer more."""
    line = json.dumps({"tst": stamp(at), **message("unclench/anna/answer", body)})
    return sorted([*recording(name).splitlines(), line], key=lambda text: parse_line(text, 1).at)


# -- golden, and through restarts


@pytest.mark.parametrize("name", TOLD)
def test_the_outcome_is_as_reviewed(name: str) -> None:
    """Changed on purpose? Run ``python -m tests.replay.generate`` and review the diff."""
    actions, decisions = lived(name)
    assert actions_text(actions) == (EVENINGS / name / "actions.jsonl").read_text(encoding="utf-8")
    assert decisions_text(name, decisions) == (EVENINGS / name / "decisions.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCENES)
def test_a_restart_at_every_line_changes_nothing(name: str) -> None:
    """Snapshot to text, a new household, on with the next line."""
    actions, decisions = play(name, restarts=True)
    assert actions == lived(name)[0]
    assert decisions == lived(name)[1]


# -- all evenings


@pytest.mark.parametrize("name", TOLD)
def test_nothing_is_said_in_quiet_hours(name: str) -> None:
    """But what the person allowed to be."""
    quiet = [(at, said) for at, said in heard(lived(name)[0]) if (at >= "22:30" or at < "07:30") and said != TURN]
    assert not quiet


@pytest.mark.parametrize("name", TOLD)
def test_no_lamp_is_made_brighter_or_changed_at_once(name: str) -> None:
    """From the whole light on, or from where a hand had put it."""
    told = [action for action in lived(name)[0] if (action.entity or "").startswith("light.")]
    assert {action.service for action in told} <= {"light.turn_on", "light.turn_off"}
    for entity in {action.entity for action in told}:
        levels = [int(str(action.data.get("brightness_pct", 0))) for action in told if action.entity == entity]
        assert levels == sorted(levels, reverse=True)
    assert all(float(str(action.data["transition"])) >= 15 * 60 for action in told if action.service == "light.turn_on")


@pytest.mark.parametrize("name", TOLD)
def test_three_prompts_an_evening_and_each_at_most_twice_unanswered(name: str) -> None:
    """A prompt that is put off comes back; one that is not comes twice at most. None but the three is offered."""
    said = [words for at, words in heard(lived(name)[0]) if at > "14:00"]
    evenings = 2 if name.startswith("clock") else 1
    put_off = sum("comes back" in decision.text for decision in lived(name)[1])
    for words in PROMPTS:
        assert said.count(words) <= 2 * evenings + put_off


@pytest.mark.parametrize("name", TOLD)
def test_every_step_has_one_outcome(name: str) -> None:
    """It happened, or is left out with a reason."""
    outcomes: dict[tuple[str, str], int] = {}
    for decision in lived(name)[1]:
        if decision.about == "routine wind_down" and decision.text.startswith("step") and "waits:" not in decision.text:
            night = f"{decision.at.astimezone(BERLIN):%d}"
            key = night, decision.text.partition(" of ")[0]
            outcomes[key] = outcomes.get(key, 0) + 1
    nights = {night for night, _ in outcomes}
    assert outcomes == {(night, f"step {number}"): 1 for night in nights for number in range(1, 7)}
    assert len(nights) == (2 if name.startswith("clock") else 1)


# -- one by one


def test_an_ordinary_evening() -> None:
    actions, _ = lived("ordinary")
    assert heard(actions) == [("20:30", DRINK), ("21:30", STRETCH), ("22:15", RATING)]
    assert lamp(actions) == [("19:30", 30), ("22:00", 10), ("22:32", 3), ("22:47", "off")]


def test_a_hot_evening_is_cooled_and_wound_down() -> None:
    actions, _ = lived("hot")
    cooled = [clock(action.at) for action in actions if action.service == "climate.set_hvac_mode"]
    assert cooled[0] < "21:00"
    assert {said for _, said in heard(actions)} == PROMPTS


def test_to_bed_early_no_stretch_comes_any_more() -> None:
    """What can be said in bed is the rating; the light is out before the usual time."""
    actions, decisions = lived("early")
    assert {said for at, said in heard(actions) if at >= "21:05"} == {RATING}
    assert ("21:20", "step 3 of 6 of the wind down routine (stretch) is left out: you went to bed early") in texts(
        decisions, "routine wind_down"
    )
    assert lamp(actions)[-1] == ("21:35", "off")


def test_to_bed_early_a_stretch_that_was_put_off_stays_away() -> None:
    evening = Evening("2026-05-13")
    evening.begin()
    evening.answer("21:31", "stretch", "later")
    evening.sleep("21:33")
    lines = sorted(evening.lines, key=lambda line: line[0])
    actions = fed("early", [json.dumps({"tst": stamp(at), **body}) for at, body in lines])
    assert STRETCH not in {said for at, said in heard(actions) if at >= "21:48"}


def test_home_late_what_is_over_is_left_out() -> None:
    """At 21:52: no drink, no first light; the stretch is still in time. The lamp goes out with the person in bed."""
    actions, decisions = lived("late")
    assert heard(actions)[0] == ("21:52", STRETCH)
    assert DRINK not in {said for _, said in heard(actions)}
    assert lamp(actions)[0] == ("22:00", 10)
    assert lamp(actions)[-1][1] == "off"
    assert "00:40" <= lamp(actions)[-1][0] < "02:00"
    left_out = [text for _, text in texts(decisions, "routine wind_down") if "is left out" in text]
    assert [text.partition(" of ")[0] for text in left_out] == ["step 1", "step 2"]
    assert all(text.endswith("you are away") for text in left_out)


def test_away_only_what_the_person_wrote_is_said() -> None:
    actions, decisions = lived("away")
    assert heard(actions) == [("21:00", "A glass of water."), ("21:10", "A glass of water.")]
    assert {action.service for action in actions} == {"notify.mobile_app_anna"}
    assert ("23:00", "the wind down routine is over: nothing of it happened today") in texts(
        decisions, "routine wind_down"
    )


def test_with_the_phone_off_the_speaker_speaks() -> None:
    """Until the phone is back, at 21:50."""
    actions, _ = lived("phone_off")
    assert heard(actions, "tts.")[0] == ("20:30", DRINK)
    assert {said for _, said in heard(actions, "tts.")} == {DRINK, STRETCH}
    assert all(at < "21:50" for at, _ in heard(actions, "tts."))
    assert {said for _, said in heard(actions, "notify.")} == {RATING}


def test_a_phone_that_refuses_is_followed_by_the_speaker() -> None:
    """It looks as if it were there, but the message does not leave."""
    replay, spoken = Replay(new_household("phone_off")), list[Action]()
    for number, text in enumerate(recording("phone_off").splitlines(), start=1):
        if '"unavailable"' in text:
            continue
        line = parse_line(text, number)
        waiting = replay.feed(line)
        while waiting:
            action = waiting.pop(0)
            spoken.append(action)
            if action.service.startswith("notify."):
                event = ActionReturned(at=line.at, source="test", id="test", action=action.id, result="refused")
                waiting += replay.take("anna", event)
    assert heard(spoken, "tts.")[0][1] == DRINK
    # The last refusal is heard of in quiet hours, and wakes nobody.
    assert len(heard(spoken, "tts.")) == len(heard(spoken, "notify.")) - 1


def test_later_is_taken_twice() -> None:
    """Three times in all; and never into the quiet hours."""
    actions, decisions = lived("later_twice")
    assert [at for at, said in heard(actions) if said == DRINK] == ["20:30", "20:52", "21:15"]
    assert [at for at, said in heard(actions) if said == STRETCH] == ["21:30", "21:40", "22:00"]
    assert texts(decisions, "prompt drink")[-1] == (
        "21:20",
        "you answered later; it is left out for today: it was put off 2 times",
    )
    assert texts(decisions, "prompt stretch")[-1] == (
        "22:12",
        "you answered later; it is left out for today: later would be in your quiet hours",
    )


def test_a_lamp_that_was_touched_is_left_alone() -> None:
    """For two hours; the other goes on. One that was switched off stays off."""
    actions, _ = lived("lamp_touched")
    assert not [at for at, _ in lamp(actions) if "19:30" < at < "21:42"]
    assert [at for at, _ in lamp(actions, "light.shelf")] == ["19:30", "22:00"]
    assert lamp(actions)[-1] == ("22:47", "off")


def test_after_the_power_cut_what_is_over_is_not_made_up_for() -> None:
    """21:40 to 22:05. The light of 22:00 is still in time; the stretch was offered before, and is not again."""
    actions, decisions = lived("power_cut")
    assert not [action for action in actions if "21:40" <= clock(action.at) < "22:05"]
    assert heard(actions) == [("20:30", DRINK), ("21:30", STRETCH), ("22:15", RATING)]
    assert lamp(actions) == [("19:30", 30), ("22:05", 10), ("22:32", 3), ("22:47", "off")]
    assert not [at for at, _ in texts(decisions, "routine wind_down") if "21:40" <= at < "22:05"]


@pytest.mark.parametrize(("name", "turned_at"), [("clock_forward", "03:00"), ("clock_back", "02:30")])
def test_on_the_night_of_the_clock_change_all_comes_once_and_by_the_clock_on_the_wall(
    name: str, turned_at: str
) -> None:
    """What is not answered is offered once more 10 minutes later. The time that there is not is the end of the gap."""
    said = heard(lived(name)[0])
    both = ["20:30", "20:40"], ["21:30", "21:40"], ["22:15", "22:25"]
    for words, times in zip((DRINK, STRETCH, RATING), both, strict=True):
        assert [at for at, each in said if each == words] == times * 2
    assert [at for at, each in said if each == TURN] == [turned_at]
    assert len([at for at, each in said if each == NIGHT]) == 2


def test_the_time_that_comes_twice_is_its_first() -> None:
    (turned,) = (action for action in lived("clock_back")[0] if action.data.get("message") == TURN)
    assert turned.at.astimezone(ZoneInfo("Europe/Berlin")).tzname() == "CEST"


@pytest.mark.parametrize(
    "name",
    [
        "clock_forward",
        "clock_back",
    ],
)
def test_the_question_after_the_night_comes_when_the_person_gets_up(name: str) -> None:
    assert ("07:35", NIGHT) in heard(lived(name)[0])


def test_after_alcohol_there_is_no_bath() -> None:
    actions, decisions = lived("bath_alcohol")
    assert heard(actions)[0] == ("20:30", DRINK)
    assert not [said for _, said in heard(actions) if "wash" in said or "bath" in said.lower()]
    assert texts(decisions, "prompt wash") == [("20:30", "not offered: you reported alcohol")]


def test_a_bath_is_asked_after_and_then_the_contact_is_told() -> None:
    """At 10 and 13 minutes; at 16 the contact, once."""
    actions, _ = lived("bath")
    offered = heard(actions)[0]
    assert offered[0] == "20:30"
    assert "lukewarm" in offered[1]
    asked = [clock(action.at) for action in actions if action.data.get("title") == "Out of the bath?"]
    assert asked == ["20:47", "20:50"]
    told = [action for action in actions if action.service == "notify.mobile_app_bens_phone"]
    assert [clock(action.at) for action in told] == ["20:53"]


@pytest.mark.parametrize(("at", "asked"), [("20:45", 0), ("20:48", 1), ("20:52", 2)])
def test_who_is_out_of_the_bath_is_asked_no_more_and_nobody_is_told(at: str, asked: int) -> None:
    body = {"prompt": "bath_check", "answer": "done"}
    actions = fed("bath", with_answer("bath", Evening("2026-05-25").at(at), body))
    assert [action.data.get("title") for action in actions].count("Out of the bath?") == asked
    assert "notify.mobile_app_bens_phone" not in {action.service for action in actions}

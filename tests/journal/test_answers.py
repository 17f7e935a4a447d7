"""Answers, pauses and controls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from journal.answers import LATE_PAUSE, NOTED, NOTHING_OPEN
from journal.meaning import Meaning
from journal.outcome import Ask
from tests.journal.desk_room import EVENING, HOUR, MINUTE, ZONE, Desk, said


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("reply", "word"),
    [("done", "done"), ("later", "later"), ("skip", "skip"), ("yes", "done"), ("no", "skip")],
)
def test_what_is_open_is_answered(reply: str, word: str) -> None:
    desk = Desk()
    desk.offered("stretch")
    outcome = desk.answer(reply)
    assert outcome.asks == (Ask(kind="answer", word=word),)
    assert outcome.changes == ()


def test_later_until_a_time() -> None:
    desk = Desk()
    desk.offered("drink")
    outcome = desk.answer("until", until=EVENING + HOUR)
    assert outcome.asks == (Ask(kind="answer", word="later", until=EVENING + HOUR),)
    assert outcome.says == "Later, at 22:00."


def test_an_answer_to_nothing_is_told_so_and_is_no_entry() -> None:
    """There is nothing in it to keep."""
    desk = Desk()
    outcome = desk.answer("done", raw="done")
    assert (outcome.says, outcome.asks) == (NOTHING_OPEN, ())
    assert outcome.changes == ()


def test_stop_always_stops() -> None:
    outcome = Desk().answer("stop_now")
    assert outcome.asks == (Ask(kind="answer", word="stop"),)


def test_what_runs_is_steered() -> None:
    desk = Desk()
    desk.home = replace(desk.home, steers="stretch")
    for word in ("next", "stop"):
        assert desk.say(Meaning(purpose="control", raw="", control=word)).asks == (Ask(kind="answer", word=word),)
    assert desk.answer("no").asks == (Ask(kind="answer", word="no"),)
    assert desk.say(Meaning(purpose="control", raw="", control="pause")).asks == (Ask(kind="answer", word="pause"),)


def test_a_routine_is_begun() -> None:
    outcome = Desk().say(Meaning(purpose="control", raw="", control="begin", about="wind_down"))
    assert outcome.asks == (Ask(kind="routine", name="wind_down", word="begin"),)
    assert outcome.says == "Starting the wind-down."


def test_the_night_that_was() -> None:
    desk = Desk()
    desk.now = at("2026-07-15T08:00").astimezone(EVENING.tzinfo)
    desk.offered("night")
    outcome = desk.answer("yes")
    assert outcome.says == "Night waking, last night, noted."
    entry = desk.only
    assert (entry.kind, entry.what, entry.precision, entry.woke) == ("symptom", "night_waking", "part_of_day", True)
    assert entry.occurred_at == at("2026-07-15T03:30")
    assert outcome.asks[-1] == Ask(kind="answer", name="night", word="yes")
    desk = Desk()
    desk.offered("night")
    outcome = desk.answer("no")
    assert (desk.only.kind, desk.only.what) == ("none", "night_waking")
    assert outcome.asks == (Ask(kind="answer", name="night", word="no"),)


def test_the_evening_is_left_alone() -> None:
    outcome = Desk().answer("stop_tonight")
    assert outcome.asks == (Ask(kind="pause", name="prompts", until=at("2026-07-15T07:30")),)
    assert outcome.says == "Prompts are paused until tomorrow at 07:30. The night path stays on."


def test_after_midnight_tonight_ends_this_morning() -> None:
    desk = Desk()
    desk.now = at("2026-07-15T01:00").astimezone(EVENING.tzinfo)
    assert desk.answer("stop_tonight").asks[0].until == at("2026-07-15T07:30")


def test_a_pause_says_until_when() -> None:
    desk = Desk()
    monday = at("2026-07-20T07:30").astimezone(EVENING.tzinfo)
    outcome = desk.answer("pause_until", until=monday)
    assert outcome.asks == (Ask(kind="pause", name="", until=monday),)
    assert outcome.says == "Everything is paused until Monday at 07:30. The night path stays on."
    assert desk.answer("pause_until", until=EVENING - MINUTE).says == LATE_PAUSE
    assert desk.answer("resume", about="cooling").asks == (Ask(kind="pause", name="cooling"),)


def test_a_number_answers_the_rating() -> None:
    desk = Desk()
    desk.offered("rating")
    outcome = desk.answer(rating=7)
    assert (desk.only.kind, desk.only.what, desk.only.severity) == ("rating", "stiffness", 7)
    assert outcome.asks == (Ask(kind="answer", name="rating", word="done", value=7),)
    assert outcome.says == "Stiffness, seven."


def test_a_number_is_the_strength_of_what_was_just_logged() -> None:
    desk = Desk()
    desk.log(said(place="leg", side="left"))
    desk.wait(MINUTE)
    outcome = desk.answer(rating=6)
    assert outcome.says == "Left leg spasm, six."
    assert (desk.only.severity, outcome.changes[0].op) == (6, "set_severity")


@pytest.mark.parametrize("late", [True, False])
def test_a_number_about_nothing_is_kept_as_a_note(late: bool) -> None:
    desk = Desk()
    desk.log(said(severity=None if late else 3))
    desk.wait(3 * MINUTE if late else MINUTE)
    outcome = desk.answer(rating=7, raw="seven")
    assert outcome.says == "Seven of what? Say for example: stiffness seven."
    assert [entry.kind for entry in desk.entries] == ["symptom", "note"]


def test_a_number_for_two() -> None:
    desk = Desk()
    desk.log(said(), said("pain"))
    outcome = desk.answer(rating=7)
    assert outcome.says == "Which one? Say for example: make the spasm a seven."
    assert outcome.changes == ()


def test_short_answers() -> None:
    desk = Desk()
    desk.offered("drink")
    assert desk.answer("done").says == NOTED

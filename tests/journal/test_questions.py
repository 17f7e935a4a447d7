"""Questions: from the journal and the home, short, and never a word more than is known."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from journal.context import Context, Home, Reading
from journal.meaning import QUERIES
from tests.journal.desk_room import DAY, EVENING, HOUR, ZONE, Desk, said


def back(span: timedelta, what: str = "spasm", **more: object) -> object:
    return said(what, occurred_at=EVENING - span, **more)


def logged(*things: object) -> Desk:
    desk = Desk()
    for thing in things:
        desk.log(thing)  # type: ignore[arg-type]
    return desk


def test_how_many_this_week() -> None:
    desk = logged(back(HOUR, count=2), back(2 * DAY), back(9 * DAY), back(HOUR, "stiffness"), back(DAY, "stiffness"))
    assert desk.ask("count_week", about="spasm") == "Three spasms in seven days, on two days."
    assert desk.ask("count_week", about="stiffness") == "Stiffness twice in seven days, on two days."
    assert desk.ask("count_week", about="spasm", days=14) == "Four spasms in 14 days, on three days."
    assert desk.ask("count_week") == "Five symptoms in seven days, on three days."
    assert desk.ask("count_today", about="spasm") == "Two spasms today."
    assert desk.ask("count_today", about="stiffness") == "Stiffness once today."


def test_no_entry_is_not_no_symptom() -> None:
    desk = Desk()
    nothing = "Nothing is logged in seven days. That does not mean there was nothing."
    assert desk.ask("count_week", about="spasm") == nothing
    desk.log(back(DAY, "caffeine", kind="report"))  # type: ignore[arg-type]
    assert desk.ask("count_week", about="spasm") == "No spasms logged in seven days. You logged something on one day."
    assert "Nothing is logged today" in desk.ask("logged_today")
    desk.log(said(kind="none", precision="day"))
    assert desk.ask("count_today", about="spasm") == "You said: no spasms today."
    assert desk.ask("count_week", about="caffeine") == "Caffeine once in seven days, on one day."


def test_the_last_bad_one() -> None:
    desk = logged(back(3 * DAY, severity=8, place="leg", side="left"), back(HOUR, severity=4))
    assert desk.ask("last_bad") == "Your last bad one: left leg spasm, eight, on Saturday at 21:00."
    assert desk.ask("last_bad", about="pain") == "Nothing of seven or more is logged."


def test_the_last_entry_and_the_day() -> None:
    desk = logged(
        back(5 * HOUR, "caffeine", kind="report"), back(HOUR, count=2), back(0 * HOUR, "stiffness", severity=6)
    )
    assert desk.ask("last_entry") == "Last: stiffness, six, today at 21:00."
    assert desk.ask("logged_today") == "Today: caffeine, two spasms and stiffness."
    assert desk.ask("say_again") == "Stiffness, six."


def test_opinions_are_counted_and_medicine_is_never_shown() -> None:
    desk = logged(back(HOUR, suspected=("heat", "missed_meds")), back(DAY, suspected=("heat", "stress")))
    assert desk.ask("triggers") == "You suspected heat twice and stress once. I have not worked out patterns yet."
    desk = logged(back(HOUR, suspected=("missed_meds",)))
    assert desk.ask("triggers") == "You have not named a cause yet. I have not worked out patterns yet."


def test_last_night_against_the_usual() -> None:
    desk = Desk()
    desk.now = datetime(2026, 7, 15, 9, 0, tzinfo=ZONE).astimezone(EVENING.tzinfo)
    three = datetime(2026, 7, 15, 3, 0, tzinfo=ZONE).astimezone(EVENING.tzinfo)
    assert desk.ask("last_night") == "Nothing is logged for last night, so I cannot compare it."
    desk.log(said(occurred_at=three, count=3))
    assert desk.ask("last_night") == "Last night you logged three symptoms. I have too few nights to compare."
    for night in range(1, 6):
        desk.log(said(occurred_at=three - night * DAY))
    assert desk.ask("last_night") == "Last night you logged three symptoms, your usual is one. That is more than usual."


def test_a_night_without_activity_is_not_a_quiet_night() -> None:
    desk = Desk()
    desk.now = datetime(2026, 7, 15, 9, 0, tzinfo=ZONE).astimezone(EVENING.tzinfo)
    three = datetime(2026, 7, 15, 3, 0, tzinfo=ZONE).astimezone(EVENING.tzinfo)
    for night in range(5):
        desk.log(said(occurred_at=three - 2 * night * DAY))  # every other night nothing is known
    assert "too few nights" in desk.ask("last_night")


def test_the_summary() -> None:
    desk = logged(back(HOUR, severity=8, count=3), back(DAY, severity=4), back(2 * DAY, "stiffness"))
    assert desk.ask("nurse_summary") == (
        "In seven days: four spasms and stiffness, the worst eight, on three days."
        " You logged something on three of seven days."
    )
    assert "does not mean" in Desk().ask("nurse_summary")


def test_why_the_fan_is_on() -> None:
    desk = Desk()
    desk.home = Home(why={"fan": "The fan is on because the bedroom is 24.5 °C"})
    assert desk.ask("why_fan") == "The fan is on because the bedroom is 24.5 °C."
    assert desk.ask("why_fan", about="light") == "I have nothing on record about the light."


@pytest.mark.parametrize(
    ("temperature", "fahrenheit", "says"),
    [
        (Reading(value=23.46, quality="fresh"), False, "The bedroom is 23.5 °C, humidity 55 %."),
        (Reading(value=20.0, quality="fresh"), True, "The bedroom is 68 °F, humidity 55 %."),
        (
            Reading(value=23.0, quality="stale", age_minutes=40.2),
            False,
            "The bedroom was 23 °C 40 minutes ago. I have nothing newer.",
        ),
        (Reading(value=None, quality="missing"), False, "I do not know how warm the bedroom is. No reading has come."),
        (None, False, "I do not know how warm the bedroom is. No reading has come."),
    ],
)
def test_the_room(temperature: Reading | None, fahrenheit: bool, says: str) -> None:
    desk = Desk()
    context = Context(temperature=temperature, humidity=Reading(value=55.2, quality="fresh"))
    desk.home = Home(context=context, fahrenheit=fahrenheit)
    assert desk.ask("room_now") == says


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("full", [False, True])
def test_every_question_has_two_short_sentences_at_most(query: str, full: bool) -> None:
    desk = Desk()
    if full:
        for hours in range(0, 24 * 20, 5):
            for what in ("spasm", "stiffness", "pain", "hug", "clonus", "fatigue"):
                desk.log(back(hours * HOUR, what, severity=7, suspected=("heat", "cold", "stress", "alcohol")))  # type: ignore[arg-type]
    says = desk.ask(query)
    assert says.endswith(".")
    assert 1 <= says.replace("? ", ". ").count(". ") + 1 <= 2
    assert len(says.split()) <= 36

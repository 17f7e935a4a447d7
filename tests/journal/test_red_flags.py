"""When a red flag is shown, in which words, and how often; and that nothing is kept of the worst hours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from journal.meaning import Meaning, Said
from journal.outcome import Outcome
from tests.journal.desk_room import DAY, EVENING, HOUR, MINUTE, PERSON, Desk, said

TODAY = "This needs a nurse or doctor today. Call your MS team, GP or advice line."
CALL = "This may be an emergency. Call your emergency number now."
LASTING = "This has lasted more than a day. Let your MS nurse know."
MORE = "Let your MS nurse know in the next day or two."


def tiers(outcome: Outcome) -> list[str]:
    return [flag.tier for flag in outcome.flags]


def shown(outcome: Outcome) -> list[str]:
    return [flag.reason for flag in outcome.flags if flag.shown]


def test_it_is_saved_first_and_the_words_come_last() -> None:
    desk = Desk()
    outcome = desk.log(said("hug", place="ribs", severity=6), raw="my ribs are squeezing and I can't breathe")
    assert outcome.says == f"Hug round the ribs, six. {CALL}"
    assert desk.only.severity == 6
    assert tiers(outcome) == ["call_now"]


def test_a_note_is_kept_with_its_flag() -> None:
    desk = Desk()
    outcome = desk.say(Meaning(purpose="note", raw="my chest hurts"))
    assert outcome.says == f"Kept as a note. {CALL}"
    assert desk.only.raw == "my chest hurts"


def test_the_numbers_of_the_profile() -> None:
    help_ = {"emergency": "112", "crisis_line": "116 123"}
    contacts = [
        {"name": "Nurse Joy", "phone": "0301", "role": "ms_team"},
        {"name": "Ward 3", "phone": "0302", "role": "pump_team"},
        {"name": "Dr Lee", "role": "doctor"},
    ]
    desk = Desk(help=help_, contacts=contacts)

    def says(raw: str) -> str:
        return desk.say(Meaning(purpose="note", raw=raw)).says.removeprefix("Kept as a note. ")

    assert says("I can't breathe") == "This may be an emergency. Call 112 now."
    assert says("my pump is beeping") == (
        "Stopping this kind of medicine suddenly can be dangerous. Call 112 or your pump team, Ward 3, 0302, now."
    )
    assert says("I fell over") == (
        "This needs a nurse or doctor today. Call your MS team, Nurse Joy, 0301, or your GP, Dr Lee."
    )
    assert says("side effects") == "Let your MS nurse, Nurse Joy, 0301, know in the next day or two."
    assert says("I want to die") == "Please talk to somebody now: call 116 123. If you are in danger, call 112."


def test_the_words_without_any_number() -> None:
    def says(raw: str) -> str:
        return Desk().say(Meaning(purpose="note", raw=raw)).says.removeprefix("Kept as a note. ")

    assert says("I can't swallow") == CALL
    assert says("I stopped my baclofen") == (
        "Stopping this kind of medicine suddenly can be dangerous. Call your emergency number or your pump team now."
    )
    assert says("I fell over") == TODAY
    assert says("stiffness for three days") == LASTING


@pytest.mark.parametrize(
    ("thing", "tier"),
    [
        (said("fever", kind="report"), "today"),
        (said("fever", kind="report", celsius=38.0), "today"),
        (said("fever", kind="report", celsius=37.9), ""),
        (said("fever", kind="report", over=True), ""),
        (said("fall", kind="report"), "today"),
        (said("spasm", place="throat"), "call_now"),
        (said("pain", place="back", severity=10), ""),
        (said("pain", going_on=True, occurred_at=EVENING - 25 * HOUR), "next_days"),
        (said("pain", going_on=True, occurred_at=EVENING - 23 * HOUR), ""),
        (said("spasm", severity=9, count=2), "today"),
        (said("infection", kind="report"), ""),
    ],
)
def test_what_is_logged_without_a_word(thing: Said, tier: str) -> None:
    assert (tiers(Desk().log(thing)) or [""])[0] == tier


def test_twice_nine_within_the_hour() -> None:
    desk = Desk()
    assert tiers(desk.log(said(severity=9))) == []
    desk.wait(59 * MINUTE)
    outcome = desk.log(said("pain", severity=10))
    assert outcome.says == f"Pain, ten. {TODAY}"
    desk.wait(7 * HOUR)
    assert tiers(desk.log(said(severity=9))) == []


def test_a_correction_counts_as_well() -> None:
    desk = Desk()
    desk.log(said(severity=9))
    desk.log(said(severity=4))
    assert tiers(desk.change("set_severity", said("", severity=9))) == ["today"]
    assert tiers(desk.change("undo")) == []


def test_still_going_after_a_day() -> None:
    desk = Desk()
    desk.log(said("pain", going_on=True))
    desk.wait(23 * HOUR)
    assert tiers(desk.change("still_going")) == []
    desk.wait(2 * HOUR)
    assert desk.change("still_going").says == f"Pain still going, noted. {LASTING}"


def days_of_spasms(desk: Desk, days: int, each: int) -> None:
    for day in range(1, days + 1):
        desk.log(said(count=each, occurred_at=EVENING - day * DAY - HOUR))


def test_far_more_spasms_than_ever() -> None:
    desk = Desk()
    days_of_spasms(desk, 20, 2)
    assert tiers(desk.log(said(count=5))) == []
    outcome = desk.log(said())
    assert [(flag.tier, flag.reason) for flag in outcome.flags] == [("next_days", "more_than_usual")]
    assert outcome.says == f"Spasm, noted. {MORE}"


def test_with_few_days_nothing_is_unusual() -> None:
    desk = Desk()
    days_of_spasms(desk, 13, 1)
    assert tiers(desk.log(said(count=30))) == []


def test_more_than_three_times_is_not_enough_where_it_was_so_before() -> None:
    desk = Desk()
    days_of_spasms(desk, 20, 2)
    desk.log(said(count=20, occurred_at=EVENING - 30 * DAY))
    assert tiers(desk.log(said(count=10))) == []


@pytest.mark.parametrize(("later", "again"), [(timedelta(hours=5, minutes=59), False), (timedelta(hours=6), True)])
def test_the_same_reason_once_in_six_hours(later: timedelta, again: bool) -> None:
    desk = Desk()
    assert shown(desk.log(said("fall", kind="report"))) == ["fall"]
    desk.wait(later)
    outcome = desk.log(said("fall", kind="report"))
    assert (tiers(outcome), bool(shown(outcome))) == (["today"], again)
    assert outcome.says == ("Fall, noted." if not again else f"Fall, noted. {TODAY}")


def test_another_reason_is_shown_at_once_and_an_emergency_always() -> None:
    desk = Desk()
    desk.log(said("fall", kind="report"))
    assert shown(desk.log(said("fever", kind="report"))) == ["fever"]
    for _ in range(3):
        assert shown(desk.say(Meaning(purpose="note", raw="I can't breathe"))) == ["breathing"]
        assert desk.say(Meaning(purpose="note", raw="my pump is beeping")).flags[0].shown


def test_a_note_that_points_to_help_is_never_called_not_understood() -> None:
    desk = Desk()
    for _ in range(2):
        assert desk.say(Meaning(purpose="note", raw="there is blood in my urine")).says.startswith("Kept as a note.")


def test_the_most_urgent_is_said_and_the_others_count() -> None:
    desk = Desk()
    outcome = desk.say(Meaning(purpose="note", raw="I fell over, and I can't breathe"))
    assert [(flag.reason, flag.shown) for flag in outcome.flags] == [("breathing", True), ("fall", False)]
    assert outcome.says.count(".") == 3
    assert desk.book.flagged_at(PERSON, "fall") is None


@pytest.mark.parametrize(
    "meaning",
    [
        Meaning(purpose="note", raw="I want to kill myself"),
        Meaning(purpose="log", raw="spasm seven I want to die", said=(said(severity=7),)),
        Meaning(purpose="answer", raw="I don't want to live any more", reply="skip"),
        Meaning(purpose="note", raw="I want to end it all and I can't breathe"),
    ],
)
def test_of_low_mood_nothing_is_kept(meaning: Meaning) -> None:
    desk = Desk(journal={"keep_words": True})
    outcome = desk.say(meaning)
    assert (outcome.changes, outcome.asks) == ((), ())
    assert outcome.says == (
        "Please talk to somebody now, or call a crisis line. If you are in danger, call your emergency number."
    )
    (flag,) = outcome.flags
    assert (flag.tier, flag.kept, flag.says) == ("low_mood", False, outcome.says)
    assert desk.entries == []
    assert desk.book.history == []
    assert desk.book.shown == {}


def test_a_stop_stops_whatever_else_is_said() -> None:
    asks = Desk().say(Meaning(purpose="answer", raw="stop I want to die", reply="stop_now")).asks
    assert [ask.word for ask in asks] == ["stop"]


def test_a_note_that_came_without_a_sentence_is_read_as_well() -> None:
    assert tiers(Desk().log(said("pain", note="and my chest hurts"))) == ["call_now"]
    desk = Desk()
    assert tiers(desk.log(said("pain", note="I want to die"))) == ["low_mood"]
    assert desk.entries == []


def test_quiet_hours_hide_nothing() -> None:
    desk = Desk(quiet_hours={"from": "20:00", "to": "07:00"})
    assert shown(desk.log(said("fever", kind="report"))) == ["fever"]


def test_a_sore_throat_is_no_emergency() -> None:
    assert tiers(Desk().log(said("pain", place="throat"), raw="I have a sore throat")) == []
    assert tiers(Desk().log(said("pain", place="throat"))) == ["call_now"]

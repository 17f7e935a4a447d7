"""What is said becomes entries, asks of the engine and a short read-back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from journal.context import Context, Home, Reading
from journal.meaning import Meaning
from journal.outcome import Ask
from journal.read_back import LONGEST, NOTE, UNSURE, words
from tests.journal.desk_room import DAY, EVENING, HOUR, MINUTE, Desk, said


def test_a_spasm_is_saved_told_and_read_back() -> None:
    desk = Desk()
    outcome = desk.log(said(place="calf", side="left", severity=7, occurred_at=EVENING - 10 * MINUTE))
    assert outcome.says == "Left calf spasm, seven, ten minutes ago."
    entry = desk.only
    assert (entry.id, entry.kind, entry.severity, entry.logged_at) == ("m1.0", "symptom", 7, EVENING)
    assert outcome.changes[0].group == "m1"
    assert outcome.asks == (Ask(kind="symptom", name="spasm", value=7, at=EVENING - 10 * MINUTE),)


def test_a_missing_severity_is_legal_and_not_asked_for() -> None:
    outcome = Desk().log(said())
    assert outcome.says == "Spasm, noted."
    assert outcome.asks == (Ask(kind="symptom", name="spasm", value=None),)


def test_words_are_kept_only_where_the_person_agreed() -> None:
    desk = Desk()
    desk.log(said(), raw="log a spasm")
    assert desk.only.raw == ""
    desk = Desk(journal={"keep_words": True})
    desk.log(said(), raw="log a spasm")
    assert desk.only.raw == "log a spasm"


def test_a_note_keeps_its_words_always() -> None:
    desk = Desk()
    outcome = desk.say(Meaning(purpose="note", raw="the thing went funny"))
    assert outcome.says == NOTE
    assert (desk.only.kind, desk.only.raw) == ("note", "the thing went funny")


@pytest.mark.parametrize("purpose", ["log", "note"])
def test_between_two_readings_nothing_is_guessed(purpose: str) -> None:
    desk = Desk()
    outcome = desk.say(Meaning(purpose=purpose, raw="leg arm seven", said=(said(),), unsure=True))  # type: ignore[arg-type]
    assert outcome.says == UNSURE
    assert (desk.only.kind, outcome.asks) == ("note", ())


def test_no_words_are_no_note() -> None:
    desk = Desk()
    desk.say(Meaning(purpose="nothing", raw=""))
    assert desk.entries == []


def test_several_are_several_entries_and_one_sentence() -> None:
    desk = Desk()
    outcome = desk.log(said("stiffness", place="leg", side="both"), said("pain", place="back"))
    assert outcome.says == "Stiffness in both legs and back pain, noted." or words(outcome.says) <= LONGEST
    assert [entry.id for entry in desk.entries] == ["m1.0", "m1.1"]


def test_an_explicit_zero() -> None:
    desk = Desk()
    outcome = desk.log(said(kind="none", precision="day"))
    assert outcome.says == "No spasms today, noted."
    assert (desk.only.kind, outcome.asks) == ("none", ())


def test_the_period_is_taken_up_only_where_it_is_switched_on() -> None:
    desk = Desk(journal={"keep_words": True})
    outcome = desk.log(said("period", kind="report"), raw="my period started")
    assert "switched off" in outcome.says
    assert desk.entries == []
    desk.log(said("period", kind="report"), said(), raw="my period started and a spasm")
    assert [(entry.what, entry.raw) for entry in desk.entries] == [("spasm", "")]
    desk = Desk(journal={"period": True})
    assert desk.log(said("period", kind="report")).says == "Period, noted."
    assert desk.only.what == "period"


def test_the_home_is_kept_with_the_entry() -> None:
    desk = Desk()
    desk.home = Home(context=Context(temperature=Reading(value=24.5, quality="fresh", age_minutes=2)))
    desk.log(said())
    assert desk.only.context["temperature"]["value"] == 24.5


def test_a_time_to_come_is_taken_as_now_and_said_so() -> None:
    outcome = Desk().log(said(), about_late=True)
    assert outcome.says == "Spasm, noted. That time has not come yet, so I took it as now."


def test_nothing_is_stored_in_the_future() -> None:
    desk = Desk()
    desk.log(said(occurred_at=EVENING + HOUR))
    assert desk.only.occurred_at == EVENING


@pytest.mark.parametrize(
    ("thing", "ask"),
    [
        (said("slept_badly", kind="report"), ("poor_sleep", True)),
        (said("sleep", kind="report", severity=3), ("poor_sleep", 3)),
        (said("sleep", kind="report"), None),
        (said("stress", kind="report", severity=7), ("stress", 7)),
        (said("caffeine", kind="report"), ("caffeine", True)),
        (said("alcohol", kind="report"), ("alcohol", True)),
        (said("too_hot", kind="report"), ("too_hot", True)),
        (said("too_cold", kind="report"), ("too_cold", True)),
        (said("fever", kind="report"), ("fever", True)),
        (said("fever", kind="report", celsius=38.0), ("fever", True)),
        (said("fever", kind="report", celsius=37.2), None),
        (said("fever", kind="report", over=True), ("fever", False)),
        (said("infection", kind="report"), ("infection", True)),
        (said("infection", kind="report", over=True), ("infection", False)),
        (said("tight_clothing", kind="report"), ("tight_clothing", True)),
        (said("tight_clothing", kind="report", over=True), ("tight_clothing", False)),
        (said("exertion", kind="report"), ("exertion", True)),
        (said("bath", kind="report"), None),
        (said("bath", kind="report", subtype="hot"), ("hot_bath", True)),
        (said("fall", kind="report"), ("fall", True)),
        (said("meal", kind="report"), ("food", True)),
        (said("water", kind="report", count=2), None),
    ],
)
def test_what_the_engine_is_told_of_a_report(thing: object, ask: tuple[str, float | bool] | None) -> None:
    outcome = Desk().log(thing)  # type: ignore[arg-type]
    assert [(each.name, each.value) for each in outcome.asks] == ([ask] if ask else [])
    assert [each.kind for each in outcome.asks] == (["report"] if ask else [])
    assert len(outcome.changes) == 1


def test_a_bath_that_was_said_to_be_hot() -> None:
    assert Desk().log(said("bath", kind="report"), raw="I had a hot bath").asks[0].name == "hot_bath"
    assert Desk().log(said("bath", kind="report"), raw="I had a bath").asks == ()


def test_fatigue_is_a_symptom_and_a_trigger() -> None:
    asks = Desk().log(said("fatigue", severity=8)).asks
    assert [(ask.kind, ask.name, ask.value) for ask in asks] == [("symptom", "fatigue", 8), ("report", "fatigue", 8)]
    assert [ask.kind for ask in Desk().log(said("fatigue")).asks] == ["symptom"]


@pytest.mark.parametrize(
    ("what", "kind", "back", "told"),
    [
        ("spasm", "symptom", 11 * HOUR, True),
        ("spasm", "symptom", 13 * HOUR, False),
        ("too_hot", "report", 14 * MINUTE, True),
        ("too_hot", "report", 16 * MINUTE, False),
        ("too_cold", "report", 2 * HOUR, False),
        ("caffeine", "report", 5 * HOUR, True),
        ("caffeine", "report", 9 * HOUR, False),
        ("infection", "report", 3 * DAY, True),
    ],
)
def test_what_is_past_does_not_act_now(what: str, kind: str, back: timedelta, told: bool) -> None:
    outcome = Desk().log(said(what, kind=kind, occurred_at=EVENING - back))
    assert bool(outcome.asks) is told
    assert all(ask.at == EVENING - back for ask in outcome.asks)


def test_a_ticked_reminder_answers_its_prompt() -> None:
    desk = Desk(reminders={"evening_tablets": {"says": "The evening ones"}})
    outcome = desk.log(said("took_reminder", kind="report", reminder="evening_tablets"))
    assert outcome.asks == (Ask(kind="answer", name="evening_tablets", word="done"),)
    assert outcome.says == "Evening tablets done, noted."
    assert desk.log(said("took_reminder", kind="report")).asks == ()
    desk.offered("evening_tablets")
    assert desk.log(said("took_reminder", kind="report")).asks[0].name == "evening_tablets"


def test_what_is_suspected_is_an_opinion_and_never_an_exposure() -> None:
    desk = Desk()
    outcome = desk.log(said(suspected=("heat", "stress")))
    assert desk.only.suspected == ("heat", "stress")
    assert [ask.kind for ask in outcome.asks] == ["symptom"]


def test_every_read_back_has_eight_words_at_most() -> None:
    places = ("", "upper_back", "big_toe", "leg")
    for place in places:
        for side in ("", "left", "both"):
            for severity in (None, 6.5, 10):
                for back in (0 * MINUTE, 25 * MINUTE, 5 * HOUR, 30 * HOUR, 40 * DAY):
                    for what in ("spasm", "night_waking", "stiffness"):
                        thing = said(
                            what, place=place, side=side, severity=severity, occurred_at=EVENING - back, count=3
                        )
                        one, two = Desk().log(thing).says, Desk().log(thing, thing).says
                        assert words(one.split(". ")[0]) <= LONGEST, one
                        assert words(two.split(". ")[0]) <= LONGEST, two

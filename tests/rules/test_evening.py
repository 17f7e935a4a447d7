"""The plan of an evening: every step with its time, its reason, and what holds it back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.profile import DEFAULT_ROUTINES
from devices.events import PresenceChanged
from rules.evening import PlanLine, Status, plan_of, tonight
from rules.evening_words import moment_text, step_text
from rules.timetable import moment_on
from tests.rules.builders import EVENING, Evening, home, maker, profile

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 7, 14)
DOCS = Path(__file__).parent.parent.parent / "docs" / "evening.md"


def at(text: str, day: date = DAY) -> datetime:
    """A time on the person's clock."""
    return datetime.combine(day, datetime.strptime(text, "%H:%M").time(), tzinfo=BERLIN).astimezone(UTC)  # noqa: DTZ007


def plan(now: str = "12:30", day: date = DAY, *, path: bool = False, **changes: Any) -> list[PlanLine]:  # noqa: ANN401
    """The plan of somebody whose service has not run yet."""
    return plan_of(maker(profile(**changes))().world, day, at(now), path=path)


def told(lines: list[PlanLine]) -> list[str]:
    """Time, what and status."""
    return [f"{line.at.astimezone(BERLIN):%H:%M} {line.what}: {line.status}" for line in lines]


def line(lines: list[PlanLine], word: str) -> PlanLine:
    """The only line that says this."""
    (found,) = (each for each in lines if word in each.what)
    return found


def stood(lines: list[PlanLine], word: str) -> tuple[str, str]:
    """How that line stands, and why."""
    found = line(lines, word)
    return found.status.value, found.because


def test_the_shipped_evening() -> None:
    """From noon to noon, in order, with the reason of each line."""
    lines = plan(path=True)
    assert told(lines) == [
        "18:55 from here on cooling may begin, if the bedroom is warm, to have it below 22.0 °C by 21:55: planned",
        "19:30 light to 30 %, 2700 K, over 30 min: planned",
        "20:30 offer: last drink and wash: planned",
        "21:30 offer: stretch: planned",
        "22:00 light to 10 %, 2200 K, over 20 min: planned",
        "22:15 offer: your rating, 0 to 10: planned",
        "22:30 light to 3 %, 2000 K, over 15 min, then off once you are in bed: planned",
        "22:30 quiet hours begin: nothing is said or sent until 07:30: planned",
        "22:30 bedtime; the path light is armed: planned",
        "07:35 offer: how the night was, if it was restless: planned",
    ]
    assert line(lines, "stretch").why == "shipped wind down, step 3 of 6: bedtime 22:30 minus 60 min"
    assert line(lines, "night was").why == "shipped morning: rise 07:30 plus 5 min"
    assert line(lines, "cooling").why == (
        "you usually go to bed at 22:30 (by your profile); "
        "how fast the room cools is not learned yet: 30 min to 3 h ahead"
    )
    assert line(lines, "drink").because == "no wash: it is switched off in your profile"


@pytest.mark.parametrize(("day", "step"), [("2026-03-28", "03:00"), ("2026-10-24", "02:30")])
def test_both_clock_changes(day: str, step: str) -> None:
    """The evening is as ever, and a time that is skipped falls on the next that there is."""
    steps = [{"at": "start", "offer": ["drink"]}, {"at": "2:30", "offer": ["stretch"]}]
    evening = date.fromisoformat(day)
    lines = plan_of(
        maker(profile(routines={"late": {"at": "23:00", "steps": steps}}, quiet_hours={"from": "4:00"}))().world,
        evening,
        at("12:30", evening),
    )
    shown = [each for each in told(lines) if "offer" in each or "bedtime" in each]
    assert shown == [
        "20:30 offer: last drink and wash: planned",
        "21:30 offer: stretch: planned",
        "22:15 offer: your rating, 0 to 10: planned",
        "22:30 bedtime: planned",
        "23:00 offer: last drink: held back",
        f"{step} offer: stretch: planned",
        "07:35 offer: how the night was, if it was restless: planned",
    ]
    assert lines[-1].at - lines[0].at == timedelta(hours=12, minutes=40) + {3: -1, 10: 1}[evening.month] * timedelta(
        hours=1
    )


def test_a_wash_that_waits_for_an_answer() -> None:
    """Switched on, but the second question is open."""
    lines = plan(prompts={"wash": {"enabled": True}})
    assert line(lines, "wash").because == "no wash: the question whether you get out alone is not answered"
    alone = {"wind_down": {"steps": [{"at": "bedtime - 60 min", "offer": ["wash"]}]}}
    assert stood(plan(prompts={"wash": {"enabled": True}}, routines=alone), "wash") == (
        "held back",
        "the question whether you get out alone is not answered",
    )


def test_own_reminders_in_their_words_take_their_room() -> None:
    """One more than the limit: the last suggestion gives way; quiet hours hold back what may not come in them."""
    reminders = {
        "tablets": {"says": "Evening tablets", "at": ["22:20"]},
        "water": {"at": ["23:00"]},
        "cream": {"at": ["23:30"], "in_quiet_hours": True},
    }
    lines = plan(reminders=reminders)
    assert stood(lines, "reminder: Evening tablets") == ("planned", "")
    assert line(lines, "tablets").why == "your reminder: at 22:20"
    assert stood(lines, "reminder: water") == ("held back", "it is quiet until 07:30")
    assert stood(lines, "reminder: cream") == ("planned", "")
    assert stood(lines, "rating")[0] == "held back"
    assert stood(lines, "rating")[1].startswith("3 prompts an evening are enough")


def test_no_way_to_say_it_and_no_lamp() -> None:
    """Neither is promised."""
    person = profile(prompts={"channels": []}, routines={"reading": {"at": "21:00", "weekdays": ["tuesday"]}})
    lines = plan_of(maker(person, home(lights=[], cooling=[]))().world, DAY, at("12:30"))
    assert "there is no channel" in line(lines, "stretch").because
    assert stood(lines, "light to 30 %") == ("held back", "there is no lamp of yours in the bedroom")
    assert line(lines, "reading").why == "your reading: at 21:00"
    assert not [each for each in lines if "cooling" in each.what]


def test_steps_before_their_routine_begins_are_not_promised() -> None:
    """The routine's own time was moved, and its steps were not."""
    lines = plan(routines={"wind_down": {"at": "bedtime - 60 min"}})
    assert stood(lines, "last drink") == ("held back", "its time is over when the routine begins, at 21:30")
    assert line(lines, "stretch").status is Status.PLANNED


def test_other_bedtimes_on_other_days_and_after_midnight() -> None:
    """The evening belongs to the day on which it began."""
    lines = plan(bedtime={"by_weekday": {"tuesday": "00:30"}})
    assert told(lines)[1].startswith("21:30 light to 30 %")
    assert line(lines, "stretch").why.endswith("Tuesday bedtime 00:30 minus 60 min")
    assert [each.at.astimezone(BERLIN).isoformat()[:16] for each in lines if each.what == "bedtime"] == [
        "2026-07-15T00:30"
    ]


def test_a_day_that_is_past_is_over() -> None:
    """Nothing is known of it, and nothing is made up."""
    assert {each.status for each in plan(day=date(2026, 7, 10))} == {Status.OVER}


def test_what_became_of_an_evening_that_runs() -> None:
    """Lights that were dimmed, what the person's absence holds back, and what they left out."""
    evening = Evening(start=at("19:00"))
    evening.routine("wind_down")
    evening.measures(21.0, minutes=60)
    world = evening.engine.world
    lines = plan_of(world, DAY, evening.now)
    assert stood(lines, "light to 30 %")[0] == "done"
    evening.event(PresenceChanged(at=evening.now, source="test", person="anna", at_home=False))
    lines = plan_of(world, DAY, evening.now)
    assert stood(lines, "stretch") == ("held back", "as it is now: you are away")
    assert plan_of(world, date(2026, 7, 15), evening.now)[2].because == "no wash: it is switched off in your profile"
    world.routines.steer("wind_down", "skip", evening.now)
    assert stood(plan_of(world, DAY, evening.now), "stretch") == ("left out", "you skipped the rest for today")


def test_a_routine_that_was_left_out_before_it_began_and_one_that_is_paused() -> None:
    """Each with its own words."""
    evening = Evening(start=at("15:00"))
    evening.measure(21.0)
    routines = evening.engine.world.routines
    routines.steer("wind_down", "skip", evening.now)
    lines = plan_of(evening.engine.world, DAY, evening.now)
    assert stood(lines, "light to 30 %") == ("left out", "you left the routine out for today")
    routines.begin("wind_down", evening.now)
    routines.steer("wind_down", "pause", evening.now)
    assert stood(plan_of(evening.engine.world, DAY, evening.now), "stretch")[0] == "held back"


def test_pauses_hold_back_what_they_cover() -> None:
    """A pause that ends within a step's grace only makes it late."""
    evening = Evening(start=at("18:00"))
    evening.measure(21.0)
    world = evening.engine.world
    world.pauses.change("evening", at("20:45"), evening.now)
    lines = plan_of(world, DAY, evening.now)
    assert stood(lines, "light to 30 %") == ("held back", "the routines are paused until 20:45")
    assert line(lines, "last drink").because.startswith("when the pause is over, at 20:45; no wash")
    world.pauses.change("evening", None, evening.now)
    world.pauses.change("cooling", at("23:45"), evening.now)
    world.pauses.change("prompts", at("22:10"), evening.now)
    lines = plan_of(world, DAY, evening.now)
    assert stood(lines, "cooling")[1] == "you paused cooling until 23:45"
    assert stood(lines, "stretch") == ("held back", "prompts are paused until 22:10")
    assert stood(lines, "rating")[0] == "planned"


@pytest.mark.parametrize(
    ("celsius", "begins", "says"),
    [(24.0, "20:50", "expected to begin"), (28.0, "18:55", "expected to begin"), (20.0, "21:55", "if it comes near")],
)
def test_when_cooling_is_expected(celsius: float, begins: str, says: str) -> None:
    """As the controller would have it while nothing is learned; where nothing is to be done, that is said."""
    evening = Evening(start=at("18:00"))
    evening.measure(celsius)
    found = line(plan_of(evening.engine.world, DAY, evening.now), "cooling")
    assert says in found.what
    assert f"it is {celsius:.1f} °C now" in found.what
    assert abs(found.at - at(begins)) <= timedelta(minutes=5)


def test_cooling_that_runs_and_a_thermometer_that_is_silent() -> None:
    """Told as it is."""
    evening = Evening(start=EVENING)
    evening.bed(occupied=True)
    evening.measures(25.0, minutes=10)
    world = evening.engine.world
    found = line(plan_of(world, DAY, evening.now), "cooling")
    assert (found.status, "someone is in bed" in found.why) == (Status.DONE, True)
    silent = Evening(start=at("17:00"))
    silent.measure(25.0)
    silent.wait(minutes=45)
    assert stood(plan_of(silent.engine.world, DAY, silent.now), "cooling") == (
        "held back",
        "the thermometer of the bedroom is silent",
    )


def test_what_was_reported_holds_the_stretch_back_now_and_not_tomorrow() -> None:
    """A momentary reason says nothing about another evening."""
    evening = Evening(start=at("18:00"))
    evening.measure(21.0)
    evening.say("fever")
    lines = plan_of(evening.engine.world, DAY, evening.now)
    assert stood(lines, "stretch") == ("held back", "as it is now: you reported fever")
    assert stood(plan_of(evening.engine.world, date(2026, 7, 15), evening.now), "stretch")[0] == "planned"


@pytest.mark.parametrize(("now", "day"), [("12:30", 14), ("00:30", 13), ("07:29", 13), ("07:31", 14)])
def test_tonight_lasts_until_the_person_gets_up(now: str, day: int) -> None:
    assert tonight(profile(), at(now)) == date(2026, 7, day)


def test_the_table_of_the_docs_is_what_is_shipped() -> None:
    """Generated from the shipped routine, for a bedtime of 22:30."""
    person, world = profile(), maker(profile())().world
    routine = DEFAULT_ROUTINES["wind_down"]
    rows = [
        f"| {moment_on(step.at, person, DAY, BERLIN).astimezone(BERLIN):%H:%M}"
        f" | {moment_text(step.at, routine, person, DAY).replace(' 22:30', '')}"
        f" | {step_text(step, world)} | {step.grace.total_seconds() / 60:.0f} min later |"
        for step in routine.steps
    ]
    text = DOCS.read_text(encoding="utf-8")
    assert re.findall(r"^\| \d.*$", text, re.MULTILINE) == rows
    assert DEFAULT_ROUTINES["morning"].at is not None
    assert f"{DEFAULT_ROUTINES['morning'].at.offset.total_seconds() / 60:.0f} min after you get up" in text
    assert routine.at is not None
    assert f"{-routine.at.offset.total_seconds() / 60:.0f} min before bedtime" in text

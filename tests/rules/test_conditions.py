"""Three-valued conditions, the clock, routines and rules at work."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.agenda import Agenda
from rules.bed import BedEstimate
from rules.conditions import All, AnyOf, Condition, Not, Truth, Verdict
from rules.facts import Fact, Facts, Quality
from rules.looks import Between, FactCompares, FactIs, FactIsStale, Named, RoutineRuns, SwitchedOff
from rules.running import CompiledRule, RunningRule, State
from rules.timetable import due_between, instant
from rules.triggers import Seen
from rules.words import Words
from tests.rules.builders import EVENING, ZONE, profile

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
WORDS = Words("C", ZONE)


class Says:
    """A condition that answers what the test wants."""

    def __init__(
        self, truth: Truth, because: str = "so", until: datetime | None = None, discreet: str | None = None
    ) -> None:
        self.verdict = Verdict(truth, because, (Seen(fact=because, value="1"),), until, discreet)

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        del now
        return self.verdict

    def summarize(self) -> str:
        """See ``Condition``."""
        return self.verdict.because

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return (self.verdict.because,)


ALL = {(YES, YES): YES, (YES, UNKNOWN): UNKNOWN, (UNKNOWN, UNKNOWN): UNKNOWN}
ANY = {(NO, NO): NO, (NO, UNKNOWN): UNKNOWN, (UNKNOWN, UNKNOWN): UNKNOWN}


@pytest.mark.parametrize(("left", "right"), list(product(Truth, Truth)))
def test_all_and_any(left: Truth, right: Truth) -> None:
    """One no decides "all", one yes decides "any"; unknown is left only where nothing decides."""
    parts: tuple[Condition, ...] = (Says(left), Says(right))
    both = tuple(sorted((left, right), key=[YES, NO, UNKNOWN].index))
    assert All(parts).evaluate(EVENING).truth is ALL.get((both[0], both[1]), NO)
    assert AnyOf(parts).evaluate(EVENING).truth is ANY.get((both[0], both[1]), YES)


@pytest.mark.parametrize(("truth", "turned"), [(YES, NO), (NO, YES), (UNKNOWN, UNKNOWN)])
def test_not(truth: Truth, turned: Truth) -> None:
    """What cannot be told stays so."""
    assert Not(Says(truth, "it is late")).evaluate(EVENING) == Verdict(
        turned, "it is late", (Seen(fact="it is late", value="1"),)
    )


def test_reasons_are_those_that_decide() -> None:
    """And are said once; the earliest moment counts."""
    parts = (Says(YES, "a", EVENING + timedelta(hours=2)), Says(NO, "b", EVENING), Says(NO, "c"), Says(NO, "b"))
    verdict = All(parts).evaluate(EVENING)
    assert (verdict.because, verdict.until) == ("b; c", EVENING)
    assert [seen.fact for seen in verdict.seen] == ["b", "c"]
    assert AnyOf(parts).evaluate(EVENING).because == "a"


def test_a_discreet_part_makes_the_whole_discreet() -> None:
    """Only where it has a say in the answer."""
    private = Says(YES, "you reported stress", discreet="something you told me")
    assert All((private, Says(YES, "it is warm"))).evaluate(EVENING).outside == "something you told me; it is warm"
    assert All((private, Says(NO, "it is cool"))).evaluate(EVENING).discreet is None


def test_summaries() -> None:
    """What a condition asks, in words."""
    parts = (Says(YES, "it is warm"), Not(Says(NO, "it is late")))
    assert All(parts).summarize() == "(it is warm and not: it is late)"
    assert AnyOf(parts).summarize() == "(it is warm or not: it is late)"
    assert All(parts).watches() == AnyOf(parts).watches() == ("it is warm", "it is late")


def named(
    value: float | bool | None,
    quality: Quality = Quality.FRESH,
    name: str = "bedroom.temperature",
    *,
    private: bool = False,
) -> Named:
    """A fact that is known so well."""
    fact = Fact(name, {}, value=value, at=None if quality is Quality.MISSING else EVENING, quality=quality)
    return Named(fact, "the temperature of the bedroom", WORDS, private)


COMPARES = [
    (23.1, Quality.FRESH, True, YES),
    (23.0, Quality.FRESH, True, NO),
    (22.9, Quality.FRESH, False, YES),
    (23.0, Quality.FRESH, False, NO),
    (30.0, Quality.STALE, True, UNKNOWN),
    (None, Quality.MISSING, True, UNKNOWN),
]


@pytest.mark.parametrize(("value", "quality", "above", "truth"), COMPARES)
def test_fact_compares(value: float | None, quality: Quality, above: bool, truth: Truth) -> None:
    """With a bound of 23 °C."""
    condition = FactCompares(named(value, quality), 23.0, above)
    assert condition.evaluate(EVENING).truth is truth
    assert condition.watches() == ("bedroom.temperature",)
    assert condition.summarize() == f"the temperature of the bedroom is {'more' if above else 'less'} than 23.0 °C"


def test_what_a_comparison_saw() -> None:
    """The value and the bound."""
    verdict = FactCompares(named(23.1), 23.0, above=True).evaluate(EVENING)
    assert verdict.because == "the temperature of the bedroom is 23.1 °C; the rule asks for more than 23.0 °C"
    assert verdict.seen == (Seen(fact="bedroom.temperature", value="23.1 °C", bound="23.0 °C"),)


IS = [
    (True, Quality.FRESH, YES),
    (False, Quality.FRESH, NO),
    (True, Quality.STALE, UNKNOWN),
    (None, Quality.MISSING, UNKNOWN),
]


@pytest.mark.parametrize(("value", "quality", "truth"), IS)
def test_fact_is(value: bool | None, quality: Quality, truth: Truth) -> None:
    """Unavailable never counts as no."""
    condition = FactIs(named(value, quality, "bed.occupied"), value=True, yes="someone is there", no="nobody is there")
    assert condition.evaluate(EVENING).truth is truth
    assert (condition.summarize(), condition.watches()) == ("someone is there", ("bed.occupied",))


def test_fact_is_in_its_own_words_when_unknown() -> None:
    """For an estimate, whose sensors are several."""
    condition = FactIs(named(None, Quality.MISSING), value=True, yes="y", no="n", unknown="it cannot be told")
    assert condition.evaluate(EVENING).because == "it cannot be told"


STALE = [(Quality.FRESH, NO, YES), (Quality.STALE, YES, NO), (Quality.MISSING, NO, NO)]


@pytest.mark.parametrize(("quality", "stale", "fresh"), STALE)
def test_fact_is_stale(quality: Quality, stale: Truth, fresh: Truth) -> None:
    """What was not heard yet is neither."""
    assert FactIsStale(named(20.0, quality), stale=True).evaluate(EVENING).truth is stale
    condition = FactIsStale(named(20.0, quality), stale=False)
    assert condition.evaluate(EVENING).truth is fresh
    assert condition.summarize() == "the sensor for the temperature of the bedroom is heard"
    assert condition.watches() == ("fresh:bedroom.temperature",)


def test_private_facts_are_not_named_outside() -> None:
    """Neither when they hold, nor when not, nor when unknown."""
    for value, quality, said in [
        (9.0, Quality.FRESH, "something you told me counts now"),
        (1.0, Quality.FRESH, "something you could tell me does not count now"),
        (None, Quality.MISSING, "something was not heard"),
    ]:
        verdict = FactCompares(named(value, quality, "self.stress", private=True), 5.0, above=True).evaluate(EVENING)
        assert verdict.outside == said


def test_switched_off_never_holds() -> None:
    """And is waited for by nobody."""
    condition = SwitchedOff("the cold trigger is switched off in your profile")
    assert condition.evaluate(EVENING).truth is NO
    assert condition.watches() == ()
    assert condition.summarize() == "never (the cold trigger is switched off in your profile)"


# -- the clock

BERLIN, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")


def berlin(day: str, clock: str) -> datetime:
    """An instant by the clock in Berlin."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BERLIN).astimezone(UTC)


def test_missing_time() -> None:
    """A time that the clock change skips falls on the first instant after the gap."""
    for clock in (time(2, 0), time(2, 30), time(2, 59)):
        assert instant(date(2026, 3, 29), clock, BERLIN) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert instant(date(2026, 3, 29), time(3, 0), BERLIN) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert instant(date(2026, 3, 29), time(1, 30), LONDON) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_repeated_time() -> None:
    """One that it repeats falls on its first pass."""
    assert instant(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(date(2026, 10, 25), time(3, 0), BERLIN) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


BETWEEN = [
    ("22:30", "7:30", "2026-07-14", "22:29", False, "22:30"),
    ("22:30", "7:30", "2026-07-14", "22:30", True, "07:30"),
    ("22:30", "7:30", "2026-07-15", "03:00", True, "07:30"),
    ("22:30", "7:30", "2026-07-15", "07:30", False, "22:30"),
    ("13:00", "15:00", "2026-07-15", "14:00", True, "15:00"),
    ("22:00", "22:00", "2026-07-15", "14:00", True, "22:00"),
    ("02:30", "7:30", "2026-03-29", "01:59", False, "03:00"),  # 02:30 is skipped
    ("02:30", "7:30", "2026-03-29", "03:10", True, "07:30"),
    ("22:30", "02:30", "2026-10-25", "02:10", True, "02:30"),  # 02:30 comes twice: its first pass
]


@pytest.mark.parametrize(("start", "end", "day", "clock", "inside", "until"), BETWEEN)
def test_between(start: str, end: str, day: str, clock: str, inside: bool, until: str) -> None:
    """Over midnight, and on both clock changes."""
    condition = Between((_clock(start),) * 7, _clock(end), Words("C", BERLIN), "that time")
    verdict = condition.evaluate(berlin(day, clock))
    assert (verdict.truth is YES) is inside
    assert verdict.until is not None
    assert f"{verdict.until.astimezone(BERLIN):%H:%M}" == until
    assert (condition.summarize(), condition.watches()) == ("it is that time", ())


def _clock(text: str) -> time:
    return time.fromisoformat(text.zfill(5))


def test_the_second_pass_of_a_repeated_hour_is_outside() -> None:
    """An end at 02:30 is not lived through twice."""
    condition = Between((time(22, 30),) * 7, time(2, 30), Words("C", BERLIN), "night")
    assert condition.evaluate(datetime(2026, 10, 25, 1, 10, tzinfo=UTC)).truth is NO


def test_a_bedtime_after_midnight_belongs_to_the_evening_before() -> None:
    """On Friday the night begins at half past midnight on Saturday."""
    starts = (time(22, 30),) * 4 + (time(0, 30),) + (time(22, 30),) * 2
    night = Between(starts, time(7, 30), Words("C", BERLIN), "night", evening=True)
    assert night.evaluate(berlin("2026-07-18", "00:10")).truth is NO
    assert night.evaluate(berlin("2026-07-18", "00:40")).truth is YES
    assert night.evaluate(berlin("2026-07-17", "23:00")).truth is NO


# -- routines


def due(changes: dict[str, Any], after: datetime, until: datetime) -> list[str]:
    """What is due, by the clock in Berlin."""
    person = profile(**{"routines": {"stretch": {"enabled": False}, "wash": {"enabled": False}}, **changes})
    return [
        f"{name} {at.astimezone(BERLIN):%a %H:%M} of {day:%a}" for at, name, day in due_between(person, after, until)
    ]


def test_routines_of_an_evening() -> None:
    """Relative to the bedtime; later than the start, not later than the end."""
    morning = "morning Wed 07:35 of Wed"
    assert due({}, berlin("2026-07-14", "12:00"), berlin("2026-07-15", "12:00")) == [
        "wind_down Tue 19:30 of Tue",
        morning,
    ]
    assert due({}, berlin("2026-07-14", "19:30"), berlin("2026-07-15", "19:30")) == [
        morning,
        "wind_down Wed 19:30 of Wed",
    ]


def test_a_routine_before_a_bedtime_after_midnight() -> None:
    """It belongs to the evening before."""
    bedtime = {"bedtime": {"at": "22:30", "by_weekday": {"friday": "00:30"}}}
    assert due(bedtime, berlin("2026-07-17", "12:00"), berlin("2026-07-18", "07:00")) == ["wind_down Fri 21:30 of Fri"]


def test_weekdays_and_other_anchors() -> None:
    """By the day that the routine belongs to."""
    routines = {
        "wind_down": {"enabled": False},
        "morning": {"enabled": False},
        "reading": {"at": "0:15", "weekdays": ["wednesday"]},
        "rise": {"at": "rise + 15 min"},
    }
    assert due({"routines": routines}, berlin("2026-07-14", "23:00"), berlin("2026-07-15", "12:00")) == [
        "reading Wed 00:15 of Wed",
        "rise Wed 07:45 of Wed",
    ]


def test_each_routine_once_on_the_day_of_a_clock_change() -> None:
    """Both of them."""
    routines = {
        "routines": {
            "night": {"at": "2:30"},
            "morning": {"enabled": False},
            "wind_down": {"enabled": False},
        }
    }
    assert due(routines, berlin("2026-03-28", "12:00"), berlin("2026-03-29", "12:00")) == ["night Sun 03:00 of Sun"]
    assert due(routines, berlin("2026-10-24", "12:00"), berlin("2026-10-25", "12:00")) == ["night Sun 02:30 of Sun"]


def test_a_routine_runs_for_its_time() -> None:
    """And not before it has begun."""
    fact = Fact("routine.wind_down", {})
    condition = RoutineRuns(fact, "wind_down", timedelta(hours=2), WORDS)
    assert condition.evaluate(EVENING).because == "the wind down routine has not begun"
    fact.value, fact.at = True, EVENING
    assert condition.evaluate(EVENING) == Verdict(
        YES, "the wind down routine began at 21:00", until=EVENING + timedelta(hours=2)
    )
    assert (
        condition.evaluate(EVENING + timedelta(hours=2)).because == "the wind down routine began at 21:00 and is over"
    )
    assert (condition.summarize(), condition.watches()) == ("the wind down routine is running", ("routine.wind_down",))


# -- rules at work


class Switch(Says):
    """A condition that the test turns."""

    def turn(self, truth: Truth) -> None:
        """Answer so from now on."""
        self.verdict = Verdict(truth, "so")


def rule(*, lasts: float = 0, hold: float = 20) -> tuple[Switch, RunningRule]:
    """A rule with its only condition."""
    switch = Switch(NO)
    wanted = CompiledRule("test", "Test.", switch, timedelta(minutes=lasts), (), timedelta(minutes=hold), 0)
    return switch, RunningRule(wanted)


# policy (minutes of hold), then: truth, minutes later, state
RULES = [
    (20, [(YES, 0, State.ON), (NO, 1, State.OFF)]),
    (20, [(UNKNOWN, 0, State.OFF), (UNKNOWN, 60, State.OFF)]),
    (20, [(YES, 0, State.ON), (UNKNOWN, 1, State.HELD), (UNKNOWN, 19.9, State.HELD), (UNKNOWN, 0.1, State.OFF)]),
    (
        20,
        [
            (YES, 0, State.ON),
            (UNKNOWN, 1, State.HELD),
            (YES, 10, State.ON),
            (UNKNOWN, 1, State.HELD),
            (UNKNOWN, 20, State.OFF),
        ],
    ),
    (20, [(YES, 0, State.ON), (UNKNOWN, 1, State.HELD), (NO, 1, State.OFF)]),
    (0, [(YES, 0, State.ON), (UNKNOWN, 1, State.OFF)]),
    (
        20,
        [
            (YES, 0, State.ON),
            (UNKNOWN, 1, State.HELD),
            (UNKNOWN, 20, State.OFF),
            (UNKNOWN, 5, State.OFF),
            (YES, 1, State.ON),
        ],
    ),
]


@pytest.mark.parametrize(("hold", "story"), RULES)
def test_what_unknown_does_to_a_rule(hold: float, story: list[tuple[Truth, float, State]]) -> None:
    """Hold for a limited time, or stop; it never starts anything (R2)."""
    switch, running = rule(hold=hold)
    now = EVENING
    for truth, minutes, state in story:
        now += timedelta(minutes=minutes)
        switch.turn(truth)
        due_at = running.evaluate(now)
        assert running.state is state
        assert (due_at is not None) is (state is State.HELD)


def test_for_a_time_without_a_break() -> None:
    """Unknown and no both begin it anew."""
    switch, running = rule(lasts=20)
    switch.turn(YES)
    assert running.evaluate(EVENING, "e1") == EVENING + timedelta(minutes=20)
    assert (running.state, running.wanting) == (State.WAITING, False)
    switch.turn(UNKNOWN)
    running.evaluate(EVENING + timedelta(minutes=10), "e2")
    switch.turn(YES)
    running.evaluate(EVENING + timedelta(minutes=11), "e3")
    running.evaluate(EVENING + timedelta(minutes=30))
    assert running.state is State.WAITING
    running.evaluate(EVENING + timedelta(minutes=31))
    assert (running.state, running.cause) == (State.ON, "e3")


def test_a_rule_says_why() -> None:
    """In each of its states."""
    switch, running = rule(lasts=20)
    said = []
    for minutes, truth in ((0, NO), (1, UNKNOWN), (2, YES), (22, YES), (23, UNKNOWN)):
        switch.turn(truth)
        running.evaluate(EVENING + timedelta(minutes=minutes))
        said.append(running.explain(running.verdict(EVENING)))
    assert said == [
        "off: so",
        "off, because it cannot be told: so",
        "it must last 20 min: so",
        "on: so",
        "kept on for at most 20 min, because it cannot be told now: so",
    ]


# -- the bed


def bed(*sides: str) -> tuple[Facts, BedEstimate, Agenda]:
    """A bed with sensors on these sides and an exit delay of three minutes."""
    agenda = Agenda()
    facts = Facts(agenda)
    of_bed = [facts.declare(f"bed.{side}", side, timedelta(hours=14)) for side in sides]
    return (
        facts,
        BedEstimate("bedroom", "bed", facts.declare("bed.occupied"), of_bed, timedelta(minutes=3), agenda),
        agenda,
    )


BED = [
    ({"left": True, "right": True}, True),
    ({"left": True, "right": False}, True),
    ({"left": False, "right": False}, False),
    ({"left": True}, True),  # one yes is a yes
    ({"left": False}, None),  # the other side is not known
    ({}, None),
]


@pytest.mark.parametrize(("sides", "occupied"), BED)
def test_sides_of_the_bed(sides: dict[str, bool], occupied: bool | None) -> None:
    """Somebody in the middle is on either side; unknown is not empty (R13)."""
    facts, estimate, _ = bed("left", "right")
    for side, value in sides.items():
        facts.learn(facts[f"bed.{side}"], value, EVENING, EVENING, side)
    estimate.update(EVENING)
    assert (estimate.fact.value if estimate.fact.fresh else None) is occupied


def test_turning_over_is_not_getting_up() -> None:
    """A short exit does not count, a long one does, also after a restart."""
    facts, estimate, agenda = bed("left")
    for minute, value in ((0, True), (10, False), (12, True), (20, False)):
        now = EVENING + timedelta(minutes=minute)
        facts.learn(facts["bed.left"], value, now, now, "left")
        estimate.update(now)
        assert estimate.fact.value is True
    assert agenda.due("bed:bedroom") == EVENING + timedelta(minutes=23)
    estimate.load(estimate.dump())
    assert estimate.update(EVENING + timedelta(minutes=23))
    assert estimate.fact.value is False


def test_a_bed_that_falls_silent_is_unknown() -> None:
    """Once, and known again at the next word."""
    facts, estimate, _ = bed("left")
    facts.learn(facts["bed.left"], True, EVENING, EVENING, "left")
    assert estimate.update(EVENING)
    facts["bed.left"].quality = Quality.STALE
    assert estimate.update(EVENING)
    assert not estimate.update(EVENING)
    assert estimate.fact.quality is Quality.STALE
    facts.learn(facts["bed.left"], False, EVENING, EVENING, "left")
    assert estimate.update(EVENING)
    assert estimate.fact.value is False

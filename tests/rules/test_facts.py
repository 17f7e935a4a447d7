"""What is known, how fresh it is, and what is not believed (R1)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from devices.readings import Reason
from rules.agenda import Agenda
from rules.facts import Facts, Quality
from rules.words import Words, span
from tests.rules.builders import EVENING, ZONE

NAME = "bedroom.temperature"


def minutes(count: float) -> timedelta:
    """A span."""
    return timedelta(minutes=count)


def at(count: float) -> datetime:
    """So many minutes into the evening."""
    return EVENING + minutes(count)


def two_sensors() -> tuple[Facts, Agenda]:
    """A room with a preferred sensor "a" and another one, "b"."""
    agenda = Agenda()
    facts = Facts(agenda)
    facts.declare(NAME, "a", minutes(30))
    facts.declare(NAME, "b", minutes(15))
    return facts, agenda


FRESHNESS = [
    (0, Quality.FRESH),
    (29.9, Quality.FRESH),
    (30, Quality.STALE),
    (600, Quality.STALE),
]


@pytest.mark.parametrize(("age", "quality"), FRESHNESS)
def test_a_fact_turns_stale_at_its_minute(age: float, quality: Quality) -> None:
    """Not a moment before, not a moment after."""
    facts, agenda = two_sensors()
    fact = facts[NAME]
    assert fact.quality is Quality.MISSING
    facts.learn(fact, 21.0, at(0), at(0), "a")
    while (item := agenda.pop(at(age))) is not None:
        facts.grow_stale(fact, item[0])
    assert fact.quality is quality
    assert fact.number == 21.0


def test_a_refreshed_fact_lives_on() -> None:
    """The earlier moment puts itself back."""
    facts, agenda = two_sensors()
    fact = facts[NAME]
    facts.learn(fact, 21.0, at(0), at(0), "a")
    facts.learn(fact, 21.0, at(20), at(20), "a")
    assert agenda.pop(at(30)) == (at(30), "stale:" + NAME)
    assert not facts.grow_stale(fact, at(30))
    assert agenda.next() == at(50)


LEARNED = [
    # value, at, now, source, sure -> value, quality, reason
    (22.0, 5, 5, "a", True, 22.0, Quality.FRESH, None),
    (22.0, -1, 5, "a", True, 21.0, Quality.FRESH, Reason.OUT_OF_ORDER),
    (22.0, 5, 5, "b", True, 21.0, Quality.FRESH, None),  # the preferred sensor is alive
    (22.0, 5, 5, "a", False, 21.0, Quality.FRESH, None),  # a retained copy
    (22.0, 5, 40, "a", True, 22.0, Quality.STALE, None),  # heard late: too old to count
]


@pytest.mark.parametrize(("value", "when", "now", "source", "sure", "known", "quality", "reason"), LEARNED)
def test_what_is_learned(
    value: float,
    when: float,
    now: float,
    source: str,
    sure: bool,
    known: float,
    quality: Quality,
    reason: Reason | None,
) -> None:
    """A fact of 21 °C from the preferred sensor meets another reading."""
    facts, _ = two_sensors()
    fact = facts[NAME]
    facts.learn(fact, 21.0, at(0), at(0), "a")
    rejection = facts.learn(fact, value, at(when), at(now), source, sure=sure)
    assert (rejection.reason if rejection else None) is reason
    assert (fact.value, fact.quality) == (known, quality)


def test_the_other_sensor_fills_in() -> None:
    """And gives way when the preferred one is back."""
    facts, _ = two_sensors()
    fact = facts[NAME]
    facts.learn(fact, 21.0, at(0), at(0), "a")
    facts.grow_stale(fact, at(30))
    facts.learn(fact, 22.0, at(31), at(31), "b")
    assert (fact.value, fact.source, fact.fresh) == (22.0, "b", True)
    facts.learn(fact, 21.5, at(32), at(32), "a")
    assert (fact.value, fact.source) == (21.5, "a")


def test_an_old_reading_of_the_preferred_sensor_does_not_unseat_a_fresh_one() -> None:
    """Dated hours ago, it says nothing about now."""
    facts, _ = two_sensors()
    fact = facts[NAME]
    facts.learn(fact, 22.0, at(0), at(0), "b")
    rejection = facts.learn(fact, 18.0, at(-120), at(1), "a")
    assert rejection is not None
    assert (fact.value, fact.quality) == (22.0, Quality.FRESH)


def test_a_retained_measurement_alone_says_nothing() -> None:
    """It may be a year old: it neither counts nor makes the sensor look dead."""
    facts, _ = two_sensors()
    facts.learn(facts[NAME], 22.0, at(0), at(0), "a", sure=False)
    assert facts[NAME].quality is Quality.MISSING


def test_a_sensor_that_never_speaks_turns_stale() -> None:
    """Being blind from the start is told of, too (R3)."""
    facts, agenda = two_sensors()
    facts.expect_all(at(0))
    assert agenda.pop(at(29)) is None
    assert agenda.pop(at(30)) is not None
    assert facts.grow_stale(facts[NAME], at(30))
    assert facts[NAME].at is None
    assert not facts.grow_stale(facts[NAME], at(60))


JUMPS = [
    (26.0, 0.1, False),  # five degrees are never too much
    (26.2, 0.5, True),
    (26.2, 2, False),
    (10.0, 1, True),
    (10.0, 3, False),
]


@pytest.mark.parametrize(("value", "after", "implausible"), JUMPS)
def test_implausible_jumps(value: float, after: float, implausible: bool) -> None:
    """Air does not warm up by more than 5 °C a minute."""
    facts, _ = two_sensors()
    fact = facts[NAME]
    facts.learn(fact, 21.0, at(0), at(0), "a")
    assert facts.implausible_jump(fact, value, at(after), "a") is implausible
    assert not facts.implausible_jump(fact, 50.0, at(0), "b")


def test_facts_survive_a_snapshot() -> None:
    """Those that the configuration no longer has are dropped."""
    facts, _ = two_sensors()
    facts.declare("bed.occupied", "bed", minutes(60))
    facts.declare("attic.temperature", "c", minutes(60))
    facts.learn(facts[NAME], 21.0, at(0), at(0), "a")
    facts.learn(facts["bed.occupied"], True, at(0), at(0), "bed")
    facts.learn(facts["attic.temperature"], 30.0, at(0), at(0), "c")
    other, _ = two_sensors()
    other.declare("bed.occupied", "bed", minutes(60))
    other.load(facts.dump())
    assert (other[NAME].value, other[NAME].at, other[NAME].quality) == (21.0, at(0), Quality.FRESH)
    assert other["bed.occupied"].value is True
    assert "attic.temperature" not in other


def test_the_agenda_is_in_order_of_time_then_name() -> None:
    """Moved and dropped entries do not come up."""
    agenda = Agenda()
    for key, when in (("b", 5), ("a", 5), ("c", 3), ("c", 9), ("d", 1)):
        agenda.set(key, at(when))
    agenda.set("d", None)
    assert agenda.next() == at(5)
    assert [agenda.pop(at(20)) for _ in range(4)] == [(at(5), "a"), (at(5), "b"), (at(9), "c"), None]
    assert agenda.next() is None


SPANS = [(40, "40 s"), (90, "90 s"), (60, "1 min"), (300, "5 min"), (3600, "1 h"), (5400, "1 h 30 min"), (0, "0 min")]


@pytest.mark.parametrize(("seconds", "said"), SPANS)
def test_spans_in_words(seconds: float, said: str) -> None:
    """As a person says them."""
    assert span(timedelta(seconds=seconds)) == said


def test_numbers_in_the_unit_of_the_person() -> None:
    """°F where the profile says so, other quantities as they are."""
    fahrenheit, celsius = Words("F", ZONE), Words("C", ZONE)
    assert (fahrenheit.temperature(20), celsius.temperature(20)) == ("68.0 °F", "20.0 °C")
    assert (fahrenheit.step(1), celsius.step(1)) == ("1.8 °F", "1.0 °C")
    assert (fahrenheit.quantity("temperature", 20), celsius.quantity("humidity", 55)) == ("68.0 °F", "55 %")
    assert (celsius.quantity("stress", 7), celsius.quantity("open", 1)) == ("7", "1")
    assert (fahrenheit.celsius(68), celsius.celsius(20)) == (20, 20)
    assert celsius.clock(EVENING) == "21:00"


def test_a_unit_that_was_put_right_is_believed_at_once() -> None:
    """home.yaml called a °C sensor °F; it is corrected, and Unclench started again: the truth is no exchanged unit."""
    facts = Facts(Agenda())
    fact = facts.declare("bedroom.temperature", "s", timedelta(hours=1))
    facts.learn(fact, -5.6, EVENING, EVENING, "s")
    later = EVENING + timedelta(minutes=10)
    assert facts.in_the_other_unit(fact, 22.0, later)
    facts.doubt()
    assert not facts.in_the_other_unit(fact, 22.0, later)
    facts.learn(fact, 22.0, later, later, "s")
    assert facts.in_the_other_unit(fact, -5.6, later)

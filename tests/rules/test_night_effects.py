"""What follows from the facts of a night, what never does, and how it is said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rules.engine import Engine
from tests.rules.builders import Evening, book, home, maker, profile
from tests.rules.nights import Night, restless
from tests.rules.test_night import TRACES


def warm_restless_night(**person: Any) -> Night:  # noqa: ANN401
    """In bed at 22.0 °C, half a degree below a limit of 22.5, and restless."""
    night = Night(triggers={"heat": {"above_in_bed": 22.5}}, **person)
    night.live("22:40 in\n01:00 in")
    night.life.measure(22.2)
    night.life.decisions = []
    night.live(restless("01:01", 6, 1))
    night.life.measure(22.2)
    night.live("+6 in")
    night.life.measure(22.2)
    return night


def test_a_restless_night_is_cooled_a_little_more() -> None:
    """Half a degree, for as long as it is restless, and it says so."""
    night = warm_restless_night()
    cooling = night.life.engine.world.bedroom.cooling
    assert cooling is not None
    lowered = cooling.plan.high
    said = night.life.texts("rule cool-restless-night")
    assert said[-1].startswith("on: you sleep restlessly; someone is in bed; the bedroom is 22.2 °C")
    assert "your limit in bed is 22.5 °C, and 22.0 °C for now" in cooling.why
    night.live("01:50 in")
    night.life.measure(22.2)
    assert cooling.plan.high == pytest.approx(lowered + 0.5)
    assert "for now" not in cooling.why
    assert night.life.texts("rule cool-restless-night")[-1] == "off: you do not sleep restlessly"


def test_a_cold_room_is_not_cooled_for_a_restless_sleeper() -> None:
    """It is far from the limit: nothing becomes of it."""
    night = Night(triggers={"heat": {"above_in_bed": 22.5}}).live("22:40 in\n01:00 in")
    night.life.measure(20.0)
    night.live(restless("01:01", 6, 1) + "+10 in")
    night.life.measure(20.0)
    running = next(each for each in night.life.engine.world.rules if each.rule.id == "cool-restless-night")
    assert night.facts()["restless"] == "yes"
    assert not running.wanting


def test_the_floor_holds() -> None:
    """However much cooler a rule wants it."""
    rules = book(
        "- {id: a, says: A., when: {bed: occupied}, want: [{keep_cool: bedroom}]}\n"
        "- {id: b, says: B., when: {bed: occupied}, want: [{keep_cool: bedroom, cooler_by: 1.5}]}"
    )
    person = profile(comfort={"floor": "21.5 °C"}, triggers={"heat": {"above_in_bed": 22.5}, "cold": {"below": 18.0}})
    life = Evening(maker(person, home(), rules))
    life.bed(occupied=True)
    for celsius in (23.0, 22.2, 21.6, 21.5, 21.0):
        life.measure(celsius)
        life.wait(minutes=10)
        cooling = life.engine.world.bedroom.cooling
        assert cooling is not None
        assert cooling.plan.low >= 21.5 or not cooling.cools
    assert all(float(str(data["temperature"])) >= 21.5 for service, data in life.calls() if "temperature" in data)


OUTSIDE = ("restless", "sleep", "night")


def test_nothing_of_the_night_leaves_the_house_where_the_profile_is_discreet() -> None:
    """The reason of a command says a limit, and neither the rule's name nor how the person sleeps."""
    night = warm_restless_night()
    reasons = [action.reason for action in night.life.actions]
    assert any("for now" in reason for reason in reasons)
    assert not [reason for reason in reasons for word in OUTSIDE if word in reason]
    open_minded = warm_restless_night(discreet=False)
    assert any("(rule cool-restless-night)" in action.reason for action in open_minded.life.actions)


def test_the_night_is_never_a_symptom() -> None:
    """The machine logs nothing of what it takes for a bad night: only the person can tell."""
    for trace in TRACES.values():
        night = Night().live(trace)
        engine = night.life.engine
        assert engine.memory.symptoms == []
        assert engine.snapshot()["symptoms"] == []
        assert not [action for action in night.life.actions if "symptom" in str(action) or "spasm" in str(action)]
        assert not [each for each in night.life.decisions if "spasm" in each.text or "symptom" in each.text]
        assert not any(name.startswith("self.") and engine.world.facts[name].fresh for name in self_facts(engine))


def self_facts(engine: Engine) -> list[str]:
    """The names of what only the person tells."""
    return [fact.name for fact in engine.world.facts if fact.name.startswith("self.")]


def test_a_home_without_a_bed_sensor() -> None:
    """The facts are there and stay missing; the shipped rule never holds, and that is no mistake."""
    night = Night(place=home(bed=None)).live("22:40 = resting missing\n01:00 move\n07:30 = restless_last missing")
    running = next(each for each in night.life.engine.world.rules if each.rule.id == "cool-restless-night")
    verdict = running.rule.when.evaluate(datetime(2026, 7, 14, tzinfo=UTC))
    assert "your bed has no sensor" in verdict.because
    assert night.life.engine.world.night_watch is None


WHY = [
    ("{fact: night.restless, is: true}", "you do not sleep restlessly", "you sleep restlessly"),
    ("{fact: night.resting, is: true}", "you are in bed for the night", "you are in bed for the night"),
    ("{fact: night.up, is: false}", "you are not up at night", "you are not up at night"),
    ("{fact: night.exits, above: 2}", "you were up 1 time tonight; the rule asks for more than 2 times", ""),
    ("{fact: night.exits, below: 2}", "you were up 1 time tonight; the rule asks for less than 2 times", ""),
    ("{fact: night.restless_last, is: true}", "nothing is known of your last night", "your last night was restless"),
    ("{fact: night.restless, is: stale}", "the sensor for your sleep is heard", "the sensor for your sleep is silent"),
]


@pytest.mark.parametrize(("when", "because", "asks"), WHY)
def test_sentences(when: str, because: str, asks: str) -> None:
    """As a person would say it."""
    rules = book(f"- {{id: x, says: X., when: {when}, want: [{{cool: bedroom}}]}}")
    night = Night()
    night.life = Evening(maker(profile(), home(), rules), start=night.life.now)
    night.live("22:40 in\n01:00 out\n01:10 in\n01:30 = exits 1")
    condition = night.life.engine.world.rules[0].rule.when
    verdict = condition.evaluate(night.life.now)
    assert verdict.because == because
    assert asks in condition.summarize()
    assert "sleep" not in verdict.outside
    assert "night" in verdict.outside or "heard" in verdict.outside

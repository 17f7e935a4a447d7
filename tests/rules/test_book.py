"""The rule book: its language, and what happens to a wrong name."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from rules.arbitration import ask_for_cooling
from rules.book import RuleBook
from rules.compile import RuleError
from tests.rules.builders import THERMOMETER, Evening, book, home, maker, profile, shipped


def test_the_shipped_book_loads() -> None:
    """Each rule once, each with a sentence."""
    rules = shipped()
    assert [rule.id for rule in rules] == [
        "cool-hot-bed",
        "cool-restless-night",
        "cool-too-hot",
        "ease-off-too-cold",
        "ease-off-cold",
        "dim-in-bed",
        "offer-stretch",
        "offer-wash",
        "tell-silent-sensor",
    ]
    assert all(rule.says.endswith(".") for rule in rules)
    assert RuleBook.model_validate(RuleBook(rules=rules).model_dump(by_alias=True)).rules == rules


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"when": {"bet": "occupied"}}, "a condition starts with one of trigger, bed, fact"),
    ({"when": {"bed": "full"}}, "occupied"),
    ({"when": {"fact": "bedroom.temperature"}}, "compare a fact in one way"),
    ({"when": {"fact": "bedroom.temperature", "above": 1, "below": 2}}, "compare a fact in one way"),
    ({"when": {"all": []}}, "at least 1 item"),
    ({"when": 7}, "a condition starts with one of"),
    ({"want": [{"heat": "bedroom"}]}, "a want starts with one of cool, keep_cool, ease_off"),
    ({"want": [7]}, "a want starts with one of"),
    ({"want": []}, "at least 1 item"),
    ({"want": [{"dim": "bedroom", "brightness": 0}]}, "greater than or equal to 1"),
    ({"want": [{"keep_cool": "bedroom", "cooler_by": 1.6}]}, "at most 1.5 °C less"),
    ({"want": [{"keep_cool": "bedroom", "cooler_by": "1.6 °C"}]}, "at most 1.5 °C less"),
    ({"want": [{"keep_cool": "bedroom", "cooler_by": "2.8 F"}]}, "at most 1.5 °C less"),
    ({"want": [{"keep_cool": "bedroom", "cooler_by": -0.5}]}, "at most 1.5 °C less"),
    ({"want": [{"keep_cool": "bedroom", "cooler_by": True}]}, "not a step in degrees"),
    ({"want": [{"keep_cool": "bedroom", "cooler_by": "cold"}]}, "not a step in degrees"),
    ({"unknown": {"hold": "3 h"}}, "less than or equal to"),
    ({"priority": "safety"}, "convenience"),
    ({"id": "Not An Id"}, "pattern"),
]


@pytest.mark.parametrize(("changes", "says"), WRONG)
def test_mistakes_in_a_rule(changes: dict[str, Any], says: str) -> None:
    """Found on load."""
    rule = {"id": "x", "says": "X.", "when": {"bed": "occupied"}, "want": [{"cool": "bedroom"}]}
    with pytest.raises(ValidationError, match=says):
        RuleBook.model_validate({"rules": [{**rule, **changes}]})


def test_an_id_is_used_once() -> None:
    """In one book."""
    text = "- {id: x, says: X., when: {bed: occupied}, want: [{cool: bedroom}]}\n"
    with pytest.raises(ValidationError, match="the rule id x is used twice"):
        book(text * 2)


UNKNOWN = [
    ("{trigger: haet}", "cool: bedroom", "rule x: the trigger haet is not known. Did you mean heat?"),
    ("{routine: winddown}", "cool: bedroom", "rule x: the routine winddown is not known. Did you mean wind_down?"),
    (
        "{fact: bedroom.temprature, above: 1}",
        "cool: bedroom",
        "rule x: the fact bedroom.temprature is not known. Did you mean bedroom.temperature?",
    ),
    ("{bed: occupied}", "cool: kitchen", "rule x: the room kitchen is not known. There is: bedroom."),
    ("{bed: occupied}", "ease_off: bathroom", "rule x: the room bathroom is not known. Did you mean bedroom?"),
]


@pytest.mark.parametrize(("when", "want", "says"), UNKNOWN)
def test_a_wrong_name_is_told_with_the_nearest_one(when: str, want: str, says: str) -> None:
    """When the book meets the home and the profile."""
    rules = book(f"- {{id: x, says: X., when: {when}, want: [{{{want}}}]}}")
    with pytest.raises(RuleError) as caught:
        maker(rules=rules)()
    assert str(caught.value) == says


def test_a_disabled_rule_is_left_out() -> None:
    """Whatever it names."""
    assert (
        maker(
            rules=book("- {id: x, enabled: false, says: X., when: {trigger: haet}, want: [{cool: bedroom}]}")
        )().world.rules
        == []
    )


def test_a_rule_for_each_room() -> None:
    """The word bedroom in it then means that room; with its own bed or that of the bedroom."""
    study = {
        "person": "anna",
        "name": "the study",
        "sensors": [{"topic": "s", "dialect": "plain", "measures": ["temperature"]}],
        "cooling": [{"fan": "fan.study"}],
    }
    rules = book(
        """
        - id: each
          says: Cool every warm room.
          when:
            all:
              - {trigger: heat, at_least: building}
              - not: {bed: occupied}
              - any: [{between: ["20:00", "23:00"]}, {trigger: tight clothing}]
          want: [{cool: bedroom}]
          rooms: each
        """
    )
    life = Evening(maker(profile(), home(rooms={"study": study}), rules))
    assert [running.rule.id for running in life.engine.world.rules] == ["each@bedroom", "each@study"]
    life.bed(occupied=False)
    life.measure(25.0, room="study", source="s")
    assert life.services() == ["fan.turn_on"]
    life.measure(25.0, source=THERMOMETER)
    assert life.services() == ["climate.set_hvac_mode", "climate.set_temperature"]


def test_the_limit_in_bed_is_for_the_room_with_the_bed() -> None:
    """Whatever order the rooms are in."""
    study = {"person": "anna", "sensors": [{"topic": "s", "dialect": "plain", "measures": ["temperature"]}]}
    life = Evening(maker(profile(), home(rooms={"study": study})))
    life.bed(occupied=True)
    life.measure(23.0, room="study", source="s")
    assert "your limit awake" in life.engine.world.triggers["heat@study"].explain().text


def test_a_second_bed_has_facts_of_its_own() -> None:
    """A guest in another room of the person."""
    guest = {"person": "anna", "sensors": [], "bed": {"sensors": [{"topic": "g", "dialect": "plain"}]}}
    world = maker(profile(), home(rooms={"guest": guest}))().world
    assert "guest_bed.occupied" in world.facts
    assert world.facts["bed.occupied"] is not world.facts["guest_bed.occupied"]


STEPS = [
    ("0.5", "C", 0.5),
    ("0.9", "F", 0.5),
    ("0.5 °C", "F", 0.5),
    ("'0,9f'", "C", 0.5),
    ("2.7 F", "F", 1.5),
    ("0", "C", 0.0),
]


@pytest.mark.parametrize(("step", "units", "celsius"), STEPS)
def test_cooler_by_is_in_the_units_of_the_person(step: str, units: str, celsius: float) -> None:
    """Unless it has its own."""
    want = f"{{keep_cool: bedroom, cooler_by: {step}}}"
    rules = book(f"- {{id: x, says: X., when: {{bed: occupied}}, want: [{want}]}}")
    assert RuleBook.model_validate(RuleBook(rules=rules).model_dump(by_alias=True)).rules == rules
    life = Evening(maker(profile(units=units), rules=rules))
    life.bed(occupied=True)
    life.measure(20.0)
    asked, _ = ask_for_cooling(life.engine.world, life.engine.world.bedroom, life.now)
    assert asked.cooler_c == pytest.approx(celsius)


CONTESTS = [
    ("[comfort, 0.5], [comfort, 1.0], [comfort, 0.2]", "r1", 1.0),
    ("[comfort, 0.5], [protection, 0.0], [comfort, 1.0]", "r1", 0.0),
    ("[comfort, 0.5], [comfort, 0.5]", "r0", 0.5),
]


@pytest.mark.parametrize(("claims", "winner", "cooler_c"), CONTESTS)
def test_the_strongest_wins_and_of_equal_ones_the_coolest(claims: str, winner: str, cooler_c: float) -> None:
    """Rank first: a rule of less rank never makes it cooler."""
    rules = "".join(
        f"- {{id: r{index}, says: R., when: {{bed: occupied}}, priority: {rank.strip(' [')}, "
        f"want: [{{keep_cool: bedroom, cooler_by: {by.strip(' ]')}}}]}}\n"
        for index, (rank, by) in enumerate(claim.split(",") for claim in claims.split("], "))
    )
    life = Evening(maker(rules=book(rules)))
    life.bed(occupied=True)
    life.measure(20.0)
    asked, contest = ask_for_cooling(life.engine.world, life.engine.world.bedroom, life.now)
    assert (contest().winner, asked.cooler_c) == (winner, cooler_c)

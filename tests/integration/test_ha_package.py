"""The package for Home Assistant: which intents it hands to us, with which slots, and that it is sound YAML."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from integration.ha_install import shipped_sentences
from integration.ha_package import NOT_SAVED, package, routed

SENTENCES = {
    "language": "en",
    "expansion_rules": {
        "what": "[<where>] {symptom}",
        "where": "[{side}] {place}",
        "loop": "{inner} <loop>",
        "local": "{wrong}",
    },
    "intents": {
        "Log": {"data": [{"sentences": ["log [a] <what> [at {number:severity}]"], "slots": {"op": "x"}}]},
        "Own": {"data": [{"sentences": ["<local>"], "expansion_rules": {"local": "{right}"}}]},
        "Loop": {"data": [{"sentences": ["<loop>"]}]},
        "Fragment": {"data": [{"sentences": ["{rest}"], "requires_context": {"fragment": True}}]},
        "Both": {"data": [{"sentences": ["a {b}"]}, {"sentences": ["{c}"], "requires_context": {"fragment": True}}]},
        "Bare": {"data": [{"sentences": ["undo that"]}]},
    },
}


def made(sentences: dict[str, Any], *, recorder: bool = False) -> dict[str, Any]:
    text = package(sentences, person="anna", prefix="unclench", recorder=recorder)
    read: dict[str, Any] = YAML(typ="safe").load(text)
    return read


def test_the_slots_of_each_intent() -> None:
    """Through rules, under other names, fixed ones; what needs a context is for our own parser."""
    assert routed(SENTENCES) == {
        "Log": ("op", "place", "severity", "side", "symptom"),
        "Own": ("right",),
        "Loop": ("inner",),
        "Both": ("b",),
        "Bare": (),
    }


@pytest.mark.parametrize("name", ["it's", "a b", "é", "{{x}}", "1st"])
def test_a_name_that_could_break_out_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name"):
        routed({"intents": {name: {"data": [{"sentences": ["x"]}]}}})
    with pytest.raises(ValueError, match="cannot be the name"):
        routed({"intents": {"A": {"data": [{"sentences": ["x"], "slots": {name: 1}}]}}})


def test_a_topic_that_would_be_a_template_is_refused() -> None:
    with pytest.raises(ValueError, match="template"):
        package(SENTENCES, person="anna", prefix="{{ x }}", recorder=False)


@pytest.mark.parametrize("prefix", ["unclench", 'home/our "own"', "back\\slash", "caffè"])
def test_every_intent_goes_to_the_persons_topic(prefix: str) -> None:
    text = package(SENTENCES, person="anna", prefix=prefix, recorder=False)
    read = YAML(typ="safe").load(text)
    assert set(read["intent_script"]) == set(routed(SENTENCES))
    (standing,) = read["automation"]
    (trigger,) = standing["triggers"]
    assert trigger["topic"] == f"{prefix}/anna/voice/reply"
    assert (standing["actions"], standing["trace"]) == ([], {"stored_traces": 0})
    ask = read["script"]["unclench_ask"]
    assert ask["trace"] == {"stored_traces": 0}
    parallel = ask["sequence"][-1]["parallel"]
    assert parallel[0]["sequence"][0]["wait_for_trigger"][0]["topic"] == f"{prefix}/anna/voice/reply"
    assert parallel[1]["data"]["topic"] == f"{prefix}/anna/voice/intent"
    assert (parallel[1]["data"]["qos"], parallel[1]["data"]["retain"]) == (1, False)


def test_the_person_is_told_that_it_is_not_saved() -> None:
    assert "not saved" in NOT_SAVED
    assert NOT_SAVED in made(SENTENCES)["intent_script"]["Log"]["speech"]["text"]


def test_a_sentence_file_without_intents_is_valid_too() -> None:
    assert made({"intents": {}})["intent_script"] == {}


def test_what_we_ship_can_be_routed() -> None:
    """And no slot has a name that Home Assistant takes for a device, a place or a kind of device."""
    slots = {slot for names in routed(YAML(typ="safe").load(shipped_sentences())).values() for slot in names}
    taken = {"name", "area", "floor", "domain", "device_class", "preferred_area_id", "preferred_floor_id"}
    assert not slots & (taken | {"context", "this", "trigger", "reply", "action_response"})

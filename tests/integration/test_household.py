"""Several people in one home, and what concerns more than one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.load import load
from devices.events import BedMoved, PauseChanged
from devices.readings import Message
from integration.household import Household
from integration.rulebooks import load_books
from integration.store.events import event_from_json, event_to_json
from tests.integration.fortnight import write

AT = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)
HOME = """
rooms:
  bedroom:
    person: anna
    sensors: [{topic: z/a, dialect: zigbee2mqtt}]
  study:
    person: ben
    sensors: [{topic: z/b, dialect: zigbee2mqtt}]
home_assistant: {url: "http://homeassistant.local:8123"}
"""
PROFILE = """
name: {name}
time_zone: Europe/Berlin
bedroom: {room}
prompts:
  channels:
    - {{tts: tts.piper, player: media_player.hall}}
    - {{notify: notify.display}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two people who share a speaker and a display."""
    (tmp_path / "profiles").mkdir()
    (tmp_path / "home.yaml").write_text(HOME)
    for person, room in (("anna", "bedroom"), ("ben", "study")):
        (tmp_path / "profiles" / f"{person}.yaml").write_text(PROFILE.format(name=person.title(), room=room))
    return tmp_path


def test_a_shared_speaker_that_is_gone_is_gone_for_both(folder: Path) -> None:
    """A channel's state reaches everybody who is told through it."""
    configuration = load(folder)
    household = Household(configuration, load_books(configuration))
    stepped, _ = household.state("tts.piper", "unavailable", {}, AT, "1")
    assert {step.person for step in stepped} == {"anna", "ben"}
    assert all("tts.piper" in engine.world.desk.memory.gone for engine in household.engines.values())


def test_every_mistake_of_the_homes_own_rules_is_told_at_its_line(folder: Path) -> None:
    """A rule with a mistake does not hide the mistakes of the others."""
    (folder / "rules").mkdir()
    (folder / "rules" / "mine.yaml").write_text(
        "rules:\n"
        "  - id: first\n    says: x\n    when: {trigger: stres}\n    want: [{cool: bedroom}]\n"
        "  - id: second\n    says: x\n    when: {moon: full}\n    want: [{cool: bedroom}]\n"
        "  - id: third\n    says: x\n    when: {trigger: heat}\n    want:\n      - cool: kitchen\n"
    )
    with pytest.raises(ConfigError) as raised:
        load_books(load(folder))
    lines = {(mistake.line, mistake.nearest or mistake.problem.split(":")[0]) for mistake in raised.value.mistakes}
    assert {line for line, _ in lines} == {4, 8, 14}


def test_what_was_learned_is_forgotten_by_a_message(tmp_path: Path) -> None:
    """From the topic to the decision; and the event can be kept and read again."""
    configuration = load(write(tmp_path / "forgetful"))
    household = Household(configuration, load_books(configuration))
    topic = "unclench/anna/cooling/bedroom/forget"
    assert "unclench/anna/cooling/+/forget" in household.filters
    at = datetime(2026, 7, 20, 20, 0, tzinfo=UTC)
    (stepped,), rejections = household.message(Message(topic=topic, payload=b""), at, "m1")
    assert (stepped.event.kind, rejections) == ("cooling_forgotten", [])
    assert event_from_json(stepped.event.kind, event_to_json(stepped.event)) == stepped.event
    texts = [decision.text for decision in stepped.outcome.decisions if decision.about == "cooling bedroom"]
    assert texts[0].startswith("what was learned of the bedroom and of your hours in bed is forgotten")


def test_a_pause_in_words_is_that_of_the_persons_own_zone(folder: Path) -> None:
    """From the topic to the event that is written down."""
    configuration = load(folder)
    household = Household(configuration, load_books(configuration))
    message = Message(topic="unclench/ben/pause/cooling", payload=b"07:15")
    stepped, rejections = household.message(message, AT, "m")
    (event,) = [step.event for step in stepped]
    assert rejections == []
    assert isinstance(event, PauseChanged)
    assert (event.person, event.area, event.until) == ("ben", "cooling", datetime(2026, 7, 15, 5, 15, tzinfo=UTC))
    assert event_from_json(PauseChanged.kind, event_to_json(event)) == event


def test_a_bed_that_only_feels_movement_does_not_say_who_is_in_it(folder: Path) -> None:
    """The clock says it then, as in a home without a bed sensor; beside one that does, movement changes nothing."""
    shaker = "{topic: z/m, dialect: zigbee2mqtt, feels: movement, side: left}"
    for sensors, sides in ((f"[{shaker}]", None), (f"[{shaker}, {{topic: bed/x, side: right}}]", ["bed.right"])):
        bed = f"    sensors: [{{topic: z/a, dialect: zigbee2mqtt}}]\n    bed: {{sensors: {sensors}}}\n"
        home = HOME.replace("    sensors: [{topic: z/a, dialect: zigbee2mqtt}]\n", bed)
        (folder / "home.yaml").write_text(home)
        configuration = load(folder)
        household = Household(configuration, load_books(configuration))
        found = household.engines["anna"].world.rooms["bedroom"].bed
        assert (None if found is None else [side.name for side in found.sides]) == sides
        stepped, rejections = household.message(Message(topic="z/m", payload=b'{"vibration": true}'), AT, "m")
        assert rejections == []
        assert [type(step.event) for step in stepped] == [BedMoved]

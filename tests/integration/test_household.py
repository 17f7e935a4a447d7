"""Several people in one home, and what concerns more than one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.load import load
from integration.household import Household
from integration.rulebooks import load_books

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

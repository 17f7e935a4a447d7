"""Recorded evenings through the command line: the same lines, the same actions (and the documentation's examples)."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from integration.recording import parse_line
from integration.replay import Replay, action_line
from tests.replay.generate import EVENINGS, MAKERS, new_household, recording

NAMES = ["fahrenheit", "hot", "silent"]
"""Those of the wind-down are in test_evenings.py; two of them come through the command line here too."""
DOCS = Path(__file__).parents[2] / "docs" / "replay.md"


def unclench(*arguments: str, stdin: str | None = None) -> str:
    """What the command line prints."""
    command = [sys.executable, "-c", "from integration.cli import main; main()", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=50)
    assert done.returncode == 0, done.stderr
    return done.stdout


def golden(name: str) -> str:
    """The reviewed actions of an evening."""
    return (EVENINGS / name / "actions.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*NAMES, "clock_back", "phone_off"])
def test_the_same_lines_give_the_same_actions(name: str) -> None:
    """Changed on purpose? Run ``python -m tests.replay.generate`` and review the diff."""
    assert unclench("replay", str(EVENINGS / name / "recording.jsonl"), "--config", str(EVENINGS / name)) == golden(
        name
    )


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_the_recordings_are_as_generated(name: str) -> None:
    """Seeded, so that nobody has to edit them."""
    assert (EVENINGS / name / "recording.jsonl").read_text(encoding="utf-8") == recording(name)


def test_lockstep_answers_every_line() -> None:
    """Its actions, then done; without a file, from standard input."""
    text = (EVENINGS / "hot" / "recording.jsonl").read_text(encoding="utf-8")
    answers = unclench("replay", "-", "--lockstep", "--config", str(EVENINGS / "hot"), stdin=text).splitlines()
    done = [json.loads(line)["done"] for line in answers if "done" in json.loads(line)]
    assert done == [parse_line(line, 1).at.isoformat() for line in text.splitlines()]
    assert "".join(line + "\n" for line in answers if "done" not in json.loads(line)) == golden("hot")


def test_why_prints_the_decisions() -> None:
    """Also those not to act."""
    path = EVENINGS / "silent"
    printed = [
        json.loads(line)
        for line in unclench("replay", str(path / "recording.jsonl"), "--why", "--config", str(path)).splitlines()
    ]
    texts = [line["decision"]["text"] for line in printed if "decision" in line]
    assert any(text.startswith("kept on for at most 2 h") for text in texts)
    assert any("you reported stress" in text for text in texts)
    assert not any("stress" in json.dumps(line) for line in printed if "decision" not in line)


@pytest.mark.parametrize("name", NAMES)
def test_a_restart_at_every_line_changes_nothing(name: str) -> None:
    """Snapshot to text, a new household, on with the next line."""
    whole, restarted = Replay(new_household(name)), Replay(new_household(name))
    whole_actions, restarted_actions = [], []
    for number, text in enumerate(recording(name).splitlines(), start=1):
        line = parse_line(text, number)
        whole_actions += whole.feed(line)
        restarted_actions += restarted.feed(line)
        snapshot = json.loads(json.dumps(restarted.household.snapshot()))
        restarted.household = new_household(name)
        restarted.household.restore(snapshot)
    assert restarted_actions == whole_actions
    assert restarted.decisions == whole.decisions
    assert "".join(json.dumps(action_line(action), ensure_ascii=False) + "\n" for action in whole_actions) == golden(
        name
    )


def test_with_states_nothing_is_assumed() -> None:
    """The same evening without the air conditioner's reports: the command is repeated, and given up on."""
    replay = Replay(new_household("fahrenheit"))
    sent = []
    for number, text in enumerate(recording("fahrenheit").splitlines(), start=1):
        line = parse_line(text, number)
        silent = '"entity_id": "climate.bedroom"' in text and '"state": "off"' not in text
        sent += [] if silent else [action.service for action in replay.feed(line)]
    assert replay.assumed is None
    assert sent.count("climate.set_hvac_mode") > 3
    assert "climate.set_temperature" not in sent


def test_without_states_every_action_is_done_at_once() -> None:
    """One command each, and the next step follows at the same moment."""
    printed = [json.loads(line) for line in golden("hot").splitlines()]
    cooling = [line for line in printed if line["target"].get("entity_id") == "climate.bedroom"]
    first, second, *later, last = cooling
    assert (first["data"], second["data"]) == ({"hvac_mode": "cool"}, {"temperature": 20.5})
    assert first["time"] == second["time"]
    assert {line["service"] for line in later} == {"climate.set_temperature"}
    assert all(before["data"] != after["data"] for before, after in itertools.pairwise(cooling))  # nothing twice
    assert last["data"] == {"hvac_mode": "off"}


def test_the_examples_of_the_documentation(tmp_path: Path) -> None:
    """Each input of docs/replay.md prints what stands below it."""
    blocks = re.findall(r"```(\w+) (\S+)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    files = {name: body for _, name, body in blocks}
    for name in ("home.yaml", "profiles/anna.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(files[name], encoding="utf-8")
    for name in ("messages.jsonl", "states.jsonl"):
        (tmp_path / name).write_text(files[name], encoding="utf-8")
        printed = unclench("replay", str(tmp_path / name), "--config", str(tmp_path))
        assert printed == files[name.replace(".jsonl", ".out")], name
    printed = unclench("replay", "-", "--lockstep", "--config", str(tmp_path), stdin=files["messages.jsonl"])
    assert printed == files["lockstep.out"]

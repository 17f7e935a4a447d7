"""`unclench check` on files alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.unclench import unclench
from tests.config.homes import EXAMPLES, HOME, write_home

BROKEN = EXAMPLES.parent.parent / "tests" / "config" / "broken"


def test_good_files_are_fine() -> None:
    ran = unclench("check", "--offline", "--config", str(EXAMPLES))
    assert ran.code == 0
    assert ran.words == f"The files in {EXAMPLES} are fine."


def test_the_folder_may_be_named_before_the_command() -> None:
    assert unclench("--config", str(EXAMPLES), "check", "--offline").code == 0


@pytest.mark.parametrize("name", sorted(path.name for path in BROKEN.iterdir()))
def test_every_broken_configuration_is_told_in_full_on_a_narrow_terminal(name: str) -> None:
    ran = unclench("check", "--config", str(BROKEN / name), columns=44)
    assert ran.code == 1
    expected = (BROKEN / name / "expected.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(expected, 1):
        place, _, advice = line.partition(": ")
        assert f"{number}. {place} {advice[0].upper()}{advice[1:]}" in ran.words
    assert f"{len(expected)} thing" in ran.words
    assert all(len(line) <= 44 for line in ran.output.splitlines()[1:])


def test_json_for_scripts() -> None:
    ran = unclench("check", "--json", "--config", str(BROKEN / "everything_at_once"))
    assert ran.code == 1
    facts = json.loads(ran.output)
    assert facts["ok"] is False
    assert [mistake["line"] for mistake in facts["mistakes"]] == [1, 2, 1]
    assert facts["mistakes"][0]["nearest"] == "units"


def test_a_secrets_file_that_others_can_read(tmp_path: Path) -> None:
    folder = write_home(tmp_path)
    (folder / "secrets.env").write_text("")
    (folder / "secrets.env").chmod(0o644)
    ran = unclench("check", "--offline", "--config", str(folder))
    assert ran.code == 1
    assert "chmod 600" in ran.words


@pytest.mark.parametrize(
    ("home", "says"),
    [
        (HOME, "has no bed sensor, so Anna counts as in bed between 22:30 and 07:30"),
        (HOME.replace("    cooling:\n      - climate: climate.bedroom\n", ""), "has nothing that cools"),
        (HOME.replace("dialect: zigbee2mqtt", "dialect: statestream"), "does not publish unit_of_measurement"),
        (HOME.replace("dialect: zigbee2mqtt", "dialect: plain"), "add unit: C (or F)"),
    ],
)
def test_what_could_be_better_is_a_note_and_no_failure(tmp_path: Path, home: str, says: str) -> None:
    ran = unclench("check", "--offline", "--config", str(write_home(tmp_path, home=home)), columns=200)
    assert ran.code == 0
    assert says in ran.words
    assert "All is well." in ran.words

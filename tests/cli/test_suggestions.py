"""`unclench suggestions`: what is offered, and what accepting it writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.errors import ConfigError, FileProblemError, UnclenchError
from config.load import load
from devices.events import BedChanged, RoomMeasured, SelfReported
from devices.readings import Kind
from integration.profile_edit import ProfileEdit
from integration.store import Store
from tests.cli.unclench import Ran, unclench
from tests.config.homes import ANNA, EXAMPLES, write_home

HOME = """\
rooms:
  bedroom:
    person: anna
    sensors: [{topic: t}]
    bed: {sensors: [{topic: b}]}
    cooling: [{fan: fan.f}]
"""
DATA = ".local/share/unclench"
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def remember(machine: Path, *celsius: float, person: str = "anna") -> None:
    """Somebody in bed said on as many days, the last one yesterday, that it was too hot."""
    store = Store(machine / DATA).open()
    with store.transaction():
        for days, each in reversed(list(enumerate(celsius, 1))):
            at = NOW - timedelta(days=days)
            store.add_event(person, BedChanged(at=at, source="b", room="bedroom", side="either", occupied=True))
            quantity = Kind.TEMPERATURE
            store.add_event(person, RoomMeasured(at=at, source="t", room="bedroom", quantity=quantity, value=each))
            store.add_event(person, SelfReported(at=at, source="button", person=person, trigger="too_hot", value=True))
    store.close()


def suggested(folder: Path, *arguments: str) -> Ran:
    """The command."""
    return unclench("suggestions", "--config", str(folder), *arguments)


def test_it_lists_and_changes_nothing(machine: Path, tmp_path: Path) -> None:
    folder = write_home(tmp_path / "home", home=HOME)
    remember(machine, 21.2, 21.3, 21.4)
    ran = suggested(folder)
    assert ran.code == 0
    assert "1. Lower your heat limit in bed from 22.0 °C to 21.0 °C." in ran.words
    assert 'you said "too hot" 3 times in bed, on 3 days, at about 21.3 °C.' in ran.words
    assert "Nothing is changed until you accept it" in ran.words
    assert (folder / "profiles/anna.yaml").read_text() == ANNA


def test_json_for_scripts(machine: Path, tmp_path: Path) -> None:
    folder = write_home(tmp_path / "home", home=HOME)
    remember(machine, 21.2, 21.3, 21.4)
    (found,) = json.loads(suggested(folder, "--json").output)
    assert found.pop("why").startswith("In the last 21 days")
    assert found == {
        "number": 1,
        "person": "anna",
        "key": "triggers.heat.above_in_bed",
        "now_c": 22.0,
        "proposed_c": 21.0,
    }


def test_nothing_to_suggest(machine: Path, tmp_path: Path) -> None:
    folder = write_home(tmp_path / "home", home=HOME)
    remember(machine, 21.2)
    ran = suggested(folder)
    assert (ran.code, ran.words[:19]) == (0, "No suggestion now. ")
    assert json.loads(suggested(folder, "--json").output) == []
    assert suggested(folder, "--accept", "1").code == 2


def test_accepting_writes_it_and_keeps_the_rest_of_the_file(machine: Path, tmp_path: Path) -> None:
    """Comments, order, quotes and indents of the example are as before."""
    written = (EXAMPLES / "profiles/anna.yaml").read_text(encoding="utf-8").replace("target: 20.5", "target: 19")
    folder = write_home(tmp_path / "home", home=HOME, anna=written)
    (folder / "profiles/anna.yaml").chmod(0o640)
    remember(machine, 21.2, 21.3, 21.4)
    today = datetime.now(UTC).date()
    ran = suggested(folder, "--accept", "1")
    assert ran.code == 0
    assert "-     above_in_bed: 22 " in ran.output
    assert "+     above_in_bed: 21 " in ran.output
    assert ran.output.endswith("It is written. Restart Unclench to use it.\n")
    before, after = written.splitlines(), (folder / "profiles/anna.yaml").read_text(encoding="utf-8").splitlines()
    added = [line for line in after if line not in before]
    assert [line.split("#")[0].strip() for line in added] in (
        ["above_in_bed: 21", f"set_on: {day}"] for day in (today, today + timedelta(days=1))
    )
    assert [line for line in before if line not in after] == [
        "    above_in_bed: 22          # too warm from here on, while you are in bed"
    ]
    assert (folder / "profiles/anna.yaml").stat().st_mode & 0o777 == 0o640
    heat = load(folder).profiles["anna"].triggers.heat
    assert (heat.above_in_bed, heat.set_by) == (21.0, "me")
    assert suggested(folder).words.startswith("No suggestion now.")
    assert [path.name for path in (folder / "profiles").iterdir()] == ["anna.yaml"]


def test_accepting_in_fahrenheit_and_json(machine: Path, tmp_path: Path) -> None:
    folder = write_home(tmp_path / "home", home=HOME, anna=f"{ANNA}units: F\n")
    remember(machine, 21.2, 21.3, 21.4)
    done = json.loads(suggested(folder, "--accept", "1", "--json").output)
    assert done["changed"]["triggers.heat.above_in_bed"] == 69.8
    assert load(folder).profiles["anna"].triggers.heat.above_in_bed == pytest.approx(21.0)


def test_two_people_are_told_apart(machine: Path, tmp_path: Path) -> None:
    home = f"{HOME}  den: {{person: ben, sensors: [{{topic: t2}}]}}\n"
    ben = "name: Ben\ntime_zone: Europe/London\nbedroom: den\n"
    folder = write_home(tmp_path / "home", home=home, anna=ANNA, ben=ben)
    remember(machine, 21.2, 21.3, 21.4)
    assert "1. Anna: lower your heat limit in bed" in suggested(folder).words


def test_without_a_database(tmp_path: Path) -> None:
    with pytest.raises(UnclenchError):
        suggested(write_home(tmp_path / "home", home=HOME))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("triggers:\n", "triggers:\n  heat:\n    above: 23.5\n"),
        (
            "triggers: {heat: {above: 24, felt: false}} # mine\n",
            "triggers: {heat: {above: 23.5, felt: false}} # mine\n",
        ),
        (
            "triggers:\n  heat:\n    felt: false\n\n# the end\n",
            "triggers:\n  heat:\n    above: 23.5\n    felt: false\n\n# the end\n",
        ),
        (
            "prompts:\n  channels:\n  - notify: notify.a\ntriggers:\n  heat:\n    above: 24 # or 25\n",
            "prompts:\n  channels:\n  - notify: notify.a\ntriggers:\n  heat:\n    above: 23.5 # or 25\n",
        ),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_value_however_the_file_is_written(tmp_path: Path, before: str, after: str, ending: str) -> None:
    """Also with the line ends of another system."""
    folder = write_home(tmp_path, home=HOME)
    path = folder / "profiles/anna.yaml"
    path.write_bytes((ANNA + before).replace("\n", ending).encode())
    edit = ProfileEdit(folder, "anna", {"triggers.heat.above": 23.5})
    assert edit.prepare()
    edit.write()
    assert path.read_bytes() == (ANNA + after).replace("\n", ending).encode()


def test_a_mistake_is_not_written(tmp_path: Path) -> None:
    """Nothing is changed then."""
    folder = write_home(tmp_path, home=HOME)
    edit = ProfileEdit(folder, "anna", {"comfort.target": 23.0})
    edit.prepare()
    with pytest.raises(ConfigError, match="cooling stops at 23 °C"):
        edit.write()
    assert (folder / "profiles/anna.yaml").read_text() == ANNA


def test_what_cannot_be_changed_alone_is_not_changed(tmp_path: Path) -> None:
    """Two keys that share one value would both change."""
    text = f"{ANNA}routines:\n  reading: &late {{at: 21:00, lasts: 1 h}}\n  quiet: *late\n"
    folder = write_home(tmp_path, home=HOME, anna=text)
    edit = ProfileEdit(folder, "anna", {"routines.quiet.lasts": "2 h"})
    edit.prepare()
    with pytest.raises(FileProblemError, match="by hand"):
        edit.write()
    assert (folder / "profiles/anna.yaml").read_text() == text


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    folder = write_home(tmp_path, home=HOME)
    (folder / "profiles/anna.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(FileProblemError):
        ProfileEdit(folder, "anna", {"comfort.floor": 17.5}).prepare()
    (folder / "profiles/anna.yaml").write_text("a: [")
    with pytest.raises(FileProblemError):
        ProfileEdit(folder, "anna", {"comfort.floor": 17.5}).prepare()


def test_a_suggestion_that_is_not_there_is_a_usage_error(machine: Path, tmp_path: Path) -> None:
    folder = write_home(tmp_path / "home", home=HOME)
    remember(machine, 21.2, 21.3, 21.4)
    ran = suggested(folder, "--accept", "7")
    assert ran.code == 2
    assert "there is no suggestion 7" in ran.words

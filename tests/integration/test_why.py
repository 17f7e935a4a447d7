"""`unclench why`: the present from the engines' memory, the past from the record, in words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from config.load import load
from devices.readings import Message
from integration.assumed import AssumedHome
from integration.cli.app import app
from integration.household import Household, Stepped
from integration.rulebooks import load_books
from integration.service import Ledger
from integration.store import Store
from integration.store.events import event_to_json
from tests.integration.homebuilder import AC, BED, CLIMATE, FAN, TestHome

AT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A home in which a hot bedroom has been cooled for some minutes, as the service would have written it down."""
    home = TestHome(tmp_path / "home", 1883)
    configuration = load(home.folder)
    household, devices, ledger = Household(configuration, load_books(configuration)), AssumedHome(), Ledger()

    def take(stepped: list[Stepped]) -> None:
        ledger.add([(step, event_to_json(step.event)) for step in stepped])
        for step in stepped:
            for action in step.outcome.actions:
                changed = devices.carry_out(action)
                if changed is not None:
                    take(household.state(changed, *devices.state(changed), action.at, "done")[0])

    for entity in household.devices:
        take(household.state(entity, *devices.state(entity), AT, "start")[0])
    take(household.peer("home_assistant", AT, "peer", up=True))
    for minute, (topic, payload) in enumerate(
        [(BED, "ON"), (CLIMATE, '{"temperature": 21.0}'), (CLIMATE, '{"temperature": 22.6}')]
    ):
        take(
            household.message(
                Message(topic=topic, payload=payload.encode()), AT + timedelta(minutes=minute), f"m{minute}"
            )[0]
        )
    store = Store(home.settings.data).open()
    with store.transaction():
        ledger.write_memory(store)
        ledger.write_record(store)
    store.close()
    return home.folder


def why(folder: Path, *arguments: str) -> Result:
    """Ask."""
    environment = {"UNCLENCH_DATA": str(folder / "data"), "COLUMNS": "100"}
    return CliRunner().invoke(app, ["why", *arguments, "--config", str(folder)], env=environment)


def test_why_is_the_room_cooled(folder: Path) -> None:
    """Rule, devices and numbers, and what was decided."""
    output = " ".join(why(folder, "cooling").output.split())
    assert "rule cool-hot-bed on" in output
    assert "someone is in bed" in output
    assert "22.6 °C" in output
    assert AC in output
    assert "set to 21.0 °C" in output


def test_why_one_device(folder: Path) -> None:
    """A part of its name is enough."""
    output = why(folder, "fan").output
    assert FAN in output
    assert AC not in output


def test_why_did_nothing_happen_before(folder: Path) -> None:
    """Reasons are derived: what was known at that time is lived through again, also where nothing was decided."""
    output = " ".join(why(folder, "cool-hot-bed", "--at", (AT + timedelta(minutes=1)).isoformat()).output.split())
    assert "rule cool-hot-bed off" in output
    assert "the bedroom is 21.0 °C; your limit in bed is 22.0 °C" in output


def test_json_for_scripts(folder: Path) -> None:
    """The same as a document."""
    document = json.loads(why(folder, "cooling", "--json").output)
    assert {each["what"]: each["state"] for each in document["now"]}["rule cool-hot-bed"] == "on"
    assert timedelta(0) <= datetime.fromisoformat(document["lately"][-1]["at"]) - AT <= timedelta(minutes=5)


def test_why_cooling_says_what_is_known_and_planned(folder: Path) -> None:
    """In words, and in numbers for scripts; not for other subjects, and not of the past."""
    output = " ".join(why(folder, "cooling").output.split())
    assert "What is known and planned, bedroom" in output
    assert "Not learned yet: it needs 24 more h of readings and 45 more min of cooling" in output
    assert "ooling now is asked for: cooling from" in output
    (learned,) = json.loads(why(folder, "cooling", "--json").output)["learned"]
    assert (learned["room"], learned["phase"], learned["learned"]) == ("bedroom", "now", False)
    assert learned["low_c"] < learned["high_c"]
    assert json.loads(why(folder, "fan", "--json").output)["learned"] == []
    assert json.loads(why(folder, "cooling", "--at", AT.isoformat(), "--json").output)["learned"] == []


def test_why_without_a_database_says_what_is_missing(tmp_path: Path) -> None:
    """No traceback."""
    home = TestHome(tmp_path / "home", 1883)
    result = why(home.folder, "cooling")
    assert result.exit_code != 0
    assert "Traceback" not in result.output


def test_nonsense_as_a_time_is_a_usage_error(folder: Path) -> None:
    """Exit code 2 and how to write it."""
    result = why(folder, "--at", "yesterday")
    assert result.exit_code == 2
    assert "2026-07-14 22:30" in result.output

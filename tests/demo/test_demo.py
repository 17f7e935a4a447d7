"""The whole demo: the real service between a broker and a stand-in for Home Assistant, without a screen."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from integration.demo.director import playing
from integration.demo.scene import Scene
from integration.demo.story import evening
from tests.cli.unclench import unclench

MOMENT = evening(1).start


def played(seed: int) -> dict[str, Any]:
    ran = unclench("demo", "--headless", "--json", "--seed", str(seed))
    assert ran.code == 0
    document: dict[str, Any] = json.loads(ran.output)
    print(f"seed {seed}: {document['wall_seconds']} s, peak {document['peak_c']}")
    return document


@pytest.mark.parametrize("seed", [1, 2, 3, 42])
def test_the_room_is_kept_below_the_trigger_that_it_crosses_without_us(seed: int) -> None:
    document = played(seed)
    assert document["kept_below"]
    assert document["crosses_without_us"]
    assert document["peak_c"]["with"] < document["trigger_c"] <= document["peak_c"]["without"]
    assert document["in_bed_minutes_above"]["with"] == 0
    assert document["in_bed_minutes_above"]["without"] > 30
    assert document["readings"] == 261
    assert document["wall_seconds"] < 60


def test_the_same_seed_gives_the_same_actions_and_decisions() -> None:
    first, second = played(7), played(7)
    for document in (first, second):
        del document["wall_seconds"]
    assert first == second


def test_cooling_begins_before_the_limit_and_every_action_has_its_reason() -> None:
    document = played(1)
    services = [each["service"] for each in document["actions"]]
    for service in ("fan.turn_on", "climate.set_hvac_mode", "light.turn_off"):
        assert services.count(service) == 1, service
    levels = [each["data"]["brightness_pct"] for each in document["actions"] if each["service"] == "light.turn_on"]
    assert levels == [10, 3]
    begun = next(each["text"] for each in document["decisions"] if each["text"].startswith("cooling begins: "))
    ac = next(each["reason"] for each in document["actions"] if each["service"] == "climate.set_hvac_mode")
    for said in (begun.removeprefix("cooling begins: "), ac):
        reason = re.fullmatch(
            r"the bedroom is ([\d.]+) °C; your limit in bed is 22\.5 °C(?:, and 23\.0 °C with the fan)?; "
            r"someone is in bed \(rule cool-hot-bed\)",
            said,
        )
        assert reason is not None, said
        assert float(reason[1]) < document["trigger_c"]
    assert services.count("notify.mobile_app_robin") == 4  # one offered, put off, offered again; and two more
    assert all(each["reason"] for each in document["actions"])
    texts = [each["text"] for each in document["decisions"]]
    assert any("your limit in bed is 22.5 °C" in each for each in texts)
    assert any("changed by hand" in each for each in texts)
    assert any("you answered later" in each for each in texts)
    assert any("you answered done" in each for each in texts)
    assert not any("did not follow" in each for each in texts)


def test_nothing_cools_after_the_hand_on_the_fan() -> None:
    document = played(1)
    fan = [each for each in document["actions"] if each["target"].get("entity_id") == "fan.bedroom_fan"]
    assert [each["service"] for each in fan] == ["fan.turn_on"]


def test_without_us_nothing_is_decided() -> None:
    ran = unclench("demo", "--without", "--json")
    document = json.loads(ran.output)
    assert document["actions"] == document["decisions"] == []
    assert document["peak_c"]["with"] is None
    assert document["crosses_without_us"]
    assert not document["kept_below"]


def test_without_a_terminal_it_prints_lines_and_a_summary() -> None:
    ran = unclench("demo")
    assert ran.code == 0
    assert "not believed" in ran.words
    assert "Robin is in bed." in ran.words
    assert "left alone until" in ran.words
    assert "unclench init" in ran.words


def test_everything_is_stopped_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(threading.enumerate())
    children = _children()
    played(1)
    assert set(threading.enumerate()) <= before
    assert _children() == children
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_everything_is_stopped_after_an_exception_in_the_middle(
    error: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(threading.enumerate())
    children = _children()
    scene = Scene.opening(evening(1))

    def stop_at_ten(due: datetime) -> None:
        if due > scene.evening.to_bed:
            raise error

    with pytest.raises(error), playing(scene, stop_at_ten) as director:
        director.play()
    assert scene.readings
    assert set(threading.enumerate()) <= before
    assert _children() == children
    assert list(tmp_path.iterdir()) == []


def test_what_the_environment_says_of_a_real_home_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "HA_TOKEN", "MQTT_PASSWORD", "SECRETS_FILE", "LOG_LEVEL"):
        monkeypatch.setenv(f"UNCLENCH_{name}", "/nowhere")
    assert played(1)["kept_below"]


def test_a_missing_broker_is_told_in_one_sentence() -> None:
    code = "import sys; sys.modules['iotcore'] = None; from integration.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", code, "demo"], capture_output=True, text=True, check=False, timeout=50)
    assert ran.returncode == 1
    assert "unclench[demo]" in ran.stderr
    assert "Traceback" not in ran.stderr


def _children() -> list[str]:
    tasks = Path(f"/proc/{os.getpid()}/task")
    if not tasks.is_dir():
        pytest.skip("no /proc here to look for processes in")
    return sorted(child for task in tasks.iterdir() for child in (task / "children").read_text().split())

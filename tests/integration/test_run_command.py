"""`unclench run` as a process: it starts, proves that it lives, survives kill -9, and ends when asked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.homebuilder import AC, BED, CLIMATE, FAN, TestHome, listens, publisher, say
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

pytestmark = pytest.mark.peers


def environment(home: TestHome) -> dict[str, str]:
    """The folders, as a service manager would give them."""
    return {**os.environ, "UNCLENCH_CONFIG": str(home.folder), "UNCLENCH_DATA": str(home.folder / "data")}


@contextmanager
def running(home: TestHome) -> Iterator[subprocess.Popen[str]]:
    """The service as a process of its own; ended, if it still runs."""
    command = [sys.executable, "-c", "from integration.cli import main; main()", "run"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment(home)
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def health(home: TestHome) -> subprocess.CompletedProcess[str]:
    """What a container's health check sees."""
    command = [sys.executable, "-c", "from integration.cli import main; main()", "health"]
    return subprocess.run(command, capture_output=True, text=True, env=environment(home), check=False)


def published(heard: list[dict[str, object]], service: str) -> bool:
    """Whether an action of a service was published."""
    return any(action["service"] == service for action in heard)


def test_without_home_assistant_actions_are_published_and_a_kill_loses_nothing(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """Started, killed hard while the fan runs, started again: the fan is switched off when the room is cold."""
    home = TestHome(tmp_path / "home", mosquitto.port)
    heard: list[dict[str, object]] = []
    assert health(home).returncode == 1
    with publisher(mosquitto.port) as sensors:
        sensors.on_message = lambda _client, _data, message: heard.append(json.loads(message.payload))
        sensors.subscribe("unclench/robin/action", 1)
        with running(home) as process:
            started = time.monotonic()
            wait_until((home.folder / "data" / "health.json").exists, timeout_s=20, what="the first heartbeat")
            print(f"first heartbeat {time.monotonic() - started:.2f} s after the start")
            wait_until(lambda: listens(home.folder / "data" / "health.json"), timeout_s=20, what="the broker")
            say(sensors, BED, "ON", retain=True)
            say(sensors, CLIMATE, '{"temperature": 22.5}')
            wait_until(lambda: published(heard, "fan.turn_on"), timeout_s=10, what="the fan on")
            wait_until(lambda: published(heard, "climate.set_temperature"), timeout_s=10, what="the setpoint")
            assert "Unclench is running" in health(home).stdout
            process.kill()
        heard.clear()
        with running(home) as process:
            wait_until(lambda: process.poll() is None, timeout_s=5, what="the start")
            for celsius in (19.0, 18.9):
                say(sensors, CLIMATE, json.dumps({"temperature": celsius}))
            wait_until(lambda: published(heard, "fan.turn_off"), timeout_s=15, what="the fan off")
            wait_until(
                lambda: any(each["target"] == {"entity_id": AC} for each in heard), timeout_s=10, what="the AC off"
            )
            assert not published(heard, "fan.turn_on"), FAN
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) == 0


def test_a_broken_configuration_ends_the_start_with_its_mistakes(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """No traceback, exit code 1, and the line."""
    home = TestHome(tmp_path / "home", mosquitto.port)
    text = (home.folder / "home.yaml").read_text()
    (home.folder / "home.yaml").write_text(text.replace("dialect: zigbee2mqtt", "dialect: zigbe2mqtt"))
    with running(home) as process:
        output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "zigbee2mqtt" in output
    assert "Traceback" not in output

"""A broker that comes and goes, freezes, refuses and forgets: nothing that it accepted is lost."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.load import load
from integration import mqtt_edge
from integration.app import App, compose
from tests.faults.broker_tools import Load, broker_lines, kept, stored
from tests.integration.homebuilder import CLIMATE, TestHome, publisher, say
from tests.peers.mosquitto import USERNAME, Mosquitto
from tests.peers.ports import free_port
from tests.peers.processes import wait_until

pytestmark = pytest.mark.peers

BACK_S = 3.0
"""So soon after the broker's return we are back."""
PASSWORD = "let-me-in"


def seconds_until_connected(app: App) -> float:
    """How long the service takes to be back."""
    begun = time.monotonic()
    wait_until(lambda: app.mqtt.connected, timeout_s=20, what="the connection")
    return time.monotonic() - begun


def has_accepted(load: Load, count: int) -> bool:
    """Whether the broker has taken so many readings."""
    return len(load.accepted) >= count


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_stopped_and_started_twenty_times_under_load(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Everything accepted is stored, we are back each time within 3 s, and say so: one line down, one up."""
    chance, took = random.Random(11), []
    with Mosquitto(tmp_path, persistence=True) as broker, caplog.at_level("INFO", logger="unclench"):
        home = TestHome(tmp_path / "home", broker.port)
        with home.running() as app:
            with Load(broker.port) as load:
                for _ in range(20):
                    enough = len(load.accepted) + chance.randint(10, 60)
                    wait_until(partial(has_accepted, load, enough), timeout_s=10, what="some readings")
                    broker.stop()
                    wait_until(lambda: not app.mqtt.connected, timeout_s=10, what="the loss")
                    time.sleep(chance.uniform(0, 1.5))
                    broker.start()
                    took.append(seconds_until_connected(app))
            wait_until(lambda: load.accepted <= stored(home.settings.data), timeout_s=30, what="all that was accepted")
        print(f"{len(load.accepted)} accepted and stored; back after {sorted(round(each, 2) for each in took)} s")
    assert max(took) < BACK_S
    lines = ["connected" in line for line in broker_lines(caplog)]
    assert lines == [True, *[False, True] * 20], broker_lines(caplog)


def test_frozen_and_thawed_before_anybody_noticed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is lost, and nothing is said."""
    with Mosquitto(tmp_path) as broker, caplog.at_level("INFO", logger="unclench"):
        home = TestHome(tmp_path / "home", broker.port)
        with home.running():
            with Load(broker.port) as load:
                wait_until(lambda: len(load.accepted) > 20, timeout_s=10, what="some readings")
                broker.freeze()
                time.sleep(2)
                broker.thaw()
                before = len(load.accepted)
                wait_until(lambda: len(load.accepted) > before + 20, timeout_s=10, what="more readings")
            wait_until(lambda: load.accepted <= stored(home.settings.data), timeout_s=10, what="all that was accepted")
    assert ["connected" in line for line in broker_lines(caplog)] == [True], broker_lines(caplog)


@pytest.mark.slow
def test_frozen_for_long_and_thawed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A silent broker is found out; when it thaws we are back within 3 s, and it knows us to be there."""
    monkeypatch.setattr(mqtt_edge, "KEEPALIVE_S", 2)
    with Mosquitto(tmp_path) as broker, caplog.at_level("INFO", logger="unclench"):
        home = TestHome(tmp_path / "home", broker.port)
        with home.running() as app:
            with Load(broker.port) as load:
                wait_until(lambda: len(load.accepted) > 20, timeout_s=10, what="some readings")
                broker.freeze()
                wait_until(lambda: not app.mqtt.connected, timeout_s=20, what="the loss")
                time.sleep(7)  # some attempts, which the frozen broker finds when it thaws
                broker.thaw()
                took = seconds_until_connected(app)
                print(f"back {took:.2f} s after the thaw")
                before = len(load.accepted)
                wait_until(lambda: len(load.accepted) > before + 20, timeout_s=10, what="more readings")
            wait_until(lambda: load.accepted <= stored(home.settings.data), timeout_s=10, what="all that was accepted")
            assert kept(broker.port)["unclench/status"] == {"state": "online"}
    assert took < BACK_S
    assert ["connected" in line for line in broker_lines(caplog)] == [True, False, True], broker_lines(caplog)


def test_a_broker_that_refuses_at_first(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody listens when the service starts: it says so once, and is there when the broker is."""
    port = free_port()
    home = TestHome(tmp_path / "home", port)
    app = home.app()
    with caplog.at_level("INFO", logger="unclench"):
        app.start()
        try:
            wait_until(lambda: bool(broker_lines(caplog)), timeout_s=10, what="the complaint")
            time.sleep(2.5)  # further attempts
            with Mosquitto(tmp_path, port=port):
                took = seconds_until_connected(app)
                with publisher(port) as sensors:
                    say(sensors, CLIMATE, '{"temperature": 21.25}')
                wait_until(lambda: stored(home.settings.data) == {21.25}, timeout_s=10, what="the reading")
                assert ["connected" in line for line in broker_lines(caplog)] == [False, True], broker_lines(caplog)
        finally:
            app.stop()
    print(f"connected {took:.2f} s after the broker")
    assert took < BACK_S


@contextmanager
def with_password(folder: Path, port: int) -> Iterator[tuple[TestHome, App]]:
    """A running service that logs in."""
    home = TestHome(folder / "home", port)
    text = (home.folder / "home.yaml").read_text()
    (home.folder / "home.yaml").write_text(text.replace(f"port: {port}", f"port: {port}, username: {USERNAME}"))
    settings = home.settings.model_copy(update={"mqtt_password": SecretStr(PASSWORD)})
    app = compose(load(home.folder), settings)
    app.start()
    try:
        seconds_until_connected(app)
        yield home, app
    finally:
        app.stop()


def test_the_password_is_changed_and_changed_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Refused: one line that says what to do. Right again: back by itself, with nothing lost."""
    with (
        Mosquitto(tmp_path, password=PASSWORD, persistence=True) as broker,
        caplog.at_level("INFO", logger="unclench"),
        with_password(tmp_path, broker.port) as (home, app),
    ):
        with Load(broker.port, PASSWORD) as load:
            wait_until(lambda: len(load.accepted) > 20, timeout_s=10, what="some readings")
            broker.password = "another"
            broker.restart()
            wait_until(lambda: "refused" in caplog.text, timeout_s=10, what="the refusal")
            time.sleep(2.5)  # further attempts
            assert not app.mqtt.connected
            broker.password = PASSWORD
            broker.restart()
            took = seconds_until_connected(app)
            before = len(load.accepted)
            wait_until(lambda: len(load.accepted) > before + 20, timeout_s=10, what="more readings")
        wait_until(lambda: load.accepted <= stored(home.settings.data), timeout_s=10, what="all that was accepted")
        first, lost, refused, back = broker_lines(caplog)
    assert "connected" in first
    assert "lost" in lost
    assert "UNCLENCH_MQTT_PASSWORD" in refused
    assert PASSWORD not in caplog.text
    assert "connected" in back
    print(f"back {took:.2f} s after the right password")
    assert took < BACK_S


def test_a_broker_that_forgets_everything_learns_it_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Session and retained messages lost: we subscribe again, and publish what it is to keep."""
    with Mosquitto(tmp_path) as broker, caplog.at_level("INFO", logger="unclench"):
        home = TestHome(tmp_path / "home", broker.port)
        with home.running() as app, publisher(broker.port) as sensors:
            say(sensors, CLIMATE, '{"temperature": 21.25}')
            wait_until(lambda: stored(home.settings.data) == {21.25}, timeout_s=10, what="the reading")
            wait_until(
                lambda: kept(broker.port).get("unclench/robin/state", {}).get("status") == "ok",
                timeout_s=10,
                what="the state after the reading: states are published once a second at most",
            )
            before = kept(broker.port)
            broker.restart()
            wait_until(lambda: len(broker_lines(caplog)) == 3, timeout_s=10, what="loss and return")
            seconds_until_connected(app)
            with publisher(broker.port) as others:
                say(others, CLIMATE, '{"temperature": 21.5}')
            wait_until(lambda: stored(home.settings.data) == {21.25, 21.5}, timeout_s=10, what="the next reading")
            wait_until(lambda: kept(broker.port) == before, timeout_s=10, what="status and state")
    assert before["unclench/status"] == {"state": "online"}
    assert before["unclench/robin/state"]
    assert "a new session" in broker_lines(caplog)[2]

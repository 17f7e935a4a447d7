"""`unclench check` against a broker: what is wrong with it, and what to do."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.unclench import unclench
from tests.config.homes import HOME, write_home
from tests.peers.mosquitto import USERNAME, Mosquitto
from tests.peers.ports import free_port

PASSED = "hunter2-is-secret"


def mqtt_home(port: int, more: str = "", host: str = "127.0.0.1") -> str:
    return f"mqtt:\n  host: {host}\n  port: {port}\n{more}{HOME}"


def test_a_broker_that_is_not_there(tmp_path: Path) -> None:
    ran = unclench("check", "--config", str(write_home(tmp_path, home=mqtt_home(free_port()))))
    assert ran.code == 69
    assert "nothing listens at this port" in ran.words
    assert "home.yaml line 3, mqtt.port" in ran.words
    assert "Is the broker running?" in ran.words


def test_a_broker_whose_name_nobody_knows(tmp_path: Path) -> None:
    home = mqtt_home(1883, host="no-such-broker.invalid")
    ran = unclench("check", "--config", str(write_home(tmp_path, home=home)))
    assert ran.code == 69
    assert "mqtt.host" in ran.words


def test_a_port_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integration.probe.broker.TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        home = mqtt_home(silent.getsockname()[1])
        ran = unclench("check", "--config", str(write_home(tmp_path, home=home)))
    assert ran.code == 1
    assert "accepts the connection and then says nothing" in ran.words


@pytest.mark.peers
def test_a_broker_that_lets_us_in(tmp_path: Path, mosquitto: Mosquitto) -> None:
    ran = unclench("check", "--config", str(write_home(tmp_path / "c", home=mqtt_home(mosquitto.port))))
    assert ran.code == 0
    assert f"ok broker 127.0.0.1:{mosquitto.port}: lets us in" in ran.words
    assert "note Home Assistant: is not in home.yaml" in ran.words
    assert "All is well." in ran.words


@pytest.fixture
def locked(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Mosquitto]:  # noqa: ARG001 (skips where there is none)
    """A broker with a password."""
    (tmp_path / "locked").mkdir()
    with Mosquitto(tmp_path / "locked", password=PASSED) as broker:
        yield broker


@pytest.mark.peers
@pytest.mark.parametrize(
    ("user", "password", "said"),
    [
        ("", "", "asks for a login"),
        (USERNAME, "", "refuses the login in home.yaml line 4, mqtt.username The password is missing."),
        (USERNAME, "wrong", "refuses the login"),
        ("ben", PASSED, "refuses the login"),
    ],
)
def test_login_refused(
    tmp_path: Path, locked: Mosquitto, monkeypatch: pytest.MonkeyPatch, user: str, password: str, said: str
) -> None:
    monkeypatch.setenv("UNCLENCH_MQTT_PASSWORD", password)
    home = mqtt_home(locked.port, f"  username: {user}\n" if user else "")
    ran = unclench("check", "--config", str(write_home(tmp_path / "c", home=home)))
    assert ran.code == 1
    assert said in ran.words
    assert PASSED not in ran.output


@pytest.mark.peers
def test_login_let_in(tmp_path: Path, locked: Mosquitto) -> None:
    folder = write_home(tmp_path / "c", home=mqtt_home(locked.port, f"  username: {USERNAME}\n"))
    secrets = folder / "secrets.env"
    secrets.write_text(f"UNCLENCH_MQTT_PASSWORD={PASSED}\n")
    secrets.chmod(0o600)
    assert unclench("check", "--config", str(folder)).code == 0


@pytest.mark.peers
def test_tls_to_a_port_without(tmp_path: Path, locked: Mosquitto) -> None:
    ran = unclench("check", "--config", str(write_home(tmp_path / "c", home=mqtt_home(locked.port, "  tls: {}\n"))))
    assert ran.code == 1
    assert "does not speak TLS with us" in ran.words


@pytest.mark.peers
def test_a_certificate_file_that_is_not_there(tmp_path: Path, locked: Mosquitto) -> None:
    home = mqtt_home(locked.port, "  tls: {ca: /nowhere/ca.pem}\n")
    ran = unclench("check", "--config", str(write_home(tmp_path / "c", home=home)))
    assert ran.code == 1
    assert "/nowhere/ca.pem is not there" in ran.words
    assert "in home.yaml line 4, mqtt.tls" in ran.words


@pytest.mark.peers
@pytest.mark.parametrize(
    ("tls", "code", "said"),
    [
        ("  tls: {ca: CA}\n", 0, "lets us in"),
        ("  tls: {}\n", 1, "its certificate is not trusted"),
        ("", 1, "A port for TLS needs `tls: {}` here."),
    ],
)
def test_an_encrypted_broker(tmp_path: Path, encrypted: tuple[Mosquitto, Path], tls: str, code: int, said: str) -> None:
    broker, certificate = encrypted
    home = mqtt_home(broker.port, tls.replace("CA", str(certificate)))
    ran = unclench("check", "--config", str(write_home(tmp_path / "c", home=home)))
    assert ran.code == code
    assert said in ran.words


@pytest.mark.peers
def test_json_of_what_was_found(tmp_path: Path, mosquitto: Mosquitto) -> None:
    folder = write_home(tmp_path / "c", home=mqtt_home(mosquitto.port))
    facts = json.loads(unclench("check", "--json", "--config", str(folder)).output)
    assert facts["ok"] is True
    assert [finding["verdict"] for finding in facts["findings"]] == ["fine", "note", "note"]


@pytest.mark.peers
def test_what_the_access_list_forbids(tmp_path: Path, mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    rules = tmp_path / "acl"
    rules.write_text("topic read zigbee2mqtt/#\n")
    (tmp_path / "b").mkdir()
    with Mosquitto(tmp_path / "b", extra_lines=[f"acl_file {rules}"]) as broker:
        ran = unclench("check", "--config", str(write_home(tmp_path / "c", home=mqtt_home(broker.port))))
    assert ran.code == 1
    assert "may not write to unclench/..." in ran.words

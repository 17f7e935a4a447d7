"""The broker of the tests does what the tests of our MQTT edge rely on."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.peers.mosquitto import USERNAME, Mosquitto
from tests.peers.ports import accepts_connections

pytestmark = pytest.mark.peers
CONNECT = b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04test"
ACCEPTED, NOT_AUTHORISED = 0, 5


def connect(port: int) -> int:
    """Return the answer of a broker to a client without a password."""
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        client.settimeout(1)
        client.sendall(CONNECT)
        return client.recv(4)[3]


def test_a_broker_keeps_its_port_over_a_restart(mosquitto: Mosquitto) -> None:
    """So that a client finds it again."""
    assert connect(mosquitto.port) == ACCEPTED
    mosquitto.restart()
    assert connect(mosquitto.port) == ACCEPTED


def test_a_killed_broker_is_gone_and_can_be_started_again(mosquitto: Mosquitto) -> None:
    """At the same port."""
    mosquitto.kill()
    assert not mosquitto.running
    assert not accepts_connections(mosquitto.port)
    mosquitto.start()
    assert connect(mosquitto.port) == ACCEPTED


def test_a_frozen_broker_accepts_and_does_not_answer(mosquitto: Mosquitto) -> None:
    """Until it is thawed."""
    mosquitto.freeze()
    with pytest.raises(TimeoutError):
        connect(mosquitto.port)
    mosquitto.thaw()
    assert connect(mosquitto.port) == ACCEPTED


def test_a_broker_with_a_password_asks_for_it(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """The user has a fixed name."""
    folder = tmp_path / "second"
    folder.mkdir()
    with Mosquitto(folder, password="open sesame") as guarded:
        assert guarded.port != mosquitto.port
        assert connect(guarded.port) == NOT_AUTHORISED
        assert USERNAME in (folder / "passwords").read_text()

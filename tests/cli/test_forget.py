"""`unclench forget`: the running service is told, or the person is told why not."""

from __future__ import annotations

import json
from pathlib import Path
from queue import Empty, SimpleQueue

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from config.errors import PeerUnavailableError
from tests.cli.unclench import unclench
from tests.config.homes import ANNA, write_home
from tests.peers.mosquitto import Mosquitto
from tests.peers.ports import free_port

HOME = """\
mqtt: {{host: 127.0.0.1, port: {port}}}
rooms:
  bedroom: {{person: anna, sensors: [{{topic: t}}], cooling: [{{fan: fan.f}}]}}
  den: {{person: anna, sensors: [{{topic: t2}}], cooling: [{{fan: fan.g}}]}}
  hall: {{person: anna, sensors: [{{topic: t3}}]}}
"""
BEN = "name: Ben\ntime_zone: Europe/London\nbedroom: attic\n"
TWO = f"{HOME}  attic: {{{{person: ben, sensors: [{{{{topic: t4}}}}], cooling: [{{{{fan: fan.h}}}}]}}}}\n"


def test_a_broker_that_is_away(tmp_path: Path) -> None:
    """It is said, and the exit code tells scripts."""
    folder = write_home(tmp_path / "home", home=HOME.format(port=free_port()))
    with pytest.raises(PeerUnavailableError, match="Nothing was changed") as caught:
        unclench("forget", "cooling", "--config", str(folder))
    assert caught.value.exit_code == 69


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["cooling", "--room", "hall"], "no room of this name is cooled; there is: bedroom, den, attic"),
        (["cooling", "--person", "carl"], "no room is cooled for a person of this name; there is: anna, ben"),
        (["cooling", "--person", "ben", "--room", "den"], "this room belongs to somebody else"),
        (["cooling"], "say whose: anna or ben"),
        (["everything"], "cooling"),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, arguments: list[str], says: str) -> None:
    """Nothing is sent then: the broker is not even there."""
    folder = write_home(tmp_path / "home", home=TWO.format(port=free_port()), anna=ANNA, ben=BEN)
    ran = unclench("forget", *arguments, "--config", str(folder), columns=200)
    assert ran.code == 2
    assert says in ran.words


@pytest.mark.peers
def test_the_service_hears_it(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Room by room, and not retained."""
    heard: SimpleQueue[tuple[str, bytes, bool]] = SimpleQueue()
    ready: SimpleQueue[bool] = SimpleQueue()
    service = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    service.on_message = lambda _client, _data, each: heard.put((each.topic, bytes(each.payload), each.retain))
    service.on_subscribe = lambda *_: ready.put(True)
    service.connect("127.0.0.1", mosquitto.port)
    service.subscribe("unclench/anna/cooling/+/forget", qos=1)
    service.loop_start()
    ready.get(timeout=10)
    folder = write_home(tmp_path / "home", home=HOME.format(port=mosquitto.port))
    try:
        ran = unclench("forget", "cooling", "--config", str(folder))
        one = unclench("forget", "cooling", "--room", "den", "--json", "--config", str(folder))
        got = [heard.get(timeout=10) for _ in range(3)]
        with pytest.raises(Empty):
            heard.get_nowait()
    finally:
        service.disconnect()
        service.loop_stop()
    assert ran.code == 0
    assert "Unclench is told to forget what it learned: bedroom, den." in ran.words
    assert json.loads(one.output) == {"told": [{"person": "anna", "room": "den"}], "heard": True}
    assert got == [(f"unclench/anna/cooling/{room}/forget", b"", False) for room in ("bedroom", "den", "den")]


@pytest.mark.peers
def test_nobody_listens(tmp_path: Path, mosquitto: Mosquitto) -> None:
    folder = write_home(tmp_path / "home", home=HOME.format(port=mosquitto.port))
    ran = unclench("forget", "cooling", "--config", str(folder))
    assert ran.code == 1
    assert "Is Unclench running?" in ran.words

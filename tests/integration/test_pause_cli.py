"""`unclench pause`: the running service is told, and the person until when and how things stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from zoneinfo import ZoneInfo

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from config.errors import PeerUnavailableError
from integration.clock import SystemClock
from tests.cli.unclench import unclench
from tests.config.homes import ANNA, write_home
from tests.peers.mosquitto import Mosquitto
from tests.peers.ports import free_port

HOME = """\
mqtt: {{host: 127.0.0.1, port: {port}}}
rooms:
  bedroom: {{person: anna, sensors: [{{topic: t}}]}}
"""
TWO = f"{HOME}  attic: {{{{person: ben, sensors: [{{{{topic: t4}}}}]}}}}\n"
BEN = "name: Ben\ntime_zone: Europe/London\nbedroom: attic\n"
NOW = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)  # a Saturday evening


@pytest.fixture(autouse=True)
def _saturday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: NOW)


def test_a_broker_that_is_away(tmp_path: Path) -> None:
    folder = write_home(tmp_path / "home", home=HOME.format(port=free_port()))
    with pytest.raises(PeerUnavailableError, match="Nothing was changed"):
        unclench("pause", "--config", str(folder))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--person", "carl"], "there is no profile of this name; there is: anna, ben"),
        ([], "say whose: anna or ben"),
        (["heating", "--person", "ben"], "cooling"),
        (["--person", "ben", "--until", "soon"], 'write until when, like "07:30", "monday" or "2026-11-25T08:00"'),
        (["--person", "ben", "--until", "2026-11-21T20:59"], "this time is over"),
        (["--person", "ben", "--until", "2026-12-05T21:01"], "a pause lasts 14 days at most"),
        (["--person", "ben", "--for", "15 days"], "a pause lasts 14 days at most"),
        (["--person", "ben", "--for", "0 min"], "this time is over"),
        (["--person", "ben", "--for", "2"], 'write how long with its unit, like 2h or "90 min"'),
        (["--person", "ben", "--for", "2h", "--end"], "say only one of --until, --for and --end"),
        (["--person", "ben", "--for", "2h", "--until", "07:30"], "say only one of --until, --for and --end"),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, arguments: list[str], says: str) -> None:
    """Nothing is sent then: the broker is not even there."""
    folder = write_home(tmp_path / "home", home=TWO.format(port=free_port()), anna=ANNA, ben=BEN)
    ran = unclench("pause", *arguments, "--config", str(folder), columns=200)
    assert ran.code == 2
    assert says in ran.words


def heard_by_a_service(mosquitto: Mosquitto, folder: Path, *calls: list[str]) -> tuple[list[Any], list[Any]]:
    """What commands print, and what a service on the broker hears of them."""
    heard: SimpleQueue[tuple[str, str, bool]] = SimpleQueue()
    ready: SimpleQueue[bool] = SimpleQueue()
    service = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    service.on_message = lambda _client, _data, each: heard.put((each.topic, each.payload.decode(), each.retain))
    service.on_subscribe = lambda *_: ready.put(True)
    service.connect("127.0.0.1", mosquitto.port)
    service.subscribe([("unclench/anna/pause", 1), ("unclench/anna/pause/+", 1)])
    service.loop_start()
    try:
        ready.get(timeout=10)
        ran = [unclench("pause", *call, "--config", str(folder), columns=200) for call in calls]
        return ran, [heard.get(timeout=10) for _ in calls]
    finally:
        service.disconnect()
        service.loop_stop()


@pytest.mark.peers
def test_the_service_hears_it(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """The instant itself goes over the wire: it means the same when it is heard later."""
    folder = write_home(tmp_path / "home", home=HOME.format(port=mosquitto.port))
    ran, heard = heard_by_a_service(
        mosquitto,
        folder,
        [],
        ["cooling", "--until", "monday"],
        ["prompts", "--for", "90 min", "--json"],
        ["lights", "--until", "2026-11-25T08:00"],
        ["evening", "--end"],
        ["--end"],
    )
    assert [each.code for each in ran] == [0] * 6
    whole, cooling, prompts, lights, evening, end = ran
    zone = ZoneInfo("Europe/London")
    rise = datetime(2026, 11, 22, 7, 30, tzinfo=zone)
    assert "Everything is paused until Sunday 22 November, 07:30." in whole.words
    assert "The night path goes on lighting your way." in whole.words
    assert "your own reminders included" in whole.words
    assert "To end it: unclench pause --end" in whole.words
    assert "Cooling is paused until Monday 23 November, 07:30." in cooling.words
    assert "goes off. What was on before gets its setting back. Cool by hand." in cooling.words
    assert "To end it: unclench pause cooling --end" in cooling.words
    until = (NOW + timedelta(minutes=90)).isoformat()
    assert json.loads(prompts.output) == {"person": "anna", "area": "prompts", "until": until, "heard": True}
    assert "The light is paused until Wednesday 25 November, 08:00. The lights stay as they are." in lights.words
    assert evening.words == "The evening: the pause is over, and Unclench goes on from here."
    assert end.words == "Everything: the pause is over, and Unclench goes on from here."
    assert [(topic, retained) for topic, _, retained in heard] == [
        ("unclench/anna/pause", False),
        ("unclench/anna/pause/cooling", False),
        ("unclench/anna/pause/prompts", False),
        ("unclench/anna/pause/lights", False),
        ("unclench/anna/pause/evening", False),
        ("unclench/anna/pause", False),
    ]
    assert [payload for _, payload, _ in heard[4:]] == ["off", "off"]
    assert datetime.fromisoformat(json.loads(heard[0][1])["until"]) == rise
    assert json.loads(heard[2][1]) == {"until": until}


@pytest.mark.peers
def test_nobody_listens(tmp_path: Path, mosquitto: Mosquitto) -> None:
    folder = write_home(tmp_path / "home", home=HOME.format(port=mosquitto.port))
    ran = unclench("pause", "--config", str(folder))
    assert ran.code == 1
    assert "Is Unclench running?" in ran.words
    assert "paused until" not in ran.words

"""`unclench journal add`: by the service where it runs, so that the engine hears of it, and else by ourselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from integration.clock import SystemClock
from integration.pulse import write_pulse
from integration.store.journal import JOURNAL, JournalStore
from journal.entry import Entry
from tests.cli.unclench import unclench
from tests.config.homes import write_home
from tests.peers.mosquitto import Mosquitto
from tests.peers.ports import free_port

DATA = ".local/share/unclench"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
HOME = """\
mqtt: {{host: 127.0.0.1, port: {port}}}
rooms:
  bedroom: {{person: anna, sensors: [{{topic: t}}]}}
"""
ADD = ("journal", "add", "--symptom", "spasm", "--place", "calf", "--side", "left", "--severity", "7")


@pytest.fixture(autouse=True)
def _friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: NOW)


def entries(machine: Path) -> list[Entry]:
    store = JournalStore(machine / DATA, read_only=True).open()
    try:
        return list(store.everything())
    finally:
        store.close()


def alive(machine: Path) -> None:
    """A service proves that it lives."""
    (machine / DATA).mkdir(parents=True, exist_ok=True)
    write_pulse(machine / DATA, {"at": NOW.isoformat()})


@contextmanager
def service(mosquitto: Mosquitto, *replies: dict[str, Any]) -> Iterator[SimpleQueue[tuple[str, dict[str, Any]]]]:
    """Something on the broker that takes in what is said, and answers so."""
    heard: SimpleQueue[tuple[str, dict[str, Any]]] = SimpleQueue()
    ready: SimpleQueue[bool] = SimpleQueue()

    def take(client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        said = json.loads(message.payload)
        heard.put((message.topic, said))
        for reply in replies:
            client.publish("unclench/anna/voice/reply", json.dumps({"request_id": said["request_id"], **reply}), qos=1)

    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.on_message = take
    client.on_subscribe = lambda *_: ready.put(True)
    client.connect("127.0.0.1", mosquitto.port)
    client.subscribe([("unclench/anna/symptom", 1), ("unclench/anna/voice/text", 1)])
    client.loop_start()
    try:
        ready.get(timeout=10)
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()


def test_without_a_service_it_is_written_here(machine: Path, tmp_path: Path) -> None:
    folder = write_home(tmp_path / "home", home=HOME.format(port=free_port()))
    more = ("--minutes", "5", "--count", "3", "--note", "=x", "--at", "10 min", "--subtype", "flexor")
    ran = unclench(*ADD, *more, "--config", str(folder))
    assert ran.code == 0
    assert "left calf spasms" in ran.words.lower()
    assert "Take it back: unclench journal undo" in ran.words
    (found,) = entries(machine)
    assert (found.what, found.place, found.side, found.severity, found.severity_source) == (
        "spasm",
        "calf",
        "left",
        7.0,
        "number",
    )
    assert (found.duration_minutes, found.count, found.note, found.subtype) == (5.0, 3, "=x", "flexor")
    assert found.occurred_at == NOW.replace(hour=14, minute=50)
    assert (found.channel, found.logged_at) == ("cli", NOW)


def test_what_was_added_is_taken_back(machine: Path, tmp_path: Path) -> None:
    folder = write_home(tmp_path / "home", home=HOME.format(port=free_port()))
    unclench(*ADD, "--config", str(folder))
    assert "Deleted: left calf spasm" in unclench("journal", "undo", "--config", str(folder)).words
    assert entries(machine) == []


@pytest.mark.peers
def test_the_service_is_told_and_answers(machine: Path, tmp_path: Path, mosquitto: Mosquitto) -> None:
    """The reply to somebody else's sentence is not ours; and the entry is written once, by the service."""
    folder = write_home(tmp_path / "home", home=HOME.format(port=mosquitto.port))
    alive(machine)
    others = {"request_id": "another", "text": "Right knee pain, two.", "saved": True}
    mine = {"text": "Left calf spasm, seven.", "saved": True, "flag": ""}
    with service(mosquitto, others, mine) as heard:
        ran = unclench(*ADD, "--at", "2026-11-20T14:00", "--config", str(folder))
        told = json.loads(unclench(*ADD, "--json", "--config", str(folder)).output)
        topic, said = heard.get(timeout=10)
    assert (ran.code, ran.words) == (0, "Left calf spasm, seven.")
    assert (told["says"], told["symptom"], told["severity"]) == ("Left calf spasm, seven.", "spasm", 7)
    assert topic == "unclench/anna/symptom"
    assert len(said.pop("request_id")) == 32
    at = "2026-11-20T14:00:00+00:00"
    assert said == {"symptom": "spasm", "place": "calf", "side": "left", "severity": 7.0, "occurred_at": at}
    assert not (machine / DATA / JOURNAL).exists()


@pytest.mark.peers
def test_what_is_not_saved_is_an_error(machine: Path, tmp_path: Path, mosquitto: Mosquitto) -> None:
    folder = write_home(tmp_path / "home", home=HOME.format(port=mosquitto.port))
    alive(machine)
    with service(mosquitto, {"text": "Not saved yet: the disk is full.", "saved": False}):
        ran = unclench(*ADD, "--config", str(folder))
    assert (ran.code, ran.words) == (1, "Not saved yet: the disk is full.")


@pytest.mark.peers
def test_a_slow_answer_is_no_second_entry(
    machine: Path, tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_home(tmp_path / "home", home=HOME.format(port=mosquitto.port))
    alive(machine)
    monkeypatch.setattr("integration.errand.REPLY_S", 0.2)
    with service(mosquitto, {"request_id": "another", "text": "x"}):
        ran = unclench(*ADD, "--config", str(folder))
    assert ran.code == 0
    assert "has not answered yet" in ran.words
    assert not (machine / DATA / JOURNAL).exists()


@pytest.mark.peers
@pytest.mark.parametrize("there", [True, False])
def test_a_service_that_cannot_be_reached_loses_nothing(
    machine: Path, tmp_path: Path, mosquitto: Mosquitto, there: bool
) -> None:
    """The broker is away, or nobody listens at it."""
    folder = write_home(tmp_path / "home", home=HOME.format(port=mosquitto.port if there else free_port()))
    alive(machine)
    ran = unclench(*ADD, "--config", str(folder))
    assert ran.code == 0
    assert ("It is written straight into the journal." in ran.words) is not there
    assert [each.what for each in entries(machine)] == ["spasm"]

"""The journal is full, read-only, locked or damaged: the person hears it, cooling goes on, nothing said is lost."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest

from integration import journaling as journaling_module
from integration.app import App
from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.store.journal import JOURNAL
from tests.faults.test_disk import between_rounds, cools, home, stand_in, stops_cooling, wait_for
from tests.integration.homebuilder import TestHome, publisher, say
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

__all__ = ["home", "stand_in"]

pytestmark = pytest.mark.peers


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """Every error that was logged so far."""
    with caplog.at_level("INFO", logger="unclench"):
        yield lambda: [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written is tried again at once, not after five seconds."""
    monkeypatch.setattr(journaling_module, "RETRY_EVERY", timedelta(milliseconds=200))


class Person:
    """Somebody who logs over MQTT, and hears what is answered."""

    def __init__(self, client: paho.Client) -> None:
        self.client = client
        self.heard: dict[str, dict[str, Any]] = {}
        client.on_message = self._hear
        client.subscribe("unclench/robin/voice/reply", 1)
        self._count = 0

    def _hear(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        reply = json.loads(message.payload)
        self.heard[reply["request_id"]] = reply

    def log(self, severity: float) -> dict[str, Any]:
        """Log a spasm; returns the reply."""
        self._count += 1
        request = f"r{self._count}"
        document = {"symptom": "spasm", "severity": severity, "request_id": request}
        say(self.client, "unclench/robin/symptom", json.dumps(document))
        wait_until(lambda: request in self.heard, timeout_s=10, what="a reply")
        return self.heard[request]


def severities(folder: Path) -> list[float]:
    """What is in the journal."""
    with closing(sqlite3.connect(f"file:{folder / JOURNAL}?mode=ro", uri=True)) as journal:
        return [severity for (severity,) in journal.execute("SELECT severity FROM entries ORDER BY severity")]


def pragma(app: App, text: str) -> None:
    """Change how the journal's own connection behaves."""
    between_rounds(app, lambda: app.journal._db.execute(f"PRAGMA {text}").fetchall())


@pytest.mark.parametrize(
    ("begin", "end", "says"),
    [
        ("max_page_count = 1", "max_page_count = 1000000", "the disk is full. Make room on it"),
        ("query_only = 1", "query_only = 0", "it can only be read"),
    ],
    ids=["full", "read-only"],
)
def test_a_full_disk_is_told_to_who_speaks_and_loses_no_word(
    home: TestHome,
    mosquitto: Mosquitto,
    stand_in: StandInHomeAssistant,
    log: Callable[[], list[str]],
    begin: str,
    end: str,
    says: str,
) -> None:
    """More words than a broker sends without an acknowledgement; cooling does not notice; the log says it once."""
    with home.running() as app, publisher(mosquitto.port) as sensors, publisher(mosquitto.port) as client:
        person = Person(client)
        pragma(app, begin)
        saved: list[float] = []
        told = 0
        while told < 30:  # the last pages of a database take a few entries still
            severity = (len(saved) + told) / 10
            reply = person.log(severity)
            saved += [severity] if reply["saved"] else []
            told += not reply["saved"]
            assert reply["saved"] or "not saved yet" in reply["text"]
        assert severities(app.data) == saved
        took = cools(sensors, stand_in)
        (message,) = log()
        assert says in message
        assert JOURNAL in message
        assert "spasm" not in message
        pragma(app, end)
        wait_for(app, lambda: len(severities(app.data)) == len(saved) + told, "every word on disk")
        assert person.log(10)["saved"]
        stops_cooling(sensors, stand_in)
        assert severities(app.data) == [number / 10 for number in range(len(saved) + told)] + [10]
    assert len(log()) == 1
    print(f"fan and AC ran {took:.2f} s after the reading; {told} entries waited")


def test_what_waits_for_the_disk_outlives_a_kill(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, log: Callable[[], list[str]]
) -> None:
    """It was not acknowledged, so the broker brings it again."""
    del stand_in, log
    with home.running() as app, publisher(mosquitto.port) as client:
        person = Person(client)
        assert person.log(1)["saved"]
        pragma(app, "query_only = 1")
        assert not person.log(2)["saved"]
        assert not person.log(3)["saved"]
    with home.running() as app, publisher(mosquitto.port):
        wait_for(app, lambda: severities(app.data) == [1, 2, 3], "what waited at the broker")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another process writes in the journal, and dies with it."""
    code = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(folder / JOURNAL)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            process.kill()


def test_another_process_in_the_journal_delays_no_cooling(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, log: Callable[[], list[str]]
) -> None:
    """An import or an erasing may take long."""
    with home.running() as app, publisher(mosquitto.port) as sensors, publisher(mosquitto.port) as client:
        person = Person(client)
        with locked(app.data):
            began = time.monotonic()
            assert not person.log(5)["saved"]
            took = time.monotonic() - began
            cools(sensors, stand_in)
        wait_for(app, lambda: severities(app.data) == [5], "the word on disk")
        stops_cooling(sensors, stand_in)
    assert "another program holds it" in log()[0]
    assert took < 1.5, "waited for the lock"


def test_pages_that_go_bad_while_it_runs_are_set_aside_and_what_can_be_read_is_kept(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, log: Callable[[], list[str]]
) -> None:
    """The word that found it out is in the new journal; the damaged file is kept; cooling goes on."""
    with home.running() as app, publisher(mosquitto.port) as sensors, publisher(mosquitto.port) as client:
        person = Person(client)
        for number in range(5):
            assert person.log(number)["saved"]

        def go_bad() -> None:
            app.journal._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            with (app.data / JOURNAL).open("r+b") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(4096)
                file.write(b"\xa5" * (size - 4096))
            app.journal._db.execute("PRAGMA shrink_memory")

        between_rounds(app, go_bad)
        reply = person.log(9)
        assert not reply["saved"]
        wait_for(app, lambda: 9 in severities(app.data), "a new journal with the word")
        assert person.log(10)["saved"]
        cools(sensors, stand_in)
        stops_cooling(sensors, stand_in)
    assert any("damaged" in message for message in log())
    assert list(home.settings.data.glob(f"{JOURNAL}.damaged-*"))


def test_a_folder_that_cannot_be_written_at_the_start(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, log: Callable[[], list[str]]
) -> None:
    """A journal that is no database at all is set aside; what cannot be made at all waits."""
    home.settings.data.mkdir(parents=True)
    (home.settings.data / JOURNAL).mkdir()  # nothing can be written there
    with home.running() as app, publisher(mosquitto.port) as sensors, publisher(mosquitto.port) as client:
        person = Person(client)
        assert not person.log(4)["saved"]
        cools(sensors, stand_in)
        (home.settings.data / JOURNAL).rmdir()
        wait_for(app, lambda: (app.data / JOURNAL).is_file() and severities(app.data) == [4], "the word on disk")
        stops_cooling(sensors, stand_in)
    assert any(JOURNAL in message for message in log())

"""A flood of readings that nobody promised to deliver: what somebody says gets through it, and memory stays bounded."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as paho
import pytest

from integration.pulse import read_pulse
from integration.store import FILE
from tests.faults.flood import Flood
from tests.integration.homebuilder import listens, publisher, say
from tests.integration.many_rooms import own_prefix, room_names, write_home
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import end, spawn, wait_until

pytestmark = [pytest.mark.peers, pytest.mark.timeout(240), pytest.mark.xdist_group("flood")]

PREFIX = "flooded"
ROOMS = room_names(20)
SAYS_EVERY_S = 0.5
SOON_S = 1.0
"""What is promised for every word; alone on two cores the slowest takes 0.1 s."""
GROWTH_MB = 20.0
"""More than this, and a longer flood would fill a small board."""


def reading(number: int) -> tuple[str, bytes]:
    """What the thermometers say: a temperature that goes up and down, with what else a Zigbee one tells."""
    document = {"battery": 91, "humidity": 48.2, "linkquality": 120, "temperature": celsius(number)}
    return f"{PREFIX}/{ROOMS[number % len(ROOMS)]}/climate", json.dumps(document).encode()


def celsius(number: int) -> float:
    """The temperature in reading ``number``; a room's differs from its last one."""
    return 20.5 + number // len(ROOMS) % 7 / 10


def last_said(sent: int) -> dict[str, float]:
    """The last temperature of every room, of so many readings."""
    return {ROOMS[number % len(ROOMS)]: celsius(number) for number in range(sent - len(ROOMS), sent)}


@dataclass
class Flooded:
    """The service as a process in its flood, and what was seen of it."""

    folder: Path
    process: subprocess.Popen[bytes]
    delays: list[float] = field(default_factory=list)
    sent: int = 0

    @property
    def memory_mb(self) -> float:
        """What it holds now."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Read its database."""
        with closing(sqlite3.connect(f"file:{self.folder / 'data' / FILE}?mode=ro", uri=True)) as database:
            return database.execute(sql, values).fetchall()

    def symptoms(self) -> list[float]:
        """The strengths of all that are in the database, in order."""
        sql = "SELECT body ->> 'severity' FROM events WHERE kind = 'symptom_logged' ORDER BY seq"
        return [float(str(strength)) for (strength,) in self.ask(sql)]

    def temperatures(self) -> dict[str, float]:
        """The last one of each room in the database."""
        sql = "SELECT body ->> 'room', body ->> 'value', max(seq) FROM events WHERE kind = 'room_measured' GROUP BY 1"
        return {str(room): float(str(value)) for room, value, _ in self.ask(sql)}

    def suffer(self, port: int, person: paho.Client, *, rate: int, seconds: float) -> None:
        """A flood, in which somebody says something again and again; each word must come into the database."""
        with Flood(port, rate, reading) as flood:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                self.say_one(person)
                time.sleep(SAYS_EVERY_S)
        self.sent = flood.sent

    def say_one(self, person: paho.Client) -> None:
        """Say something, and measure how long it takes until it is written."""
        said, began = len(self.delays) + 1, time.monotonic()
        ((seen,),) = self.ask("SELECT coalesce(max(seq), 0) FROM events")
        sql = "SELECT 1 FROM events WHERE seq > ? AND kind = 'symptom_logged'"
        say(person, f"{own_prefix(PREFIX)}/robin/symptom", json.dumps({"symptom": "spasm", "severity": said % 10}))
        wait_until(lambda: bool(self.ask(sql, seen)), timeout_s=60, what="a symptom in the database")
        self.delays.append(time.monotonic() - began)

    def dry(self) -> None:
        """Wait until each room is known as its thermometer said last, and check that no word is lost or doubled."""
        wait_until(
            lambda: self.temperatures() == last_said(self.sent), timeout_s=60, what="the last reading of each room"
        )
        assert self.symptoms() == [number % 10 for number in range(1, len(self.delays) + 1)]


def merged(home: Path) -> int:
    """How many readings a later one stood for, as its last heartbeat tells."""
    return int(read_pulse(home / "data", datetime.now(UTC))["coalesced"])


@contextmanager
def running(folder: Path) -> Iterator[Flooded]:
    """`unclench run`, until it has found its broker."""
    env = {**os.environ, "UNCLENCH_CONFIG": str(folder), "UNCLENCH_DATA": str(folder / "data")}
    command = [sys.executable, "-c", "from integration.cli import main; main()", "run"]
    process = spawn(command, log=folder / "log", env=env)
    try:
        wait_until(lambda: listens(folder / "data" / "health.json"), timeout_s=60, what="unclench")
        yield Flooded(folder, process)
    finally:
        end(process, grace_s=20)


@pytest.fixture
def home(tmp_path: Path, mosquitto: Mosquitto) -> Path:
    """Twenty rooms."""
    write_home(tmp_path / "home", port=mosquitto.port, prefix=PREFIX, rooms=len(ROOMS))
    return tmp_path / "home"


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.slow)])
def test_five_thousand_readings_a_second_hold_up_no_word(home: Path, mosquitto: Mosquitto, seconds: int) -> None:
    """Each symptom is soon in the database, memory stays, and each room ends with its last reading."""
    with running(home) as flooded, publisher(mosquitto.port) as person:
        flooded.say_one(person)
        before = flooded.memory_mb
        flooded.suffer(mosquitto.port, person, rate=5_000, seconds=seconds)
        after = flooded.memory_mb
        flooded.dry()
        sizes = {path.name: path.stat().st_size // 1024 for path in (home / "data").iterdir()}
    print(
        f"{flooded.sent} readings; {len(flooded.delays)} words, the slowest {max(flooded.delays):.2f} s; "
        f"{before:.0f} MB before, {after:.0f} MB after; {sizes} KB"
    )
    assert max(flooded.delays) < SOON_S
    assert after - before < GROWTH_MB
    assert sizes.get(f"{FILE}-wal", 0) < 100 * 1024


@pytest.mark.slow
def test_more_than_it_can_take_is_merged_and_not_piled_up(home: Path, mosquitto: Mosquitto) -> None:
    """Of each room only the latest waits; nothing that was said is lost, and each room ends with its last reading."""
    with running(home) as flooded, publisher(mosquitto.port) as person:
        flooded.say_one(person)
        before = flooded.memory_mb
        flooded.suffer(mosquitto.port, person, rate=15_000, seconds=20)
        after = flooded.memory_mb
        flooded.dry()
        wait_until(lambda: merged(home) > 0, timeout_s=60, what="the heartbeat to tell of it")
        count = merged(home)
    print(
        f"{flooded.sent} readings; {len(flooded.delays)} words, the slowest {max(flooded.delays):.2f} s; "
        f"{before:.0f} MB before, {after:.0f} MB after; {count} merged"
    )
    assert after - before < GROWTH_MB

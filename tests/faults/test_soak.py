"""Thirty days of a hot summer through the real edges, at speed: nothing grows."""

from __future__ import annotations

import gc
import itertools
import json
import logging
import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import paho.mqtt.client as paho
import pytest
import time_machine

from integration.app import App
from integration.demo.bedroom import Bedroom
from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.inbox import Nudge
from integration.scheduler import Scheduler
from integration.store import FILE
from integration.store import store as store_module
from rules.engine import Engine
from tests.faults.bedroom_tools import bedroom_stand_in, state_of
from tests.integration.homebuilder import AC, BED, CLIMATE, FAN, TestHome, publisher, ready
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

pytestmark = [pytest.mark.peers, pytest.mark.slow, pytest.mark.timeout(900)]

START = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
DAYS, WARM = 30, 10
STEP = timedelta(minutes=4)
"""Between two readings; a gap of more than 5 minutes would count as a sleep of the machine."""
KEPT_DAYS = 7
STRANGERS = 120
"""Each day so many messages come on topics of ours that nobody has used before."""
PROFILE = """
name: Robin
time_zone: Europe/Berlin
triggers:
  heat: {above: 26.0, above_in_bed: 22.0}
prompts:
  channels:
    - script: script.bedside_prompt
"""


@dataclass
class Sample:
    """What a day's end found."""

    rss_mb: float
    database_mb: float
    threads: int
    files: int
    collections: dict[str, int]


@dataclass
class Summer:
    """A person's days in a simulated bedroom whose devices obey."""

    app: App
    stand_in: StandInHomeAssistant
    sensors: paho.Client
    traveller: time_machine.Traveller
    room: Bedroom = field(default_factory=lambda: Bedroom(hour=12.0, air_c=23.5, walls_c=23.5))
    expected: int = 0
    actions: int = 0
    strangers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def engine(self) -> Engine:
        """Robin's engine."""
        return self.app.service.household.engines["robin"]

    def live(self, day: int) -> None:
        """One day, from noon to noon."""
        for step in range(int(timedelta(days=1) / STEP)):
            self.shift()
            self.move_air()
            at = datetime.now(BERLIN)
            self.lie(in_bed=at.hour >= 22 or at.hour < 7)
            self.say(CLIMATE, json.dumps({"temperature": self.room.measure(), "battery": 80, "linkquality": step}))
            if step == 150:  # at 22:00
                self.evening(day)
            self.settle()
        self.interruptions(day)

    def shift(self) -> None:
        """Time passes, and the scheduler looks at its clock."""
        self.traveller.shift(STEP)
        now = datetime.now(UTC)
        (scheduler,) = [part for part in self.app.parts if isinstance(part, Scheduler)]
        wait_until_soon(lambda: scheduler._looked_at is not None and scheduler._looked_at >= now)

    def move_air(self) -> None:
        """The room follows what its devices are set to."""
        ac = self.stand_in.state(AC)
        self.room.ac.mode = state_of(self.stand_in, AC)
        self.room.ac.target_c = float(str((ac.attributes.get("temperature") if ac else None) or 21.0))
        self.room.fan_percent = 40.0 if state_of(self.stand_in, FAN) == "on" else 0.0
        self.room.step(STEP)

    def lie(self, *, in_bed: bool) -> None:
        """Go to bed, or get up."""
        if in_bed != self.room.in_bed:
            self.room.in_bed = in_bed
            self.say(BED, "ON" if in_bed else "OFF", retain=True)

    def evening(self, day: int) -> None:
        """What the person says, and what strangers say on our topics."""
        self.say("unclench/robin/answer", "done")
        self.say("unclench/robin/symptom", json.dumps({"symptom": "spasm", "severity": day % 10}))
        self.say("unclench/robin/report/stress", str(day % 10))
        if day % 3 == 0:
            self.stand_in.set_state(FAN, "off", user_id="somebody")
        for number in itertools.islice(self.strangers, STRANGERS):
            self.say(f"unclench/robin/report/thing_{number}", "perhaps")
            self.say(f"unclench/robin/routine/thing_{number}", "")
            self.say("unclench/robin/answer", json.dumps({"prompt": f"thing_{number}", "answer": "done"}))
            self.stand_in.set_state(AC, None, {"current_temperature": 20 + number % 20 / 4})

    def interruptions(self, day: int) -> None:
        """Now and then the broker or Home Assistant cuts the connection."""
        if day % 4 == 1:
            client = self.app.mqtt._client
            assert client is not None
            connected: Any = client.socket()
            connected.shutdown(socket.SHUT_RDWR)
        elif day % 4 == 3:
            self.stand_in.drop_connections()
        else:
            return
        wait_until(lambda: not ready(self.app), timeout_s=20, what="the cut")
        wait_until(lambda: ready(self.app), timeout_s=30, what="the peers to be back")
        self.settle()
        self.expected = self.app.mqtt.received  # kept messages came once more

    def say(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Publish what must arrive."""
        self.sensors.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)
        self.expected += 1

    def settle(self) -> None:
        """Return when all of it has been dealt with."""
        wait_until_soon(lambda: self.app.mqtt.received >= self.expected)
        handled = threading.Event()
        self.app.inbox.put(Nudge(handled))
        assert handled.wait(20)

    def sample(self) -> Sample:
        """Measure, with nothing under way."""
        self.actions += len(self.stand_in.calls)
        self.stand_in._core.calls.clear()
        gc.collect()
        return Sample(
            rss_mb=resident_mb(),
            database_mb=sum(path.stat().st_size for path in self.app.data.glob(f"{FILE}*")) / 1e6,
            threads=len(os.listdir("/proc/self/task")),  # noqa: PTH208 (names are all that is wanted)
            files=len(os.listdir("/proc/self/fd")),  # noqa: PTH208
            collections=self.collections(),
        )

    def collections(self) -> dict[str, int]:
        """The size of everything in memory that takes things in."""
        service, engine = self.app.service, self.engine
        intake, world = service.household.intake, engine.world
        return {
            "inbox": self.app.inbox.qsize(),
            "unacknowledged": len(service._unacked),
            "unwritten": len(service._ledger.stepped),
            "keys": len(service._received),
            "routines": len(service._fired),
            "refusals": len(intake.rejected),
            "units": len(intake.units),
            "waiting": len(intake._waiting),
            "published": len(self.app.publisher._last),
            "agenda": len(world.agenda._due),
            "agenda's heap": len(world.agenda._heap),
            "facts": len(list(world.facts)),
            "sent": len(engine.memory.sent),
            "symptoms": len(engine.memory.symptoms),
            "prompts": len(world.desk.memory.prompts),
            "told": len(world.desk.memory.told) + len(world.desk.memory.waiting),
            "deliveries": len(world.desk.memory.deliveries),
            "snapshot": len(json.dumps(engine.snapshot())),
        }


def wait_until_soon(condition: Callable[[], bool]) -> None:
    """As ``wait_until``, looking more often: this is waited for ten thousand times."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.0005)


def resident_mb() -> float:
    """The memory of this process that is in use."""
    status = Path("/proc/self/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


@pytest.fixture
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The scheduler looks often, the process lives in UTC, as the service does, and nothing is logged."""
    monkeypatch.setattr("integration.scheduler.LOOK_S", 0.002)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    logging.disable(logging.ERROR)  # pytest keeps every line in memory
    yield
    logging.disable(logging.NOTSET)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_utc")
def test_thirty_days_and_nothing_grows(tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory, threads, file handles and database are as large on the last day as on the tenth."""
    monkeypatch.setattr(store_module, "LOG_BYTES", 200_000)  # else its log of up to 4 MB hides the database of 6
    began = time.monotonic()
    with bedroom_stand_in() as stand_in:
        home = TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token, "5 min", PROFILE)
        file = home.folder / "home.yaml"
        file.write_text(f"{file.read_text()}keep_events: {KEPT_DAYS} days\n")
        with (
            time_machine.travel(START, tick=True) as traveller,
            home.running() as app,
            publisher(mosquitto.port) as sensors,
        ):
            summer = Summer(app, stand_in, sensors, traveller, expected=app.mqtt.received)
            samples = []
            for day in range(DAYS):
                summer.live(day)
                samples.append(summer.sample())
                show(day, samples[-1])
            assert app.alive
            assert summer.actions > DAYS * 3
            with closing(sqlite3.connect(app.data / FILE)) as connection:
                (missed,) = connection.execute("SELECT count(*) FROM fired WHERE result != 'due'").fetchone()
                (oldest,) = connection.execute("SELECT min(at) FROM events").fetchone()
            assert missed == 0
            kept = datetime.now(UTC) - datetime.fromisoformat(oldest)
            assert timedelta(days=KEPT_DAYS - 1) < kept < timedelta(days=KEPT_DAYS + 1)
    print(f"{DAYS} days in {time.monotonic() - began:.0f} s, {summer.actions} calls to Home Assistant")
    assert_flat(samples[WARM - 1 :])


def assert_flat(samples: list[Sample]) -> None:
    """The last third is no larger than what was before. Of the database its least counts: its log comes and goes."""
    middle, last = samples[: len(samples) // 2], samples[-len(samples) // 3 :]
    assert max(each.rss_mb for each in last) < 1.05 * max(each.rss_mb for each in middle)
    assert min(each.database_mb for each in last) < 1.05 * min(each.database_mb for each in middle)
    assert max(each.threads for each in last) <= max(each.threads for each in middle)
    assert (
        max(each.files for each in last) <= max(each.files for each in middle) + 2
    )  # a connection that is just closing
    for name in samples[0].collections:
        most = max(each.collections[name] for each in middle)
        assert max(each.collections[name] for each in last) <= 1.05 * most + 5, name


def show(day: int, sample: Sample) -> None:
    """A line for each day."""
    print(
        f"day {day + 1:2}: {sample.rss_mb:.1f} MB, database {sample.database_mb:.2f} MB, {sample.threads} threads, "
        f"{sample.files} files, {sample.collections}",
        flush=True,
    )

"""The service as a process that a test kills and starts again, and an evening that is played to it."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

import paho.mqtt.client as paho

from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.service import SNAPSHOT_EVENTS
from tests.integration.homebuilder import AC, BED, CLIMATE, FAN, LAMP, TestHome, say
from tests.peers.processes import end, spawn, wait_until

START_S = 30.0
"""A start takes a second or two; on a busy machine several of them."""
SETTLE_S = 30.0
HEARD = ("room_measured", "bed_changed", "self_reported", "symptom_logged", "routine_due", "prompt_answered")
"""The kinds of events that come over MQTT here."""
WHAT = ("value", "occupied", "severity", "routine", "answer")
"""Where each of them keeps what was said."""

Heard = list[tuple[str, object]]
Says = tuple[str, str]
"""A topic and a payload."""


class ServiceProcess:
    """`unclench run` in a process of its own, which can be killed hard and started again."""

    def __init__(self, home: TestHome, *, snapshot_events: int = SNAPSHOT_EVENTS) -> None:
        self.home = home
        change = f"from integration import service; service.SNAPSHOT_EVENTS = {snapshot_events}"
        self._command = [sys.executable, "-c", f"{change}; from integration.cli import main; main()", "run"]
        self.log: Path = home.folder / "unclench.log"
        self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = threading.Lock()
        self._log_seen = 0

    def __enter__(self) -> Self:
        """Start, and return when it has found its peers."""
        self.start()
        self.wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        """Ask it to end."""
        if self._process is not None:
            end(self._process, grace_s=15)
            self._process = None

    @property
    def running(self) -> bool:
        """Whether it was started and not killed."""
        return self._process is not None

    def start(self) -> None:
        """Start, and return at once; harmless when it runs."""
        with self._one_at_a_time:
            if self._process is not None:
                return
            self._log_seen = self.log.stat().st_size if self.log.exists() else 0
            environment = {
                **os.environ,
                "UNCLENCH_CONFIG": str(self.home.folder),
                "UNCLENCH_DATA": str(self.home.folder / "data"),
                "UNCLENCH_HA_TOKEN": self.home.token,
            }
            self._process = spawn(self._command, log=self.log, env=environment)

    def kill(self) -> None:
        """SIGKILL, from any thread: it gets to do nothing more. Harmless when it does not run."""
        with self._one_at_a_time:
            if self._process is not None:
                self._process.kill()
                self._process.wait()
                self._process = None
                self.kills += 1

    @property
    def said(self) -> str:
        """What it has logged since it was last started."""
        return self.log.read_bytes()[self._log_seen :].decode() if self.log.exists() else ""

    def wait_until_ready(self) -> None:
        """Return when both the broker and Home Assistant are connected."""
        wait_until(
            lambda: "broker 127" in self.said and "Home Assistant http" in self.said,
            timeout_s=START_S,
            what="the service to find its peers",
        )

    def heard(self) -> Heard:
        """What it has kept of what came over MQTT, in order: the kind and what was said."""
        database = sqlite3.connect(f"file:{self.home.folder / 'data' / 'unclench.db'}?mode=ro", uri=True, timeout=10)
        said = ", ".join(f"body ->> '{name}'" for name in WHAT)
        marks = ", ".join("?" * len(HEARD))
        of_others = f"kind IN ({marks}) AND body ->> 'source' <> 'clock'"  # the clock's moments came from nobody
        sql = f"SELECT kind, coalesce({said}) FROM events WHERE {of_others} ORDER BY seq"  # noqa: S608 (fixed names)
        try:
            return database.execute(sql, HEARD).fetchall()
        finally:
            database.close()

    def moments(self) -> list[str]:
        """The moments that the clock brought: the routine and its day, which is the event's id."""
        database = sqlite3.connect(f"file:{self.home.folder / 'data' / 'unclench.db'}?mode=ro", uri=True, timeout=10)
        sql = "SELECT body ->> 'id' FROM events WHERE kind = 'routine_due' AND body ->> 'source' = 'clock'"
        try:
            return [str(moment) for (moment,) in database.execute(sql)]
        finally:
            database.close()


# -- an evening


def _reading(celsius: float, number: int) -> Says:
    """One message with two values, both unlike those of every other message."""
    return CLIMATE, json.dumps({"temperature": round(celsius + number / 1000, 3), "humidity": 40 + number / 100})


def _phase(start_c: float, end_c: float, first: int, others: Sequence[Says]) -> list[Says]:
    """Thirty readings on the way between two temperatures, with ``others`` in between, and one of each report."""
    readings = [_reading(start_c + (end_c - start_c) * step / 29, first + step) for step in range(30)]
    symptoms = [json.dumps({"symptom": "spasm", "severity": (first + number) / 100}) for number in (1, 2)]
    said = [*others, ("unclench/robin/report/stress", str(first / 100))]
    said += [("unclench/robin/symptom", symptom) for symptom in symptoms]
    every = len(readings) // (len(said) + 1)
    for place, each in enumerate(said, start=1):
        readings.insert(place * (every + 1), each)
    return readings


Known = dict[str, tuple[str, object]]
"""A device's state and its setpoint or speed."""
ON: Known = {AC: ("cool", 20.0), FAN: ("on", 40), LAMP: ("off", None)}
OFF: Known = {AC: ("off", 20.0), FAN: ("off", 40), LAMP: ("off", None)}
EVENING: list[tuple[list[Says], Known]] = [
    (_phase(20.0, 22.6, 100, [(BED, "ON"), ("unclench/robin/routine/stretch", "")]), ON),
    (_phase(22.6, 19.0, 200, [("unclench/robin/answer", "done"), (BED, "OFF"), (BED, "ON")]), OFF),
    (_phase(19.0, 22.8, 300, [(BED, "OFF"), (BED, "ON")]), ON),
]
"""Hot, cold and hot again: what is said, and what the devices are to be at the end of it."""
LENGTH = sum(len(said) for said, _ in EVENING)
HEARD_AT_LEAST = LENGTH + 90
"""Each message is an event, and the 90 readings are two."""


@dataclass
class Played:
    """How an evening went."""

    states: list[Known] = field(default_factory=list)  # at the end of each phase
    told: list[str] = field(default_factory=list)  # what was said to the person
    heard: Heard = field(default_factory=list)


class Kills:
    """Chooses when the service dies and comes back, from a seed. This one lets it live."""

    def pass_message(self, number: int, service: ServiceProcess) -> None:
        """Message ``number`` is with the broker."""


class RandomKills(Kills):
    """After so many of the messages, and sometimes again while it starts."""

    def __init__(self, seed: int, count: int) -> None:
        self._random = random.Random(seed)
        self._after = sorted(self._random.sample(range(LENGTH - 1), count))
        self._start_at = 0

    def pass_message(self, number: int, service: ServiceProcess) -> None:
        """A few milliseconds later it may be receiving, storing, sending or acknowledging."""
        if self._after and number >= self._after[0] and service.running:
            del self._after[0]
            time.sleep(self._random.uniform(0, 0.012))
            service.kill()
            self._start_at = number + self._random.randint(0, 5)  # what is said until then waits at the broker
        if number >= self._start_at and not service.running:
            service.start()
            if self._random.random() < 1 / 3:
                time.sleep(self._random.uniform(0.3, 1.3))  # while it remembers, or takes what waited
                service.kill()
                service.start()
            if self._random.random() < 1 / 2:
                service.wait_until_ready()


class AtEveryCommand(Kills):
    """As soon as a command or a prompt has reached Home Assistant, before its answer has left."""

    def __init__(self, bedroom: StandInHomeAssistant) -> None:
        self._bedroom = bedroom

    def pass_message(self, number: int, service: ServiceProcess) -> None:
        """It comes back at once."""
        del number

        def kill(*_: object) -> bool:
            service.kill()
            return False  # the device obeys

        self._bedroom.on_service(kill)
        service.start()


def play(service: ServiceProcess, sensors: paho.Client, bedroom: StandInHomeAssistant, kills: Kills) -> Played:
    """Play the evening to the end; each phase ends when the devices are what they are to be."""
    played, number = Played(), 0
    for phase, devices in EVENING:
        for topic, payload in phase:
            say(sensors, topic, payload)
            kills.pass_message(number, service)
            number += 1
            time.sleep(0.005)
        wait_until(partial(_ended, service, bedroom, devices), timeout_s=SETTLE_S, what=f"the devices to be {devices}")
        played.states.append(_known(bedroom))
    service.start()
    wait_until(lambda: len(service.heard()) >= HEARD_AT_LEAST, timeout_s=SETTLE_S, what="all that was said")
    played.heard = service.heard()
    played.told = [str(call.data["message"]) for call in bedroom.calls if call.domain == "script"]
    return played


def _ended(service: ServiceProcess, bedroom: StandInHomeAssistant, devices: Known) -> bool:
    service.start()
    return _known(bedroom) == devices


def _known(bedroom: StandInHomeAssistant) -> Known:
    states = {entity: bedroom.state(entity) for entity in (AC, FAN, LAMP)}
    return {
        entity: (state.state, state.attributes.get("temperature", state.attributes.get("percentage")))
        for entity, state in states.items()
        if state is not None
    }

"""The processes that are measured, and the player of sensors and devices beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.bare import no_delay
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import end, spawn, wait_until

COLD_C, HOT_C = 20.5, 23.0
TOKEN = "let-me-in"
BROKER = ["set_tcp_nodelay true", "max_queued_bytes 0"]


@contextmanager
def broker(folder: Path) -> Iterator[int]:
    """A mosquitto that sends at once and drops nothing; its port."""
    folder.mkdir(parents=True)
    with Mosquitto(folder, extra_lines=BROKER) as mosquitto:
        yield mosquitto.port


def start_unclench(folder: Path) -> subprocess.Popen[bytes]:
    """`unclench run` with the configuration in ``folder``; returns at once."""
    env = {**os.environ, "UNCLENCH_CONFIG": str(folder), "UNCLENCH_DATA": str(folder / "data")}
    env |= {"UNCLENCH_HA_TOKEN": TOKEN, "UNCLENCH_LOG_LEVEL": "warning"}
    return spawn([str(Path(sys.executable).with_name("unclench")), "run"], log=folder / "log", env=env)


@contextmanager
def unclench(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`unclench run`, from when it has its broker to its end."""
    process = start_unclench(folder)
    health = folder / "data" / "health.json"
    try:
        wait_until(lambda: health.exists() and json.loads(health.read_text())["mqtt"], timeout_s=60, what="unclench")
        yield process
    finally:
        end(process, grace_s=20)


@contextmanager
def bare(
    folder: Path, port: int, prefix: str, *home_assistant: str, wait: bool = True
) -> Iterator[subprocess.Popen[bytes]]:
    """The bare client; ``home_assistant``: its address and token, where it calls services."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.bare", str(port), prefix, *home_assistant]
    process = spawn(command, log=folder / "log")
    try:
        if wait:
            wait_until(lambda: "ready" in (folder / "log").read_text(), timeout_s=30, what="the bare client")
        yield process
    finally:
        end(process, grace_s=10)


class Player:
    """Plays thermometers, and is every fan: it notes when commands arrive."""

    def __init__(self, port: int, prefix: str, qos: int = 1) -> None:
        self._prefix, self._qos = prefix, qos
        self._arrived = threading.Condition()
        self._commands: dict[str, tuple[float, str]] = {}  # room -> when its last command came, and what it was
        self.count = 0  # commands so far
        subscribed = threading.Event()
        client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)

        def on_connect(client: paho.Client, *_: object) -> None:
            client.subscribe(f"{prefix}/+/fan/set")

        client.on_connect = on_connect
        client.on_subscribe = lambda *_: subscribed.set()
        client.on_message, client.on_socket_open = self._on_message, no_delay
        client.connect("127.0.0.1", port)
        client.loop_start()
        self._client = client
        subscribed.wait(10)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        self.told(message.topic.split("/")[1], message.payload.decode())

    def told(self, room: str, what: str) -> None:
        """A command has arrived."""
        now = perf_counter()
        with self._arrived:
            self._commands[room] = now, what
            self.count += 1
            self._arrived.notify_all()

    def read(self, room: str, celsius: float) -> None:
        """A thermometer speaks."""
        self._client.publish(f"{self._prefix}/{room}/climate", reading(celsius), qos=self._qos)

    def reaction(self, room: str, celsius: float, expected: str, timeout_s: float = 10.0) -> float:
        """Seconds from a reading to the command that it brings. Raises TimeoutError."""
        began = perf_counter()
        self.read(room, celsius)
        return self.wait_for(room, expected, began, timeout_s) - began

    def wait_for(self, room: str, expected: str, since: float, timeout_s: float = 10.0) -> float:
        """When the room's fan was told what is expected. Raises TimeoutError."""

        def told() -> bool:
            at, what = self._commands.get(room, (0.0, ""))
            return at >= since and what == expected

        with self._arrived:
            if not self._arrived.wait_for(told, timeout_s):
                message = f"{self._prefix}: no {expected} for {room} within {timeout_s} s"
                raise TimeoutError(message)
            return self._commands[room][0]


def reading(celsius: float) -> bytes:
    """What a Zigbee thermometer says."""
    return json.dumps({"battery": 91, "humidity": 48.2, "linkquality": 120, "temperature": celsius}).encode()


def resident_mb(pid: int) -> float:
    """The memory that a process really has, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def cpu_s(pid: int) -> float:
    """Seconds that a process has computed."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

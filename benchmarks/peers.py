"""The processes that are measured, and the player of sensors and devices beside them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.peers.processes import end, spawn, wait_until

COLD_C, HOT_C = 20.5, 23.0


@contextmanager
def unclench(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`unclench run` with the configuration in ``folder``, from its start to its end."""
    env = {**os.environ, "UNCLENCH_CONFIG": str(folder), "UNCLENCH_DATA": str(folder / "data")}
    command = [str(Path(sys.executable).with_name("unclench")), "run"]
    process = spawn(command, log=folder / "log", env=env)
    try:
        wait_until(lambda: "connected" in (folder / "log").read_text(), timeout_s=60, what="unclench")
        yield process
    finally:
        end(process, grace_s=10)


@contextmanager
def bare(folder: Path, port: int, prefix: str) -> Iterator[subprocess.Popen[bytes]]:
    """The bare client."""
    process = spawn([sys.executable, "-m", "benchmarks.bare", str(port), prefix], log=folder / "bare.log")
    try:
        yield process
    finally:
        end(process, grace_s=10)


class Player:
    """Plays every thermometer, and is every fan: it notes when a command arrives."""

    def __init__(self, port: int, prefix: str, qos: int) -> None:
        self._prefix, self._qos = prefix, qos
        self._arrived = threading.Condition()
        self.commands: dict[str, tuple[float, str]] = {}  # room -> when its last command came, and what it was
        self.count = 0
        self._subscribed = threading.Event()
        client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        client.max_inflight_messages_set(1000)
        client.on_connect = lambda *_: client.subscribe(f"{prefix}/+/fan/set")
        client.on_subscribe = lambda *_: self._subscribed.set()
        client.on_message, client.on_socket_open = self._on_message, _no_delay
        client.connect("127.0.0.1", port)
        client.loop_start()
        self._client = client
        self._subscribed.wait(10)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        now, room = perf_counter(), message.topic.split("/")[1]
        with self._arrived:
            self.commands[room] = now, message.payload.decode()
            self.count += 1
            self._arrived.notify_all()

    def read(self, room: str, celsius: float) -> paho.MQTTMessageInfo:
        """A thermometer speaks, as a Zigbee one does."""
        payload = json.dumps({"battery": 91, "humidity": 48.2, "linkquality": 120, "temperature": celsius})
        return self._client.publish(f"{self._prefix}/{room}/climate", payload, qos=self._qos)

    def reaction(self, room: str, celsius: float, expected: str, timeout_s: float = 10.0) -> float:
        """Seconds from a reading to the command that it brings."""
        began = perf_counter()
        self.read(room, celsius)
        arrived = self.wait_for(room, expected, began, timeout_s)
        return arrived - began

    def wait_for(self, room: str, expected: str, since: float, timeout_s: float = 10.0) -> float:
        """When the room's fan was told what is expected. Raises TimeoutError."""

        def told() -> bool:
            at, what = self.commands.get(room, (0.0, ""))
            return at >= since and what == expected

        with self._arrived:
            if not self._arrived.wait_for(told, timeout_s):
                message = f"{self._prefix}: no {expected} for {room} within {timeout_s} s"
                raise TimeoutError(message)
            return self.commands[room][0]


def _no_delay(_client: object, _data: object, sock: Any) -> None:  # noqa: ANN401 (paho's own union of sockets)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

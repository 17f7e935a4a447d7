"""A sensor that never stops talking, and what the service and the broker have kept of what was said."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from pathlib import Path
from typing import Self

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.integration.homebuilder import CLIMATE, publisher
from tests.peers.mosquitto import USERNAME

EVERY_S = 0.01


class Load:
    """Readings, each unlike all others, QoS 1, a hundred a second while the broker is there."""

    def __init__(self, port: int, password: str | None = None) -> None:
        self._sent: dict[int, float] = {}  # by packet id, of which there are more than one test needs
        self._acknowledged: list[int] = []
        self._port = port
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self._client.on_publish = lambda _client, _data, mid, *_: self._acknowledged.append(mid)
        self._client.reconnect_delay_set(1, 1)
        if password is not None:
            self._client.username_pw_set(USERNAME, password)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._talk, name="load", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Be silent."""
        self._stop.set()
        self._thread.join()
        deadline = time.monotonic() + 5
        while len(self._acknowledged) < len(self._sent) and time.monotonic() < deadline:
            time.sleep(0.02)
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def accepted(self) -> set[float]:
        """What the broker has acknowledged."""
        return {self._sent[mid] for mid in self._acknowledged[:] if mid in self._sent}

    def _talk(self) -> None:
        number = 0
        while not self._stop.wait(EVERY_S):
            if not self._client.is_connected():
                continue
            celsius = round(20 + number / 100_000, 5)
            number += 1
            info = self._client.publish(CLIMATE, json.dumps({"temperature": celsius}), qos=1)
            self._sent[info.mid] = celsius


def stored(data: Path) -> set[float]:
    """Every temperature on disk."""
    database = sqlite3.connect(f"file:{data / 'unclench.db'}?mode=ro", uri=True, timeout=10)
    try:
        rows = database.execute("SELECT body ->> 'value' FROM events WHERE kind = 'room_measured'").fetchall()
    finally:
        database.close()
    return {celsius for (celsius,) in rows}


def broker_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was said about the connection to the broker."""
    return [record.getMessage() for record in caplog.records if record.name == "unclench.mqtt"]


def kept(port: int) -> dict[str, dict[str, object]]:
    """What the broker keeps of ours."""
    found: dict[str, dict[str, object]] = {}
    subscribed = threading.Event()
    with publisher(port) as watcher:
        watcher.on_message = lambda _c, _d, message: found.update({message.topic: json.loads(message.payload)})
        watcher.on_subscribe = lambda *_: subscribed.set()
        watcher.subscribe([("unclench/status", 1), ("unclench/robin/state", 1)])
        assert subscribed.wait(10)
        deadline = time.monotonic() + 1
        while len(found) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
    return found

"""A client that publishes faster than any home: raw MQTT 3.1.1 at QoS 0, at a steady rate."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

TICK_S = 0.01


class Flood:
    """Publishes ``make(number)`` (topic and payload) ``rate`` times a second from a thread, until it is left."""

    def __init__(self, port: int, rate: int, make: Callable[[int], tuple[str, bytes]]) -> None:
        self._rate, self._make = rate, make
        self._stop = threading.Event()
        self.sent = 0
        self._socket = socket.create_connection(("127.0.0.1", port))
        name = f"flood-{id(self)}".encode()
        body = b"\x00\x04MQTT\x04\x02\x00\x00" + len(name).to_bytes(2, "big") + name
        self._socket.sendall(bytes([0x10, len(body)]) + body)
        self._socket.recv(4)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self._stop.set()
        self._thread.join(10)
        self._socket.close()

    def _run(self) -> None:
        began = time.monotonic()
        while not self._stop.wait(TICK_S):
            due = int((time.monotonic() - began) * self._rate)
            packets = [_packet(*self._make(number)) for number in range(self.sent, due)]
            self._socket.sendall(b"".join(packets))
            self.sent = max(self.sent, due)


def _packet(topic: str, payload: bytes) -> bytes:
    name = topic.encode()
    length = 2 + len(name) + len(payload)
    size = bytes([length]) if length < 128 else bytes([length % 128 | 128, length // 128])
    return b"\x30" + size + len(name).to_bytes(2, "big") + name + payload

"""A publisher that is faster than what is measured: raw MQTT 3.1.1, QoS 1, with a window."""

from __future__ import annotations

import socket
from collections.abc import Iterable

WINDOW = 500
"""So many messages may be without an acknowledgement of the broker."""
PUBACK_BYTES = 4
CHUNK = 50
_MORE = 128


def publish(port: int, messages: Iterable[tuple[str, bytes]]) -> None:
    """Publish all; returns when the broker has them all."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name = b"firehose"
        body = b"\x00\x04MQTT\x04\x02\x00\x00" + len(name).to_bytes(2, "big") + name
        sock.sendall(bytes([0x10, len(body)]) + body)
        sock.recv(PUBACK_BYTES)
        sent = answered = 0
        chunk = bytearray()
        for topic, payload in messages:
            sent += 1
            chunk += _packet(topic, payload, sent % 65_000 + 1)
            if sent % CHUNK == 0:
                sock.sendall(chunk)
                chunk.clear()
            while sent - answered // PUBACK_BYTES >= WINDOW:
                answered += len(sock.recv(65_536))
        sock.sendall(chunk)
        while sent > answered // PUBACK_BYTES:
            answered += len(sock.recv(65_536))


def _packet(topic: str, payload: bytes, packet_id: int) -> bytes:
    name = topic.encode()
    length = 2 + len(name) + 2 + len(payload)
    size = bytes([length]) if length < _MORE else bytes([length % _MORE | _MORE, length // _MORE])
    return b"\x32" + size + len(name).to_bytes(2, "big") + name + packet_id.to_bytes(2, "big") + payload

"""paho's client, mended where most of a message's time went (measured: docs/performance.md).

It leans on names that paho does not promise: `tests/integration/test_mqtt_client.py` fails when they go. The client
then still works, only slower.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import MQTTErrorCode

PUBACK = b"\x40\x02"
"""The head of an acknowledgement without a reason: what follows is the packet id (MQTT 5, 3.4)."""
PUBLISH, NO_PROPERTIES = b"\x30", b"\x00"
"""The head of a message at QoS 0 that is not retained, and what stands before its payload (MQTT 5, 3.3)."""
PAUSE_S = 0.005
"""Until it is looked again whether more may be read."""
AT_ONCE = 200
"""Messages; then it is the turn of what must be written and looked after."""
READ_AHEAD = 16 * 1024
"""Bytes taken from the network at once; afterwards it is the turn of what must be written."""


class ReadAhead:
    """A socket that is read in large pieces: paho asks for single bytes, and each asking is a system call."""

    def __init__(self, sock: Any) -> None:  # noqa: ANN401 (plain or TLS)
        self._sock = sock
        self._held = b""
        self._at = 0

    def recv(self, size: int) -> bytes:
        """As a socket's; never more than was asked for."""
        if self._at == len(self._held):
            self._held, self._at = self._sock.recv(READ_AHEAD), 0
            self._confirm_at_once()
        begin = self._at
        self._at = min(begin + size, len(self._held))
        return self._held[begin : self._at]

    def _confirm_at_once(self) -> None:
        """Tell the broker's TCP that it came, which Linux may else do 40 ms later.

        A broker that sends small pieces only one at a time (mosquitto, unless told ``set_tcp_nodelay``) holds back its
        next message until then. It must be asked for after each piece.
        """
        with suppress(AttributeError, OSError):  # no Linux, or no TCP
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def pending(self) -> int:
        """How many bytes are here already, so that nobody waits for the network to bring them."""
        held = len(self._held) - self._at
        return held or (self._sock.pending() if hasattr(self._sock, "pending") else 0)

    def fileno(self) -> int:
        """For ``select``."""
        number: int = self._sock.fileno()
        return number

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (everything else is the socket's own)
        return getattr(self._sock, name)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message without properties, as almost all are. ``packet_id`` is 0 at QoS 0."""

    topic: bytes
    payload: bytes
    packet_id: int
    repeated: bool
    retained: bool


def plain(command: int, packet: bytearray) -> Arrived | None:
    """The message in a PUBLISH packet (MQTT 5, 3.3); None for what has properties, QoS 2 or no right form."""
    qos = command >> 1 & 3
    try:
        end = 2 + (packet[0] << 8 | packet[1])
        body = end + 2 if qos else end
        if qos > 1 or packet[body]:
            return None
        packet_id = packet[end] << 8 | packet[end + 1] if qos else 0
    except IndexError:
        return None
    return Arrived(bytes(packet[2:end]), bytes(packet[body + 1 :]), packet_id, bool(command & 8), bool(command & 1))


class Client(paho.Client):
    """A client whose packets leave in the thread that makes them, and come in many at a time.

    ``arrived`` takes messages without properties, ``on_message`` the others. For ``manual_ack`` only.

    Run ``loop_forever`` in a thread of your own: with ``loop_start`` paho hands each packet to its thread instead.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (paho's own)
        super().__init__(*args, **kwargs)
        self._writing = threading.RLock()
        self.may_read: Callable[[], bool] = lambda: True
        self.arrived: Callable[[Arrived], None] | None = None

    def _create_socket(self) -> Any:  # noqa: ANN401
        return ReadAhead(super()._create_socket())

    def _packet_write(self) -> MQTTErrorCode:
        # Two threads that write at once could mix a half-sent packet with another one.
        with self._writing:
            return super()._packet_write()

    def _handle_publish(self) -> MQTTErrorCode:
        message = plain(self._in_packet["command"], self._in_packet["packet"]) if self.arrived else None
        if message is None or self.arrived is None:
            return super()._handle_publish()
        self.arrived(message)
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def command(self, topic: bytes, payload: bytes) -> bool:
        """Publish at QoS 0, at once, without all that paho keeps of a message; whether there is a connection."""
        if not self.is_connected():
            return False
        body = len(topic).to_bytes(2, "big") + topic + NO_PROPERTIES + payload
        packet = bytearray(PUBLISH)
        self._pack_remaining_length(packet, len(body))
        self._packet_queue(PUBLISH[0], packet + body, 0, 0, paho.MQTTMessageInfo(0))
        return True

    def acknowledge(self, packet_ids: Iterable[int]) -> None:
        """Acknowledge messages of QoS 1 in one piece: each piece is a system call, and wakes the broker."""
        packets = b"".join(PUBACK + packet_id.to_bytes(2, "big") for packet_id in packet_ids)
        if packets:
            self._packet_queue(PUBACK[0], packets, 0, 1)

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Every packet that is here already, not only the first. None while ``may_read`` says no: the broker waits."""
        if not self.may_read():
            time.sleep(PAUSE_S)
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        for _ in range(AT_ONCE):
            code = super().loop_read(max_packets)
            if code != paho.MQTT_ERR_SUCCESS or not self._has_more() or not self.may_read():
                break
        return code

    def _has_more(self) -> bool:
        sock = self.socket()
        return isinstance(sock, ReadAhead) and sock.pending() > 0

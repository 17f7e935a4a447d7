"""An MQTT 5 broker out of a wheel, on a loopback port, in a child process that ends with us."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from config.errors import UnclenchError

if TYPE_CHECKING:
    from iotcore import Broker

HOST = "127.0.0.1"
MAX_PAYLOAD = 2 * 1024 * 1024
"""Bytes. The broker's own default is so small that one long message ends the connection."""

# Without a listener of version 5 it speaks 3.1.1; without an address it listens to the whole network.
_SETTINGS = """\
id = 0
[router]
id = 0
max_connections = 100
max_outgoing_packet_count = 200
max_segment_size = 104857600
max_segment_count = 10
[v5.1]
name = "v5"
listen = "{host}:{port}"
next_connection_delay_ms = 1
[v5.1.connections]
connection_timeout_ms = 5000
max_payload_size = {max_payload}
max_inflight_count = 500
dynamic_filters = true
"""


class EmbeddedBrokerError(UnclenchError):
    """The embedded broker is not there, or does not start."""


class EmbeddedBroker:
    """Everything in memory: sessions and retained messages are gone with it."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.port = port or _free_port()
        self._settings = folder / "broker.toml"
        self._broker: Broker | None = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def start(self) -> None:
        """Return when it accepts connections. Raises EmbeddedBrokerError."""
        try:
            from iotcore import Broker  # noqa: PLC0415 (an extra that a real home does without)
        except ImportError as error:
            message = "the demo brings its own broker, which is not installed: pip install 'unclench[demo]'"
            raise EmbeddedBrokerError(message) from error
        settings = _SETTINGS.format(host=HOST, port=self.port, max_payload=MAX_PAYLOAD)
        self._settings.write_text(settings, encoding="utf-8")
        broker = Broker(config_path=str(self._settings))
        try:
            with _deaf_to_ctrl_c():
                broker.start()
        except (OSError, RuntimeError) as error:
            message = f"the demo's broker did not start on {HOST}:{self.port}: {error}"
            raise EmbeddedBrokerError(message) from error
        self._broker = broker

    def stop(self) -> None:
        """End it and give the port back; harmless when it is not running."""
        broker, self._broker = self._broker, None
        if broker is not None:
            broker.stop()


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """A child made here does not hear Ctrl-C: it is for us to end it, after those who talk to it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port

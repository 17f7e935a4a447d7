"""Ports for the peers of one test session."""

from __future__ import annotations

import random
import socket

LOWEST, HIGHEST = 21000, 32000
"""Below the range from which the kernel picks the ports of outgoing connections."""


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    for port in random.sample(range(LOWEST, HIGHEST), 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    message = f"no free port between {LOWEST} and {HIGHEST}"
    raise OSError(message)


def accepts_connections(port: int) -> bool:
    """Tell whether somebody listens on a loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True

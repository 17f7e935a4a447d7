"""Makes what was committed safe from a power cut, and only then acknowledges it to the broker.

In a thread of its own: a disk may take long (the card of a Raspberry Pi does), and delays no decision by it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Protocol

from integration.inbox import Received
from integration.store.opening import StoreError
from integration.store.store import Store

log = logging.getLogger("unclench.store")


RETRY_S = 1.0
"""After a disk has failed."""
GATHER_S = 0.02
"""One sync serves all messages of this time: a card wears out by the number of them."""
TOGETHER = 10
"""So many messages wait for no more."""
HELD = 5
"""At most this many wait for a disk that fails, and as many in the service: mosquitto sends 20 unacknowledged ones."""


class Acks(Protocol):
    """Who must be told that messages are safe."""

    def ack(self, received: Sequence[Received]) -> None:
        """They are on disk."""


class Keeper:
    """Syncs, then acknowledges: many messages at once, where they come fast."""

    def __init__(self, store: Store, acks: Acks) -> None:
        self._store, self._acks = store, acks
        self._committed: SimpleQueue[list[Received] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._broken = False

    def start(self) -> None:
        """Work in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="disk", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Acknowledge what was committed so far, and end the thread."""
        self._committed.put(None)
        if self._thread is not None:
            self._thread.join(timeout=10)

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread is not None and self._thread.is_alive()

    def keep(self, committed: list[Received]) -> None:
        """What these brought was committed: acknowledge them once it is safe."""
        if committed:
            self._committed.put(committed)

    def _run(self) -> None:
        waiting: list[Received] = []
        goes_on = True
        while goes_on:
            goes_on = self._gather(waiting)
            waiting = self._finish(waiting)

    def _gather(self, waiting: list[Received]) -> bool:
        """Wait for what is committed, and take what comes soon after it; False when it is time to end."""
        timeout = RETRY_S if waiting else None
        try:
            while (committed := self._committed.get(timeout=timeout)) is not None:
                waiting += committed
                timeout = GATHER_S if len(waiting) < TOGETHER else 0.0
        except Empty:
            return True
        return False

    def _finish(self, waiting: list[Received]) -> list[Received]:
        """Acknowledge what is safe; returns what is not, but few: a broker sends only so many unacknowledged ones."""
        synced = self._works(self._store.sync)
        safe = len(waiting) if synced else max(0, len(waiting) - HELD)
        if safe:
            self._acks.ack(waiting[:safe])
        self._broken = not (synced and self._works(self._store.tidy))
        return waiting[safe:]

    def _works(self, care: Callable[[], None]) -> bool:
        """Whether the disk let us. That it does not is said once."""
        try:
            care()
        except StoreError as error:
            if not self._broken:
                log.error("%s. It is tried again; cooling goes on.", error)  # noqa: TRY400 (said once, to a person)
            return False
        return True

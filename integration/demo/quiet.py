"""Knows when everything that was set going has come to rest: by counting, never by waiting a while.

Each edge counts what it has put on the inbox, after it is there. When the counts agree with what was sent, a nudge goes
through the inbox: once it is handled, so is everything before it. If nothing new was set going meanwhile, all is quiet.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from config.errors import UnclenchError
from integration.app import App
from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.home_assistant import Caller, StateWatcher
from integration.inbox import Nudge

PATIENCE_S = 15.0
LOOK_S = 0.0005
ENGINE = "the engine"


class DemoStuckError(UnclenchError):
    """A part of the demo does not answer."""


class Quiet:
    """Watches one app between a broker and a stand-in. ``published`` counts the messages that it should get."""

    def __init__(self, app: App, home: StandInHomeAssistant) -> None:
        self._app, self._home = app, home
        self._callers = [part for part in app.parts if isinstance(part, Caller)]
        self._watchers = [part for part in app.parts if isinstance(part, StateWatcher)]
        self.published = 0

    def wait_until_up(self) -> None:
        """Return when broker and Home Assistant are there, and every topic is subscribed.

        That is proven by a retained message, which ``published`` must already count.
        """
        self._wait(lambda: self._app.mqtt.connected and all(each.connected for each in self._watchers), "the start")
        engines = self._app.service.household.engines.values()
        self._wait(lambda: all(engine.peer_up for engine in engines), ENGINE)
        self.wait()

    def wait(self) -> None:
        """Return when nothing is under way any more. Raises DemoStuckError."""
        while True:
            self._wait(self._balanced, "the broker or the stand-in for Home Assistant")
            before = self._sent()
            handled = threading.Event()
            self._app.inbox.put(Nudge(handled))
            if not handled.wait(PATIENCE_S):
                raise _stuck(ENGINE)
            if self._balanced() and self._sent() == before:
                return

    def _sent(self) -> tuple[int, int, int]:
        return self.published, self._home.events_sent, sum(each.given for each in self._callers)

    def _balanced(self) -> bool:
        arrived = (
            self._app.mqtt.received,
            sum(each.received for each in self._watchers),
            sum(each.finished for each in self._callers),
        )
        return arrived == self._sent()

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise _stuck(what)
            time.sleep(LOOK_S)


def _stuck(what: str) -> DemoStuckError:
    message = f"the demo came to a halt: {what} does not answer. Please run it again."
    return DemoStuckError(message)

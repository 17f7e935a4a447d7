"""A bedroom on a Home Assistant with faults: what the tests do to it, and what they look at."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from threading import Event

import paho.mqtt.client as paho

from devices.control.memory import Memory
from devices.events import ActionReturned, RoomMeasured
from devices.events import Event as HomeEvent
from integration.app import App
from integration.clock import SystemClock
from integration.inbox import Nudge
from integration.store import Store
from tests.integration.homebuilder import BED, CLIMATE, say
from tests.peers.processes import wait_until

DECIDED_S = 2.0
"""Within so long a reading must have led to its decision, on a busy machine too."""


LARGEST_STEP, SMALLEST_STEP = timedelta(minutes=4), timedelta(seconds=1)
ECHO_S = 0.15
"""Of real time in each step: what a device answers at once must not look as if it had taken minutes."""


class MovedClock(SystemClock):
    """The machine's clock, which a test may put forward: nobody waits half an hour for a second try."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """See ``Clock``."""
        return super().now() + self._ahead

    def move(self, app: App, **span: float) -> None:
        """Put it forward, and let the engine look whenever it asked to be woken, as it does on a machine that runs.

        A leap over such a moment, or of many minutes, is a machine that slept.
        """
        left = timedelta(**span)
        while left > timedelta(0):
            step, looked = min(left, LARGEST_STEP, self._until_due(app)), Event()
            self._ahead += step
            left -= step
            app.inbox.put(Nudge(looked))
            assert looked.wait(30)
            time.sleep(ECHO_S)

    def _until_due(self, app: App) -> timedelta:
        """How long the engine wants to rest, and no less than a second: a moment that has just come is looked at."""
        due = app.service.household.wake_at
        return LARGEST_STEP if due is None else max(due - self.now(), SMALLEST_STEP)


def measure(client: paho.Client, celsius: float) -> None:
    """The thermometer speaks."""
    say(client, CLIMATE, json.dumps({"temperature": celsius}))


def heat_in_bed(client: paho.Client, celsius: float = 22.6) -> None:
    """The person is in bed and the room crosses the trigger."""
    say(client, BED, "ON")
    measure(client, celsius)


def decides_in_s(app: App, client: paho.Client, celsius: float) -> float:
    """How long it takes from a reading to its place in the record, with what the engine made of it."""
    began = time.monotonic()
    measure(client, celsius)
    wait_until(lambda: stored(app, celsius), timeout_s=10, what="the reading on disk")
    return time.monotonic() - began


def stored(app: App, celsius: float) -> bool:
    """Whether a reading is known to the engine and on disk."""
    fact = app.service.household.engines["robin"].world.facts["bedroom.temperature"]
    return fact.value == celsius and any(
        isinstance(event, RoomMeasured) and event.value == celsius for event in on_disk(app, minutes=1)
    )


def results(app: App) -> list[str]:
    """What became of the latest commands, in the order in which it was known."""
    return [event.result for event in on_disk(app, minutes=60) if isinstance(event, ActionReturned)]


def on_disk(app: App, *, minutes: float) -> list[HomeEvent]:
    """The latest events, as another process reads them."""
    store = Store(app.data)
    store.open()
    try:
        now = app.clock.now()
        return [event for _, event in store.events_between(now - timedelta(minutes=minutes), now)]
    finally:
        store.close()


def device(app: App, entity: str) -> Memory:
    """What the engine remembers of a device."""
    return app.service.household.engines["robin"].world.devices[entity].memory


def wants_cooling(app: App) -> bool:
    """Whether the engine wants the bedroom cooled."""
    cooling = app.service.household.engines["robin"].world.bedroom.cooling
    return cooling is not None and cooling.memory.cooling


def is_there(app: App) -> bool:
    """Whether the engine believes that Home Assistant is there."""
    return app.service.household.engines["robin"].peer_up


def settled(app: App) -> bool:
    """Whether nothing is under way: no item waits, no command is out."""
    devices = app.service.household.engines["robin"].world.devices.values()
    return app.inbox.empty() and all(each.memory.pending is None for each in devices)

"""Carries out the actions of devices that take their commands over MQTT."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from devices.actions import Action
from devices.direct import DirectDevice, Publication
from devices.events import DeviceReported, PeerChanged
from integration.assumed import AssumedHome, State
from integration.clock import Clock
from integration.household import Stepped
from integration.inbox import ActionSeen, Inbox, StateSeen

ASK_AGAIN, ASK_LATEST = timedelta(seconds=30), timedelta(minutes=15)
"""A question at QoS 0 may get lost, or come while Zigbee2MQTT starts: who has not answered is asked again and again."""


class Sender(Protocol):
    """Who publishes on any topic."""

    def send(self, topic: str, payload: str) -> bool:
        """Publish; whether it was handed on."""


class DirectDevices:
    """Publishes in the engine's thread: it only hands on. A device that does not report is taken to have obeyed."""

    def __init__(
        self,
        devices: Mapping[str, DirectDevice],
        sender: Sender,
        inbox: Inbox,
        clock: Clock,
        last: Callable[[], dict[str, State]],
    ) -> None:
        self._devices, self._sender, self._inbox, self._clock, self._last = devices, sender, inbox, clock, last
        self._assumed: AssumedHome | None = None
        self._wait = ASK_AGAIN
        self._ask_at: datetime | None = None  # when those that are silent are asked again

    def put(self, person: str, action: Action) -> str | None:
        """Publish what the action means for its device. "sent", or what kept it comes to the inbox."""
        device = self._devices[action.entity or ""]
        if not all(self._send(each) for each in device.commands(action)):
            reason = "the broker is away"
            self._inbox.put(ActionSeen(person, action.id, "unreachable", reason, self._clock.now()))
            return None
        if not device.says_its_state:
            self._assumption().carry_out(action)
            self._report(device.entity)
        return "sent"

    def observe(self, stepped: list[Stepped]) -> datetime | None:
        """Ask devices how they are: when the broker is there (again), when one came back, and until they say it.

        Returns when to be called again.
        """
        self._ask_about(stepped)
        silent = [device for device in self._devices.values() if device.silent]
        if not silent:
            self._wait, self._ask_at = ASK_AGAIN, None
            return None
        now = self._clock.now()
        if self._ask_at is None:
            self._ask_at = now + self._wait
        elif not now < self._ask_at <= now + ASK_LATEST:
            for device in silent:
                self._ask(device)
            self._wait = min(2 * self._wait, ASK_LATEST)
            self._ask_at = now + self._wait
        return self._ask_at

    def _ask_about(self, stepped: list[Stepped]) -> None:
        if any(isinstance(step.event, PeerChanged) and step.event.peer == "mqtt" and step.event.up for step in stepped):
            for device in self._devices.values():
                if not device.says_its_state:
                    self._report(device.entity)
                else:
                    self._ask(device)
            return
        for step in stepped:
            event = step.event
            if isinstance(event, DeviceReported) and event.state == "unknown" and event.entity in self._devices:
                self._ask(self._devices[event.entity])

    def _ask(self, device: DirectDevice) -> None:
        if (question := device.question()) is not None:
            self._send(question)

    def _send(self, publication: Publication) -> bool:
        payload = publication.payload
        return self._sender.send(publication.topic, payload if isinstance(payload, str) else json.dumps(payload))

    def _assumption(self) -> AssumedHome:
        """As it last was, for a restart changes nothing in the room."""
        if self._assumed is None:
            self._assumed = AssumedHome(self._last())
        return self._assumed

    def _report(self, entity: str) -> None:
        state, attributes = self._assumption().state(entity)
        self._inbox.put(StateSeen(entity, state, attributes, self._clock.now()))

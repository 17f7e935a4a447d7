"""A home without Home Assistant: actions are printed and published, never lost, and taken to be done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

from devices.actions import Action
from integration.assumed import AssumedHome, State
from integration.clock import Clock
from integration.inbox import ActionSeen, Inbox, PeerSeen, StateSeen
from integration.topics import OUTGOING

log = logging.getLogger("unclench.actions")


class Publisher(Protocol):
    """Who publishes."""

    def publish(self, topic: str, document: dict[str, Any], *, retain: bool = False) -> None:
        """Publish a document under our prefix."""


class PrintedActions:
    """Stands where Home Assistant would: every device is taken to do at once what it is told."""

    def __init__(  # noqa: PLR0913 (its edges)
        self,
        devices: list[str],
        inbox: Inbox,
        clock: Clock,
        publisher: Publisher,
        last: Callable[[], dict[str, State]],
        *,
        others_are_switched: bool = False,
    ) -> None:
        self._devices, self._inbox, self._clock, self._publisher, self._last = devices, inbox, clock, publisher, last
        self._others_are_switched = others_are_switched
        self._home = AssumedHome()

    def start(self) -> None:
        """Report every device as it is taken to be: as it last was, for a restart changes nothing in the room."""
        log.warning("Home Assistant is not in home.yaml: %s", self._what_that_means)
        self._home.states.update(self._last())
        for entity in self._devices:
            self._report(entity)
        self._inbox.put(PeerSeen("home_assistant", up=True, at=self._clock.now()))

    @property
    def _what_that_means(self) -> str:
        if not self._others_are_switched:
            return "actions are printed and published, and nothing is switched"
        if not self._devices:
            return "devices are switched over MQTT; what is said to you is printed and published"
        return f"not switched, as they are not under mqtt_devices: {', '.join(self._devices)}"

    def stop(self) -> None:
        """Nothing to end."""

    @property
    def alive(self) -> bool:
        """It has no thread that could die."""
        return True

    def put(self, person: str, action: Action) -> None:
        """Print and publish an action."""
        log.info("would call %s %s %s", action.service, action.entity or "", action.data if not action.once else "")
        self._publisher.publish(OUTGOING["action"].topic(person), action_document(action))
        changed = self._home.carry_out(action)
        if changed is not None:
            self._report(changed)
        self._inbox.put(ActionSeen(person, action.id, "sent", "", self._clock.now()))

    def _report(self, entity: str) -> None:
        state, attributes = self._home.state(entity)
        self._inbox.put(StateSeen(entity, state, attributes, self._clock.now()))


def action_document(action: Action) -> dict[str, Any]:
    """An action as it is published. Without the reason: it may speak of how the person is."""
    target = {"entity_id": action.entity} if action.entity else {}
    return {"time": action.at.isoformat(), "service": action.service, "target": target, "data": action.data}

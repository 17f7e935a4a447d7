"""What others may know of us: neutral states and the heartbeat. Nothing of how the person is."""

from __future__ import annotations

from typing import Any

from devices.events import PeerChanged
from integration.household import Household, Stepped
from integration.printed import Publisher, action_document
from integration.topics import OUTGOING
from rules.engine import Engine
from rules.facts import Quality


class StatePublisher:
    """Publishes each person's state when it changes, and device actions as they are taken."""

    def __init__(self, household: Household, publisher: Publisher, *, actions: bool) -> None:
        self._household, self._publisher, self._actions = household, publisher, actions
        self._last: dict[str, dict[str, Any]] = {}

    def observe(self, stepped: list[Stepped]) -> None:
        """After a round: publish what changed; everything, when the broker is back."""
        if any(isinstance(step.event, PeerChanged) and step.event.peer == "mqtt" and step.event.up for step in stepped):
            self._last.clear()
            for person in self._household.engines:
                self._publish_state(person)
        for person in {step.person for step in stepped if step.outcome.decisions}:
            self._publish_state(person)
        if self._actions:
            for step in stepped:
                for action in step.outcome.actions:
                    if not action.once:
                        self._publisher.publish(OUTGOING["action"].topic(step.person), action_document(action))

    def _publish_state(self, person: str) -> None:
        document = state_document(self._household.engines[person])
        if document != self._last.get(person):
            self._last[person] = document
            self._publisher.publish(OUTGOING["state"].topic(person), document, retain=True)


def state_document(engine: Engine) -> dict[str, Any]:
    """The neutral state of one person's engine."""
    world = engine.world
    blind = any(room.temperature.quality is Quality.STALE for room in world.rooms.values())
    return {
        "cooling": {room.id: room.cooling.memory.cooling for room in world.rooms.values() if room.cooling},
        "status": "degraded" if blind or not engine.peer_up else "ok",
        "holds": {
            entity: max(device.memory.holds.values()).isoformat()
            for entity, device in world.devices.items()
            if device.memory.holds
        },
        "paused_until": None,
    }

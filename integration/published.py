"""What others may know of us: neutral states and the heartbeat. Nothing of how the person is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from config.profile import Step
from devices.events import PeerChanged
from integration.clock import Clock
from integration.household import Household, Stepped
from integration.printed import Publisher, action_document
from integration.topics import OUTGOING
from rules.engine import Engine
from rules.facts import Quality

AT_MOST_EVERY = timedelta(seconds=1)
"""A state is published again at the soonest after this."""


class StatePublisher:
    """Publishes each person's state when it changes, and device actions as they are taken.

    ``actions``: those of every device; else only of those that are switched over MQTT, as somebody else has the others.
    """

    def __init__(self, household: Household, publisher: Publisher, clock: Clock, *, actions: bool) -> None:
        self._household, self._publisher, self._clock, self._actions = household, publisher, clock, actions
        self._last: dict[str, dict[str, Any]] = {}
        self._published_at: dict[str, datetime] = {}
        self._changed: set[str] = set()

    def observe(self, stepped: list[Stepped]) -> datetime | None:
        """After a round: publish what changed; everything, when the broker is back. Returns when to be called again."""
        if any(isinstance(step.event, PeerChanged) and step.event.peer == "mqtt" and step.event.up for step in stepped):
            self._last.clear()
            self._published_at.clear()
            self._changed |= self._household.engines.keys()
        self._changed |= {step.person for step in stepped if step.outcome.decisions}
        self._publish_actions(stepped)
        return min((due for person in sorted(self._changed) if (due := self._publish(person))), default=None)

    def _publish(self, person: str) -> datetime | None:
        """A person's state, now or (the moment is returned) a little later: in a flood not with each message."""
        now, last = self._clock.now(), self._published_at.get(person)
        if last is not None and last <= now < last + AT_MOST_EVERY:
            return last + AT_MOST_EVERY
        self._changed.discard(person)
        self._published_at[person] = now
        self._publish_state(person)
        return None

    def _publish_actions(self, stepped: list[Stepped]) -> None:
        for step in stepped:
            for action in step.outcome.actions:
                if not action.once and (self._actions or action.entity in self._household.direct):
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
        "cooling": {room.id: room.cooling.cools for room in world.rooms.values() if room.cooling},
        "status": "degraded" if blind or not engine.peer_up else "ok",
        "holds": {
            entity: max(device.memory.holds.values()).isoformat()
            for entity, device in world.devices.items()
            if device.memory.holds
        },
        "routines": {name: _standing(engine, name) for name in own_routines(engine)},
        "paused": {
            area or "everything": until.isoformat()
            for area, until in sorted(world.pauses.until.items())
            if until > engine.now
        },
        "paused_until": _iso(world.pauses.until.get("")),
    }


def own_routines(engine: Engine) -> list[str]:
    """The routines that others may know of. The person's reminders are nobody's business.

    Nor is one that only asks about the night: that it asks, or when it is through, says that the night was restless.
    """
    runs = engine.world.routines.runs.items()
    return [name for name, run in runs if not name.startswith("reminder_") and not _is_of_the_night(run.routine.steps)]


def _is_of_the_night(steps: list[Step]) -> bool:
    return all(step.lights is None and set(step.offer) <= {"night"} for step in steps)


def _standing(engine: Engine, name: str) -> dict[str, Any]:
    standing = engine.world.routines.standing(name, engine.now)
    return {
        "state": standing.state,
        "step": standing.step,
        "steps": standing.steps,
        "at": _iso(standing.next_at),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None

"""Bringing a room's lamps down, slowly: never on when off, never brighter, and not against a hand (R11, R12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devices.control.device import Device
from devices.control.kind import State, number
from devices.wants import Dim

HAS_TRANSITION = 32
"""Home Assistant's feature bit of a lamp that fades by itself."""
STEP_PCT = 4.0
"""The largest step of a lamp that cannot fade by itself: hardly noticed."""
SHORTEST_STEP_S = 20
"""Between two steps: a radio lamp must have time to report."""


@dataclass(slots=True)
class LightingMemory:
    """What is remembered of a fade, for the snapshot: when it began, and from where, by lamp."""

    since: datetime | None = None
    start: dict[str, State] = field(default_factory=dict)


class Lighting:
    """The lamps of one room."""

    def __init__(self, lamps: list[Device]) -> None:
        self.devices = lamps
        self.memory = LightingMemory()

    def steer(self, dim: Dim | None, why: str, causes: tuple[str, ...], now: datetime) -> datetime | None:
        """Set every lamp's aim; returns when the next step of a fade is due."""
        memory = self.memory
        if dim is None:
            self.memory = LightingMemory()
            for lamp in self.devices:
                lamp.aim(None, why)
            return None
        memory.since = memory.since or now
        dues = [self._steer_lamp(lamp, dim, why, causes, now, memory.since) for lamp in self.devices]
        return min((due for due in dues if due is not None), default=None)

    def _steer_lamp(  # noqa: PLR0913
        self, lamp: Device, dim: Dim, why: str, causes: tuple[str, ...], now: datetime, since: datetime
    ) -> datetime | None:
        goal: State = {"brightness": dim.brightness_pct}
        if dim.kelvin is not None:
            goal["kelvin"] = float(dim.kelvin)
        features = number(lamp.memory.attributes.get("supported_features")) or 0
        if not dim.fade_s or int(features) & HAS_TRANSITION:
            lamp.aim({**goal, "transition": dim.fade_s} if dim.fade_s else goal, why, causes)
            return None
        if not lamp.on:
            lamp.aim(None, why)
            return None
        start = self.memory.start.setdefault(lamp.spec.entity, dict(lamp.memory.reported or {}))
        step_s = self._step_seconds(start, dim)
        steps = int((now - since).total_seconds()) // step_s + 1
        done = min(1.0, steps * step_s / dim.fade_s)
        lamp.aim({name: _between(start.get(name), goal[name], done) for name in goal}, why, causes)
        return None if done >= 1.0 else since + timedelta(seconds=steps * step_s)

    @staticmethod
    def _step_seconds(start: State, dim: Dim) -> int:
        far = abs((number(start.get("brightness")) or 100.0) - dim.brightness_pct)
        return max(SHORTEST_STEP_S, int(dim.fade_s / max(1.0, far / STEP_PCT)))


def _between(start: object, goal: object, done: float) -> float:
    first, last = number(start), number(goal) or 0.0
    return last if first is None else round(first + (last - first) * done, 1)

"""The kinds of devices: how each reports, and which service call brings it to a state. Tables and pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from devices.control.climate import Climate
from devices.control.cover import Cover
from devices.control.kind import GONE, Call, Cannot, Kind, State, in_celsius, number, same
from devices.control.light import Light


class Fan:
    """A fan with a speed in %."""

    confirm_within = timedelta(seconds=65)
    reads = frozenset({"percentage", "percentage_step"})
    passing: frozenset[str] = frozenset()

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """See ``Kind``."""
        if state in GONE:
            return None
        read: State = {"power": state == "on"}
        percentage = number(attributes.get("percentage"))
        return read if percentage is None or not read["power"] else {**read, "percentage": percentage}

    def call(
        self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]
    ) -> Call | Cannot | None:
        """See ``Kind``. Never ``turn_on`` with 0 %: Home Assistant starts the fan for it."""
        if not wanted["power"]:
            return Call("fan.turn_off", {"entity_id": entity}, {"power": False}) if reported["power"] else None
        speed = self._speed(wanted, attributes)
        with_speed: State = {} if speed is None else {"percentage": speed}
        if not reported["power"]:
            return Call("fan.turn_on", {"entity_id": entity, **with_speed}, {"power": True, **with_speed})
        if speed is not None and not same("percentage", reported.get("percentage"), speed):
            return Call("fan.set_percentage", {"entity_id": entity, "percentage": speed}, with_speed)
        return None

    @staticmethod
    def _speed(wanted: State, attributes: Mapping[str, object]) -> float | None:
        """The wanted speed on the fan's own steps, never 0; None for a fan without speeds."""
        percentage, step = number(wanted.get("percentage")), number(attributes.get("percentage_step"))
        if percentage is None or (step is None and "percentage" not in attributes):
            return None
        if step is None or not 1 < step <= 100:  # noqa: PLR2004 (%)
            return float(max(1, round(percentage)))
        return round(min(100.0, max(1, round(percentage / step)) * step), 2)

    def describe(self, state: State, temperature: Callable[[float], str] = in_celsius) -> str:
        """See ``Kind``."""
        del temperature
        speed = number(state.get("percentage"))
        return "off" if not state.get("power") else "on" + (f" at {speed:.0f} %" if speed is not None else "")


class Switch:
    """Something that can only be on or off."""

    confirm_within = timedelta(seconds=65)
    reads: frozenset[str] = frozenset()
    passing: frozenset[str] = frozenset()

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """See ``Kind``."""
        del attributes
        return None if state in GONE else {"power": state == "on"}

    def call(
        self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]
    ) -> Call | Cannot | None:
        """See ``Kind``."""
        del attributes
        if wanted["power"] == reported["power"]:
            return None
        service = "switch.turn_on" if wanted["power"] else "switch.turn_off"
        return Call(service, {"entity_id": entity}, {"power": bool(wanted["power"])})

    def describe(self, state: State, temperature: Callable[[float], str] = in_celsius) -> str:
        """See ``Kind``."""
        del temperature
        return "on" if state.get("power") else "off"


KINDS: dict[str, Kind] = {
    "climate": Climate(),
    "fan": Fan(),
    "switch": Switch(),
    "cover": Cover(),
    "light": Light(),
}
"""By the domain of the entity id."""


def kind_of(entity: str) -> Kind:
    """The kind of an entity; its domain is one of ``KINDS``."""
    return KINDS[entity.partition(".")[0]]

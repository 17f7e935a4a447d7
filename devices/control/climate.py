"""Climate entities: modes before setpoints, the device's own unit, and never a setpoint below what is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from math import ceil, floor

from devices.control.kind import GONE, Call, Cannot, State, in_celsius, number, same


class Climate:
    """A climate entity that can cool."""

    confirm_within = timedelta(seconds=65)  # many air conditioners are polled once a minute
    reads = frozenset(
        {"temperature", "temperature_unit", "target_temp_step", "min_temp", "max_temp", "hvac_modes", "hvac_action"}
    )
    passing: frozenset[str] = frozenset()

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """See ``Kind``."""
        if state in GONE:
            return None
        read: State = {"power": state != "off", "mode": state}
        target = number(attributes.get("temperature"))
        if target is None:
            return read
        return {**read, "temperature": round((target - 32) / 1.8, 2) if _fahrenheit(attributes) else target}

    def call(
        self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]
    ) -> Call | Cannot | None:
        """See ``Kind``. Mode first, then the target: not every integration takes both in one call."""
        modes = attributes.get("hvac_modes")
        mode = str(wanted["mode"]) if wanted["power"] else "off"
        if reported.get("mode") != mode:
            # Home Assistant 2025.4 hands a mode that the device lacks on to it, and answers 200.
            if isinstance(modes, list) and mode not in modes:
                return Cannot(f"it has no mode {mode}")
            data: dict[str, object] = {"entity_id": entity, "hvac_mode": mode}
            return Call("climate.set_hvac_mode", data, {"power": bool(wanted["power"]), "mode": mode})
        target = number(wanted.get("temperature")) if wanted["power"] else None
        if target is None:
            return None
        setpoint = _setpoint(target, attributes)
        if isinstance(setpoint, Cannot):
            return setpoint
        sent, expected = setpoint
        if same("temperature", reported.get("temperature"), expected):
            return None
        return Call("climate.set_temperature", {"entity_id": entity, "temperature": sent}, {"temperature": expected})

    def describe(self, state: State, temperature: Callable[[float], str] = in_celsius) -> str:
        """See ``Kind``."""
        if not state.get("power"):
            return "off"
        doing = _DOING.get(str(state.get("mode")), f"on ({state.get('mode')})")
        target = number(state.get("temperature"))
        return doing + (f", set to {temperature(target)}" if target is not None else "")


HEATS = frozenset({"heat", "heat_cool", "auto"})
"""Modes that may warm the room: never given back once it had to be cooled, or the two would take turns."""
_DOING = {"cool": "cooling", "heat": "heating", "dry": "drying", "fan_only": "blowing"}


def chills(state: State, attributes: Mapping[str, object]) -> bool:
    """Whether it takes heat out of the room. One that heats and cools by itself does so only when it says it."""
    action = attributes.get("hvac_action")
    if state.get("mode") in ("cool", "dry"):
        return action not in ("heating", "preheating", "defrosting")
    return bool(state.get("power")) and action in ("cooling", "drying")


def _fahrenheit(attributes: Mapping[str, object]) -> bool:
    return attributes.get("temperature_unit") == "°F"


def may_heat(state: State) -> bool:
    """Whether it is in a mode that may warm the room."""
    return state.get("mode") in HEATS


def at_rest(celsius: float, attributes: Mapping[str, object]) -> float:
    """The setpoint, in °C, at which it does not cool: ``celsius``, or its highest where that is lower."""
    high, step = number(attributes.get("max_temp")), _step(attributes)
    if high is None:
        return celsius
    highest = floor(round(high / step, 3)) * step
    return min(celsius, (highest - 32) / 1.8 if _fahrenheit(attributes) else highest)


def step_down(celsius: float, attributes: Mapping[str, object]) -> float:
    """The setpoint on the device's steps at or below ``celsius``, in °C."""
    step, fahrenheit = _step(attributes), _fahrenheit(attributes)
    steps = floor(round((celsius * 1.8 + 32 if fahrenheit else celsius) / step, 3))
    return (steps * step - 32) / 1.8 if fahrenheit else steps * step


LARGEST_STEP = 5.0
"""Degrees. A device that reports a larger step of its setpoint is not believed."""


def _step(attributes: Mapping[str, object]) -> float:
    step = number(attributes.get("target_temp_step"))
    if step is None or not 0 < step <= LARGEST_STEP:
        return 1.0 if _fahrenheit(attributes) else 0.5  # Home Assistant's own steps
    return step


def _setpoint(target_c: float, attributes: Mapping[str, object]) -> tuple[float, float] | Cannot:
    """The setpoint to send, in the device's unit, within its limits and on its steps, and the same in °C.

    Rounded up to the step, and never clamped down: a setpoint must not end below the floor that ``target_c`` respects.
    """
    fahrenheit = _fahrenheit(attributes)
    target = target_c * 1.8 + 32 if fahrenheit else target_c
    step = _step(attributes)
    low, high = number(attributes.get("min_temp")), number(attributes.get("max_temp"))
    sent = round(ceil(round(target / step, 3)) * step, 2)
    sent = sent if low is None else max(sent, low)
    if high is not None and sent > high:
        return Cannot(f"its highest setpoint is {high:g} {'°F' if fahrenheit else '°C'}")
    return sent, round((sent - 32) / 1.8, 2) if fahrenheit else sent

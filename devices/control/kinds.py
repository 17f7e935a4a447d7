"""The kinds of devices: how each reports, and which service call brings it to a state. Tables and pure functions.

A state is a set of attributes by name: ``power`` (bool) always, the others as the kind has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, isfinite
from typing import Protocol

Attribute = bool | float | str
State = dict[str, Attribute]

GONE = frozenset({"unavailable", "unknown", ""})
"""What Home Assistant reports for a device that it does not know the state of (R13)."""


@dataclass(frozen=True, slots=True)
class Call:
    """A service call and the attributes that the device reports once it has obeyed."""

    service: str
    data: dict[str, object]
    expects: State


@dataclass(frozen=True, slots=True)
class Cannot:
    """Why a device cannot be brought to the state at all."""

    reason: str


class Kind(Protocol):
    """One kind of device."""

    confirm_within: timedelta
    """How long a report may take to follow a command; so long after one, reports may also be echoes."""
    reads: frozenset[str]
    """The attributes that it looks at; no others are kept."""

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """The reported state; None for unavailable or unknown."""

    def call(self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]) -> Call | Cannot | None:
        """The next single call towards ``wanted``; None when nothing is left to do."""

    def describe(self, state: State, temperature: Callable[[float], str] = ...) -> str:
        """The state in words: "on at 40 %". ``temperature`` writes °C in the person's unit."""


def number(value: object) -> float | None:
    """A finite number from an attribute, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # Beyond this no attribute of a device means anything, and an int may not even fit a float.
    return float(value) if abs(value) < 1e9 and isfinite(value) else None  # noqa: PLR2004


def in_celsius(celsius: float) -> str:
    """A temperature in °C."""
    return f"{celsius:g} °C"


TOLERANCE = {"temperature": 0.25, "percentage": 2.0, "brightness": 1.5, "kelvin": 60.0}
"""How far a reported value may be from the wanted one: devices round."""


def same(name: str, left: Attribute | None, right: Attribute | None) -> bool:
    """Whether two values of an attribute are the same, within what devices round."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)) and not isinstance(left, bool):
        return abs(left - right) <= TOLERANCE.get(name, 0.0)
    return left == right


class Climate:
    """A climate entity that can cool."""

    confirm_within = timedelta(seconds=65)  # many air conditioners are polled once a minute
    reads = frozenset(
        {"temperature", "temperature_unit", "target_temp_step", "min_temp", "max_temp", "hvac_modes", "hvac_action"}
    )

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """See ``Kind``."""
        if state in GONE:
            return None
        read: State = {"power": state != "off", "mode": state}
        target = number(attributes.get("temperature"))
        if target is None:
            return read
        return {**read, "temperature": round((target - 32) / 1.8, 2) if _fahrenheit(attributes) else target}

    def call(self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]) -> Call | Cannot | None:
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


_DOING = {"cool": "cooling", "heat": "heating", "dry": "drying", "fan_only": "blowing"}


def chills(state: State, attributes: Mapping[str, object]) -> bool:
    """Whether a climate device takes heat out of the room. One that heats and cools by itself does only when it says so."""
    action = attributes.get("hvac_action")
    if state.get("mode") in ("cool", "dry"):
        return action not in ("heating", "preheating", "defrosting")
    return bool(state.get("power")) and action in ("cooling", "drying")


def _fahrenheit(attributes: Mapping[str, object]) -> bool:
    return attributes.get("temperature_unit") == "°F"


LARGEST_STEP = 5.0
"""Degrees. A device that reports a larger step of its setpoint is not believed."""


def _setpoint(target_c: float, attributes: Mapping[str, object]) -> tuple[float, float] | Cannot:
    """The setpoint to send, in the device's unit, within its limits and on its steps, and the same in °C.

    Rounded up to the step, and never clamped down: a setpoint must not end below the floor that ``target_c`` respects.
    """
    fahrenheit = _fahrenheit(attributes)
    target = target_c * 1.8 + 32 if fahrenheit else target_c
    step = number(attributes.get("target_temp_step"))
    if step is None or not 0 < step <= LARGEST_STEP:
        step = 1.0 if fahrenheit else 0.5  # Home Assistant's own steps
    low, high = number(attributes.get("min_temp")), number(attributes.get("max_temp"))
    sent = round(ceil(round(target / step, 3)) * step, 2)
    sent = sent if low is None else max(sent, low)
    if high is not None and sent > high:
        return Cannot(f"its highest setpoint is {high:g} {'°F' if fahrenheit else '°C'}")
    return sent, round((sent - 32) / 1.8, 2) if fahrenheit else sent


class Fan:
    """A fan with a speed in %."""

    confirm_within = timedelta(seconds=65)
    reads = frozenset({"percentage", "percentage_step"})

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """See ``Kind``."""
        if state in GONE:
            return None
        read: State = {"power": state == "on"}
        percentage = number(attributes.get("percentage"))
        return read if percentage is None or not read["power"] else {**read, "percentage": percentage}

    def call(self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]) -> Call | Cannot | None:
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

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """See ``Kind``."""
        del attributes
        return None if state in GONE else {"power": state == "on"}

    def call(self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]) -> Call | Cannot | None:
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


class Light:
    """A lamp. It is never switched on or off, and never made brighter: only a lamp that is on is brought down (R12)."""

    confirm_within = timedelta(seconds=20)
    reads = frozenset(
        {
            "brightness",
            "color_temp_kelvin",
            "supported_color_modes",
            "supported_features",
            "min_color_temp_kelvin",
            "max_color_temp_kelvin",
        }
    )

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """See ``Kind``. Brightness in %, warmth in K."""
        if state in GONE:
            return None
        read: State = {"power": state == "on"}
        brightness, kelvin = number(attributes.get("brightness")), number(attributes.get("color_temp_kelvin"))
        if read["power"] and brightness is not None:
            read["brightness"] = round(brightness / 2.55, 1)
        if read["power"] and kelvin is not None:
            read["kelvin"] = kelvin
        return read

    def call(self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]) -> Call | Cannot | None:
        """See ``Kind``. ``wanted`` may hold ``transition`` (seconds), sent along but never expected back."""
        if not reported["power"]:
            return None
        expects: State = {}
        brightness, now = number(wanted.get("brightness")), number(reported.get("brightness"))
        if brightness is not None and now is not None and now - brightness > TOLERANCE["brightness"]:
            expects["brightness"] = brightness
        kelvin, warmth = self._warmth(wanted, attributes), number(reported.get("kelvin"))
        # A lamp that shows a colour reports no warmth; the wanted one is warm, and takes its place.
        if kelvin is not None and (warmth is None or warmth - kelvin > TOLERANCE["kelvin"]):
            expects["kelvin"] = kelvin
        if not expects:
            return None
        data: dict[str, object] = {"entity_id": entity}
        if "brightness" in expects:
            data["brightness_pct"] = max(1, round(float(expects["brightness"])))
        if "kelvin" in expects:
            data["color_temp_kelvin"] = round(float(expects["kelvin"]))
        if wanted.get("transition"):
            data["transition"] = wanted["transition"]
        return Call("light.turn_on", data, expects)

    @staticmethod
    def _warmth(wanted: State, attributes: Mapping[str, object]) -> float | None:
        modes, kelvin = attributes.get("supported_color_modes"), number(wanted.get("kelvin"))
        if kelvin is None or not isinstance(modes, list) or "color_temp" not in modes:
            return None
        low, high = number(attributes.get("min_color_temp_kelvin")), number(attributes.get("max_color_temp_kelvin"))
        return min(high or kelvin, max(low or kelvin, kelvin))

    def describe(self, state: State, temperature: Callable[[float], str] = in_celsius) -> str:
        """See ``Kind``."""
        del temperature
        if not state.get("power", True):
            return "off"
        parts = [(number(state.get(name)), unit) for name, unit in (("brightness", "%"), ("kelvin", "K"))]
        return " and ".join(f"{value:.0f} {unit}" for value, unit in parts if value is not None) or "on"


KINDS: dict[str, Kind] = {"climate": Climate(), "fan": Fan(), "switch": Switch(), "light": Light()}
"""By the domain of the entity id."""


def kind_of(entity: str) -> Kind:
    """The kind of an entity; its domain is one of ``KINDS``."""
    return KINDS[entity.partition(".")[0]]

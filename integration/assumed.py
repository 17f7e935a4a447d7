"""A home whose devices do at once what they are told: where no states are to be had, nothing may wait for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from devices.actions import Action

State = tuple[str, dict[str, object]]


def _at_rest(entity: str) -> State:
    """What a device is taken to be before anything was asked of it: off, a lamp on and bright, a blind open."""
    at_rest: dict[str, State] = {
        "climate": ("off", {"hvac_modes": ["off", "cool"], "temperature": 26.0, "min_temp": 16.0, "max_temp": 30.0}),
        "fan": ("off", {"percentage": 0, "percentage_step": 1.0}),
        "cover": ("open", {"current_position": 100, "supported_features": 15}),
        "light": (
            "on",
            {
                "brightness": 255,
                "color_temp_kelvin": 4000,
                "supported_color_modes": ["color_temp"],
                "min_color_temp_kelvin": 2000,
                "max_color_temp_kelvin": 6500,
                "supported_features": 32,
            },
        ),
    }
    return at_rest.get(entity.partition(".")[0], ("off", {}))


@dataclass(slots=True)
class AssumedHome:
    """States by entity, as they would be if every action were done at once."""

    states: dict[str, State] = field(default_factory=dict)

    def state(self, entity: str) -> State:
        """The assumed state."""
        return self.states.setdefault(entity, _at_rest(entity))

    def carry_out(self, action: Action) -> str | None:
        """Take the action's effect; returns the entity that changed, if it is one with a state."""
        if action.entity is None or action.service not in _EFFECTS:
            return None
        state, attributes = self.state(action.entity)
        self.states[action.entity] = _EFFECTS[action.service](state, dict(attributes), action.data)
        return action.entity


def _mode(state: str, attributes: dict[str, object], data: dict[str, object]) -> State:
    return str(data.get("hvac_mode", state)), attributes


def _target(state: str, attributes: dict[str, object], data: dict[str, object]) -> State:
    return state, {**attributes, "temperature": data["temperature"]}


def _on(state: str, attributes: dict[str, object], data: dict[str, object]) -> State:
    del state
    changed: dict[str, object] = {key: data[key] for key in ("percentage", "color_temp_kelvin") if key in data}
    if isinstance(level := data.get("brightness"), (int, float)):
        changed["brightness"] = level
    if isinstance(level := data.get("brightness_pct"), (int, float)):
        changed["brightness"] = round(level * 2.55)
    return "on", {**attributes, **changed}


def _off(state: str, attributes: dict[str, object], data: dict[str, object]) -> State:
    del state, data
    return "off", attributes


def _position(state: str, attributes: dict[str, object], data: dict[str, object]) -> State:
    del state
    return ("open" if data["position"] else "closed"), {**attributes, "current_position": data["position"]}


def _all_the_way(position: int) -> Callable[[str, dict[str, object], dict[str, object]], State]:
    return lambda state, attributes, _: _position(state, attributes, {"position": position})


_EFFECTS: dict[str, Callable[[str, dict[str, object], dict[str, object]], State]] = {
    "climate.set_hvac_mode": _mode,
    "climate.set_temperature": _target,
    "fan.turn_on": _on,
    "fan.set_percentage": _on,
    "fan.turn_off": _off,
    "switch.turn_on": _on,
    "switch.turn_off": _off,
    "cover.set_cover_position": _position,
    "cover.open_cover": _all_the_way(100),
    "cover.close_cover": _all_the_way(0),
    "light.turn_on": _on,
    "light.turn_off": _off,
}

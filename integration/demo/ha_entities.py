"""The things of a bedroom as Home Assistant shows them, and what each does when a service is called."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel

from integration.demo import ha_services as services
from integration.demo.ha_states import Attributes, State

Report = tuple[str, Attributes]
Schemas = Mapping[str, type[BaseModel]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(ABC):
    """Something with a state. What it is now lives with the states; this says what it can be."""

    entity_id: str
    name: str

    @property
    def domain(self) -> str:
        """The part of the entity id before the dot."""
        return self.entity_id.partition(".")[0]

    @property
    def object_id(self) -> str:
        """The part of the entity id after the dot."""
        return self.entity_id.partition(".")[2]

    @property
    def accepts(self) -> Schemas:
        """The services of its domain, by name."""
        return {}

    @abstractmethod
    def first(self) -> Report:
        """Return the state to begin with."""

    def capabilities(self) -> Attributes:
        """Return the attributes that stay while it is unavailable."""
        return {"friendly_name": self.name}

    def check(self, service: str, data: BaseModel) -> None:  # noqa: B027 - most can do all they accept
        """Raise ServiceValidationError when it cannot do what is asked."""

    def obey(self, service: str, data: BaseModel, now: State) -> Report | None:  # noqa: ARG002 - for those who can
        """Return what a device that does as it is told would report; None: no change."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate(Entity):
    """An air conditioner."""

    hvac_modes: tuple[str, ...] = ("off", "cool", "fan_only", "dry")
    fan_modes: tuple[str, ...] = ()
    min_temp: float = 16.0
    max_temp: float = 30.0
    step: float = 0.5
    state: str = "off"
    temperature: float = 24.0
    current_temperature: float | None = None

    @property
    def accepts(self) -> Schemas:
        """The services of an air conditioner."""
        return {
            "set_hvac_mode": services.SetHvacMode,
            "set_temperature": services.SetTemperature,
            "set_fan_mode": services.SetFanMode,
            "turn_on": services.OnEntities,
            "turn_off": services.OnEntities,
        }

    def capabilities(self) -> Attributes:
        """Return modes and limits."""
        return {
            "hvac_modes": list(self.hvac_modes),
            "min_temp": self.min_temp,
            "max_temp": self.max_temp,
            "target_temp_step": self.step,
            **({"fan_modes": list(self.fan_modes)} if self.fan_modes else {}),
            "friendly_name": self.name,
            "supported_features": 1 + 128 + 256 + (8 if self.fan_modes else 0),
        }

    def first(self) -> Report:
        """Return mode, target and what it measures."""
        measured = {"current_temperature": self.current_temperature, "temperature_unit": "°C"}
        fan = {"fan_mode": self.fan_modes[0]} if self.fan_modes else {}
        return self.state, {**measured, "temperature": self.temperature, **fan}

    def check(self, service: str, data: BaseModel) -> None:
        """Refuse a mode it lacks or a temperature out of range."""
        match data:
            case services.SetHvacMode() if data.hvac_mode not in self.hvac_modes:
                valid = ", ".join(self.hvac_modes)
                message = f"HVAC mode {data.hvac_mode} is not valid. Valid HVAC modes are: {valid}"
            case services.SetFanMode() if not self.fan_modes:
                message = f"Entity {self.entity_id} does not support action climate.{service}"
            case services.SetFanMode() if data.fan_mode not in self.fan_modes:
                valid = ", ".join(self.fan_modes)
                message = f"Fan mode {data.fan_mode} is not valid. Valid fan modes are: {valid}"
            case services.SetTemperature(temperature=float(wanted)) if not self.min_temp <= wanted <= self.max_temp:
                limits = f"{self.min_temp} to {self.max_temp}"
                message = f"Provided temperature {wanted} is not valid. Accepted range is {limits}"
            case _:
                return
        raise services.ServiceValidationError(message)

    def obey(self, service: str, data: BaseModel, now: State) -> Report | None:
        """Take the mode or the temperature; a mode it lacks beside a temperature is let through and has no effect."""
        match data:
            case services.SetHvacMode():
                return data.hvac_mode, now.attributes
            case services.SetFanMode():
                return now.state, {**now.attributes, "fan_mode": data.fan_mode}
            case services.SetTemperature():
                mode = data.hvac_mode if data.hvac_mode in self.hvac_modes else now.state
                target = {} if data.temperature is None else {"temperature": data.temperature}
                return str(mode), {**now.attributes, **target}
        on = next((mode for mode in ("heat_cool", "heat", "cool") if mode in self.hvac_modes), now.state)
        return (on if service == "turn_on" else "off"), now.attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan(Entity):
    """A fan with a speed in percent."""

    state: str = "off"
    percentage: int = 0

    @property
    def accepts(self) -> Schemas:
        """The services of a fan."""
        return {
            "turn_on": services.TurnOnFan,
            "turn_off": services.OnEntities,
            "set_percentage": services.SetPercentage,
        }

    def capabilities(self) -> Attributes:
        """Return what stays."""
        return {"friendly_name": self.name, "supported_features": 1 + 16 + 32}

    def first(self) -> Report:
        """Return state and speed."""
        return self.state, {"percentage": self.percentage, "percentage_step": 1.0}

    def obey(self, service: str, data: BaseModel, now: State) -> Report | None:  # noqa: ARG002 - all is in the data
        """Take the speed; as with many real fans `turn_on` with 0 % starts it, `set_percentage` 0 stops it."""
        match data:
            case services.SetPercentage():
                return ("on" if data.percentage else "off"), {**now.attributes, "percentage": data.percentage}
            case services.TurnOnFan():
                speed = data.percentage or now.attributes.get("percentage") or 100
                return "on", {**now.attributes, "percentage": speed}
        return "off", now.attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover(Entity):
    """A blind with a position in percent; 0 is shut."""

    position: int = 100

    @property
    def accepts(self) -> Schemas:
        """The services of a blind."""
        return {
            "open_cover": services.OnEntities,
            "close_cover": services.OnEntities,
            "set_cover_position": services.SetCoverPosition,
        }

    def capabilities(self) -> Attributes:
        """Return what stays."""
        return {"friendly_name": self.name, "device_class": "blind", "supported_features": 1 + 2 + 4}

    def first(self) -> Report:
        """Return state and position."""
        return self._at(self.position)

    def obey(self, service: str, data: BaseModel, now: State) -> Report | None:
        """Be there at once."""
        position = {"open_cover": 100, "close_cover": 0}.get(service, 0)
        state, moved = self._at(data.position if isinstance(data, services.SetCoverPosition) else position)
        return state, {**now.attributes, **moved}

    @staticmethod
    def _at(position: int) -> Report:
        return ("open" if position else "closed"), {"current_position": position}


@dataclass(frozen=True, slots=True, kw_only=True)
class Light(Entity):
    """A lamp with brightness and white in kelvin."""

    min_color_temp_kelvin: int = 2000
    max_color_temp_kelvin: int = 6500
    state: str = "off"

    _OFF: ClassVar[Attributes] = {"color_mode": None, "brightness": None, "color_temp_kelvin": None}

    @property
    def accepts(self) -> Schemas:
        """The services of a lamp."""
        return {"turn_on": services.TurnOnLight, "turn_off": services.TurnOffLight}

    def capabilities(self) -> Attributes:
        """Return the limits of its white."""
        return {
            "min_color_temp_kelvin": self.min_color_temp_kelvin,
            "max_color_temp_kelvin": self.max_color_temp_kelvin,
            "supported_color_modes": ["color_temp"],
            "friendly_name": self.name,
            "supported_features": 32,
        }

    def first(self) -> Report:
        """Return the state; a lamp that is on is at full brightness."""
        return self.state, self._OFF if self.state == "off" else self._lit(255, 2700)

    def obey(self, service: str, data: BaseModel, now: State) -> Report | None:  # noqa: ARG002 - all is in the data
        """Take brightness and white at once, whatever the transition; a brightness of 0 turns it off."""
        if not isinstance(data, services.TurnOnLight) or 0 in (data.brightness, data.brightness_pct):
            return "off", {**now.attributes, **self._OFF}
        wanted = data.brightness if data.brightness_pct is None else round(255 * data.brightness_pct / 100)
        brightness = wanted or now.attributes.get("brightness") or 255
        kelvin = data.color_temp_kelvin or now.attributes.get("color_temp_kelvin") or 2700
        return "on", {**now.attributes, **self._lit(brightness, kelvin)}

    @staticmethod
    def _lit(brightness: object, kelvin: object) -> Attributes:
        return {"color_mode": "color_temp", "brightness": brightness, "color_temp_kelvin": kelvin}


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Entity):
    """A plug."""

    state: str = "off"

    @property
    def accepts(self) -> Schemas:
        """The services of a plug."""
        return {"turn_on": services.OnEntities, "turn_off": services.OnEntities}

    def first(self) -> Report:
        """Return the state."""
        return self.state, {}

    def obey(self, service: str, data: BaseModel, now: State) -> Report | None:  # noqa: ARG002 - the name says it all
        """Switch."""
        return service.removeprefix("turn_"), now.attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor(Entity):
    """Something that only reports: also the binary_sensor, by its entity id."""

    state: str = "unknown"
    unit: str | None = None
    device_class: str | None = None

    def capabilities(self) -> Attributes:
        """Return unit and kind."""
        kind = {"unit_of_measurement": self.unit, "device_class": self.device_class, "friendly_name": self.name}
        return {key: value for key, value in kind.items() if value is not None}

    def first(self) -> Report:
        """Return the state."""
        return self.state, {}

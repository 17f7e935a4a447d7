"""The data that Home Assistant's services accept, as far as a bedroom needs them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

ENTITY_ID = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


class ServiceNotFoundError(Exception):
    """There is no such service."""


class InvalidFormatError(Exception):
    """The data of a call do not have the shape that the service asks for."""


class ServiceValidationError(Exception):
    """The call is well-formed, but this entity cannot do it."""


class ServiceFailedError(Exception):
    """The call was tried and failed on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCall:
    """One call that was answered with success."""

    at: float
    """`time.monotonic()` of the call."""
    domain: str
    service: str
    data: Mapping[str, object]
    reached: tuple[str, ...] = field(default=())
    """The entities that were there, available and willing; empty: nothing was done."""


def _entity_ids(value: object) -> object:
    """Accept one id, several separated by commas, or a list; refuse what cannot be an id."""
    ids = value.split(",") if isinstance(value, str) else value
    if not isinstance(ids, list | tuple) or not ids:
        message = "expected one entity id or a list of them"
        raise ValueError(message)
    cleaned = [str(each).strip().lower() for each in ids]
    if not all(ENTITY_ID.fullmatch(each) for each in cleaned):
        message = "expected 'domain.name'"
        raise ValueError(message)
    return cleaned


EntityIds = Annotated[list[str], BeforeValidator(_entity_ids)]
Percent = Annotated[int, Field(ge=0, le=100)]
Byte = Annotated[int, AfterValidator(lambda value: max(0, min(255, value)))]
Seconds = Annotated[float, Field(ge=0, le=6553)]
HvacMode = Literal["off", "heat", "cool", "heat_cool", "auto", "dry", "fan_only"]


class ServiceData(BaseModel):
    """The base: a key that the service does not know is a mistake."""

    model_config = ConfigDict(extra="forbid")


class OnEntities(ServiceData):
    """Just the entities."""

    entity_id: EntityIds


class SetHvacMode(OnEntities):
    """climate.set_hvac_mode."""

    hvac_mode: HvacMode


class SetTemperature(OnEntities):
    """climate.set_temperature."""

    temperature: float | None = None
    target_temp_high: float | None = None
    target_temp_low: float | None = None
    hvac_mode: HvacMode | None = None

    @model_validator(mode="after")
    def _has_a_temperature(self) -> SetTemperature:
        if {self.temperature, self.target_temp_high, self.target_temp_low} == {None}:
            message = "at least one of temperature, target_temp_high, target_temp_low is required"
            raise ValueError(message)
        return self


class SetFanMode(OnEntities):
    """climate.set_fan_mode."""

    fan_mode: str


class TurnOnFan(OnEntities):
    """fan.turn_on."""

    percentage: Percent | None = None


class SetPercentage(OnEntities):
    """fan.set_percentage."""

    percentage: Percent


class SetCoverPosition(OnEntities):
    """cover.set_cover_position."""

    position: Percent


class TurnOnLight(OnEntities):
    """light.turn_on; mireds are refused, as today's Home Assistant does."""

    brightness: Byte | None = None
    brightness_pct: Annotated[float, Field(ge=0, le=100)] | None = None
    color_temp_kelvin: Annotated[int, Field(gt=0)] | None = None
    rgb_color: tuple[Byte, Byte, Byte] | None = None
    transition: Seconds | None = None

    @model_validator(mode="after")
    def _has_one_of_each(self) -> TurnOnLight:
        groups = {
            "brightness": (self.brightness, self.brightness_pct),
            "color": (self.color_temp_kelvin, self.rgb_color),
        }
        for name, values in groups.items():
            if None not in values:
                message = f"two or more values in the same group of exclusion '{name}'"
                raise ValueError(message)
        return self


class TurnOffLight(OnEntities):
    """light.turn_off."""

    transition: Seconds | None = None


class SendMessage(OnEntities):
    """notify.send_message."""

    message: str
    title: str | None = None


class Notify(ServiceData):
    """notify.<name>, the older kind that can carry answers for a phone."""

    message: str
    title: str | None = None
    target: str | list[str] | None = None
    data: dict[str, object] | None = None


class Speak(OnEntities):
    """tts.speak."""

    media_player_entity_id: EntityIds
    message: str
    cache: bool = True
    language: str | None = None
    options: dict[str, object] | None = None


class SetVolume(OnEntities):
    """media_player.volume_set."""

    volume_level: Annotated[float, Field(ge=0, le=1)]


class Variables(BaseModel):
    """script.<name>: a script takes whatever it is given."""

    model_config = ConfigDict(extra="allow")


def parsed(schema: type[BaseModel], data: object) -> BaseModel:
    """Return the data as the service takes them; raise InvalidFormatError with the first mistake."""
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        message = f"{first['msg']} at '{where}'" if where else first["msg"]
        raise InvalidFormatError(message) from None


def described(schema: type[BaseModel], domain: str) -> dict[str, object]:
    """Return how Home Assistant lists a service."""
    fields = {
        name: {"required": info.is_required()} for name, info in schema.model_fields.items() if name != "entity_id"
    }
    on_entities = issubclass(schema, OnEntities)
    return {"fields": fields, **({"target": {"entity": [{"domain": [domain]}]}} if on_entities else {})}

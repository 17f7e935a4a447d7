"""Rules as people write them: *when* these conditions hold, *want* these things. A closed vocabulary."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from config.model import Model
from config.types import Clock, Duration, Name, Plain

TriggerName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_ ]{0,39}$")]
FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]


class TriggerWhen(Model):
    """A trigger of the profile is active (or at least building)."""

    trigger: TriggerName
    at_least: Literal["idle", "building", "active"] = "active"


class BedWhen(Model):
    """The bed is occupied or empty. Without a bed sensor: between the profile's bedtime and rise."""

    bed: Literal["occupied", "empty"]


class FactWhen(Model):
    """A fact compares with a number, is yes or no, fresh or stale. A temperature is in the profile's units."""

    fact: FactName
    above: float | None = None
    below: float | None = None
    is_: bool | Literal["fresh", "stale"] | None = Field(default=None, alias="is")

    @model_validator(mode="after")
    def _one_comparison(self) -> FactWhen:
        if [self.above, self.below, self.is_].count(None) != 2:  # noqa: PLR2004 (one of three)
            message = "compare a fact in one way: above, below or is"
            raise ValueError(message)
        return self


class RoutineWhen(Model):
    """A routine has begun and has not run out."""

    routine: Name


class BetweenWhen(Model):
    """The person's clock is between two times, over midnight too."""

    between: tuple[Clock, Clock]


class AllWhen(Model):
    """Every one of these holds."""

    all: list[When] = Field(min_length=1)


class AnyWhen(Model):
    """At least one of these holds."""

    any: list[When] = Field(min_length=1)


class NotWhen(Model):
    """This does not hold."""

    not_: When = Field(alias="not")


_WHENS = ("trigger", "bed", "fact", "routine", "between", "all", "any", "not")


def _when_kind(value: object) -> str | None:
    if isinstance(value, dict):
        return next((kind for kind in _WHENS if kind in value), None)
    return next((kind for kind in _WHENS if hasattr(value, kind) or hasattr(value, kind + "_")), None)


When = Annotated[
    Annotated[TriggerWhen, Tag("trigger")]
    | Annotated[BedWhen, Tag("bed")]
    | Annotated[FactWhen, Tag("fact")]
    | Annotated[RoutineWhen, Tag("routine")]
    | Annotated[BetweenWhen, Tag("between")]
    | Annotated[AllWhen, Tag("all")]
    | Annotated[AnyWhen, Tag("any")]
    | Annotated[NotWhen, Tag("not")],
    Discriminator(
        _when_kind,
        custom_error_type="when_kind",
        custom_error_message="a condition starts with one of " + ", ".join(_WHENS),
    ),
]
"""One condition."""


class CoolWant(Model):
    """Cool a room now, whoever is there; target and limits come from the profile."""

    cool: Name


COOLER_AT_MOST_C = 1.5
_STEP = re.compile(r"(\d+(?:[.,]\d+)?)\s*°?\s*([CF])", re.IGNORECASE)


def _step(value: object) -> float | str:
    """A bare number stays one: which unit it is in depends on the person, and one book may serve two."""
    match = _STEP.fullmatch(value.strip()) if isinstance(value, str) else None
    step: float | str
    if match is not None:
        step = f"{float(match[1].replace(',', '.')):g} °{match[2].upper()}"
        size = step_c(step)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        step = size = float(value)
    else:
        message = "this is not a step in degrees"
        raise ValueError(message)
    if not 0 <= size <= COOLER_AT_MOST_C:
        message = f"a rule may ask for at most {COOLER_AT_MOST_C} °C less (2.7 °F)"
        raise ValueError(message)
    return step


def step_c(step: str) -> float:
    """A step with its unit, in °C."""
    number, unit = step.split(" °")
    return round(float(number) / (1.8 if unit == "F" else 1.0), 3)


CoolerBy = Annotated[
    float | str,
    BeforeValidator(_step),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": COOLER_AT_MOST_C},
                {"type": "string", "pattern": r"^\d+([.,]\d+)?\s*°?\s*[CFcf]$"},
            ]
        }
    ),
    Plain("a step of at most 1.5 in your units, or with its unit: at most 1.5 °C or 2.7 °F"),
]


class KeepCoolWant(Model):
    """Have a room below the heat limit whenever you are in bed there, planned ahead; limits come from the profile."""

    keep_cool: Name
    cooler_by: CoolerBy = 0.0
    """How much lower than it is your limit in bed counts. Your floor holds. Without a unit: in your units."""


class EaseOffWant(Model):
    """Stop what cools a room."""

    ease_off: Name


class DimWant(Model):
    """Bring the lights of a room that are on down, slowly. Never on when off, never brighter."""

    dim: Name
    brightness: int = Field(default=10, ge=1, le=100)
    """In %."""
    kelvin: int | None = Field(default=2200, ge=1800, le=6500)
    """The warmth, where the lamp has it."""
    fade: Duration = timedelta(minutes=15)


class OfferWant(Model):
    """Offer a prompt."""

    offer: Literal["stretch", "wash"]


class TellWant(Model):
    """Tell the person that a room's sensor is silent: once, and once when it is back."""

    tell: Literal["sensor_silent"]
    room: Name = "bedroom"


_WANTS = ("cool", "keep_cool", "ease_off", "dim", "offer", "tell")


def _want_kind(value: object) -> str | None:
    keys = value if isinstance(value, dict) else type(value).model_fields if isinstance(value, Model) else {}
    return next((kind for kind in _WANTS if kind in keys), None)


WantLine = Annotated[
    Annotated[CoolWant, Tag("cool")]
    | Annotated[KeepCoolWant, Tag("keep_cool")]
    | Annotated[EaseOffWant, Tag("ease_off")]
    | Annotated[DimWant, Tag("dim")]
    | Annotated[OfferWant, Tag("offer")]
    | Annotated[TellWant, Tag("tell")],
    Discriminator(
        _want_kind,
        custom_error_type="want_kind",
        custom_error_message="a want starts with one of " + ", ".join(_WANTS),
    ),
]
"""One thing that a rule asks for."""


class UnknownPolicy(Model):
    """What unknown does to what already runs: hold it for a limited time. Unknown never starts anything."""

    hold: Duration = Field(ge=timedelta(0), le=timedelta(hours=2))


Priority = Literal["convenience", "routine", "comfort", "protection"]
PRIORITIES: tuple[Priority, ...] = ("convenience", "routine", "comfort", "protection")
"""The weakest first. The profile's safety bounds and the person's hand stand above all of them."""


class Rule(Model):
    """One rule."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
    says: str = Field(min_length=1, max_length=200)
    """What it does, in words for the person."""
    enabled: bool = True
    when: When
    duration: Duration = Field(default=timedelta(0), alias="for")
    """How long the conditions must hold without a break."""
    want: list[WantLine] = Field(min_length=1)
    unknown: Literal["stop"] | UnknownPolicy = "stop"
    """What happens to a running want when a condition can no longer be told."""
    priority: Priority = "comfort"
    rooms: Literal["each"] | None = None
    """``each``: one copy of the rule for every room of the person; "bedroom" in it then means that room."""


class RuleBook(Model):
    """A file of rules."""

    version: Literal[1] = 1
    rules: list[Rule]

    @model_validator(mode="after")
    def _ids_once(self) -> RuleBook:
        ids = [rule.id for rule in self.rules]
        twice = sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1})
        if twice:
            message = f"the rule id {twice[0]} is used twice"
            raise ValueError(message)
        return self


for _model in (AllWhen, AnyWhen, NotWhen, Rule):
    _model.model_rebuild()

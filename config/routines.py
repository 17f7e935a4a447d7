"""Routines: the steps of an evening or a morning, relative to bedtime, to getting up, or to the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from config.model import Model
from config.types import Duration, MomentText, Name, wrong

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

IN_BED_OFFERS = frozenset({"rating", "night"})
"""What may be offered to somebody who is in bed already, beside their own reminders."""


class Lights(Model):
    """What the lamps that are on are brought down to. None is ever made brighter, or switched on."""

    brightness: int = Field(ge=1, le=100)
    """In %."""
    kelvin: int | None = Field(default=None, ge=1800, le=6500)
    """The warmth, where the lamp has it; left out: as it is."""
    fade: Duration = Field(default=timedelta(minutes=20), ge=timedelta(seconds=10), le=timedelta(hours=2))
    """How long it takes to get there."""
    room: Name = "bedroom"
    """In which room; "bedroom" is yours."""
    out: bool = False
    """Off at the end, once you are in bed. Without a bed sensor they stay on."""


class Step(Model):
    """One step of a routine: it changes the light, or offers something, or both."""

    at: MomentText
    """When: "start" (of the routine), "start + 10 min", "bedtime - 30 min", "rise + 15 min" or a time of day."""
    lights: Lights | None = None
    """The light from now on."""
    offer: list[Name] = []
    """What is offered, in one prompt: drink, wash, stretch, rating, caffeine, night, or a reminder of your own."""
    grace: Duration = Field(default=timedelta(minutes=30), ge=timedelta(minutes=1), le=timedelta(hours=12))
    """Later than this it is left out."""
    skip: list[Name] = []
    """When not: "away", "in_bed", or something you reported, like fever."""

    @model_validator(mode="after")
    def _does_something(self) -> Step:
        if self.lights is None and not self.offer:
            problem = "a step changes the lights or offers something: add one of them"
            raise wrong(problem, "offer")
        return self


def _at_may_be_left_out(schema: JsonDict) -> None:
    """A shipped routine has a time of its own, and an editor cannot tell which one it looks at."""
    schema.pop("required", None)


class Routine(Model):
    """Something that happens on most days: steps, or only a moment that rules can wait for."""

    model_config = ConfigDict(json_schema_extra=_at_may_be_left_out)

    enabled: bool = True
    """Set to false, it does not happen."""
    at: MomentText | None = None
    """When it begins; left out: only when you ask for it."""
    weekdays: list[Weekday] = Field(default=list(WEEKDAYS), min_length=1)
    """On which days; every day, when left out."""
    steps: list[Step] = []
    """What it consists of; without any it is a moment that rules can wait for."""
    skip: list[Name] = []
    """When its steps are left out: "away", "in_bed", or something you reported, like fever."""
    bed_begins: bool = False
    """Going to bed earlier (by up to 2 hours) begins it, and shortens it."""
    grace: Duration = Field(default=timedelta(minutes=30), le=timedelta(hours=12))
    """Without steps: later than this it does not happen any more that day."""
    lasts: Duration = Field(default=timedelta(hours=8), gt=timedelta(0), le=timedelta(hours=24))
    """How long the routine then counts as running."""


SHIPPED_ROUTINES: dict[str, dict[str, Any]] = {
    "wind_down": {
        "at": "bedtime - 180 min",
        "lasts": "12 h",
        "skip": ["away"],
        "bed_begins": True,
        "steps": [
            {"at": "bedtime - 180 min", "lights": {"brightness": 30, "kelvin": 2700, "fade": "30 min"}},
            {"at": "bedtime - 120 min", "offer": ["drink", "wash"]},
            {"at": "bedtime - 60 min", "offer": ["stretch"]},
            {"at": "bedtime - 30 min", "lights": {"brightness": 10, "kelvin": 2200, "fade": "20 min"}},
            {"at": "bedtime - 15 min", "offer": ["rating"], "grace": "15 min"},
            {"at": "bedtime", "lights": {"brightness": 3, "kelvin": 2000, "fade": "15 min", "out": True}},
        ],
    },
    "morning": {
        "at": "rise + 5 min",
        "lasts": "3 h",
        "skip": ["away"],
        "steps": [{"at": "start", "offer": ["night"], "grace": "2 h"}],
    },
    "morning_stretch": {
        "enabled": False,
        "at": "rise + 20 min",
        "lasts": "2 h",
        "skip": ["away"],
        "steps": [{"at": "start", "offer": ["stretch"]}],
    },
    "caffeine": {
        "enabled": False,
        "at": "bedtime - 540 min",
        "lasts": "2 h",
        "skip": ["away"],
        "steps": [{"at": "start", "offer": ["caffeine"]}],
    },
    "stretch": {"lasts": "2 h"},
    "wash": {"lasts": "2 h"},
}
"""The project's sample evening for a bedtime of 22:30: light from 3 hours before, one drink and wash prompt, one
stretch prompt, one rating. ``stretch`` and ``wash`` happen when the person asks for them."""
DEFAULT_ROUTINES: dict[str, Routine] = {name: Routine.model_validate(body) for name, body in SHIPPED_ROUTINES.items()}

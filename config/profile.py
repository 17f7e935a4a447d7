"""profiles/<person>.yaml: who the person is, what brings symptoms on for them, and what they allow."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Literal

from pydantic import ConfigDict, Field, ValidationInfo, model_validator
from pydantic.config import JsonDict

from config.model import Model
from config.prompts import Channel, NotifyChannel, Prompt, Prompts, ScriptChannel, TtsChannel, WashPrompt
from config.triggers import (
    KNOWN_REPORTS,
    ColdTrigger,
    HeatTrigger,
    RapidChangeTrigger,
    ReportedTrigger,
    Triggers,
)
from config.types import (
    Clock,
    Duration,
    MomentText,
    Name,
    Temperature,
    TemperatureStep,
    Zone,
    in_fahrenheit,
    temperature_text,
    wrong,
)

__all__ = [
    "DEFAULT_ROUTINES",
    "KNOWN_REPORTS",
    "WEEKDAYS",
    "Bedtime",
    "Channel",
    "ColdTrigger",
    "Comfort",
    "Contact",
    "HeatTrigger",
    "NotifyChannel",
    "Profile",
    "Prompt",
    "Prompts",
    "QuietHours",
    "RapidChangeTrigger",
    "ReportedTrigger",
    "Routine",
    "ScriptChannel",
    "Triggers",
    "TtsChannel",
    "WashPrompt",
    "Weekday",
]

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

COLDEST_FLOOR = 16.0
"""°C. Nobody's bedroom is cooled below this."""
COLDEST_FLOOR_COLD_SENSITIVE = 18.0
"""°C. The floor of a person who is sensitive to cold; also the UK and WHO minimum for vulnerable people's rooms."""
FASTEST = 2.0
"""°C an hour. ASHRAE 55 lets the air of a room that people are in drift by 2.2 °C within an hour."""


class Comfort(Model):
    """How far the room may be changed."""

    sensitive_to: Literal["heat", "cold", "both"] = "heat"
    """What makes your symptoms worse. "cold" and "both" keep the room at 18 °C or more."""
    floor: Temperature | None = Field(default=None, ge=COLDEST_FLOOR, le=24.0)
    """Never cooled below this. Default 16 °C, or 18 °C when sensitive to cold."""
    target: Temperature | None = Field(default=None, ge=COLDEST_FLOOR, le=30.0)
    """What the room is cooled to when you say "too hot", or a rule asks for cooling now; left out: 1 °C below the heat
    trigger in bed."""
    fastest: TemperatureStep = Field(default=FASTEST, ge=0.5, le=6.0)
    """How fast the room may be cooled while you are in it and it is not too warm, in degrees an hour. Rapid change is
    itself a trigger."""

    @model_validator(mode="after")
    def _floor_fits(self, info: ValidationInfo) -> Comfort:
        fahrenheit = in_fahrenheit(info)
        if self.floor is not None and self.floor < self.coldest_floor:
            least = temperature_text(self.coldest_floor, fahrenheit=fahrenheit)
            problem = f"for somebody who is sensitive to cold the floor is at least {least}"
            raise wrong(problem, "floor")
        if self.target is not None and self.target < self.floor_c:
            floor = temperature_text(self.floor_c, fahrenheit=fahrenheit)
            problem = f"the target must not be below the floor of {floor}"
            raise wrong(problem, "target")
        return self

    @property
    def coldest_floor(self) -> float:
        """The lowest floor that this person may choose, in °C."""
        return COLDEST_FLOOR if self.sensitive_to == "heat" else COLDEST_FLOOR_COLD_SENSITIVE

    @property
    def floor_c(self) -> float:
        """The floor in force, in °C."""
        return self.coldest_floor if self.floor is None else self.floor


class Bedtime(Model):
    """When the person usually goes to bed and gets up."""

    at: Clock = time(22, 30)
    """When you go to bed."""
    rise: Clock = time(7, 30)
    """When you get up."""
    by_weekday: dict[Weekday, Clock] = {}
    """Another bedtime on some evenings: {friday: "23:15"}."""

    def on(self, day: date) -> time:
        """The bedtime of the evening of ``day``."""
        return self.by_weekday.get(WEEKDAYS[day.weekday()], self.at)


class QuietHours(Model):
    """When nothing is spoken or sent to the phone."""

    start: Clock = Field(default=time(22, 30), alias="from")
    """Quiet from then on."""
    end: Clock = Field(default=time(7, 30), alias="to")
    """Until then."""


def _at_may_be_left_out(schema: JsonDict) -> None:
    """A shipped routine has a time of its own, and an editor cannot tell which one it looks at."""
    schema.pop("required", None)


class Routine(Model):
    """A moment of the day that rules can wait for."""

    model_config = ConfigDict(json_schema_extra=_at_may_be_left_out)

    enabled: bool = True
    """Set to false, it does not happen."""
    at: MomentText
    """When it is due."""
    weekdays: list[Weekday] = Field(default=list(WEEKDAYS), min_length=1)
    """On which days; every day, when left out."""
    grace: Duration = Field(default=timedelta(minutes=30), le=timedelta(hours=12))
    """Later than this it does not happen any more that day."""
    lasts: Duration = Field(default=timedelta(hours=8), gt=timedelta(0), le=timedelta(hours=24))
    """How long the routine then counts as running."""


class Contact(Model):
    """Somebody to name in a message; nobody is called."""

    name: str
    """Who it is."""
    phone: str | None = None
    """The number, as you would dial it."""


_SHIPPED_ROUTINES = {
    "wash": {"at": "bedtime - 120 min", "lasts": "2 h"},
    "stretch": {"at": "bedtime - 60 min", "lasts": "2 h"},
    "wind_down": {"at": "bedtime - 60 min", "lasts": "8 h"},
}
DEFAULT_ROUTINES: dict[str, Routine] = {name: Routine.model_validate(body) for name, body in _SHIPPED_ROUTINES.items()}


class Profile(Model):
    """The whole of a person's file."""

    version: Literal[1] = 1
    """The version of this file's layout; there is only 1."""
    name: str = Field(min_length=1, max_length=60)
    """What you like to be called."""
    time_zone: Zone
    """Where you live, for the right time of day in summer and winter."""
    units: Literal["C", "F"] = "C"
    """The unit of temperatures in this file, and of what the person reads."""
    discreet: bool = True
    """Say and show nothing that tells a visitor about an illness."""
    bedroom: Name = "bedroom"
    """The room that rules mean by "bedroom"."""
    bed_side: Literal["left", "right", "either"] = "either"
    """Your side of the bed."""
    comfort: Comfort = Comfort()
    """How far your room may be changed."""
    triggers: Triggers = Triggers()
    """What tends to bring symptoms on for you. The numbers are starting points to change."""
    bedtime: Bedtime = Bedtime()
    """When you usually go to bed and get up."""
    quiet_hours: QuietHours = QuietHours()
    """When nothing is spoken or sent to the phone."""
    routines: dict[Name, Routine] = {}
    """Your own, beside or in place of the shipped wash, stretch and wind_down."""
    prompts: Prompts = Prompts()
    """What is offered to you, by which way, how often at most."""
    hands_off: Duration = Field(default=timedelta(hours=2), ge=timedelta(minutes=5), le=timedelta(hours=24))
    """How long a device is left alone after somebody changed it by hand."""
    contacts: list[Contact] = []
    """People to name in a message. Nobody is called."""

    @model_validator(mode="before")
    @classmethod
    def _shipped_routines_keep_what_is_left_out(cls, value: object) -> object:
        """Let `wind_down: {enabled: false}` be enough: the rest of a shipped routine stays."""
        routines = value.get("routines") if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(routines, dict):
            return value
        full = {
            name: {**_SHIPPED_ROUTINES.get(name, {}), **body} if isinstance(body, dict) else body
            for name, body in routines.items()
        }
        return {**value, "routines": full}

    def all_routines(self) -> dict[str, Routine]:
        """The shipped routines, changed and joined by the person's own, without those switched off."""
        return {name: routine for name, routine in {**DEFAULT_ROUTINES, **self.routines}.items() if routine.enabled}

"""profiles/<person>.yaml: who the person is, what brings symptoms on for them, and what they allow."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Literal

from pydantic import Field, ValidationInfo, model_validator

from config.mistakes import nearest_to
from config.model import Model
from config.prompts import (
    PROMPT_NAMES,
    Channel,
    Move,
    NotifyChannel,
    Prompt,
    Prompts,
    Reminder,
    SatelliteChannel,
    ScriptChannel,
    StretchPrompt,
    TtsChannel,
    WashPrompt,
)
from config.routines import DEFAULT_ROUTINES, SHIPPED_ROUTINES, WEEKDAYS, Lights, Routine, Step, Weekday
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
    Name,
    NotifyId,
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
    "Help",
    "Journal",
    "Lights",
    "Move",
    "NotifyChannel",
    "Profile",
    "Prompt",
    "Prompts",
    "QuietHours",
    "RapidChangeTrigger",
    "Reminder",
    "ReportedTrigger",
    "Routine",
    "SatelliteChannel",
    "ScriptChannel",
    "Step",
    "StretchPrompt",
    "Triggers",
    "TtsChannel",
    "WashPrompt",
    "Weekday",
]

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


class Contact(Model):
    """Somebody to name in a message, or to send one to; nobody is called."""

    name: str
    """Who it is."""
    phone: str | None = None
    """The number, as you would dial it."""
    notify: NotifyId | None = None
    """How a message reaches them: a service of Home Assistant, like notify.mobile_app_bens_phone."""
    bath: bool = False
    """Told when you do not answer after a bath; this is no alarm service."""
    role: Literal["ms_team", "pump_team", "doctor", "advice_line"] | None = None
    """Who they are to you: named, with their number, where a sign that you logged calls for them."""

    @model_validator(mode="after")
    def _can_be_told(self) -> Contact:
        if self.bath and self.notify is None:
            problem = "to be told, they need a way that a message reaches them"
            raise wrong(problem, "notify")
        return self


class Help(Model):
    """The numbers that are named where something you logged calls for help. Nobody is called for you."""

    emergency: str | None = Field(default=None, max_length=40)
    """Your emergency number, like 112; left out, it is called "your emergency number"."""
    crisis_line: str | None = Field(default=None, max_length=80)
    """Somebody to talk to at any hour, as you would dial it."""


class Journal(Model):
    """What the symptom journal keeps."""

    keep_words: bool = False
    """Keep what was heard, word for word, beside each entry. It helps to find mistakes, and may hold private words.
    What is not understood is always kept as a note."""
    period: bool = False
    """Take up the monthly period when you report it."""


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
    """Your own, beside or in place of the shipped wind_down, morning, morning_stretch, caffeine, stretch and wash."""
    reminders: dict[Name, Reminder] = {}
    """Your own, in your words and at your times. Unclench knows nothing about them."""
    prompts: Prompts = Prompts()
    """What is offered to you, by which way, how often at most."""
    hands_off: Duration = Field(default=timedelta(hours=2), ge=timedelta(minutes=5), le=timedelta(hours=24))
    """How long a device is left alone after somebody changed it by hand."""
    journal: Journal = Journal()
    """What the symptom journal keeps."""
    help: Help = Help()
    """The numbers that are named where something you logged calls for help."""
    contacts: list[Contact] = []
    """People to name in a message, or to send one to. Nobody is called."""

    @model_validator(mode="before")
    @classmethod
    def _shipped_routines_keep_what_is_left_out(cls, value: object) -> object:
        """Let `wind_down: {enabled: false}` be enough: the rest of a shipped routine stays."""
        routines = value.get("routines") if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(routines, dict):
            return value
        full = {
            name: {**SHIPPED_ROUTINES.get(name, {}), **body} if isinstance(body, dict) else body
            for name, body in routines.items()
        }
        return {**value, "routines": full}

    @model_validator(mode="after")
    def _offers_are_known(self) -> Profile:
        for name, routine in self.routines.items():
            if routine.at is not None and routine.at.anchor == "start":
                problem = 'a routine begins at a time of day, or at bedtime or rise; only its steps can be at "start"'
                raise wrong(problem, "routines", name, "at")
            for index, step in enumerate(routine.steps):
                for place, offer in enumerate(step.offer):
                    if offer not in self.reminders and offer not in PROMPT_NAMES:
                        known = ", ".join([*PROMPT_NAMES, *self.reminders])
                        problem = f"there is nothing of this name to offer; there is: {known}"
                        near = nearest_to(offer, [*PROMPT_NAMES, *self.reminders])
                        raise wrong(problem, "routines", name, "steps", index, "offer", place, nearest=near)
        return self

    @model_validator(mode="after")
    def _skips_are_known(self) -> Profile:
        known = {"away", "in_bed", *KNOWN_REPORTS, *self.triggers.own()}
        for name, routine in self.routines.items():
            places: list[tuple[tuple[str | int, ...], str]] = [
                (("skip", at), word) for at, word in enumerate(routine.skip)
            ]
            places += [
                (("steps", at, "skip", place), word)
                for at, step in enumerate(routine.steps)
                for place, word in enumerate(step.skip)
            ]
            for path, word in places:
                if word not in known:
                    problem = 'a step is left out when you are "away" or "in_bed", or when you reported a trigger'
                    raise wrong(problem, "routines", name, *path, nearest=nearest_to(word, known))
        return self

    @model_validator(mode="after")
    def _reminders_have_names_of_their_own(self) -> Profile:
        for name in self.reminders:
            if name in PROMPT_NAMES:
                problem = f"{name} is a prompt of Unclench; call your reminder something else"
                raise wrong(problem, "reminders", name)
        return self

    def all_routines(self) -> dict[str, Routine]:
        """The shipped routines, changed and joined by the person's own and by their reminders; none switched off."""
        found = {**DEFAULT_ROUTINES, **self.routines}
        for name, reminder in self.reminders.items():
            found |= reminder.routines(name)
        return {name: routine for name, routine in found.items() if routine.enabled}

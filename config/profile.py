"""profiles/<person>.yaml: who the person is, what brings symptoms on for them, and what they allow."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, ValidationInfo, model_validator

from config.model import Model
from config.types import (
    Clock,
    Duration,
    MomentText,
    Name,
    NotifyId,
    Plain,
    PlayerId,
    ScriptId,
    Temperature,
    TemperatureStep,
    TtsId,
    Zone,
    in_fahrenheit,
    temperature_text,
    wrong,
)

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

COLDEST_FLOOR = 16.0
"""°C. Nobody's bedroom is cooled below this (DOMAIN: hard floor)."""
COLDEST_FLOOR_COLD_SENSITIVE = 18.0
"""°C. The floor of a person who is sensitive to cold; also the UK and WHO minimum for vulnerable people's rooms."""


class _Trigger(Model):
    enabled: bool = True
    """Set to false, this trigger is not watched."""
    set_by: Literal["default", "me", "clinic", "journal"] = "default"
    """Who chose these numbers."""
    set_on: Annotated[date, Plain("a date, like 2026-05-01")] | None = None
    """When they were chosen."""


class HeatTrigger(_Trigger):
    """Warmth. Defaults: WHO night advice is below 24 °C; all are starting points to change."""

    above: Temperature = Field(default=24.0, ge=15.0, le=40.0)
    """Too warm from here on."""
    above_in_bed: Temperature = Field(default=22.0, ge=15.0, le=40.0)
    """Too warm from here on while in bed."""
    above_usual: TemperatureStep | None = Field(default=1.5, gt=0.0, le=10.0)
    """Too warm when this much above your own 14-day median for the hour; null switches it off."""
    above_usual_from: Temperature = Field(default=20.0, ge=10.0, le=30.0)
    """Below this it never counts as unusually warm."""
    early: TemperatureStep = Field(default=0.5, ge=0.0, le=3.0)
    """Starts building this much before the limit, so that cooling comes first and not second."""
    duration: Duration = Field(default=timedelta(minutes=5), alias="for", le=timedelta(hours=6))
    """How long it must last to be active."""
    hysteresis: TemperatureStep = Field(default=0.5, ge=0.1, le=3.0)
    """How far back it must fall to be over."""
    felt: bool = False
    """Count humidity in: the felt (apparent) temperature in place of the measured one."""


class ColdTrigger(_Trigger):
    """Cold. 18 °C is the UK and WHO minimum for rooms of vulnerable people."""

    below: Temperature = Field(default=18.0, ge=5.0, le=25.0)
    """Too cold from here on."""
    below_usual: TemperatureStep | None = Field(default=2.0, gt=0.0, le=10.0)
    """Too cold when this much below your own 14-day median for the hour; null switches it off."""
    below_usual_to: Temperature = Field(default=20.0, ge=10.0, le=30.0)
    """Above this it never counts as unusually cold."""
    duration: Duration = Field(default=timedelta(minutes=5), alias="for", le=timedelta(hours=6))
    """How long it must last to be active."""
    hysteresis: TemperatureStep = Field(default=0.5, ge=0.1, le=3.0)
    """How far back it must rise to be over."""


class RapidChangeTrigger(_Trigger):
    """A fast rise or fall of the room's temperature."""

    by: TemperatureStep = Field(default=2.5, gt=0.2, le=10.0)
    """How much it changes."""
    within: Duration = Field(default=timedelta(minutes=60), ge=timedelta(minutes=5), le=timedelta(hours=6))
    """In how much time."""


class ReportedTrigger(_Trigger):
    """Something no sensor sees: the person says so (a rating 0-10, or yes and no)."""

    at_least: float | None = Field(default=None, ge=0, le=10)
    """A rating of this or more counts as yes."""
    at_most: float | None = Field(default=None, ge=0, le=10)
    """A rating of this or less counts as yes."""
    lasts: Duration | None = None
    """How long it counts after it was said; left out: until the person says that it is over."""
    says: str | None = None
    """How it is called in sentences; the id, when left out."""

    @model_validator(mode="after")
    def _one_direction(self) -> ReportedTrigger:
        if self.at_least is not None and self.at_most is not None:
            problem = "a rating counts either from at_least up or from at_most down, not both"
            raise wrong(problem, "at_most")
        return self


def _hours(hours: float) -> timedelta:
    return timedelta(hours=hours)


KNOWN_REPORTS: dict[str, ReportedTrigger] = {
    "stress": ReportedTrigger(at_least=6, lasts=_hours(6)),
    "fatigue": ReportedTrigger(at_least=7, lasts=_hours(6)),
    "exertion": ReportedTrigger(lasts=_hours(6)),
    "tight_clothing": ReportedTrigger(lasts=_hours(2), says="tight clothing"),
    "low_water": ReportedTrigger(lasts=_hours(24), says="low water"),
    "missed_medicine": ReportedTrigger(lasts=_hours(12), says="missed medicine"),
    "infection": ReportedTrigger(),
    "fever": ReportedTrigger(),
    "poor_sleep": ReportedTrigger(at_most=3, lasts=_hours(16), says="poor sleep"),
    "food": ReportedTrigger(lasts=_hours(8)),
    "caffeine": ReportedTrigger(lasts=_hours(8)),
    "alcohol": ReportedTrigger(lasts=_hours(12)),
    "hot_bath": ReportedTrigger(lasts=_hours(2), says="hot bath"),
    "fall": ReportedTrigger(lasts=_hours(24)),
    "sleepy_reminder": ReportedTrigger(lasts=_hours(4), says="a reminder that makes you sleepy"),
}
"""Thresholds and windows as in the project's trigger table; each is a starting point."""


def _over_known(name: str, written: ReportedTrigger) -> ReportedTrigger:
    """A known trigger with what the person wrote; what they left out keeps its starting point."""
    known = KNOWN_REPORTS.get(name)
    if known is None:
        return written
    changes = {key: getattr(written, key) for key in written.model_fields_set}
    if changes.keys() & {"at_least", "at_most"}:
        changes = {"at_least": None, "at_most": None, **changes}
    return known.model_copy(update=changes)


class Triggers(Model):
    """The trigger profile. Any other name is a trigger of the person's own, which they report themselves."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, ReportedTrigger] = Field(init=False)
    others: ClassVar[type[Model] | None] = ReportedTrigger

    heat: HeatTrigger = HeatTrigger()
    """Warmth."""
    cold: ColdTrigger = ColdTrigger()
    """Cold."""
    rapid_change: RapidChangeTrigger = RapidChangeTrigger()
    """A fast rise or fall of the room's temperature."""

    def own(self) -> dict[str, ReportedTrigger]:
        """The self-reported triggers that the file names, known or the person's own."""
        return self.__pydantic_extra__

    def reported(self) -> dict[str, ReportedTrigger]:
        """Every self-reported trigger by its name: the known ones, changed and joined by the person's own."""
        all_of_them = {**KNOWN_REPORTS, **{name: _over_known(name, trigger) for name, trigger in self.own().items()}}
        return {name: trigger for name, trigger in all_of_them.items() if trigger.enabled}


class Comfort(Model):
    """How far the room may be changed."""

    sensitive_to: Literal["heat", "cold", "both"] = "heat"
    """What makes your symptoms worse. "cold" and "both" keep the room at 18 °C or more."""
    floor: Temperature | None = Field(default=None, ge=COLDEST_FLOOR, le=24.0)
    """Never cooled below this. Default 16 °C, or 18 °C when sensitive to cold."""
    target: Temperature | None = Field(default=None, ge=COLDEST_FLOOR, le=30.0)
    """What an air conditioner is set to; left out: 1 °C below the heat trigger in bed."""

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


class Routine(Model):
    """A moment of the day that rules can wait for."""

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


class NotifyChannel(Model):
    """A phone, through a notify service (with buttons) or a notify entity (words only)."""

    notify: NotifyId
    """The service or entity in Home Assistant."""


class TtsChannel(Model):
    """A voice: a text-to-speech entity and the speaker it uses."""

    tts: TtsId
    """What speaks: a text-to-speech entity."""
    player: PlayerId
    """Where it is heard: a speaker."""


class ScriptChannel(Model):
    """A script of the home that takes title, message, tag and actions."""

    script: ScriptId
    """The script in Home Assistant."""


def _channel_kind(value: object) -> str | None:
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", {})
    return next((kind for kind in ("notify", "tts", "script") if kind in keys), None)


Channel = Annotated[
    Annotated[NotifyChannel, Tag("notify")]
    | Annotated[TtsChannel, Tag("tts")]
    | Annotated[ScriptChannel, Tag("script")],
    Discriminator(
        _channel_kind,
        custom_error_type="channel_kind",
        custom_error_message="name the way with one of the keys notify, tts (with player) or script",
    ),
    Plain("a way to reach you, with one of the keys notify, tts (with player) or script"),
]


class Prompt(Model):
    """A suggestion of the person's own choosing."""

    enabled: bool = True
    """Set to false, it is never offered."""
    says: str | None = Field(default=None, max_length=200)
    """The words; a discreet default, when left out."""
    grace: Duration = Field(default=timedelta(minutes=45), ge=timedelta(minutes=1), le=timedelta(hours=6))
    """Not answered by then: it lapses, silently."""
    later: Duration = Field(default=timedelta(minutes=20), ge=timedelta(minutes=1), le=timedelta(hours=3))
    """How much later "later" is."""


HOTTEST_WASH = 38.0
"""°C. No warmer wash can be stored; warmer water has harmed people with MS."""
WARMEST_LUKEWARM = 33.0
"""°C. The limit for everybody who is, or may be, sensitive to heat."""


class WashPrompt(Prompt):
    """The wash. Off until the person turns it on and answers both questions; lukewarm unless heat is no trouble."""

    enabled: bool = False
    """Offered only when you set this to true."""
    heat_sensitive: Literal["yes", "no", "unsure"] = "unsure"
    """Does warmth make your symptoms worse?"""
    gets_out: Literal["alone", "with_someone", "unsure"] = "unsure"
    """Can you get out alone, or is someone with you?"""
    water: Temperature | None = Field(default=None, ge=20.0, le=HOTTEST_WASH)
    """The water; left out: lukewarm (at most 33 °C), or 35 °C when not heat-sensitive."""

    @model_validator(mode="after")
    def _lukewarm_for_the_sensitive(self, info: ValidationInfo) -> WashPrompt:
        if self.heat_sensitive != "no" and self.water is not None and self.water > WARMEST_LUKEWARM:
            most = temperature_text(WARMEST_LUKEWARM, fahrenheit=in_fahrenheit(info))
            problem = f"when heat may be a trigger the water is at most {most}"
            raise wrong(problem, "water")
        return self


class Prompts(Model):
    """What is offered, by which way, how often at most."""

    channels: list[Channel] = []
    """In order of preference; the first that works is used."""
    at_most: int = Field(default=3, ge=0, le=10)
    """Prompts an evening."""
    stretch: Prompt = Prompt()
    """A few gentle stretches, or any gentle movement."""
    wash: WashPrompt = WashPrompt()
    """A lukewarm wash. Off until you turn it on."""


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

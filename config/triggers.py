"""The trigger profile: what tends to bring symptoms on, in numbers that are all starting points."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from config.model import Model
from config.types import Duration, Plain, Temperature, TemperatureStep, wrong


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
    "alone": ReportedTrigger(lasts=_hours(12), says="being alone"),
    "sleepy_reminder": ReportedTrigger(lasts=_hours(4), says="a reminder that makes you sleepy"),
    "too_hot": ReportedTrigger(lasts=_hours(2), says="too hot"),
    "too_cold": ReportedTrigger(lasts=_hours(2), says="too cold"),
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

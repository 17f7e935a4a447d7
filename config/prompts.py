"""Prompts: what is offered to the person, and the ways to reach them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, ValidationInfo, model_validator

from config.model import Model
from config.routines import WEEKDAYS, Routine, Weekday
from config.types import (
    Duration,
    MomentText,
    Name,
    NotifyId,
    Plain,
    PlayerId,
    SatelliteId,
    ScriptId,
    Temperature,
    TtsId,
    in_fahrenheit,
    temperature_text,
    wrong,
)


class NotifyChannel(Model):
    """A phone, through a notify service (with buttons) or a notify entity (words only)."""

    notify: NotifyId
    """The service or entity in Home Assistant."""


class TtsChannel(Model):
    """A voice: a text-to-speech entity and the speaker it uses."""

    tts: TtsId
    """What speaks: a text-to-speech entity."""
    player: PlayerId
    """What it is heard from: a speaker."""
    room: Name | None = None
    """The room that it is heard in. Nothing is said while nobody is there; left out: it always speaks."""
    volume: int | None = Field(default=None, ge=1, le=100)
    """How loud, in %; left out: as the speaker is set. It stays so afterwards."""
    volume_at_night: int | None = Field(default=None, ge=1, le=100)
    """The same from an hour before your bedtime until you get up; left out: as by day."""


class SatelliteChannel(Model):
    """A voice assistant of the home, which announces."""

    satellite: SatelliteId
    """What speaks: an assist_satellite entity."""
    room: Name | None = None
    """The room that it is heard in. Nothing is said while nobody is there; left out: it always speaks."""


class ScriptChannel(Model):
    """A script of the home that takes title, message, tag, actions and what to speak."""

    script: ScriptId
    """The script in Home Assistant."""


def _channel_kind(value: object) -> str | None:
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", {})
    return next((kind for kind in ("notify", "tts", "satellite", "script") if kind in keys), None)


Channel = Annotated[
    Annotated[NotifyChannel, Tag("notify")]
    | Annotated[TtsChannel, Tag("tts")]
    | Annotated[SatelliteChannel, Tag("satellite")]
    | Annotated[ScriptChannel, Tag("script")],
    Discriminator(
        _channel_kind,
        custom_error_type="channel_kind",
        custom_error_message="name the way with one of the keys notify, tts (with player), satellite or script",
    ),
    Plain("a way to reach you, with one of the keys notify, tts (with player), satellite or script"),
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
    repeat: Duration = Field(default=timedelta(minutes=10), le=timedelta(hours=3))
    """Not answered by then: it is offered once more. "0 min": never."""


PROMPT_NAMES = ("drink", "wash", "stretch", "rating", "caffeine", "night")
"""What Unclench can offer of itself; everything else is a reminder of the person's own."""


class Reminder(Prompt):
    """A reminder in the person's own words. Nothing is added to it: no advice, no count of what was missed."""

    at: list[MomentText] = Field(default=[], max_length=12)
    """When: times of day, or "bedtime - 15 min"; none, when a step of a routine offers it."""
    weekdays: list[Weekday] = Field(default=list(WEEKDAYS), min_length=1)
    """On which days; every day, when left out."""
    sleepy: bool = False
    """It makes you sleepy: for 4 hours after you said "done", no wash is offered."""
    in_quiet_hours: bool = False
    """It may also come in your quiet hours."""

    def routines(self, name: str) -> dict[str, Routine]:
        """A routine of one step for each of its times."""
        return {
            f"reminder_{name}" + (f"_{number}" if number else ""): Routine.model_validate(
                {
                    "enabled": self.enabled,
                    "at": at,
                    "weekdays": self.weekdays,
                    "lasts": max(self.grace, timedelta(hours=1)),
                    "steps": [{"at": "start", "offer": [name], "grace": self.grace}],
                }
            )
            for number, at in enumerate(self.at)
        }


class Move(Model):
    """One stretch or movement of the person's own list."""

    says: str = Field(min_length=1, max_length=60)
    """What it is, in your words or those of your physiotherapist."""
    hold: Duration = Field(default=timedelta(seconds=30), ge=timedelta(seconds=5), le=timedelta(minutes=5))
    """How long it is held; mostly 20 to 60 seconds."""
    times: int = Field(default=1, ge=1, le=20)
    """How often."""
    gap: Duration = Field(default=timedelta(seconds=10), le=timedelta(minutes=5))
    """The rest after each."""


class StretchPrompt(Prompt):
    """A few gentle stretches, or any gentle movement."""

    moves: list[Move] = Field(default=[], max_length=30)
    """Your own list, which is then spoken step by step. Unclench knows no exercises."""
    minutes: Literal[5, 10, 15] = 5
    """How long it takes at most, in minutes."""


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
    """Prompts an evening. Your own reminders always come, and count."""
    stretch: StretchPrompt = StretchPrompt()
    """A few gentle stretches, or any gentle movement."""
    drink: Prompt = Prompt()
    """The last larger drink, two hours before bed."""
    rating: Prompt = Prompt(grace=timedelta(minutes=30))
    """One number before bed: how stiff, from 0 to 10."""
    caffeine: Prompt = Prompt()
    """That it is time for the last coffee or tea: only shown, never spoken."""
    night: Prompt = Prompt(grace=timedelta(hours=2))
    """The question in the morning after a restless night."""
    wash: WashPrompt = WashPrompt()
    """A lukewarm wash. Off until you turn it on."""

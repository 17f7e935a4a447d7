"""Prompts: what is offered to the person, and the ways to reach them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, ValidationInfo, model_validator

from config.model import Model
from config.types import (
    Duration,
    NotifyId,
    Plain,
    PlayerId,
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

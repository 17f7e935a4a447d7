"""One concrete thing sent to the home, with the reason and the events behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A Home Assistant service call. Not to be carried out after ``expires_at`` (aware UTC)."""

    id: str
    at: datetime
    expires_at: datetime
    service: str  # "climate.set_temperature"
    entity: str | None  # None for a service that names no entity ("notify.mobile_app_phone")
    data: dict[str, object]
    reason: str  # plain English, for the person
    causes: tuple[str, ...] = ()  # ids of the events behind it
    once: bool = False  # a prompt: must not be repeated when it is not known whether it arrived

"""What a device's controller remembers, what never changes about the device, and what a look at it brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from devices.actions import Action
from devices.control.kind import Attribute, State


class Speech(Protocol):
    """Times and temperatures as the person reads them."""

    def clock(self, at: datetime) -> str:
        """A time of day."""

    def temperature(self, celsius: float) -> str:
        """A temperature with its unit."""


@dataclass(slots=True)
class Pending:
    """A command that is on its way."""

    action: str
    expects: State
    deadline: datetime
    fade: timedelta = timedelta(0)  # how much of the time until the deadline is a fade
    superseded: bool = False  # something else is wanted since: that it fails says nothing about the new want

    def supersede(self) -> None:
        """Something else is wanted, or a hand came between: it is only waited for, and not for the rest of its fade."""
        if not self.superseded:
            self.superseded = True
            self.deadline -= self.fade


@dataclass(slots=True)
class Memory:
    """All that a device's controller remembers: plain data, for the snapshot."""

    reported: State | None = None
    attributes: dict[str, object] = field(default_factory=dict)  # those that its kind reads
    available: bool | None = None  # None: never heard of, or out of sight
    seen_at: datetime | None = None
    wanted: State | None = None
    owned: bool = False  # we switched it on, so we may switch it off
    borrowed: State | None = None  # it was on already: what to give back
    pending: Pending | None = None
    attempts: int = 0  # commands in a row that were refused or had no effect
    misses: int = 0  # commands in a row that could not even be delivered
    retry_at: datetime | None = None
    told: bool = False  # the person knows that it does not follow
    missing_since: datetime | None = None  # wanted, and not there
    missed: bool = False  # the person knows that it is not there
    failed: State | None = None  # what it did not do
    holds: dict[str, datetime] = field(default_factory=dict)  # attribute -> left alone until
    changed_at: datetime | None = None  # last reported change of the power
    commanded: State = field(default_factory=dict)  # what our last commands asked for, while echoes may still come
    commanded_from: State = field(default_factory=dict)  # and what was before them
    settle_until: datetime | None = None  # how long echoes may come
    astray: bool = False  # sight was lost before a command was confirmed: it may be obeyed once the way is free again
    fading_until: datetime | None = None  # a fade reports all the way
    side_effects_until: datetime | None = None
    doubt_until: datetime | None = None  # a report takes our command back: a late echo, or a hand
    doubted: list[str] = field(default_factory=list)  # the attributes it is about
    blocked: str = ""  # why the last look did nothing
    insisted: bool = False  # the person switched it on again after a safety stop
    safety: bool = False  # the aim is a bound of the profile, above a person's hand
    why: str = ""  # the reason of the aim, for the person
    causes: tuple[str, ...] = ()  # ids of the events behind it


News = Literal["", "trouble", "over"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth recording. ``news``: the person must be told of the trouble, or that it is over."""

    subject: str
    text: str
    news: News = ""


@dataclass(slots=True)
class Step:
    """What a look at the device brought."""

    action: Action | None = None
    notes: list[Note] = field(default_factory=list)
    due: datetime | None = None

    def look_at(self, due: datetime) -> None:
        """Look again at ``due`` at the latest."""
        self.due = min(self.due, due) if self.due else due


@dataclass(frozen=True, slots=True)
class Spec:
    """What never changes about a device."""

    entity: str
    name: str
    hands_off: timedelta
    min_run: timedelta = timedelta(0)
    min_pause: timedelta = timedelta(0)
    always_respect: bool = (
        True  # a hand counts even while no rule steers the device (not for lamps: they are in daily use)
    )
    needed: bool = True  # that it is gone while it is wanted is told (not of lamps: they are switched at the wall)
    direct: bool = False  # takes its commands over MQTT, whether Home Assistant is there or not
    lowest_c: float = 0.0  # no setpoint below this is ever sent, in °C

    def allowed(self, state: State) -> State:
        """``state`` with its setpoint lifted to what is allowed."""
        setpoint: Attribute | None = state.get("temperature")
        if not isinstance(setpoint, (int, float)):
            return state
        return {**state, "temperature": max(float(setpoint), self.lowest_c)}

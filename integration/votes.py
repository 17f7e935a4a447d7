"""What the person said about the warmth of their bedroom, with how it was there then: from the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from config.home import Home
from config.profile import Profile
from devices.events import BedChanged, Event, RoomMeasured, SelfReported
from devices.readings import Kind
from integration.store import Store
from rules.conditions import Truth
from rules.suggestions import WINDOW, Vote
from rules.words import Words
from rules.world import evening_hours

MEASURED_FOR = timedelta(minutes=65)
"""So long a reading counts: the longest that any thermometer's does, where home.yaml does not say."""
FELT_FOR = timedelta(hours=14)
"""So long a bed sensor's word counts: it speaks when somebody comes or goes."""


def votes_of(person: str, profile: Profile, home: Home, store: Store, now: datetime) -> list[Vote]:
    """The person's votes of the last weeks. Raises StoreError."""
    kinds = (RoomMeasured.kind, BedChanged.kind, SelfReported.kind)
    found = store.events_between(now - WINDOW - FELT_FOR, now, kinds=kinds)
    return fold((event for whose, event in found if whose == person), profile, home)


def fold(events: Iterable[Event], profile: Profile, home: Home) -> list[Vote]:
    """The votes among one person's events, which come in order."""
    room = _Bedroom(profile, home)
    votes = []
    for event in events:
        match event:
            case RoomMeasured(quantity=Kind.TEMPERATURE, retained=False) if event.room == profile.bedroom:
                room.measured[event.source] = (event.at, float(event.value))
            case BedChanged(retained=False) if event.room == profile.bedroom:
                room.sides[event.side] = (event.at, event.occupied)
            case SelfReported(trigger="too_hot" | "too_cold") if event.value:
                report: Literal["too_hot", "too_cold"] = "too_hot" if event.trigger == "too_hot" else "too_cold"
                votes.append(
                    Vote(at=event.at, report=report, celsius=room.celsius(event.at), in_bed=room.in_bed(event.at))
                )
    return votes


@dataclass(slots=True)
class _Bedroom:
    """What was said last about the bedroom, by source and by side of the bed."""

    profile: Profile
    home: Home
    measured: dict[str, tuple[datetime, float]] = field(default_factory=dict)
    sides: dict[str, tuple[datetime, bool]] = field(default_factory=dict)

    def celsius(self, at: datetime) -> float | None:
        """The word of the first thermometer in home.yaml that still counts."""
        order = [sensor.topic or sensor.entity for sensor in self.home.rooms[self.profile.bedroom].sensors]
        for source in order:
            if source in self.measured and at - self.measured[source][0] <= MEASURED_FOR:
                return self.measured[source][1]
        return None

    def in_bed(self, at: datetime) -> bool | None:
        """Whether the person lay in bed; by the clock in a home without a bed sensor."""
        bed = self.home.rooms[self.profile.bedroom].bed
        if bed is None or not bed.occupancy:
            words = Words(self.profile.units, ZoneInfo(self.profile.time_zone))
            return evening_hours(self.profile, words).evaluate(at).truth is Truth.YES
        known = {sensor.side for sensor in bed.occupancy}
        mine = {self.profile.bed_side} & known or known - (
            {"left", "right"} if self.profile.bed_side != "either" else set()
        )
        said = [self.sides[side] for side in mine if side in self.sides]
        fresh = [occupied for since, occupied in said if at - since <= FELT_FOR]
        if any(fresh):
            return True
        return False if fresh else None

"""When routines are due: wall-clock times of the person's zone, as instants (R15).

A time that the clock change skips falls on the first instant after the gap; one that it repeats, on its first pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.profile import WEEKDAYS, Profile, Routine
from config.types import Moment

NOON = time(12, 0)


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time; aware UTC."""
    first = datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)  # ``fold=0``: the first pass of a repeated time
    if first.astimezone(zone).time() == clock:
        return first
    return _end_of_gap(datetime.combine(day, clock, tzinfo=zone).replace(fold=1).astimezone(UTC), first, zone)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between the two at which the clock is put forward, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == old else (before, middle)
    return after


def bedtime(profile: Profile, evening: date, zone: ZoneInfo) -> datetime:
    """The bedtime of an evening; one before noon falls on the next calendar day."""
    clock = profile.bedtime.on(evening)
    return instant(evening + timedelta(days=1) if clock < NOON else evening, clock, zone)


def night_of(profile: Profile, evening: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The bedtime of an evening and the rise after it."""
    begins = bedtime(profile, evening, zone)
    rise = instant(evening + timedelta(days=1), profile.bedtime.rise, zone)
    return begins, rise if rise > begins else rise + timedelta(days=1)


def moment_on(moment: Moment, profile: Profile, day: date, zone: ZoneInfo) -> datetime:
    """The instant of a moment that belongs to ``day``."""
    if moment.anchor == "bedtime":
        return bedtime(profile, day, zone) + moment.offset
    if moment.anchor == "rise":
        return instant(day, profile.bedtime.rise, zone) + moment.offset
    return instant(day, moment.clock, zone)


def routine_on(routine: Routine, profile: Profile, day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a routine that has a time begins on ``day``."""
    assert routine.at is not None  # noqa: S101 (the caller looked)
    return moment_on(routine.at, profile, day, zone)


def last_chance(routine: Routine, due: datetime, profile: Profile, day: date, zone: ZoneInfo) -> datetime:
    """The latest instant at which a routine that was due at ``due`` may still begin: something of it can happen."""
    chances = [due + routine.grace]
    for step in routine.steps:
        begins = due + step.at.offset if step.at.anchor == "start" else moment_on(step.at, profile, day, zone)
        chances.append(begins + step.grace)
    return max(chances)


def due_between(profile: Profile, after: datetime, until: datetime) -> Iterator[tuple[datetime, str, date]]:
    """Every routine due later than ``after`` and not later than ``until``: instant, name, the day it belongs to."""
    zone = ZoneInfo(profile.time_zone)
    first, last = after.astimezone(zone).date() - timedelta(days=2), until.astimezone(zone).date() + timedelta(days=1)
    found = []
    for name, routine in profile.all_routines().items():
        if routine.at is None:
            continue
        for step in range((last - first).days + 1):
            day = first + timedelta(days=step)
            due = moment_on(routine.at, profile, day, zone)
            if after < due <= until and WEEKDAYS[day.weekday()] in routine.weekdays:
                found.append((due, name, day))
    yield from sorted(found)

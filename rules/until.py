"""A person's words for a time to come: "07:30", "monday", "2026-11-23T07:30", or nothing, which is when they get up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from config.profile import WEEKDAYS, Profile
from config.types import parse_clock
from rules.timetable import instant

_JUST_A_DATE = len("2026-11-23")
_DAYS = 9
"""So many days are looked at: until the same weekday comes again, and one more for the clock changes."""


def until_of(profile: Profile) -> Callable[[str, datetime], datetime | None]:
    """What finds the instant (aware UTC) that a person means, as seen from now; None where it is not understood."""
    return partial(_until, profile)


def _until(profile: Profile, words: str, now: datetime) -> datetime | None:
    word = words.strip().lower()
    zone = ZoneInfo(profile.time_zone)
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=step) for step in range(_DAYS)]
    if word in WEEKDAYS:
        return _first(days, now, lambda day: _rise(profile, day, zone) if WEEKDAYS[day.weekday()] == word else None)
    if not word:
        return _first(days, now, lambda day: _rise(profile, day, zone))
    try:
        clock = parse_clock(word)
    except ValueError:
        return _dated(profile, words.strip(), zone)
    return _first(days, now, lambda day: instant(day, clock, zone))


def _first(days: list[date], now: datetime, moment: Callable[[date], datetime | None]) -> datetime | None:
    found = (moment(day) for day in days)
    return next((each for each in found if each is not None and each > now), None)


def _rise(profile: Profile, day: date, zone: ZoneInfo) -> datetime:
    return instant(day, profile.bedtime.rise, zone)


def _dated(profile: Profile, text: str, zone: ZoneInfo) -> datetime | None:
    """A date is the time at which the person gets up then; a time without a zone is theirs."""
    try:
        if len(text) <= _JUST_A_DATE:
            return _rise(profile, date.fromisoformat(text), zone)
        moment = datetime.fromisoformat(text)
        return instant(moment.date(), moment.time(), zone) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None

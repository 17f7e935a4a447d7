"""Which hours the last nights were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from config.profile import Bedtime
from journal.wording import on_clock

_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Night:
    """From bedtime to getting up, and the noon before, from which its day counts. Aware UTC."""

    day_start: datetime
    start: datetime
    end: datetime


def last_nights(bedtime: Bedtime, now: datetime, zone: tzinfo, count: int) -> list[Night]:
    """The nights that are over, the last first."""
    here = now.astimezone(zone)
    last = here.date() if here.time() >= bedtime.rise else here.date() - timedelta(days=1)
    return [_night(bedtime, last - timedelta(days=back), zone, now) for back in range(count)]


def _night(bedtime: Bedtime, rise: date, zone: tzinfo, now: datetime) -> Night:
    evening = rise - timedelta(days=1)
    at = bedtime.on(evening)
    start = on_clock(evening if at >= _NOON else rise, at, zone)
    noon, end = on_clock(evening, _NOON, zone), on_clock(rise, bedtime.rise, zone)
    return Night(noon.astimezone(now.tzinfo), start.astimezone(now.tzinfo), end.astimezone(now.tzinfo))

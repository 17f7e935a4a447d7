"""Until when: the next time to come that words name. A day without a time of the clock means half past seven."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from journal.hear.lexicon import Found
from journal.hear.times import DAY_HOURS, WEEK, Pieces, hours_of, local, pieces_of, wall
from journal.hear.words import Word
from journal.meaning import Moment

_START_OF_DAY = 7 * 60 + 30
_AWAKE_FROM = 6
_LEADS = frozenset({"until", "to", "at", "before", "by"})
_PARTS = {"afternoon": 13 * 60, "evening": 18 * 60, "tonight": 20 * 60}


def until(words: Sequence[Word], found: Sequence[Found], moment: Moment) -> datetime | None:
    """The next time to come that words name: after a length, at a time of the clock, or on a day (at 07:30)."""
    pieces, _ = pieces_of(words, found)
    base = (moment.said_at or moment.now).astimezone(UTC)
    now = local(moment)
    length = next((x for x in (pieces.ahead, pieces.lasting, pieces.ago, pieces.window) if x is not None), None)
    if length is not None:
        return base + timedelta(minutes=length) if length > 0 else None
    day = _named(pieces, now)
    if pieces.clock is None and pieces.meal is None:
        pieces.clock = _bare(words, alone=not pieces.part and day is None)
    if pieces.clock is not None:
        return _next_clock(pieces, moment, base, day)
    minutes = _START_OF_DAY
    if pieces.meal is not None:
        minutes = pieces.meal
    elif pieces.part:
        minutes = _PARTS.get(pieces.part, _START_OF_DAY)
    elif day is None:
        return None
    days = [day] if day is not None else [now, now + timedelta(days=1)]
    return next((at for at in (wall(that, minutes, moment) for that in days) if at > base), None)


def _named(pieces: Pieces, now: datetime) -> datetime | None:
    if pieces.weekday is not None:
        return now + timedelta(days=(pieces.weekday - now.weekday()) % WEEK or WEEK)
    if pieces.shift is not None and pieces.shift >= 0:
        return now + timedelta(days=pieces.shift)
    return None


def _bare(words: Sequence[Word], *, alone: bool) -> tuple[int, int] | None:
    """Like "till nine": the one number is a time of the clock; beside a day only where a word leads to it."""
    numbers = [(index, word.number) for index, word in enumerate(words) if word.number is not None]
    if len(numbers) != 1:
        return None
    index, hour = numbers[0]
    led = index > 0 and words[index - 1].key in _LEADS
    if (alone or led) and hour == int(hour) and 0 < hour <= DAY_HOURS:
        return int(hour), 0
    return None


def _next_clock(pieces: Pieces, moment: Moment, base: datetime, day: datetime | None) -> datetime | None:
    minute = (pieces.clock or (0, 0))[1]
    now = local(moment)
    days = [day] if day is not None else [now, now + timedelta(days=1)]
    times = sorted(wall(that, hour * 60 + minute, moment) for that in days for hour in hours_of(pieces))
    if day is not None and len(times) > 1:
        times = [at for at in times if at.astimezone(moment.zone).hour >= _AWAKE_FROM] or times
    return next((at for at in times if at > base), None)

"""When something was, and how long it took: worked out from the moment that the words were said.

Choices: "at three" is the nearest past three o'clock. A bare hour ("at three") and what is "around" are known by the
hour; figures, am or pm, minutes and "ago" by the minute. A part of the day gets a time in its middle, cut off at now; a
day its noon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from journal.hear.lexicon import Found
from journal.hear.words import Word
from journal.meaning import Moment, Precision

_AGO = frozenset({"ago", "back", "earlier", "before"})
_FOR = frozenset({"for", "lasted", "lasting", "lasts", "took", "duration", "on", "last", "ran", "about", "it", "went"})
_PARTS = {
    "morning": (5 * 60, 9 * 60),
    "afternoon": (12 * 60, 15 * 60),
    "evening": (17 * 60, 20 * 60),
    "tonight": (18 * 60, 21 * 60),
    "night": (0, 3 * 60),
}
"""First minute, and the one that stands for it."""
_SEVERAL = frozenset({"spasms", "cramps", "jerks", "jolts", "kicks", "times", "ones", "attacks", "episodes"})
"""Like "six spasms in an hour": that hour is over."""
_NOON, _DAY, _AN_HOUR = 12 * 60, 1440, 60
_LAST_NIGHT = 23 * 60
WEEK = 7
NOON, DAY_HOURS, NIGHT_BEGINS, MORNING_COMES = 12, 24, 20, 7
_LAST_MINUTE, _AWAKE = 59, range(7, 22)
_EVENING, _SMALL_HOURS = 17, 5
_MORNING = 6


@dataclass(frozen=True, slots=True)
class When:
    """What a sentence says of time. ``at`` is aware UTC; None: no time was said."""

    at: datetime | None = None
    precision: Precision = "minute"
    minutes: float | None = None
    """How long."""
    since: bool = False
    late: bool = False
    """In the future: it cannot have been meant."""
    unsure: bool = False
    taken: frozenset[int] = frozenset()


@dataclass(slots=True)
class Pieces:
    """What was said of time, before it is put together."""

    ago: float | None = None
    lasting: float | None = None
    window: float | None = None
    clock: tuple[int, int] | None = None
    half: str = ""
    exact: bool = False
    part: str = ""
    shift: int | None = None
    weekday: int | None = None
    meal: int | None = None
    now: bool = False
    earlier: bool = False
    since: bool = False
    ahead: float | None = None
    around: bool = False
    vague: bool = False


def local(moment: Moment) -> datetime:
    """The person's wall clock at the moment of saying."""
    return (moment.said_at or moment.now).astimezone(moment.zone)


def wall(day: datetime, minutes: float, moment: Moment) -> datetime:
    """A time of the clock on a day, as UTC; where the clocks change, what is skipped or doubled has one meaning."""
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    return (midnight + timedelta(minutes=minutes)).replace(tzinfo=moment.zone).astimezone(UTC)


def when(words: Sequence[Word], found: Sequence[Found], moment: Moment, *, asleep: bool = False) -> When:
    """All time fragments of one stretch of a sentence, put together. They were found in ``words`` beforehand.

    ``asleep``: it woke the person, so that "at four" is at night.
    """
    pieces, taken = pieces_of(words, found)
    if asleep and pieces.clock is not None and not pieces.part:
        pieces.part = "night"
    base = (moment.said_at or moment.now).astimezone(UTC)
    lasting = pieces.lasting
    at, precision, late = _at(pieces, moment, base)
    if at is None and pieces.window is not None:
        precision = "hour" if pieces.window <= _AN_HOUR else "part_of_day"
        at = base - timedelta(minutes=pieces.window / 2)
    if at is None and pieces.ahead is not None:
        late = True
    unsure = pieces.around and not (
        pieces.part or pieces.half or pieces.shift is not None or pieces.weekday is not None
    )
    return When(at, precision, lasting, pieces.since, late, unsure, frozenset(taken))


def pieces_of(words: Sequence[Word], found: Sequence[Found]) -> tuple[Pieces, set[int]]:
    """The time fragments of a sentence, and which words they take."""
    pieces, taken = Pieces(), set()
    for piece in found:
        kind, *figures = piece.means.split()
        before = words[piece.start - 1].key if piece.start else ""
        before2 = words[piece.start - 2].key if piece.start > 1 else ""
        after = words[piece.end].key if piece.end < len(words) else ""
        taken |= set(range(piece.start, piece.end))
        if before == "since":
            pieces.since = True
            taken.add(piece.start - 1)
        if before in {"every", "each"}:
            continue  # how often, and neither when nor how long
        if kind == "span":
            taken |= _span(pieces, piece, figures, (before2, before, after))
        elif kind == "window":
            length = float(figures[0]) * (piece.numbers[0] if piece.numbers else 1)
            if before == "for" or before2 == "for":
                pieces.lasting, pieces.since = length, True
                pieces.ago = length
            else:
                pieces.window = length
            taken |= {
                index for index in (piece.start - 1, piece.start - 2) if index >= 0 and words[index].key in _WINDOW
            }
        elif kind == "clock":
            _clock(pieces, piece, figures, words)
        else:
            _day(pieces, kind, figures)
    return pieces, taken


_WINDOW = frozenset({"in", "the", "over", "within", "during", "for", "through"})


def _span(pieces: Pieces, piece: Found, figures: Sequence[str], around: tuple[str, str, str]) -> set[int]:
    """A length: how long ago it was, or how long it took, by its neighbours."""
    before2, before, after = around
    parts = [float(figure) for figure in figures if figure != "+"]
    numbers = list(piece.numbers)
    if "+" in figures:
        length = parts[0] * (numbers[0] if numbers else 1) + parts[1]
    else:
        length = sum(part * (numbers[index] if index < len(numbers) else 1) for index, part in enumerate(parts))
    if after in _AGO:
        pieces.ago = (pieces.ago or 0) + length
        return {piece.end}
    if before == "since":
        pieces.ago, pieces.since = length, True
    elif before == "in" and before2 in _SEVERAL:
        pieces.window = length
        return {piece.start - 1}
    elif before == "in" and before2 not in {"over", "done"}:
        pieces.ahead = length
        return {piece.start - 1}
    else:
        pieces.lasting = (pieces.lasting or 0) + length
        if before in _FOR:
            return {piece.start - 1}
        if after in {"long", "straight"}:
            return {piece.end}
    return set()


def _clock(pieces: Pieces, piece: Found, figures: Sequence[str], words: Sequence[Word]) -> None:
    numbers = [int(number) for number in piece.numbers]
    shape = figures[0] if figures else ""
    keys = [word.key for word in words[piece.start : piece.end]]
    hour, minute = (numbers[-1] if numbers else 0), 0
    if shape == "between":
        numbers = numbers[:1]
        hour = numbers[0]
    if figures[-1:] == ["midnight"] and len(figures) > 1:
        hour, pieces.half = (0, "") if shape.startswith("past") else (23, "")
        fixed = int(figures[1]) if figures[1].isdigit() else numbers[0]
        minute = fixed if shape.startswith("past") else 60 - fixed
    elif shape == "past":
        minute = int(figures[1]) if len(figures) > 1 else numbers[0]
    elif shape == "to":
        minute = 60 - (int(figures[1]) if len(figures) > 1 else numbers[0])
        hour = (hour - 1) % 24 if hour != 1 else 12
    elif shape in {"noon", "midnight"}:
        hour, pieces.half = 12, "pm" if shape == "noon" else "am"
    elif len(numbers) > 1:
        hour, minute = numbers[0], numbers[1]
    pieces.since = pieces.since or shape == "since" or "since" in keys
    if hour > DAY_HOURS or minute > _LAST_MINUTE or any(number != int(number) for number in piece.numbers):
        return
    pieces.around = pieces.around or shape == "around"
    if keys[-1] in {"am", "pm"}:
        pieces.half = keys[-1]
    elif keys[-2:] in (["a", "m"], ["p", "m"]):
        pieces.half = keys[-2] + "m"
    vague = keys[0] == "around" or "around" in keys[:2]
    pieces.clock = (hour % DAY_HOURS, minute)
    pieces.vague = vague
    pieces.exact = not vague and (shape not in {"bare", "around", "since", "between"} or hour > NOON)


def _day(pieces: Pieces, kind: str, figures: Sequence[str]) -> None:
    if kind == "part":
        pieces.part = figures[0]
        pieces.shift = int(figures[1]) if len(figures) > 1 else pieces.shift
    elif kind == "day":
        pieces.shift = int(figures[0])
    elif kind == "weekday":
        pieces.weekday = int(figures[0])
        pieces.part = figures[1] if len(figures) > 1 else pieces.part
    elif kind == "meal":
        pieces.meal = int(figures[0])
    elif kind == "now":
        pieces.now = True
    else:
        pieces.earlier = True


def _at(pieces: Pieces, moment: Moment, base: datetime) -> tuple[datetime | None, Precision, bool]:
    """The point in time, how exact, and whether it lies ahead."""
    now = local(moment)
    day = _named_day(pieces, now)
    if pieces.ago is not None:
        return base - timedelta(minutes=pieces.ago), "minute" if pieces.ago < _DAY else "day", False
    if pieces.clock is not None:
        return _clock_at(pieces, moment, base, day)
    if pieces.meal is not None:
        return _meal_at(pieces.meal, day, moment, base), "part_of_day", False
    if pieces.part:
        return _part_at(pieces, moment, base, day)
    return _vaguely(pieces, moment, base, day)


def _meal_at(minutes: int, day: datetime | None, moment: Moment, base: datetime) -> datetime:
    """The last time that it was time for this meal."""
    now = local(moment)
    at = wall(day or now, minutes, moment)
    if at <= base:
        return at
    return base if day is not None else wall(now - timedelta(days=1), minutes, moment)


def _vaguely(
    pieces: Pieces, moment: Moment, base: datetime, day: datetime | None
) -> tuple[datetime | None, Precision, bool]:
    """A day, "earlier", or now."""
    now = local(moment)
    if day is not None and day.date() == now.date():
        return base, "day", False
    if day is not None:
        at = wall(day, _NOON, moment)
        return (None, "minute", True) if at > base else (at, "day", False)
    if pieces.earlier:
        return max(wall(now, 0, moment), base - timedelta(hours=2)), "part_of_day", False
    return (base if pieces.now else None), "minute", False


def _named_day(pieces: Pieces, now: datetime) -> datetime | None:
    if pieces.weekday is not None:
        back = (now.weekday() - pieces.weekday) % WEEK or WEEK
        return now - timedelta(days=back)
    return None if pieces.shift is None else now + timedelta(days=pieces.shift)


def hours_of(pieces: Pieces) -> list[int]:
    """The hours of a day that the clock may have shown so."""
    hour = (pieces.clock or (0, 0))[0]
    if pieces.half:
        return [hour % NOON + (NOON if pieces.half == "pm" else 0)] if hour <= NOON else [hour]
    if 0 < hour <= NOON:
        both = [hour % NOON, hour % NOON + NOON]
        return by_part(both, pieces.part) or both
    return [hour]


def _clock_at(
    pieces: Pieces, moment: Moment, base: datetime, day: datetime | None
) -> tuple[datetime | None, Precision, bool]:
    """The nearest past time that the clock showed this, within the part of the day that was named."""
    minute = (pieces.clock or (0, 0))[1]
    precision: Precision = "minute" if pieces.exact or (pieces.half and not pieces.vague) else "hour"
    hours = [hour * 60 + minute for hour in hours_of(pieces)]
    now = local(moment)
    yesterday = now - timedelta(days=1)
    if day is not None:
        days = [day]
    elif pieces.part == "tonight" and now.hour >= _MORNING:
        days = [now]
    elif pieces.part in {"morning", "afternoon", "evening", "tonight"}:
        days = [now] if any(wall(now, at, moment) <= base for at in hours) else [yesterday]
    else:
        days = [now, yesterday]
    if day is not None and pieces.part == "last_night" and hours[0] < _NOON:
        days = [day + timedelta(days=1)]  # "Tuesday night at three" is on Wednesday
    past = [at for that in days for at in (wall(that, minutes, moment) for minutes in hours) if at <= base]
    if not past:
        return None, "minute", True
    if day is not None and len(past) > 1 and day.date() != now.date():
        # "yesterday at four": in the afternoon, as most people are awake then.
        past = [at for at in past if at.astimezone(moment.zone).hour in _AWAKE] or past
    return max(past), precision, False


def by_part(hours: Sequence[int], part: str) -> list[int]:
    """Those of the hours that lie in a part of the day."""
    if part == "morning":
        return [hour for hour in hours if hour < NOON]
    if part in {"afternoon", "evening"}:
        return [hour for hour in hours if hour >= NOON]
    if part == "tonight":
        return [hour for hour in hours if hour >= _EVENING or hour < _SMALL_HOURS]
    if part in {"night", "last_night"}:
        return [hour for hour in hours if hour >= NIGHT_BEGINS or hour < MORNING_COMES]
    return []


def _part_at(
    pieces: Pieces, moment: Moment, base: datetime, day: datetime | None
) -> tuple[datetime | None, Precision, bool]:
    now = local(moment)
    if pieces.part == "last_night":
        return wall(day or now - timedelta(days=1), _LAST_NIGHT, moment), "part_of_day", False
    first, middle = _PARTS[pieces.part]
    on = day or now
    start = wall(on, first, moment)
    if start > base and day is None:
        if pieces.part == "tonight" and now.hour < _MORNING:
            return base - timedelta(hours=1), "part_of_day", False
        on = now - timedelta(days=1)
        start = wall(on, first, moment)
    if start > base:
        return None, "minute", True
    at = wall(on, middle, moment)
    if at > base:
        at = start + (base - start) / 2
    return at, "part_of_day", False

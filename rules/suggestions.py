"""What the person says about the room, counted: whether a limit may sit better elsewhere. Nothing is changed here.

All numbers are starting points of this project, not medical ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from config.profile import Profile
from rules.words import Words

WINDOW = timedelta(days=21)
"""So far back what was said counts: the season and the person change."""
VOTES = 3
DAYS = 2
"""One bad night says nothing."""
APART = timedelta(minutes=30)
"""What is said again sooner is the same said twice."""
MARGIN_C = 0.3
"""°C. So much before the temperature at which it was too much."""
LOWER_AT_MOST_C = 1.5
RAISE_AT_MOST_C = 0.5
"""°C at a time. More warmth is what can harm, so it is tried in small steps."""
ABOVE_FLOOR_C = 1.0
"""°C. Closer to the floor, cooling could hardly begin before it must end."""
WARMEST_NIGHT_C = 24.0
"""°C. WHO's advice for the night is below this: no limit in bed is raised beyond it."""
NEAR_C = 0.5
"""°C below the setpoint. Where the room is colder than that, cooling is not what made it so."""
STEP_C = 0.1
NIGHT_ENDS = timedelta(hours=12)
"""A night counts as one day: that of its evening."""

HEAT = "triggers.heat."
TARGET = "comfort.target"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The person said "too hot" or "too cold". ``celsius`` is the air of their bedroom then; None: not known."""

    at: datetime
    report: Literal["too_hot", "too_cold"]
    celsius: float | None
    in_bed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Another value for a key of the profile, both in °C, and why."""

    key: str
    now: float
    proposed: float
    why: str


@dataclass(frozen=True, slots=True)
class _Counted:
    """A vote at a known temperature."""

    day: int
    celsius: float
    in_bed: bool | None


def suggestions(votes: Iterable[Vote], profile: Profile, now: datetime) -> list[Suggestion]:
    """What to offer, the strongest need first. Only what was said after the heat trigger's ``set_on`` counts."""
    heat = profile.triggers.heat
    if not heat.enabled or heat.felt:  # a limit that counts humidity in is not one of the air alone
        return []
    said = list(votes)
    hot, cold = (_counted(said, report, profile, now) for report in ("too_hot", "too_cold"))
    found = [_lower("above_in_bed", hot, profile, in_bed=True), _lower("above", hot, profile, in_bed=False)]
    found.append(_warmer(cold, hot, profile))
    return [each for each in found if each is not None]


def _counted(votes: list[Vote], report: str, profile: Profile, now: datetime) -> list[_Counted]:
    zone, since, last = ZoneInfo(profile.time_zone), profile.triggers.heat.set_on, None
    found = []
    for vote in sorted((vote for vote in votes if vote.report == report), key=lambda vote: vote.at):
        evening = (vote.at.astimezone(zone) - NIGHT_ENDS).date()
        if vote.at > now or now - vote.at > WINDOW or (since is not None and evening <= since):
            continue
        if vote.celsius is None or (last is not None and vote.at - last < APART):
            continue
        last = vote.at
        found.append(_Counted(evening.toordinal(), vote.celsius, vote.in_bed))
    return found


def _enough(counted: list[_Counted]) -> bool:
    return len(counted) >= VOTES and len({each.day for each in counted}) >= DAYS


def _lower(
    key: Literal["above", "above_in_bed"], hot: list[_Counted], profile: Profile, *, in_bed: bool
) -> Suggestion | None:
    """It was too hot below the limit, more than once: begin sooner."""
    limit: float = getattr(profile.triggers.heat, key)
    below = [each for each in hot if each.in_bed is in_bed and each.celsius < limit]
    if not _enough(below):
        return None
    usual = median(each.celsius for each in below)
    wanted = max(usual - MARGIN_C, limit - LOWER_AT_MOST_C)
    proposed = max(_rounded(wanted), _up(_lowest(profile, in_bed=in_bed)))
    if proposed > limit - STEP_C / 2:
        return None
    where = "in bed" if in_bed else "out of bed"
    return Suggestion(
        key=f"{HEAT}{key}", now=limit, proposed=proposed, why=_why("too hot", below, profile, where, limit)
    )


def _lowest(profile: Profile, *, in_bed: bool) -> float:
    """The lowest limit that cooling can still end, and that it can end without setting off cold."""
    heat, cold, comfort = profile.triggers.heat, profile.triggers.cold, profile.comfort
    bounds = [comfort.floor_c + max(ABOVE_FLOOR_C, heat.hysteresis)]
    if comfort.target is not None:
        bounds.append(comfort.target + heat.hysteresis)
    if cold.enabled:
        bounds.append(cold.below + heat.hysteresis + STEP_C)
        if comfort.target is None and in_bed:
            bounds.append(cold.below + 1.0)  # what an air conditioner is set to then
    return max(bounds)


def _warmer(cold: list[_Counted], hot: list[_Counted], profile: Profile) -> Suggestion | None:
    """It was too cold where cooling had brought the room: stop sooner."""
    heat, comfort = profile.triggers.heat, profile.comfort
    setpoint = max(comfort.floor_c, heat.above_in_bed - 1.0 if comfort.target is None else comfort.target)
    cooled = [
        each for each in cold if setpoint - NEAR_C <= each.celsius < (heat.above_in_bed if each.in_bed else heat.above)
    ]
    if not _enough(cooled):
        return None
    usual = median(each.celsius for each in cooled)
    highest = min(heat.above, heat.above_in_bed) - heat.hysteresis
    proposed = _down(min(usual + MARGIN_C, setpoint + RAISE_AT_MOST_C, highest))
    if proposed > setpoint + STEP_C / 2:
        if any(each.celsius <= proposed for each in hot):
            return None  # too hot at what would be aimed at: both cannot be
        why = _why("too cold", cooled, profile, "", setpoint)
        return Suggestion(key=TARGET, now=setpoint, proposed=proposed, why=why)
    return _raise_limit([each for each in cooled if each.in_bed], hot, profile) if highest < usual + MARGIN_C else None


def _raise_limit(cold: list[_Counted], hot: list[_Counted], profile: Profile) -> Suggestion | None:
    """Where the setpoint is as high as the limit in bed lets it be, that one is in the way."""
    heat = profile.triggers.heat
    if not _enough(cold) or any(each.in_bed for each in hot):
        return None
    usual, limit = median(each.celsius for each in cold), heat.above_in_bed
    wanted = min(usual + MARGIN_C + heat.hysteresis, limit + RAISE_AT_MOST_C, WARMEST_NIGHT_C, heat.above)
    proposed = _down(wanted)
    if proposed < limit + STEP_C / 2:
        return None
    why = _why("too cold", cold, profile, "in bed", limit)
    return Suggestion(key=f"{HEAT}above_in_bed", now=limit, proposed=proposed, why=why)


def _why(said: str, counted: list[_Counted], profile: Profile, where: str, now: float) -> str:
    words = Words(profile.units, ZoneInfo(profile.time_zone))
    days = len({each.day for each in counted})
    middle = words.temperature(median(each.celsius for each in counted))
    place = f" {where}" if where else ""
    what = "The room is cooled down to" if not where else f"Your limit {where} is"
    return (
        f'In the last {WINDOW.days} days you said "{said}" {len(counted)} times{place}, on {days} days, '
        f"at about {middle}. {what} {words.temperature(now)}."
    )


def _rounded(celsius: float) -> float:
    return round(celsius, 1)


def _up(celsius: float) -> float:
    return ceil(round(celsius / STEP_C, 6)) / 10


def _down(celsius: float) -> float:
    return floor(round(celsius / STEP_C, 6)) / 10

"""Until when a pause lasts: what somebody sent, as an instant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from devices.readings import Reason, Rejection

Until = Callable[[str, datetime], datetime | None]
"""A person's words for a time ("07:30", "monday", "2026-11-23T07:30"; empty: the next time they get up), and now: the
instant that is meant, or None where it is not understood. It knows their zone and when they rise."""

LONGEST = timedelta(days=14)
"""No pause is longer: a forgotten one must not leave somebody without cooling for a summer."""
_BEGIN = frozenset({"", "on", "pause", "true", "yes"})
_END = frozenset({"off", "resume", "false", "no", "end", "over"})
_DATED = re.compile(r"\d{4}-\d\d-\d\d")
_SAY = 'say until when: "07:30", "monday", "2026-11-23T07:30", {"minutes": 90}, or nothing: until you get up'
_WHILE_AWAY = "said while Unclench was away, and not until which day"


def pause_until(
    said: object, at: datetime, until: Until | None, *, unsure: bool = False
) -> datetime | Rejection | None:
    """The end of the pause, None where it is to end now, or why that cannot be.

    ``unsure``: the broker had kept the message, nobody knows since when. Then only a date says what was meant.
    """
    if isinstance(said, dict) and "minutes" in said:
        return _for_minutes(said["minutes"], at, unsure=unsure)
    words = _words(said.get("until", "") if isinstance(said, dict) else said)
    if words is None or isinstance(words, Rejection):
        return words
    if unsure and not _DATED.match(words):
        return Rejection(reason=Reason.RETAINED_EVENT, detail=_WHILE_AWAY)
    found = until(words, at) if until is not None else None
    if found is None:
        return Rejection(reason=Reason.UNKNOWN_STATE, detail=_SAY, path="until")
    return within_limits(found, at)


def _words(wish: object) -> str | Rejection | None:
    """The words for a time, empty for the next time that the person gets up; None ends the pause."""
    if wish is None or isinstance(wish, bool):
        return "" if wish else None
    if not isinstance(wish, str):
        return Rejection(reason=Reason.UNKNOWN_STATE, detail=_SAY, path="until")
    word = wish.strip()
    if word.lower() in _END:
        return None
    return "" if word.lower() in _BEGIN else word


def within_limits(found: datetime, at: datetime) -> datetime | Rejection:
    """The end of a pause, where it lies ahead and not too far."""
    if found <= at:
        return Rejection(reason=Reason.OUT_OF_RANGE, detail="this time is over", path="until")
    if found - at > LONGEST:
        return Rejection(reason=Reason.OUT_OF_RANGE, detail=f"a pause lasts {LONGEST.days} days at most", path="until")
    return found


def _for_minutes(minutes: object, at: datetime, *, unsure: bool) -> datetime | Rejection | None:
    most = LONGEST.days * 24 * 60
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or not 0 <= minutes <= most:
        return Rejection(reason=Reason.OUT_OF_RANGE, detail=f"minutes go from 0 (end it) to {most}", path="minutes")
    if minutes and unsure:
        return Rejection(reason=Reason.RETAINED_EVENT, detail=_WHILE_AWAY)
    return at + timedelta(minutes=minutes) if minutes else None

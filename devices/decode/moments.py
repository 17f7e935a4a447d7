"""When a device last spoke: three formats of the same moment, and none without a time zone."""

from __future__ import annotations

from datetime import datetime

from devices.decode.numbers import parse_number

_MILLISECONDS_FROM = 1e11
"""Larger numbers are milliseconds: as seconds they would lie after the year 5000."""


def epoch_seconds(raw: object) -> float | str:
    """Seconds since 1970 UTC, or what is wrong in a few words.

    Takes ISO 8601 with ``Z`` or an offset, and epoch seconds or milliseconds, as a number or as text. A local time
    without an offset is turned down: it would be off by hours in summer or winter.
    """
    if isinstance(raw, str):
        try:
            moment = datetime.fromisoformat(raw.strip())
        except ValueError:
            return _from_number(raw)
        if moment.tzinfo is None:
            return _from_number(raw) if raw.strip().isdigit() else "it has no time zone"
        return moment.timestamp()
    return _from_number(raw)


def _from_number(raw: object) -> float | str:
    parsed = parse_number(raw)
    if isinstance(parsed, str):
        return parsed
    value, unit = parsed
    if unit:
        return "it is not a time"
    return value / 1000 if value >= _MILLISECONDS_FROM else value

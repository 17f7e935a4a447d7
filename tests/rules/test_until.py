"""Until when somebody means: in their own zone, over both clock changes."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from config.profile import Profile
from rules.until import until_of

BERLIN = ZoneInfo("Europe/Berlin")
EARLY = Profile.model_validate({"name": "Anna", "time_zone": "Europe/Berlin", "bedtime": {"rise": "02:30"}})
ANNA = Profile.model_validate({"name": "Anna", "time_zone": "Europe/Berlin"})


@pytest.mark.parametrize(
    ("words", "now", "until"),
    [
        ("", "2026-11-23T22:00", "2026-11-24T07:30"),
        ("", "2026-11-24T07:29", "2026-11-24T07:30"),
        ("", "2026-11-24T07:30", "2026-11-25T07:30"),
        ("07:30", "2026-11-24T07:30", "2026-11-25T07:30"),
        ("7.30", "2026-11-24T00:10", "2026-11-24T07:30"),
        (" Monday ", "2026-11-21T21:00", "2026-11-23T07:30"),
        ("monday", "2026-11-23T07:30", "2026-11-30T07:30"),
        ("monday", "2026-11-23T01:00", "2026-11-23T07:30"),
        ("2026-11-25", "2026-11-21T21:00", "2026-11-25T07:30"),
        ("2026-11-25 08:15", "2026-11-21T21:00", "2026-11-25T08:15"),
        ("", "2026-10-24T22:00", "2026-10-25T07:30"),
        ("", "2027-03-27T22:00", "2027-03-28T07:30"),
    ],
)
def test_as_the_clock_on_the_wall(words: str, now: str, until: str) -> None:
    start = datetime.fromisoformat(now).replace(tzinfo=BERLIN).astimezone(UTC)
    found = until_of(ANNA)(words, start)
    assert found is not None
    assert found.astimezone(BERLIN).replace(tzinfo=None) == datetime.fromisoformat(until)


def test_a_time_that_the_clock_change_skips_or_repeats() -> None:
    """The end of the gap, and the first pass."""
    spring = until_of(EARLY)("", datetime(2027, 3, 27, 21, 0, tzinfo=UTC))
    autumn = until_of(EARLY)("02:30", datetime(2026, 10, 24, 21, 0, tzinfo=UTC))
    assert spring == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_with_a_zone_of_its_own() -> None:
    found = until_of(ANNA)("2026-11-25T08:15-05:00", datetime(2026, 11, 21, tzinfo=UTC))
    assert found == datetime(2026, 11, 25, 13, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "words", ["soon", "24:00", "montag", "2026-13-01", "0001-01-01T00:00+05:00", "7", "2026-11-25T", "x" * 99]
)
def test_what_is_not_understood(words: str) -> None:
    assert until_of(ANNA)(words, datetime(2026, 11, 21, tzinfo=UTC)) is None

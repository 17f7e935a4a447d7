"""A random person's evenings, with restarts, sleep, outages and hands in between: what must never be, never is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from benchmarks.year import FIRST, Year


@pytest.mark.parametrize("seed", range(4))
def test_nothing_that_must_never_be(seed: int) -> None:
    """No prompt above the limit or in quiet hours, no light raised, and each step happened in time or says why not."""
    year = Year(seed)
    for number in range(25):
        year.live(FIRST + timedelta(days=number))
    assert year.watch.wrong == []
    assert year.outcomes["happened"] > 50
    assert year.outcomes["left out"] > 25


@pytest.mark.parametrize("day", [86, 296], ids=["spring", "autumn"])
def test_around_the_clock_changes(day: int) -> None:
    """The same in the weeks of both."""
    year = Year(7, first=FIRST + timedelta(days=day - 3))
    for number in range(7):
        year.live(FIRST + timedelta(days=day - 3 + number))
    assert year.watch.wrong == []

"""Hourly aggregates: weighted by time, gaps are missing and never zero, and no minute counts twice."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest

from journal.hours import HELD, HourMeter, HourRow, Level

TEN = datetime(2026, 7, 14, 10, tzinfo=UTC)
FACT = "bedroom.temperature"


def minutes(number: float) -> datetime:
    """So many minutes after ten."""
    return TEN + timedelta(minutes=number)


def lived(*observed: tuple[float, Level], ends: float) -> list[HourRow]:
    """The rows of one fact, observed at minutes after ten."""
    meter, rows = HourMeter(), []
    for at, level in observed:
        rows += meter.observe(minutes(at), {FACT: level})
    return [*rows, *meter.observe(minutes(ends), {})]


def test_a_mean_is_weighted_by_time() -> None:
    """Twenty minutes at 20 °C, forty at 23."""
    assert lived((0, 20.0), (20, 23.0), ends=60) == [
        HourRow(fact=FACT, hour=TEN, known_minutes=60, mean=22.0, low=20.0, high=23.0)
    ]


def test_a_yes_is_counted_in_minutes() -> None:
    """And never given a mean."""
    assert lived((0, False), (45, True), ends=60) == [HourRow(fact=FACT, hour=TEN, known_minutes=60, true_minutes=15.0)]


def test_the_unknown_is_missing_and_not_zero() -> None:
    """Not in the minutes, not in the mean; an hour without any knowledge has no row."""
    (row,) = lived((0, 20.0), (15, None), (45, 22.0), ends=60)
    assert (row.known_minutes, row.mean, row.low) == (30, 21.0, 20.0)
    assert lived((0, None), (30, None), ends=90) == []
    assert lived((0, float("nan")), (30, float("inf")), ends=60) == []
    (row,) = lived((0, None), (30, False), ends=60)
    assert (row.known_minutes, row.true_minutes) == (30, 0.0), "no is known, and unknown is not no"


def test_a_long_gap_is_unknown() -> None:
    """Just short enough counts; a minute more, and nothing of it does."""
    short, long = HELD / timedelta(minutes=1), HELD / timedelta(minutes=1) + 1
    assert [row.known_minutes for row in lived((0, 20.0), (30, 20.0), (30 + short, 20.0), ends=120)] == [60, 60]
    assert [row.known_minutes for row in lived((0, 20.0), (30, 20.0), (30 + long, 20.0), ends=120)] == [30, 24]


def test_every_hour_that_a_level_lasted_through_has_its_row() -> None:
    """From 10:58 to 12:02 in one piece."""
    assert [(row.hour.hour, row.known_minutes) for row in lived((58, 20.0), (122, 20.0), ends=180)] == [
        (10, 2),
        (11, 60),
        (12, 60),
    ]


def test_a_clock_set_back_within_the_hour_counts_no_minute_twice() -> None:
    """Half past comes again."""
    (row,) = lived((0, 20.0), (45, 22.0), (30, 24.0), (45, 24.0), ends=60)
    assert row.known_minutes == 60
    assert row.mean == pytest.approx((45 * 20 + 15 * 24) / 60)


def test_a_clock_set_back_by_days_begins_anew_and_goes_on() -> None:
    """It had been in the future: the hours of the right time are counted at once."""
    meter = HourMeter()
    meter.observe(minutes(0), {FACT: 20.0})
    meter.observe(minutes(30), {FACT: 20.0})
    before = TEN - timedelta(days=300)
    (wrong,) = meter.observe(before, {FACT: 21.0})
    assert (wrong.hour, wrong.known_minutes) == (TEN, 30)
    (right,) = meter.observe(before + timedelta(minutes=60), {FACT: 21.0})
    assert (right.hour, right.known_minutes, right.mean) == (before, 60, 21.0)


def test_the_running_hour_can_be_closed() -> None:
    """And what comes after it is not known until it is observed."""
    meter = HourMeter()
    meter.observe(minutes(0), {FACT: 20.0})
    meter.observe(minutes(10), {FACT: 20.0})
    assert [row.known_minutes for row in meter.close()] == [10]
    assert meter.close() == []
    assert meter.observe(minutes(20), {FACT: 20.0}) == []
    assert [row.known_minutes for row in meter.observe(minutes(60), {})] == [40]


def test_a_fact_that_changes_its_kind_begins_anew() -> None:
    """A sensor was renamed; a yes is no number."""
    (row,) = lived((0, 20.0), (30, True), ends=60)
    assert (row.mean, row.true_minutes, row.known_minutes) == (None, 30.0, 30)


def test_hours_are_utc() -> None:
    """Wherever the person lives."""
    india = timezone(timedelta(hours=5, minutes=30))
    meter = HourMeter()
    meter.observe(TEN.astimezone(india), {FACT: 20.0})
    (row,) = meter.observe(minutes(60).astimezone(india), {})
    assert (row.hour, row.known_minutes) == (TEN, 60)


def random_life(seed: int) -> list[tuple[datetime, dict[str, Level]]]:
    """Observations in order, with gaps, unknowns, and a clock that is set back now and then."""
    chance, at = random.Random(seed), TEN
    found: list[tuple[datetime, dict[str, Level]]] = []
    for _ in range(400):
        at += timedelta(minutes=chance.choice((0, 0.5, 1, 3, 10, 20, 64, 65, 66, 300)) * chance.random())
        if chance.random() < 0.05:
            at -= timedelta(minutes=chance.choice((1, 10, 59)))
        levels: dict[str, Level] = {}
        for name in ("warm", "damp"):
            levels[name] = chance.choice((None, round(chance.gauss(22, 4), 2), 0.1, 0.7))
        levels["in_bed"] = chance.choice((None, True, False))
        found.append((at, levels))
    return found


@pytest.mark.parametrize("seed", range(25))
def test_what_always_holds(seed: int) -> None:
    """Whatever is observed: at most an hour in an hour, means between low and high, yeses within what is known."""
    meter, rows = HourMeter(), []
    for at, levels in random_life(seed):
        rows += meter.observe(at, levels)
    rows += meter.close()
    assert len(rows) > 50
    for row in rows:
        assert 0 < row.known_minutes <= 60 or row.known_minutes == 0.0
        assert row.hour == row.hour.replace(minute=0, second=0, microsecond=0)
        if row.fact == "in_bed":
            assert row.mean is None
            assert row.true_minutes is not None
            assert 0 <= row.true_minutes <= row.known_minutes
        else:
            assert row.true_minutes is None
            assert None not in (row.low, row.mean, row.high)
            assert (row.low or 0) <= (row.mean or 0) <= (row.high or 0)


@pytest.mark.parametrize("seed", range(25))
def test_nothing_is_counted_twice_while_the_clock_runs_on(seed: int) -> None:
    """Without setting back each hour of a fact has one row, and no more is known than time has passed."""
    meter, rows = HourMeter(), []
    life = sorted(random_life(seed), key=lambda each: each[0])
    for at, levels in life:
        rows += meter.observe(at, levels)
    rows += meter.close()
    assert max(Counter((row.fact, row.hour) for row in rows).values()) == 1
    whole = (life[-1][0] - life[0][0]) / timedelta(minutes=1)
    assert sum(row.known_minutes for row in rows if row.fact == "warm") <= whole + 0.01 * len(rows)


@pytest.mark.parametrize("seed", range(10))
def test_a_restart_anywhere_changes_nothing(seed: int) -> None:
    """The memory goes through JSON as the snapshot does."""
    chance, straight, broken = random.Random(seed), HourMeter(), HourMeter()
    for at, levels in random_life(seed):
        if chance.random() < 0.3:
            dumped = json.loads(json.dumps(broken.dump()))
            broken = HourMeter()
            broken.load(dumped)
        assert broken.observe(at, levels) == straight.observe(at, levels)
    assert broken.close() == straight.close()


def test_an_empty_memory_is_a_new_meter() -> None:
    """A snapshot of an older version has none."""
    meter = HourMeter()
    meter.load({})
    assert meter.observe(TEN, {FACT: 20.0}) == []
    assert [row.known_minutes for row in meter.observe(minutes(60), {})] == [60]

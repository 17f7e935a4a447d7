"""What would have been: the difference to the record, and what a stretch of days came to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from rules.whatif import (
    MINUTE,
    Difference,
    Fit,
    Minute,
    Tally,
    Used,
    fit,
    interpolated,
    thermostat_runs,
    too_little,
)

AT = datetime(2026, 7, 1, tzinfo=UTC)
WAYS = Fit(a=0.9, b=0.15, c=0.14, q=6.0, error_c=0.1, hours=100.0, cooled_hours=10.0, learned=True)


def lived(cooled: Callable[[int], float], minutes: int = 600) -> list[float]:
    """A room with exactly these ways, a window that is opened for a while, and its own weather."""
    air, mass, path = 26.0, 25.0, []
    for minute in range(minutes):
        window = -4.0 if 200 <= minute < 230 else 0.0
        outside = 30.0 - minute / 100
        rise = WAYS.a * (mass - air) + WAYS.b * (outside - air) - WAYS.q * cooled(minute) + window
        mass += (WAYS.c * (air - mass) + WAYS.c / 7 * (outside - mass)) / 60
        air += rise / 60
        path.append(air)
    return path


def early(minute: int) -> float:
    return 1.0 if 100 <= minute < 160 else 0.0


def late(minute: int) -> float:
    return 0.5 if 300 <= minute < 400 else 0.0


def test_the_difference_is_what_really_would_have_been() -> None:
    """Weather and window stay as they were: nobody needs to know them."""
    recorded, otherwise, difference = lived(early), lived(late), Difference(WAYS)
    for minute, celsius in enumerate(recorded):
        difference.step(MINUTE, late(minute) - early(minute))
        # Euler steps of the two nodes in another order: a hundredth of a degree.
        assert celsius + difference.air == pytest.approx(otherwise[minute], abs=0.02)
    assert max(abs(a - b) for a, b in zip(recorded, otherwise, strict=True)) > 2


def test_with_the_cooling_of_the_record_nothing_differs() -> None:
    difference = Difference(WAYS)
    for _ in range(600):
        difference.step(MINUTE, 0.0)
    assert (difference.air, difference.mass) == (0.0, 0.0)


def test_readings_become_a_line_without_inventing_anything() -> None:
    readings = [(AT, 20.0), (AT + 10 * MINUTE, 21.0), (AT + 80 * MINUTE, 25.0), (AT + 90 * MINUTE, 24.0)]
    minutes = [AT + minute * MINUTE for minute in (-1, 0, 5, 10, 40, 80, 85, 90)]
    assert list(interpolated(readings, minutes)) == [None, 20.0, 20.5, None, None, 25.0, 24.5, None]
    assert list(interpolated([], [AT])) == [None]


@pytest.mark.parametrize(
    ("air", "ran", "runs"),
    [(23.4, True, False), (23.6, True, True), (23.6, False, False), (24.4, False, False), (24.6, False, True)],
)
def test_an_air_conditioner_with_its_own_thermostat(air: float, ran: bool, runs: bool) -> None:
    assert thermostat_runs(air, 24.0, runs=ran) is runs


def test_what_is_counted() -> None:
    """Warm minutes in bed alone, with the fan's part taken off; starts; power; cold; an empty room."""
    tally = Tally((23.0, 24.0))
    rests, runs = Used((0.0,), 30.0, fan_c=0.5), Used((1.0,), 600.0)
    tally.add(24.5, rests, in_bed=True)  # 24.0 with the fan
    tally.add(25.0, runs, in_bed=True)
    tally.add(25.0, runs, in_bed=False)
    tally.add(17.9, rests, in_bed=False)
    tally.add(None, runs, in_bed=True)  # a start, but nobody knows how warm it was
    assert tally.to_json() == {
        "limits_c": [23.0, 24.0],
        "minutes": 4,
        "in_bed_minutes": 2,
        "over_minutes": [2, 1],
        "degree_minutes_c": [3.0, 1.0],
        "cold_minutes": 1,
        "kwh": round((30 + 600 + 600 + 30) / 60_000, 2),
        "starts": 2,
        "empty_hours": 0.02,
    }


def test_a_compressor_that_turns_itself_down_does_not_start_anew() -> None:
    """It starts from rest only, and what ran at the beginning did not start then."""
    tally = Tally((23.0,))
    for share in (1.0, 0.2, 0.6, 0.1, 0.0, 0.3, 0.6, 0.4, 0.9):
        tally.add(24.0, Used((share,), 0.0), in_bed=True)
    assert tally.starts == 1


def minutes(hours: int, *, share: float = 0.0) -> list[Minute]:
    """So many hours of readings."""
    return [Minute(AT + each * MINUTE, 25.0, False, None, share, True, True) for each in range(hours * 60)]


def test_too_little_to_say_anything() -> None:
    """It is said what is missing."""
    short, never = minutes(47), minutes(49)
    assert too_little(short, fit(short)).startswith("There are readings of 47 h in this time, and it takes 2 days")
    assert too_little(never, fit(never)).startswith("The room was cooled for 0 min in this time")
    cooled = minutes(49, share=0.1)
    assert too_little(cooled, fit(cooled)) == ""
    assert fit([]) is None


def test_the_fit_knows_how_much_it_is_made_from() -> None:
    found = fit(minutes(49, share=0.5))
    assert found is not None
    assert found.hours == pytest.approx(49, abs=0.1)
    assert found.cooled_hours == pytest.approx(24.5, abs=0.1)
    assert timedelta(hours=found.hours) > timedelta(days=2)

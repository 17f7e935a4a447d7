"""The figures of a summer, on a series that is short enough to be added up by hand."""

from __future__ import annotations

import pytest

from benchmarks.summer.metrics import Meter, Totals
from benchmarks.summer.report import cells
from benchmarks.summer.sleeper import InBed

NIGHT = InBed(0, 36_000, 0, nap=False)
AFTER_A_TRIP = InBed(7_200, 36_000, 0, nap=False)
NAP = InBed(50_000, 54_000, 50_000, nap=True)


def see(meter: Meter, now_s: int, in_bed: InBed | None, felt_c: float, *, power: float = 0.0, fan: int = 0) -> None:
    """One step; the air is as it feels."""
    meter.see(now_s, in_bed, air_c=felt_c, felt_c=felt_c, power=power, commanded=power > 0, fan=fan)


def test_exposure_is_degree_minutes_above_the_trigger_while_in_bed() -> None:
    meter = Meter(24.0)
    for now in range(0, 600, 20):
        see(meter, now, NIGHT, 25.5)  # 10 min at 1.5 K in the first hour
    for now in range(600, 1200, 20):
        see(meter, now, NIGHT, 23.9)
    for now in range(1200, 1800, 20):
        see(meter, now, None, 30.0)  # up
    for now in range(7_200, 7_320, 20):
        see(meter, now, AFTER_A_TRIP, 24.5)  # 2 min at 0.5 K, of the same night and not its first hour
    for now in range(50_000, 50_060, 20):
        see(meter, now, NAP, 26.0)  # 1 min at 2 K
    totals = meter.finish()
    assert totals.exposure == pytest.approx(15 + 1 + 2)
    assert totals.exposure_nights == pytest.approx(16)
    assert totals.exposure_first_hour == pytest.approx(15)
    assert totals.exposure_naps == pytest.approx(2)
    assert meter.by_night == {0: pytest.approx(16), 50_000: pytest.approx(2)}


def test_starts_short_periods_and_hours_in_an_empty_room() -> None:
    meter = Meter(24.0)
    on = [(0, 100), (240, 500), (680, 840)]  # off for 140 s and 180 s between; on for 100, 260 and 160 s
    for now in range(0, 1200, 20):
        see(meter, now, None, 23.0, power=1.0 if any(begin <= now < end for begin, end in on) else 0.0)
    totals = meter.finish()
    assert totals.starts == 3
    assert totals.short == totals.short_commands == 3  # 100 s on, 140 s off, 160 s on: exactly 3 minutes is not short
    assert totals.empty_min == pytest.approx((100 + 260 + 160) / 60)
    assert totals.ac_changes == 0  # nobody was in bed to hear it


def test_fan_changes_count_at_night_in_bed_only() -> None:
    meter = Meter(24.0)
    for now, in_bed, fan in ((0, None, 40), (20, NIGHT, 40), (40, NIGHT, 60), (60, NIGHT, 0), (80, NAP, 50)):
        see(meter, now, in_bed, 23.0, fan=fan)
    assert meter.finish().fan_changes == 2


def test_cold_minutes_and_the_steepest_fall() -> None:
    meter = Meter(24.0)
    for minute in range(240):  # from 23.9 °C down by 2.4 K an hour
        now = minute * 60
        see(meter, now, NIGHT, 23.9 - 0.04 * minute)
    totals = meter.finish()
    assert totals.worst_fall_k == pytest.approx(2.4)
    assert totals.cold_min == pytest.approx((240 - 148) / 3)  # from minute 148 on, each step counted as 20 s
    above = Meter(24.0)
    for minute in range(60):
        see(above, minute * 60, NIGHT, 27.0 - 0.04 * minute)
    assert above.finish().worst_fall_k == 0.0  # too hot as it is: the faster the better


def test_electricity_adds_up() -> None:
    meter = Meter(24.0)
    for _ in range(180):
        meter.used(900.0, 20.0)
    assert meter.totals.kwh == pytest.approx(0.92)
    assert meter.totals.kwh_fan == pytest.approx(0.02)


def test_summers_are_added_up_and_set_beside_the_reference() -> None:
    reference = Totals(nights=10, exposure=400, exposure_nights=200, exposure_first_hour=100, kwh=20)
    totals = Totals(worst_fall_k=1.0)
    totals.add(Totals(nights=4, exposure=30, exposure_nights=5, exposure_naps=25, kwh=10, starts=12, worst_fall_k=0.5))
    totals.add(Totals(nights=6, exposure=10, exposure_first_hour=4, kwh=11, starts=8, fan_changes=5))
    row = cells("mine", totals, reference)
    assert row[:6] == ["mine", "10.0", "2.5", "1.0", "6.2", "105.0"]
    assert row[7] == "2.0"
    assert row[11:13] == ["0.50", "1.0"]

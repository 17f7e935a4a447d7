"""Two hot days from end to end: the simulated bedroom on one side of a pipe, the program on the other."""

from __future__ import annotations

import pytest

from benchmarks.summer.cases import Case, cases
from benchmarks.summer.metrics import Totals
from benchmarks.summer.simulate import Bedroom, Options, _driver
from tests.benchmarks.summers import sunny

DAYS = 2
OPTIONS = {
    "plain": Options(days=DAYS),
    "all at once": Options(days=DAYS, states=True, silent_outages=True, outdoor=True, sensor="coarse"),
}


def live(strategy: str, options: Options) -> tuple[Totals, dict[int, float]]:
    """Two days and nights of one strategy in the room of the first case."""
    case: Case = cases("tune")[0]
    weather = sunny(warmest_c=30, coldest_c=20)
    bedroom = Bedroom(case, strategy, weather, options)
    bedroom.warm_up()
    with _driver(strategy, case, weather, options) as driver:
        bedroom.live(driver)
    return bedroom.meter.finish(), bedroom.meter.by_night


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_two_days_with_the_program(options: Options) -> None:
    alone, _ = live("none", options)
    assert alone.nights == 2
    assert alone.exposure_nights > 500  # a hot room, or nothing is shown
    cooled, by_night = live("unclench-ac-fan", options)
    assert cooled.exposure_nights < 0.1 * alone.exposure_nights
    assert cooled.exposure == pytest.approx(sum(by_night.values()))
    assert cooled.cold_min == 0
    assert cooled.short_commands == 0
    assert 0.5 < cooled.kwh < 15
    assert 0 < cooled.kwh_fan < cooled.kwh


def test_it_comes_out_the_same_twice() -> None:
    assert live("unclench-ac", OPTIONS["plain"]) == live("unclench-ac", OPTIONS["plain"])

"""A made-up year, so that a simulated summer needs no download."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from benchmarks.summer.weather import HOURS, YEAR, Weather


def sunny(*, warmest_c: float, coldest_c: float) -> Weather:
    """Every day alike, under a clear sky at the longitude of London: warmest at 15:00."""
    middle, swing = (warmest_c + coldest_c) / 2, (warmest_c - coldest_c) / 2
    return Weather(
        start_s=datetime(YEAR, 1, 1, tzinfo=UTC).timestamp(),
        temperature_c=[middle + swing * math.cos((hour - 15) * math.pi / 12) for hour in range(HOURS)],
        ghi_w_m2=[max(0.0, 800 * math.sin((hour % 24 - 6) * math.pi / 12)) for hour in range(HOURS)],
        longitude=0.0,
        time_zone="UTC",
    )

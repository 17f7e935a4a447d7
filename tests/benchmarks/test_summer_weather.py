"""The files of real places are read at the right hour, in the right unit. The values are those that the files show."""

from __future__ import annotations

from datetime import UTC, datetime
from subprocess import CalledProcessError

import pytest

from benchmarks.summer.weather import CLIMATES, YEAR, fetch, load
from tests.conftest import give_up
from tests.peers.versions import Unavailable

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180), pytest.mark.xdist_group("weather")]


@pytest.fixture(scope="module")
def _files() -> None:
    """Skip where the files are not there and cannot be had."""
    try:
        fetch()
    except (CalledProcessError, OSError) as error:
        give_up(Unavailable(f"the weather files cannot be downloaded: {error}"))


# Local standard time, as in the file; °C in the file, to which some climates add; W/m².
KNOWN = {
    "greensboro": (("01-01T01:00-05:00", 10.0, 0), ("07-15T15:00-05:00", 31.1, 805), ("12-31T15:00-05:00", 3.3, 188)),
    "burlington": (("01-01T15:00-05:00", 1, 104), ("07-15T01:00-05:00", 20, 0), ("07-15T15:00-05:00", 31, 752)),
    "colorado": (("01-01T00:30-07:00", -5, 0), ("07-15T14:30-07:00", 26, 99), ("12-31T23:30-07:00", -4, 0)),
    "turin": (("01-01T00:00+00:00", 2.29, 0), ("07-15T12:00+00:00", 25.0, 837), ("07-15T14:00+00:00", 25.52, 718)),
    "miami": (("01-01T01:00-05:00", 20.0, 0), ("07-15T01:00-05:00", 27.2, 0), ("07-15T15:00-05:00", 30.6, 617)),
    "amsterdam": (("07-15T01:00+01:00", 16.3, 0), ("07-15T15:00+01:00", 17.9, 729), ("12-31T15:00+01:00", 4.9, 68)),
}


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize("name", CLIMATES)
def test_known_hours(name: str) -> None:
    weather, shift_k = load(name), CLIMATES[name].shift_k
    assert len(weather.temperature_c) == len(weather.ghi_w_m2) == 8760
    for at, celsius, ghi in KNOWN[name]:
        found = weather.at(datetime.fromisoformat(f"{YEAR}-{at}").timestamp())
        assert found == pytest.approx((celsius + shift_k, ghi), abs=1e-6), at


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize("name", CLIMATES)
def test_a_summer_begins_at_midday_and_is_warm(name: str) -> None:
    weather = load(name)
    begins = weather.hottest(56)
    local = (begins + weather.civil_offset_s()) % 86400
    assert local == 12 * 3600
    assert datetime.fromtimestamp(begins, UTC).month in (6, 7, 8)
    noons = [weather.at(begins + day * 86400)[0] for day in range(56)]
    assert sum(noons) / 56 > 20

"""Hourly outdoor air temperature and sunshine of real places, from the data files in a wheel of pvlib.

The wheel is downloaded once into the cache of the tests and read as the zip file that it is: neither pvlib nor pandas
is needed. pvlib stopped shipping most of these files after 0.10.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

WHEEL = "pvlib-0.10.5-py3-none-any.whl"
REQUIREMENT = "pvlib==0.10.5 --hash=sha256:ad4d935bda052089f63b6a68a1c9e5894f34f0f73fca300cda7fc16ee6f1d586\n"
YEAR = 2025
"""All files are laid into this year: a typical year is put together from many."""
HOUR_S, DAY_S = 3600, 86400
HOURS = 8760

Sample = tuple[float, float]
"""Air temperature in °C, global horizontal irradiance in W/m²."""
Read = Callable[[list[str]], Iterator[Sample]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate:
    """A place, and how its file is read."""

    name: str
    member: str
    """The file in `pvlib/data` of the wheel."""
    read: Read
    first_hour: float
    """When the first sample was taken, in hours since the first of January in the file's own time."""
    file_utc_h: float
    """The file's own time is so many hours ahead of UTC."""
    longitude: float
    time_zone: str
    shift_k: float = 0.0
    """Added to every temperature: a cool place after some decades, so that its nights need cooling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """A year of samples, one an hour."""

    start_s: float
    temperature_c: list[float]
    ghi_w_m2: list[float]
    longitude: float
    time_zone: str

    def at(self, now_s: float) -> Sample:
        """Temperature and irradiance at a time, in a straight line between two hours."""
        hours = (now_s - self.start_s) / HOUR_S
        index = int(hours)
        part = hours - index
        after = (index + 1) % HOURS
        temperature = self.temperature_c[index] * (1 - part) + self.temperature_c[after] * part
        return temperature, self.ghi_w_m2[index] * (1 - part) + self.ghi_w_m2[after] * part

    def civil_offset_s(self) -> int:
        """How far the clocks of the place are ahead of UTC in summer, in seconds."""
        offset = datetime(YEAR, 7, 15, tzinfo=ZoneInfo(self.time_zone)).utcoffset()
        return int((offset or timedelta(0)).total_seconds())

    def hottest(self, days: int) -> int:
        """Noon of the day (civil time, as seconds since 1970) that begins the warmest run of so many days."""
        daily = [sum(self.temperature_c[day * 24 : day * 24 + 24]) for day in range(365)]
        sums = [sum(daily[first : first + days]) for first in range(365 - days)]
        year = int(datetime(YEAR, 1, 1, tzinfo=UTC).timestamp())
        return year + sums.index(max(sums)) * DAY_S + DAY_S // 2 - self.civil_offset_s()


def _tmy3(lines: list[str]) -> Iterator[Sample]:
    for row in csv.reader(lines[2:]):
        yield float(row[31]), float(row[4])


def _tm2(lines: list[str]) -> Iterator[Sample]:
    for line in lines[1:]:
        yield int(line[67:71]) / 10, float(line[17:21])


def _epw(lines: list[str]) -> Iterator[Sample]:
    for row in csv.reader(lines[8:]):
        yield float(row[6]), float(row[13])


def _pvgis(lines: list[str]) -> Iterator[Sample]:
    for row in csv.reader(lines):
        if row and ":" in row[0] and row[0][:8].isdigit():
            yield float(row[1]), float(row[3])


def _psm3(lines: list[str]) -> Iterator[Sample]:
    for row in csv.DictReader(lines):
        yield float(row["Temperature"]), float(row["GHI"])


_BURLINGTON = (
    "Burlington, United States SolarAnywhere Time Series 2021 Lat_44_465 Lon_-73_205 TMY3 format.csv"  # a real year
)
CLIMATES = {
    climate.name: climate
    for climate in (
        Climate(
            name="greensboro",
            member="723170TYA.CSV",
            read=_tmy3,
            first_hour=1.0,
            file_utc_h=-5,
            longitude=-79.95,
            time_zone="America/New_York",
        ),
        Climate(
            name="burlington",
            member=_BURLINGTON,
            read=_tmy3,
            first_hour=1.0,
            file_utc_h=-5,
            longitude=-73.2,
            time_zone="America/New_York",
            shift_k=1.5,
        ),
        Climate(
            name="colorado",
            member="test_psm3_tmy-2017.csv",
            read=_psm3,
            first_hour=0.5,
            file_utc_h=-7,
            longitude=-108.5,
            time_zone="America/Denver",
        ),
        Climate(
            name="turin",
            member="tmy_45.000_8.000_2005_2016.csv",
            read=_pvgis,
            first_hour=0.0,
            file_utc_h=0,
            longitude=8.0,
            time_zone="Europe/Rome",
        ),
        Climate(
            name="miami",
            member="12839.tm2",
            read=_tm2,
            first_hour=1.0,
            file_utc_h=-5,
            longitude=-80.27,
            time_zone="America/New_York",
        ),
        Climate(
            name="amsterdam",
            member="NLD_Amsterdam062400_IWEC.epw",
            read=_epw,
            first_hour=1.0,
            file_utc_h=1,
            longitude=4.77,
            time_zone="Europe/Amsterdam",
            shift_k=5.0,
        ),
    )
}


def _cache() -> Path:
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "unclench-tests"
    return Path(os.environ.get("UNCLENCH_TEST_CACHE") or default) / "weather"


def fetch() -> Path:
    """The wheel with the files; downloaded when it is not there yet (30 MB)."""
    wheel = _cache() / WHEEL
    if wheel.exists():
        return wheel
    wheel.parent.mkdir(parents=True, exist_ok=True)
    wanted = wheel.parent / "requirements.txt"
    wanted.write_text(REQUIREMENT)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--no-deps"]
    subprocess.run([*pip, "--require-hashes", "-r", str(wanted), "-d", str(wheel.parent)], check=True)
    return wheel


def load(name: str) -> Weather:
    """The year of a climate by its name."""
    climate = CLIMATES[name]
    with zipfile.ZipFile(fetch()) as archive, archive.open(f"pvlib/data/{climate.member}") as member:
        lines = io.TextIOWrapper(member, encoding="utf-8", errors="replace").read().splitlines()
    samples = list(climate.read(lines))[:HOURS]
    if len(samples) != HOURS:
        problem = f"{climate.member} holds {len(samples)} hours, not {HOURS}"
        raise ValueError(problem)
    year = datetime(YEAR, 1, 1, tzinfo=UTC).timestamp()
    return Weather(
        start_s=year + (climate.first_hour - climate.file_utc_h) * HOUR_S,
        temperature_c=[temperature + climate.shift_k for temperature, _ in samples],
        ghi_w_m2=[max(0.0, ghi) for _, ghi in samples],
        longitude=climate.longitude,
        time_zone=climate.time_zone,
    )

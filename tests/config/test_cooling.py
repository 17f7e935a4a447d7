"""What a home says about the devices that cool, and what counts where it says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.home import (
    ClimateCooling,
    CoolingDevice,
    CoverCooling,
    FanCooling,
    Home,
    SwitchCooling,
    cooling_entity,
)
from config.load import load
from tests.config.homes import HOME, write_home


def _cooling(*devices: str) -> list[CoolingDevice]:
    rooms = {"bedroom": {"person": "anna", "cooling": list(map(_written, devices))}}
    return Home.model_validate({"rooms": rooms}).rooms["bedroom"].cooling


def _written(line: str) -> dict[str, object]:
    return {key: int(value) if value.isdigit() else value for key, _, value in (w.partition("=") for w in line.split())}


def test_every_kind_is_known_by_its_key() -> None:
    devices = _cooling("climate=climate.a", "fan=fan.b", "switch=switch.c", "cover=cover.d")
    assert [type(device) for device in devices] == [ClimateCooling, FanCooling, SwitchCooling, CoverCooling]
    assert list(map(cooling_entity, devices)) == ["climate.a", "fan.b", "switch.c", "cover.d"]


@pytest.mark.parametrize(
    ("line", "by_night"),
    [
        ("fan=fan.a", 40),
        ("fan=fan.a percentage=100", 40),
        ("fan=fan.a percentage=25", 25),
        ("fan=fan.a percentage=25 at_night=50", 50),
        ("fan=fan.a at_night=10", 10),
    ],
)
def test_a_fan_is_slower_at_night_unless_told_otherwise(line: str, by_night: int) -> None:
    (fan,) = _cooling(line)
    assert isinstance(fan, FanCooling)
    assert fan.night_percentage == by_night


@pytest.mark.parametrize(
    ("line", "watts"),
    [
        ("climate=climate.a", 800),
        ("fan=fan.a", 30),
        ("switch=switch.a", 300),
        ("switch=switch.a cools=bed", 60),
        ("cover=cover.a", 0),
        ("climate=climate.a watts=1100", 1100),
        ("switch=switch.a cools=bed watts=45", 45),
        ("cover=cover.a watts=5", 5),
    ],
)
def test_power_is_estimated_where_it_is_not_written(line: str, watts: int) -> None:
    (device,) = _cooling(line)
    assert device.takes_w == watts


def test_how_fast_a_room_may_be_cooled_is_a_step(tmp_path: Path) -> None:
    anna = "name: Anna\ntime_zone: Europe/London\n"
    assert load(write_home(tmp_path, anna=anna)).profiles["anna"].comfort.fastest == 2.0
    in_fahrenheit = f"{anna}units: F\ncomfort: {{fastest: 1.8}}\n"
    assert load(write_home(tmp_path / "f", anna=in_fahrenheit)).profiles["anna"].comfort.fastest == 1.0


def test_too_hot_and_too_cold_can_be_said_by_everybody(tmp_path: Path) -> None:
    reported = load(write_home(tmp_path, home=HOME)).profiles["anna"].triggers.reported()
    for name, words in (("too_hot", "too hot"), ("too_cold", "too cold")):
        lasts = reported[name].lasts
        assert reported[name].says == words
        assert lasts is not None
        assert lasts.total_seconds() == 2 * 3600

"""The small parts: numbers, units, ranges, moments and names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.decode import is_unit
from devices.decode.moments import epoch_seconds
from devices.decode.numbers import parse_number
from devices.decode.ranges import LIMITS, wrong_with
from devices.decode.units import FACTORS, fitting, to_si
from devices.decode.words import number_kind, side_of, switch_kind
from devices.readings import Kind, Reason


@pytest.mark.parametrize(
    ("raw", "value", "unit"),
    [
        (21, 21.0, ""),
        (21.5, 21.5, ""),
        ("21.5", 21.5, ""),
        ("21,5", 21.5, ""),
        (" -3 ", -3.0, ""),
        ("\u22123,5", -3.5, ""),
        ("+21.", 21.0, ""),
        (".5", 0.5, ""),
        ("2.15e1", 21.5, ""),
        ("21.5 °C", 21.5, "°C"),
        ("21.5°F", 21.5, "°F"),
        ("21.5℃", 21.5, "℃"),
        ("1013 hPa", 1013.0, "hPa"),
        ("100.00", 100.0, ""),
    ],
)
def test_numbers(raw: object, value: float, unit: str) -> None:
    assert parse_number(raw) == (value, unit)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (float("nan"), "NaN"),
        (float("inf"), "larger"),
        (10**400, "larger"),
        ("1e999", "larger"),
        ("nan", "'nan'"),
        ("inf", "'inf'"),
        ("", "empty"),
        (":47.69", "':47.69'"),
        ("--.-", "'--.-'"),
        ("1_000", "text"),
        ("0x15", "text"),
        ("21.5.3", "'21.5.3'"),
        ("٢١", "text"),
        ("Alex", "text"),
        ([21.5], "list"),
        ({"a": 1}, "object"),
    ],
)
def test_what_is_no_number(raw: object, what: str) -> None:
    parsed = parse_number(raw)
    assert isinstance(parsed, str)
    assert what in parsed


@pytest.mark.parametrize(
    ("kind", "value", "unit", "si"),
    [
        (Kind.TEMPERATURE, 68, "°F", 20.0),
        (Kind.TEMPERATURE, 68, "degF", 20.0),
        (Kind.TEMPERATURE, 68, " Fahrenheit", 20.0),
        (Kind.TEMPERATURE, 293.15, "K", 20.0),
        (Kind.TEMPERATURE, 20, "℃", 20.0),
        (Kind.TEMPERATURE, 20, "º C", 20.0),
        (Kind.TEMPERATURE, 2000, "0.01 °C", 20.0),
        (Kind.TEMPERATURE, 20, "", None),
        (Kind.TEMPERATURE, 20, "%", None),
        (Kind.HUMIDITY, 45, "", 45.0),
        (Kind.HUMIDITY, 45, "%RH", 45.0),
        (Kind.PRESSURE, 1013.25, "hPa", 101_325.0),
        (Kind.PRESSURE, 1013.25, "mbar", 101_325.0),
        (Kind.PRESSURE, 101.325, "kPa", 101_325.0),
        (Kind.PRESSURE, 760, "mmHg", 101_325.014435),
        (Kind.PRESSURE, 29.92, "inHg", 101_320.75888),
        (Kind.PRESSURE, 1013, "", None),
        (Kind.ILLUMINANCE, 5, "lux", 5.0),
        (Kind.CO2, 800, "ppm", 800.0),
        (Kind.BATTERY, 0.5, "fraction", 50.0),
        (Kind.OCCUPIED, 1, "", None),
    ],
)
def test_units(kind: Kind, value: float, unit: str, si: float | None) -> None:
    assert to_si(kind, value, unit) == si


def test_home_yaml_can_ask_whether_a_unit_fits() -> None:
    assert is_unit(Kind.TEMPERATURE, "f")
    assert not is_unit(Kind.TEMPERATURE, "hPa")
    assert not is_unit(Kind.HUMIDITY, "")
    assert fitting(Kind.PRESSURE, "°C") is None


@given(kind=st.sampled_from(sorted(FACTORS)), unit=st.text(max_size=10), value=st.floats())
def test_no_unit_raises(kind: Kind, unit: str, value: float) -> None:
    to_si(kind, value, unit)


@pytest.mark.parametrize("kind", LIMITS)
def test_both_ends_of_a_range_are_inside(kind: Kind) -> None:
    low, high = LIMITS[kind]
    assert wrong_with(kind, low) is None
    assert wrong_with(kind, high) is None
    for outside in (low - 0.1, high + 0.1, float("nan"), float("inf")):
        wrong = wrong_with(kind, outside)
        assert wrong is not None
        assert wrong[0] is Reason.OUT_OF_RANGE


def test_a_range_names_value_and_bounds() -> None:
    assert wrong_with(Kind.TEMPERATURE, 850.0) == (
        Reason.OUT_OF_RANGE,
        "Temperature 850 °C is outside -10 to 50 °C.",
    )
    assert wrong_with(Kind.LINK_QUALITY, 5000.0) == (Reason.OUT_OF_RANGE, "Link quality 5000 is outside -200 to 1000.")


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        ("2024-07-15T21:30:05Z", 1_721_079_005.0),
        ("2024-07-15T23:30:05.5+02:00", 1_721_079_005.5),
        (1_721_079_005, 1_721_079_005.0),
        (1_721_079_005_123, 1_721_079_005.123),
        ("1721079005123", 1_721_079_005.123),
    ],
)
def test_moments(raw: object, seconds: float) -> None:
    assert epoch_seconds(raw) == seconds


@pytest.mark.parametrize("raw", ["2024-07-15T21:30:05", "yesterday", "N/A", "", None, True, [], "21 °C"])
def test_what_is_no_moment(raw: object) -> None:
    assert isinstance(epoch_seconds(raw), str)


@given(st.text(max_size=40) | st.datetimes().map(str) | st.integers().map(str))
def test_no_moment_raises(text: str) -> None:
    epoch_seconds(text)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bedroom_temperature", Kind.TEMPERATURE),
        ("Bedroom-Temp", Kind.TEMPERATURE),
        ("temperature_sensor_battery", Kind.BATTERY),
        ("carbon_dioxide", Kind.CO2),
        ("schlafzimmer_luftfeuchtigkeit", Kind.HUMIDITY),
        ("internal_temperature", None),
        ("target_temperature", None),
        ("dew_temperature", None),
        ("skin_temperature", None),
        ("left_pressure", None),
        ("battery_voltage", None),
        ("", None),
    ],
)
def test_a_name_promises_a_quantity(name: str, kind: Kind | None) -> None:
    assert number_kind(name) is kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("is_in_bed", Kind.OCCUPIED),
        ("bed_presence", Kind.OCCUPIED),
        ("withings_sleep", Kind.OCCUPIED),
        ("bedroom_window", Kind.OPEN),
        ("bedroom_motion", Kind.OCCUPIED),
        ("bed_vibration", Kind.VIBRATION),
        ("out_of_bed", None),
        ("bed_empty", None),
        ("bed_occupied_both", None),
        ("bed_light", None),
        ("doorbell", None),
        ("window_battery_low", None),
        ("bedroom", None),
    ],
)
def test_a_name_promises_a_yes_or_no(name: str, kind: Kind | None) -> None:
    assert switch_kind(name) is kind


def test_a_name_with_two_sides_has_none() -> None:
    assert side_of("bed left") == "left"
    assert side_of("left or right") is None

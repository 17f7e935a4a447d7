"""The small types: what people may write and what it means."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from config.types import (
    Moment,
    MomentText,
    Temperature,
    TemperatureStep,
    Url,
    duration_text,
    parse_clock,
    parse_duration,
    parse_zone,
    temperature_text,
)

TEMPERATURE: TypeAdapter[float] = TypeAdapter(Temperature)
STEP: TypeAdapter[float] = TypeAdapter(TemperatureStep)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 s", 90),
        ("5 min", 300),
        ("5min", 300),
        ("1 h 30 min", 5400),
        ("1 hour and 30 minutes", 5400),
        ("2 days", 172800),
        ("0 min", 0),
        ("1.5 h", 5400),
    ],
)
def test_time_spans(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value", ["5", 5, "5 minuets", "soon", "", None, True, "-5 min", "5 min ago", "9" * 400 + " d"]
)
def test_what_is_no_time_span(value: object) -> None:
    with pytest.raises(ValueError, match="this is"):
        parse_duration(value)


@given(st.integers(min_value=0, max_value=365 * 86400))
def test_a_time_span_reads_back_as_it_is_written(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert parse_duration(duration_text(span)) == span


@pytest.mark.parametrize(
    ("value", "units", "celsius"),
    [
        (21.5, "C", 21.5),
        ("21,5", "C", 21.5),
        ("21.5 °C", "F", 21.5),
        ("21.5C", "F", 21.5),
        (70, "F", 21.111),
        ("70 °F", "C", 21.111),
        ("-4 f", "C", -20.0),
    ],
)
def test_temperatures(value: object, units: str, celsius: float) -> None:
    assert TEMPERATURE.validate_python(value, context={"units": units}) == celsius


def test_a_step_in_fahrenheit_has_no_offset() -> None:
    assert STEP.validate_python(1.8, context={"units": "F"}) == 1.0
    assert STEP.validate_python("0.9 °F", context={"units": "C"}) == 0.5


@pytest.mark.parametrize("value", ["warm", "", None, True, [21], float("nan"), float("inf"), 10**400, "21 K", "1e9"])
def test_what_is_no_temperature(value: object) -> None:
    with pytest.raises(ValidationError):
        TEMPERATURE.validate_python(value)


@given(st.integers(min_value=-200, max_value=500))
def test_a_temperature_in_fahrenheit_reads_back_as_it_is_written(tenths: int) -> None:
    celsius = tenths / 10
    text = temperature_text(celsius, fahrenheit=True)
    assert TEMPERATURE.validate_python(text) == pytest.approx(celsius, abs=0.01)


@pytest.mark.parametrize(("text", "clock"), [("22:30", time(22, 30)), ("7.05", time(7, 5)), ("0:00", time(0, 0))])
def test_times_of_day(text: str, clock: time) -> None:
    assert parse_clock(text) == clock


@pytest.mark.parametrize("value", ["24:00", "7", 730, "7:5", "10:30 pm", None])
def test_what_is_no_time_of_day(value: object) -> None:
    with pytest.raises(ValueError, match="not a time of day"):
        parse_clock(value)


def test_moments() -> None:
    moments: TypeAdapter[Moment] = TypeAdapter(MomentText)
    assert moments.validate_python("bedtime - 45 min").offset == timedelta(minutes=-45)
    assert moments.validate_python("rise") == Moment(anchor="rise")
    assert moments.validate_python("Rise + 1 h").offset == timedelta(hours=1)
    assert moments.validate_python("21:30").clock == time(21, 30)
    with pytest.raises(ValidationError):
        moments.validate_python("dinner + 5 min")


def test_a_zone_must_be_known() -> None:
    assert parse_zone("Europe/London") == "Europe/London"
    with pytest.raises(ValueError, match="time zone"):
        parse_zone("../etc/passwd")


def test_an_address_may_end_with_a_slash_but_holds_no_login() -> None:
    urls: TypeAdapter[str] = TypeAdapter(Url)
    assert urls.validate_python("http://ha.local:8123/") == "http://ha.local:8123"
    for bad in ("http://anna:pw@ha:8123", "ha.local:8123", "http://ha/api"):
        with pytest.raises(ValidationError):
            urls.validate_python(bad)

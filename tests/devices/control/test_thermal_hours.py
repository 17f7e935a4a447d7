"""How much was learned from: hours with readings, whatever else the room was looked at for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from devices.control.thermal import Influence, ThermalModel

AT = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize("looks_between", [0, 1, 4])
def test_looks_between_two_readings_take_nothing_away(looks_between: int) -> None:
    """A thermometer that speaks every 5 minutes is learned from for all of them."""
    model = ThermalModel()
    for minute in range(0, 241, 5):
        model.observe(24.0, AT + timedelta(minutes=minute), Influence(1.0 if minute > 120 else 0.0))
        for look in range(1, looks_between + 1):
            now = AT + timedelta(minutes=minute + look)
            model.advance(now, Influence(1.0 if minute >= 120 else 0.0))
    assert model.memory.hours == pytest.approx(4.0)
    assert model.memory.cooled_hours == pytest.approx(2.0)


def test_a_long_silence_counts_for_half_an_hour() -> None:
    model = ThermalModel()
    model.observe(24.0, AT, Influence())
    for hour in range(1, 4):
        model.advance(AT + timedelta(hours=hour), Influence(1.0))
    model.observe(20.0, AT + timedelta(hours=3, minutes=5), Influence(1.0))
    assert model.memory.hours == pytest.approx(0.5)
    assert model.memory.cooled_hours == pytest.approx(0.5)

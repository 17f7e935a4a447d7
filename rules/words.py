"""Numbers and times as the person reads them: their units, their zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from devices.readings import UNITS, Kind

MINUTE = 60


class Words:
    """Plain-English pieces for one person."""

    def __init__(self, units: str, zone: ZoneInfo) -> None:
        self._fahrenheit = units == "F"
        self.zone = zone

    def temperature(self, celsius: float) -> str:
        """``21.5 °C`` or ``70.7 °F``."""
        return f"{celsius * 1.8 + 32:.1f} °F" if self._fahrenheit else f"{celsius:.1f} °C"

    def step(self, kelvin: float) -> str:
        """A difference between two temperatures."""
        return f"{kelvin * 1.8:.1f} °F" if self._fahrenheit else f"{kelvin:.1f} °C"

    def quantity(self, name: str, value: float) -> str:
        """A measured value with its unit, by the name of its quantity."""
        if name == "temperature":
            return self.temperature(value)
        if name == "exits":
            return f"{value:g} time{'' if value == 1 else 's'}"
        unit = UNITS.get(Kind(name), "") if name in set(Kind) else ""
        return f"{value:g} {unit}".strip()

    def celsius(self, value: float) -> float:
        """A temperature that the person wrote in their unit, in °C."""
        return (value - 32) / 1.8 if self._fahrenheit else value

    def kelvin(self, step: float) -> float:
        """A difference between two temperatures that the person wrote in their unit, in °C."""
        return step / 1.8 if self._fahrenheit else step

    def clock(self, at: datetime) -> str:
        """``22:41`` on the person's clock."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def moment(self, at: datetime, now: datetime) -> str:
        """``22:41``, or ``Monday 07:30`` where that is not within the next day, or ``3 May 07:30`` beyond a week."""
        away = at - now
        if away < timedelta(hours=20):
            return self.clock(at)
        local = at.astimezone(self.zone)
        return f"{local:%A %H:%M}" if away < timedelta(days=6) else f"{local.day} {local:%B %H:%M}"


def span(duration: timedelta) -> str:
    """``40 s``, ``5 min``, ``2 h``, ``1 h 30 min``."""
    seconds = round(duration.total_seconds())
    if seconds < 2 * MINUTE and seconds % MINUTE:
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / MINUTE), 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else "") if part
    )

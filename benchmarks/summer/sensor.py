"""The thermometer as it is: noisy, coarse, slow, and sometimes silent."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from benchmarks.summer.weather import DAY_S

READ_EVERY_S = 60
KINDS = ("minutely", "coarse")
COARSE_K, COARSE_S = 0.3, 30 * 60
"""What a battery sensor waits for before it speaks: so much of a change, or so long."""
MISSED_CHANCE = 0.03
OUTAGE_EVERY_DAYS = 8.0
OUTAGE_S = (20 * 60, 180 * 60)
HUMIDITY = 50


@dataclass(slots=True, kw_only=True)
class Thermometer:
    """Reads once a minute. What chance does to it is the same for every strategy."""

    seed: str
    noise_k: float
    lag_s: float
    step_k: float = 0.1
    """What it rounds to."""
    kind: str = "minutely"
    """Or `coarse`: it speaks only of a change, and now and then."""
    _dice: random.Random = field(init=False)
    _shown: float | None = None
    _silent_until_s: int = 0
    _told_s: int | None = None
    _told_c: float = 0.0

    def __post_init__(self) -> None:
        self._dice = random.Random(f"thermometer {self.seed}")

    def read(self, now_s: int, air_c: float) -> float | None:
        """The reading of this minute in °C, or nothing when it is lost. To be asked every minute."""
        shown = air_c if self._shown is None else self._shown
        self._shown = shown + (air_c - shown) * min(1.0, READ_EVERY_S / (self.lag_s + READ_EVERY_S))
        noise, missed = self._dice.gauss(0.0, self.noise_k), self._dice.random() < MISSED_CHANCE
        outage, length = self._dice.random() < READ_EVERY_S / (OUTAGE_EVERY_DAYS * DAY_S), self._dice.uniform(*OUTAGE_S)
        if outage:
            self._silent_until_s = now_s + int(length)
        if missed or now_s < self._silent_until_s:
            return None
        reading = round(round((self._shown + noise) / self.step_k) * self.step_k, 2)
        if self.kind == "coarse" and not self._speaks(now_s, reading):
            return None
        self._told_s, self._told_c = now_s, reading
        return reading

    def _speaks(self, now_s: int, reading: float) -> bool:
        """Whether a coarse one finds it worth its battery."""
        return (
            self._told_s is None
            or now_s - self._told_s >= COARSE_S
            or abs(reading - self._told_c) > COARSE_K - self.step_k / 2
        )

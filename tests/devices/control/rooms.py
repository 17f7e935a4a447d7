"""A room of two nodes that tests can cool: the truth behind a thermometer."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(slots=True)
class TrueRoom:
    """Rates in 1/h, ``cools`` in °C/h: those that a model should find out."""

    air: float = 26.0
    mass: float = 26.0
    outside: float = 24.0
    to_mass: float = 1.2
    to_outside: float = 0.2
    of_mass: float = 0.15
    cools: float = 7.0
    person: float = 0.3

    def run(self, minutes: float, *, cooled: bool = False, in_bed: bool = False) -> float:
        """Let time pass; returns the air temperature in °C."""
        for _ in range(round(minutes * 4)):
            hours = 1 / 240
            rise = self.to_mass * (self.mass - self.air) + self.to_outside * (self.outside - self.air)
            rise += self.person * in_bed - self.cools * cooled
            self.mass += hours * self.of_mass * (self.air - self.mass + (self.outside - self.mass) / 7)
            self.air += hours * rise
        return self.air

    def reading(self, dice: Random) -> float:
        """What a cheap thermometer says."""
        return round(self.air + dice.gauss(0.0, 0.07), 1)

"""The rooms, climates and seeds: one set to tune with, and another to report."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.summer.room import EAST, ROOF, SOUTH, WEST, Room

TUNE_ROOMS = (
    Room(
        name="attic",
        air_j_k=0.55e6,
        mass_j_k=3.0e6,
        air_to_mass_w_k=120,
        air_to_outside_w_k=14,
        mass_to_outside_w_k=16,
        glass_m2=0.9,
        facade=ROOF,
        base_gain_w=20,
        ac_w=1500,
        sensor_lag_s=60,
    ),
    Room(
        name="brick",
        air_j_k=0.8e6,
        mass_j_k=12.0e6,
        air_to_mass_w_k=170,
        air_to_outside_w_k=15,
        mass_to_outside_w_k=15,
        glass_m2=0.9,
        facade=WEST,
        base_gain_w=40,
        ac_w=2000,
        sensor_lag_s=180,
    ),
    Room(
        name="leaky",
        air_j_k=1.2e6,
        mass_j_k=9.0e6,
        air_to_mass_w_k=200,
        air_to_outside_w_k=45,
        mass_to_outside_w_k=20,
        glass_m2=1.8,
        facade=SOUTH,
        base_gain_w=60,
        ac_w=2600,
        sensor_lag_s=120,
    ),
)
REPORT_ROOMS = (
    Room(
        name="cabin",
        air_j_k=0.5e6,
        mass_j_k=2.4e6,
        air_to_mass_w_k=100,
        air_to_outside_w_k=12,
        mass_to_outside_w_k=18,
        glass_m2=0.8,
        facade=WEST,
        base_gain_w=15,
        ac_w=1400,
        sensor_lag_s=120,
    ),
    Room(
        name="stone",
        air_j_k=0.9e6,
        mass_j_k=16.0e6,
        air_to_mass_w_k=180,
        air_to_outside_w_k=18,
        mass_to_outside_w_k=14,
        glass_m2=0.9,
        facade=SOUTH,
        base_gain_w=50,
        ac_w=2200,
        sensor_lag_s=240,
    ),
    Room(
        name="loft",
        air_j_k=1.4e6,
        mass_j_k=7.0e6,
        air_to_mass_w_k=230,
        air_to_outside_w_k=50,
        mass_to_outside_w_k=24,
        glass_m2=1.9,
        facade=EAST,
        base_gain_w=60,
        ac_w=2900,
        sensor_lag_s=60,
    ),
)
SETS = {
    "tune": (TUNE_ROOMS, ("greensboro", "burlington", "colorado")),
    "report": (REPORT_ROOMS, ("turin", "miami", "amsterdam")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One room in one climate, with its own chance."""

    room: Room
    climate: str
    seed: str
    noise_k: float

    @property
    def name(self) -> str:
        """How it is called in the table."""
        return f"{self.room.name} {self.climate}"


def cases(which: str) -> list[Case]:
    """All of a set. The seeds are their names, so no two sets share one."""
    rooms, climates = SETS[which]
    return [
        Case(room=room, climate=climate, seed=f"{which} {room.name} {climate}", noise_k=noise_k)
        for climate in climates
        for room, noise_k in zip(rooms, (0.05, 0.08, 0.1), strict=True)
    ]

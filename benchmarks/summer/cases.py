"""The rooms, climates and seeds: one set to tune with, and another to report."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.summer.devices import FAN_AIR_M_S, STILL_AIR_M_S
from benchmarks.summer.room import EAST, ROOF, SOUTH, WEST, Facade, Room
from benchmarks.summer.sleeper import Person

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
STRANGER_ROOMS = (
    Room(
        name="flat",
        air_j_k=0.35e6,
        mass_j_k=6.0e6,
        air_to_mass_w_k=90,
        air_to_outside_w_k=22,
        mass_to_outside_w_k=10,
        glass_m2=1.2,
        facade=EAST,
        base_gain_w=30,
        ac_w=1700,
        sensor_lag_s=300,
    ),
    Room(
        name="bungalow",
        air_j_k=1.0e6,
        mass_j_k=5.0e6,
        air_to_mass_w_k=260,
        air_to_outside_w_k=35,
        mass_to_outside_w_k=40,
        glass_m2=1.4,
        facade=Facade(peak_hour=14.0, peak=0.7),
        base_gain_w=80,
        ac_w=3500,
        sensor_lag_s=30,
    ),
    Room(
        name="cellar",
        air_j_k=0.7e6,
        mass_j_k=25.0e6,
        air_to_mass_w_k=140,
        air_to_outside_w_k=9,
        mass_to_outside_w_k=20,
        glass_m2=0.6,
        facade=SOUTH,
        base_gain_w=120,
        ac_w=1200,
        sensor_lag_s=600,
    ),
)
"""As somebody else might have made them: other weights, and other sizes of the air conditioner."""
SETS = {
    "tune": (TUNE_ROOMS, ("greensboro", "burlington", "colorado")),
    "report": (REPORT_ROOMS, ("turin", "miami", "amsterdam")),
    "stranger": (STRANGER_ROOMS, ("greensboro", "miami", "turin")),
}
NOISE_K = (0.05, 0.08, 0.1)
"""Of the thermometers, by room."""
ORDINARY, RESTLESS = Person(), Person(bedtime_sd_min=60, nap_chance=0.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One room in one climate, with its own chance, person and devices."""

    room: Room
    climate: str
    seed: str
    noise_k: float
    reading_step_k: float = 0.1
    """What the thermometer rounds to."""
    person: Person = ORDINARY
    trigger_c: float | None = None
    """The heat trigger, where it is not that of the run."""
    hysteresis_k: float = 0.5
    """Of an air conditioner's own thermostat."""
    fan_m_s: tuple[float, float] = (STILL_AIR_M_S, FAN_AIR_M_S)
    """The fan's air speed at the bed at its slowest, and what full speed adds."""

    @property
    def name(self) -> str:
        """How it is called in the table."""
        return f"{self.room.name} {self.climate}"


def cases(which: str) -> list[Case]:
    """All of a set. The seeds are their names, so no two sets share one."""
    rooms, climates = SETS[which]
    if which == "stranger":
        return _stranger(rooms, climates)
    return [
        Case(room=room, climate=climate, seed=f"{which} {room.name} {climate}", noise_k=noise_k)
        for climate in climates
        for room, noise_k in zip(rooms, NOISE_K, strict=True)
    ]


def _stranger(rooms: tuple[Room, ...], climates: tuple[str, ...]) -> list[Case]:
    """Another person, other thermometers, fans and thermostats; they change from case to case."""
    return [
        Case(
            room=room,
            climate=climate,
            seed=f"stranger {room.name} {climate}",
            noise_k=NOISE_K[index],
            reading_step_k=(0.1, 0.25, 0.1)[index],
            person=RESTLESS,
            trigger_c=(23.0, 25.0, 24.5)[(index + row) % 3],
            hysteresis_k=(0.3, 1.0)[(index + row) % 2],
            fan_m_s=(0.1, 0.5),
        )
        for row, climate in enumerate(climates)
        for index, room in enumerate(rooms)
    ]

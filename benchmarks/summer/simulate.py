"""One summer of one bedroom with one strategy."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.summer.cases import Case
from benchmarks.summer.cooling_effect import cooling_effect_k
from benchmarks.summer.devices import Ac, ClimateAc, Fan, SwitchAc, cop
from benchmarks.summer.drivers import (
    BELOW_TRIGGER_K,
    Automation,
    Driver,
    GenericThermostat,
    Nobody,
    OwnThermostat,
    Unclench,
)
from benchmarks.summer.lockstep import PROGRAM, Lockstep, configure
from benchmarks.summer.messages import CLIMATE, FAN, SWITCH, Bed, Message, Outside, Passed, Reading
from benchmarks.summer.metrics import Meter, Totals
from benchmarks.summer.room import PERSON_W, STEP_S, Temperatures, step, sun_w
from benchmarks.summer.sensor import HUMIDITY, READ_EVERY_S, Thermometer
from benchmarks.summer.sleeper import InBed, times_in_bed
from benchmarks.summer.weather import DAY_S, Weather, load

WARM_UP_DAYS = 5
"""So long the walls warm through before anybody moves in; nothing is measured, said or learned then."""
UNCLENCH = {
    "unclench-ac": [CLIMATE],
    "unclench-ac-fan": [FAN, CLIMATE],
    "unclench-switch": [SWITCH],
    "unclench-switch-fan": [FAN, SWITCH],
}
"""What is under `cooling` in the home of each."""
THERMOSTATS = {"thermostat-bed": "bed", "thermostat-night": "night", "thermostat-always": "always"}
STRATEGIES = ("none", *THERMOSTATS, "own-bed", "automation", *UNCLENCH)
REFERENCE = "thermostat-bed"
"""100 % of everything."""
OUTSIDE_EVERY_S = 600
AC_KINDS = ("plain", "offset", "inverter", "deaf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the summers are played."""

    trigger_c: float = 24.0
    days: int = 56
    states: bool = False
    """Devices say what they do; without, everything is taken to be done at once."""
    ac: str = "plain"
    """The kind of the air conditioner that has its own thermostat."""
    sensor: str = "minutely"
    """How the thermometer speaks, of `sensor.KINDS`."""
    silent_outages: bool = False
    """Nothing at all is said while the thermometer says nothing; without, that a minute has passed."""
    outdoor: bool = False
    """The temperature outside is said, every ten minutes."""
    bed: bool = True
    """The bed has a sensor. Without, only the strategies that are not this project's hear of the bed."""
    program: tuple[str, ...] = PROGRAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one summer came to."""

    case: str
    strategy: str
    totals: Totals
    by_night: dict[int, float]
    """Degree-minutes of each night or nap by when it began (seconds since 1970)."""


def trigger(case: Case, options: Options) -> float:
    """The heat trigger in °C: a case's own, else that of the run."""
    return options.trigger_c if case.trigger_c is None else case.trigger_c


@contextmanager
def _driver(strategy: str, case: Case, weather: Weather, options: Options) -> Iterator[Driver]:
    trigger_c = trigger(case, options)
    target = trigger_c - BELOW_TRIGGER_K
    if strategy in THERMOSTATS:
        yield GenericThermostat(target, THERMOSTATS[strategy], weather.civil_offset_s())
    elif strategy == "own-bed":
        yield OwnThermostat(target)
    elif strategy == "automation":
        yield Automation(trigger_c)
    elif strategy in UNCLENCH:
        with tempfile.TemporaryDirectory(prefix="unclench-summer-") as home:
            folder = Path(home)
            configure(
                folder,
                trigger_c=trigger_c,
                time_zone=weather.time_zone,
                cooling=UNCLENCH[strategy],
                bed=options.bed,
                outdoor=options.outdoor,
            )
            with Lockstep(folder, options.program) as program:
                yield Unclench(program)
    else:
        yield Nobody()


def _ac(strategy: str, case: Case, kind: str) -> Ac:
    if CLIMATE in UNCLENCH.get(strategy, []) or strategy == "own-bed":
        return ClimateAc(
            capacity_w=case.room.ac_w,
            hysteresis_k=case.hysteresis_k,
            sensor_offset_k=0.7 if kind == "offset" else 0.0,
            inverter=kind == "inverter",
            ignores_setpoint=kind == "deaf",
        )
    return SwitchAc(capacity_w=case.room.ac_w)


class Bedroom:
    """The simulated home: room, weather, sleeper, sensors and devices."""

    def __init__(self, case: Case, strategy: str, weather: Weather, options: Options) -> None:
        self.room, self.weather, self.options = case.room, weather, options
        self.start_s = weather.hottest(options.days)
        self.end_s = self.start_s + options.days * DAY_S
        self.stretches = times_in_bed(case.seed, self.start_s, options.days, case.person)
        self.thermometer = Thermometer(
            seed=case.seed,
            noise_k=case.noise_k,
            lag_s=case.room.sensor_lag_s,
            step_k=case.reading_step_k,
            kind=options.sensor,
        )
        least, more = case.fan_m_s
        self.ac, self.fan = _ac(strategy, case, options.ac), Fan(least_m_s=least, more_m_s=more)
        self.meter = Meter(trigger(case, options))
        self._hears_bed = options.bed or strategy not in UNCLENCH
        self.meter.totals.nights = len({each.session_s for each in self.stretches if not each.nap})
        outside, _ = weather.at(self.start_s - WARM_UP_DAYS * DAY_S)
        self.state = Temperatures(air=outside, mass=outside)
        self._said: dict[str, object] = {}

    def warm_up(self) -> None:
        """The days before anybody is here."""
        for now in range(self.start_s - WARM_UP_DAYS * DAY_S, self.start_s, STEP_S):
            outside, ghi = self.weather.at(now)
            step(self.state, self.room, outside, sun_w(self.room, self.weather, now, ghi), 0.0)

    def live(self, driver: Driver) -> None:
        """The whole summer."""
        self._tell_bed(driver, self.start_s, occupied=False)
        waiting = iter(self.stretches)
        coming = next(waiting, None)
        in_bed: InBed | None = None
        for now in range(self.start_s, self.end_s, STEP_S):
            if in_bed is not None and now >= in_bed.end_s:
                in_bed = None
                self._tell_bed(driver, now, occupied=False)
            if coming is not None and now >= coming.start_s:
                in_bed, coming = coming, next(waiting, None)
                self._tell_bed(driver, now, occupied=True)
            if now % READ_EVERY_S == 0:
                self._read(driver, now)
            if self.options.states:
                self._confirm(driver, now)
            self._pass(now, in_bed)

    def _tell_bed(self, driver: Driver, now_s: int, *, occupied: bool) -> None:
        if self._hears_bed:
            self._tell(driver, now_s, Bed(occupied=occupied))

    def _read(self, driver: Driver, now_s: int) -> None:
        """What the thermometers say this minute."""
        if self.options.outdoor and now_s % OUTSIDE_EVERY_S == 0:
            self._tell(driver, now_s, Outside(round(self.weather.at(now_s)[0], 1)))
        reading = self.thermometer.read(now_s, self.state.air)
        if reading is not None:
            self._tell(driver, now_s, Reading(reading, HUMIDITY))
        elif not self.options.silent_outages:
            self._tell(driver, now_s, Passed())

    def _tell(self, driver: Driver, now_s: int, message: Message) -> None:
        for command in driver.hear(now_s, message):
            self.ac.take(command)
            self.fan.take(command)

    def _confirm(self, driver: Driver, now_s: int) -> None:
        """Every device that changed says so, and at the beginning all do."""
        for device in (self.ac, self.fan):
            state = device.state()
            if self._said.get(state.entity_id) != state:
                self._said[state.entity_id] = state
                self._tell(driver, now_s, state)

    def _pass(self, now_s: int, in_bed: InBed | None) -> None:
        """Let one step pass."""
        outside, ghi = self.weather.at(now_s)
        self.ac.run(now_s, self.state.air)
        cooling_w, fan_w = self.ac.power * self.ac.capacity_w, self.fan.electric_w()
        self.meter.used(cooling_w / cop(outside), fan_w)
        self.meter.see(
            now_s,
            in_bed,
            air_c=self.state.air,
            felt_c=self.state.air - cooling_effect_k(self.state.air, self.fan.air_m_s()),
            power=self.ac.power,
            commanded=self.ac.commanded,
            fan=self.fan.speed_percentage,
        )
        gain_w = fan_w - cooling_w + (PERSON_W if in_bed is not None else 0.0)
        step(self.state, self.room, outside, sun_w(self.room, self.weather, now_s, ghi), gain_w)


def simulate(case: Case, strategy: str, options: Options) -> Result:
    """One summer from its first midday to its last."""
    weather = load(case.climate)
    bedroom = Bedroom(case, strategy, weather, options)
    bedroom.warm_up()
    with _driver(strategy, case, weather, options) as driver:
        bedroom.live(driver)
    totals = bedroom.meter.finish()
    if isinstance(driver, Unclench):
        totals.lines, totals.cpu_s = driver.program.lines, driver.program.cpu_s
    return Result(case=case.name, strategy=strategy, totals=totals, by_night=bedroom.meter.by_night)

"""The strategies that are compared. Each is told what the sensors say, and answers with commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.summer.lockstep import Lockstep
from benchmarks.summer.messages import CLIMATE, SWITCH, Bed, Command, Message, Reading
from benchmarks.summer.weather import DAY_S

BELOW_TRIGGER_K = 0.5
"""How far below the trigger a person sets a thermostat."""
TOLERANCE_K, MINIMUM_CYCLE_S = 0.3, 300
"""The defaults of Home Assistant's `generic_thermostat`, and the minimum cycle that its documentation shows."""
NIGHT_FROM_S, NIGHT_TO_S = 21.5 * 3600, 8 * 3600


class Driver(Protocol):
    """Something that cools a bedroom."""

    def hear(self, now_s: int, message: Message) -> list[Command]:
        """What it does about one message."""


def _switch(on: bool) -> Command:  # noqa: FBT001 (the state itself)
    return Command("switch.turn_on" if on else "switch.turn_off", SWITCH, {})


class Nobody:
    """No control."""

    def hear(self, now_s: int, message: Message) -> list[Command]:  # noqa: ARG002 (nothing is heard)
        """Nothing."""
        return []


@dataclass(slots=True)
class GenericThermostat:
    """Home Assistant's `generic_thermostat` on a switch, enabled while in bed, by the clock, or always."""

    target_c: float
    when: str
    """`bed`, `night` or `always`."""
    civil_offset_s: int
    _enabled: bool = False
    _on: bool = False
    _changed_s: int = 0
    _reading: float | None = None
    _in_bed: bool = False

    def hear(self, now_s: int, message: Message) -> list[Command]:
        """Follow the rule of its `_async_control_heating`."""
        if isinstance(message, Bed):
            self._in_bed = message.occupied
        if isinstance(message, Reading):
            self._reading = message.temperature_c
        enabled = self._wanted(now_s)
        forced = enabled != self._enabled
        self._enabled = enabled
        if not enabled:
            return self._turn(now_s, on=False) if self._on else []
        if self._reading is None or not (forced or isinstance(message, Reading)):
            return []
        if not forced and now_s - self._changed_s < MINIMUM_CYCLE_S:
            return []
        if self._on and self.target_c >= self._reading + TOLERANCE_K:
            return self._turn(now_s, on=False)
        if not self._on and self._reading >= self.target_c + TOLERANCE_K:
            return self._turn(now_s, on=True)
        return []

    def _wanted(self, now_s: int) -> bool:
        if self.when == "always":
            return True
        if self.when == "bed":
            return self._in_bed
        of_day = (now_s + self.civil_offset_s) % DAY_S
        return of_day >= NIGHT_FROM_S or of_day < NIGHT_TO_S

    def _turn(self, now_s: int, *, on: bool) -> list[Command]:
        self._on, self._changed_s = on, now_s
        return [_switch(on)]


@dataclass(slots=True)
class OwnThermostat:
    """The air conditioner's own thermostat, on while somebody is in bed."""

    target_c: float

    def hear(self, now_s: int, message: Message) -> list[Command]:  # noqa: ARG002 (no clock in it)
        """On and off with the bed."""
        if not isinstance(message, Bed):
            return []
        if not message.occupied:
            return [Command("climate.set_hvac_mode", CLIMATE, {"hvac_mode": "off"})]
        return [Command("climate.set_temperature", CLIMATE, {"hvac_mode": "cool", "temperature": self.target_c})]


@dataclass(slots=True)
class Automation:
    """Above the trigger for 5 minutes: on. Below the trigger less 1 K: off. Bed or no bed."""

    trigger_c: float
    _above_since_s: int | None = None
    _on: bool = field(default=False)

    def hear(self, now_s: int, message: Message) -> list[Command]:
        """Compare the reading."""
        if not isinstance(message, Reading):
            return []
        if message.temperature_c <= self.trigger_c:
            self._above_since_s = None
        elif self._above_since_s is None:
            self._above_since_s = now_s
        if self._on and message.temperature_c < self.trigger_c - 1.0:
            self._on = False
            return [_switch(on=False)]
        if not self._on and self._above_since_s is not None and now_s - self._above_since_s >= MINIMUM_CYCLE_S:
            self._on = True
            return [_switch(on=True)]
        return []


@dataclass(slots=True)
class Unclench:
    """This project, through its replay."""

    program: Lockstep

    def hear(self, now_s: int, message: Message) -> list[Command]:
        """Ask the program."""
        return self.program.ask(now_s, message)

"""What cools: air conditioners with and without a thermostat of their own, and a fan."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.summer.messages import CLIMATE, FAN, SWITCH, Command, State

FULL = 100
STILL_AIR_M_S, FAN_AIR_M_S = 0.05, 0.75
"""Air speed at the bed without the fan, and what an ordinary fan adds at full speed: assumptions of this simulator."""
FAN_BASE_W, FAN_SPEED_W = 5.0, 35.0
DEFAULT_PERCENTAGE = 50
"""What `fan.turn_on` without a speed means the first time."""
DEAF_SETPOINT_C = 18.0
"""What an air conditioner that ignores its setpoint cools to."""


def cop(outside_c: float) -> float:
    """Heat taken out for each unit of electricity: 3.5 at 25 °C, 0.05 less for each degree more."""
    return min(max(3.5 - 0.05 * (outside_c - 25.0), 1.5), 5.0)


@dataclass(slots=True, kw_only=True)
class SwitchAc:
    """A compressor behind a switch: it does what it is told at once, even what harms it."""

    capacity_w: float
    commanded: bool = False
    power: float = 0.0
    """Of its capacity, 0 to 1."""

    def take(self, command: Command) -> None:
        """Obey a command that is meant for it."""
        if command.entity_id == SWITCH and command.service in {"switch.turn_on", "switch.turn_off"}:
            self.commanded = command.service.endswith("_on")

    def run(self, now_s: int, air_c: float) -> None:  # noqa: ARG002 (both kinds are run alike)
        """Settle what the compressor does from now on."""
        self.power = 1.0 if self.commanded else 0.0

    def state(self) -> State:
        """How Home Assistant shows it."""
        return State(SWITCH, "on" if self.commanded else "off", {})


@dataclass(slots=True, kw_only=True)
class ClimateAc:
    """An air conditioner with its own thermostat and its own protection of the compressor."""

    capacity_w: float
    hysteresis_k: float = 0.5
    """It starts so much above the setpoint and stops so much below."""
    sensor_offset_k: float = 0.0
    """Its own thermometer reads so much too high."""
    minimum_off_s: int = 180
    inverter: bool = False
    ignores_setpoint: bool = False
    commanded: bool = False
    setpoint_c: float = 26.0
    power: float = 0.0
    _stopped_s: int = field(default=0)

    def take(self, command: Command) -> None:
        """Obey a command that is meant for it."""
        if command.entity_id != CLIMATE:
            return
        if "hvac_mode" in command.data:
            self.commanded = command.data["hvac_mode"] == "cool"
        elif command.service in {"climate.turn_on", "climate.turn_off"}:
            self.commanded = command.service.endswith("_on")
        wanted = command.data.get("temperature")
        if isinstance(wanted, int | float):
            self.setpoint_c = float(wanted)

    def run(self, now_s: int, air_c: float) -> None:
        """Settle what the compressor does from now on."""
        above_k = air_c + self.sensor_offset_k - (DEAF_SETPOINT_C if self.ignores_setpoint else self.setpoint_c)
        if self.power > 0:
            if not self.commanded or above_k <= -self.hysteresis_k:
                self.power = 0.0
                self._stopped_s = now_s
            elif self.inverter:
                self.power = self._modulated(above_k)
        elif self.commanded and above_k >= self.hysteresis_k and now_s - self._stopped_s >= self.minimum_off_s:
            self.power = self._modulated(above_k) if self.inverter else 1.0

    def _modulated(self, above_k: float) -> float:
        """30 % at the stopping point, and full power 1.5 K above it."""
        return 0.3 + 0.7 * min(max((above_k + self.hysteresis_k) / 1.5, 0.0), 1.0)

    def state(self) -> State:
        """How Home Assistant shows it."""
        attributes = {"hvac_modes": ["off", "cool"], "temperature": self.setpoint_c, "min_temp": 16, "max_temp": 30}
        return State(CLIMATE, "cool" if self.commanded else "off", attributes)


Ac = SwitchAc | ClimateAc


@dataclass(slots=True)
class Fan:
    """A fan that blows towards the bed."""

    on: bool = False
    percentage: int = DEFAULT_PERCENTAGE
    least_m_s: float = STILL_AIR_M_S
    """Air speed at the bed at its slowest, and what is added to it at full speed."""
    more_m_s: float = FAN_AIR_M_S

    def take(self, command: Command) -> None:
        """Obey a command that is meant for it."""
        if command.entity_id != FAN:
            return
        wanted = command.data.get("percentage")
        if command.service == "fan.turn_off" or wanted == 0:
            self.on = False
        elif command.service in {"fan.turn_on", "fan.set_percentage"}:
            self.on = True
            if isinstance(wanted, int | float):
                self.percentage = round(wanted)

    @property
    def speed_percentage(self) -> int:
        """How fast it turns, 0 when off."""
        return self.percentage if self.on else 0

    def air_m_s(self) -> float:
        """Air speed at the bed."""
        return self.least_m_s + self.more_m_s * self.speed_percentage / FULL if self.on else STILL_AIR_M_S

    def electric_w(self) -> float:
        """What it uses; all of it ends as heat in the room."""
        return FAN_BASE_W + FAN_SPEED_W * (self.percentage / FULL) ** 2 if self.on else 0.0

    def state(self) -> State:
        """How Home Assistant shows it."""
        return State(FAN, "on" if self.on else "off", {"percentage": self.speed_percentage})

"""Cooling one room with what it has: an air conditioner, a fan, a switch, or several, in the person's order.

A first, careful version: every device is on while cooling is wanted, each after its own delay, and off afterwards. The
room is never cooled at or below the floor, and nothing is started without a fresh reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.home import ClimateCooling, CoolingDevice, FanCooling
from devices.control.climate import at_rest, chills
from devices.control.device import Device
from devices.control.kind import State

ABOVE_FLOOR_AGAIN = 0.5
"""°C above the floor until cooling may go on: a sensor that flickers at the floor must not switch anything."""


REST_ABOVE = 5.0
"""°C above the room at the least: what must still run there for a while rests at such a setpoint."""

STILL = timedelta(hours=4)
"""So long a room that is chilled may read the same, to the last digit, before its thermometer is doubted."""
STILL_ABOVE = 0.5
"""°C above the setpoint from which on that is strange: a room that is held at its setpoint may well stand still."""

LOOK_AGAIN = timedelta(minutes=1)
"""How soon it is looked at again whether a device must join in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the profile allows in a room, in °C."""

    floor_c: float
    setpoint_c: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The room's temperature in °C and whether it is fresh; None when it was never heard.

    ``still_since``: since when it has been the same, to the last digit.
    """

    celsius: float | None
    fresh: bool
    still_since: datetime | None = None


@dataclass(slots=True)
class CoolingMemory:
    """What is remembered of a room's cooling, for the snapshot."""

    wanted_since: datetime | None = None
    at_floor: bool = False
    cooling: bool = False
    stuck_since: datetime | None = None  # since when the reading stands still that cooling should have moved


@dataclass(frozen=True, slots=True)
class Asked:
    """The winning want for the room's cooling: cool, ease off or (None) nothing, with the reason."""

    cool: bool | None
    why: str
    causes: tuple[str, ...] = ()


class Cooling:
    """The cooling of one room."""

    def __init__(self, devices: list[tuple[CoolingDevice, Device]], bounds: Bounds) -> None:
        self._devices = devices
        self._bounds = bounds
        self.memory = CoolingMemory()

    @property
    def devices(self) -> list[Device]:
        """Its devices, in the person's order."""
        return [device for _, device in self._devices]

    def steer(self, asked: Asked, room: Reading, now: datetime) -> datetime | None:
        """Set every device's aim; returns when to look again, if only time passes."""
        memory = self.memory
        memory.at_floor = self._is_at_floor(room)
        memory.cooling = bool(asked.cool) and not memory.at_floor
        if not memory.cooling:
            memory.wanted_since = None
            for _, device in self._devices:
                self._release(device, asked, now)
            return None
        memory.wanted_since = memory.wanted_since or now
        due = None
        for settings, device in self._devices:
            joins = memory.wanted_since + settings.after
            if now >= joins and settings.after and self._is_cool_enough(room):
                joins = now + LOOK_AGAIN  # what joins later helps only where the others are not enough
            if (device.on and device.memory.owned) or (room.fresh and now >= joins):
                device.aim(self._state(settings), asked.why, asked.causes)
            else:
                device.aim(None, asked.why)
                due = (min(due, joins) if due else joins) if now < joins else due
        return due

    def doubt(self, room: Reading, now: datetime) -> datetime | None:
        """Look whether the reading stands still although the room is chilled; returns when to look again."""
        memory = self.memory
        if memory.stuck_since is not None and room.fresh and room.still_since != memory.stuck_since:
            memory.stuck_since = None
        began = self._chilled_since(room)
        if memory.stuck_since is not None or began is None:
            return None
        if now < (due := began + STILL):
            return due
        memory.stuck_since = room.still_since
        return None

    def _chilled_since(self, room: Reading) -> datetime | None:
        """Since when one and the same reading is chilled without any effect; None when it is not."""
        begun, still = self.memory.wanted_since, room.still_since
        changed = [device.memory.changed_at for device in self.devices if device.on and _chills(device)]
        if begun is None or still is None or not changed or not room.fresh:
            return None
        if room.celsius is None or room.celsius <= self._bounds.setpoint_c + STILL_ABOVE:
            return None
        return max(begun, still, min(each or begun for each in changed))

    def _is_cool_enough(self, room: Reading) -> bool:
        return room.celsius is not None and room.celsius <= self._bounds.setpoint_c

    def crosses_floor(self, celsius: float) -> bool:
        """Whether a fresh reading changes whether the room is at its floor."""
        return self._is_at_floor(Reading(celsius, fresh=True)) != self.memory.at_floor

    def _is_at_floor(self, room: Reading) -> bool:
        if room.celsius is None:
            return self.memory.at_floor
        limit = self._bounds.floor_c + (ABOVE_FLOOR_AGAIN if self.memory.at_floor else 0.0)
        return room.celsius <= limit

    def _state(self, settings: CoolingDevice) -> State:
        if isinstance(settings, ClimateCooling):
            return {"power": True, "mode": "cool", "temperature": max(self._bounds.setpoint_c, self._bounds.floor_c)}
        if isinstance(settings, FanCooling):
            return {"power": True, "percentage": float(settings.percentage)}
        return {"power": True}

    def _off(self, device: Device) -> State:
        """Off, and until it may be switched off a setpoint to rest at: always the same, so that it is sent once."""
        if not device.spec.entity.startswith("climate."):
            return {"power": False}
        warmest_here = self._bounds.floor_c + ABOVE_FLOOR_AGAIN
        return {"power": False, "temperature": at_rest(warmest_here + REST_ABOVE, device.memory.attributes)}

    def _release(self, device: Device, asked: Asked, now: datetime) -> None:
        # Once stopped, it stays so until the room is warmer: a hand that switches it on again is then seen as one.
        if self.memory.at_floor and (_chills(device) or (device.memory.safety and not device.on)):
            device.aim(
                self._off(device), "the room is at its floor, and is never cooled further", asked.causes, safety=True
            )
        else:
            device.release(asked.why, asked.causes, now)


def _chills(device: Device) -> bool:
    """Whether it takes heat out of the room or the bed now: a fan does not, nor an air conditioner that heats."""
    domain = device.spec.entity.partition(".")[0]
    if domain == "climate":
        return chills(device.memory.reported or {}, device.memory.attributes)
    return domain == "switch" and device.on


def default_setpoint(heat_in_bed_c: float, floor_c: float, target_c: float | None) -> float:
    """What an air conditioner is set to, in °C: the target, else 1 °C below the limit in bed, never below the floor."""
    return max(floor_c, target_c if target_c is not None else heat_in_bed_c - 1.0)

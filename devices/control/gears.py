"""An air conditioner with a thermostat of its own: in which gear it is to be, and at which setpoint.

It is first left to its thermostat. Where that cannot hold the room between the bounds of the plan, it is asked to pull
and to rest by setpoints; where it does not keep to a setpoint, it is switched off and on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from devices.control.climate import at_rest, step_down
from devices.control.device import Device
from devices.control.kind import number
from devices.control.plan import LOOK_AHEAD, MARGIN, Outlook, Phase, Plan, Planner, Room

PULL_BELOW = 1.0
"""°C below the middle: a setpoint at which an air conditioner surely cools, whatever its own thermostat's ripple."""
IN_VAIN = timedelta(minutes=20)
"""Pulling for so long without a fall of ``FALLS`` means that it feels a cooler room than is: its setpoint goes down."""
FALLS = 0.3
MOST_MORE = 2.0
REST_AT = 1.0
"""°C above the limit: a setpoint at which it rests, and yet protects should nothing more be said to it."""
SWINGS = 3
"""So often out of the bounds within the time means that its own thermostat cannot hold the room between them."""
SWINGS_WITHIN = timedelta(hours=3)
OFF_AFTER_REST = timedelta(minutes=60)
"""An air conditioner that has rested for so long is switched off."""
DEAF_BELOW = 0.4
"""°C that the room falls between these two times at rest, below the bounds: it does not keep to its setpoint. Until the
first a slow thermometer falls by itself; afterwards no room falls so fast that is not cooled."""
DEAF_AFTER = timedelta(minutes=9), timedelta(minutes=20)
OVERSHOOT = 0.3
"""°C below the bounds that its own thermostat may take the room before it is asked to rest: it may have just begun."""
QUICK = 0.4
"""°C that cooling takes off in three minutes: an own thermostat in such a room would switch too often."""
SURELY = 0.8
"""°C between the room and a setpoint from which on it is clear whether a compressor runs."""
LONG_AGO = timedelta(hours=4)


class Gear(StrEnum):
    """What is asked of it."""

    OFF = "off"
    PULL = "pull"  # as fast as it can
    HOLD = "hold"  # its own thermostat holds the middle
    REST = "rest"  # on, and not cooling


@dataclass(slots=True)
class GearMemory:
    """What is remembered of it, and what was found out about it."""

    gear: Gear = Gear.OFF
    geared_at: datetime | None = None
    geared_c: float | None = None  # and how warm it was then
    more: float = 0.0  # °C off the setpoint of one that pulled in vain
    more_at: datetime | None = None
    swings: list[datetime] = field(default_factory=list)
    swinging: bool = False  # its own thermostat cannot hold the room
    deaf: bool = False  # it does not keep to its setpoint


@dataclass(frozen=True, slots=True)
class Need:
    """What the room needs now."""

    chill: bool
    lost: bool  # the thermometer says nothing that counts: its own thermostat is the only one that is left


class Gears:
    """The air conditioners of one room; they do the same."""

    def __init__(self, devices: list[Device], outlook: Outlook, planner: Planner) -> None:
        self.memory = GearMemory()
        self._devices, self._outlook, self._planner = devices, outlook, planner

    def forget(self) -> None:
        """Forget what was found out about them."""
        self.memory.swings, self.memory.swinging, self.memory.deaf = [], False, False

    def shift(self, plan: Plan, room: Room, need: Need, now: datetime) -> None:
        """Find the gear for now."""
        memory = self.memory
        if self._devices and all(not device.on and device.memory.holds for device in self._devices):
            memory.gear = Gear.OFF  # a person switched it off: afterwards it begins anew, if it is needed then
        gear = self._gear(plan, room, need, now)
        if gear is not memory.gear:
            memory.gear, memory.geared_at, memory.geared_c = gear, now, room.celsius
        self._pull_more(plan, room, now)

    def _gear(self, plan: Plan, room: Room, need: Need, now: datetime) -> Gear:
        memory = self.memory
        # It may have had to wait for its pause to end: what counts is how long it really runs.
        turned = (memory.geared_at, *(device.memory.changed_at for device in self._devices))
        since = now - max((at for at in turned if at is not None), default=now - LONG_AGO)
        run, pause = self._dwell()
        if plan.phase is Phase.NONE:
            return Gear.PULL if memory.gear is Gear.PULL and since < run else Gear.OFF
        has_just_stopped = memory.gear is Gear.REST and since < pause  # and stays so, whoever asks
        if memory.deaf or has_just_stopped:
            return self._by_need(plan, room, need, since, now)
        if plan.phase is Phase.NOW:
            return Gear.HOLD
        if need.lost:
            warm = room.fresh and room.celsius is not None and room.celsius >= plan.high
            return Gear.HOLD if memory.gear is not Gear.OFF or warm else Gear.OFF
        return self._by_need(plan, room, need, since, now)

    def _by_need(self, plan: Plan, room: Room, need: Need, since: timedelta, now: datetime) -> Gear:
        memory, air = self.memory, self._outlook.air(room)
        run, pause = self._dwell()
        steady = not memory.swinging and not memory.deaf and not self._is_quick(room)
        if memory.gear is Gear.HOLD:
            return self._held(plan, room, since, now)
        if memory.gear is Gear.PULL:
            if need.chill:
                return Gear.HOLD if steady and air <= plan.middle else Gear.PULL
            rests = Gear.OFF if memory.deaf else Gear.REST
            return rests if since >= run else Gear.PULL
        if need.chill and since >= pause:
            return Gear.HOLD if steady and air <= plan.high + MARGIN else Gear.PULL
        memory.deaf = memory.deaf or self._falls_at_rest(plan, room, since)
        return Gear.OFF if memory.deaf or since >= OFF_AFTER_REST else memory.gear

    def _held(self, plan: Plan, room: Room, since: timedelta, now: datetime) -> Gear:
        """Left to its own thermostat, until the room leaves the bounds."""
        run, _ = self._dwell()
        if self._outlook.air(room) <= plan.low - OVERSHOOT and since >= run:
            self._swung(now)
            return Gear.OFF if self.memory.deaf else Gear.REST
        comes = self._outlook.comes(room, LOOK_AHEAD / 2, 0.5)
        if since >= 2 * LOOK_AHEAD and comes >= plan.high + MARGIN / 2:
            self._swung(now)
            return Gear.PULL
        return Gear.HOLD

    def _falls_at_rest(self, plan: Plan, room: Room, since: timedelta) -> bool:
        memory = self.memory
        if memory.gear is not Gear.REST or room.celsius is None or not room.fresh:
            return False
        warmest = self._planner.warmest_of_the_last()  # one reading that jumped says nothing
        if since < DEAF_AFTER[0]:
            memory.geared_c = self._outlook.air(room)
        if warmest is None or memory.geared_c is None or since > DEAF_AFTER[1]:
            return False
        return warmest <= min(memory.geared_c - DEAF_BELOW, plan.low)

    def _is_quick(self, room: Room) -> bool:
        """Whether cooling changes this room so fast that a narrow thermostat would run for less than three minutes."""
        return self._outlook.air(room) - self._outlook.comes(room, timedelta(minutes=3), 1.0) >= QUICK

    def _swung(self, now: datetime) -> None:
        memory = self.memory
        memory.swings = [*(at for at in memory.swings if now - at < SWINGS_WITHIN), now]
        memory.swinging = memory.swinging or len(memory.swings) >= SWINGS

    def _dwell(self) -> tuple[timedelta, timedelta]:
        """The longest minimum run and pause."""
        run = max((device.spec.min_run for device in self._devices), default=timedelta(0))
        return run, max((device.spec.min_pause for device in self._devices), default=timedelta(0))

    def _pull_more(self, plan: Plan, room: Room, now: datetime) -> None:
        """One that pulls in vain gets a lower setpoint."""
        memory, air = self.memory, self._outlook.air(room)
        since = max((at for at in (memory.geared_at, memory.more_at) if at is not None), default=now)
        before = self._planner.was(now - IN_VAIN)
        if memory.gear is Gear.OFF:
            memory.more = 0.0
        elif not any(_obeys(device) for device in self._devices):
            memory.more_at = now
        elif memory.gear is Gear.PULL and room.fresh and before is not None and now - since >= IN_VAIN:
            if room.still_since is None or now - room.still_since >= IN_VAIN:
                return  # a thermometer that does not move at all is no reason for more
            if before - air < FALLS and air > plan.high and memory.more < MOST_MORE:
                memory.more, memory.more_at = memory.more + 1.0, now

    def setpoint(self, plan: Plan, limit_c: float, device: Device) -> float:
        """What it is to be set to, in °C. ``limit_c`` is the limit in bed."""
        memory, attributes = self.memory, device.memory.attributes
        if memory.gear is Gear.REST:
            return at_rest(max(plan.high + MARGIN, limit_c) + REST_AT, attributes)
        return step_down(plan.middle - (PULL_BELOW + memory.more if memory.gear is Gear.PULL else 0.0), attributes)

    def runs(self, device: Device, room: Room) -> float | None:
        """Whether its compressor runs (1.0) or not; None when that cannot be told."""
        action = device.memory.attributes.get("hvac_action")
        if action in ("cooling", "idle", "drying"):
            return 0.0 if action == "idle" else 1.0
        setpoint, air = number((device.memory.reported or {}).get("temperature")), room.celsius
        if self.memory.deaf:
            return 1.0
        if setpoint is None or air is None or abs(air - setpoint) < SURELY:
            return None
        return 1.0 if air > setpoint else 0.0


def _obeys(device: Device) -> bool:
    """Whether it cools because we asked for it."""
    return device.on and device.memory.owned and not device.memory.holds

"""Cooling one room with what it has: a fan first, then what cools the bed or shades it, then the air conditioner.

``plan`` says when the room must be between which bounds; here that becomes what each device is to do. A compressor is
asked for by the model's look ahead and not by the reading alone, and rests as long as it may. Nothing is started
without a fresh reading, and the room is never cooled at or below the floor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from config.home import ClimateCooling, CoolingDevice, CoverCooling, FanCooling, SwitchCooling
from devices.control.air_speed import credit_c
from devices.control.climate import at_rest, chills
from devices.control.device import Device
from devices.control.gears import Gear, GearMemory, Gears, Need
from devices.control.habits import Habits, HabitsMemory
from devices.control.kind import State, number
from devices.control.memory import Speech
from devices.control.plan import LOOK_AHEAD, Outlook, Phase, Plan, PlanMemory, Planner, Room, Wish
from devices.control.thermal import Influence, ThermalMemory, ThermalModel

ABOVE_FLOOR_AGAIN = 0.5
"""°C above the floor until cooling may go on: a sensor that flickers at the floor must not switch anything."""
REST_ABOVE = 5.0
"""°C above the room at the least: what must still run there for a while rests at such a setpoint."""

STILL = timedelta(hours=4)
"""So long a room that is chilled may read the same, to the last digit, before its thermometer is doubted."""
STILL_UNBOUNDED = timedelta(minutes=40)
"""And so long where nothing but that thermometer ends the cooling: a plain switch."""
AT_MOST_C_AN_HOUR = 8.0
"""What a plain switch may cool a room by: near the floor its thermometer is doubted before the floor can be reached."""
STILL_ABOVE = 0.5
"""°C above the setpoint from which on that is strange: a room that is held at its setpoint may well stand still."""

SILENT = timedelta(minutes=12)
"""Without a word for so long a compressor runs on only as far as the model says; it is not heard whether it is cold."""

EVERY = timedelta(seconds=50)
"""Readings in between are averaged: a room does not change faster."""
AVERAGED = 0.2
"""°C that the latest of them may be from their mean."""
AT_ONCE = 0.7
"""°C since the last look that is looked at without waiting."""
LOOK_AGAIN = timedelta(minutes=1)
IDLE_LOOK = timedelta(minutes=30)

BELIEF = 0.4
"""°C that a believed reading may lie below the model's air before it ends the cooling by itself."""
SAID_CREDIT = 0.05
FORESEEN = timedelta(hours=4)
RATE_SPARE = 0.2
"""°C that are kept in hand under the profile's fastest change."""

FAN_BELOW = 0.6
"""°C below the limit from which on a fan is worth its noise."""
TOO_COOL_FOR_A_FAN = 2.5
"""°C below the limit: no more draught."""
FAN_BACK = timedelta(minutes=20)
"""A fan stays on for who is up at night for less than this: each switching is heard by others."""
BY_CLOCK_MORE = timedelta(minutes=30)
PAD_BELOW = 1.0
"""°C below the limit from which on a bed is cooled."""
SHADE_BELOW = 2.0
"""°C below the limit from which on blinds are shut by day."""
SHADE = (time(7, 30), time(20, 30))
"""Between these blinds may keep the sun out; they are not moved while people sleep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the profile allows in a room: °C, and °C an hour."""

    floor_c: float
    setpoint_c: float
    fastest_c: float = 2.0


@dataclass(slots=True)
class CoolingMemory:
    """What is remembered of a room's cooling, for the snapshot."""

    wanted_since: datetime | None = None
    at_floor: bool = False
    cooling: bool = False
    stuck_since: datetime | None = None  # since when the reading stands still that cooling should have moved
    chill: bool = False  # the room must be chilled now
    chilled_at: datetime | None = None  # when that changed
    gears: GearMemory = field(default_factory=GearMemory)
    draught: bool = False  # the fan runs for this time in bed
    draught_at: datetime | None = None  # when it was asked for
    mild: bool = False  # it runs at the speed for sleepers; somebody who sleeps in does not want more
    fan_c: float = 0.0
    pad: bool = False
    shade: bool = False
    phase: Phase = Phase.NONE
    acting: float | None = 0.0  # how much the room was cooled since the last look; None: it cannot be told
    lay: bool = False  # and whether somebody lay there
    sum_c: float = 0.0  # readings since the last look
    count: int = 0
    looked_at: datetime | None = None
    looked_c: float = 0.0
    plan: PlanMemory = field(default_factory=PlanMemory)
    model: ThermalMemory = field(default_factory=ThermalMemory)
    habits: HabitsMemory = field(default_factory=HabitsMemory)


@dataclass(frozen=True, slots=True)
class Asked:
    """The winning want for the room's cooling, with the reason."""

    wish: Wish
    why: Callable[[], str]
    causes: tuple[str, ...] = ()
    rule: str = ""  # the rule that asks, for the end of a reason: " (rule cool-hot-bed)"
    cooler_c: float = 0.0
    """By how much the limit in bed is to count as lower, in °C. The floor stays where it is."""


class Cooling:
    """The cooling of one room."""

    def __init__(
        self,
        devices: list[tuple[CoolingDevice, Device]],
        bounds: Bounds,
        habits: Habits,
        speech: Speech,
        name: str = "bedroom",
    ) -> None:
        """``devices`` in the order of home.yaml."""
        self._devices = devices
        self._bounds, self._speech, self._name = bounds, speech, name
        self.model, self.habits = ThermalModel(), habits
        self._planner, self._outlook = Planner(self.model, habits, speech, bounds.floor_c), Outlook(self.model)
        conditioners = [device for settings, device in devices if isinstance(settings, ClimateCooling)]
        self._gears = Gears(conditioners, self._outlook, self._planner)
        self._memory = CoolingMemory()
        self._adopt()
        self.plan = Plan(Phase.NONE)
        self.why = ""

    @property
    def devices(self) -> list[Device]:
        """Its devices, in the person's order."""
        return [device for _, device in self._devices]

    @property
    def cools(self) -> bool:
        """Whether anything is asked to cool now."""
        return self._memory.cooling

    @property
    def at_floor(self) -> bool:
        """Whether the room is so cold that it is never cooled."""
        return self._memory.at_floor

    @property
    def fan_c(self) -> float:
        """How many °C a fan takes off what is felt in bed now, as far as that may be counted on."""
        return self._memory.fan_c

    @property
    def stuck_since(self) -> datetime | None:
        """Since when the thermometer is doubted."""
        return self._memory.stuck_since

    # -- memory

    @property
    def memory(self) -> CoolingMemory:
        """All of the memory, as one value."""
        self._memory.model = self.model.dump()
        return self._memory

    @memory.setter
    def memory(self, memory: CoolingMemory) -> None:
        self._memory = memory
        self._adopt()

    def _adopt(self) -> None:
        self.model.load(self._memory.model)
        self.habits.adopt(self._memory.habits)
        self._planner.memory = self._memory.plan
        self._gears.memory = self._memory.gears

    def forget(self) -> None:
        """Forget what was learned of the room and of the person's hours."""
        self.model.forget()
        self.habits.forget()
        self._memory.model = self.model.memory
        self._gears.forget()

    # -- what is heard

    def hear(self, celsius: float, now: datetime) -> bool:
        """Take in a believed reading; whether it is time to look at the room. On the path of every reading."""
        memory = self._memory
        memory.sum_c += celsius
        memory.count += 1
        if memory.looked_at is None or now - memory.looked_at >= EVERY:
            return True
        return abs(celsius - memory.looked_c) >= AT_ONCE or self._is_at_floor(celsius) != memory.at_floor

    def _learn(self, room: Room, now: datetime) -> None:
        """The room until now, under what acted on it since the last look."""
        memory = self._memory
        acted = Influence(memory.acting, in_bed=memory.lay, outdoor_c=room.outdoor_c)
        if memory.count and room.fresh and memory.stuck_since is None:
            heard = memory.sum_c / memory.count
            if room.celsius is not None and abs(room.celsius - heard) > AVERAGED:
                heard = room.celsius  # these are not one temperature and its noise
            self.model.observe(heard, now, acted)
            self._planner.remember(heard, now)
        else:
            self.model.advance(now, acted)
        memory.sum_c, memory.count, memory.looked_at = 0.0, 0, now
        memory.looked_c = room.celsius if room.celsius is not None else memory.looked_c
        if not room.by_clock:
            self.habits.bed(room.in_bed, now)

    # -- steering

    def steer(self, asked: Asked, room: Room, now: datetime) -> datetime | None:
        """Set every device's aim; returns when to look again, if only time passes."""
        memory = self._memory
        room = self._by_clock(room, now) if room.by_clock else room
        self._learn(room, now)
        memory.at_floor = memory.at_floor if room.celsius is None else self._is_at_floor(room.celsius)
        wish = Wish.NONE if memory.at_floor else asked.wish
        sleeping = self.habits.sleeping(now)
        credit = self._credit(room, now, sleeping=sleeping)
        blows = any(isinstance(settings, FanCooling) and device.on for settings, device in self._devices)
        memory.fan_c = credit if room.in_bed and blows else 0.0
        limit = room.limit_c + credit
        plan = self._planner.plan(wish, room, credit, self._bounds.setpoint_c, now, cooling=memory.cooling)
        memory.phase = plan.phase
        self.plan = plan
        memory.wanted_since = None if plan.phase is Phase.NONE else memory.wanted_since or now
        memory.chill = self._chill(plan, room, now)
        lost = self._blind(room, now) or memory.stuck_since is not None
        self._gears.shift(plan, room, Need(memory.chill, lost), now)
        self._blow(plan, room, now, sleeping=sleeping)
        why = self._why(asked, plan, room, limit, now)
        self.why = why
        due = self._aim(asked, plan, room, why, now)
        memory.cooling = any(
            bool((device.memory.wanted or {}).get("power")) and not isinstance(settings, CoverCooling)
            for settings, device in self._devices
        )
        memory.acting, memory.lay = self._acting(room), bool(room.in_bed)
        busy = plan.phase is not Phase.NONE or memory.cooling
        dues = [due, plan.due, now + (2 * LOOK_AGAIN if busy else IDLE_LOOK)]
        return None if asked.wish is Wish.NONE and not busy else min(each for each in dues if each is not None)

    def _by_clock(self, room: Room, now: datetime) -> Room:
        """In a home without a bed sensor somebody is taken to be in bed from early on until a while after the rise."""
        evening = self.habits.evening(now)
        in_bed = evening.early <= now < evening.rise + BY_CLOCK_MORE
        return replace(room, in_bed=in_bed, somebody=room.somebody or in_bed)

    def _credit(self, room: Room, now: datetime, *, sleeping: bool) -> float:
        """How much warmer the air may be because a fan blows, in °C."""
        memory = self._memory
        best = 0.0
        for settings, device in self._devices:
            if not isinstance(settings, FanCooling) or settings.after or room.celsius is None:
                continue
            speed = float(_speed(settings, mild=memory.mild if memory.draught else sleeping))
            if device.on:
                speed = number((device.memory.reported or {}).get("percentage")) or speed
            elif not self._will_blow(device, room, now):
                continue
            best = max(best, credit_c(room.celsius, speed))
        return best

    def _will_blow(self, device: Device, room: Room, now: datetime) -> bool:
        """Whether a fan that is off will be on as soon as it is of use."""
        memory = self._memory
        if not self._usable(device) or (memory.draught and now - (memory.draught_at or now) > 2 * LOOK_AGAIN):
            return False  # it was told to, and does not
        return not room.in_bed or memory.draught or self._is_warm(room, FAN_BELOW)

    @staticmethod
    def _is_warm(room: Room, below: float) -> bool:
        """Whether it is surely no cooler than so much below the limit in bed."""
        return room.fresh and room.celsius is not None and room.celsius >= room.limit_c - below

    @staticmethod
    def _usable(device: Device) -> bool:
        return device.memory.available is True and not device.memory.holds and not device.memory.told

    def _chill(self, plan: Plan, room: Room, now: datetime) -> bool:
        """Whether the room must be chilled now."""
        memory = self._memory
        if plan.phase is Phase.NONE or room.celsius is None or memory.stuck_since is not None:
            return self._chilled(now, chill=False)
        air = self._outlook.air(room)
        if self._blind(room, now):
            return self._chilled(now, chill=self._chill_blind(plan, room, air))
        if not memory.chill:
            if not room.fresh:
                return False
            comes = self._outlook.comes(room, LOOK_AHEAD, 0.0)
            return self._chilled(now, chill=max(air, comes) >= plan.high)
        low = max(plan.low, self._slowest(plan, room))
        comes = self._outlook.comes(room, LOOK_AHEAD / 2, 1.0)
        enough = min(air, comes, room.celsius + BELIEF) <= low or self._may_be_at_floor(room, now)
        return self._chilled(now, chill=not enough)

    def _may_be_at_floor(self, room: Room, now: datetime) -> bool:
        """Whether a plug, which only the thermometer ends, may have brought the room to its floor since that spoke."""
        memory = self._memory
        unbounded = memory.gears.deaf or any(
            isinstance(settings, SwitchCooling) and settings.cools == "room" for settings, _ in self._devices
        )
        if not unbounded or room.at is None or room.celsius is None:
            return False
        unheard = now - max(room.at, memory.chilled_at or room.at)
        return room.celsius - AT_MOST_C_AN_HOUR * (unheard / timedelta(hours=1)) <= self._bounds.floor_c

    def _chill_blind(self, plan: Plan, room: Room, air: float) -> bool:
        """By the model, as if it were as cool as it may well be; with nothing learned there is no cooling."""
        if not self.model.learned:
            return False
        surely = air - self.model.spread_c
        return (surely >= plan.high and room.fresh) or (self._memory.chill and surely > plan.low)

    def _chilled(self, now: datetime, *, chill: bool) -> bool:
        if chill is not self._memory.chill:
            self._memory.chilled_at = now
        return chill

    def _slowest(self, plan: Plan, room: Room) -> float:
        """No cooler than this for now, in °C: rapid change is a trigger of its own. Below the limit comes first."""
        warmest = self._planner.warmest_of_the_hour()
        if warmest is None or not room.somebody:
            return self._bounds.floor_c
        slow = min(warmest - self._bounds.fastest_c + RATE_SPARE, plan.middle)
        return max(self._bounds.floor_c, slow)

    def _blind(self, room: Room, now: datetime) -> bool:
        """Whether the thermometer has been silent for longer than a compressor may run unheard, since it began to."""
        memory = self._memory
        if room.at is None or now - room.at <= SILENT:
            return room.at is None
        if memory.chilled_at is None or memory.chilled_at < room.at:
            return memory.chill or not room.fresh  # what was heard is how it is without cooling: many speak seldom then
        return not memory.chill or now - memory.chilled_at > SILENT

    # -- fans, pads, blinds

    def _blow(self, plan: Plan, room: Room, now: datetime, *, sleeping: bool) -> None:
        """Fan and pad run for as long as somebody lies there: each switching is heard. Blinds are moved by day."""
        memory, limit = self._memory, room.limit_c
        there = plan.phase in (Phase.IN_BED, Phase.NOW)
        if not there:
            away = now - self.habits.memory.left_at if self.habits.memory.left_at is not None else FAN_BACK
            stays = plan.phase is Phase.UP and sleeping and away < FAN_BACK
            memory.draught, memory.pad = memory.draught and stays, memory.pad and stays
        elif room.celsius is not None:
            warm = room.fresh and (plan.phase is Phase.NOW or memory.chill)
            cold = room.celsius < limit - TOO_COOL_FOR_A_FAN and plan.phase is not Phase.NOW
            blows = not cold and (memory.draught or warm or self._is_warm(room, FAN_BELOW))
            if blows and not memory.draught:
                memory.draught_at, memory.mild = now, sleeping
            memory.draught, memory.mild = blows, memory.mild or sleeping
            memory.pad = not cold and (memory.pad or warm or self._is_warm(room, PAD_BELOW))
        by_day = SHADE[0] <= self.habits.time_of_day(now) < SHADE[1] and plan.phase is not Phase.UP
        warm_enough = room.celsius is not None and room.celsius >= limit - SHADE_BELOW - (0.7 if memory.shade else 0.0)
        memory.shade = by_day and warm_enough and not memory.at_floor and (room.fresh or memory.shade)

    # -- aims

    def _aim(self, asked: Asked, plan: Plan, room: Room, why: str, now: datetime) -> datetime | None:
        memory = self._memory
        due = None
        for settings, device in self._devices:
            state = self._state(settings, device, plan, room)
            if state is None or memory.at_floor or asked.wish in (Wish.OFF, Wish.NONE):
                self._release(device, asked, why, now)
                continue
            joins = (memory.wanted_since or now) + settings.after
            if now >= joins and settings.after and room.celsius is not None and room.celsius <= plan.high:
                joins = now + LOOK_AGAIN  # what joins later helps only where the others are not enough
            if (device.on and device.memory.owned) or (room.fresh and now >= joins):
                device.aim(state, why, asked.causes)
            else:
                device.aim(None, why)
                due = (min(due, joins) if due else joins) if now < joins else due
        return due

    def _state(self, settings: CoolingDevice, device: Device, plan: Plan, room: Room) -> State | None:
        """What a device is to be, or None: nothing is asked of it."""
        memory = self._memory
        match settings:
            case ClimateCooling():
                if memory.gears.gear is Gear.OFF:
                    return None
                return {"power": True, "mode": "cool", "temperature": self._gears.setpoint(plan, room.limit_c, device)}
            case FanCooling():
                return (
                    {"power": True, "percentage": float(_speed(settings, mild=memory.mild))} if memory.draught else None
                )
            case CoverCooling():
                return {"power": True, "position": float(settings.shut)} if memory.shade else None
            case SwitchCooling():
                return {"power": True} if (memory.chill if settings.cools == "room" else memory.pad) else None

    def _off(self, device: Device) -> State:
        """Off, and until it may be switched off a setpoint to rest at: always the same, so that it is sent once."""
        if not device.spec.entity.startswith("climate."):
            return {"power": False}
        warmest_here = self._bounds.floor_c + ABOVE_FLOOR_AGAIN
        return {"power": False, "temperature": at_rest(warmest_here + REST_ABOVE, device.memory.attributes)}

    def _release(self, device: Device, asked: Asked, why: str, now: datetime) -> None:
        # Once stopped, it stays so until the room is warmer: a hand that switches it on again is then seen as one.
        if self._memory.at_floor and (_chills(device) or (device.memory.safety and not device.on)):
            device.aim(
                self._off(device), "the room is at its floor, and is never cooled further", asked.causes, safety=True
            )
        else:
            device.release(why, asked.causes, now)

    def _acting(self, room: Room) -> float | None:
        """How much the room is chilled now; None when that cannot be told."""
        acting: float | None = 0.0
        for settings, device in self._devices:
            if not device.on or not _chills(device):
                continue
            if isinstance(settings, SwitchCooling):
                if settings.cools == "room":
                    return 1.0
            elif isinstance(settings, ClimateCooling):
                runs = self._gears.runs(device, room)
                acting = runs if runs is None or runs else acting
        return acting

    # -- doubt

    def doubt(self, room: Room, now: datetime) -> datetime | None:
        """Look whether the reading stands still although the room is chilled; returns when to look again."""
        memory = self._memory
        if memory.stuck_since is not None and room.fresh and room.still_since != memory.stuck_since:
            memory.stuck_since = None
        began, patience = self._chilled_since(room)
        if memory.stuck_since is not None or began is None:
            return None
        if now < (due := began + patience):
            return due
        if room.at is not None and room.at < due:
            return None  # it has said nothing since: that is silence
        memory.stuck_since = room.still_since
        return None

    def _chilled_since(self, room: Room) -> tuple[datetime | None, timedelta]:
        """Since when a reading that stands still is chilled, None when it is not; and for how long that may be."""
        begun, still = self._memory.wanted_since, room.still_since
        chilling = [
            (settings, device) for settings, device in self._devices if device.on and _chills_room(settings, device)
        ]
        changed = [device.memory.changed_at for _, device in chilling]
        if begun is None or still is None or not changed or not room.fresh:
            return None, STILL
        unbounded = self._memory.gears.deaf or any(isinstance(settings, SwitchCooling) for settings, _ in chilling)
        # Only a thermostat of its own holds a room still: what runs until the reading falls would run for ever.
        if room.celsius is None or (not unbounded and room.celsius <= self.plan.middle + STILL_ABOVE):
            return None, STILL
        to_floor = timedelta(hours=max(room.celsius - self._bounds.floor_c, 0.0) / AT_MOST_C_AN_HOUR)
        patience = min(STILL_UNBOUNDED, to_floor) if unbounded else STILL
        return max(begun, still, min(each or begun for each in changed)), patience

    # -- the floor

    def _is_at_floor(self, celsius: float) -> bool:
        return celsius <= self._bounds.floor_c + (ABOVE_FLOOR_AGAIN if self._memory.at_floor else 0.0)

    # -- words

    def _why(self, asked: Asked, plan: Plan, room: Room, limit: float, now: datetime) -> str:
        """The reason of what is asked of the devices, in numbers."""
        if plan.phase is Phase.NONE or asked.wish is not Wish.KEEP or room.celsius is None:
            if plan.why:
                return f"cooling is not needed now: {plan.why}{asked.rule}"
            idle = plan.phase is Phase.NONE and not any(device.on or device.memory.wanted for device in self.devices)
            return "" if idle else asked.why()
        say = self._speech.temperature
        here = f"the {self._name} is {say(room.celsius)}"
        least = f"your limit in bed is {say(room.limit_c + room.cooler_c)}"
        least += f", and {say(room.limit_c)} for now" if room.cooler_c else ""
        least += f", and {say(limit)} with the fan" if limit - room.limit_c >= SAID_CREDIT else ""
        if not self._memory.cooling and not self._memory.chill:
            return f"{here}; {least}; {plan.why}{asked.rule}"
        if room.celsius < limit and self.model.learned:
            acts = Influence(0.0, in_bed=bool(room.in_bed), outdoor_c=room.outdoor_c)
            minutes = self.model.minutes_until(limit, FORESEEN, acts)
            if minutes is not None:
                reached = self._speech.clock(now + timedelta(minutes=minutes))
                return f"{here} and would reach {say(limit)} by {reached}; {plan.why}{asked.rule}"
        return f"{here}; {least}; {plan.why}{asked.rule}"


def _speed(settings: FanCooling, *, mild: bool) -> int:
    return settings.night_percentage if mild else settings.percentage


def _chills(device: Device) -> bool:
    """Whether it takes heat out of the room or the bed now: a fan does not, nor an air conditioner that heats."""
    domain = device.spec.entity.partition(".")[0]
    if domain == "climate":
        return chills(device.memory.reported or {}, device.memory.attributes)
    return domain == "switch" and device.on


def default_setpoint(heat_in_bed_c: float, floor_c: float, target_c: float | None) -> float:
    """What an air conditioner is set to, in °C: the target, else 1 °C below the limit in bed, never below the floor."""
    return max(floor_c, target_c if target_c is not None else heat_in_bed_c - 1.0)


def _chills_room(settings: CoolingDevice, device: Device) -> bool:
    """Whether a thermometer in the room must show it: not what cools only the bed."""
    return _chills(device) and not (isinstance(settings, SwitchCooling) and settings.cools == "bed")

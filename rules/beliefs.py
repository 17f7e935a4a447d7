"""What was learned of a room and of the person's hours in bed there, and what is planned with it: in words and numbers.

Everything here is read from the controller; nothing is worked out that does not also steer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.home import ClimateCooling, CoolingDevice, SwitchCooling, cooling_entity
from devices.control.cooling import Cooling
from devices.control.habits import NIGHTS_ENOUGH
from devices.control.plan import UNLEARNED_RATE, Phase
from devices.control.thermal import ENOUGH_COOLED_H, ENOUGH_HOURS, Influence
from rules.words import Words
from rules.world import RoomWorld, spoken

ALONE = timedelta(hours=1)
COOLED = timedelta(minutes=30)
NOT_NOTEWORTHY_C = 0.05
"""°C. Less credit for a fan than this is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """What is believed of one room; temperatures in °C, instants in UTC, None for what is not known."""

    room: str
    name: str
    learned: bool
    hours: float
    """Of readings."""
    cooled_minutes: float
    error_c: float | None
    """How far half-hour forecasts were off, on average."""
    now_c: float | None
    alone_c: float | None
    """In an hour, if nothing cools."""
    cooled_c: float | None
    """In half an hour, if what cools the air runs all the time."""
    nights: int
    usual_bed: datetime
    early_bed: datetime
    usual_rise: datetime
    phase: str
    low_c: float | None
    high_c: float | None
    fan_c: float
    swinging: bool
    deaf: bool
    lines: tuple[tuple[str, str], ...]
    """The same for a person: about what, and a sentence."""

    def to_json(self) -> dict[str, object]:
        """A plain document."""
        found = {name: getattr(self, name) for name in self.__slots__}
        found |= {name: each.isoformat() for name, each in found.items() if isinstance(each, datetime)}
        return found | {"lines": [{"about": about, "says": says} for about, says in self.lines]}


def beliefs_of(
    room: RoomWorld, settings: list[CoolingDevice], outdoor_c: float | None, words: Words, now: datetime
) -> Beliefs | None:
    """What is believed of a room now; None where nothing cools it. ``outdoor_c`` where it is fresh."""
    if room.cooling is None:
        return None
    cooling, model, memory = room.cooling, room.cooling.model, room.cooling.memory
    evening, plan = cooling.habits.evening(now), cooling.plan
    chiller = next((cooling_entity(each) for each in settings if _chills_air(each)), "")
    lies, alone, cooled = bool(room.in_bed(now)), None, None
    if model.known:
        alone = model.air_in(ALONE, Influence(0.0, in_bed=lies, outdoor_c=outdoor_c))
        cooled = model.air_in(COOLED, Influence(1.0, in_bed=lies, outdoor_c=outdoor_c)) if chiller else None
    bounded = plan.phase is not Phase.NONE
    found = Beliefs(
        room=room.id,
        name=room.name,
        learned=model.known and model.learned,
        hours=round(memory.model.hours, 1),
        cooled_minutes=round(memory.model.cooled_hours * 60),
        error_c=_rounded(memory.model.error_c),
        now_c=_rounded(model.air_c) if model.known else None,
        alone_c=_rounded(alone),
        cooled_c=_rounded(cooled),
        nights=evening.nights if room.bed is not None else 0,
        usual_bed=evening.usual,
        early_bed=evening.early,
        usual_rise=evening.rise,
        phase=plan.phase.value,
        low_c=_rounded(plan.low) if bounded else None,
        high_c=_rounded(plan.high) if bounded else None,
        fan_c=round(cooling.fan_c, 2),
        swinging=memory.gears.swinging,
        deaf=memory.gears.deaf,
        lines=(),
    )
    lines = [("the room", _room_line(found, spoken(chiller) if chiller else "", words))]
    lines += [("your hours", _hours_line(found, cooling, words, now, has_sensor=room.bed is not None))]
    lines += [("the plan", _plan_line(cooling, words))]
    if any(each for each in settings if cooling_entity(each).startswith("fan.")):
        lines += [("the fan", _fan_line(found, words))]
    lines += [(spoken(chiller), oddity) for oddity in _oddities(found)] if chiller else []
    return Beliefs(**{name: getattr(found, name) for name in found.__slots__} | {"lines": tuple(lines)})


def _chills_air(settings: CoolingDevice) -> bool:
    return isinstance(settings, ClimateCooling) or (isinstance(settings, SwitchCooling) and settings.cools == "room")


def _rounded(celsius: float | None) -> float | None:
    return None if celsius is None else round(celsius, 2)


def _room_line(found: Beliefs, chiller: str, words: Words) -> str:
    parts = [_learned_text(found, words) if chiller else f"nothing here cools the air; heard for {found.hours:.0f} h"]
    if found.alone_c is not None and found.learned:
        would = f"left alone, it would be {words.temperature(found.alone_c)} in an hour"
        if found.cooled_c is not None:
            would += f"; with {chiller} all the time, {words.temperature(found.cooled_c)} in half an hour"
        parts.append(would[:1].upper() + would[1:])
    if found.error_c is not None:
        off = words.step(found.error_c)
        parts.append(f"Its forecasts for half an hour were off by {off} on average")
    return ". ".join(parts) + "."


def _learned_text(found: Beliefs, words: Words) -> str:
    heard = f"{found.hours:.0f} h of readings and {_minutes(found.cooled_minutes)} of cooling"
    if found.learned:
        return f"learned, from {heard}"
    hours, minutes = ENOUGH_HOURS - found.hours, ENOUGH_COOLED_H * 60 - found.cooled_minutes
    missing = [f"{max(hours, 1):.0f} more h of readings"] if hours > 0 else []
    missing += [f"{max(minutes, 1):.0f} more min of cooling"] if minutes > 0 else []
    until = f"until then it counts on {words.step(UNLEARNED_RATE)} an hour"
    if not missing:
        return f"not learned yet: how fast it cools is not sure enough after {heard}; {until}"
    return f"not learned yet: it needs {' and '.join(missing)}; {until}"


def _minutes(minutes: float) -> str:
    return f"{minutes / 60:.0f} h" if minutes >= 10 * 60 else f"{minutes:.0f} min"


def _hours_line(found: Beliefs, cooling: Cooling, words: Words, now: datetime, *, has_sensor: bool) -> str:
    usual, rise = words.clock(found.usual_bed), words.clock(found.usual_rise)
    if not has_sensor:
        return f"in bed from {usual} to {rise}, by your profile: there is no bed sensor"
    seen = f"{found.nights} night{'' if found.nights == 1 else 's'} seen"
    text = f"usually in bed at {usual}, at the earliest about {words.clock(found.early_bed)}, up at {rise}; {seen}"
    if found.nights < NIGHTS_ENOUGH:
        text += f", and your bedtime in the profile counts too until there are {NIGHTS_ENOUGH}"
    return text + (". Nobody has been in bed for days, so nothing is cooled ahead" if cooling.habits.away(now) else "")


def _plan_line(cooling: Cooling, words: Words) -> str:
    plan = cooling.plan
    if cooling.at_floor:
        return "no cooling: the room is at its floor, and is never cooled further"
    if cooling.stuck_since is not None:
        return f"only by its own thermostat: that of the room has not moved since {words.clock(cooling.stuck_since)}"
    if plan.phase is Phase.NONE:
        return f"no cooling now{': ' if plan.why else ''}{plan.why}"
    why = plan.why or "cooling now is asked for"
    return f"{why}: cooling from {words.temperature(plan.high)} on, down to {words.temperature(plan.low)}"


def _fan_line(found: Beliefs, words: Words) -> str:
    if found.fan_c < NOT_NOTEWORTHY_C:
        return "not counted on now"
    return f"counts for {words.step(found.fan_c)}: while it blows, the room may be so much warmer"


def _oddities(found: Beliefs) -> list[str]:
    said = []
    if found.deaf:
        said.append("does not keep to its setpoint, so it is switched on and off instead")
    if found.swinging:
        said.append("its own thermostat cannot hold the room closely, so it is told when to cool and when to rest")
    return said

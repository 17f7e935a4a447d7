"""When cooling is expected to begin on an evening: what the controller would do, told ahead. Nothing is steered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from devices.control.cooling import Cooling
from devices.control.habits import NIGHTS_ENOUGH, Evening
from devices.control.plan import LONGEST_LEAD, MARGIN, UNLEARNED_LEAD, Planner, Room
from devices.wants import KeepCool
from rules.evening_words import PlanLine, Status
from rules.words import span
from rules.world import RoomWorld, World

NONE_AHEAD = timedelta(minutes=1)
"""A shorter lead is none."""


@dataclass(frozen=True, slots=True)
class _Look:
    """A room that is cooled, and the evening that is looked at."""

    world: World
    room: RoomWorld
    cooling: Cooling
    evening: Evening
    now: datetime
    is_on: bool  # the evening is the one of now: what is measured now says something about it

    @property
    def limit(self) -> float:
        """The person's limit in bed there, in °C."""
        fact, heat = self.room.temperature, self.room.heat
        if heat is None or not fact.at:
            return self.world.profile.triggers.heat.above_in_bed
        return heat.limit_in_bed_c(fact.number)

    @property
    def below(self) -> str:
        """As in: below 22.0 °C by 21:53."""
        return f"below {self.world.words.temperature(self.limit)} by {self.world.words.clock(self.evening.early)}"


def cooling_lines(world: World, evening: datetime, now: datetime, *, is_on: bool) -> Iterator[PlanLine]:
    """A line for each cooled room. ``evening``: a moment of the evening before midnight."""
    for room in world.rooms.values():
        wants = [want for _, want in world.claims.get(f"cool:{room.id}", ())]
        if room.cooling is None or not any(isinstance(want, KeepCool) for want in wants):
            continue
        look = _Look(world, room, room.cooling, room.cooling.habits.evening(evening), now, is_on)
        line = _line(look)
        yield _held(line, look)


def _held(line: PlanLine, look: _Look) -> PlanLine:
    """The line with what holds cooling back, where something does."""
    world, because = look.world, ""
    until = world.pauses.holds("cooling", line.at)
    if not world.profile.triggers.heat.enabled:
        because = "the heat trigger is switched off in your profile"
    elif until is not None:
        because = f"you paused cooling until {world.words.moment(until, look.now)}"
    elif look.cooling.habits.away(look.now):
        because = "nobody has been in bed here for days"
    elif look.is_on and look.cooling.at_floor:
        because = f"the {look.room.name} is at its floor"
    elif look.is_on and look.room.temperature.at is not None and not look.room.temperature.fresh:
        because = f"the thermometer of the {look.room.name} is silent"
    if not because or line.status is Status.OVER:
        return line
    return PlanLine(line.at, line.what, line.why, Status.HELD, because)


def _line(look: _Look) -> PlanLine:
    words, name, cooling = look.world.words, look.room.name, look.cooling
    ready = look.evening.early
    if not any(device.spec.entity.startswith(("climate.", "switch.")) for device in cooling.devices):
        what = f"the {name} is not cooled ahead: nothing there cools the air. A fan runs while you are in bed"
        return PlanLine(ready, what, _hours(look), _status(look, ready))
    if not look.is_on or not look.room.temperature.fresh:
        begins = ready - LONGEST_LEAD
        what = f"from here on cooling may begin, if the {name} is warm, to have it {look.below}"
        return PlanLine(begins, what, f"{_hours(look)}; {_lead_text(look)}", _status(look, begins))
    said = words.temperature(look.room.temperature.number)
    if cooling.cools:
        began = cooling.memory.wanted_since or look.now
        why = f"{cooling.plan.why or 'it is asked for'}; it is {said} now"
        return PlanLine(began, f"cooling of the {name} began", why, Status.DONE)
    lead = _lead(look, max(ready - look.now, timedelta(0)))
    if look.now >= ready or lead < NONE_AHEAD:
        at = max(ready, look.now)
        limit = words.temperature(look.limit)
        return PlanLine(at, f"cooling of the {name} begins if it comes near {limit}: it is {said} now", _hours(look))
    what = f"cooling of the {name} is expected to begin, to have it {look.below}: it is {said} now"
    return PlanLine(max(ready - lead, look.now), what, f"{_hours(look)}; {_lead_text(look)}")


def _lead(look: _Look, left: timedelta) -> timedelta:
    """How long before the time cooling begins, without what a fan saves: at the earliest."""
    world, fact, outdoor = look.world, look.room.temperature, look.world.outdoor
    planner = Planner(look.cooling.model, look.cooling.habits, world.words, world.profile.comfort.floor_c)
    outdoor_c = outdoor.number if outdoor is not None and outdoor.fresh else None
    room = Room(celsius=fact.number, fresh=True, limit_c=look.limit, outdoor_c=outdoor_c)
    return planner.lead(room, look.limit - MARGIN, left)


def _hours(look: _Look) -> str:
    usual, nights = look.world.words.clock(look.evening.usual), look.evening.nights
    known = f"{nights} night{'' if nights == 1 else 's'} seen"
    seen = known if nights >= NIGHTS_ENOUGH else f"by your profile, and {known}" if nights else "by your profile"
    return f"you usually go to bed at {usual} ({seen})"


def _lead_text(look: _Look) -> str:
    if look.cooling.model.known and look.cooling.model.learned:
        return "how fast the room cools is learned"
    least, most = (span(each) for each in UNLEARNED_LEAD)
    return f"how fast the room cools is not learned yet: {least} to {most} ahead"


def _status(look: _Look, at: datetime) -> Status:
    return Status.OVER if at < look.now and not (look.is_on and look.now < look.evening.late) else Status.PLANNED

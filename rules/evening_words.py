"""The evening's plan in words: what a step does, and which line of the profile it follows from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from config.profile import WEEKDAYS, Lights, Profile, Routine, Step
from config.types import Moment
from rules.words import span
from rules.world import World

_OFFERED = {
    "drink": "last drink",
    "wash": "wash",
    "stretch": "stretch",
    "rating": "your rating, 0 to 10",
    "caffeine": "last coffee or tea",
    "night": "how the night was, if it was restless",
}


class Status(StrEnum):
    """How a line of the plan stands."""

    PLANNED = "planned"
    WAITS = "waits"  # its time has come, and it is not settled yet
    DONE = "done"
    MISSED = "missed"
    SKIPPED = "left out"
    HELD = "held back"  # as it stands now, it will not happen
    OVER = "over"  # its time has passed, and nothing is known of it


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of an evening's plan. ``why``: what in the profile it follows from; ``because``: why it stands so."""

    at: datetime
    what: str
    why: str
    status: Status = Status.PLANNED
    because: str = ""


def step_text(step: Step, world: World) -> str:
    """What a step does."""
    parts = [light_text(step.lights, world)] if step.lights is not None else []
    return "; ".join([*parts, *([offer_text(step.offer, world.profile)] if step.offer else [])])


def light_text(lights: Lights, world: World) -> str:
    """As in: light to 30 %, 2700 K, over 30 min."""
    name = world.profile.bedroom if lights.room == "bedroom" else lights.room
    room = world.rooms.get(name)
    where = "" if lights.room == "bedroom" else f" in the {room.name if room else name.replace('_', ' ')}"
    warmth = f", {lights.kelvin} K" if lights.kelvin else ""
    text = f"light{where} to {lights.brightness} %{warmth}, over {span(lights.fade)}"
    if not lights.out or room is None:
        return text
    return f"{text}, then off once you are in bed" if room.bed is not None else f"{text}; it stays on"


def prompt_text(prompt: str, profile: Profile) -> str:
    """A prompt as it is called in the plan; a reminder in the person's own words."""
    if prompt in profile.reminders:
        return profile.reminders[prompt].says or prompt.replace("_", " ")
    return _OFFERED.get(prompt, prompt)


def offer_text(prompts: list[str], profile: Profile) -> str:
    """As in: offer: last drink and wash; or: reminder: Evening tablets."""
    own = all(prompt in profile.reminders for prompt in prompts)
    *first, last = [prompt_text(prompt, profile) for prompt in prompts]
    return f"{'reminder' if own else 'offer'}: {', '.join(first)}{' and ' if first else ''}{last}"


def moment_text(moment: Moment, routine: Routine, profile: Profile, day: date) -> str:
    """As in: bedtime 22:30 minus 60 min; rise 07:30 plus 5 min; at 21:00."""
    if moment.anchor == "start":
        begins = "when you begin it" if routine.at is None else moment_text(routine.at, routine, profile, day)
        return f"{begins}{_offset(moment.offset)}"
    if moment.anchor == "clock":
        return f"at {moment.clock:%H:%M}"
    if moment.anchor == "rise":
        return f"rise {profile.bedtime.rise:%H:%M}{_offset(moment.offset)}"
    return f"{bedtime_text(profile, day)}{_offset(moment.offset)}"


def bedtime_text(profile: Profile, day: date) -> str:
    """As in: bedtime 22:30; or: Friday bedtime 23:15, where that evening has its own."""
    weekday = WEEKDAYS[day.weekday()]
    whose = f"{weekday.capitalize()} " if weekday in profile.bedtime.by_weekday else ""
    return f"{whose}bedtime {profile.bedtime.on(day):%H:%M}"


def whose(name: str, profile: Profile) -> str:
    """Whether a routine is shipped, or the person's own."""
    if name in profile.routines:
        return f"your {name.replace('_', ' ')}"
    own = any(name in reminder.routines(each) for each, reminder in profile.reminders.items())
    return "your reminder" if own else f"shipped {name.replace('_', ' ')}"


def _offset(offset: timedelta) -> str:
    if not offset:
        return ""
    minutes = round(abs(offset).total_seconds() / 60)
    return f" {'minus' if offset < timedelta(0) else 'plus'} {minutes} min"

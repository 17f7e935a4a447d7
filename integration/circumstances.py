"""How the home is now, for the journal: what is stored with an entry, and what a question is answered from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from integration.why import device_state, device_why
from journal.context import Context, Home, Reading
from rules.engine import Engine
from rules.facts import Fact, Quality
from rules.triggers import Level
from rules.world import AT_HOME, World

KINDS = {"fan": ("fan",), "ac": ("climate",), "light": ("light",), "blinds": ("cover",)}
"""What somebody may ask about, and the domains of the devices that are meant."""
COOLING = ("climate", "fan", "switch", "cover")
OFF = frozenset({"off", "not available"})


def home_of(engine: Engine, now: datetime, hours: Mapping[str, float]) -> Home:
    """What the journal may know. ``hours``: the mean °C of the bedroom by whole hours ago."""
    world = engine.world
    return Home(
        context=context_of(world, now, hours),
        fahrenheit=world.profile.units == "F",
        why=_why(world, now),
        room=world.bedroom.name,
        offered=_offered(world),
        steers=_steers(world, now),
    )


def context_of(world: World, now: datetime, hours: Mapping[str, float]) -> Context:
    """The home as it is stored with an entry. What is not known is left out."""
    room, facts = world.bedroom, world.facts
    humidity = f"{room.id}.humidity"
    present = facts[AT_HOME]
    return Context(
        temperature=_reading(room.temperature, now),
        humidity=_reading(facts[humidity], now) if humidity in facts else None,
        temperatures=dict(hours),
        in_bed=_reading(room.bed.fact, now) if room.bed is not None else None,
        at_home=bool(present.value) if present.fresh else None,
        routines=_routines(world, now),
        triggers={
            key: trigger.standing.level.name.lower()
            for key, trigger in world.triggers.items()
            if trigger.standing.level is not Level.IDLE
        },
        doing=_doing(world, now),
        reminder_hours={
            name: round((now - prompt.done_at).total_seconds() / 3600, 2)
            for name, prompt in world.desk.memory.prompts.items()
            if name in world.profile.reminders and prompt.done_at is not None
        },
    )


def levels_of(engine: Engine) -> dict[str, float | bool | None]:
    """What the hours are made of: every fact, trigger and deed that a later question may need; None: not known."""
    world, now = engine.world, engine.now
    levels: dict[str, float | bool | None] = {}
    for room in world.rooms.values():
        for quantity in ("temperature", "humidity"):
            name = f"{room.id}.{quantity}"
            if name in world.facts:
                levels[name] = _level(world.facts[name])
        if room.cooling is not None:
            levels[f"{room.id}.cooled"] = room.cooling.cools
        if room.bed is not None:
            levels[room.bed.fact.name] = _level(room.bed.fact)
    if world.outdoor is not None:
        levels[world.outdoor.name] = _level(world.outdoor)
    levels[AT_HOME] = _level(world.facts[AT_HOME])
    for name in ("night.restless", "night.exits"):
        levels[name] = _level(world.facts[name])
    for key, trigger in world.triggers.items():
        unknown = trigger.standing.unknown is not None
        levels[f"trigger.{key}"] = None if unknown else trigger.standing.level is Level.ACTIVE
    levels["paused"] = bool(_paused(world, now))
    return levels


def _level(fact: Fact) -> float | bool | None:
    return fact.value if fact.fresh else None


def _reading(fact: Fact, now: datetime) -> Reading | None:
    if fact.quality is Quality.MISSING:
        return None
    age = (now - fact.at).total_seconds() / 60 if fact.at is not None else None
    return Reading(value=fact.value, quality=fact.quality.value, age_minutes=None if age is None else round(age, 1))


def _routines(world: World, now: datetime) -> dict[str, str]:
    standings = {name: world.routines.standing(name, now).state for name in world.routines.runs}
    return {name: state for name, state in standings.items() if state != "waiting"}


def _doing(world: World, now: datetime) -> list[str]:
    doing = [f"cooling {room.id}" for room in world.rooms.values() if room.is_cooled()]
    return doing + [f"paused {area}".strip() for area in _paused(world, now)]


def _paused(world: World, now: datetime) -> list[str]:
    return [area or "everything" for area, until in sorted(world.pauses.until.items()) if until > now]


def _why(world: World, now: datetime) -> dict[str, str]:
    """One sentence for each kind of device: of the first that is on, or of the first."""
    found = {}
    for kind, domains in {**KINDS, "cooling": COOLING}.items():
        devices = [device for entity, device in world.devices.items() if entity.partition(".")[0] in domains]
        devices.sort(key=lambda device: device_state(device) in OFF)  # stable
        if devices:
            device = devices[0]
            name = device.spec.name[:1].upper() + device.spec.name[1:]
            found[kind] = f"{name} is {device_state(device)}: {device_why(device, now)}."
    return found


def _offered(world: World) -> str:
    """The prompt that waits for an answer, the latest where there are several; the rating before all others."""
    opened = [
        (prompt.offered_at, name)
        for name, prompt in world.desk.memory.prompts.items()
        if prompt.offered_at is not None and prompt.ended_at is None and prompt.later_at is None
    ]
    names = [name for _, name in sorted(opened)]
    return "rating" if "rating" in names else names[-1] if names else ""


def _steers(world: World, now: datetime) -> str:
    """What goes on step by step."""
    if world.aloud.guided.running:
        return "stretch"
    if world.aloud.bath.running:
        return "wash"
    return next((name for name, state in _routines(world, now).items() if state == "running"), "")

"""Why something is on or off, or why nothing happened: the present from memory, the past from the record."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from devices.control.device import Device
from integration.household import Household
from integration.store import Store
from integration.why_routines import is_idle, standing_of_routines
from rules.beliefs import Beliefs, beliefs_of
from rules.engine import Engine
from rules.running import State
from rules.words import span

EVERYWHERE = frozenset({"", "all"})
SUBJECTS = {
    "cooling": ("climate", "fan", "switch", "cover"),
    "blinds": ("cover",),
    "light": ("light",),
    "lights": ("light",),
}
"""Words for several devices at once."""


RELIVED = timedelta(hours=36)
"""How far back a moment of the past is lived through again: longer than anything holds but the usual temperature."""


@dataclass(frozen=True, slots=True)
class Now:
    """One thing as it stands: a rule, a device or a trigger."""

    person: str
    what: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The present and the latest decisions, newest last."""

    now: list[Now]
    lately: list[dict[str, Any]]
    looked_at: datetime | None
    switches: bool = True
    """False where nothing is really switched: no Home Assistant, and no device that is switched over MQTT."""
    unswitched: tuple[str, ...] = ()
    """The devices that are not, where others are."""
    learned: tuple[Beliefs, ...] = ()
    """What was learned of the rooms, where cooling was asked for and not the past."""
    nearest: str = ""
    """A subject that there is, where nothing is known about the one that was asked for."""

    def to_json(self) -> dict[str, Any]:
        """A plain document."""
        at = self.looked_at.isoformat() if self.looked_at else None
        now = [asdict(each) for each in self.now]
        return {
            "looked_at": at,
            "now": now,
            "lately": self.lately,
            "switches": self.switches,
            "unswitched": list(self.unswitched),
            "learned": [each.to_json() for each in self.learned],
            "nearest": self.nearest,
        }


def answer(  # noqa: PLR0913 (what a question is made of)
    household: Household, store: Store, about: str, *, now: datetime, until: datetime | None, limit: int
) -> Answer:
    """The answer to "why?", now or (``until``) as it was. Brings ``household``, which must be new, to that moment."""
    subject = _subject(household, about)
    lately = [each for each in store.decisions(until=until, limit=limit * 20) if _concerns(each, subject)][:limit]
    if until is None:
        recall(household, store)
    else:
        _relive(household, store, until)
    household.pass_time(until or now)
    learned = _learned(household, subject) if until is None else ()
    standing = [each for person, engine in household.engines.items() for each in _standing(person, engine, subject)]
    looked_at = max((engine.now for engine in household.engines.values()), default=None)
    home = household.configuration.home
    switches = home.home_assistant is not None or bool(home.mqtt_devices)
    unswitched = tuple(home.unswitched) if switches else ()
    nearest = "" if standing or lately else _nearest(household, subject)
    return Answer(standing, lately[::-1], until or looked_at, switches, unswitched, learned, nearest)


def _subject(household: Household, about: str) -> str:
    """What is asked about; a routine may be written as it is spoken: "wind down", "wind-down"."""
    subject = about.strip().lower()
    name = subject.removesuffix(" routine").replace(" ", "_").replace("-", "_")
    return name if any(name in engine.world.routines.runs for engine in household.engines.values()) else subject


def _learned(household: Household, subject: str) -> tuple[Beliefs, ...]:
    """What was learned of each room that is asked about."""
    found = []
    for engine in household.engines.values():
        if not engine.started:
            continue
        engine.look_at_cooling()
        world, outdoor = engine.world, engine.world.outdoor
        for room in world.rooms.values():
            if subject in ("cooling", room.id, room.name.lower()):
                settings = household.configuration.home.rooms[room.id].cooling
                outdoor_c = outdoor.number if outdoor is not None and outdoor.fresh else None
                found.append(beliefs_of(room, settings, outdoor_c, world.words, engine.now))
    return tuple(each for each in found if each is not None)


def _nearest(household: Household, subject: str) -> str:
    known = {*SUBJECTS}
    for engine in household.engines.values():
        known |= {running.rule.id for running in engine.world.rules} | set(engine.world.devices)
        known |= {key.partition("@")[0] for key in engine.world.triggers} | set(engine.world.routines.runs)
    near = get_close_matches(subject, sorted(known), n=1, cutoff=0.5)
    return near[0] if near else ""


def recall(household: Household, store: Store) -> None:
    """Where the service is: its snapshot, and every event after it."""
    snapshot = store.snapshot()
    if snapshot is not None:
        household.restore(snapshot)
    for person, event in store.events_since_snapshot():
        if person in household.engines:
            household.event(person, event)


def _relive(household: Household, store: Store, until: datetime) -> None:
    """Where the service was: every event of the hours before. What takes longer to learn is not known there."""
    for person, event in store.events_between(until - RELIVED, until):
        if person in household.engines:
            household.event(person, event)


def _concerns(decision: dict[str, Any], subject: str) -> bool:
    if subject in EVERYWHERE:
        return True
    about = str(decision["about"]).lower()
    domains = SUBJECTS.get(subject, ())
    named = subject in about or subject == decision["winner"] or subject in decision["losers"]
    return named or about.partition(".")[0] in domains


def _standing(person: str, engine: Engine, subject: str) -> list[Now]:
    world = engine.world
    found = [Now(person, each, state, why) for each, state, why in _triggers(engine)]
    found += [
        Now(
            person,
            f"rule {running.rule.id}",
            running.state.value,
            f"{running.rule.says} {_sentence(running.explain(running.verdict(engine.now)))}",
        )
        for running in world.rules
    ]
    found += [
        Now(person, entity, device_state(device), device_why(device, engine.now))
        for entity, device in world.devices.items()
    ]
    found += [Now(person, each, state, why) for each, state, why in standing_of_routines(engine)]
    if subject in EVERYWHERE:  # what does not hold now is told to who asks for it by name
        idle = {f"rule {running.rule.id}" for running in world.rules if running.state is State.OFF}
        return [each for each in found if each.what not in idle and not is_idle(each.what, each.state)]
    rules = {running.rule.id for running in world.rules if _rule_concerns(engine, running.rule.id, subject)}
    return [each for each in found if _stands_for(each, subject, rules)]


def _triggers(engine: Engine) -> list[tuple[str, str, str]]:
    rows = []
    for key, trigger in engine.world.triggers.items():
        standing = trigger.standing
        if standing.unknown or standing.level or "@" in key:
            state = "cannot be told" if standing.unknown else standing.level.name.lower()
            rows.append((f"trigger {key}", state, trigger.explain().text))
    return rows


def _rule_concerns(engine: Engine, rule_id: str, subject: str) -> bool:
    wanted = {"cooling": "cool:", "light": "light:", "lights": "light:"}.get(subject)
    claims = engine.world.claims
    return any(
        running.rule.id == rule_id
        for target in claims
        for running, _ in claims[target]
        if wanted and target.startswith(wanted)
    )


def _stands_for(each: Now, subject: str, rules: set[str]) -> bool:
    if each.what.removeprefix("rule ") in rules or subject in each.what.lower():
        return True
    if subject == "cooling" and each.what.startswith(("trigger heat", "trigger cold")):
        return True
    return each.what.partition(".")[0] in SUBJECTS.get(subject, ())


def device_state(device: Device) -> str:
    """How a device is, in words."""
    memory = device.memory
    if memory.available is not True or memory.reported is None:
        return "not available"
    return device.describe(memory.reported)


def device_why(device: Device, now: datetime) -> str:
    """Why it is so, in words."""
    memory = device.memory
    parts = [f"left alone for {span(max(memory.holds.values()) - now)} more: changed by hand"] if memory.holds else []
    if memory.wanted is not None:
        parts.append(f"wanted {device.describe(memory.wanted)}: {memory.why}")
    if memory.blocked:
        parts.append(memory.blocked)
    return "; ".join(parts) or "nothing is asked of it"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."

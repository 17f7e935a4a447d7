"""One winner per device: which of the rules that want it gets it, and who lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from devices.control.cooling import Asked
from devices.control.prompts import Offer as Offered
from devices.wants import Cool, Dim, Offer, Tell, Want
from rules.offers import message, refusal, title
from rules.running import RunningRule
from rules.world import RoomWorld, World


@dataclass(frozen=True, slots=True)
class Contest:
    """Who won and who lost, by rule id."""

    winner: str = ""
    losers: tuple[str, ...] = ()


def _wanting(world: World, target: str) -> list[tuple[RunningRule, Want]]:
    """The wants on a target that count now, the strongest first; equal ones in the order of the book."""
    return [(running, want) for running, want in world.claims.get(target, ()) if running.wanting]


def _because(running: RunningRule, now: datetime) -> str:
    return f"{running.verdict(now).because} (rule {running.rule.id})"


def ask_for_cooling(world: World, room: RoomWorld, now: datetime, causes: tuple[str, ...]) -> tuple[Asked, Contest]:
    """What the rules want of a room's cooling."""
    target = f"cool:{room.id}"
    found = _wanting(world, target)
    if not found:
        cools = next((running for running, want in world.claims.get(target, ()) if isinstance(want, Cool)), None)
        why = _because(cools, now) if cools is not None else "no rule asks for it"
        return Asked(None, f"cooling is not needed now: {why}", causes), Contest()
    running, want = found[0]
    ids = list(dict.fromkeys(running.rule.id for running, _ in found))
    return Asked(isinstance(want, Cool), _because(running, now), causes), Contest(ids[0], tuple(ids[1:]))


def ask_for_dimming(world: World, room: RoomWorld, now: datetime) -> tuple[Dim | None, str]:
    """What the rules want of a room's lamps."""
    for running, want in _wanting(world, f"light:{room.id}"):
        if isinstance(want, Dim):
            return want, _because(running, now)
    return None, "no rule asks for it"


def offers_of(world: World, symptoms: list[tuple[datetime, float]], now: datetime) -> list[Offered]:
    """The prompts that rules ask for, each with the reason that forbids it, if there is one."""
    profile, offers = world.profile, []
    warm_rooms = [room.temperature for name, room in world.rooms.items() if name in (profile.bedroom, "bathroom")]
    for running, want in _wanting(world, "desk:"):
        if isinstance(want, Offer):
            settings = profile.prompts.wash if want.prompt == "wash" else profile.prompts.stretch
            offers.append(
                Offered(
                    name=want.prompt,
                    title=title(want.prompt, profile),
                    message=message(want.prompt, profile, world.words),
                    grace=settings.grace,
                    later=settings.later,
                    why=_because(running, now),
                    refusal=refusal(
                        want.prompt, profile, reports=world.triggers, symptoms=symptoms, rooms=warm_rooms, now=now
                    ),
                )
            )
    return offers


def telling(world: World, now: datetime) -> None:
    """Hand the desk what the rules want told, and what is over."""
    for running, want in world.claims.get("desk:", ()):
        if not isinstance(want, Tell):
            continue
        room, key = world.rooms[want.room], f"silent:{want.room}"
        if running.wanting:
            since = f" since {world.words.clock(room.temperature.at)}" if room.temperature.at else ""
            world.desk.tell(key, f"The thermometer of the {room.name} has been silent{since}. Cooling waits until it is back.", now)
        else:
            world.desk.over(key, f"The thermometer of the {room.name} is back.", now)

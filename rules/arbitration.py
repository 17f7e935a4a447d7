"""One winner per device: which of the rules that want it gets it, and who lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from devices.control.cooling import Asked
from devices.control.plan import Wish
from devices.control.prompts import Offer as Offered
from devices.wants import Cool, Dim, KeepCool, Offer, Tell, Want
from rules.facts import Quality
from rules.offers import message, refusal, title
from rules.running import RunningRule
from rules.world import RoomWorld, World


@dataclass(frozen=True, slots=True)
class Contest:
    """Who won and who lost, by rule id, and why: for the record, which stays in the house."""

    because: str
    winner: str = ""
    losers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule stands as it does: for the record, and as it may leave the house."""

    because: str
    outside: str
    causes: tuple[str, ...]


def _reason(world: World, running: RunningRule, now: datetime) -> Reason:
    verdict = running.verdict(now)
    because = f"{verdict.because} (rule {running.rule.id})"
    # A rule that waits for what only the person can tell may be named after it.
    hidden = world.profile.discreet and verdict.discreet is not None
    return Reason(because, verdict.outside if hidden else because, (running.cause,) if running.cause else ())


def _wanting(world: World, target: str) -> list[tuple[RunningRule, Want]]:
    """The wants on a target that count now, the strongest first; equal ones in the order of the book."""
    return [(running, want) for running, want in world.claims.get(target, ()) if running.wanting]


def _contest(because: str, found: list[tuple[RunningRule, Want]]) -> Contest:
    """The first of ``found`` won; who wants the same has not lost."""
    winner, won = found[0]
    losers = dict.fromkeys(running.rule.id for running, want in found if want != won)
    losers.pop(winner.rule.id, None)
    return Contest(because, winner.rule.id, tuple(losers))


def _last_on(world: World, target: str, kind: type[Want]) -> RunningRule | None:
    """The rule for ``target`` that changed last: it says best why nothing is wanted now."""
    rules = [running for running, want in world.claims.get(target, ()) if isinstance(want, kind)]
    changed = [running for running in rules if running.since is not None]
    return max(changed, key=lambda running: (running.since, -rules.index(running)), default=next(iter(rules), None))


def ask_for_cooling(world: World, room: RoomWorld, now: datetime) -> tuple[Asked, Callable[[], Contest]]:
    """What the rules want of a room's cooling. Reasons are worked out when they are asked for: most looks need none."""
    target = f"cool:{room.id}"
    found = _wanting(world, target)
    if found:
        winner, want = found[0]
        asked = Asked(
            _wish(want),
            lambda: _reason(world, winner, now).outside,
            (winner.cause,) if winner.cause else (),
            f" (rule {winner.rule.id})",
        )
        return asked, lambda: _contest(_reason(world, winner, now).because, found)
    last = _last_on(world, target, KeepCool) or _last_on(world, target, Cool)
    if last is None:
        return Asked(Wish.NONE, lambda: "no rule asks for cooling"), lambda: Contest("no rule asks for it")
    return (
        Asked(
            Wish.NONE,
            lambda: f"cooling is not needed now: {_reason(world, last, now).outside}",
            (last.cause,) if last.cause else (),
        ),
        lambda: Contest(_reason(world, last, now).because),
    )


def _wish(want: Want) -> Wish:
    if isinstance(want, KeepCool):
        return Wish.KEEP
    return Wish.NOW if isinstance(want, Cool) else Wish.OFF


@dataclass(frozen=True, slots=True)
class AskedDim:
    """What the lamps of a room are to do, if anything, and why."""

    dim: Dim | None
    why: str
    causes: tuple[str, ...] = ()


def ask_for_dimming(world: World, room: RoomWorld, now: datetime) -> tuple[AskedDim, Contest]:
    """What the rules want of a room's lamps."""
    target = f"light:{room.id}"
    found = _wanting(world, target)
    dims = [(running, want) for running, want in found if isinstance(want, Dim)]
    if dims:
        reason = _reason(world, dims[0][0], now)
        return AskedDim(dims[0][1], reason.outside, reason.causes), _contest(reason.because, found)
    last = _last_on(world, target, Dim)
    because = _reason(world, last, now).because if last is not None else "no rule asks for it"
    return AskedDim(None, ""), Contest(because)


def offers_of(world: World, symptoms: list[tuple[datetime, float]], now: datetime) -> list[Offered]:
    """The prompts that rules ask for, each with the reason that forbids it, if there is one."""
    profile, offers = world.profile, []
    warm_rooms = [room.temperature for name, room in world.rooms.items() if name in (profile.bedroom, "bathroom")]
    for running, want in _wanting(world, "desk:"):
        if isinstance(want, Offer):
            settings = profile.prompts.wash if want.prompt == "wash" else profile.prompts.stretch
            reason = _reason(world, running, now)
            offers.append(
                Offered(
                    name=want.prompt,
                    title=title(want.prompt, profile),
                    message=message(want.prompt, profile, world.words),
                    grace=settings.grace,
                    later=settings.later,
                    why=reason.outside,
                    since=running.since or now,
                    causes=reason.causes,
                    refusal=refusal(
                        want.prompt, profile, reports=world.triggers, symptoms=symptoms, rooms=warm_rooms, now=now
                    ),
                )
            )
    return offers


def telling(world: World, now: datetime) -> None:
    """Hand the desk what the rules want told, and what is over."""
    tells = [(running, want.room) for running, want in world.claims.get("desk:", ()) if isinstance(want, Tell)]
    for room_id in dict.fromkeys(room_id for _, room_id in tells):
        room, key = world.rooms[room_id], f"silent:{room_id}"
        rules = [running for running, of in tells if of == room_id]
        wanting = [running for running in rules if running.wanting]
        causes = tuple(dict.fromkeys(running.cause for running in wanting or rules if running.cause))
        if wanting:
            world.desk.tell(key, _silent_text(world, room), now, causes)
        else:
            world.desk.over(key, f"The thermometer of the {room.name} is back.", now, causes)
    for room in world.rooms.values():
        _tell_of_the_bed(world, room, now)


def _tell_of_the_bed(world: World, room: RoomWorld, now: datetime) -> None:
    """Who lies in a bed that fell silent is not cooled any more. A bed that was empty may be silent for long."""
    if room.bed is None or room.cooling is None:
        return
    bed, key = room.bed.fact, f"bed:{room.id}"
    if bed.quality is Quality.STALE and (bed.value or any(side.lost_at for side in room.bed.sides)):
        since = max((side.at for side in room.bed.sides if side.at), default=now)
        text = f"The bed sensor of the {room.name} has been silent since {world.words.clock(since)}."
        world.desk.tell(key, f"{text} Cooling waits until it is back.", now)
    elif bed.fresh:
        world.desk.over(key, f"The bed sensor of the {room.name} is back.", now)


def _silent_text(world: World, room: RoomWorld) -> str:
    at = room.temperature.at
    said = f"has been silent since {world.words.clock(at)}" if at else "has not been heard"
    waits = ""
    if room.cooling is not None:
        waits = " Cooling goes on carefully." if room.cooling.cools else " Cooling waits until it is back."
    return f"The thermometer of the {room.name} {said}.{waits}"

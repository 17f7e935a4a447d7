"""One winner per device: which of the rules that want it gets it, and who lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from devices.control.cooling import Asked
from devices.control.offer import Offer as Offered
from devices.control.plan import Wish
from devices.wants import Cool, Dim, KeepCool, Offer, Tell, Want
from rules.book import PRIORITIES
from rules.facts import Quality
from rules.offers import Asked as OfferAsked
from rules.offers import offered
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
    if (until := world.pauses.holds("cooling", now)) is not None:
        why = f"you paused it until {world.words.moment(until, now)}"
        return Asked(Wish.NONE, lambda: why), lambda: Contest(why)
    found = _the_coolest_first(_wanting(world, target))
    if found:
        winner, want = found[0]
        asked = Asked(
            _wish(want),
            lambda: _reason(world, winner, now).outside,
            (winner.cause,) if winner.cause else (),
            f" (rule {winner.rule.id})" if not world.profile.discreet or not winner.rule.of_the_night else "",
            want.cooler_c if isinstance(want, KeepCool) else 0.0,
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


def _the_coolest_first(found: list[tuple[RunningRule, Want]]) -> list[tuple[RunningRule, Want]]:
    """Where a room is kept cool: of rules of equal rank that want it, the one that wants it coolest speaks for all."""
    if not found or not isinstance(found[0][1], KeepCool):
        return found
    winner = found[0]
    for claim in found[1:]:
        running, want = claim
        won = winner[1]
        if running.rule.rank == winner[0].rule.rank and isinstance(want, KeepCool) and isinstance(won, KeepCool):
            winner = claim if want.cooler_c > won.cooler_c else winner
    return found if winner is found[0] else [winner, *(claim for claim in found if claim is not winner)]


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


@dataclass(frozen=True, slots=True)
class _StepLight:
    dim: Dim
    why: str
    name: str


ROUTINE = PRIORITIES.index("routine")
"""The rank of what a step of a routine wants."""


def _step_light(world: World, room: RoomWorld, now: datetime) -> _StepLight | None:
    """The light that a routine wants in a room."""
    found = world.routines.light(room.id, now)
    if found is None:
        return None
    lights, name, since = found
    fade = lights.fade.total_seconds()
    dim = Dim(room=room.id, brightness_pct=float(lights.brightness), kelvin=lights.kelvin, fade_s=fade, out=lights.out)
    spoken = name.replace("_", " ")
    return _StepLight(dim, f"your {spoken} routine, since {world.words.clock(since)}", f"routine {name}")


def ask_for_dimming(world: World, room: RoomWorld, now: datetime) -> tuple[AskedDim, Contest]:
    """What the rules want of a room's lamps."""
    target = f"light:{room.id}"
    if (until := world.pauses.holds("lights", now)) is not None:
        return AskedDim(None, ""), Contest(f"you paused it until {world.words.moment(until, now)}")
    found = _wanting(world, target)
    if (until := world.pauses.holds("evening", now)) is not None:
        found = [(running, want) for running, want in found if running.rule.rank != ROUTINE]
        if not found:
            return AskedDim(None, ""), Contest(f"you paused it until {world.words.moment(until, now)}")
    step = _step_light(world, room, now)
    dims = [(running, want) for running, want in found if isinstance(want, Dim)]
    if step is not None and not any(
        running.rule.rank > ROUTINE or (running.rule.rank == ROUTINE and want.brightness_pct < step.dim.brightness_pct)
        for running, want in dims[:1]
    ):
        return AskedDim(step.dim, step.why), Contest(step.why, step.name, tuple(each.rule.id for each, _ in dims))
    if dims:
        reason = _reason(world, dims[0][0], now)
        return AskedDim(dims[0][1], reason.outside, reason.causes), _contest(reason.because, found)
    last = _last_on(world, target, Dim)
    because = _reason(world, last, now).because if last is not None else "no rule asks for it"
    return AskedDim(None, ""), Contest(because)


def offers_of(world: World, symptoms: list[tuple[datetime, float]], now: datetime) -> list[Offered]:
    """The prompts that routines and rules ask for, each with the reason that forbids it, if there is one."""
    offers = _step_offers(world, symptoms, now)
    for running, want in _wanting(world, "desk:"):
        if isinstance(want, Offer):
            reason = _reason(world, running, now)
            asked = OfferAsked(why=reason.outside, since=running.since or now, causes=reason.causes)
            offers.append(offered(world, want.prompt, asked, symptoms=symptoms, now=now))
    if (until := world.pauses.holds("prompts", now)) is not None:
        why = f"you paused it until {world.words.moment(until, now)}"
        offers = [replace(offer, refusal=why) for offer in offers]
    return offers


def _step_offers(world: World, symptoms: list[tuple[datetime, float]], now: datetime) -> list[Offered]:
    offers, steps = [], world.routines.offers(now)
    in_bed = world.bedroom.bed is not None and world.bedroom.in_bed(now)
    own = {step.since: step.group for step in reversed(steps) if step.prompt in world.profile.reminders}
    for step in steps:
        # One prompt in place of two, where a reminder and the rating come at the same moment.
        group = own.get(step.since, step.group) if step.prompt == "rating" else step.group
        asked = OfferAsked(why=step.why, since=step.since, until=step.until, group=group)
        offer = offered(world, step.prompt, asked, symptoms=symptoms, now=now)
        # Said once is enough for who lies in bed already.
        offers.append(replace(offer, repeat=timedelta(0)) if in_bed and not offer.own else offer)
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

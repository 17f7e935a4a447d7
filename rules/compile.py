"""Rules compiled once: names become facts and triggers, and each rule knows what can touch it."""

from __future__ import annotations

from difflib import get_close_matches

from config.errors import UnclenchError
from config.profile import DEFAULT_ROUTINES, KNOWN_REPORTS
from devices.wants import Cool, Dim, EaseOff, KeepCool, Offer, Tell, Want, target_of
from rules.book import (
    PRIORITIES,
    AllWhen,
    AnyWhen,
    BedWhen,
    CoolWant,
    DimWant,
    EaseOffWant,
    FactWhen,
    KeepCoolWant,
    NotWhen,
    OfferWant,
    RoutineWhen,
    Rule,
    TriggerWhen,
    UnknownPolicy,
    WantLine,
    When,
    step_c,
)
from rules.conditions import All, AnyOf, Condition, Not
from rules.looks import Between, FactCompares, FactIs, FactIsStale, Named, RoutineRuns, SwitchedOff, TriggerIs
from rules.night import NIGHT_FACTS
from rules.night_words import night_condition
from rules.running import CompiledRule, RunningRule
from rules.triggers import Level
from rules.world import RoomWorld, World, evening_hours


class RuleError(UnclenchError):
    """A rule names something that the home or the profile does not have."""

    def __init__(self, rule: str, what: str, found: str, known: list[str]) -> None:
        self.found = found
        near = get_close_matches(found, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" There is: {', '.join(sorted(known)) or 'none'}."
        super().__init__(f"rule {rule}: {what} {found} is not known.{hint}")


def compile_book(world: World, book: list[Rule]) -> None:
    """Put the rules of ``book`` into ``world``, in their order. Raises ``RuleError``."""
    for rule in book:
        if not rule.enabled:
            continue
        rooms = list(world.rooms.values()) if rule.rooms == "each" else [world.bedroom]
        for room in rooms:
            _Compiler(world, rule, room, several=rule.rooms == "each").compile()


class _Compiler:
    """One rule for one room: "bedroom" in it means that room."""

    def __init__(self, world: World, rule: Rule, room: RoomWorld, *, several: bool) -> None:
        self._world, self._rule, self._room, self._several = world, rule, room, several

    def compile(self) -> None:
        rule, world = self._rule, self._world
        when = self._condition(rule.when)
        running = RunningRule(
            CompiledRule(
                id=f"{rule.id}@{self._room.id}" if self._several else rule.id,
                says=rule.says,
                when=when,
                duration=rule.duration,
                wants=tuple(self._want(line) for line in rule.want),
                hold=rule.unknown.hold if isinstance(rule.unknown, UnknownPolicy) else rule.duration * 0,
                rank=PRIORITIES.index(rule.priority),
                of_the_night=not set(NIGHT_FACTS).isdisjoint(when.watches()),
            )
        )
        world.rules.append(running)
        for want in running.rule.wants:
            claims = world.claims.setdefault(target_of(want), [])
            claims.append((running, want))
            claims.sort(key=lambda claim: -claim[0].rule.rank)
        for name in dict.fromkeys(running.rule.when.watches()):
            world.watchers.setdefault(name, []).append(running)

    def _condition(self, when: When) -> Condition:  # noqa: PLR0911 (one return for each kind)
        match when:
            case AllWhen():
                return All(tuple(self._condition(part) for part in when.all))
            case AnyWhen():
                return AnyOf(tuple(self._condition(part) for part in when.any))
            case NotWhen():
                return Not(self._condition(when.not_))
            case TriggerWhen():
                return self._trigger(when)
            case BedWhen():
                return self._bed(occupied=when.bed == "occupied")
            case FactWhen():
                return self._fact(when)
            case RoutineWhen():
                return self._routine(when.routine)
            case _:
                start, end = when.between
                return Between((start,) * 7, end, self._world.words, f"between {start:%H:%M} and {end:%H:%M}")

    def _trigger(self, when: TriggerWhen) -> Condition:
        name = when.trigger.replace(" ", "_")
        trigger = self._world.trigger(name, self._room.id)
        if trigger is None:
            triggers = self._world.profile.triggers
            known = [*type(triggers).model_fields, *KNOWN_REPORTS, *triggers.own()]
            if name in known:
                return SwitchedOff(f"the {when.trigger} trigger is switched off in your profile")
            raise RuleError(self._rule.id, "the trigger", when.trigger, known)
        return TriggerIs(trigger, when.trigger, Level[when.at_least.upper()])

    def _routine(self, name: str) -> Condition:
        world = self._world
        running, known = world.profile.all_routines(), {**DEFAULT_ROUTINES, **world.profile.routines}
        if name in running:
            return RoutineRuns(world.facts[f"routine.{name}"], name, running[name].lasts, world.words)
        if name in known:
            return SwitchedOff(f"the {name.replace('_', ' ')} routine is switched off in your profile")
        raise RuleError(self._rule.id, "the routine", name, list(known))

    def _bed(self, *, occupied: bool) -> Condition:
        room, world = self._room, self._world
        estimate = room.bed or world.bedroom.bed
        if estimate is None:
            hours = evening_hours(world.profile, world.words)
            return hours if occupied else Not(hours)
        named = Named(estimate.fact, "the bed", world.words)
        return FactIs(
            named, occupied, "someone is in bed", "nobody is in bed", "it cannot be told whether someone is in bed"
        )

    def _fact(self, when: FactWhen) -> Condition:
        world = self._world
        if when.fact in NIGHT_FACTS:
            return night_condition(when, world.facts, world.words, watched=world.night_watch is not None)
        named = self._named_fact(when.fact)
        if when.is_ in ("fresh", "stale"):
            return FactIsStale(named, when.is_ == "stale")
        if when.is_ is not None:
            return FactIs(named, bool(when.is_), f"{named.says} is yes", f"{named.says} is no")
        bound = float((when.above if when.above is not None else when.below) or 0.0)
        if when.fact.endswith(".temperature"):
            bound = self._world.words.celsius(bound)
        return FactCompares(named, bound, when.above is not None)

    def _named_fact(self, name: str) -> Named:
        world = self._world
        place, dot, quantity = name.partition(".")
        full = f"{self._room.id}{dot}{quantity}" if place == "bedroom" else name
        if full not in world.facts:
            raise RuleError(self._rule.id, "the fact", name, [fact.name for fact in world.facts])
        owner = full.partition(".")[0]
        room = world.rooms.get(owner)
        says = f"the {quantity.replace('_', ' ')} of the {room.name if room else owner.replace('_', ' ')}"
        return Named(world.facts[full], says, world.words, private=owner == "self")

    def _want(self, line: WantLine) -> Want:
        match line:
            case CoolWant():
                return Cool(room=self._named_room(line.cool))
            case KeepCoolWant():
                step, words = line.cooler_by, self._world.words
                cooler_c = step_c(step) if isinstance(step, str) else words.kelvin(step)
                return KeepCool(room=self._named_room(line.keep_cool), cooler_c=cooler_c)
            case EaseOffWant():
                return EaseOff(room=self._named_room(line.ease_off))
            case DimWant():
                fade = line.fade.total_seconds()
                return Dim(
                    room=self._named_room(line.dim),
                    brightness_pct=float(line.brightness),
                    kelvin=line.kelvin,
                    fade_s=fade,
                )
            case OfferWant():
                return Offer(prompt=line.offer)
            case _:
                return Tell(notice=line.tell, room=self._named_room(line.room))

    def _named_room(self, name: str) -> str:
        room = self._room.id if name == "bedroom" else name
        if room not in self._world.rooms:
            raise RuleError(self._rule.id, "the room", name, list(self._world.rooms))
        return room

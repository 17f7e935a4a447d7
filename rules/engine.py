"""The engine: ``outcome = engine.step(event)``. Deterministic; no clock, no randomness, no I/O.

A step first lives through every moment that came due since the last one, in order and at its own time, then takes in
the event. So it does not matter how often it is called in between, and a replay does what the live run did. But nothing
is sent late: after a gap (a sleep, a restart) devices and prompts are looked at once, at the end of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from config.home import Home
from config.profile import Profile
from devices.control.memory import Note
from devices.control.plan import Room, Wish
from devices.events import Event, PeerChanged, TimePassed
from devices.wants import target_of
from rules.arbitration import ask_for_cooling, ask_for_dimming, offers_of, telling
from rules.arrivals import Arrivals, Memory
from rules.book import Rule
from rules.decisions import TIME, Draft, Outcome
from rules.running import RunningRule, State
from rules.todo import Todo
from rules.triggers import Seen, Trigger
from rules.world import RoomWorld, World, build, quiet_hours

GAP = timedelta(seconds=60)
"""A moment that is lived through later than this is past: nothing is sent for it."""
SET_BACK = timedelta(minutes=10)
"""When the clock says that it is earlier than the engine's time by more than this, it was set back."""
SOON = timedelta(seconds=1)
LATER = ("routine:", "dev:", "desk:", "aloud:")
"""What is not lived through in the past, but looked at once, now: it reaches the person or the home."""
AT_ONCE = ("aloud:",)
"""What is never lived through in the past: ten seconds late is too late for it."""


class Engine:
    """One person's engine."""

    def __init__(self, person: str, profile: Profile, home: Home, book: list[Rule]) -> None:
        self.world: World = build(person, profile, home, book)
        self.memory = Memory()
        self.configuration = _fingerprint(person, profile, home, book)
        self._todo = Todo(self.world)
        self._arrivals = Arrivals(self.world, self._todo, self.memory, quiet_hours(profile, self.world.words))
        self._rules_by_id = {running.rule.id: running for running in self.world.rules}
        self._targets = {
            running.rule.id: tuple(dict.fromkeys(target_of(want) for want in running.rule.wants))
            for running in self.world.rules
        }
        self._started = False

    @property
    def now(self) -> datetime:
        """The engine's time: that of the latest event. It never goes back, unless the clock is set back."""
        return self.memory.now

    @property
    def started(self) -> bool:
        """Whether it has seen an event."""
        return self._started

    @property
    def peer_up(self) -> bool:
        """Whether Home Assistant is there."""
        return self.memory.peer_up

    # -- the contract

    def step(self, event: Event) -> Outcome:
        """Take in one event. Its time may lie before the last one's."""
        draft = Draft(event.id)
        if self._started and isinstance(event, (TimePassed, PeerChanged)) and event.at < self.now - SET_BACK:
            self._set_back(event.at, draft)
        now = max(event.at, self.now)
        if not self._started:
            self._started, self.memory.now, self.memory.born = True, now, now
            self.world.facts.expect_all(now)
            self._todo.everything()
        self._catch_up(now, draft)
        self.memory.now = now
        self._arrivals.take(event, draft)
        if self._todo:
            self._settle(draft)
        return Outcome(
            actions=tuple(draft.actions),
            decisions=tuple(draft.decisions),
            rejections=tuple(draft.rejections),
            wake_at=self.world.agenda.next(),
        )

    def look_at_cooling(self) -> None:
        """Plan every room's cooling as of now. For who only asks: what would be sent is dropped."""
        for room in self.world.rooms.values():
            self._steer_cooling(room, Draft(TIME))

    # -- time

    def _catch_up(self, now: datetime, draft: Draft) -> None:
        agenda = self.world.agenda
        event, draft.event = draft.event, TIME
        while (item := agenda.pop(now)) is not None:
            due, key = item
            self.memory.now = max(due, self.now)
            self._wake(key)
            self._settle(draft, leave=LATER if now - due > GAP else AT_ONCE)
        draft.event = event

    def _wake(self, key: str) -> None:
        """The moment of ``key`` has come. One whose owner is gone from the configuration is nobody's."""
        world, todo = self.world, self._todo
        what, _, name = key.partition(":")
        whole = {"desk": todo.desk, "routine": todo.routines, "pause": todo.paused, "aloud": todo.aloud}
        if what == "stale":
            if name in world.facts and world.facts.grow_stale(world.facts[name], self.now):
                todo.fact_changed(world.facts[name], self.now)
        elif what == "trigger":
            todo.triggers.update({name: world.triggers[name]} if name in world.triggers else {})
        elif what == "rule":
            todo.rules.update({name: (self._rules_by_id[name], False)} if name in self._rules_by_id else {})
        elif what == "dev":
            if name in world.devices:
                todo.device(name)
        elif what in whole:
            whole[what]()
        elif name in world.rooms:
            if what in ("bed", "night"):
                todo.bed_changed(world.rooms[name], self.now)
            else:
                todo.keys[key] = None

    def _schedule(self, key: str, due: datetime | None) -> None:
        """Look at ``key`` again at ``due``; what is due at once waits a second, so that time goes on."""
        self.world.agenda.set(key, due if due is None or due > self.now else self.now + SOON)

    def _set_back(self, now: datetime, draft: Draft) -> None:
        """The clock was set back: everything that is remembered moves with it, so that what lasts goes on as it was."""
        from rules.snapshot import dump, load, moved  # noqa: PLC0415 (snapshot needs Engine)

        by = self.now - now
        paused = dict(self.world.pauses.until)
        load(self, moved(dump(self), -by))
        self.world.pauses.until = paused  # until a time of day that the person named
        self.world.routines.forget_days_after(now)
        draft.note(
            now, "clock", f"the clock was set back by {round(by.total_seconds() / 60)} min; what was under way goes on"
        )

    # -- what follows from an event

    def _settle(self, draft: Draft, *, leave: tuple[str, ...] = ()) -> None:
        """Triggers, rules, what they want, devices. Those to ``leave`` are looked at later, at the end of a gap.

        What is spoken step by step is never looked at before: ten seconds late is too late for it.
        """
        todo, later = self._todo, dict[str, None]()
        looked: list[RunningRule] = []
        while todo:
            while todo.triggers:
                self._look_at_trigger(todo.triggers.pop(next(iter(todo.triggers))), draft)
            while todo.rules:
                running, asked = todo.rules.pop(next(iter(todo.rules)))
                self._look_at_rule(running, draft, asked=asked)
                looked.append(running)
            keys, todo.keys = todo.keys, {}
            for key in sorted(keys, key=_order):
                if key.startswith(leave):
                    later[key] = None
                else:
                    self._look_at(key, draft)
        todo.keys = later
        for running in looked:
            running.forget()

    def _look_at_trigger(self, trigger: Trigger, draft: Draft) -> None:
        before = trigger.standing
        self._schedule("trigger:" + trigger.key, trigger.evaluate(self.now))
        after = trigger.standing
        if after == before:
            return
        evidence = trigger.explain()
        name = trigger.key.partition("@")[0].replace("_", " ")
        level = "cannot be told" if after.unknown else f"is {after.level.name.lower()}"
        draft.note(self.now, f"trigger {trigger.key}", f"your {name} trigger {level}: {evidence.text}", evidence.seen)
        self._todo.trigger_changed(trigger)

    def _look_at_rule(self, running: RunningRule, draft: Draft, *, asked: bool) -> None:
        """``asked``: something that the rule waits for happened, so that its answer is recorded also when it is no."""
        state, truth = running.state, running.truth
        self._schedule("rule:" + running.rule.id, running.evaluate(self.now, *draft.causes))
        if asked or running.state is not state or (running.truth is not truth and running.state is not State.OFF):
            verdict = running.verdict(self.now)
            draft.note(self.now, f"rule {running.rule.id}", running.explain(verdict), verdict.seen)
        if running.state is not state or running.wanting:
            for target in self._targets[running.rule.id]:
                self._todo.keys[target] = None

    def _look_at(self, key: str, draft: Draft) -> None:
        what, _, name = key.partition(":")
        if what == "cool":
            self._steer_cooling(self.world.rooms[name], draft)
        elif what == "light":
            self._steer_light(self.world.rooms[name], draft)
        elif what == "path":
            self._steer_path(self.world.rooms[name], draft)
        elif what == "dev":
            self._reconcile(name, draft)
        elif what == "routine":
            self._steer_routines(draft)
        elif what == "pause":
            self._end_pauses(draft)
        elif what == "aloud":
            spoken = self.world.aloud.look(self._arrivals.moment)
            self._schedule("aloud:", spoken.due)
            self._arrivals.say(spoken, draft)
        else:
            self._steer_desk(draft)

    def _end_pauses(self, draft: Draft) -> None:
        pauses = self.world.pauses
        for area in pauses.over(self.now):
            draft.note(self.now, f"pause {area or 'everything'}", "the pause is over: its time has come")
            self._todo.paused()
        self._schedule("pause:", pauses.due)

    def _steer_routines(self, draft: Draft) -> None:
        notes, due = self.world.routines.look(self.now)
        for name, text in notes:
            draft.note(self.now, f"routine {name}", text)
        for name, run in self.world.routines.runs.items():
            if run.memory.by == "bed" and run.counts(self.now):
                self._arrivals.routine_began(name, run.memory.began_at or self.now)
        self._schedule("routine:", due)
        self._todo.keys.update({f"light:{room.id}": None for room in self.world.rooms.values()})
        if notes:
            self._todo.desk()

    def _steer_cooling(self, room: RoomWorld, draft: Draft) -> None:
        if room.cooling is None:
            return
        asked, contested = ask_for_cooling(self.world, room, self.now)
        cooling, found = room.cooling, self._found(room, asked.cooler_c)
        before, fan_c = (cooling.cools, cooling.at_floor), cooling.fan_c
        dues = (cooling.steer(asked, found, self.now), self._doubt(room, found, draft))
        self._schedule("cool:" + room.id, min((due for due in dues if due is not None), default=None))
        if (cooling.cools, cooling.at_floor) != before:
            contest = contested()
            because = cooling.why if asked.wish is Wish.KEEP else contest.because
            text = self._cooling_text(room, because, was_cooling=before[0])
            draft.note(self.now, f"cooling {room.id}", text, self._seen(room, found), contest.winner, contest.losers)
            for trigger in self.world.fact_triggers.get(room.temperature.name, ()):
                if trigger.minds_cooling:
                    self._todo.triggers[trigger.key] = trigger
        if cooling.fan_c != fan_c and room.heat is not None:
            self._todo.triggers[room.heat.key] = room.heat
        self._steered(device.spec.entity for device in room.cooling.devices)

    def _found(self, room: RoomWorld, cooler_c: float) -> Room:
        """The room as it is now. ``cooler_c``: how much lower than it is the limit in bed counts."""
        fact, heat, in_bed = room.temperature, room.heat, room.in_bed(self.now)
        limit = self.world.profile.triggers.heat.above_in_bed
        present = room.presence is not None and room.presence.fresh and bool(room.presence.value)
        outdoor = self.world.outdoor
        return Room(
            celsius=fact.number if fact.at else None,
            fresh=fact.fresh,
            limit_c=(limit if heat is None or not fact.at else heat.limit_in_bed_c(fact.number)) - cooler_c,
            cooler_c=cooler_c,
            in_bed=in_bed,
            by_clock=room.night is not None,
            lay=room.lay(),
            somebody=bool(in_bed) or present,
            at=fact.at,
            still_since=fact.moved_at,
            outdoor_c=outdoor.number if outdoor is not None and outdoor.fresh else None,
        )

    def _doubt(self, room: RoomWorld, reading: Room, draft: Draft) -> datetime | None:
        """Tell of a thermometer that stands still although the room is chilled, once, and when it moves again."""
        assert room.cooling is not None  # noqa: S101 (the caller looked)
        cooling, words, told = room.cooling, self.world.words, room.cooling.stuck_since
        due = cooling.doubt(reading, self.now)
        name = f"the thermometer of the {room.name}"
        if cooling.stuck_since is not None and told is None:
            said = f"{words.temperature(room.temperature.number)} since {words.clock(cooling.stuck_since)}"
            text = f"{name} says {said}, although the room is cooled. It may be stuck."
            self._arrivals.take_notes([Note(room.temperature.name, text, "trouble")], draft)
        elif told is not None and cooling.stuck_since is None:
            self._arrivals.take_notes([Note(room.temperature.name, f"{name} moves again", "over")], draft)
        return due

    def _seen(self, room: RoomWorld, found: Room) -> tuple[Seen, ...]:
        words, fact = self.world.words, room.temperature
        if found.celsius is None:
            return ()
        bed = "not known" if found.in_bed is None else "yes" if found.in_bed else "no"
        bound = f"your limit in bed is {words.temperature(found.limit_c + found.cooler_c)}"
        bound += f", and {words.temperature(found.limit_c)} for now" if found.cooler_c else ""
        return (
            Seen(fact=fact.name, value=words.temperature(found.celsius), bound=bound),
            Seen(fact=room.bed.fact.name if room.bed is not None else "in bed", value=bed),
        )

    def _cooling_text(self, room: RoomWorld, because: str, *, was_cooling: bool) -> str:
        assert room.cooling is not None  # noqa: S101 (the caller looked)
        cooling = room.cooling
        if cooling.cools:
            return f"cooling begins: {because}"
        if cooling.at_floor:
            floor = self.world.words.temperature(self.world.profile.comfort.floor_c)
            return f"{'cooling stops' if was_cooling else 'no cooling'}: the {room.name} is at its floor of {floor}"
        return f"{'cooling ends' if was_cooling else 'cooling may begin again when it is needed'}: {because}"

    def _steer_light(self, room: RoomWorld, draft: Draft) -> None:
        if room.lighting is None:
            return
        asked, contest = ask_for_dimming(self.world, room, self.now)
        lighting, adaptive = room.lighting, room.adaptive
        before, left = lighting.memory.dim, lighting.memory.left
        leave = self.peer_up and adaptive is not None and adaptive.fresh and bool(adaptive.value)
        sleeps_in = room if room.bed is not None else self.world.bedroom
        in_bed, lies_at = sleeps_in.surely_in_bed(), sleeps_in.lies_at
        settled = in_bed and lies_at is not None and self.now >= lies_at
        due = lighting.steer(asked.dim, asked.why, asked.causes, self.now, in_bed=settled, left=leave)
        waits = lies_at if asked.dim is not None and asked.dim.out and in_bed and not settled else None
        self._schedule("light:" + room.id, min((each for each in (due, waits) if each is not None), default=None))
        if lighting.memory.left and not left:
            draft.note(self.now, f"lights {room.id}", f"dimming is left to Adaptive Lighting: {contest.because}")
        elif lighting.memory.dim != before:
            dim = lighting.memory.dim
            goal = f"dimming to {dim.brightness_pct:g} % begins" if dim else "dimming ends"
            text = f"{goal}: {contest.because}"
            draft.note(self.now, f"lights {room.id}", text, (), contest.winner, contest.losers)
        self._steered(lamp.spec.entity for lamp in lighting.devices)

    def _steer_path(self, room: RoomWorld, draft: Draft) -> None:
        """The light for who gets up at night."""
        if room.path is None or room.bed is None:
            return
        path, lit = room.path, room.path.lit
        self._schedule("path:" + room.id, path.steer(room.bed.raw, room.bed.turned_at, draft.causes, self.now))
        if path.lit is not lit:
            text = f"the way is {'lit' if path.lit else 'not lit any more'}: {path.memory.why}"
            draft.note(self.now, f"path {room.id}", text)
        self._steered(lamp.spec.entity for lamp in path.devices)

    def _steered(self, entities: Iterable[str]) -> None:
        self._todo.keys.update({f"dev:{entity}": None for entity in entities})

    def _reconcile(self, entity: str, draft: Draft) -> None:
        device = self.world.devices[entity]
        step = device.reconcile(self.now, peer_up=self.peer_up or device.spec.direct, mint=self._arrivals.mint)
        self._schedule(f"dev:{entity}", step.due)
        self._arrivals.take_notes(step.notes, draft)
        if step.action is not None:
            self._arrivals.send(step.action, entity, draft)

    def _steer_desk(self, draft: Draft) -> None:
        world = self.world
        telling(world, self.now)
        offers = offers_of(world, self.memory.symptoms, self.now)
        spoken = world.desk.steer(offers, self._arrivals.moment)
        self._schedule("desk:", spoken.due)
        self._arrivals.say(spoken, draft)
        if spoken.actions and any(run.under_way for run in world.routines.runs.values()):
            self._todo.keys["routine:"] = None  # what was offered settles its step

    # -- memory

    def snapshot(self) -> dict[str, Any]:
        """All of the engine's memory as one plain value."""
        from rules.snapshot import dump  # noqa: PLC0415 (snapshot needs Engine)

        return dump(self)

    def restore(self, snapshot: dict[str, Any]) -> None:
        """The memory as ``snapshot`` gave it, to go on exactly as if nothing had happened.

        Where the configuration has changed since, everything is looked at again with the next event, and what it no
        longer has is dropped. Devices may have changed while we were away: say so with a ``PeerChanged`` down, then up.
        """
        from rules.snapshot import load  # noqa: PLC0415

        load(self, snapshot)
        self._started = True
        if snapshot["configuration"] != self.configuration:
            self.world.facts.expect_all(self.now)
            self.world.facts.doubt()
            self._todo.everything()


def _fingerprint(person: str, profile: Profile, home: Home, book: list[Rule]) -> str:
    documents = [
        person,
        profile.model_dump(mode="json"),
        home.model_dump(mode="json"),
        [rule.model_dump(mode="json") for rule in book],
    ]
    return hashlib.sha256(json.dumps(documents, sort_keys=True).encode()).hexdigest()[:16]


def _order(key: str) -> tuple[int, str]:
    """What is steered comes before the devices that it steers; prompts come last."""
    what = key.partition(":")[0]
    return ({"pause": 0, "routine": 1, "cool": 2, "light": 3, "path": 3, "dev": 4, "aloud": 6}.get(what, 5), key)

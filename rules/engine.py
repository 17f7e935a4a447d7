"""The engine: ``outcome = engine.step(event)``. Deterministic; no clock, no randomness, no I/O.

A step first lives through every moment that came due since the last one, in order and at its own time, then takes in the
event. So it does not matter how often it is called in between, and a replay does what the live run did.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from config.home import Home
from config.profile import Profile
from devices.control.cooling import Reading
from devices.control.device import Note
from devices.events import (
    ActionReturned,
    BedChanged,
    DeviceReported,
    Event,
    HoldChanged,
    PeerChanged,
    PromptAnswered,
    RoomMeasured,
    RoutineDue,
    SelfReported,
    SymptomLogged,
)
from devices.readings import Kind, Reason, Rejection
from devices.wants import target_of
from rules.arbitration import ask_for_cooling, ask_for_dimming, offers_of, telling
from rules.book import Rule
from rules.decisions import Draft, Outcome
from rules.facts import Fact, Quality
from rules.running import RunningRule, State
from rules.triggers import Level, Trigger
from rules.world import RoomWorld, World, build, quiet_hours, quiet_until

SYMPTOMS_KEPT = timedelta(hours=2)
"""How long the strength of a symptom counts for what is offered."""


class Engine:
    """One person's engine."""

    def __init__(self, person: str, profile: Profile, home: Home, book: list[Rule]) -> None:
        self.world: World = build(person, profile, home, book)
        self.now = datetime.min.replace(tzinfo=UTC)
        self.peer_up = False
        self.symptoms: list[tuple[datetime, float]] = []
        self.minted = 0
        self._quiet = quiet_hours(profile, self.world.words)
        self._rules_by_id = {running.rule.id: running for running in self.world.rules}
        self._targets = {
            running.rule.id: tuple(dict.fromkeys(target_of(want) for want in running.rule.wants)) for running in self.world.rules
        }
        self._sent: dict[str, str] = {}  # action id -> entity, of what is on its way
        self._dirty_triggers: dict[str, Trigger] = {}
        self._dirty_rules: dict[str, tuple[RunningRule, bool]] = {}
        self._dirty: dict[str, None] = {}  # "cool:ROOM", "light:ROOM", "dev:ENTITY", "desk", in the order they came
        self._started = False

    # -- the contract

    def step(self, event: Event) -> Outcome:
        """Take in one event. Its time may lie before the last one's: the engine's own time never goes back."""
        draft = Draft(event.id)
        now = max(event.at, self.now)
        if not self._started:
            self._start(now)
        self._catch_up(now, draft)
        self.now = now
        self._apply(event, draft)
        if self._dirty_triggers or self._dirty_rules or self._dirty:
            self._settle(draft)
        return Outcome(
            actions=tuple(draft.actions),
            decisions=tuple(draft.decisions),
            rejections=tuple(draft.rejections),
            wake_at=self.world.agenda.next(),
        )

    # -- time

    def _start(self, now: datetime) -> None:
        """The first step after a start or a restore: look at every rule once."""
        self._started, self.now = True, now
        self._reconsider()

    def _reconsider(self) -> None:
        """Look at everything once: nothing changes where nothing has changed."""
        self._dirty_triggers.update(self.world.triggers)
        self._dirty_rules.update({running.rule.id: (running, False) for running in self.world.rules})
        self._dirty.update({f"dev:{entity}": None for entity in self.world.devices})

    def _catch_up(self, now: datetime, draft: Draft) -> None:
        agenda = self.world.agenda
        while (item := agenda.pop(now)) is not None:
            due, key = item
            self.now = max(due, self.now)
            self._wake(key)
            self._settle(draft)

    def _wake(self, key: str) -> None:
        world = self.world
        what, _, name = key.partition(":")
        if what == "stale":
            fact = world.facts[name]
            if fact.name in world.facts and world.facts.grow_stale(fact, self.now):
                self._fact_changed(fact)
        elif what == "trigger" and name in world.triggers:
            self._dirty_triggers[name] = world.triggers[name]
        elif what == "rule" and name in self._rules_by_id:
            self._dirty_rules[name] = (self._rules_by_id[name], False)
        elif what == "bed" and name in world.rooms:
            self._bed_changed(world.rooms[name])
        else:
            self._dirty[key] = None

    # -- what comes in

    def _apply(self, event: Event, draft: Draft) -> None:
        if isinstance(event, RoomMeasured):
            self._room_measured(event, draft)
        elif isinstance(event, DeviceReported):
            self._device_reported(event, draft)
        elif isinstance(event, BedChanged):
            self._bed_reported(event, draft)
        elif isinstance(event, ActionReturned):
            self._action_returned(event, draft)
        elif isinstance(event, RoutineDue):
            self._routine_due(event, draft)
        elif isinstance(event, SelfReported):
            self._self_reported(event, draft)
        elif isinstance(event, PromptAnswered):
            self._answered(event, draft)
        elif isinstance(event, HoldChanged):
            self._hold_changed(event, draft)
        elif isinstance(event, PeerChanged):
            self._peer_changed(event, draft)
        elif isinstance(event, SymptomLogged) and event.severity is not None:
            kept = [(at, severity) for at, severity in self.symptoms if event.at - at < SYMPTOMS_KEPT]
            self.symptoms = [*kept, (event.at, event.severity)]

    def _room_measured(self, event: RoomMeasured, draft: Draft) -> None:
        world = self.world
        name = f"{event.room}.{event.quantity}"
        if name not in world.facts:
            return
        fact = world.facts[name]
        was, value_before = fact.quality, fact.value
        is_temperature = event.quantity is Kind.TEMPERATURE
        if is_temperature and world.facts.implausible_jump(fact, float(event.value), event.at, event.source):
            detail = f"{event.value:g} °C is more than 5 °C a minute away from {fact.number:g} °C"
            self._reject(Rejection(reason=Reason.JUMP, detail=detail, path=name), draft)
            return
        rejection = world.facts.learn(fact, event.value, event.at, self.now, event.source, sure=isinstance(event.value, bool) or not event.retained)
        if rejection is not None:
            self._reject(rejection, draft)
            return
        if fact.quality is not was:
            if is_temperature and fact.fresh:
                world.rooms[event.room].usual.add(fact.number, event.at)
            self._fact_changed(fact)
        elif fact.fresh and (is_temperature or fact.value != value_before):
            self._fact_moved(fact, event.room if is_temperature else "")

    def _fact_moved(self, fact: Fact, room: str) -> None:
        """A fresh fact has a new value. The path of almost every reading: it must be short."""
        world, value = self.world, fact.value
        new_hour = bool(room) and fact.at is not None and world.rooms[room].usual.add(fact.number, fact.at)
        for trigger in world.fact_triggers.get(fact.name, ()):
            if new_hour or isinstance(value, bool) or not trigger.calm(value or 0.0):
                self._dirty_triggers[trigger.key] = trigger
        for running in world.watchers.get(fact.name, ()):
            self._dirty_rules[running.rule.id] = (running, False)
        if room:
            cooling = world.rooms[room].cooling
            if cooling is not None and cooling.crosses_floor(fact.number):
                self._dirty["cool:" + room] = None

    def _fact_changed(self, fact: Fact) -> None:
        """A fact turned fresh or stale, or a yes/no fact turned over: everything that reads it must look."""
        world = self.world
        if fact.name in world.bed_facts:
            self._bed_changed(world.rooms[world.bed_facts[fact.name].key.partition(":")[2]])
        for trigger in world.fact_triggers.get(fact.name, ()):
            self._dirty_triggers[trigger.key] = trigger
        for running in world.watchers.get(fact.name, ()):
            self._dirty_rules[running.rule.id] = (running, True)
        room = world.rooms.get(fact.name.partition(".")[0])
        if room is not None and room.cooling is not None and fact is room.temperature:
            self._dirty["cool:" + room.id] = None

    def _bed_changed(self, room: RoomWorld) -> None:
        if room.bed is not None and room.bed.update(self.now):
            self._fact_changed(room.bed.fact)

    def _bed_reported(self, event: BedChanged, draft: Draft) -> None:
        world = self.world
        room = world.rooms.get(event.room)
        prefix = "bed" if event.room == world.profile.bedroom else f"{event.room}_bed"
        name = f"{prefix}.{event.side}"
        if room is None or room.bed is None or name not in world.facts:
            return
        rejection = world.facts.learn(world.facts[name], event.occupied, event.at, self.now, event.source)
        if rejection is not None:
            self._reject(rejection, draft)
        else:
            self._bed_changed(room)

    def _reject(self, rejection: Rejection, draft: Draft) -> None:
        draft.rejections.append(rejection)
        draft.note(self.now, f"sensor {rejection.path}", f"not believed: {rejection.detail}")

    def _device_reported(self, event: DeviceReported, draft: Draft) -> None:
        world = self.world
        if event.entity in world.channel_entities:
            world.desk.channel_reported(event.entity, event.state)
            self._dirty["desk:"] = None
        device = world.devices.get(event.entity)
        if device is None:
            return
        self._take_notes(device.report(event), draft)
        self._dirty[f"dev:{event.entity}"] = None
        room = world.device_rooms[event.entity]
        self._dirty[("cool:" if event.entity.partition(".")[0] != "light" else "light:") + room.id] = None

    def _action_returned(self, event: ActionReturned, draft: Draft) -> None:
        world, entity = self.world, self._sent.pop(event.action, "")
        if entity in world.devices:
            self._take_notes(world.devices[entity].returned(event), draft)
            self._dirty[f"dev:{entity}"] = None
            return
        spoken = world.desk.returned(event, self.now, self._mint)
        draft.actions += spoken.actions
        self._take_notes(spoken.notes, draft)

    def _routine_due(self, event: RoutineDue, draft: Draft) -> None:
        name = f"routine.{event.routine}"
        if name not in self.world.facts:
            draft.note(self.now, f"routine {event.routine}", "there is no routine of this name in your profile")
            return
        fact, lasts = self.world.facts[name], self.world.profile.all_routines()[event.routine].lasts
        if fact.at is not None and event.at < fact.at + lasts:
            return  # it runs already: the clock and a button, or one message twice
        fact.value, fact.at, fact.quality, fact.source = True, event.at, Quality.FRESH, event.source
        draft.note(self.now, f"routine {event.routine}", f"the {event.routine.replace('_', ' ')} routine begins")
        self._fact_changed(fact)

    def _self_reported(self, event: SelfReported, draft: Draft) -> None:
        name = f"self.{event.trigger}"
        if name not in self.world.facts:
            draft.note(self.now, "report", "there is no trigger of this name in your profile")
            return
        fact = self.world.facts[name]
        fact.value, fact.at, fact.quality, fact.source = event.value, event.at, Quality.FRESH, event.source
        self._fact_changed(fact)
        self._dirty["desk:"] = None

    def _answered(self, event: PromptAnswered, draft: Draft) -> None:
        prompts = self.world.profile.prompts

        def later(name: str) -> timedelta:
            return (prompts.wash if name == "wash" else prompts.stretch).later

        notes = self.world.desk.answered(event, later, quiet_at=lambda at: quiet_until(self._quiet, at) is not None)
        self._take_notes(notes, draft)
        self._dirty["desk:"] = None

    def _hold_changed(self, event: HoldChanged, draft: Draft) -> None:
        device = self.world.devices.get(event.entity)
        if device is not None:
            self._take_notes(device.hold(event.until, self.now), draft)
            self._dirty[f"dev:{event.entity}"] = None

    def _peer_changed(self, event: PeerChanged, draft: Draft) -> None:
        if event.peer != "home_assistant" or event.up == self.peer_up:
            return
        self.peer_up = event.up
        draft.note(self.now, "home_assistant", "Home Assistant is there" if event.up else "Home Assistant is away")
        for entity, device in self.world.devices.items():
            if not event.up:
                device.lost_sight()
            self._dirty[f"dev:{entity}"] = None

    # -- what follows from it

    def _settle(self, draft: Draft) -> None:
        """Triggers, then rules, then what they want, then devices, until nothing is left to look at."""
        while self._dirty_triggers or self._dirty_rules or self._dirty:
            while self._dirty_triggers:
                key = next(iter(self._dirty_triggers))
                self._look_at_trigger(self._dirty_triggers.pop(key), draft)
            while self._dirty_rules:
                rule_id = next(iter(self._dirty_rules))
                running, asked = self._dirty_rules.pop(rule_id)
                self._look_at_rule(running, draft, asked=asked)
            dirty, self._dirty = self._dirty, {}
            for key in sorted(dirty, key=_order):
                self._look_at(key, draft)

    def _look_at_trigger(self, trigger: Trigger, draft: Draft) -> None:
        before = trigger.standing
        self.world.agenda.set("trigger:" + trigger.key, trigger.evaluate(self.now))
        after = trigger.standing
        if after is before:
            return
        evidence = trigger.explain()
        name = trigger.key.partition("@")[0].replace("_", " ")
        level = "cannot be told" if after.unknown else f"is {after.level.name.lower()}"
        draft.note(self.now, f"trigger {trigger.key}", f"your {name} trigger {level}: {evidence.text}", evidence.seen)
        for running in self.world.watchers.get("trigger:" + trigger.key, ()):
            self._dirty_rules[running.rule.id] = (running, after.level is not Level.IDLE)

    def _look_at_rule(self, running: RunningRule, draft: Draft, *, asked: bool) -> None:
        """``asked``: something that the rule waits for happened, so that its answer is recorded also when it is no."""
        state, truth = running.state, running.truth
        self.world.agenda.set("rule:" + running.rule.id, running.evaluate(self.now))
        if asked or running.state is not state or (running.truth is not truth and running.state is not State.OFF):
            verdict = running.verdict(self.now)
            draft.note(self.now, f"rule {running.rule.id}", running.explain(verdict), verdict.seen)
        if running.state is not state or running.wanting:
            for target in self._targets[running.rule.id]:
                self._dirty[target] = None

    def _look_at(self, key: str, draft: Draft) -> None:
        what, _, name = key.partition(":")
        if what == "cool":
            self._steer_cooling(self.world.rooms[name], draft)
        elif what == "light":
            self._steer_light(self.world.rooms[name])
        elif what == "dev":
            self._reconcile(name, draft)
        else:
            self._steer_desk(draft)

    def _steer_cooling(self, room: RoomWorld, draft: Draft) -> None:
        if room.cooling is None:
            return
        asked, contest = ask_for_cooling(self.world, room, self.now, (draft.event,))
        before = room.cooling.memory.cooling, room.cooling.memory.at_floor
        reading = Reading(room.temperature.number if room.temperature.at else None, room.temperature.fresh)
        due = room.cooling.steer(asked, reading, self.now)
        self.world.agenda.set("cool:" + room.id, due)
        memory = room.cooling.memory
        if (memory.cooling, memory.at_floor) != before:
            text = "cooling" if memory.cooling else "held at the floor" if memory.at_floor else "not cooling"
            draft.note(self.now, f"cooling {room.id}", f"{text}: {asked.why}", (), contest.winner, contest.losers)
        for device in room.cooling.devices:
            self._dirty[f"dev:{device.spec.entity}"] = None

    def _steer_light(self, room: RoomWorld) -> None:
        if room.lighting is None:
            return
        dim, why = ask_for_dimming(self.world, room, self.now)
        self.world.agenda.set("light:" + room.id, room.lighting.steer(dim, why, (), self.now))
        for lamp in room.lighting.devices:
            self._dirty[f"dev:{lamp.spec.entity}"] = None

    def _reconcile(self, entity: str, draft: Draft) -> None:
        step = self.world.devices[entity].reconcile(self.now, peer_up=self.peer_up, mint=self._mint)
        self.world.agenda.set(f"dev:{entity}", step.due)
        self._take_notes(step.notes, draft)
        if step.action is not None:
            self._sent[step.action.id] = entity
            draft.actions.append(step.action)
            text = f"{step.action.service} {_data(step.action.data)}: {step.action.reason}".replace(" :", ":")
            draft.note(self.now, entity, text, actions=(step.action.id,))

    def _steer_desk(self, draft: Draft) -> None:
        world = self.world
        telling(world, self.now)
        offers = offers_of(world, self.symptoms, self.now)
        spoken = world.desk.steer(offers, self.now, quiet_until=quiet_until(self._quiet, self.now), mint=self._mint)
        world.agenda.set("desk:", spoken.due)
        self._take_notes(spoken.notes, draft)
        for action in spoken.actions:
            draft.actions.append(action)
            draft.note(self.now, action.entity or action.service, f"said: {action.reason}", actions=(action.id,))

    def _take_notes(self, notes: list[Note], draft: Draft) -> None:
        for note in notes:
            draft.note(self.now, note.subject, note.text)
            if note.tell:
                self._tell(note)

    def _tell(self, note: Note) -> None:
        key = f"device:{note.subject}"
        if note.text.endswith("works again"):
            self.world.desk.over(key, f"{note.text}.".capitalize(), self.now)
        else:
            self.world.desk.tell(key, note.text[:1].upper() + note.text[1:], self.now)
        self._dirty["desk:"] = None

    def _mint(self) -> str:
        self.minted += 1
        return f"{self.world.person}-{self.minted}"

    # -- memory

    def snapshot(self) -> dict[str, Any]:
        """All of the engine's memory as one plain value."""
        from rules.snapshot import dump  # noqa: PLC0415 (snapshot needs Engine)

        return dump(self)

    def restore(self, snapshot: dict[str, Any]) -> None:
        """The memory as ``snapshot`` gave it; what the configuration no longer has is dropped."""
        from rules.snapshot import load  # noqa: PLC0415

        load(self, snapshot)
        self._started = True
        self._sent = {
            device.memory.pending.action: entity for entity, device in self.world.devices.items() if device.memory.pending
        }
        self._reconsider()


def _order(key: str) -> tuple[int, str]:
    """What is steered comes before the devices that it steers; prompts come last."""
    what = key.partition(":")[0]
    return ({"cool": 0, "light": 1, "dev": 2}.get(what, 3), key)


def _data(data: dict[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in data.items())

"""What comes in: each event into the facts and devices, and what has to be looked at because of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from devices.actions import Action
from devices.control.kind import GONE
from devices.control.memory import Note
from devices.control.prompts import Moment, Spoken
from devices.events import (
    ActionReturned,
    BedChanged,
    BedMoved,
    CoolingForgotten,
    DeviceReported,
    Event,
    HelpAdvised,
    HoldChanged,
    PauseChanged,
    PeerChanged,
    PresenceChanged,
    PromptAnswered,
    RoomMeasured,
    RoutineDue,
    RoutineSteered,
    SelfReported,
    SourceLost,
    SymptomLogged,
    TimePassed,
)
from devices.readings import Kind, Reason, Rejection
from rules.audience import moment_of
from rules.conditions import Condition
from rules.decisions import Draft
from rules.facts import JUMP_C_PER_MINUTE, Fact, Quality
from rules.offers import settings_of
from rules.pause import EVERYTHING, SAFE
from rules.todo import Todo
from rules.world import AT_HOME, World, quiet_until

SYMPTOMS_KEPT = timedelta(hours=2)
"""How long the strength of a symptom counts for what is offered."""
SYMPTOMS_AT_MOST = 200
"""More than anybody logs in that time; a flood of them must not make each step longer."""
SENT_KEPT = 50
OPPOSITES = {"too_hot": "too_cold", "too_cold": "too_hot"}
"""Who says the one no longer means the other."""
NOT_NOTED = "I cannot write anything to my disk, so a restart would make me forget. Cooling goes on. The log says more."
NOTED_AGAIN = "I can write to my disk again."
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Memory:
    """What the engine itself remembers, beside its world."""

    now: datetime = NEVER
    born: datetime = NEVER  # when it first saw anything: what had to happen before was not missed
    peer_up: bool = False
    minted: int = 0
    symptoms: list[tuple[datetime, float]] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)  # action -> entity, of the latest commands without an answer


class Arrivals:
    """Takes in events, at the time that ``memory.now`` says."""

    def __init__(self, world: World, todo: Todo, memory: Memory, quiet: Condition) -> None:
        self._world, self._todo, self.memory, self._quiet = world, todo, memory, quiet

    def take(self, event: Event, draft: Draft) -> None:  # noqa: C901, PLR0912 (one case for each event)
        """One event. There is nothing to do for a ``TimePassed``."""
        match event:
            case RoomMeasured():
                self._room_measured(event, draft)
            case DeviceReported():
                self._device_reported(event, draft)
            case BedChanged():
                self._bed_reported(event, draft)
            case BedMoved():
                self._bed_moved(event)
            case SourceLost():
                self._source_lost(event, draft)
            case ActionReturned():
                self._action_returned(event, draft)
            case RoutineDue():
                self._routine_due(event, draft)
            case RoutineSteered():
                self._routine_steered(event, draft)
            case PauseChanged():
                self._pause_changed(event, draft)
            case PresenceChanged():
                self._presence_changed(event)
            case SelfReported():
                self._self_reported(event, draft)
            case SymptomLogged():
                self._symptom_logged(event)
            case PromptAnswered():
                self._answered(event, draft)
            case HelpAdvised():
                self._help_advised(event, draft)
            case HoldChanged():
                self._hold_changed(event, draft)
            case CoolingForgotten():
                self._forget_cooling(event, draft)
            case PeerChanged():
                self._peer_changed(event, draft)

    def mint(self) -> str:
        """The id of the next action."""
        self.memory.minted += 1
        return f"{self._world.person}-{self.memory.minted}"

    def send(self, action: Action, entity: str, draft: Draft) -> None:
        """Send a command to a device."""
        sent = self.memory.sent
        sent[action.id] = entity
        if len(sent) > SENT_KEPT:
            del sent[next(iter(sent))]
        draft.actions.append(action)
        device = self._world.devices[entity]
        text = f"switching {device.spec.name} to {device.asked_for}: {action.reason}"
        draft.note(self.memory.now, entity, text, actions=(action.id,))

    @property
    def moment(self) -> Moment:
        """Now, as the prompt desk sees it."""
        now = self.memory.now
        return moment_of(
            self._world,
            now,
            quiet_until(self._quiet, now),
            self.mint,
            peer_up=self.memory.peer_up,
            reserved=self._world.routines.reserved(now),
        )

    # -- what was measured

    def _room_measured(self, event: RoomMeasured, draft: Draft) -> None:
        world, name = self._world, f"{event.room}.{event.quantity}"
        if name not in world.facts:
            return
        fact = world.facts[name]
        is_temperature = event.quantity is Kind.TEMPERATURE
        if event.retained and _nothing_new(fact, event.value, event.source):
            return
        room = world.rooms.get(event.room) if is_temperature else None  # None also for the air outside
        sure = isinstance(event.value, bool) or not event.retained
        if sure and is_temperature and self._is_absurd(fact, event, draft):
            return
        was, before = fact.quality, fact.value
        rejection = world.facts.learn(fact, event.value, event.at, self.memory.now, event.source, sure=sure)
        if rejection is not None:
            self._reject(rejection, draft)
        elif fact.quality is not was or (isinstance(fact.value, bool) and fact.value is not before):
            if room is not None and fact.fresh:
                room.usual.add(fact.number, event.at)
                room.hear(fact.number, event.at)
            self._todo.fact_changed(fact, self.memory.now)
        elif fact.fresh and (is_temperature or fact.value != before):
            self._todo.fact_moved(fact, room)

    def _is_absurd(self, fact: Fact, event: RoomMeasured, draft: Draft) -> bool:
        """Whether no air can do this: a jump, or the other unit all of a sudden."""
        value, at = float(event.value), event.at
        if fact.at is None or abs(value - fact.number) <= JUMP_C_PER_MINUTE:
            return False  # almost every reading: it must be short
        words = self._world.words
        before = words.temperature(fact.number)
        if self._world.facts.in_the_other_unit(fact, value, at):
            detail = f"{words.temperature(value)} after {before}: its unit seems to have changed between °C and °F"
        elif event.room in self._world.rooms and self._world.facts.implausible_jump(fact, value, at, event.source):
            limit = f"{words.step(JUMP_C_PER_MINUTE)} a minute"
            detail = f"{words.temperature(value)} is more than {limit} away from {before}"
        else:
            return False
        self._reject(Rejection(reason=Reason.JUMP, detail=detail, path=fact.name), draft)
        return True

    def _bed_reported(self, event: BedChanged, draft: Draft) -> None:
        world, room = self._world, self._world.rooms.get(event.room)
        name = f"{room.bed.prefix}.{event.side}" if room is not None and room.bed is not None else ""
        if name not in world.facts:
            return
        fact = world.facts[name]
        if event.retained and _nothing_new(fact, event.occupied, event.source):
            return
        was = fact.quality, fact.value
        rejection = world.facts.learn(fact, event.occupied, event.at, self.memory.now, event.source)
        if rejection is not None:
            self._reject(rejection, draft)
        elif (fact.quality, fact.value) != was:
            self._todo.fact_changed(fact, self.memory.now)
        else:
            self._todo.night(self.memory.now)

    def _bed_moved(self, event: BedMoved) -> None:
        watch = self._world.night_watch
        if watch is not None and watch.room == event.room:
            watch.moved(event.side, event.at, self.memory.now)
            self._todo.night(self.memory.now)

    def _source_lost(self, event: SourceLost, draft: Draft) -> None:
        world, room = self._world, self._world.rooms.get(event.room)
        prefix = room.bed.prefix if event.side and room is not None and room.bed is not None else event.room
        name = f"{prefix}.{event.side or event.quantity}"
        until = world.facts.lose(world.facts[name], self.memory.now, event.source) if name in world.facts else None
        if until is not None:
            text = f"it has no value; what it said last counts until {world.words.clock(until)}"
            draft.note(self.memory.now, f"sensor {name}", text)
            self._todo.night(self.memory.now)

    def _reject(self, rejection: Rejection, draft: Draft) -> None:
        draft.rejections.append(rejection)
        draft.note(self.memory.now, f"sensor {rejection.path}", f"not believed: {rejection.detail}")

    # -- what the person said

    def _routine_due(self, event: RoutineDue, draft: Draft) -> None:
        now, name = self.memory.now, event.routine
        routine = self._world.profile.all_routines().get(name)
        if routine is None:
            draft.note(now, f"routine {name}", "there is no routine of this name in your profile")
            return
        fact = self._world.facts[f"routine.{name}"]
        if routine.steps:
            if event.day and self._world.routines.was_over(name, event.day, self.memory.born):
                return
            begun = self._world.routines.begin(name, now, event.day)
            self._note_routine(name, begun, draft)
            if begun and (began := self._world.routines.runs[name].memory.began_at) is not None:
                self._know(fact, value=True, event=replace(event, at=began))
            return
        if fact.at is not None and event.at < fact.at + routine.lasts:
            return  # it runs already: the clock and a button, or one message twice
        self._know(fact, value=True, event=event)
        draft.note(now, f"routine {name}", f"the {name.replace('_', ' ')} routine begins")

    def routine_began(self, name: str, at: datetime) -> None:
        """A routine began by itself: rules that wait for it may go on."""
        fact = self._world.facts[f"routine.{name}"]
        if fact.at is None or fact.at < at:
            self._know(fact, value=True, event=TimePassed(at=at, source="bed"))

    def _routine_steered(self, event: RoutineSteered, draft: Draft) -> None:
        world = self._world
        self._note_routine(event.routine, world.routines.steer(event.routine, event.command, self.memory.now), draft)
        run = world.routines.runs.get(event.routine)
        if run is not None and run.memory.state == "skipped" and world.facts[f"routine.{run.name}"].value:
            self._know(world.facts[f"routine.{run.name}"], value=False, event=event)

    def _note_routine(self, name: str, texts: list[str], draft: Draft) -> None:
        for text in texts:
            draft.note(self.memory.now, f"routine {name}", text)
        self._todo.routines()

    def _pause_changed(self, event: PauseChanged, draft: Draft) -> None:
        world, now = self._world, self.memory.now
        about = f"pause {event.area or 'everything'}"
        if not world.pauses.change(event.area, event.until, now):
            draft.note(now, about, "there is no such area; pause cooling, lights, prompts, evening or everything")
            return
        paused = event.until is not None and event.until > now
        until = world.words.moment(event.until, now) if event.until is not None else ""
        text = SAFE[event.area].format(until=until) if paused else "the pause is over, as you asked"
        draft.note(now, about, text)
        if paused and event.area in (EVERYTHING, "prompts"):
            self.take_notes(world.aloud.paused(now), draft)
            self._todo.aloud()
        self._todo.paused()

    def _presence_changed(self, event: PresenceChanged) -> None:
        fact = self._world.facts[AT_HOME]
        if event.at_home is None:
            fact.quality = Quality.STALE if fact.at is not None else Quality.MISSING
            self._todo.fact_changed(fact, self.memory.now)
        elif fact.at is None or event.at >= fact.at:
            self._know(fact, value=event.at_home, event=event)
        self._todo.routines()

    def _self_reported(self, event: SelfReported, draft: Draft) -> None:
        name = f"self.{event.trigger}"
        if name not in self._world.facts:
            draft.note(self.memory.now, "report", "there is no trigger of this name in your profile")
            return
        fact = self._world.facts[name]
        event = replace(event, at=min(event.occurred_at or event.at, event.at))
        if fact.at is None or event.at >= fact.at:
            self._know(fact, value=event.value, event=event)
            opposite = f"self.{OPPOSITES.get(event.trigger, '')}"
            if event.value is True and opposite in self._world.facts:
                self._know(self._world.facts[opposite], value=False, event=event)

    def _know(self, fact: Fact, *, value: float | bool, event: Event) -> None:
        fact.value, fact.at, fact.quality, fact.source = value, event.at, Quality.FRESH, event.source
        self._todo.fact_changed(fact, self.memory.now)

    def _symptom_logged(self, event: SymptomLogged) -> None:
        if event.severity is not None:
            kept = [(at, severity) for at, severity in self.memory.symptoms if event.at - at < SYMPTOMS_KEPT]
            at = min(event.occurred_at or event.at, event.at)
            self.memory.symptoms = [*kept, (at, event.severity)][-SYMPTOMS_AT_MOST:]
            self._todo.desk()

    def _answered(self, event: PromptAnswered, draft: Draft) -> None:
        profile, now = self._world.profile, self.memory.now

        def later(name: str) -> timedelta:
            return settings_of(profile, name).later

        if event.answer == "done" and event.prompt in profile.reminders:
            self._world.desk.ticked(event.prompt, now)
        aloud = self._world.aloud
        begins = aloud.begins(event)
        mine, notes = aloud.answered(event, now)
        if not mine:
            notes = self._world.desk.answered(
                event, now, later, quiet_at=lambda at: quiet_until(self._quiet, at) is not None
            )
        self.take_notes([*notes, *aloud.began(begins, now)], draft)
        for action in aloud.stop_actions(self.moment):
            draft.actions.append(action)
            draft.note(now, str(action.entity), f"silent at once: {action.reason}", actions=(action.id,))
        self._todo.aloud()
        self._todo.desk()

    def _help_advised(self, event: HelpAdvised, draft: Draft) -> None:
        self._world.desk.urge(f"help:{event.id}", event.text, self.memory.now, draft.causes)
        self._todo.desk()

    def _hold_changed(self, event: HoldChanged, draft: Draft) -> None:
        device = self._world.devices.get(event.entity)
        if device is not None:
            self.take_notes(device.hold(event.until, self.memory.now), draft)
            self._todo.device(event.entity)

    def _forget_cooling(self, event: CoolingForgotten, draft: Draft) -> None:
        room, about = self._world.rooms.get(event.room), f"cooling {event.room}"
        if room is None or room.cooling is None:
            draft.note(self.memory.now, about, "there is nothing to forget: no room of this name is cooled for you")
            return
        room.cooling.forget()
        text = f"what was learned of the {room.name} and of your hours in bed is forgotten, as you asked"
        draft.note(self.memory.now, about, f"{text}; learning begins anew")
        self._todo.keys[f"cool:{room.id}"] = None

    # -- what the home reports

    def _device_reported(self, event: DeviceReported, draft: Draft) -> None:
        world = self._world
        if event.entity in world.channel_entities:
            world.desk.channel_reported(event.entity, event.state)
            self._todo.desk()
        if event.entity in world.switches:
            self._switch_reported(world.switches[event.entity], event)
        device = world.devices.get(event.entity)
        if device is not None:
            self.take_notes(device.report(event, self.memory.now), draft)
            self._todo.device(event.entity)

    def _switch_reported(self, fact: Fact, event: DeviceReported) -> None:
        """A switch that is only read. One that is gone is mostly soon back, as every sensor is."""
        was = fact.fresh, fact.value
        if event.state in GONE:
            self._world.facts.lose(fact, self.memory.now, event.entity)
        else:
            self._world.facts.learn(fact, event.state == "on", event.at, self.memory.now, event.entity)
        if (fact.fresh, fact.value) != was:
            self._todo.fact_changed(fact, self.memory.now)

    def _action_returned(self, event: ActionReturned, draft: Draft) -> None:
        world, entity = self._world, self.memory.sent.pop(event.action, "")
        if entity in world.devices:
            self.take_notes(world.devices[entity].returned(event, self.memory.now), draft)
            self._todo.device(entity)
            return
        spoken = world.desk.returned(event, self.moment)
        self.say(spoken, draft)
        self.take_notes(world.aloud.returned(event, spoken, self.memory.now), draft)
        self._todo.desk()
        self._todo.aloud()

    def _peer_changed(self, event: PeerChanged, draft: Draft) -> None:
        if event.peer == "mqtt":
            self._sight_changed(up=event.up, direct=True)
        if event.peer == "memory":
            self._memory_changed(event, draft)
        elif not event.up and self._world.night_watch is not None:
            self._world.night_watch.doubt(self.memory.now)
        if event.peer != "home_assistant" or event.up == self.memory.peer_up:
            return
        self.memory.peer_up = event.up
        draft.note(
            self.memory.now, "home_assistant", "Home Assistant is there" if event.up else "Home Assistant is away"
        )
        self._sight_changed(up=event.up, direct=False)
        self._todo.routines()
        self._todo.aloud()

    def _sight_changed(self, *, up: bool, direct: bool) -> None:
        for entity, device in self._world.devices.items():
            if device.spec.direct is direct:
                if not up:
                    device.lost_sight()
                self._todo.device(entity)

    def _memory_changed(self, event: PeerChanged, draft: Draft) -> None:
        """What happens can be written down, or cannot: the person is told, and later that it is over."""
        text = NOTED_AGAIN if event.up else NOT_NOTED
        draft.note(self.memory.now, "memory", text)
        say = self._world.desk.over if event.up else self._world.desk.tell
        say("memory", text, self.memory.now, draft.causes)
        self._todo.desk()

    def say(self, spoken: Spoken, draft: Draft) -> None:
        """Record what is said to the person, and send it."""
        self.take_notes(spoken.notes, draft)
        for action in spoken.actions:
            draft.actions.append(action)
            if "message" not in action.data:
                continue  # the volume of a speaker
            message = str(action.data["message"])
            text = message if message == action.reason else f"{message} Because {action.reason}"
            whom = "your contact" if self._world.aloud.is_for_contact(action) else "you"
            draft.note(
                self.memory.now, action.entity or action.service, f"said to {whom}: {text}", actions=(action.id,)
            )

    def take_notes(self, notes: list[Note], draft: Draft) -> None:
        """Record what devices and the desk say, and tell the person what they must know."""
        for note in notes:
            draft.note(self.memory.now, note.subject, note.text)
            if note.news:
                say = self._world.desk.tell if note.news == "trouble" else self._world.desk.over
                text = note.text[:1].upper() + note.text[1:]
                say(f"device:{note.subject}", text if text.endswith(".") else f"{text}.", self.memory.now, draft.causes)
                self._todo.desk()


def _nothing_new(fact: Fact, value: float | bool, source: str) -> bool:  # noqa: FBT001 (a measured value)
    """Whether a kept message repeats what is known: a dead sensor's last word does not get younger by it."""
    return fact.at is not None and fact.source == source and isinstance(value, bool) and fact.value is value

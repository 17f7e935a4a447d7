"""What comes in: each event into the facts and devices, and what has to be looked at because of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from devices.actions import Action
from devices.control.memory import Note
from devices.control.prompts import Moment, Spoken
from devices.events import (
    ActionReturned,
    BedChanged,
    CoolingForgotten,
    DeviceReported,
    Event,
    HoldChanged,
    PeerChanged,
    PromptAnswered,
    RoomMeasured,
    RoutineDue,
    SelfReported,
    SourceLost,
    SymptomLogged,
)
from devices.readings import Kind, Reason, Rejection
from rules.conditions import Condition
from rules.decisions import Draft
from rules.facts import JUMP_C_PER_MINUTE, Fact, Quality
from rules.todo import Todo
from rules.world import World, quiet_until

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
    peer_up: bool = False
    minted: int = 0
    symptoms: list[tuple[datetime, float]] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)  # action -> entity, of the latest commands without an answer


class Arrivals:
    """Takes in events, at the time that ``memory.now`` says."""

    def __init__(self, world: World, todo: Todo, memory: Memory, quiet: Condition) -> None:
        self._world, self._todo, self.memory, self._quiet = world, todo, memory, quiet

    def take(self, event: Event, draft: Draft) -> None:  # noqa: C901 (one case for each event)
        """One event. There is nothing to do for a ``TimePassed``."""
        match event:
            case RoomMeasured():
                self._room_measured(event, draft)
            case DeviceReported():
                self._device_reported(event, draft)
            case BedChanged():
                self._bed_reported(event, draft)
            case SourceLost():
                self._source_lost(event, draft)
            case ActionReturned():
                self._action_returned(event, draft)
            case RoutineDue():
                self._routine_due(event, draft)
            case SelfReported():
                self._self_reported(event, draft)
            case SymptomLogged():
                self._symptom_logged(event)
            case PromptAnswered():
                self._answered(event, draft)
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
        return Moment(now, quiet_until(self._quiet, now), self.mint, self.memory.peer_up)

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

    def _source_lost(self, event: SourceLost, draft: Draft) -> None:
        world, room = self._world, self._world.rooms.get(event.room)
        prefix = room.bed.prefix if event.side and room is not None and room.bed is not None else event.room
        name = f"{prefix}.{event.side or event.quantity}"
        until = world.facts.lose(world.facts[name], self.memory.now, event.source) if name in world.facts else None
        if until is not None:
            text = f"it has no value; what it said last counts until {world.words.clock(until)}"
            draft.note(self.memory.now, f"sensor {name}", text)

    def _reject(self, rejection: Rejection, draft: Draft) -> None:
        draft.rejections.append(rejection)
        draft.note(self.memory.now, f"sensor {rejection.path}", f"not believed: {rejection.detail}")

    # -- what the person said

    def _routine_due(self, event: RoutineDue, draft: Draft) -> None:
        name, spoken = f"routine.{event.routine}", event.routine.replace("_", " ")
        routine = self._world.profile.all_routines().get(event.routine)
        if routine is None:
            draft.note(self.memory.now, f"routine {event.routine}", "there is no routine of this name in your profile")
            return
        fact = self._world.facts[name]
        if fact.at is not None and event.at < fact.at + routine.lasts:
            return  # it runs already: the clock and a button, or one message twice
        self._know(fact, value=True, event=event)
        draft.note(self.memory.now, f"routine {event.routine}", f"the {spoken} routine begins")

    def _self_reported(self, event: SelfReported, draft: Draft) -> None:
        name = f"self.{event.trigger}"
        if name not in self._world.facts:
            draft.note(self.memory.now, "report", "there is no trigger of this name in your profile")
            return
        fact = self._world.facts[name]
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
            self.memory.symptoms = [*kept, (event.at, event.severity)][-SYMPTOMS_AT_MOST:]
            self._todo.desk()

    def _answered(self, event: PromptAnswered, draft: Draft) -> None:
        prompts, now = self._world.profile.prompts, self.memory.now

        def later(name: str) -> timedelta:
            return (prompts.wash if name == "wash" else prompts.stretch).later

        notes = self._world.desk.answered(
            event, now, later, quiet_at=lambda at: quiet_until(self._quiet, at) is not None
        )
        self.take_notes(notes, draft)
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
        device = world.devices.get(event.entity)
        if device is not None:
            self.take_notes(device.report(event, self.memory.now), draft)
            self._todo.device(event.entity)

    def _action_returned(self, event: ActionReturned, draft: Draft) -> None:
        world, entity = self._world, self.memory.sent.pop(event.action, "")
        if entity in world.devices:
            self.take_notes(world.devices[entity].returned(event, self.memory.now), draft)
            self._todo.device(entity)
            return
        self.say(world.desk.returned(event, self.moment), draft)
        self._todo.desk()

    def _peer_changed(self, event: PeerChanged, draft: Draft) -> None:
        if event.peer == "mqtt":
            self._sight_changed(up=event.up, direct=True)
        if event.peer == "memory":
            self._memory_changed(event, draft)
        if event.peer != "home_assistant" or event.up == self.memory.peer_up:
            return
        self.memory.peer_up = event.up
        draft.note(
            self.memory.now, "home_assistant", "Home Assistant is there" if event.up else "Home Assistant is away"
        )
        self._sight_changed(up=event.up, direct=False)
        self._todo.desk()

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
            message = str(action.data["message"])
            text = message if message == action.reason else f"{message} Because {action.reason}"
            draft.note(self.memory.now, action.entity or action.service, f"said to you: {text}", actions=(action.id,))

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

"""One home at work: what arrives goes to the engine of the person it concerns. Shared by run, replay and demo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.load import Configuration
from devices.direct import DirectDevice
from devices.events import DeviceReported, Event, JournalPressed, PeerChanged, PromptAnswered, TimePassed
from devices.intake import Intake, Taken
from devices.own_topics import writable
from devices.readings import Message, Rejection
from integration.scribe import Scribe
from integration.scribe_parts import Heard, Noted
from integration.voice_topics import VoiceTopics
from rules.book import Rule
from rules.decisions import Outcome
from rules.engine import SET_BACK, Engine
from rules.until import until_of


@dataclass(frozen=True, slots=True)
class Stepped:
    """One event and what it brought, for one person."""

    person: str
    event: Event
    outcome: Outcome


class Household:
    """All engines of a home. Pure memory; whoever calls brings the time."""

    def __init__(self, configuration: Configuration, books: Mapping[str, list[Rule]]) -> None:
        self.configuration = configuration
        home = configuration.home
        clocks = {person: until_of(profile) for person, profile in configuration.profiles.items()}
        self.intake = Intake(home, configuration.profiles, clocks)
        self.engines = {
            person: Engine(person, profile, home, books[person]) for person, profile in configuration.profiles.items()
        }
        self.direct = {entity: DirectDevice(entity, settings) for entity, settings in home.mqtt_devices.items()}
        self._direct_topics: dict[str, list[DirectDevice]] = {}
        for device in self.direct.values():
            for topic in device.topics:
                self._direct_topics.setdefault(topic, []).append(device)
        self._listeners: dict[str, list[str]] = {}  # entity -> persons: a device has one, a speaker may have several
        for person, engine in self.engines.items():
            for entity in {*engine.world.devices, *engine.world.channel_entities, *engine.world.switches}:
                self._listeners.setdefault(entity, []).append(person)
        self.scribe: Scribe | None = None
        """The journal, where it is kept; else what somebody says is left to who keeps it."""
        self.unsaved = False
        """Whether the last message is not on disk yet, and must not be acknowledged."""
        self._voice = VoiceTopics(home, configuration.profiles)
        self._wake_at: dict[str, datetime | None] = {}

    @property
    def filters(self) -> list[str]:
        """Every topic to subscribe to."""
        return list(dict.fromkeys([*self.intake.filters, *self._voice.filters, *self._direct_topics]))

    def speakers(self, topic: str) -> set[str]:
        """The devices that say on this topic how they are."""
        return {device.entity for device in self._direct_topics.get(topic, ())}

    @property
    def levels(self) -> frozenset[str]:
        """The topics of which only the latest message counts: those of the rooms' sensors and of nothing else."""
        return self.intake.levels - self._direct_topics.keys()

    @property
    def entities(self) -> list[str]:
        """Every Home Assistant entity that is read: devices, channels and sensors."""
        return sorted({*self._listeners, *self.intake.entities} - self.direct.keys())

    @property
    def devices(self) -> list[str]:
        """Every device that is steered, whatever carries it out."""
        return [entity for engine in self.engines.values() for entity in engine.world.devices]

    @property
    def wake_at(self) -> datetime | None:
        """When the next ``pass_time`` is due."""
        return min((due for due in self._wake_at.values() if due is not None), default=None)

    def message(
        self, message: Message, at: datetime, event_id: str, *, unsure: bool = False, heard: Heard | None = None
    ) -> tuple[list[Stepped], list[Rejection]]:
        """Take in an MQTT message. ``unsure``: the broker held it while we were away for long.

        ``heard``: how it came, where that matters to the journal.
        """
        self.unsaved = False
        if self.brings_words(message.topic):
            return self._say(message, heard or Heard(at=at, id=event_id))
        stepped, rejections = self._take(self.intake.message(message, at, event_id, unsure=unsure), heard)
        for device in self._direct_topics.get(message.topic, ()):
            if (told := device.hear(message)) is not None:
                if unsure:  # one of several that waited at the broker: a change between two of them is no hand
                    stepped += self.state(device.entity, "unknown", {}, at, f"{event_id}.{device.entity}?")[0]
                stepped += self.state(device.entity, *told, at, f"{event_id}.{device.entity}")[0]
        return stepped, rejections

    def _say(self, message: Message, heard: Heard) -> tuple[list[Stepped], list[Rejection]]:
        """Words for the journal; what they ask of the engine is lived through at once."""
        if self.scribe is None:
            return [], []
        noted = self.scribe.message(message, heard)
        self.unsaved = noted.unsaved
        for rejection in noted.rejections:
            self.intake.rejected[message.topic, rejection.reason.value] += 1
        return [self.event(person, event) for person, event in noted.events], noted.rejections

    def state(  # noqa: PLR0913 (a state has these parts)
        self,
        entity: str,
        state: str,
        attributes: Mapping[str, Any],
        at: datetime,
        event_id: str,
        *,
        by_person: bool | None = None,
    ) -> tuple[list[Stepped], list[Rejection]]:
        """Take in the state of a Home Assistant entity."""
        state = str(writable(state))
        attributes = {str(writable(key)): writable(value) for key, value in attributes.items()}
        stepped, rejections = self._take(self.intake.state(entity, state, attributes, at, event_id))
        if entity in self._listeners:
            event = DeviceReported(
                at=at,
                source=entity,
                id=event_id,
                entity=entity,
                state=state,
                attributes=attributes,
                by_person=by_person,
            )
            stepped += [self.event(person, event) for person in self._listeners[entity]]
        return stepped, rejections

    def brings_words(self, topic: str) -> bool:
        """Whether what comes on a topic is for the journal."""
        return self._voice.brings_words(topic)

    def _take(self, taken: Taken, heard: Heard | None = None) -> tuple[list[Stepped], list[Rejection]]:
        stepped = []
        for person, event in taken.events:
            prompt = self.engines[person].world.desk.meant(event) if isinstance(event, PromptAnswered) else ""
            stepped.append(self.event(person, event))
            if self.scribe is not None and isinstance(event, PromptAnswered) and _is_said_of_oneself(event, prompt):
                stepped += self._journaled(self.scribe.answered(event, prompt, heard))
            elif self.scribe is not None and isinstance(event, JournalPressed):
                stepped += self._journaled(self.scribe.pressed(event, heard))
        return stepped, taken.rejections

    def _journaled(self, noted: Noted) -> list[Stepped]:
        self.unsaved = self.unsaved or noted.unsaved
        return [self.event(person, event) for person, event in noted.events]

    def event(self, person: str, event: Event) -> Stepped:
        """Take in an event of one person."""
        outcome = self.engines[person].step(event)
        for rejection in outcome.rejections:
            self.intake.rejected[event.source, rejection.reason.value] += 1
        self._wake_at[person] = outcome.wake_at
        return Stepped(person, event, outcome)

    def everyone(self, event: Event) -> list[Stepped]:
        """Take in an event that concerns all."""
        return [self.event(person, event) for person in self.engines]

    def pass_time(self, now: datetime, event_id: str = "") -> list[Stepped]:
        """Nothing happened but time: whatever came due is lived through. A clock that was set back is told of."""
        if (set_back := self.set_back(now, event_id)) is not None:
            return set_back
        return [
            self.event(person, TimePassed(at=now, source="clock", id=event_id))
            for person, due in self._wake_at.items()
            if due is not None and due <= now
        ]

    def set_back(self, now: datetime, event_id: str = "") -> list[Stepped] | None:
        """Where it is earlier than the engines think, they move with the clock; None where it is not."""
        if all(now >= engine.now - SET_BACK for engine in self.engines.values() if engine.started):
            return None
        return self.everyone(TimePassed(at=now, source="clock", id=event_id))

    def peer(self, name: str, at: datetime, event_id: str = "", *, up: bool) -> list[Stepped]:
        """A peer came or went."""
        if name == "mqtt" and not up:
            for device in self.direct.values():
                device.forget()
        return self.everyone(PeerChanged(at=at, source=name, id=event_id, peer=name, up=up))

    def snapshot(self) -> dict[str, Any]:
        """All memory of the home as one plain value."""
        return {
            "units": dict(self.intake.units),
            "hours": self.scribe.hours.dump() if self.scribe is not None else {},
            "engines": {person: engine.snapshot() for person, engine in self.engines.items()},
        }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """The memory as ``snapshot`` gave it; persons who left are dropped."""
        self.intake.units.update(snapshot["units"])
        if self.scribe is not None:
            self.scribe.hours.load(snapshot.get("hours", {}))
        for person, memory in snapshot["engines"].items():
            if person in self.engines:
                self.engines[person].restore(memory)
                self._wake_at[person] = self.engines[person].world.agenda.next()


def _is_said_of_oneself(event: PromptAnswered, prompt: str) -> bool:
    """Whether an answer is a line of the journal: a rating, or how the night was."""
    return (prompt == "rating" and event.value is not None) or (prompt == "night" and event.answer in ("yes", "no"))

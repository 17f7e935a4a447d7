"""One home at work: what arrives goes to the engine of the person it concerns. Shared by run, replay and demo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.load import Configuration
from devices.direct import DirectDevice
from devices.events import DeviceReported, Event, PeerChanged, SymptomLogged, TimePassed
from devices.intake import Intake, Taken
from devices.own_topics import LARGEST, writable
from devices.readings import Message, Reason, Rejection
from journal.entry import NotAnEntry, parse_entry
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
        self._journals = {f"{home.mqtt.prefix}/{person}/symptom": person for person in self.engines}
        self._wake_at: dict[str, datetime | None] = {}

    @property
    def filters(self) -> list[str]:
        """Every topic to subscribe to."""
        return list(dict.fromkeys([*self.intake.filters, *self._direct_topics]))

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
        self, message: Message, at: datetime, event_id: str, *, unsure: bool = False
    ) -> tuple[list[Stepped], list[Rejection]]:
        """Take in an MQTT message. ``unsure``: the broker held it while we were away for long."""
        person = self._journals.get(message.topic)
        if person is not None and not message.retained:
            return self._symptom(person, message, at, event_id)
        stepped, rejections = self._take(self.intake.message(message, at, event_id, unsure=unsure))
        for device in self._direct_topics.get(message.topic, ()):
            if (heard := device.hear(message)) is not None:
                if unsure:  # one of several that waited at the broker: a change between two of them is no hand
                    stepped += self.state(device.entity, "unknown", {}, at, f"{event_id}.{device.entity}?")[0]
                stepped += self.state(device.entity, *heard, at, f"{event_id}.{device.entity}")[0]
        return stepped, rejections

    def _symptom(
        self, person: str, message: Message, at: datetime, event_id: str
    ) -> tuple[list[Stepped], list[Rejection]]:
        if len(message.payload) > LARGEST:
            return self._refuse_symptom(message, Reason.TOO_LARGE, f"more than {LARGEST} bytes", "")
        entry = parse_entry(message.payload)
        if isinstance(entry, NotAnEntry):
            return self._refuse_symptom(
                message, Reason.MISSING_FIELD, f"the journal cannot use {entry.field}", entry.field
            )
        event = SymptomLogged(
            at=at, source=message.topic, id=event_id, person=person, symptom=entry.symptom, severity=entry.severity
        )
        return [self.event(person, event)], []

    def _refuse_symptom(
        self, message: Message, reason: Reason, detail: str, path: str
    ) -> tuple[list[Stepped], list[Rejection]]:
        self.intake.rejected[message.topic, reason.value] += 1
        return [], [Rejection(reason=reason, detail=detail, path=path)]

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

    def _take(self, taken: Taken) -> tuple[list[Stepped], list[Rejection]]:
        return [self.event(person, event) for person, event in taken.events], taken.rejections

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
            "engines": {person: engine.snapshot() for person, engine in self.engines.items()},
        }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """The memory as ``snapshot`` gave it; persons who left are dropped."""
        self.intake.units.update(snapshot["units"])
        for person, memory in snapshot["engines"].items():
            if person in self.engines:
                self.engines[person].restore(memory)
                self._wake_at[person] = self.engines[person].world.agenda.next()

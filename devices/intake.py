"""What the home says, as events: which topic or entity is whose, in which room, and what its readings mean there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from config.home import Home
from devices import own_topics
from devices.decode import decode, decode_state, entity_of, unit_of
from devices.decode.states import WORDS
from devices.events import BedChanged, BedMoved, Event, PresenceChanged, RoomMeasured, SourceLost
from devices.own_topics import Arrival
from devices.pauses import Until
from devices.places import EVERYBODY, OUTDOOR, Place, Whereabouts, places
from devices.presses import FRESH
from devices.readings import Decoded, Hints, Kind, Message, Reading, Reason, Rejection

__all__ = ["OUTDOOR", "Heard", "Intake", "Taken"]


@dataclass(frozen=True, slots=True)
class Heard:
    """When and how something was heard. ``unsure``: it may be old, as what a broker kept is."""

    at: datetime
    id: str
    unsure: bool = False


@dataclass(slots=True)
class Taken:
    """What a message brought: events with the person whose engine they go to, and what was refused."""

    events: list[tuple[str, Event]] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


class Intake:
    """Turns messages and states into events. Its only memory: units that arrive on a topic of their own, and counts."""

    def __init__(self, home: Home, persons: Iterable[str], clocks: Mapping[str, Until] | None = None) -> None:
        """``clocks``: what finds the instant that each person's words for a time mean."""
        self._prefix = home.mqtt.prefix
        self.persons = tuple(persons)
        self._clocks = clocks or {}
        self._topics: dict[str, list[Place]] = {}
        self._entities: dict[str, list[Place]] = {}
        self.units: dict[str, str] = {}  # statestream entity -> its unit
        self._waiting: dict[str, tuple[Message, Heard]] = {}  # statestream entity -> its last state
        self.rejected: Counter[tuple[str, str]] = Counter()  # (counted topic, reason) -> how often
        for source, place in places(home):
            (self._topics if source.topic else self._entities).setdefault(place.source, []).append(place)

    @property
    def filters(self) -> list[str]:
        """Everything to subscribe to."""
        units = [
            place.source.removesuffix("state") + "unit_of_measurement"
            for here in self._topics.values()
            for place in here
            if place.dialect == "statestream" and place.source.endswith("/state")
        ]
        own = [topic for person in self.persons for topic in own_topics.filters(self._prefix, person)]
        return list(dict.fromkeys([*self._topics, *units, *own]))

    @property
    def levels(self) -> frozenset[str]:
        """The topics that only measure rooms: a later message there stands for every earlier one."""
        return frozenset(topic for topic, here in self._topics.items() if all(place.is_level for place in here))

    @property
    def entities(self) -> list[str]:
        """The Home Assistant entities that are sensors."""
        return list(self._entities)

    def message(self, message: Message, at: datetime, event_id: str, *, unsure: bool = False) -> Taken:
        """What one MQTT message brought. ``unsure``: the broker had kept it while we were away. Never raises."""
        taken = Taken()
        heard = Heard(at, event_id, unsure)
        for place in self._topics.get(message.topic, ()):
            self._take(place, message, heard, taken)
        if not taken.events and not taken.rejections:
            self._take_others(message, heard, taken)
        for rejection in taken.rejections:
            self.rejected[self.counted(message.topic), rejection.reason.value] += 1
        return taken

    def counted(self, topic: str) -> str:
        """What the refusals of a topic are counted under."""
        return own_topics.family(topic, self._prefix)

    def state(self, entity: str, state: str, attributes: Mapping[str, object], at: datetime, event_id: str) -> Taken:
        """What one state of a Home Assistant entity brought, where it is a sensor."""
        taken = Taken()
        for place in self._entities.get(entity, ()):
            decoded = decode_state(entity, state, attributes, place.hints)
            if place.presses is None or place.presses.changed(decoded, at):
                self._bind(place, decoded, Heard(at, event_id), taken)
        for rejection in taken.rejections:
            self.rejected[entity, rejection.reason.value] += 1
        return taken

    def _take(self, place: Place, message: Message, heard: Heard, taken: Taken) -> None:
        hints = place.hints
        if _waits(place):
            entity = entity_of(message.topic) or ""
            self._waiting[entity] = (message, heard)
            if entity in self.units:
                hints = _with_unit(hints, self.units[entity])
        said = Heard(heard.at, heard.id, heard.unsure or message.retained)
        self._bind(place, decode(place.dialect, message, hints), said, taken)

    def _take_others(self, message: Message, heard: Heard, taken: Taken) -> None:
        parts = message.topic.split("/")
        prefix = self._prefix.split("/")
        if parts[: len(prefix)] == prefix and len(parts) > len(prefix) and parts[len(prefix)] in self.persons:
            person, rest = parts[len(prefix)], parts[len(prefix) + 1 :]
            until = self._clocks.get(person)
            event = own_topics.parse(Arrival(person, rest, message, heard.at, heard.id, heard.unsure, until))
            if isinstance(event, Rejection):
                taken.rejections.append(event)
            elif event is not None:
                taken.events.append((person, event))
            return
        unit, entity = unit_of(message), entity_of(message.topic)
        if unit is not None and entity is not None and unit != self.units.get(entity):
            self.units[entity] = unit
            self._take_waiting(entity, unit, heard.id, taken)

    def _take_waiting(self, entity: str, unit: str, event_id: str, taken: Taken) -> None:
        """The state that waited for its unit, dated with its own arrival."""
        if entity not in self._waiting:
            return
        message, heard = self._waiting[entity]
        said = Heard(heard.at, event_id, heard.unsure or message.retained)
        for place in self._topics.get(message.topic, ()):
            if _waits(place):
                self._bind(place, decode(place.dialect, message, _with_unit(place.hints, unit)), said, taken)

    def _bind(self, place: Place, decoded: Decoded, heard: Heard, taken: Taken) -> None:
        taken.rejections += decoded.rejections
        readings = decoded.readings
        spoken_at = _spoken_at(readings, heard.at)
        unsure = heard.unsure and spoken_at is None
        when = spoken_at or heard.at
        if place.whereabouts is not None:
            _take_presence(place, place.whereabouts, decoded, heard, taken)
            return
        if place.moves:
            if not heard.unsure and any(_is_movement(reading) for reading in readings):
                moved = BedMoved(at=when, source=place.source, id=heard.id, room=place.room, side=place.side)
                taken.events.append((place.person, moved))
            return
        for index, reading in enumerate(readings):
            event_id = f"{heard.id}.{index}"
            event: Event | Rejection | None
            if reading.kind is Kind.ACTION and place.presses is not None:
                late = heard.unsure and (spoken_at is None or heard.at - spoken_at > FRESH)
                pressed_at = when if heard.unsure else heard.at
                until = self._clocks.get(place.person)
                event = place.presses.press(str(reading.value), pressed_at, event_id, until, late=late)
            else:
                event = _event(place, reading, when, event_id, unsure=unsure)
            if isinstance(event, Rejection):
                taken.rejections.append(event)
            elif event is not None:
                taken.events += [(person, event) for person in self._persons_of(place)]
        for kind in _lost(place, decoded):
            lost = _source_lost(place, kind, heard)
            taken.events += [(person, lost) for person in self._persons_of(place)]

    def _persons_of(self, place: Place) -> tuple[str, ...]:
        return self.persons if place.person == EVERYBODY else (place.person,)


def _event(place: Place, reading: Reading, at: datetime, event_id: str, *, unsure: bool) -> Event | None:
    kind, value = reading.kind, reading.value
    if kind not in place.measures or isinstance(value, str):
        return None
    if place.bed:
        # Only a message with several sides in it says which side a reading is.
        side = place.side if reading.side in (None, place.side) or place.side == "either" else None
        if side is None or not isinstance(value, bool):
            return None
        return BedChanged(
            at=at, source=place.source, id=event_id, room=place.room, side=side, occupied=value, retained=unsure
        )
    number = value + place.offset if kind is Kind.TEMPERATURE and not isinstance(value, bool) else value
    return RoomMeasured(
        at=at, source=place.source, id=event_id, room=place.room, quantity=kind, value=number, retained=unsure
    )


def _waits(place: Place) -> bool:
    """Whether the unit of a place comes on a topic of its own."""
    return place.dialect == "statestream" and place.hints.unit is None


def _lost(place: Place, decoded: Decoded) -> list[Kind]:
    """The quantities of which the sensor said that it has no value; one field's word is about that field alone."""
    gone: set[Kind] = set()
    for rejection in decoded.rejections:
        if rejection.reason is not Reason.UNAVAILABLE_STATE:
            continue
        whole = rejection.path in ("", place.hints.path)
        field_name = rejection.path.rpartition(".")[2].lower()
        # Fields have names of their own ("occupancy"): where only one thing is measured, it is the one.
        alone = len(place.measures) == 1 and field_name not in set(Kind)
        gone |= {kind for kind in place.measures if whole or alone or kind.value == field_name}
    return sorted(gone - {reading.kind for reading in decoded.readings})


def _source_lost(place: Place, kind: Kind, heard: Heard) -> SourceLost:
    side = place.side if place.bed else ""
    return SourceLost(
        at=heard.at, source=place.source, id=f"{heard.id}.{kind}", room=place.room, quantity=kind, side=side
    )


def _is_movement(reading: Reading) -> bool:
    """A vibration, or what a vibration sensor calls it ("tilt", "drop")."""
    return reading.kind is Kind.ACTION or (reading.kind in (Kind.VIBRATION, Kind.OCCUPIED) and reading.value is True)


def _take_presence(place: Place, whereabouts: Whereabouts, decoded: Decoded, heard: Heard, taken: Taken) -> None:
    """Whether the person is at home; None where their source does not know, or says what nobody understands."""
    words = [str(reading.value) for reading in decoded.readings if reading.kind is Kind.STATE]
    gone = any(rejection.reason is Reason.UNAVAILABLE_STATE for rejection in decoded.rejections)
    if not words and not gone:
        return
    at_home = _at_home(words[0], whereabouts) if words else None
    if words and at_home is None:
        detail = "this word does not say whether somebody is at home; add it to states in home.yaml"
        taken.rejections.append(Rejection(reason=Reason.UNKNOWN_STATE, detail=detail))
    event = PresenceChanged(at=heard.at, source=place.source, id=heard.id, person=place.person, at_home=at_home)
    taken.events.append((place.person, event))


def _at_home(word: str, whereabouts: Whereabouts) -> bool | None:
    if word in whereabouts.states:
        return whereabouts.states[word]
    return WORDS[Kind.OCCUPIED].get(word, False if whereabouts.zones else None)


def _spoken_at(readings: tuple[Reading, ...], at: datetime) -> datetime | None:
    """When the device itself spoke, where it says so and is not ahead of us; a retained message is dated by it."""
    for reading in readings:
        if reading.kind is Kind.LAST_SEEN and not isinstance(reading.value, str):
            seen = datetime.fromtimestamp(float(reading.value), UTC)
            return min(seen, at) if seen <= at + timedelta(minutes=1) else None
    return None


def _with_unit(hints: Hints, unit: str) -> Hints:
    return replace(hints, unit=unit)

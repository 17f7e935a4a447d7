"""Where what a source says belongs: its person, its room, its bed, its button. From home.yaml alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from config.home import Bed, BedSensor, Button, Home, RoomSensor, Source
from devices.decode import entity_of
from devices.presses import Presses
from devices.readings import Hints, Kind

OUTDOOR = "outdoor"
"""Stands in the place of a room for the air outside; no room may be called so."""
EVERYBODY = ""
_BARE = frozenset({"plain", "esphome", "statestream"})
"""Dialects whose topics carry one value without saying what it is."""
_WITH_ZONES = frozenset({"person", "device_tracker"})
"""What names the zone that somebody is in; every one but "home" is away."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What its words mean: home.yaml's own, and whether every other word is the name of a place that is not home."""

    states: dict[str, bool]
    zones: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What a source belongs to."""

    source: str  # the topic or entity
    dialect: str
    hints: Hints
    person: str  # or EVERYBODY
    room: str = ""
    measures: frozenset[Kind] = frozenset()
    offset: float = 0.0
    bed: bool = False
    moves: bool = False  # a sensor on the bed that feels movement, and nothing else
    side: str = "either"
    presses: Presses | None = None
    whereabouts: Whereabouts | None = None

    @property
    def is_level(self) -> bool:
        """It only measures: a later message stands for every earlier one."""
        return bool(self.measures) and not self.bed


def places(home: Home) -> Iterator[tuple[Source, Place]]:
    """Everything that the home listens to."""
    for room_id, room in home.rooms.items():
        for sensor in room.sensors:
            yield sensor, _sensor_place(sensor, room_id, room.person)
        if room.bed is not None:
            yield from _bed_places(room.bed, room_id, room.person)
    if home.outdoor is not None:
        yield home.outdoor, _outdoor_place(home.outdoor)
    for button in home.buttons:
        yield button, _button_place(button)
    for person, source in home.people.items():
        yield source, _person_place(source, person)


def _name(source: Source) -> str:
    return source.topic or source.entity or ""


def _hints(source: Source, kind: Kind | None, side: str | None = None) -> Hints:
    return Hints(path=source.path, kind=kind, unit=source.unit, states=dict(source.states), side=side)


def _sensor_place(sensor: RoomSensor, room: str, person: str) -> Place:
    measures = frozenset(Kind(quantity) for quantity in sensor.measures)
    # A dialect that names its quantities needs no hint, and several quantities can be no hint.
    bare = (
        Kind(sensor.measures[0]) if sensor.path is not None or sensor.dialect in _BARE or len(measures) == 1 else None
    )
    hints = _hints(sensor, bare)
    if sensor.path is None:
        hints = replace(hints, wanted=measures | {Kind.LAST_SEEN})
    return Place(_name(sensor), sensor.dialect, hints, person, room, measures, sensor.offset)


def _bed_places(bed: Bed, room: str, person: str) -> Iterator[tuple[BedSensor, Place]]:
    for sensor in bed.sensors:
        moves = sensor.feels == "movement"
        kind = Kind.VIBRATION if moves else Kind.OCCUPIED
        yield (
            sensor,
            Place(
                _name(sensor),
                sensor.dialect,
                _hints(sensor, kind, sensor.side),
                person,
                room,
                frozenset() if moves else frozenset({kind}),
                bed=not moves,
                moves=moves,
                side=sensor.side,
            ),
        )


def _outdoor_place(source: Source) -> Place:
    """The air outside, which every engine is told of."""
    hints = _hints(source, Kind.TEMPERATURE)
    if source.path is None:
        hints = replace(hints, wanted=frozenset({Kind.TEMPERATURE, Kind.LAST_SEEN}))
    return Place(_name(source), source.dialect, hints, EVERYBODY, OUTDOOR, frozenset({Kind.TEMPERATURE}))


def _button_place(button: Button) -> Place:
    meanings = {press.lower(): meaning for press, meaning in button.presses.items()}
    presses = Presses(button.person, _name(button), meanings, is_entity=button.entity is not None)
    return Place(_name(button), button.dialect, _hints(button, Kind.ACTION), button.person, presses=presses)


def _person_place(source: Source, person: str) -> Place:
    """The words are read here and not while decoding, where an unknown one would be refused."""
    entity = source.entity or (entity_of(source.topic or "") if source.dialect == "statestream" else None) or ""
    whereabouts = Whereabouts(
        {word.strip().lower(): meaning for word, meaning in source.states.items()},
        entity.partition(".")[0] in _WITH_ZONES,
    )
    hints = Hints(path=source.path, kind=Kind.STATE)
    return Place(_name(source), source.dialect, hints, person, whereabouts=whereabouts)

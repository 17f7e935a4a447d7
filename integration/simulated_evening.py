"""One evening that never was, played in a moment: made-up sensors, the real engine, devices that obey.

Nothing is sent and nothing is written; what was learned of the room and of the person's hours does not count here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from config.home import BedSensor
from config.load import Configuration
from config.profile import Profile
from devices.actions import Action
from devices.events import BedChanged, Event, PresenceChanged, RoomMeasured
from devices.readings import Kind
from integration.household import Household
from integration.recording import Line
from integration.replay import Replay
from rules.book import Rule
from rules.evening_words import step_text
from rules.timetable import NOON, instant, night_of
from rules.words import Words, span
from rules.world import spoken

Scene = Literal["hot", "late", "no-sensor"]
SCENES: tuple[Scene, ...] = get_args(Scene)
ABOUT: dict[Scene, str] = {
    "hot": "a room of 28 °C without cooling; in bed at bedtime",
    "late": "home an hour and a half after bedtime, in bed half an hour later; the room a little too warm",
    "no-sensor": "the thermometer falls silent, and the bed sensor never says anything",
}
DAY = timedelta(days=1)
EVERY = timedelta(minutes=5)
HOT_C = 28.0
LATE_ABOVE = 2.0
"""°C above the limit in bed."""
SILENT_ABOVE = 0.3
SILENT_BEFORE = timedelta(minutes=150)
"""Before bedtime: so early that the thermometer is missed before cooling would begin."""
SILENT_AT = 20
"""The hour at which it falls silent at the latest."""
HOME_AFTER, IN_BED_AFTER = timedelta(minutes=90), timedelta(hours=2)
FALLS, RISES = 3.0, 1.0
"""°C an hour, cooled and not."""
FLICKER = (0.0, 0.02, -0.02, 0.03)
"""°C: a thermometer that says the same for hours would be doubted."""
HUMIDITY = 50.0
MEASURED = (Kind.TEMPERATURE, Kind.HUMIDITY)


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was done, or left out, and why."""

    at: datetime
    kind: Literal["action", "left out"]
    what: str
    why: str

    def to_json(self, zone: ZoneInfo) -> dict[str, Any]:
        """A plain document."""
        return {"time": self.at.astimezone(zone).isoformat(), "kind": self.kind, "what": self.what, "why": self.why}


def knows_presence(configuration: Configuration, person: str) -> bool:
    """Whether something in the home says if the person is there."""
    return person in getattr(configuration.home, "people", {})


def simulate(  # noqa: PLR0913 (what an evening is made of)
    configuration: Configuration,
    books: Mapping[str, list[Rule]],
    person: str,
    day: date,
    scene: Scene,
    *,
    presence: bool = False,
) -> list[Told]:
    """Everything that is done and left out from the noon of ``day`` to the next, in order.

    ``presence``: the home says whether the person is there.
    """
    alone = replace(configuration, profiles={person: configuration.profiles[person]})
    household = Household(alone, {person: books[person]})
    play = _Play(Replay(household), alone, person, day)
    told = [_told(action, play.words) for action in play.run(scene, presence=presence)]
    return sorted([*told, *_left_out(household, person, day)], key=lambda each: each.at)


class _Room:
    """How warm one room is: it falls while something cools its air, and else drifts to what it would be."""

    def __init__(self, warm_c: float, chillers: list[str], replay: Replay) -> None:
        self._celsius = self._warm = warm_c
        self._chillers, self._replay, self._count = chillers, replay, 0
        self._at: datetime | None = None

    def measure(self, at: datetime) -> float:
        """What a thermometer there says, to a hundredth."""
        hours = (at - (self._at or at)) / timedelta(hours=1)
        coldest, self._at = self._coldest(), at
        if coldest is not None:
            self._celsius = max(self._celsius - FALLS * hours, min(coldest, self._celsius))
        else:
            self._celsius = min(self._celsius + RISES * hours, self._warm)
        self._count += 1
        return round(self._celsius + FLICKER[self._count % len(FLICKER)], 2)

    def _coldest(self) -> float | None:
        """What it is being cooled to; None while nothing cools."""
        home = self._replay.assumed
        for entity in self._chillers if home is not None else ():
            state, attributes = home.state(entity) if home is not None else ("off", {})
            if state == "cool":
                return float(str(attributes.get("temperature", 0.0)))
            if state == "on":
                return 0.0
        return None


class _Play:
    """The sensors of one person on one evening."""

    def __init__(self, replay: Replay, configuration: Configuration, person: str, day: date) -> None:
        self._replay, self._person, self._day = replay, person, day
        self._home, self._profile = configuration.home, configuration.profiles[person]
        self._zone = ZoneInfo(self._profile.time_zone)
        self.words = Words(self._profile.units, self._zone)
        self._begins, self._ends = instant(day, NOON, self._zone), instant(day + DAY, NOON, self._zone)
        self._bedtime, self._rise = night_of(self._profile, day, self._zone)
        self._count = 0

    def run(self, scene: Scene, *, presence: bool) -> Iterator[Action]:
        """Live through it."""
        moments = [*self._bed(scene), *self._presence(scene, presence=presence), *self._rooms(scene)]
        for at, happens in sorted(moments, key=lambda moment: moment[0]):
            yield from self._replay.take(self._person, happens(at))
        yield from self._replay.feed(Line(self._ends, None))

    def _id(self) -> str:
        self._count += 1
        return f"made-up-{self._count}"

    def _rooms(self, scene: Scene) -> Iterator[tuple[datetime, Callable[[datetime], Event]]]:
        limit = self._profile.triggers.heat.above_in_bed
        warm = {"hot": HOT_C, "late": limit + LATE_ABOVE, "no-sensor": limit + SILENT_ABOVE}[scene]
        silent_from = self._silent_from() if scene == "no-sensor" else self._ends
        for name, room in self._home.rooms.items():
            if room.person != self._person:
                continue
            chillers = [device.spec.entity for device in self._chillers(name)]
            air = _Room(warm, chillers, self._replay)
            for sensor in room.sensors:
                source, at = sensor.topic or sensor.entity or "", self._begins
                while at < silent_from:
                    for quantity in MEASURED:
                        if quantity.value in sensor.measures:
                            yield at, self._measures(name, source, quantity, air)
                    at += EVERY

    def _chillers(self, room: str) -> list[Any]:
        cooling = self._replay.household.engines[self._person].world.rooms[room].cooling
        return [] if cooling is None else [each for each in cooling.devices if not each.spec.entity.startswith("fan.")]

    def _measures(self, room: str, source: str, quantity: Kind, air: _Room) -> Callable[[datetime], Event]:
        def measure(at: datetime) -> Event:
            value = air.measure(at) if quantity is Kind.TEMPERATURE else HUMIDITY
            return RoomMeasured(at=at, source=source, id=self._id(), room=room, quantity=quantity, value=value)

        return measure

    def _silent_from(self) -> datetime:
        latest = self._bedtime - SILENT_BEFORE
        at_eight = instant(self._day, NOON.replace(hour=SILENT_AT), self._zone)
        return min(latest, at_eight)

    def _bed(self, scene: Scene) -> Iterator[tuple[datetime, Callable[[datetime], Event]]]:
        bed = self._home.rooms[self._profile.bedroom].bed
        if bed is None or scene == "no-sensor":
            return
        lies_down = self._bedtime + (IN_BED_AFTER if scene == "late" else timedelta(0))
        for sensor in bed.sensors:
            if getattr(sensor, "feels", "occupied") != "occupied" or not _is_of(sensor, self._profile):
                continue
            for at, occupied in (
                (self._begins, False),
                (lies_down, True),
                (max(self._rise, lies_down + DAY / 4), False),
            ):
                yield at, self._lies(sensor, occupied=occupied)

    def _lies(self, sensor: BedSensor, *, occupied: bool) -> Callable[[datetime], Event]:
        source, room = sensor.topic or sensor.entity or "", self._profile.bedroom
        return lambda at: BedChanged(
            at=at, source=source, id=self._id(), room=room, side=sensor.side, occupied=occupied
        )

    def _presence(self, scene: Scene, *, presence: bool) -> Iterator[tuple[datetime, Callable[[datetime], Event]]]:
        if not presence:
            return
        comes = self._bedtime + HOME_AFTER
        for at, there in ((self._begins, scene != "late"), *([(comes, True)] if scene == "late" else [])):
            yield at, self._comes(at_home=there)

    def _comes(self, *, at_home: bool) -> Callable[[datetime], Event]:
        return lambda at: PresenceChanged(at=at, source="made up", id=self._id(), person=self._person, at_home=at_home)


def _is_of(sensor: BedSensor, profile: Profile) -> bool:
    return "either" in (profile.bed_side, sensor.side) or sensor.side == profile.bed_side


def _left_out(household: Household, person: str, day: date) -> Iterator[Told]:
    """The steps of the evening that were missed or left out."""
    world = household.engines[person].world
    for run in world.routines.runs.values():
        if run.memory.day not in (day.isoformat(), (day + DAY).isoformat()):
            continue
        for key, memory in run.memory.steps.items():
            if memory.outcome not in ("missed", "skipped") or key not in run.keys:
                continue
            step = run.keys[key]
            yield Told(memory.at, "left out", f"{step_text(step, world)} ({run.spoken})", memory.why)


def _told(action: Action, words: Words) -> Told:
    return Told(action.at, "action", in_words(action, words), action.reason)


def in_words(action: Action, words: Words) -> str:
    """What an action does, for a person."""
    data = action.data
    if action.once:
        return f"says: {data.get('message', '')}"
    name = spoken(action.entity) if action.entity else action.service
    if action.service == "climate.set_temperature":
        return f"{name}: set to {words.temperature(float(str(data['temperature'])))}"
    in_other_words = _IN_WORDS.get(action.service)
    did = in_other_words(data) if in_other_words is not None else action.service.partition(".")[2].removeprefix("turn_")
    return f"{name}: {did.replace('_', ' ')}"


def _mode(data: Mapping[str, object]) -> str:
    return "off" if data["hvac_mode"] == "off" else f"on, to {data['hvac_mode']}"


def _speed(data: Mapping[str, object]) -> str:
    return f"{data['percentage']:g} %" if "percentage" in data else "on"


def _brightness(data: Mapping[str, object]) -> str:
    parts = [f"to {data['brightness_pct']:g} %"] if "brightness_pct" in data else ["on"]
    parts += [f"{data['color_temp_kelvin']} K"] if "color_temp_kelvin" in data else []
    seconds = data.get("transition")
    if isinstance(seconds, (int, float)) and seconds:
        parts.append(f"over {span(timedelta(seconds=seconds))}")
    return ", ".join(parts)


_IN_WORDS: dict[str, Callable[[Mapping[str, object]], str]] = {
    "climate.set_hvac_mode": _mode,
    "fan.turn_on": _speed,
    "fan.set_percentage": _speed,
    "light.turn_on": _brightness,
    "cover.set_cover_position": lambda data: f"{data['position']:g} % open",
}

"""The recorded days again with another limit: the engine steers, and the room answers as far as its model knows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from config.errors import UnclenchError
from config.home import ClimateCooling, CoolingDevice, CoverCooling, FanCooling, SwitchCooling, cooling_entity
from config.load import Configuration
from config.profile import Profile
from devices.actions import Action
from devices.control.air_speed import credit_c
from devices.control.climate import chills
from devices.control.device import Device
from devices.control.gears import SURELY
from devices.control.kind import number
from devices.events import BedChanged, DeviceReported, Event, RoomMeasured, SelfReported, SourceLost
from devices.readings import Kind
from integration.assumed import AssumedHome
from integration.household import Household, Stepped
from rules.book import Rule
from rules.whatif import MINUTE, Difference, Fit, Minute, Tally, Used, fit, interpolated, thermostat_runs, too_little
from rules.world import RoomWorld

WARM_UP = timedelta(days=14)
"""So long before the first day the record is lived through, so that the hours in bed are known as they were then."""
KINDS = (RoomMeasured.kind, BedChanged.kind, SourceLost.kind, SelfReported.kind, DeviceReported.kind)
"""What is read of the record. What was held, prompted or answered is not part of the question."""
PEERS = ("home_assistant", "mqtt")


class TooLittleError(UnclenchError):
    """The record does not say enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: of whom and which room, from when to when, and with which limit in bed (°C)."""

    person: str
    room: str
    since: datetime
    until: datetime
    heat_c: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the air conditioner was found out to be, as the service remembers it."""

    deaf: bool = False
    swinging: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The answer, and every minute of it for a chart."""

    question: Question
    present_c: float
    """The limit in bed as it is in the profile, in °C."""
    fit: Fit
    recorded: Tally
    simulated: Tally
    changed: Tally
    minutes: list[Minute]
    changed_c: list[float | None]
    """The temperature of each minute with the change."""
    has_fan: bool


def found_out(snapshot: Mapping[str, Any] | None, question: Question) -> Found:
    """What the service's snapshot says of the room's air conditioner."""
    try:
        gears = (snapshot or {})["engines"][question.person]["cooling"][question.room]["gears"]
        return Found(deaf=bool(gears.get("deaf")), swinging=bool(gears.get("swinging")))
    except (KeyError, TypeError, AttributeError):
        return Found()


def compare(
    configuration: Configuration,
    books: Mapping[str, list[Rule]],
    events: Iterable[tuple[str, Event]],
    question: Question,
    found: Found,
) -> Comparison:
    """The answer. ``events``: all since ``WARM_UP`` before the question's time. Raises TooLittleError."""
    person = question.person
    profile = configuration.profiles[person]
    mine = [event for whose, event in events if whose == person and event.at <= question.until]
    alone = replace(configuration, profiles={person: profile})
    past = _Past(Household(alone, books), question, found)
    past.live(mine)
    minutes = past.minutes()
    known = fit(minutes)
    asked = [each for each in minutes if each.at >= question.since]
    if (missing := too_little(asked, known)) or known is None:
        raise TooLittleError(missing)
    present_c = profile.triggers.heat.above_in_bed
    limits = (question.heat_c, present_c)
    recorded = Tally(limits)
    for each, used in zip(minutes, past.used, strict=True):
        if each.at >= question.since:
            recorded.add(each.celsius, used, in_bed=each.in_bed)
    tallies, warm = [], []
    for heat_c in (present_c, question.heat_c):
        household = Household(replace(alone, profiles={person: with_limit(profile, heat_c)}), books)
        again = _Again(household, question, found, past.snapshot)
        tally = Tally(limits)
        warm = list(again.live(mine, asked, known, tally))
        tallies.append(tally)
    return Comparison(
        question=question,
        present_c=present_c,
        fit=known,
        recorded=recorded,
        simulated=tallies[0],
        changed=tallies[1],
        minutes=asked,
        changed_c=warm,
        has_fan=any(isinstance(each, FanCooling) for each in configuration.home.rooms[question.room].cooling),
    )


def with_limit(profile: Profile, heat_c: float) -> Profile:
    """The profile with another limit in bed."""
    heat = profile.triggers.heat.model_copy(update={"above_in_bed": heat_c})
    return profile.model_copy(update={"triggers": profile.triggers.model_copy(update={"heat": heat})})


class _Life:
    """One person's engine, and what the devices of the room in question do."""

    def __init__(self, household: Household, question: Question, found: Found) -> None:
        self._household, self._question, self._found = household, question, found
        self._engine = household.engines[question.person]
        self._settings = household.configuration.home.rooms[question.room].cooling
        self._count = 0
        self._runs: dict[str, bool] = {}  # the air conditioners whose own thermostat makes them cool now

    @property
    def _room(self) -> RoomWorld:
        return self._engine.world.rooms[self._question.room]

    def _id(self) -> str:
        self._count += 1
        return f"whatif-{self._count}"

    def _is_reading(self, event: Event) -> bool:
        right = isinstance(event, RoomMeasured) and event.quantity is Kind.TEMPERATURE
        return right and isinstance(event, RoomMeasured) and event.room == self._question.room

    def _using(self, air_c: float | None) -> Used:
        """What the devices do now, at an air temperature."""
        shares, watts, fan_c = [], 0.0, 0.0
        for settings in self._settings:
            device = self._engine.world.devices[cooling_entity(settings)]
            part = self._share(settings, device, air_c) if device.on else 0.0
            if _chills_air(settings):
                shares.append(part)
            watts += settings.takes_w * part
            if isinstance(settings, FanCooling) and device.on and air_c is not None:
                speed = number((device.memory.reported or {}).get("percentage"))
                fan_c = max(fan_c, credit_c(air_c, settings.percentage if speed is None else speed))
        return Used(tuple(shares), watts, fan_c)

    def _share(self, settings: CoolingDevice, device: Device, air_c: float | None) -> float:
        """For how much of the time a device that is on really runs."""
        if isinstance(settings, CoverCooling):
            return 0.0
        if not isinstance(settings, ClimateCooling):
            return 1.0
        reported, attributes = device.memory.reported or {}, device.memory.attributes
        if not chills(reported, attributes):
            return 0.0
        if (action := attributes.get("hvac_action")) in ("cooling", "drying", "idle"):
            return 0.0 if action == "idle" else 1.0
        setpoint = number(reported.get("temperature"))
        if setpoint is None or air_c is None or self._found.deaf:
            return 1.0
        runs = thermostat_runs(air_c, setpoint, runs=self._runs.get(settings.climate, False))
        self._runs[settings.climate] = runs
        return float(runs)

    def _is_sure(self, air_c: float | None) -> bool:
        """Whether that is known: a thermostat of its own near its setpoint may run or not."""
        for settings in self._settings:
            device = self._engine.world.devices[cooling_entity(settings)]
            if not isinstance(settings, ClimateCooling) or not device.on or self._found.deaf:
                continue
            setpoint = number((device.memory.reported or {}).get("temperature"))
            says = device.memory.attributes.get("hvac_action") in ("cooling", "drying", "idle")
            if not says and (setpoint is None or air_c is None or abs(air_c - setpoint) < SURELY):
                return False
        return True


class _Past(_Life):
    """The record, lived through as it was. What the engine would do on the way is not carried out."""

    def __init__(self, household: Household, question: Question, found: Found) -> None:
        super().__init__(household, question, found)
        self.snapshot: dict[str, Any] | None = None
        """The memory when the question's time began; None where nothing was recorded before."""
        self.used: list[Used] = []
        self._readings: list[tuple[datetime, float]] = []
        self._seen: list[tuple[datetime, bool, float | None, bool, bool]] = []

    def live(self, events: list[Event]) -> None:
        """Every event, and a look around every minute."""
        begin = events[0].at.replace(second=0, microsecond=0) if events else self._question.until
        waiting = iter(events)
        event = next(waiting, None)
        now = begin
        while now < self._question.until:
            now += MINUTE
            if self.snapshot is None and now > self._question.since and self._engine.started:
                self.snapshot = self._household.snapshot()
            heard = len(self._readings)
            while event is not None and event.at <= now:
                self._household.event(self._question.person, event)
                self._hear(event)
                event = next(waiting, None)
            self._household.pass_time(now, "whatif")
            self._look(now, fresh=len(self._readings) > heard)

    def _hear(self, event: Event) -> None:
        """Keep a reading that was believed."""
        fact = self._room.temperature
        newest = self._readings[-1][0] if self._readings else None
        if self._is_reading(event) and fact.at is not None and fact.fresh and (newest is None or fact.at > newest):
            self._readings.append((fact.at, fact.number))

    def _look(self, now: datetime, *, fresh: bool) -> None:
        outdoor = self._engine.world.outdoor
        outdoor_c = outdoor.number if outdoor is not None and outdoor.fresh else None
        air_c = self._readings[-1][1] if self._readings else None
        self.used.append(self._using(air_c))
        self._seen.append((now, bool(self._room.in_bed(now)), outdoor_c, self._is_sure(air_c), fresh))

    def minutes(self) -> list[Minute]:
        """The record, minute by minute."""
        air = interpolated(self._readings, (at for at, *_ in self._seen))
        return [
            Minute(at, celsius, in_bed, outdoor_c, used.share, sure, fresh)
            for (at, in_bed, outdoor_c, sure, fresh), celsius, used in zip(self._seen, air, self.used, strict=True)
        ]


class _Again(_Life):
    """The same days, steered anew. Devices do at once what they are told, and nobody's hand comes between."""

    def __init__(self, household: Household, question: Question, found: Found, snapshot: dict[str, Any] | None) -> None:
        super().__init__(household, question, found)
        self._home = AssumedHome()
        if snapshot is not None:
            household.restore(_prepared(snapshot, question, found))

    def live(self, events: list[Event], minutes: list[Minute], ways: Fit, tally: Tally) -> Iterator[float | None]:
        """The temperature of every minute as it would have been."""
        difference = Difference(ways)
        waiting = (each for each in events if each.at > self._question.since)
        event = next(waiting, None)
        self._begin(minutes[0].at - MINUTE)
        for minute in minutes:
            while event is not None and event.at <= minute.at:
                self._take(event, difference.air)
                event = next(waiting, None)
            self._pass(minute.at)
            celsius = None if minute.celsius is None else minute.celsius + difference.air
            used = self._using(celsius if celsius is not None else self._known_c())
            tally.add(celsius, used, in_bed=minute.in_bed)
            difference.step(MINUTE, used.share - minute.share)
            yield celsius

    def _known_c(self) -> float | None:
        fact = self._room.temperature
        return fact.number if fact.at is not None else None

    def _begin(self, at: datetime) -> None:
        for up in (False, True):
            for entity in self._engine.world.devices if up else ():
                self._report(entity, at)
            for peer in PEERS:
                self._collect(self._household.peer(peer, at, self._id(), up=up))

    def _take(self, event: Event, warmer: float) -> None:
        if isinstance(event, DeviceReported) and event.entity in self._engine.world.devices:
            return
        if self._is_reading(event) and isinstance(event, RoomMeasured):
            event = replace(event, value=round(float(event.value) + warmer, 2))
        self._pass(event.at)
        self._collect([self._household.event(self._question.person, event)])

    def _pass(self, until: datetime) -> None:
        # One moment at a time: what an action changes at once must be known before the next moment.
        while (due := self._household.wake_at) is not None and due <= until:
            self._collect(self._household.pass_time(due, self._id()))

    def _collect(self, stepped: list[Stepped]) -> None:
        for step in stepped:
            for action in step.outcome.actions:
                self._carry_out(action)

    def _carry_out(self, action: Action) -> None:
        if (changed := self._home.carry_out(action)) is not None:
            self._report(changed, action.at)

    def _report(self, entity: str, at: datetime) -> None:
        state, attributes = self._home.state(entity)
        self._collect(self._household.state(entity, state, attributes, at, self._id())[0])


def _prepared(snapshot: dict[str, Any], question: Question, found: Found) -> dict[str, Any]:
    """The memory of a room and a person, without what was believed of devices that are assumed from now on."""
    memory = snapshot["engines"][question.person]

    def known(gears: dict[str, Any]) -> dict[str, Any]:
        return {**gears, "deaf": found.deaf, "swinging": found.swinging or gears["swinging"]}

    rooms = {
        room: {**each, "gears": known(each["gears"])} if room == question.room else each
        for room, each in memory["cooling"].items()
    }
    kept = {**memory, "devices": {}, "sent": {}, "cooling": rooms}
    return {**snapshot, "engines": {question.person: kept}}


def _chills_air(settings: CoolingDevice) -> bool:
    return isinstance(settings, ClimateCooling) or (isinstance(settings, SwitchCooling) and settings.cools == "room")

"""Everything an engine steps over, built once from the home, a profile and the rule book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.home import Home, Room, Source, cooling_entity
from config.profile import WEEKDAYS, Profile
from devices.control.channels import entities_of
from devices.control.cooling import Bounds, Cooling, default_setpoint
from devices.control.desk_memory import PromptMemory
from devices.control.device import Device
from devices.control.habits import Habits
from devices.control.lighting import Lighting
from devices.control.memory import Spec
from devices.control.path import NightPath
from devices.control.prompts import PromptDesk
from devices.decode import entity_of, stale_minutes
from devices.intake import OUTDOOR
from devices.readings import Kind
from devices.wants import Want
from rules.agenda import Agenda
from rules.aloud import Aloud
from rules.bed import BedEstimate
from rules.book import Rule
from rules.conditions import Condition, Truth
from rules.facts import Fact, Facts
from rules.level_trigger import LevelTrigger
from rules.looks import Between
from rules.night import NightWatch, declare_night
from rules.pause import Pauses
from rules.rapid_change import RapidChange
from rules.reported_trigger import Reported
from rules.routines import Routines, Senses
from rules.running import RunningRule
from rules.timetable import NOON, night_of
from rules.triggers import Level, Trigger
from rules.usual import Usual
from rules.words import Words

DAY_MINUTES = 24 * 60
AT_HOME = "home.present"
"""The fact that says whether the person is at home."""
SETTLES = timedelta(minutes=5)
"""Who sits down on the bed is not lying yet, and is not left in the dark."""
WEATHER_STALE = timedelta(hours=3)
"""A weather service speaks once an hour, and is asked over the internet: one that is missed means nothing."""


@dataclass(slots=True)
class RoomWorld:
    """One room of the person: what is known in it and what acts in it."""

    id: str
    name: str
    temperature: Fact
    usual: Usual
    cooling: Cooling | None = None
    lighting: Lighting | None = None
    bed: BedEstimate | None = None
    night: Between | None = None  # stands in for a bed sensor in the bedroom
    heat: LevelTrigger | None = None
    presence: Fact | None = None
    private: bool = False  # only the person hears what is spoken here
    path: NightPath | None = None
    adaptive: Fact | None = None  # whether Adaptive Lighting takes care of the lamps

    def hear(self, celsius: float, at: datetime) -> None:
        """A reading that is looked at for other reasons already."""
        if self.cooling is not None:
            self.cooling.hear(celsius, at)

    def in_bed(self, now: datetime) -> bool | None:
        """Whether somebody is in bed here; None when it cannot be told."""
        if self.bed is None:
            return self.night is not None and self.night.look(now)[0]
        return bool(self.bed.fact.value) if self.bed.fact.fresh else None

    def surely_in_bed(self) -> bool | None:
        """Whether the sensors of the bed say so right now: who has just got up must not be left in the dark."""
        return None if self.bed is None else bool(self.bed.fact.fresh and self.bed.fact.value and self.bed.raw)

    @property
    def lies_at(self) -> datetime | None:
        """When somebody who got into bed has settled there: until then the light stays on."""
        fact = self.bed.fact if self.bed is not None else None
        return fact.at + SETTLES if fact is not None and fact.value and fact.at is not None else None

    def is_on_path(self, entity: str) -> bool:
        """Whether a lamp lights the way at night."""
        return self.path is not None and any(lamp.spec.entity == entity for lamp in self.path.devices)

    def fan_c(self) -> float:
        """How many °C a fan takes off what is felt in bed now."""
        return self.cooling.fan_c if self.cooling is not None else 0.0

    def lay(self) -> bool:
        """Whether somebody was in bed here when that was last known: an empty bed may be silent for a day."""
        return self.bed is not None and bool(self.bed.fact.value)

    def is_cooled(self) -> bool:
        """Whether we cool it now."""
        return self.cooling is not None and self.cooling.cools


@dataclass(slots=True)
class World:
    """All that an engine knows and steers. Built by ``build``; its memory is what a snapshot holds."""

    person: str
    profile: Profile
    words: Words
    agenda: Agenda
    facts: Facts
    desk: PromptDesk
    aloud: Aloud
    routines: Routines = field(init=False)
    pauses: Pauses = field(default_factory=Pauses)
    rooms: dict[str, RoomWorld] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    rules: list[RunningRule] = field(default_factory=list)
    devices: dict[str, Device] = field(default_factory=dict)
    device_rooms: dict[str, RoomWorld] = field(default_factory=dict)
    channel_entities: frozenset[str] = frozenset()
    switches: dict[str, Fact] = field(default_factory=dict)  # those that are only read, by entity
    direct: frozenset[str] = frozenset()  # the devices that are not switched through Home Assistant
    fact_triggers: dict[str, list[Trigger]] = field(default_factory=dict)
    claims: dict[str, list[tuple[RunningRule, Want]]] = field(default_factory=dict)  # by target, the strongest first
    watchers: dict[str, list[RunningRule]] = field(default_factory=dict)
    bed_facts: dict[str, BedEstimate] = field(default_factory=dict)
    night_watch: NightWatch | None = None  # where the person's own bed has a sensor
    outdoor: Fact | None = None
    """The temperature outside, where something says it. Nothing waits for it: it may be stale without anybody told."""

    @property
    def bedroom(self) -> RoomWorld:
        """The room that rules mean by "bedroom"."""
        return self.rooms[self.profile.bedroom]

    def trigger(self, name: str, room: str) -> Trigger | None:
        """A trigger by its name: of a room, or one that the person reports."""
        return self.triggers.get(f"{name}@{room}") or self.triggers.get(name)


def build(person: str, profile: Profile, home: Home, book: list[Rule]) -> World:
    """The world of one person. Raises ``RuleError`` when a rule names what there is not."""
    from rules.compile import compile_book  # noqa: PLC0415 (compile needs World)

    zone = ZoneInfo(profile.time_zone)
    words, agenda = Words(profile.units, zone), Agenda()
    desk = PromptDesk(person, list(profile.prompts.channels), profile.prompts.at_most, words.clock)
    channels = frozenset(entity for channel in profile.prompts.channels for entity in entities_of(channel))
    channels |= {contact.notify for contact in profile.contacts if contact.notify}
    world = World(
        person,
        profile,
        words,
        agenda,
        Facts(agenda),
        desk,
        Aloud(profile, desk, words.clock),
        channel_entities=channels,
        direct=frozenset(home.mqtt_devices),
    )
    for room_id, room in home.rooms.items():
        if room.person == person:
            world.rooms[room_id] = _room(world, room_id, room)
    if home.outdoor is not None:
        name = f"{OUTDOOR}.{Kind.TEMPERATURE}"
        world.outdoor = world.facts.declare(name, _source(home.outdoor), _outdoor_stale_after(home.outdoor))
    for name, settings in profile.triggers.reported().items():
        _watch(world, Reported(name, settings, words, world.facts.declare(f"self.{name}")), f"self.{name}")
    for name in profile.all_routines():
        world.facts.declare(f"routine.{name}")
    world.facts.declare(AT_HOME)
    world.routines = _routines(world)
    declare_night(world.facts)
    own = world.rooms.get(profile.bedroom)
    if own is not None and own.bed is not None:
        world.night_watch = NightWatch(own.bed, world.facts, profile, words, agenda)
    compile_book(world, book)
    return world


def _routines(world: World) -> Routines:
    """The routines, and what they see: the bed, what the person reported, and what became of a prompt."""

    def in_bed_since() -> datetime | None:
        bed = world.bedroom.bed
        return bed.fact.at if bed is not None and bed.fact.fresh and bed.fact.value else None

    def skips(names: Iterable[str]) -> str | None:
        return next((why for name in names if (why := why_skip(world, name)) is not None), None)

    def prompt(name: str) -> PromptMemory | None:
        return world.desk.memory.prompts.get(name)

    def is_up() -> bool:
        bed = world.bedroom.bed
        return bed is not None and bed.fact.fresh and not bed.fact.value

    def unreached(name: str) -> str | None:
        room = world.bedroom if name == "bedroom" else world.rooms.get(name)
        lamps = room.lighting.devices if room is not None and room.lighting is not None else []
        # Out of sight, or not heard yet. What Home Assistant does not have, it calls unavailable: another thing.
        lost = [lamp for lamp in lamps if lamp.memory.available is None and not lamp.spec.direct]
        return "Home Assistant is away" if lost and len(lost) == len(lamps) else None

    senses = Senses(in_bed_since, is_up, skips, prompt, unreached)
    return Routines(world.profile, world.pauses, senses)


def is_away(world: World) -> bool:
    """Whether the person is known to be away."""
    fact = world.facts[AT_HOME]
    return fact.fresh and not fact.value


def why_skip(world: World, name: str) -> str | None:
    """Why a step is left out now, where ``name`` is a reason to: "away", "in_bed", or something that was reported."""
    if name == "away":
        return "you are away" if is_away(world) else None
    if name == "in_bed":
        bed = world.bedroom.bed
        return "you are in bed" if bed is not None and bed.fact.fresh and bed.fact.value else None
    trigger = world.triggers.get(name)
    active = trigger is not None and trigger.standing.level is Level.ACTIVE
    return f"you reported {name.replace('_', ' ')}" if active else None


def evening_hours(profile: Profile, words: Words) -> Between:
    """From the evening's bedtime to the rise: stands in for a bed sensor in a home without one."""
    bedtime = profile.bedtime
    starts = tuple(bedtime.by_weekday.get(day, bedtime.at) for day in WEEKDAYS)
    return Between(starts, bedtime.rise, words, "between your bedtime and when you get up", evening=True)


def quiet_hours(profile: Profile, words: Words) -> Between:
    """The profile's quiet hours."""
    quiet = profile.quiet_hours
    return Between((quiet.start,) * 7, quiet.end, words, "in your quiet hours", evening=quiet.start < NOON < quiet.end)


def _room(world: World, room_id: str, room: Room) -> RoomWorld:
    name = (room.name or room_id.replace("_", " ")).removeprefix("the ")
    facts = world.facts
    for sensor in room.sensors:
        for quantity in sensor.measures:
            facts.declare(f"{room_id}.{quantity}", _source(sensor), _stale_after(sensor, Kind(quantity)))
    temperature = (
        facts.declare(f"{room_id}.temperature")
        if f"{room_id}.temperature" not in facts
        else facts[f"{room_id}.temperature"]
    )
    built = RoomWorld(room_id, name, temperature, Usual(world.words.zone), private=room.private)
    if f"{room_id}.occupied" in facts:
        built.presence = facts[f"{room_id}.occupied"]
    if room.bed is not None and room.bed.occupancy:
        built.bed = _bed(world, room_id, room)
    _room_triggers(world, built, home_room=room)
    _room_devices(world, built, room)
    return built


def _bed(world: World, room_id: str, room: Room) -> BedEstimate:
    assert room.bed is not None  # noqa: S101 (the caller looked)
    own = world.profile.bedroom == room_id
    prefix = "bed" if own else f"{room_id}_bed"
    mine = (
        {world.profile.bed_side, "either"}
        if own and world.profile.bed_side != "either"
        else {"left", "right", "either"}
    )
    sides: list[Fact] = []
    for sensor in room.bed.occupancy:
        fact = world.facts.declare(f"{prefix}.{sensor.side}", _source(sensor), _stale_after(sensor, Kind.OCCUPIED))
        if sensor.side in mine and fact not in sides:
            sides.append(fact)
    named = [fact for fact in sides if fact.name.endswith(f".{world.profile.bed_side}")]
    estimate = BedEstimate(
        room_id, prefix, world.facts.declare(f"{prefix}.occupied"), named or sides, room.bed.exit_delay, world.agenda
    )
    for fact in estimate.sides:
        world.bed_facts[fact.name] = estimate
    return estimate


def _room_triggers(world: World, built: RoomWorld, home_room: Room) -> None:
    triggers, facts = world.profile.triggers, world.facts
    has_humidity = any("humidity" in sensor.measures for sensor in home_room.sensors)
    humidity = facts[f"{built.id}.humidity"] if has_humidity else None
    bed = built.bed.fact if built.bed is not None else None
    night = evening_hours(world.profile, world.words) if bed is None and built.id == world.profile.bedroom else None
    for name, settings in (("heat", triggers.heat), ("cold", triggers.cold)):
        if settings.enabled:
            trigger = LevelTrigger(
                f"{name}@{built.id}",
                settings,
                built.name,
                world.words,
                temperature=built.temperature,
                humidity=humidity,
                bed=bed if name == "heat" else None,
                night=night if name == "heat" else None,
                usual=built.usual,
                cooled=built.is_cooled,
                fan_c=built.fan_c,
            )
            reads = [built.temperature.name]
            reads += [bed.name] if bed is not None and name == "heat" else []
            reads += [humidity.name] if humidity is not None and name == "heat" and triggers.heat.felt else []
            _watch(world, trigger, *reads)
            built.heat = trigger if name == "heat" else built.heat
    built.night = night
    if triggers.rapid_change.enabled:
        rapid = RapidChange(
            f"rapid_change@{built.id}", triggers.rapid_change, built.name, world.words, built.temperature
        )
        _watch(world, rapid, built.temperature.name)


def _watch(world: World, trigger: Trigger, *facts: str) -> None:
    world.triggers[trigger.key] = trigger
    for name in facts:
        world.fact_triggers.setdefault(name, []).append(trigger)


def _room_devices(world: World, built: RoomWorld, room: Room) -> None:
    profile, hands_off, floor = world.profile, world.profile.hands_off, world.profile.comfort.floor_c
    if room.cooling:
        steered = []
        for settings in room.cooling:
            entity = cooling_entity(settings)
            spec = Spec(
                entity,
                spoken(entity),
                hands_off,
                settings.min_run,
                settings.min_pause,
                direct=entity in world.direct,
                lowest_c=floor,
            )
            steered.append((settings, _device(world, built, spec)))
        setpoint = default_setpoint(profile.triggers.heat.above_in_bed, floor, profile.comfort.target)
        bounds = Bounds(floor_c=floor, setpoint_c=setpoint, fastest_c=profile.comfort.fastest)
        habits = Habits(world.words.zone, lambda day: night_of(profile, day, world.words.zone))
        built.cooling = Cooling(steered, bounds, habits, world.words, built.name)
    if room.lights:
        built.lighting = Lighting([_lamp(world, built, entity) for entity in room.lights])
        if room.adaptive_lighting is not None:
            built.adaptive = world.facts.declare(f"{built.id}.adaptive_lighting", room.adaptive_lighting)
            world.switches[room.adaptive_lighting] = built.adaptive
    if room.path and built.bed is not None:
        lamps = [_lamp(world, built, entity) for entity in room.path]
        built.path = NightPath(lamps, room.path_brightness, evening_hours(profile, world.words).look)


def _lamp(world: World, built: RoomWorld, entity: str) -> Device:
    hands_off, direct = world.profile.hands_off, entity in world.direct
    spec = Spec(entity, spoken(entity), hands_off, always_respect=False, needed=False, direct=direct)
    return _device(world, built, spec)


def _device(world: World, built: RoomWorld, spec: Spec) -> Device:
    device = Device(spec, world.words)
    world.devices[spec.entity] = device
    world.device_rooms[spec.entity] = built
    return device


_KINDS = {
    "climate": (
        "air conditioner",
        frozenset({"ac", "air", "aircon", "conditioner", "climate", "cooler", "heatpump", "pump"}),
    ),
    "fan": ("fan", frozenset({"fan", "ventilator"})),
    "cover": (
        "blind",
        frozenset(
            {"awning", "blind", "blinds", "cover", "curtain", "curtains", "roller", "shade", "shades", "shutter"}
        ),
    ),
    "light": ("light", frozenset({"light", "lights", "lamp", "lamps", "bulb", "strip"})),
}
"""What a device is, and the words in an entity id that say so already."""


def spoken(entity: str) -> str:
    """An entity as the person knows it: "the bedroom fan" for fan.bedroom."""
    domain, _, name = entity.partition(".")
    words = name.split("_")
    kind, known = _KINDS.get(domain, ("", frozenset()))
    return " ".join(["the", *words, *([kind] if kind and not known.intersection(words) else [])])


def _source(sensor: Source) -> str:
    return sensor.topic or sensor.entity or ""


def _stale_after(sensor: Source, kind: Kind) -> timedelta:
    if sensor.stale_after is not None:
        return sensor.stale_after
    dialect = (
        "statestream" if sensor.entity is not None else sensor.dialect
    )  # both report what changes, when it changes
    return timedelta(minutes=stale_minutes(dialect, kind) or DAY_MINUTES)


def _outdoor_stale_after(source: Source) -> timedelta:
    entity = source.entity or (entity_of(source.topic or "") if source.dialect == "statestream" else None) or ""
    if source.stale_after is None and entity.startswith("weather."):
        return WEATHER_STALE
    return _stale_after(source, Kind.TEMPERATURE)


def quiet_until(hours: Condition, now: datetime) -> datetime | None:
    """The end of the quiet hours, when ``now`` is in them."""
    verdict = hours.evaluate(now)
    return verdict.until if verdict.truth is Truth.YES else None

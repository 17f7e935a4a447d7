"""What no single key can know: whether home.yaml and the profiles fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.comfort_check import check_comfort
from config.home import MQTT_KINDS, Home, MqttDevice, Room, Source, cooling_entity
from config.mistakes import Mistake, Place, listed, nearest_to
from config.profile import DEFAULT_ROUTINES, KNOWN_REPORTS, Profile, SatelliteChannel, TtsChannel
from config.read import Reading
from config.yaml_file import KeyPath

Profiles = Mapping[str, Reading[Profile]]
PEOPLE_DIALECTS = ("plain", "statestream")
"""How it can be said over MQTT whether somebody is at home."""


def cross_check(home: Reading[Home], profiles: Profiles) -> Iterator[Mistake]:
    """Everything that does not fit. A file with mistakes of its own is left out, but its person still counts."""
    for reading in profiles.values():
        if reading.model is not None:
            yield from check_comfort(reading.model, reading.file)
    if home.model is None:
        return
    checks = _Checks(home=home.model, reading=home, profiles=profiles)
    yield from checks.persons()
    yield from checks.room_names()
    yield from checks.bedrooms()
    yield from checks.entities()
    yield from checks.mqtt_devices()
    yield from checks.readable()
    yield from checks.dialects()
    yield from checks.thermometers()
    yield from checks.lamps()
    yield from checks.buttons()
    yield from checks.speakers()
    yield from checks.people()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checks:
    home: Home
    reading: Reading[Home]
    profiles: Profiles

    def persons(self) -> Iterator[Mistake]:
        """Somebody who has no profile, but a room, a button or a way to be seen at home."""
        paths: list[tuple[KeyPath, str]] = [
            (("rooms", key, "person"), room.person) for key, room in self.home.rooms.items()
        ]
        paths += [(("buttons", index, "person"), button.person) for index, button in enumerate(self.home.buttons)]
        sites = self.home.hermes.sites if self.home.hermes is not None else {}
        paths += [(("hermes", "sites", site), person) for site, person in sites.items()]
        places = [(self._place(path), person) for path, person in paths]
        places += [(self.reading.file.key_place(("people", person)), person) for person in self.home.people]
        known = sorted(self.profiles)
        for place, person in places:
            if known and person not in known:
                problem = f"there is no profiles/{person}.yaml"
                yield Mistake.at(place, problem, allowed=listed(known), nearest=nearest_to(person, known))

    def room_names(self) -> Iterator[Mistake]:
        """A room that is called as the air outside is."""
        if "outdoor" in self.home.rooms:
            place = self.reading.file.key_place(("rooms", "outdoor"))
            yield Mistake.at(place, '"outdoor" means the air outside the house; call this room something else')

    def bedrooms(self) -> Iterator[Mistake]:
        """A person without a room, or a profile whose bedroom is not theirs."""
        for person, reading in self.profiles.items():
            theirs = [key for key, room in self.home.rooms.items() if room.person == person]
            place = reading.file.value_place(("bedroom",))
            if not theirs:
                yield Mistake.at(place, f"no room in home.yaml has the line `person: {person}`")
            elif reading.model is not None and reading.model.bedroom not in theirs:
                bedroom = reading.model.bedroom
                somebody = self.home.rooms.get(bedroom)
                problem = (
                    f'the room "{bedroom}" belongs to {somebody.person}'
                    if somebody
                    else f'there is no room "{bedroom}" in home.yaml'
                )
                yield Mistake.at(place, problem, allowed=listed(theirs), nearest=nearest_to(bedroom, theirs))

    def entities(self) -> Iterator[Mistake]:
        """One device that acts in two places: two rules would fight over it."""
        seen: dict[str, Place] = {}
        for key, room in self.home.rooms.items():
            for path, entity in acting_entities(key, room):
                place = self._place(path)
                if entity in room.lights and "path" in path:
                    problem = f"{entity} is dimmed in the evening (lights) and cannot light the way too; use another"
                    yield Mistake.at(place, problem)
                elif entity in seen:
                    problem = f"{entity} is already used in {seen[entity].text()}; a device belongs to one room"
                    yield Mistake.at(place, problem)
                seen.setdefault(entity, place)

    def mqtt_devices(self) -> Iterator[Mistake]:
        """A device without a room, of a kind that its dialect cannot steer, or on another's topic."""
        acting = sorted(entity for key, room in self.home.rooms.items() for _, entity in acting_entities(key, room))
        seen: dict[str, str] = {}
        for entity, device in self.home.mqtt_devices.items():
            if entity not in acting:
                place = self.reading.file.key_place(("mqtt_devices", entity))
                problem = f"no room uses {entity} for cooling or light"
                yield Mistake.at(place, problem, allowed=listed(acting), nearest=nearest_to(entity, acting))
            kinds = MQTT_KINDS[device.dialect]
            if entity.partition(".")[0] not in kinds:
                place = self._place(("mqtt_devices", entity, "dialect"))
                allowed = listed([f"{kind}. ..." for kind in kinds])
                yield Mistake.at(place, f"{device.dialect} cannot steer {entity} over MQTT", allowed=allowed)
            if seen.setdefault(device.topic, entity) != entity:
                place = self._place(("mqtt_devices", entity, "topic"))
                yield Mistake.at(place, f"this topic is already that of {seen[device.topic]}")
            yield from self._not_its_own(entity, device)
            yield from self._loops(entity, device)

    def _not_its_own(self, entity: str, device: MqttDevice) -> Iterator[Mistake]:
        """One of its command or state topics in place of the one that they begin with, or of Tasmota's %topic%."""
        head, _, last = device.topic.rpartition("/")
        if device.dialect in ("zigbee2mqtt", "esphome") and last in ("set", "get", "state", "command", "availability"):
            place = self._place(("mqtt_devices", entity, "topic"))
            yield Mistake.at(place, f'leave out "/{last}"; it is added where it is needed', nearest=head)
        first, _, rest = device.topic.partition("/")
        if device.dialect == "tasmota" and first in ("cmnd", "stat", "tele"):
            place = self._place(("mqtt_devices", entity, "topic"))
            yield Mistake.at(place, f'leave out "{first}/" and what follows the name', nearest=rest.partition("/")[0])

    def _loops(self, entity: str, device: MqttDevice) -> Iterator[Mistake]:
        """A command that we would hear ourselves."""
        own = f"{self.home.mqtt.prefix}/"
        for key, topic in (("topic", device.topic), ("state", device.state)):
            if topic is not None and f"{topic}/".startswith(own):
                problem = f"everything under {own} is Unclench's own; a device has a topic elsewhere"
                yield Mistake.at(self._place(("mqtt_devices", entity, key)), problem)
        if device.dialect != "plain":
            return
        place = self._place(("mqtt_devices", entity, "topic"))
        if device.topic == device.state:
            yield Mistake.at(place, "commands would be taken for what the device says; its state has another topic")
        for path, source in sources(self.home):
            if source.topic == device.topic:
                line = self._place((*path, "topic")).line
                yield Mistake.at(place, f"commands would be taken for what the sensor in line {line} says")

    def readable(self) -> Iterator[Mistake]:
        """An entity that nobody can be asked about."""
        if self.home.home_assistant is not None:
            return
        for path, source in sources(self.home):
            if source.entity is not None:
                problem = (
                    "an entity is read from Home Assistant, and this file has no part `home_assistant:` with its url"
                )
                yield Mistake.at(self._place((*path, "entity")), problem)

    def dialects(self) -> Iterator[Mistake]:
        """One topic that is said to speak two dialects."""
        seen: dict[str, tuple[str, Place]] = {}
        for path, source in sources(self.home):
            if source.topic is None:
                continue
            dialect, place = seen.setdefault(source.topic, (source.dialect, self._place((*path, "topic"))))
            if dialect != source.dialect:
                problem = (
                    f"this topic speaks {dialect} in line {place.line} and {source.dialect} here; it can only speak one"
                )
                yield Mistake.at(self._place((*path, "topic")), problem)

    def thermometers(self) -> Iterator[Mistake]:
        """A room that is to be cooled without anybody knowing how warm it is."""
        for key, room in self.home.rooms.items():
            if room.cooling and not any("temperature" in sensor.measures for sensor in room.sensors):
                problem = "this room has cooling but no sensor that measures temperature"
                yield Mistake.at(self.reading.file.key_place(("rooms", key, "cooling")), problem)

    def lamps(self) -> Iterator[Mistake]:
        """A way that nothing would light, or a switch that nobody can be asked about."""
        for key, room in self.home.rooms.items():
            if room.path and room.bed is None:
                problem = "nothing says when you get up here: this room has no bed with a sensor"
                yield Mistake.at(self.reading.file.key_place(("rooms", key, "path")), problem)
            if room.adaptive_lighting is not None and self.home.home_assistant is None:
                problem = (
                    "a switch is read from Home Assistant, and this file has no part `home_assistant:` with its url"
                )
                yield Mistake.at(self._place(("rooms", key, "adaptive_lighting")), problem)

    def buttons(self) -> Iterator[Mistake]:
        """A press that means a routine or a trigger which its person does not have."""
        for index, button in enumerate(self.home.buttons):
            reading = self.profiles.get(button.person)
            if reading is None or reading.model is None:
                continue
            for press, meaning in button.presses.items():
                place = self._place(("buttons", index, "presses", press))
                yield from _press_mistakes(meaning, reading.model, place)

    def speakers(self) -> Iterator[Mistake]:
        """A speaker in a room that there is not."""
        known = sorted(self.home.rooms)
        for reading in self.profiles.values():
            for index, channel in enumerate(reading.model.prompts.channels if reading.model else ()):
                room = channel.room if isinstance(channel, (TtsChannel, SatelliteChannel)) else None
                if room is not None and room not in known:
                    place = reading.file.value_place(("prompts", "channels", index, "room"))
                    problem = f'there is no room "{room}" in home.yaml'
                    yield Mistake.at(place, problem, allowed=listed(known), nearest=nearest_to(room, known))

    def people(self) -> Iterator[Mistake]:
        """A dialect in which nobody says whether they are at home."""
        for person, source in self.home.people.items():
            if source.topic is not None and source.dialect not in PEOPLE_DIALECTS:
                problem = f"{source.dialect} does not say whether somebody is at home"
                place = self._place(("people", person, "dialect"))
                yield Mistake.at(place, problem, allowed=listed(PEOPLE_DIALECTS))

    def _place(self, path: KeyPath) -> Place:
        return self.reading.file.value_place(path)


def _press_mistakes(meaning: str, profile: Profile, place: Place) -> Iterator[Mistake]:
    verb, name = [*meaning.split(), ""][:2]
    if verb == "routine":
        known, running = {*DEFAULT_ROUTINES, *profile.routines}, set(profile.all_routines())
    elif verb == "report":
        known, running = {*KNOWN_REPORTS, *profile.triggers.own()}, set(profile.triggers.reported())
    else:
        return
    if name not in known:
        yield Mistake.at(
            place,
            f'{profile.name} has no {verb} "{name}"',
            allowed=listed(sorted(known)),
            nearest=nearest_to(name, known),
        )
    elif name not in running:
        yield Mistake.at(place, f'the {verb} "{name}" is switched off in the profile of {profile.name}')


def acting_entities(key: str, room: Room) -> Iterator[tuple[KeyPath, str]]:
    """Every entity that acts in a room, with its path in home.yaml."""
    for index, device in enumerate(room.cooling):
        kind = cooling_entity(device).partition(".")[0]
        yield ("rooms", key, "cooling", index, kind), cooling_entity(device)
    for index, light in enumerate(room.lights):
        yield ("rooms", key, "lights", index), light
    for index, light in enumerate(room.path):
        yield ("rooms", key, "path", index), light


def sources(home: Home) -> Iterator[tuple[KeyPath, Source]]:
    """Everything that the home listens to, with its path in home.yaml."""
    for key, room in home.rooms.items():
        for index, sensor in enumerate(room.sensors):
            yield ("rooms", key, "sensors", index), sensor
        for index, bed_sensor in enumerate(room.bed.sensors if room.bed else ()):
            yield ("rooms", key, "bed", "sensors", index), bed_sensor
    if home.outdoor is not None:
        yield ("outdoor",), home.outdoor
    for index, button in enumerate(home.buttons):
        yield ("buttons", index), button
    for person, source in home.people.items():
        yield ("people", person), source

"""Every entity of Home Assistant that the configuration names, with the place that names it. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.crosscheck import acting_entities, sources
from config.load import Configuration
from config.mistakes import Place
from config.profile import Channel, NotifyChannel, Profile, SatelliteChannel, TtsChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One entity as the configuration uses it."""

    entity: str
    place: Place
    profile: Profile | None = None
    """Whose bounds count for it."""

    @property
    def domain(self) -> str:
        """What stands before the dot."""
        return self.entity.partition(".")[0]


def mapped_entities(configuration: Configuration) -> Iterator[Mapped]:
    """All of them: what acts through Home Assistant, what is listened to, what speaks."""
    for key, room in configuration.home.rooms.items():
        profile = configuration.profiles.get(room.person)
        for path, entity in acting_entities(key, room):
            if entity in configuration.home.mqtt_devices:
                continue  # Home Assistant need not know it
            yield Mapped(entity=entity, place=configuration.place_in_home(path), profile=profile)
        if room.adaptive_lighting is not None:
            place = configuration.place_in_home(("rooms", key, "adaptive_lighting"))
            yield Mapped(entity=room.adaptive_lighting, place=place, profile=profile)
    for path, source in sources(configuration.home):
        if source.entity is not None:
            yield Mapped(entity=source.entity, place=configuration.place_in_home((*path, "entity")))
    yield from _reaching(configuration)


def _reaching(configuration: Configuration) -> Iterator[Mapped]:
    """What reaches the person and their contacts."""
    for person, profile in configuration.profiles.items():
        for index, channel in enumerate(profile.prompts.channels):
            for key, entity in _channel_entities(channel):
                place = configuration.place_in_profile(person, ("prompts", "channels", index, key))
                yield Mapped(entity=entity, place=place)
        for index, contact in enumerate(profile.contacts):
            if contact.notify is not None:
                place = configuration.place_in_profile(person, ("contacts", index, "notify"))
                yield Mapped(entity=contact.notify, place=place)


def _channel_entities(channel: Channel) -> Iterator[tuple[str, str]]:
    if isinstance(channel, NotifyChannel):
        yield "notify", channel.notify
    elif isinstance(channel, TtsChannel):
        yield "tts", channel.tts
        yield "player", channel.player
    elif isinstance(channel, SatelliteChannel):
        yield "satellite", channel.satellite
    else:
        yield "script", channel.script

"""What the files alone say could work less well than the person may expect. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.crosscheck import sources
from config.home import RoomSensor
from config.load import Configuration
from config.yaml_file import KeyPath
from integration.probe.evening_advice import evening_notes
from integration.probe.findings import Finding, Verdict

_UNIT_ADVICE = {
    "statestream": "If Home Assistant does not publish unit_of_measurement, add unit: C (or F).",
    "plain": "If its messages are bare numbers, add unit: C (or F).",
}
"""Dialects whose messages may come without a unit, and a temperature without one is refused."""
_ONLY: Mapping[KeyPath, tuple[str, ...]] = {("outdoor",): ("temperature",)}
"""What is measured by a source that need not say what it measures."""


def notes(configuration: Configuration) -> Iterator[Finding]:
    """Bedrooms without a bed sensor or without anything that cools, and temperatures that may lack their unit."""
    for profile in configuration.profiles.values():
        room = configuration.home.rooms[profile.bedroom]
        place = configuration.place_in_home(("rooms", profile.bedroom))
        about = room.name or profile.bedroom
        if room.bed is None or not room.bed.occupancy:
            night = f"{profile.bedtime.at:%H:%M} and {profile.bedtime.rise:%H:%M}"
            says = f"has no bed sensor, so {profile.name} counts as in bed between {night}"
            yield Finding(about=about, verdict=Verdict.NOTE, says=says, place=place)
        if not room.cooling:
            says = "has nothing that cools"
            advice = "Name an air conditioner, a fan or a switch under cooling."
            yield Finding(about=about, verdict=Verdict.NOTE, says=says, place=place, advice=advice)
    yield from _units(configuration)
    yield from evening_notes(configuration)


def _units(configuration: Configuration) -> Iterator[Finding]:
    for path, source in sources(configuration.home):
        if "temperature" not in (source.measures if isinstance(source, RoomSensor) else _ONLY.get(path, ())):
            continue
        advice = _UNIT_ADVICE.get(source.dialect)
        if source.topic is not None and source.unit is None and source.path is None and advice:
            place = configuration.place_in_home((*path, "topic"))
            says = "has no unit for its temperature here"
            yield Finding(about=source.topic, verdict=Verdict.NOTE, says=says, place=place, advice=advice)

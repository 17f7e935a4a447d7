"""All of an engine's memory as one plain value, and back (R6)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from devices.control.cooling import CoolingMemory
from devices.control.desk_memory import DeskMemory
from devices.control.lighting import LightingMemory
from devices.control.memory import Memory
from devices.control.path import PathMemory
from rules.night import NightMemory
from rules.pause import Pauses
from rules.run import RunMemory

if TYPE_CHECKING:
    from rules.engine import Engine

VERSION = 1

_ADAPTERS: dict[type[object], TypeAdapter[Any]] = {
    of: TypeAdapter(of)
    for of in (Memory, CoolingMemory, LightingMemory, PathMemory, DeskMemory, RunMemory, Pauses, NightMemory)
}


def _plain(memory: object) -> Any:  # noqa: ANN401 (a JSON value)
    return _ADAPTERS[type(memory)].dump_python(memory, mode="json")


def dump(engine: Engine) -> dict[str, Any]:
    """The memory of ``engine``: JSON values only."""
    world = engine.world
    return {
        "version": VERSION,
        "configuration": engine.configuration,
        "now": engine.now.isoformat(),
        "born": engine.memory.born.isoformat(),
        "peer_up": engine.memory.peer_up,
        "minted": engine.memory.minted,
        "sent": dict(engine.memory.sent),
        "symptoms": [[at.isoformat(), severity] for at, severity in engine.memory.symptoms],
        "agenda": world.agenda.dump(),
        "facts": world.facts.dump(),
        "triggers": {key: trigger.dump() for key, trigger in world.triggers.items()},
        "usual": {room.id: room.usual.dump() for room in world.rooms.values()},
        "beds": {room.id: room.bed.dump() for room in world.rooms.values() if room.bed},
        "night": _plain(world.night_watch.memory) if world.night_watch else None,
        "rules": {running.rule.id: running.dump() for running in world.rules},
        "cooling": {room.id: _plain(room.cooling.memory) for room in world.rooms.values() if room.cooling},
        "lighting": {room.id: _plain(room.lighting.memory) for room in world.rooms.values() if room.lighting},
        "paths": {room.id: _plain(room.path.memory) for room in world.rooms.values() if room.path},
        "devices": {entity: _plain(device.memory) for entity, device in world.devices.items()},
        "desk": _plain(world.desk.memory),
        "routines": {name: _plain(memory) for name, memory in world.routines.memory.items()},
        "pauses": _plain(world.pauses),
        "aloud": world.aloud.dump(),
    }


def load(engine: Engine, snapshot: dict[str, Any]) -> None:  # noqa: C901, PLR0912
    """Give ``engine`` the memory of ``snapshot``. A part whose owner is gone from the configuration is dropped."""
    world = engine.world
    engine.memory.now = datetime.fromisoformat(snapshot["now"])
    engine.memory.born = datetime.fromisoformat(snapshot.get("born", snapshot["now"]))
    engine.memory.peer_up, engine.memory.minted = snapshot["peer_up"], snapshot["minted"]
    engine.memory.sent = dict(snapshot["sent"])
    engine.memory.symptoms = [(datetime.fromisoformat(at), severity) for at, severity in snapshot["symptoms"]]
    world.agenda.load(snapshot["agenda"])
    world.facts.load(snapshot["facts"])
    for key, trigger in world.triggers.items():
        if key in snapshot["triggers"]:
            trigger.load(snapshot["triggers"][key])
    for room in world.rooms.values():
        if room.id in snapshot["usual"]:
            room.usual.load(snapshot["usual"][room.id])
        if room.bed is not None and room.id in snapshot["beds"]:
            room.bed.load(snapshot["beds"][room.id])
        if room.cooling is not None and room.id in snapshot["cooling"]:
            room.cooling.memory = _ADAPTERS[CoolingMemory].validate_python(snapshot["cooling"][room.id])
        if room.lighting is not None and room.id in snapshot["lighting"]:
            room.lighting.memory = _ADAPTERS[LightingMemory].validate_python(snapshot["lighting"][room.id])
        if room.path is not None and room.id in snapshot.get("paths", {}):
            room.path.memory = _ADAPTERS[PathMemory].validate_python(snapshot["paths"][room.id])
    if world.night_watch is not None and snapshot.get("night") is not None:
        world.night_watch.memory = _ADAPTERS[NightMemory].validate_python(snapshot["night"])
    for running in world.rules:
        if running.rule.id in snapshot["rules"]:
            running.load(snapshot["rules"][running.rule.id])
    for entity, device in world.devices.items():
        if entity in snapshot["devices"]:
            device.memory = _ADAPTERS[Memory].validate_python(snapshot["devices"][entity])
    world.desk.memory = _ADAPTERS[DeskMemory].validate_python(snapshot["desk"])
    kept = snapshot.get("routines", {})  # a snapshot of an older version has none
    world.routines.load({name: _ADAPTERS[RunMemory].validate_python(memory) for name, memory in kept.items()})
    world.pauses.until = _ADAPTERS[Pauses].validate_python(snapshot.get("pauses", {})).until
    world.aloud.load(snapshot.get("aloud", {}))  # an older snapshot has none


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def moved(value: Any, by: timedelta) -> Any:  # noqa: ANN401 (a JSON value)
    """A snapshot with every instant in it moved."""
    if isinstance(value, dict):
        return {key: moved(part, by) for key, part in value.items()}
    if isinstance(value, list):
        return [moved(part, by) for part in value]
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        at = datetime.fromisoformat(value)
        return (at + by).isoformat() if at > EARLIEST - by else value
    return value


EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""An instant before this stands for "never"."""

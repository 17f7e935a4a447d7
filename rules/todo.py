"""What has to be looked at before a step is done: triggers, then rules, then what they steer."""

from __future__ import annotations

from datetime import datetime

from rules.facts import Fact
from rules.looks import FRESHNESS
from rules.running import RunningRule
from rules.triggers import Level, Trigger
from rules.world import RoomWorld, World


class Todo:
    """The open work of a step. Empty between two steps, so that no snapshot needs it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.triggers: dict[str, Trigger] = {}
        self.rules: dict[str, tuple[RunningRule, bool]] = {}  # True: what it waits for happened, so record its answer
        # By what is looked at: of a room "cool:", "light:"; of a device "dev:"; alone "desk:", "aloud:", "routine:"...
        self.keys: dict[str, None] = {}

    def __bool__(self) -> bool:
        return bool(self.triggers or self.rules or self.keys)

    def everything(self) -> None:
        """Look at all there is: nothing changes where nothing has changed."""
        world = self._world
        self.triggers.update(world.triggers)
        self.rules.update({running.rule.id: (running, False) for running in world.rules})
        for room in world.rooms.values():
            self.keys.update(dict.fromkeys((f"cool:{room.id}", f"light:{room.id}", f"path:{room.id}")))
        self.keys.update({f"dev:{entity}": None for entity in world.devices})
        self.paused()

    def desk(self) -> None:
        """Look at what is said."""
        self.keys["desk:"] = None

    def routines(self) -> None:
        """Look at the steps of the routines, and at what they steer."""
        self.keys["routine:"] = None
        self.desk()

    def paused(self) -> None:
        """A pause began or ended: look at everything that it is about."""
        self.keys["pause:"] = None
        self.routines()
        for room in self._world.rooms.values():
            self.keys[f"cool:{room.id}"] = self.keys[f"light:{room.id}"] = None

    def aloud(self) -> None:
        """Look at what is spoken step by step."""
        self.keys["aloud:"] = None

    def device(self, entity: str) -> None:
        """Look at a device, and before it at what is wanted of it now: its reason must be today's."""
        room = self._world.device_rooms[entity]
        target = "cool" if not entity.startswith("light.") else "path" if room.is_on_path(entity) else "light"
        self.keys[f"{target}:{room.id}"] = None
        self.keys[f"dev:{entity}"] = None

    def fact_moved(self, fact: Fact, room: RoomWorld | None = None) -> None:
        """A fresh fact has a new value: almost every reading, so it must be short. ``room``: its thermometer's."""
        value = fact.value
        new_hour = room is not None and fact.at is not None and room.usual.add(fact.number, fact.at)
        for trigger in self._world.fact_triggers.get(fact.name, ()):
            if new_hour or isinstance(value, bool) or not trigger.calm(value or 0.0):
                self.triggers[trigger.key] = trigger
        for running in self._world.watchers.get(fact.name, ()):
            self.rules[running.rule.id] = (running, False)
        if room is None or room.cooling is None or fact.at is None:
            return
        if room.cooling.hear(fact.number, fact.at):
            self.keys["cool:" + room.id] = None

    def fact_changed(self, fact: Fact, now: datetime) -> None:
        """A fact turned fresh or stale, or a yes/no fact turned over: everything that reads it must look."""
        world = self._world
        if fact.name in world.bed_facts:
            self.bed_changed(world.rooms[world.bed_facts[fact.name].room], now)
        for trigger in world.fact_triggers.get(fact.name, ()):
            self.triggers[trigger.key] = trigger
        for name in (fact.name, FRESHNESS + fact.name):
            for running in world.watchers.get(name, ()):
                self.rules[running.rule.id] = (running, True)
        room = world.rooms.get(fact.name.partition(".")[0])
        if room is not None and fact is room.temperature:
            self.keys["cool:" + room.id] = None
        if room is not None and fact is room.adaptive:
            self.keys["light:" + room.id] = None

    def bed_changed(self, room: RoomWorld, now: datetime) -> None:
        """A side of a bed changed, or its exit delay has passed."""
        self.keys.update(dict.fromkeys(f"light:{each.id}" for each in self._world.rooms.values() if each.lighting))
        self.keys[f"path:{room.id}"] = None
        if room.bed is not None and room.bed.update(now):
            self.fact_changed(room.bed.fact, now)
            self.keys["cool:" + room.id] = None
            self.routines()  # that it is silent is told, and who goes to bed early shortens the evening
        if room is self._world.rooms.get(self._world.profile.bedroom):
            self.night(now)

    def night(self, now: datetime) -> None:
        """Something of the person's bed was heard, or a moment of their night has come."""
        watch = self._world.night_watch
        for fact in watch.update(now) if watch is not None else ():
            self.fact_changed(fact, now)
            self.routines()  # a question in the morning

    def trigger_changed(self, trigger: Trigger) -> None:
        """A trigger stands elsewhere."""
        for running in self._world.watchers.get("trigger:" + trigger.key, ()):
            self.rules[running.rule.id] = (running, trigger.standing.level is not Level.IDLE)
        if trigger.private:
            self.routines()  # some prompts wait while it is active

"""A night of MQTT messages, as the broker hands them over, lived through in no time by a household that is obeyed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.load import load
from devices.actions import Action
from devices.readings import Message
from integration.household import Household
from integration.recording import Line, RecordedState
from integration.replay import Replay
from integration.rulebooks import load_books
from rules.facts import Fact
from rules.world import World

MORNING = datetime(2026, 7, 14, 8, 0, tzinfo=UTC)
"""Far from quiet hours, so that what is told is told at once."""
ROOM, BED = "zigbee2mqtt/bedroom", "bed/state"
ZIGBEE = f"{{topic: {ROOM}, dialect: zigbee2mqtt, stale_after: 30 min}}"
HOME = """
home_assistant: {{url: "http://127.0.0.1:8123"}}
rooms:
  bedroom:
    person: robin
    sensors: [{sensor}]
    bed: {{sensors: [{{topic: bed/state, dialect: esphome}}]}}
    cooling: [{cooling}]
"""
PROFILE = """
name: Robin
time_zone: UTC
triggers:
  heat: {above_in_bed: 22.0, for: 0 s}
prompts:
  channels:
    - script: script.bedside
"""
AC, FAN = "climate.ac", "fan.fan"


class Night:
    """One household, its clock, and everything that came of what it heard."""

    def __init__(self, folder: Path, sensor: str = ZIGBEE, cooling: str = f"{{climate: {AC}}}") -> None:
        (folder / "profiles").mkdir(parents=True)
        (folder / "home.yaml").write_text(HOME.format(sensor=sensor, cooling=cooling))
        (folder / "profiles" / "robin.yaml").write_text(PROFILE)
        self.folder = folder
        self.now = MORNING
        self.actions: list[Action] = []
        self._replay = Replay(self._household())
        self._feed(None)

    def _household(self) -> Household:
        configuration = load(self.folder)
        return Household(configuration, load_books(configuration))

    def restart(self) -> None:
        """A new process with the old one's memory."""
        memory = json.loads(json.dumps(self._replay.household.snapshot()))
        self._replay.household = self._household()
        self._replay.household.restore(memory)

    # -- what happens

    def _feed(self, what: Message | RecordedState | None) -> None:
        self.actions += self._replay.feed(Line(self.now, what))

    def hears(self, topic: str, payload: object, *, retained: bool = False) -> None:
        """A message arrives; what is not text is sent as JSON."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        self._feed(Message(topic=topic, payload=text.encode(), retained=retained))

    def sees(self, entity: str, state: str, unit: str) -> None:
        """Home Assistant tells the state of a sensor."""
        self._feed(RecordedState(entity, state, {"unit_of_measurement": unit}))

    def room(self, celsius: float, *, seen: datetime | None = None, **more: Any) -> None:  # noqa: ANN401
        """The Zigbee thermometer speaks; ``seen``: when it says that it did."""
        last_seen = {} if seen is None else {"last_seen": seen.isoformat()}
        self.hears(ROOM, {"temperature": celsius, "humidity": 48.2, **last_seen, **more})

    def bed(self, payload: str) -> None:
        """The bed sensor speaks."""
        self.hears(BED, payload)

    def wait(self, **span: float) -> None:
        """Time passes."""
        self.now += timedelta(**span)
        self._feed(None)

    def rooms(self, celsius: float, *, minutes: float, every: float = 5) -> None:
        """The thermometer says the same for a while."""
        for _ in range(round(minutes / every)):
            self.wait(minutes=every)
            self.room(celsius)

    # -- what came of it

    @property
    def world(self) -> World:
        """The engine's world."""
        return self._replay.household.engines["robin"].world

    @property
    def temperature(self) -> Fact:
        """What is known of the room."""
        return self.world.bedroom.temperature

    def knows(self) -> bool:
        """Whether what is known of the room still counts."""
        return self.temperature.fresh

    @property
    def cooling(self) -> bool:
        """Whether the room is cooled."""
        return self.world.bedroom.is_cooled()

    @property
    def refused(self) -> dict[tuple[str, str], int]:
        """What was not believed: topic and reason, and how often."""
        return dict(self._replay.household.intake.rejected)

    def said(self) -> list[str]:
        """What the person was told of trouble since the last look."""
        told = [str(action.data["message"]) for action in self.actions if action.data.get("title") == "Unclench"]
        self.actions = [action for action in self.actions if action.data.get("title") != "Unclench"]
        return told

    def modes(self) -> list[object]:
        """The modes that the air conditioner was set to."""
        return [action.data["hvac_mode"] for action in self.actions if "hvac_mode" in action.data]

    def outcome(self) -> list[tuple[datetime, str, dict[str, object]]]:
        """Every call with its time."""
        return [(action.at, action.service, action.data) for action in self.actions]

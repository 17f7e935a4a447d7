"""Some hot days in a simulated bedroom that Unclench cools, as its database would hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import cos, pi
from pathlib import Path
from random import Random

from config.load import load
from devices.events import Event
from devices.readings import Message
from integration.assumed import AssumedHome
from integration.household import Household, Stepped
from integration.rulebooks import load_books
from integration.store import Store
from integration.store.events import event_to_json

READING, BED, AC, FAN = "zigbee2mqtt/bedroom", "bed/state", "climate.bedroom", "fan.bedroom"
HOME = f"""
rooms:
  bedroom:
    person: anna
    sensors: [{{topic: {READING}, dialect: zigbee2mqtt}}]
    bed: {{sensors: [{{topic: {BED}, dialect: plain, states: {{"on": true, "off": false}}}}]}}
    cooling: [{{climate: {AC}, watts: 700}}, {{fan: {FAN}}}]
"""
PROFILE = "name: Anna\ntime_zone: UTC\nunits: {units}\ntriggers: {{heat: {{above_in_bed: {limit}}}}}\n"
END = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
EVERY = timedelta(minutes=2)


def write(folder: Path, *, limit: str = "24.0", units: str = "C") -> Path:
    """The files of the home."""
    (folder / "profiles").mkdir(parents=True)
    (folder / "home.yaml").write_text(HOME)
    (folder / "profiles" / "anna.yaml").write_text(PROFILE.format(limit=limit, units=units))
    return folder


@dataclass(slots=True)
class Room:
    """A bedroom of air and walls, with an air conditioner that goes on and off by its own thermostat."""

    air_c: float = 25.0
    walls_c: float = 25.0
    hottest_c: float = 32.0
    in_bed: bool = False
    setpoint_c: float | None = None
    runs: bool = False

    def step(self, hour: float, span: timedelta) -> None:
        """Let a span pass."""
        hours = span.total_seconds() / 3600
        outside = (self.hottest_c + 18) / 2 + (self.hottest_c - 18) / 2 * cos((hour - 16) / 24 * 2 * pi)
        above = self.air_c - (99.0 if self.setpoint_c is None else self.setpoint_c)
        self.runs = above > (-0.5 if self.runs else 0.5)
        air = 0.9 * (self.walls_c - self.air_c) + 0.15 * (outside - self.air_c)
        air += 0.3 * self.in_bed - 6.0 * self.runs
        walls = 0.1 * (self.air_c - self.walls_c) + 0.03 * (outside - self.walls_c) + 0.12
        self.air_c += hours * air
        self.walls_c += hours * walls


class Days:
    """The bedroom, day by day from noon to noon."""

    def __init__(self, folder: Path, days: int, end: datetime = END) -> None:
        configuration = load(folder)
        self._household = Household(configuration, load_books(configuration))
        self._home, self._room = AssumedHome(), Room()
        self.now, self.end = end - timedelta(days=days), end
        self.events: list[tuple[str, Event]] = []
        self._dice = Random(7)

    def live(self, *, cooled: bool = True) -> list[tuple[str, Event]]:
        """All of it. Without ``cooled`` nothing that is asked for is done."""
        for entity in self._household.devices:
            self._keep(self._household.state(entity, *self._home.state(entity), self.now, "start")[0], cooled=cooled)
        self._keep(self._household.peer("home_assistant", self.now, "peer", up=True), cooled=cooled)
        to_bed, rise = self._evening()
        self._say(BED, "off", cooled=cooled)
        while self.now < self.end:
            if self.now.hour == 12 and self.now.minute == 0:
                self._room.hottest_c = self._dice.uniform(27, 35)
                to_bed, rise = self._evening()
            in_bed = to_bed <= self.now < rise
            if in_bed is not self._room.in_bed:
                self._room.in_bed = in_bed
                self._say(BED, "on" if in_bed else "off", cooled=cooled)
            self._say(
                READING, f'{{"temperature": {round(self._room.air_c + self._dice.gauss(0, 0.04), 1)}}}', cooled=cooled
            )
            self._keep(self._household.pass_time(self.now, "time"), cooled=cooled)
            state, attributes = self._home.state(AC)
            self._room.setpoint_c = float(str(attributes["temperature"])) if state == "cool" else None
            self._room.step(self.now.hour + self.now.minute / 60, EVERY)
            self.now += EVERY
        return self.events

    def _evening(self) -> tuple[datetime, datetime]:
        noon = self.now.replace(hour=12, minute=0)
        to_bed = noon + timedelta(hours=10.5, minutes=self._dice.uniform(-30, 30))
        return to_bed, noon + timedelta(hours=19, minutes=self._dice.uniform(-20, 20))

    def _say(self, topic: str, payload: str, *, cooled: bool) -> None:
        message = Message(topic=topic, payload=payload.encode())
        self._keep(self._household.message(message, self.now, f"m{len(self.events)}")[0], cooled=cooled)

    def _keep(self, stepped: list[Stepped], *, cooled: bool) -> None:
        for step in stepped:
            self.events.append((step.person, step.event))
            for action in step.outcome.actions if cooled else ():
                if (changed := self._home.carry_out(action)) is not None:
                    told = self._household.state(changed, *self._home.state(changed), action.at, "done")
                    self._keep(told[0], cooled=cooled)


def remember(data: Path, events: list[tuple[str, Event]]) -> None:
    """Write them down as the service does."""
    store = Store(data).open()
    with store.transaction():
        store.add_events((person, event, event_to_json(event)) for person, event in events)
    store.close()

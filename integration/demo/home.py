"""The demo's home: a configuration folder like any other, and the devices of one bedroom."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from integration.demo.bedroom import Bedroom
from integration.demo.ha_states import Attributes
from integration.demo.stand_in_ha import Climate, Fan, Light, NotifyService, StandInHomeAssistant
from integration.demo.story import TRIGGER_C

PERSON = "robin"
NAME = "Robin"
AC, FAN, LAMP = "climate.bedroom_ac", "fan.bedroom_fan", "light.bedside_lamp"
CLIMATE_TOPIC = "zigbee2mqtt/bedroom_climate"
BED_TOPIC = "bed/binary_sensor/bed_occupied/state"
ANSWER_TOPIC = f"unclench/{PERSON}/answer"
AC_ANSWERS_AFTER = timedelta(seconds=4)
OTHERS_ANSWER_AFTER = timedelta(seconds=1)

_HOME = f"""\
version: 1
mqtt: {{host: 127.0.0.1, port: %(port)d, client_id: unclench-demo}}
home_assistant: {{url: '%(url)s'}}
rooms:
  bedroom:
    name: the bedroom
    person: {PERSON}
    sensors:
      - {{topic: {CLIMATE_TOPIC}, dialect: zigbee2mqtt}}
    bed:
      sensors:
        - {{topic: {BED_TOPIC}, dialect: esphome}}
    cooling:
      - fan: {FAN}
        percentage: 30
      - climate: {AC}
        after: 5 min
    lights: [{LAMP}]
"""
_PROFILE = f"""\
version: 1
name: {NAME}
time_zone: Europe/London
triggers:
  heat:
    above: 24.5
    above_in_bed: {TRIGGER_C}
    early: 0.5
    set_by: me
bedtime: {{at: "22:15"}}
quiet_hours: {{from: "22:30", to: "7:30"}}
prompts:
  channels:
    - notify: notify.mobile_app_robin
"""


def write_configuration(folder: Path, port: int, url: str) -> Path:
    """Write home.yaml and Robin's profile; returns the folder."""
    (folder / "profiles").mkdir(parents=True)
    (folder / "home.yaml").write_text(_HOME % {"port": port, "url": url}, encoding="utf-8")
    (folder / "profiles" / f"{PERSON}.yaml").write_text(_PROFILE, encoding="utf-8")
    return folder


@dataclass(frozen=True, slots=True)
class Command:
    """What a device was told, to be done and reported by it a moment later."""

    entity: str
    service: str
    data: Mapping[str, object]

    @property
    def takes(self) -> timedelta:
        """How long the device needs until it reports."""
        return AC_ANSWERS_AFTER if self.entity == AC else OTHERS_ANSWER_AFTER


@dataclass(slots=True)
class Fade:
    """A lamp on its way from one level to another."""

    since: datetime
    until: datetime
    start: tuple[float, float]  # %, K
    goal: tuple[float, float]

    def level(self, now: datetime) -> tuple[float, float]:
        """Brightness and warmth now."""
        done = 1.0 if now >= self.until else (now - self.since) / (self.until - self.since)
        brightness, kelvin = (first + (last - first) * done for first, last in zip(self.start, self.goal, strict=True))
        return brightness, kelvin


class Devices:
    """Air conditioner, fan and lamp: told through the stand-in, they change the room and report back through it."""

    def __init__(self, room: Bedroom, home: StandInHomeAssistant) -> None:
        self._room, self._home = room, home
        self._kelvin = 4000.0
        self._fade: Fade | None = None
        self.told: deque[Command] = deque()

    def add_to_home(self) -> None:
        """Make the entities known, as they stand at the evening's start."""
        self._home.add(
            Climate(entity_id=AC, name="Bedroom AC", current_temperature=round(self._room.air_c, 1)),
            Fan(entity_id=FAN, name="Bedroom fan"),
            Light(entity_id=LAMP, name="Bedside lamp", state="on"),
            NotifyService(name="mobile_app_robin"),
        )
        self._home.set_state(LAMP, "on", self._lamp_attributes())
        self._home.on_service(self._on_service)

    def _on_service(self, domain: str, service: str, data: Mapping[str, object]) -> bool:
        """In the server's thread: only note it. The director lets it happen when its time has come."""
        entities = data.get("entity_id")
        if domain not in ("climate", "fan", "light") or not isinstance(entities, list):
            return False
        self.told.extend(Command(entity, service, data) for entity in entities)
        return True

    def carry_out(self, command: Command, now: datetime) -> datetime | None:
        """Do what was told, and report it; returns when there is more to report."""
        if command.entity == LAMP:
            return self._begin_fade(command, now)
        if command.entity == AC:
            self._steer_ac(command)
        else:
            self._steer_fan(command)
        return None

    def _steer_ac(self, command: Command) -> None:
        ac = self._room.ac
        ac.mode = str(command.data.get("hvac_mode", ac.mode))
        ac.target_c = _number(command.data.get("temperature"), ac.target_c)
        self._home.set_state(AC, ac.mode, {"temperature": ac.target_c})

    def _steer_fan(self, command: Command) -> None:
        on = command.service != "turn_off"
        self._room.fan_percent = _number(command.data.get("percentage"), self._room.fan_percent or 100.0) if on else 0.0
        self._report_fan()

    def _report_fan(self) -> None:
        speed = self._room.fan_percent
        self._home.set_state(FAN, "on" if speed else "off", {"percentage": round(speed)})

    def _begin_fade(self, command: Command, now: datetime) -> datetime:
        start = (self._room.lamp_percent, self._kelvin)
        out = command.service == "turn_off"
        goal = (
            0.0 if out else _number(command.data.get("brightness_pct"), start[0]),
            _number(command.data.get("color_temp_kelvin"), start[1]),
        )
        takes = timedelta(seconds=_number(command.data.get("transition"), 0.0))
        self._fade = Fade(now, now + takes, start, goal)
        self.report_slow_changes(now)
        return self._fade.until

    def switch_fan_off_by_hand(self) -> None:
        """Somebody presses the fan's own button: nobody's call comes before the report."""
        self._room.fan_percent = 0.0
        self._report_fan()

    def report_slow_changes(self, now: datetime) -> None:
        """What changes by itself: the lamp while it fades, the temperature at the air conditioner (half degrees)."""
        self._home.set_state(AC, None, {"current_temperature": round(self._room.air_c * 2) / 2})
        if self._fade is None:
            return
        self._room.lamp_percent, self._kelvin = self._fade.level(now)
        self._home.set_state(LAMP, "on" if self._room.lamp_percent else "off", self._lamp_attributes())
        if now >= self._fade.until:
            self._fade = None

    def _lamp_attributes(self) -> Attributes:
        return {"brightness": round(self._room.lamp_percent * 2.55), "color_temp_kelvin": round(self._kelvin)}


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, (int, float)) else otherwise

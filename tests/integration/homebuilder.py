"""Configuration folders for tests: a bedroom with a Zigbee2MQTT sensor, an ESPHome bed, an AC and a fan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from pydantic import SecretStr

from config.load import load
from config.settings import Settings
from integration.app import App, compose
from integration.clock import Clock
from tests.peers.processes import wait_until

CLIMATE, BED = "zigbee2mqtt/bedroom_climate", "bedroom-bed/binary_sensor/bed_occupied/state"
AC, FAN, LAMP, PAD = "climate.bedroom_ac", "fan.bedroom_fan", "light.bedroom_lamp", "switch.cooling_mattress_pad"

HOME = """
mqtt: {{host: 127.0.0.1, port: {port}}}
{home_assistant}
rooms:
  bedroom:
    person: robin
    sensors:
      - {{topic: zigbee2mqtt/bedroom_climate, dialect: zigbee2mqtt}}
    bed:
      sensors: [{{topic: bedroom-bed/binary_sensor/bed_occupied/state, dialect: esphome}}]
      exit_delay: 0 s
    cooling:
      - {{climate: climate.bedroom_ac, min_run: {dwell}, min_pause: {dwell}}}
      - {{fan: fan.bedroom_fan, percentage: 40, min_run: {dwell}, min_pause: {dwell}}}
    lights: [light.bedroom_lamp]
"""
FAR = datetime.now(UTC) + timedelta(hours=12)
"""Nothing that the clock starts may come while a test runs, at whatever hour that is."""
BY_CLOCK = f"""
quiet_hours: {{from: "{FAR:%H:%M}", to: "{FAR + timedelta(minutes=1):%H:%M}"}}
routines:
  stretch: {{at: "{FAR:%H:%M}", grace: 1 min}}
  wash: {{at: "{FAR:%H:%M}", grace: 1 min}}
  wind_down: {{at: "{FAR:%H:%M}", grace: 1 min}}
"""
RULES = """
version: 1
rules:
  - id: cool-hot-bed
    says: Cool the bedroom when heat comes close to the limit and someone is in bed.
    when:
      all:
        - {trigger: heat, at_least: building}
        - bed: occupied
    want: [{cool: bedroom}]
    unknown: {hold: 20 min}
"""
"""Cooling that begins and ends at once, whatever the hour: these tests are about what stands around it."""
PROFILE = f"""
name: Robin
time_zone: UTC
{BY_CLOCK}
triggers:
  heat: {{above_in_bed: 22.0, for: 0 s}}
prompts:
  channels:
    - script: script.bedside_prompt
"""


@dataclass
class TestHome:
    """A configuration folder and a data folder."""

    __test__ = False

    folder: Path
    port: int
    url: str | None = None
    token: str = ""
    dwell: str = "0 s"
    profile: str = PROFILE
    rules: str = RULES
    clock: Clock | None = None
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        """Write the files."""
        (self.folder / "profiles").mkdir(parents=True)
        home_assistant = f"home_assistant: {{url: '{self.url}'}}" if self.url else ""
        text = HOME.format(port=self.port, home_assistant=home_assistant, dwell=self.dwell)
        (self.folder / "home.yaml").write_text(text)
        (self.folder / "profiles" / "robin.yaml").write_text(self.profile)
        (self.folder / "rules").mkdir()
        (self.folder / "rules" / "cooling.yaml").write_text(self.rules)
        self.settings = Settings(config=self.folder, data=self.folder / "data", ha_token=SecretStr(self.token))

    def app(self) -> App:
        """A service that is not started."""
        return compose(load(self.folder), self.settings, clock=self.clock)

    @contextmanager
    def running(self) -> Iterator[App]:
        """A running service whose peers are there."""
        app = self.app()
        app.start()
        try:
            wait_until(lambda: ready(app), timeout_s=20, what="the service to find its peers")
            yield app
        finally:
            app.stop()


def ready(app: App) -> bool:
    """Whether the broker and Home Assistant (or what stands for it) are connected, and the engines know."""
    return app.mqtt.connected and all(engine.peer_up for engine in app.service.household.engines.values())


@contextmanager
def publisher(port: int) -> Iterator[paho.Client]:
    """A connected client that plays the sensors."""
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def say(client: paho.Client, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
    """Publish, and return when the broker has it."""
    client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)


def listens(health_file: Path) -> bool:
    """Whether a heartbeat says that the broker is there: what is said before that nobody hears."""
    return health_file.exists() and bool(json.loads(health_file.read_text())["mqtt"])

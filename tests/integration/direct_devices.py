"""Homes whose devices are switched over MQTT itself, and the devices: played by clients of the broker."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.integration.homebuilder import TestHome

TOPIC = "zigbee2mqtt/bedroom_fan"
ZIGBEE = f"{{dialect: zigbee2mqtt, topic: {TOPIC}}}"
PLAIN = "{dialect: plain, topic: shed/fan/set}"
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
      - {{fan: fan.bedroom_fan, percentage: 40, min_run: 0 s, min_pause: 0 s}}
{more}
mqtt_devices:
  fan.bedroom_fan: {device}
"""


def direct_home(
    folder: Path, port: int, device: str = ZIGBEE, *, url: str | None = None, token: str = "", more: str = ""
) -> TestHome:
    """A home whose fan is switched over MQTT; with a ``url``, Home Assistant is there too."""
    home = TestHome(folder, port, url, token)
    home_assistant = f"home_assistant: {{url: '{url}'}}" if url else ""
    text = HOME.format(port=port, home_assistant=home_assistant, more=more, device=device)
    (folder / "home.yaml").write_text(text)
    return home


@dataclass
class Plug:
    """A Zigbee plug behind Zigbee2MQTT: obeys, says what it is, and answers when it is asked."""

    topic: str = TOPIC
    on: bool = False
    obeys: bool = True
    told: list[str] = field(default_factory=list)
    asked: int = 0
    retained: list[str] = field(default_factory=list)
    """Commands that the broker had kept: there must be none."""
    client: paho.Client = field(init=False)
    ready: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Not connected yet."""
        self.client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self.client.reconnect_delay_set(1, 1)

    def say(self) -> None:
        """Say how it is, as it does after every change."""
        payload = json.dumps({"state": "ON" if self.on else "OFF", "linkquality": 90})
        self.client.publish(self.topic, payload, qos=1)

    def turn(self, *, on: bool) -> None:
        """A hand on its button."""
        self.on = on
        self.say()

    def available(self, word: str) -> None:
        """What Zigbee2MQTT says of it."""
        self.client.publish(f"{self.topic}/availability", json.dumps({"state": word}), qos=1, retain=True)

    def _heard(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        if message.topic == f"{self.topic}/get":
            self.asked += 1
        else:
            self.told.append(message.payload.decode())
            if message.retain:
                self.retained.append(message.topic)
            if not self.obeys:
                return
            self.on = json.loads(message.payload)["state"] == "ON"
        if self.obeys:
            self.say()

    def _connected(self, client: paho.Client, *_: object) -> None:
        client.subscribe([(f"{self.topic}/set", 1), (f"{self.topic}/get", 1)])

    @contextmanager
    def plugged_in(self, port: int) -> Iterator[Plug]:
        """Connected, and again by itself when the broker is back."""
        self.client.on_message, self.client.on_connect = self._heard, self._connected
        self.client.on_subscribe = lambda *_: self.ready.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        try:
            assert self.ready.wait(10)
            yield self
        finally:
            self.client.disconnect()
            self.client.loop_stop()

"""The devices behind a real Home Assistant: air conditioner, fan, lamp, pad, blind and thermometer, on MQTT."""

from __future__ import annotations

import json
from threading import Event
from typing import Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

ECHOES = {
    "dev/bedroom_ac/mode/set": "dev/bedroom_ac/mode",
    "dev/bedroom_ac/target/set": "dev/bedroom_ac/target",
    "dev/bedroom_fan/set": "dev/bedroom_fan/state",
    "dev/bedroom_fan/speed/set": "dev/bedroom_fan/speed",
    "dev/cooling_mattress_pad/set": "dev/cooling_mattress_pad/state",
    "dev/bedroom_blind/position/set": "dev/bedroom_blind/position",
}
"""Where a device tells that it has done what a topic asked for, in the same words."""
LAMP = "dev/bedroom_lamp/set", "dev/bedroom_lamp/state"
BLIND = "dev/bedroom_blind/set", "dev/bedroom_blind/position"
ENTITIES = {
    "dev/bedroom_ac": "climate.bedroom_ac",
    "dev/bedroom_fan": "fan.bedroom_fan",
    "dev/bedroom_lamp": "light.bedroom_lamp",
    "dev/cooling_mattress_pad": "switch.cooling_mattress_pad",
    "dev/bedroom_blind": "cover.bedroom_blind",
}
OFF = {
    "dev/bedroom_ac/mode": "off",
    "dev/bedroom_ac/target": "24",
    "dev/bedroom_fan/state": "OFF",
    "dev/bedroom_fan/speed": "30",
    "dev/bedroom_lamp/state": '{"state": "OFF"}',
    "dev/cooling_mattress_pad/state": "OFF",
    "dev/bedroom_blind/position": "100",
}


class MqttBedroom:
    """Devices that do what Home Assistant asks of them and report it, retained."""

    def __init__(self, broker_port: int) -> None:
        self.commanded: list[str] = []
        """The entity ids that were sent a command, in order."""
        self._port = broker_port
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._listening = Event()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def start(self) -> None:
        """Return when the devices listen for commands."""
        self._client.on_message = self._obey
        self._client.on_subscribe = lambda *_: self._listening.set()
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        self._client.subscribe([(topic, 1) for topic in (*ECHOES, LAMP[0], BLIND[0])])
        if not self._listening.wait(10):
            message = "the broker did not answer a subscription"
            raise TimeoutError(message)

    def stop(self) -> None:
        """Leave; what was reported stays retained."""
        self._client.disconnect()
        self._client.loop_stop()

    def reset(self, temperature_c: float) -> None:
        """Be all there, switched off, in a room of this temperature."""
        for device in ENTITIES:
            self.report(f"{device}/availability", "online")
        for topic, payload in OFF.items():
            self.report(topic, payload)
        self.measure(temperature_c)

    def measure(self, temperature_c: float) -> None:
        """Report the temperature of the room."""
        self.report("dev/bedroom/temperature", str(temperature_c))

    def lose(self, entity_id: str) -> None:
        """Let a device fall off the network."""
        device = next(device for device, entity in ENTITIES.items() if entity == entity_id)
        self.report(f"{device}/availability", "offline")

    def report(self, topic: str, payload: str) -> None:
        """Publish what a device says, retained, and return when the broker has it."""
        self._client.publish(topic, payload, qos=1, retain=True).wait_for_publish(10)

    def _obey(self, client: Client, _userdata: object, message: MQTTMessage) -> None:
        device = next(each for each in ENTITIES if message.topic.startswith(f"{each}/"))
        self.commanded.append(ENTITIES[device])
        answer: bytes | str = bytes(message.payload)
        if message.topic == LAMP[0]:
            wanted = json.loads(message.payload)
            wanted.pop("transition", None)
            answer = json.dumps({**wanted, **({"color_mode": "color_temp"} if wanted["state"] == "ON" else {})})
        if message.topic == BLIND[0]:
            answer = "0" if message.payload == b"CLOSE" else "100"
        others = dict((LAMP, BLIND))
        client.publish(ECHOES.get(message.topic) or others[message.topic], answer, qos=1, retain=True)

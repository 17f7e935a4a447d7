"""What speaks on MQTT in the demo's home: a Zigbee2MQTT bridge, a bed board with ESPHome, and Robin's phone."""

from __future__ import annotations

import json
import socket
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from integration.demo.broker import HOST
from integration.demo.home import ANSWER_TOPIC, BED_TOPIC, CLIMATE_TOPIC
from integration.demo.quiet import PATIENCE_S


class Bridge:
    """A client of its own at the broker: what it says reaches Unclench as from any device."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._client: paho.Client | None = None

    def start(self) -> None:
        """Connect. Raises OSError."""
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id="demo-bridge", protocol=paho.MQTTv5)
        client.on_socket_open = _no_delay
        client.connect(HOST, self._port)
        client.loop_start()
        self._client = client

    def stop(self) -> None:
        """Say goodbye; harmless when not connected."""
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()
            client.loop_stop()

    def tell_climate(self, celsius: float) -> None:
        """A reading of the bedroom's sensor, as Zigbee2MQTT sends it."""
        humidity = round(58.0 - 2.5 * (min(celsius, 30.0) - 21.0), 1)
        self._publish(
            CLIMATE_TOPIC, json.dumps({"battery": 87, "humidity": humidity, "linkquality": 116, "temperature": celsius})
        )

    def tell_bed(self, *, occupied: bool) -> None:
        """The bed board's state, retained as ESPHome does."""
        self._publish(BED_TOPIC, "ON" if occupied else "OFF", retain=True)

    def answer(self, answer: str) -> None:
        """Robin's answer to the prompt that is open."""
        self._publish(ANSWER_TOPIC, json.dumps({"answer": answer}))

    def _publish(self, topic: str, payload: str, *, retain: bool = False) -> None:
        if self._client is not None:
            self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PATIENCE_S)


def _no_delay(_client: object, _data: object, sock: Any) -> None:  # noqa: ANN401 (paho's own union of sockets)
    """Without this a publish now and then waits for the answer to the one before."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

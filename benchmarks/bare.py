"""What Unclench is measured against: a paho client with a single `if`. It stores nothing and knows nothing else."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as paho
from homeassistant_api import WebsocketClient
from paho.mqtt.enums import CallbackAPIVersion

LIMIT_C = 22.0
Switch = Callable[[paho.Client, str, bool], None]


def over_mqtt(client: paho.Client, topic: str, on: bool) -> None:  # noqa: FBT001 (the state of a switch)
    """Publish the command on the fan's own topic."""
    client.publish(topic.replace("climate", "fan/set"), "ON" if on else "OFF")


def over_home_assistant(url: str, token: str) -> Switch:
    """Call the fan's service, over the WebSocket: over REST each call waits 40 ms for a confirmation of TCP."""
    home = WebsocketClient(f"{url}/api/websocket", token).__enter__()

    def switch(_client: paho.Client, topic: str, on: bool) -> None:  # noqa: FBT001 (the state of a switch)
        service = "turn_on" if on else "turn_off"
        home.trigger_service("fan", service, entity_id=f"fan.{topic.split('/')[1]}")

    return switch


def main(port: int, prefix: str, switch: Switch) -> None:
    """Switch each room's fan when its temperature crosses the limit. Topics as in `tests.integration.many_rooms`."""
    on: dict[str, bool] = {}

    def on_connect(client: paho.Client, *_: object) -> None:
        client.subscribe(f"{prefix}/+/climate", qos=1)

    def on_message(client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        hot = json.loads(message.payload)["temperature"] > LIMIT_C
        if hot != on.get(message.topic, False):
            on[message.topic] = hot
            switch(client, message.topic, hot)

    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.on_connect, client.on_message, client.on_socket_open = on_connect, on_message, no_delay
    client.on_subscribe = lambda *_: print("ready", flush=True)  # noqa: T201 (whoever started us waits for it)
    client.connect("127.0.0.1", port)
    client.loop_forever()


def no_delay(_client: object, _data: object, sock: Any) -> None:  # noqa: ANN401 (paho's own union of sockets)
    """Send each packet at once; without it the kernel waits for company."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], over_home_assistant(*sys.argv[3:5]) if sys.argv[3:] else over_mqtt)

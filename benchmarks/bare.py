"""What Unclench is measured against: a paho client with a single `if`. It stores nothing and knows nothing else."""

from __future__ import annotations

import json
import socket
import sys
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

LIMIT_C = 22.0


def main(port: int, prefix: str) -> None:
    """Switch each room's fan when its temperature crosses the limit. Topics as in `benchmarks.home`."""
    on: dict[str, bool] = {}

    def on_connect(client: paho.Client, *_: object) -> None:
        client.subscribe(f"{prefix}/+/climate", qos=1)

    def on_message(client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        hot = json.loads(message.payload)["temperature"] > LIMIT_C
        if hot != on.get(message.topic, False):
            on[message.topic] = hot
            client.publish(message.topic.replace("climate", "fan/set"), "ON" if hot else "OFF")

    def no_delay(_client: object, _data: object, sock: Any) -> None:  # noqa: ANN401 (paho's own union of sockets)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.on_connect, client.on_message, client.on_socket_open = on_connect, on_message, no_delay
    client.connect("127.0.0.1", port)
    client.loop_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

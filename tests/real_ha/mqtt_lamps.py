"""Lamps that announce themselves to Home Assistant over MQTT discovery, and do what it asks of them."""

from __future__ import annotations

import json
import time
from typing import Any

import paho.mqtt.client as paho

from tests.integration.homebuilder import say

SMOOTH, PLAIN, FLOOR = "light.smooth_lamp", "light.plain_lamp", "light.floor_lamp"
LAMPS = (SMOOTH, PLAIN, FLOOR)
_WHITE = {"color_temp_kelvin": True, "min_kelvin": 2000, "max_kelvin": 6500}


def _slug(entity: str) -> str:
    return entity.partition(".")[2]


class Lamps:
    """Two lamps as Zigbee2MQTT announces them (in JSON, they fade by themselves), and one that cannot fade."""

    def __init__(self, client: paho.Client) -> None:
        self.client = client
        self.commands: dict[str, list[dict[str, Any]]] = {lamp: [] for lamp in LAMPS}
        """What each was told, in order."""
        self.last_at = 0.0
        """When the latest command came, by ``time.monotonic``."""
        self._state: dict[str, dict[str, Any]] = {lamp: {"state": "OFF"} for lamp in LAMPS}

    def announce(self) -> None:
        """Tell Home Assistant of the lamps, and listen."""
        self.client.on_message = lambda _client, _data, message: self._obey(message)
        self.client.subscribe("lamps/+/set/#", 1)
        for lamp in LAMPS:
            say(self.client, f"homeassistant/light/{_slug(lamp)}/config", json.dumps(_config(lamp)), retain=True)
        self.all_off()

    def all_off(self) -> None:
        """Be off, and forget what was asked."""
        for lamp in LAMPS:
            self.set(lamp, on=False)
            self.commands[lamp].clear()

    def set(self, lamp: str, *, on: bool, brightness: int = 0, kelvin: int = 0) -> None:
        """Be so, by a hand that Home Assistant does not know of, and say it."""
        self._state[lamp] = {"state": "ON", "brightness": brightness, "color_temp": kelvin} if on else {"state": "OFF"}
        self._report(lamp, wait=True)

    def _report(self, lamp: str, *, wait: bool = False) -> None:
        state, base = self._state[lamp], f"lamps/{_slug(lamp)}"
        if lamp == PLAIN:
            told = {f"{base}/{name}": str(value) for name, value in state.items()}
        else:
            told = {base: json.dumps({**state, **({"color_mode": "color_temp"} if "color_temp" in state else {})})}
        for topic, payload in told.items():
            if wait:
                say(self.client, topic, payload, retain=True)
            else:
                self.client.publish(topic, payload, qos=1, retain=True)

    def _obey(self, message: paho.MQTTMessage) -> None:
        self.last_at = time.monotonic()
        _, slug, _, *which = message.topic.split("/")
        lamp, said = f"light.{slug}", message.payload.decode()
        if lamp == PLAIN:
            name = which[0] if which else "state"
            wanted = {name: said if name == "state" else int(said)}
            self.commands[lamp].append({"kelvin" if name == "color_temp" else name: wanted[name]})
        else:
            wanted = json.loads(said)
            self.commands[lamp].append(dict(wanted))
            wanted.pop("transition", None)
        self._state[lamp] |= wanted
        self._report(lamp)


def _config(lamp: str) -> dict[str, Any]:
    """What is announced. Without an id in it, both versions make the entity's id from its name."""
    base = f"lamps/{_slug(lamp)}"
    common = {
        "name": _slug(lamp).replace("_", " ").capitalize(),
        "unique_id": f"test_{_slug(lamp)}",
        "command_topic": f"{base}/set",
        **_WHITE,
    }
    if lamp == PLAIN:
        return {
            **common,
            "state_topic": f"{base}/state",
            "brightness_command_topic": f"{base}/set/brightness",
            "brightness_state_topic": f"{base}/brightness",
            "color_temp_command_topic": f"{base}/set/color_temp",
            "color_temp_state_topic": f"{base}/color_temp",
        }
    return {
        **common,
        "schema": "json",
        "state_topic": base,
        "brightness": True,
        "supported_color_modes": ["color_temp"],
    }

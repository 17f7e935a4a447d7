"""The Home Assistant of the tests is sound: what other tests build on."""

from __future__ import annotations

import http.client
import json
import threading

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from tests.peers.home_assistant import HomeAssistant
from tests.peers.mosquitto import Mosquitto

EXPECTED = {
    "binary_sensor.bed_occupied",
    "climate.bedroom_ac",
    "fan.bedroom_fan",
    "input_boolean.test_flag",
    "light.bedroom_lamp",
    "notify.bedside_display",
    "script.bedside_prompt",
    "sensor.bedroom_temperature",
    "switch.cooling_mattress_pad",
}


def test_every_entity_of_the_configuration_is_there(home_assistant: HomeAssistant) -> None:
    """A wrong line would only make its entity missing."""
    _, states = home_assistant.call("GET", "/api/states")
    assert isinstance(states, list)
    assert {state["entity_id"] for state in states} >= EXPECTED


def test_nothing_was_wrong_in_the_log_when_it_had_started(home_assistant: HomeAssistant) -> None:
    """Nor is anything of ours refused."""
    assert home_assistant.errors_at_start == []


def test_it_is_the_version_that_was_asked_for(home_assistant: HomeAssistant) -> None:
    """And it runs, not in recovery mode."""
    _, config = home_assistant.call("GET", "/api/config")
    assert isinstance(config, dict)
    assert (config["version"], config["recovery_mode"]) == (home_assistant.version.name, False)


def test_a_prompt_arrives_as_one_document(home_assistant: HomeAssistant, broker_for_ha: Mosquitto) -> None:
    """Title, tag and answers reach the display together."""
    arrived = threading.Event()
    payloads: list[bytes] = []
    client = Client(CallbackAPIVersion.VERSION2)

    def on_message(_client: object, _userdata: object, message: MQTTMessage) -> None:
        payloads.append(bytes(message.payload))
        arrived.set()

    subscribed = threading.Event()
    client.on_message = on_message
    client.on_subscribe = lambda *_: subscribed.set()
    client.connect("127.0.0.1", broker_for_ha.port)
    client.loop_start()
    try:
        client.subscribe("dev/bedside_display/prompt", qos=1)
        assert subscribed.wait(5)
        prompt = {"title": "Stretch?", "message": "Two minutes.", "tag": "a1", "actions": [{"action": "done"}]}
        status, _ = home_assistant.call("POST", "/api/services/script/bedside_prompt", prompt)
        assert status == http.client.OK
        assert arrived.wait(5)
    finally:
        client.disconnect()
        client.loop_stop()
    assert json.loads(payloads[0]) == prompt


def test_an_unknown_token_is_refused(home_assistant: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the address is not banned for it: the next request is answered."""
    with monkeypatch.context() as patch:
        patch.setattr(home_assistant, "token", "wrong")
        assert home_assistant.call("GET", "/api/")[0] == http.client.UNAUTHORIZED
    assert home_assistant.call("GET", "/api/")[0] == http.client.OK

"""The main job, end to end, on a real mosquitto and both real Home Assistants."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest

from devices.control.memory import Memory
from integration.app import App
from tests.integration.homebuilder import AC, BED, BY_CLOCK, CLIMATE, FAN, TestHome, publisher, ready, say
from tests.peers.home_assistant import HomeAssistant
from tests.peers.mosquitto import Mosquitto
from tests.peers.mqtt_bedroom import MqttBedroom
from tests.peers.processes import wait_until

REACTION_S = 2.0
"""The issue's limit from the reading to the devices' commands."""


@pytest.fixture
def bedroom(home_assistant: HomeAssistant, broker_for_ha: Mosquitto) -> Iterator[MqttBedroom]:
    """Devices that are all there and off."""
    with MqttBedroom(broker_for_ha.port) as devices:
        devices.reset(20.0)
        wait_until(
            lambda: home_assistant.state(AC) == "off" and home_assistant.state(FAN) == "off",
            timeout_s=20,
            what="devices off",
        )
        yield devices


@pytest.fixture
def sensors(broker_for_ha: Mosquitto) -> Iterator[paho.Client]:
    """A client that plays the sensors, and leaves no retained bed behind."""
    with publisher(broker_for_ha.port) as client:
        yield client
        say(client, BED, "", retain=True)


@pytest.fixture
def app(home_assistant: HomeAssistant, broker_for_ha: Mosquitto, bedroom: MqttBedroom, tmp_path: Path) -> Iterator[App]:
    """The service, exactly as `unclench run` composes it."""
    del bedroom
    home = TestHome(tmp_path / "home", broker_for_ha.port, home_assistant.url, home_assistant.token)
    with home.running() as running:
        yield running


def measure(client: paho.Client, celsius: float) -> None:
    """A reading as Zigbee2MQTT sends it."""
    say(client, CLIMATE, json.dumps({"temperature": celsius, "humidity": 48.2, "battery": 100, "linkquality": 120}))


def decided(app: App, text: str) -> bool:
    """Whether a decision with these words is on record."""
    return any(text in each["text"] for each in app.store.decisions(limit=500))


def device(app: App, entity: str) -> Memory:
    """What the engine remembers of a device."""
    return app.service.household.engines["robin"].world.devices[entity].memory


def confirmed(app: App, entity: str) -> bool:
    """Whether a device is wanted on, reports all of it, and no command is under way."""
    memory = device(app, entity)
    wanted, reported = memory.wanted or {}, memory.reported or {}
    return (
        memory.pending is None
        and bool(wanted.get("power"))
        and all(reported.get(name) == wanted[name] for name in wanted)
    )


def room_is_known_as(app: App, celsius: float) -> bool:
    """Whether the engine has taken in a reading."""
    return app.service.household.engines["robin"].world.facts["bedroom.temperature"].value == celsius


def heat_in_bed(client: paho.Client) -> None:
    """The person is in bed and the room crosses the trigger."""
    say(client, BED, "ON")
    measure(client, 21.0)
    measure(client, 22.6)


def test_a_hot_bedroom_is_cooled_and_the_reported_state_confirms_it(
    app: App, bedroom: MqttBedroom, sensors: paho.Client, home_assistant: HomeAssistant
) -> None:
    """Readings cross the trigger: AC and fan get their MQTT commands within 2 s, and what they report is on record."""
    say(sensors, BED, "ON")
    measure(sensors, 21.0)
    assert bedroom.commanded == []
    crossed = time.monotonic()
    measure(sensors, 22.6)
    wait_until(lambda: AC in bedroom.commanded and FAN in bedroom.commanded, timeout_s=REACTION_S, what="the commands")
    reaction = time.monotonic() - crossed
    wait_until(lambda: confirmed(app, AC), timeout_s=10, what="the confirmation")
    wait_until(lambda: confirmed(app, FAN), timeout_s=10, what="the fan's confirmation")
    assert device(app, AC).reported == {"power": True, "mode": "cool", "temperature": 21.0}
    assert device(app, FAN).reported == {"power": True, "percentage": 40.0}
    assert decided(app, "the bedroom ac reports")
    assert home_assistant.state(AC) == "cool"
    assert home_assistant.state(FAN) == "on"
    print(f"reading to commands of both devices: {reaction * 1000:.0f} ms")
    assert reaction < REACTION_S


@pytest.mark.slow
def test_a_persons_change_at_the_device_is_respected(app: App, bedroom: MqttBedroom, sensors: paho.Client) -> None:
    """The fan is switched off at the fan: it stays off, and the decision says until when."""
    heat_in_bed(sensors)
    wait_until(lambda: confirmed(app, FAN), timeout_s=10, what="the fan's confirmation")
    commands = bedroom.commanded.count(FAN)
    bedroom.report("dev/bedroom_fan/state", "OFF")
    # So soon after our own command it could be a late echo: nothing is sent until that is ruled out, then it is a hand.
    wait_until(lambda: decided(app, "left alone until"), timeout_s=90, what="the hold")
    assert device(app, FAN).holds
    measure(sensors, 22.9)
    measure(sensors, 23.1)
    wait_until(lambda: room_is_known_as(app, 23.1), timeout_s=10, what="the reading")
    assert bedroom.commanded.count(FAN) == commands


@pytest.mark.slow
def test_the_wanted_state_holds_over_a_restart_of_home_assistant(
    app: App, bedroom: MqttBedroom, sensors: paho.Client, home_assistant: HomeAssistant
) -> None:
    """Home Assistant restarts in the middle, the AC loses its state meanwhile: it is brought back."""
    heat_in_bed(sensors)
    wait_until(lambda: confirmed(app, AC), timeout_s=10, what="the confirmation")
    home_assistant.restart()
    bedroom.report("dev/bedroom_ac/mode", "off")
    wait_until(lambda: ready(app), timeout_s=60, what="Home Assistant back")
    measure(sensors, 22.7)
    wait_until(
        lambda: home_assistant.state(AC) == "cool" and home_assistant.state(FAN) == "on",
        timeout_s=30,
        what="the wanted state",
    )
    assert decided(app, "Home Assistant is away")


def test_an_unavailable_entity_is_noticed_although_the_call_answered_200(
    app: App, bedroom: MqttBedroom, sensors: paho.Client, home_assistant: HomeAssistant
) -> None:
    """The AC falls off the network: nothing is sent into the void, the fan cools, and the AC joins when it is back."""
    bedroom.lose(AC)
    wait_until(lambda: home_assistant.state(AC) == "unavailable", timeout_s=10, what="the AC gone")
    status, answer = home_assistant.call(
        "POST", "/api/services/climate/set_hvac_mode", {"entity_id": AC, "hvac_mode": "cool"}
    )
    assert (status, answer) == (200, [])
    assert AC not in bedroom.commanded
    heat_in_bed(sensors)
    wait_until(lambda: FAN in bedroom.commanded, timeout_s=REACTION_S, what="the fan's command")
    wait_until(lambda: decided(app, "is not available"), timeout_s=10, what="the note")
    assert AC not in bedroom.commanded
    bedroom.report("dev/bedroom_ac/availability", "online")
    wait_until(lambda: home_assistant.state(AC) == "cool", timeout_s=10, what="the AC joins")


def test_a_script_prompt_arrives_whole(app: App, sensors: paho.Client, broker_for_ha: Mosquitto) -> None:
    """The stretch prompt reaches a script of the home with its buttons, and an answer over MQTT ends it."""
    del app
    arrived: list[dict[str, object]] = []
    with publisher(broker_for_ha.port) as display:
        display.on_message = lambda _client, _data, message: arrived.append(json.loads(message.payload))
        display.subscribe("dev/bedside_display/prompt", 1)
        say(sensors, "unclench/robin/routine/stretch", "")
        wait_until(lambda: bool(arrived), timeout_s=10, what="the prompt")
    assert arrived[0]["message"]
    actions = arrived[0]["actions"]
    assert isinstance(actions, list)
    assert [each["title"] for each in actions] == ["Done", "Later", "Skip"]


PHONE_PROFILE = f"""
name: Robin
time_zone: UTC
{BY_CLOCK}
prompts:
  channels:
    - notify: notify.mobile_app_robins_phone
"""


@pytest.fixture
def pushed() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The address of a push service, and what it was sent."""
    sent: list[dict[str, Any]] = []

    class Push(BaseHTTPRequestHandler):
        """Takes what a phone would get."""

        def do_POST(self) -> None:
            """Keep it, and answer as the real service does."""
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            answer = json.dumps(
                {"rateLimits": {"successful": 1, "errors": 0, "maximum": 500, "resetsAt": "2026-01-01T00:00:00Z"}}
            ).encode()
            self.send_response(201)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Push)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/push", sent
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_a_phone_gets_the_prompt_with_its_buttons(
    home_assistant: HomeAssistant,
    broker_for_ha: Mosquitto,
    sensors: paho.Client,
    pushed: tuple[str, list[dict[str, Any]]],
    tmp_path: Path,
) -> None:
    """A phone's notify service has no state: it must not be taken for gone. The message arrives whole."""
    address, sent = pushed
    registration = {
        "device_id": f"robin-{home_assistant.version.name}",
        "app_id": "unclench.test",
        "app_name": "test",
        "app_version": "1",
        "device_name": "Robins phone",
        "manufacturer": "none",
        "model": "none",
        "os_name": "none",
        "os_version": "1",
        "supports_encryption": False,
        "app_data": {"push_token": "token", "push_url": address},
    }
    status, _ = home_assistant.call("POST", "/api/mobile_app/registrations", registration)
    assert status == HTTPStatus.CREATED
    home = TestHome(
        tmp_path / "home", broker_for_ha.port, home_assistant.url, home_assistant.token, profile=PHONE_PROFILE
    )
    with home.running():
        say(sensors, "unclench/robin/routine/stretch", "")
        wait_until(lambda: bool(sent), timeout_s=10, what="the notification")
    assert sent[0]["message"]
    buttons = sent[0]["data"]["actions"]
    assert [each["title"] for each in buttons] == ["Done", "Later", "Skip"]
    assert buttons[0]["action"] == "UNCLENCH:robin:stretch:done"

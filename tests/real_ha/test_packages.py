"""config/home_assistant/packages/unclench.yaml in a real Home Assistant, both versions."""

from __future__ import annotations

import http.client
import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from homeassistant_api import WebsocketClient

from config.profile import Profile
from devices.events import Event, PauseChanged, PromptAnswered, RoutineDue
from devices.own_topics import ANSWERS, Arrival, parse
from devices.readings import Message, Rejection
from integration.topics import OUTGOING
from rules.until import until_of
from tests.conftest import REAL_VERSIONS, give_up
from tests.integration.homebuilder import publisher, say
from tests.peers import home_assistant as peer
from tests.peers.home_assistant import HomeAssistant
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until
from tests.peers.versions import Unavailable

PACKAGE = Path(__file__).parent.parent.parent / "config/home_assistant/packages/unclench.yaml"
QUICKER = {'"00:02:00"': '"00:00:01"', '"00:01:30"': '"00:00:01"', "expire_after: 120": "expire_after: 3"}
"""What a test does not wait for."""
RUNNING, HEARTBEAT = "binary_sensor.unclench_running", "binary_sensor.unclench_heartbeat"


@dataclass
class Home:
    """A Home Assistant with our package, its broker, and what arrived there."""

    assistant: HomeAssistant
    client: paho.Client
    heard: list[tuple[str, str, bool]]

    def becomes(self, entity: str, state: str) -> None:
        """Return when an entity has a state."""
        wait_until(lambda: self.assistant.state(entity) == state, timeout_s=10, what=f"{entity} {state}")

    def notices(self) -> list[str]:
        """The titles of our notifications that stand in Home Assistant; it has some of its own."""
        logging.getLogger("homeassistant_api").setLevel(logging.WARNING)
        url = self.assistant.url.replace("http", "ws") + "/api/websocket"
        with WebsocketClient(url, self.assistant.token) as socket:
            answer = socket.recv(socket.send("persistent_notification/get"))
        notices: list[dict[str, str]] = getattr(answer, "result", None) or []
        return [notice["title"] for notice in notices if notice["notification_id"].startswith("unclench")]

    def answer(self, action: object, **more: object) -> None:
        """A tap on a phone's notification, as the companion app reports it."""
        event = "/api/events/mobile_app_notification_action"
        assert self.assistant.call("POST", event, {"action": action, "tag": "x", **more})[0] == http.client.OK

    def call(self, service: str, entity: str) -> None:
        """Call a service for an entity."""
        assert self.assistant.call("POST", f"/api/services/{service}", {"entity_id": entity})[0] == http.client.OK

    def beat(self, loop_age_s: float = 0.4, home_assistant: bool | None = None) -> None:
        """A heartbeat of ours."""
        document = {
            "at": "2026-07-20T20:00:00+00:00",
            "loop_age_s": loop_age_s,
            "inbox": 0,
            "mqtt": True,
            "home_assistant": home_assistant,
        }
        say(self.client, f"unclench/{OUTGOING['health'].topic()}", json.dumps(document))

    def lives(self) -> None:
        """Be online and beat until it is seen: what is not retained can be missed right after the start."""
        self.status("online")
        self.becomes(RUNNING, "on")

        def seen() -> bool:
            self.beat()
            return self.assistant.state(HEARTBEAT) == "on"

        wait_until(seen, timeout_s=10, what="the heartbeat")

    def status(self, state: str) -> None:
        """Our status, or our last will."""
        say(self.client, f"unclench/{OUTGOING['status'].topic()}", json.dumps({"state": state}), retain=True)


def understood(heard: list[tuple[str, str, bool]]) -> list[Event | Rejection | None]:
    """What Unclench takes these messages for."""
    until = until_of(Profile(name="Anna", time_zone="Europe/London"))
    at = datetime(2026, 7, 20, 20, 0, tzinfo=UTC)
    messages = [Message(topic=topic, payload=payload.encode(), retained=kept) for topic, payload, kept in heard]
    return [parse(Arrival("anna", each.topic.split("/")[2:], each, at, "m", until=until)) for each in messages]


@pytest.fixture(scope="module", params=REAL_VERSIONS)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A Home Assistant of its own, with the package as a person would put it there."""
    folder = tmp_path_factory.mktemp("home_assistant")
    configuration = folder / "config"
    shutil.copytree(peer.CONFIGURATION, configuration)
    (configuration / "scripts.yaml").write_text("{}\n")  # the package brings this script itself
    (configuration / "packages").mkdir()
    text = PACKAGE.read_text()
    for slow, quick in QUICKER.items():
        assert slow in text
        text = text.replace(slow, quick)
    (configuration / "packages/unclench.yaml").write_text(text)
    heard: list[tuple[str, str, bool]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peer, "CONFIGURATION", configuration)
        try:
            with (
                Mosquitto(folder) as broker,
                HomeAssistant(request.param, broker.port) as assistant,
                publisher(broker.port) as client,
            ):
                client.on_message = lambda _c, _d, m: heard.append((m.topic, m.payload.decode(), m.retain))
                topics = ("unclench/+/answer", "unclench/+/pause", "unclench/+/routine/+", "bedside_display/#")
                client.subscribe([(topic, 1) for topic in topics])
                yield Home(assistant, client, heard)
        except Unavailable as error:
            give_up(error)


def test_it_loads_without_an_error(home: Home) -> None:
    assert home.assistant.errors_at_start == []
    _, states = home.assistant.call("GET", "/api/states")
    assert isinstance(states, list)
    wanted = {RUNNING, HEARTBEAT, "automation.unclench_stopped", "automation.unclench_is_back"}
    wanted |= {"automation.unclench_answer_from_the_phone", "script.bedside_prompt"}
    wanted |= {"switch.unclench_pause", "button.unclench_wind_down"}
    wanted |= {f"button.unclench_{name}" for name in ("log_a_spasm", "log_stiffness", "undo")}
    assert {state["entity_id"] for state in states} >= wanted


def test_somebody_is_told_when_unclench_stops_and_when_it_is_back(home: Home) -> None:
    home.lives()
    home.status("offline")
    home.becomes(RUNNING, "off")
    wait_until(lambda: home.notices() == ["Unclench has stopped"], timeout_s=15, what="the notice")
    home.lives()
    wait_until(lambda: home.notices() == [], timeout_s=10, what="the end of the notice")


@pytest.mark.parametrize("how", ["silent", "hanging", "not let in"])
def test_somebody_is_told_when_the_heartbeat_ends_although_the_status_is_online(home: Home, how: str) -> None:
    """The last will does not come when the process hangs, nor when its token was revoked."""
    home.lives()
    if how != "silent":
        home.beat(600 if how == "hanging" else 0.4, home_assistant=how == "hanging")
        home.becomes(HEARTBEAT, "off")
    else:
        home.becomes(HEARTBEAT, "unavailable")
    wait_until(lambda: home.notices() == ["Unclench has stopped"], timeout_s=15, what="the notice")
    home.lives()
    wait_until(lambda: home.notices() == [], timeout_s=10, what="the end of the notice")


def test_an_answer_from_the_phone_reaches_its_person(home: Home) -> None:
    home.heard.clear()
    for foreign in ("OTHER:anna:stretch:done", "UNCLENCH:#:stretch:done", "UNCLENCH:anna/x:stretch:done", None, 7):
        home.answer(foreign)
    home.answer("UNCLENCH:anna:stretch:later")
    wait_until(lambda: bool(home.heard), timeout_s=10, what="the answer")
    assert [(topic, json.loads(payload), kept) for topic, payload, kept in home.heard] == [
        ("unclench/anna/answer", {"action": "UNCLENCH:anna:stretch:later", "reply_text": ""}, False)
    ]
    (event,) = understood(home.heard)
    assert isinstance(event, PromptAnswered)
    assert (event.answer, event.prompt, event.value) == ("later", "stretch", None)


@pytest.mark.parametrize(("typed", "value"), [("7", 7.0), (' 6,5 "really" ', None), (6, 6.0), (None, None)])
def test_what_was_typed_on_the_phone_goes_with_it(home: Home, typed: object, value: float | None) -> None:
    """As an answer with a number, or refused when it is none; quotation marks break nothing."""
    home.heard.clear()
    home.answer("UNCLENCH:anna:rating:done", reply_text=typed)
    wait_until(lambda: bool(home.heard), timeout_s=10, what="the answer")
    assert json.loads(home.heard[0][1])["reply_text"] == ("" if typed is None else str(typed))
    (event,) = understood(home.heard)
    if isinstance(event, PromptAnswered):
        assert (event.answer, event.prompt, event.value) == ("done", "rating", value)
    else:
        assert typed == ' 6,5 "really" '


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_gets_through(home: Home, answer: str) -> None:
    """The package lets through what Unclench understands, and nothing else."""
    home.heard.clear()
    home.answer("UNCLENCH:anna:stretch:dance")
    home.answer(f"UNCLENCH:anna:stretch:{answer}")
    wait_until(lambda: bool(home.heard), timeout_s=10, what="the answer")
    (event,) = understood(home.heard)
    assert isinstance(event, PromptAnswered)
    assert event.answer == answer


def test_the_switch_pauses_and_shows_it(home: Home) -> None:
    """It is on when Unclench says so, and not because somebody touched it."""
    pause = "switch.unclench_pause"
    idle: dict[str, object] = {"paused": {}, "paused_until": None}
    say(home.client, "unclench/anna/state", json.dumps(idle), retain=True)
    home.becomes(pause, "off")
    home.heard.clear()
    home.call("switch/turn_on", pause)
    wait_until(lambda: bool(home.heard), timeout_s=10, what="the pause")
    assert home.assistant.state(pause) == "off"
    until = "2026-07-21T06:30:00+00:00"
    state = {"paused": {"everything": until}, "paused_until": until}
    say(home.client, "unclench/anna/state", json.dumps(state), retain=True)
    home.becomes(pause, "on")
    _, shown = home.assistant.call("GET", f"/api/states/{pause}")
    assert isinstance(shown, dict)
    assert shown["attributes"]["until"] == until
    home.call("switch/turn_off", pause)
    wait_until(lambda: len(home.heard) == 2, timeout_s=10, what="the end of the pause")
    assert [(topic, kept) for topic, _, kept in home.heard] == [("unclench/anna/pause", False)] * 2
    begun, ended = understood(home.heard)
    assert isinstance(begun, PauseChanged)
    assert isinstance(ended, PauseChanged)
    assert (begun.area, begun.until is not None, ended.until) == ("", True, None)


def test_the_button_begins_the_evening(home: Home) -> None:
    home.heard.clear()
    home.call("button/press", "button.unclench_wind_down")
    wait_until(lambda: bool(home.heard), timeout_s=10, what="the routine")
    assert [(topic, kept) for topic, _, kept in home.heard] == [("unclench/anna/routine/wind_down", False)]
    (event,) = understood(home.heard)
    assert isinstance(event, RoutineDue)


def test_a_prompt_reaches_a_display(home: Home) -> None:
    home.heard.clear()
    prompt = {
        "title": "Evening",
        "message": "Time for a gentle stretch?",
        "tag": "s",
        "actions": [{"action": "a", "title": "Done"}],
        "spoken": "Time for a stretch?",
    }
    assert home.assistant.call("POST", "/api/services/script/bedside_prompt", prompt)[0] == http.client.OK
    wait_until(lambda: bool(home.heard), timeout_s=10, what="the prompt")
    assert json.loads(home.heard[0][1]) == prompt
    home.heard.clear()
    assert home.assistant.call("POST", "/api/services/script/bedside_prompt", {"message": "Hello"})[0] == http.client.OK
    wait_until(lambda: bool(home.heard), timeout_s=10, what="the short prompt")
    assert json.loads(home.heard[0][1]) == {"title": "", "message": "Hello", "tag": "", "actions": [], "spoken": ""}

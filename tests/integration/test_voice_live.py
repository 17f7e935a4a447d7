"""What is said over MQTT to a running service: answered, written, acted on, and nowhere to be read by others."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest

from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.store.journal import JOURNAL
from tests.faults.bedroom_tools import bedroom, lie_down, measure, spoken, state_of
from tests.faults.killed_tools import ServiceProcess
from tests.integration.homebuilder import FAN, TestHome, publisher, say
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

pytestmark = pytest.mark.peers

SIDES, PLACES = ("left", "right"), ("calf", "foot", "thigh", "hand")


@pytest.fixture
def stand_in() -> Iterator[StandInHomeAssistant]:
    """A stand-in Home Assistant with the bedroom's devices."""
    with bedroom() as home:
        yield home


@pytest.fixture
def home(tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant) -> TestHome:
    """A configuration for both, with a site of Rhasspy's."""
    found = TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token)
    with (found.folder / "home.yaml").open("a") as text:
        text.write("\nhermes: {sites: {bedside: robin}}\n")
    return found


class Person:
    """Somebody who speaks over MQTT, and everything that comes by."""

    def __init__(self, client: paho.Client) -> None:
        self.client = client
        self.seen: list[paho.MQTTMessage] = []
        self.replies: dict[str, str] = {}
        client.on_message = self._see
        client.subscribe("#", 1)
        self._count = 0

    def _see(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        self.seen.append(message)
        if message.topic == "unclench/robin/voice/reply":
            reply = json.loads(message.payload)
            self.replies[reply["request_id"]] = reply["text"]

    def asks(self, text: str) -> str:
        """Say something; returns what is numbered so."""
        self._count += 1
        request = f"r{self._count}"
        say(self.client, "unclench/robin/voice/text", json.dumps({"text": text, "request_id": request}))
        return request

    def say(self, text: str) -> str:
        """Say something and wait for the answer."""
        request = self.asks(text)
        wait_until(lambda: request in self.replies, timeout_s=10, what=f"an answer to {text!r}")
        return self.replies[request]


def entries(folder: Path, what: str = "*") -> list[tuple[Any, ...]]:
    """What the journal holds."""
    with closing(sqlite3.connect(f"file:{folder / 'data' / JOURNAL}?mode=ro", uri=True, timeout=10)) as journal:
        return journal.execute(f"SELECT {what} FROM entries WHERE deleted = 0 ORDER BY seq").fetchall()  # noqa: S608


def test_a_conversation(home: TestHome, mosquitto: Mosquitto) -> None:
    """Log, correct, ask, take back: each answered in a moment, from what is on the disk."""
    with home.running(), publisher(mosquitto.port) as client:
        person = Person(client)
        assert person.say("log a leg spasm, seven") == "Leg spasm, seven."
        assert "eight" in person.say("make that an eight")
        assert "left" in person.say("left, not right").lower()
        assert "One spasm" in person.say("how many spasms this week")
        assert person.say("undo that") == "Changed back: leg spasm, eight."
        assert entries(home.folder, "what, severity, side") == [("spasm", 8.0, "")]
        assert "note" in person.say("the kettle has opinions about jazz")
        began = time.monotonic()
        person.say("what did I log today")
        print(f"a question took {(time.monotonic() - began) * 1000:.0f} ms over the broker")


def test_eight_at_once_get_eight_right_answers(home: TestHome, mosquitto: Mosquitto) -> None:
    with home.running(), publisher(mosquitto.port) as client:
        person = Person(client)
        where = [f"{side} {place}" for side in SIDES for place in PLACES]
        asked = {person.asks(f"{each} spasm"): f"{each} spasm, noted." for each in where}
        wait_until(lambda: len(person.replies) == len(asked), timeout_s=10, what="eight answers")
        assert {request: text.lower() for request, text in person.replies.items()} == asked
        assert len(entries(home.folder)) == len(asked)


def test_too_hot_acts_now_and_is_written(home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant) -> None:
    with home.running() as app, publisher(mosquitto.port) as client:
        person = Person(client)
        measure(client, 21.0)
        room = app.service.household.engines["robin"].world.rooms["bedroom"]
        wait_until(lambda: room.temperature.fresh, timeout_s=10, what="the room")
        person.say("I'm too hot")
        wait_until(lambda: state_of(stand_in, FAN) == "on", timeout_s=10, what="the fan")
        assert "on" in person.say("why is the fan on")
        assert "21" in person.say("how warm is the bedroom")
        assert entries(home.folder, "kind, what") == [("report", "too_hot")]
        context = json.loads(entries(home.folder, "context")[0][0])
        assert context["temperature"]["value"] == 21.0


def test_a_prompt_is_answered_by_voice(home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant) -> None:
    """As by a button: it is over, or comes back when the person said."""
    with home.running() as app, publisher(mosquitto.port) as client:
        person = Person(client)
        say(client, "unclench/robin/routine/stretch", "")
        wait_until(lambda: bool(spoken(stand_in)), timeout_s=10, what="the offer")
        world = app.service.household.engines["robin"].world
        desk = world.desk.memory
        person.say("remind me in thirty five minutes")
        wait_until(lambda: desk.prompts["stretch"].later_at is not None, timeout_s=5, what="the answer")
        later = desk.prompts["stretch"].later_at
        assert later is not None
        assert timedelta(minutes=34) < later - app.clock.now() <= timedelta(minutes=35)
        person.say("pause everything till Monday")
        wait_until(lambda: bool(world.pauses.until), timeout_s=5, what="the pause")
        person.say("resume everything")
        wait_until(lambda: not world.pauses.until.get(""), timeout_s=5, what="its end")


def test_rhasspy_is_answered_where_it_was_asked(home: TestHome, mosquitto: Mosquitto) -> None:
    with home.running(), publisher(mosquitto.port) as client:
        person = Person(client)
        document = {"siteId": "bedside", "sessionId": "s-1", "rawInput": "stiff hands six", "intent": {}}
        say(client, "hermes/intent/UnclenchLog", json.dumps(document))
        ended = "hermes/dialogueManager/endSession"
        wait_until(
            lambda: any(each.topic == ended for each in person.seen), timeout_s=10, what="the end of the session"
        )
        (said,) = [json.loads(each.payload) for each in person.seen if each.topic == ended]
        assert said["sessionId"] == "s-1"
        assert "six" in said["text"]
        assert entries(home.folder, "what, severity, channel") == [("stiffness", 6.0, "hermes")]


MARKERS = ("rhododendron", "xylophone", "groin", "buttock", "spasm", "stiff")


def test_nothing_of_it_is_in_logs_retained_topics_or_home_assistant(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """A whole evening at the most talkative log level: then everything that others could read is searched."""
    secret = [
        "left groin spasm nine, note the rhododendron fell",
        "another one",
        "make that a ten",
        "both buttocks are stiff, I think it's the heat",
        "xylophone rhododendron nonsense",
        "no, it was the right groin",
        "what did I log today",
        "read me the summary for my nurse",
        "undo that",
        "I can't breathe, rhododendron",
    ]
    home.folder.joinpath("secrets.env").write_text("UNCLENCH_LOG_LEVEL=debug\n")
    home.folder.joinpath("secrets.env").chmod(0o600)
    with ServiceProcess(home) as service, publisher(mosquitto.port) as client:
        person = Person(client)
        lie_down(client)
        for number, text in enumerate(secret):
            measure(client, 21.0 + number / 5)
            person.say(text)
        for document in ({"symptom": "spasm", "note": "rhododendron"}, {"symptom": "rhododendron"}, "rhododendron"):
            say(client, "unclench/robin/symptom", json.dumps(document))
        say(client, "unclench/robin/routine/wind_down", "")
        say(client, "unclench/robin/answer", "done")
        wait_until(lambda: state_of(stand_in, FAN) == "on", timeout_s=20, what="the fan")
        service.kill()
        service.start()
        service.wait_until_ready()
        person.say("how many spasms today")
        log = service.log.read_bytes().decode(errors="replace").lower()
    assert "debug" in log or len(log) > 1000
    health = (
        (home.folder / "data" / "health.json").read_text() if (home.folder / "data" / "health.json").exists() else ""
    )
    with publisher(mosquitto.port) as later:
        kept = Person(later)
        time.sleep(1.0)
        retained = " ".join(f"{each.topic} {each.payload.decode()}" for each in kept.seen if each.retain).lower()
    others = " ".join(
        f"{each.topic} {each.payload.decode(errors='replace')}"
        for each in person.seen
        if each.topic.startswith("unclench/") and "/voice/" not in each.topic and not each.topic.endswith("/symptom")
    ).lower()
    states = str(list(stand_in._core.states.all())).lower()
    calls = " ".join(f"{call.domain} {call.service} {call.data}" for call in stand_in.calls).lower()
    assert retained, "the service's own state is kept"
    for marker in MARKERS:
        for where, text in (("log", log), ("health", health), ("retained", retained), ("published", others)):
            assert marker not in text, f"{marker} in {where}"
        assert marker not in states, f"{marker} in Home Assistant's states"
        assert marker not in calls, f"{marker} in what Home Assistant was asked to do"
    for name in ("unclench.db", "unclench.db-wal"):
        path = home.folder / "data" / name
        held = path.read_bytes() if path.exists() else b""
        for word in (b"rhododendron", b"xylophone", b"groin", b"buttock"):
            assert word not in held, f"{word!r} in {name}"

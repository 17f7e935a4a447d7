"""Assist of a real Home Assistant with our files, and what may answer on the other side of the broker."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest

from tests.cli.unclench import unclench
from tests.peers import home_assistant as peer
from tests.peers.home_assistant import HomeAssistant
from tests.peers.mosquitto import Mosquitto

PERSON = "robin"
INTENT, REPLY = f"unclench/{PERSON}/voice/intent", f"unclench/{PERSON}/voice/reply"


AT_ONCE = 25
"""So many sentences are asked about in one message."""
RECORDER = "\nrecorder:\n  commit_interval: 1\n"


@contextmanager
def with_our_files(version: str, folder: Path) -> Iterator[tuple[Mosquitto, HomeAssistant]]:
    """A Home Assistant of its own, whose folder `unclench ha install` has been through. It records.

    Raises Unavailable where there is none.
    """
    configuration = folder / "config"
    shutil.copytree(peer.CONFIGURATION, configuration)
    main = configuration / "configuration.yaml"
    main.write_text(main.read_text() + RECORDER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNCLENCH_CONFIG", str(folder / "none"))
        ran = unclench("ha", "install", "--config", str(configuration), "--person", PERSON, "--yes")
        assert ran.code == 0, ran.output
        patch.setattr(peer, "CONFIGURATION", configuration)
        with Mosquitto(folder) as broker, HomeAssistant(version, broker.port) as assistant:
            yield broker, assistant


@dataclass(frozen=True)
class Heard:
    """What Assist said to a sentence, how long it took, and of what kind it was."""

    speech: str
    kind: str
    took_s: float


def say_to_assist(assistant: HomeAssistant, text: str) -> Heard:
    """Say a sentence, as the app does."""
    begun = time.monotonic()
    status, answer = assistant.call("POST", "/api/conversation/process", {"text": text, "language": "en"})
    took = time.monotonic() - begun
    assert status == HTTPStatus.OK
    assert isinstance(answer, dict)
    response = answer["response"]
    return Heard(response["speech"]["plain"]["speech"], response["response_type"], took)


def all_at_once(assistant: HomeAssistant, texts: list[str]) -> list[Heard]:
    """Say several sentences at the same time; the answers in the same order."""
    answers: dict[int, Heard] = {}
    together = threading.Barrier(len(texts))

    def one(number: int, text: str) -> None:
        together.wait(10)
        answers[number] = say_to_assist(assistant, text)

    threads = [threading.Thread(target=one, args=each) for each in enumerate(texts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [answers[number] for number in range(len(texts))]


def matched(assistant: HomeAssistant, texts: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """The intent and the slots' values that Home Assistant finds in each sentence ("" where none); nothing is run."""
    found: list[tuple[str, dict[str, Any]]] = []
    for some in (texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)):
        answer = assistant.ask("conversation/agent/homeassistant/debug", sentences=some, language="en")
        assert isinstance(answer, dict)
        for each in answer["results"]:
            if each is None or not each["match"] or "intent" not in each:
                found.append(("", {}))
            else:
                found.append((each["intent"]["name"], {name: slot["value"] for name, slot in each["details"].items()}))
    return found


Answer = Callable[[dict[str, Any]], str]


def _repeats(said: dict[str, Any]) -> str:
    return f"{said['intent']} {json.dumps(said['slots'])}"


@dataclass
class Responder:
    """Stands for Unclench: answers what comes, by a function of the message, or not at all."""

    client: paho.Client
    came: list[dict[str, Any]] = field(default_factory=list)
    answer: Answer | None = _repeats

    def listen(self) -> None:
        """Begin."""
        ready = threading.Event()
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_message = lambda _client, _data, message: self._take(message)
        self.client.subscribe(INTENT, 1)
        self.client.on_connect = self._again
        assert ready.wait(10)

    def _again(self, client: paho.Client, *_: object) -> None:
        """After a restart of the broker."""
        client.subscribe(INTENT, 1)

    @contextmanager
    def answering(self, answer: Answer | None) -> Iterator[None]:
        """Answer so, for a while; None: not at all."""
        self.answer = answer
        try:
            yield
        finally:
            self.answer = _repeats

    def _take(self, message: paho.MQTTMessage) -> None:
        said = json.loads(message.payload)
        self.came.append({**said, "retained": message.retain, "qos": message.qos})
        if self.answer is not None:
            reply = {"request_id": said["request_id"], "text": self.answer(said)}
            self.client.publish(REPLY, json.dumps(reply), qos=1)


def holding(assistant: HomeAssistant, word: str) -> list[str]:
    """The files of Home Assistant, its log among them, in which a word stands."""
    files = [assistant.log, *(path for path in assistant.config_dir.rglob("*") if path.is_file())]
    return [path.name for path in files if word.encode() in path.read_bytes()]

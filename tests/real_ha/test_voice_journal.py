"""From a sentence to Assist of a real Home Assistant, over the broker and the service, into the journal and back."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

from integration.app import App
from integration.ha_package import NOT_SAVED
from integration.store.journal import JournalStore
from journal.entry import Entry
from tests.conftest import REAL_VERSIONS, give_up
from tests.integration.homebuilder import TestHome, publisher
from tests.peers.home_assistant import HomeAssistant
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until
from tests.peers.versions import Unavailable
from tests.real_ha.assist import PERSON, all_at_once, holding, say_to_assist, with_our_files

MARKER = "rhododendron"
EIGHT = [(side, place) for side in ("left", "right") for place in ("calf", "foot", "thigh", "hand")]
ANSWER_S = 2.0


@pytest.fixture(scope="module", params=REAL_VERSIONS)
def peers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Mosquitto, HomeAssistant]]:
    """A Home Assistant with our files, and its broker."""
    try:
        with with_our_files(request.param, tmp_path_factory.mktemp("journal")) as (broker, assistant):
            say_to_assist(assistant, "good evening")  # the first one loads the built-in sentences
            yield broker, assistant
    except Unavailable as error:
        give_up(error)


@pytest.fixture
def home(peers: tuple[Mosquitto, HomeAssistant], tmp_path: Path) -> TestHome:
    """A home whose service is not started, with an empty journal, and a session of its own at the broker.

    Else what the service before did not confirm any more would come to this one, whose journal does not know it.
    """
    broker, assistant = peers
    made = TestHome(tmp_path / "home", broker.port, assistant.url, assistant.token)
    file = made.folder / "home.yaml"
    session = f"mqtt: {{client_id: s{abs(hash(tmp_path))}, host"
    file.write_text(file.read_text().replace("mqtt: {host", session))
    return made


@pytest.fixture
def assistant(peers: tuple[Mosquitto, HomeAssistant]) -> HomeAssistant:
    """Home Assistant alone."""
    return peers[1]


def written(home: TestHome) -> list[Entry]:
    """What stands in the journal, as another process reads it; the oldest first."""
    journal = JournalStore(home.settings.data, read_only=True).open()
    try:
        return journal.logged_last(PERSON, limit=50)[::-1]
    finally:
        journal.close()


def test_a_sentence_is_written_down_and_read_back(home: TestHome, assistant: HomeAssistant) -> None:
    with home.running():
        heard = say_to_assist(assistant, "Log a left calf spasm, seven.")
        (entry,) = written(home)
    print(f"a sentence to the spoken reply: {heard.took_s * 1000:.0f} ms")
    assert (entry.what, entry.side, entry.place, entry.severity) == ("spasm", "left", "calf", 7.0)
    assert (entry.person, entry.channel) == (PERSON, "assist")
    assert "calf" in heard.speech.lower()
    assert "seven" in heard.speech.lower()
    assert heard.took_s < ANSWER_S


def test_eight_at_once_get_their_own_answers(home: TestHome, assistant: HomeAssistant) -> None:
    with home.running():
        heard = all_at_once(assistant, [f"log a spasm in my {side} {place}, six" for side, place in EIGHT])
        entries = written(home)
    print(f"eight at once, slowest: {max(each.took_s for each in heard) * 1000:.0f} ms")
    for answer, (side, place) in zip(heard, EIGHT, strict=True):
        assert f"{side} {place}" in answer.speech.lower()
    assert sorted((entry.side, entry.place) for entry in entries) == sorted(EIGHT)
    assert max(each.took_s for each in heard) < ANSWER_S


def test_questions_and_corrections(home: TestHome, assistant: HomeAssistant) -> None:
    """Each turn of a talk knows of those before."""
    with home.running():
        say_to_assist(assistant, "Log a left calf spasm, seven.")
        say_to_assist(assistant, "make that a five")
        (entry,) = written(home)
        assert entry.severity == 5
        counted = say_to_assist(assistant, "how many spasms this week")
        assert "one" in counted.speech.lower() or "1" in counted.speech
        say_to_assist(assistant, "undo that")
        (entry,) = written(home)
    assert entry.severity == 7


def test_while_unclench_is_stopped_it_is_said_and_saved_on_return(home: TestHome, assistant: HomeAssistant) -> None:
    """Once, at the time at which it was said."""
    with home.running():
        say_to_assist(assistant, "log a spasm in my left calf, three")
    before = datetime.now(UTC)
    heard = say_to_assist(assistant, "log a spasm in my right foot, eight")
    after = datetime.now(UTC)
    assert heard.speech == NOT_SAVED
    assert heard.took_s < 4
    assert [entry.place for entry in written(home)] == ["calf"]
    with home.running():
        wait_until(lambda: len(written(home)) == 2, timeout_s=20, what="the entry")
    _, late = written(home)
    assert (late.what, late.side, late.place, late.severity) == ("spasm", "right", "foot", 8.0)
    assert before - timedelta(seconds=1) <= late.occurred_at <= after


def test_the_words_are_in_the_journal_and_nowhere_else(
    home: TestHome, assistant: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in Home Assistant's files, log and states, not in ours, and the broker keeps none."""
    caplog.set_level(logging.DEBUG)
    with home.running() as app:
        say_to_assist(assistant, f"log a spasm in my left calf, seven, note the {MARKER} was too heavy")
        say_to_assist(assistant, f"note the {MARKER} hurts")
        assert any(MARKER in entry.note for entry in written(home))
        assert MARKER not in decisions(app)
    for written_ in (False, True):
        control = f"control{written_}"
        assert assistant.call("POST", "/api/events/control", {"word": control})[0] == HTTPStatus.OK
        wait_until(lambda: holding(assistant, control) != [], timeout_s=20, what="the recorder")  # noqa: B023
    assert holding(assistant, MARKER) == []
    assert MARKER not in json.dumps(assistant.call("GET", "/api/states")[1])
    assert MARKER not in caplog.text
    ours = [path.name for path in home.folder.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes()]
    assert set(ours) <= {"journal.db", "journal.db-wal"}
    kept = list[tuple[str, bytes]]()
    with publisher(home.port) as client:
        client.on_message = lambda _client, _data, message: kept.append((message.topic, bytes(message.payload)))
        client.subscribe("#", 1)
        wait_until(lambda: any(topic.endswith("/state") for topic, _ in kept), timeout_s=10, what="what is retained")
    assert not any(MARKER.encode() in payload for _, payload in kept)


def decisions(app: App) -> str:
    """All that the engine has on record of what it decided."""
    return json.dumps(app.store.decisions(limit=500), default=str)

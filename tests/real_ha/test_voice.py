"""What `unclench ha install` writes, in a real Home Assistant: Assist hears, Unclench answers. Both versions."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from ruamel.yaml import YAML

from config import home as configured
from devices.readings import Message
from integration import ha_install
from integration.ha_package import NOT_SAVED
from integration.voice_topics import Request, VoiceTopics
from tests.cli.unclench import unclench
from tests.config.homes import HOME
from tests.conftest import REAL_VERSIONS, give_up
from tests.integration.homebuilder import publisher
from tests.peers.home_assistant import HomeAssistant
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until
from tests.peers.versions import Unavailable
from tests.real_ha.assist import INTENT, PERSON, Responder, all_at_once, holding, say_to_assist, with_our_files

PROBES = """\
language: en
intents:
  UnclenchProbe:
    data:
      - sentences: ["probe [{side}] {symptom} [severity {severity}]"]
  UnclenchProbeWords:
    data:
      - sentences: ["probe words {raw}"]
lists:
  symptom: {values: [spasm, {in: "(tightness|stiffness)", out: stiffness}]}
  side: {values: [left, right]}
  severity: {range: {from: 0, to: 10}}
  raw: {wildcard: true}
"""
"""Sentences of the tests' own: these tests are about the way, not about the words."""
MARKER = "rhododendron"
ANSWER_S = 2.0
"""Far more than a reply takes; less than the time after which none is expected."""


@dataclass
class Home:
    """A Home Assistant with our files, and who answers."""

    assistant: HomeAssistant
    responder: Responder
    broker: Mosquitto


@pytest.fixture(scope="module", params=REAL_VERSIONS)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A Home Assistant with our files, and a responder in place of the service."""
    folder = tmp_path_factory.mktemp("voice")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ha_install, "shipped_sentences", lambda: PROBES)
        try:
            with with_our_files(request.param, folder) as (broker, assistant), publisher(broker.port) as client:
                responder = Responder(client)
                responder.listen()
                say_to_assist(assistant, "probe spasm")  # the first one loads the built-in sentences
                yield Home(assistant, responder, broker)
        except Unavailable as error:
            give_up(error)


def test_it_loads_without_an_error(home: Home) -> None:
    """And what it brings is there, with nothing in it but its name."""
    assert home.assistant.errors_at_start == []
    _, states = home.assistant.call("GET", "/api/states")
    assert isinstance(states, list)
    ours = {each["entity_id"]: each for each in states if "unclench" in each["entity_id"]}
    assert set(ours) == {"automation.unclench_voice_replies", "script.unclench_ask"}
    assert ours["automation.unclench_voice_replies"]["attributes"]["last_triggered"] is None


def test_what_was_said_arrives_and_the_reply_is_spoken(home: Home) -> None:
    home.responder.came.clear()
    heard = say_to_assist(home.assistant, "Probe left tightness, severity six.")
    assert (heard.kind, heard.speech) == (
        "action_done",
        'UnclenchProbe {"severity": 6, "side": "left", "symptom": "stiffness"}',
    )
    (came,) = home.responder.came
    assert came["id"] == came["request_id"]
    assert came["request_id"]
    assert datetime.fromisoformat(came["at"]).tzinfo is not None
    assert (came["retained"], came["qos"]) == (False, 1)


def test_the_service_can_read_it(home: Home) -> None:
    """Person, intent, slots, both ids, and when it was said."""
    home.responder.came.clear()
    before = datetime.now(UTC)
    say_to_assist(home.assistant, "probe right spasm severity 8")
    topics = VoiceTopics(configured.Home.model_validate(YAML(typ="safe").load(HOME)), [PERSON])
    (came,) = home.responder.came
    request = topics.parse(Message(topic=INTENT, payload=json.dumps(came).encode(), retained=False))
    assert isinstance(request, Request)
    assert (request.person, request.channel, request.intent) == (PERSON, "assist", "UnclenchProbe")
    assert request.slots == {"symptom": "spasm", "side": "right", "severity": 8.0}
    assert request.request_id == request.id == came["request_id"]
    assert request.said_at is not None
    assert before - timedelta(seconds=1) <= request.said_at <= datetime.now(UTC) + timedelta(seconds=1)


def test_slots_that_were_not_said_are_left_out(home: Home) -> None:
    home.responder.came.clear()
    say_to_assist(home.assistant, "probe spasm")
    assert [each["slots"] for each in home.responder.came] == [{"symptom": "spasm"}]


@pytest.mark.parametrize(
    "words",
    [
        "my \"good\" leg said 'ow'",
        "{{ states('sun.sun') }} and {% raw %}",
        "7",
        "None",
        "true",
        "[1, 2]",
        "{'a': 1}",
        '{"a": null}',
        "caffè 痛い \N{FACE WITH OPEN MOUTH AND COLD SWEAT} \\n \\u0000 back\\slash",
        "two\nlines: json:text: </script>",
        "1e999",
    ],
)
def test_words_arrive_and_come_back_as_they_were_said(home: Home, words: str) -> None:
    """No quotation mark, brace or number in them becomes anything else, on either way.

    Not through a sentence: Home Assistant leaves out commas, colons and the like from what it hears.
    """
    home.responder.came.clear()
    with home.responder.answering(lambda said: str(said["slots"]["raw"])):
        status, answer = home.assistant.call(
            "POST", "/api/intent/handle", {"name": "UnclenchProbeWords", "data": {"raw": words}}
        )
    assert status == HTTPStatus.OK
    assert isinstance(answer, dict)
    assert [each["slots"] for each in home.responder.came] == [{"raw": words}]
    assert answer["speech"]["plain"]["speech"] == words


def test_eight_at_once_get_their_own_answers(home: Home) -> None:
    """Ten times over: none is lost, none gets another's."""
    times = list[float]()
    for turn in range(10):
        words = [f"number {turn} {each}" for each in range(8)]
        heard = all_at_once(home.assistant, [f"probe words {each}" for each in words])
        assert [json.loads(each.speech.partition(" ")[2])["raw"] for each in heard] == words
        times += [each.took_s for each in heard]
    print(f"eight at once: median {statistics.median(times) * 1000:.0f} ms, slowest {max(times) * 1000:.0f} ms")
    assert max(times) < ANSWER_S


def test_one_after_the_other_is_quick(home: Home) -> None:
    """Also the quickest reply is not missed."""
    heard = [say_to_assist(home.assistant, f"probe words {number}") for number in range(60)]
    assert not [each for each in heard if NOT_SAVED in each.speech]
    times = sorted(each.took_s for each in heard)
    print(f"one: median {statistics.median(times) * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms")
    assert times[-1] < ANSWER_S


def test_without_an_answer_it_says_that_nothing_is_saved(home: Home) -> None:
    with home.responder.answering(None):
        heard = say_to_assist(home.assistant, "probe spasm severity 7")
    assert heard.speech == NOT_SAVED
    assert 2.5 < heard.took_s < 4


def test_without_a_broker_it_says_so_too(home: Home) -> None:
    home.broker.stop()
    try:
        heard = say_to_assist(home.assistant, "probe spasm severity 7")
    finally:
        home.broker.start()
        wait_until(lambda: answers(home), timeout_s=60, what="Home Assistant to find its broker again")
    assert heard.speech == NOT_SAVED
    assert heard.took_s < 4


def answers(home: Home) -> bool:
    """Whether a sentence gets an answer."""
    return NOT_SAVED not in say_to_assist(home.assistant, "probe spasm").speech


def test_nothing_of_what_was_said_stays_in_home_assistant(home: Home) -> None:
    """Not in states, traces, the log, or any file: its storage and the database of its recorder."""
    with home.responder.answering(lambda said: f"{MARKER} is {said['slots']['raw']}"):
        assert MARKER in say_to_assist(home.assistant, f"probe words my {MARKER} hurts").speech
    with home.responder.answering(None):
        say_to_assist(home.assistant, f"probe words my {MARKER} hurts")
    for written in (False, True):
        control = f"control{written}"
        assert home.assistant.call("POST", "/api/events/control", {"word": control})[0] == HTTPStatus.OK
        wait_until(lambda: holding(home.assistant, control) != [], timeout_s=20, what="the recorder")  # noqa: B023
    assert holding(home.assistant, MARKER) == []
    _, states = home.assistant.call("GET", "/api/states")
    assert MARKER not in json.dumps(states)
    for domain in ("script", "automation"):
        assert home.assistant.ask("trace/list", domain=domain) == []


def test_changes_and_the_removal_need_no_restart(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the manual says: four reloads. The last test of this file: then it is gone."""
    folder = str(home.assistant.config_dir)
    monkeypatch.setenv("UNCLENCH_CONFIG", folder)
    monkeypatch.setattr(ha_install, "shipped_sentences", lambda: PROBES.replace("probe words", "(probe words|hush)"))
    assert unclench("ha", "install", "--config", folder, "--person", PERSON, "--yes").code == 0
    reload(home.assistant)
    assert say_to_assist(home.assistant, "hush little one").speech == 'UnclenchProbeWords {"raw": "little one"}'
    assert unclench("ha", "remove", "--config", folder, "--yes").code == 0
    reload(home.assistant)
    assert say_to_assist(home.assistant, "hush little one").kind == "error"
    assert home.assistant.state("script.unclench_ask") == "unavailable"  # until a person deletes the entity


def reload(assistant: HomeAssistant) -> None:
    """Read the files again."""
    for domain in ("automation", "script", "intent_script", "conversation"):
        assert assistant.call("POST", f"/api/services/{domain}/reload", {})[0] == HTTPStatus.OK

"""docs/asyncapi.yaml and the code name the same topics, with the same payloads."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from config.home import Home
from config.presses import PAUSE_AREAS
from config.profile import Profile
from devices.actions import Action
from devices.events import (
    CoolingForgotten,
    Event,
    HoldChanged,
    PauseChanged,
    PromptAnswered,
    RoutineDue,
    RoutineSteered,
    SelfReported,
)
from devices.own_topics import ANSWERS, Arrival, filters, parse
from devices.readings import Message, Rejection
from integration.printed import action_document
from integration.scribe_parts import Reply, reply_document
from integration.topics import OUTGOING
from integration.voice_topics import Request, VoiceTopics
from journal.document import EntryMessage, parse_entry
from journal.vocabulary import SELF_REPORTS, SUBTYPES, SYMPTOMS, TIERS
from rules.until import until_of
from tests.docs.pages import ROOT

DOCUMENT: dict[str, Any] = YAML(typ="safe", pure=True).load((ROOT / "docs/asyncapi.yaml").read_text(encoding="utf-8"))
CHANNELS: dict[str, Any] = DOCUMENT["channels"]
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]
AT = datetime(2026, 7, 20, 20, 0, tzinfo=UTC)
EVENTS: dict[str, type[Event] | tuple[type[Event], ...]] = {
    "routine": (RoutineDue, RoutineSteered),
    "report": SelfReported,
    "answer": PromptAnswered,
    "hold": HoldChanged,
    "pause": PauseChanged,
    "pauseArea": PauseChanged,
    "forget": CoolingForgotten,
}
UNTIL = until_of(Profile(name="Anna", time_zone="Europe/London"))


def channels(action: str) -> dict[str, str]:
    """The channels that we send to or receive from, and their addresses."""
    used = [op["channel"]["$ref"].rsplit("/", 1)[1] for op in DOCUMENT["operations"].values() if op["action"] == action]
    return {name: CHANNELS[name]["address"] for name in used}


def test_every_outgoing_topic_is_described_and_no_other() -> None:
    ours = {name: f"unclench/{topic.template}" for name, topic in OUTGOING.items()}
    assert channels("send") == {**ours, "check": "unclench/check"}
    assert 'f"{mqtt.prefix}/check"' in (ROOT / "integration/probe/broker.py").read_text()


def test_every_incoming_topic_is_described_and_no_other() -> None:
    described = {re.sub(r"\{(?!person)\w+\}", "+", address) for address in channels("receive").values()}
    spoken = VoiceTopics(Home.model_validate({"rooms": {"bedroom": {"person": "anna"}}}), ["PERSON"]).filters
    assert described == {topic.replace("/PERSON/", "/{person}/") for topic in [*filters("unclench", "PERSON"), *spoken]}


@pytest.mark.parametrize("name", list(OUTGOING))
def test_what_is_retained_is_said(name: str) -> None:
    assert MESSAGES[name]["x-retained"] is OUTGOING[name].retained
    said = CHANNELS[name]["description"]
    assert ("Not retained" in said) is not OUTGOING[name].retained


def test_every_reference_leads_somewhere() -> None:
    for reference in re.findall(r'"#/([\w/]+)"', (ROOT / "docs/asyncapi.yaml").read_text()):
        place: Any = DOCUMENT
        for key in reference.split("/"):
            place = place[key]
    assert set(CHANNELS) == set(channels("send")) | set(channels("receive"))
    assert set(MESSAGES) == set(CHANNELS)


def validator(schema: dict[str, Any]) -> Any:  # noqa: ANN401 (jsonschema is not typed)
    """What checks a payload; the schemas that several share stand beside it."""
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def test_the_answers_and_areas_are_those_of_the_code() -> None:
    """In all the places that name them."""
    schemas = DOCUMENT["components"]["schemas"]
    assert tuple(schemas["word"]["enum"]) == ANSWERS
    assert f"({'|'.join(ANSWERS)})|log:" in schemas["button"]["pattern"]
    assert tuple(CHANNELS["pauseArea"]["parameters"]["area"]["enum"]) == PAUSE_AREAS
    assert MESSAGES["state"]["payload"]["properties"]["paused"]["propertyNames"]["enum"] == ["everything", *PAUSE_AREAS]


@pytest.mark.parametrize("name", list(MESSAGES))
def test_the_examples_fit_their_schemas(name: str) -> None:
    schema = MESSAGES[name]["payload"]
    Draft202012Validator.check_schema(schema)
    for example in MESSAGES[name].get("examples", []):
        validator(schema).validate(example["payload"])


@pytest.mark.parametrize("name", list(EVENTS))
def test_the_examples_are_understood(name: str) -> None:
    """What the page shows is taken in as the event that it is meant to be; retained, it is refused."""
    word = "cooling" if name == "pauseArea" else "stress"
    rest = re.sub(r"\{\w+\}", word, CHANNELS[name]["address"].split("/", 2)[2]).split("/")
    for example in MESSAGES[name]["examples"]:
        said = example["payload"]
        payload = (said if isinstance(said, str) else json.dumps(said)).encode()
        for retained in (False, True):
            message = Message(topic="/".join(["unclench", "anna", *rest]), payload=payload, retained=retained)
            taken = parse(Arrival("anna", rest, message, AT, "id-1", until=UNTIL))
            assert isinstance(taken, Rejection if retained else EVENTS[name]), (name, said, taken)


@pytest.mark.parametrize("name", ["symptom", "voiceText", "voiceIntent"])
def test_the_examples_of_what_is_said_are_understood(name: str) -> None:
    """And refused where the broker kept them."""
    topic = CHANNELS[name]["address"].replace("{person}", "anna")
    voice = VoiceTopics(Home.model_validate({"rooms": {"bedroom": {"person": "anna"}}}), ["anna"])
    for example in MESSAGES[name]["examples"]:
        said = example["payload"]
        payload = (said if isinstance(said, str) else json.dumps(said)).encode()
        request = voice.parse(Message(topic=topic, payload=payload))
        assert isinstance(request, Request)
        assert name != "symptom" or isinstance(parse_entry(request.entry), EntryMessage)
        assert isinstance(voice.parse(Message(topic=topic, payload=payload, retained=True)), Rejection)


def test_the_ids_of_the_journal_are_those_of_the_code() -> None:
    """docs/asyncapi.yaml lists them."""
    fields = MESSAGES["symptom"]["payload"]["properties"]
    assert fields["symptom"]["enum"] == list(SYMPTOMS)
    assert fields["self_report"]["enum"] == list(SELF_REPORTS)
    assert fields["none"]["enum"] == [*SYMPTOMS, "all"]
    assert fields["subtype"]["enum"] == list(SUBTYPES)
    assert set(fields) == {*EntryMessage.model_fields, "id", "request_id", "at"}
    assert MESSAGES["reply"]["payload"]["properties"]["flag"]["enum"] == ["", *TIERS]


def test_a_reply_is_published_as_described() -> None:
    reply = Reply(person="anna", request_id="r", session="", text="Noted.", saved=True)
    Draft202012Validator(MESSAGES["reply"]["payload"]).validate(reply_document(reply))


def test_an_action_is_published_as_described() -> None:
    for entity, service in (("fan.bedroom", "fan.turn_on"), (None, "notify.mobile_app_anna")):
        action = Action(id="a", at=AT, expires_at=AT, service=service, entity=entity, data={"x": 1}, reason="secret")
        document = action_document(action)
        Draft202012Validator(MESSAGES["action"]["payload"]).validate(document)
        assert "secret" not in json.dumps(document), "why may speak of how the person is"

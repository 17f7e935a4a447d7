"""Which messages bring words, whose they are, and what is refused without repeating a word of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from config.home import Home
from devices.own_topics import LARGEST
from devices.readings import Message, Rejection
from integration.voice_topics import Request, VoiceTopics, hermes_end

HOME = Home.model_validate(
    {"rooms": {"bedroom": {"person": "anna"}}, "hermes": {"sites": {"bedside": "anna"}}, "mqtt": {"prefix": "home/u"}}
)
TOPICS = VoiceTopics(HOME, ["anna", "ben"])


def parse(topic: str, payload: object, *, retained: bool = False) -> Request | Rejection | None:
    """What a message says."""
    raw = (
        payload
        if isinstance(payload, bytes)
        else (payload if isinstance(payload, str) else json.dumps(payload)).encode()
    )
    assert TOPICS.brings_words(topic)
    return TOPICS.parse(Message(topic=topic, payload=raw, retained=retained))


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("left calf spasm seven", "left calf spasm seven"),
        ({"text": "no spasms today"}, "no spasms today"),
        ("7", "7"),
        ('"spasm"', "spasm"),
        (b"  my legs are stiff \n", "my legs are stiff"),
        (b"caf\xe9", "caf\N{REPLACEMENT CHARACTER}"),
        ('{"text": "half \\ud83d"}', "half ?"),
    ],
)
def test_words_come_bare_or_in_an_object(payload: object, text: str) -> None:
    request = parse("home/u/anna/voice/text", payload)
    assert isinstance(request, Request)
    assert (request.person, request.channel, request.text) == ("anna", "text", text)


def test_a_request_says_what_its_answer_is_to_repeat_and_when_it_was_said() -> None:
    at = "2026-11-20T15:00:00+01:00"
    request = parse("home/u/ben/voice/text", {"text": "x", "request_id": "r1", "id": 7, "at": at})
    assert isinstance(request, Request)
    assert (request.person, request.request_id, request.id) == ("ben", "r1", "7")
    assert request.said_at == datetime(2026, 11, 20, 14, tzinfo=UTC)
    for wrong in ("yesterday", "2026-11-20T15:00:00", 17, None):
        odd = parse("home/u/ben/voice/text", {"text": "x", "at": wrong})
        assert isinstance(odd, Request)
        assert odd.said_at is None


def test_what_home_assistant_matched() -> None:
    request = parse(
        "home/u/anna/voice/intent", {"intent": "UnclenchLog", "slots": {"words": "spasm"}, "request_id": "r"}
    )
    assert isinstance(request, Request)
    assert (request.channel, request.intent, dict(request.slots)) == ("assist", "UnclenchLog", {"words": "spasm"})


@pytest.mark.parametrize("site", ["bedside", "kitchen"])
def test_rhasspy_speaks_for_who_is_named_and_for_nobody_else(site: str) -> None:
    document = {"siteId": site, "sessionId": "s1", "rawInput": "spasm seven", "input": "spasm 7"}
    request = parse("hermes/intent/UnclenchLog", document)
    if site == "kitchen":
        assert request is None
        return
    assert isinstance(request, Request)
    assert (request.person, request.channel, request.text, request.session) == ("anna", "hermes", "spasm seven", "s1")
    assert not request.only_known
    other = parse("hermes/intent/TurnOnLight", document)
    assert isinstance(other, Request)
    assert other.only_known
    assert json.loads(hermes_end("s1", "Noted.")) == {"sessionId": "s1", "text": "Noted."}


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("home/u/anna/voice/text", {}),
        ("home/u/anna/voice/text", {"words": "xyzzy"}),
        ("home/u/anna/voice/text", ["xyzzy"]),
        ("home/u/anna/voice/text", "true"),
        ("home/u/anna/voice/text", {"text": {"xyzzy": 1}}),
        ("home/u/anna/voice/intent", "xyzzy"),
        ("home/u/anna/voice/intent", {"intent": "xyzzy"}),
        ("home/u/anna/voice/intent", {"intent": "xyzzy", "slots": "xyzzy"}),
        ("home/u/anna/voice/text", "xyzzy" * LARGEST),
    ],
)
def test_what_is_refused_is_told_without_its_words(topic: str, payload: object) -> None:
    rejection = parse(topic, payload)
    assert isinstance(rejection, Rejection)
    assert "xyzzy" not in f"{rejection.detail} {rejection.path}"


@pytest.mark.parametrize("kind", ["voice/text", "voice/intent", "symptom"])
def test_old_words_that_the_broker_kept_are_refused(kind: str) -> None:
    assert isinstance(parse(f"home/u/anna/{kind}", {"text": "x"}, retained=True), Rejection)


def test_other_topics_bring_no_words() -> None:
    for topic in (
        "home/u/anna/answer",
        "home/u/carl/voice/text",
        "unclench/anna/voice/text",
        "home/u/anna/voice/reply",
    ):
        assert not TOPICS.brings_words(topic)
    assert not VoiceTopics(HOME.model_copy(update={"hermes": None}), ["anna"]).brings_words("hermes/intent/UnclenchLog")

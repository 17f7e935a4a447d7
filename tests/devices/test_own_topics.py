"""Our own incoming topics: payloads in, events out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from devices.events import CoolingForgotten, HoldChanged, PromptAnswered, RoutineDue, SelfReported
from devices.own_topics import LARGEST, Arrival, family, parse
from devices.readings import Message, Reason, Rejection

NOW = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)


def said(rest: str, payload: str = "", *, retained: bool = False) -> object:
    """What a message under unclench/anna/ means."""
    message = Message(topic=f"unclench/anna/{rest}", payload=payload.encode(), retained=retained)
    return parse(Arrival("anna", rest.split("/"), message, NOW, "m1"))


REPORTS = [
    ("", True),
    ("on", True),
    ("No", False),
    ("over", False),
    ("true", True),
    ("7", 7.0),
    ('{"value": 6.5}', 6.5),
    ('{"value": false}', False),
    ("{}", True),
]


@pytest.mark.parametrize(("payload", "value"), REPORTS)
def test_reports(payload: str, value: float | bool) -> None:
    """Yes, no, or a rating."""
    event = said("report/stress", payload)
    assert isinstance(event, SelfReported)
    assert (event.trigger, event.value, type(event.value)) == ("stress", value, type(value))


ANSWERS = [
    ("done", "", "done"),
    ('"later"', "", "later"),
    ('{"answer": "skip", "prompt": "wash"}', "wash", "skip"),
    ('{"action": "UNCLENCH:anna:stretch:later"}', "stretch", "later"),
    ("UNCLENCH:anna:stretch:done", "stretch", "done"),
]


@pytest.mark.parametrize(("payload", "prompt", "answer"), ANSWERS)
def test_answers(payload: str, prompt: str, answer: str) -> None:
    """Bare, as an object, or as a phone's button sends it."""
    event = said("answer", payload)
    assert isinstance(event, PromptAnswered)
    assert (event.prompt, event.answer) == (prompt, answer)


def test_routines_and_holds() -> None:
    """Any automation may send them."""
    assert said("routine/wind_down") == RoutineDue(
        at=NOW, source="unclench/anna/routine/wind_down", id="m1", person="anna", routine="wind_down"
    )
    hold = said("hold", '{"entity": "fan.x", "minutes": 90}')
    assert isinstance(hold, HoldChanged)
    assert (hold.entity, hold.until) == ("fan.x", NOW + timedelta(minutes=90))
    over = said("hold", '{"entity": "fan.x"}')
    assert isinstance(over, HoldChanged)
    assert over.until is None


def test_what_was_learned_of_a_room_is_to_be_forgotten() -> None:
    """Whatever stands in the message."""
    for payload in ("", "now", '{"a": 1}'):
        assert said("cooling/bedroom/forget", payload) == CoolingForgotten(
            at=NOW, source="unclench/anna/cooling/bedroom/forget", id="m1", person="anna", room="bedroom"
        )


REFUSED = [
    ("report/stress", "11", Reason.OUT_OF_RANGE),
    ("report/stress", "NaN", Reason.OUT_OF_RANGE),
    ("report/stress", "a lot", Reason.NOT_A_NUMBER),
    ("report/stress", "null", Reason.NOT_A_NUMBER),
    ("answer", "maybe", Reason.UNKNOWN_STATE),
    ("answer", "[]", Reason.UNKNOWN_STATE),
    ("answer", '{"answer": {"a": 1}}', Reason.UNKNOWN_STATE),
    ("answer", '{"answer": []}', Reason.UNKNOWN_STATE),
    ("hold", "fan.x", Reason.MISSING_FIELD),
    ("hold", '{"entity": 7}', Reason.MISSING_FIELD),
    ("hold", '{"entity": "fan.x", "minutes": 1441}', Reason.OUT_OF_RANGE),
    ("hold", '{"entity": "fan.x", "minutes": true}', Reason.OUT_OF_RANGE),
    ("hold", '{"entity": "fan.x", "minutes": NaN}', Reason.OUT_OF_RANGE),
    ("routine/wind_down", "x" * (LARGEST + 1), Reason.TOO_LARGE),
    ("routine/wind down", "", Reason.UNKNOWN_STATE),
    ("routine/" + "x" * 65, "", Reason.UNKNOWN_STATE),
    ("report/{{ states }}", "7", Reason.UNKNOWN_STATE),
    ("report/", "7", Reason.UNKNOWN_STATE),
    ("cooling/my room/forget", "", Reason.UNKNOWN_STATE),
    ("cooling//forget", "", Reason.UNKNOWN_STATE),
    ("cooling/bedroom/forget", "x" * (LARGEST + 1), Reason.TOO_LARGE),
]


@pytest.mark.parametrize(("rest", "payload", "reason"), REFUSED)
def test_what_is_refused(rest: str, payload: str, reason: Reason) -> None:
    """With a reason, and never with the payload's words."""
    rejection = said(rest, payload)
    assert isinstance(rejection, Rejection)
    assert rejection.reason is reason


def test_refusals_are_counted_under_a_name_that_is_ours() -> None:
    """A sender can think of names without end: the counts must not grow with them."""
    assert family("unclench/anna/report/any_name", "unclench") == "unclench/anna/report/+"
    assert family("unclench/anna/routine/any_name", "unclench") == "unclench/anna/routine/+"
    assert family("unclench/anna/cooling/any_name/forget", "unclench") == "unclench/anna/cooling/+/forget"
    for topic in ("unclench/forget", "unclench/anna/answer", "zigbee2mqtt/bedroom", "other/anna/report/x"):
        assert family(topic, "unclench") == topic


def test_a_retained_event_is_dropped() -> None:
    """It would come again at every start (R17)."""
    for rest in ("routine/wind_down", "cooling/bedroom/forget"):
        rejection = said(rest, retained=True)
        assert isinstance(rejection, Rejection)
        assert rejection.reason is Reason.RETAINED_EVENT


@pytest.mark.parametrize(
    "rest", ["state", "symptom", "routine", "routine/a/b", "report", "report/a/b", "cooling/a", "cooling/a/b"]
)
def test_topics_that_are_not_ours_to_read(rest: str) -> None:
    """Those we send, and those of the journal."""
    assert said(rest) is None


@pytest.mark.parametrize(("rest", "payload"), [("routine/wind_down", ""), ("answer", "done"), ("hold", "{}")])
def test_what_was_said_while_we_were_away_is_not_done_late(rest: str, payload: str) -> None:
    """How somebody is, is still worth knowing; what asks for something now is not."""
    message = Message(topic=f"unclench/anna/{rest}", payload=payload.encode())
    rejection = parse(Arrival("anna", rest.split("/"), message, NOW, "m1", unsure=True))
    assert isinstance(rejection, Rejection)
    assert (rejection.reason, rejection.detail) == (Reason.RETAINED_EVENT, "said while Unclench was away")


def test_a_report_from_while_we_were_away_is_kept() -> None:
    """It still tells how the person is."""
    message = Message(topic="unclench/anna/report/fever", payload=b"on")
    assert isinstance(parse(Arrival("anna", ["report", "fever"], message, NOW, "m1", unsure=True)), SelfReported)


def test_that_something_be_forgotten_is_meant_also_when_it_comes_late() -> None:
    """Nobody wants to be remembered the more because Unclench was away."""
    message = Message(topic="unclench/anna/cooling/bedroom/forget", payload=b"")
    late = Arrival("anna", ["cooling", "bedroom", "forget"], message, NOW, "m1", unsure=True)
    assert isinstance(parse(late), CoolingForgotten)


def test_half_a_character_does_not_get_in() -> None:
    """JSON can name a lone surrogate, which cannot be stored or sent."""
    answer = said("answer", r'{"prompt": "\ud83d", "answer": "done"}')
    hold = said("hold", r'{"entity": "fan.\ud83d", "minutes": 5}')
    assert isinstance(answer, PromptAnswered)
    assert isinstance(hold, HoldChanged)
    assert (answer.prompt, hold.entity) == ("?", "fan.?")

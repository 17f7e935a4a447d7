"""Our own incoming topics: payloads in, events out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.profile import Profile
from devices.events import (
    CoolingForgotten,
    HoldChanged,
    JournalPressed,
    PauseChanged,
    PromptAnswered,
    RoutineDue,
    RoutineSteered,
    SelfReported,
)
from devices.own_topics import LARGEST, Arrival, family, parse
from devices.readings import Message, Reason, Rejection
from rules.until import until_of

NOW = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)
ANNA = Profile.model_validate({"name": "Anna", "time_zone": "Europe/Berlin", "bedtime": {"rise": "07:00"}})


def said(rest: str, payload: str = "", *, retained: bool = False, unsure: bool = False) -> object:
    """What a message under unclench/anna/ means."""
    message = Message(topic=f"unclench/anna/{rest}", payload=payload.encode(), retained=retained)
    return parse(Arrival("anna", rest.split("/"), message, NOW, "m1", unsure, until_of(ANNA)))


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
    ("UNCLENCH:anna:stretch_guided:next", "stretch_guided", "next"),
    ("begin", "", "begin"),
    ("Yes", "", "yes"),
    ("true", "", "yes"),
    ("False", "", "no"),
    ("stop", "", "stop"),
    ("pause", "", "pause"),
    ("resume", "", "resume"),
]


@pytest.mark.parametrize(("payload", "prompt", "answer"), ANSWERS)
def test_answers(payload: str, prompt: str, answer: str) -> None:
    """Bare, as an object, or as a phone's button sends it."""
    event = said("answer", payload)
    assert isinstance(event, PromptAnswered)
    assert (event.prompt, event.answer, event.value) == (prompt, answer, None)


@pytest.mark.parametrize(
    ("payload", "asked"),
    [
        ("UNCLENCH:anna:log:spasm", "log spasm"),
        ('{"action": "UNCLENCH:anna:log:night_waking", "reply_text": ""}', "log night_waking"),
        ('{"action": "UNCLENCH:anna:journal:undo"}', "undo"),
    ],
)
def test_a_button_on_the_phone_writes_to_the_journal(payload: str, asked: str) -> None:
    """Also where it comes late: nobody says it again."""
    event = said("answer", payload)
    assert isinstance(event, JournalPressed)
    assert event.asked == asked


RATINGS = [
    ("6", "", 6.0),
    ("0", "", 0.0),
    ("10", "", 10.0),
    ("6.5", "", 6.5),
    ("6,5", "", 6.5),
    ("6/10", "", 6.0),
    ("6,5 / 10", "", 6.5),
    ("7 out of 10", "", 7.0),
    ('"7"', "", 7.0),
    ('{"prompt": "rating", "answer": "done", "value": 4}', "rating", 4.0),
    ('{"prompt": "rating", "value": "4,5"}', "rating", 4.5),
    ('{"prompt": "rating", "answer": 3}', "rating", 3.0),
    ('{"reply_text": "6"}', "", 6.0),
    ('{"reply_text": " 6,5 ", "prompt": "rating"}', "rating", 6.5),
    ('{"action": "UNCLENCH:anna:rating:done", "reply_text": "7"}', "rating", 7.0),
    ('{"action": "UNCLENCH:anna:rating:done", "reply_text": ""}', "rating", None),
    ('{"action": "UNCLENCH:anna:rating:done", "reply_text": null}', "rating", None),
]


@pytest.mark.parametrize(("payload", "prompt", "value"), RATINGS)
def test_numbers_answer_what_asked_for_one(payload: str, prompt: str, value: float | None) -> None:
    """As people type them, in whatever way they come."""
    event = said("answer", payload)
    assert isinstance(event, PromptAnswered)
    assert (event.answer, event.prompt, event.value) == ("done", prompt, value)


def test_a_number_beside_another_answer_is_none() -> None:
    """Later is later, whatever was typed before the finger slipped."""
    for answer in ("later", "skip"):
        event = said("answer", f'{{"action": "UNCLENCH:anna:rating:{answer}", "reply_text": "11"}}')
        assert isinstance(event, PromptAnswered)
        assert (event.answer, event.value) == (answer, None)


STEERED = [
    ("pause", "pause"),
    ("Resume", "resume"),
    ('"skip"', "skip"),
    ("stop", "skip"),
    ("OFF", "skip"),
    ("false", "skip"),
]


@pytest.mark.parametrize(("payload", "command"), STEERED)
def test_routines_are_steered(payload: str, command: str) -> None:
    """Not begun: "off" to somebody who wants their peace must not start it."""
    assert said("routine/wind_down", payload) == RoutineSteered(
        at=NOW, source="unclench/anna/routine/wind_down", id="m1", person="anna", routine="wind_down", command=command
    )


@pytest.mark.parametrize("payload", ["", "begin", "on", "true", '{"a": 1}', "whatever", "[]"])
def test_everything_else_begins_a_routine(payload: str) -> None:
    """As it always did."""
    assert isinstance(said("routine/wind_down", payload), RoutineDue)


RISE = datetime(2026, 7, 15, 5, 0, tzinfo=UTC)  # 07:00 in Berlin; it is Tuesday, 22:00 there
PAUSES = [
    ("", RISE),
    ("on", RISE),
    ("true", RISE),
    ("{}", RISE),
    ('{"minutes": 90}', NOW + timedelta(minutes=90)),
    ('{"minutes": 20160}', NOW + timedelta(days=14)),
    ("07:30", datetime(2026, 7, 15, 5, 30, tzinfo=UTC)),
    ('"23:00"', datetime(2026, 7, 14, 21, 0, tzinfo=UTC)),
    ('{"until": "7:30"}', datetime(2026, 7, 15, 5, 30, tzinfo=UTC)),
    ("Monday", datetime(2026, 7, 20, 5, 0, tzinfo=UTC)),
    ("tuesday", datetime(2026, 7, 21, 5, 0, tzinfo=UTC)),
    ('{"until": "2026-07-23T07:30"}', datetime(2026, 7, 23, 5, 30, tzinfo=UTC)),
    ('{"until": "2026-07-23T07:30+00:00"}', datetime(2026, 7, 23, 7, 30, tzinfo=UTC)),
    ("2026-07-23", datetime(2026, 7, 23, 5, 0, tzinfo=UTC)),
    ("off", None),
    ("resume", None),
    ("false", None),
    ('{"minutes": 0}', None),
    ('{"until": null}', None),
]


@pytest.mark.parametrize(("payload", "until"), PAUSES)
@pytest.mark.parametrize("area", ["", "cooling", "lights", "prompts", "evening"])
def test_pauses(payload: str, until: datetime | None, area: str) -> None:
    """Of everything or an area, until an instant of the person's own zone."""
    rest = f"pause/{area}" if area else "pause"
    assert said(rest, payload) == PauseChanged(
        at=NOW, source=f"unclench/anna/{rest}", id="m1", person="anna", area=area, until=until
    )


@pytest.mark.parametrize(
    ("payload", "taken"),
    [
        ('{"until": "2026-07-23T07:30+00:00"}', True),
        ("2026-07-23T07:30", True),
        ("off", True),
        ('{"minutes": 0}', True),
        ('{"until": "2026-07-14T07:30+00:00"}', False),
        ("", False),
        ("07:30", False),
        ("monday", False),
        ('{"minutes": 90}', False),
    ],
)
def test_a_pause_from_while_we_were_away(payload: str, taken: bool) -> None:
    """Nobody knows when "90 minutes" were said: without cooling until tomorrow would be the wrong guess."""
    assert isinstance(said("pause/cooling", payload, unsure=True), PauseChanged if taken else Rejection)


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
    ("answer", "-1", Reason.OUT_OF_RANGE),
    ("answer", "11", Reason.OUT_OF_RANGE),
    ("answer", "10,5", Reason.OUT_OF_RANGE),
    ("answer", "NaN", Reason.OUT_OF_RANGE),
    ("answer", "6 or 7", Reason.NOT_A_NUMBER),
    ("answer", '{"value": true}', Reason.NOT_A_NUMBER),
    ("answer", '{"value": [6]}', Reason.NOT_A_NUMBER),
    ("answer", '{"reply_text": "quite bad"}', Reason.NOT_A_NUMBER),
    ("answer", '{"action": "UNCLENCH:anna:rating:done", "reply_text": "11"}', Reason.OUT_OF_RANGE),
    ("answer", '{"reply_text": ""}', Reason.UNKNOWN_STATE),
    ("answer", "UNCLENCH:anna:log:dance", Reason.UNKNOWN_STATE),
    ("answer", "UNCLENCH:anna:journal:log spasm", Reason.UNKNOWN_STATE),
    ("answer", "UNCLENCH:anna:stretch:dance", Reason.UNKNOWN_STATE),
    ("answer", "UNCLENCH:anna:done", Reason.UNKNOWN_STATE),
    ("pause", "soon", Reason.UNKNOWN_STATE),
    ("pause", "25:00", Reason.UNKNOWN_STATE),
    ("pause", "90", Reason.UNKNOWN_STATE),
    ("pause", "[]", Reason.UNKNOWN_STATE),
    ("pause", '{"until": 7}', Reason.UNKNOWN_STATE),
    ("pause", "0001-01-01T00:00+05:00", Reason.UNKNOWN_STATE),
    ("pause", "9999-12-31T23:59:59", Reason.OUT_OF_RANGE),
    ("pause", '{"minutes": 20161}', Reason.OUT_OF_RANGE),
    ("pause", '{"minutes": -1}', Reason.OUT_OF_RANGE),
    ("pause", '{"minutes": true}', Reason.OUT_OF_RANGE),
    ("pause", '{"minutes": NaN}', Reason.OUT_OF_RANGE),
    ("pause", '{"until": "2026-07-14T19:59+00:00"}', Reason.OUT_OF_RANGE),
    ("pause", '{"until": "2026-07-28T20:01+00:00"}', Reason.OUT_OF_RANGE),
    ("pause/heating", "", Reason.UNKNOWN_STATE),
    ("pause/my room", "", Reason.UNKNOWN_STATE),
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
    assert family("unclench/anna/pause/any_name", "unclench") == "unclench/anna/pause/+"
    assert family("unclench/anna/cooling/any_name/forget", "unclench") == "unclench/anna/cooling/+/forget"
    for topic in (
        "unclench/forget",
        "unclench/anna/answer",
        "unclench/anna/pause",
        "zigbee2mqtt/bedroom",
        "other/anna/report/x",
    ):
        assert family(topic, "unclench") == topic


def test_a_retained_event_is_dropped() -> None:
    """It would come again at every start (R17)."""
    for rest in ("routine/wind_down", "cooling/bedroom/forget", "pause", "pause/lights"):
        rejection = said(rest, retained=True)
        assert isinstance(rejection, Rejection)
        assert rejection.reason is Reason.RETAINED_EVENT


@pytest.mark.parametrize(
    "rest",
    ["state", "symptom", "routine", "routine/a/b", "report", "report/a/b", "cooling/a", "cooling/a/b", "pause/a/b"],
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

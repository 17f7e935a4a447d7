"""Our own incoming topics: payloads in, events out.

``unclench/<person>/routine|report|answer|hold|symptom``, and ``.../cooling/<room>/forget``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from devices.control.channels import ANSWERS
from devices.events import CoolingForgotten, Event, HoldChanged, PromptAnswered, RoutineDue, SelfReported
from devices.readings import Message, Reason, Rejection

LARGEST = 4096
"""Bytes. What people and automations send here is short."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAMED = ("routine", "report")
_COOLING = "cooling"
WHILE_AWAY = "said while Unclench was away"
"""Why what asks for something now is dropped when it comes late."""
YES = {"": True, "on": True, "yes": True, "true": True, "off": False, "no": False, "false": False, "over": False}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One of our own messages, taken apart."""

    person: str
    rest: list[str]  # the topic's parts behind the person's
    message: Message
    at: datetime
    id: str
    unsure: bool = False  # the broker had kept it while we were away


FORGET = "cooling/{room}/forget"
"""Behind the person's name: what was learned of a room is to be forgotten."""


def filters(prefix: str, person: str) -> list[str]:
    """What to subscribe to for one person."""
    return [
        f"{prefix}/{person}/{rest}"
        for rest in ("routine/+", "report/+", "answer", "hold", "symptom", FORGET.format(room="+"))
    ]


def family(topic: str, prefix: str) -> str:
    """What a topic is counted under: the names in ours are the sender's choice, and there is no end of them."""
    head, _, last = topic.rpartition("/")
    if not topic.startswith(prefix + "/"):
        return topic
    if last == "forget" and head.split("/")[-2:-1] == [_COOLING]:
        return f"{head.rpartition('/')[0]}/+/forget"
    return f"{head}/+" if head.rpartition("/")[2] in _NAMED else topic


def parse(arrival: Arrival) -> Event | Rejection | None:
    """The event in one of our own messages; None for a topic that is not incoming."""
    parser = _PARSERS.get(arrival.rest[0]) if arrival.rest else None
    if parser is None:
        return None
    if arrival.message.retained:
        return Rejection(
            reason=Reason.RETAINED_EVENT, detail="an old event, kept by the broker; send it without retain"
        )
    if arrival.unsure and parser not in _STILL_MEANT:
        return Rejection(reason=Reason.RETAINED_EVENT, detail=WHILE_AWAY)
    if len(arrival.message.payload) > LARGEST:
        return Rejection(reason=Reason.TOO_LARGE, detail=f"more than {LARGEST} bytes")
    if arrival.rest[0] in (*_NAMED, _COOLING) and not _NAME.fullmatch(arrival.rest[:2][-1]):
        return Rejection(reason=Reason.UNKNOWN_STATE, detail="no routine, no trigger and no room has such a name")
    return parser(arrival)


def text_of(payload: bytes) -> object:
    """A payload as JSON, or as bare text where it is none. Its words can be written in UTF-8, whatever it held."""
    text = payload.decode("utf-8", errors="replace").strip().strip("\x00")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(said, dict):
        return {_writable(key): _writable(value) for key, value in said.items()}
    return _writable(said)


def writable(value: object) -> object:
    """A JSON value that can be stored and sent: each half of a character in it is a question mark."""
    if isinstance(value, dict):
        return {writable(key): writable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [writable(part) for part in value]
    return _writable(value)


def _writable(value: object) -> object:
    """JSON can name half a character (a lone surrogate), which no store and no message can hold."""
    return value.encode("utf-8", errors="replace").decode() if isinstance(value, str) else value


def _routine(arrival: Arrival) -> Event | Rejection | None:
    if len(arrival.rest) != 2:  # noqa: PLR2004 (routine/<name>)
        return None
    return RoutineDue(
        at=arrival.at, source=arrival.message.topic, id=arrival.id, person=arrival.person, routine=arrival.rest[1]
    )


def _report(arrival: Arrival) -> Event | Rejection | None:
    if len(arrival.rest) != 2:  # noqa: PLR2004 (report/<trigger>)
        return None
    said = text_of(arrival.message.payload)
    value = said.get("value", True) if isinstance(said, dict) else said
    if isinstance(value, str):
        value = YES.get(value.lower(), value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not 0 <= value <= 10:  # noqa: PLR2004
        return Rejection(reason=Reason.OUT_OF_RANGE, detail="a rating goes from 0 to 10", path="value")
    if not isinstance(value, (bool, int, float)):
        return Rejection(reason=Reason.NOT_A_NUMBER, detail="say yes, no, or a rating from 0 to 10", path="value")
    number = value if isinstance(value, bool) else float(value)
    return SelfReported(
        at=arrival.at,
        source=arrival.message.topic,
        id=arrival.id,
        person=arrival.person,
        trigger=arrival.rest[1],
        value=number,
    )


def _answer(arrival: Arrival) -> Event | Rejection:
    said = text_of(arrival.message.payload)
    prompt, answer = "", said
    if isinstance(said, dict):
        prompt, answer = str(said.get("prompt") or ""), said.get("answer") or said.get("action")
    if isinstance(answer, str) and answer.startswith("UNCLENCH:") and answer.count(":") == 3:  # noqa: PLR2004 (a button's id)
        _, _, prompt, answer = answer.split(":")
    if not isinstance(answer, str) or answer not in ANSWERS:
        return Rejection(reason=Reason.UNKNOWN_STATE, detail=f"an answer is one of {', '.join(ANSWERS)}", path="answer")
    return PromptAnswered(
        at=arrival.at,
        source=arrival.message.topic,
        id=arrival.id,
        person=arrival.person,
        answer=answer,
        prompt=prompt[:40],
    )


def _hold(arrival: Arrival) -> Event | Rejection:
    said = text_of(arrival.message.payload)
    entity, minutes = (said.get("entity"), said.get("minutes", 0)) if isinstance(said, dict) else (None, None)
    if not isinstance(entity, str):
        return Rejection(
            reason=Reason.MISSING_FIELD, detail='name the device: {"entity": "fan.x", "minutes": 60}', path="entity"
        )
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or not 0 <= minutes <= 24 * 60:
        return Rejection(reason=Reason.OUT_OF_RANGE, detail="minutes go from 0 (end it) to 1440", path="minutes")
    until = arrival.at + timedelta(minutes=minutes) if minutes else None
    return HoldChanged(
        at=arrival.at,
        source=arrival.message.topic,
        id=arrival.id,
        person=arrival.person,
        entity=entity[:255],
        until=until,
    )


def _forget(arrival: Arrival) -> Event | None:
    if len(arrival.rest) != 3 or arrival.rest[2] != "forget":  # noqa: PLR2004 (cooling/<room>/forget)
        return None
    return CoolingForgotten(
        at=arrival.at, source=arrival.message.topic, id=arrival.id, person=arrival.person, room=arrival.rest[1]
    )


_PARSERS: dict[str, Callable[[Arrival], Event | Rejection | None]] = {
    "routine": _routine,
    "report": _report,
    "answer": _answer,
    "hold": _hold,
    _COOLING: _forget,
}
"""The symptom topic is the journal's: the edge hands it there."""
_STILL_MEANT = (_report, _forget)
"""What is still meant when it comes late: how somebody is, and that something be forgotten."""

"""Our own incoming topics: payloads in, events out.

``unclench/<person>/routine|report|answer|hold|pause``, and ``.../cooling/<room>/forget``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from config.presses import PAUSE_AREAS, is_meaning
from devices.events import (
    CoolingForgotten,
    Event,
    HoldChanged,
    JournalPressed,
    PauseChanged,
    PromptAnswered,
    RoutineDue,
    RoutineSteered,
    SelfReported,
)
from devices.pauses import Until, pause_until
from devices.readings import Message, Reason, Rejection

LARGEST = 4096
"""Bytes. What people and automations send here is short."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAMED = ("routine", "report", "pause")
_COOLING = "cooling"
WHILE_AWAY = "said while Unclench was away"
"""Why what asks for something now is dropped when it comes late."""
YES = {"": True, "on": True, "yes": True, "true": True, "off": False, "no": False, "false": False, "over": False}
ANSWERS = ("done", "later", "skip", "begin", "yes", "no", "pause", "resume", "next", "stop")
"""What can be said to a prompt, and while something is spoken step by step. Not each fits every prompt."""
_STEERS = {"pause": "pause", "resume": "resume", "skip": "skip", "stop": "skip", "off": "skip", "false": "skip"}
"""What a routine can be told beside that its moment came."""
_RATING = re.compile(r"(\d{1,4}(?:[.,]\d{1,4})?)(?:\s*(?:/|of|out of)\s*10)?")
_BUTTON = re.compile(r"UNCLENCH:[^:]*:([^:]*):([^:]*)")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One of our own messages, taken apart."""

    person: str
    rest: list[str]  # the topic's parts behind the person's
    message: Message
    at: datetime
    id: str
    unsure: bool = False  # the broker had kept it while we were away
    until: Until | None = None  # what the person's words for a time mean


FORGET = "cooling/{room}/forget"
"""Behind the person's name: what was learned of a room is to be forgotten."""


def filters(prefix: str, person: str) -> list[str]:
    """What to subscribe to for one person."""
    return [
        f"{prefix}/{person}/{rest}"
        for rest in ("routine/+", "report/+", "answer", "hold", "pause", "pause/+", FORGET.format(room="+"))
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
    if len(arrival.message.payload) > LARGEST:
        return Rejection(reason=Reason.TOO_LARGE, detail=f"more than {LARGEST} bytes")
    if arrival.rest[0] in (*_NAMED, _COOLING) and not _NAME.fullmatch(arrival.rest[:2][-1]):
        return Rejection(reason=Reason.UNKNOWN_STATE, detail="no routine, no trigger and no room has such a name")
    event = parser(arrival)
    if arrival.unsure and parser not in _STILL_MEANT and not isinstance(event, JournalPressed):
        return Rejection(reason=Reason.RETAINED_EVENT, detail=WHILE_AWAY)
    return event


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
    said, topic, name = text_of(arrival.message.payload), arrival.message.topic, arrival.rest[1]
    word = str(said).lower()
    command = _STEERS.get(word)
    if command is None and get_close_matches(word, _STEERS, n=1, cutoff=0.75):
        detail = f"did you mean {get_close_matches(word, _STEERS, n=1, cutoff=0.75)[0]}? Anything else begins it"
        return Rejection(reason=Reason.UNKNOWN_STATE, detail=detail)
    if command is None:
        return RoutineDue(at=arrival.at, source=topic, id=arrival.id, person=arrival.person, routine=name)
    return RoutineSteered(
        at=arrival.at, source=topic, id=arrival.id, person=arrival.person, routine=name, command=command
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
    """A word, a number, a button's id, or an object of these; a number with "done", or alone, is a rating."""
    said = text_of(arrival.message.payload)
    document = said if isinstance(said, dict) else {}
    prompt = str(document.get("prompt") or "")
    answer = (document.get("answer") or document.get("action")) if document else said
    typed = document.get("reply_text")
    rating = document.get("value", typed if str(typed or "").strip() else None)
    if isinstance(answer, str) and (button := _BUTTON.fullmatch(answer.strip())):
        prompt, answer = button.groups()
        asked = {"log": f"log {answer}", "journal": "undo" if answer == "undo" else ""}.get(prompt, "")
        if is_meaning(asked.split()):
            source = arrival.message.topic
            return JournalPressed(at=arrival.at, source=source, id=arrival.id, person=arrival.person, asked=asked)
    if rating is None and _looks_like_a_number(answer):
        rating, answer = answer, None
    word = _answer_word("done" if answer is None and rating is not None else answer)
    if word is None:
        return Rejection(reason=Reason.UNKNOWN_STATE, detail=f"an answer is one of {', '.join(ANSWERS)}", path="answer")
    value = _rating(rating) if rating is not None and word == "done" else None
    if isinstance(value, Rejection):
        return value
    return PromptAnswered(
        at=arrival.at,
        source=arrival.message.topic,
        id=arrival.id,
        person=arrival.person,
        answer=word,
        prompt=prompt[:40],
        value=value,
    )


def _answer_word(answer: object) -> str | None:
    """The answer in our words. YAML makes true and false of a yes and a no."""
    word = str(answer).strip().lower() if isinstance(answer, (str, bool)) else ""
    word = {"true": "yes", "false": "no"}.get(word, word)
    return word if word in ANSWERS else None


def _looks_like_a_number(answer: object) -> bool:
    if isinstance(answer, bool):
        return False
    return isinstance(answer, (int, float)) or (isinstance(answer, str) and answer.strip()[:1].isdigit())


def _rating(raw: object) -> float | Rejection:
    """From 0 to 10, as people type it: "6", "6,5", "6/10"."""
    if isinstance(raw, str):
        found = _RATING.fullmatch(raw.strip().lower())
        raw = float(found[1].replace(",", ".")) if found else None
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return Rejection(reason=Reason.NOT_A_NUMBER, detail="say a number from 0 to 10", path="value")
    if not 0 <= raw <= 10:  # noqa: PLR2004 (the scale)
        return Rejection(reason=Reason.OUT_OF_RANGE, detail="a rating goes from 0 to 10", path="value")
    return float(raw)


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


def _pause(arrival: Arrival) -> Event | Rejection | None:
    if len(arrival.rest) > 2:  # noqa: PLR2004 (pause, pause/<area>)
        return None
    area = "".join(arrival.rest[1:])
    if arrival.rest[1:] and area not in PAUSE_AREAS:
        detail = f"what can be paused alone is {', '.join(PAUSE_AREAS)}"
        return Rejection(reason=Reason.UNKNOWN_STATE, detail=detail, path="area")
    until = pause_until(text_of(arrival.message.payload), arrival.at, arrival.until, unsure=arrival.unsure)
    if isinstance(until, Rejection):
        return until
    return PauseChanged(
        at=arrival.at, source=arrival.message.topic, id=arrival.id, person=arrival.person, area=area, until=until
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
    "pause": _pause,
    _COOLING: _forget,
}
"""What somebody says about themselves is the journal's: the edge hands it there."""
_STILL_MEANT = (_report, _forget, _pause)
"""What is still meant when it comes late: how somebody is, that something be forgotten, a pause until a day to come."""

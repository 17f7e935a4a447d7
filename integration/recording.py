"""Recorded evenings: JSON Lines of MQTT messages, as mosquitto_sub writes them, and of Home Assistant states."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from config.errors import UnclenchError
from devices.readings import Message


class RecordingError(UnclenchError):
    """A line of a recording cannot be used."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")


@dataclass(frozen=True, slots=True)
class RecordedState:
    """A Home Assistant state."""

    entity: str
    state: str
    attributes: Mapping[str, Any]
    by_person: bool | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a recording."""

    at: datetime
    what: Message | RecordedState | None  # None: only the time passes


def parse_line(text: str, number: int) -> Line:
    """One line. Raises RecordingError with the line's number."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordingError(number, "this is not JSON") from error
    if not isinstance(raw, dict):
        raise RecordingError(number, "a line is one JSON object")
    at = _time(raw.get("tst"), number)
    if "topic" in raw:
        return Line(at, Message(topic=str(raw["topic"]), payload=_payload(raw), retained=bool(raw.get("retain"))))
    if "entity_id" in raw:
        attributes = raw.get("attributes") or {}
        if not isinstance(attributes, dict):
            raise RecordingError(number, "attributes is not an object")
        by_person = raw.get("by_person")
        person = by_person if isinstance(by_person, bool) else None
        return Line(at, RecordedState(str(raw["entity_id"]), str(raw.get("state", "unknown")), attributes, person))
    return Line(at, None)


def _time(value: object, number: int) -> datetime:
    """``tst`` as mosquitto_sub writes it (``2026-07-14T21:30:00.123456+0200``), ISO 8601, or seconds since 1970."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise RecordingError(number, "tst is not a time that can be") from error
    try:
        at = datetime.fromisoformat(str(value).replace("Z+0000", "+0000"))
    except ValueError as error:
        raise RecordingError(number, "tst is not a time; write it like 2026-07-14T21:30:00+0200") from error
    if at.tzinfo is None:
        raise RecordingError(number, "tst has no time zone; write it like 2026-07-14T21:30:00+0200")
    return at.astimezone(UTC)


def _payload(raw: Mapping[str, Any]) -> bytes:
    """The bytes that were sent: ``%J`` writes a JSON payload as JSON, ``%j`` writes any as text.

    mosquitto_sub prints null for a number that JSON cannot hold, and an empty line for a payload that is no JSON.
    """
    value = raw.get("payload")
    if value is None:
        return b"null" if raw.get("payloadlen") else b""
    return (value if isinstance(value, str) else json.dumps(value)).encode(errors="replace")


def message_line(message: Message, at: datetime) -> str:
    """A message as a recording's line."""
    text = message.payload.decode("utf-8", errors="replace")
    try:
        payload: object = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        payload = text
    # A number's own spelling is evidence ("21.50", "1e999"): only objects and lists are unfolded.
    if not isinstance(payload, (dict, list)):
        payload = text
    head = {"tst": at.isoformat(), "topic": message.topic, "qos": 1, "retain": int(message.retained)}
    return json.dumps({**head, "payloadlen": len(message.payload), "payload": payload}, ensure_ascii=False)


def state_line(state: RecordedState, at: datetime) -> str:
    """A state as a recording's line."""
    line: dict[str, Any] = {
        "tst": at.isoformat(),
        "entity_id": state.entity,
        "state": state.state,
        "attributes": dict(state.attributes),
    }
    if state.by_person is not None:
        line["by_person"] = state.by_person
    return json.dumps(line, ensure_ascii=False, default=str)


def _refuse(constant: str) -> None:
    message = f"{constant} is no JSON"
    raise ValueError(message)

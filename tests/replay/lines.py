"""The lines that the recorded evenings are made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

Lines = list[tuple[datetime, dict[str, Any]]]


def stamp(at: datetime) -> str:
    """As ``mosquitto_sub -F '%J'`` writes it: local time with microseconds and an offset without a colon."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f%z}"


def message(topic: str, payload: object, *, retain: int = 0) -> dict[str, Any]:
    """A message; what is JSON is written as JSON, also a bare number, as mosquitto_sub does."""
    text = payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"))
    try:
        shown = json.loads(text)
    except ValueError:
        shown = text
    return {"topic": topic, "qos": 0, "retain": retain, "payloadlen": len(text.encode()), "payload": shown}


def state(entity: str, value: str, **attributes: object) -> dict[str, Any]:
    """A Home Assistant state, as ``unclench record`` writes it."""
    return {"entity_id": entity, "state": value, "attributes": attributes}


def steps(start: datetime, hours: float, every: timedelta) -> Iterator[tuple[datetime, float]]:
    """Moments and how many hours have passed."""
    at = start
    while at < start + timedelta(hours=hours):
        yield at, (at - start).total_seconds() / 3600
        at += every

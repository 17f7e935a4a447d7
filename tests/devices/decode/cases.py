"""The shape of a row in a table of payloads, and what is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from devices.decode import decode
from devices.readings import Decoded, Hints, Kind, Message, Reason

NO_HINTS = Hints()


@dataclass(frozen=True, kw_only=True)
class Case:
    """One message, and everything that it says: readings by path (or kind, where there is no path), and reasons."""

    id: str
    topic: str
    payload: bytes | str
    readings: Mapping[str, tuple[Kind, float | bool | str]] = field(default_factory=dict)
    reasons: Sequence[Reason] = field(default_factory=list)
    hints: Hints = NO_HINTS
    retained: bool = False


def message(topic: str, payload: bytes | str, *, retained: bool = False) -> Message:
    raw = payload.encode() if isinstance(payload, str) else payload
    return Message(topic=topic, payload=raw, retained=retained)


def check(dialect: str, case: Case) -> Decoded:
    """Decode the row and compare all of it, not only what was hoped for."""
    decoded = decode(dialect, message(case.topic, case.payload, retained=case.retained), case.hints)
    assert {one.path: (one.kind, one.value) for one in decoded.readings} == case.readings
    assert [one.reason for one in decoded.rejections] == case.reasons
    return decoded

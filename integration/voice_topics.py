"""What people say, as messages carry it: bare text, JSON, what Home Assistant matched, and Rhasspy's Hermes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from config.home import Home
from devices.own_topics import LARGEST, text_of, writable
from devices.readings import Message, Reason, Rejection
from journal.entry import Channel

TEXT, INTENT, ENTRY = "voice/text", "voice/intent", "symptom"
REPLY = "voice/reply"
HERMES_INTENT, HERMES_UNKNOWN = "hermes/intent/#", "hermes/nlu/intentNotRecognized"
HERMES_END = "hermes/dialogueManager/endSession"
_LONGEST_ID = 100
_FIRST_YEAR = 2020
"""A clock that says less was never set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing that was said, whatever the way."""

    person: str
    channel: Channel
    text: str = ""
    intent: str = ""
    """What Home Assistant matched, with its slots; else ``text`` (or the payload of a JSON entry) is what was said."""
    slots: Mapping[str, object] = field(default_factory=dict)
    entry: bytes = b""
    request_id: str = ""
    """To be repeated in the reply."""
    id: str = ""
    """The sender's own: the same one again is the same words again."""
    said_at: datetime | None = None
    """Aware UTC; None: it does not say."""
    session: str = ""
    """Of Rhasspy's dialogue, which the reply ends."""
    only_known: bool = False
    """What is not understood is not for us."""


class VoiceTopics:
    """Which topics bring words, and whose."""

    def __init__(self, home: Home, persons: Iterable[str]) -> None:
        self._prefix = home.mqtt.prefix
        self._sites = dict(home.hermes.sites) if home.hermes is not None else {}
        kinds = (TEXT, INTENT, ENTRY)
        self._topics = {f"{self._prefix}/{person}/{kind}": (person, kind) for person in persons for kind in kinds}

    @property
    def filters(self) -> list[str]:
        """What to subscribe to."""
        return [*self._topics, *((HERMES_INTENT, HERMES_UNKNOWN) if self._sites else ())]

    def brings_words(self, topic: str) -> bool:
        """Whether a topic is one of these."""
        return topic in self._topics or (bool(self._sites) and _is_hermes(topic))

    def parse(self, message: Message) -> Request | Rejection | None:
        """What was said; None where it is for nobody of ours. No rejection repeats a word of it."""
        if message.retained:
            detail = "old words, kept by the broker; send them without retain"
            return Rejection(reason=Reason.RETAINED_EVENT, detail=detail)
        if len(message.payload) > LARGEST:
            return Rejection(reason=Reason.TOO_LARGE, detail=f"more than {LARGEST} bytes")
        return self._own(message) if message.topic in self._topics else self._hermes(message)

    def _own(self, message: Message) -> Request | Rejection:
        person, kind = self._topics[message.topic]
        document = text_of(message.payload)
        fields: Mapping[str, Any] = document if isinstance(document, dict) else {}
        request = Request(
            person=person,
            channel="text",
            request_id=_short(fields.get("request_id")),
            id=_short(fields.get("id")),
            said_at=_instant(fields.get("at")),
        )
        if kind == ENTRY:
            return replace(request, channel="mqtt", entry=_clean(document, message.payload))
        slots = fields.get("slots")
        if kind == INTENT and fields.get("intent") and isinstance(slots, dict):
            known = {str(key): writable(value) for key, value in slots.items()}
            return replace(request, channel="assist", intent=str(fields["intent"]), slots=known)
        words = fields.get("text") if fields else document
        if kind == INTENT or not isinstance(words, (str, int, float)) or isinstance(words, bool):
            form = '{"intent": "...", "slots": {}}' if kind == INTENT else 'the words, or {"text": "..."}'
            return Rejection(reason=Reason.MISSING_FIELD, detail=f"send {form}", path=kind.partition("/")[2])
        return replace(request, text=str(words))

    def _hermes(self, message: Message) -> Request | Rejection | None:
        document = text_of(message.payload)
        if not isinstance(document, dict):
            return None
        person = self._sites.get(str(document.get("siteId", "")))
        words = document.get("rawInput") or document.get("input")
        if person is None or not isinstance(words, str):
            return None
        ours = message.topic.rpartition("/")[2].lower().startswith("unclench")
        session = _short(document.get("sessionId"))
        return Request(person=person, channel="hermes", text=words, session=session, only_known=not ours)


def hermes_end(session: str, text: str) -> str:
    """What ends a dialogue of Rhasspy's with a reply."""
    return json.dumps({"sessionId": session, "text": text})


def _clean(document: object, payload: bytes) -> bytes:
    """An entry's JSON, in which every character is whole: else one half of one would cost the entry."""
    return json.dumps(writable(document)).encode() if isinstance(document, dict) else payload


def _is_hermes(topic: str) -> bool:
    return topic == HERMES_UNKNOWN or topic.startswith(HERMES_INTENT.removesuffix("#"))


def _short(value: object) -> str:
    return str(value)[:_LONGEST_ID] if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _instant(value: object) -> datetime | None:
    """A time with its zone, as ISO text."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        known = found is not None and found.tzinfo is not None and found.year >= _FIRST_YEAR
        return found.astimezone(UTC) if found is not None and known else None
    except (ValueError, OverflowError):
        return None

"""What the scribe's work is made of: plain values, and what late or unwritten words still mean."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from devices.events import Event, SelfReported, SymptomLogged
from devices.readings import Rejection
from integration.scribe_events import asks_for_now
from integration.voice_topics import HERMES_UNKNOWN, Request
from journal.context import Home
from journal.desk import Visit
from journal.meaning import Meaning, Precision, Said
from journal.outcome import Ask, Outcome
from journal.red_flags import is_low_mood, spoken_signs

TOO_LATE = "That came too late. Nothing was done."
KNOWN_ALREADY = "I heard that before."
OUTCOMES = TypeAdapter(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How a message came. ``key``: the broker's, empty without a promise of delivery."""

    at: datetime
    id: str
    key: str = ""
    repeated: bool = False
    """The broker marks it as perhaps sent before."""
    known: bool = False
    """The engine has its events already."""
    late: timedelta = timedelta(0)
    """How long it may have waited while we were away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered, to whom."""

    person: str
    request_id: str
    session: str
    text: str
    saved: bool
    flag: str = ""


def reply_document(reply: Reply) -> dict[str, Any]:
    """A reply as it is published."""
    return {"request_id": reply.request_id, "text": reply.text, "saved": reply.saved, "flag": reply.flag}


@dataclass(slots=True)
class Noted:
    """What a message brought. ``unsaved``: it is not on disk, and must not be acknowledged."""

    events: list[tuple[str, Event]] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    unsaved: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """What a message is known by. ``lasting``: its sender named it; else the broker did, for one session."""

    text: str
    person: str
    lasting: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """Something that was said and is still to be written."""

    meaning: Meaning
    visit: Visit
    keys: tuple[Key, ...]
    home: Home
    key: str
    source: str
    late: bool = False
    told: frozenset[str] = frozenset()
    """The reasons of the red flags that were shown when it was said."""
    asked: tuple[Ask, ...] = ()
    """What the engine heard of it when it was said."""


@dataclass(slots=True)
class Bucket:
    """How much may still be taken: ``left`` at once, and so much more each second."""

    left: float
    a_second: float
    most: float = 0.0
    at: datetime | None = None

    def takes(self, now: datetime) -> bool:
        """Whether one more may be taken now."""
        passed = max(0.0, (now - self.at).total_seconds()) if self.at is not None else 0.0
        self.most = max(self.most, self.left)
        self.at, self.left = now, min(self.most, self.left + passed * self.a_second)
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass(frozen=True, slots=True)
class Understood:
    """Something that was understood, and where it came from."""

    request: Request
    meaning: Meaning
    source: str
    late: timedelta = timedelta(0)
    home: Home | None = None
    said_at: datetime | None = None
    """When it was said, where its sender tells."""


def keys_of(request: Request, heard: Heard) -> tuple[Key, ...]:
    """How a message is known again: by the sender's own id, by the broker's."""
    own = Key(request.id, request.person, lasting=True) if request.id else None
    brokers = Key(heard.key, request.person, lasting=False) if heard.key else None
    return tuple(key for key in (own, brokers) if key is not None)


def part_of(heard: Heard | None, event: Event, mark: str) -> Heard:
    """How one of a message's events came. Its place in the message is a part of how it is known again."""
    if heard is None or not heard.key:
        return Heard(at=event.at, id=f"{event.id}{mark}")
    place = event.id.removeprefix(heard.id)
    return replace(heard, at=event.at, id=f"{event.id}{mark}", key=f"{heard.key}.{place}{mark}", known=False)


def told_now(event: Event, now: datetime) -> Event:
    """An event that the engine hears of late."""
    if isinstance(event, SymptomLogged | SelfReported) and event.occurred_at is None:
        event = replace(event, occurred_at=event.at)
    return replace(event, at=max(event.at, now))


def outcome_of(before: str) -> Outcome:
    """What came of a message; where that was erased, or is of another version, only that it was heard."""
    try:
        return OUTCOMES.validate_json(before)
    except ValidationError:
        return Outcome(says=KNOWN_ALREADY)


def is_in_danger(topic: str, text: str) -> bool:
    """Whether words that no skill took tell of danger: then they are for us."""
    return topic == HERMES_UNKNOWN and (is_low_mood(text) or bool(spoken_signs(text)))


def as_late(outcome: Outcome) -> Outcome:
    """What was said while we were away asks for nothing any more, and must not sound as if it did."""
    if outcome.changes or not any(asks_for_now(ask) for ask in outcome.asks):
        return outcome
    if any(not flag.kept for flag in outcome.flags):
        return outcome
    return replace(outcome, says=" ".join([TOO_LATE, *advice(outcome)]))


def untold_id(heard: Heard, outcome: Outcome) -> str:
    """The id for the engine's events; without the fingerprint of words that must leave no trace."""
    traceless = any(not flag.kept for flag in outcome.flags)
    return heard.id.replace(f"-{heard.key}", "") if traceless and heard.key else heard.id


class NoBook:
    """An empty journal: for what somebody says while the real one cannot be read."""

    def get(self, _entry_id: str) -> None:
        """No entry."""

    def latest(self, *_: object, **__: object) -> list[Any]:
        """None."""
        return []

    logged_last = between = changes = daily_counts = latest

    def flagged_at(self, *_: object) -> None:
        """Never."""


def advice(outcome: Outcome) -> list[str]:
    """The words of the flags that are shown."""
    return [flag.says for flag in outcome.flags if flag.shown]


def coarser(said: Said, late: timedelta) -> Said:
    """Something that waited for us: when it was is known only so far."""
    precision: Precision = "hour" if late <= timedelta(hours=1) else "part_of_day"
    if said.precision in ("part_of_day", "day"):
        precision = said.precision
    return replace(said, precision=precision)


def dated(said: Said, said_at: datetime) -> Said:
    """What was said without a time is of the moment when it was said."""
    return said if said.occurred_at is not None else replace(said, occurred_at=said_at)

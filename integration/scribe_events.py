"""What the journal asks of the engine, as events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from devices.events import (
    Event,
    HelpAdvised,
    PauseChanged,
    PromptAnswered,
    RoutineDue,
    RoutineSteered,
    SelfReported,
    SymptomLogged,
)
from journal.outcome import Ask, Flag

ONLY_NOW = frozenset({"too_hot", "too_cold"})
"""Reports that ask for something at once: what came late is not meant any more."""
_STEERS = {"pause": "pause", "resume": "resume", "skip": "skip", "stop": "skip"}


@dataclass(frozen=True, slots=True)
class Whence:
    """What the events of one message have in common."""

    person: str
    at: datetime
    source: str
    id: str


def asks_for_now(ask: Ask) -> bool:
    """Whether it asks for something, and does not only tell how somebody is."""
    return ask.kind not in ("symptom", "report") or ask.name in ONLY_NOW


def events_of(asks: Iterable[Ask], whence: Whence, *, late: bool) -> Iterator[Event]:
    """An event for each. ``late``: what was said while we were away asks for nothing any more; what it tells counts."""
    for number, ask in enumerate(asks):
        if not (late and asks_for_now(ask)):
            yield _MAKERS[ask.kind](ask, whence, f"{whence.id}.{number}")


def advice_of(flags: Iterable[Flag], whence: Whence) -> Iterator[Event]:
    """A call for help that no voice has answered with: it goes out over the person's own channels, at any hour."""
    for number, flag in enumerate(flags):
        if flag.shown and flag.kept and flag.says:
            event_id = f"{whence.id}.help{number}"
            yield HelpAdvised(at=whence.at, source=whence.source, id=event_id, person=whence.person, text=flag.says)


def _symptom(ask: Ask, whence: Whence, event_id: str) -> Event:
    return SymptomLogged(
        at=whence.at,
        source=whence.source,
        id=event_id,
        person=whence.person,
        symptom=ask.name,
        severity=None if ask.value is None else float(ask.value),
        occurred_at=ask.at,
    )


def _report(ask: Ask, whence: Whence, event_id: str) -> Event:
    return SelfReported(
        at=whence.at,
        source=whence.source,
        id=event_id,
        person=whence.person,
        trigger=ask.name,
        value=True if ask.value is None else ask.value,
        occurred_at=ask.at,
    )


def _answer(ask: Ask, whence: Whence, event_id: str) -> Event:
    return PromptAnswered(
        at=whence.at,
        source=whence.source,
        id=event_id,
        person=whence.person,
        answer=ask.word,
        prompt=ask.name,
        value=None if ask.value is None or isinstance(ask.value, bool) else float(ask.value),
        until=ask.until,
    )


def _pause(ask: Ask, whence: Whence, event_id: str) -> Event:
    return PauseChanged(
        at=whence.at, source=whence.source, id=event_id, person=whence.person, area=ask.name, until=ask.until
    )


def _routine(ask: Ask, whence: Whence, event_id: str) -> Event:
    person, at, source = whence.person, whence.at, whence.source
    command = _STEERS.get(ask.word)
    if command is None:
        return RoutineDue(at=at, source=source, id=event_id, person=person, routine=ask.name)
    return RoutineSteered(at=at, source=source, id=event_id, person=person, routine=ask.name, command=command)


_MAKERS: dict[str, Callable[[Ask, Whence, str], Event]] = {
    "symptom": _symptom,
    "report": _report,
    "answer": _answer,
    "pause": _pause,
    "routine": _routine,
}

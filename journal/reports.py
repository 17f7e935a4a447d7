"""What a self-report and a symptom are to the engine: a trigger's yes, no or rating, a reminder's tick."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from config.triggers import KNOWN_REPORTS
from journal.context import Home
from journal.entry import Entry
from journal.outcome import Ask
from journal.red_flags import FEVER_C

SYMPTOM_COUNTS: Final = timedelta(hours=12)
"""An older symptom holds back nothing any more."""
VOTE_COUNTS: Final = timedelta(minutes=15)
""""Too hot" is acted upon now, and not because of how it was."""
_PRESENT: Final = timedelta(minutes=2)
_TRIGGERS: Final = {
    "stress": "stress",
    "slept_badly": "poor_sleep",
    "sleep": "poor_sleep",
    "caffeine": "caffeine",
    "alcohol": "alcohol",
    "meal": "food",
    "too_hot": "too_hot",
    "too_cold": "too_cold",
    "fever": "fever",
    "infection": "infection",
    "tight_clothing": "tight_clothing",
    "exertion": "exertion",
    "bath": "hot_bath",
    "fall": "fall",
}
"""The trigger that each report speaks to. Water and the period are entries, and nothing else."""
_RATED: Final = frozenset({"stress", "sleep"})
_HOT: Final = re.compile(r"\b(?:hot|very warm|steaming|scalding)\b[\w ]*\b(?:bath|shower|tub|soak)\b")


def asks_of(entry: Entry, now: datetime, home: Home, reminders: frozenset[str], *, words: str = "") -> list[Ask]:
    """What the engine is told of an entry that is new or was changed. ``words``: what was heard."""
    back = now - entry.occurred_at
    at = entry.occurred_at if back > _PRESENT else None
    if entry.kind == "symptom":
        return _of_symptom(entry, at) if back <= SYMPTOM_COUNTS else []
    if entry.kind != "report":
        return []
    if entry.what == "took_reminder":
        return _ticked(entry, at, home, reminders)
    trigger = _TRIGGERS.get(entry.what)
    if trigger is None or back > _lasts(trigger):
        return []
    value = _value(entry, words)
    return [] if value is None else [Ask(kind="report", name=trigger, value=value, at=at)]


def _lasts(trigger: str) -> timedelta:
    if trigger in ("too_hot", "too_cold"):
        return VOTE_COUNTS
    return KNOWN_REPORTS[trigger].lasts or timedelta.max


def _of_symptom(entry: Entry, at: datetime | None) -> list[Ask]:
    asks = [Ask(kind="symptom", name=entry.what, value=entry.severity, at=at)]
    if entry.what == "fatigue" and entry.severity is not None:
        asks.append(Ask(kind="report", name="fatigue", value=entry.severity, at=at))
    return asks


def _ticked(entry: Entry, at: datetime | None, home: Home, reminders: frozenset[str]) -> list[Ask]:
    name = entry.reminder or (home.offered if home.offered in reminders else "")
    return [Ask(kind="answer", name=name, word="done", at=at)] if name else []


def _value(entry: Entry, words: str) -> float | bool | None:
    """What is told; None where it says nothing to the engine."""
    if entry.over:
        return False
    if entry.what in _RATED and entry.severity is not None:
        return entry.severity
    if entry.what == "sleep":
        return None
    if entry.what == "fever" and entry.celsius is not None and entry.celsius < FEVER_C:
        return None
    if entry.what == "bath" and not (entry.subtype == "hot" or _HOT.search(words.lower())):
        return None
    return True

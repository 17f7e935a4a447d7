"""What a sentence comes to, as one flat document: what ``unclench voice --json`` prints (docs/voice.md)."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from journal.entry import Entry
from journal.meaning import Meaning, Said
from journal.outcome import Outcome

ITEM: dict[str, Any] = {
    "symptom": None,
    "subtype": None,
    "place": None,
    "side": None,
    "severity": None,
    "severity_word": None,
    "severity_source": None,
    "duration_minutes": None,
    "occurred_at": None,
    "time_precision": None,
    "count": None,
    "note": None,
    "suspected": [],
    "self_report": None,
    "none": None,
    "going_on": False,
    "over": False,
    "woke": False,
    "celsius": None,
    "reminder": None,
}
"""The fields of one thing that was said, as they are where it was not said."""
_SAME = {"yes": "done", "no": "skip"}
"""What an answer comes to; the word itself stands in "word"."""
AGAIN = ("repeat", "repeat_other_side")
ALL = "all"
"""In "none": of no symptom at all."""


def as_document(meaning: Meaning, outcome: Outcome, now: datetime, zone: tzinfo) -> dict[str, Any]:
    """Every field, always; what was not said is null, [] or false. Times are in the person's zone."""
    items = [_item(each, now, zone, meaning) for each in meaning.said]
    added = [each.after for each in outcome.changes if each.before is None and each.after.kind != "note"]
    if meaning.op in AGAIN:
        items = [_logged(each, zone) for each in added] or items  # what it is stands in the journal
    if not items and meaning.to is not None:
        items = [_item(meaning.to, now, zone, meaning)]
    return {
        **(items[0] if items else {**ITEM, "suspected": [], "note": _note(meaning)}),
        "op": meaning.op or None,
        "query": meaning.query or None,
        "about": meaning.about or None,
        "days": meaning.days,
        "reply": _SAME.get(meaning.reply, meaning.reply) or None,
        "until": _time(meaning.until, zone),
        "control": meaning.control or None,
        "rating": _number(meaning.rating),
        "word": meaning.word or None,
        "red_flag": next((each.tier for each in outcome.flags if each.tier), None),
        "says": outcome.says or None,
        "purpose": meaning.purpose,
        "unsure": meaning.unsure,
        "raw": meaning.raw,
        "entries": items if len(items) > 1 else [],
    }


def _note(meaning: Meaning) -> str | None:
    return meaning.raw if meaning.purpose == "note" else None


def _item(said: Said, now: datetime, zone: tzinfo, meaning: Meaning) -> dict[str, Any]:
    logged = meaning.purpose == "log"
    what = said.what or None
    timed = logged or said.occurred_at is not None
    return {
        **ITEM,
        "symptom": None if said.kind == "report" else what,
        "self_report": what if said.kind == "report" else None,
        "none": (what or ALL) if said.kind == "none" else None,
        "subtype": said.subtype or None,
        "place": said.place or None,
        "side": said.side or None,
        "severity": _number(said.severity),
        "severity_word": said.severity_word or None,
        "severity_source": said.severity_source or None,
        "duration_minutes": _number(said.duration_minutes),
        "occurred_at": _time(said.occurred_at or now, zone) if timed else None,
        "time_precision": said.precision if timed else None,
        "count": 0 if said.kind == "none" else said.count,
        "note": said.note or None,
        "suspected": list(said.suspected),
        "going_on": said.going_on,
        "over": said.over,
        "woke": said.woke,
        "celsius": _number(said.celsius),
        "reminder": said.reminder or None,
    }


def _logged(entry: Entry, zone: tzinfo) -> dict[str, Any]:
    what = entry.what or None
    return {
        **ITEM,
        "symptom": what if entry.kind in ("symptom", "none") else None,
        "self_report": what if entry.kind == "report" else None,
        "none": (what or ALL) if entry.kind == "none" else None,
        "subtype": entry.subtype or None,
        "place": entry.place or None,
        "side": entry.side or None,
        "severity": _number(entry.severity),
        "severity_word": entry.severity_word or None,
        "severity_source": entry.severity_source or None,
        "duration_minutes": _number(entry.duration_minutes),
        "occurred_at": _time(entry.occurred_at, zone),
        "time_precision": entry.precision,
        "count": 0 if entry.kind == "none" else entry.count if entry.count != 1 else None,
        "note": entry.note or None,
        "suspected": list(entry.suspected),
        "going_on": entry.going_on,
        "over": entry.over,
        "woke": entry.woke,
        "celsius": _number(entry.celsius),
        "reminder": entry.reminder or None,
    }


def _time(at: datetime | None, zone: tzinfo) -> str | None:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else None


def _number(value: float | None) -> float | None:
    """A whole number as such: 7 and not 7.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value

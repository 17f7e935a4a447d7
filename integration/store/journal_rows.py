"""Entries and changes as rows, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json

from integration.store.journal_schema import to_number, to_time
from journal.entry import Change, Channel, Entry, EntryKind
from journal.meaning import Precision

_PLAIN = (
    *("id", "person", "kind", "what", "subtype", "place", "side", "severity", "severity_word", "severity_source"),
    *("duration_minutes", "precision", "count", "note", "raw", "channel", "celsius", "reminder"),
)
_YES_NO = ("going_on", "over", "woke", "deleted")
_TIMES = ("occurred_at", "logged_at", "ended_at")
_REST = ("suspected", "context", "more")
COLUMNS = (*_PLAIN, *_YES_NO, *_TIMES, *_REST)
MORE = frozenset(field.name for field in fields(Entry)) - {*COLUMNS}
"""Fields that have no column of their own (yet): kept as JSON, so that none is ever dropped."""
CHANGE_COLUMNS = ("seq", "at", "op", "before", "after", "together", "undoes")
_UPSERT = f"""
    INSERT INTO entries ({", ".join(COLUMNS)}) VALUES (:{", :".join(COLUMNS)})
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "id")}
"""  # noqa: S608 (fixed names)
_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


def to_row(entry: Entry) -> dict[str, Any]:
    """The entry by column."""
    row: dict[str, Any] = {name: getattr(entry, name) for name in (*_PLAIN, *_YES_NO)}
    for name in _TIMES:
        at = getattr(entry, name)
        row[name] = None if at is None else to_number(at)
    row["suspected"] = json.dumps(entry.suspected)
    row["context"] = _text(entry.context)
    more = _ENTRY.dump_python(entry, mode="json", include=set(MORE), exclude_defaults=True) if MORE else {}
    row["more"] = _text(more)
    return row


def write(connection: sqlite3.Connection, row: Mapping[str, Any]) -> None:
    """Keep an entry as it is now, in the place of what it was."""
    connection.execute(_UPSERT, dict(row))


def from_row(row: tuple[Any, ...]) -> Entry:
    """The entry of a row of COLUMNS. Raises ValueError where it cannot be one."""
    known, more = row[:-1], row[-1]
    entry = _known(*known)
    if more == "{}":
        return entry
    found: dict[str, Any] = _ENTRY.dump_python(entry) | json.loads(more)
    return _ENTRY.validate_python(found)


def _known(  # noqa: PLR0913 (the columns in their order: a question may read ten thousand rows, so no loop)
    id_: str,
    person: str,
    kind: EntryKind,
    what: str,
    subtype: str,
    place: str,
    side: str,
    severity: float | None,
    severity_word: str,
    severity_source: str,
    duration_minutes: float | None,
    precision: Precision,
    count: int,
    note: str,
    raw: str,
    channel: Channel,
    celsius: float | None,
    reminder: str,
    going_on: int,
    over: int,
    woke: int,
    deleted: int,
    occurred_at: int,
    logged_at: int,
    ended_at: int | None,
    suspected: str,
    context: str,
) -> Entry:
    return Entry(
        id=id_,
        person=person,
        kind=kind,
        what=what,
        subtype=subtype,
        place=place,
        side=side,
        severity=severity,
        severity_word=severity_word,
        severity_source=severity_source,
        duration_minutes=duration_minutes,
        precision=precision,
        count=count,
        note=note,
        raw=raw,
        channel=channel,
        celsius=celsius,
        reminder=reminder,
        going_on=going_on == 1,
        over=over == 1,
        woke=woke == 1,
        deleted=deleted == 1,
        occurred_at=to_time(occurred_at),
        logged_at=to_time(logged_at),
        ended_at=None if ended_at is None else to_time(ended_at),
        suspected=() if suspected == "[]" else tuple(json.loads(suspected)),
        context={} if context == "{}" else from_json(context),
    )


def change_to_row(change: Change) -> dict[str, Any]:
    """The change by column. The context stays with the entry, where the change does not change it: it is long."""
    before, after = change.before, change.after
    if before is None or before.context == after.context:
        before, after = before and replace(before, context={}), replace(after, context={})
    return {
        "entry": after.id,
        "person": after.person,
        "at": to_number(change.at),
        "op": change.op,
        "before": before and entry_to_json(before),
        "after": entry_to_json(after),
        "together": change.group,
        "undoes": change.undoes,
    }


def change_from_row(row: tuple[Any, ...], context: Mapping[str, Any]) -> Change:
    """The change of a row of CHANGE_COLUMNS, with the context of its entry."""
    seq, at, op, before, after, group, undoes = row
    return Change(
        seq=seq,
        at=to_time(at),
        op=op,
        before=None if before is None else entry_from_json(before, context),
        after=entry_from_json(after, context),
        group=group,
        undoes=undoes,
    )


def entry_to_json(entry: Entry) -> str:
    """All that is not as it is by default."""
    return _ENTRY.dump_json(entry, exclude_defaults=True).decode()


def entry_from_json(text: str, context: Mapping[str, Any] | None = None) -> Entry:
    """An entry that ``entry_to_json`` wrote. Raises ValueError."""
    entry = _ENTRY.validate_json(text)
    return entry if entry.context or not context else replace(entry, context=context)


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "{}"

"""Erases what a person said from the engine's database too: events, decisions, words, the snapshot's memory of them.

For a service that does not run: the caller holds the folder's lock.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integration.store.journal_copies import Erased, Span, asides, compact, delete_files
from integration.store.opening import told, whole_or_not_at_all
from integration.store.schema import migrate
from integration.store.store import FILE

SAID = ("symptom_logged", "self_reported", "prompt_answered", "journal_pressed", "help_advised")
"""The kinds of events that hold what a person said."""
_TELLING = ("you reported", "you said", "you logged", "told me")
"""A reason with this in it repeats it."""
_NAMES = ("events", "decisions", "actions")


def erase_events(folder: Path, span: Span) -> Erased:
    """Erase for good. Decisions and words of later may repeat what was said, so they go from its start on."""
    path, erased = folder / FILE, Erased(counts=dict.fromkeys(_NAMES, 0))
    if path.exists():
        there = f"{path.absolute().as_uri()}?mode=rw"
        try:
            with closing(sqlite3.connect(there, uri=True, timeout=5, isolation_level=None)) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA temp_store = MEMORY")
                migrate(connection)
                with whole_or_not_at_all(path, connection):
                    erased.counts = _erase(connection, span)
                compact(path, connection)
        except sqlite3.Error as error:
            raise told(path, "cannot be erased", error) from error
    for found in asides(path):
        if span.everything:
            delete_files(found)
            erased.deleted.append(found)
        else:
            erased.left[found] = "is damaged and cannot be changed: delete it yourself"
    return erased


def _erase(connection: sqlite3.Connection, span: Span) -> dict[str, int]:
    start = "" if span.start is None else span.start.astimezone(UTC).isoformat()
    end = "9999" if span.end is None else span.end.astimezone(UTC).isoformat()
    values = {"person": span.person, "start": start, "end": end}
    who = "(:person IS NULL OR person = :person) AND at >= :start"
    kinds = ", ".join(f"'{kind}'" for kind in SAID)
    said = f"DELETE FROM events WHERE {who} AND at < :end AND kind IN ({kinds})"  # noqa: S608 (fixed texts)
    counts = {"events": connection.execute(said, values).rowcount}
    for table in ("decisions", "actions"):
        counts[table] = connection.execute(f"DELETE FROM {table} WHERE {who}", values).rowcount  # noqa: S608
    row = connection.execute("SELECT body FROM snapshot").fetchone()
    if row is not None:
        body = json.dumps(forgotten(json.loads(row[0]), span))
        # a number that is given again must not be one that the snapshot seems to know
        number = "min(after_seq, (SELECT coalesce(max(seq), 0) FROM events))"
        connection.execute(f"UPDATE snapshot SET body = ?, after_seq = {number}", (body,))  # noqa: S608
    return counts


def forgotten(snapshot: dict[str, Any], span: Span) -> dict[str, Any]:
    """A snapshot without what was said in the span. What the engine learned of rooms and devices stays."""
    engines = {
        person: _engine(memory, span) if span.person in (None, person) else memory
        for person, memory in snapshot["engines"].items()
    }
    return {**snapshot, "engines": engines}


def _engine(memory: dict[str, Any], span: Span) -> dict[str, Any]:
    def inside(at: str | None) -> bool:
        when = None if at is None else datetime.fromisoformat(at)
        return when is not None and (span.start is None or when >= span.start) and (span.end is None or when < span.end)

    facts = memory["facts"]
    gone = {name for name, fact in facts.items() if name.startswith("self.") and inside(fact[1])}
    reported = {name.removeprefix("self.") for name in gone}
    desk = dict(memory["desk"])
    desk["prompts"] = {
        name: {**prompt, "done_at": None} if inside(prompt.get("done_at")) else prompt
        for name, prompt in desk.get("prompts", {}).items()
    }
    found = {
        **memory,
        "symptoms": [each for each in memory["symptoms"] if not inside(each[0])],
        "facts": {name: fact for name, fact in facts.items() if name not in gone},
        "triggers": {name: each for name, each in memory["triggers"].items() if name not in reported},
        "agenda": {key: due for key, due in memory["agenda"].items() if key.removeprefix("trigger:") not in reported},
        "desk": desk,
    }
    return {key: _mapped(value, _without_telling) for key, value in found.items()}


def _without_telling(text: str) -> str:
    return "" if any(words in text for words in _TELLING) else text


def _mapped(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 (a JSON value)
    """A JSON value with every text in it changed, but for names."""
    if isinstance(value, dict):
        return {key: _mapped(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return [_mapped(part, change) for part in value]
    return change(value) if isinstance(value, str) else value

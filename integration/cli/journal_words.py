"""An entry in a line of plain words, for tables and answers on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from hashlib import blake2s

import typer

from config.mistakes import nearest_to
from integration.private import one_line
from journal.entry import Change, Entry
from journal.wording import noun

HANDLE = 6
"""Characters of the short id that a list shows and that commands take."""


def handle(entry_id: str) -> str:
    """A short id: the real ones are as long as those of messages."""
    return blake2s(entry_id.encode("utf-8", "replace")).hexdigest()[:HANDLE]


def number(value: float) -> str:
    """7 and not 7.0."""
    return f"{value:g}"


def what(entry: Entry) -> str:
    """Such as "left calf spasm", "no spasms", "stress", "note"."""
    words = noun(entry)
    return one_line(f"{entry.subtype} {words}" if entry.subtype else words)


def details(entry: Entry) -> str:
    """What else was said, but for the time and the strength."""
    found = []
    if entry.count != 1 and entry.kind != "none":
        found.append(f"{entry.count} times" if entry.kind == "symptom" else f"{entry.count}")
    if entry.duration_minutes is not None:
        found.append(f"{number(entry.duration_minutes)} min")
    found += ["woke you"] if entry.woke else []
    found += ["still going on"] if entry.going_on and entry.ended_at is None else []
    if entry.suspected:
        found.append("perhaps " + ", ".join(each.replace("_", " ") for each in entry.suspected))
    words = entry.note or (entry.raw if entry.kind == "note" else "")
    found += [" ".join(words.split())] if words else []
    return one_line("; ".join(found))


def strength(entry: Entry) -> str:
    """As "7/10", or nothing."""
    return "" if entry.severity is None else f"{number(entry.severity)}/10"


def when(at: datetime, precision: str, zone: tzinfo, *, year: bool = False) -> str:
    """As "Fri 20 Nov 15:00", and no more exactly than it is known."""
    local = at.astimezone(zone)
    day = f"{local:%a} {local.day:2} {local:%b}" + (f" {local.year}" if year else "")
    if precision == "day":
        return day
    if precision == "part_of_day":
        return f"{day} {_part(local.hour)}"
    return f"{day} {'~' if precision == 'hour' else ''}{local:%H:%M}"


def line(entry: Entry, zone: tzinfo) -> str:
    """All of it on one line."""
    return ", ".join(each for each in _parts(entry, zone) if each)


def change_line(change: Change, zone: tzinfo) -> str:
    """What a change did: "written down: ...", "changed: severity 7 -> 8"."""
    if change.before is None:
        return f"written down: {line(change.after, zone)}"
    if change.after.deleted and not change.before.deleted:
        return f"deleted: {line(change.before, zone)}"
    if change.before.deleted and not change.after.deleted:
        return f"brought back: {line(change.after, zone)}"
    pairs = zip(_parts(change.before, zone), _parts(change.after, zone), strict=True)
    told = [_became(before, after) for before, after in pairs if before != after]
    name = "" if what(change.before) != what(change.after) else f"{what(change.before)}: "
    return f"changed: {name}{', '.join(told) or 'nothing that is shown'}"


def check_ids(given: Mapping[str, str | None], known: Mapping[str, Iterable[str]], *, hint: str = "") -> None:
    """That what was given as an option is one of our ids. Raises BadParameter, which names the nearest."""
    for name, value in given.items():
        ids = list(known[name])
        if value is None or value in ids:
            continue
        near = nearest_to(value, ids)
        message = f"choose from {', '.join(ids)}" + (f". Did you mean {near}?" if near else hint)
        raise typer.BadParameter(message, param_hint=f"--{name}")


def _became(before: str, after: str) -> str:
    if not before:
        return f"now {after}"
    return f"{before} -> {after}" if after else f"no longer {before}"


def _parts(entry: Entry, zone: tzinfo) -> tuple[str, ...]:
    at = " ".join(when(entry.occurred_at, entry.precision, zone).split())
    return what(entry), strength(entry), at, details(entry)


def _part(hour: int) -> str:
    return ("night", "morning", "afternoon", "evening")[hour // 6]

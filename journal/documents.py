"""Entries as files that people keep: JSON and CSV, with one schema, out and in again without a loss.

Nothing here repeats a person's words in a problem: it names the line, the field and what may stand there.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.errors import UnclenchError
from journal.entry import Entry
from journal.vocabulary import PLACES, SEVERITY, SIDES, SUBTYPES, SYMPTOMS

VERSION = 1
MARK = "unclench_journal"
"""The key (and the last column) that says what a file is, and of which version."""
TIMES = ("occurred_at", "logged_at", "ended_at")
_LISTS = ("suspected",)
_NUMBERS = {each.name for each in fields(Entry) if "float" in str(each.type) or str(each.type) == "int"}
_FLAGS = {each.name for each in fields(Entry) if str(each.type) == "bool"}
_DEFAULTS = {
    each.name: each.default_factory() if each.default_factory is not MISSING else each.default for each in fields(Entry)
}
FIELDS = tuple(each.name for each in fields(Entry))
COLUMNS = (
    *("id", "person", "kind", "what", "subtype", "place", "side", "severity", "severity_word", "severity_source"),
    *("duration_minutes", "occurred_at", "logged_at", "precision", "count", "suspected", "note", "raw", "channel"),
    *("going_on", "over", "ended_at", "woke", "deleted", "celsius", "reminder", "context"),
    MARK,
)
"""Of the CSV file. A later version adds columns just before the last one, and changes none."""
_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
_ACTIVE = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")  # noqa: RUF001 (a spreadsheet takes the wide ones for the same)
"""How a cell begins that a spreadsheet may run as a formula."""
_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
_LONGEST_LASTING, _MOST, _CELSIUS, _YEARS = 366 * 24 * 60, 100_000, (20, 50), (1950, 2200)
"""What can be counted with, and told in every zone; wider than what can be said."""
MOST_TOLD = 20
"""Problems that are told of one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What cannot be taken in: where it stands, and what may stand there; never what stood there."""

    line: int
    field: str = ""
    says: str

    def text(self) -> str:
        """On one line."""
        where = f"line {self.line}" + (f", {self.field}" if self.field else "")
        return f"{where}: {self.says}"


class NotAJournalError(UnclenchError):
    """A file cannot be taken in; nothing of it was. ``problems`` says why, line by line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(each.text() for each in self.problems[:MOST_TOLD]))


# -- out


def to_document(entry: Entry, zone: tzinfo = UTC) -> dict[str, Any]:
    """An entry with all its fields; times as ISO 8601 in a person's zone, with the offset."""
    found = {name: getattr(entry, name) for name in FIELDS}
    for name in TIMES:
        if found[name] is not None:
            found[name] = found[name].astimezone(zone).isoformat()
    return {**found, "suspected": list(entry.suspected), "context": _plain(entry.context)}


def to_json(entries: Iterable[Entry], zones: Mapping[str, tzinfo]) -> Iterator[str]:
    """The JSON file in pieces, one entry a line."""
    yield f'{{"{MARK}": {VERSION}, "entries": ['
    before = "\n"
    for entry in entries:
        document = to_document(entry, zones.get(entry.person, UTC))
        yield before + json.dumps(document, ensure_ascii=False, allow_nan=False)
        before = ",\n"
    yield "\n]}\n"


def to_csv(entries: Iterable[Entry], zones: Mapping[str, tzinfo]) -> Iterator[str]:
    """The CSV file (RFC 4180) in pieces, one row each. No cell of it is a formula to a spreadsheet."""
    held = _Held()
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    yield held.take()
    for entry in entries:
        document = to_document(entry, zones.get(entry.person, UTC))
        writer.writerow([_cell(document.get(name, VERSION)) for name in COLUMNS])
        yield held.take()


class _Held:
    """What the CSV writer writes to: pure, and only for one row at a time."""

    def __init__(self) -> None:
        self._text = ""

    def write(self, text: str) -> int:
        self._text += text
        return len(text)

    def take(self) -> str:
        text, self._text = self._text, ""
        return text


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, allow_nan=False) if value else ""
    text = str(value)
    return f"'{text}" if _ACTIVE.match(text) else text


def _plain(value: object) -> Any:  # noqa: ANN401 (JSON)
    """As JSON knows it; a number that is none is null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


# -- in


def from_text(text: str) -> list[Entry]:
    """The entries of an export of either kind, all or none. Raises NotAJournalError with every line that is wrong."""
    text = text.removeprefix("\ufeff")
    return from_json(text) if text.lstrip()[:1] in ("{", "[") else from_csv(text)


def from_json(text: str) -> list[Entry]:
    """The entries of a JSON export. Raises NotAJournalError."""
    try:
        document = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise NotAJournalError([Problem(line=error.lineno, says="this is no JSON from here on")]) from None
    except (ValueError, RecursionError):
        raise NotAJournalError([Problem(line=1, says="this JSON holds what no journal holds")]) from None
    if isinstance(document, dict) and "resourceType" in document:
        says = "this is FHIR, and only CSV and JSON can be imported again"
        raise NotAJournalError([Problem(line=1, says=says)])
    if not isinstance(document, dict) or MARK not in document:
        raise NotAJournalError([Problem(line=1, field=MARK, says="is missing: this is no export of Unclench")])
    if document[MARK] != VERSION or isinstance(document[MARK], bool):
        raise NotAJournalError([_other_version(1)])
    entries = document.get("entries")
    if not isinstance(entries, list):
        raise NotAJournalError([Problem(line=1, field="entries", says="must be a list")])
    return _all(zip(_lines(text, entries), entries, strict=True))


def from_csv(text: str) -> list[Entry]:
    """The entries of a CSV export, also after a spreadsheet has saved it with commas. Raises NotAJournalError."""
    rows = csv.reader((f"{line}\n" for line in text.split("\n")), strict=True)
    try:
        head = [each.strip() for each in next(rows, [])]
        unknown = [index for index, each in enumerate(head, 1) if each not in COLUMNS]
        missing = [each for each in ("id", "person", "kind", "occurred_at", MARK) if each not in head]
        if missing:
            says = f"no column {', '.join(missing)}: this is no export of Unclench, or it is not separated by commas"
            raise NotAJournalError([Problem(line=1, says=says)])
        if unknown or len(set(head)) < len(head):
            says = f"column {unknown[0]} is none of ours" if unknown else "the same column twice"
            raise NotAJournalError([Problem(line=1, says=says)])
        return _all(_documents(rows, head))
    except csv.Error:
        says = "this is no CSV from here on: a quotation mark is missing or too many"
        raise NotAJournalError([Problem(line=rows.line_num, says=says)]) from None


def _documents(rows: Any, head: list[str]) -> Iterator[tuple[int, object]]:  # noqa: ANN401 (csv's reader is private)
    line = rows.line_num + 1
    for row in rows:
        here, line = line, rows.line_num + 1
        if not "".join(row).strip():
            continue
        if len(row) != len(head):
            yield here, Problem(line=here, says=f"{len(row)} cells, where the first line has {len(head)}")
            continue
        cells = dict(zip(head, row, strict=True))
        if cells.pop(MARK) != str(VERSION):
            yield here, _other_version(here)
            continue
        yield here, {name: _value(name, cell) for name, cell in cells.items() if cell or _DEFAULTS[name] is MISSING}


def _value(name: str, cell: str) -> object:
    """A cell as JSON has it; what cannot be one stays the text that it is, and is refused with the rest."""
    if name in _FLAGS:
        return {"true": True, "false": False}.get(cell.strip().lower(), cell)
    if name in _LISTS:
        return cell.split()
    if name not in _NUMBERS and name != "context":
        return cell[1:] if cell.startswith("'") and _ACTIVE.match(cell) else cell
    try:
        found = json.loads(cell, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return cell
    return int(found) if isinstance(found, float) and found.is_integer() else found


def _all(found: Iterable[tuple[int, object]]) -> list[Entry]:
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for line, document in found:
        entry, wrong = (None, [document]) if isinstance(document, Problem) else _read(line, document)
        problems += wrong
        if entry is None:
            continue
        if entries.get(entry.id, entry) != entry:
            problems.append(Problem(line=line, field="id", says="the same as of another entry in this file"))
        entries[entry.id] = entry
    if problems:
        raise NotAJournalError(problems)
    return list(entries.values())


def _read(line: int, document: object) -> tuple[Entry | None, list[Problem]]:
    if not isinstance(document, dict):
        return None, [Problem(line=line, says="an entry must be an object with fields")]
    unknown = [Problem(line=line, says="a field that is none of ours") for name in document if name not in FIELDS]
    try:
        entry = _ENTRY.validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        return None, unknown + [_problem(line, each) for each in error.errors(include_input=False, include_url=False)]
    except ValueError:
        return None, [*unknown, Problem(line=line, says="this entry cannot be read")]
    wrong = unknown + [Problem(line=line, field=name, says=says) for name, says in _wrong(entry)]
    return (None, wrong) if wrong else (_utc(entry), [])


def _problem(line: int, error: Any) -> Problem:  # noqa: ANN401 (pydantic's own)
    where, kind = str(error["loc"][0]) if error["loc"] else "", error["type"]
    says = "is missing" if kind == "missing" else f"cannot be used: {error['msg']}"
    if where in TIMES and kind != "missing":
        says = "must be a time like 2026-11-23T07:30:00+00:00"
    return Problem(line=line, field=where if where in FIELDS else "", says=says)


def _wrong(entry: Entry) -> Iterator[tuple[str, str]]:  # noqa: C901, PLR0912 (one line a field)
    if not entry.id or len(entry.id) > 200:  # noqa: PLR2004
        yield "id", "must be 1 to 200 characters"
    if not _ID.fullmatch(entry.person):
        yield "person", "must be the name of a profile"
    for name in TIMES:
        at = getattr(entry, name)
        if at is not None and at.utcoffset() is None:
            yield name, "must say its zone, like 2026-11-23T07:30:00+00:00"
        elif at is not None and not _YEARS[0] <= at.year <= _YEARS[1]:
            yield name, f"must be between {_YEARS[0]} and {_YEARS[1]}"
    if entry.kind == "symptom" and entry.what not in SYMPTOMS:
        yield "what", f"must be one of {', '.join(SYMPTOMS)}"
    elif entry.kind == "none" and entry.what and entry.what not in SYMPTOMS:
        yield "what", f"must be empty or one of {', '.join(SYMPTOMS)}"
    elif entry.kind in ("report", "rating") and not _ID.fullmatch(entry.what):
        yield "what", "must be an id of small letters, digits and _"
    for name, known in (("subtype", SUBTYPES), ("place", PLACES), ("side", SIDES)):
        if getattr(entry, name) and getattr(entry, name) not in known:
            yield name, f"must be empty or one of {', '.join(known)}"
    if entry.severity is not None and not SEVERITY[0] <= entry.severity <= SEVERITY[1]:
        yield "severity", f"must be from {SEVERITY[0]} to {SEVERITY[1]}"
    if entry.duration_minutes is not None and not 0 <= entry.duration_minutes <= _LONGEST_LASTING:
        yield "duration_minutes", f"must be from 0 to {_LONGEST_LASTING}"
    if not 0 <= entry.count <= _MOST:
        yield "count", f"must be from 0 to {_MOST}"
    if entry.celsius is not None and not _CELSIUS[0] <= entry.celsius <= _CELSIUS[1]:
        yield "celsius", f"must be from {_CELSIUS[0]} to {_CELSIUS[1]}"
    if not all(_ID.fullmatch(each) for each in entry.suspected):
        yield "suspected", "must be ids of small letters, digits and _"


def _utc(entry: Entry) -> Entry:
    times: dict[str, datetime] = {
        name: getattr(entry, name).astimezone(UTC) for name in TIMES if getattr(entry, name) is not None
    }
    return replace(entry, **times)  # type: ignore[arg-type] # mypy takes the names for any field


def _lines(text: str, entries: list[object]) -> list[int]:
    """The line at which each entry begins; where the file was laid out by another, as near as can be told."""
    decoder, found = json.JSONDecoder(), []
    at, line, counted = text.find("[", text.find('"entries"')), 1, 0
    try:
        for _ in entries:
            at = next(index for index in range(at + 1, len(text)) if text[index] not in " \t\r\n,")
            line, counted = line + text.count("\n", counted, at), at
            found.append(line)
            _, end = decoder.raw_decode(text, at)
            at = end - 1
    except (ValueError, StopIteration, RecursionError):
        return [1] * len(entries)
    return found


def _other_version(line: int) -> Problem:
    return Problem(line=line, field=MARK, says=f"must be {VERSION}: this was written by another version of Unclench")


def _no_number(_: str) -> float:
    message = "no number"
    raise ValueError(message)

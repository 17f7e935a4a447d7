"""``unclench journal export``, ``import``, ``backup``, ``restore``, ``check`` and ``erase``: the journal as files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from integration.cli.journal_desk import (
    DaysOption,
    PersonOption,
    SinceOption,
    UntilOption,
    desk_for,
    journal_to_read,
    journal_to_write,
    span_of,
)
from integration.cli.options import ConfigOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from integration.cli.journal_desk import Desk
    from integration.store.journal import JournalStore
    from journal.entry import Entry

LARGEST = 512 * 1024 * 1024
"""Bytes of a file to import."""
HEAD = 1000
"""Bytes in which an export shows what it is."""


def export(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    form: Annotated[
        Literal["csv", "json", "fhir"], typer.Option("--format", help="For a spreadsheet, a program, or a clinic.")
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to; left out: to the terminal. Only you can read it.")
    ] = None,
    person: PersonOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    days: DaysOption = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="Also what was deleted (not in FHIR).")] = False,
    config: ConfigOption = None,
) -> None:
    """Write your entries to a file: CSV, JSON or FHIR observations. CSV and JSON can be imported again."""
    desk = desk_for(ctx, config)
    with journal_to_read(desk) as journal:
        people = desk.people(person, journal)
        start, end = span_of(since, until, days, desk.zone(person), desk.now, usual=None)
        whose = [each for each in people if each in journal.persons()]
        found = [
            entry
            for each in whose
            for entry in journal.everything(each, deleted=deleted and form != "fhir")
            if start <= entry.occurred_at < end
        ]
        pieces = _pieces(form, found, desk, journal)
        if out is None:
            _print(pieces)
        else:
            _spare_another(out)
            _write(out, pieces)
            typer.echo(
                f"{_counted(len(found))} {_are(len(found))} in {out}. It holds private things: only you can read it."
            )


def take_in(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or JSON file that Unclench exported.")],
    person: Annotated[str | None, typer.Option(help="Whose they become; left out: whose they are in the file.")] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Take in what was exported. All of it or nothing; what is in the journal already is left as it is."""
    from dataclasses import replace
    from json import dumps
    from uuid import uuid4

    from journal.entry import Change

    desk = desk_for(ctx, config, must=True)
    entries = _entries_of(file)
    if person is not None:
        whose = desk.whose(person)
        entries = [replace(each, person=whose) for each in entries]
    strangers = sorted({each.person for each in entries} - desk.profiles.keys())
    if strangers:
        known = ", ".join(sorted(desk.profiles))
        message = (
            f"{file} has entries of {', '.join(strangers)}, and profiles/ only {known}. Say whose they become: --person"
        )
        raise typer.BadParameter(message)
    group = f"import:{uuid4().hex}"
    with journal_to_write(desk) as journal:
        now = {each.id: journal.get(each.id) for each in entries}
        new = [each for each in entries if now[each.id] is None]
        others = sum(now[each.id] not in (None, each) for each in entries)
        journal.apply(Change(at=desk.now, op="add", before=None, after=each, group=group) for each in new)
    same = len(entries) - len(new) - others
    if json:
        typer.echo(dumps({"added": len(new), "already_there": same, "different_here": others}))
        return
    typer.echo(f"{_counted(len(new))} taken in, {same} already there.")
    if others:
        typer.echo(f"{_counted(others)} {_are(others)} different in your journal, and stayed as {_they(others)} there.")
    if new:
        typer.echo("Not what you wanted? unclench journal undo")


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, or a folder.")],
    config: ConfigOption = None,
) -> None:
    """Copy the whole journal with its history, also while Unclench runs. Erasing knows of this copy."""
    desk = desk_for(ctx, config)
    with journal_to_read(desk) as journal:
        written = journal.backup(file, desk.now)
        typer.echo(f"The journal is saved in {written}. Bring it back with: unclench journal restore {written}")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that backup wrote.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigOption = None,
) -> None:
    """Put a backup in the place of the journal. The one that is there now is kept beside it. Stop Unclench first."""
    from integration.store.journal import JOURNAL
    from integration.store.journal_copies import restore as put_back
    from integration.store.journal_copies import validate

    desk = desk_for(ctx, config)
    held = validate(file)
    with _alone(desk):
        if not yes:
            typer.confirm(f"Put the {_counted(held)} of {file} in the place of your journal?", abort=True)
        aside = put_back(file, desk.settings.data / JOURNAL, desk.now)
    typer.echo(f"Your journal is the one of {file} now: {_counted(held)}.")
    if aside is not None:
        typer.echo(f"The one before is kept as {aside}.")


def check(ctx: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Look whether the journal's file is whole, and say where it is and what copies there are."""
    from json import dumps

    desk = desk_for(ctx, config)
    with journal_to_read(desk) as journal:
        found, counts, copies = journal.check(), journal.counts(), journal.backups()
    if json:
        facts = {"file": str(journal.path), "check": found, "counts": counts, "backups": [str(each) for each in copies]}
        typer.echo(dumps(facts, ensure_ascii=False, indent=2))
    else:
        state = "whole" if found == "ok" else "DAMAGED"
        typer.echo(f"{journal.path}: {state}, {_counted(counts['entries'])}, deleted ones too.")
        if found != "ok":
            typer.echo(found)
            typer.echo("Stop Unclench and start it again: it saves what can be read. Or: unclench journal restore FILE")
        for each in copies:
            typer.echo(f"A copy: {each}{'' if each.exists() else ' (not there now)'}")
    if found != "ok":
        raise typer.Exit(1)


def erase(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    person: PersonOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything, of everybody.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigOption = None,
) -> None:
    """Erase entries for good, here and in the backups that Unclench knows. Stop Unclench first.

    Say what: --person, --since and --until, or --all. It cannot be undone.
    """
    if everything == any((person, since, until)):
        message = "say what to erase: --person, --since or --until, or else --all"
        raise typer.BadParameter(message)
    from integration.store.erase import erase_events
    from integration.store.journal_copies import Span

    desk = desk_for(ctx, config)
    start, end = (
        (None, None) if not (since or until) else span_of(since, until, None, desk.zone(person), desk.now, usual=None)
    )
    with _alone(desk), journal_to_write(desk) as journal:
        if person is not None:
            desk.people(person, journal)
        found = [each for each in journal.everything(person, deleted=True) if _inside(each, start, end)]
        whose = sorted({each.person for each in found})
        of = f" of {' and '.join(whose)}" if whose else ""
        typer.echo(f"To erase: {_counted(len(found))}{of}, and what Unclench kept of the same words.")
        copies = journal.backups()
        if copies:
            typer.echo(f"Also in {len(copies)} {'copy' if len(copies) == 1 else 'copies'}: {_listed(copies)}")
        if not yes:
            typer.confirm("Erase this for good?", abort=True)
        both = [journal.erase(person, start, end), erase_events(desk.settings.data, Span(person, start, end))]
    typer.echo(f"Erased: {_counted(both[0].counts.get('entries', 0))}. Nothing of them is left in {journal.path}.")
    for each in (path for erased in both for path in (*erased.rewritten, *erased.deleted)):
        typer.echo(f"Nor in {each}.")
    left = {path: why for erased in both for path, why in erased.left.items()}
    for path, why in left.items():
        typer.echo(f"NOT in {path}: it {why}")
    typer.echo("Files that you exported are yours: delete them yourself.")
    if left:
        raise typer.Exit(1)


def _listed(paths: Iterable[Path]) -> str:
    return ", ".join(str(each) for each in paths)


def _inside(entry: Entry, start: datetime | None, end: datetime | None) -> bool:
    return (start is None or entry.occurred_at >= start) and (end is None or entry.occurred_at < end)


def _pieces(form: str, entries: list[Entry], desk: Desk, journal: JournalStore) -> Iterable[str]:
    from journal.documents import to_csv, to_json

    zones = {person: desk.zone(person) for person in {each.person for each in entries}}
    if form == "csv":
        return to_csv(entries, zones)
    if form == "json":
        return to_json(entries, zones)
    try:
        from journal.fhir import bundle_json
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("fhir"):
            raise
        message = "FHIR needs a library that is not here. Install it with: pip install 'unclench[fhir]'"
        raise typer.BadParameter(message, param_hint="--format") from error
    return [bundle_json(entries, zones, desk.now, amended=journal.amended())]


def _print(pieces: Iterable[str]) -> None:
    for each in pieces:
        sys.stdout.write(each)


def _spare_another(out: Path) -> None:
    """An export may take the place of an older one, and of nothing else. Raises FileProblemError."""
    from config.errors import FileProblemError

    if not out.is_file():
        return
    try:
        with out.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return  # writing says what is wrong
    if head and not any(mark in head for mark in (b"unclench_journal", b'"resourceType": "Bundle"')):
        raise FileProblemError(out, "is there already, and is no export of Unclench. Name another file with --out")


def _write(out: Path, pieces: Iterable[str]) -> None:
    """For the owner alone; whole, or not at all."""
    import os
    from contextlib import suppress

    from config.errors import FileProblemError
    from integration.private import FILE

    part = out.with_name(f"{out.name}.part")
    try:
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise FileProblemError(out, f"cannot be written ({error.strerror}). Name another file with --out") from error


def _entries_of(file: Path) -> list[Entry]:
    from config.errors import FileProblemError
    from journal.documents import MOST_TOLD, NotAJournalError, from_text

    try:
        if file.stat().st_size > LARGEST:
            raise FileProblemError(file, "is larger than any journal. Nothing was taken in")
        text = file.read_bytes().decode("utf-8")
    except OSError as error:
        raise FileProblemError(file, f"cannot be read ({error.strerror}). Nothing was taken in") from error
    except UnicodeDecodeError as error:
        raise FileProblemError(file, "is no text in UTF-8. Save it as such. Nothing was taken in") from error
    try:
        return from_text(text)
    except NotAJournalError as error:
        told = [each.text() for each in error.problems[:MOST_TOLD]]
        more = len(error.problems) - len(told)
        lines = [*told, *([f"and {more} more"] if more else []), "Nothing was taken in."]
        raise FileProblemError(file, "\n".join(["this file cannot be taken in.", *lines])) from None


@contextmanager
def _alone(desk: Desk) -> Iterator[None]:
    """While the service is kept from running. Raises RunningAlreadyError, which says what to do."""
    from integration.lock import Lock

    lock = Lock(desk.settings.data)
    lock.take()
    try:
        yield
    finally:
        lock.release()


def _counted(number: int) -> str:
    return f"{number} entry" if number == 1 else f"{number} entries"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _they(number: int) -> str:
    return "it is" if number == 1 else "they are"

"""``unclench journal add``, ``edit``, ``delete`` and ``undo``."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from integration.cli.journal_desk import (
    PersonOption,
    desk_for,
    found_by,
    instant,
    journal_to_write,
)
from integration.cli.options import ConfigOption, JsonOption

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from integration.store.journal import JournalStore
    from journal.entry import Change

IdArgument = Annotated[
    str, typer.Argument(metavar="ID", help='The entry: its id from the list, or "last" for the newest.')
]
SymptomOption = Annotated[str | None, typer.Option(metavar="ID", help="Like spasm, stiffness, pain, fatigue.")]
SubtypeOption = Annotated[str | None, typer.Option(metavar="ID", help="Of a spasm: flexor, extensor, adductor, trunk.")]
PlaceOption = Annotated[str | None, typer.Option(metavar="ID", help="Like calf, foot, lower_back.")]
SideOption = Annotated[str | None, typer.Option(metavar="SIDE", help="left, right or both.")]
SeverityOption = Annotated[float | None, typer.Option(min=0, max=10, metavar="NUMBER", help="0 none, 10 the worst.")]
AtOption = Annotated[
    str | None, typer.Option("--at", metavar="WHEN", help='When it was: 2026-11-20T15:00, or a span ago like "10 min".')
]
MinutesOption = Annotated[float | None, typer.Option("--minutes", min=0, help="How long it lasted.")]
CountOption = Annotated[int | None, typer.Option(min=1, max=200, help="How many.")]
NewSeverityOption = Annotated[str | None, typer.Option("--severity", metavar="NUMBER", help="0 none, 10 the worst.")]
NewMinutesOption = Annotated[str | None, typer.Option("--minutes", metavar="NUMBER", help="How long it lasted.")]
NewCountOption = Annotated[str | None, typer.Option("--count", metavar="NUMBER", help="How many.")]
TAKE_BACK = "Take it back: unclench journal undo"
MOST_SHOWN = 10
NoteOption = Annotated[str | None, typer.Option(metavar="WORDS", help="A note in your own words.")]


def add(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    sentence: Annotated[
        str | None, typer.Argument(metavar="[SENTENCE]", help='As you would say it: "left calf spasm, seven".')
    ] = None,
    symptom: SymptomOption = None,
    subtype: SubtypeOption = None,
    place: PlaceOption = None,
    side: SideOption = None,
    severity: SeverityOption = None,
    at: AtOption = None,
    minutes: MinutesOption = None,
    count: CountOption = None,
    note: NoteOption = None,
    person: PersonOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Write something down: as a sentence, or field by field."""
    from integration.cli.voice_answer import answer
    from integration.spoken import Speaker
    from journal.meaning import Meaning, Said

    desk = desk_for(ctx, config, must=True)
    whose = desk.whose(person)
    speaker = Speaker(person=whose, profile=desk.profiles[whose])
    fields = {"subtype": subtype, "place": place, "side": side, "severity": severity, "at": at}
    given = [name for name, each in {**fields, "minutes": minutes, "count": count}.items() if each is not None]
    if (sentence is None) == (symptom is None) or (sentence is not None and (given or note is not None)):
        message = 'write a sentence, like "left calf spasm, seven", or say --symptom and what you know of it'
        raise typer.BadParameter(message)
    if sentence is not None:
        answer(desk, speaker, sentence, as_json=json)
        return
    _check(symptom=symptom, subtype=subtype, place=place, side=side)
    said = Said(
        kind="symptom",
        what=symptom or "",
        subtype=subtype or "",
        place=place or "",
        side=side or "",
        severity=severity,
        severity_source="number" if severity is not None else "",
        duration_minutes=minutes,
        occurred_at=_when(at, speaker.zone, desk.now) if at else None,
        count=count,
        note=note or "",
    )
    answer(desk, speaker, Meaning(purpose="log", raw="", said=(said,)), as_json=json)


def edit(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    entry_id: IdArgument,
    symptom: SymptomOption = None,
    subtype: SubtypeOption = None,
    place: PlaceOption = None,
    side: SideOption = None,
    severity: NewSeverityOption = None,
    at: AtOption = None,
    minutes: NewMinutesOption = None,
    count: NewCountOption = None,
    note: NoteOption = None,
    person: PersonOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Change an entry. How it was stays in its history. An empty word ("") takes a field away."""
    from dataclasses import replace
    from uuid import uuid4

    from journal.entry import Change

    desk = desk_for(ctx, config)
    _check(symptom=symptom, subtype=subtype, place=place, side=side)
    with journal_to_write(desk) as journal:
        entry = found_by(journal, desk.people(person, journal), entry_id)
        zone = desk.zone(entry.person)
        changed: dict[str, object] = {
            "what": symptom,
            "subtype": subtype,
            "place": place,
            "side": side,
            "note": note,
        }
        changed = {name: each for name, each in changed.items() if each is not None}
        if severity is not None:
            strong = _number(severity, "--severity", most=10)
            source = "" if strong is None else "number"
            changed |= {"severity": strong, "severity_source": source, "severity_word": ""}
        if minutes is not None:
            changed["duration_minutes"] = _number(minutes, "--minutes")
        if count is not None:
            changed["count"] = int(_number(count, "--count", least=1, most=200, whole=True) or 1)
        if at is not None:
            changed |= {"occurred_at": _when(at, zone, desk.now), "precision": "minute"}
        if not changed:
            message = "say what to change, like --severity 7"
            raise typer.BadParameter(message)
        if symptom is not None and entry.kind != "symptom":
            message = "this entry is no symptom"
            raise typer.BadParameter(message, param_hint="--symptom")
        after = replace(entry, **changed)  # type: ignore[arg-type] # by name
        if after == entry:
            message = "the entry says that already"
            raise typer.BadParameter(message)
        change = Change(at=desk.now, op="edit", before=entry, after=after, group=f"cli:{uuid4().hex}")
        _done(journal.apply([change]), zone, as_json=json)


def delete(
    ctx: typer.Context,
    entry_id: IdArgument,
    person: PersonOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Delete an entry. It can be brought back with undo; to be rid of it for good, see erase."""
    from dataclasses import replace
    from uuid import uuid4

    from journal.entry import Change

    desk = desk_for(ctx, config)
    with journal_to_write(desk) as journal:
        entry = found_by(journal, desk.people(person, journal), entry_id)
        if entry.deleted:
            message = "this entry is deleted already"
            raise typer.BadParameter(message, param_hint="ID")
        after = replace(entry, deleted=True)
        change = Change(at=desk.now, op="delete", before=entry, after=after, group=f"cli:{uuid4().hex}")
        _done(journal.apply([change]), desk.zone(entry.person), as_json=json)


def undo(
    ctx: typer.Context, person: PersonOption = None, config: ConfigOption = None, json: JsonOption = False
) -> None:
    """Take back what was done last: what was added, changed, deleted or imported. Said again: what was before that."""
    from dataclasses import replace
    from uuid import uuid4

    from journal.entry import Change

    desk = desk_for(ctx, config)
    with journal_to_write(desk) as journal:
        people = desk.people(person, journal)
        if len(people) != 1:
            message = f"say whose: {' or '.join(people)}" if people else "nothing was written down yet"
            raise typer.BadParameter(message, param_hint="--person")
        group, changes = f"cli:{uuid4().hex}", []
        for last in _together(journal, people[0]):
            now = journal.get(last.after.id) or last.after
            after = replace(now, deleted=True) if last.before is None else last.before
            changes.append(Change(at=desk.now, op="undo", before=now, after=after, group=group, undoes=last.seq))
        _taken_back(journal.apply(changes), desk.zone(people[0]), as_json=json)


def _together(journal: JournalStore, person: str) -> list[Change]:
    """What was done last; an import of thousands is one thing."""
    limit = 100
    while True:
        done = journal.changes(person, limit=limit)
        group = [each for each in done if each.group == done[0].group] if done and done[0].group else done[:1]
        if len(group) < limit:
            return group
        limit *= 10


def _taken_back(changes: list[Change], zone: ZoneInfo, *, as_json: bool) -> None:
    if as_json:
        _done(changes, zone, as_json=True)
    elif len(changes) > MOST_SHOWN:
        typer.echo(f"Taken back: {len(changes)} changes that were made at once.")
    elif changes:
        typer.echo("Taken back.")
        _done(changes, zone, as_json=False, ending="")
    else:
        typer.echo("There is nothing to take back.")
        raise typer.Exit(1)


def _check(**given: str | None) -> None:
    """That each is one of our ids. Raises BadParameter."""
    from integration.cli.journal_words import check_ids
    from journal.vocabulary import PLACES, SIDES, SUBTYPES, SYMPTOMS

    known = {"symptom": SYMPTOMS, "subtype": SUBTYPES, "place": PLACES, "side": SIDES}
    hint = '. Anything else goes in as a sentence, like "stress is a four"' if given["symptom"] else ""
    check_ids({name: each for name, each in given.items() if each or name == "symptom"}, known, hint=hint)


def _number(text: str, hint: str, *, least: int = 0, most: int = 100_000, whole: bool = False) -> float | None:
    """A number within its bounds; None where it is taken away. Raises BadParameter."""
    if not text.strip():
        return None
    with suppress(ValueError):
        value = float(text)
        if least <= value <= most and (value.is_integer() or not whole):
            return value
    kind = "a whole number" if whole else "a number"
    message = f'write {kind} from {least} to {most}, or "" to take it away'
    raise typer.BadParameter(message, param_hint=hint)


def _when(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    at = instant(text, zone, now, end=False, hint="--at")
    if at > now:
        message = "this time is still to come"
        raise typer.BadParameter(message, param_hint="--at")
    return at


def _done(changes: list[Change], zone: ZoneInfo, *, as_json: bool, ending: str = TAKE_BACK) -> None:
    from integration.cli.journal_view import print_json
    from integration.cli.journal_words import change_line
    from integration.cli.show import sentence
    from journal.documents import to_document

    if as_json:
        print_json([{"op": each.op, **to_document(each.after, zone)} for each in changes])
        return
    for each in changes:
        typer.echo(sentence(change_line(each, zone)))
    if changes and ending:
        typer.echo(ending)

"""``unclench journal list``, ``week`` and ``count``: what was written down, as it is. Nothing is changed here."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from integration.cli.journal_desk import (
    DaysOption,
    PersonOption,
    SinceOption,
    UntilOption,
    desk_for,
    found_by,
    instant,
    journal_to_read,
    span_of,
)
from integration.cli.options import ConfigOption, JsonOption

if TYPE_CHECKING:
    from datetime import datetime

    from integration.cli.journal_desk import Desk
    from integration.store.journal import JournalStore
    from journal.entry import Entry
    from journal.summary import Summary

USUAL_DAYS = 30
DAYS_OF_WEEK = 7
SymptomOption = Annotated[
    str | None, typer.Option(metavar="ID", help="Only this symptom or self-report, like spasm or stress.")
]
PlaceOption = Annotated[str | None, typer.Option(metavar="ID", help="Only this place, like calf.")]
LeastOption = Annotated[float | None, typer.Option(min=0, max=10, metavar="NUMBER", help="Only this strong or more.")]


def entries(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    person: PersonOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    days: DaysOption = None,
    symptom: SymptomOption = None,
    place: PlaceOption = None,
    least: LeastOption = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="Also what was deleted.")] = False,
    history: Annotated[
        str | None, typer.Option(metavar="ID", help='All that was done to one entry; "last" is the newest.')
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """List what was written down: the last 30 days, or what you ask for."""
    from integration.cli.journal_view import show_entries, show_history
    from integration.cli.journal_words import check_ids
    from journal.vocabulary import PLACES, SELF_REPORTS, SYMPTOMS

    desk = desk_for(ctx, config)
    zone = desk.zone(person)
    with journal_to_read(desk) as journal:
        people = desk.people(person, journal)
        if history is not None:
            entry = found_by(journal, people, history)
            show_history(journal.history(entry.id), desk.zone(entry.person), as_json=json)
            return
        start, end = span_of(since, until, days, zone, desk.now, usual=USUAL_DAYS)
        found = [
            each
            for each in _between(journal, people, start, end, deleted=deleted)
            if symptom in (None, each.what)
            and place in (None, each.place)
            and (least is None or (each.severity is not None and each.severity >= least))
        ]
    asked = any(each is not None for each in (since, until, days))
    if not found:  # a slip of the pen must not look like "there was nothing"
        check_ids({"symptom": symptom, "place": place}, {"symptom": (*SYMPTOMS, *SELF_REPORTS), "place": PLACES})
    span = "" if asked else f"the last {USUAL_DAYS} days"
    some = any(each is not None for each in (symptom, place, least))
    show_entries(found, desk, people, span=span, some=some, as_json=json)


def week(
    ctx: typer.Context,
    person: PersonOption = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="The last day of the week; left out: today.")] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show seven days as a table: how many of each symptom, and how strong the worst was."""
    from integration.cli.journal_view import show_week

    desk = desk_for(ctx, config)
    show_week(_summed(desk, person, until, DAYS_OF_WEEK), desk, as_json=json)


def count(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    person: PersonOption = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="The last so many days, today included.")] = 7,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="The last day; left out: today.")] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Count each symptom: how often, on how many days, the median and the worst, and how many days you wrote on.

    A day without an entry is in no average: nothing is known about it.
    """
    from integration.cli.journal_view import show_count

    desk = desk_for(ctx, config)
    show_count(_summed(desk, person, until, days), desk, as_json=json)


def _summed(desk: Desk, person: str | None, until: str | None, days: int) -> list[tuple[str, Summary]]:
    from journal.summary import summarise

    told = []
    with journal_to_read(desk) as journal:
        for whose in desk.people(person, journal):
            zone = desk.zone(whose)
            end = instant(until or "today", zone, desk.now, end=True, hint="--until")
            last = (end - timedelta(seconds=1)).astimezone(zone).date()
            first = last - timedelta(days=days - 1)
            found = journal.between(whose, end - timedelta(days=days + 1), end)
            told.append((whose, summarise(found, first, days, zone)))
    return told


def _between(journal: JournalStore, people: list[str], start: datetime, end: datetime, *, deleted: bool) -> list[Entry]:
    """In order of time, of everybody who is meant."""
    if deleted:
        every = (each for person in people for each in journal.everything(person, deleted=True))
        found = [each for each in every if start <= each.occurred_at < end]
    else:
        found = [each for person in people for each in journal.between(person, start, end)]
    return sorted(found, key=lambda each: each.occurred_at)

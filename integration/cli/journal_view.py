"""How the journal looks on 80 columns: every bar has its number beside it, and nothing is colour alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, tzinfo
from typing import Any

from rich.table import Table
from rich.text import Text

from integration.cli.journal_desk import Desk
from integration.cli.journal_words import change_line, details, handle, number, strength, what, when
from integration.cli.show import console_for, sentence
from journal.documents import to_document
from journal.entry import Change, Entry
from journal.summary import Cell, Summary, Total

FULL, EMPTY = "█", "░"
BAR = 6
"""Characters."""
GAP = 2
NOTHING = "Nothing is written down"
LEGEND = (
    "3 █████░ 8: three, and the worst was an 8 of 10. none: you said so.",
    "-: nothing was written down. That does not say that there was nothing.",
)


def show_entries(  # noqa: PLR0913 (what was asked for)
    entries: Sequence[Entry], desk: Desk, people: Sequence[str], *, span: str, some: bool = False, as_json: bool
) -> None:
    """One line an entry, the newest last. ``span``: which days, where nobody asked for some; ``some``: not of all."""
    if as_json:
        print_json([{"short": handle(each.id), **to_document(each, desk.zone(each.person))} for each in entries])
        return
    console = console_for()
    if not entries:
        if some:
            console.print(f"Nothing like that is written down{f' in {span}' if span else ' there'}.")
            return
        console.print(f"{NOTHING}{f' in {span}' if span else ' there'}.")
        console.print('Write something down: unclench journal add "left calf spasm, seven"')
        return
    table = _table(("When", True), ("Id", True), ("Strength", True), ("What", False))
    years = len({each.occurred_at.year for each in entries}) > 1
    for each in entries:
        zone = desk.zone(each.person)
        shown = when(each.occurred_at, each.precision, zone, year=years)
        table.add_row(shown, Text(handle(each.id), style="dim"), strength(each), _told(each, several=len(people) > 1))
    console.print(table)
    if span:
        console.print(Text(f"These are {span}. For more: unclench journal list --days 365", style="dim"))


def show_history(changes: Sequence[Change], zone: tzinfo, *, as_json: bool) -> None:
    """All that was done to one entry, the first first."""
    if as_json:
        print_json([_change(each, zone) for each in changes])
        return
    for each in changes:
        at = each.at.astimezone(zone)
        console_for().print(f"{at:%Y-%m-%d %H:%M}  {change_line(each, zone)}")


def show_week(told: Iterable[tuple[str, Summary]], desk: Desk, *, as_json: bool) -> None:
    """Seven days, one a line; a column for each symptom that there was."""
    if as_json:
        print_json([_summary(person, each) for person, each in told])
        return
    console = console_for()
    for person, summary in told:
        first, last = summary.days[0], summary.days[-1]
        console.print(Text(f"{_name(person, desk)}{_day(first)} to {_day(last)} {last.year}", style="bold"))
        shown = [each.symptom for each in summary.totals]
        if not shown:
            console.print(f"{_activity(summary)} No symptom is among it." if summary.active else f"{NOTHING} there.")
            continue
        for some in _side_by_side(summary, shown, console.width):
            table = _table(("Day", True), *((sentence(each.replace("_", " ")), True) for each in some))
            for day in summary.days:
                table.add_row(_day(day), *(_cell(summary, day, each) for each in some))
            console.print(table)
        console.print(_activity(summary))
        for line in LEGEND:
            console.print(Text(line, style="dim"))


def show_count(told: Iterable[tuple[str, Summary]], desk: Desk, *, as_json: bool) -> None:
    """Each symptom over some days, in numbers."""
    if as_json:
        print_json([_summary(person, each) for person, each in told])
        return
    console = console_for()
    for person, summary in told:
        first, last = summary.days[0], summary.days[-1]
        console.print(Text(f"{_name(person, desk)}{_day(first)} to {_day(last)} {last.year}", style="bold"))
        if summary.totals:
            heads = ("Symptom", "How often", "On days", "Said none", "Median", "Worst", "Minutes")
            table = _table(*((each, True) for each in heads))
            for each in summary.totals:
                table.add_row(each.symptom.replace("_", " "), *_numbers(each))
            console.print(table)
        console.print(_activity(summary))
        if summary.totals:
            console.print(
                Text("Median and worst are of what you gave a strength; empty days are in no average.", "dim")
            )


def print_json(value: object) -> None:
    """As every command prints it."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _numbers(total: Total) -> tuple[str, ...]:
    return (
        str(total.count),
        str(total.days_with),
        str(total.none_days) if total.none_days else "-",
        "-" if total.median is None else number(total.median),
        "-" if total.worst is None else number(total.worst),
        number(total.minutes) if total.minutes else "-",
    )


def _told(entry: Entry, *, several: bool) -> Text:
    """What it was, and below it what else was said."""
    whose, gone, more = f"{entry.person}: " if several else "", ", deleted" if entry.deleted else "", details(entry)
    return Text.assemble(f"{whose}{what(entry)}{gone}", (f"\n{more}" if more else "", "dim"))


def _cell(summary: Summary, day: date, symptom: str) -> str:
    cell = summary.cells.get((day, symptom), Cell())
    if not cell.count:
        return "none" if cell.none or day in summary.free else "-"
    if cell.worst is None:
        return f"{cell.count}"
    full = round(cell.worst / 10 * BAR)
    return f"{cell.count} {FULL * full}{EMPTY * (BAR - full)} {number(cell.worst)}"


def _side_by_side(summary: Summary, symptoms: Sequence[str], width: int) -> list[list[str]]:
    """As many symptoms in one table as fit beside the day."""
    tables: list[list[str]] = []
    room = 0
    first = max(len(_day(day)) for day in summary.days) + GAP
    for each in symptoms:
        wide = max(len(each), *(len(_cell(summary, day, each)) for day in summary.days)) + GAP
        if not tables or wide > room:
            tables.append([])
            room = width - first
        tables[-1].append(each)
        room -= wide
    return tables


def _activity(summary: Summary) -> str:
    days = len(summary.days)
    return f"Something was written down on {len(summary.active)} of {days} days ({summary.share:.0%})."


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _name(person: str, desk: Desk) -> str:
    """Whose it is, where it could be somebody else's."""
    profile = desk.profiles.get(person)
    return "" if len(desk.profiles) == 1 and profile else f"{profile.name if profile else person}: "


def _table(*columns: tuple[str, bool]) -> Table:
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False)
    for head, whole in columns:
        table.add_column(head, no_wrap=whole)
    return table


def _change(change: Change, zone: tzinfo) -> dict[str, Any]:
    return {
        "at": change.at.astimezone(zone).isoformat(),
        "op": change.op,
        "before": to_document(change.before, zone) if change.before else None,
        "after": to_document(change.after, zone),
        "undoes": change.undoes or None,
    }


def _summary(person: str, summary: Summary) -> dict[str, Any]:
    return {
        "person": person,
        "first": summary.days[0].isoformat(),
        "last": summary.days[-1].isoformat(),
        "days": len(summary.days),
        "days_with_entries": len(summary.active),
        "share_of_days_with_entries": round(summary.share, 3),
        "symptoms": [
            {
                "symptom": each.symptom,
                "count": each.count,
                "days_with": each.days_with,
                "days_said_none": each.none_days,
                "median_severity": each.median,
                "worst_severity": each.worst,
                "minutes": each.minutes or None,
                "by_day": {
                    day.isoformat(): {"count": cell.count, "worst": cell.worst}
                    for day in summary.days
                    if (cell := summary.cells.get((day, each.symptom))) is not None
                },
            }
            for each in summary.totals
        ],
    }

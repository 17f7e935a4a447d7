"""How an evening looks: its plan as a table, or what a played one came to. Nothing is said by colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from config.load import Configuration
from integration.cli.show import console_for, sentence
from integration.simulated_evening import ABOUT, Scene, Told
from rules.evening_words import PlanLine, Status

NOTHING_SENT = "Nothing was sent and nothing was written. The room and its devices were made up."
STANDS_WIDTH = 26
"""Columns for how a line stands: the rest is for what happens."""
UNKNOWN_PRESENCE = (
    "Nothing in your home says whether you are there (people in home.yaml), so nothing is left out for that."
)


def document(configuration: Configuration, person: str, day: date, lines: Iterable[PlanLine]) -> dict[str, Any]:
    """A plan as a plain document; times in the person's zone."""
    zone = _zone(configuration, person)
    return {
        "person": person,
        "evening": day.isoformat(),
        "lines": [
            {
                "at": each.at.astimezone(zone).isoformat(),
                "what": each.what,
                "why": each.why,
                "status": each.status.value,
                "because": each.because,
            }
            for each in lines
        ],
    }


def show_plan(configuration: Configuration, person: str, day: date, lines: list[PlanLine]) -> None:
    """The plan of one person as a table, and how to change it."""
    console, zone = console_for(), _zone(configuration, person)
    console.print(Text(_title(configuration, person, day), style="bold"))
    table = _table("Time", "What happens, and why", "How it stands")
    for each in lines:
        table.add_row(_clock(each.at, zone), _two(each.what, each.why), _two(each.status.value, each.because))
    console.print(table)
    if all(each.status is Status.OVER for each in lines):
        console.print(f'What was done on that evening: unclench why --at "{day} 23:00"')
        return
    topic = f"{configuration.home.mqtt.prefix}/{person}/routine/wind_down"
    console.print(f"Leave tonight out: publish skip to {topic}, or run: unclench pause evening")


def show_simulated(  # noqa: PLR0913 (what there is to say)
    configuration: Configuration, person: str, day: date, scene: Scene, told: list[Told], *, presence: bool
) -> None:
    """What was done and what was left out on an evening that was played."""
    console, zone = console_for(), _zone(configuration, person)
    console.print(Text(f"{_title(configuration, person, day)}, played: {ABOUT[scene]}", style="bold"))
    table = _table("Time", "What was done or left out, and why")
    for each in told:
        what = each.what if each.kind == "action" else f"left out: {each.what}"
        table.add_row(_clock(each.at, zone), _two(sentence(what), "" if each.why in each.what else each.why))
    if told:
        console.print(table)
    else:
        console.print("Nothing was done, and nothing was left out.")
    if scene == "late" and not presence:
        console.print(UNKNOWN_PRESENCE)
    console.print(NOTHING_SENT)


def _title(configuration: Configuration, person: str, day: date) -> str:
    return f"The evening of {day:%A}, {day.day} {day:%B %Y}, for {configuration.profiles[person].name}"


def _table(*heads: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for index, head in enumerate(heads):
        table.add_column(head, no_wrap=index == 0, max_width=STANDS_WIDTH if index == 2 else None)  # noqa: PLR2004 (the third)
    return table


def _two(first: str, second: str) -> Text:
    """A line, and below it what explains it."""
    return Text.assemble(first, *([("\n" + second, "dim")] if second else []))


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _zone(configuration: Configuration, person: str) -> ZoneInfo:
    return ZoneInfo(configuration.profiles[person].time_zone)

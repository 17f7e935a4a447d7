"""How ``why`` looks: the present first, then the latest decisions, in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from integration.private import one_line
from integration.why import Answer
from rules.beliefs import Beliefs

console = Console(highlight=False)


def show_answer(found: Answer, about: str, zone: ZoneInfo, *, past: bool, alive: bool) -> None:
    """The answer, narrow enough for a small terminal. ``alive``: the service runs now."""
    if not found.now and not found.lately:
        hint = f"Did you mean {found.nearest}?" if found.nearest else "Is the service running with this data folder?"
        console.print(f"Nothing is known about {escape(about) or 'anything'} yet. {hint}")
        return
    if not found.switches:
        console.print("Home Assistant is not in home.yaml: nothing is switched. This is what would have been.")
    if found.unswitched:
        names = escape(", ".join(found.unswitched))
        console.print(f"Not under mqtt_devices, and so not switched: {names}. Of these, this is what would have been.")
    if found.now and found.looked_at is not None:
        console.print(_head(found.looked_at.astimezone(zone), past=past, alive=alive))
        table = _table()
        for each in found.now:
            table.add_row(escape(_plain(each.what)), f"[bold]{escape(each.state)}[/bold]", escape(each.why))
        console.print(table)
        if not about:
            console.print("Rules that do not hold now are left out; ask by name, like: unclench why cooling")
    for learned in found.learned:
        _show_learned(learned)
    if found.lately:
        console.print("[bold]What was decided[/bold], the latest last")
        table = _table()
        for decision in found.lately:
            at = datetime.fromisoformat(decision["at"]).astimezone(zone)
            what, text = one_line(_plain(decision["about"])), one_line(decision["text"])
            table.add_row(f"{at:%a %H:%M:%S}", escape(what), escape(text))
        console.print(table)


def _head(at: datetime, *, past: bool, alive: bool) -> str:
    if past:
        return f"[bold]As it was[/bold] at {at:%H:%M}, worked out again with the files of today"
    return f"[bold]Now[/bold] ({at:%H:%M})" if alive else f"[bold]When the service last ran[/bold] ({at:%a %H:%M})"


def _plain(what: str) -> str:
    """What a decision is about, as a person reads it: heat, bedroom."""
    return what.removeprefix("trigger ").replace("@", ", ")


def _show_learned(learned: Beliefs) -> None:
    console.print(f"[bold]What is known and planned[/bold], {escape(learned.name)}")
    table = _table(middle=False)
    for about, says in learned.lines:
        table.add_row(escape(about), escape(_sentence(says)))
    console.print(table)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _table(*, middle: bool = True) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    if middle:
        table.add_column()
    table.add_column(ratio=1)
    return table

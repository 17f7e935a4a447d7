"""How ``why`` looks: the present first, then the latest decisions, in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from integration.why import Answer

console = Console(highlight=False)


def show_answer(found: Answer, about: str, zone: ZoneInfo) -> None:
    """The answer, narrow enough for a small terminal."""
    if not found.now and not found.lately:
        console.print(
            f"Nothing is known about {escape(about) or 'anything'} yet. Is the service running with this data folder?"
        )
        return
    if found.now and found.looked_at is not None:
        console.print(f"[bold]Now[/bold] ({found.looked_at.astimezone(zone):%H:%M})")
        table = _table()
        for each in found.now:
            table.add_row(escape(each.what), f"[bold]{escape(each.state)}[/bold]", escape(each.why))
        console.print(table)
    if found.lately:
        console.print("[bold]What was decided[/bold], the latest last")
        table = _table()
        for decision in found.lately:
            at = datetime.fromisoformat(decision["at"]).astimezone(zone)
            table.add_row(f"{at:%a %H:%M:%S}", escape(decision["about"]), escape(decision["text"]))
        console.print(table)


def _table() -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_column(ratio=1)
    return table

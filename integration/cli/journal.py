"""``unclench journal``: what you wrote down, to read, change, count, take with you and erase."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup

from integration.cli import journal_files, journal_read, journal_write

USUAL = "list"


class _ListsFirst(TyperGroup):
    """Without a command of its own (only options, or nothing) it lists."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (the context's type is private to typer)
        """Say "list" where nothing is said."""
        if not args or (args[0].startswith("-") and args[0] != "--help"):
            args = [USUAL, *args]
        return super().parse_args(ctx, args)


journal = typer.Typer(
    name="journal", cls=_ListsFirst, add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False
)


@journal.callback(epilog="Example:  [bold]unclench journal week[/bold]")
def _journal() -> None:
    """See, change, count, save and erase your symptom journal. Without more words: your last 30 days.

    A personal journal: not a medical device, and watched by nobody.
    """


_COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "list": (journal_read.entries, "--symptom spasm --days 7"),
    "week": (journal_read.week, ""),
    "count": (journal_read.count, "--days 30"),
    "add": (journal_write.add, '"left calf spasm, seven"'),
    "edit": (journal_write.edit, "last --severity 5"),
    "delete": (journal_write.delete, "last"),
    "undo": (journal_write.undo, ""),
    "export": (journal_files.export, "--format csv --out journal.csv"),
    "import": (journal_files.take_in, "journal.csv"),
    "backup": (journal_files.backup, "journal-backup.db"),
    "restore": (journal_files.restore, "journal-backup.db"),
    "check": (journal_files.check, ""),
    "erase": (journal_files.erase, "--since 2026-11-20 --until 2026-11-21"),
}
"""Each command, and what its help shows as an example."""
for _name, (_function, _words) in _COMMANDS.items():
    _example = f"unclench journal {_name} {_words}".rstrip()
    journal.command(_name, epilog=f"Example:  [bold]{_example}[/bold]")(_function)

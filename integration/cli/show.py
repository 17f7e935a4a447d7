"""Mistakes and findings on a terminal: short lines, readable when narrow, nothing said by colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from config.mistakes import Mistake
from integration.probe.findings import Finding, Verdict

MARKS = {Verdict.FINE: "ok", Verdict.NOTE: "note", Verdict.WRONG: "wrong", Verdict.AWAY: "away"}
_STYLES = {Verdict.FINE: "green", Verdict.NOTE: "cyan", Verdict.WRONG: "bold yellow", Verdict.AWAY: "bold yellow"}


def console_for(*, stderr: bool = False) -> Console:
    """A console that prints text as it stands."""
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)


def show_mistakes(mistakes: Sequence[Mistake], folder: Path | None = None, *, stderr: bool = False) -> None:
    """Every mistake with a number, its place on one line and what to do below."""
    console = console_for(stderr=stderr)
    if folder is not None:
        console.print(Text(f"In {folder}:"), soft_wrap=True)
    for number, mistake in enumerate(mistakes, 1):
        console.print(Text(f"{number}. {mistake.place.text()}", style="bold"))
        console.print(Padding(Text(sentence(mistake.advice())), (0, 0, 0, 3)))
    console.print(Text(f"\n{counted(len(mistakes))} to put right."))


def show_findings(findings: Iterable[Finding]) -> None:
    """What was tried, how it went, and what to do about it."""
    table = Table.grid(padding=(0, 1))
    for finding in findings:
        table.add_row(Text(MARKS[finding.verdict], style=_STYLES[finding.verdict]), _finding_text(finding))
    console_for().print(table)


def _finding_text(finding: Finding) -> str:
    lines = [f"{finding.about}: {finding.says}"]
    if finding.verdict is not Verdict.FINE:
        lines += [f"in {finding.place.text()}"] if finding.place else []
        lines += [finding.advice] if finding.advice else []
    return "\n".join(lines)


def sentence(text: str) -> str:
    """With a capital letter in front."""
    return text[:1].upper() + text[1:]


def counted(number: int) -> str:
    """A number of things to do: "1 thing", "3 things"."""
    return f"{number} thing" if number == 1 else f"{number} things"

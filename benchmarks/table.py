"""The one table: what was measured, for the bare client and for Unclench, and their ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

PERCENTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``bare`` is None where a bare client has none; ``aim`` is what we aim at, in words."""

    what: str
    unit: str
    ours: float
    bare: float | None = None
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours to the bare client's."""
        return self.ours / self.bare if self.bare else None


def latency_rows(what: str, bare: Sequence[float], ours: Sequence[float], aims: dict[str, str]) -> list[Row]:
    """Percentiles of seconds, as milliseconds."""
    return [
        Row(f"{what}, {name}", "ms", percentile(ours, share) * 1e3, percentile(bare, share) * 1e3, aims.get(name, ""))
        for name, share in PERCENTILES.items()
    ]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is at least as large as this share of all (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def show(rows: Sequence[Row], console: Console) -> None:
    """Print the table."""
    table = Table("what", "unit", "aim")
    for column in ("bare client", "Unclench", "ratio"):
        table.add_column(column, justify="right")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        table.add_row(row.what, row.unit, row.aim, number(row.bare), number(row.ours), ratio)
    console.print(table)


def markdown(rows: Sequence[Row]) -> str:
    """The table for a document."""
    lines = ["| what | unit | bare client | Unclench | ratio | aim |", "| --- | --- | --: | --: | --: | --- |"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        cells = (row.what, row.unit, number(row.bare), number(row.ours), ratio, row.aim)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def number(value: float | None) -> str:
    """Three figures are more than the machine repeats."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004


def document(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The table for a program."""
    return [{**asdict(row), "ratio": row.ratio} for row in rows]

"""The tables: one row a strategy, in total and for each room and climate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.summer.metrics import Totals
from benchmarks.summer.simulate import REFERENCE, Result

COLUMNS = (
    "strategy",
    "all %",
    "nights %",
    "1st hour %",
    "naps %",
    "kWh %",
    "cold min",
    "starts/night",
    "short on/off",
    "short cmds",
    "AC h empty/night",
    "fan changes/night",
    "worst fall K/h",
    "s/1000 lines",
)
"""All % and nights % of the same of the reference; 1st hour % and naps % of the reference's whole exposure."""


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def cells(strategy: str, totals: Totals, reference: Totals) -> list[str]:
    """One row, in the order of `COLUMNS`."""
    nights = max(totals.nights, 1)
    return [
        strategy,
        _percent(totals.exposure, reference.exposure),
        _percent(totals.exposure_nights, reference.exposure_nights),
        _percent(totals.exposure_first_hour, reference.exposure),
        _percent(totals.exposure_naps, reference.exposure),
        _percent(totals.kwh, reference.kwh),
        f"{totals.cold_min:.0f}",
        f"{totals.starts / nights:.1f}",
        f"{totals.short}",
        f"{totals.short_commands}",
        f"{totals.empty_min / 60 / nights:.2f}",
        f"{totals.fan_changes / nights:.2f}",
        f"{totals.worst_fall_k:.1f}",
        f"{1000 * totals.cpu_s / totals.lines:.2f}" if totals.lines else "",
    ]


def summed(results: Iterable[Result]) -> dict[str, Totals]:
    """All cases of a strategy added up, by strategy."""
    totals: dict[str, Totals] = {}
    for result in results:
        totals.setdefault(result.strategy, Totals()).add(result.totals)
    return totals


def _table(title: str, totals: dict[str, Totals], *, markdown: bool) -> Table:
    table = Table(*COLUMNS, title=title, box=box.MARKDOWN if markdown else box.SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
    reference = totals[REFERENCE]
    for strategy, each in totals.items():
        table.add_row(*cells(strategy, each, reference))
    return table


def show(results: list[Result], console: Console, *, markdown: bool) -> None:
    """Print the total, then every room and climate."""
    reference = summed(results)[REFERENCE]
    nights = reference.nights
    for case in dict.fromkeys(result.case for result in results):
        of_case = {result.strategy: result.totals for result in results if result.case == case}
        base = of_case[REFERENCE]
        title = (
            f"{case}: {base.exposure / base.nights:.1f} degree-min and {base.kwh / base.nights:.2f} kWh a night = 100 %"
        )
        console.print(_table(title, of_case, markdown=markdown))
    title = (
        f"total of {nights} nights: {reference.exposure / nights:.1f} degree-min"
        f" and {reference.kwh / nights:.2f} kWh a night = 100 %"
    )
    console.print(_table(title, summed(results), markdown=markdown))


def document(results: list[Result]) -> list[dict[str, object]]:
    """Everything, for a file."""
    return [asdict(result) for result in results]

"""`python -m benchmarks.summer`: whole summers in simulated bedrooms, and one table."""

from __future__ import annotations

import json
import shlex
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.summer import weather
from benchmarks.summer.cases import SETS, Case, cases
from benchmarks.summer.lockstep import PROGRAM
from benchmarks.summer.report import document, show
from benchmarks.summer.sensor import KINDS
from benchmarks.summer.simulate import AC_KINDS, REFERENCE, STRATEGIES, Options, Result, simulate

QUICK_DAYS = 14
WIDTH = 200
"""Of the table, where no terminal says how wide it is."""


def _run(jobs: list[tuple[Case, str]], options: Options, processes: int, progress: Console) -> list[Result]:
    """All summers, in the order of the jobs; the slow ones begin first."""
    done: dict[tuple[str, str], Result] = {}
    with ProcessPoolExecutor(max_workers=processes) as pool:
        slow_first = sorted(jobs, key=lambda job: not job[1].startswith("unclench"))
        for future in as_completed([pool.submit(simulate, case, strategy, options) for case, strategy in slow_first]):
            result = future.result()
            done[result.case, result.strategy] = result
            progress.print(f"{len(done)}/{len(jobs)} {result.case}: {result.strategy}", highlight=False)
    return [done[case.name, strategy] for case, strategy in jobs]


def main(
    which: Annotated[str, typer.Option("--set", help="tune, to develop with; report and stranger, to show.")] = "tune",
    quick: Annotated[bool, typer.Option("--quick", help="14 days in place of 56.")] = False,
    days: Annotated[int, typer.Option(help="How many days from the warmest run of the year.")] = 56,
    only: Annotated[list[str] | None, typer.Option(help="Strategies beside the reference; may be repeated.")] = None,
    case: Annotated[list[str] | None, typer.Option(help="Only cases with this in their name; may be repeated.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes at once.")] = 2,
    trigger: Annotated[float, typer.Option(help="The heat trigger in °C, in bed and out of it.")] = 24.0,
    states: Annotated[bool, typer.Option("--states", help="Devices report their states.")] = False,
    ac: Annotated[str, typer.Option(help=f"The air conditioner with a thermostat: {', '.join(AC_KINDS)}.")] = "plain",
    sensor: Annotated[str, typer.Option(help=f"How the thermometer speaks: {', '.join(KINDS)}.")] = "minutely",
    silent: Annotated[bool, typer.Option("--silent-outages", help="No line at all while no reading comes.")] = False,
    outdoor: Annotated[bool, typer.Option("--outdoor", help="The temperature outside is measured too.")] = False,
    no_bed: Annotated[bool, typer.Option("--no-bed", help="The home has no bed sensor.")] = False,
    program: Annotated[str | None, typer.Option(help="Another unclench to drive, as a shell would start it.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print the tables as Markdown.")] = False,
) -> None:
    """Cool simulated bedrooms through real summers, by several strategies, and compare what the person lay in."""
    progress = Console(stderr=True)
    strategies = [name for name in STRATEGIES if not only or name in (*only, REFERENCE)]
    chosen = [each for each in (cases(which) if which in SETS else []) if not case or any(c in each.name for c in case)]
    if not chosen or ac not in AC_KINDS or sensor not in KINDS or not set(only or []) <= set(STRATEGIES):
        progress.print(f"Sets: {', '.join(SETS)}. Strategies: {', '.join(STRATEGIES)}. AC: {', '.join(AC_KINDS)}.")
        raise typer.Exit(2)
    weather.fetch()
    options = Options(
        trigger_c=trigger,
        days=QUICK_DAYS if quick else days,
        states=states,
        ac=ac,
        sensor=sensor,
        silent_outages=silent,
        outdoor=outdoor,
        bed=not no_bed,
        program=tuple(shlex.split(program)) if program else PROGRAM,
    )
    results = _run([(each, strategy) for each in chosen for strategy in strategies], options, jobs, progress)
    show(results, Console(width=None if progress.is_terminal else WIDTH), markdown=as_markdown)
    if json_file is not None:
        json_file.write_text(json.dumps(document(results), indent=1) + "\n")


if __name__ == "__main__":
    typer.run(main)

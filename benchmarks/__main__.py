"""`./dev bench`: measure, and print one table."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import measures
from benchmarks.table import Row, document, markdown, show

Measure = Callable[[Path], list[Row]]


def parts(*, quick: bool) -> dict[str, Measure]:
    """What is measured, by name."""
    rounds = 3 if quick else 10
    readings, many = (10_000, 100_000) if quick else (20_000, 1_000_000)
    return {
        "latency0": partial(measures.latency, rounds=rounds, readings=200, qos=0),
        "latency1": partial(measures.latency, rounds=rounds, readings=200, qos=1),
        "home-assistant": partial(measures.latency_home_assistant, rounds=rounds, readings=40),
        "rooms-1": partial(measures.throughput, rounds=3, readings=readings, rooms=1),
        "rooms-200": partial(measures.throughput, rounds=3, readings=readings, rooms=200),
        "rooms-1000": partial(measures.throughput, rounds=3, readings=readings, rooms=1000),
        "engine": partial(measures.engine_steps, steps=100_000),
        "start": partial(measures.start, rounds=5),
        "memory": partial(measures.memory, readings=many),
    }


def main(
    only: Annotated[list[str] | None, typer.Option(help="Only this part; may be given several times.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer rounds: about two minutes in place of ten.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file too.")] = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")] = False,
) -> None:
    """Measure Unclench against a bare paho client with a single `if`, in interleaved rounds on the same broker.

    Needs mosquitto, and nothing else that is busy on the machine.
    """
    console, progress = Console(), Console(stderr=True)
    wanted = {name: measure for name, measure in parts(quick=quick).items() if not only or name in only}
    if not wanted:
        progress.print(f"There is no such part. There are: {', '.join(parts(quick=quick))}")
        raise typer.Exit(2)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="unclench-bench-") as folder:
        for name, measure in wanted.items():
            progress.print(f"{name} ...")
            rows += measure(Path(folder) / name)
    if as_markdown:
        console.print(markdown(rows), markup=False, soft_wrap=True)
    else:
        show(rows, console)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    console.print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {load}")
    if json_file is not None:
        json_file.write_text(json.dumps(document(rows), indent=2) + "\n")


if __name__ == "__main__":
    typer.run(main)

"""``unclench replay``: recorded lines in, the actions that ``run`` would have taken out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from integration.cli.options import ConfigOption, settings_for


def replay(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="JSON Lines, as `unclench record` writes them; - reads standard input."),
    ],
    lockstep: Annotated[
        bool, typer.Option("--lockstep", help='Answer each line with its actions and then {"done": TIME}, at once.')
    ] = False,
    why: Annotated[bool, typer.Option("--why", help='Print every decision too, as {"decision": ...} lines.')] = False,
    config: ConfigOption = None,
) -> None:
    """Print every action that a recorded evening leads to, one JSON line each: time, service, target, data, reason.

    The format is described in docs/replay.md.
    """
    from config.errors import FileProblemError
    from config.load import load
    from integration.household import Household
    from integration.recording import parse_line
    from integration.replay import Replay, action_line
    from integration.rulebooks import load_books

    configuration = load(settings_for(ctx, config).config)
    player = Replay(Household(configuration, load_books(configuration)))
    try:
        lines = sys.stdin if file == "-" else Path(file).open(encoding="utf-8")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise FileProblemError(Path(file), error.strerror or "cannot be read") from error
    with lines:
        for number, text in enumerate(lines, start=1):
            if not text.strip():
                continue
            line = parse_line(text, number)
            for action in player.feed(line):
                print(json.dumps(action_line(action), ensure_ascii=False))
            if why:
                for decision in player.decisions:
                    print(json.dumps({"decision": decision.to_json()}, ensure_ascii=False))
            player.decisions.clear()
            if lockstep:
                print(json.dumps({"done": line.at.isoformat()}), flush=True)

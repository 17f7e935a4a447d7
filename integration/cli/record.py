"""``unclench record``: what arrives, as lines for ``replay``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from integration.cli.options import ConfigOption, settings_for


def record(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to write; - writes to standard output.")],
    seconds: Annotated[
        float | None, typer.Option("--for", help="Stop after so many seconds; left out: with Ctrl-C.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Write every message of the mapped topics, and every state of the mapped entities, as lines for replay.

    The file holds what your sensors and you said: keep it to yourself.
    """
    import os
    import sys

    from config.errors import FileProblemError
    from config.load import load
    from integration.clock import SystemClock
    from integration.recorder import record_lines

    settings = settings_for(ctx, config)
    configuration = load(settings.config)
    try:
        # Readable by the person alone: it may hold symptoms.
        out = (
            sys.stdout
            if file == "-"
            else os.fdopen(os.open(Path(file), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")
        )
    except FileExistsError as error:
        raise FileProblemError(Path(file), "is there already; name another file") from error
    except OSError as error:
        raise FileProblemError(Path(file), error.strerror or "cannot be written") from error
    count = 0
    print("Recording. Ctrl-C ends it.", file=sys.stderr)
    with out:
        try:
            for line in record_lines(configuration, settings, SystemClock(), seconds=seconds):
                print(line, file=out, flush=True)
                count += 1
        except KeyboardInterrupt:
            pass
        finally:
            print(f"{count} lines recorded.", file=sys.stderr)

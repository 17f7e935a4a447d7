"""The `unclench` command: global options, and how errors reach a person."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from config.errors import ConfigError, UnclenchError
from integration.cli.exits import EXPLAINED
from integration.cli.faults import report_fault
from integration.cli.lazy import LazyVerbs
from integration.cli.options import ConfigOption

app = typer.Typer(
    name="unclench",
    cls=LazyVerbs,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog=f"{EXPLAINED}\n\nExample:  [bold]unclench check[/bold]",
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 (typer's callback)
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        typer.echo(f"unclench {version('unclench')}")
    except PackageNotFoundError:
        typer.echo("unclench, from its source folder")
    raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
]


@app.callback()
def _unclench(
    ctx: typer.Context,
    config: ConfigOption = None,
    version: VersionOption = False,  # noqa: ARG001 (its callback does the work)
) -> None:
    """Cools the bedroom before heat sets off a spasm, and keeps a calm evening.

    A personal comfort helper. Not a medical device, not an alarm, watched by nobody.
    """
    ctx.obj = config


def main() -> None:
    """Run the command line. Ends the process with an exit code that ``exits`` explains."""
    try:
        app()
    except UnclenchError as error:
        _tell(error)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 (the outermost boundary)
        sys.exit(report_fault(error))


def _tell(error: UnclenchError) -> None:
    if isinstance(error, ConfigError):
        from integration.cli.show import show_mistakes

        show_mistakes(error.mistakes, error.folder, stderr=True)
    else:
        typer.echo(str(error), err=True)

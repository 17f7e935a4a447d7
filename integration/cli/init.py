"""`unclench init`: a few questions (or flags), then home.yaml, a profile and a file for the passwords."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from integration.cli.exits import WRONG
from integration.cli.options import settings_for


def _flag(name: str, says: str) -> Any:  # noqa: ANN401 (typer's own type for options)
    return typer.Option(name, help=says, show_default=False)


def init(  # noqa: PLR0913 (one parameter for each question)
    ctx: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Where to write.", show_default=False)] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: take flags and usual values.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files, keeping a copy of each.")] = False,
    name: Annotated[str | None, _flag("--name", "What you like to be called.")] = None,
    person: Annotated[str | None, _flag("--person", "Your short name in topics and file names.")] = None,
    zone: Annotated[str | None, _flag("--zone", "Time zone, like Europe/London.")] = None,
    units: Annotated[str | None, _flag("--units", "C or F.")] = None,
    sensitive_to: Annotated[str | None, _flag("--sensitive-to", "heat, cold or both.")] = None,
    night: Annotated[str | None, _flag("--night", 'Bedtime and rise: "22:30 - 7:30".')] = None,
    broker: Annotated[str | None, _flag("--broker", "[LOGIN@]HOST[:PORT] of the MQTT broker.")] = None,
    home_assistant: Annotated[str | None, _flag("--home-assistant", "Address of Home Assistant.")] = None,
    temperature: Annotated[str | None, _flag("--temperature", "Topic or entity of the bedroom's thermometer.")] = None,
    temperature_dialect: Annotated[str, _flag("--temperature-dialect", "Else guessed from the topic.")] = "",
    bed: Annotated[str | None, _flag("--bed", "Topic or entity of the bed sensor.")] = None,
    bed_dialect: Annotated[str, _flag("--bed-dialect", "Else guessed from the topic.")] = "",
    cooling: Annotated[str | None, _flag("--cooling", "What cools, with commas: climate.x,fan.y.")] = None,
    lamp: Annotated[str | None, _flag("--lamp", "The lamp by the bed.")] = None,
    notify: Annotated[str | None, _flag("--notify", "The phone: notify.mobile_app_...")] = None,
) -> None:
    """Answer a few questions and get your configuration files. Enter takes the value in brackets.

    No file that is there is written over.
    """
    from integration.cli.first_files import LIMITS_OF_USE
    from integration.cli.first_setup import answers_of, write_first_files
    from integration.cli.questions import collect

    given = {
        "name": name,
        "time_zone": zone,
        "units": units,
        "sensitive_to": sensitive_to,
        "night": night,
        "broker": broker,
        "home_assistant": home_assistant,
        "temperature": temperature,
        "bed": bed,
        "cooling": cooling,
        "lamp": lamp,
        "notify": notify,
    }
    typer.echo(f"{LIMITS_OF_USE}\n")
    target = folder or settings_for(ctx, None).config
    answers = answers_of(
        collect(given, quiet=yes), person=person, temperature_dialect=temperature_dialect, bed_dialect=bed_dialect
    )
    write_first_files(target, answers, force=force)
    raise typer.Exit(_what_next(target))


def _what_next(folder: Path) -> int:
    """Load what was written, and say the next two commands. Returns the exit code."""
    from config.errors import ConfigError
    from config.load import load
    from config.settings import default_config
    from integration.cli.show import show_mistakes

    flag = "" if folder.resolve() == default_config().resolve() else f" --config {folder}"
    commands = f"  unclench check{flag}\n  unclench run{flag}"
    try:
        load(folder)
    except ConfigError as error:
        typer.echo("\nSome things are still to do:")
        show_mistakes(error.mistakes, folder)
        typer.echo(f"\nThen:\n{commands}")
        return WRONG
    typer.echo(f"\nWrite your passwords into {folder / 'secrets.env'}. Then:\n{commands}")
    return 0

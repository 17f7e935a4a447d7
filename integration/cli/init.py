"""`unclench init`: a few questions (or flags), then home.yaml, a profile and a file for the passwords."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from shutil import which
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integration.cli.exits import WRONG
from integration.cli.options import settings_for

if TYPE_CHECKING:
    from config.mistakes import Mistake
    from integration.cli.first_files import Answers


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
    too_warm_in_bed: Annotated[str | None, _flag("--too-warm-in-bed", "Degrees, like 22 or 71.6 F.")] = None,
    too_warm: Annotated[str | None, _flag("--too-warm", "The same when you are up.")] = None,
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
        "too_warm_in_bed": too_warm_in_bed,
        "too_warm": too_warm,
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
    try:
        collected = collect(given, quiet=yes)
    except typer.Abort:
        typer.echo("\nNothing was written.")
        raise typer.Exit(WRONG) from None
    answers = answers_of(collected, person=person, temperature_dialect=temperature_dialect, bed_dialect=bed_dialect)
    write_first_files(target, answers, force=force)
    raise typer.Exit(_what_next(target, answers))


def _what_next(folder: Path, answers: Answers) -> int:
    """Load what was written, say what is still to do and the next commands. Returns the exit code."""
    from config.errors import ConfigError
    from config.load import load
    from config.settings import default_config
    from integration.cli.show import show_mistakes

    full = folder.resolve()
    flag = "" if full == default_config().resolve() else f" --config {quote(str(full))}"
    program = program_name()
    commands = f"  {program} check{flag}\n  {program} run{flag}"
    mistakes: tuple[Mistake, ...] = ()
    try:
        load(folder)
    except ConfigError as error:
        mistakes = error.mistakes
    typer.echo("\nSome things are still to do:" if mistakes else "\nStill to do:")
    if mistakes:
        show_mistakes(mistakes, folder)
    for sentence in _still_to_do(full, answers, f"{program} listen{flag} --for 60"):
        typer.echo(f"- {sentence}")
    typer.echo(f"\nThen:\n{commands}")
    return WRONG if mistakes else 0


def _still_to_do(folder: Path, answers: Answers, listen: str) -> Iterator[str]:
    from integration.cli.questions import NOBODYS_ZONES

    if answers.time_zone in NOBODYS_ZONES:
        yield f"Write where you live as time_zone into profiles/{answers.person}.yaml, like Europe/London."
    yield f"Write your passwords into {folder / 'secrets.env'}."
    if not answers.home_assistant:
        yield "Write the address of Home Assistant into home.yaml; without it nothing is switched."
        yield "Or name what is switched over MQTT itself under mqtt_devices, at the end of home.yaml."
    if not answers.temperature:
        yield f"Find your thermometer: `{listen}` shows what arrives and prints the lines for home.yaml."


def program_name() -> str:
    """The command as it has to be typed in this folder."""
    beside = Path(sys.executable).parent / "unclench"
    if which("unclench") or not beside.is_file():
        return "unclench"
    here = Path.cwd()
    return quote(str(beside.relative_to(here) if beside.is_relative_to(here) else beside))

"""``unclench ha``: our files for Home Assistant's voice assistant are written, shown or removed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from integration.cli.options import settings_for

if TYPE_CHECKING:
    from integration.ha_install import Step, Target

Doing = Literal["install", "remove", "show"]


def ha(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    do: Annotated[Doing, typer.Argument(help="install, remove, or show what would be written.")],
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="DIR", help="Home Assistant's folder: the one with configuration.yaml."),
    ] = None,
    home: Annotated[
        Path | None, typer.Option("--home", metavar="DIR", help="Unclench's folder: the one with home.yaml.")
    ] = None,
    person: Annotated[str | None, typer.Option(help="Who speaks: the name of the file in profiles/.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "--diff", help="Show what would change; change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Let Home Assistant's voice assistant (Assist) talk to Unclench. Shows what changes, then asks.

    Writes custom_sentences/en/unclench.yaml and packages/unclench_voice.yaml. Everything else stays as it is.
    """
    from integration.ha_install import carry_out, examine, to_install, to_remove

    target = None if config is None and do == "show" else examine(_folder(config))
    if do == "remove" and target is not None:
        steps = to_remove(target)
    else:
        whose, prefix = _who(ctx, home, person)
        if do == "show" or target is None:
            _show(target, whose, prefix)
            return
        steps = to_install(target, person=whose, prefix=prefix)
    if not steps:
        typer.echo("Nothing to change: it is all there." if do == "install" else "Nothing to remove: it is not there.")
    elif not _wanted(steps, dry_run=dry_run, yes=yes):
        return
    else:
        carry_out(steps)
        for step in steps:
            typer.echo(f"{step.path} {'removed' if step.after is None else 'written'}.")
    if not dry_run:
        _what_next(target, do, changed=bool(steps))


def _folder(config: Path | None) -> Path:
    if config is None:
        message = "name Home Assistant's folder, the one with configuration.yaml"
        raise typer.BadParameter(message, param_hint="--config")
    return config.expanduser().resolve()


def _who(ctx: typer.Context, home: Path | None, person: str | None) -> tuple[str, str]:
    """Person and topic prefix: from Unclench's own files, or from the option alone where there are none here."""
    from pydantic import TypeAdapter, ValidationError

    from config.load import HOME_FILE, load
    from config.types import Name
    from integration.cli.pause import _whose

    settings = settings_for(ctx, home)
    if home is None and person is not None and not (settings.config / HOME_FILE).exists():
        try:
            return TypeAdapter(Name).validate_python(person), "unclench"
        except ValidationError:
            message = "a short name in small letters, digits and _"
            raise typer.BadParameter(message, param_hint="--person") from None
    configuration = load(settings.config)
    return _whose(person, configuration.profiles), configuration.home.mqtt.prefix


def _show(target: Target | None, person: str, prefix: str) -> None:
    """Print the package, for who puts it there by hand."""
    from ruamel.yaml import YAML

    from integration.ha_install import shipped_sentences
    from integration.ha_package import package

    sentences = YAML(typ="safe").load(shipped_sentences())
    records = target is None or target.records
    typer.echo(package(sentences, person=person, prefix=prefix, recorder=records), nl=False)


def _wanted(steps: list[Step], *, dry_run: bool, yes: bool) -> bool:
    """Show what would change, and ask. Raises Exit where the answer is no."""
    for step in steps:
        typer.echo(step.diff(), nl=False)
    if dry_run:
        typer.echo("Nothing was changed.")
        return False
    typer.echo("\nIn short, and nothing else is touched:")
    for step in steps:
        typer.echo(f"  {step.short()}")
    try:
        agreed = yes or typer.confirm("Change these files?")
    except typer.Abort:
        agreed = False
    if not agreed:
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
    return True


def _what_next(target: Target | None, do: Doing, *, changed: bool) -> None:
    from integration.ha_install import TWO_LINES

    if do == "install" and target is not None and not target.included:
        typer.echo("\nHome Assistant does not read it yet. Put these two lines into its configuration.yaml:\n")
        typer.echo(TWO_LINES)
        typer.echo("If homeassistant: stands there already, put only the second line below it.")
        typer.echo(f"If it lists its packages one by one, name {target.packages}/unclench_voice.yaml there instead.")
    if changed:
        typer.echo("\nNow restart Home Assistant: Developer tools, YAML, Restart.")
    if changed and do == "install":
        typer.echo("Then say to Assist: Log a leg spasm, seven.")
        typer.echo("A sentence that goes through Alexa or Google is heard by them. Assist can stay in your home.")

"""A group of commands of which only the one that is used is imported: the help must come at once."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from config.mistakes import nearest_to
from integration.cli.verbs import VERBS


class LazyVerbs(TyperGroup):
    """Lists commands from the table in ``verbs``, and loads a command's module when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 (the context's type is private to typer)
        """The names, in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """What the overview needs: name and one line."""
        verb = VERBS.get(cmd_name)
        return TyperCommand(cmd_name, help=verb.says) if verb else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401
        """The command itself, when it is about to run."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            nearest = nearest_to(args[0], VERBS)
            ctx.fail(f"There is no command {args[0]}." + (f" Did you mean {nearest}?" if nearest else ""))
        name, _, rest = super().resolve_command(ctx, args)
        return name, load_verb(str(name)), rest


def load_verb(name: str) -> Any:  # noqa: ANN401
    """Import the module of a command and make typer's command of its function, or of the group of commands it is."""
    function: Callable[..., None] | typer.Typer = getattr(import_module(f"integration.cli.{name}"), name)
    if isinstance(function, typer.Typer):
        return typer.main.get_command(function)
    app = typer.Typer(add_completion=False, rich_markup_mode="rich")
    app.command(name, epilog=f"Example:  [bold]{VERBS[name].example}[/bold]")(function)
    return typer.main.get_command(app)

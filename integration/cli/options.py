"""Options that several commands share, and the settings that follow from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from config.settings import Settings

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="DIR",
        help="The folder with home.yaml. Left out: this folder if it holds one, else ~/.config/unclench.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def settings_for(ctx: typer.Context, config: Path | None) -> Settings:
    """The settings of this run; ``--config`` counts before and after the command's name."""
    from config.settings import load_settings
    from integration.private import keep_secret

    settings = load_settings(config or (ctx.obj if isinstance(ctx.obj, Path) else None))
    keep_secret(each.get_secret_value() for each in (settings.mqtt_password, settings.ha_token) if each is not None)
    return settings

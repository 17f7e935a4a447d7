"""``unclench why``: why something is on or off, or why nothing happened."""

from __future__ import annotations

from typing import Annotated

import typer

from integration.cli.options import ConfigOption, JsonOption, settings_for


def why(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    about: Annotated[
        str, typer.Argument(help="cooling, light, a device, a rule, a trigger, a prompt; left out: everything.")
    ] = "",
    at: Annotated[
        str | None, typer.Option(help='How it was at a time, like "2026-07-14 22:30"; in the time zone of the profile.')
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many decisions to show.")] = 12,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Say why something is on or off, or why nothing happened, from what the running service has written down."""
    from datetime import UTC, datetime
    from json import dumps
    from zoneinfo import ZoneInfo

    from config.load import load
    from integration.cli.why_view import show_answer
    from integration.clock import SystemClock
    from integration.household import Household
    from integration.rulebooks import load_books
    from integration.store import Store
    from integration.why import answer

    settings = settings_for(ctx, config)
    configuration = load(settings.config)
    zone = ZoneInfo(next(iter(configuration.profiles.values())).time_zone)
    until = None
    if at is not None:
        try:
            until = datetime.fromisoformat(at)
        except ValueError as error:
            message = 'write the time like "2026-07-14 22:30"'
            raise typer.BadParameter(message, param_hint="--at") from error
        until = (until if until.tzinfo else until.replace(tzinfo=zone)).astimezone(UTC)
    store = Store(settings.data, read_only=True).open()
    try:
        found = answer(
            Household(configuration, load_books(configuration)),
            store,
            about,
            now=SystemClock().now(),
            until=until,
            limit=limit,
        )
    finally:
        store.close()
    if json:
        print(dumps(found.to_json(), ensure_ascii=False))
    else:
        show_answer(found, about, zone)

"""``unclench why``: why something is on or off, or why nothing happened."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from integration.cli.options import ConfigOption, JsonOption, settings_for


def why(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    about: Annotated[
        str,
        typer.Argument(
            help="cooling, light, a device, a rule, a trigger, a routine, a pause, a prompt; left out: everything."
        ),
    ] = "",
    at: Annotated[
        str | None,
        typer.Option(help='How it was at a time, like "22:30" or "2026-07-14 22:30"; in the time zone of the profile.'),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many decisions to show.")] = 12,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Say why something is on or off, or why nothing happened, from what the running service has written down."""
    from json import dumps

    from config.load import load
    from integration.cli.why_view import show_answer
    from integration.clock import SystemClock
    from integration.household import Household
    from integration.pulse import is_alive
    from integration.rulebooks import load_books
    from integration.store import Store
    from integration.why import answer

    settings = settings_for(ctx, config)
    configuration = load(settings.config)
    zone = ZoneInfo(next(iter(configuration.profiles.values())).time_zone)
    now = SystemClock().now()
    until = _moment(at, zone, now) if at is not None else None
    store = Store(settings.data, read_only=True).open()
    try:
        found = answer(
            Household(configuration, load_books(configuration)),
            store,
            about,
            now=now,
            until=until,
            limit=limit,
        )
    finally:
        store.close()
    if json:
        print(dumps(found.to_json(), ensure_ascii=False))
    else:
        show_answer(found, about, zone, past=until is not None, alive=is_alive(settings.data, now))


def _moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A time as a person writes it: with its date, or the last time that it was so late."""
    try:
        if len(text) <= len("22:30:00"):
            today = datetime.combine(now.astimezone(zone).date(), time.fromisoformat(text), tzinfo=zone)
            return (today if today <= now else today - timedelta(days=1)).astimezone(UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = 'write the time like "22:30" or "2026-07-14 22:30"'
        raise typer.BadParameter(message, param_hint="--at") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)

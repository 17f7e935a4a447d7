"""``unclench pause``: everything, or one area, is left alone for a while."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from integration.cli.options import ConfigOption, JsonOption, settings_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.profile import Profile

Area = Literal["everything", "cooling", "lights", "prompts", "evening"]
_COOLING = "What Unclench switched on to cool goes off. What was on before gets its setting back. Cool by hand."
_LIGHTS = "The lights stay as they are. The night path goes on lighting your way."
_PROMPTS = "Nothing is offered and nothing is said, your own reminders included."
STAYS: dict[str, tuple[str, ...]] = {
    "everything": (_COOLING, _LIGHTS, _PROMPTS),
    "cooling": (_COOLING,),
    "lights": (_LIGHTS,),
    "prompts": (_PROMPTS,),
    "evening": ("The evening and your other routines take no further step.", _LIGHTS),
}
"""How things stay while they are paused."""
_SAYS = {
    "everything": "Everything",
    "cooling": "Cooling",
    "lights": "The light",
    "prompts": "Prompts",
    "evening": "The evening",
}
_UNTIL = 'write until when, like "07:30", "monday" or "2026-11-25T08:00"'


def pause(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    area: Annotated[Area, typer.Argument(help="What to pause.")] = "everything",
    until: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN", help="07:30, monday or 2026-11-25T08:00. Left out: until you get up. At most 14 days."
        ),
    ] = None,
    lasts: Annotated[
        str | None, typer.Option("--for", metavar="TIME", help='For how long, like 2h or "90 min".')
    ] = None,
    end: Annotated[bool, typer.Option("--end", help="End the pause now.")] = False,
    person: Annotated[str | None, typer.Option(help="Whose: the name of the file in profiles/.")] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Pause everything or one part of it, and say until when. What you do by hand always works.

    The running service is told over the broker.
    """
    from json import dumps

    from config.load import load
    from integration.clock import SystemClock
    from integration.errand import tell_service

    if sum((until is not None, lasts is not None, end)) > 1:
        message = "say only one of --until, --for and --end"
        raise typer.BadParameter(message)
    settings = settings_for(ctx, config)
    configuration = load(settings.config)
    whose = _whose(person, configuration.profiles)
    profile = configuration.profiles[whose]
    now = SystemClock().now()
    over = None if end else _end_of(until, lasts, profile, now)
    password = settings.mqtt_password.get_secret_value() if settings.mqtt_password else None
    mqtt = configuration.home.mqtt
    topic = f"{mqtt.prefix}/{whose}/pause" + ("" if area == "everything" else f"/{area}")
    payload = "off" if over is None else dumps({"until": over.isoformat()})
    heard = tell_service(mqtt, password, topic, payload)
    if json:
        document = {"person": whose, "area": area, "until": over.isoformat() if over else None, "heard": heard}
        typer.echo(dumps(document, ensure_ascii=False))
    elif heard:
        for line in _told(area, over, ZoneInfo(profile.time_zone)):
            typer.echo(line)
    else:
        typer.echo("The broker took the message, but no service listens there. Is Unclench running?", err=True)
    if not heard:
        raise typer.Exit(1)


def _whose(person: str | None, profiles: Mapping[str, Profile]) -> str:
    if person is not None and person not in profiles:
        message = f"there is no profile of this name; there is: {', '.join(sorted(profiles))}"
        raise typer.BadParameter(message, param_hint="--person")
    if person is None and len(profiles) > 1:
        message = f"say whose: {' or '.join(sorted(profiles))}"
        raise typer.BadParameter(message, param_hint="--person")
    return person or next(iter(profiles))


def _end_of(until: str | None, lasts: str | None, profile: Profile, now: datetime) -> datetime:
    """The instant at which the pause ends, as asked for."""
    from config.types import parse_duration
    from devices.pauses import within_limits
    from devices.readings import Rejection
    from rules.until import until_of

    hint = "--until" if lasts is None else "--for"
    if lasts is None:
        found = until_of(profile)(until or "", now)
        if found is None:
            raise typer.BadParameter(_UNTIL, param_hint=hint)
    else:
        try:
            found = now + parse_duration(lasts)
        except ValueError as error:
            message = 'write how long with its unit, like 2h or "90 min"'
            raise typer.BadParameter(message, param_hint=hint) from error
    limited = within_limits(found, now)
    if isinstance(limited, Rejection):
        raise typer.BadParameter(limited.detail, param_hint=hint)
    return limited


def _told(area: str, over: datetime | None, zone: ZoneInfo) -> list[str]:
    """In words: until when, and how things stay."""
    if over is None:
        return [f"{_SAYS[area]}: the pause is over, and Unclench goes on from here."]
    local = over.astimezone(zone)
    are = "are" if area == "prompts" else "is"
    head = f"{_SAYS[area]} {are} paused until {local:%A} {local.day} {local:%B}, {local:%H:%M}."
    return [head, *STAYS[area], f"To end it: unclench pause{'' if area == 'everything' else ' ' + area} --end"]

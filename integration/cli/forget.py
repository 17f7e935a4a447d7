"""``unclench forget``: what was learned is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from integration.cli.options import ConfigOption, JsonOption, settings_for

if TYPE_CHECKING:
    from config.home import Home


def forget(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    what: Annotated[Literal["cooling"], typer.Argument(help="What to forget: cooling.")],  # noqa: ARG001 (one so far)
    room: Annotated[str | None, typer.Option(help="Only of this room; left out: of all your cooled rooms.")] = None,
    person: Annotated[str | None, typer.Option(help="Whose: the name of the file in profiles/.")] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Forget what was learned of your room, and of when you go to bed and get up. Learning begins anew.

    The running service is told over the broker. Your settings stay as they are.
    """
    from json import dumps

    from config.load import load
    from devices.own_topics import FORGET
    from integration.errand import tell_service

    settings = settings_for(ctx, config)
    home = load(settings.config).home
    rooms = _rooms(home, room, person)
    password = settings.mqtt_password.get_secret_value() if settings.mqtt_password else None
    heard = True
    for whose, each in rooms:
        heard &= tell_service(home.mqtt, password, f"{home.mqtt.prefix}/{whose}/{FORGET.format(room=each)}")
    if json:
        told = [{"person": whose, "room": each} for whose, each in rooms]
        typer.echo(dumps({"told": told, "heard": heard}, ensure_ascii=False))
    elif heard:
        names = ", ".join(each.replace("_", " ") for _, each in rooms)
        typer.echo(f"Unclench is told to forget what it learned: {names}. It begins anew.")
        typer.echo("If it does not run now, it forgets when it is back. See it with: unclench why cooling")
    else:
        typer.echo("The broker took the message, but no service listens there. Is Unclench running?", err=True)
    if not heard:
        raise typer.Exit(1)


def _rooms(home: Home, room: str | None, person: str | None) -> list[tuple[str, str]]:
    """Person and room, as asked for."""
    cooled = [(each.person, room_id) for room_id, each in home.rooms.items() if each.cooling]
    known = ", ".join(room_id for _, room_id in cooled) or "none"
    if room is not None and room not in {room_id for _, room_id in cooled}:
        message = f"no room of this name is cooled; there is: {known}"
        raise typer.BadParameter(message, param_hint="--room")
    people = sorted({whose for whose, _ in cooled})
    if person is not None and person not in people:
        message = f"no room is cooled for a person of this name; there is: {', '.join(people) or 'nobody'}"
        raise typer.BadParameter(message, param_hint="--person")
    found = [(whose, each) for whose, each in cooled if room in (None, each) and person in (None, whose)]
    if not found:
        message = "this room belongs to somebody else" if cooled else "no room is cooled in home.yaml"
        raise typer.BadParameter(message, param_hint="--room")
    if len({whose for whose, _ in found}) > 1:
        message = f"say whose: {' or '.join(people)}"
        raise typer.BadParameter(message, param_hint="--person")
    return found

"""``unclench whatif``: the last weeks again, with another limit."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integration.cli.options import ConfigOption, JsonOption, settings_for

if TYPE_CHECKING:
    from config.load import Configuration
    from config.profile import Profile

LONGEST = timedelta(days=60)


def whatif(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    heat: Annotated[float, typer.Option(help="The limit in bed to try, in the unit of your profile.")],
    since: Annotated[str, typer.Option(help='How far back, like "14d" or "3w".')] = "14d",
    room: Annotated[str | None, typer.Option(help="Which room; left out: your bedroom.")] = None,
    person: Annotated[str | None, typer.Option(help="Whose: the name of the file in profiles/.")] = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the most different days, as .png or .svg.")
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Play your last weeks again with another limit in bed. Nothing is switched, and your settings stay.

    From what was recorded it works out how warm your room would have been, and what cooling would have taken.
    """
    from config.load import load
    from integration.cli.whatif_view import document, show_comparison
    from integration.clock import SystemClock
    from integration.rulebooks import load_books
    from integration.store import Store
    from integration.whatif import KINDS, WARM_UP, Question, compare, found_out
    from integration.whatif_chart import check_chart, draw
    from rules.words import Words

    span = _span(since)
    if chart is not None:
        check_chart(chart)
    settings = settings_for(ctx, config)
    configuration = load(settings.config)
    whose = _person(configuration, person)
    profile = configuration.profiles[whose]
    now = SystemClock().now()
    question = Question(
        person=whose,
        room=_room(configuration, whose, room),
        since=now - span,
        until=now,
        heat_c=_limit(profile, heat),
    )
    store = Store(settings.data, read_only=True).open()
    try:
        found = found_out(store.snapshot(), question)
        events = list(store.events_between(question.since - WARM_UP, now, kinds=KINDS))
    finally:
        store.close()
    if not json:
        typer.echo("Playing your days again. This takes about a minute ...", err=True)
    alone = {name: books for name, books in load_books(configuration).items() if name == whose}
    answer = compare(configuration, alone, events, question, found)
    if json:
        _print_json(document(answer))
    else:
        show_comparison(answer, configuration)
    if chart is not None:
        from zoneinfo import ZoneInfo

        draw(answer, Words(profile.units, ZoneInfo(profile.time_zone)), chart)
        if not json:
            typer.echo(f"The chart is in {chart}.")


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"\s*(\d{1,3})\s*(d|days?|w|weeks?)\s*", text)
    if found is None:
        message = 'write how far back like "14d" or "3w"'
        raise typer.BadParameter(message, param_hint="--since")
    span = timedelta(days=int(found[1]) * (7 if found[2].startswith("w") else 1))
    if not timedelta(days=2) <= span <= LONGEST:
        message = f"choose from 2 to {LONGEST.days} days"
        raise typer.BadParameter(message, param_hint="--since")
    return span


def _person(configuration: Configuration, person: str | None) -> str:
    known = sorted(configuration.profiles)
    if person is None and len(known) == 1:
        return known[0]
    if person not in known:
        message = f"say whose: {' or '.join(known)}"
        raise typer.BadParameter(message, param_hint="--person")
    return str(person)


def _room(configuration: Configuration, person: str, room: str | None) -> str:
    from config.home import ClimateCooling, SwitchCooling

    rooms = configuration.home.rooms
    mine = [name for name, each in rooms.items() if each.person == person and each.cooling]
    name = room or configuration.profiles[person].bedroom
    if name not in mine:
        message = f"{name} is no room that is cooled for you; there is: {', '.join(mine) or 'none'}"
        raise typer.BadParameter(message, param_hint="--room")
    cools = [
        isinstance(each, ClimateCooling) or (isinstance(each, SwitchCooling) and each.cools == "room")
        for each in rooms[name].cooling
    ]
    if not any(cools):
        message = f"nothing in {name} cools the air, so another limit would not change how warm it gets"
        raise typer.BadParameter(message, param_hint="--room")
    return name


def _limit(profile: Profile, heat: float) -> float:
    """The limit in °C. Raises BadParameter for one that no profile may have."""
    from zoneinfo import ZoneInfo

    from rules.words import Words

    words = Words(profile.units, ZoneInfo(profile.time_zone))
    heat_c = round(words.celsius(heat), 3)
    lowest, highest = profile.comfort.floor_c + profile.triggers.heat.hysteresis, 40.0
    if not lowest <= heat_c <= highest:
        message = f"choose from {words.temperature(lowest)} (your floor, and a little) to {words.temperature(highest)}"
        raise typer.BadParameter(message, param_hint="--heat")
    return heat_c


def _print_json(value: object) -> None:
    from json import dumps

    typer.echo(dumps(value, ensure_ascii=False, indent=2))

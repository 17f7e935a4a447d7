"""``unclench evening``: what will happen tonight, when and why; or how an evening would go."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from integration.cli.options import ConfigOption, JsonOption, settings_for

if TYPE_CHECKING:
    from datetime import datetime

    from config.load import Configuration
    from config.profile import Profile
    from config.settings import Settings
    from integration.household import Household
    from integration.simulated_evening import Scene

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)


def evening(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    day: Annotated[
        str | None,
        typer.Option("--date", help='Which evening: "today", "tomorrow" or like 2026-12-24; left out: tonight.'),
    ] = None,
    person: Annotated[str | None, typer.Option(help="Whose: the name of the file in profiles/.")] = None,
    simulate: Annotated[
        str | None,
        typer.Option(
            metavar="SCENE", help="Play that evening in a moment: hot, late or no-sensor. Nothing is switched."
        ),
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show what will happen tonight, from noon to noon: each step with its time, its reason, and what holds it back.

    Where the service has run, what it has done already is shown too. Nothing is switched or written.
    """
    from config.load import load
    from integration.clock import SystemClock

    settings = settings_for(ctx, config)
    configuration, now = load(settings.config), SystemClock().now()
    people = _people(configuration, person)
    days = {each: _day(day, configuration.profiles[each], now) for each in people}
    if simulate is not None:
        _simulate(configuration, days, _scene(simulate), as_json=json)
    else:
        _plan(configuration, settings, days, now, as_json=json)


def _people(configuration: Configuration, person: str | None) -> list[str]:
    known = sorted(configuration.profiles)
    if person is None:
        return known
    if person not in known:
        message = f"say whose: {' or '.join(known)}"
        raise typer.BadParameter(message, param_hint="--person")
    return [person]


def _day(text: str | None, profile: Profile, now: datetime) -> date:
    from zoneinfo import ZoneInfo

    from rules.evening import tonight

    today = now.astimezone(ZoneInfo(profile.time_zone)).date()
    if text is None:
        return tonight(profile, now)
    named = {"today": today, "tomorrow": today + timedelta(days=1)}
    try:
        found = named.get(text.strip().lower()) or date.fromisoformat(text.strip())
    except ValueError as error:
        message = 'write the day like 2026-12-24, or "today" or "tomorrow"'
        raise typer.BadParameter(message, param_hint="--date") from error
    if not FIRST <= found <= LAST:
        message = f"choose a day from {FIRST} to {LAST}"
        raise typer.BadParameter(message, param_hint="--date")
    return found


def _scene(text: str) -> Scene:
    from integration.simulated_evening import SCENES

    found = next((scene for scene in SCENES if scene == text.strip().lower()), None)
    if found is None:
        message = f"choose from {', '.join(SCENES)}"
        raise typer.BadParameter(message, param_hint="--simulate")
    return found


def _plan(
    configuration: Configuration, settings: Settings, days: dict[str, date], now: datetime, *, as_json: bool
) -> None:
    from integration.cli.evening_view import document, show_plan
    from integration.household import Household
    from integration.rulebooks import load_books
    from rules.evening import plan_of

    household = Household(configuration, load_books(configuration))
    known = _recall(household, settings, now)
    plans = {}
    for person, day in days.items():
        engine = household.engines[person]
        room = configuration.home.rooms.get(configuration.profiles[person].bedroom)
        path = bool(getattr(room, "path", []))
        plans[person] = plan_of(engine.world, day, now, path=path, symptoms=engine.memory.symptoms)
    if as_json:
        _print_json([document(configuration, person, days[person], lines) for person, lines in plans.items()])
        return
    if known:
        typer.echo(known)
    for person, lines in plans.items():
        show_plan(configuration, person, days[person], lines)


def _recall(household: Household, settings: Settings, now: datetime) -> str:
    """Bring the household to where the service is; returns what the person should know about that."""
    from integration.pulse import is_alive
    from integration.store import FILE, Store, StoreError
    from integration.why import recall

    if not (settings.data / FILE).exists():
        return "Unclench has not run yet here: this is what your files say."
    try:
        store = Store(settings.data, read_only=True).open()
        try:
            recall(household, store)
        finally:
            store.close()
    except StoreError as error:
        return f"What was done already cannot be read, so this is what your files say. {error}"
    if not is_alive(settings.data, now):
        household.pass_time(now)
        return "Unclench does not run now. This is what would happen if it did."
    while (due := household.wake_at) is not None and due <= now:
        household.pass_time(due)  # one moment after the other, as the service lives through them
    return ""


def _simulate(configuration: Configuration, days: dict[str, date], scene: Scene, *, as_json: bool) -> None:
    from json import dumps
    from zoneinfo import ZoneInfo

    from integration.cli.evening_view import show_simulated
    from integration.rulebooks import load_books
    from integration.simulated_evening import knows_presence, simulate

    books = load_books(configuration)
    for person, day in days.items():
        presence = knows_presence(configuration, person)
        told = simulate(configuration, books, person, day, scene, presence=presence)
        zone = ZoneInfo(configuration.profiles[person].time_zone)
        if not as_json:
            show_simulated(configuration, person, day, scene, told, presence=presence)
            continue
        for each in told:
            typer.echo(dumps({"person": person, **each.to_json(zone)}, ensure_ascii=False))


def _print_json(value: object) -> None:
    from json import dumps

    typer.echo(dumps(value, ensure_ascii=False, indent=2))

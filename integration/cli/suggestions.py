"""``unclench suggestions``: limits that may sit better elsewhere, by what the person said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from integration.cli.options import ConfigOption, JsonOption, settings_for

if TYPE_CHECKING:
    from datetime import datetime

    from config.load import Configuration
    from config.profile import Profile
    from integration.store import Store
    from rules.suggestions import Suggestion

_CALLED = {
    "triggers.heat.above": "your heat limit",
    "triggers.heat.above_in_bed": "your heat limit in bed",
    "comfort.target": "how far your room is cooled",
}


def suggestions(
    ctx: typer.Context,
    accept: Annotated[
        int | None, typer.Option(min=1, help="Write the suggestion of this number into your file.")
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Count how often you said "too hot" and "too cold", and offer limits that may fit you better.

    Nothing is changed unless you accept it. You can say them with a button or over MQTT; the last 21 days count.
    """
    from config.load import load
    from integration.clock import SystemClock
    from integration.store import Store

    settings = settings_for(ctx, config)
    configuration, now = load(settings.config), SystemClock().now()
    store = Store(settings.data, read_only=True).open()
    try:
        found = _all(configuration, store, now)
    finally:
        store.close()
    if accept is not None:
        if accept > len(found):
            message = f"there is no suggestion {accept}" if found else "there is no suggestion now"
            raise typer.BadParameter(message, param_hint="--accept")
        _accept(configuration, *found[accept - 1], now, as_json=json)
    elif json:
        _print_json([_facts(number, person, each) for number, (person, each) in enumerate(found, 1)])
    else:
        _show(configuration, found)


def _all(configuration: Configuration, store: Store, now: datetime) -> list[tuple[str, Suggestion]]:
    from integration.votes import votes_of
    from rules.suggestions import suggestions as suggest

    return [
        (person, each)
        for person, profile in configuration.profiles.items()
        for each in suggest(votes_of(person, profile, configuration.home, store, now), profile, now)
    ]


def _show(configuration: Configuration, found: list[tuple[str, Suggestion]]) -> None:
    from integration.cli.show import console_for, sentence

    console = console_for()
    if not found:
        console.print('No suggestion now. Say "too hot" or "too cold" when it is so: what you say often enough counts.')
        return
    several = len(configuration.profiles) > 1
    for number, (person, each) in enumerate(found, 1):
        profile = configuration.profiles[person]
        whose = f"{profile.name}: " if several else ""
        console.print(f"{number}. {sentence(whose + _change(each, profile))}")
        console.print(f"   {each.why}")
    console.print("\nNothing is changed until you accept it, like: unclench suggestions --accept 1")


def _change(suggestion: Suggestion, profile: Profile) -> str:
    from zoneinfo import ZoneInfo

    from rules.words import Words

    words = Words(profile.units, ZoneInfo(profile.time_zone))
    verb = "lower" if suggestion.proposed < suggestion.now else "raise"
    before, after = words.temperature(suggestion.now), words.temperature(suggestion.proposed)
    return f"{verb} {_CALLED[suggestion.key]} from {before} to {after}."


def _accept(configuration: Configuration, person: str, suggestion: Suggestion, now: datetime, *, as_json: bool) -> None:
    from zoneinfo import ZoneInfo

    from integration.profile_edit import Changes, ProfileEdit

    profile = configuration.profiles[person]
    proposed = suggestion.proposed
    written = round(proposed * 1.8 + 32, 1) if profile.units == "F" else proposed
    changes: Changes = {suggestion.key: written}
    trigger, dot, _ = suggestion.key.rpartition(".")
    if trigger.startswith(f"triggers{dot}"):
        today = now.astimezone(ZoneInfo(profile.time_zone)).date()
        changes |= {f"{trigger}.set_by": "me", f"{trigger}.set_on": today.isoformat()}
    edit = ProfileEdit(configuration.folder, person, changes)
    lines = edit.prepare()
    if not as_json:
        typer.echo(f"In {edit.path}:")
        typer.echo("\n".join(lines))
    edit.write()
    if as_json:
        _print_json({"person": person, "file": str(edit.path), "changed": changes})
    else:
        typer.echo("It is written. Restart Unclench to use it.")


def _facts(number: int, person: str, suggestion: Suggestion) -> dict[str, object]:
    return {
        "number": number,
        "person": person,
        "key": suggestion.key,
        "now_c": suggestion.now,
        "proposed_c": suggestion.proposed,
        "why": suggestion.why,
    }


def _print_json(value: object) -> None:
    from json import dumps

    typer.echo(dumps(value, ensure_ascii=False, indent=2))

"""How ``whatif`` looks: a short table, then how sure it is."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rich.table import Table

from config.load import Configuration
from integration.cli.show import console_for
from integration.whatif import Comparison
from rules.whatif import COLD_C, Tally
from rules.words import Words

POOR_C = 0.5
"""°C. Forecasts that are further off than this tell little about half a degree more or less."""


def show_comparison(found: Comparison, configuration: Configuration) -> None:
    """The answer, narrow enough for a small terminal."""
    console = console_for()
    profile = configuration.profiles[found.question.person]
    words = Words(profile.units, ZoneInfo(profile.time_zone))
    days = round((found.question.until - found.question.since).days)
    new, old = words.temperature(found.question.heat_c), words.temperature(found.present_c)
    room = configuration.home.rooms[found.question.room].name or found.question.room.replace("_", " ")
    console.print(
        f"Your last {days} days in the {room} again, with {new} in bed in place of {old}.\n"
        "This only works it out. Nothing is switched."
    )
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column("")
    for title in ("as it was,\nrecorded", "as it was,\nsimulated", f"with {new},\nsimulated"):
        table.add_column(title, justify="right")
    for title, *cells in _rows(found, words):
        table.add_row(title, *cells)
    console.print("")
    console.print(_in_short(found, words))
    console.print("")
    console.print(table)
    console.print("")
    for line in _how_sure(found, words):
        console.print(line)


def _in_short(found: Comparison, words: Words) -> str:
    """The one thing to know, from the two columns that can be compared."""
    before, after = found.simulated, found.changed
    limit = words.temperature(found.question.heat_c)
    warm = f"Above {limit} in bed for {_time(after.over_minutes[0])}, in place of {_time(before.over_minutes[0])}."
    return f"{warm}\nPower used for cooling: about {after.kwh:.1f} kWh, in place of {before.kwh:.1f} kWh."


def _rows(found: Comparison, words: Words) -> list[tuple[str, str, str, str]]:
    tallies = (found.recorded, found.simulated, found.changed)

    def row(title: str, cells: list[str]) -> tuple[str, str, str, str]:
        first, second, third = cells
        return title, first, second, third

    rows = []
    for index, limit in enumerate(dict.fromkeys(found.recorded.limits_c)):
        over = [_time(each.over_minutes[index]) for each in tallies]
        rows.append(row(f"Above {words.temperature(limit)} in bed", over))
        rows.append(row("  in degree-minutes", [_degree_minutes(each, index, words) for each in tallies]))
    rows.append(row(f"Below {words.temperature(COLD_C)}", [_time(each.cold_minutes) for each in tallies]))
    rows.append(row("Compressor starts", [f"{each.starts}" for each in tallies]))
    rows.append(row("Power used, about", [f"{each.kwh:.1f} kWh" for each in tallies]))
    rows.append(row("Cooling, nobody in bed", [_time(round(each.empty_hours * 60)) for each in tallies]))
    return rows


def _time(minutes: int) -> str:
    if minutes < 60:  # noqa: PLR2004 (an hour)
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02} min"


def _degree_minutes(tally: Tally, index: int, words: Words) -> str:
    fahrenheit = words.temperature(0).endswith("F")
    return f"{tally.degree_minutes[index] * (1.8 if fahrenheit else 1.0):.0f}"


def _how_sure(found: Comparison, words: Words) -> list[str]:
    ways = found.fit
    off = words.step(ways.error_c) if ways.error_c is not None else "an unknown amount"
    lines = [
        f"How sure? Foretelling half an hour, the model of your room was off by {off}.",
        f"It comes from {ways.hours:.0f} h of readings and {ways.cooled_hours:.0f} h of cooling.",
    ]
    if not ways.learned or ways.error_c is None or ways.error_c > POOR_C:
        lines.append("That is not much to go by. Take the numbers as a hint.")
    lines.append("Compare the last two columns. All numbers are estimates.")
    lines.append("A fan counts for what it takes off in bed. Your own switching is left out.")
    return lines


def document(found: Comparison) -> dict[str, object]:
    """The same for scripts."""
    question, ways = found.question, found.fit
    return {
        "person": question.person,
        "room": question.room,
        "since": question.since.isoformat(),
        "until": question.until.isoformat(),
        "heat_in_bed_c": question.heat_c,
        "present_heat_in_bed_c": found.present_c,
        "recorded": found.recorded.to_json(),
        "simulated": found.simulated.to_json(),
        "changed": found.changed.to_json(),
        "model": {
            "half_hour_error_c": None if ways.error_c is None else round(ways.error_c, 3),
            "hours": round(ways.hours, 1),
            "cooled_hours": round(ways.cooled_hours, 1),
            "learned": ways.learned,
        },
    }

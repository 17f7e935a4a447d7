"""How ``listen`` looks: one calm line a message, and a summary."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from devices.readings import Kind, Reading
from integration.listening import Heard, Overview, TopicSeen

console = Console(highlight=False)


def show_heard(heard: Heard, seen: TopicSeen) -> None:
    """One message."""
    dialect = seen.guess.dialect if seen.guess else "unknown"
    doubt = " ?" if seen.guess and seen.guess.doubtful else ""
    console.print(f"[dim]{heard.at:%H:%M:%S}[/dim] {escape(seen.topic)}  [bold]{dialect}{doubt}[/bold]  {_says(seen)}")


def _says(seen: TopicSeen) -> str:
    facts = ", ".join(_fact(each) for each in seen.decoded.readings if each.kind is not Kind.LAST_SEEN)
    refused = ", ".join(f"refused: {each.reason.value}" for each in seen.decoded.rejections)
    return "; ".join(part for part in (facts, refused) if part) or "[dim]nothing that Unclench uses[/dim]"


def _fact(reading: Reading) -> str:
    value = ("yes" if reading.value else "no") if isinstance(reading.value, bool) else reading.value
    number = f"{value:g}" if isinstance(value, float) else escape(str(value))
    return f"{reading.kind.value} {number} {reading.unit}".rstrip()


def show_summary(overview: Overview, broker: str) -> None:
    """What was heard, and the lines for home.yaml."""
    lines = overview.home_lines()
    console.print(f"\nHeard {len(overview.topics)} topics on {escape(broker)}.")
    for seen in overview.topics.values():
        if seen.guess is not None and seen.guess.doubtful:
            console.print(f"  doubtful: {escape(seen.topic)}: {escape(seen.guess.why)}")
    if not lines:
        console.print(
            "Nothing in it looks like a sensor of a room. Wait longer: battery sensors can be silent for an hour."
        )
        return
    console.print("For home.yaml, under the room that it measures (leave out what is not in that room):\n")
    for line in lines:
        console.print(escape(line), soft_wrap=True)

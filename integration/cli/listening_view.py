"""How ``listen`` looks: one calm line a message, and a summary."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from devices.decode.words import words_of
from devices.readings import Kind, Reading, Reason, Rejection
from integration.home_lines import home_lines
from integration.listening import Heard, Overview, TopicSeen
from integration.private import one_line

console = Console(highlight=False)
_NOT_SENSORS = frozenset({"bridge", "status", "lwt", "availability", "sys", "online", "info"})
"""Words of topics on which bridges and devices speak about themselves."""


def show_heard(heard: Heard, seen: TopicSeen) -> None:
    """One message."""
    dialect = seen.guess.dialect if seen.guess else "unknown"
    doubt = " ?" if seen.guess and seen.guess.doubtful else ""
    kept = "  [dim](retained)[/dim]" if heard.message.retained else ""
    topic = escape(one_line(seen.topic))
    console.print(f"[dim]{heard.at:%H:%M:%S}[/dim] {topic}  [bold]{dialect}{doubt}[/bold]  {_says(seen)}{kept}")


def _says(seen: TopicSeen) -> str:
    facts = ", ".join(_fact(each) for each in seen.decoded.readings if each.kind is not Kind.LAST_SEEN)
    refused = ", ".join(_refusal(each) for each in seen.decoded.rejections if not _harmless(each, seen))
    return "; ".join(part for part in (facts, refused) if part) or "[dim]nothing that Unclench uses[/dim]"


def _refusal(rejection: Rejection) -> str:
    advice = " (home.yaml has to say it)" if rejection.reason is Reason.UNIT_UNKNOWN else ""
    return f"refused: {rejection.reason.value}{advice}"


def _harmless(rejection: Rejection, seen: TopicSeen) -> bool:
    """Whether nobody has to care that a message does not say what a sensor would: it is none."""
    if rejection.reason not in {Reason.MISSING_FIELD, Reason.NOT_JSON}:
        return False
    doubtful = seen.guess is None or seen.guess.doubtful
    return doubtful or not _NOT_SENSORS.isdisjoint(words_of(seen.topic))


def _fact(reading: Reading) -> str:
    value = ("yes" if reading.value else "no") if isinstance(reading.value, bool) else reading.value
    number = f"{value:g}" if isinstance(value, float) else escape(str(value))
    return f"{reading.kind.value} {number} {reading.unit}".rstrip()


def show_summary(overview: Overview, broker: str, person: str) -> None:
    """What was heard, and the lines for home.yaml; ``person`` is whose buttons they are taken to be."""
    lines = home_lines(overview.topics.values(), person)
    console.print(f"\nHeard {len(overview.topics)} topics on {escape(broker)}.")
    for seen in overview.topics.values():
        if seen.guess is not None and seen.guess.doubtful:
            console.print(f"  doubtful: {escape(one_line(seen.topic))}: {escape(one_line(seen.guess.why))}")
    if not lines:
        console.print(
            "Nothing in it looks like a sensor of a room. Wait longer: battery sensors can be silent for an hour."
        )
        return
    console.print("For home.yaml, under the room that it measures (leave out what is not in that room):\n")
    for line in lines:
        console.print(escape(one_line(line)), soft_wrap=True)

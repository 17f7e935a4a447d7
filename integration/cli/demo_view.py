"""How the demo looks: one calm screen while it plays, plain lines where there is no screen, a summary at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from integration.demo.chart import LIMIT_MARKER, WITHOUT_MARKER, draw
from integration.demo.home import AC, FAN, LAMP
from integration.demo.scene import Scene
from integration.demo.story import TRIGGER_C, ZONE, Reading, minutes_above, peak_in_bed_c
from integration.demo.telling import Told, highlights

SMALLEST_CHART, CHART_HEIGHT, LARGEST_CHART = 6, 12, 18
FOOTER = "Simulated. A comfort helper, not a medical device, not an alarm. Ctrl-C ends it."
NEXT = (
    ("unclench init", "a few questions, then the files for your own home"),
    ("unclench check", "finds every mistake, then tries broker and Home Assistant"),
    ("unclench listen", "shows what your sensors say, and how it is understood"),
)


class Screen:
    """The evening so far, fitted to the terminal as it is now."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Chart and story share the height; the rest has its place, so that nothing moves about."""
        height = options.height or console.height
        scene, inner = self._scene, options.update(height=None)
        below = [Text(), _legend(scene), _standing(scene), Text(), Text("What happened and why", style="bold")]
        around = 2 + sum(len(console.render_lines(part, inner)) for part in below) + 1  # the title above, the footer
        chart = min(LARGEST_CHART, max(SMALLEST_CHART, (height - around) * 3 // 5))
        story = _latest(console, inner, scene.told, max(1, height - around - chart))
        yield Group(_title(scene), Text(), draw(scene, options.max_width, chart), *below, *story)
        yield Text(FOOTER, overflow="ellipsis", no_wrap=True, end="")


def _latest(console: Console, options: ConsoleOptions, told: list[Told], room: int) -> list[RenderableType]:
    """As many of the latest lines as there is room for, the newest last, filled up with empty ones."""
    shown: list[RenderableType] = []
    for each in reversed(told):
        line = told_line(each)
        used = len(console.render_lines(line, options))
        if used > room:
            break
        shown.insert(0, line)
        room -= used
    return [*shown, *[Text()] * room]


def told_line(told: Told) -> Table:
    """One line of the story, hanging under its time."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_row(_clock(told.at), escape(told.text))
    return table


def _title(scene: Scene) -> Table:
    table = Table.grid(expand=True)
    table.add_column(overflow="ellipsis", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    name = "Unclench" if scene.with_us else "Without Unclench"
    table.add_row(f"[bold]{name}[/bold]: a hot evening in Robin's bedroom", f"[bold]{_clock(scene.now)}[/bold]")
    return table


def _legend(scene: Scene) -> Text:
    without = _last(scene.without_so_far)
    parts = [
        f"[yellow]{WITHOUT_MARKER} {WITHOUT_MARKER}[/yellow] without {without}",
        f"[magenta]{LIMIT_MARKER}{LIMIT_MARKER}[/magenta] limit in bed {TRIGGER_C:g} °C",
    ]
    if scene.with_us:
        parts.insert(0, f"[cyan]━━[/cyan] with Unclench [bold]{_last(scene.readings)}[/bold]")
    return _one_line_each("   ".join(parts))


def _standing(scene: Scene) -> Text:
    """Bed, air conditioner (AC), fan, lamp."""
    room = scene.room
    bed = f"Robin, since {_clock(scene.bed_since)}" if scene.bed_since else "empty"
    ac = "off" if room.ac.mode == "off" else f"cooling to {room.ac.target_c:g} °C"
    fan = f"{room.fan_percent:g} %" if room.fan_percent else "off"
    lamp = f"{room.lamp_percent:.0f} %" if room.lamp_percent else "off"
    rows = (
        ("Bed", bed, "AC", ac + _hold(scene, AC)),
        ("Lamp", lamp + _hold(scene, LAMP), "Fan", fan + _hold(scene, FAN)),
    )
    lines = [
        f"{left:<5}[bold]{first:<22}[/bold] {right:<4}[bold]{second}[/bold]" for left, first, right, second in rows
    ]
    return _one_line_each("\n".join(lines))


def _one_line_each(markup: str) -> Text:
    """Cut where the screen ends: what wraps here would push the rest about."""
    text = Text.from_markup(markup, overflow="ellipsis")
    text.no_wrap = True
    return text


def _hold(scene: Scene, entity: str) -> str:
    until = scene.holds.get(entity)
    return f" by hand, left alone until {_clock(until)}" if until else ""


def _last(readings: list[Reading]) -> str:
    return f"{readings[-1].celsius:.1f} °C" if readings else ""


def _clock(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M}"


def plain_story(scene: Scene) -> Text:
    """The whole story, for a pipe or a log."""
    return Text("".join(f"{_clock(told.at)}  {told.text}\n" for told in scene.told))


def summary(scene: Scene) -> Iterator[RenderableType]:
    """What the evening came to, the decisions that made it, and what to do next."""
    so_far = [each for each in scene.without if each.at <= scene.now]
    yield (
        "\n[bold]The evening is over.[/bold]" if scene.over else f"\n[bold]Ended at {_clock(scene.now)}.[/bold] So far:"
    )
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    table.add_column("")
    courses = ([("with Unclench", scene.readings)] if scene.with_us else []) + [("without", so_far)]
    for name, _ in courses:
        table.add_column(name, justify="right")
    table.add_row(f"In bed at {TRIGGER_C:g} °C or more", *(f"{minutes_above(each)} min" for _, each in courses))
    table.add_row("Warmest while in bed", *(_peak(each) for _, each in courses))
    yield table
    lines = highlights(scene.told)
    if lines:
        yield "\n[bold]What was decided, and why[/bold]"
        yield from (told_line(each) for each in lines)
    yield "\n[bold]Next, at home[/bold]"
    commands = Table.grid(padding=(0, 2))
    for command, says in NEXT:
        commands.add_row(f"[bold]{command}[/bold]", says)
    yield commands
    if scene.with_us:
        yield "\nThe bedroom was simulated. The service was the real one, over MQTT and Home Assistant's API."


def _peak(readings: list[Reading]) -> str:
    peak = peak_in_bed_c(readings)
    return "not in bed yet" if peak is None else f"{peak:.1f} °C"

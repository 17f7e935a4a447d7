"""The chart of the evening, drawn with plotext: both courses of the temperature against the limit."""

from __future__ import annotations

from datetime import datetime
from math import ceil, floor

import plotext  # type: ignore[import-untyped]
from rich.text import Text

from integration.demo.scene import Scene
from integration.demo.story import TRIGGER_C, ZONE, Reading

WITH_COLOR, WITHOUT_COLOR, LIMIT_COLOR = "cyan", "orange", "magenta"
"""Told apart by their shape as well: a line, a row of dots, a broken line."""
WITH_MARKER, WITHOUT_MARKER, LIMIT_MARKER = "hd", "•", "╌"
MARGIN_C = 0.25

Point = tuple[float, float]  # hour, °C


def draw(scene: Scene, width: int, height: int) -> Text:
    """The chart of the evening so far; its frame holds all of it from the start, so that nothing moves about."""
    figure = plotext.figure
    plotext.terminal.limit(width=False, height=False)
    figure.clear()
    figure.plot_size(width, height)
    figure.theme("simple")
    figure.canvas("default")
    start, end = _hour(scene.evening.start), _hour(scene.evening.end)
    low, high = _limits(scene)
    figure.ruler("x").lim(start, end)
    figure.ruler("y").lim(low, high)
    hours = range(ceil(start), floor(end) + 1)
    figure.ruler("x").ticks(list(hours), [f"{hour % 24:02}:00" for hour in hours])
    degrees = range(ceil(low), floor(high) + 1)
    figure.ruler("y").ticks(list(degrees), [f"{degree} °C" for degree in degrees])
    figure.axes(active=False, side=1)
    column = (end - start) / width
    _add([(start + step * column, TRIGGER_C) for step in range(width)], LIMIT_MARKER, LIMIT_COLOR)
    # Until somebody is in bed nothing is cooled: both courses are the same.
    without = [each for each in scene.without_so_far if each.in_bed or not scene.with_us]
    _add(_points(without, 3 * column), WITHOUT_MARKER, WITHOUT_COLOR)
    if scene.with_us:
        _add(_points(scene.readings, 2 * column), WITH_MARKER, WITH_COLOR, lines=True)
    return Text.from_ansi(figure.build().string().rstrip("\n"), no_wrap=True)


def _add(points: list[Point], marker: str, color: str, *, lines: bool = False) -> None:
    if points:
        signal = plotext.figure.signal(*map(list, zip(*points, strict=True)), marker=plotext.marker(marker, color))
        plotext.figure.draw(signal.lines() if lines else signal)


def _points(readings: list[Reading], every_h: float) -> list[Point]:
    """The mean of every few readings: a sensor's last digit flickers, and a line of few dots must not."""
    size = max(1, round(every_h * 60))
    groups = [readings[first : first + size] for first in range(0, len(readings), size)]
    return [(_hour(group[-1].at), sum(each.celsius for each in group) / len(group)) for group in groups]


def _limits(scene: Scene) -> tuple[float, float]:
    degrees = [each.celsius for each in scene.without]
    return min(degrees) - MARGIN_C, max(degrees) + MARGIN_C


def _hour(at: datetime) -> float:
    """Hours of the evening; after midnight they go on with 24."""
    local = at.astimezone(ZONE)
    hour = local.hour + local.minute / 60 + local.second / 3600
    return hour if hour > 12 else hour + 24  # noqa: PLR2004 (noon)

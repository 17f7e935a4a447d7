"""The days that would have been most different, as a picture: a panel for each, from noon to noon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from config.errors import FileProblemError, UnclenchError
from integration.whatif import Comparison
from rules.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 3
KINDS = (".png", ".svg")
SMOOTH_MIN = 20
"""Minutes that are averaged: an air conditioner that cycles would else be a thicket of lines."""
MOSTLY = 0.8
"""A day counts when so much of it was recorded."""
RECORDED, CHANGED, LIMIT, BED = "#000000", "#0072B2", "#D55E00", "#E3E3E3"
"""Of Okabe and Ito's palette, which people who are colour-blind can tell apart; the lines differ in kind, too."""
TEXT_PT, TITLE_PT = 11, 13
STABLE = "unclench"
"""The salt of the marks inside an SVG, so that the same days make the same file."""
PICTURE_IN = (9.0, 3.1)
"""Inches: the width, and the height of one panel."""


class NoChartsError(UnclenchError):
    """What draws is not installed."""

    def __init__(self) -> None:
        super().__init__("For a chart, matplotlib is missing. Install it with: pip install 'unclench[charts]'")


@dataclass(frozen=True, slots=True)
class Day:
    """One day from noon to noon, by its indexes among the minutes."""

    noon: date
    begin: int
    end: int
    differs: float  # °C, on average


def check_chart(path: Path) -> None:
    """Raise what a person should know before they wait: no matplotlib, or no such kind of picture."""
    if path.suffix.lower() not in KINDS:
        raise FileProblemError(path, "name a file that ends in .png or .svg")
    if not path.absolute().parent.is_dir():
        raise FileProblemError(path, "the folder does not exist")
    if find_spec("matplotlib") is None:
        raise NoChartsError


def most_different(found: Comparison, zone: ZoneInfo, panels: int = PANELS) -> list[Day]:
    """The days that differ most, in order of time."""
    days: list[Day] = []
    minutes, begin = found.minutes, 0
    noons = [(each.at.astimezone(zone) - timedelta(hours=12)).date() for each in minutes]
    for index in range(1, len(minutes) + 1):
        if index < len(minutes) and noons[index] == noons[begin]:
            continue
        pairs = zip(minutes[begin:index], found.changed_c[begin:index], strict=True)
        gaps = [abs(warm - each.celsius) for each, warm in pairs if warm is not None and each.celsius is not None]
        if len(gaps) >= MOSTLY * 24 * 60:
            days.append(Day(noons[begin], begin, index, sum(gaps) / len(gaps)))
        begin = index
    most = sorted(days, key=lambda day: (-day.differs, day.noon))[:panels]
    return sorted(most, key=lambda day: day.noon)


def draw(found: Comparison, words: Words, path: Path) -> None:
    """Write the picture. Raises FileProblemError, NoChartsError, and UnclenchError where no day is whole."""
    check_chart(path)
    days = most_different(found, words.zone)
    if not days:
        message = "There is no whole day in this time, from noon to noon, to draw a chart of."
        raise UnclenchError(message)
    import matplotlib as mpl  # noqa: PLC0415 (an extra, and slow to import)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    kind = path.suffix.lower().removeprefix(".")
    no_date: dict[str, str | None] = {"Date": None} if kind == "svg" else {"Software": None}
    with mpl.rc_context():
        mpl.rcdefaults()  # whatever this person's own settings are
        mpl.rc("font", size=TEXT_PT)
        mpl.rc("axes", titlesize=TEXT_PT)
        mpl.rc("svg", fonttype="none", hashsalt=STABLE)
        width, height = PICTURE_IN
        figure = Figure(figsize=(width, height * len(days) + 1.1), dpi=120, layout="constrained")
        FigureCanvasAgg(figure)
        _fill(figure, found, days, words)
        try:
            figure.savefig(path, format=kind, metadata=no_date)
        except OSError as error:
            raise FileProblemError(path, error.strerror or "cannot be written") from error


def _fill(figure: Figure, found: Comparison, days: Sequence[Day], words: Words) -> None:
    axes: list[Axes] = [figure.add_subplot(len(days), 1, number) for number in range(1, len(days) + 1)]
    low, high = _range(found, days, words)
    for day, panel in zip(days, axes, strict=True):
        _panel(panel, found, day, words)
        panel.set_ylim(low, high)
    handles, labels = axes[0].get_legend_handles_labels()
    limit = words.temperature(found.question.heat_c)
    figure.suptitle(
        f"With a limit of {limit} in bed: the days that would differ most\n(averages over {SMOOTH_MIN} minutes)",
        fontsize=TITLE_PT,
    )
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)


def _panel(panel: Axes, found: Comparison, day: Day, words: Words) -> None:
    minutes, changed = found.minutes[day.begin : day.end], found.changed_c[day.begin : day.end]
    hours = [_hour(each.at, day.noon, words.zone) for each in minutes]
    for begin, end in _stretches([each.in_bed for each in minutes]):
        label = "in bed" if begin == _stretches([each.in_bed for each in minutes])[0][0] else None
        panel.axvspan(hours[begin], hours[end - 1], color=BED, label=label, zorder=0)
    panel.plot(hours, _line([each.celsius for each in minutes], words), color=RECORDED, lw=1.4, label="recorded")
    limit = words.temperature(found.question.heat_c)
    panel.plot(hours, _line(changed, words), color=CHANGED, lw=2.4, ls="-", label=f"with {limit} in bed")
    called = f"your limit of {limit}" + (" (a fan adds to it)" if found.has_fan else "")
    panel.axhline(_shown(found.question.heat_c, words), color=LIMIT, lw=1.6, ls="--", label=called)
    panel.set_title(f"{day.noon:%A, %d %B} to {day.noon + timedelta(days=1):%A}", loc="left")
    panel.set_xlim(12, 36)
    panel.set_xticks(range(12, 37, 3), [f"{hour % 24}:00" for hour in range(12, 37, 3)])
    panel.set_ylabel("°F" if words.temperature(0).endswith("F") else "°C", rotation=0, labelpad=14)
    panel.grid(visible=True, axis="y", color="#CCCCCC", lw=0.6)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)


def _range(found: Comparison, days: Sequence[Day], words: Words) -> tuple[float, float]:
    """The same for all panels, so that they can be compared."""
    shown = [_shown(found.question.heat_c, words)]
    for day in days:
        shown += _line([each.celsius for each in found.minutes[day.begin : day.end]], words)
        shown += _line(found.changed_c[day.begin : day.end], words)
    shown = [each for each in shown if not isnan(each)]
    return min(shown) - 0.5, max(shown) + 0.5


def _line(celsius: Sequence[float | None], words: Words) -> list[float]:
    """The averages around each minute, in the person's unit; a gap where nothing is known."""
    sums, counts = [0.0], [0]
    for each in celsius:
        sums.append(sums[-1] + (each or 0.0))
        counts.append(counts[-1] + (each is not None))
    line = []
    for index, each in enumerate(celsius):
        begin, end = max(0, index - SMOOTH_MIN // 2), min(len(celsius), index + SMOOTH_MIN // 2 + 1)
        known = each is not None
        line.append(_shown((sums[end] - sums[begin]) / (counts[end] - counts[begin]) if known else None, words))
    return line


def _shown(celsius: float | None, words: Words) -> float:
    """In the person's unit; a gap in the line for what is not known."""
    if celsius is None:
        return float("nan")
    return celsius * 1.8 + 32 if words.temperature(0).endswith("F") else celsius


def _hour(at: datetime, noon: date, zone: ZoneInfo) -> float:
    """Hours on the clock since the midnight before that noon."""
    local = at.astimezone(zone)
    return (local.date() - noon).days * 24 + local.hour + local.minute / 60


def _stretches(yes: Sequence[bool]) -> list[tuple[int, int]]:
    """Begin and end of every run of yes."""
    edges = [
        index for index in range(len(yes) + 1) if (index < len(yes) and yes[index]) != (index > 0 and yes[index - 1])
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))

"""The picture of the demo for the README: ``python -m integration.demo.picture [FILE]`` writes ``docs/demo.svg``.

The same seed gives the same picture, to the byte.
"""

from __future__ import annotations

import io
import logging
import sys
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from integration.cli.demo_view import Screen
from integration.demo.director import playing
from integration.demo.scene import Scene
from integration.demo.story import evening

SEED = 1
COLUMNS, ROWS = 100, 32
FILE = Path("docs/demo.svg")
TITLE = "unclench demo"
SHOWN_AFTER = timedelta(hours=3, minutes=45)
"""Late enough that both courses have parted, and the fan was switched off by hand."""

THEME = TerminalTheme(
    (28, 30, 38),
    (226, 228, 233),
    [
        (28, 30, 38),
        (240, 140, 130),
        (150, 205, 140),
        (240, 190, 95),
        (130, 170, 235),
        (205, 160, 230),
        (95, 205, 215),
        (226, 228, 233),
    ],
)
"""Warm and dark; every colour has a contrast of more than 7 : 1 with the ground."""

# Rich's own frame fetches a font from a public server: a picture must not.
_FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg"
     role="img" aria-label="The demo: a hot evening, with and without Unclench">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  font-size: {char_height}px; line-height: {line_height}px;
}}
.{unique_id}-title {{ font-family: system-ui, sans-serif; font-size: 18px; font-weight: bold; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


class _EnoughError(Exception):
    """The moment of the picture has come."""


def picture(seed: int = SEED) -> str:
    """The screen at the moment of the picture, as SVG."""
    scene = Scene.opening(evening(seed))

    def until_the_moment(due: datetime) -> None:
        if due > scene.evening.start + SHOWN_AFTER:
            raise _EnoughError

    try:
        with playing(scene, until_the_moment) as director:
            director.play()
    except _EnoughError:
        pass
    return svg(scene)


def svg(scene: Scene) -> str:
    """The screen of a scene."""
    console = Console(
        record=True,
        width=COLUMNS,
        height=ROWS,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    console.print(Screen(scene), end="")
    return console.export_svg(title=TITLE, theme=THEME, code_format=_FRAME, unique_id="unclench-demo")


def main() -> None:
    """Write the picture."""
    logging.getLogger().addHandler(logging.NullHandler())
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    file.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()

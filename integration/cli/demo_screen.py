"""Plays the demo on a terminal: the evening's pace in real time, eight calm pictures a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.live import Live

from integration.cli.demo_view import Screen
from integration.demo.scene import Scene

FRAME_S = 1 / 8


class Pace:
    """Holds the evening back to a speed, and draws meanwhile."""

    def __init__(self, scene: Scene, live: Live, speed: float) -> None:
        self._scene, self._live, self._speed = scene, live, speed
        self._began = time.monotonic()
        self._next_frame = self._began

    def __call__(self, due: datetime) -> None:
        """Return when the audience has come to ``due``."""
        moment = self._began + (due - self._scene.evening.start).total_seconds() / self._speed
        while True:
            now = time.monotonic()
            if now >= self._next_frame:
                self._live.refresh()
                self._next_frame = max(self._next_frame + FRAME_S, now)
            if now >= moment:
                return
            time.sleep(max(0.0, min(moment, self._next_frame) - now))


@contextmanager
def on_screen(scene: Scene, console: Console, speed: float) -> Iterator[Pace]:
    """The pace for a director, and a screen of its own that gives the terminal back as it was."""
    with Live(Screen(scene), console=console, screen=True, auto_refresh=False, vertical_overflow="crop") as live:
        yield Pace(scene, live, speed)

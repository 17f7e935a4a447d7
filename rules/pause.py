"""Pauses: everything, or one area, until a time that the person sees (R28)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

EVERYTHING = ""
SAFE = {
    EVERYTHING: "everything is paused until {until}: what I switched on goes off, lights stay as they are, nothing is"
    " offered. The path light still lights your way at night",
    "cooling": "cooling is paused until {until}: what I switched on goes off, what was on before gets its setting back",
    "lights": "the lights are paused until {until}: they stay as they are. The path light still lights your way",
    "prompts": "prompts are paused until {until}: nothing is offered, your own reminders neither",
    "evening": "the routines are paused until {until}: no step of them begins, and lights stay as they are",
}
"""What each area's pause leaves the home in, for the person."""


@dataclass(slots=True)
class Pauses:
    """What is paused, until when. Plain data, for the snapshot."""

    until: dict[str, datetime] = field(default_factory=dict)

    def change(self, area: str, until: datetime | None, now: datetime) -> bool:
        """Begin, move or end a pause; the end of the pause of everything ends all. Returns whether it is one."""
        if area not in SAFE:
            return False
        if until is None or until <= now:
            if area == EVERYTHING:
                self.until.clear()
            self.until.pop(area, None)
        else:
            self.until[area] = until
        return True

    def holds(self, area: str, now: datetime) -> datetime | None:
        """Until when ``area`` is paused, if it is: by itself, or with everything."""
        ends = [self.until[key] for key in (area, EVERYTHING) if key in self.until and self.until[key] > now]
        return max(ends, default=None)

    def over(self, now: datetime) -> list[str]:
        """The areas whose pause has ended, which are forgotten."""
        ended = [area for area, until in self.until.items() if until <= now]
        for area in ended:
            del self.until[area]
        return ended

    @property
    def due(self) -> datetime | None:
        """When the next pause ends."""
        return min(self.until.values(), default=None)

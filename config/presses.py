"""What the press of a button can mean."""

from __future__ import annotations

PAUSE_AREAS = ("cooling", "lights", "prompts", "evening")
"""What can be paused alone."""
ANSWERS = ("done", "later", "skip", "begin", "yes", "no", "next", "stop")
"""The answers that a button can give."""
MEANINGS = (
    "a press means done, later, skip, begin, yes, no, next, stop, pause, resume, "
    '"pause AREA", "resume AREA", "routine NAME", "routine NAME skip" (or pause, or resume) or "report TRIGGER"'
)


def is_meaning(words: list[str]) -> bool:
    """Whether a press can mean this; a bare pause or resume is about everything."""
    match words:
        case [word]:
            return word in (*ANSWERS, "pause", "resume")
        case [("pause" | "resume"), area]:
            return area in PAUSE_AREAS
        case [("routine" | "report"), _] | ["routine", _, ("pause" | "resume" | "skip")]:
            return True
        case _:
            return False

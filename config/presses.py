"""What the press of a button can mean."""

from __future__ import annotations

PAUSE_AREAS = ("cooling", "lights", "prompts", "evening")
"""What can be paused alone."""
ANSWERS = ("done", "later", "skip", "begin", "yes", "no", "next", "stop")
"""The answers that a button can give."""
LOGGED = ("spasm", "stiffness", "clonus", "pain", "fatigue", "hug", "weakness", "night_waking")
"""The symptoms that a press can log; the journal's vocabulary has the same."""
JOURNAL_PRESSES = {"single": "log spasm", "double": "log stiffness", "hold": "undo"}
"""What a button means where nothing else is said."""
MEANINGS = (
    "a press means done, later, skip, begin, yes, no, next, stop, pause, resume, "
    '"pause AREA", "resume AREA", "routine NAME", "routine NAME skip" (or pause, or resume), '
    '"report TRIGGER", "log SYMPTOM" or undo'
)


def is_meaning(words: list[str]) -> bool:
    """Whether a press can mean this; a bare pause or resume is about everything."""
    match words:
        case [word]:
            return word in (*ANSWERS, "pause", "resume", "undo")
        case [("pause" | "resume"), area]:
            return area in PAUSE_AREAS
        case ["log", symptom]:
            return symptom in LOGGED
        case [("routine" | "report"), _] | ["routine", _, ("pause" | "resume" | "skip")]:
            return True
        case _:
            return False

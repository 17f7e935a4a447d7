"""What routines and pauses are doing, for who asks why."""

from __future__ import annotations

from collections.abc import Iterator

from rules.engine import Engine
from rules.pause import SAFE

_NUMBERED = "-"


def standing_of_routines(engine: Engine) -> Iterator[tuple[str, str, str]]:
    """What each routine and each pause is doing: its name, its state, and what became of the steps."""
    world, now = engine.world, engine.now
    for name, run in world.routines.runs.items():
        standing = world.routines.standing(name, now)
        steps = [f"{key.partition(_NUMBERED)[0]}: {step.why or 'waits'}" for key, step in run.memory.steps.items()]
        told = steps if standing.state != "waiting" else []
        if standing.next_at is not None:
            what = "next step" if standing.state in ("running", "paused") else "begins"
            told = [*told, f"{what} at {world.words.moment(standing.next_at, now)}"]
        place = f", {standing.step} of {standing.steps} steps" if standing.state in ("running", "paused") else ""
        yield f"routine {name}", f"{standing.state}{place}", "; ".join(told) or "it begins when you ask for it"
    for area, until in sorted(world.pauses.until.items()):
        if until > now:
            text = SAFE[area].format(until=world.words.moment(until, now))
            yield f"pause {area or 'everything'}", f"until {world.words.moment(until, now)}", text


def is_idle(what: str, state: str) -> bool:
    """Whether a routine only waits for its time: that is told to who asks for it by name."""
    return what.startswith("routine ") and state == "waiting"

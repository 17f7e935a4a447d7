"""What the audience sees of the evening so far: plain values, filled by the director, shown by the view."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from devices.actions import Action
from integration.demo.bedroom import Bedroom
from integration.demo.story import TRIGGER_C, Evening, Reading, minutes_above, peak_in_bed_c, without_us
from integration.demo.telling import Told
from integration.replay import action_line
from rules.decisions import Decision


@dataclass(slots=True)
class Scene:
    """The evening up to ``now``."""

    evening: Evening
    now: datetime
    room: Bedroom
    without: list[Reading]  # of the whole evening
    with_us: bool = True
    readings: list[Reading] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    bed_since: datetime | None = None
    holds: dict[str, datetime] = field(default_factory=dict)  # device -> left alone until
    over: bool = False

    @classmethod
    def opening(cls, evening: Evening, *, with_us: bool = True) -> Scene:
        """Before anything has happened."""
        return cls(evening, evening.start, evening.bedroom(), without_us(evening), with_us)

    @property
    def without_so_far(self) -> list[Reading]:
        """The evening without us, as far as it has come."""
        return [each for each in self.without if each.at <= self.now]


def result(scene: Scene, wall_seconds: float) -> dict[str, object]:
    """The evening as one document, for scripts. ``with`` is None when it was played without us."""
    with_us = scene.readings if scene.with_us else None
    peak = None if with_us is None else peak_in_bed_c(with_us)
    above = minutes_above(scene.without)
    return {
        "seed": scene.evening.seed,
        "trigger_c": TRIGGER_C,
        "peak_c": {"with": peak, "without": peak_in_bed_c(scene.without)},
        "in_bed_minutes_above": {"with": None if with_us is None else minutes_above(with_us), "without": above},
        "readings": len(scene.readings),
        "actions": [action_line(action) for action in scene.actions],
        "decisions": [{"at": each.at.isoformat(), "about": each.about, "text": each.text} for each in scene.decisions],
        "kept_below": peak is not None and peak < TRIGGER_C,
        "crosses_without_us": above > 0,
        "wall_seconds": round(wall_seconds, 2),
    }

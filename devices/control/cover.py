"""Blinds: brought down where they keep the sun out, and given back afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from devices.control.kind import GONE, TOLERANCE, Call, Cannot, State, in_celsius, number

OPEN_FROM = 95.0
"""%. Many a blind that is all the way up says 96 or 98."""
SETS_POSITION = 4
"""Home Assistant's CoverEntityFeature.SET_POSITION."""


class Cover:
    """A blind. ``power`` is whether it shades at all, ``position`` how far open it is, in %.

    A blind that stands half-way shades: it is brought further down, and given back half-way. A wanted position is the
    most that it may be open while it shades, and the least where it does not: who has shut it further keeps it so.
    """

    confirm_within = timedelta(minutes=2)
    reads = frozenset({"current_position", "supported_features"})
    passing = frozenset({"opening", "closing"})

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """See ``Kind``. Without a position all that is known is whether it is shut."""
        if state in GONE:
            return None
        position = number(attributes.get("current_position"))
        if position is None:
            return {"power": state == "closed"}
        return {"power": position < OPEN_FROM, "position": position}

    def call(
        self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]
    ) -> Call | Cannot | None:
        """See ``Kind``."""
        shading, now = bool(wanted["power"]), number(reported.get("position"))
        goal = number(wanted.get("position"))
        if goal is None or not _sets_position(attributes):
            goal = 0.0 if shading else 100.0
        if now is None:
            if shading == reported["power"]:
                return None
            return _open_or_close(entity, {"power": shading}, shading=shading)
        if (now <= goal + TOLERANCE["position"]) if shading else (now >= goal - TOLERANCE["position"]):
            return None
        expects: State = {"power": goal < OPEN_FROM, "position": goal}
        if not _sets_position(attributes):
            return _open_or_close(entity, expects, shading=shading)
        return Call("cover.set_cover_position", {"entity_id": entity, "position": round(goal)}, expects)

    def describe(self, state: State, temperature: Callable[[float], str] = in_celsius) -> str:
        """See ``Kind``."""
        del temperature
        if not state.get("power"):
            return "open"
        position = number(state.get("position"))
        return "shut" if position is None or position <= TOLERANCE["position"] else f"open by {position:.0f} %"


def _sets_position(attributes: Mapping[str, object]) -> bool:
    features = attributes.get("supported_features")
    can = not isinstance(features, int) or bool(features & SETS_POSITION)
    return can and number(attributes.get("current_position")) is not None


def _open_or_close(entity: str, expects: State, *, shading: bool) -> Call:
    return Call("cover.close_cover" if shading else "cover.open_cover", {"entity_id": entity}, expects)

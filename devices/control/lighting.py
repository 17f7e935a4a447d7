"""Bringing a room's lamps down, slowly: never on when off, never brighter, and not against a hand (R11, R12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devices.control.device import Device
from devices.control.hands import HOLDS_ALL
from devices.control.kind import TOLERANCE, State, number
from devices.control.light import FINE
from devices.wants import Dim

HAS_TRANSITION = 32
"""Home Assistant's feature bit of a lamp that fades by itself."""
SMALL = 0.08
"""The largest step of a lamp that cannot fade by itself, as a share of its brightness: so the eye measures it."""
USUAL = 0.03
"""The step where there is time enough."""
SMALL_MIRED = 5.0
"""The largest step of its warmth, in mired: so the eye measures warmth."""
SHORTEST_STEP_S = 20
"""Between two steps: a radio lamp must have time to report."""
PATIENT = 3
"""A lamp that did not move for so many steps is asked more and more seldom."""
LONGEST_STEP_S = 1800
OUT_S = 5.0
"""How long a lamp takes to go out at the end, if it can."""
FULL, MIRED = 255, 1_000_000


@dataclass(slots=True)
class UnderWay:
    """Where a lamp goes by itself, and until when. What it reports meanwhile may be its goal or its past."""

    goal: State
    until: datetime


@dataclass(slots=True)
class Steps:
    """A lamp that is taken down in steps: where and when it began, what was asked last, what it reported then."""

    since: datetime
    start: State
    asked: State
    seen: State
    due: datetime
    missed: int = 0  # how often in a row it did not move


@dataclass(slots=True)
class LightingMemory:
    """What is remembered of a fade, for the snapshot. By lamp, where there is a name."""

    since: datetime | None = None  # since when lamps are brought down
    dim: Dim | None = None
    dim_since: datetime | None = None  # since when it is this want
    left: bool = False  # something else takes care of the lamps
    under_way: dict[str, UnderWay] = field(default_factory=dict)
    steps: dict[str, Steps] = field(default_factory=dict)


class Lighting:
    """The lamps of one room."""

    def __init__(self, lamps: list[Device]) -> None:
        self.devices = lamps
        self.memory = LightingMemory()

    def steer(  # noqa: PLR0913
        self,
        dim: Dim | None,
        why: str,
        causes: tuple[str, ...],
        now: datetime,
        *,
        in_bed: bool | None = None,
        left: bool = False,
    ) -> datetime | None:
        """Set every lamp's aim; returns when to look again. ``left``: something else takes care of the lamps."""
        for lamp in self.devices:
            self._note_way(lamp, now)
        if dim is None or left:
            # A lamp on its way to a lower level is not raised by what is wanted next, so this is not forgotten.
            self.memory = LightingMemory(left=left and dim is not None, under_way=self.memory.under_way)
            for lamp in self.devices:
                lamp.aim(None, why)
            return None
        memory = self.memory
        memory.left, memory.since = False, memory.since or now
        if dim != memory.dim or memory.dim_since is None:
            memory.dim, memory.dim_since, memory.steps = dim, now, {}
        ends = memory.dim_since + timedelta(seconds=dim.fade_s)
        dues = [self._steer_lamp(lamp, dim, why, causes, now, in_bed=in_bed) for lamp in self.devices]
        if dim.out and now < ends:
            dues.append(ends)
        return min((due for due in dues if due is not None), default=None)

    def _note_way(self, lamp: Device, now: datetime) -> None:
        ways, entity, until = self.memory.under_way, lamp.spec.entity, lamp.memory.fading_until
        if entity in ways and now >= ways[entity].until:
            del ways[entity]
        if until is not None and now < until:
            goal = {name: value for name, value in lamp.memory.commanded.items() if name in ("brightness", "kelvin")}
            ways[entity] = UnderWay(goal, until)

    def _steer_lamp(  # noqa: PLR0913
        self, lamp: Device, dim: Dim, why: str, causes: tuple[str, ...], now: datetime, *, in_bed: bool | None
    ) -> datetime | None:
        goal: State = {"brightness": dim.brightness_pct}
        if dim.kelvin is not None:
            goal["kelvin"] = float(dim.kelvin)
        way = self.memory.under_way.get(lamp.spec.entity)
        if in_bed and (self._is_going_out(lamp, dim, now) or self._is_at_its_end(lamp, dim, now)):
            lamp.aim({"power": False, "transition": OUT_S}, why, causes)
            return None
        if way is not None and _above(goal, way.goal):
            lamp.aim(lamp.memory.wanted, why, causes)  # it gets to where it goes first: it is below by now, unseen
            return way.until
        features = number(lamp.memory.attributes.get("supported_features")) or 0
        if not dim.fade_s or int(features) & HAS_TRANSITION:
            lamp.aim({**goal, "transition": dim.fade_s} if dim.fade_s else goal, why, causes)
            return way.until if way is not None and dim.out else None
        aim, due = self._step(lamp, goal, dim.fade_s, now)
        lamp.aim(aim, why, causes)
        return due

    @staticmethod
    def _is_going_out(lamp: Device, dim: Dim, now: datetime) -> bool:
        """Whether it was told to go out. That it takes a moment for it must not make us want it on again."""
        wanted = lamp.memory.wanted or {}
        return dim.out and wanted.get("power") is False and lamp.on and not _held(lamp, now)

    def _is_at_its_end(self, lamp: Device, dim: Dim, now: datetime) -> bool:
        """Whether it may go out: it is as dim as it was to be, the time of the fade is over, and no hand was on it."""
        memory, since = lamp.memory, self.memory.dim_since
        if not dim.out or not lamp.on or _held(lamp, now) or since is None or lamp.spec.entity in self.memory.under_way:
            return False
        level = number((memory.reported or {}).get("brightness"))
        there = level is not None and level <= dim.brightness_pct + TOLERANCE["brightness"]
        return there and now >= since + timedelta(seconds=dim.fade_s)

    # -- in steps

    def _step(self, lamp: Device, goal: State, fade_s: float, now: datetime) -> tuple[State, datetime | None]:
        """What to aim at now, and when the next step is due. Between two steps the lamp is to stay as it is."""
        entity, reported = lamp.spec.entity, lamp.memory.reported or {}
        as_it_is: State = {name: reported[name] for name in goal if name in reported} if lamp.on else goal
        held = _held(lamp, now)
        todo = {name for name in _open(goal, reported, lamp.memory.attributes) if name not in held}
        if not lamp.on or held & HOLDS_ALL or not todo:
            # Not the goal: at the end of a hold it would be one jump.
            self.memory.steps.pop(entity, None)
            return as_it_is, None
        steps = self.memory.steps.get(entity)
        if steps is None or _brighter(reported, steps.seen):
            steps = Steps(now, dict(reported), as_it_is, {}, now)
            self.memory.steps[entity] = steps
        if now < steps.due:
            waits = lamp.memory.pending is not None
            return ({**steps.asked, "fine": True} if waits else as_it_is), steps.due
        moved = any(reported.get(name) != steps.seen.get(name) for name in todo)
        steps.missed = 0 if moved else steps.missed + 1
        step_s = _step_seconds(steps.start, goal, fade_s, todo)
        done = min(1.0, ((now - steps.since).total_seconds() + step_s) / fade_s)
        steps.asked = {**as_it_is, **{name: _next(name, steps, reported, goal, done) for name in todo}}
        steps.seen = dict(reported)
        pause = step_s * 2 ** max(0, min(steps.missed, 12) - PATIENT)
        steps.due = now + timedelta(seconds=min(pause, max(step_s, LONGEST_STEP_S)))
        return {**steps.asked, "fine": True}, steps.due


def _held(lamp: Device, now: datetime) -> set[str]:
    """What a hand was on. A hold that ends now is over: what is aimed at now is what is sent after it."""
    return {name for name, until in lamp.memory.holds.items() if now < until}


def _above(goal: State, way: State) -> bool:
    """Whether a goal is brighter or colder than where the lamp goes anyway."""
    return any(float(goal[name]) > float(way[name]) + TOLERANCE[name] for name in goal if name in way)


def _open(goal: State, reported: State, attributes: dict[str, object]) -> set[str]:
    """What is still above the goal. A lamp without warmth, or with a colour, is only made darker."""
    lowest = number(attributes.get("min_color_temp_kelvin")) or 0.0
    modes = attributes.get("supported_color_modes")
    white = isinstance(modes, list) and "color_temp" in modes
    found = set()
    if "brightness" in reported and _units(reported["brightness"]) > _units(goal["brightness"]):
        found.add("brightness")
    kelvin, now = number(goal.get("kelvin")), number(reported.get("kelvin"))
    if white and kelvin is not None and now is not None and now - max(kelvin, lowest) > FINE["kelvin"]:
        found.add("kelvin")
    return found


def _brighter(reported: State, seen: State) -> bool:
    """Whether it went up since the last step: back from a power cut, or from a hand whose time is over."""
    now, before = number(reported.get("brightness")), number(seen.get("brightness"))
    return now is not None and before is not None and now - before > TOLERANCE["brightness"]


def _units(percent: object) -> int:
    return max(1, round((number(percent) or 0.0) * FULL / 100))


def _largest(units: int) -> int:
    return max(1, int(units * SMALL))


def _step_seconds(start: State, goal: State, fade_s: float, names: set[str]) -> int:
    """Between two steps, so that they are smaller than small where there is time for it."""
    count = 1
    if "brightness" in names:
        units, count = _units(start.get("brightness")), 0
        while units > _units(goal["brightness"]):
            units, count = units - max(1, int(units * USUAL)), count + 1
    if "kelvin" in names:
        far = MIRED / float(goal["kelvin"]) - MIRED / (number(start.get("kelvin")) or float(goal["kelvin"]))
        count = max(count, int(far / SMALL_MIRED))
    return max(SHORTEST_STEP_S, int(fade_s / max(1, count)))


def _next(name: str, steps: Steps, reported: State, goal: State, done: float) -> float:
    """The next value: on the line from start to goal, but no more than a small step away from what is.

    The line is straight to the eye: geometric in brightness, linear in mired. A lamp that did not move may have coarser
    steps than ours: it is asked for a little more.
    """
    more = min(steps.missed, PATIENT)
    if name == "brightness":
        now, first, last = _units(reported[name]), _units(steps.start.get(name)), _units(goal[name])
        line = first * float(last / first) ** done
        return round(min(now, max(round(float(line)), last, now - _largest(now) - more)) * 100 / FULL, 1)
    now_m, last_m = MIRED / float(reported[name]), MIRED / float(goal[name])
    first_m = MIRED / (number(steps.start.get(name)) or float(reported[name]))
    line_m = first_m + (last_m - first_m) * done
    return round(MIRED / max(now_m, min(line_m, last_m, now_m + (2 + more) * SMALL_MIRED)), 1)

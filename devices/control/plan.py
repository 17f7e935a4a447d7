"""When a room must be cool, and how cool: from the person's hours, their limit, and what the room will do by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from devices.control.habits import Evening, Habits
from devices.control.memory import Speech
from devices.control.thermal import Influence, ThermalModel

MARGIN = 0.15
"""°C below the limit at which cooling sets in: what a thermometer and half a minute may hide."""
MARGIN_BLOWN = 0.05
BAND = 0.45
"""°C that the room may swing below that: wide enough for a compressor to run and rest for several minutes."""
LOOK_AHEAD = timedelta(minutes=4)
"""How far ahead the room is looked at when cooling is decided: as long as it takes an air conditioner to be felt."""
BRIDGE = 0.4
"""°C. A fan that is worth so much helps at once: who comes early does not need the room to be ready by then."""
NOW_BAND = 0.3
ABOVE_FLOOR = 0.6
"""°C above the floor that a room is cooled to at most: at the floor everything stops, and would begin again."""
NOTICEABLE = 1.0
"""°C. Who asks for cooling now gets it at least so much cooler than it was."""

UNLEARNED_RATE = 2.0
"""°C an hour that cooling is taken to bring while nothing is learned (the project's figure for gentle cooling)."""
UNLEARNED_LEAD = (timedelta(minutes=30), timedelta(minutes=180))
"""Between these it begins ahead while nothing is learned (the project's figures for pre-cooling)."""
LONGEST_LEAD = timedelta(hours=3)
LEAD_SPARE = 1.15
"""A learned lead is taken so much longer: forecasts are off by about that."""
LEAD_MORE = timedelta(minutes=4)
UP_AT_NIGHT = timedelta(minutes=90)
"""Who got up at night and has not slept enough is expected back for so long."""
WAITING = 1.0
"""°C that a room may be warmer while it waits for who did not come last night, or is late."""
MISSED_A_NIGHT = timedelta(hours=24)
OVERDUE = timedelta(minutes=60)
NAP_AHEAD = timedelta(minutes=45)
MORNING = timedelta(hours=2)
"""After the usual time of getting up, being in bed is sleeping in and no nap."""
UNKNOWN_BED = timedelta(minutes=20)
"""So long what runs goes on when the bed cannot be told any more. Nothing is started then."""


class Wish(StrEnum):
    """What the rules ask for."""

    KEEP = "keep"  # the room below the limit whenever somebody is in bed
    NOW = "now"  # cooling now, whoever is there
    OFF = "off"  # nothing that cools
    NONE = "none"


class Phase(StrEnum):
    """Why the room must be cool now."""

    NONE = "none"
    IN_BED = "in_bed"
    UP = "up"  # up at night, expected back
    AHEAD = "ahead"  # before somebody comes to bed
    NOW = "now"  # a rule or the person asked for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is known of the room: °C; None for what is not known."""

    celsius: float | None
    fresh: bool
    limit_c: float
    cooler_c: float = 0.0  # by so much a rule has lowered it for now
    in_bed: bool | None = None
    by_clock: bool = False  # there is no bed sensor: ``in_bed`` is what the clock says
    lay: bool = False  # somebody was in bed when that was last known
    somebody: bool = False  # is in the room, in bed or not
    at: datetime | None = None  # of the reading
    still_since: datetime | None = None  # since when the reading is the same, to the last digit
    outdoor_c: float | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """How warm it is, most likely, and will be. Between two readings, and when none comes, the model knows better."""

    model: ThermalModel

    def air(self, room: Room) -> float:
        """Now, in °C."""
        return self.model.air_c if self.model.known else room.celsius or 0.0

    def comes(self, room: Room, ahead: timedelta, cooled: float) -> float:
        """So far ahead, in °C, cooled or not."""
        if not self.model.known:
            return self.air(room)
        return self.model.air_in(ahead, Influence(cooled, in_bed=bool(room.in_bed), outdoor_c=room.outdoor_c))


@dataclass(frozen=True, slots=True)
class Plan:
    """Cool from ``high`` on and down to ``low`` (°C), and why."""

    phase: Phase
    high: float = 0.0
    low: float = 0.0
    why: str = ""
    due: datetime | None = None  # when to look again at the latest

    @property
    def middle(self) -> float:
        """Where the room is best held."""
        return (self.high + self.low) / 2


@dataclass(slots=True)
class PlanMemory:
    """What is remembered between two looks."""

    ahead_since: datetime | None = None  # cooling ahead has begun for this evening
    unknown_since: datetime | None = None  # since when the bed cannot be told
    now_from_c: float | None = None  # how warm it was when cooling was asked for
    recent: list[tuple[datetime, float]] = field(default_factory=list)  # the last hour, every few minutes


class Planner:
    """Plans one room."""

    def __init__(self, model: ThermalModel, habits: Habits, speech: Speech, floor_c: float) -> None:
        """``floor_c``: the room is never cooled at or below it; no bound comes near."""
        self.memory = PlanMemory()
        self._model, self._habits, self._speech = model, habits, speech
        self._lowest = floor_c + ABOVE_FLOOR

    def plan(  # noqa: PLR0913 (what a plan is made from)
        self, wish: Wish, room: Room, credit_c: float, target_c: float, now: datetime, *, cooling: bool
    ) -> Plan:
        """The plan for ``now``. ``credit_c``: how much warmer the air may be in bed because a fan blows, or will."""
        memory = self.memory
        if wish is not Wish.NOW:
            memory.now_from_c = None
        if wish is Wish.NOW and room.celsius is not None:
            memory.now_from_c = room.celsius if memory.now_from_c is None else memory.now_from_c
            middle = max(min(target_c, memory.now_from_c - NOTICEABLE), self._lowest + NOW_BAND)
            return Plan(Phase.NOW, middle + NOW_BAND, middle - NOW_BAND)
        if wish is not Wish.KEEP or room.celsius is None:
            return Plan(Phase.NONE)
        bridged = credit_c >= BRIDGE  # then only a part of what the fan does was counted: that is margin enough
        high = room.limit_c + credit_c - (MARGIN_BLOWN if bridged else MARGIN)
        phase, why, due = self._phase(room, high, now, cooling=cooling, bridged=bridged)
        if phase is not Phase.AHEAD:
            memory.ahead_since = None
        else:
            high += self._slack(now, bridged=bridged)
        high = max(high, self._lowest + BAND)
        return Plan(phase, high, high - BAND, why, due)

    def _slack(self, now: datetime, *, bridged: bool) -> float:
        """How much warmer a room may wait than it must be, in °C: for somebody who is unlikely to come just now."""
        evening, left = self._habits.evening(now), self._habits.memory.left_at
        missed = left is not None and evening.usual - left > MISSED_A_NIGHT
        slack = WAITING if missed or now > evening.usual + OVERDUE else 0.0
        return max(slack, BRIDGE) if bridged and now < evening.usual else slack

    def _phase(
        self, room: Room, high: float, now: datetime, *, cooling: bool, bridged: bool
    ) -> tuple[Phase, str, datetime | None]:
        evening, memory = self._habits.evening(now), self.memory
        if room.in_bed is None and room.lay:
            memory.unknown_since = memory.unknown_since or now
            ends = memory.unknown_since + UNKNOWN_BED
            if cooling and now < ends:
                return Phase.UP, "it cannot be told whether someone is in bed", ends
            return Phase.NONE, "it cannot be told whether someone is in bed", None
        memory.unknown_since = None
        if room.in_bed:
            return Phase.IN_BED, "someone is in bed", None
        if self._is_up(evening, now):
            return Phase.UP, "someone was in bed until just now", None
        return self._ahead(room, evening, evening.soon if bridged else evening.early, high, now)

    def _is_up(self, evening: Evening, now: datetime) -> bool:
        left = self._habits.memory.left_at
        if left is None or not self._habits.memory.stays or self._habits.memory.stays[-1][1] < left:
            return False
        return now - left < UP_AT_NIGHT and evening.early <= left and now < evening.rise_early

    def _ahead(
        self, room: Room, evening: Evening, ready: datetime, high: float, now: datetime
    ) -> tuple[Phase, str, datetime | None]:
        habits, memory = self._habits, self.memory
        idle = f"nobody is in bed, and you usually go to bed at {self._speech.clock(evening.usual)}"
        if habits.away(now):
            return Phase.NONE, "nobody has been in bed here for days", None
        if habits.naps_often(now, NAP_AHEAD) and not evening.early - LONGEST_LEAD < now < evening.rise + MORNING:
            return Phase.AHEAD, "you are often in bed at this time of the day", now + timedelta(minutes=5)
        begin = evening.early - LONGEST_LEAD
        if now < begin:
            return Phase.NONE, idle, begin
        if now > evening.late or habits.slept(now) > timedelta(hours=3):
            return Phase.NONE, idle, None
        if memory.ahead_since is None and now < ready - self.lead(room, high, ready - now):
            return Phase.NONE, idle, now + timedelta(minutes=5)
        memory.ahead_since = memory.ahead_since or now
        return Phase.AHEAD, f"you usually go to bed at {self._speech.clock(evening.usual)}", evening.late

    def lead(self, room: Room, high: float, left: timedelta) -> timedelta:
        """How long before the time it must begin; ``left`` is how long there still is."""
        model, celsius = self._model, room.celsius or 0.0
        if not model.known or not model.learned:
            over = celsius - high
            if over <= 0:
                return timedelta(0)
            least, most = UNLEARNED_LEAD
            return min(max(timedelta(hours=over / UNLEARNED_RATE), least), most)
        minutes = 0.0
        if model.air_c > high:
            # What still drifts until then is part of it: the forecast starts from where the room is now.
            found = model.minutes_until(high, LONGEST_LEAD, Influence(1.0, in_bed=False, outdoor_c=room.outdoor_c))
            if found is None:
                return LONGEST_LEAD
            minutes = found
        elif model.air_in(max(left, timedelta(0)), Influence(0.0, in_bed=False, outdoor_c=room.outdoor_c)) <= high:
            return timedelta(0)
        return timedelta(minutes=minutes * LEAD_SPARE) + LEAD_MORE

    # -- how fast it may become cooler

    def remember(self, celsius: float, now: datetime) -> None:
        """Keep the warmest of each few minutes of the last hour."""
        recent = self.memory.recent
        if recent and now - recent[-1][0] < timedelta(minutes=4):
            recent[-1] = recent[-1][0], max(recent[-1][1], celsius)
        else:
            recent.append((now, celsius))
        while recent and now - recent[0][0] > timedelta(minutes=64):
            recent.pop(0)

    def warmest_of_the_hour(self) -> float | None:
        """°C; None when nothing was measured."""
        return max((celsius for _, celsius in self.memory.recent), default=None)

    def warmest_of_the_last(self) -> float | None:
        """°C of the last four to eight minutes; None when nothing was measured."""
        return max((celsius for _, celsius in self.memory.recent[-2:]), default=None)

    def was(self, at: datetime) -> float | None:
        """How warm it was then, in °C; None where the last hour does not say."""
        before = [celsius for then, celsius in self.memory.recent if then <= at]
        return before[-1] if before else None

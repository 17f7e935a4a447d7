"""The person's night, from the bed alone: trying to sleep, up, how often, restless (R22).

What it finds are facts for rules. It concludes nothing from them, and writes nothing down: what a night was like, only
the person can say. A sensor that was lost is no exit, and what came of a power cut does not make a night restless.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.profile import Profile
from rules.agenda import Agenda
from rules.bed import BedEstimate
from rules.facts import Fact, Facts, Quality, Value
from rules.timetable import night_of
from rules.words import Words

RESTING, UP, EXITS, RESTLESS, RESTLESS_LAST = (
    f"night.{name}" for name in ("resting", "up", "exits", "restless", "restless_last")
)
NIGHT_FACTS = (RESTING, UP, EXITS, RESTLESS, RESTLESS_LAST)

BEFORE_BEDTIME = timedelta(hours=2)
"""From then on who lies in bed may want to sleep."""
SETTLED = timedelta(minutes=15)
"""In bed for so long: that is trying to sleep, and not sitting down for a moment."""
BACK_WITHIN = timedelta(hours=1)
"""Who comes back later than that had got up."""
MOVES, MOVES_WITHIN = 6, timedelta(minutes=30)
"""Restless: movements in so many separate minutes. One movement is often felt several times."""
OUTINGS, OUTINGS_WITHIN = 3, timedelta(hours=3)
CALM_AFTER = timedelta(minutes=30)
LASTING = timedelta(minutes=15)
"""Restless for less than that does not make the whole night so."""
ANOTHER_NIGHT = timedelta(hours=12)
"""Two rises that are further apart are not the same, moved by a changed profile."""


def declare_night(facts: Facts) -> None:
    """Every home has these facts. Without a bed sensor they stay missing."""
    for name in NIGHT_FACTS:
        facts.declare(name)


@dataclass(slots=True)
class NightMemory:
    """What is remembered of the night, for the snapshot; nothing of it is older than one night."""

    rise: datetime | None = None  # when the night that this is about ends
    lies_since: datetime | None = None
    left_at: datetime | None = None
    rested: bool = False  # has tried to sleep tonight
    troubled: bool = False  # has had three exits, or was restless for long enough
    doubt_since: datetime | None = None  # since then the bed was not heard to be occupied
    exits: list[datetime] = field(default_factory=list)
    moves: list[datetime] = field(default_factory=list)  # the minutes of the last half hour with a movement
    restless_since: datetime | None = None
    restless_until: datetime | None = None


class NightWatch:
    """Follows the nights of one person in their own bed."""

    def __init__(self, bed: BedEstimate, facts: Facts, profile: Profile, words: Words, agenda: Agenda) -> None:
        """``facts`` has what ``declare_night`` declares."""
        self.room = bed.room
        self.key = f"night:{bed.room}"
        self.memory = NightMemory()
        self._bed, self._facts, self._profile, self._words, self._agenda = bed, facts, profile, words, agenda
        self._night: tuple[datetime, datetime, datetime] | None = None  # from then on: when it begins, and the rise

    # -- what is heard

    def moved(self, side: str, at: datetime, now: datetime) -> None:
        """A movement was felt at ``at``. Before somebody tries to sleep it tells nothing."""
        resting, minute = self._facts[RESTING], at.replace(second=0, microsecond=0)
        mine = "either" in (side, self._profile.bed_side) or side == self._profile.bed_side
        if not mine or not self._bed.fact.value or not resting.value or not resting.fresh:
            return
        memory = self.memory
        if now - MOVES_WITHIN < at and minute not in memory.moves:
            memory.moves = sorted([*(move for move in memory.moves if now - MOVES_WITHIN < move), minute])
            if len(memory.moves) >= MOVES:
                memory.restless_until = now + CALM_AFTER

    def doubt(self, now: datetime) -> None:
        """What the bed says next may come of a power cut: an empty bed is an exit only once somebody lay in it."""
        self.memory.doubt_since = now

    def update(self, now: datetime) -> list[Fact]:
        """Look at the bed and at the clock; the facts that changed."""
        opens, rise = self._tonight(now)
        changed = list(self._close(rise, now))
        self.memory.rise = rise
        bed = self._bed.fact
        self._doubt(now)
        if bed.fresh and bed.value:
            self._lies(now)
        elif bed.fresh:
            self._is_up(now)
        changed += self._tell(now, opens)
        self._agenda.set(self.key, self._due(now, opens, rise))
        return changed

    # -- the clock

    def _tonight(self, now: datetime) -> tuple[datetime, datetime]:
        """When the night that is now or comes next begins to count, and its rise."""
        if self._night is None or not self._night[0] <= now < self._night[2]:
            today = now.astimezone(self._words.zone).date()
            nights = [night_of(self._profile, today + timedelta(days=step), self._words.zone) for step in range(-3, 3)]
            bedtime, rise = min((night for night in nights if night[1] > now), key=lambda night: night[1])
            self._night = now, bedtime - BEFORE_BEDTIME, rise
        return self._night[1:]

    def _due(self, now: datetime, opens: datetime, rise: datetime) -> datetime:
        """When something changes though nothing happens."""
        memory = self.memory
        dues = [opens, memory.restless_until]
        if memory.lies_since is not None:
            dues.append(max(memory.lies_since, opens) + SETTLED)
        if memory.left_at is not None:
            dues.append(memory.left_at + BACK_WITHIN)
        return min([rise, *(due for due in dues if due is not None and now < due)])

    def _close(self, rise: datetime, now: datetime) -> Iterator[Fact]:
        """The rise has passed: say what the night was, and forget it."""
        memory = self.memory
        if memory.rise is None or rise - memory.rise <= ANOTHER_NIGHT:
            return
        self._calm(min(now, memory.rise))
        yield from self._set(RESTLESS_LAST, memory.troubled if memory.rested else None, now)
        self.memory = NightMemory(lies_since=memory.lies_since, left_at=memory.left_at, doubt_since=memory.doubt_since)

    # -- the bed

    def _doubt(self, now: datetime) -> None:
        memory, sides = self.memory, self._bed.sides
        if not self._bed.fact.fresh or any(side.lost_at for side in sides):
            memory.doubt_since = now
        elif memory.doubt_since is not None and any(
            side.fresh and side.value and side.at is not None and side.at > memory.doubt_since for side in sides
        ):
            memory.doubt_since = None

    def _lies(self, now: datetime) -> None:
        memory = self.memory
        if memory.lies_since is None:
            memory.lies_since = self._bed.fact.at or now
        if memory.left_at is None:
            return
        if now - memory.left_at >= BACK_WITHIN:
            memory.exits, memory.moves = [], []  # that was the end of a night, and this is another one
        came_back = bool(memory.exits) and memory.exits[-1] == memory.left_at
        memory.left_at = None
        if came_back:
            recent = [each for each in memory.exits if now - OUTINGS_WITHIN < each]
            memory.restless_until = now + CALM_AFTER if len(recent) >= OUTINGS else memory.restless_until
            memory.troubled = memory.troubled or len(memory.exits) >= OUTINGS

    def _is_up(self, now: datetime) -> None:
        memory = self.memory
        memory.lies_since = None
        if memory.left_at is None:
            memory.left_at = now
            if memory.rested and memory.doubt_since is None:
                memory.exits.append(now)
        if memory.exits and memory.exits[-1] == memory.left_at and now - memory.left_at >= BACK_WITHIN:
            memory.exits.pop()  # who was not back within the hour had got up

    # -- what is so now

    def _tell(self, now: datetime, opens: datetime) -> Iterator[Fact]:
        memory, bed = self.memory, self._bed.fact
        resting = opens <= now and memory.lies_since is not None and now >= max(memory.lies_since, opens) + SETTLED
        memory.rested = memory.rested or (resting and bed.fresh)
        until = memory.restless_until
        if until is None or until <= now:
            memory.restless_until = until = None
        if until is None or not bed.fresh:
            self._calm(now)
        else:
            memory.restless_since = memory.restless_since or now
        up = memory.rested and memory.left_at is not None and memory.lies_since is None
        yield from self._set(RESTING, resting if bed.fresh else None, now)
        yield from self._set(UP, up if bed.fresh else None, now)
        yield from self._set(RESTLESS, until is not None if bed.fresh else None, now)
        if bed.fresh or self._facts[EXITS].at is not None:
            yield from self._set(EXITS, float(len(memory.exits)), now)

    def _calm(self, now: datetime) -> None:
        """It is not restless any more, or that cannot be told."""
        memory = self.memory
        if memory.restless_since is not None and now - memory.restless_since >= LASTING:
            memory.troubled = True
        memory.restless_since = None

    def _set(self, name: str, value: Value | None, now: datetime) -> Iterator[Fact]:
        """None: it cannot be told, or was never heard of."""
        fact = self._facts[name]
        before = fact.value, fact.quality
        if value is not None:
            fact.quality = Quality.FRESH
            if (value, Quality.FRESH) != before:
                fact.value, fact.at = value, now
        elif name == RESTLESS_LAST:
            fact.value, fact.at, fact.quality = None, None, Quality.MISSING
        elif fact.at is not None:
            fact.quality = Quality.STALE
        if (fact.value, fact.quality) != before:
            yield fact

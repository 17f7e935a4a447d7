"""The way to the bathroom: a floor lamp that comes on when the person gets up at night, and goes off after them.

Dark is where people with poor balance fall, and a lamp that flickers is worse than none. So it comes on at once with
the bed sensor's own word, stays on through a sensor that wavers or falls silent, and never comes on late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devices.control.device import Device
from devices.control.kind import State

ON_S, OFF_S = 1.0, 5.0
"""How long it takes to come on and to go off, where the lamp can fade."""
WARMEST = 2000.0
"""K. Amber."""
BACK_IN_BED = timedelta(minutes=5)
"""So long after the person is back in bed it goes off."""
LATE = timedelta(minutes=2)
"""Who got up longer ago than this is on the way, or back: a light that comes on now would startle."""
AT_LEAST = timedelta(minutes=5)
"""So long it stays on at least, also at the end of the night. With the above, two times that it comes on are as far
apart: a sensor that flutters never makes it flash."""
EARLY = timedelta(hours=2)
"""Before bedtime it comes on too for who has gone to bed already,"""
LAIN = timedelta(minutes=10)
"""which takes more than sitting down."""

Night = Callable[[datetime], tuple[bool, datetime]]
"""Whether it is between bedtime and the rise, and until when that is so."""


@dataclass(slots=True)
class PathMemory:
    """What is remembered of the way, for the snapshot."""

    in_since: datetime | None = None  # since when the bed itself says that somebody is in it
    lit_since: datetime | None = None
    ends: datetime | None = None  # then it goes off, whatever the bed says
    off_at: datetime | None = None  # the person is back in bed: then it goes off
    shone: list[str] = field(default_factory=list)  # the lamps that came on this time
    left: list[str] = field(default_factory=list)  # the lamps that were on already, or that a hand was on
    why: str = ""  # why it is lit, or is not any more


class NightPath:
    """The lamps that light the way at night from one bed."""

    def __init__(self, lamps: list[Device], brightness_pct: int, night: Night) -> None:
        self.devices = lamps
        self.memory = PathMemory()
        self._night = night
        self._shine: State = {
            "power": True,
            "brightness": float(brightness_pct),
            "kelvin": WARMEST,
            "transition": ON_S,
        }

    @property
    def lit(self) -> bool:
        """Whether the way is to be lit now."""
        return self.memory.lit_since is not None

    def steer(
        self,
        in_bed: bool | None,  # noqa: FBT001 (yes, no, or not known)
        left_at: datetime | None,
        causes: tuple[str, ...],
        now: datetime,
    ) -> datetime | None:
        """Set every lamp's aim; returns when to look again. ``in_bed``: what the sensor says itself, without delay."""
        self._hear(in_bed, left_at, now)
        memory = self.memory
        over = [end for end in (memory.off_at, memory.ends) if end is not None and now >= end]
        if self.lit and over:
            self.memory.why = "the bed is occupied again" if memory.off_at in over else "the night is over"
            memory.lit_since = memory.off_at = memory.ends = None
            memory.shone, memory.left = [], []
        for lamp in self.devices:
            self._steer_lamp(lamp, causes, now)
        return self._due(now)

    def _hear(self, in_bed: bool | None, left_at: datetime | None, now: datetime) -> None:  # noqa: FBT001
        memory = self.memory
        if in_bed:
            memory.in_since = memory.in_since or now
            if self.lit:
                memory.off_at = memory.off_at or now + BACK_IN_BED
        elif in_bed is None:
            # Not known starts nothing, also not once it is known again; but what is lit stays lit.
            memory.in_since = memory.in_since if self.lit else None
        elif memory.in_since is not None:
            lain, memory.in_since, memory.off_at = now - memory.in_since, None, None
            ends = self._until(lain, left_at, now)
            if not self.lit and ends is not None:
                self.memory.why = "the bed is empty at night"
                memory.lit_since = now
                memory.ends = max(ends, now + AT_LEAST)  # dark again after a minute would be worse than never lit
                memory.left = [lamp.spec.entity for lamp in self.devices if lamp.on]

    def _until(self, lain: timedelta, left_at: datetime | None, now: datetime) -> datetime | None:
        """The end of the night, if it is one and the person got up just now."""
        if left_at is None or now - left_at > LATE:
            return None
        night, until = self._night(now)
        if night:
            return until
        return None if until - now > EARLY or lain < LAIN else self._night(until)[1]

    def _steer_lamp(self, lamp: Device, causes: tuple[str, ...], now: datetime) -> None:
        memory, entity = self.memory, lamp.spec.entity
        if memory.lit_since is None:
            lamp.aim({"power": False, "transition": OFF_S} if lamp.memory.owned else None, self.memory.why, causes)
            return
        went_off = entity in memory.shone and not lamp.on
        if entity not in memory.left and (lamp.memory.holds or went_off):
            memory.left.append(entity)  # a person's hand, or their wall switch: it is theirs until the morning
            lamp.memory.owned = False
        if entity in memory.left:
            lamp.aim(None, self.memory.why)
        elif lamp.on:
            memory.shone = sorted({*memory.shone, entity})
            lamp.aim(self._shine, self.memory.why, causes)
        else:
            lamp.aim(self._shine if now - memory.lit_since < LATE else None, self.memory.why, causes)

    def _due(self, now: datetime) -> datetime | None:
        memory = self.memory
        if memory.lit_since is None:
            return None
        late = memory.lit_since + LATE
        return min(due for due in (memory.off_at, memory.ends, late) if due is not None and due > now)

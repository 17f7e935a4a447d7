"""What a summer came to for the person, the compressor and the meter."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass, field

from benchmarks.summer.room import STEP_S
from benchmarks.summer.sleeper import InBed
from benchmarks.summer.weather import HOUR_S

COLD_C = 18.0
SHORT_S = 180
STEP_MIN = STEP_S / 60
KWH = 3.6e6


@dataclass(slots=True, kw_only=True)
class Totals:
    """The figures of one summer, or of several added up."""

    nights: int = 0
    """Nights in which somebody slept here."""
    exposure: float = 0.0
    """Degree-minutes of felt temperature above the trigger, while in bed."""
    exposure_nights: float = 0.0
    exposure_first_hour: float = 0.0
    """Of the nights."""
    exposure_naps: float = 0.0
    cold_min: float = 0.0
    """Minutes in bed with air below 18.0 °C."""
    kwh: float = 0.0
    kwh_fan: float = 0.0
    starts: int = 0
    short: int = 0
    """On or off periods of the compressor under 3 minutes."""
    short_commands: int = 0
    """The same of what it was told."""
    empty_min: float = 0.0
    """Minutes that the compressor ran and nobody was in bed."""
    fan_changes: int = 0
    """While in bed, at night."""
    ac_changes: int = 0
    """Starts and stops of the compressor while in bed, at night."""
    worst_fall_k: float = 0.0
    """Within 60 minutes, while in bed and the air is below the trigger."""
    lines: int = 0
    cpu_s: float = 0.0

    def add(self, other: Totals) -> None:
        """Put another summer to this one."""
        mine, theirs = asdict(self), asdict(other)
        for name, value in theirs.items():
            setattr(self, name, max(mine[name], value) if name == "worst_fall_k" else mine[name] + value)


@dataclass(slots=True)
class _Periods:
    """Counts the starts of something, and its periods under 3 minutes."""

    on: bool = False
    since_s: int | None = None
    starts: int = 0
    short: int = 0

    def see(self, now_s: int, *, on: bool) -> bool:
        """Take note; whether it changed."""
        if on == self.on:
            return False
        self.starts += on
        self.short += self.since_s is not None and now_s - self.since_s < SHORT_S
        self.on, self.since_s = on, now_s
        return True


@dataclass(slots=True)
class Meter:
    """Watches a simulation step by step."""

    trigger_c: float
    totals: Totals = field(default_factory=Totals)
    by_night: dict[int, float] = field(default_factory=dict)
    """Degree-minutes by the time at which the person lay down."""
    _compressor: _Periods = field(default_factory=_Periods)
    _commands: _Periods = field(default_factory=_Periods)
    _percentage: int = 0
    _falling: deque[tuple[int, float]] = field(default_factory=deque)

    def see(
        self, now_s: int, in_bed: InBed | None, *, air_c: float, felt_c: float, power: float, commanded: bool, fan: int
    ) -> None:
        """One step: what the person lies in, and what the devices do."""
        totals = self.totals
        night = in_bed is not None and not in_bed.nap
        if self._compressor.see(now_s, on=power > 0):
            totals.ac_changes += night
        self._commands.see(now_s, on=commanded)
        if fan != self._percentage:
            totals.fan_changes += night
            self._percentage = fan
        if in_bed is None:
            totals.empty_min += STEP_MIN * (power > 0)
            self._falling.clear()
            return
        if felt_c > self.trigger_c:
            self._exposed(now_s, in_bed, (felt_c - self.trigger_c) * STEP_MIN)
        totals.cold_min += STEP_MIN * (air_c < COLD_C)
        self._fall(now_s, air_c)

    def _exposed(self, now_s: int, in_bed: InBed, degree_minutes: float) -> None:
        totals = self.totals
        totals.exposure += degree_minutes
        self.by_night[in_bed.session_s] = self.by_night.get(in_bed.session_s, 0.0) + degree_minutes
        if in_bed.nap:
            totals.exposure_naps += degree_minutes
            return
        totals.exposure_nights += degree_minutes
        if now_s - in_bed.session_s < HOUR_S:
            totals.exposure_first_hour += degree_minutes

    def _fall(self, now_s: int, air_c: float) -> None:
        """Keep the highest temperatures of the last hour in falling order: the first is the one to fall from."""
        falling = self._falling
        if air_c >= self.trigger_c:
            falling.clear()
            return
        while falling and falling[-1][1] <= air_c:
            falling.pop()
        falling.append((now_s, air_c))
        while falling[0][0] < now_s - HOUR_S:
            falling.popleft()
        self.totals.worst_fall_k = max(self.totals.worst_fall_k, falling[0][1] - air_c)

    def used(self, ac_w: float, fan_w: float) -> None:
        """Electricity of one step."""
        self.totals.kwh += (ac_w + fan_w) * STEP_S / KWH
        self.totals.kwh_fan += fan_w * STEP_S / KWH

    def finish(self) -> Totals:
        """The figures, with those of the compressor."""
        self.totals.starts = self._compressor.starts
        self.totals.short = self._compressor.short
        self.totals.short_commands = self._commands.short
        return self.totals

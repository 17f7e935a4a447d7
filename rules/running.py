"""A rule at work: on, off, or held for a while because a condition cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from devices.wants import Want
from rules.conditions import Condition, Truth, Verdict
from rules.words import span


class State(StrEnum):
    """What a rule is doing."""

    OFF = "off"
    WAITING = "waiting"  # the conditions hold, but not yet long enough
    ON = "on"
    HELD = "held"  # was on; a condition is unknown and the rule's limit for that has not passed


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its names resolved to facts and triggers."""

    id: str
    says: str
    when: Condition
    duration: timedelta
    wants: tuple[Want, ...]
    hold: timedelta
    rank: int  # the priority's place; higher wins
    of_the_night: bool = False  # it reads how the person sleeps: its name may tell that, so it stays in the house


class RunningRule:
    """One rule's memory and its last verdict."""

    def __init__(self, rule: CompiledRule) -> None:
        self.rule = rule
        self.state = State.OFF
        self.since: datetime | None = None  # when this state began
        self._holding_since: datetime | None = None  # when the conditions began to hold without a break
        self._unknown_since: datetime | None = None
        self.truth = Truth.NO  # the last answer
        self._verdict: Verdict | None = None  # the last answer, for as long as the facts are what they were
        self.cause = ""  # the id of the event that led to this state; empty when it was time alone

    @property
    def wanting(self) -> bool:
        """Whether its wants count now."""
        return self.state in (State.ON, State.HELD)

    def evaluate(self, now: datetime, event: str = "") -> datetime | None:
        """Look at the conditions again; returns when to look next, if only time passes. ``event`` led to it."""
        before = self.state
        due = self._evaluate(now)
        # What began it is the cause, not the moment at which it had lasted long enough.
        if self.state is not before and (before, self.state) != (State.WAITING, State.ON):
            self.cause = event
        return due

    def _evaluate(self, now: datetime) -> datetime | None:
        verdict = self._verdict = self.rule.when.evaluate(now)
        self.truth, due = verdict.truth, verdict.until
        if verdict.truth is Truth.YES:
            self._unknown_since = None
            self._holding_since = self._holding_since or now
            ready = self._holding_since + self.rule.duration
            if now >= ready or self.wanting:
                self._become(State.ON, now)
            else:
                self._become(State.WAITING, now)
                due = min(ready, due) if due else ready
            return due
        self._holding_since = None
        if verdict.truth is Truth.UNKNOWN and self.wanting:
            self._unknown_since = self._unknown_since or now
            ends = self._unknown_since + self.rule.hold
            if now < ends:
                self._become(State.HELD, now)
                return min(ends, due) if due else ends
        self._unknown_since = None
        self._become(State.OFF, now)
        return due

    def _become(self, state: State, now: datetime) -> None:
        if state is not self.state:
            self.state, self.since = state, now

    def verdict(self, now: datetime) -> Verdict:
        """The answer of its conditions, from the facts as they are now: reasons are derived, not kept."""
        return self._verdict or self.rule.when.evaluate(now)

    def forget(self) -> None:
        """The facts may be others from now on."""
        self._verdict = None

    def explain(self, verdict: Verdict) -> str:
        """Why it is on or off."""
        if self.state is State.ON:
            lead = "on"
        elif self.state is State.WAITING:
            lead = f"it must last {span(self.rule.duration)}"
        elif self.state is State.HELD:
            lead = f"kept on for at most {span(self.rule.hold)}, because it cannot be told now"
        else:
            lead = "off, because it cannot be told" if verdict.truth is Truth.UNKNOWN else "off"
        return f"{lead}: {verdict.because}"

    def dump(self) -> list[str | None]:
        """The memory, for the snapshot."""
        times = (self.since, self._holding_since, self._unknown_since)
        return [self.state.value, self.truth.value, self.cause, *(at.isoformat() if at else None for at in times)]

    def load(self, dumped: list[str | None]) -> None:
        """The memory as ``dump`` gave it."""
        state, truth, cause, *times = dumped
        self.state, self.truth, self.cause = State(str(state)), Truth(str(truth)), cause or ""
        self.since, self._holding_since, self._unknown_since = (
            datetime.fromisoformat(at) if at else None for at in times
        )

"""Conditions: small frozen values that answer yes, no, or unknown with a reason. Here: how answers join."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Protocol

from rules.triggers import Seen


class Truth(Enum):
    """Three-valued: what cannot be told is neither yes nor no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer with the facts behind it. ``until``: when it may change though nothing happens."""

    truth: Truth
    because: str
    seen: tuple[Seen, ...] = ()
    until: datetime | None = None
    discreet: str | None = None  # what may be said outside, where ``because`` names what only the person can tell

    @property
    def outside(self) -> str:
        """The reason, fit to leave the house."""
        return self.because if self.discreet is None else self.discreet


class Condition(Protocol):
    """What every condition can do."""

    def evaluate(self, now: datetime) -> Verdict:
        """The answer at ``now``."""

    def summarize(self) -> str:
        """What it asks, for the person."""

    def watches(self) -> tuple[str, ...]:
        """Names of the facts and keys of the triggers ("trigger:heat@bedroom") that can change the answer."""


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds. One no is a no, whatever is unknown."""

    parts: tuple[Condition, ...]

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        return _combine([part.evaluate(now) for part in self.parts], decisive=Truth.NO, otherwise=Truth.YES)

    def summarize(self) -> str:
        """See ``Condition``."""
        return "(" + " and ".join(part.summarize() for part in self.parts) + ")"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return tuple(name for part in self.parts for name in part.watches())


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds. One yes is a yes, whatever is unknown."""

    parts: tuple[Condition, ...]

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        return _combine([part.evaluate(now) for part in self.parts], decisive=Truth.YES, otherwise=Truth.NO)

    def summarize(self) -> str:
        """See ``Condition``."""
        return "(" + " or ".join(part.summarize() for part in self.parts) + ")"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return tuple(name for part in self.parts for name in part.watches())


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; what cannot be told stays unknown."""

    part: Condition

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        verdict = self.part.evaluate(now)
        truth = {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(verdict.truth, Truth.UNKNOWN)
        return replace(verdict, truth=truth)

    def summarize(self) -> str:
        """See ``Condition``."""
        return "not: " + self.part.summarize()

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return self.part.watches()


def _combine(verdicts: list[Verdict], *, decisive: Truth, otherwise: Truth) -> Verdict:
    until = min((verdict.until for verdict in verdicts if verdict.until), default=None)
    for truth in (decisive, Truth.UNKNOWN):
        telling = [verdict for verdict in verdicts if verdict.truth is truth]
        if telling:
            return _joined(truth, telling, until)
    return _joined(otherwise, verdicts, until)


def _joined(truth: Truth, telling: list[Verdict], until: datetime | None) -> Verdict:
    seen = tuple(dict.fromkeys(seen for verdict in telling for seen in verdict.seen))
    discreet = None
    if any(verdict.discreet is not None for verdict in telling):
        discreet = _sentence(telling, lambda verdict: verdict.outside)
    return Verdict(truth, _sentence(telling, lambda verdict: verdict.because), seen, until, discreet)


def _sentence(verdicts: list[Verdict], said: Callable[[Verdict], str]) -> str:
    return "; ".join(dict.fromkeys(said(verdict) for verdict in verdicts))

"""The record of a step: what was seen, which rules held, blocked or did not know, who won, what was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from devices.actions import Action
from devices.readings import Rejection
from rules.triggers import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One thing that was decided, also when it was to do nothing. ``about``: "cooling bedroom", "rule x" ..."""

    at: datetime
    event: str  # the id of the event that led to it, or TIME
    about: str
    text: str
    seen: tuple[Seen, ...] = ()
    winner: str = ""  # the rule that won the device
    losers: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """A plain document, for the store and for scripts."""
        return {
            "at": self.at.isoformat(),
            "event": self.event,
            "about": self.about,
            "text": self.text,
            "seen": [{"fact": seen.fact, "value": seen.value, "bound": seen.bound} for seen in self.seen],
            "winner": self.winner,
            "losers": list(self.losers),
            "actions": list(self.actions),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a step brought. ``wake_at``: when the engine next needs a ``TimePassed``, whatever happens."""

    actions: tuple[Action, ...] = ()
    decisions: tuple[Decision, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    wake_at: datetime | None = None


TIME = "time"
"""Stands for an event's id where a decision came about by the passing of time alone."""


@dataclass(slots=True)
class Draft:
    """An outcome in the making. ``event``: the id of what is being taken in."""

    event: str
    actions: list[Action] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)

    @property
    def causes(self) -> tuple[str, ...]:
        """The event, as the cause of what follows from it."""
        return (self.event,) if self.event not in ("", TIME) else ()

    def note(  # noqa: PLR0913
        self,
        at: datetime,
        about: str,
        text: str,
        seen: tuple[Seen, ...] = (),
        winner: str = "",
        losers: tuple[str, ...] = (),
        actions: tuple[str, ...] = (),
    ) -> None:
        """Record a decision."""
        self.decisions.append(
            Decision(
                at=at,
                event=self.event,
                about=about,
                text=text,
                seen=seen,
                winner=winner,
                losers=losers,
                actions=actions,
            )
        )

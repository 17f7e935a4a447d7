"""The personal triggers: idle, building or active, since when, on what evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from rules.facts import Fact
from rules.words import Words


class Level(IntEnum):
    """How far a trigger has come."""

    IDLE = 0
    BUILDING = 1
    ACTIVE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One fact as a decision saw it, with the bound that it was compared with."""

    fact: str
    value: str
    bound: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a trigger stands. ``unknown`` says why it cannot be told, else it is None."""

    level: Level = Level.IDLE
    since: datetime | None = None
    unknown: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why something is so: a sentence, and the facts with their bounds."""

    text: str
    seen: tuple[Seen, ...] = ()


class Trigger(Protocol):
    """What the engine asks of every trigger."""

    key: str
    standing: Standing
    private: bool
    """Told by the person: its name stays out of what leaves the house, where the profile is discreet."""

    @property
    def minds_cooling(self) -> bool:
        """Whether it may stand elsewhere once we begin or end to cool the room."""

    def evaluate(self, now: datetime) -> datetime | None:
        """Look at the facts; ``standing`` is right afterwards. Returns when to look again, if only time passes."""

    def calm(self, value: float) -> bool:
        """Whether a fresh reading of ``value`` cannot change where this trigger stands."""

    def explain(self) -> Evidence:
        """Why it stands where it stands, with the facts as they are now."""

    def dump(self) -> list[object]:
        """The memory, for the snapshot."""

    def load(self, dumped: list[object]) -> None:
        """The memory as ``dump`` gave it."""


def silent(fact: Fact, what: str, words: Words) -> str:
    """Why a fact that is not fresh does not count."""
    if fact.at is None:
        return f"{what} has not been heard yet"
    return f"{what} has been silent since {words.clock(fact.at)}"


def dump_standing(standing: Standing, beyond_since: datetime | None = None) -> list[object]:
    """Plain values, for the snapshot."""
    return [
        standing.level.value,
        standing.since.isoformat() if standing.since else None,
        standing.unknown,
        beyond_since.isoformat() if beyond_since else None,
    ]


def load_standing(dumped: list[object]) -> tuple[Standing, datetime | None]:
    """What ``dump_standing`` gave."""
    level, since, unknown, beyond = dumped
    standing = Standing(
        level=Level(int(str(level))),
        since=datetime.fromisoformat(str(since)) if since else None,
        unknown=str(unknown) if unknown else None,
    )
    return standing, datetime.fromisoformat(str(beyond)) if beyond else None

"""Triggers that only the person can tell of."""

from __future__ import annotations

from datetime import datetime

from config.profile import ReportedTrigger
from rules.facts import Fact
from rules.triggers import Evidence, Level, Seen, Standing, dump_standing, load_standing
from rules.words import Words


class Reported:
    """A trigger that only the person can tell of. Silence is "not reported", never "all is well"."""

    private = True
    minds_cooling = False

    def __init__(self, key: str, settings: ReportedTrigger, words: Words, fact: Fact) -> None:
        self.key = key
        self.name = settings.says or key.replace("_", " ")
        self._settings, self._words, self._fact = settings, words, fact
        self.standing = Standing()

    def calm(self, value: float) -> bool:
        """Never: a report is always looked at."""
        del value
        return False

    def evaluate(self, now: datetime) -> datetime | None:
        """Look at the facts; see ``Trigger.evaluate``."""
        fact, ends = self._fact, None
        if fact.at is None:
            return None
        yes = self._counts(fact)
        if yes and self._settings.lasts is not None:
            ends = fact.at + self._settings.lasts
            yes = now < ends
        level = Level.ACTIVE if yes else Level.IDLE
        if level != self.standing.level:
            self.standing = Standing(level=level, since=fact.at if yes else now)
        return ends if yes else None

    def explain(self) -> Evidence:
        """See ``Trigger.explain``."""
        fact = self._fact
        if fact.at is None:
            return Evidence(text=f"you have not reported {self.name}")
        if fact.value is False:
            return Evidence(
                text=f"you said at {self._words.clock(fact.at)} that {self.name} is over",
                seen=(Seen(fact=fact.name, value="no"),),
            )
        rating = "" if isinstance(fact.value, bool) else f" ({fact.number:g} of 10)"
        told = f"you reported {self.name}{rating} at {self._words.clock(fact.at)}"
        counts = "" if self.standing.level is Level.ACTIVE else ", and it does not count now"
        return Evidence(
            text=told + counts, seen=(Seen(fact=fact.name, value="yes" if fact.value is True else f"{fact.number:g}"),)
        )

    def _counts(self, fact: Fact) -> bool:
        if isinstance(fact.value, bool):
            return fact.value
        if self._settings.at_most is not None:
            return fact.number <= self._settings.at_most
        return fact.number >= (self._settings.at_least if self._settings.at_least is not None else 1.0)

    def dump(self) -> list[object]:
        """The memory, for the snapshot."""
        return dump_standing(self.standing)

    def load(self, dumped: list[object]) -> None:
        """The memory as ``dump`` gave it."""
        self.standing, _ = load_standing(dumped)

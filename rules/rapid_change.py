"""A room that warms up or cools down fast."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from config.profile import RapidChangeTrigger
from rules.facts import Fact
from rules.triggers import Evidence, Level, Seen, Standing, dump_standing, load_standing, silent
from rules.words import Words, span


class RapidChange:
    """The room's temperature moved far within a span, up or down."""

    private = False
    minds_cooling = False

    def __init__(self, key: str, settings: RapidChangeTrigger, room_name: str, words: Words, temperature: Fact) -> None:
        self.key = key
        self._settings, self._room, self._words, self._temperature = settings, room_name, words, temperature
        self._seen: deque[tuple[datetime, float]] = deque()
        self.standing = Standing(unknown="no reading yet")

    def calm(self, value: float) -> bool:
        """Never: every reading belongs to the history."""
        del value
        return False

    def evaluate(self, now: datetime) -> datetime | None:
        """Look at the facts; see ``Trigger.evaluate``."""
        fact, settings = self._temperature, self._settings
        if not fact.fresh or fact.at is None:
            why = silent(fact, f"the thermometer of the {self._room}", self._words)
            self.standing = Standing(level=self.standing.level, since=self.standing.since, unknown=why)
            return None
        self._remember(fact.at, fact.number)
        self._forget(now - settings.within)
        low, high = self._range()
        level = Level.ACTIVE if high - low >= settings.by else Level.IDLE
        if level != self.standing.level or self.standing.unknown:
            self.standing = Standing(level=level, since=now)
        return self._seen[0][0] + settings.within if level is Level.ACTIVE else None

    def explain(self) -> Evidence:
        """See ``Trigger.explain``."""
        if self.standing.unknown or not self._seen:
            return Evidence(text=self.standing.unknown or "no reading yet")
        words, within = self._words, span(self._settings.within)
        low, high = self._range()
        bound = f"{words.step(self._settings.by)} within {within}"
        moved = (
            f"the {self._room} was between {words.temperature(low)} and {words.temperature(high)} in the last {within}"
        )
        seen = Seen(fact=self._temperature.name, value=words.step(high - low), bound=bound)
        return Evidence(text=f"{moved}; your limit is {bound}", seen=(seen,))

    def _range(self) -> tuple[float, float]:
        values = [value for _, value in self._seen]
        return min(values), max(values)

    def _remember(self, at: datetime, value: float) -> None:
        # One entry a minute, the later value of the minute: enough for a change over many minutes, and bounded.
        if len(self._seen) > 1 and at - self._seen[-2][0] < timedelta(minutes=1):
            self._seen.pop()
        if not self._seen or at > self._seen[-1][0]:
            self._seen.append((at, value))

    def _forget(self, before: datetime) -> None:
        while len(self._seen) > 1 and self._seen[0][0] <= before:
            self._seen.popleft()

    def dump(self) -> list[object]:
        """The memory, for the snapshot."""
        return [*dump_standing(self.standing), [[at.isoformat(), value] for at, value in self._seen]]

    def load(self, dumped: list[object]) -> None:
        """The memory as ``dump`` gave it."""
        *standing, history = dumped
        self.standing, _ = load_standing(standing)
        if isinstance(history, list):
            self._seen = deque((datetime.fromisoformat(at), float(value)) for at, value in history)

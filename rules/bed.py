"""Whether the person is in bed: an estimate from the sides of a bed, with a delay for getting up (R22)."""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.agenda import Agenda
from rules.facts import Fact, Quality


class BedEstimate:
    """The sensors of one bed as one fact. An empty bed counts only after the exit delay; unknown stays unknown."""

    def __init__(  # noqa: PLR0913
        self, room: str, prefix: str, fact: Fact, sides: list[Fact], exit_delay: timedelta, agenda: Agenda
    ) -> None:
        """``sides``: those of the person. ``prefix``: how the facts of the bed begin."""
        self.room, self.prefix = room, prefix
        self.key = f"bed:{room}"
        self.fact = fact
        self.sides = sides
        self._exit_delay, self._agenda = exit_delay, agenda
        self._empty_since: datetime | None = None

    def update(self, now: datetime) -> bool:
        """Look at the sides; True when the fact changed."""
        occupied = self._occupied()
        if occupied is False and self.fact.fresh and self.fact.value:
            self._empty_since = self._empty_since or now
            due = self._empty_since + self._exit_delay
            if now < due:
                self._agenda.set(self.key, due)
                return False
        self._empty_since = None
        self._agenda.set(self.key, None)
        return self._set(occupied, now)

    @property
    def raw(self) -> bool | None:
        """What the sensors say themselves, without the exit delay."""
        return self._occupied()

    @property
    def turned_at(self) -> datetime | None:
        """When the last of the sensors turned over."""
        return max((side.moved_at for side in self.sides if side.moved_at is not None), default=None)

    def _occupied(self) -> bool | None:
        known = [bool(side.value) for side in self.sides if side.fresh]
        if any(known):
            return True
        return False if len(known) == len(self.sides) else None

    def _set(self, occupied: bool | None, now: datetime) -> bool:  # noqa: FBT001
        fact = self.fact
        if occupied is None:
            changed = fact.quality is Quality.FRESH
            fact.quality = Quality.STALE if fact.at is not None else Quality.MISSING
            return changed
        changed = not fact.fresh or fact.value is not occupied
        if changed:
            fact.value, fact.at, fact.quality = occupied, now, Quality.FRESH
        return changed

    def dump(self) -> str | None:
        """The memory, for the snapshot."""
        return self._empty_since.isoformat() if self._empty_since else None

    def load(self, dumped: str | None) -> None:
        """The memory as ``dump`` gave it."""
        self._empty_since = datetime.fromisoformat(dumped) if dumped else None

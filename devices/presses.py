"""What a press of a button means, and which presses count: an old one is none, and a trembling hand presses once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.presses import PAUSE_AREAS
from devices.events import Event, JournalPressed, PauseChanged, PromptAnswered, RoutineDue, RoutineSteered, SelfReported
from devices.own_topics import WHILE_AWAY
from devices.pauses import Until, pause_until
from devices.readings import Decoded, Kind, Reason, Rejection

TREMOR = timedelta(milliseconds=700)
"""The same press within this time is meant once."""
FRESH = timedelta(seconds=60)
"""A press that is older by its own word is not one any more: Home Assistant tells of it again at every start."""


@dataclass(slots=True)
class Presses:
    """One button of a person. Its memory is of this run alone: what is older than a minute is no press anyway."""

    person: str
    source: str
    meanings: Mapping[str, str]
    is_entity: bool = False
    """Of Home Assistant, which tells a state again and again: only a change is a press."""
    _last: dict[str, datetime] = field(default_factory=dict)
    _moment: float | None = None
    _state: str | None = None

    def changed(self, decoded: Decoded, at: datetime) -> bool:
        """Whether the state of an entity is a press that was not told before. Every state must come here."""
        said = {reading.kind: reading.value for reading in decoded.readings}
        moment = said.get(Kind.LAST_SEEN)
        if isinstance(moment, float):
            known, self._moment = self._moment, moment
            return moment != known and abs(at.timestamp() - moment) <= FRESH.total_seconds()
        before = self._state
        self._state = None if decoded.rejections else str(said.get(Kind.ACTION, ""))
        return before is not None and self._state != before

    def press(
        self, press: str, at: datetime, event_id: str, until: Until | None, *, late: bool
    ) -> Event | Rejection | None:
        """What the press asks for; None where it means nothing, or is the same one again."""
        word = press.lower()
        meaning = self.meanings.get(word)
        if meaning is None:
            return None
        last = self._last.get(word)
        self._last[word] = at
        if last is not None and timedelta(0) <= at - last < TREMOR:
            return None
        asked = self._asks(meaning.split(), at, event_id, until)
        if late and not isinstance(asked, (SelfReported, JournalPressed)):
            return Rejection(reason=Reason.RETAINED_EVENT, detail=WHILE_AWAY)
        return asked

    def _asks(self, words: list[str], at: datetime, event_id: str, until: Until | None) -> Event | Rejection:
        match words:
            case ["routine", name]:
                return RoutineDue(at=at, source=self.source, id=event_id, person=self.person, routine=name)
            case ["routine", name, command]:
                return RoutineSteered(
                    at=at, source=self.source, id=event_id, person=self.person, routine=name, command=command
                )
            case ["report", name]:
                return SelfReported(
                    at=at, source=self.source, id=event_id, person=self.person, trigger=name, value=True
                )
            case ["log", _] | ["undo"]:
                return JournalPressed(at=at, source=self.source, id=event_id, person=self.person, asked=" ".join(words))
            case [("pause" | "resume") as verb, *areas]:
                return self._pause(verb, areas[0] if areas else "", at, event_id, until)
            case _:
                return PromptAnswered(at=at, source=self.source, id=event_id, person=self.person, answer=words[0])

    def _pause(
        self, verb: str, area: str, at: datetime, event_id: str, until: Until | None
    ) -> PauseChanged | Rejection:
        assert area in ("", *PAUSE_AREAS)  # noqa: S101 (home.yaml was checked)
        end = pause_until(verb, at, until)
        if isinstance(end, Rejection):
            return end
        return PauseChanged(at=at, source=self.source, id=event_id, person=self.person, area=area, until=end)

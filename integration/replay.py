"""Replay: recorded lines in, the actions that ``run`` would have taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from devices.actions import Action
from devices.events import Event, PeerChanged, RoutineDue
from devices.readings import Message
from integration.assumed import AssumedHome
from integration.household import Household, Stepped
from integration.journaling import attach_journal
from integration.recording import Line, RecordedState
from integration.sentences import load_ear
from integration.store.journal_memory import MemoryJournal
from rules.decisions import Decision
from rules.timetable import due_between

BEHIND = timedelta(hours=24)
"""How far back the scheduler of ``run`` looks at a start."""


class Replay:
    """Feeds a household line by line. Until a state is seen, every action is taken to be done at once.

    What a device says over MQTT is a state too, of this device alone. One that never speaks always obeys.
    """

    def __init__(self, household: Household) -> None:
        self.household = household
        if household.scribe is None:  # what somebody said is taken in as ``run`` would, and kept nowhere
            attach_journal(household, load_ear, MemoryJournal().open())
        self._home = AssumedHome()
        self.assumed: AssumedHome | None = self._home
        self.decisions: list[Decision] = []
        self._heard: set[str] = set()  # the devices that spoke over MQTT
        self._mute = {entity for entity, each in household.direct.items() if not each.says_its_state}
        self._now: datetime | None = None
        self._lines = 0

    def feed(self, line: Line) -> list[Action]:
        """Live up to the line's time, take it in, and return every action on the way, in order."""
        self._lines += 1
        actions: list[Action] = []
        if self._now is None:
            self._begin(line, actions)
        now = max(line.at, self._now or line.at)
        self._live_until(now, actions)
        if isinstance(line.what, RecordedState):
            self._see(line.what, line.at, actions)
        elif line.what is not None:
            self._listen_to(line.what, now, actions)
            stepped, _ = self.household.message(line.what, line.at, self._id())
            self._collect(stepped, actions)
        else:
            self._collect(self.household.pass_time(now, self._id()), actions)
        return actions

    def take(self, person: str, event: Event) -> list[Action]:
        """As ``feed``, for an event that came with no message: what never was recorded can be played too."""
        self._lines += 1
        actions: list[Action] = []
        if self._now is None:
            self._begin(Line(event.at, None), actions)
        self._live_until(max(event.at, self._now or event.at), actions)
        self._collect([self.household.event(person, event)], actions)
        return actions

    def _id(self) -> str:
        return f"line-{self._lines}"

    def _begin(self, line: Line, actions: list[Action]) -> None:
        self._now = line.at
        states_follow = isinstance(line.what, RecordedState)
        for entity in self._mute if states_follow else self.household.devices:
            self._report(entity, line.at, actions)
        self._collect(self.household.peer("home_assistant", line.at, self._id(), up=True), actions)
        # As at a start of ``run``: a routine that should have begun by now still does what it can.
        for _, person, routine, day in self._routines(line.at - BEHIND, line.at):
            if self.household.configuration.profiles[person].all_routines()[routine].steps:
                self._collect([self._routine_due(line.at, person, routine, day)], actions)

    def _routine_due(self, at: datetime, person: str, routine: str, day: date) -> Stepped:
        event = RoutineDue(
            at=at, source="clock", id=f"{routine}-{day}", person=person, routine=routine, day=day.isoformat()
        )
        return self.household.event(person, event)

    def _live_until(self, now: datetime, actions: list[Action]) -> None:
        """Routines and due moments between the last line and this one, each at its own time."""
        before = self._now or now
        for due, person, routine, day in self._routines(before, now):
            self._pass(due, actions)
            self._collect([self._routine_due(due, person, routine, day)], actions)
        self._pass(now, actions)
        self._now = now

    def _pass(self, until: datetime, actions: list[Action]) -> None:
        # One moment at a time: what an action changes at once must be known before the next moment.
        while (due := self.household.wake_at) is not None and due <= until:
            self._collect(self.household.pass_time(due, self._id()), actions)

    def _routines(self, after: datetime, until: datetime) -> Iterator[tuple[datetime, str, str, date]]:
        if until - after <= timedelta(0):
            return
        found = [
            (due, person, name, day)
            for person, profile in self.household.configuration.profiles.items()
            for due, name, day in due_between(profile, after, until)
        ]
        yield from sorted(found)

    def _see(self, state: RecordedState, at: datetime, actions: list[Action]) -> None:
        if self.assumed is not None:
            self.assumed = None
            # What was assumed is not evidence: the first real report must not look like a person's hand.
            for person, engine in self.household.engines.items():
                if engine.peer_up:
                    for up in (False, True):
                        event = PeerChanged(at=at, source="replay", id=self._id(), peer="home_assistant", up=up)
                        self._collect([self.household.event(person, event)], actions)
            self._doubt(self.household.direct.keys() - self._heard - self._mute, at, actions)
        stepped, _ = self.household.state(
            state.entity, state.state, state.attributes, at, self._id(), by_person=state.by_person
        )
        self._collect(stepped, actions)

    def _listen_to(self, message: Message, now: datetime, actions: list[Action]) -> None:
        """From its first word on, a device is what it says: what was assumed of it must not make that a hand."""
        new = self.household.speakers(message.topic) - self._heard
        if not new or self.assumed is None:
            return
        self._heard |= new
        self._doubt(new, now, actions)

    def _doubt(self, entities: Iterable[str], now: datetime, actions: list[Action]) -> None:
        for entity in sorted(entities):
            stepped, _ = self.household.state(entity, "unknown", {}, now, self._id())
            self._collect(stepped, actions)

    def _report(self, entity: str, at: datetime, actions: list[Action]) -> None:
        if not self._is_assumed(entity):
            return
        state, attributes = self._home.state(entity)
        stepped, _ = self.household.state(entity, state, attributes, at, self._id())
        self._collect(stepped, actions)

    def _collect(self, stepped: list[Stepped], actions: list[Action]) -> None:
        for step in stepped:
            self.decisions += step.outcome.decisions
            for action in step.outcome.actions:
                actions.append(action)
                if self._is_assumed(action.entity) and (changed := self._home.carry_out(action)) is not None:
                    self._report(changed, action.at, actions)

    def _is_assumed(self, entity: str | None) -> bool:
        return entity in self._mute or (self.assumed is not None and entity not in self._heard)


def action_line(action: Action) -> dict[str, Any]:
    """An action as one output line."""
    return {
        "time": action.at.isoformat(),
        "service": action.service,
        "target": {"entity_id": action.entity} if action.entity else {},
        "data": action.data,
        "reason": action.reason,
    }

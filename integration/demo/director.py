"""Plays the evening: moves the time to the next thing that happens, lets it happen, waits until all is quiet.

Everything passes the same edges as in a real home: MQTT through a broker, Home Assistant through its API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush

from devices.actions import Action
from integration.demo.home import PERSON, Command
from integration.demo.scene import Scene
from integration.demo.stage import Stage, stage
from integration.demo.story import BROKEN_READING_C, MINUTE, TRIGGER_C, Reading
from integration.demo.telling import Told, Topic, tell_action, tell_decision, tell_refused
from integration.inbox import RoutineSeen
from integration.scheduler import BEHIND
from rules.timetable import due_between

Pace = Callable[[datetime], None]
"""Called before the time moves on: returns when the audience has come so far."""
Happening = Callable[[], None]


class Director:
    """One evening on one stage."""

    def __init__(self, scene: Scene, stage: Stage, pace: Pace = lambda _: None) -> None:
        self._scene, self._stage, self._pace = scene, stage, pace
        self._agenda: list[tuple[datetime, int, Happening]] = []
        self._count = 0
        self._offers_answered = 0
        self._lived_until = scene.evening.start
        self._refused = 0

    def play(self) -> None:
        """Until the evening is over. Raises DemoStuckError."""
        evening = self._scene.evening
        self._write_agenda()
        self._collect()
        while (due := self._next()) <= evening.end:
            self._pace(due)
            self._move_to(due)
            while self._agenda and self._agenda[0][0] <= due:
                _, _, happen = heappop(self._agenda)
                happen()
                self._settle()
            self._settle()
        self._pace(evening.end)
        self._scene.over = True

    def _write_agenda(self) -> None:
        evening = self._scene.evening
        self._at(
            evening.broken_reading, lambda: self._publish(lambda: self._stage.bridge.tell_climate(BROKEN_READING_C))
        )
        self._at(evening.to_bed, self._go_to_bed)
        self._at(evening.fan_off, self._switch_fan_off)
        crossed = next((each for each in self._scene.without if each.in_bed and each.celsius >= TRIGGER_C), None)
        if crossed is not None:
            text = f"Without Unclench the bedroom would now be {crossed.celsius:g} °C: at the limit."
            self._at(crossed.at, partial(self._tell, Topic.ROOM, text))
        profile = self._stage.app.configuration.profiles[PERSON]
        for due, routine, day in due_between(profile, evening.start - BEHIND, evening.end):
            at = max(due, evening.start)  # as at every start: what began before still does what it can
            self._at(at, partial(self._stage.app.inbox.put, RoutineSeen(PERSON, routine, day, due, at)))
        at = evening.start
        while at <= evening.end:
            self._at(at, self._measure)
            at += MINUTE

    def _at(self, at: datetime, happen: Happening) -> None:
        self._count += 1
        heappush(self._agenda, (at, self._count, happen))

    def _next(self) -> datetime:
        due = self._agenda[0][0] if self._agenda else self._scene.evening.end + MINUTE
        wake_at = self._stage.app.service.household.wake_at
        if wake_at is None:
            return due
        return min(due, max(wake_at, self._scene.now + timedelta(seconds=1)))

    def _move_to(self, at: datetime) -> None:
        scene = self._scene
        scene.room.step(at - self._lived_until)
        self._lived_until = scene.now = at
        self._stage.clock.move_to(at)

    # -- what happens

    def _measure(self) -> None:
        scene = self._scene
        self._stage.devices.report_slow_changes(scene.now)
        self._settle()  # it comes another way than the reading: which is first must not depend on threads
        celsius = scene.room.measure()
        scene.readings.append(Reading(at=scene.now, celsius=celsius, in_bed=scene.room.in_bed))
        self._publish(lambda: self._stage.bridge.tell_climate(celsius))

    def _go_to_bed(self) -> None:
        scene = self._scene
        scene.room.in_bed, scene.bed_since = True, scene.now
        self._tell(Topic.PERSON, "Robin is in bed.")
        self._publish(lambda: self._stage.bridge.tell_bed(occupied=True))

    def _switch_fan_off(self) -> None:
        if self._scene.room.fan_percent:
            self._tell(Topic.PERSON, "Robin switches the fan off: too much of a draught.")
            self._stage.devices.switch_fan_off_by_hand()

    def _answer(self, answer: str) -> None:
        self._publish(lambda: self._stage.bridge.answer(answer))

    def _publish(self, publish: Happening) -> None:
        self._stage.quiet.published += 1
        publish()

    def _carry_out(self, command: Command) -> None:
        devices, scene = self._stage.devices, self._scene
        more = devices.carry_out(command, scene.now)
        if more is not None:
            self._at(more, lambda: devices.report_slow_changes(scene.now))

    # -- what came of it

    def _settle(self) -> None:
        """Wait until all is quiet, then take in what was decided, and let the devices do what they were told."""
        stage, scene = self._stage, self._scene
        stage.quiet.wait()
        self._collect()
        while stage.devices.told:
            command = stage.devices.told.popleft()
            self._at(scene.now + command.takes, partial(self._carry_out, command))

    def _collect(self) -> None:
        """Take over what the engine's thread has left; it is idle now."""
        stage, scene = self._stage, self._scene
        stepped, stage.seen[:] = list(stage.seen), []
        for outcome in (step.outcome for step in stepped):
            scene.actions += outcome.actions
            scene.decisions += outcome.decisions
            lines = [*map(tell_decision, outcome.decisions), *map(tell_action, outcome.actions)]
            scene.told += [line for line in lines if line is not None]
            self._answer_offers(outcome.actions)
        self._look_at_refusals()
        devices = stage.app.service.household.engines[PERSON].world.devices
        scene.holds = {entity: max(each.memory.holds.values()) for entity, each in devices.items() if each.memory.holds}

    def _answer_offers(self, actions: tuple[Action, ...]) -> None:
        """Robin is busy at the first offer, and comes back to it at the second."""
        for action in actions:
            if action.once:
                answer = "done" if self._offers_answered else "later"
                self._offers_answered += 1
                at = self._scene.now + self._scene.evening.answer_after
                self._at(at, partial(self._answer, answer))

    def _look_at_refusals(self) -> None:
        refused = self._stage.app.service.household.intake.rejected
        if refused.total() > self._refused:
            self._refused = refused.total()
            self._scene.told.append(tell_refused(self._scene.now, BROKEN_READING_C))

    def _tell(self, topic: Topic, text: str) -> None:
        self._scene.told.append(Told(self._scene.now, topic, text))


@contextmanager
def playing(scene: Scene, pace: Pace = lambda _: None) -> Iterator[Director]:
    """A director with a running stage."""
    with stage(scene) as set_up:
        yield Director(scene, set_up, pace)


def play_without_us(scene: Scene, pace: Pace = lambda _: None) -> None:
    """The same evening with nobody to cool it: nothing is started, nothing is decided."""
    for reading in scene.without:
        pace(reading.at)
        scene.now = reading.at
        if reading.in_bed and scene.bed_since is None:
            scene.bed_since = scene.evening.to_bed
            scene.told.append(Told(scene.bed_since, Topic.PERSON, "Robin is in bed."))
    scene.over = True

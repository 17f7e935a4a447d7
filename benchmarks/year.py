"""A year of evenings of a random person: ``python -m benchmarks.year``. Prompts, answers, misses and their reasons.

The person is away on some evenings, early or late on others, reports things, answers or does not, switches the lamp
by hand; Home Assistant goes away, the machine sleeps, the service is killed and goes on from its snapshot. What must
never happen is looked for on the way (``Watch``), so that a year is a test too.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time as wall
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from config.home import Home
from config.profile import Profile
from devices.actions import Action
from devices.events import (
    ActionReturned,
    BedChanged,
    DeviceReported,
    Event,
    PeerChanged,
    PresenceChanged,
    PromptAnswered,
    RoomMeasured,
    RoutineDue,
    SelfReported,
    SymptomLogged,
    TimePassed,
)
from devices.readings import Kind
from integration.assumed import AssumedHome
from integration.rulebooks import shipped_rules
from rules.decisions import Outcome
from rules.engine import Engine
from rules.timetable import due_between, instant, night_of

ZONE = ZoneInfo("Europe/London")
FIRST = date(2026, 1, 1)
PHONE, LAMP = "notify.mobile_app_robin", "light.bedside"
HOME: dict[str, Any] = {
    "home_assistant": {"url": "http://homeassistant.local:8123"},
    "rooms": {
        "bedroom": {
            "person": "robin",
            "sensors": [{"topic": "room", "dialect": "zigbee2mqtt"}],
            "bed": {"sensors": [{"topic": "bed", "dialect": "plain"}]},
            "cooling": [{"fan": "fan.bedroom"}],
            "lights": [LAMP],
        }
    },
}
PROFILE: dict[str, Any] = {
    "name": "Robin",
    "time_zone": ZONE.key,
    "bedtime": {"at": "22:30", "rise": "7:30", "by_weekday": {"friday": "23:15", "saturday": "00:15"}},
    "prompts": {
        "channels": [{"notify": PHONE}],
        "wash": {"enabled": True, "heat_sensitive": "yes", "gets_out": "alone"},
    },
    "reminders": {"evening_note": {"says": "One good thing of today", "at": ["22:00"]}},
}
ANSWERS = ("done", "later", "skip", None, None)
REPORTS = ("fever", "alcohol", "fall", "fatigue")


@dataclass(slots=True)
class Watch:
    """What must never be, looked for at every step."""

    profile: Profile
    offered: list[datetime] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def look(self, engine: Engine, outcome: Outcome) -> None:
        """Look at what a step brought."""
        if len(engine.world.desk.memory.offered) > self.profile.prompts.at_most:
            self.wrong.append(f"{engine.now}: more prompts than the limit in twelve hours")
        for action in outcome.actions:
            if action.once:
                self._prompt(action)
            elif action.entity == LAMP:
                self._lamp(engine, action)

    def close(self, engine: Engine) -> None:
        """At noon: every step of last evening happened within its grace, or says why it did not."""
        for name, run in engine.world.routines.runs.items():
            if run.under_way:
                self.wrong.append(f"{engine.now}: {name} is still {run.memory.state}")
            for key, step in run.memory.steps.items():
                late = step.since is not None and step.since > run.due(key) + run.keys[key].grace
                if step.outcome == "open" or not step.why or (step.outcome == "done" and late):
                    self.wrong.append(f"{engine.now}: {name}, {key}: {step}")
            if run.memory.state == "done" and len(run.memory.steps) != len(run.keys):
                self.wrong.append(f"{engine.now}: {name} is through, and says nothing of some steps")

    def _prompt(self, action: Action) -> None:
        data = action.data.get("data")
        if not isinstance(data, dict) or "actions" not in data:
            return
        local = action.at.astimezone(ZONE)
        quiet = self.profile.quiet_hours
        if local.time() >= quiet.start or local.time() < quiet.end:
            self.wrong.append(f"{local}: {action.data['message']} in quiet hours")

    def _lamp(self, engine: Engine, action: Action) -> None:
        reported = engine.world.devices[LAMP].memory.reported or {}
        brightness = action.data.get("brightness")
        level = float(str(brightness)) / 2.55 if brightness is not None else action.data.get("brightness_pct")
        before = reported.get("brightness")
        if action.service == "light.turn_on" and (not reported.get("power") or before is None):
            self.wrong.append(f"{action.at}: a lamp that is off was switched on")
        elif level is not None and before is not None and float(str(level)) > float(str(before)) + 0.5:
            self.wrong.append(f"{action.at}: brighter, from {before} to {level} %")


class Year:
    """Lives through evenings, one event after the other."""

    def __init__(self, seed: int, *, first: date = FIRST) -> None:
        self.random = random.Random(seed)
        self.profile, self.home = Profile.model_validate(PROFILE), Home.model_validate(HOME)
        self.book = shipped_rules()
        self.engine = self._new()
        self.devices = AssumedHome()
        self.watch = Watch(self.profile)
        self.now = instant(first, datetime.min.time().replace(hour=12), ZONE)
        self.events = self.steps = 0
        self.prompts: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.phone_on = True
        self._later: list[tuple[datetime, str, str]] = []  # answers on their way
        self._wake: datetime | None = None
        self._planned = self.now
        self._begin()

    def _new(self) -> Engine:
        return Engine("robin", self.profile, self.home, self.book)

    def _begin(self) -> None:
        for entity in self.engine.world.devices:
            self._report(entity)
        self._take(PeerChanged(at=self.now, source="ha", peer="home_assistant", up=True))

    # -- events

    def _take(self, event: Event) -> None:
        self.events += 1
        outcome = self.engine.step(event)
        self._wake = outcome.wake_at
        self.watch.look(self.engine, outcome)
        self._count(outcome)
        for action in outcome.actions:
            if action.once:
                self._say(action)
            elif (changed := self.devices.carry_out(action)) is not None:
                self._report(changed)

    def _report(self, entity: str) -> None:
        state, attributes = self.devices.state(entity)
        self._take(DeviceReported(at=self.now, source=entity, entity=entity, state=state, attributes=dict(attributes)))

    def _say(self, action: Action) -> None:
        result = "sent" if self.phone_on else "refused"
        self._take(ActionReturned(at=self.now, source="edge", action=action.id, result=result))
        answer = self.random.choice(ANSWERS)
        data = action.data.get("data")
        buttons = data.get("actions", []) if isinstance(data, dict) else []
        if not self.phone_on or not buttons or answer is None:
            return
        prompt = str(buttons[0]["action"]).split(":")[2]
        self.answers[answer] += 1
        self._later.append((self.now + timedelta(minutes=self.random.randint(1, 9)), prompt, answer))

    def _count(self, outcome: Outcome) -> None:
        for decision in outcome.decisions:
            if decision.text.startswith("said to you: "):
                self.prompts[decision.text.removeprefix("said to you: ").partition(" Because ")[0]] += 1
            if decision.about.startswith("routine ") and decision.text.startswith("step "):
                self._count_step(decision.text)

    def _count_step(self, text: str) -> None:
        if " is left out: " in text:
            self.outcomes["left out"] += 1
            self.reasons[text.partition(" is left out: ")[2]] += 1
        elif " waits: " not in text:
            self.outcomes["happened"] += 1
            self.steps += 1

    # -- an evening

    def live(self, day: date) -> None:
        """From noon to noon."""
        self._later = []
        ends = instant(day + timedelta(days=1), datetime.min.time().replace(hour=12), ZONE)
        for at, happen in sorted(self._plan(day), key=lambda each: each[0]):
            self._until(min(at, ends))
            happen()
        self._until(ends)
        self.watch.close(self.engine)

    def _until(self, until: datetime) -> None:
        while True:
            moments = [at for at in (self._wake, *(at for at, _, _ in self._later)) if at is not None and at <= until]
            begins = next(iter(due_between(self.profile, self._planned, min([*moments, until]))), None)
            if begins is not None:
                self._planned = self.now = max(self.now, begins[0])
                due, name, day = begins
                self._take(RoutineDue(at=self.now, source="clock", person="robin", routine=name, day=day.isoformat()))
                self._planned = due
                continue
            if not moments:
                break
            self.now = max(self.now, min(moments))
            self._answer_due()
            if self._wake is not None and self._wake <= self.now:
                self._take(TimePassed(at=self.now, source="clock"))
        self.now = max(self.now, until)
        self._planned = max(self._planned, until)

    def _answer_due(self) -> None:
        due = [each for each in self._later if each[0] <= self.now]
        self._later = [each for each in self._later if each[0] > self.now]
        for _, prompt, answer in due:
            self._take(PromptAnswered(at=self.now, source="phone", person="robin", answer=answer, prompt=prompt))

    def _plan(self, day: date) -> Iterator[tuple[datetime, Callable[[], None]]]:
        chance, bedtime_and_rise = self.random, night_of(self.profile, day, ZONE)
        bedtime, rise = bedtime_and_rise
        away = chance.random() < 0.08  # noqa: PLR2004 (how often)
        yield self.now, lambda: self._presence(at_home=not away)
        warm = 21.0 + 5 * chance.random()
        for hour in range(24):
            at = self.now + timedelta(hours=hour, minutes=7)
            yield at, partial(self._measure, warm)
        if away:
            yield rise, lambda: self._presence(at_home=True)
            return
        to_bed = bedtime + timedelta(minutes=chance.gauss(0, 35))
        if chance.random() < 0.06:  # noqa: PLR2004
            to_bed = bedtime - timedelta(minutes=chance.randint(90, 200))
        yield to_bed, lambda: self._bed(occupied=True)
        for _ in range(chance.choice((0, 0, 1, 1, 2, 4))):
            up = to_bed + (rise - to_bed) * chance.random()
            yield up, lambda: self._bed(occupied=False)
            yield up + timedelta(minutes=chance.randint(1, 12)), lambda: self._bed(occupied=True)
        yield rise + timedelta(minutes=chance.gauss(0, 20)), lambda: self._bed(occupied=False)
        evening = bedtime - timedelta(hours=4)
        yield evening, lambda: self._lamp(255)
        if chance.random() < 0.15:  # noqa: PLR2004
            yield evening + timedelta(minutes=chance.randint(0, 250)), lambda: self._lamp(chance.randint(1, 255))
        if chance.random() < 0.1:  # noqa: PLR2004
            name, told = chance.choice(REPORTS), evening + timedelta(minutes=chance.randint(0, 200))
            yield told, partial(self._self_report, name, yes=True)
            yield told + timedelta(hours=chance.randint(1, 14)), partial(self._self_report, name, yes=False)
        if chance.random() < 0.2:  # noqa: PLR2004
            yield evening + timedelta(minutes=chance.randint(0, 240)), lambda: self._symptom(chance.randint(0, 10))
        yield from self._trouble(evening)

    def _trouble(self, evening: datetime) -> Iterator[tuple[datetime, Callable[[], None]]]:
        chance = self.random
        self.phone_on = chance.random() > 0.04  # noqa: PLR2004
        if chance.random() < 0.05:  # noqa: PLR2004
            down = evening + timedelta(minutes=chance.randint(0, 260))
            yield down, lambda: self._peer(up=False)
            yield down + timedelta(minutes=chance.randint(1, 90)), lambda: self._peer(up=True)
        if chance.random() < 0.05:  # noqa: PLR2004
            asleep = evening + timedelta(minutes=chance.randint(0, 260))
            yield asleep, lambda: self._sleep(timedelta(minutes=chance.randint(5, 700)))
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            yield evening + timedelta(minutes=chance.randint(0, 700)), self._restart

    def _presence(self, *, at_home: bool) -> None:
        self._take(PresenceChanged(at=self.now, source="person", person="robin", at_home=at_home))

    def _measure(self, celsius: float) -> None:
        self._take(RoomMeasured(at=self.now, source="room", room="bedroom", quantity=Kind.TEMPERATURE, value=celsius))

    def _bed(self, *, occupied: bool) -> None:
        self._take(BedChanged(at=self.now, source="bed", room="bedroom", side="either", occupied=occupied))

    def _lamp(self, brightness: int) -> None:
        _, attributes = self.devices.state(LAMP)
        self.devices.states[LAMP] = "on", {**attributes, "brightness": brightness}
        self._report(LAMP)

    def _self_report(self, name: str, *, yes: bool) -> None:
        self._take(SelfReported(at=self.now, source="button", person="robin", trigger=name, value=yes))

    def _symptom(self, severity: float) -> None:
        self._take(SymptomLogged(at=self.now, source="button", person="robin", symptom="spasm", severity=severity))

    def _peer(self, *, up: bool) -> None:
        self._take(PeerChanged(at=self.now, source="ha", peer="home_assistant", up=up))
        if up:
            for entity in self.engine.world.devices:
                self._report(entity)

    def _sleep(self, span: timedelta) -> None:
        """Nothing runs; the clock's moments and everything else come at the end."""
        before, self.now = self._planned, self.now + span
        self._planned = self.now
        for _, name, day in due_between(self.profile, before, self.now):
            self._take(RoutineDue(at=self.now, source="clock", person="robin", routine=name, day=day.isoformat()))

    def _restart(self) -> None:
        snapshot = json.loads(json.dumps(self.engine.snapshot()))
        self.engine = self._new()
        self.engine.restore(snapshot)
        self._peer(up=False)
        self._peer(up=True)


def main() -> int:
    """Live through the evenings and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--evenings", type=int, default=365)
    options = parser.parse_args()
    began = wall.perf_counter()
    year = Year(options.seed)
    for number in range(options.evenings):
        year.live(FIRST + timedelta(days=number))
    seconds = wall.perf_counter() - began
    report(year, options.evenings, seconds)
    return 1 if year.watch.wrong else 0


def report(year: Year, evenings: int, seconds: float) -> None:
    """What happened."""
    out = sys.stdout
    out.write(f"{evenings} evenings, {year.events} events, {seconds:.1f} s\n")
    for title, counts in (
        ("said", year.prompts),
        ("answers", year.answers),
        ("steps", year.outcomes),
        ("left out because", year.reasons),
    ):
        out.write(f"\n{title}\n")
        for text, count in counts.most_common():
            out.write(f"  {count:6}  {text}\n")
    out.write(f"\nwrong: {len(year.watch.wrong)}\n")
    for text in year.watch.wrong[:20]:
        out.write(f"  {text}\n")


if __name__ == "__main__":
    sys.exit(main())

"""A home in which anything comes in any order, and what must never be in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from config.home import Home
from config.profile import Profile
from devices.actions import Action
from devices.control.bath import ALARM, QUESTION
from devices.events import (
    BedMoved,
    Event,
    PauseChanged,
    PeerChanged,
    PresenceChanged,
    RoomMeasured,
    RoutineDue,
    RoutineSteered,
    TimePassed,
)
from devices.readings import Kind
from rules.decisions import Outcome
from rules.run import RunMemory
from rules.timetable import due_between
from tests.rules.builders import FAN, LAMP, PHONE, Evening, home, maker

STEPPED, PATH, ADAPTIVE, VOICE, PLAYER = (
    "light.ceiling",
    "light.floor",
    "switch.adaptive_lighting_bedroom",
    "tts.home",
    "media_player.bedroom",
)
LAMPS = (LAMP, STEPPED)
SUGGESTED = ("drink", "wash", "stretch", "rating", "night", "caffeine")
LIMIT_WITHIN = timedelta(hours=10)
APART = timedelta(hours=4)
DARK_FOR = timedelta(minutes=5)
LATERS = 2 * (timedelta(minutes=45) + timedelta(hours=2))
"""Twice put off, after a whole grace each."""
SYMPTOMS, SLEEPY = timedelta(hours=2), timedelta(hours=4)
SUPPRESSES_WASH = ("fever", "infection", "alcohol", "fall")
HOTTEST_C, LUKEWARM_C, STRONG, WARM_ROOM_C = 38, 33, 7, 25.0
SPOKEN_WORDS = 12
BATH_WORDS = (QUESTION, f"{QUESTION} {ALARM}")
A_MOMENT = timedelta(seconds=2)
SCOLDS = re.compile(r"\b(missed|forgot|should have|you must|failed to|late again|relapse)\b", re.IGNORECASE)

WASHES = {"enabled": True, "heat_sensitive": "no", "gets_out": "with_someone", "water": 38}
CHANNELS = [{"tts": VOICE, "player": PLAYER, "room": "bedroom"}, {"notify": PHONE}]
MOVES = [{"says": "Both knees to the chest", "hold": "45 s", "times": 2}, {"says": "Roll the feet", "hold": "30 s"}]
PEOPLE: dict[str, dict[str, Any]] = {
    "shipped": {"prompts": {"channels": CHANNELS, "wash": WASHES, "stretch": {"moves": MOVES}}},
    "late to bed": {
        "bedtime": {"at": "00:30", "rise": "08:30", "by_weekday": {"friday": "23:15"}},
        "quiet_hours": {"from": "01:00", "to": "08:00"},
        "prompts": {"channels": CHANNELS, "wash": {**WASHES, "water": None, "heat_sensitive": "yes"}},
        "reminders": {"pills": {"says": "The evening box", "at": ["bedtime - 15 min"], "sleepy": True}},
    },
    "every hour": {
        "prompts": {"channels": [{"notify": PHONE}], "at_most": 2, "wash": WASHES},
        "reminders": {
            "water": {"says": "A glass", "at": [f"{hour}:00" for hour in range(12, 24)], "grace": "2 h"},
            "tablet": {"says": "The box", "at": ["23:30", "02:00"], "in_quiet_hours": True, "sleepy": True},
        },
    },
    "twice the same": {
        "prompts": {"channels": [*reversed(CHANNELS)], "at_most": 1, "stretch": {"moves": MOVES}},
        "reminders": {"note": {"says": "One good thing"}},
        "routines": {
            "second": {
                "at": "21:30",
                "steps": [
                    {
                        "at": "start",
                        "offer": ["stretch"],
                        "lights": {"brightness": 60, "kelvin": 3000, "fade": "5 min"},
                    },
                    {"at": "23:50", "offer": ["note"], "skip": ["in_bed"]},
                    {"at": "00:20", "offer": ["note"], "grace": "3 h"},
                ],
            },
            "by_hand": {"steps": [{"at": "start + 8 h", "offer": ["drink"], "grace": "12 h"}]},
        },
    },
}
STARTS = {"summer": "2026-07-14T15:00", "to winter": "2026-10-24T12:00", "to summer": "2026-03-28T12:00"}
ZONE = ZoneInfo("Europe/Berlin")


def place() -> Home:
    """A home with everything that an evening touches."""
    return home(
        lights=list(LAMPS),
        path=[PATH],
        adaptive_lighting=ADAPTIVE,
        rooms={"bathroom": {"person": "anna", "sensors": [{"topic": "bath", "dialect": "zigbee2mqtt"}]}},
    )


@dataclass(slots=True)
class Known:
    """What the person and the home have said, as far as a promise hangs on it."""

    reports: dict[str, bool] = field(default_factory=dict)
    symptoms: list[datetime] = field(default_factory=list)
    sleepy_at: datetime | None = None
    warm: dict[str, float] = field(default_factory=dict)
    away: bool = False
    paused: dict[str, datetime] = field(default_factory=dict)
    path_on_at: datetime | None = None
    first_offers: list[tuple[datetime, str]] = field(default_factory=list)
    said: list[tuple[datetime, str]] = field(default_factory=list)
    clock_moved_at: datetime | None = None

    def holds(self, area: str, now: datetime) -> bool:
        """Whether an area is paused."""
        return any(until > now for key, until in self.paused.items() if key in ("", area))


class Chaos(Evening):
    """Lives through two days in which anything comes in any order, and looks for what must not be."""

    def __init__(self, person: Profile, seed: int, start: datetime, *, restarts: bool = False) -> None:
        self.dice, self.person, self.known = Random(seed), person, Known()
        self.record: list[tuple[Any, ...]] = []
        self.planned = start
        self.broken_channel = self.dice.random() < 0.2
        self.begun_aloud = False
        self.counts: Counter[str] = Counter()
        self.quiet_now = False
        super().__init__(maker(person, place()), start=start, obeys=False, up=False)
        self.restarts = restarts
        self._home.state(STEPPED)[1]["supported_features"] = 0
        self._home.states[PATH] = "off", self._home.state(PATH)[1]
        for entity in self.engine.world.devices:
            self.report(entity, *self._home.state(entity))
        self.report(ADAPTIVE, "off")
        self.peer(up=True)

    # -- each step

    def _step(self, event: Event) -> Outcome:
        runs = {name: run.memory for name, run in self.engine.world.routines.runs.items()}
        aloud = self.engine.world.aloud
        began_before = aloud.bath.running or aloud.guided.running
        outcome = super()._step(event)
        aloud = self.engine.world.aloud
        self.begun_aloud = began_before or aloud.bath.running or aloud.guided.running
        if not self.restarts:
            self._check_replaced(runs, outcome)
        self._check_steps()
        for action in outcome.actions:
            self.record.append((action.id, action.at, action.service, json.dumps(action.data), action.reason))
            self._check(action)
        self.record += [(each.about, each.text) for each in outcome.decisions]
        for action in outcome.actions:
            if action.once:
                self._say(action)
            else:
                self._obey(action)
        return outcome

    def _obey(self, action: Action) -> None:
        entity = self._home.carry_out(action)
        if entity is not None and entity not in self.gone():
            self.report(entity, *self._home.state(entity))

    def gone(self) -> set[str]:
        """The devices that are unavailable."""
        devices = self.engine.world.devices
        return {entity for entity, device in devices.items() if device.memory.reported is None}

    def _say(self, action: Action) -> None:
        if self.broken_channel and self.dice.random() < 0.5:
            self.returned(action, self.dice.choice(["refused", "unreachable", "expired"]))
            return
        if "message" in action.data:
            self._heard(action)
        self.returned(action, "sent")

    # -- what must not be

    def _check(self, action: Action) -> None:
        known, now = self.known, self.engine.now
        assert now - action.at <= timedelta(minutes=1), "an action of another time"
        assert action.reason, f"no reason: {action}"
        entity = str(action.entity)
        if entity in LAMPS:
            self._check_lamp(entity, action)
            assert not any(known.holds(area, now) for area in ("lights", "evening")), f"lights are paused: {action}"
        if entity == PATH and action.service == "light.turn_on" and self._home.state(PATH)[0] == "off":
            last, known.path_on_at = known.path_on_at, now
            moved = known.clock_moved_at is not None and now - known.clock_moved_at < timedelta(hours=1)
            if last is not None and not moved and PATH not in self.gone():
                assert now - last >= DARK_FOR, f"the path lamp flashes: {last}, {now}"
        if entity == FAN:
            on = action.service in ("fan.turn_on", "fan.set_percentage") and action.data.get("percentage") != 0
            assert not (on and known.holds("cooling", now)), f"cooling is paused: {action}"
        if "message" in action.data:
            self._check_words(action)

    def _check_lamp(self, entity: str, action: Action) -> None:
        state, attributes = self._home.state(entity)
        if action.service != "light.turn_on":
            return
        assert state == "on", f"{entity} was off: {action.reason}"
        level = action.data.get("brightness")
        if level is None and "brightness_pct" in action.data:
            level = float(str(action.data["brightness_pct"])) * 2.55
        if level is not None:
            assert float(str(level)) <= float(str(attributes["brightness"])) + 2, f"{entity}: brighter"

    def _check_words(self, action: Action) -> None:
        known, now, message = self.known, self.engine.now, str(action.data["message"])
        spoken = action.service == "tts.speak"
        assert not SCOLDS.search(message), message
        urgent = [each.says for each in self.person.reminders.values() if each.in_quiet_hours]
        by_request = (
            self.begun_aloud or message in BATH_WORDS or message in urgent or (message == "Your reminder" and urgent)
        )
        if self._quiet(now):
            assert by_request, f"{message} in quiet hours, at {now.astimezone(ZONE)}"
        if spoken:
            assert self.begun_aloud or not known.away, f"{message} to an empty home"
            for sentence in re.split(r"(?<=[.?!]) ", message):
                assert len(sentence.split()) <= SPOKEN_WORDS, sentence
        if "wash?" in message:
            self._check_wash(message)
        if "actions" in _extra(action) and not self.begun_aloud and message not in BATH_WORDS:
            assert not known.holds("prompts", now), f"prompts are paused: {message}"

    def _check_wash(self, message: str) -> None:
        known, now, wash = self.known, self.engine.now, self.person.prompts.wash
        assert wash.enabled
        assert wash.gets_out != "unsure"
        told = re.search(r"About (\d+)", message)
        most = HOTTEST_C if wash.heat_sensitive == "no" else LUKEWARM_C
        assert told is None or int(told[1]) <= most, message
        for name in SUPPRESSES_WASH:
            assert not known.reports.get(name), f"a wash with {name}"
        if wash.gets_out == "with_someone":
            assert not known.reports.get("alone"), "a wash alone"
        assert all(now - at >= SYMPTOMS for at in known.symptoms), "a wash after something strong"
        assert known.sleepy_at is None or now - known.sleepy_at >= SLEEPY, "a wash after a sleepy reminder"
        assert all(celsius < WARM_ROOM_C for celsius in known.warm.values()), "a wash in a warm room"

    def _heard(self, action: Action) -> None:
        known, now, tag = self.known, self.engine.now, str(_extra(action).get("tag", ""))
        name = tag.removeprefix("unclench-")
        if name not in SUGGESTED or "actions" not in _extra(action):
            return
        self._check_late(name, now)
        recent = [at for at, each in known.said if each == name and now - at < APART]
        assert len(recent) < 4, f"{name} was said {len(recent)} times"
        known.said.append((now, name))
        self.counts[name] += 1
        joined = any(str(each.says) in str(action.data["message"]) for each in self.person.reminders.values())
        if recent or joined or name == "caffeine":
            return
        known.first_offers.append((now, name))
        offered = [each for at, each in known.first_offers if now - at < LIMIT_WITHIN]
        moved = known.clock_moved_at is not None and now - known.clock_moved_at < timedelta(hours=12)
        assert len(offered) <= self.person.prompts.at_most or moved, offered

    def _check_late(self, name: str, now: datetime) -> None:
        """What is said was due a short while ago: a step's grace, and "later" twice."""
        world, moments = self.engine.world, []
        for run in world.routines.runs.values():
            asked = [key for key, step in run.keys.items() if name in step.offer and run.memory.began_at]
            moments += [run.due(key) + run.keys[key].grace for key in asked]
        fact = world.facts[f"routine.{name}"] if name in ("stretch", "wash") else None
        moments += [fact.at + timedelta(hours=2)] if fact is not None and fact.at is not None else []
        assert any(now - LATERS <= at for at in moments), f"{name} is said at {now.astimezone(ZONE)}: too late"

    def _check_steps(self) -> None:
        for name, run in self.engine.world.routines.runs.items():
            for key, step in run.memory.steps.items():
                if key not in run.keys or run.memory.began_at is None:
                    continue
                ends = run.due(key) + run.keys[key].grace
                assert step.outcome != "open" or self.engine.now <= ends + timedelta(minutes=2), (name, key, step)
                assert step.outcome == "open" or step.why, (name, key, step)
                if step.outcome == "done" and self.known.clock_moved_at is None:
                    assert (step.since or step.at) <= ends + A_MOMENT, (name, key, step)

    def _check_replaced(self, before: dict[str, RunMemory], outcome: Outcome) -> None:
        """A run that another one takes the place of says what became of each step."""
        for name, run in self.engine.world.routines.runs.items():
            old = before[name]
            if run.memory is old or old.state not in ("running", "paused") or self.known.clock_moved_at:
                continue
            settled = {key for key, step in old.steps.items() if step.outcome != "open"}
            left = [key for key in run.keys if key not in settled]
            said = [each.text for each in outcome.decisions if each.about == f"routine {name}"]
            assert not left or any("is left out" in text for text in said), (name, left, said)

    def _quiet(self, now: datetime) -> bool:
        local, quiet = now.astimezone(ZONE).time(), self.person.quiet_hours
        if quiet.start < quiet.end:
            return quiet.start <= local < quiet.end
        return local >= quiet.start or local < quiet.end

    # -- living

    def live(self, until: datetime) -> None:
        """Wake the engine when it asks, and bring the clock's moments."""
        while True:
            due = next(iter(due_between(self.person, self.planned, until)), None)
            wake = self._wake_at
            if due is not None and (wake is None or due[0] <= wake):
                self.now = max(self.now, due[0])
                same = list(due_between(self.person, self.planned, due[0]))
                self.planned = due[0]
                for _, name, day in same:
                    self._due(name, day.isoformat())
            elif wake is not None and wake <= until:
                self.now = max(self.now, wake)
                self._step(TimePassed(at=self.now, source="clock", id=self._id()))
            else:
                break
        self.now = self.planned = max(until, self.now)

    def _due(self, name: str, day: str) -> None:
        self._step(RoutineDue(at=self.now, source="clock", id=self._id(), person="anna", routine=name, day=day))

    def sleep(self, span: timedelta) -> None:
        """The machine sleeps; the clock's moments come at the end."""
        before, self.now = self.planned, self.now + span
        self.planned = self.now
        for _, name, day in list(due_between(self.person, before, self.now)):
            self._due(name, day.isoformat())
        self._step(TimePassed(at=self.now, source="clock", id=self._id()))

    def set_back(self, span: timedelta) -> None:
        """The clock was wrong, and is set right."""
        self.now -= span
        self.planned = self.now
        self.known = Known(clock_moved_at=self.now, away=self.known.away, warm=self.known.warm)
        self._step(TimePassed(at=self.now, source="clock", id=self._id()))

    def happens(self) -> None:  # noqa: C901, PLR0912, PLR0915 (one case for each thing)
        """Anything."""
        dice, known, world = self.dice, self.known, self.engine.world
        names = [*world.routines.runs, "stretch", "wash", "nonsense"]
        prompts = ["", *SUGGESTED, *self.person.reminders, "bath_check", "nonsense"]
        kinds = ["answer"] * 8 + ["bed"] * 4 + ["lamp", "warm", "begin", "steer"] * 3
        kinds += ["presence", "report", "symptom", "moved", "peer", "sleep", "pause", "adaptive", "gone", "flutter"]
        kinds += ["restart", "stop"]
        match dice.choice(kinds):
            case "answer":
                opened = [name for name, each in world.desk.memory.prompts.items() if each.ended_at is None]
                prompt = dice.choice(opened or prompts) if dice.random() < 0.7 else dice.choice(prompts)
                self._answer(dice.choice(["done", "later", "later", "skip", "yes", "no", "begin", "next"]), prompt)
            case "bed":
                self.bed(occupied=dice.random() < 0.6)
            case "flutter":
                for number in range(dice.randint(2, 9)):
                    self.bed(occupied=bool(number % 2))
                    self.live(self.now + timedelta(seconds=dice.choice([5, 40, 200])))
            case "lamp":
                self._hand(dice.choice([*LAMPS, PATH]))
            case "warm":
                room, celsius = dice.choice(["bedroom", "bathroom"]), dice.choice([20.0, 21.5, 22.4, 24.9, 25.0, 25.6])
                self.live(self.now + timedelta(minutes=20))
                known.warm[room] = celsius
                source = "bath" if room == "bathroom" else "zigbee2mqtt/bedroom"
                self._step(
                    RoomMeasured(
                        at=self.now, source=source, id=self._id(), room=room, quantity=Kind.TEMPERATURE, value=celsius
                    )
                )
            case "begin":
                self.routine(dice.choice(names))
            case "steer":
                for _ in range(dice.randint(1, 3)):
                    command = dice.choice(["pause", "resume", "skip", "nonsense"])
                    name = dice.choice(names)
                    self._step(
                        RoutineSteered(
                            at=self.now, source="b", id=self._id(), person="anna", routine=name, command=command
                        )
                    )
            case "presence":
                at_home = dice.choice([True, True, False, None])
                known.away = at_home is False
                self._step(PresenceChanged(at=self.now, source="p", id=self._id(), person="anna", at_home=at_home))
            case "report":
                name = dice.choice([*SUPPRESSES_WASH, "alone", "fatigue", "too_hot", "too_cold"])
                value = dice.random() < 0.5
                known.reports[name] = value
                self.say(name, value)
            case "symptom":
                severity = dice.randint(0, 10)
                known.symptoms += [self.now] if severity >= STRONG else []
                self.symptom(severity)
            case "moved":
                for _ in range(dice.randint(1, 8)):
                    self._step(BedMoved(at=self.now, source="v", id=self._id(), room="bedroom"))
                    self.live(self.now + timedelta(minutes=1))
            case "peer":
                self.peer(up=False)
                self.live(self.now + timedelta(minutes=dice.choice([1, 10, 50, 400])))
                self.peer(up=True)
                for entity in world.devices:
                    self.report(entity, *self._home.state(entity))
            case "sleep":
                self.sleep(timedelta(minutes=dice.choice([2, 30, 180, 720])))
            case "pause":
                area = dice.choice(["", "cooling", "lights", "prompts", "evening", "nonsense"])
                until = self.now + timedelta(hours=dice.choice([1, 4, 14 * 24])) if dice.random() < 0.5 else None
                self._pause(area, until)
            case "adaptive":
                self.report(ADAPTIVE, dice.choice(["on", "off", "unavailable"]))
            case "gone":
                self.report(dice.choice([*LAMPS, PATH]), "unavailable")
                self.live(self.now + timedelta(minutes=dice.choice([1, 12])))
                for entity in (*LAMPS, PATH):
                    self.report(entity, *self._home.state(entity))
            case "restart":
                self._step(PeerChanged(at=self.now, source="ha", id=self._id(), peer="home_assistant", up=False))
                snapshot = json.loads(json.dumps(self.engine.snapshot()))
                self.engine = self.make()
                self.engine.restore(snapshot)
                self.peer(up=True)
                for entity in self.engine.world.devices:
                    self.report(entity, *self._home.state(entity))
            case "stop":
                self._answer("stop", "")

    def _answer(self, answer: str, prompt: str) -> None:
        reminder = self.person.reminders.get(prompt)
        if answer == "done" and reminder is not None and reminder.sleepy:
            self.known.sleepy_at = self.now
        self.answer(answer, prompt)

    def _pause(self, area: str, until: datetime | None) -> None:
        known = self.known
        if until is None:
            known.paused = {} if area == "" else {key: each for key, each in known.paused.items() if key != area}
        else:
            known.paused[area] = until
        self._step(PauseChanged(at=self.now, source="b", id=self._id(), person="anna", area=area, until=until))

    def _hand(self, entity: str) -> None:
        state, attributes = self._home.state(entity)
        if self.dice.random() < 0.5:
            state = "off" if state == "on" else "on"
        attributes = {**attributes, "brightness": self.dice.choice([255, 120, 30, 3])}
        self.report(entity, state, attributes, by_person=self.dice.choice([True, None]))

    def days(self, hours: float) -> Chaos:
        """Anything, for so long."""
        ends = self.now + timedelta(hours=hours)
        while self.now < ends:
            self.live(self.now + timedelta(minutes=self.dice.choice([0, 1, 5, 13, 27, 40])))
            self.happens()
        return self


def _extra(action: Action) -> dict[str, object]:
    data = action.data.get("data")
    return data if isinstance(data, dict) else {}


def start_of(name: str) -> datetime:
    """When a life begins."""
    return datetime.fromisoformat(STARTS[name]).replace(tzinfo=ZONE).astimezone(UTC)

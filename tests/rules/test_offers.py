"""What each prompt says, what holds it back, who hears it; and what the desk never does, whatever happens."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from pydantic import TypeAdapter

from config.home import Home
from config.profile import Profile
from devices.control.delivery import Moment
from devices.control.desk_memory import DeskMemory
from devices.control.offer import SPOKEN_WORDS, Offer
from devices.control.prompts import EVENING as COUNTS
from devices.control.prompts import PromptDesk
from devices.events import ActionReturned, PromptAnswered
from rules.audience import moment_of
from rules.engine import Engine
from rules.facts import Quality
from rules.offers import Asked, offered
from tests.rules.builders import EVENING, home, maker, merged, profile

WASH = {"enabled": True, "heat_sensitive": "yes", "gets_out": "alone"}
LONG = "One two three four five six seven eight nine ten eleven twelve thirteen. Fourteen"
PERSON: dict[str, Any] = {
    "prompts": {"wash": WASH},
    "reminders": {
        "blue_box": {"at": ["22:15"], "sleepy": True},
        "lamp": {"says": LONG, "in_quiet_hours": True, "repeat": "0 min"},
    },
}


def world_of(person: Profile | None = None, place: Home | None = None) -> Engine:
    """An engine that has seen nothing yet, of a home whose thermometer is not missed."""
    return maker(person or profile(**PERSON), place or home(sensors=[]))()


def offer(engine: Engine, name: str, now: datetime = EVENING) -> Offer:
    """What is offered by this name."""
    return offered(engine.world, name, Asked(why="it is time", since=now), symptoms=[], now=now)


def know(engine: Engine, name: str, *, value: bool, fresh: bool = True) -> None:
    """A fact is as it is."""
    fact = engine.world.facts.declare(name)
    fact.value, fact.at, fact.quality = value, EVENING, Quality.FRESH if fresh else Quality.STALE


TEXTS = [
    ("stretch", "Evening routine?", "Time for a stretch or some gentle movement?", ["Done", "Later", "Skip"]),
    ("drink", "Evening routine?", "Time for your last larger drink?", ["Done", "Later", "Skip"]),
    ("rating", "Evening routine?", "One number for today, zero to ten?", ["0 to 10", "Skip"]),
    ("caffeine", "For today", "Last coffee or tea for today?", ["Done", "Later", "Skip"]),
    ("night", "Evening routine?", "How was your night?", ["It woke me", "Quiet"]),
    ("blue_box", "Your reminder", "Blue box", ["Done", "Later", "Skip"]),
    ("lamp", "Your reminder", LONG, ["Done", "Later", "Skip"]),
]


@pytest.mark.parametrize(("name", "title", "message", "buttons"), TEXTS)
def test_what_is_said_by_default_is_discreet(name: str, title: str, message: str, buttons: list[str]) -> None:
    """And short."""
    made = offer(world_of(), name)
    assert (made.title, made.message, list(made.buttons.values())) == (title, message, buttons)
    assert all(len(each.split()) <= SPOKEN_WORDS for each in re.split(r"(?<=[.?!]) ", made.spoken))
    assert made.spoken.replace(".", "") == message.replace(".", "")
    assert (made.silent, made.urgent, made.own) == (name == "caffeine", name == "lamp", name in PERSON["reminders"])
    assert made.private is (name in PERSON["reminders"])
    assert made.writes == ("done" if name == "rating" else "")


def test_what_is_said_where_nobody_minds() -> None:
    """In the words of the illness, and then nothing is hidden."""
    engine = world_of(profile(**merged(PERSON, {"discreet": False})))
    assert offer(engine, "rating").message == "How stiff are you, zero to ten?"
    night = offer(engine, "night")
    assert (night.message, night.buttons) == (
        "Did stiffness or a spasm wake you last night?",
        {"yes": "Yes", "no": "No"},
    )
    assert not any(offer(engine, name).private for name in ("wash", "lamp", "night"))
    assert offer(engine, "lamp").title == "Your reminder"


def test_own_words_are_said_as_they_are() -> None:
    """And a stretch with a list of moves can be started."""
    engine = world_of(profile(prompts={"stretch": {"says": "Legs?", "moves": [{"says": "Left calf", "hold": "30 s"}]}}))
    made = offer(engine, "stretch", EVENING - timedelta(hours=13))
    assert (made.title, made.spoken, made.buttons["begin"]) == ("Morning routine?", "Legs?", "Start")


def test_a_wash_says_what_makes_it_safe_also_aloud() -> None:
    """In short sentences; what is asked is the first."""
    made = offer(world_of(profile(**merged(PERSON, {"prompts": {"wash": {"gets_out": "with_someone"}}}))), "wash")
    for sentence in (
        "Only with someone there.",
        "Test the water.",
        "Do not bathe alone if heat weakens you.",
        "Keep your phone or call cord in reach.",
    ):
        assert sentence in made.spoken
        assert sentence in made.message
    assert "It is no alarm service." in made.message
    assert (made.asks, made.private) == ("Time for a cool or lukewarm wash?", True)
    assert made.buttons == {"begin": "I am in the bath", "later": "Later", "skip": "Skip"}


# -- what holds them back


def test_the_night_is_asked_about_only_when_it_was_restless() -> None:
    """Not known is not asked about either, and is not called quiet."""
    engine = world_of()
    assert offer(engine, "night").refusal == "nothing is known of the night"
    know(engine, "night.restless_last", value=False)
    assert offer(engine, "night").refusal == "the night was quiet"
    know(engine, "night.restless_last", value=True)
    assert offer(engine, "night").refusal is None
    know(engine, "night.restless_last", value=True, fresh=False)
    assert offer(engine, "night").refusal == "nothing is known of the night"


def test_no_wash_after_a_reminder_that_makes_sleepy() -> None:
    """For four hours after it was done."""
    engine = world_of()
    desk = engine.world.desk
    desk.steer([offer(engine, "blue_box")], Moment(EVENING, None, lambda: "a-1"))
    assert offer(engine, "wash").refusal is None
    event = PromptAnswered(at=EVENING, source="phone", person="anna", answer="done", prompt="blue_box")
    desk.answered(event, EVENING, lambda _: timedelta(), quiet_at=lambda _: False)
    sleepy = "a reminder of yours that makes you sleepy was done a short while ago"
    assert offer(engine, "wash", EVENING + timedelta(hours=3, minutes=59)).refusal == sleepy
    assert offer(engine, "wash", EVENING + timedelta(hours=4)).refusal is None


def test_who_needs_somebody_and_is_alone_is_offered_no_wash() -> None:
    """Where they have said so, under a trigger of their own."""
    from devices.events import SelfReported

    for gets_out, refusal in (("with_someone", "you reported that you are alone"), ("alone", None)):
        person = profile(prompts={"wash": {**WASH, "gets_out": gets_out}}, triggers={"alone": {"lasts": "3 h"}})
        engine = world_of(person)
        engine.step(SelfReported(at=EVENING, source="button", id="1", person="anna", trigger="alone", value=True))
        assert offer(engine, "wash").refusal == refusal


@pytest.mark.parametrize("name", ["drink", "rating", "caffeine", "blue_box", "stretch", "night"])
def test_what_is_switched_off_is_not_offered(name: str) -> None:
    """Whatever asks for it."""
    own = name in PERSON["reminders"]
    off = {name: {"enabled": False}}
    person = profile(**merged(PERSON, {"reminders" if own else "prompts": off}))
    assert offer(world_of(person), name).refusal == "it is switched off"


# -- who hears it


def moment(engine: Engine, now: datetime = EVENING) -> Moment:
    """Now, as the desk sees it."""
    return moment_of(engine.world, now, None, lambda: "a-1", peer_up=True, reserved=2)


OCCUPANCY = [{"topic": "zigbee2mqtt/presence", "dialect": "zigbee2mqtt", "measures": ["occupied"]}]


def test_a_room_is_empty_only_when_a_sensor_says_so() -> None:
    """And its bed is empty too."""
    engine = world_of(None, home(sensors=OCCUPANCY, private=True))
    assert moment(engine).heard_in("bedroom")
    know(engine, "bedroom.occupied", value=False)
    assert not moment(engine).heard_in("bedroom")
    assert moment(engine).heard_in("cellar")
    know(engine, "bed.occupied", value=True)
    assert moment(engine).heard_in("bedroom")
    know(engine, "bed.occupied", value=False)
    know(engine, "bedroom.occupied", value=False, fresh=False)
    assert moment(engine).heard_in("bedroom")
    know(engine, "bedroom.occupied", value=True)
    assert moment(engine).heard_in("bedroom")
    assert [moment(engine).private_in(name) for name in ("bedroom", "cellar")] == [True, False]
    assert not moment(world_of()).private_in("bedroom")


def test_who_lies_in_bed_after_bedtime_may_be_asleep() -> None:
    """Before it they are not."""
    engine = world_of()
    know(engine, "bed.occupied", value=True)
    assert not moment(engine).asleep_in("bedroom")
    late = EVENING + timedelta(hours=2)
    assert moment(engine, late).asleep_in("bedroom")
    assert not moment(engine, late).asleep_in("cellar")
    know(engine, "bed.occupied", value=False)
    assert not moment(engine, late).asleep_in("bedroom")


@pytest.mark.parametrize(("minutes", "night"), [(29, False), (30, True), (90, True), (629, True), (630, False)])
def test_speakers_are_turned_down_from_an_hour_before_bedtime(minutes: float, *, night: bool) -> None:
    """Until the person gets up."""
    assert moment(world_of(), EVENING + timedelta(minutes=minutes)).at_night is night


def test_away_is_only_who_is_known_to_be_out() -> None:
    """And what is reserved is handed on."""
    engine = world_of()
    assert (moment(engine).away, moment(engine).reserved) == (False, 2)
    know(engine, "home.present", value=True)
    assert not moment(engine).away
    know(engine, "home.present", value=False)
    assert moment(engine).away


# -- whatever happens

_MEMORY = TypeAdapter(DeskMemory)
AT_MOST = 3
NAMES = ("stretch", "wash", "drink", "rating", "caffeine", "blue_box", "lamp")
ANSWERS = ("done", "later", "skip", "begin", "yes", "stop", "nonsense")
CHANNELS = [
    {"tts": "tts.piper", "player": "media_player.bedroom", "room": "bedroom", "volume_at_night": 10},
    {"notify": "notify.phone"},
]


@cache
def _somebody() -> Engine:
    """Only asked what is offered: no night changes it."""
    return world_of(profile(**merged(PERSON, {"prompts": {"channels": CHANNELS, "at_most": AT_MOST}})))


class Night:
    """A desk in a life of chance; every promise is looked at with each word that is said."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.engine = _somebody()
        self.person = self.engine.world.profile
        self.desk = self._desk()
        self.now = EVENING - timedelta(hours=3)
        self.offers: dict[str, Offer] = {}
        self.minted = 0
        self.pending: list[str] = []
        self.first: list[tuple[datetime, bool]] = []  # when, and whether an own reminder was among it
        self.repeats: Counter[tuple[str, datetime]] = Counter()

    def _desk(self) -> PromptDesk:
        return PromptDesk("anna", list(self.person.prompts.channels), AT_MOST, lambda at: f"{at:%H:%M}")

    def mint(self) -> str:
        """The next id."""
        self.minted += 1
        return f"a-{self.minted}"

    @property
    def quiet(self) -> bool:
        """Whether it is quiet: from 22:30 to 07:30 on the person's clock."""
        return not 5.5 <= self.now.hour + self.now.minute / 60 < 20.5

    def moment(self) -> Moment:
        """Now, with people coming and going."""
        return Moment(
            self.now,
            self.now + timedelta(hours=1) if self.quiet else None,
            self.mint,
            reserved=self.chance.choice((0, 0, 1)),
            away=self.chance.random() < 0.1,
            heard_in=lambda _: self.chance.random() < 0.8,
            private_in=lambda _: self.chance.random() < 0.5,
        )

    def restart(self) -> None:
        """All that is left is what was written down."""
        kept = json.loads(json.dumps(_MEMORY.dump_python(self.desk.memory, mode="json")))
        self.desk = self._desk()
        self.desk.memory = _MEMORY.validate_python(kept)

    def act(self) -> None:
        """Something happens."""
        what = self.chance.choice(
            ("offer", "offer", "joint", "answer", "wait", "wait", "wait", "fail", "restart", "end")
        )
        if what in ("offer", "joint"):
            group = f"step:{self.now.isoformat()}" if what == "joint" else ""
            for name in self.chance.sample(NAMES, 2 if group else 1):
                made = offer(self.engine, name, self.now)
                refusal = "you reported fever" if self.chance.random() < 0.1 else None
                self.offers[name] = replace(made, group=group, refusal=refusal)
        elif what == "answer":
            value = 5.0 if self.chance.random() < 0.1 else None
            prompt = self.chance.choice(("", *NAMES))
            event = PromptAnswered(
                at=self.now,
                source="x",
                person="anna",
                answer=self.chance.choice(ANSWERS),
                prompt=prompt,
                value=value,
            )
            self.desk.answered(event, self.now, lambda _: timedelta(minutes=20), quiet_at=lambda _: self.quiet)
        elif what == "wait":
            self.now += timedelta(minutes=self.chance.choice((1, 5, 10, 20, 45, 120)))
        elif what == "fail" and self.pending:
            self._fail(self.pending.pop())
        elif what == "restart":
            self.restart()
        elif what == "end" and self.offers:
            self.offers.pop(self.chance.choice(sorted(self.offers)))
        self.look()

    def _fail(self, action: str) -> None:
        event = ActionReturned(at=self.now, source="x", action=action, result="unreachable")
        failed = next((each for each in self.desk.memory.deliveries if each.action == action), None)
        counted = Counter(self.desk.memory.offered)
        self.desk.returned(event, self.moment())
        uncounted = counted - Counter(self.desk.memory.offered)
        if uncounted and failed is not None:  # nothing could carry it: it was not offered
            self.first.remove((next(iter(uncounted)), failed.words.own))

    def look(self) -> None:
        """Look at the desk, and at every promise."""
        seen = {delivery.action for delivery in self.desk.memory.deliveries}
        before = {name: prompt.repeated for name, prompt in self.desk.memory.prompts.items()}
        spoken = self.desk.steer(list(self.offers.values()), self.moment())
        new = [each for each in self.desk.memory.deliveries if each.action not in seen]
        self.pending = [each.action for each in new] or self.pending
        for each in new:
            parts = [self.offers[name] for name in each.words.parts]
            assert not self.quiet or any(part.urgent for part in parts), each.words
            assert all(part.refusal is None for part in parts)
            if each.words.how == "repeat":
                assert not any(before.get(part.name) for part in parts)
                for name in each.words.parts:
                    began = self.desk.memory.prompts[name].offered_at
                    assert began is not None
                    self.repeats[(name, began)] += 1
            if each.words.how == "" and not each.words.silent:
                self.first.append((self.now, each.words.own))
        for action in spoken.actions:
            if action.service == "tts.speak":
                sentences = re.split(r"(?<=[.?!]) ", str(action.data["message"]))
                assert all(len(sentence.split()) <= SPOKEN_WORDS for sentence in sentences), sentences
        self.check()

    def check(self) -> None:
        """Never too many, unless the surplus is the person's own; and nothing more than twice."""
        tonight = [own for at, own in self.first if self.now - at < COUNTS]
        assert sum(not own for own in tonight) <= AT_MOST
        assert all(tonight[AT_MOST:]), tonight
        assert all(count == 1 for count in self.repeats.values())


@pytest.mark.parametrize("seed", range(60))
def test_whatever_happens_there_are_never_too_many_prompts_nor_any_in_quiet_hours(seed: int) -> None:
    """For any order of offers, answers, failures, times and restarts."""
    night = Night(seed)
    for _ in range(120):
        night.act()
    assert night.first, "nothing was offered: this tells nothing"


def test_the_chance_is_a_fair_one() -> None:
    """Over all of it there are repeats, own reminders beyond the limit, joint prompts and evenings that are full."""
    repeats = beyond = 0
    for seed in range(20):
        night = Night(seed)
        for _ in range(120):
            night.act()
            beyond += len([at for at, _ in night.first if night.now - at < COUNTS]) > AT_MOST
        repeats += sum(night.repeats.values())
    assert repeats > 10
    assert beyond > 20


def test_time_is_aware() -> None:
    """What is remembered can be compared after a restart."""
    night = Night(1)
    night.offers["drink"] = offer(night.engine, "drink", night.now)
    night.look()
    night.restart()
    [at] = night.desk.memory.offered
    assert at.astimezone(UTC) == night.now

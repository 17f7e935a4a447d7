"""The way at night, lamps left to Adaptive Lighting, and what no lamp is ever told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from config.home import Home
from devices.actions import Action
from devices.events import BedChanged, DeviceReported, Event, PeerChanged, RoutineDue, TimePassed
from integration.assumed import AssumedHome
from rules.engine import Engine
from tests.rules.builders import BED, LAMP, ZONE, Evening, Maker, book, home, maker, profile

FLOOR, ADAPTIVE = "light.floor_led", "switch.adaptive_lighting_bedroom"
LATE = datetime(2026, 7, 15, 2, 0, tzinfo=ZONE).astimezone(UTC)
FADES = """
- id: warm
  says: Warm in the evening.
  when: {routine: wind_down}
  want: [{dim: bedroom, brightness: 30, kelvin: 2700, fade: 20 min}]
  priority: routine
- id: in-bed
  says: Dim in bed.
  when: {all: [{routine: wind_down}, {bed: occupied}]}
  want: [{dim: bedroom, brightness: 10, kelvin: 2200, fade: 15 min}]
  priority: comfort
- id: odd
  says: Less dim for a while.
  when: {routine: stretch}
  want: [{dim: bedroom, brightness: 50, kelvin: 3000, fade: 5 min}]
  priority: protection
"""


def place(**bedroom: Any) -> Home:  # noqa: ANN401
    """A bedroom with a lamp at the bed and one at the floor."""
    return home(cooling=[], path=[FLOOR], **bedroom)


def night(start: datetime = LATE, *, asleep: bool = True, **bedroom: Any) -> Evening:  # noqa: ANN401
    """Somebody sleeps; all lamps are off."""
    life = Evening(maker(profile(), place(**bedroom), []), start=start - timedelta(hours=1))
    life.report(FLOOR, "off")
    life.report(LAMP, "off")
    if asleep:
        life.bed(occupied=True)
    life.wait(hours=1)
    life.calls()
    return life


ON = (
    "light.turn_on",
    {"transition": 1.0, "brightness_pct": 5, "color_temp_kelvin": 2000},
)
OFF = ("light.turn_off", {"transition": 5.0})


def test_the_way_is_lit_at_once_and_goes_dark_after() -> None:
    """With the sensor's own word, not after the exit delay; until 5 minutes after the person is back."""
    life = night()
    life.bed(occupied=False)
    assert life.calls() == [ON]
    assert life.texts("path") == ["the way is lit: the bed is empty at night"]
    life.wait(minutes=20)
    life.bed(occupied=True)
    life.wait(minutes=4, seconds=59)
    assert life.calls() == []
    life.wait(seconds=2)
    assert life.calls() == [OFF]
    assert life.texts("path") == ["the way is not lit any more: the bed is occupied again"]
    life.wait(hours=6)
    assert life.calls() == []


def test_up_again_before_it_goes_off() -> None:
    """It simply stays on."""
    life = night()
    life.bed(occupied=False)
    life.wait(minutes=2)
    life.bed(occupied=True)
    life.wait(minutes=4)
    life.bed(occupied=False)
    life.calls()
    life.wait(minutes=30)
    assert life.calls() == []
    life.bed(occupied=True)
    life.wait(minutes=6)
    assert life.calls() == [OFF]


@pytest.mark.parametrize(
    ("attributes", "data"),
    [
        ({"min_color_temp_kelvin": 2200}, {"brightness_pct": 5, "color_temp_kelvin": 2200}),
        ({"supported_color_modes": ["hs"]}, {"brightness_pct": 5, "rgb_color": [255, 147, 41]}),
        ({"supported_color_modes": ["brightness"]}, {"brightness_pct": 5}),
        ({"supported_color_modes": ["onoff"]}, {}),
    ],
)
def test_amber_as_far_as_the_lamp_can(attributes: dict[str, object], data: dict[str, object]) -> None:
    """Colour temperature first, a colour where there is nothing else."""
    life = night()
    life.report(FLOOR, "off", attributes)
    life.bed(occupied=False)
    assert life.calls() == [("light.turn_on", {"transition": 1.0, **data})]


def test_a_lamp_that_is_on_is_left_as_it_is() -> None:
    """Before and after."""
    life = night()
    life.report(FLOOR, "on", {"brightness": 255})
    life.bed(occupied=False)
    life.wait(minutes=10)
    life.bed(occupied=True)
    life.wait(hours=8)
    assert life.calls() == []


@pytest.mark.parametrize(("state", "brightness"), [("off", 13), ("on", 200)])
def test_a_hand_on_it_wins(state: str, brightness: int) -> None:
    """Off stays off, brighter stays brighter, and neither is put out later."""
    life = night()
    life.bed(occupied=False)
    life.wait(minutes=1)
    life.calls()
    life.report(FLOOR, state, {"brightness": brightness})
    life.wait(minutes=10)
    life.bed(occupied=True)
    life.wait(hours=8)
    assert life.calls() == []


def test_at_the_rise_it_goes_off() -> None:
    """Whether the person came back or not."""
    life = night()
    life.bed(occupied=False)
    life.calls()
    life.wait(hours=5)
    assert life.calls() == []
    life.wait(hours=1)
    assert life.calls() == [OFF]


def test_just_before_the_rise_it_stays_long_enough() -> None:
    """Dark again in the middle of the way would be worse than no light at all."""
    life = night(datetime(2026, 7, 15, 7, 29, tzinfo=ZONE).astimezone(UTC))
    life.bed(occupied=False)
    assert life.calls() == [ON]
    life.wait(minutes=4, seconds=59)
    assert life.calls() == []
    life.wait(seconds=2)
    assert life.calls() == [OFF]
    life.bed(occupied=True)
    life.bed(occupied=False)
    assert life.calls() == []


def test_a_lamp_that_lost_its_power_on_the_way_is_not_lit_twice() -> None:
    """A loose contact must not flash."""
    life = night()
    life.bed(occupied=False)
    life.calls()
    for _ in range(5):
        life.report(FLOOR, "unavailable")
        life.report(FLOOR, "off")
        life.wait(seconds=30)
    assert life.calls() == []


def test_a_silent_sensor_keeps_it_on_and_never_starts_it() -> None:
    """Not known is not in bed, and not up."""
    life = night()
    life.bed(occupied=False)
    life.wait(minutes=1)
    life.calls()
    life.lost(BED, side="either")
    life.wait(hours=1)
    assert life.calls() == []
    life = night()
    life.lost(BED, side="either")
    life.wait(minutes=30)
    life.bed(occupied=False)
    life.wait(minutes=30)
    assert life.calls() == []


@pytest.mark.parametrize(("clock", "lain", "lit"), [(19, 60, False), (21, 60, True), (21, 3, False), (9, 60, False)])
def test_only_at_night_or_after_an_early_bedtime(clock: int, lain: int, *, lit: bool) -> None:
    """By day nobody needs it; sitting on the bed in the evening is no night."""
    life = night(datetime(2026, 7, 14, clock, 0, tzinfo=ZONE).astimezone(UTC), asleep=False)
    life.bed(occupied=True)
    life.wait(minutes=lain)
    life.bed(occupied=False)
    assert (life.calls() == [ON]) is lit


def test_a_fluttering_sensor_never_makes_it_flash() -> None:
    """On once, and off once it is quiet."""
    life = night()
    for _ in range(200):
        life.bed(occupied=False)
        life.wait(seconds=2)
        life.bed(occupied=True)
        life.wait(seconds=2)
    life.wait(minutes=10)
    assert life.services() == ["light.turn_on", "light.turn_off"]


def test_never_late() -> None:
    """Who got up a while ago would be startled: Home Assistant was away, or the word came late."""
    life = night()
    life.peer(up=False)
    life.bed(occupied=False)
    life.wait(minutes=3)
    life.peer(up=True)
    life.report(FLOOR, "off")
    life.wait(hours=1)
    assert life.calls() == []
    life = night()
    event = BedChanged(at=life.now, source=BED, id="late", room="bedroom", side="either", occupied=False)
    life.wait(minutes=3)
    life.event(TimePassed(at=life.now, source="clock", id="now"))
    life.event(event)
    assert life.calls() == []


def test_a_lamp_that_does_not_follow_is_not_lit_in_the_middle_of_the_night() -> None:
    """After two minutes it is too late, also for the attempts of later."""
    life = night()
    life.obeys = False
    life.bed(occupied=False)
    life.wait(minutes=2)
    assert len(life.calls()) > 1
    life.wait(hours=4)
    assert life.calls(FLOOR) == []


def test_no_bed_sensor_no_way() -> None:
    """Nothing says when somebody gets up."""
    life = Evening(maker(profile(), place(bed=None), []))
    assert life.engine.world.bedroom.path is None


def test_a_restart_in_the_middle_forgets_nothing() -> None:
    """Lit before, dark after."""
    life = night()
    life.restarts = True
    life.bed(occupied=False)
    life.wait(minutes=3)
    life.bed(occupied=True)
    life.wait(minutes=6)
    assert life.calls() == [ON, OFF]


# -- Adaptive Lighting


def adaptive(state: str) -> Evening:
    """The wind-down has begun, with its switch in this state."""
    life = Evening(maker(profile(), place(adaptive_lighting=ADAPTIVE), book(FADES)))
    life.report(ADAPTIVE, state)
    life.routine("wind_down")
    return life


@pytest.mark.parametrize(("state", "ours"), [("on", False), ("off", True), ("unavailable", True)])
def test_lamps_are_left_to_adaptive_lighting_while_it_is_on(state: str, *, ours: bool) -> None:
    """And it is said once."""
    life = adaptive(state)
    life.wait(hours=1)
    assert bool(life.calls(LAMP)) is ours
    said = [text for text in life.texts("lights") if "left to Adaptive Lighting" in text]
    assert len(said) == (0 if ours else 1)
    assert life.calls(ADAPTIVE) == []


def test_when_it_lets_go_we_go_on() -> None:
    """Also over a restart; a short absence changes nothing."""
    life = adaptive("on")
    life.restarts = True
    life.report(ADAPTIVE, "unavailable")
    life.wait(minutes=4)
    life.report(ADAPTIVE, "on")
    life.wait(minutes=30)
    assert life.calls(LAMP) == []
    life.report(ADAPTIVE, "off")
    assert len(life.calls(LAMP)) == 1
    life.report(ADAPTIVE, "on")
    life.report(LAMP, "on", {"brightness": 200})
    life.wait(hours=1)
    assert life.calls(LAMP) == []
    life.report(ADAPTIVE, "unavailable")
    life.wait(minutes=6)
    assert len(life.calls(LAMP)) == 1


# -- whatever happens


def chaotic() -> Maker:
    """A home whose lamps are dimmed by three rules."""
    return maker(profile(), place(adaptive_lighting=ADAPTIVE), book(FADES))


class Chaos:
    """A night of dims, hands, reports and restarts, with everything that must not happen."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.make = chaotic()
        self.engine: Engine = self.make()
        self.things = AssumedHome()
        self.now = LATE - timedelta(hours=self.dice.choice([2, 4, 6]))
        self.count = 0
        self.features = self.dice.choice([0, 32])
        self.flips: list[tuple[datetime, str]] = []
        self.dimmed = 0
        for lamp, state in ((LAMP, "on"), (FLOOR, "off")):
            self.report(lamp, state, {"supported_features": self.features})
        self.step(PeerChanged(**self.about("ha"), peer="home_assistant", up=True))

    def about(self, source: str) -> dict[str, Any]:
        """Time, source and id of the next event."""
        self.count += 1
        return {"at": self.now, "source": source, "id": f"e{self.count}"}

    def report(self, entity: str, state: str, changes: dict[str, object] | None = None) -> None:
        """A device says how it is."""
        attributes = {**self.things.state(entity)[1], **(changes or {})}
        if state in ("on", "off"):
            self.things.states[entity] = (state, attributes)
        if entity == FLOOR:
            self.flips.append((self.now, state))
        by_person = self.dice.choice([None, None, True])
        self.step(
            DeviceReported(**self.about(entity), entity=entity, state=state, attributes=attributes, by_person=by_person)
        )

    def step(self, event: Event) -> None:
        """One event, sometimes after a restart; the commands are looked at, and mostly obeyed."""
        if self.dice.random() < 0.1 and self.engine.started:
            kept = json.loads(json.dumps(self.engine.snapshot()))
            self.engine = self.make()
            self.engine.restore(kept)
        for action in self.engine.step(event).actions:
            if action.entity in (LAMP, FLOOR):
                self.check(action)
                if self.dice.random() < 0.85 and self.things.carry_out(action):
                    self.report(str(action.entity), *self.things.state(str(action.entity)))

    def check(self, action: Action) -> None:
        """Never up, never colder, never on; the way not on and off and on."""
        told = self.engine.world.devices[str(action.entity)].memory.reported
        assert told is not None
        if action.entity == FLOOR:
            self.flips.append((action.at, action.service))
            return
        self.dimmed += 1
        assert action.service == "light.turn_on"
        assert told["power"] is True
        level = action.data.get("brightness")
        percent = action.data.get("brightness_pct") if level is None else float(str(level)) / 2.55
        if percent is not None:
            assert float(str(percent)) < float(told["brightness"])
        if "color_temp_kelvin" in action.data:
            assert float(str(action.data["color_temp_kelvin"])) < float(told["kelvin"])

    def move(self) -> None:
        """Something happens."""
        dice = self.dice
        match dice.randrange(9):
            case 0 | 1 | 2:
                occupied = dice.random() < 0.5
                about = self.about(BED)
                self.step(BedChanged(**about, room="bedroom", side="either", occupied=occupied))
            case 3:
                routine = dice.choice(["wind_down", "stretch"])
                self.step(RoutineDue(**self.about("clock"), person="anna", routine=routine))
            case 4 | 5:
                changes: dict[str, object] = {
                    "brightness": dice.choice([3, 8, 26, 100, 180, 255]),
                    "color_temp_kelvin": dice.choice([2000, 2200, 2700, 4000, 6500]),
                }
                self.report(dice.choice([LAMP, LAMP, FLOOR]), dice.choice(["on", "on", "off", "unavailable"]), changes)
            case 6:
                self.report(ADAPTIVE, dice.choice(["on", "off", "off", "unavailable"]))
            case 7 if dice.random() < 0.3:
                up = dice.random() < 0.7
                self.step(PeerChanged(**self.about("ha"), peer="home_assistant", up=up))
            case _:
                self.step(TimePassed(**self.about("clock")))

    def live(self, moves: int) -> None:
        """Pauses of any length, woken when the engine asks for it."""
        for _ in range(moves):
            until = self.now + timedelta(seconds=self.dice.choice([0, 1, 2, 10, 30, 70, 400, 1500]))
            while (due := self.engine.world.agenda.next()) is not None and due <= until:
                self.now = max(self.now, due)
                self.step(TimePassed(**self.about("clock")))
            self.now = until
            self.move()


def test_whatever_happens_no_lamp_is_raised_and_none_flashes() -> None:
    """Arbitrary orders of dims, hands, reports and restarts, from fixed seeds."""
    dimmed = lit = 0
    for seed in range(120):
        chaos = Chaos(seed)
        chaos.live(60)
        dimmed, lit = dimmed + chaos.dimmed, lit + sum(what == "light.turn_on" for _, what in chaos.flips)
        for service in ("light.turn_on", "light.turn_off"):
            times = _changes(chaos.flips, service)
            assert all(after - before >= timedelta(minutes=5) for before, after in pairwise(times)), seed
    assert dimmed > 500
    assert lit > 50


def _changes(flips: list[tuple[datetime, str]], service: str) -> list[datetime]:
    """When the lamp was told this, without the tries of one command: it had not done it in between."""
    done, times = service.removeprefix("light.turn_"), list[datetime]()
    obeyed = True
    for at, what in flips:
        if what == service and obeyed:
            times.append(at)
        obeyed = what == done or (obeyed and what != service)
    return times

"""What cooling never does, whatever the thermometer, the bed, the devices, the clock and the person do."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.actions import Action
from devices.events import DeviceReported, PeerChanged, TimePassed
from integration.assumed import AssumedHome
from rules.decisions import Outcome
from tests.devices.control.rooms import TrueRoom
from tests.rules.builders import AC, BED, EVENING, FAN, ZONE, Evening, Maker, home, maker, profile

SLOW = os.environ.get("UNCLENCH_SLOW") == "1"
EXAMPLES = 400 if SLOW else 16
PLUG, PAD, BLIND = "switch.portable_ac", "switch.pad", "cover.bedroom"
CHILLS = (AC, PLUG, PAD)
COMPRESSORS = (AC, PLUG)

HOMES: dict[str, list[dict[str, Any]]] = {
    "plug": [{"switch": PLUG}],
    "climate": [{"climate": AC}],
    "all": [{"fan": FAN}, {"switch": PAD, "cools": "bed"}, {"cover": BLIND}, {"climate": AC}],
}
LIMIT_C, NIGHT_SPEED = 22.0, 40.0
STALE_AFTER = timedelta(minutes=30)
DWELL = timedelta(minutes=5)
HELD = timedelta(hours=2)
FALL_IN_AN_HOUR_C, HEARD_WRONG_C = 2.0, 0.4
UNMOVED = timedelta(minutes=45)
SWITCHINGS_A_NIGHT = 6
FLOOR_SLACK_C = 0.5
"""What a thermometer and the minimum run of a compressor hide."""
FALL_A_MINUTE_C = 0.1
"""Between two readings of a slow thermometer nobody knows how cold it is."""
FINAL_MINUTES = 30 + 120 + 40


def makers(which: str, sensitive_to: str) -> Maker:
    """A home of one of the three kinds, and a person."""
    person = profile(comfort={"sensitive_to": sensitive_to})
    return maker(person, home(cooling=HOMES[which], lights=[]))


@dataclass(slots=True)
class Trust:
    """Since when (in minutes lived) the sensors and devices have been what they say."""

    stuck: int = -10_000
    jumped: int = -10_000
    hand: int = -10_000
    clock: int = -10_000
    device: int = -10_000
    bias_c: float = 0.0
    asked: int = -10_000
    safety: int = -10_000


class Life(Evening):
    """A true room behind a thermometer that may lie, devices that may not obey, and everything that must not happen."""

    def __init__(
        self, make: Maker, floor_c: float, room: TrueRoom, *, start: datetime, climate: dict[str, Any]
    ) -> None:
        self.floor_c, self.room = floor_c, room
        self.minute = 0
        self.behaviour: dict[str, str] = {}  # of devices; all others do at once what they are told
        self.obeys_at: list[tuple[int, Action]] = []
        self.things = AssumedHome()
        self.dice = Random(7)
        self.thermometer, self.said_c, self.offset_c, self.pace = "ok", room.air, 0.0, 1
        self.slowest_pace = 0
        self.in_bed, self.bed_flaps = False, False
        self.trust = Trust()
        self.air: list[float] = []
        self.limit_kept: list[bool] = []
        self.lay: list[bool] = []
        self.flipped: dict[str, tuple[datetime, bool]] = {}  # confirmed power of compressors
        self.rested: dict[str, tuple[datetime, bool]] = {}  # setpoints to rest at
        self.held: dict[str, datetime] = {}
        self.insisted: dict[str, int] = {}
        self.switched_on: set[str] = set()
        self.by_hand: set[str] = set()  # what is on may be the person's
        self.unmoved: tuple[float, datetime] | None = None
        self.fan_switchings = 0
        self.compressor_ran = False
        self.log: list[tuple[str, str, str]] = []
        self.things.state(AC)[1].update(climate)
        super().__init__(make, start=start, obeys=False, up=False)
        for entity in self.engine.world.devices:
            self.tell(entity)
        self.peer(up=True)
        self.step_bed(occupied=False)

    # -- devices

    def tell(self, entity: str, *, by_person: bool | None = None) -> Outcome:
        """A device reports what it is."""
        state, attributes = self.things.state(entity)
        if entity in COMPRESSORS:
            power, last = state not in ("off", "unavailable"), self.flipped.get(entity)
            if last is None:
                self.flipped[entity] = self.now - DWELL, power
            elif last[1] is not power:
                self.flipped[entity] = self.now, power
        return self._step(
            DeviceReported(
                at=self.now,
                source=entity,
                id=self._id(),
                entity=entity,
                state=state,
                attributes=dict(attributes),
                by_person=by_person,
            )
        )

    def _step(self, event: Any) -> Outcome:  # noqa: ANN401
        fact = self.engine.world.facts["bedroom.temperature"]
        before = fact.number, fact.fresh and fact.at is not None
        outcome = self.engine.step(event)
        self._wake_at = outcome.wake_at
        after = fact.number, fact.fresh and fact.at is not None
        for action in outcome.actions:
            if action.entity is not None and not action.once:
                self._check(action, before, after)
                self.log.append((str(action.at), action.service, json.dumps([action.entity, action.data])))
        for action in outcome.actions:
            if action.entity is not None and not action.once:
                self._obey(action)
        return outcome

    def _obey(self, action: Action) -> None:
        entity = str(action.entity)
        behaviour = self.behaviour.get(entity, "obeys")
        if behaviour == "late":
            self.obeys_at.append((self.minute + 3, action))
        elif behaviour == "obeys":
            self.things.carry_out(action)
            self.tell(entity)

    def hand(self, entity: str, *, on: bool) -> None:
        """Somebody switches a device."""
        if entity not in self.engine.world.devices or self.behaviour.get(entity) == "gone":
            return
        state, attributes = self.things.state(entity)
        is_on = state not in ("off", "open")
        if is_on is on:
            return
        words = {"climate": ("off", "cool"), "cover": ("open", "closed")}.get(entity.partition(".")[0], ("off", "on"))
        changed = dict(attributes)
        if entity == BLIND:
            changed["current_position"] = 0 if on else 100
        self.things.states[entity] = words[on], changed
        self.trust.hand = self.minute
        self.by_hand.add(entity)
        self.flipped.pop(entity, None)
        self.rested.pop(entity, None)
        self.tell(entity, by_person=True)
        memory = self.engine.world.devices[entity].memory
        if memory.holds:
            self.held[entity], self.insisted[entity] = self.now + HELD, 0
            self.switched_on.discard(entity)

    # -- what must not happen

    def _check(self, action: Action, before: tuple[float, bool], after: tuple[float, bool]) -> None:
        entity, safety = str(action.entity), "at its floor" in action.reason
        power = _power(action)
        if action.service == "climate.set_temperature":
            celsius = self._celsius(action)
            assert celsius >= self.floor_c - 0.01, f"a setpoint of {celsius}"
            self._no_rest_within_the_dwell_time(action, celsius, safety=safety)
        if power and entity in CHILLS:
            assert any(fresh and celsius > self.floor_c for celsius, fresh in (before, after)), (before, after)
        if power is not None and entity in COMPRESSORS:
            at, was = self.flipped.get(entity, (self.now - DWELL, not power))
            assert was is power or action.at - at >= DWELL or self.trust.clock >= self.minute - 6, "switched too soon"
        if entity in self.held:
            if action.at >= self.held[entity]:
                del self.held[entity]
            else:
                assert safety, f"{action.service} within a hold: {action.reason}"
                self.insisted[entity] += action.service == "climate.set_hvac_mode" or power is False
                assert self.insisted[entity] <= 3, "the floor insists"
        if power:
            self.switched_on.add(entity)
        if entity == FAN:
            self._check_fan(action, power)

    def _celsius(self, action: Action) -> float:
        sent = float(str(action.data["temperature"]))
        fahrenheit = self.things.state(AC)[1].get("temperature_unit") == "°F"
        return (sent - 32) / 1.8 if fahrenheit else sent

    def _no_rest_within_the_dwell_time(self, action: Action, celsius: float, *, safety: bool) -> None:
        rests = celsius >= LIMIT_C + 1
        if safety:
            self.rested.pop(AC, None)
            self.trust.safety = self.minute
            return
        last = self.rested.get(AC)
        clear = self.trust.clock < self.minute - 6 and self.trust.device < self.minute - 12
        clear = clear and self.trust.safety < self.minute - 12
        clear = clear and AC not in self.by_hand and AC not in self.behaviour  # what was on gets its setpoint back
        if last is not None and last[1] is not rests and clear:
            assert action.at - last[0] >= DWELL, f"rests: {rests} after {action.at - last[0]}"
        if last is None or last[1] is not rests:
            self.rested[AC] = action.at, rests

    def _check_fan(self, action: Action, power: bool | None) -> None:
        if power is not None:
            self.fan_switchings += self.minute - self.trust.jumped > 60 and FAN not in self.behaviour
            assert self.fan_switchings <= SWITCHINGS_A_NIGHT, "the fan is switched on and off"
        speed = action.data.get("percentage")
        if speed is not None and self.in_bed and self.sleeps():
            assert float(str(speed)) <= NIGHT_SPEED

    def sleeps(self) -> bool:
        """Whether it is surely night on the person's clock."""
        hour = self.now.astimezone(ZONE).hour
        return hour >= 23 or hour < 6

    def calm(self) -> None:
        """Something happened that a fan may follow."""
        self.fan_switchings = 0

    # -- living

    def step_bed(self, *, occupied: bool) -> None:
        """The bed sensor speaks."""
        if occupied is not self.in_bed:
            self.calm()
        self.in_bed = occupied
        self.bed(occupied=occupied)

    def live(self, minutes: int) -> None:
        """Let minutes pass."""
        for _ in range(minutes):
            self.minute += 1
            cooled = self.cooled()
            self.air.append(self.room.run(1, cooled=cooled, in_bed=self.in_bed))
            self.lay.append(self.in_bed)
            self.wait(minutes=1)
            if self.bed_flaps and self.minute % 3 == 0:
                self.calm()
                self.bed(occupied=bool(self.minute % 2))
            while self.obeys_at and self.obeys_at[0][0] <= self.minute:
                action = self.obeys_at.pop(0)[1]
                if self.behaviour.get(str(action.entity)) != "gone":
                    self.things.carry_out(action)
                    self.tell(str(action.entity))
            if self.minute % self.pace == 0:
                self.measured()
            self._check_room()

    def cooled(self) -> bool:
        """Whether a compressor runs now."""
        if self.things.state(PLUG)[0] == "on":
            return True
        state, attributes = self.things.state(AC)
        if state != "cool":
            return False
        setpoint = float(str(attributes["temperature"]))
        setpoint = (setpoint - 32) / 1.8 if attributes.get("temperature_unit") == "°F" else setpoint
        self.compressor_ran = self.room.air > setpoint + (-0.5 if self.compressor_ran else 0.5)
        return self.compressor_ran

    def measured(self) -> None:
        """The thermometer says something, or not."""
        now = round(self.room.air + self.dice.gauss(0.0, 0.07), 1)
        match self.thermometer:
            case "ok":
                self._say(now)
            case "stuck":
                self.trust.stuck = self.minute
                self._say(self.said_c)
            case "biased":
                self.trust.jumped = self.minute
                self._say(round(now + self.offset_c, 1))
            case "jumping":
                self.trust.jumped = self.minute
                self._say(round(now + self.dice.choice([0, 0, 0, 0, -5, -3, -1, 1, 3, 5]), 1))
            case "absurd":
                self.trust.jumped = self.minute
                self._say(self.dice.choice([now, now, 85.0, -40.0, 0.0, 127.0, 71.6]))
            case "burst":
                for _ in range(12):
                    self._say(round(self.room.air + self.dice.gauss(0.0, 0.15), 1))
            case "out of order":
                self._say(now, at=self.now - timedelta(minutes=self.dice.choice([0, 0, 2, 7])))
            case "retained":
                self._say(self.said_c + 4.0, retained=True)

    def _say(self, celsius: float, **more: Any) -> None:  # noqa: ANN401
        if self.unmoved is None or self.unmoved[0] != celsius:
            self.unmoved = celsius, self.now
        self.said_c = celsius
        if celsius <= self.floor_c:
            self.calm()  # everything stops at the floor
        self.measure(celsius, **more)

    def _check_room(self) -> None:
        least, trust = self.floor_c - FLOOR_SLACK_C - self.slowest_pace * FALL_A_MINUTE_C, self.trust
        if self.minute - trust.jumped < 600:
            least -= 1.0 + max(trust.bias_c, 0.0)
        if self.minute - trust.hand > 300 and self.minute - trust.device > 300:
            assert self.room.air >= least, f"{self.room.air} in the room"
        self._check_plug()
        self.limit_kept.append(self.room.air < LIMIT_C)
        hour = slice(-60, None)
        honest = self.minute - max(trust.stuck, trust.jumped, trust.hand, trust.device, trust.clock) > 200
        if honest and len(self.air) > 60 and all(self.limit_kept[hour]) and all(self.lay[hour]):
            fall = max(self.air[-61:]) - self.air[-1]
            assert fall <= FALL_IN_AN_HOUR_C + HEARD_WRONG_C, f"{fall} in an hour"
        fan = self.things.state(FAN)
        if fan[0] == "on" and FAN in self.switched_on and self.in_bed and self.sleeps() and FAN not in self.behaviour:
            quick = float(str(fan[1].get("percentage") or 0)) > NIGHT_SPEED
            assert not quick or self.minute - max(trust.device, trust.clock, trust.hand) < 200, "the fan blows at night"

    def _check_plug(self) -> None:
        if PLUG not in self.switched_on or self.behaviour.get(PLUG) or self.minute - self.trust.device < 60:
            return
        if PLUG not in self.flipped:
            return
        at, on = self.flipped[PLUG]
        if on and self.unmoved is not None and self.minute - self.trust.clock > 60:
            alone = self.now - max(at, self.unmoved[1])
            assert alone <= UNMOVED, f"the plug has run for {alone} on one reading"

    # -- the end

    def fall_silent(self) -> None:
        """The thermometer is never heard again: nothing that we switched on stays on."""
        self.live(1)
        self.thermometer, self.bed_flaps = "silent", False
        for entity in list(self.behaviour):
            self.mend(entity)
        self.live(FINAL_MINUTES)
        for entity in self.switched_on - self.by_hand:
            assert self.things.state(entity)[0] in ("off", "open"), f"{entity} is still on"

    def mend(self, entity: str) -> None:
        """A device is there again and does what it is told."""
        if self.behaviour.pop(entity, "") and entity in self.engine.world.devices:
            self.trust.device = self.minute
            self.tell(entity)


def _power(action: Action) -> bool | None:
    if action.service.endswith((".turn_on", ".turn_off")):
        return action.service.endswith("on")
    if action.service == "cover.set_cover_position":
        return action.data["position"] == 0
    return action.data["hvac_mode"] != "off" if action.service == "climate.set_hvac_mode" else None


Move = tuple[str, Any]


def act(life: Life, move: Move) -> None:  # noqa: C901, PLR0912, PLR0915 (one case for each move)
    """One thing happens."""
    name, value = move
    match name:
        case "thermometer":
            life.thermometer, life.offset_c = value
            life.trust.bias_c = max(life.trust.bias_c, life.offset_c)
            if value[0] == "lost":
                life.lost()
        case "pace":
            life.pace, life.slowest_pace = value, max(value, life.slowest_pace)
        case "bed":
            life.bed_flaps = value == "flaps"
            if value == "lost":
                life.calm()
                life.lost(BED, side="either")
            elif value != "flaps":
                life.step_bed(occupied=value == "in")
        case "hand":
            life.calm()
            life.hand(value[0], on=value[1])
        case "device":
            entity, behaviour = value
            life.calm()
            if entity in life.engine.world.devices:
                life.mend(entity)
                life.trust.device = life.minute
                if behaviour != "obeys":
                    life.behaviour[entity] = behaviour
                if behaviour == "gone":
                    life.report(entity, "unavailable")
        case "say":
            life.calm()
            life.trust.asked = life.minute
            life.say(value)
        case "clock":
            life.calm()
            life.trust.clock = life.minute
            life.now += timedelta(minutes=value)
            by = timedelta(minutes=value)
            if value < 0:
                life.flipped = {entity: (at + by, on) for entity, (at, on) in life.flipped.items()}
                life.rested = {entity: (at + by, on) for entity, (at, on) in life.rested.items()}
                life.held = {entity: at + by for entity, at in life.held.items()}
            life.unmoved = None
            life.event(TimePassed(at=life.now, source="clock", id="shift"))
        case "peer":
            life.calm()
            life.trust.device = life.minute
            life.event(PeerChanged(at=life.now, source="ha", id="peer", peer="home_assistant", up=False))
            life.event(PeerChanged(at=life.now, source="ha", id="peer", peer="home_assistant", up=True))
            for entity in life.engine.world.devices:
                if life.behaviour.get(entity) != "gone":
                    life.tell(entity)
        case "restart":
            restart(life)


def restart(life: Life) -> None:
    """All that it knows is what the snapshot says."""
    snapshot = json.loads(json.dumps(life.engine.snapshot(), allow_nan=False))
    life.engine = life.make()
    life.engine.restore(snapshot)


DEVICES = st.sampled_from([AC, PLUG, FAN, PAD, BLIND])
STEPS = st.sampled_from([-2.0, -1.0, 1.0, 2.0])
moves: st.SearchStrategy[Move] = st.one_of(
    st.tuples(
        st.just("thermometer"), st.tuples(st.sampled_from(["ok", "ok", "stuck", "silent", "lost"]), st.just(0.0))
    ),
    st.tuples(
        st.just("thermometer"),
        st.tuples(st.sampled_from(["jumping", "absurd", "burst", "out of order", "retained"]), st.just(0.0)),
    ),
    st.tuples(st.just("thermometer"), st.tuples(st.just("biased"), STEPS)),
    st.tuples(st.just("pace"), st.sampled_from([1, 1, 5, 10])),
    st.tuples(st.just("bed"), st.sampled_from(["in", "in", "in", "out", "lost", "flaps"])),
    st.tuples(st.just("bed"), st.sampled_from(["in", "out"])),
    st.tuples(st.just("hand"), st.tuples(DEVICES, st.booleans())),
    st.tuples(st.just("device"), st.tuples(DEVICES, st.sampled_from(["gone", "ignores", "late", "obeys"]))),
    st.tuples(st.just("say"), st.sampled_from(["too_hot", "too_cold"])),
    st.tuples(st.just("clock"), st.sampled_from([-120, -61, -11, -3, 3, 20, 70, 200])),
    st.tuples(st.just("peer"), st.none()),
    st.tuples(st.just("restart"), st.none()),
)
spans = st.sampled_from([1, 2, 4, 7, 14, 25, 60, 120])
lives = st.lists(st.tuples(spans, moves), min_size=3, max_size=16)
rooms = st.builds(
    lambda air, outside, cools: TrueRoom(air=air, mass=air, outside=outside, cools=cools),
    st.sampled_from([19.0, 21.5, 22.5, 24.0, 27.0]),
    st.sampled_from([24.0, 27.0, 31.0]),
    st.sampled_from([4.0, 7.0, 8.0]),
)
starts = st.sampled_from([0, 2, 5, 10, 16]).map(lambda hours: EVENING + timedelta(hours=hours))
climates = st.sampled_from(
    [
        {},
        {"target_temp_step": 1.0},
        {"temperature_unit": "°F", "temperature": 79.0, "min_temp": 61.0, "max_temp": 86.0, "target_temp_step": 1.0},
    ]
)
FLOORS = {"heat": 16.0, "cold": 18.0}


def lived(
    which: str,
    sensitive_to: str,
    room: TrueRoom,
    start: datetime,
    climate: dict[str, Any],
    moves: list[tuple[int, Move]],
) -> Life:
    """A whole life."""
    copy = TrueRoom(air=room.air, mass=room.mass, outside=room.outside, cools=room.cools)
    life = Life(makers(which, sensitive_to), FLOORS[sensitive_to], copy, start=start, climate=dict(climate))
    life.live(3)
    for minutes, move in moves:
        act(life, move)
        life.live(minutes)
    return life


@pytest.mark.timeout(3600 if SLOW else 120)
@pytest.mark.parametrize("sensitive_to", ["heat", "cold"])
@pytest.mark.parametrize("which", list(HOMES))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not SLOW,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=True,
)
@given(room=rooms, start=starts, climate=climates, life=lives)
def test_the_bounds_hold_whatever_happens(
    which: str,
    sensitive_to: str,
    room: TrueRoom,
    start: datetime,
    climate: dict[str, Any],
    life: list[tuple[int, Move]],
) -> None:
    """Floor, dwell times, hands, a doubted thermometer, the night's quiet, and everything off in the end."""
    lived(which, sensitive_to, room, start, climate, life).fall_silent()


@pytest.mark.timeout(3600 if SLOW else 120)
@pytest.mark.parametrize("which", list(HOMES))
@settings(
    max_examples=EXAMPLES // 2,
    deadline=None,
    derandomize=not SLOW,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=True,
)
@given(room=rooms, start=starts, life=lives, every=st.sampled_from([1, 2, 3]))
def test_a_restart_changes_nothing(
    which: str, room: TrueRoom, start: datetime, life: list[tuple[int, Move]], every: int
) -> None:
    """The same life with restarts in between: the same actions, and the same snapshot in the end."""
    once = [(minutes, move) for minutes, move in life if move[0] != "restart"]
    more: list[tuple[int, Move]] = []
    for index, (minutes, move) in enumerate(once):
        more += [(0, ("restart", None))] if index % every == 0 else []
        more.append((minutes, move))
    plain, restarted = (lived(which, "cold", room, start, {}, moves) for moves in (once, more))
    assert plain.log == restarted.log
    assert plain.engine.snapshot() == restarted.engine.snapshot()

"""Whatever happens, in whatever order: what the engine never does."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.actions import Action
from devices.events import (
    ActionReturned,
    BedChanged,
    DeviceReported,
    Event,
    HoldChanged,
    PeerChanged,
    PromptAnswered,
    RoomMeasured,
    RoutineDue,
    SelfReported,
    SourceLost,
    SymptomLogged,
    TimePassed,
)
from devices.readings import Kind
from rules.decisions import Outcome
from rules.engine import Engine
from tests.rules.builders import AC, BED, EVENING, FAN, LAMP, PHONE, THERMOMETER, home, maker, profile, shipped

SLOW = os.environ.get("UNCLENCH_SLOW") == "1"
EXAMPLES = 3000 if SLOW else 250
FLOOR_C = 17.0
PUMP = "switch.mattress_pump"
BLIND = "cover.bedroom_blind"
HEATING = ("heat", "heat_cool", "auto")
MIN_RUN = MIN_PAUSE = timedelta(minutes=5)

_MAKERS = [
    maker(
        profile(units=units, comfort={"floor": floor}, prompts={"channels": [{"notify": PHONE}], "wash": WASH}),
        home(
            cooling=[
                {"climate": AC},
                {"fan": FAN, "after": "10 min", "min_run": "5 min", "min_pause": "5 min"},
                {"switch": PUMP, "after": "2 min"},
                {"cover": BLIND, "min_run": "5 min", "min_pause": "5 min"},
            ]
        ),
        shipped(),
    )
    for units, floor in (("C", "17 C"), ("F", "17 C"))
    for WASH in [{"enabled": True, "heat_sensitive": "yes", "gets_out": "alone"}]
]

numbers = st.one_of(
    st.floats(15.0, 26.0).map(lambda value: round(value, 1)),
    st.sampled_from([16.9, 17.0, 17.1, 17.5, 21.5, 22.0, 24.0]),
    st.floats(-10.0, 50.0),
)
garbage = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**320), 10**320),
    st.floats(),
    st.text(max_size=4),
    st.lists(st.sampled_from(["off", "cool", "heat", 7, None]), max_size=3),
)
names = st.sampled_from(
    [
        "temperature",
        "temperature_unit",
        "target_temp_step",
        "min_temp",
        "max_temp",
        "hvac_modes",
        "hvac_action",
        "percentage",
        "percentage_step",
        "current_position",
        "brightness",
        "color_temp_kelvin",
        "supported_color_modes",
        "supported_features",
        "min_color_temp_kelvin",
        "max_color_temp_kelvin",
    ]
)
sane = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.sampled_from([16, 18.5, 21, 21.0, 26, 60, 70.0]),
        "temperature_unit": st.sampled_from(["°C", "°F"]),
        "target_temp_step": st.sampled_from([0.1, 0.5, 1]),
        "min_temp": st.sampled_from([10, 16, 61]),
        "max_temp": st.sampled_from([15, 30, 86]),
        "hvac_modes": st.just(["off", "cool", "heat", "dry", "heat_cool"]),
        "hvac_action": st.sampled_from(["cooling", "heating", "idle"]),
        "percentage": st.sampled_from([0, 33, 40, 66, 100]),
        "percentage_step": st.sampled_from([1.0, 33.333]),
        "current_position": st.sampled_from([0, 4, 30, 96, 100]),
        "brightness": st.sampled_from([0, 3, 26, 128, 255]),
        "color_temp_kelvin": st.sampled_from([2000, 2200, 4000]),
        "supported_color_modes": st.just(["color_temp"]),
        "supported_features": st.sampled_from([0, 32, 44]),
    },
)
attributes = st.one_of(sane, st.dictionaries(names, garbage, max_size=4))
states = {
    AC: ["off", "cool", "heat", "dry", "heat_cool", "unavailable", "unknown", ""],
    FAN: ["off", "on", "unavailable", "unknown"],
    PUMP: ["off", "on", "unavailable", "on"],
    BLIND: ["open", "opening", "closing", "closed", "unavailable"],
    LAMP: ["off", "on", "on", "unavailable"],
    PHONE: ["unknown", "unavailable"],
}

moves: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    st.tuples(st.just("measure"), st.tuples(numbers, st.booleans(), st.integers(0, 120))),
    st.tuples(st.just("measure"), st.tuples(st.sampled_from([16.9, 17.6, 22.4, 23.0]), st.just(False), st.just(0))),
    st.tuples(st.just("humidity"), st.floats(0, 100)),
    st.tuples(st.just("bed"), st.booleans()),
    st.tuples(st.just("lost"), st.booleans()),
    st.sampled_from(sorted(states)).flatmap(
        lambda entity: st.tuples(
            st.just("report"),
            st.tuples(
                st.just(entity), st.sampled_from(states[entity]), attributes, st.sampled_from([None, None, True, False])
            ),
        )
    ),
    st.tuples(st.just("obey"), st.integers(0, 3)),
    st.tuples(st.just("obey"), st.integers(0, 3)),
    st.tuples(
        st.just("returned"),
        st.tuples(st.integers(0, 3), st.sampled_from(["sent", "refused", "unreachable", "expired", "?"])),
    ),
    st.tuples(st.just("peer"), st.booleans()),
    st.tuples(st.just("routine"), st.sampled_from(["wind_down", "stretch", "wash", "nothing"])),
    st.tuples(
        st.just("say"),
        st.tuples(
            st.sampled_from(["fever", "stress", "poor_sleep", "nothing"]), st.sampled_from([True, False, 3.0, 8.0])
        ),
    ),
    st.tuples(st.just("symptom"), st.sampled_from([None, 3.0, 9.0])),
    st.tuples(
        st.just("answer"),
        st.tuples(st.sampled_from(["done", "later", "skip"]), st.sampled_from(["", "stretch", "nothing"])),
    ),
    st.tuples(st.just("hold"), st.tuples(st.sampled_from([AC, FAN, LAMP, "fan.other"]), st.integers(0, 200))),
    st.tuples(st.just("time"), st.none()),
)
pauses = st.one_of(st.sampled_from([0, 1, 5, 20, 65, 70, 300, 301]), st.integers(0, 4000), st.integers(0, 90_000))
hasty = st.one_of(
    st.tuples(st.just("measure"), st.tuples(st.sampled_from([16.9, 20.0, 23.0]), st.just(False), st.just(0))),
    st.tuples(st.just("obey"), st.integers(0, 1)),
    st.tuples(st.just("bed"), st.booleans()),
)
"""A room that changes its mind, and devices that obey at once: for dwell times."""
lives = st.one_of(
    st.lists(st.tuples(pauses, st.booleans(), moves), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 90), st.just(True), hasty), min_size=4, max_size=40),
)


class Watch:
    """What has been sent so far, and everything that must not have been."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.flips: dict[str, tuple[bool, Any]] = {}
        self.on_its_way: dict[str, Action] = {}
        self.lamp: dict[str, Any] = {}  # as it was reported before the step

    def look(self, event: Event, believed: tuple[float, bool], outcome: Outcome) -> None:
        """Check the actions of one step. ``believed``: the temperature and its freshness before it."""
        if isinstance(event, DeviceReported):
            self.on_its_way.pop(event.entity, None)
        for action in outcome.actions:
            if not (isinstance(event, DeviceReported) and event.entity == action.entity):
                self._one_at_a_time(action)
            self._no_flip_within_the_dwell_time(action)
            fact = self.engine.world.facts["bedroom.temperature"]
            # Moments that came due before the event knew only what was known before it.
            assert action.data.get("hvac_mode") not in HEATING, "the room is never heated"
            self._never_below_the_floor(action, (fact.number, fact.fresh), believed)
            self._lamps_only_down(action)
        self.lamp = dict(self.engine.world.devices[LAMP].memory.reported or {})
        self._arrived(event)
        assert outcome.wake_at is None or outcome.wake_at > self.engine.now

    def _arrived(self, event: Event) -> None:
        """What ends the wait for a command, beside a report of its device: the edge's word, Home Assistant gone."""
        if isinstance(event, PeerChanged):
            self.on_its_way.clear()
        elif isinstance(event, ActionReturned) and event.result != "sent":
            self.on_its_way = {entity: each for entity, each in self.on_its_way.items() if each.id != event.action}

    def _one_at_a_time(self, action: Action) -> None:
        if action.entity is None or action.once:
            return
        last = self.on_its_way.get(action.entity)
        patience = self.engine.world.devices[action.entity].kind.confirm_within
        assert last is None or action.at - last.at >= patience, "a command while another is on its way"
        self.on_its_way[action.entity] = action

    def _no_flip_within_the_dwell_time(self, action: Action) -> None:
        power = _power(action)
        if power is None or action.entity is None:
            return
        last = self.flips.get(action.entity)
        if last is not None and last[0] is not power:
            assert action.at - last[1] >= min(MIN_RUN, MIN_PAUSE)
        self.flips[action.entity] = (power, action.at)

    def _never_below_the_floor(self, action: Action, *believed: tuple[float, bool]) -> None:
        if _power(action) and action.entity in (AC, FAN, PUMP, BLIND):
            assert any(fresh and celsius > FLOOR_C for celsius, fresh in believed)
        if action.service == "climate.set_temperature":
            sent = float(str(action.data["temperature"]))
            fahrenheit = self.engine.world.devices[AC].memory.attributes.get("temperature_unit") == "°F"
            assert (sent - 32) / 1.8 >= FLOOR_C - 0.01 if fahrenheit else sent >= FLOOR_C

    def _lamps_only_down(self, action: Action) -> None:
        if action.entity != LAMP:
            return
        # What came due before the event was sent before it.
        seen = [lamp for lamp in (self.lamp, self.engine.world.devices[LAMP].memory.reported) if lamp]
        assert any(lamp["power"] for lamp in seen)
        if action.service == "light.turn_off":
            assert self.engine.world.bedroom.surely_in_bed()
            return
        assert action.service == "light.turn_on"
        if "brightness_pct" in action.data:
            sent = float(str(action.data["brightness_pct"]))
            assert sent < max(float(lamp["brightness"]) for lamp in seen if lamp["power"])


def _power(action: Action) -> bool | None:
    if action.service in ("fan.turn_on", "switch.turn_on"):
        return True
    if action.service in ("fan.turn_off", "switch.turn_off"):
        return False
    if action.service.startswith("cover."):
        return action.service == "cover.close_cover" or action.data.get("position") == 0
    return action.data["hvac_mode"] != "off" if action.service == "climate.set_hvac_mode" else None


class Life:
    """Turns moves into events, the same for every engine that lives them."""

    def __init__(self) -> None:
        self.now = EVENING
        self.count = 0
        self.sent: list[Action] = []

    def event(self, name: str, value: Any) -> Event:  # noqa: ANN401, C901, PLR0911, PLR0912 (one line for each)
        """The event of a move, now."""
        self.count += 1
        about: dict[str, Any] = {"at": self.now, "source": "life", "id": f"e{self.count}"}
        match name:
            case "measure":
                celsius, retained, age = value
                about |= {"source": THERMOMETER, "at": self.now - timedelta(minutes=age)}
                return RoomMeasured(
                    **about, room="bedroom", quantity=Kind.TEMPERATURE, value=celsius, retained=retained
                )
            case "lost":
                about |= {"source": BED if value else THERMOMETER}
                quantity = Kind.OCCUPIED if value else Kind.TEMPERATURE
                return SourceLost(**about, room="bedroom", quantity=quantity, side="either" if value else "")
            case "humidity":
                return RoomMeasured(**about, room="bedroom", quantity=Kind.HUMIDITY, value=value)
            case "bed":
                return BedChanged(**{**about, "source": BED}, room="bedroom", side="either", occupied=value)
            case "report":
                entity, state, attributes_, by_person = value
                return DeviceReported(**about, entity=entity, state=state, attributes=attributes_, by_person=by_person)
            case "obey":
                return self._obeyed(value, about)
            case "returned":
                action = self.sent[-1 - value[0]].id if len(self.sent) > value[0] else "none"
                return ActionReturned(**about, action=action, result=value[1])
            case "peer":
                return PeerChanged(**about, peer="home_assistant", up=value)
            case "routine":
                return RoutineDue(**about, person="anna", routine=value)
            case "say":
                return SelfReported(**about, person="anna", trigger=value[0], value=value[1])
            case "symptom":
                return SymptomLogged(**about, person="anna", symptom="spasm", severity=value)
            case "answer":
                return PromptAnswered(**about, person="anna", answer=value[0], prompt=value[1])
            case "hold":
                until = self.now + timedelta(minutes=value[1]) if value[1] else None
                return HoldChanged(**about, person="anna", entity=value[0], until=until)
            case _:
                return TimePassed(**about)

    def _obeyed(self, back: int, about: dict[str, Any]) -> Event:
        """One of the last commands takes effect, late or doubled."""
        commands = [action for action in self.sent if action.entity in (AC, FAN, PUMP, LAMP)]
        if len(commands) <= back:
            return TimePassed(**about)
        action = commands[-1 - back]
        power = _power(action)
        state = "cool" if action.entity == AC else "on"
        done: dict[str, object] = {
            "hvac_modes": ["off", "cool", "heat"],
            "supported_color_modes": ["color_temp"],
            **action.data,
        }
        if isinstance(level := action.data.get("brightness_pct"), (int, float)):
            done["brightness"] = level * 2.55
        return DeviceReported(
            **about, entity=str(action.entity), state="off" if power is False else state, attributes=done
        )


def lead_in(air_conditioner: str = "off") -> list[tuple[int, bool, tuple[str, Any]]]:
    """Home Assistant is there, a warm room, somebody in bed: so that most lives have something to lose."""
    modes = {"hvac_modes": ["off", "cool", "heat"], "temperature": 26.0}
    lamp = {
        "brightness": 255,
        "supported_color_modes": ["color_temp"],
        "color_temp_kelvin": 4000,
        "supported_features": 32,
    }
    return [
        (0, True, ("report", (AC, air_conditioner, modes, None))),
        (0, True, ("report", (FAN, "off", {"percentage": 0, "percentage_step": 1.0}, None))),
        (0, True, ("report", (PUMP, "off", {}, None))),
        (0, True, ("report", (LAMP, "on", lamp, None))),
        (0, True, ("peer", True)),
        (0, True, ("measure", (23.0, False, 0))),
        (0, True, ("bed", True)),
    ]


@pytest.mark.timeout(1800 if SLOW else 120)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=True,
)
@given(st.sampled_from([0, 1]), st.sampled_from(["", "off", "heat", "heat_cool"]), lives)
def test_whatever_happens(which: int, lead: str, life: list[tuple[int, bool, tuple[str, Any]]]) -> None:
    """No exception, none of the forbidden actions, and a restart at every point changes nothing."""
    make = _MAKERS[which]
    engine, other = make(), make()
    watch, world = Watch(engine), Life()
    for pause, woken, (name, value) in [*(lead_in(lead) if lead else []), *life]:
        until = world.now + timedelta(seconds=pause)
        while woken and (due := engine.world.agenda.next()) is not None and due <= until and engine.now < until:
            world.now = max(due, world.now)
            other = _both(make, engine, other, watch, world, "time", None)
        world.now = until
        other = _both(make, engine, other, watch, world, name, value)


def _both(make: Any, engine: Engine, other: Engine, watch: Watch, life: Life, name: str, value: Any) -> Engine:  # noqa: ANN401
    event = life.event(name, value)
    fact = engine.world.facts["bedroom.temperature"]
    believed = fact.number, fact.fresh
    outcome = engine.step(event)
    watch.look(event, believed, outcome)
    life.sent += outcome.actions
    if other.now.year > 1:
        restarted = make()
        restarted.restore(json.loads(json.dumps(other.snapshot(), allow_nan=False)))
        other = restarted
    same = other.step(event)
    assert same == outcome
    assert other.snapshot() == engine.snapshot()
    return other

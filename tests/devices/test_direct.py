"""Devices on their own MQTT topics: what each dialect is told, what it says, and what is not believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.home import MQTT_KINDS, MqttDevice
from devices.actions import Action
from devices.control.climate import Climate
from devices.control.kind import Call
from devices.control.kinds import kind_of
from devices.direct import DirectDevice, State
from devices.readings import Message

AT = datetime(2026, 7, 14, 22, tzinfo=UTC)
TOPIC = {
    "zigbee2mqtt": "zigbee2mqtt/it",
    "esphome": "home/node/KIND/it",  # a topic_prefix may have a slash
    "tasmota": "it",
    "plain": "plain/it/set",
}
DialectName = Literal["zigbee2mqtt", "esphome", "tasmota", "plain"]
KINDS = [(dialect, kind) for dialect, kinds in MQTT_KINDS.items() for kind in kinds]


def device_of(dialect: DialectName, kind: str, state: str | None = None) -> DirectDevice:
    """A device that said nothing yet."""
    settings = MqttDevice(dialect=dialect, topic=TOPIC[dialect].replace("KIND", kind), state=state)
    return DirectDevice(f"{kind}.it", settings)


def hear(device: DirectDevice, topic: str, payload: object, *, retained: bool = False) -> State | None:
    """Let it speak."""
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return device.hear(Message(topic=topic, payload=text.encode(), retained=retained))


def told(device: DirectDevice, service: str, **data: object) -> list[tuple[str, object]]:
    """What is published for an action."""
    action = Action(
        id="robin-1",
        at=AT,
        expires_at=AT + timedelta(seconds=60),
        service=service,
        entity=device.entity,
        data=data,
        reason="it is warm",
        causes=(),
    )
    return [(each.topic, each.payload) for each in device.commands(action)]


@pytest.mark.parametrize(
    ("dialect", "kind", "service", "data", "published"),
    [
        ("zigbee2mqtt", "switch", "turn_on", {}, [("zigbee2mqtt/it/set", {"state": "ON"})]),
        ("zigbee2mqtt", "switch", "turn_off", {}, [("zigbee2mqtt/it/set", {"state": "OFF"})]),
        ("zigbee2mqtt", "fan", "turn_on", {}, [("zigbee2mqtt/it/set", {"state": "ON"})]),
        ("zigbee2mqtt", "fan", "turn_off", {}, [("zigbee2mqtt/it/set", {"state": "OFF"})]),
        (
            "zigbee2mqtt",
            "light",
            "turn_on",
            {"brightness_pct": 40, "color_temp_kelvin": 2700, "transition": 1800.0},
            [("zigbee2mqtt/it/set", {"brightness": 102, "color_temp": 370, "transition": 1800})],
        ),
        ("zigbee2mqtt", "light", "turn_on", {"brightness_pct": 1}, [("zigbee2mqtt/it/set", {"brightness": 3})]),
        (
            "zigbee2mqtt",
            "climate",
            "set_hvac_mode",
            {"hvac_mode": "cool"},
            [("zigbee2mqtt/it/set", {"system_mode": "cool"})],
        ),
        (
            "zigbee2mqtt",
            "climate",
            "set_hvac_mode",
            {"hvac_mode": "off"},
            [("zigbee2mqtt/it/set", {"system_mode": "off"})],
        ),
        (
            "zigbee2mqtt",
            "climate",
            "set_temperature",
            {"temperature": 21.5},
            [("zigbee2mqtt/it/set", {"occupied_cooling_setpoint": 21.5})],
        ),
        ("esphome", "switch", "turn_on", {}, [("home/node/switch/it/command", "ON")]),
        ("esphome", "switch", "turn_off", {}, [("home/node/switch/it/command", "OFF")]),
        ("esphome", "fan", "turn_on", {"percentage": 40.0}, [("home/node/fan/it/command", "ON")]),
        ("esphome", "fan", "turn_off", {}, [("home/node/fan/it/command", "OFF")]),
        (
            "esphome",
            "light",
            "turn_on",
            {"brightness_pct": 40, "color_temp_kelvin": 2700, "transition": 1800.0},
            [("home/node/light/it/command", {"brightness": 102, "color_temp": 370, "transition": 1800})],
        ),
        ("esphome", "climate", "set_hvac_mode", {"hvac_mode": "cool"}, [("home/node/climate/it/mode/command", "cool")]),
        ("esphome", "climate", "set_hvac_mode", {"hvac_mode": "off"}, [("home/node/climate/it/mode/command", "off")]),
        (
            "esphome",
            "climate",
            "set_temperature",
            {"temperature": 21.5},
            [("home/node/climate/it/target_temperature/command", "21.5")],
        ),
        ("tasmota", "switch", "turn_on", {}, [("cmnd/it/POWER", "ON")]),
        ("tasmota", "switch", "turn_off", {}, [("cmnd/it/POWER", "OFF")]),
        ("tasmota", "fan", "turn_on", {}, [("cmnd/it/POWER", "ON")]),
        ("tasmota", "light", "turn_on", {"brightness_pct": 40}, [("cmnd/it/Dimmer", "40")]),
        (
            "tasmota",
            "light",
            "turn_on",
            {"brightness_pct": 0.2, "color_temp_kelvin": 2700},
            [("cmnd/it/CT", "370"), ("cmnd/it/Dimmer", "1")],
        ),
        ("zigbee2mqtt", "light", "turn_on", {"brightness": 51}, [("zigbee2mqtt/it/set", {"brightness": 51})]),
        ("tasmota", "light", "turn_on", {"brightness": 51}, [("cmnd/it/Dimmer", "20")]),
        (
            "zigbee2mqtt",
            "light",
            "turn_off",
            {"transition": 5.0},
            [("zigbee2mqtt/it/set", {"state": "OFF", "transition": 5})],
        ),
        ("esphome", "light", "turn_off", {}, [("home/node/light/it/command", {"state": "OFF"})]),
        ("tasmota", "light", "turn_off", {"transition": 5.0}, [("cmnd/it/POWER", "OFF")]),
        ("plain", "switch", "turn_on", {}, [("plain/it/set", "ON")]),
        ("plain", "fan", "turn_off", {}, [("plain/it/set", "OFF")]),
    ],
)
def test_what_is_published_for_an_action(
    dialect: DialectName, kind: str, service: str, data: dict[str, object], published: list[object]
) -> None:
    device = device_of(dialect, kind)
    sent = told(device, f"{kind}.{service}", **data)
    assert sent == published
    for _, payload in sent:  # ESPHome leaves out a number with a decimal point
        assert (
            not isinstance(payload, dict)
            or kind == "climate"
            or not any(isinstance(v, float) for v in payload.values())
        )


LAMP: dict[str, object] = {"supported_color_modes": ["brightness"], "supported_features": 32}


@pytest.mark.parametrize(
    ("dialect", "kind", "topic", "said", "state"),
    [
        ("zigbee2mqtt", "switch", "zigbee2mqtt/it", {"state": "ON", "linkquality": 90}, ("on", {})),
        ("zigbee2mqtt", "switch", "zigbee2mqtt/it", {"state": "OFF"}, ("off", {})),
        ("zigbee2mqtt", "switch", "zigbee2mqtt/it", {"linkquality": 90}, None),
        ("zigbee2mqtt", "fan", "zigbee2mqtt/it", {"state": "ON", "fan_state": "OFF"}, ("off", {})),
        ("zigbee2mqtt", "fan", "zigbee2mqtt/it", {"state": "ON"}, ("on", {})),
        (
            "zigbee2mqtt",
            "light",
            "zigbee2mqtt/it",
            {"state": "ON", "brightness": 127},
            ("on", {**LAMP, "brightness": 128}),
        ),
        (
            "zigbee2mqtt",
            "light",
            "zigbee2mqtt/it",
            {"state": "ON", "brightness": 254, "color_temp": 250},
            (
                "on",
                {**LAMP, "brightness": 255, "supported_color_modes": ["color_temp"], "color_temp_kelvin": 4000},
            ),
        ),
        ("zigbee2mqtt", "light", "zigbee2mqtt/it", {"state": "OFF", "brightness": None}, ("off", LAMP)),
        (
            "zigbee2mqtt",
            "climate",
            "zigbee2mqtt/it",
            {"system_mode": "cool", "occupied_cooling_setpoint": 22, "occupied_heating_setpoint": 18},
            ("cool", {"temperature": 22.0}),
        ),
        (
            "zigbee2mqtt",
            "climate",
            "zigbee2mqtt/it",
            {"system_mode": "cool", "current_heating_setpoint": 22},
            ("cool", {"temperature": 22.0}),
        ),
        ("zigbee2mqtt", "climate", "zigbee2mqtt/it", {"system_mode": "cool", "state": "OFF"}, ("off", {})),
        ("zigbee2mqtt", "climate", "zigbee2mqtt/it", {"system_mode": "nonsense"}, None),
        ("esphome", "switch", "home/node/switch/it/state", "ON", ("on", {})),
        ("esphome", "fan", "home/node/fan/it/state", "OFF", ("off", {})),
        (
            "esphome",
            "light",
            "home/node/light/it/state",
            {"state": "ON", "brightness": 51, "color_mode": "brightness", "color": {}},
            ("on", {**LAMP, "brightness": 51}),
        ),
        ("esphome", "climate", "home/node/climate/it/mode/state", "COOL", ("cool", {})),
        ("esphome", "climate", "home/node/climate/it/target_temperature/state", "21.5", None),
        ("tasmota", "switch", "stat/it/RESULT", {"POWER": "ON"}, ("on", {})),
        ("tasmota", "switch", "stat/it/RESULT", {"POWER1": "OFF"}, ("off", {})),
        ("tasmota", "switch", "stat/it/RESULT", {"Restart": "Restarting"}, None),
        ("tasmota", "switch", "tele/it/STATE", {"Time": "2026-07-14T22:00:00", "POWER": "ON"}, ("on", {})),
        (
            "tasmota",
            "fan",
            "tele/it/STATE",
            {"POWER1": "ON", "FanSpeed": 0},
            ("off", {"percentage": 0, "percentage_step": 100 / 3}),
        ),
        (
            "tasmota",
            "light",
            "tele/it/STATE",
            {"POWER": "ON", "Dimmer": 40, "CT": 500},
            (
                "on",
                {
                    "supported_color_modes": ["color_temp"],
                    "brightness": 102,
                    "color_temp_kelvin": 2000,
                    "min_color_temp_kelvin": 2000,
                    "max_color_temp_kelvin": 6535,
                },
            ),
        ),
        ("plain", "switch", "plain/it", "on", ("on", {})),
        ("plain", "fan", "plain/it", "OFF", ("off", {})),
        ("plain", "switch", "plain/it", "perhaps", None),
    ],
)
def test_what_a_device_says_is_read(
    dialect: DialectName, kind: str, topic: str, said: object, state: State | None
) -> None:
    device = device_of(dialect, kind, "plain/it" if dialect == "plain" else None)
    assert topic in device.topics
    assert hear(device, topic, said) == state


@pytest.mark.parametrize(
    ("dialect", "topic", "state_topic", "on"),
    [
        ("zigbee2mqtt", "zigbee2mqtt/it/availability", "zigbee2mqtt/it", {"state": "ON"}),
        ("esphome", "home/node/status", "home/node/switch/it/state", "ON"),
        ("tasmota", "tele/it/LWT", "stat/it/RESULT", {"POWER": "ON"}),
    ],
)
@pytest.mark.parametrize("write", [str, lambda word: {"state": word}])
def test_a_device_that_is_away_is_gone_and_its_old_state_with_it(
    dialect: DialectName, topic: str, state_topic: str, on: object, write: Callable[[str], object]
) -> None:
    """What comes back after a power cut may be off: only what it says then counts."""
    device = device_of(dialect, "switch")
    assert hear(device, topic, write("online"), retained=True) == ("unknown", {})
    assert hear(device, state_topic, on) == ("on", {})
    assert hear(device, topic, write("Online")) == ("on", {})
    assert hear(device, topic, write("Offline")) == ("unavailable", {})
    assert hear(device, topic, write("online")) == ("unknown", {})
    assert hear(device, state_topic, on) == ("on", {})
    assert hear(device, topic, write("?")) is None
    device.forget()
    assert hear(device, topic, write("online")) == ("unknown", {})


def test_a_message_may_carry_only_what_changed() -> None:
    lamp = device_of("tasmota", "light")
    hear(lamp, "tele/it/STATE", {"POWER": "ON", "Dimmer": 100, "CT": 200})
    state = hear(lamp, "stat/it/RESULT", {"Dimmer": 20})
    assert state is not None
    assert state[0] == "on"
    assert (state[1]["brightness"], state[1]["color_temp_kelvin"]) == (51, 5000)

    cooler = device_of("esphome", "climate")
    hear(cooler, "home/node/climate/it/target_temperature/state", "22.0")
    assert hear(cooler, "home/node/climate/it/mode/state", "cool") == ("cool", {"temperature": 22.0})
    assert hear(cooler, "home/node/climate/it/target_temperature/state", "nan") == ("cool", {})


def test_each_dialect_is_asked_how_it_is_in_its_own_way() -> None:
    def asked(dialect: DialectName, kind: str) -> object:
        question = device_of(dialect, kind, "plain/it" if dialect == "plain" else None).question()
        return question and (question.topic, question.payload)

    assert asked("zigbee2mqtt", "switch") == ("zigbee2mqtt/it/get", {"state": ""})
    assert asked("zigbee2mqtt", "fan") == ("zigbee2mqtt/it/get", {"fan_state": "", "state": ""})
    assert asked("zigbee2mqtt", "climate") == ("zigbee2mqtt/it/get", {"system_mode": ""})
    assert asked("tasmota", "switch") == ("cmnd/it/STATE", "")
    assert asked("esphome", "switch") is None
    assert asked("plain", "switch") is None


def test_a_zigbee_fan_with_a_lamp_is_switched_and_not_the_lamp() -> None:
    """A ceiling fan: `state` is its lamp, and nobody wants that on at night."""
    fan = device_of("zigbee2mqtt", "fan")
    assert hear(fan, "zigbee2mqtt/it", {"state": "OFF", "brightness": 80, "fan_state": "OFF"}) == ("off", {})
    assert told(fan, "fan.turn_on") == [("zigbee2mqtt/it/set", {"fan_state": "ON"})]
    assert hear(fan, "zigbee2mqtt/it", {"state": "ON"}) == ("off", {})
    assert told(fan, "fan.turn_off") == [("zigbee2mqtt/it/set", {"fan_state": "OFF"})]


def test_a_tasmota_fan_controller_is_switched_and_not_its_lamp() -> None:
    """Sonoff iFan: POWER is the lamp, FanSpeed is the fan."""
    fan = device_of("tasmota", "fan")
    state = hear(fan, "tele/it/STATE", {"POWER1": "ON", "FanSpeed": 2})
    assert state == ("on", {"percentage": 67, "percentage_step": 100 / 3})
    assert told(fan, "fan.turn_on", percentage=33.33) == [("cmnd/it/FanSpeed", "1")]
    assert told(fan, "fan.set_percentage", percentage=100.0) == [("cmnd/it/FanSpeed", "3")]
    assert told(fan, "fan.turn_on") == [("cmnd/it/FanSpeed", "1")]
    assert told(fan, "fan.turn_off") == [("cmnd/it/FanSpeed", "0")]
    wanted: dict[str, bool | float | str] = {"power": True, "percentage": 40.0}
    assert state is not None
    reported = kind_of("fan.it").read(*state)
    assert reported is not None
    call = kind_of("fan.it").call("fan.it", wanted, reported, state[1])
    assert isinstance(call, Call)
    heard = hear(fan, "stat/it/RESULT", {"FanSpeed": 1})
    assert heard is not None
    confirmed = kind_of("fan.it").read(*heard)
    assert confirmed is not None
    assert kind_of("fan.it").call("fan.it", wanted, confirmed, heard[1]) is None


def test_a_zigbee_air_conditioner_with_a_switch_of_its_own_can_be_switched_off() -> None:
    """Some fan coils know no mode "off": a key `state` switches them."""
    cooler = device_of("zigbee2mqtt", "climate")
    hear(cooler, "zigbee2mqtt/it", {"state": "ON", "system_mode": "cool"})
    assert told(cooler, "climate.set_hvac_mode", hvac_mode="off") == [("zigbee2mqtt/it/set", {"state": "OFF"})]
    started = told(cooler, "climate.set_hvac_mode", hvac_mode="cool")
    assert started == [("zigbee2mqtt/it/set", {"state": "ON", "system_mode": "cool"})]


def test_a_zigbee_air_conditioner_with_one_setpoint_is_given_that() -> None:
    cooler = device_of("zigbee2mqtt", "climate")
    hear(cooler, "zigbee2mqtt/it", {"system_mode": "cool", "current_heating_setpoint": 24})
    sent = told(cooler, "climate.set_temperature", temperature=22.0)
    assert sent == [("zigbee2mqtt/it/set", {"current_heating_setpoint": 22.0})]


def test_a_setpoint_in_fahrenheit_is_never_answered_in_celsius() -> None:
    """Zigbee2MQTT's thermostat_unit: 21 would be taken for 21 °F, and the room cooled as far as it goes."""
    cooler, kind = device_of("zigbee2mqtt", "climate"), Climate()
    state = hear(cooler, "zigbee2mqtt/it", {"system_mode": "cool", "occupied_cooling_setpoint": 75.2})
    assert state is not None
    reported = kind.read(*state)
    assert reported == {"power": True, "mode": "cool", "temperature": 24.0}
    wanted: dict[str, bool | float | str] = {"power": True, "mode": "cool", "temperature": 21.0}
    call = kind.call(cooler.entity, wanted, reported, state[1])
    assert isinstance(call, Call)
    assert told(cooler, call.service, temperature=call.data["temperature"]) == [
        ("zigbee2mqtt/it/set", {"occupied_cooling_setpoint": 70.0})
    ]


@pytest.mark.parametrize("dialect", ["zigbee2mqtt", "esphome", "tasmota"])
@given(percent=st.floats(0, 100), kelvin=st.floats(2000, 6500))
def test_a_lamp_is_never_sent_a_bare_on_and_never_nought(dialect: DialectName, percent: float, kelvin: float) -> None:
    """ON alone would switch on a lamp at its last brightness; 0 is off for one firmware and full for another."""
    lamp = device_of(dialect, "light")
    assert told(lamp, "light.turn_on") == []
    assert told(lamp, "light.turn_on", transition=1800) == []
    for _, payload in told(lamp, "light.turn_on", brightness_pct=percent, color_temp_kelvin=kelvin):
        levels = payload if isinstance(payload, dict) else {"level": int(str(payload))}
        assert all(level >= 1 for level in levels.values())
        assert "state" not in levels


@pytest.mark.parametrize(
    ("dialect", "topic", "off", "published"),
    [
        ("zigbee2mqtt", "zigbee2mqtt/it", {"state": "OFF"}, [{"brightness": 13, "state": "ON", "color_temp": 500}]),
        (
            "esphome",
            "home/node/light/it/state",
            {"state": "OFF"},
            [{"brightness": 13, "state": "ON", "color_temp": 500}],
        ),
        ("tasmota", "stat/it/RESULT", {"POWER": "OFF"}, ["5", "500"]),
    ],
)
def test_a_lamp_that_lights_the_way_comes_on_dim(
    dialect: DialectName, topic: str, off: dict[str, object], published: list[object]
) -> None:
    """Never at its last brightness, not even for a moment."""
    lamp = device_of(dialect, "light")
    hear(lamp, topic, off)
    sent = told(lamp, "light.turn_on", brightness_pct=5, color_temp_kelvin=2000)
    assert [payload for _, payload in sent] == published


@pytest.mark.parametrize("dialect", ["zigbee2mqtt", "esphome", "tasmota"])
@given(now=st.integers(1, 100), wanted=st.floats(1, 100))
def test_a_lamp_is_never_made_brighter(dialect: DialectName, now: int, wanted: float) -> None:
    """From what it says, over what is asked of it, to what it says then."""
    full = {"zigbee2mqtt": 254, "esphome": 255, "tasmota": 100}[dialect]
    name = "Dimmer" if dialect == "tasmota" else "brightness"
    topic = {"zigbee2mqtt": "zigbee2mqtt/it", "esphome": "home/node/light/it/state", "tasmota": "stat/it/RESULT"}[
        dialect
    ]
    power = "POWER" if dialect == "tasmota" else "state"
    lamp, kind = device_of(dialect, "light"), kind_of("light.it")
    level = max(1, round(now / 100 * full))
    state = hear(lamp, topic, {power: "ON", name: level})
    assert state is not None
    reported = kind.read(*state)
    assert reported is not None
    call = kind.call("light.it", {"brightness": wanted}, reported, state[1])
    if not isinstance(call, Call):
        return
    [(_, payload)] = told(lamp, call.service, **call.data)
    sent = payload["brightness"] if isinstance(payload, dict) else int(str(payload))
    assert 1 <= sent < level


@pytest.mark.parametrize("dialect", ["zigbee2mqtt", "esphome", "tasmota"])
def test_a_lamp_that_is_off_is_left_off(dialect: DialectName) -> None:
    lamp, kind = device_of(dialect, "light"), kind_of("light.it")
    topic = next(topic for topic, name in lamp.topics.items() if name == "")
    state = hear(
        lamp, topic, {"POWER": "OFF", "Dimmer": 90} if dialect == "tasmota" else {"state": "OFF", "brightness": 200}
    )
    assert state is not None
    reported = kind.read(*state)
    assert reported is not None
    assert kind.call("light.it", {"brightness": 10.0, "kelvin": 2200.0}, reported, state[1]) is None


def test_a_lamp_that_cannot_be_so_warm_is_not_asked_for_it_again() -> None:
    """Zigbee2MQTT and ESPHome report at once how far it goes. An old word teaches nothing for long."""
    lamp, kind = device_of("zigbee2mqtt", "light"), kind_of("light.it")
    wanted: dict[str, bool | float | str] = {"brightness": 40.0, "kelvin": 2200.0}

    def next_call(mireds: int) -> object:
        state = hear(lamp, "zigbee2mqtt/it", {"state": "ON", "brightness": 102, "color_temp": mireds})
        assert state is not None
        reported = kind.read(*state)
        assert reported is not None
        return kind.call("light.it", wanted, reported, state[1])

    call = next_call(250)
    assert isinstance(call, Call)
    assert told(lamp, call.service, **call.data) == [("zigbee2mqtt/it/set", {"color_temp": 455})]
    next_call(250)  # an old word
    assert next_call(370) is not None
    assert told(lamp, call.service, **call.data) == [("zigbee2mqtt/it/set", {"color_temp": 455})]
    assert next_call(370) is None
    again = next_call(250)  # somebody made it cold
    assert isinstance(again, Call)
    assert again.data["color_temp_kelvin"] == 2703


ZIGBEE_NAMES = st.sampled_from(
    ["state", "brightness", "color_temp", "fan_state", "system_mode", "occupied_cooling_setpoint", "mode", "x"]
)
NAMES = ZIGBEE_NAMES | st.sampled_from(["POWER", "POWER1", "Dimmer", "CT", "FanSpeed", "current_heating_setpoint"])
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(["ON", "OFF", "cool", "off", "", "1e999", "5e-324", 5e-324, 1e308, -1]),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=2),
)
PAYLOADS = st.one_of(
    st.binary(max_size=60),
    st.dictionaries(NAMES, VALUES, max_size=6).map(lambda said: json.dumps(said).encode()),
    VALUES.map(lambda said: json.dumps(said).encode()),
    st.just(b"[" * 40_000),
    st.just(b"9" * 5000),
    st.just(b"x" * 70_000),
)


@pytest.mark.parametrize(("dialect", "kind"), KINDS)
@given(data=st.data())
def test_nothing_that_a_device_says_raises(dialect: DialectName, kind: str, data: st.DataObject) -> None:
    """Whatever it says in whatever order: a state that its kind can read, and commands that can be written."""
    device = device_of(dialect, kind, "plain/it" if dialect == "plain" else None)
    topics = sorted(device.topics)
    for topic, payload in data.draw(st.lists(st.tuples(st.sampled_from(topics), PAYLOADS), max_size=5)):
        state = device.hear(Message(topic=topic, payload=payload, retained=False))
        if state is None:
            continue
        kind_of(device.entity).read(*state)
        json.dumps(state[1])
    for service, values in (
        ("turn_on", {"brightness_pct": 40, "color_temp_kelvin": 2700, "percentage": 40.0}),
        ("turn_off", {}),
        ("set_hvac_mode", {"hvac_mode": "cool"}),
        ("set_temperature", {"temperature": 21.0}),
    ):
        for published in told(device, f"{kind}.{service}", **values):
            json.dumps(published)


@pytest.mark.parametrize(("dialect", "kind"), KINDS)
@given(payload=PAYLOADS)
def test_junk_alone_is_no_state_that_starts_anything(dialect: DialectName, kind: str, payload: bytes) -> None:
    """A state is on, off, a known mode, or gone: any other word is none."""
    device = device_of(dialect, kind, "plain/it" if dialect == "plain" else None)
    for topic in device.topics:
        state = device.hear(Message(topic=topic, payload=payload, retained=False))
        assert state is None or state[0] in {"on", "off", "unavailable", "unknown", "cool"}


def test_what_speaks_no_state_is_taken_to_obey() -> None:
    assert not device_of("plain", "switch").says_its_state
    assert device_of("plain", "switch").topics == {}
    assert device_of("plain", "switch", "plain/it").says_its_state
    assert all(device_of("tasmota", kind).says_its_state for kind in MQTT_KINDS["tasmota"])

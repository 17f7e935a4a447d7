"""Whatever arrives: no exception, and no reading that cannot be true."""

from __future__ import annotations

import json
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.decode import DIALECT_NAMES, LIMITS, decode, decode_state, guess, unit_of
from devices.readings import Decoded, Hints, Kind, Message
from tests.devices.decode.dialects import PRESSES, SLOTS

BOOLEANS = {Kind.OCCUPIED, Kind.VIBRATION, Kind.OPEN}

_WORDS = """
temperature humidity pressure co2 illuminance occupancy presence contact vibration action click battery linkquality
last_seen Temperature Humidity Pressure AM2301 ESP32 TempUnit PressureUnit StatusSNS Button1 Action method params
result events event component NotifyStatus NotifyEvent NotifyFullStatus temperature:0 humidity:0 devicepower:0
bthomesensor:200 input:0 tC tF rh id value unit time lastUpdate state tmp hum bat lux units is_valid tempc tempf batt
temperature_C temperature_F battery_ok open motion event_type status ext_temperature 0 read C F °C hPa on off ON OFF
unavailable unknown offline single 21.5 21,5 85 -127 true null NaN
"""
_LEAVES = """
state SENSOR STATUS8 RESULT LWT STATE rpc online availability action click temperature temperature:0 input:0 status
sensor binary_sensor event unit_of_measurement last_updated battery info Air_temperature Door_state 001 set config
"""
WORDS, LEAVES = _WORDS.split(), _LEAVES.split()

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.integers(min_value=10**300, max_value=10**320)
    | st.sampled_from(WORDS)
    | st.text(max_size=20)
)
keys = st.sampled_from(WORDS) | st.text(max_size=8) | st.sampled_from(["\ud800", "input:\ud800", "Button\ud800"])
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=20,
)
payloads = (
    st.binary(max_size=200)
    | documents.map(lambda document: json.dumps(document).encode())
    | st.sampled_from(WORDS).map(str.encode)
    | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
segments = st.sampled_from(LEAVES) | st.sampled_from(WORDS) | st.text(max_size=8)
own_topics = st.sampled_from(
    sorted({slot.topic for slot in SLOTS.values()} | {topic for topic, _, _ in PRESSES.values()})
)
topics = own_topics | st.lists(segments, max_size=6).map("/".join)
hints = st.builds(
    Hints,
    path=st.none() | st.lists(keys, min_size=1, max_size=3).map(".".join),
    kind=st.none() | st.sampled_from(Kind),
    unit=st.none() | st.sampled_from(["C", "F", "K", "°C", "%", "hPa", "0.01 °C", "nonsense", ""]),
    states=st.dictionaries(st.sampled_from(WORDS), st.booleans(), max_size=3),
    side=st.none() | st.sampled_from(["left", "right"]),
)


def can_be_stored(text: str) -> bool:
    return len(text) <= 200 and not any("\ud800" <= letter <= "\udfff" for letter in text)


def assert_believable(decoded: Decoded, *, retained: bool) -> None:
    for one in decoded.readings:
        if one.kind in LIMITS:
            low, high = LIMITS[one.kind]
            assert type(one.value) is float
            assert isfinite(one.value)
            assert low <= one.value <= high
        elif one.kind in BOOLEANS:
            assert type(one.value) is bool
        elif one.kind is Kind.ACTION:
            assert not retained
            assert isinstance(one.value, str)
            assert one.value.isprintable()
        else:
            assert isinstance(one.value, str | bool)
        assert str(one.value).encode()
        assert len(str(one.value)) <= 64
    for rejection in decoded.rejections:
        assert rejection.detail.encode()


@pytest.mark.parametrize("dialect", DIALECT_NAMES)
@settings(max_examples=300, deadline=None)
@given(topic=topics, payload=payloads, hint=hints, retained=st.booleans())
def test_no_input_raises_and_no_reading_is_impossible(
    dialect: str, *, topic: str, payload: bytes, hint: Hints, retained: bool
) -> None:
    decoded = decode(dialect, Message(topic=topic, payload=payload, retained=retained), hint)
    paths = {one.path for one in decoded.readings} | {one.path for one in decoded.rejections}
    assert all(can_be_stored(path) or path == hint.path for path in paths)
    assert_believable(decoded, retained=retained)


@pytest.mark.parametrize("dialect", DIALECT_NAMES)
@settings(max_examples=200, deadline=None)
@given(value=scalars.map(json.dumps))
def test_no_value_in_the_right_place_is_impossible(dialect: str, value: str) -> None:
    slot = SLOTS[dialect]
    decoded = decode(dialect, Message(topic=slot.topic, payload=slot.payload(value)), slot.hints)
    assert_believable(decoded, retained=False)
    assert decoded.readings or decoded.rejections


@settings(max_examples=500, deadline=None)
@given(
    entity=st.text(max_size=20) | st.sampled_from(["sensor.temperature", "binary_sensor.in_bed", "climate.x"]),
    state=st.text(max_size=20) | st.sampled_from(WORDS),
    attributes=st.dictionaries(keys | st.sampled_from(["unit_of_measurement", "device_class"]), documents, max_size=4),
    hint=hints,
)
def test_no_entity_state_raises(entity: str, state: str, attributes: dict[str, object], hint: Hints) -> None:
    assert_believable(decode_state(entity, state, attributes, hint), retained=False)


@settings(max_examples=500, deadline=None)
@given(topic=topics, payload=payloads)
def test_no_message_stops_a_guess(topic: str, payload: bytes) -> None:
    message = Message(topic=topic, payload=payload)
    guesses = guess(message)
    assert [one.certainty for one in guesses] == sorted((one.certainty for one in guesses), reverse=True)
    assert all(0 < one.certainty <= 1 and one.dialect in DIALECT_NAMES and one.why for one in guesses)
    assert len({one.dialect for one in guesses}) == len(guesses)
    unit_of(message)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_same_message_says_the_same_twice(value: float) -> None:
    message = Message(topic="zigbee2mqtt/x", payload=json.dumps({"temperature": value}).encode())
    assert decode("zigbee2mqtt", message) == decode("zigbee2mqtt", message)

"""The same mistakes in every dialect: each gets its reason, and a sentence that gives nothing away."""

from __future__ import annotations

import pytest

from devices.decode import DIALECT_NAMES, decode, decode_state
from devices.readings import Hints, Kind, Message, Reason
from tests.devices.decode.dialects import PRESSES, SLOTS

VALUES = {
    "NaN": Reason.NOT_A_NUMBER,
    "Infinity": Reason.NOT_A_NUMBER,
    "-Infinity": Reason.NOT_A_NUMBER,
    "1e999": Reason.NOT_A_NUMBER,
    "-1e999": Reason.NOT_A_NUMBER,
    "9" * 400: Reason.NOT_A_NUMBER,
    "true": Reason.NOT_A_NUMBER,
    "false": Reason.NOT_A_NUMBER,
    "null": Reason.NOT_A_NUMBER,
    '"text"': Reason.NOT_A_NUMBER,
    '""': Reason.NOT_A_NUMBER,
    "[21.5]": Reason.NOT_A_NUMBER,
    '"21.5 monkeys"': Reason.UNIT_UNKNOWN,
    "850": Reason.OUT_OF_RANGE,
    "4085.3": Reason.OUT_OF_RANGE,
    "999": Reason.OUT_OF_RANGE,
    "-99.5": Reason.OUT_OF_RANGE,
    "6551": Reason.OUT_OF_RANGE,
    "127.99": Reason.OUT_OF_RANGE,
    "50.01": Reason.OUT_OF_RANGE,
    "-10.01": Reason.OUT_OF_RANGE,
    "85": Reason.POWER_ON_VALUE,
    "85.0": Reason.POWER_ON_VALUE,
    '"85,0"': Reason.POWER_ON_VALUE,
    "-127": Reason.OUT_OF_RANGE,  # an unplugged probe stays unplugged; 85 °C passes by itself
}
GOOD = {"21.5": 21.5, "21": 21.0, "-10": -10.0, "50": 50.0, "84e-1": 8.4, '"21,5"': 21.5, '"21.5 °C"': 21.5}


@pytest.mark.parametrize("dialect", DIALECT_NAMES)
@pytest.mark.parametrize(("value", "reason"), VALUES.items())
def test_a_bad_temperature_is_rejected_with_its_reason(dialect: str, value: str, reason: Reason) -> None:
    slot = SLOTS[dialect]
    decoded = decode(dialect, Message(topic=slot.topic, payload=slot.payload(value)), slot.hints)
    assert decoded.readings == ()
    if slot.bare and dialect == "statestream" and value == "null":
        reason = Reason.UNAVAILABLE_STATE
    assert [one.reason for one in decoded.rejections] == [reason]


@pytest.mark.parametrize("dialect", DIALECT_NAMES)
@pytest.mark.parametrize(("value", "meant"), GOOD.items())
def test_a_good_temperature_passes(dialect: str, value: str, meant: float) -> None:
    slot = SLOTS[dialect]
    decoded = decode(dialect, Message(topic=slot.topic, payload=slot.payload(value)), slot.hints)
    assert [(one.kind, one.value) for one in decoded.readings] == [(Kind.TEMPERATURE, meant)]
    assert decoded.rejections == ()


PAYLOADS: dict[str, tuple[bytes, Reason, Reason]] = {
    "empty": (b"", Reason.EMPTY, Reason.EMPTY),
    "blanks and NUL": (b" \r\n\0", Reason.EMPTY, Reason.EMPTY),
    "one megabyte": (b'{"temperature":21}' + b" " * 1_000_000, Reason.TOO_LARGE, Reason.TOO_LARGE),
    "not JSON": (b"hello there", Reason.NOT_JSON, Reason.NOT_A_NUMBER),
    "cut JSON": (b'{"temperature":21', Reason.NOT_JSON, Reason.NOT_A_NUMBER),
    "a hole": (b'{"temperature":,"humidity":4}', Reason.NOT_JSON, Reason.NOT_A_NUMBER),
    "not UTF-8": (b"\xff\xfe21.5", Reason.NOT_JSON, Reason.NOT_A_NUMBER),
    "too deep": (b"[" * 60_000, Reason.NOT_JSON, Reason.NOT_A_NUMBER),
    "too many digits": (b"1" * 60_000, Reason.NOT_JSON, Reason.NOT_A_NUMBER),
    "an object without the field": (b'{"other":1}', Reason.MISSING_FIELD, Reason.NOT_A_NUMBER),
    "an empty object": (b"{}", Reason.MISSING_FIELD, Reason.NOT_A_NUMBER),
    "a list": (b"[]", Reason.MISSING_FIELD, Reason.NOT_A_NUMBER),
    "a number where JSON is due": (b"700", Reason.MISSING_FIELD, Reason.OUT_OF_RANGE),
}
LENIENT = {
    ("plain", b'{"other":1}'): Reason.MISSING_FIELD,
    ("plain", b"{}"): Reason.MISSING_FIELD,
    ("shelly_gen1", b'{"other":1}'): Reason.MISSING_FIELD,
    ("shelly_gen1", b"{}"): Reason.MISSING_FIELD,
}
"""Bare dialects that also know objects say that the field is missing."""

ALSO_BARE = {
    ("zwave_js", b"hello there"): Reason.NOT_A_NUMBER,
    ("zwave_js", b"700"): Reason.OUT_OF_RANGE,
    ("zwave_js", b"[]"): Reason.NOT_A_NUMBER,
}
"""Z-Wave JS UI publishes bare values on the same topics."""


@pytest.mark.parametrize("dialect", DIALECT_NAMES)
@pytest.mark.parametrize("name", PAYLOADS)
def test_a_bad_payload_is_rejected_with_its_reason(dialect: str, name: str) -> None:
    slot = SLOTS[dialect]
    payload, for_json, for_bare = PAYLOADS[name]
    reason = for_bare if slot.bare or (dialect == "zwave_js" and for_json is Reason.NOT_JSON) else for_json
    reason = LENIENT.get((dialect, payload), ALSO_BARE.get((dialect, payload), reason))
    decoded = decode(dialect, Message(topic=slot.topic, payload=payload), slot.hints)
    assert decoded.readings == ()
    assert [one.reason for one in decoded.rejections] == [reason]


@pytest.mark.parametrize("dialect", DIALECT_NAMES)
def test_a_press_counts_once_and_never_when_it_was_stored(dialect: str) -> None:
    topic, payload, hints = PRESSES[dialect]
    live = decode(dialect, Message(topic=topic, payload=payload.encode()), hints)
    assert [one.kind for one in live.readings] == [Kind.ACTION]
    stored = decode(dialect, Message(topic=topic, payload=payload.encode(), retained=True), hints)
    assert stored.readings == ()
    assert [one.reason for one in stored.rejections] == [Reason.RETAINED_EVENT]


@pytest.mark.parametrize("dialect", DIALECT_NAMES)
def test_a_rejection_is_a_sentence_without_the_payload(dialect: str) -> None:
    slot = SLOTS[dialect]
    private = "spasm in my left leg"
    for value in (f'"{private}"', f'"21.5 {private[:8]}"', f'["{private}"]', private):
        for hints in (
            slot.hints,
            Hints(kind=Kind.OCCUPIED),
            Hints(path="x"),
            Hints(kind=Kind.STATE, states={"a": True}),
        ):
            decoded = decode(dialect, Message(topic=slot.topic, payload=slot.payload(value)), hints)
            for one in decoded.rejections:
                assert "spasm" not in one.detail
                assert one.detail[0].isupper() or one.detail[0] in "-8"
                assert one.detail.endswith(".")
                assert len(one.detail) < 130


def test_the_two_values_of_a_broken_probe_are_told_apart() -> None:
    details = [
        decode_state("sensor.temperature", state, {"unit_of_measurement": "°C"}, Hints()).rejections[0].detail
        for state in ("85", "-127")
    ]
    assert details == [
        "85 °C is what a probe shows before its first measurement.",
        "-127 °C is what a probe reports that is not connected.",
    ]

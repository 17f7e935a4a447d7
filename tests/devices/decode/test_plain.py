"""Bare values and JSON with a path: what home.yaml makes of them."""

from __future__ import annotations

import pytest

from devices.readings import Hints, Kind, Reason
from tests.devices.decode.cases import Case, check

TOPIC = "my/room"
CELSIUS = Hints(kind=Kind.TEMPERATURE, unit="C")
BARE = Hints(kind=Kind.TEMPERATURE)
BED = Hints(kind=Kind.OCCUPIED)
WARM = {"": (Kind.TEMPERATURE, 21.5)}
CASES = [
    Case(id="number", topic=TOPIC, payload="21.5", hints=CELSIUS, readings=WARM),
    Case(id="number without a unit", topic=TOPIC, payload="21.5", hints=BARE, reasons=[Reason.UNIT_UNKNOWN]),
    Case(id="unit inside", topic=TOPIC, payload="21.5 °C", hints=BARE, readings=WARM),
    Case(id="unit of one character", topic=TOPIC, payload="21.5℃", hints=BARE, readings=WARM),
    Case(id="unit after a hard space", topic=TOPIC, payload="21.5\u00a0°C", hints=BARE, readings=WARM),
    Case(
        id="unit inside wins",
        topic=TOPIC,
        payload="68 °F",
        hints=CELSIUS,
        readings={"": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(id="unit of another kind", topic=TOPIC, payload="45 %", hints=CELSIUS, reasons=[Reason.UNIT_UNKNOWN]),
    Case(id="decimal comma", topic=TOPIC, payload="21,5", hints=CELSIUS, readings=WARM),
    Case(id="quoted", topic=TOPIC, payload='"21.5"', hints=CELSIUS, readings=WARM),
    Case(id="byte order mark", topic=TOPIC, payload=b"\xef\xbb\xbf21.5", hints=CELSIUS, readings=WARM),
    Case(id="trailing NUL", topic=TOPIC, payload=b"21.5\x00", hints=CELSIUS, readings=WARM),
    Case(id="line end", topic=TOPIC, payload=b" 21.5\r\n", hints=CELSIUS, readings=WARM),
    Case(
        id="hundredths",
        topic=TOPIC,
        payload="2227",
        hints=Hints(kind=Kind.TEMPERATURE, unit="0.01 °C"),
        readings={"": (Kind.TEMPERATURE, 22.27)},
    ),
    Case(
        id="hundredths that nobody announced", topic=TOPIC, payload="2227", hints=CELSIUS, reasons=[Reason.OUT_OF_RANGE]
    ),
    Case(
        id="kelvin",
        topic=TOPIC,
        payload="294.65",
        hints=Hints(kind=Kind.TEMPERATURE, unit="K"),
        readings=WARM,
    ),
    Case(id="Latin-1 degree sign", topic=TOPIC, payload=b"21.5 \xb0C", hints=BARE, reasons=[Reason.NOT_A_NUMBER]),
    Case(id="a colon before it", topic=TOPIC, payload=":47.69", hints=CELSIUS, reasons=[Reason.NOT_A_NUMBER]),
    Case(id="unavailable", topic=TOPIC, payload="unavailable", hints=CELSIUS, reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="offline", topic=TOPIC, payload="offline", hints=BED, reasons=[Reason.UNAVAILABLE_STATE]),
    Case(
        id="humidity", topic=TOPIC, payload="45", hints=Hints(kind=Kind.HUMIDITY), readings={"": (Kind.HUMIDITY, 45.0)}
    ),
    Case(id="kind by topic", topic="my/humidity", payload="45", readings={"": (Kind.HUMIDITY, 45.0)}),
    Case(id="nobody says what it is", topic="my/number", payload="45", reasons=[Reason.MISSING_FIELD]),
    Case(id="bed on", topic=TOPIC, payload="on", hints=BED, readings={"": (Kind.OCCUPIED, True)}),
    Case(id="bed on, quoted", topic=TOPIC, payload='"ON"', hints=BED, readings={"": (Kind.OCCUPIED, True)}),
    Case(id="bed 0", topic=TOPIC, payload="0", hints=BED, readings={"": (Kind.OCCUPIED, False)}),
    Case(id="bed true", topic=TOPIC, payload="true", hints=BED, readings={"": (Kind.OCCUPIED, True)}),
    Case(id="bed unknown", topic=TOPIC, payload="unknown", hints=BED, reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="bed null", topic=TOPIC, payload="null", hints=BED, reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="bed -1", topic=TOPIC, payload="-1", hints=BED, reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="bed 30", topic=TOPIC, payload="30", hints=BED, reasons=[Reason.UNKNOWN_STATE]),
    Case(id="bed word", topic=TOPIC, payload="snoring", hints=BED, reasons=[Reason.UNKNOWN_STATE]),
    Case(
        id="a radar that says none",
        topic=TOPIC,
        payload="none",
        hints=Hints(kind=Kind.OCCUPIED, states={"None": False}),
        readings={"": (Kind.OCCUPIED, False)},
    ),
    Case(
        id="home.yaml turns it round",
        topic=TOPIC,
        payload="true",
        hints=Hints(kind=Kind.OPEN, states={"true": False, "false": True}),
        readings={"": (Kind.OPEN, False)},
    ),
    Case(
        id="blind at 30 % is no window",
        topic=TOPIC,
        payload='{"open":30}',
        hints=Hints(path="open"),
        reasons=[Reason.UNKNOWN_STATE],
    ),
    Case(
        id="press", topic=TOPIC, payload="Double", hints=Hints(kind=Kind.ACTION), readings={"": (Kind.ACTION, "double")}
    ),
    Case(id="press reset", topic=TOPIC, payload="", hints=Hints(kind=Kind.ACTION)),
    Case(
        id="press, stored",
        topic=TOPIC,
        payload="Double",
        hints=Hints(kind=Kind.ACTION),
        retained=True,
        reasons=[Reason.RETAINED_EVENT],
    ),
    Case(
        id="state, mapped",
        topic=TOPIC,
        payload="Asleep",
        hints=Hints(kind=Kind.STATE, states={"asleep": True}),
        readings={"": (Kind.STATE, True)},
    ),
    Case(
        id="state that the map lacks",
        topic=TOPIC,
        payload="Dozing",
        hints=Hints(kind=Kind.STATE, states={"asleep": True}),
        reasons=[Reason.UNKNOWN_STATE],
    ),
    Case(
        id="state unknown",
        topic=TOPIC,
        payload="unknown",
        hints=Hints(kind=Kind.STATE),
        reasons=[Reason.UNAVAILABLE_STATE],
    ),
    Case(
        id="path",
        topic=TOPIC,
        payload='{"a":{"b.c":[{"t":21.5}]}}',
        hints=Hints(path="a.b.c.0.t", kind=Kind.TEMPERATURE, unit="C"),
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="path through a list",
        topic=TOPIC,
        payload='{"sensors":[{"t":1},{"t":21.5}]}',
        hints=Hints(path="sensors.1.t", kind=Kind.TEMPERATURE, unit="C"),
        readings={"sensors.1.t": (Kind.TEMPERATURE, 21.5)},
    ),
    Case(
        id="path of a key with a dot",
        topic=TOPIC,
        payload='{"room.temperature":"21.5 °C"}',
        hints=Hints(path="room.temperature"),
        readings={"room.temperature": (Kind.TEMPERATURE, 21.5)},
    ),
    Case(
        id="path in what is no object",
        topic=TOPIC,
        payload="21.5",
        hints=Hints(path="t"),
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(id="path in what is no JSON", topic=TOPIC, payload="{t:1}", hints=Hints(path="t"), reasons=[Reason.NOT_JSON]),
    Case(
        id="path of unknown kind", topic=TOPIC, payload='{"x":1}', hints=Hints(path="x"), reasons=[Reason.MISSING_FIELD]
    ),
    Case(
        id="wrapped with a unit",
        topic=TOPIC,
        payload='{"value":68,"unit":"F"}',
        hints=BARE,
        readings={"value": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(
        id="JSON with known names",
        topic=TOPIC,
        payload='{"temperature":"21,5","humidity":45,"name":"x"}',
        hints=Hints(unit="C"),
        readings={"temperature": (Kind.TEMPERATURE, 21.5), "humidity": (Kind.HUMIDITY, 45.0)},
    ),
    Case(id="JSON with none", topic=TOPIC, payload='{"name":"x"}', reasons=[Reason.MISSING_FIELD]),
    Case(
        id="a 3D printer",
        topic="octoprint/temperature/bed",
        payload='{"actual":21,"target":0}',
        reasons=[Reason.MISSING_FIELD],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_message_says(case: Case) -> None:
    check("plain", case)

"""What Zigbee2MQTT sends, and what it means."""

from __future__ import annotations

import pytest

from devices.decode import decode
from devices.readings import Hints, Kind, Reason
from tests.devices.decode.cases import Case, check, message

ROOM = "zigbee2mqtt/Bedroom climate"
MAT = Hints(kind=Kind.OCCUPIED, path="contact", states={"false": True, "true": False}, side="left")
CASES = [
    Case(
        id="climate",
        topic=ROOM,
        payload='{"battery":87,"humidity":45.32,"linkquality":120,"pressure":1009.7,"temperature":21.53,"voltage":2985}',
        readings={
            "battery": (Kind.BATTERY, 87.0),
            "humidity": (Kind.HUMIDITY, 45.32),
            "linkquality": (Kind.LINK_QUALITY, 120.0),
            "pressure": (Kind.PRESSURE, 100_970.0),
            "temperature": (Kind.TEMPERATURE, 21.53),
        },
    ),
    Case(
        id="the display's unit changes nothing",
        topic=ROOM,
        payload='{"temperature":21.5,"temperature_units":"fahrenheit"}',
        hints=Hints(unit="F"),
        readings={"temperature": (Kind.TEMPERATURE, 21.5)},
    ),
    Case(
        id="half good: temperature null",
        topic=ROOM,
        payload='{"temperature":null,"humidity":45}',
        readings={"humidity": (Kind.HUMIDITY, 45.0)},
        reasons=[Reason.NOT_A_NUMBER],
    ),
    Case(
        id="half good: humidity over 100",
        topic=ROOM,
        payload='{"temperature":19.25,"humidity":104.7}',
        readings={"temperature": (Kind.TEMPERATURE, 19.25)},
        reasons=[Reason.OUT_OF_RANGE],
    ),
    Case(id="battery as text", topic=ROOM, payload='{"battery":"100.00"}', readings={"battery": (Kind.BATTERY, 100.0)}),
    Case(
        id="last seen ISO UTC",
        topic=ROOM,
        payload='{"last_seen":"2024-07-15T21:30:05.123Z"}',
        readings={"last_seen": (Kind.LAST_SEEN, 1_721_079_005.123)},
    ),
    Case(
        id="last seen ISO local",
        topic=ROOM,
        payload='{"last_seen":"2024-07-15T23:30:05+02:00"}',
        readings={"last_seen": (Kind.LAST_SEEN, 1_721_079_005.0)},
    ),
    Case(
        id="last seen epoch milliseconds",
        topic=ROOM,
        payload='{"last_seen":1721079005123}',
        readings={"last_seen": (Kind.LAST_SEEN, 1_721_079_005.123)},
    ),
    Case(
        id="last seen epoch as text",
        topic=ROOM,
        payload='{"last_seen":"1721079005123"}',
        readings={"last_seen": (Kind.LAST_SEEN, 1_721_079_005.123)},
    ),
    Case(
        id="last seen without a zone",
        topic=ROOM,
        payload='{"temperature":20,"last_seen":"2024-07-15T23:30:05"}',
        readings={"temperature": (Kind.TEMPERATURE, 20.0)},
        reasons=[Reason.NOT_A_NUMBER],
    ),
    Case(
        id="last seen from a clock that was never set",
        topic=ROOM,
        payload='{"last_seen":"1970-01-01T00:00:10Z"}',
        reasons=[Reason.OUT_OF_RANGE],
    ),
    Case(
        id="Hue motion",
        topic="zigbee2mqtt/hall",
        payload='{"occupancy":true,"temperature":20.9,"illuminance_lux":12,"illuminance":10792}',
        readings={
            "occupancy": (Kind.OCCUPIED, True),
            "temperature": (Kind.TEMPERATURE, 20.9),
            "illuminance_lux": (Kind.ILLUMINANCE, 12.0),
        },
    ),
    Case(id="presence", topic=ROOM, payload='{"presence":false}', readings={"presence": (Kind.OCCUPIED, False)}),
    Case(id="vibration", topic=ROOM, payload='{"vibration":true}', readings={"vibration": (Kind.VIBRATION, True)}),
    Case(id="contact made is closed", topic=ROOM, payload='{"contact":true}', readings={"contact": (Kind.OPEN, False)}),
    Case(id="contact lost is open", topic=ROOM, payload='{"contact":false}', readings={"contact": (Kind.OPEN, True)}),
    Case(id="contact null", topic=ROOM, payload='{"contact":null}', reasons=[Reason.UNAVAILABLE_STATE]),
    Case(
        id="a contact used as a bed mat",
        topic=ROOM,
        payload='{"contact":false,"battery":90,"temperature":30}',
        hints=MAT,
        readings={"contact": (Kind.OCCUPIED, True), "battery": (Kind.BATTERY, 90.0)},
    ),
    Case(
        id="press",
        topic="zigbee2mqtt/Bedside button",
        payload='{"action":"single","battery":90,"linkquality":66}',
        readings={
            "action": (Kind.ACTION, "single"),
            "battery": (Kind.BATTERY, 90.0),
            "linkquality": (Kind.LINK_QUALITY, 66.0),
        },
    ),
    Case(id="press reset by empty text", topic=ROOM, payload='{"action":""}'),
    Case(id="press reset by null", topic=ROOM, payload='{"action":null}'),
    Case(id="older click", topic=ROOM, payload='{"click":"double"}', readings={"click": (Kind.ACTION, "double")}),
    Case(
        id="a stored press",
        topic=ROOM,
        payload='{"action":"single","temperature":22}',
        retained=True,
        readings={"temperature": (Kind.TEMPERATURE, 22.0)},
        reasons=[Reason.RETAINED_EVENT],
    ),
    Case(id="a stored reset", topic=ROOM, payload='{"action":""}', retained=True),
    Case(
        id="action topic",
        topic="zigbee2mqtt/Bedside button/action",
        payload="1_single",
        readings={"action": (Kind.ACTION, "1_single")},
    ),
    Case(id="action topic reset", topic="zigbee2mqtt/Bedside button/action", payload=""),
    Case(
        id="stored action topic",
        topic="zigbee2mqtt/b/action",
        payload="hold",
        retained=True,
        reasons=[Reason.RETAINED_EVENT],
    ),
    Case(id="a press that is a list", topic=ROOM, payload='{"action":["single"]}', reasons=[Reason.UNKNOWN_STATE]),
    Case(
        id="output: attribute",
        topic="zigbee2mqtt/Bedroom climate/temperature",
        payload="21.53",
        readings={"temperature": (Kind.TEMPERATURE, 21.53)},
    ),
    Case(
        id="output: attribute, contact",
        topic="zigbee2mqtt/window/contact",
        payload="true",
        readings={"contact": (Kind.OPEN, False)},
    ),
    Case(
        id="a device that is called temperature",
        topic="zigbee2mqtt/temperature",
        payload='{"temperature":21}',
        readings={"temperature": (Kind.TEMPERATURE, 21.0)},
    ),
    Case(id="offline", topic=f"{ROOM}/availability", payload='{"state":"offline"}', reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="offline, older", topic=f"{ROOM}/availability", payload="offline", reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="online", topic=f"{ROOM}/availability", payload='{"state":"online"}'),
    Case(id="bridge state", topic="zigbee2mqtt/bridge/state", payload='{"state":"online"}'),
    Case(id="bridge log", topic="home/zigbee2mqtt/bridge/logging", payload='{"level":"error","message":"no"}'),
    Case(id="our own command", topic=f"{ROOM}/set", payload='{"temperature":30}'),
    Case(
        id="a lamp",
        topic="zigbee2mqtt/lamp",
        payload='{"state":"ON","brightness":254}',
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="a radiator valve, by path",
        topic="zigbee2mqtt/valve",
        payload='{"local_temperature":20.5,"occupied_heating_setpoint":22}',
        hints=Hints(path="local_temperature", unit="F"),
        readings={"local_temperature": (Kind.TEMPERATURE, 20.5)},
    ),
    Case(
        id="a path that is not there",
        topic=ROOM,
        payload='{"temperature":20.5}',
        hints=Hints(path="probe.temperature", kind=Kind.TEMPERATURE),
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="byte order mark and trailing NUL",
        topic=ROOM,
        payload=b'\xef\xbb\xbf{"temperature":20.5}\r\n\x00',
        readings={"temperature": (Kind.TEMPERATURE, 20.5)},
    ),
    Case(
        id="a key twice: the last one counts",
        topic=ROOM,
        payload='{"temperature":99,"temperature":20.5}',
        readings={"temperature": (Kind.TEMPERATURE, 20.5)},
    ),
    Case(
        id="the Zigbee value of a negative number read unsigned",
        topic=ROOM,
        payload='{"temperature":655.1}',
        reasons=[Reason.OUT_OF_RANGE],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_message_says(case: Case) -> None:
    check("zigbee2mqtt", case)


def test_a_bed_mat_has_the_side_of_home_yaml() -> None:
    decoded = decode("zigbee2mqtt", message(ROOM, '{"contact":false}'), MAT)
    assert decoded.readings[0].side == "left"


def test_the_unit_that_was_sent_is_kept() -> None:
    (reading,) = decode("zigbee2mqtt", message(ROOM, '{"pressure":1000}')).readings
    assert (reading.value, reading.unit_sent, reading.unit) == (100_000.0, "hPa", "Pa")

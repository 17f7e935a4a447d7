"""What ESPHome nodes send, and what it means."""

from __future__ import annotations

import pytest

from devices.decode import decode
from devices.readings import Hints, Kind, Reason
from tests.devices.decode.cases import Case, check, message

NODE = "bedroom-node"
CASES = [
    Case(
        id="temperature",
        topic=f"{NODE}/sensor/bedroom_temperature/state",
        payload="21.48",
        readings={"": (Kind.TEMPERATURE, 21.48)},
    ),
    Case(
        id="a prefix with several levels",
        topic="home/up/node/sensor/temperature/state",
        payload="21.5",
        readings={"": (Kind.TEMPERATURE, 21.5)},
    ),
    Case(
        id="Fahrenheit by home.yaml",
        topic=f"{NODE}/sensor/temperature/state",
        payload="68.0",
        hints=Hints(unit="F"),
        readings={"": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(
        id="Fahrenheit by the id",
        topic=f"{NODE}/sensor/room_temperature_f/state",
        payload="68.0",
        readings={"": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(id="humidity", topic=f"{NODE}/sensor/hum/state", payload="45.0", readings={"": (Kind.HUMIDITY, 45.0)}),
    Case(
        id="pressure",
        topic=f"{NODE}/sensor/air_pressure/state",
        payload="1012.6",
        readings={"": (Kind.PRESSURE, 101_260.0)},
    ),
    Case(id="co2", topic=f"{NODE}/sensor/scd40_co2/state", payload="812", readings={"": (Kind.CO2, 812.0)}),
    Case(id="light", topic=f"{NODE}/sensor/illuminance/state", payload="3.2", readings={"": (Kind.ILLUMINANCE, 3.2)}),
    Case(
        id="radio", topic=f"{NODE}/sensor/wifi_signal/state", payload="-61", readings={"": (Kind.LINK_QUALITY, -61.0)}
    ),
    Case(id="no value", topic=f"{NODE}/sensor/temperature/state", payload="nan", reasons=[Reason.NOT_A_NUMBER]),
    Case(
        id="the chip's own",
        topic=f"{NODE}/sensor/internal_temperature/state",
        payload="41.7",
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="the chip's own, if home.yaml insists",
        topic=f"{NODE}/sensor/internal_temperature/state",
        payload="41.7",
        hints=Hints(kind=Kind.TEMPERATURE),
        readings={"": (Kind.TEMPERATURE, 41.7)},
    ),
    Case(id="dew point", topic=f"{NODE}/sensor/dew_temperature/state", payload="9", reasons=[Reason.MISSING_FIELD]),
    Case(id="uptime", topic=f"{NODE}/sensor/uptime/state", payload="86400", reasons=[Reason.MISSING_FIELD]),
    Case(
        id="somebody in bed",
        topic="bed/binary_sensor/bed_occupied_left/state",
        payload="ON",
        readings={"": (Kind.OCCUPIED, True)},
    ),
    Case(
        id="nobody in bed",
        topic="bed/binary_sensor/bed_occupied_either/state",
        payload="OFF",
        readings={"": (Kind.OCCUPIED, False)},
    ),
    Case(
        id="both sides at once is not a side",
        topic="bed/binary_sensor/bed_occupied_both/state",
        payload="ON",
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="an empty bed is the wrong way round",
        topic="bed/binary_sensor/bed_empty/state",
        payload="ON",
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="an empty bed, with home.yaml's words",
        topic="bed/binary_sensor/bed_empty/state",
        payload="ON",
        hints=Hints(kind=Kind.OCCUPIED, states={"ON": False, "OFF": True}),
        readings={"": (Kind.OCCUPIED, False)},
    ),
    Case(
        id="a bed pad's pressure is not the air's",
        topic="bed/sensor/left_pressure/state",
        payload="61.0",
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="window", topic=f"{NODE}/binary_sensor/bedroom_window/state", payload="ON", readings={"": (Kind.OPEN, True)}
    ),
    Case(id="motion", topic=f"{NODE}/binary_sensor/pir/state", payload="OFF", readings={"": (Kind.OCCUPIED, False)}),
    Case(
        id="button",
        topic=f"{NODE}/binary_sensor/bedside/state",
        payload="ON",
        hints=Hints(kind=Kind.ACTION),
        readings={"": (Kind.ACTION, "on")},
    ),
    Case(
        id="button let go",
        topic=f"{NODE}/binary_sensor/bedside/state",
        payload="OFF",
        hints=Hints(kind=Kind.ACTION),
    ),
    Case(
        id="button, stored",
        topic=f"{NODE}/binary_sensor/bedside/state",
        payload="ON",
        hints=Hints(kind=Kind.ACTION),
        retained=True,
        reasons=[Reason.RETAINED_EVENT],
    ),
    Case(
        id="event",
        topic=f"{NODE}/event/bedside/state",
        payload='{"event_type":"double_press"}',
        readings={"event_type": (Kind.ACTION, "double_press")},
    ),
    Case(id="offline", topic=f"{NODE}/status", payload="offline", reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="online", topic=f"{NODE}/status", payload="online"),
    Case(id="log line", topic=f"{NODE}/debug", payload=b"\x1b[0;36m[D][dht:048]: Got Temperature=21.4\x1b[0m"),
    Case(id="discovery", topic="homeassistant/sensor/node/temperature/config", payload='{"name":"t"}'),
    Case(
        id="a topic of one's own",
        topic="my/room/temperature",
        payload="20.5",
        readings={"": (Kind.TEMPERATURE, 20.5)},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_message_says(case: Case) -> None:
    check("esphome", case)


@pytest.mark.parametrize(
    ("name", "hinted", "side"),
    [
        ("bed_occupied_left", None, "left"),
        ("bed_occupied_right", None, "right"),
        ("bed_occupied_either", None, "either"),
        ("bed_occupied", None, None),
        ("bed_occupied", "right", "right"),
        ("bed_occupied_left", "right", "right"),
    ],
)
def test_side_comes_from_home_yaml_then_from_the_id(name: str, hinted: str | None, side: str | None) -> None:
    decoded = decode("esphome", message(f"bed/binary_sensor/{name}/state", "ON"), Hints(side=hinted))
    assert decoded.readings[0].side == side

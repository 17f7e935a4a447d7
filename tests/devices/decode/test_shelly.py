"""What Shelly devices of the second generation and later send, and what it means."""

from __future__ import annotations

import json

import pytest

from devices.readings import Hints, Kind, Reason
from tests.devices.decode.cases import Case, check

DEVICE = "shellyplusht-b8d61a000000"
RPC = f"{DEVICE}/events/rpc"


def frame(method: str, **params: object) -> str:
    return json.dumps(
        {"src": DEVICE, "dst": f"{DEVICE}/events", "method": method, "params": {"ts": 1721079005.1, **params}}
    )


def pressed(event: str, component: str = "input:0") -> str:
    return frame("NotifyEvent", events=[{"component": component, "id": 0, "event": event, "ts": 1721079005.1}])


WHOLE = frame(
    "NotifyFullStatus",
    **{
        "ble": {},
        "devicepower:0": {"id": 0, "battery": {"V": 5.2, "percent": 78}, "external": {"present": False}},
        "humidity:0": {"id": 0, "rh": 42.2},
        "sys": {"uptime": 3, "unixtime": None},
        "temperature:0": {"id": 0, "tC": 19.8, "tF": 67.6},
        "wifi": {"status": "got ip", "ssid": "home", "rssi": -61},
    },
)
CASES = [
    Case(
        id="probe",
        topic="shellyplus1-a/status/temperature:100",
        payload='{"id":100,"tC":21.4,"tF":70.5}',
        readings={"tC": (Kind.TEMPERATURE, 21.4)},
    ),
    Case(
        id="probe that only says Fahrenheit",
        topic="shellyplus1-a/status/temperature:100",
        payload='{"id":100,"tF":68}',
        readings={"tF": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(
        id="probe that cannot be read",
        topic="shellyplus1-a/status/temperature:100",
        payload='{"id":100,"tC":null,"tF":null,"errors":["read"]}',
        reasons=[Reason.NOT_A_NUMBER],
    ),
    Case(
        id="humidity",
        topic=f"{DEVICE}/status/humidity:0",
        payload='{"id":0,"rh":42.2}',
        readings={"rh": (Kind.HUMIDITY, 42.2)},
    ),
    Case(
        id="humidity that is not a number",
        topic=f"{DEVICE}/status/humidity:0",
        payload='{"id":0,"rh":null}',
        reasons=[Reason.NOT_A_NUMBER],
    ),
    Case(
        id="battery",
        topic=f"{DEVICE}/status/devicepower:0",
        payload='{"id":0,"battery":{"V":5.2,"percent":78},"external":{"present":false}}',
        readings={"battery.percent": (Kind.BATTERY, 78.0)},
    ),
    Case(
        id="light",
        topic="x/status/illuminance:0",
        payload='{"id":0,"lux":12,"illumination":"dark"}',
        readings={"lux": (Kind.ILLUMINANCE, 12.0)},
    ),
    Case(
        id="presence",
        topic="x/status/presencezone:200",
        payload='{"id":200,"value":true}',
        readings={"value": (Kind.OCCUPIED, True)},
    ),
    Case(
        id="a relay's chip is not the room",
        topic="shellyplus1-a/status/switch:0",
        payload='{"id":0,"output":true,"temperature":{"tC":53.1,"tF":127.6}}',
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="a bed mat on an input",
        topic="x/status/input:0",
        payload='{"id":0,"state":true}',
        hints=Hints(kind=Kind.OCCUPIED),
        readings={"state": (Kind.OCCUPIED, True)},
    ),
    Case(
        id="an input of unknown use",
        topic="x/status/input:0",
        payload='{"id":0,"state":true}',
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="an input without a state",
        topic="x/status/input:0",
        payload='{"id":0,"state":null}',
        hints=Hints(kind=Kind.OPEN),
        reasons=[Reason.UNAVAILABLE_STATE],
    ),
    Case(
        id="BTHome without hints",
        topic="x/status/bthomesensor:200",
        payload='{"id":200,"value":21.4,"last_updated_ts":1721079005}',
        reasons=[Reason.UNIT_UNKNOWN],
    ),
    Case(
        id="BTHome without a unit",
        topic="x/status/bthomesensor:200",
        payload='{"id":200,"value":21.4}',
        hints=Hints(kind=Kind.TEMPERATURE),
        reasons=[Reason.UNIT_UNKNOWN],
    ),
    Case(
        id="BTHome",
        topic="x/status/bthomesensor:200",
        payload='{"id":200,"value":21.4,"last_updated_ts":1721079005}',
        hints=Hints(kind=Kind.TEMPERATURE, unit="C"),
        readings={"value": (Kind.TEMPERATURE, 21.4), "last_updated_ts": (Kind.LAST_SEEN, 1_721_079_005.0)},
    ),
    Case(
        id="BTHome in a notification, named by home.yaml",
        topic=RPC,
        payload=frame(
            "NotifyStatus",
            **{"bthomesensor:200": {"value": 21.4, "last_updated_ts": 1721079005}, "bthomesensor:201": {"value": 45}},
        ),
        hints=Hints(path="bthomesensor:200", kind=Kind.TEMPERATURE, unit="C"),
        readings={
            "bthomesensor:200.value": (Kind.TEMPERATURE, 21.4),
            "bthomesensor:200.last_updated_ts": (Kind.LAST_SEEN, 1_721_079_005.0),
        },
    ),
    Case(
        id="one kind is not that of every component",
        topic=RPC,
        payload=frame("NotifyStatus", **{"bthomesensor:200": {"value": 21.4}, "input:0": {"state": True}}),
        hints=Hints(kind=Kind.OCCUPIED),
        reasons=[Reason.UNIT_UNKNOWN],
    ),
    Case(
        id="BTHome device",
        topic="x/status/bthomedevice:200",
        payload='{"id":200,"rssi":-70,"battery":100,"packet_id":7,"last_updated_ts":1721079005}',
        readings={
            "rssi": (Kind.LINK_QUALITY, -70.0),
            "battery": (Kind.BATTERY, 100.0),
            "last_updated_ts": (Kind.LAST_SEEN, 1_721_079_005.0),
        },
    ),
    Case(
        id="whole status",
        topic=RPC,
        payload=WHOLE,
        readings={
            "devicepower:0.battery.percent": (Kind.BATTERY, 78.0),
            "humidity:0.rh": (Kind.HUMIDITY, 42.2),
            "temperature:0.tC": (Kind.TEMPERATURE, 19.8),
            "wifi.rssi": (Kind.LINK_QUALITY, -61.0),
        },
    ),
    Case(
        id="whole status, one component",
        topic=RPC,
        payload=WHOLE,
        hints=Hints(path="temperature:0"),
        readings={
            "devicepower:0.battery.percent": (Kind.BATTERY, 78.0),
            "temperature:0.tC": (Kind.TEMPERATURE, 19.8),
            "wifi.rssi": (Kind.LINK_QUALITY, -61.0),
        },
    ),
    Case(
        id="partial status",
        topic=RPC,
        payload=frame("NotifyStatus", **{"temperature:100": {"id": 100, "tC": 85.0, "tF": 185.0}}),
        reasons=[Reason.POWER_ON_VALUE],
    ),
    Case(
        id="status of something else",
        topic=RPC,
        payload=frame("NotifyStatus", **{"switch:0": {"id": 0, "temperature": {"tC": 53.1}}}),
    ),
    Case(
        id="the path is about another component",
        topic=RPC,
        payload=frame("NotifyStatus", **{"humidity:0": {"rh": 40}}),
        hints=Hints(path="temperature:0.tC"),
    ),
    Case(id="press", topic=RPC, payload=pressed("single_push"), readings={"input:0": (Kind.ACTION, "single_push")}),
    Case(
        id="press of a BLE button",
        topic=RPC,
        payload=pressed("long_push", "bthomedevice:200"),
        readings={"bthomedevice:200": (Kind.ACTION, "long_push")},
    ),
    Case(
        id="press of the other button",
        topic=RPC,
        payload=pressed("single_push", "input:1"),
        hints=Hints(path="input:0"),
    ),
    Case(id="stored press", topic=RPC, payload=pressed("single_push"), retained=True, reasons=[Reason.RETAINED_EVENT]),
    Case(id="down is not a press", topic=RPC, payload=pressed("btn_down")),
    Case(id="restart is not a press", topic=RPC, payload=pressed("scheduled_restart", "sys")),
    Case(id="events that are none", topic=RPC, payload=frame("NotifyEvent", events=[3, {"event": 1}, None])),
    Case(
        id="answer to GetStatus",
        topic="me/rpc",
        payload='{"id":1,"src":"x","result":{"humidity:0":{"rh":40}}}',
        readings={"humidity:0.rh": (Kind.HUMIDITY, 40.0)},
    ),
    Case(id="another method", topic=RPC, payload=frame("NotifyOther")),
    Case(id="a method that is no word", topic=RPC, payload='{"method":[],"result":{}}'),
    Case(id="no frame", topic=RPC, payload="{}", reasons=[Reason.MISSING_FIELD]),
    Case(id="gone", topic=f"{DEVICE}/online", payload="false", reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="back", topic=f"{DEVICE}/online", payload="true"),
    Case(id="log line", topic=f"{DEVICE}/debug/log", payload=b"shos_init.c:94 \xff"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_message_says(case: Case) -> None:
    check("shelly", case)

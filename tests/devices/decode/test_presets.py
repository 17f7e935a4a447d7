"""What Shelly Gen1, Theengs, rtl_433 and Z-Wave JS UI send, and what it means."""

from __future__ import annotations

import pytest

from devices.readings import Hints, Kind, Reason
from tests.devices.decode.cases import Case, check

HT = "shellies/shellyht-A1"
SHELLY = [
    Case(id="H&T, unit unsaid", topic=f"{HT}/sensor/temperature", payload="21.5", reasons=[Reason.UNIT_UNKNOWN]),
    Case(
        id="H&T",
        topic=f"{HT}/sensor/temperature",
        payload="70.7",
        hints=Hints(unit="F"),
        readings={"": (Kind.TEMPERATURE, 21.5)},
    ),
    Case(id="humidity", topic=f"{HT}/sensor/humidity", payload="48.5", readings={"": (Kind.HUMIDITY, 48.5)}),
    Case(id="battery", topic=f"{HT}/sensor/battery", payload="99", readings={"": (Kind.BATTERY, 99.0)}),
    Case(
        id="add-on probe",
        topic="shellies/shelly1-A/ext_temperature/0",
        payload="20.4",
        readings={"": (Kind.TEMPERATURE, 20.4)},
    ),
    Case(
        id="add-on probe in Fahrenheit",
        topic="shellies/shelly1-A/ext_temperature_f/0",
        payload="68",
        readings={"": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(
        id="add-on probe unplugged",
        topic="shellies/shelly1-A/ext_temperature/0",
        payload="999",
        reasons=[Reason.OUT_OF_RANGE],
    ),
    Case(
        id="a dimmer's chip",
        topic="shellies/shellydimmer-A/temperature",
        payload="52.3",
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(id="door open", topic="shellies/dw-A/sensor/state", payload="open", readings={"": (Kind.OPEN, True)}),
    Case(id="door closed", topic="shellies/dw-A/sensor/state", payload="close", readings={"": (Kind.OPEN, False)}),
    Case(id="door -1", topic="shellies/dw-A/sensor/state", payload="-1", reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="vibration", topic="shellies/dw-A/sensor/vibration", payload="1", readings={"": (Kind.VIBRATION, True)}),
    Case(id="light -1", topic="shellies/dw-A/sensor/lux", payload="-1", reasons=[Reason.OUT_OF_RANGE]),
    Case(
        id="motion",
        topic="shellies/motion-A/status",
        payload='{"motion":true,"timestamp":1721079005,"active":true,"vibration":false,"lux":12,"bat":88}',
        readings={
            "motion": (Kind.OCCUPIED, True),
            "vibration": (Kind.VIBRATION, False),
            "lux": (Kind.ILLUMINANCE, 12.0),
            "bat": (Kind.BATTERY, 88.0),
        },
    ),
    Case(
        id="info",
        topic=f"{HT}/info",
        payload='{"tmp":{"value":70.7,"units":"F","tC":21.5,"tF":70.7,"is_valid":true},"hum":{"value":48.5,"is_valid":true},'
        '"bat":{"value":99,"voltage":2.95}}',
        readings={
            "tmp.tC": (Kind.TEMPERATURE, 21.5),
            "hum.value": (Kind.HUMIDITY, 48.5),
            "bat.value": (Kind.BATTERY, 99.0),
        },
    ),
    Case(
        id="info with a unit of its own",
        topic=f"{HT}/info",
        payload='{"tmp":{"value":68,"units":"F"}}',
        readings={"tmp.value": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(
        id="info that calls itself invalid",
        topic=f"{HT}/info",
        payload='{"tmp":{"tC":0,"is_valid":false},"hum":{"value":40,"is_valid":true}}',
        readings={"hum.value": (Kind.HUMIDITY, 40.0)},
        reasons=[Reason.UNAVAILABLE_STATE],
    ),
    Case(
        id="info of a relay with an add-on",
        topic="shellies/shelly1-A/info",
        payload='{"relays":[{"ison":true}],"tmp":{"tC":55,"is_valid":true},"ext_temperature":{"0":{"hwID":"28","tC":20.4}}}',
        readings={"ext_temperature.0.tC": (Kind.TEMPERATURE, 20.4)},
    ),
    Case(
        id="press",
        topic="shellies/shellybutton1-A/input_event/0",
        payload='{"event":"SS","event_cnt":4}',
        readings={"event": (Kind.ACTION, "double")},
    ),
    Case(id="press reset", topic="shellies/shellybutton1-A/input_event/0", payload='{"event":"","event_cnt":4}'),
    Case(
        id="press, stored",
        topic="shellies/shellybutton1-A/input_event/0",
        payload='{"event":"S","event_cnt":4}',
        retained=True,
        reasons=[Reason.RETAINED_EVENT],
    ),
    Case(id="gone", topic=f"{HT}/online", payload="false", reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="back", topic=f"{HT}/online", payload="true"),
    Case(id="announce", topic="shellies/announce", payload='{"id":"shellyht-A1"}'),
]
BLE = "home/TheengsGateway/BTtoMQTT/A4C138000000"
THEENGS = [
    Case(
        id="thermometer",
        topic=BLE,
        payload='{"id":"A4:C1:38:00:00:00","rssi":-67,"tempc":21.5,"tempf":70.7,"hum":45,"batt":98,"volt":2.9}',
        readings={
            "rssi": (Kind.LINK_QUALITY, -67.0),
            "tempc": (Kind.TEMPERATURE, 21.5),
            "hum": (Kind.HUMIDITY, 45.0),
            "batt": (Kind.BATTERY, 98.0),
        },
    ),
    Case(id="only Fahrenheit", topic=BLE, payload='{"tempf":68}', readings={"tempf": (Kind.TEMPERATURE, 20.0)}),
    Case(id="door", topic=BLE, payload='{"open":true}', readings={"open": (Kind.OPEN, True)}),
    Case(id="blind", topic=BLE, payload='{"open":30}', reasons=[Reason.UNKNOWN_STATE]),
    Case(id="a phone", topic=BLE, payload='{"id":"x","manufacturerdata":"4c00"}', reasons=[Reason.MISSING_FIELD]),
    Case(
        id="the gateway's chip",
        topic="home/OMG/SYStoMQTT",
        payload='{"uptime":4,"tempc":57.8}',
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="433 MHz through the gateway",
        topic="home/OMG/RTL_433toMQTT/Nexus-TH/1/30",
        payload='{"model":"Nexus-TH","temperature_C":21.5,"humidity":45,"battery_ok":1}',
        readings={
            "temperature_C": (Kind.TEMPERATURE, 21.5),
            "humidity": (Kind.HUMIDITY, 45.0),
            "battery_ok": (Kind.BATTERY, 100.0),
        },
    ),
    Case(id="gone", topic="home/OMG/LWT", payload="offline", reasons=[Reason.UNAVAILABLE_STATE]),
]
EVENTS = "rtl_433/pi/events"
RTL_433 = [
    Case(
        id="event",
        topic=EVENTS,
        payload='{"time":"2024-07-15 23:30:05","id":9,"battery_ok":0,"temperature_C":19.8,"humidity":51}',
        readings={
            "battery_ok": (Kind.BATTERY, 0.0),
            "temperature_C": (Kind.TEMPERATURE, 19.8),
            "humidity": (Kind.HUMIDITY, 51.0),
        },
    ),
    Case(
        id="Fahrenheit",
        topic=EVENTS,
        payload='{"temperature_F":68.0}',
        readings={"temperature_F": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(
        id="valid checksum, 40 K off",
        topic=EVENTS,
        payload='{"temperature_C":61.2,"mic":"CRC"}',
        reasons=[Reason.OUT_OF_RANGE],
    ),
    Case(
        id="one value per topic",
        topic="rtl_433/pi/devices/Prologue-TH/2/9/temperature_C",
        payload="19.8",
        readings={"": (Kind.TEMPERATURE, 19.8)},
    ),
    Case(
        id="pressure",
        topic=EVENTS,
        payload='{"pressure_hPa":1009.5}',
        readings={"pressure_hPa": (Kind.PRESSURE, 100_950.0)},
    ),
    Case(id="door", topic=EVENTS, payload='{"contact_open":1}', readings={"contact_open": (Kind.OPEN, True)}),
    Case(id="a car's tyre", topic=EVENTS, payload='{"model":"Toyota","type":"TPMS"}', reasons=[Reason.MISSING_FIELD]),
]
NODE = "zwave/Bedroom/Multisensor"
AIR = f"{NODE}/sensor_multilevel/endpoint_0/Air_temperature"
SENT = 1_721_079_005_123
SEEN = (Kind.LAST_SEEN, 1_721_079_005.123)
ZWAVE = [
    Case(
        id="value with time, unit unsaid",
        topic=AIR,
        payload=f'{{"time":{SENT},"value":21.5}}',
        readings={"time": SEEN},
        reasons=[Reason.UNIT_UNKNOWN],
    ),
    Case(
        id="value with time",
        topic=AIR,
        payload=f'{{"time":{SENT},"value":21.5,"nodeName":"Multisensor","nodeLocation":"Bedroom"}}',
        hints=Hints(unit="C"),
        readings={"value": (Kind.TEMPERATURE, 21.5), "time": SEEN},
    ),
    Case(
        id="whole value",
        topic=f"{NODE}/49/0/Air_temperature",
        payload=f'{{"id":"5-49-0-Air temperature","nodeId":5,"unit":"°F","value":68,"lastUpdate":{SENT}}}',
        readings={"value": (Kind.TEMPERATURE, 20.0), "lastUpdate": SEEN},
    ),
    Case(id="bare value", topic=AIR, payload="21.5", hints=Hints(unit="C"), readings={"": (Kind.TEMPERATURE, 21.5)}),
    Case(
        id="hundredths",
        topic=AIR,
        payload="2227",
        hints=Hints(unit="0.01 °C"),
        readings={"": (Kind.TEMPERATURE, 22.27)},
    ),
    Case(
        id="a value that never came",
        topic=f"{NODE}/113/0/Access_Control/Door_state",
        payload=f'{{"id":"26-113-0","states":[],"lastUpdate":{SENT}}}',
        readings={"lastUpdate": SEEN},
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(id="humidity", topic=f"{NODE}/49/0/Humidity", payload="45", readings={"": (Kind.HUMIDITY, 45.0)}),
    Case(id="battery", topic=f"{NODE}/battery/endpoint_0/level", payload="80", readings={"": (Kind.BATTERY, 80.0)}),
    Case(
        id="door open",
        topic=f"{NODE}/notification/endpoint_0/Access_Control/Door_state",
        payload=f'{{"time":{SENT},"value":22}}',
        readings={"value": (Kind.OPEN, True), "time": SEEN},
    ),
    Case(
        id="door closed",
        topic=f"{NODE}/113/0/Access_Control/Door_state",
        payload="23",
        readings={"": (Kind.OPEN, False)},
    ),
    Case(
        id="door -1", topic=f"{NODE}/113/0/Access_Control/Door_state", payload="-1", reasons=[Reason.UNAVAILABLE_STATE]
    ),
    Case(id="door 254", topic=f"{NODE}/113/0/Access_Control/Door_state", payload="254", reasons=[Reason.UNKNOWN_STATE]),
    Case(
        id="motion",
        topic=f"{NODE}/113/0/Home_Security/Motion_sensor_status",
        payload="8",
        readings={"": (Kind.OCCUPIED, True)},
    ),
    Case(
        id="no motion",
        topic=f"{NODE}/113/0/Home_Security/Motion_sensor_status",
        payload="0",
        readings={"": (Kind.OCCUPIED, False)},
    ),
    Case(
        id="scene",
        topic="zwave/wand/central_scene/endpoint_0/scene/001",
        payload=f'{{"time":{SENT},"value":3}}',
        readings={"value": (Kind.ACTION, "double"), "time": SEEN},
    ),
    Case(
        id="scene, stored",
        topic="zwave/wand/91/0/scene/001",
        payload="0",
        retained=True,
        reasons=[Reason.RETAINED_EVENT],
    ),
    Case(id="scene reset", topic="zwave/wand/91/0/scene/001", payload='{"value":null}'),
    Case(
        id="dead",
        topic=f"{NODE}/status",
        payload=f'{{"time":{SENT},"value":false,"status":"Dead"}}',
        reasons=[Reason.UNAVAILABLE_STATE],
    ),
    Case(id="alive", topic=f"{NODE}/status", payload=f'{{"time":{SENT},"value":true,"status":"Alive"}}'),
    Case(
        id="a mat on a binary sensor",
        topic=f"{NODE}/48/0/Any",
        payload=f'{{"time":{SENT},"value":true}}',
        hints=Hints(kind=Kind.OCCUPIED),
        readings={"value": (Kind.OCCUPIED, True)},
    ),
    Case(
        id="a setpoint",
        topic=f"{NODE}/thermostat_setpoint/endpoint_0/setpoint/1",
        payload="22",
        reasons=[Reason.MISSING_FIELD],
    ),
]


@pytest.mark.parametrize("case", SHELLY, ids=lambda case: case.id)
def test_shelly_gen1_says(case: Case) -> None:
    check("shelly_gen1", case)


@pytest.mark.parametrize("case", THEENGS, ids=lambda case: case.id)
def test_theengs_says(case: Case) -> None:
    check("theengs", case)


@pytest.mark.parametrize("case", RTL_433, ids=lambda case: case.id)
def test_rtl_433_says(case: Case) -> None:
    check("rtl_433", case)


@pytest.mark.parametrize("case", ZWAVE, ids=lambda case: case.id)
def test_zwave_js_says(case: Case) -> None:
    check("zwave_js", case)

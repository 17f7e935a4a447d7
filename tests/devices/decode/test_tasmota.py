"""What Tasmota devices send, and what it means."""

from __future__ import annotations

import pytest

from devices.readings import Hints, Kind, Reason
from tests.devices.decode.cases import Case, check

SENSOR = "tele/bedroom/SENSOR"
CASES = [
    Case(
        id="AM2301",
        topic=SENSOR,
        payload='{"Time":"2024-07-15T23:30:05","AM2301":{"Temperature":21.4,"Humidity":48.1,"DewPoint":10.0},"TempUnit":"C"}',
        readings={"AM2301.Temperature": (Kind.TEMPERATURE, 21.4), "AM2301.Humidity": (Kind.HUMIDITY, 48.1)},
    ),
    Case(
        id="SI7021 in Fahrenheit",
        topic=SENSOR,
        payload='{"SI7021":{"Temperature":68.0,"Humidity":40},"TempUnit":"F"}',
        readings={"SI7021.Temperature": (Kind.TEMPERATURE, 20.0), "SI7021.Humidity": (Kind.HUMIDITY, 40.0)},
    ),
    Case(
        id="the message's unit wins over home.yaml",
        topic=SENSOR,
        payload='{"SI7021":{"Temperature":68.0},"TempUnit":"F"}',
        hints=Hints(unit="C"),
        readings={"SI7021.Temperature": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(
        id="no unit: Tasmota's default",
        topic=SENSOR,
        payload='{"SHT3X":{"Temperature":19.9}}',
        readings={"SHT3X.Temperature": (Kind.TEMPERATURE, 19.9)},
    ),
    Case(
        id="no unit: home.yaml",
        topic=SENSOR,
        payload='{"SHT3X":{"Temperature":68}}',
        hints=Hints(unit="°F"),
        readings={"SHT3X.Temperature": (Kind.TEMPERATURE, 20.0)},
    ),
    Case(
        id="a unit that nobody knows",
        topic=SENSOR,
        payload='{"SHT3X":{"Temperature":68},"TempUnit":"R"}',
        reasons=[Reason.UNIT_UNKNOWN],
    ),
    Case(
        id="BME280 with inches of mercury",
        topic=SENSOR,
        payload='{"BME280":{"Temperature":20,"Humidity":50,"Pressure":29.92},"PressureUnit":"inHg","TempUnit":"C"}',
        readings={
            "BME280.Temperature": (Kind.TEMPERATURE, 20.0),
            "BME280.Humidity": (Kind.HUMIDITY, 50.0),
            "BME280.Pressure": (Kind.PRESSURE, 101_320.75888),
        },
    ),
    Case(
        id="two probes, one of them unplugged",
        topic=SENSOR,
        payload='{"DS18B20-1":{"Id":"01","Temperature":20.1},"DS18B20-2":{"Id":"02","Temperature":-127},"TempUnit":"C"}',
        readings={"DS18B20-1.Temperature": (Kind.TEMPERATURE, 20.1)},
        reasons=[Reason.OUT_OF_RANGE],
    ),
    Case(
        id="two probes, one named by home.yaml",
        topic=SENSOR,
        payload='{"DS18B20-1":{"Id":"01","Temperature":20.1},"DS18B20-2":{"Id":"02","Temperature":55},"TempUnit":"C"}',
        hints=Hints(path="DS18B20-1.Temperature"),
        readings={"DS18B20-1.Temperature": (Kind.TEMPERATURE, 20.1)},
    ),
    Case(
        id="a probe that has just started",
        topic=SENSOR,
        payload='{"DS18B20":{"Temperature":85.0},"TempUnit":"C"}',
        reasons=[Reason.POWER_ON_VALUE],
    ),
    Case(
        id="the same in Fahrenheit",
        topic=SENSOR,
        payload='{"DS18B20":{"Temperature":185.0},"TempUnit":"F"}',
        reasons=[Reason.POWER_ON_VALUE],
    ),
    Case(
        id="older wrapping of probes",
        topic=SENSOR,
        payload='{"DS18x20":{"DS1":{"Type":"DS18B20","Temperature":20.4}},"TempUnit":"C"}',
        readings={"DS18x20.DS1.Temperature": (Kind.TEMPERATURE, 20.4)},
    ),
    Case(
        id="Zigbee through Tasmota",
        topic=SENSOR,
        payload='{"ZbReceived":{"0x4F2E":{"Device":"0x4F2E","Temperature":21.06,"LinkQuality":70}}}',
        readings={
            "ZbReceived.0x4F2E.Temperature": (Kind.TEMPERATURE, 21.06),
            "ZbReceived.0x4F2E.LinkQuality": (Kind.LINK_QUALITY, 70.0),
        },
    ),
    Case(
        id="only the chip",
        topic=SENSOR,
        payload='{"Time":"2024-07-15T23:30:05","ESP32":{"Temperature":48.9},"TempUnit":"C"}',
        reasons=[Reason.MISSING_FIELD],
    ),
    Case(
        id="the chip beside a sensor",
        topic=SENSOR,
        payload='{"ESP32":{"Temperature":48.9},"BMP280":{"Temperature":22.2},"TempUnit":"C"}',
        readings={"BMP280.Temperature": (Kind.TEMPERATURE, 22.2)},
    ),
    Case(
        id="the chip, if home.yaml insists",
        topic=SENSOR,
        payload='{"ESP32":{"Temperature":48.9},"TempUnit":"C"}',
        hints=Hints(path="ESP32.Temperature"),
        readings={"ESP32.Temperature": (Kind.TEMPERATURE, 48.9)},
    ),
    Case(
        id="a CO2 sensor that warms itself",
        topic=SENSOR,
        payload='{"MHZ19B":{"Model":"B","CarbonDioxide":812,"Temperature":26.0},"TempUnit":"C"}',
        readings={"MHZ19B.CarbonDioxide": (Kind.CO2, 812.0)},
    ),
    Case(
        id="light",
        topic=SENSOR,
        payload='{"BH1750":{"Illuminance":12}}',
        readings={"BH1750.Illuminance": (Kind.ILLUMINANCE, 12.0)},
    ),
    Case(
        id="half good",
        topic=SENSOR,
        payload='{"AM2301":{"Temperature":null,"Humidity":48.1},"TempUnit":"C"}',
        readings={"AM2301.Humidity": (Kind.HUMIDITY, 48.1)},
        reasons=[Reason.NOT_A_NUMBER],
    ),
    Case(
        id="a hole in the JSON",
        topic=SENSOR,
        payload='{"AM2301":{"Temperature":,"Humidity":48.1},"TempUnit":"C"}',
        reasons=[Reason.NOT_JSON],
    ),
    Case(
        id="answer to status 8",
        topic="stat/bedroom/STATUS8",
        payload='{"StatusSNS":{"SHT3X":{"Temperature":21,"Humidity":50},"TempUnit":"C"}}',
        readings={"SHT3X.Temperature": (Kind.TEMPERATURE, 21.0), "SHT3X.Humidity": (Kind.HUMIDITY, 50.0)},
    ),
    Case(
        id="answer to status 10 with a whole path",
        topic="stat/bedroom/STATUS10",
        payload='{"StatusSNS":{"SHT3X":{"Temperature":21,"Humidity":50},"TempUnit":"C"}}',
        hints=Hints(path="StatusSNS.SHT3X.Temperature"),
        readings={"SHT3X.Temperature": (Kind.TEMPERATURE, 21.0)},
    ),
    Case(
        id="a bed mat on an input",
        topic=SENSOR,
        payload='{"Time":"2024-07-15T23:30:05","Switch1":"ON"}',
        hints=Hints(path="Switch1", kind=Kind.OCCUPIED),
        readings={"Switch1": (Kind.OCCUPIED, True)},
    ),
    Case(
        id="button",
        topic="stat/bedroom/RESULT",
        payload='{"Button1":{"Action":"SINGLE"}}',
        readings={"Button1.Action": (Kind.ACTION, "single")},
    ),
    Case(
        id="button, stored",
        topic="stat/bedroom/RESULT",
        payload='{"Button1":{"Action":"SINGLE"}}',
        retained=True,
        reasons=[Reason.RETAINED_EVENT],
    ),
    Case(id="another answer", topic="stat/bedroom/RESULT", payload='{"POWER":"ON"}'),
    Case(id="a bare answer", topic="stat/bedroom/POWER", payload="ON"),
    Case(id="gone", topic="tele/bedroom/LWT", payload="Offline", reasons=[Reason.UNAVAILABLE_STATE]),
    Case(id="back", topic="tele/bedroom/LWT", payload="Online"),
    Case(
        id="device state",
        topic="tele/bedroom/STATE",
        payload='{"Uptime":"1T00:00:00","Wifi":{"RSSI":80}}',
        readings={"Wifi.RSSI": (Kind.LINK_QUALITY, 80.0)},
    ),
    Case(id="no block", topic=SENSOR, payload='{"Time":"2024-07-15T23:30:05"}', reasons=[Reason.MISSING_FIELD]),
    Case(
        id="a status that is no object",
        topic="stat/b/STATUS8",
        payload='{"StatusSNS":3}',
        reasons=[Reason.MISSING_FIELD],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_message_says(case: Case) -> None:
    check("tasmota", case)

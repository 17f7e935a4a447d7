"""Guesses: the dialect from topic and payload, and doubt about what is not the room's temperature."""

from __future__ import annotations

import pytest

from devices.decode import guess
from tests.devices.decode.cases import message

SURE = [
    ("zigbee2mqtt/Bedroom climate", '{"temperature":21.5,"humidity":45,"linkquality":80}', "zigbee2mqtt"),
    ("home/zigbee2mqtt/bedroom", '{"temperature":21.5}', "zigbee2mqtt"),
    ("casa/bedroom", '{"temperature":21.5,"linkquality":80}', "zigbee2mqtt"),
    (
        "zigbee2mqtt/hall motion",
        '{"occupancy":true,"temperature":20.9,"illuminance":12,"linkquality":9}',
        "zigbee2mqtt",
    ),
    ("zigbee2mqtt/window", '{"contact":true,"linkquality":9}', "zigbee2mqtt"),
    ("node/sensor/room_temperature/state", "21.48", "esphome"),
    ("bed/binary_sensor/bed_occupied_left/state", "ON", "esphome"),
    ("up/stairs/node/binary_sensor/pir/state", "OFF", "esphome"),
    ("homeassistant/sensor/bedroom_temperature/state", "21.4", "statestream"),
    ("ha/binary_sensor/in_bed/state", "on", "statestream"),
    ("my/base/binary_sensor/in_bed/state", "unavailable", "statestream"),
    ("my/base/sensor/bedroom_temperature/unit_of_measurement", '"°C"', "statestream"),
    ("my/base/input_boolean/guest/state", "off", "statestream"),
    ("tele/bedroom/SENSOR", '{"AM2301":{"Temperature":21.4},"TempUnit":"C"}', "tasmota"),
    ("bedroom/tele/SENSOR", '{"AM2301":{"Temperature":21.4},"TempUnit":"C"}', "tasmota"),
    ("stat/bedroom/STATUS10", '{"StatusSNS":{"SHT3X":{"Temperature":21}}}', "tasmota"),
    ("odd/topic", '{"SHT3X":{"Temperature":21},"TempUnit":"C"}', "tasmota"),
    ("tele/bedroom/SENSOR", '{"ESP32":{"Temperature":48},"SHT3X":{"Temperature":21},"TempUnit":"C"}', "tasmota"),
    ("shellyplusht-1/status/temperature:0", '{"id":0,"tC":21.4,"tF":70.5}', "shelly"),
    ("odd/topic", '{"id":0,"tC":21.4,"tF":70.5}', "shelly"),
    ("shellyplusht-1/events/rpc", '{"method":"NotifyFullStatus","params":{"temperature:0":{"tC":21}}}', "shelly"),
    ("shellies/shellyht-1/sensor/temperature", "21.5", "shelly_gen1"),
    ("shellies/shelly1-1/ext_temperature/0", "21.5", "shelly_gen1"),
    ("home/TheengsGateway/BTtoMQTT/A4C138", '{"tempc":21.5,"hum":45}', "theengs"),
    ("ble/sensor", '{"tempc":21.5,"hum":45}', "theengs"),
    ("rtl_433/pi/events", '{"model":"x","temperature_C":19.8}', "rtl_433"),
    ("radio", '{"model":"x","temperature_C":19.8,"battery_ok":1}', "rtl_433"),
    ("zwave/Bedroom/Multi/49/0/Air_temperature", '{"time":1721079005123,"value":21.5}', "zwave_js"),
    ("home/n/sensor_multilevel/endpoint_0/Air_temperature", "21.5", "zwave_js"),
    ("esp32-bedroom/sensor/room_temperature/state", "21.5", "esphome"),
    ("my/room/temperature", "21.5", "plain"),
    ("my/room", '{"temperature":21.5,"humidity":40}', "plain"),
    ("my/room", '{"data":{"t":21.5}}', "plain"),
    ("my/bed", "occupied", "plain"),
]
DOUBTFUL = [
    ("zigbee2mqtt/Bedside button", '{"action":"single","temperature":24,"linkquality":9}', "zigbee2mqtt", "button"),
    ("zigbee2mqtt/cube", '{"click":"single","temperature":24,"linkquality":9}', "zigbee2mqtt", "button"),
    ("zigbee2mqtt/Hall remote", '{"temperature":27,"battery":70,"linkquality":9}', "zigbee2mqtt", "button"),
    ("zigbee2mqtt/radar", '{"presence":true,"temperature":33,"linkquality":9}', "zigbee2mqtt", "presence"),
    ("zigbee2mqtt/plug", '{"power":5,"device_temperature":33,"temperature":33,"linkquality":9}', "zigbee2mqtt", "plug"),
    ("zigbee2mqtt/trv", '{"local_temperature":21,"occupied_heating_setpoint":22}', "zigbee2mqtt", "radiator"),
    ("zigbee2mqtt/valve", '{"schedule":{"a":{"temperature":21},"b":{"temperature":17}}}', "zigbee2mqtt", "radiator"),
    ("zigbee2mqtt/x", '{"schedule":{"a":{"temperature":21},"b":{"temperature":17}}}', "zigbee2mqtt", "more than one"),
    ("heatpump/bedroom", '{"temperature":21,"fan":"AUTO","vane":"AUTO"}', "plain", "setpoint"),
    ("aircon/bedroom/temperature", "21", "plain", "setpoint"),
    ("my/ac", '{"temperature":21,"mode":"COOL"}', "plain", "setpoint"),
    ("octoprint/temperature/bed", '{"actual":21.3,"target":0}', "plain", "printer"),
    ("klipper/temperature", "205", "plain", "printer"),
    ("homie/multi-sensor-1/$stats/cputemp", "44.1", "plain", "board"),
    ("my/host/cpu/temperature", "51", "plain", "chip"),
    ("tele/plug/SENSOR", '{"ESP32":{"Temperature":48.9},"TempUnit":"C"}', "tasmota", "ESP32"),
    ("node/sensor/internal_temperature/state", "51", "esphome", "chip"),
    ("shellies/shellydimmer-1/temperature", "52.3", "shelly_gen1", "relay"),
    ("shelly/status/switch:0", '{"id":0,"output":true,"temperature":{"tC":53.1,"tF":127.6}}', "shelly", "plug"),
    ("home/OMG/SYStoMQTT", '{"tempc":57.8,"uptime":1}', "theengs", "board"),
    ("ha/climate/bedroom/temperature", "21", "plain", "setpoint"),
    ("zigbee2mqtt/Balcony", '{"temperature":12,"linkquality":9}', "zigbee2mqtt", "outdoors"),
    ("zigbee2mqtt/Freezer", '{"temperature":-5,"linkquality":9}', "zigbee2mqtt", "room"),
]
NO_SENSOR = [
    ("homeassistant/sensor/x/temperature/config", '{"name":"x"}'),
    ("zigbee2mqtt/lamp/set", '{"state":"ON"}'),
    ("node/debug", "Got Temperature=21.4"),
    ("any/topic", ""),
    ("any/topic", b"\xff\xd8\xff\xe0"),
    ("camera/image", b"\x00" * 70_000),
]


@pytest.mark.parametrize(("topic", "payload", "dialect"), SURE)
def test_best_guess_is_the_dialect_without_doubt(topic: str, payload: str, dialect: str) -> None:
    best = guess(message(topic, payload))[0]
    assert (best.dialect, best.doubtful) == (dialect, False)
    assert "doubt" not in best.why


@pytest.mark.parametrize(("topic", "payload", "dialect", "word"), DOUBTFUL)
def test_a_temperature_that_is_not_the_rooms_is_shown_as_doubtful(
    topic: str, payload: str, dialect: str, word: str
) -> None:
    best = guess(message(topic, payload))[0]
    assert (best.dialect, best.doubtful) == (dialect, True)
    assert "doubtful as a room sensor" in best.why
    assert word in best.why


@pytest.mark.parametrize(("topic", "payload"), NO_SENSOR)
def test_what_is_no_sensor_gets_no_guess(topic: str, payload: str | bytes) -> None:
    assert guess(message(topic, payload)) == []


def test_shared_shapes_are_both_offered() -> None:
    assert [one.dialect for one in guess(message("x/sensor/temperature/state", "21.5"))] == [
        "esphome",
        "statestream",
        "plain",
    ]


def test_a_guess_never_quotes_the_payload() -> None:
    for one in guess(message("zigbee2mqtt/x", '{"note":"my left leg","temperature":21,"action":"secret"}')):
        assert "leg" not in one.why
        assert "secret" not in one.why

"""`unclench init`: from a few answers to files that load, and never over what is there."""

from __future__ import annotations

import json
import stat
from datetime import time, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from config.load import load
from config.yaml_file import read_yaml
from integration.cli.answer_checks import broker, guess_zone, person_id
from integration.cli.first_files import dialect_of
from tests.cli.unclench import unclench

FLAGS = {
    "--name": "Anna-Lena O'Neil",
    "--zone": "Europe/Berlin",
    "--units": "f",
    "--sensitive-to": "both",
    "--too-warm-in-bed": "71.6",
    "--too-warm": "24 C",
    "--night": "23:00 - 8.15",
    "--broker": "anna@192.168.1.20:8883",
    "--home-assistant": "http://ha.local:8123/",
    "--temperature": "tele/bedroom/SENSOR",
    "--bed": "binary_sensor.bed",
    "--cooling": "climate.bedroom, fan.bedroom",
    "--lamp": "light.bedside",
    "--notify": "notify.mobile_app_anna",
}


def flags(**changes: str) -> list[str]:
    given = FLAGS | {f"--{key.replace('_', '-')}": value for key, value in changes.items()}
    return [part for flag, value in given.items() for part in (flag, value)]


def test_flags_alone_make_a_configuration_that_loads(tmp_path: Path) -> None:
    ran = unclench("init", str(tmp_path), "--yes", *flags())
    assert ran.code == 0
    home, profiles = load(tmp_path).home, load(tmp_path).profiles
    assert set(profiles) == {"anna_lena_o_neil"}
    anna = profiles["anna_lena_o_neil"]
    assert (anna.name, anna.time_zone, anna.units) == ("Anna-Lena O'Neil", "Europe/Berlin", "F")
    assert (anna.comfort.sensitive_to, anna.comfort.floor_c) == ("both", 18.0)
    assert (anna.bedtime.at, anna.bedtime.rise) == (time(23), time(8, 15))
    assert anna.triggers.heat.above_in_bed == pytest.approx(22.0)
    assert (home.mqtt.host, home.mqtt.port, home.mqtt.username) == ("192.168.1.20", 8883, "anna")
    assert home.mqtt.tls is not None
    assert home.home_assistant is not None
    room = home.rooms["bedroom"]
    assert (room.sensors[0].topic, room.sensors[0].dialect) == ("tele/bedroom/SENSOR", "tasmota")
    assert room.bed is not None
    assert room.bed.sensors[0].entity == "binary_sensor.bed"
    assert len(room.cooling) == 2
    assert room.lights == ["light.bedside"]


def test_yes_alone_asks_nothing(tmp_path: Path) -> None:
    ran = unclench("init", str(tmp_path), "--yes")
    assert ran.code == 0
    assert set(load(tmp_path).profiles) == {"me"}


def test_the_limits_and_the_next_two_commands_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integration.cli.init.which", lambda _: "/usr/bin/unclench")
    words = unclench("init", str(tmp_path), "--yes").words
    assert words.count("not a medical device and not an alarm") == 1
    assert words.count("In an emergency, call your emergency number.") == 1
    assert f"unclench check --config {tmp_path} unclench run --config {tmp_path}" in words


def test_the_commands_are_typed_as_they_are_reached(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = machine / ".venv/bin/unclench"
    beside.parent.mkdir(parents=True)
    beside.touch()
    monkeypatch.setattr("integration.cli.init.which", lambda _: None)
    monkeypatch.setattr("sys.executable", str(beside.with_name("python")))
    assert ".venv/bin/unclench check --config" in unclench("init", str(tmp_path / "a b"), "--yes").words
    assert f"--config '{tmp_path / 'a b'}'" in unclench("init", str(tmp_path / "a b"), "--yes").words


def test_without_a_folder_it_writes_where_the_others_look(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integration.cli.init.which", lambda _: "/usr/bin/unclench")
    ran = unclench("init", "--yes")
    assert ran.code == 0
    assert (machine / ".config/unclench/home.yaml").is_file()
    assert ran.words.endswith("unclench check unclench run")


def test_questions_with_answers(tmp_path: Path) -> None:
    answers = ["Ben", "Europe/London", "C", "cold", "", "", "22:00 - 7:00", "ben@box", "", "", "", "", "", ""]
    ran = unclench("init", str(tmp_path), answers="\n".join(answers) + "\n")
    assert ran.code == 0
    assert load(tmp_path).profiles["ben"].comfort.sensitive_to == "cold"
    assert load(tmp_path).home.mqtt.username == "ben"


def test_enter_takes_every_usual_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Oslo")
    assert unclench("init", str(tmp_path), answers="\n" * 14).code == 0
    assert load(tmp_path).profiles["me"].time_zone == "Europe/Oslo"
    heat = load(tmp_path).profiles["me"].triggers.heat
    assert (heat.above_in_bed, heat.above) == (22.0, 24.0)


def test_a_machine_that_does_not_know_where_it_is_offers_no_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Etc/UTC")
    ran = unclench("init", str(tmp_path), answers="\n".join(["Ben", "", "europe/LONDON", *[""] * 12]) + "\n")
    assert "UTC" not in ran.output
    assert "Write a region and a city" in ran.words
    assert load(tmp_path).profiles["ben"].time_zone == "Europe/London"
    ran = unclench("init", str(tmp_path / "quiet"), "--yes")
    assert "Write where you live as time_zone into profiles/me.yaml" in ran.words


def test_y_takes_the_zone_that_was_meant(tmp_path: Path) -> None:
    unclench("init", str(tmp_path), answers="\n".join(["Ben", "Lodnon", "y", *[""] * 12]) + "\n")
    assert load(tmp_path).profiles["ben"].time_zone == "Europe/London"


@pytest.mark.parametrize("said", ["Fahrenheit", "°F", "f", "FAHRENHEIT"])
def test_units_in_words(tmp_path: Path, said: str) -> None:
    unclench("init", str(tmp_path), "--yes", "--units", said, "--too-warm-in-bed", "72")
    profile = load(tmp_path).profiles["me"]
    assert profile.units == "F"
    assert profile.triggers.heat.above_in_bed == pytest.approx(22.22, abs=0.01)


@pytest.mark.parametrize("degrees", ["17", "18.5", "19", "35"])
def test_any_limit_that_may_be_answered_loads(tmp_path: Path, degrees: str) -> None:
    assert unclench("init", str(tmp_path), "--yes", "--too-warm-in-bed", degrees).code == 0
    assert load(tmp_path).profiles["me"].triggers.heat.above_in_bed == float(degrees)


def test_ending_the_questions_writes_nothing(tmp_path: Path) -> None:
    ran = unclench("init", str(tmp_path / "new"), answers="Ben\n")
    assert ran.code == 1
    assert ran.words.endswith("Nothing was written.")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("source", "units", "lines"),
    [
        ("homeassistant/sensor/bed_t/state", "F", ["measures: [temperature]", "unit: F"]),
        ("my/own/thermometer", "C", ["measures: [temperature]", "unit: C"]),
        ("bed/sensor/temperature/state", "C", ["measures: [temperature]"]),
        ("sensor.bedroom_temperature", "C", ["measures: [temperature]"]),
        ("zigbee2mqtt/Bedroom climate", "C", ["measures: [temperature, humidity]"]),
    ],
)
def test_a_thermometer_gets_what_it_needs(tmp_path: Path, source: str, units: str, lines: list[str]) -> None:
    ha = ("--home-assistant", "http://ha.local:8123")
    assert unclench("init", str(tmp_path), "--yes", "--units", units, "--temperature", source, *ha).code == 0
    text = (tmp_path / "home.yaml").read_text()
    assert all(f"        {line}" in text for line in lines)
    assert load(tmp_path).home.rooms["bedroom"].sensors[0].unit == (units if len(lines) > 1 else None)


def test_nothing_that_cools_has_to_wait(tmp_path: Path) -> None:
    """What is used first, and when, is planned."""
    unclench("init", str(tmp_path), "--yes", *flags())
    delays = [device.after for device in load(tmp_path).home.rooms["bedroom"].cooling]
    assert delays == [timedelta(0), timedelta(0)]


def test_an_answer_that_cannot_be_used_is_asked_again(tmp_path: Path) -> None:
    answers = [
        "Ben",
        "Lodnon",
        "Europe/London",
        "K",
        "C",
        "",
        "hot",
        "22",
        "72 F",
        "late",
        "10:00 - 10:00",
        "",
        "",
        "ha.local",
        "",
    ]
    answers += ["Sensor.X", "", "#", "", "heater.x", "", "switch.x", "", "phone", ""]
    ran = unclench("init", str(tmp_path), answers="\n".join(answers) + "\n")
    assert ran.code == 0
    for said in (
        "Did you mean Europe/London?",
        "Write one of: C, F.",
        "Write two times",
        "two different times",
        "from 17 °C to 35 °C",
    ):
        assert said in ran.words


def test_a_flag_is_not_asked_for(tmp_path: Path) -> None:
    ran = unclench("init", str(tmp_path), *flags())
    assert ran.code == 0
    assert "?" not in ran.output


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("zone", "Mars"),
        ("units", "K"),
        ("night", "late"),
        ("broker", "a b"),
        ("broker", "box:99999"),
        ("broker", "a..b"),
        ("home_assistant", "ha.local"),
        ("cooling", "light.x"),
        ("lamp", "switch.x"),
        ("too_warm", "99"),
        ("name", ""),
        ("person", "Anna Lena"),
        ("temperature_dialect", "klingon"),
    ],
)
def test_a_flag_that_cannot_be_used_is_a_usage_error(tmp_path: Path, flag: str, value: str) -> None:
    ran = unclench("init", str(tmp_path / "new"), "--yes", *flags(**{flag: value}))
    assert ran.code == 2
    assert f"--{flag.replace('_', '-')}" in ran.output
    assert not (tmp_path / "new").exists()


def test_what_is_there_stays(tmp_path: Path) -> None:
    unclench("init", str(tmp_path), "--yes", "--name", "Anna")
    before = {path: path.read_text() for path in tmp_path.rglob("*.*") if path.is_file()}
    ran = unclench("init", str(tmp_path), "--yes", "--name", "Anna", "--sensitive-to", "both")
    assert ran.words.count("is there already, so it stays as it is") == 3
    assert {path: path.read_text() for path in before} == before


def test_force_keeps_a_copy_and_the_passwords(tmp_path: Path) -> None:
    unclench("init", str(tmp_path), "--yes", "--name", "Anna")
    (tmp_path / "secrets.env").write_text("UNCLENCH_HA_TOKEN=abc\n")
    (tmp_path / "home.yaml").write_text("mine: 1\n")
    for _ in range(2):
        assert unclench("init", str(tmp_path), "--yes", "--force", "--name", "Anna").code == 0
    assert (tmp_path / "home.yaml.old1").read_text() == "mine: 1\n"
    assert (tmp_path / "home.yaml.old2").exists()
    assert (tmp_path / "secrets.env").read_text() == "UNCLENCH_HA_TOKEN=abc\n"


def test_only_you_can_read_the_passwords(tmp_path: Path) -> None:
    unclench("init", str(tmp_path), "--yes")
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_what_is_left_to_do_is_said(tmp_path: Path) -> None:
    ran = unclench("init", str(tmp_path), "--yes", "--cooling", "fan.x")
    assert ran.code == 1
    assert "still to do" in ran.words
    assert "no sensor that measures temperature" in ran.words
    assert "Home Assistant" in ran.words
    assert "Write your passwords" in ran.words
    assert "unclench listen" in ran.words


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Exception, match="cannot be written"):
        unclench("init", str(tmp_path / "file"), "--yes")


def test_the_files_name_schemas_that_are_beside_them_and_are_valid(tmp_path: Path) -> None:
    unclench("init", str(tmp_path), "--yes", *flags())
    for path in (tmp_path / "home.yaml", tmp_path / "profiles" / "anna_lena_o_neil.yaml"):
        named = path.parent / path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
        schema = json.loads(named.read_text(encoding="utf-8"))
        assert not list(Draft202012Validator(schema).iter_errors(read_yaml(path, tmp_path)[0].data))


@pytest.mark.parametrize(
    "name",
    ["No", "null", "Zoë", "李", "a: b", "# x", "- x", '"', "O'Neil", "x" * 60, "1", "true", "Anna\\n", "*a", "{a}"],
)
def test_any_name_survives_yaml(tmp_path: Path, name: str) -> None:
    assert unclench("init", str(tmp_path), "--yes", "--name", name).code == 0
    assert [profile.name for profile in load(tmp_path).profiles.values()] == [name]


@pytest.mark.parametrize(
    ("name", "person"),
    [("Anna", "anna"), ("Zoë Ó'Neil", "zoe_o_neil"), ("李", "me"), ("3PO", "me"), ("x" * 60, "x" * 40)],
)
def test_the_short_name(name: str, person: str) -> None:
    assert person_id(name) == person


@pytest.mark.parametrize(
    ("topic", "dialect"),
    [
        ("zigbee2mqtt/bedroom", "zigbee2mqtt"),
        ("bed/sensor/temperature/state", "esphome"),
        ("bed/binary_sensor/left/state", "esphome"),
        ("tele/bedroom/SENSOR", "tasmota"),
        ("shellies/ht-1/sensor/temperature", "shelly_gen1"),
        ("shellyplusht-a1/status/temperature:0", "shelly"),
        ("homeassistant/sensor/bedroom/state", "statestream"),
        ("rtl_433/home/devices/x", "rtl_433"),
        ("home/OMG/BTtoMQTT/A4C138", "theengs"),
        ("zwave/bedroom/49/0/Air_temperature", "zwave_js"),
        ("my/own/thermometer", "plain"),
    ],
)
def test_the_dialect_that_a_topic_suggests(topic: str, dialect: str) -> None:
    assert dialect_of(topic) == dialect


def test_the_broker_in_one_line() -> None:
    assert broker("localhost") == ("", "localhost", 1883)
    assert broker("me@box:8883") == ("me", "box", 8883)


def test_the_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", ":Europe/Oslo")
    assert guess_zone() == "Europe/Oslo"
    monkeypatch.setenv("TZ", "nonsense")
    assert "/" in guess_zone() or guess_zone() == "UTC"

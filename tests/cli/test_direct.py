"""The command line in a home whose devices are switched over MQTT: check, run, why, health, record and replay."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from config.load import load
from integration.household import Household
from integration.probe.mapped import mapped_entities
from integration.recording import parse_line
from integration.replay import Replay
from integration.rulebooks import load_books
from tests.cli.unclench import unclench
from tests.integration.direct_devices import PLAIN, TOPIC, Plug, direct_home
from tests.integration.homebuilder import BED, CLIMATE, TestHome, listens, publisher, say
from tests.integration.test_run_command import health, running
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

PAD = "      - {switch: switch.cooling_mattress_pad, min_run: 0 s, min_pause: 0 s}"


def checked(home: TestHome) -> tuple[int, str]:
    """What `check` says."""
    ran = unclench("check", "--config", str(home.folder))
    return ran.code, ran.words


@pytest.mark.peers
def test_check_asks_each_device_how_it_is_and_tells_it_nothing(tmp_path: Path, mosquitto: Mosquitto) -> None:
    home = direct_home(tmp_path / "home", mosquitto.port, more=PAD)
    with Plug(on=True).plugged_in(mosquitto.port) as plug:
        code, words = checked(home)
        assert code == 0, words
        assert "ok fan.bedroom_fan: says that it is on" in words
        assert "Home Assistant: is not in home.yaml, so nothing switches switch.cooling_mattress_pad" in words
        assert plug.asked == 1
        assert plug.told == []


@pytest.mark.peers
def test_check_says_which_device_does_not_speak(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integration.probe.broker.TIMEOUT_S", 1.0)
    code, words = checked(direct_home(tmp_path / "home", mosquitto.port))
    assert code == 69
    assert "fan.bedroom_fan: does not say how it is" in words
    assert "mqtt_devices.fan.bedroom_fan.topic" in words
    assert "Home Assistant: is not in home.yaml; what is said to you is printed and published" in words


@pytest.mark.peers
def test_check_says_of_a_device_without_a_word_that_it_is_trusted(tmp_path: Path, mosquitto: Mosquitto) -> None:
    code, words = checked(direct_home(tmp_path / "home", mosquitto.port, PLAIN))
    assert code == 0
    assert "note fan.bedroom_fan: never says how it is, so it is taken to do what it is told" in words


@pytest.mark.peers
def test_check_finds_that_the_broker_lets_nobody_write_to_a_device(tmp_path: Path, mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    (tmp_path / "acl").write_text("topic readwrite unclench/#\ntopic read #\n")
    (tmp_path / "b").mkdir()
    with Mosquitto(tmp_path / "b", extra_lines=[f"acl_file {tmp_path / 'acl'}"]) as broker:
        with publisher(broker.port) as client:
            say(client, TOPIC, "{}")
        code, words = checked(direct_home(tmp_path / "home", broker.port))
    assert code == 1
    assert "fan.bedroom_fan: may not be written to" in words
    assert "access list (ACL)" in words


@pytest.mark.peers
@pytest.mark.parametrize("more", ["", PAD])
def test_run_why_and_health_speak_only_of_what_is_not_switched(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    """And the actions are published as everywhere."""
    home, heard = direct_home(tmp_path / "home", mosquitto.port, more=more), list[dict[str, object]]()
    monkeypatch.setenv("UNCLENCH_DATA", str(home.folder / "data"))
    with publisher(mosquitto.port) as sensors, Plug().plugged_in(mosquitto.port) as plug, running(home) as process:
        sensors.on_message = lambda _client, _data, message: heard.append(json.loads(message.payload))
        sensors.subscribe("unclench/robin/action", 1)
        wait_until(lambda: listens(home.folder / "data" / "health.json"), timeout_s=20, what="the broker")
        say(sensors, BED, "ON", retain=True)
        say(sensors, CLIMATE, '{"temperature": 22.5}')
        wait_until(lambda: plug.on, timeout_s=20, what="the fan")
        wait_until(
            lambda: any(each["target"] == {"entity_id": "fan.bedroom_fan"} for each in heard),
            timeout_s=20,
            what="the published action",
        )
        well = health(home).stdout
        said = unclench("why", "cooling", "--config", str(home.folder)).words
        process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=20)[0]
    assert "nothing is switched" not in log + well + said
    if more:
        assert "not switched, as they are not under mqtt_devices: switch.cooling_mattress_pad" in log
        assert "so nothing switches switch.cooling_mattress_pad" in well
        assert "and so not switched: switch.cooling_mattress_pad" in said
    else:
        assert "devices are switched over MQTT; what is said to you is printed and published" in log
        assert "Home Assistant not set up." in well
        assert "not switched" not in said


@pytest.mark.peers
def test_what_a_device_says_is_recorded_and_its_hand_is_known_in_the_replay(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    home, target = direct_home(tmp_path / "home", mosquitto.port), tmp_path / "evening.jsonl"
    with publisher(mosquitto.port) as client:
        say(client, TOPIC, json.dumps({"state": "OFF"}), retain=True)
        ran = unclench("record", str(target), "--for", "2", "--config", str(home.folder))
    assert ran.code == 0
    assert [json.loads(line)["topic"] for line in target.read_text().splitlines()] == [TOPIC]


def replayed(home: TestHome, *lines: tuple[str, str, object]) -> list[tuple[str, str]]:
    """The actions of some lines: when, and which service."""
    configuration = load(home.folder)
    replay, actions = Replay(Household(configuration, load_books(configuration))), []
    for number, (at, topic, payload) in enumerate(lines, start=1):
        text = json.dumps({"tst": f"2026-07-14T{at}+0000", "topic": topic, "payload": payload})
        actions += replay.feed(parse_line(text, number))
    return [(f"{action.at:%H:%M}", action.service) for action in actions if action.entity == "fan.bedroom_fan"]


WARM = {"temperature": 22.5}
COLD = ({"temperature": 20.0}, {"temperature": 19.9})


def test_replay_takes_a_device_to_obey_until_it_speaks(tmp_path: Path) -> None:
    home = direct_home(tmp_path / "home", 1883)
    evening = [("22:00:00", BED, "ON"), ("22:01:00", CLIMATE, WARM)]
    cold = [("23:00:00", CLIMATE, COLD[0]), ("23:01:00", CLIMATE, COLD[1])]
    assert [service for _, service in replayed(home, *evening, *cold)] == ["fan.turn_on", "fan.turn_off"]


def test_replay_knows_a_hand_on_a_device_that_speaks(tmp_path: Path) -> None:
    """Its first word is none, whatever was assumed; the change of it later is."""
    home = direct_home(tmp_path / "home", 1883)
    assert replayed(
        home,
        ("22:00:00", TOPIC, {"state": "OFF"}),
        ("22:00:01", BED, "ON"),
        ("22:01:00", CLIMATE, WARM),
        ("22:01:02", TOPIC, {"state": "ON"}),
        ("22:30:00", TOPIC, {"state": "OFF"}),
        ("22:31:00", CLIMATE, {"temperature": 22.6}),
    ) == [("22:01", "fan.turn_on")]
    assert replayed(
        home, ("22:00:00", BED, "ON"), ("22:01:00", CLIMATE, WARM), ("22:30:00", TOPIC, {"state": "OFF"})
    ) == [("22:01", "fan.turn_on"), ("22:30", "fan.turn_on")]


def test_replay_takes_a_device_without_a_word_to_obey_for_ever(tmp_path: Path) -> None:
    """Also where the states of other devices are in the recording."""
    home = direct_home(tmp_path / "home", 1883, PLAIN, more=PAD)
    configuration = load(home.folder)
    replay = Replay(Household(configuration, load_books(configuration)))
    lines = [
        {"tst": "2026-07-14T22:00:00+0000", "entity_id": "switch.cooling_mattress_pad", "state": "off"},
        {"tst": "2026-07-14T22:00:01+0000", "topic": BED, "payload": "ON"},
        {"tst": "2026-07-14T22:01:00+0000", "topic": CLIMATE, "payload": WARM},
        {"tst": "2026-07-14T23:00:00+0000", "topic": CLIMATE, "payload": COLD[0]},
        {"tst": "2026-07-14T23:01:00+0000", "topic": CLIMATE, "payload": COLD[1]},
    ]
    actions = [each for n, line in enumerate(lines, 1) for each in replay.feed(parse_line(json.dumps(line), n))]
    fan = [each.service for each in actions if each.entity == "fan.bedroom_fan"]
    assert fan == ["fan.turn_on", "fan.turn_off"]


def test_a_device_over_mqtt_is_not_looked_for_in_home_assistant(tmp_path: Path) -> None:
    home = direct_home(tmp_path / "home", 1883, url="http://127.0.0.1:8123", more=PAD)
    mapped = {each.entity for each in mapped_entities(load(home.folder))}
    assert "switch.cooling_mattress_pad" in mapped
    assert "fan.bedroom_fan" not in mapped

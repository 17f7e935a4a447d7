"""`listen` and `record` on a real broker, and recordings against what mosquitto_sub itself writes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from devices.readings import Message
from integration.recording import RecordedState, RecordingError, message_line, parse_line, state_line
from tests.integration.homebuilder import BED, CLIMATE, TestHome, publisher, say
from tests.peers.mosquitto import Mosquitto

PAYLOADS = ['{"temperature": 21.50, "note": "warm"}', "ON", "21.5", '"on"', "", "not json {", "1e999", "[1, 2]", "näss"]


def unclench(home: TestHome, *arguments: str) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    environment = {
        **os.environ,
        "UNCLENCH_CONFIG": str(home.folder),
        "UNCLENCH_DATA": str(home.folder / "data"),
        "COLUMNS": "100",
    }
    command = [sys.executable, "-c", "from integration.cli import main; main()", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_message_survives_the_recording(payload: str) -> None:
    """What is read back is what was sent, up to the spelling of JSON."""
    from datetime import UTC, datetime

    at = datetime(2026, 7, 14, 21, 30, 0, 123456, tzinfo=UTC)
    line = parse_line(message_line(Message(topic="a/b", payload=payload.encode(), retained=True), at), 1)
    assert line.at == at
    assert isinstance(line.what, Message)
    assert line.what.retained
    sent, read = payload, line.what.payload.decode()
    assert read == sent or json.loads(read) == json.loads(sent)


def test_a_state_survives_the_recording() -> None:
    """Entity, state, attributes and the hand."""
    from datetime import UTC, datetime

    at = datetime(2026, 7, 14, 21, 30, tzinfo=UTC)
    state = RecordedState("fan.x", "on", {"percentage": 40}, by_person=True)
    line = parse_line(state_line(state, at), 1)
    assert (line.at, line.what) == (at, state)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[]", "one JSON object"),
        ('{"topic": "x"}', "tst"),
        ('{"tst": "2026-07-14T21:30:00", "topic": "x"}', "time zone"),
    ],
)
def test_a_bad_line_is_named(text: str, says: str) -> None:
    """The number of the line and what is wrong with it."""
    with pytest.raises(RecordingError, match=f"line 7: .*{says}"):
        parse_line(text, 7)


@pytest.mark.peers
def test_what_mosquitto_sub_records_can_be_replayed(mosquitto: Mosquitto) -> None:
    """The documented format is the one that mosquitto_sub -F %J really writes."""
    program = shutil.which("mosquitto_sub")
    if program is None:
        if os.environ.get("UNCLENCH_REQUIRE_PEERS") == "1":
            pytest.fail("mosquitto_sub is not installed (Debian: mosquitto-clients)")
        pytest.skip("mosquitto_sub is not installed (Debian: mosquitto-clients)")
    with publisher(mosquitto.port) as sensors:
        for number, payload in enumerate(PAYLOADS):
            if payload:
                say(sensors, f"t/{number}", payload, retain=True)
    sent = [payload for payload in PAYLOADS if payload]
    for style in ("%j", "%J"):
        command = [program, "-p", str(mosquitto.port), "-t", "t/#", "-F", style, "-C", str(len(sent)), "-W", "10"]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        # %J prints an empty line, and a complaint, for a payload that is no JSON.
        lines = [parse_line(text, 1).what for text in printed if text]
        read = {what.topic: what.payload.decode() for what in lines if isinstance(what, Message)}
        for number, payload in enumerate(PAYLOADS):
            if payload and style == "%j":
                assert read[f"t/{number}"] == payload
            elif payload.startswith(("{", "[", "2")):
                assert json.loads(read[f"t/{number}"]) == json.loads(payload)


@pytest.mark.peers
def test_listen_shows_facts_rejections_and_the_lines_for_home(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Live, then the summary with what to write into home.yaml."""
    home = TestHome(tmp_path / "home", mosquitto.port)
    with publisher(mosquitto.port) as sensors:
        say(sensors, CLIMATE, '{"temperature": 21.5, "humidity": 48, "linkquality": 90}', retain=True)
        say(sensors, "zigbee2mqtt/button", '{"action": "single", "battery": 90}', retain=True)
        say(sensors, BED, "ON", retain=True)
        output, errors = unclench(home, "listen", "--for", "2").communicate(timeout=30)
    assert errors == ""
    assert "temperature 21.5 °C" in output
    assert "refused: retained_event" in output
    assert f'- topic: "{CLIMATE}"' in output
    assert "dialect: zigbee2mqtt" in output
    assert "measures: [temperature, humidity]" in output


@pytest.mark.peers
def test_listen_without_a_broker_says_what_to_do(tmp_path: Path) -> None:
    """A person's error, no traceback."""
    from tests.peers.ports import free_port

    output, errors = unclench(TestHome(tmp_path / "home", free_port()), "listen", "--for", "1").communicate(timeout=30)
    assert "Traceback" not in errors + output
    assert "Is it running" in errors


@pytest.mark.peers
def test_record_writes_what_replay_reads(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Only the mapped topics, readable by the person alone."""
    home = TestHome(tmp_path / "home", mosquitto.port)
    target = tmp_path / "evening.jsonl"
    with publisher(mosquitto.port) as sensors:
        say(sensors, BED, "ON", retain=True)
        say(sensors, "something/else", "private", retain=True)
        process = unclench(home, "record", str(target), "--for", "2")
        process.communicate(timeout=30)
    lines = target.read_text().splitlines()
    assert [json.loads(line)["topic"] for line in lines] == [BED]
    assert target.stat().st_mode & 0o077 == 0
    output, errors = unclench(home, "replay", str(target)).communicate(timeout=30)
    assert (output, errors) == ("", "")


MISTAKEN = "\nrooms:\n  bedroom:\n    person: anna\n    cooling:\n      - climate: climate.bedroom\n"


@pytest.mark.peers
@pytest.mark.parametrize("named", [False, True])
def test_listen_needs_of_home_yaml_only_its_broker(tmp_path: Path, mosquitto: Mosquitto, *, named: bool) -> None:
    """It finds the thermometer that home.yaml lacks; with --broker it needs no file."""
    home = TestHome(tmp_path / "home", mosquitto.port)
    mqtt = f"mqtt: {{host: 127.0.0.1, port: {mosquitto.port}}}"
    (home.folder / "home.yaml").write_text("not: [yaml" if named else mqtt + MISTAKEN)
    with publisher(mosquitto.port) as sensors:
        say(sensors, CLIMATE, '{"temperature": 21.5}', retain=True)
        options = ("--broker", f"127.0.0.1:{mosquitto.port}") if named else ()
        output, errors = unclench(home, "listen", "--for", "1", *options).communicate(timeout=30)
    assert errors == ""
    assert "measures: [temperature]" in output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "name the broker with --broker"),
        ("mqtt: {port: x}\n" + MISTAKEN, "mqtt.port"),
        ("not: [yaml", "bracket"),
    ],
)
def test_listen_without_a_broker_to_go_to(tmp_path: Path, text: str | None, says: str) -> None:
    """Only what keeps it from listening is told."""
    home = TestHome(tmp_path / "home", 1883)
    (home.folder / "home.yaml").unlink()
    if text is not None:
        (home.folder / "home.yaml").write_text(text)
    process = unclench(home, "listen", "--for", "1")
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert says in " ".join(errors.split())
    assert "1 thing to put right" in errors

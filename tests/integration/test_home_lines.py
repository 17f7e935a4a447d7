"""The lines that `listen` prints for home.yaml, and what it shows of each message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.home import Button, Room
from config.yaml_file import read_yaml
from devices.readings import Message
from integration.cli import listening_view
from integration.home_lines import home_lines
from integration.listening import Heard, Overview

AT = datetime(2026, 7, 14, 21, 30, tzinfo=UTC)
STATE, UNIT = "homeassistant/sensor/bedroom_temperature/state", "homeassistant/sensor/bedroom_temperature"


def heard(*messages: tuple[str, str], retained: bool = False) -> Overview:
    """What is known after some messages."""
    overview = Overview()
    for number, (topic, payload) in enumerate(messages):
        message = Message(topic=topic, payload=payload.encode(), retained=retained)
        overview.take(Heard(AT + timedelta(seconds=number), message))
    return overview


def lines(*messages: tuple[str, str], retained: bool = False) -> str:
    """The lines for home.yaml after some messages."""
    return "\n".join(home_lines(heard(*messages, retained=retained).topics.values(), "anna"))


def test_a_sensor_of_the_room() -> None:
    found = lines(("zigbee2mqtt/bedroom", '{"temperature": 21.5, "humidity": 48, "linkquality": 9}'))
    assert "in place of `sensors: []`" in found
    assert "measures: [temperature, humidity]" in found
    assert "unit" not in found


def test_what_only_some_messages_say_counts_too() -> None:
    found = lines(("zigbee2mqtt/bedroom", '{"temperature": 21.5}'), ("zigbee2mqtt/bedroom", '{"humidity": 48}'))
    assert "measures: [temperature, humidity]" in found


@pytest.mark.parametrize("topic", [STATE, "home/bedroom/temperature"])
def test_a_temperature_without_its_unit(topic: str) -> None:
    found = lines((topic, "21.5"))
    assert "measures: [temperature]" in found
    assert "unit: C  # or F" in found


def test_home_assistant_names_the_unit_itself() -> None:
    assert "unit:" not in lines((STATE, "21.5"), (f"{UNIT}/unit_of_measurement", '"°C"'))
    assert "unit:" not in lines((f"{UNIT}/unit_of_measurement", '"°C"'), (STATE, "21.5"))


@pytest.mark.parametrize(
    ("topic", "side"),
    [
        ("bed/binary_sensor/bed_left/state", "left"),
        ("bed/binary_sensor/mattress_occupied/state", "either"),
    ],
)
def test_a_bed_sensor_goes_under_bed(topic: str, side: str) -> None:
    found = lines((topic, "ON"))
    assert found.startswith("    bed:\n      sensors:\n        - topic:")
    assert f"side: {side}" in found


def test_presence_in_a_bedroom_is_none_of_the_bed() -> None:
    assert "bed:" not in lines(("bedroom/binary_sensor/bedroom_motion/state", "ON"))


@pytest.mark.parametrize("retained", [False, True])
def test_a_button(*, retained: bool) -> None:
    found = lines(("zigbee2mqtt/button", '{"action": "double", "battery": 90}'), retained=retained)
    assert "buttons:" in found
    assert "person: anna" in found
    assert f'"{"single" if retained else "double"}": done' in found
    assert "sensors" not in found


def test_the_lines_are_those_of_the_models(tmp_path: Path) -> None:
    text = lines(
        ("zigbee2mqtt/bedroom", '{"temperature": 21.5}'),
        ("bed/binary_sensor/bed_left/state", "ON"),
        (STATE, "21.5"),
        ("zigbee2mqtt/button", '{"action": "single"}'),
    )
    (tmp_path / "home.yaml").write_text(f"rooms:\n  bedroom:\n    person: anna\n{text}\n")
    data = read_yaml(tmp_path / "home.yaml", tmp_path)[0].data
    rooms, buttons = data["rooms"], data["buttons"]
    assert isinstance(rooms, dict)
    assert isinstance(buttons, list)
    assert len(Room.model_validate(rooms["bedroom"]).sensors) == 2
    assert Button.model_validate(buttons[0]).presses == {"single": "done"}


@pytest.mark.parametrize(
    ("topic", "payload", "says"),
    [
        ("zigbee2mqtt/bridge/state", '{"state": "online"}', "nothing that Unclench uses"),
        ("node/status", "hello", "nothing that Unclench uses"),
        ("home/bedroom/temperature", "21.5", "refused: unit_unknown (home.yaml has to say it)"),
        ("zigbee2mqtt/bedroom", '{"temperature": 21.5}', "temperature 21.5 °C"),
    ],
)
def test_what_is_shown_of_a_message(
    topic: str, payload: str, says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening_view.console, "width", 200)
    seen = heard((topic, payload)).topics[topic]
    for retained in (False, True):
        message = Message(topic=topic, payload=payload.encode(), retained=retained)
        listening_view.show_heard(Heard(AT, message), seen)
    fresh, kept = capsys.readouterr().out.splitlines()
    assert says in fresh
    assert "refused" not in fresh or "refused" in says
    assert kept == f"{fresh}  (retained)"

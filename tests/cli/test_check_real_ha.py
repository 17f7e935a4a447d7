"""`unclench check` against real Home Assistants."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.unclench import unclench
from tests.config.homes import ANNA, write_home
from tests.peers.home_assistant import HomeAssistant
from tests.peers.mosquitto import Mosquitto


def test_a_real_one_knows_what_it_has(
    tmp_path: Path, home_assistant: HomeAssistant, broker_for_ha: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNCLENCH_HA_TOKEN", home_assistant.token)
    home = f"""\
mqtt: {{host: 127.0.0.1, port: {broker_for_ha.port}}}
home_assistant: {{url: "{home_assistant.url}"}}
rooms:
  bedroom:
    person: anna
    sensors: [{{entity: sensor.bedroom_temperature}}]
    cooling: [{{climate: climate.bedroom_ac}}, {{fan: fan.bedroom_fam}}]
    lights: [light.bedroom_lamp]
"""
    anna = f"{ANNA}prompts: {{channels: [{{script: script.bedside_prompt}}, {{notify: notify.no_such_phone}}]}}\n"
    ran = unclench("check", "--config", str(write_home(tmp_path / "c", home=home, anna=anna)), columns=300)
    assert ran.code == 1
    assert "ok Home Assistant" in ran.words
    assert "ok script.bedside_prompt: is there" in ran.words
    assert "wrong fan.bedroom_fam: does not exist" in ran.words
    assert "Did you mean fan.bedroom_fan?" in ran.words
    assert "wrong notify.no_such_phone: does not exist" in ran.words
    for entity in ("climate.bedroom_ac", "light.bedroom_lamp", "sensor.bedroom_temperature"):
        assert f"wrong {entity}" not in ran.words


def test_a_real_one_refuses_a_wrong_token(
    tmp_path: Path, home_assistant: HomeAssistant, broker_for_ha: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNCLENCH_HA_TOKEN", "eyJwrong")
    home = (
        f"mqtt: {{host: 127.0.0.1, port: {broker_for_ha.port}}}\nhome_assistant: {{url: '{home_assistant.url}'}}\n"
        "rooms: {bedroom: {person: anna}}\n"
    )
    ran = unclench("check", "--config", str(write_home(tmp_path / "c", home=home)), columns=300)
    assert ran.code == 1
    assert "it refuses the token" in ran.words

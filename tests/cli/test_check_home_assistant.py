"""`unclench check` against a Home Assistant: token, entities, and what else may answer at its address."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from integration.demo.stand_in_ha import (
    Climate,
    Fan,
    Light,
    NotifyService,
    Script,
    Sensor,
    StandInHomeAssistant,
)
from tests.cli.unclench import unclench
from tests.config.homes import ANNA, write_home
from tests.peers.mosquitto import Mosquitto

pytestmark = pytest.mark.peers
PASSED = "hunter2-is-secret"


@pytest.fixture
def stand_in() -> Iterator[StandInHomeAssistant]:
    """A Home Assistant with everything that the home below names."""
    home_assistant = StandInHomeAssistant(PASSED)
    home_assistant.add(
        Climate(entity_id="climate.bedroom", name="AC"),
        Fan(entity_id="fan.bedroom", name="Fan"),
        Light(entity_id="light.bedside", name="Lamp"),
        Sensor(entity_id="sensor.bedroom", name="T", unit="°C", device_class="temperature"),
        Script(entity_id="script.bedside_prompt", name="Prompt"),
        NotifyService(name="mobile_app_anna"),
    )
    with home_assistant:
        yield home_assistant


FULL = """\
home_assistant:
  url: URL
rooms:
  bedroom:
    person: anna
    sensors:
      - entity: sensor.bedroom
    cooling:
      - climate: climate.bedroom
      - fan: fan.bedroom
    lights: [light.bedside]
"""
CHANNELS = "prompts: {channels: [{notify: notify.mobile_app_anna}, {script: script.bedside_prompt}]}\n"


@pytest.fixture
def look(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch, stand_in: StandInHomeAssistant
) -> _Look:
    """Check a home against a broker that is fine and the stand-in."""
    monkeypatch.setenv("UNCLENCH_HA_TOKEN", PASSED)
    return _Look(tmp_path / "c", mosquitto.port, stand_in.url)


class _Look:
    def __init__(self, folder: Path, port: int, url: str) -> None:
        self.folder = folder
        self.port = port
        self.url = url

    def __call__(self, home: str = FULL, anna: str = ANNA + CHANNELS) -> tuple[int, str]:
        text = f"mqtt: {{host: 127.0.0.1, port: {self.port}}}\n{home.replace('URL', self.url)}"
        ran = unclench("check", "--config", str(write_home(self.folder, home=text, anna=anna)), columns=300)
        assert PASSED not in ran.output
        return ran.code, ran.words


def test_everything_is_there(look: _Look) -> None:
    code, words = look()
    assert (code, "All is well." in words) == (0, True)
    for entity in ("climate.bedroom", "fan.bedroom", "light.bedside", "sensor.bedroom", "notify.mobile_app_anna"):
        assert f"ok {entity}: is there" in words


def test_a_typo_gets_the_nearest_of_its_domain(look: _Look) -> None:
    code, words = look(home=FULL.replace("climate: climate.bedroom", "climate: climate.bedrom"))
    assert code == 1
    assert "wrong climate.bedrom: does not exist in Home Assistant" in words
    assert "home.yaml line 10, rooms.bedroom.cooling#1.climate Did you mean climate.bedroom?" in words


def test_a_notify_service_that_is_not_there(look: _Look) -> None:
    code, words = look(anna=ANNA + CHANNELS.replace("mobile_app_anna", "mobile_app_ana"))
    assert code == 1
    assert "profiles/anna.yaml line 3, prompts.channels#1.notify Did you mean notify.mobile_app_anna?" in words


def test_an_air_conditioner_that_cannot_cool_so_far(look: _Look) -> None:
    code, words = look(anna=f"{ANNA}comfort: {{target: 18, floor: 16}}\ntriggers: {{cold: {{below: 15}}}}\n")
    assert code == 0, words


def test_a_device_that_does_not_answer_is_a_note(look: _Look, stand_in: StandInHomeAssistant) -> None:
    stand_in.make_unavailable("fan.bedroom")
    code, words = look()
    assert code == 0
    assert "note fan.bedroom: is there, but does not answer now" in words


def test_a_wrong_token(look: _Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNCLENCH_HA_TOKEN", "eyJwrong")
    code, words = look()
    assert code == 1
    assert "it refuses the token" in words
    assert "eyJwrong" not in words


def test_no_token(look: _Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNCLENCH_HA_TOKEN")
    code, words = look()
    assert code == 1
    assert "there is no token" in words
    assert "UNCLENCH_HA_TOKEN" in words


def test_nobody_there(look: _Look, stand_in: StandInHomeAssistant) -> None:
    stand_in.stop()
    code, words = look()
    assert code == 69
    assert "away Home Assistant" in words
    assert "nothing listens at this address" in words


def test_it_is_just_starting(look: _Look, stand_in: StandInHomeAssistant) -> None:
    stand_in.refuse(503)
    code, words = look()
    assert code == 69
    assert "If it has just started, wait a minute." in words


def test_it_hangs(look: _Look, stand_in: StandInHomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integration.probe.home_assistant.TIMEOUT_S", 0.3)
    stand_in.freeze()
    code, words = look()
    assert code == 69
    assert "it does not answer" in words


class _LoginPage(BaseHTTPRequestHandler):
    """What a proxy says to everybody."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html>Please log in</html>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_login_page_in_place_of_home_assistant(look: _Look) -> None:
    with HTTPServer(("127.0.0.1", 0), _LoginPage) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        code, words = look(home=FULL.replace("URL", f"http://127.0.0.1:{server.server_port}"))
        server.shutdown()
    assert code == 1
    assert "not as Home Assistant does" in words

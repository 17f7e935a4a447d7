"""TLS with a private authority, to broker and Home Assistant: it works, or it says why; it never goes without."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.errors import FileProblemError, PeerError
from config.home import HomeAssistant, Mqtt, Tls
from config.load import load
from config.settings import Settings
from integration.app import compose
from integration.clock import SystemClock
from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.home_assistant import StateWatcher
from integration.inbox import Inbox
from integration.listening import hear
from integration.mqtt_edge import MqttEdge
from integration.probe.home_assistant import read_inventory
from tests.cli.unclench import unclench
from tests.conftest import give_up
from tests.faults.security_tools import eavesdropper, sent_on, tls_door
from tests.integration.homebuilder import FAN, PROFILE, ready
from tests.integration.homes import StandInHome
from tests.peers.certificates import Authority
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until
from tests.peers.versions import Unavailable

pytestmark = [pytest.mark.peers, pytest.mark.timeout(120)]
PASSWORD, TOKEN = "MARKER-password", "let-me-in"


@dataclass
class Encrypted:
    """What starts a broker or a Home Assistant with a certificate, and the authority that made it."""

    folder: Path
    authority: Authority
    other: Authority
    stand_in: StandInHomeAssistant
    stack: ExitStack
    made: dict[str, tuple[Path, Path]] = field(default_factory=dict)

    def certificate(self, kind: str) -> tuple[Path, Path]:
        """A good one, or one with a fault; made once, for whoever reads it may still be about to."""
        if kind in self.made:
            return self.made[kind]
        names = "DNS:elsewhere.example" if kind == "other name" else "DNS:localhost"
        self.made[kind] = self.authority.issue(kind.replace(" ", "-"), names=names, expired=kind == "expired")
        return self.made[kind]

    def ca(self, kind: str) -> Path:
        """What home.yaml names as ca."""
        return {"other authority": self.other.certificate, "no file": self.folder / "nowhere.pem"}.get(
            kind, self.authority.certificate
        )

    def broker(self, kind: str) -> int:
        """A broker's port."""
        key, certificate = self.certificate(kind)
        (self.folder / "broker").mkdir()
        lines = [f"certfile {certificate}", f"keyfile {key}"]
        return self.stack.enter_context(Mosquitto(self.folder / "broker", password=PASSWORD, extra_lines=lines)).port

    def home_assistant(self, kind: str) -> str:
        """An address."""
        inside = int(self.stand_in.url.rpartition(":")[2])
        return f"https://localhost:{self.stack.enter_context(tls_door(inside, *self.certificate(kind)))}"


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Encrypted]:
    """Two authorities, and a Home Assistant behind a door."""
    home = StandInHome()
    home.reset()
    with ExitStack() as stack:
        stack.callback(home.stand_in.stop)
        try:
            authority, other = Authority(tmp_path / "ours"), Authority(tmp_path / "theirs")
        except Unavailable as error:
            give_up(error)
        yield Encrypted(tmp_path, authority, other, home.stand_in, stack)


WRONG = [
    ("other authority", "certificate is not trusted"),
    ("other name", "certificate is for another name"),
    ("expired", "certificate has expired"),
]


def said(caplog: pytest.LogCaptureFixture, words: str) -> Callable[[], bool]:
    """Whether the log says it."""
    return lambda: any(words in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(("kind", "words"), WRONG)
def test_a_broker_with_the_wrong_certificate_is_refused_and_named(
    encrypted: Encrypted, caplog: pytest.LogCaptureFixture, kind: str, words: str
) -> None:
    """By the service, which goes on trying, and by ``listen``."""
    caplog.set_level(logging.INFO, logger="unclench")
    port = encrypted.broker(kind)
    settings = Mqtt(host="localhost", port=port, username="unclench", tls=Tls(ca=encrypted.ca(kind)))
    edge = MqttEdge(settings, PASSWORD, ["t"], Inbox(), SystemClock())
    edge.start()
    try:
        wait_until(said(caplog, words), timeout_s=20, what=words)
        assert not edge.connected
        assert edge.alive
    finally:
        edge.stop()
    assert len([each for each in caplog.records if each.levelname == "WARNING"]) == 1, "one line, not one a second"
    with pytest.raises(PeerError, match=words):
        list(hear(settings, PASSWORD, ["t"], SystemClock(), seconds=1))


@pytest.mark.parametrize(("kind", "words"), WRONG)
def test_a_home_assistant_with_the_wrong_certificate_is_refused_and_named(
    encrypted: Encrypted, caplog: pytest.LogCaptureFixture, kind: str, words: str
) -> None:
    """By the service and by ``check``; the token is not sent."""
    caplog.set_level(logging.INFO, logger="unclench")
    settings = HomeAssistant(url=encrypted.home_assistant(kind), ca=encrypted.ca(kind))
    watcher = StateWatcher(settings, TOKEN, [FAN], Inbox(), SystemClock())
    watcher.start()
    try:
        wait_until(said(caplog, words), timeout_s=20, what=words)
        assert not watcher.connected
    finally:
        watcher.stop()
    with pytest.raises(PeerError, match=words):
        read_inventory(settings, TOKEN)


def test_check_says_what_is_wrong_with_both(encrypted: Encrypted, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, with what to do."""
    folder = write(encrypted, encrypted.broker("expired"), encrypted.home_assistant("other name"))
    monkeypatch.setenv("UNCLENCH_MQTT_PASSWORD", PASSWORD)
    monkeypatch.setenv("UNCLENCH_HA_TOKEN", TOKEN)
    ran = unclench("check", "--config", str(folder))
    assert ran.code == 1
    assert "its certificate has expired" in ran.words
    assert "its certificate is for another name" in ran.words
    assert PASSWORD not in ran.output
    assert TOKEN not in ran.output


def write(encrypted: Encrypted, broker: int, url: str) -> Path:
    """A home whose peers are behind TLS."""
    ca = encrypted.authority.certificate
    folder = encrypted.folder / "home"
    (folder / "profiles").mkdir(parents=True)
    (folder / "home.yaml").write_text(
        f"mqtt: {{host: localhost, port: {broker}, username: unclench, tls: {{ca: {ca}}}}}\n"
        f"home_assistant: {{url: '{url}', ca: {ca}}}\n"
        "rooms:\n  bedroom:\n    person: robin\n    cooling: [{fan: fan.bedroom_fan}]\n"
        "    sensors: [{topic: zigbee2mqtt/bedroom_climate, dialect: zigbee2mqtt}]\n"
    )
    (folder / "profiles" / "robin.yaml").write_text(PROFILE)
    return folder


@pytest.mark.parametrize("variable", ["", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_whole_service_runs_over_tls_with_a_private_authority(
    encrypted: Encrypted, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Whatever other authorities the environment names."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, str(encrypted.other.certificate))
    folder = write(encrypted, encrypted.broker("good"), encrypted.home_assistant("good"))
    settings = Settings(
        config=folder, data=encrypted.folder / "data", mqtt_password=SecretStr(PASSWORD), ha_token=SecretStr(TOKEN)
    )
    app = compose(load(folder), settings)
    app.start()
    try:
        wait_until(lambda: ready(app), timeout_s=40, what="both peers over TLS")
    finally:
        app.stop()


def test_a_ca_that_is_not_there_is_said_at_the_start(encrypted: Encrypted) -> None:
    """Not a fault of ours, and not a connection without it."""
    nowhere = encrypted.ca("no file")
    edge = MqttEdge(Mqtt(host="localhost", tls=Tls(ca=nowhere)), None, [], Inbox(), SystemClock())
    with pytest.raises(FileProblemError, match=r"nowhere\.pem: is not there"):
        edge.start()
    readme = Path(__file__)
    edge = MqttEdge(Mqtt(host="localhost", tls=Tls(ca=readme)), None, [], Inbox(), SystemClock())
    with pytest.raises(FileProblemError, match="cannot be used as a certificate"):
        edge.start()
    with pytest.raises(PeerError, match="holds no certificate"):
        read_inventory(HomeAssistant(url=encrypted.home_assistant("good"), ca=nowhere), TOKEN)


def test_who_does_not_speak_tls_hears_no_secret(encrypted: Encrypted, caplog: pytest.LogCaptureFixture) -> None:
    """Only the first words of a TLS connection, and then nothing: there is no way back to plain text."""
    ca = encrypted.authority.certificate
    with eavesdropper() as (port, heard):
        mqtt = Mqtt(host="localhost", port=port, username="unclench", tls=Tls(ca=ca))
        edge = MqttEdge(mqtt, PASSWORD, ["t"], Inbox(), SystemClock())
        edge.start()
        watcher = StateWatcher(
            HomeAssistant(url=f"https://localhost:{port}", ca=ca), TOKEN, [FAN], Inbox(), SystemClock()
        )
        watcher.start()
        try:
            wait_until(lambda: len(heard) > 1000, timeout_s=30, what="several attempts")
        finally:
            edge.stop()
            watcher.stop()
        assert heard[0] == 0x16, "a TLS handshake"
    assert PASSWORD.encode() not in heard
    assert TOKEN.encode() not in heard
    assert b"MQTT" not in heard
    assert b"GET /" not in heard
    assert PASSWORD not in caplog.text


def test_the_token_does_not_follow_to_another_address(caplog: pytest.LogCaptureFixture) -> None:
    """Neither from the service nor from ``check``, whatever the first address says."""
    caplog.set_level(logging.INFO, logger="unclench")
    with eavesdropper() as (far, heard), sent_on(f"http://127.0.0.1:{far}/api/websocket") as near:
        settings = HomeAssistant(url=f"http://127.0.0.1:{near}")
        watcher = StateWatcher(settings, TOKEN, [FAN], Inbox(), SystemClock())
        watcher.start()
        try:
            wait_until(said(caplog, "is away"), timeout_s=30, what="the refusal")
        finally:
            watcher.stop()
        with pytest.raises(PeerError):
            read_inventory(settings, TOKEN)
        assert bytes(heard) == b""

"""Passwords, tokens and what a person said stay where they belong, whatever fails; files are their owner's alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from integration.demo.ha_services import ServiceNotFoundError
from integration.store.journal import JOURNAL
from tests.faults.security_tools import found_in, parrot
from tests.integration.homebuilder import BED, CLIMATE, TestHome
from tests.integration.homes import StandInHome
from tests.peers.mosquitto import USERNAME, Mosquitto
from tests.peers.processes import wait_until

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]
PASSWORD = "MARKER-pass-7f3a9c"
TOKEN = "eyJMARKER-token-55d1e0.abcdef"
NOTE = "MARKER-said-by-robin"
MAIN = "from integration.cli import main; main()"


class SecretHome:
    """A home behind a password, and a way to run commands in it."""

    def __init__(self, folder: Path, broker: Mosquitto, url: str) -> None:
        self.home = TestHome(folder / "home", broker.port, url)
        yaml = self.home.folder / "home.yaml"
        yaml.write_text(yaml.read_text().replace("port: ", f"username: {USERNAME}, port: "))
        self.data = self.home.folder / "data"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("UNCLENCH_")},
            "UNCLENCH_CONFIG": str(self.home.folder),
            "UNCLENCH_DATA": str(self.data),
            "UNCLENCH_LOG_LEVEL": "debug",
        }
        self.output = folder / "output"
        self.output.mkdir()
        self._count = 0

    def in_environment(self, password: str = PASSWORD, token: str = TOKEN) -> None:
        """The secrets as variables."""
        self.environment |= {"UNCLENCH_MQTT_PASSWORD": password, "UNCLENCH_HA_TOKEN": token}

    def in_file(self) -> None:
        """The secrets in their file."""
        file = self.home.folder / "secrets.env"
        file.write_text(f"UNCLENCH_MQTT_PASSWORD={PASSWORD}\nUNCLENCH_HA_TOKEN={TOKEN}\n")
        file.chmod(0o600)

    def start(self, *arguments: str, code: str = MAIN, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """A command; everything that it prints is kept in a file."""
        self._count += 1
        with (self.output / f"{self._count}-{arguments[0]}").open("wb") as out:
            return subprocess.Popen(
                [sys.executable, "-c", code, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**self.environment, **(env or {})},
            )

    def run(self, *arguments: str, code: str = MAIN, env: Mapping[str, str] | None = None) -> int:
        """A command, to its end."""
        return self.start(*arguments, code=code, env=env).wait(60)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """The service, until it has told that it lives, and to its end."""
        process = self.start("run")
        try:
            wait_until((self.data / "health.json").exists, timeout_s=40, what="the first heartbeat")
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def said(self) -> str:
        """Everything that was printed."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.output.iterdir()))

    def assert_kept(self, *words: str) -> None:
        """None of these stands in any output or in any file that was written."""
        for word in words:
            assert found_in(self.output, word.encode()) == []
            assert found_in(self.data, word.encode()) == []


@pytest.fixture
def broker(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Mosquitto]:
    """A broker with a password."""
    mosquitto.stop()
    (tmp_path / "broker").mkdir()
    with Mosquitto(tmp_path / "broker", password=PASSWORD) as started:
        yield started


@contextmanager
def listening(broker: Mosquitto) -> Iterator[tuple[paho.Client, list[bytes]]]:
    """A client that may write, and hears all that is published."""
    heard: list[bytes] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.username_pw_set(USERNAME, PASSWORD)
    client.on_message = lambda _client, _data, message: heard.append(message.topic.encode() + b" " + message.payload)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    client.subscribe("unclench/+/state")
    client.subscribe("unclench/+/action")
    client.subscribe("unclench/health")
    client.subscribe("unclench/status")
    try:
        yield client, heard
    finally:
        client.disconnect()
        client.loop_stop()


def refuse_with_the_token(house: StandInHome) -> None:
    """Let every call fail with words that hold the token."""
    core: Any = house.stand_in._core

    def call(domain: str, service: str, _data: object) -> None:
        message = f"{domain}.{service} is not allowed for the token {TOKEN} {'x' * 5000}"
        raise ServiceNotFoundError(message)

    core.call = call


@pytest.fixture
def house() -> Iterator[StandInHome]:
    """A Home Assistant that lets the token in."""
    home = StandInHome()
    core: Any = home.stand_in._core
    core.token = home.token = TOKEN
    home.reset()
    yield home
    home.stand_in.stop()


def everything_else(home: SecretHome) -> None:
    """Every command that reads the secrets or what the service wrote."""
    for command in (
        ["--help"],
        ["run", "--help"],
        ["check"],
        ["check", "--json"],
        ["why"],
        ["why", "--json"],
        ["why", "cooling"],
        ["health"],
        ["health", "--json"],
        ["listen", "--for", "1"],
        ["listen", "--json", "--for", "1"],
        ["record", str(home.output / "recording.jsonl"), "--for", "1"],
        ["run", "--no-such-option"],
    ):
        home.run(*command)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_service_at_work_tells_nobody(tmp_path: Path, broker: Mosquitto, house: StandInHome, where: str) -> None:
    """At the loudest log level, with a Home Assistant that refuses every call and repeats the token in its words."""
    home = SecretHome(tmp_path, broker, house.url)
    home.in_file() if where == "file" else home.in_environment()
    refuse_with_the_token(house)
    with home.running() as process, listening(broker) as (client, heard):
        client.publish(BED, "ON", 1, retain=True).wait_for_publish(10)

        def tried() -> bool:
            client.publish(CLIMATE, '{"temperature": 22.6}', 1).wait_for_publish(10)
            return any(b"/action" in each for each in heard)

        wait_until(tried, timeout_s=40, what="a command")
        for topic, payload in (
            ("symptom", f'{{"symptom": "spasm", "severity": 8, "note": "{NOTE}"}}'),
            ("symptom", f'{{"symptom": "{NOTE}"}}'),
            ("symptom", NOTE),
            ("report/stress", NOTE),
            ("answer", f'{{"answer": "{NOTE}"}}'),
            ("hold", f'{{"entity": 7, "note": "{NOTE}"}}'),
        ):
            client.publish(f"unclench/robin/{topic}", payload, 1).wait_for_publish(10)
        everything_else(home)
        command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        house.stand_in.drop_connections()
        broker.restart()
        wait_until(lambda: home.said().count("connected") >= 4, timeout_s=40, what="both peers again")
    assert home.run("health") == 1
    assert "not allowed for the token ********" in home.said(), "the reason is there, without the token"
    home.assert_kept(PASSWORD, TOKEN)
    assert found_in(home.output, NOTE.encode()) == []
    kept = {Path(path).name for path in found_in(home.data, NOTE.encode())}
    assert kept <= {JOURNAL, f"{JOURNAL}-wal"}, "a note that was logged is in the journal, and nowhere else"
    assert not any(word.encode() in b"".join([*heard, command]) for word in (PASSWORD, TOKEN, NOTE))


@pytest.mark.slow
def test_wrong_secrets_are_refused_and_not_told(tmp_path: Path, broker: Mosquitto, house: StandInHome) -> None:
    """By the broker and by Home Assistant."""
    home = SecretHome(tmp_path, broker, house.url)
    home.in_environment("MARKER-wrong-pass", "eyJMARKER-wrong-token")
    with home.running():
        wait_until(lambda: "refuses the token" in " ".join(home.said().split()), timeout_s=30, what="the refusal")
        wait_until(lambda: "the broker refused us" in home.said(), timeout_s=30, what="the refusal")
        everything_else(home)
    assert "refuses the login" in " ".join(home.said().split())
    home.assert_kept("MARKER-wrong-pass", "eyJMARKER-wrong-token")


@pytest.mark.slow
def test_a_home_assistant_that_repeats_the_token_is_not_repeated(tmp_path: Path, broker: Mosquitto) -> None:
    """In the status line, in headers and in the body of its errors."""
    with parrot(TOKEN) as port:
        home = SecretHome(tmp_path, broker, f"http://127.0.0.1:{port}")
        home.in_environment()
        with home.running():
            wait_until(lambda: "is away" in home.said(), timeout_s=30, what="the complaint")
            everything_else(home)
        home.assert_kept(PASSWORD, TOKEN)


FAULTS = {
    "in the words of an exception": "raise RuntimeError(f'{settings.mqtt_password.get_secret_value()} failed')",
    "in a value that is shown": "raise KeyError(settings.ha_token.get_secret_value(), settings)",
    "in the cause": (
        "\n    try: int(settings.ha_token.get_secret_value())\n    except ValueError as error: raise OSError from error"
    ),
}
COMPOSE = """
import integration.app
def compose(configuration, settings): {fault}
integration.app.compose = compose
from integration.cli import main
main()
"""
THREAD = """
import integration.app, threading, time
real = integration.app.compose
def compose(configuration, settings):
    app = real(configuration, settings)
    def die(): raise ValueError(settings.ha_token.get_secret_value())
    def step(*_): raise ValueError(settings.mqtt_password.get_secret_value(), "{note}")
    threading.Thread(target=die, name="doomed").start()
    app.service.household.message = step
    return app
integration.app.compose = compose
from integration.cli import main
main()
"""


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_of_ours_tells_no_secret(tmp_path: Path, broker: Mosquitto, fault: str) -> None:
    """Neither on the terminal nor in the file that people send to us."""
    home = SecretHome(tmp_path, broker, "http://127.0.0.1:1")
    home.in_environment()
    assert home.run("run", code=COMPOSE.format(fault=fault)) == 70
    assert "Traceback" in (home.data / "fault.log").read_text()
    assert home.run("run", code=COMPOSE.format(fault=fault), env={"UNCLENCH_DEBUG": "1"}) == 70
    assert "Traceback" in home.said()
    home.assert_kept(PASSWORD, TOKEN)


def test_a_fault_inside_the_service_tells_no_secret_and_nobodys_words(tmp_path: Path, broker: Mosquitto) -> None:
    """In the thread of the engine, which goes on, and in one that dies of it."""
    home = SecretHome(tmp_path, broker, "http://127.0.0.1:1")
    home.in_environment()
    process = home.start("run", code=THREAD.format(note=NOTE))
    try:
        wait_until(lambda: "the thread doomed has died" in home.said(), timeout_s=30, what="the thread's end")
        wait_until(lambda: "the session was kept" in home.said() or "a new session" in home.said(),
                   timeout_s=30, what="the broker")  # fmt: skip
        with listening(broker) as (client, _):

            def told() -> bool:
                client.publish("unclench/robin/symptom", NOTE, 1).wait_for_publish(10)
                return "a fault while handling Received" in home.said()

            wait_until(told, timeout_s=30, what="the fault")
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(30)
    home.assert_kept(PASSWORD, TOKEN, NOTE)


MISTAKES = [
    "home_assistant: {{url: 'http://robin:{secret}@ha.local:8123'}}",
    "home_assistant: {{url: 'http://{secret}@ha.local:8123'}}",
    "home_assistant: {{url: 'http://ha.local:8123', token: {secret}}}",
    "mqtt: {{host: 'mqtt://unclench:{secret}@broker'}}",
    "mqtt: {{host: 'unclench:{secret}@broker'}}",
    "mqtt: {{host: '{secret}@broker'}}",
    "mqtt: {{password: {secret}}}",
    "mqtt: {{passwort: {secret}",
    "mqtt: {{host: broker, Password : '{secret}}}",
]


@pytest.mark.parametrize("line", MISTAKES)
def test_a_secret_in_the_wrong_place_is_not_shown(tmp_path: Path, broker: Mosquitto, line: str) -> None:
    """Its place is named, and where it belongs."""
    home = SecretHome(tmp_path, broker, "http://127.0.0.1:1")
    yaml = home.home.folder / "home.yaml"
    rest = yaml.read_text().split("rooms:", 1)[1]
    yaml.write_text(f"{line.format(secret=PASSWORD)}\nrooms:{rest}")
    for command in (["check"], ["check", "--json"], ["run"], ["why"], ["listen", "--for", "1"]):
        assert home.run(*command) in (1, 69)
    assert "home.yaml" in home.said()
    assert found_in(home.output, PASSWORD.encode()) == []


def test_a_broken_secrets_file_is_not_shown(tmp_path: Path, broker: Mosquitto) -> None:
    """Nor is a setting that was mixed up with one."""
    home = SecretHome(tmp_path, broker, "http://127.0.0.1:1")
    file = home.home.folder / "secrets.env"
    file.write_text(f"UNCLENCH_MQTT_PASSWORD {PASSWORD}\n{TOKEN}\n'{NOTE}\n")
    home.run("check")
    home.run("check", "--json", env={"UNCLENCH_LOG_LEVEL": PASSWORD})
    file.write_bytes(b"\xff\xfe" + PASSWORD.encode())
    home.run("check")
    for word in (PASSWORD, TOKEN, NOTE):
        assert found_in(home.output, word.encode()) == []


def test_files_are_their_owners_alone_whatever_the_umask(tmp_path: Path, broker: Mosquitto) -> None:
    """The database with its helpers, the heartbeat, the lock, a recording, the secrets; and the folder."""
    home = SecretHome(tmp_path, broker, "http://127.0.0.1:1")
    home.in_environment()
    before = os.umask(0)
    try:
        with home.running():
            wait_until((home.data / "unclench.db-wal").exists, timeout_s=10, what="the database")
            home.run("record", str(tmp_path / "recording.jsonl"), "--for", "1")
            home.run("init", str(tmp_path / "new"), "--yes", "--name", "Robin")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.data.iterdir()}
    finally:
        os.umask(before)
    assert {"unclench.db", "unclench.db-wal", "unclench.db-shm", "health.json", "unclench.lock"} <= set(modes)
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o177} == {}
    assert stat.S_IMODE(home.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "recording.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new" / "secrets.env").stat().st_mode) == 0o600

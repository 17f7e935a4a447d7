"""The broker's settings, passwords and rights of docker-compose.yml, in a real mosquitto."""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode
from pydantic import SecretStr

from config.settings import Settings
from tests.conftest import give_up
from tests.integration.homebuilder import CLIMATE, TestHome
from tests.packaging.files import ROOT, services
from tests.peers.mosquitto import program
from tests.peers.ports import accepts_connections, free_port
from tests.peers.processes import end, spawn, wait_until
from tests.peers.versions import Unavailable

pytestmark = pytest.mark.peers
BROKER = ROOT / "config/broker"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True)
class Broker:
    """A running broker, and what passwords.sh printed."""

    port: int
    data: Path
    environment: dict[str, str]
    passwords: dict[str, str]
    process: int = 0


def script(name: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the two scripts as the container would."""
    command = ["sh", str(BROKER / name), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def printed(text: str) -> dict[str, str]:
    """The clients and passwords in what passwords.sh says."""
    return dict(re.findall(r"^  (\S+) +([0-9a-f]{36})$", text, re.MULTILINE))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The folders of the container, in a temporary place."""
    try:
        program("mosquitto")
    except Unavailable as error:
        give_up(error)
    config, data = tmp_path / "config", tmp_path / "data"
    config.mkdir()
    data.mkdir()
    shutil.copy(BROKER / "acl", config)
    return {"PATH": PATH, "MOSQUITTO_CONFIG": str(config), "MOSQUITTO_DATA": str(data)}


@pytest.fixture
def broker(environment: dict[str, str], tmp_path: Path) -> Iterator[Broker]:
    """The broker of docker-compose.yml, on a loopback port."""
    config, data, port = tmp_path / "config", tmp_path / "data", free_port()
    made = script("passwords.sh", environment)
    assert made.returncode == 0, made.stderr
    text = (BROKER / "mosquitto.conf").read_text().replace("/mosquitto/data", str(data))
    text = text.replace("listener 1883", f"listener {port} 127.0.0.1")
    (config / "mosquitto.conf").write_text(text + ("user root\n" if os.geteuid() == 0 else ""))
    log = tmp_path / "log"
    process = spawn(["sh", str(BROKER / "start.sh")], log=log, env=environment)
    try:
        wait_until(lambda: accepts_connections(port) or process.poll() is not None, timeout_s=10, what="mosquitto")
        assert process.poll() is None, log.read_text()
        assert "error" not in log.read_text().lower()
        yield Broker(port, data, environment, printed(made.stdout), process.pid)
    finally:
        end(process, grace_s=5)


class Visitor:
    """One connection to the broker, with what it heard."""

    def __init__(self, broker: Broker, name: str, password: str) -> None:
        self.heard: dict[str, bytes] = {}
        self.code: ReasonCode | None = None
        self._refusals: dict[int, bool] = {}
        self._answered = threading.Event()
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5)
        if name:
            self.client.username_pw_set(name, password)
        self.client.on_connect = self._on_connect
        self.client.on_message = self._on_message
        self.client.on_publish = self._on_publish
        self.client.on_subscribe = lambda *_: self._answered.set()
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        wait_until(lambda: self.code is not None, timeout_s=5, what="the broker's answer")

    def _on_connect(self, _c: object, _d: object, _f: object, code: ReasonCode, _p: object) -> None:
        self.code = code

    def _on_message(self, _c: object, _d: object, message: MQTTMessage) -> None:
        self.heard[message.topic] = bytes(message.payload)

    def _on_publish(self, _c: object, _d: object, mid: int, code: ReasonCode, _p: object) -> None:
        self._refusals[mid] = code.is_failure

    def listen(self, topic: str) -> None:
        """Subscribe, and return when the broker has answered."""
        self._answered.clear()
        self.client.subscribe(topic, qos=1)
        assert self._answered.wait(5)

    def may_write(self, topic: str) -> bool:
        """Publish at QoS 1 and tell whether the broker took it."""
        mid = self.client.publish(topic, b"x", qos=1).mid
        wait_until(lambda: mid in self._refusals, timeout_s=5, what="the acknowledgement")
        return not self._refusals[mid]

    def leave(self) -> None:
        """Disconnect."""
        self.client.disconnect()
        self.client.loop_stop()


def test_nobody_comes_in_without_a_password(broker: Broker) -> None:
    for name, password in (("", ""), ("unclench", "wrong"), ("stranger", broker.passwords["unclench"])):
        visitor = Visitor(broker, name, password)
        visitor.leave()
        assert visitor.code is not None
        assert visitor.code.is_failure


def phone_part() -> str:
    """The part for a phone that docs/security.md shows."""
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    return next(block for block in page.split("```")[1::2] if "user anna-phone" in block)


@pytest.fixture
def with_phone(environment: dict[str, str], broker: Broker) -> Broker:
    """The same broker after a phone was added as docs/security.md says: a part in `acl`, a password, read again."""
    (broker.data / "acl").write_text((BROKER / "acl").read_text() + phone_part())
    added = printed(script("passwords.sh", environment, "anna-phone").stdout)
    os.kill(broker.process, signal.SIGHUP)
    return replace(broker, passwords={**broker.passwords, **added})


PHONE_WRITES = [
    ("unclench/anna/symptom", True),
    ("unclench/anna/answer", True),
    ("unclench/anna/report/stress", True),
    ("unclench/anna/hold", True),
    ("unclench/anna/routine/wind_down", False),
    ("unclench/ben/answer", False),
    ("unclench/anna/state", False),
    ("unclench/status", False),
    ("zigbee2mqtt/bedroom_climate", False),
    ("zigbee2mqtt/lamp/set", False),
    ("homeassistant/switch/x/config", False),
]


def test_the_phone_of_the_security_page_speaks_for_one_person(with_phone: Broker) -> None:
    def let_in() -> bool:
        trial = Visitor(with_phone, "anna-phone", with_phone.passwords["anna-phone"])
        trial.leave()
        return trial.code is not None and not trial.code.is_failure

    wait_until(let_in, timeout_s=10, what="the broker to know the phone")
    phone = Visitor(with_phone, "anna-phone", with_phone.passwords["anna-phone"])
    found = [(topic, phone.may_write(topic)) for topic, _ in PHONE_WRITES]
    phone.leave()
    assert found == PHONE_WRITES


READS = {
    "unclench": {"zigbee2mqtt/climate", "bedroom-bed/x/state", "unclench/anna/answer", "unclench/anna/state"},
    "homeassistant": {"zigbee2mqtt/climate", "bedroom-bed/x/state", "unclench/anna/state"},
    "zigbee2mqtt": {"zigbee2mqtt/climate"},
    "bedroom-bed": {"bedroom-bed/x/state"},
}
"""What each hears of all that is said."""
SAID_BY = {
    "unclench/anna/answer": "homeassistant",
    "zigbee2mqtt/climate": "zigbee2mqtt",
    "bedroom-bed/x/state": "bedroom-bed",
    "unclench/anna/state": "unclench",
}


def test_each_client_reads_only_what_it_needs(broker: Broker) -> None:
    visitors = {name: Visitor(broker, name, password) for name, password in broker.passwords.items()}
    for visitor in visitors.values():
        visitor.listen("#")
    for topic, name in SAID_BY.items():
        assert visitors[name].may_write(topic)
    for name, topics in READS.items():
        wait_until(lambda name=name, topics=topics: topics <= set(visitors[name].heard), timeout_s=5, what=name)  # type: ignore[misc]
    heard = {name: set(visitor.heard) & set(SAID_BY) for name, visitor in visitors.items()}
    for visitor in visitors.values():
        visitor.leave()
    assert heard == READS


def test_the_service_can_do_its_work_with_what_it_may(
    broker: Broker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Every subscription is granted, a sensor is heard, and the state is published where Home Assistant reads it."""
    caplog.set_level(logging.INFO, logger="unclench")
    home = TestHome(tmp_path / "home", broker.port)
    yaml = home.folder / "home.yaml"
    yaml.write_text(yaml.read_text().replace("port: ", "username: unclench, port: "))
    home.settings = Settings(
        config=home.folder, data=tmp_path / "data-of-unclench", mqtt_password=SecretStr(broker.passwords["unclench"])
    )
    sensor = Visitor(broker, "zigbee2mqtt", broker.passwords["zigbee2mqtt"])
    reader = Visitor(broker, "homeassistant", broker.passwords["homeassistant"])
    reader.listen("unclench/#")
    with home.running() as app:
        fact = app.service.household.engines["robin"].world.facts["bedroom.temperature"]

        def heard() -> bool:
            sensor.client.publish(CLIMATE, '{"temperature": 21.5}', qos=1)
            return fact.value is not None

        wait_until(heard, timeout_s=10, what="the reading")
        wait_until(lambda: "unclench/robin/state" in reader.heard, timeout_s=10, what="the state")
    sensor.leave()
    reader.leave()
    assert "does not let us read" not in caplog.text


WRITES = [
    ("unclench", "unclench/anna/state", True),
    ("unclench", "unclench/status", True),
    ("unclench", "zigbee2mqtt/lamp/set", False),
    ("homeassistant", "unclench/anna/answer", True),
    ("homeassistant", "unclench/anna/routine/wind_down", True),
    ("homeassistant", "unclench/anna/pause", True),
    ("homeassistant", "unclench/anna/pause/cooling", True),
    ("homeassistant", "unclench/status", False),
    ("homeassistant", "unclench/anna/state", False),
    ("zigbee2mqtt", "zigbee2mqtt/bedroom_climate", True),
    ("zigbee2mqtt", "unclench/anna/answer", False),
    ("bedroom-bed", "bedroom-bed/binary_sensor/bed_left/state", True),
    ("bedroom-bed", "zigbee2mqtt/bedroom_climate", False),
    ("bedroom-bed", "unclench/anna/hold", False),
    ("bedroom-bed", "unclench/anna/pause", False),
]


def test_each_client_writes_only_where_it_belongs(broker: Broker) -> None:
    visitors = {name: Visitor(broker, name, password) for name, password in broker.passwords.items()}
    found = [(name, topic, visitors[name].may_write(topic)) for name, topic, _ in WRITES]
    for visitor in visitors.values():
        visitor.leave()
    assert found == WRITES


def test_what_a_person_said_is_read_by_unclench_alone(broker: Broker) -> None:
    visitors = {name: Visitor(broker, name, password) for name, password in broker.passwords.items()}
    for visitor in visitors.values():
        visitor.listen("#")
    assert visitors["homeassistant"].may_write("unclench/anna/symptom")
    assert visitors["unclench"].may_write("unclench/anna/state")
    wait_until(lambda: "unclench/anna/state" in visitors["homeassistant"].heard, timeout_s=5, what="the state")
    wait_until(lambda: "unclench/anna/symptom" in visitors["unclench"].heard, timeout_s=5, what="the symptom")
    readers = {name for name, visitor in visitors.items() if "unclench/anna/symptom" in visitor.heard}
    for visitor in visitors.values():
        visitor.leave()
    assert readers == {"unclench"}


def test_the_health_check_of_the_compose_file_passes(broker: Broker) -> None:
    """The command as it stands there, with the port and the folder of this test."""
    if shutil.which("mosquitto_sub") is None:
        give_up(Unavailable("mosquitto_sub is not installed, run .ci/install-ha"))
    command = services()["mosquitto"]["healthcheck"]["test"][1].replace("$$", "$")
    command = command.replace("/mosquitto/data", str(broker.data)).replace(
        "mosquitto_sub", f"mosquitto_sub -p {broker.port}"
    )
    subprocess.run(["sh", "-c", command], check=True, timeout=20)


def test_passwords_are_private_and_never_made_twice(broker: Broker) -> None:
    for name in ("passwords", "acl", "healthcheck"):
        assert (broker.data / name).stat().st_mode & 0o077 == 0, name
    before = (broker.data / "passwords").read_text()
    again = script("passwords.sh", broker.environment)
    assert again.returncode == 1
    assert "There are passwords already" in again.stdout
    assert (broker.data / "passwords").read_text() == before
    assert not set(broker.passwords.values()) & set(before.split(":"))


def test_a_client_can_be_added(broker: Broker) -> None:
    added = script("passwords.sh", broker.environment, "bathroom")
    assert set(printed(added.stdout)) == {"bathroom"}
    names = [line.split(":")[0] for line in (broker.data / "passwords").read_text().splitlines()]
    assert sorted(names) == sorted(["healthcheck", "bathroom", *broker.passwords])


def test_without_passwords_the_broker_says_how_to_make_them(environment: dict[str, str]) -> None:
    result = script("start.sh", environment)
    assert result.returncode == 1
    assert "passwords.sh" in result.stderr

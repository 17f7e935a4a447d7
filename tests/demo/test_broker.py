"""What we need of a broker, asked of the embedded one and of mosquitto."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from integration.demo.broker import HOST, EmbeddedBroker, EmbeddedBrokerError

SOON_S = 5.0
NEVER_S = 0.3

Got = tuple[str, bytes, bool]  # topic, payload, retained


class Client:
    """A client with MQTT 5 that keeps what it gets."""

    def __init__(
        self, port: int, name: str, *, persistent: bool = False, manual_ack: bool = False, will: str | None = None
    ) -> None:
        self.got: Queue[Got] = Queue()
        self._subscribed, self._connected = threading.Event(), threading.Event()
        self.session_kept = False
        self.client = paho.Client(CallbackAPIVersion.VERSION2, name, protocol=paho.MQTTv5, manual_ack=manual_ack)
        self.client.on_message = lambda _c, _d, each: self.got.put((each.topic, bytes(each.payload), each.retain))
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.on_connect = self._on_connect
        if will is not None:
            self.client.will_set(will, b"gone", qos=1)
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 3600 if persistent else 0
        self.client.connect(HOST, port, clean_start=not persistent, properties=properties)
        self.client.loop_start()
        assert self._connected.wait(SOON_S)

    def _on_connect(self, _client: object, _data: object, flags: paho.ConnectFlags, *_: object) -> None:
        self.session_kept = flags.session_present
        self._connected.set()

    def subscribe(self, *topics: str) -> None:
        """Return when the broker has acknowledged it."""
        self._subscribed.clear()
        self.client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in topics])
        assert self._subscribed.wait(SOON_S)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Return when the broker has acknowledged it."""
        sent = self.client.publish(topic, payload, qos=1, retain=retain)
        sent.wait_for_publish(SOON_S)
        assert sent.is_published()

    def next(self) -> Got:
        """The next message, if it comes soon."""
        return self.got.get(timeout=SOON_S)

    def hears_nothing(self) -> bool:
        """Whether nothing comes for a while."""
        try:
            self.got.get(timeout=NEVER_S)
        except Empty:
            return True
        return False

    def close(self) -> None:
        """Say goodbye."""
        self.client.disconnect()
        self.client.loop_stop()

    def crash(self) -> None:
        """End without a goodbye."""
        self.client.loop_stop()
        raw = self.client.socket()
        assert isinstance(raw, socket.socket)
        raw.close()


Connect = Callable[..., Client]


@pytest.fixture(params=["embedded", pytest.param("mosquitto", marks=pytest.mark.peers)])
def port(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    if request.param == "mosquitto":
        yield request.getfixturevalue("mosquitto").port
        return
    with EmbeddedBroker(tmp_path) as broker:
        yield broker.port


@pytest.fixture
def connect(port: int) -> Iterator[Connect]:
    clients: list[Client] = []

    def connected(name: str, **options: bool | str) -> Client:
        clients.append(Client(port, name, **options))  # type: ignore[arg-type]
        return clients[-1]

    yield connected
    for client in clients:
        client.close()


def test_qos_1_arrives_once_and_in_order(connect: Connect) -> None:
    reader, writer = connect("reader"), connect("writer")
    reader.subscribe("room/+")
    for number in range(200):
        writer.publish("room/temperature", str(number).encode())
    assert [reader.next()[1] for _ in range(200)] == [str(number).encode() for number in range(200)]
    assert reader.hears_nothing()


def test_retained_reaches_a_later_subscriber_until_it_is_cleared(connect: Connect) -> None:
    writer = connect("writer")
    writer.publish("bed/state", b"ON", retain=True)
    first, second = connect("first"), connect("second")
    first.subscribe("bed/#")
    assert first.next() == ("bed/state", b"ON", True)
    writer.publish("bed/state", b"", retain=True)
    second.subscribe("bed/#")
    assert second.hears_nothing()


def test_retained_reaches_matching_subscribers_only(connect: Connect) -> None:
    writer = connect("writer")
    writer.publish("private/other", b"secret", retain=True)
    connect("other").subscribe("private/#")
    mine = connect("mine")
    mine.subscribe("mine")
    assert mine.hears_nothing()


def test_the_last_will_is_sent_after_a_crash_and_not_after_a_goodbye(connect: Connect) -> None:
    watcher = connect("watcher")
    watcher.subscribe("status/#")
    connect("polite", will="status/polite").close()
    assert watcher.hears_nothing()
    connect("crashing", will="status/crashing").crash()
    assert watcher.next()[:2] == ("status/crashing", b"gone")


def test_a_persistent_session_keeps_what_came_meanwhile(connect: Connect) -> None:
    reader, writer = connect("reader", persistent=True), connect("writer")
    reader.subscribe("symptom")
    reader.close()
    for number in range(5):
        writer.publish("symptom", str(number).encode())
    again = connect("reader", persistent=True)
    assert again.session_kept
    assert [again.next()[1] for _ in range(5)] == [b"0", b"1", b"2", b"3", b"4"]


def test_what_was_not_acknowledged_comes_again_after_a_crash(connect: Connect) -> None:
    reader, writer = connect("reader", persistent=True, manual_ack=True), connect("writer")
    reader.subscribe("symptom")
    writer.publish("symptom", b"spasm")
    assert reader.next()[1] == b"spasm"
    reader.crash()
    assert connect("reader", persistent=True).next()[1] == b"spasm"


def test_a_long_message_does_not_end_the_connection(connect: Connect) -> None:
    reader, writer = connect("reader"), connect("writer")
    reader.subscribe("long")
    writer.publish("long", b"x" * 1_000_000)
    assert len(reader.next()[1]) == 1_000_000


def test_the_embedded_broker_listens_to_this_machine_only(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path) as broker, socket.socket() as everywhere:
        # Were it bound to every address, another loopback address would answer.
        everywhere.settimeout(1)
        with pytest.raises(OSError, match=r"refused|timed out"):
            everywhere.connect(("127.0.0.2", broker.port))


def test_the_embedded_broker_gives_its_port_back_and_can_be_started_again(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path)
    for _ in range(2):
        broker.start()
        broker.stop()
        broker.stop()
    socket.create_server((HOST, broker.port)).close()


def test_a_port_that_is_taken_is_told_with_its_number(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(EmbeddedBrokerError, match=str(number)):
            EmbeddedBroker(tmp_path, number).start()

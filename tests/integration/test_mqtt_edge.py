"""The broker's edge alone: TLS, password, ACL, redelivery, a frozen broker, and one log line each way."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from config.home import Mqtt, Tls
from integration.clock import SystemClock
from integration.inbox import Inbox, PeerSeen, Received
from integration.mqtt_edge import MqttEdge
from tests.integration.homebuilder import publisher, say
from tests.peers.mosquitto import USERNAME, Mosquitto
from tests.peers.ports import free_port
from tests.peers.processes import wait_until

pytestmark = pytest.mark.peers
PASSWORD = "let-me-in"


@contextmanager
def edge(
    settings: Mqtt, password: str | None = None, filters: tuple[str, ...] = ("t/#",)
) -> Iterator[tuple[MqttEdge, Inbox]]:
    """A started edge and its inbox."""
    inbox = Inbox()
    started = MqttEdge(settings, password, list(filters), inbox, SystemClock())
    started.start()
    try:
        yield started, inbox
    finally:
        started.stop()


def received(inbox: Inbox, count: int) -> list[Received]:
    """The next messages, leaving out what else is said."""
    found: list[Received] = []
    deadline = time.monotonic() + 10
    while len(found) < count and time.monotonic() < deadline:
        try:
            item = inbox.get(timeout=0.2)
        except Empty:
            continue
        if isinstance(item, Received):
            found.append(item)
    return found


def test_tls_with_a_private_certificate(encrypted: tuple[Mosquitto, Path]) -> None:
    """The CA of home.yaml is trusted, no other."""
    broker, certificate = encrypted
    settings = Mqtt(host="127.0.0.1", port=broker.port, tls=Tls(ca=certificate))
    with edge(settings) as (started, _):
        wait_until(lambda: started.connected, timeout_s=10, what="the connection")


def test_an_untrusted_certificate_is_refused(
    encrypted: tuple[Mosquitto, Path], caplog: pytest.LogCaptureFixture
) -> None:
    """One line, however often it is tried."""
    broker, _ = encrypted
    with (
        caplog.at_level("INFO", logger="unclench"),
        edge(Mqtt(host="127.0.0.1", port=broker.port, tls=Tls())) as (started, _),
    ):
        wait_until(lambda: bool(caplog.records), timeout_s=10, what="the complaint")
        assert not started.connected
        assert started.alive


def test_a_wrong_password_is_said_once_and_never_shown(
    tmp_path: Path, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    """The password that was tried is in no line."""
    del mosquitto
    with Mosquitto(tmp_path, password=PASSWORD) as broker, caplog.at_level("DEBUG"):
        settings = Mqtt(host="127.0.0.1", port=broker.port, username=USERNAME)
        with edge(settings, "hunter2-wrong") as (started, _):
            wait_until(lambda: "refused" in caplog.text, timeout_s=10, what="the refusal")
            time.sleep(2.5)  # two more attempts
            assert not started.connected
        with edge(settings, PASSWORD) as (started, _):
            wait_until(lambda: started.connected, timeout_s=10, what="the connection")
    assert caplog.text.count("refused us") == 1
    assert "hunter2-wrong" not in caplog.text


def test_what_was_not_acknowledged_comes_again(mosquitto: Mosquitto) -> None:
    """Three received, one acknowledged, the connection cut: exactly the two others come again, marked."""
    settings = Mqtt(host="127.0.0.1", port=mosquitto.port)
    with edge(settings) as (started, inbox), publisher(mosquitto.port) as sensors:
        wait_until(lambda: started.connected, timeout_s=10, what="the connection")
        for number in range(3):
            say(sensors, f"t/{number}", str(number))
        first = received(inbox, 3)
        started.ack(first[:1])
        time.sleep(0.2)  # let the acknowledgement leave before the wire is cut
        assert started._client is not None
        sock: Any = started._client.socket()
        sock.shutdown(socket.SHUT_RDWR)
        again = received(inbox, 2)
        assert [item.message.topic for item in again] == ["t/1", "t/2"]
        assert all(item.repeated for item in again)
        assert all(item.connection != first[0].connection for item in again)


def test_the_broker_goes_and_comes(mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture) -> None:
    """Back within 3 s of its return, subscribed again, one line down and one up."""
    with (
        caplog.at_level("INFO", logger="unclench"),
        edge(Mqtt(host="127.0.0.1", port=mosquitto.port)) as (started, inbox),
    ):
        wait_until(lambda: started.connected, timeout_s=10, what="the connection")
        mosquitto.stop()
        wait_until(lambda: not started.connected, timeout_s=10, what="the loss")
        time.sleep(1.5)
        mosquitto.start()
        back = time.monotonic()
        wait_until(lambda: started.connected, timeout_s=10, what="the return")
        print(f"back {time.monotonic() - back:.2f} s after the broker")
        with publisher(mosquitto.port) as sensors:
            say(sensors, "t/x", "1")
            assert [item.message.topic for item in received(inbox, 1)] == ["t/x"]
    lines = [record.getMessage() for record in caplog.records]
    assert ["connected" in line for line in lines] == [True, False, True], lines


def test_what_was_on_its_way_to_a_broker_that_went_is_not_sent_late(mosquitto: Mosquitto) -> None:
    """All that we publish is published anew when it is back: an older state must not come after that."""
    heard: list[bytes] = []
    with edge(Mqtt(host="127.0.0.1", port=mosquitto.port)) as (started, _):
        wait_until(lambda: started.connected, timeout_s=10, what="the connection")
        mosquitto.freeze()
        started.publish("robin/state", {"number": 1}, retain=True)
        mosquitto.kill()
        wait_until(lambda: not started.connected, timeout_s=10, what="the loss")
        mosquitto.start()
        with publisher(mosquitto.port) as watcher:
            watcher.on_message = lambda _client, _data, message: heard.append(bytes(message.payload))
            watcher.subscribe("unclench/robin/state", 1)
            wait_until(lambda: started.connected, timeout_s=10, what="the return")
            started.publish("robin/state", {"number": 2}, retain=True)
            wait_until(lambda: bool(heard) and heard[-1] == b'{"number": 2}', timeout_s=10, what="the new state")
    assert heard == [b'{"number": 2}']


def test_what_came_before_the_loss_is_not_acknowledged_on_the_next_connection(mosquitto: Mosquitto) -> None:
    """An acknowledgement in front of the greeting would get the new connection closed; its number is another's now."""
    with edge(Mqtt(host="127.0.0.1", port=mosquitto.port)) as (started, inbox), publisher(mosquitto.port) as sensors:
        wait_until(lambda: started.connected, timeout_s=10, what="the connection")
        say(sensors, "t/x", "1")
        (before,) = received(inbox, 1)
        mosquitto.stop()
        wait_until(lambda: not started.connected, timeout_s=10, what="the loss")
        started.ack([before])
        assert started._client is not None
        assert not started._client._out_packet


def test_a_broker_that_is_not_there_yet_is_waited_for(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """First contact refused: no exception, and it connects when the broker is up."""
    del mosquitto
    port = free_port()
    with edge(Mqtt(host="127.0.0.1", port=port)) as (started, inbox):
        assert isinstance(inbox.get(timeout=5), PeerSeen)
        with Mosquitto(tmp_path, port=port):
            wait_until(lambda: started.connected, timeout_s=10, what="the connection")


@pytest.mark.slow
def test_a_machine_that_answers_nothing_is_tried_again_soon(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Switched off, it does not even refuse: a new attempt is made every few seconds, and one of them gets through."""
    del mosquitto
    port = free_port()
    with ExitStack() as deaf:
        listener = deaf.enter_context(socket.create_server(("127.0.0.1", port), backlog=0))
        for _ in range(2):  # with its queue full it answers nothing
            waiting = deaf.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        with edge(Mqtt(host="127.0.0.1", port=port)) as (started, inbox):
            begun = time.monotonic()
            assert isinstance(inbox.get(timeout=20), PeerSeen)
            given_up = time.monotonic() - begun
            time.sleep(3.5)  # into the middle of a later attempt
            deaf.close()
            with Mosquitto(tmp_path, port=port):
                back = time.monotonic()
                wait_until(lambda: started.connected, timeout_s=20, what="the connection")
                took = time.monotonic() - back
    print(f"one attempt took {given_up:.2f} s; back {took:.2f} s after the machine")
    assert given_up < 4
    assert took < 3


def test_a_topic_that_the_broker_refuses_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """A refusal stands in the SUBACK and is silent otherwise."""
    started = MqttEdge(Mqtt(), None, ["a/b", "c/d"], Inbox(), SystemClock())
    codes = [ReasonCode(PacketTypes.SUBACK, "Granted QoS 1"), ReasonCode(PacketTypes.SUBACK, "Not authorized")]
    started._on_subscribe(None, None, 1, codes, None)
    assert [record.getMessage() for record in caplog.records] == [
        "the broker does not let us read c/d (Not authorized): look at its ACL"
    ]

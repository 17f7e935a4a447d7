"""Our client on paho: read in large pieces, written in the thread that speaks. Fails when paho renames what we mend."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt._packet import decode_publish
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from config.home import Tls
from integration.mqtt_client import READ_AHEAD, Client, ReadAhead, plain
from integration.trust import tls_context
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

# -- the socket


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, ReadAhead]]:
    """A socket to write into, and what we read from at its other end."""
    writer, reader = socket.socketpair()
    reader.setblocking(False)
    with writer, reader:
        yield writer, ReadAhead(reader)


def test_a_reader_gets_what_it_asked_for_and_never_more(pair: tuple[socket.socket, ReadAhead]) -> None:
    """Byte by byte, from one piece; it is known how much is here."""
    writer, ahead = pair
    writer.sendall(b"abcdefg")
    assert ahead.pending() == 0
    assert ahead.recv(1) == b"a"
    assert ahead.pending() == 6
    assert ahead.recv(4) == b"bcde"
    assert ahead.recv(100) == b"fg"
    assert ahead.pending() == 0


def test_an_empty_socket_says_so_as_any_other(pair: tuple[socket.socket, ReadAhead]) -> None:
    """Then it waits in ``select`` then."""
    _, ahead = pair
    with pytest.raises(BlockingIOError):
        ahead.recv(1)


def test_the_other_end_closes_after_its_last_words(pair: tuple[socket.socket, ReadAhead]) -> None:
    """First the words, then the end."""
    writer, ahead = pair
    writer.sendall(b"bye")
    writer.close()
    assert ahead.recv(2) == b"by"
    assert ahead.recv(2) == b"e"
    assert ahead.recv(2) == b""


def test_more_than_one_piece_comes_whole(pair: tuple[socket.socket, ReadAhead]) -> None:
    """In order, over the seams."""
    writer, ahead = pair
    sent = bytes(number % 251 for number in range(READ_AHEAD * 3))
    threading.Thread(target=writer.sendall, args=(sent,), daemon=True).start()
    got = bytearray()
    while len(got) < len(sent):
        try:
            got += ahead.recv(777)
        except BlockingIOError:
            continue
    assert bytes(got) == sent


def test_a_broker_that_sends_one_small_piece_at_a_time_is_not_kept_waiting() -> None:
    """Its second message waits until we confirm the first: with Linux's own patience that is 40 ms each time."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as reader:
        broker, _ = server.accept()
        ahead, rounds = ReadAhead(reader), 50
        with broker:
            began = time.monotonic()
            for _ in range(rounds):
                reader.sendall(b"?")
                broker.recv(1)
                broker.sendall(b"1")
                broker.sendall(b"2")
                assert (ahead.recv(1), ahead.recv(1)) == (b"1", b"2")
            took = time.monotonic() - began
    print(f"{took / rounds * 1000:.1f} ms for each two messages")
    assert took < rounds * 0.02


# -- the client


class Connected:
    """A connection to a broker: what was heard over it, and how often the network was asked."""

    def __init__(self, port: int, tls: ssl.SSLContext | None, *, manual_ack: bool) -> None:
        self.heard: list[bytes] = []
        self.packet_ids: list[int] = []
        self._ready = threading.Event()
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5, manual_ack=manual_ack)
        self.client.max_queued_messages_set(0)
        self.client.max_inflight_messages_set(1000)
        if tls is not None:
            self.client.tls_set_context(tls)
        self.client.on_connect = lambda *_: self._subscribe()
        self.client.on_subscribe = lambda *_: self._ready.set()
        self.client.on_message = lambda _client, _data, message: self._hear(message)
        self.client.connect("127.0.0.1", port)
        self.thread = threading.Thread(target=self.client.loop_forever, daemon=True)
        self.thread.start()
        assert self._ready.wait(20)

    def _hear(self, message: paho.MQTTMessage) -> None:
        self.packet_ids.append(message.mid)
        self.heard.append(bytes(message.payload))

    def _subscribe(self) -> None:
        self.client.subscribe("here/#", qos=1)

    @property
    def socket(self) -> Any:  # noqa: ANN401 (ours, or paho's)
        """What paho reads from and writes to."""
        return self.client.socket()

    def close(self) -> None:
        """End."""
        self.client.disconnect()
        self.thread.join(10)


@contextmanager
def connected(port: int, tls: ssl.SSLContext | None = None, *, manual_ack: bool = False) -> Iterator[Connected]:
    """A connection that hears all that is said under ``here/``."""
    connection = Connected(port, tls, manual_ack=manual_ack)
    try:
        yield connection
    finally:
        connection.close()


class Counted:
    """A socket that counts how often it is read."""

    def __init__(self, sock: Any) -> None:  # noqa: ANN401
        self._sock, self.reads = sock, 0

    def recv(self, size: int) -> bytes:
        """Read."""
        self.reads += 1
        taken: bytes = self._sock.recv(size)
        return taken

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._sock, name)


@pytest.mark.peers
@pytest.mark.parametrize("encrypt", [False, True], ids=["plain", "TLS"])
def test_a_burst_comes_whole_with_few_reads_and_waits_for_no_further_word(
    encrypted: tuple[Mosquitto, Path], mosquitto: Mosquitto, encrypt: bool
) -> None:
    """Nothing stays behind in what was read ahead when the network falls silent; paho alone reads thrice a packet."""
    broker, certificate = encrypted
    if not encrypt:
        mosquitto.start()
        broker = mosquitto
    tls = tls_context(Tls(ca=certificate)) if encrypt else None
    with connected(broker.port, tls) as listener, connected(broker.port, tls) as speaker:
        assert isinstance(listener.socket, ReadAhead), "paho makes its socket in another place now"
        counted = listener.socket._sock = Counted(listener.socket._sock)
        said = [str(number).encode() for number in range(2000)]
        for word in said:
            speaker.client.publish("here/word", word, qos=0)
        wait_until(lambda: len(listener.heard) == len(said), timeout_s=20, what="every word")
        assert listener.heard == said
        print(f"{counted.reads} reads for {len(said)} messages")
        assert counted.reads < 3 * len(said)
        for number in range(20):  # one at a time, each into silence
            speaker.client.publish("here/word", str(number), qos=1)
            wait_until(lambda: len(listener.heard) > len(said), timeout_s=10, what="a single word")
            said.append(listener.heard[-1])


@pytest.mark.peers
def test_packets_leave_in_the_thread_that_speaks(mosquitto: Mosquitto) -> None:
    """Handed to paho's thread instead, each waits for that one to wake up."""
    with connected(mosquitto.port) as connection:
        threads: list[str] = []
        send = connection.socket._sock.send

        def noted(data: bytes) -> int:
            if b"here/word" in data:
                threads.append(threading.current_thread().name)
            count: int = send(data)
            return count

        connection.socket.send = noted
        for number in range(50):
            connection.client.publish("here/word", str(number), qos=0)
        assert threads == [threading.current_thread().name] * 50
        wait_until(lambda: len(connection.heard) == 50, timeout_s=10, what="all of them")


@pytest.mark.peers
@pytest.mark.parametrize("qos", [0, 1])
def test_threads_that_speak_at_once_mix_no_packets(mosquitto: Mosquitto, qos: int) -> None:
    """Large ones, so that each needs several writes."""
    speakers, each = 4, 60
    with connected(mosquitto.port) as listener, connected(mosquitto.port) as connection:

        def speak(number: int) -> None:
            for count in range(each):
                connection.client.publish("here/large", f"{number} {count} ".encode() + b"%d" % number * 60_000, qos)

        threads = [threading.Thread(target=speak, args=(number,)) for number in range(speakers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        wait_until(lambda: len(listener.heard) >= speakers * each, timeout_s=30, what="all of them")
    told = sorted(tuple(map(int, word.split()[:2])) for word in listener.heard)
    assert told == [(number, count) for number in range(speakers) for count in range(each)]
    assert all(word.split()[2] == word[:1] * 60_000 for word in listener.heard)


@pytest.mark.peers
def test_acknowledgements_leave_in_one_piece(mosquitto: Mosquitto) -> None:
    """One write for all, and the broker takes each: else it would stop after the twenty that it sends without one."""
    with connected(mosquitto.port, manual_ack=True) as listener, connected(mosquitto.port) as speaker:
        writes: list[bytes] = []
        send = listener.socket._sock.send

        def noted(data: bytes) -> int:
            writes.append(bytes(data))
            count: int = send(data)
            return count

        listener.socket.send = noted
        for piece in range(1, 6):
            for number in range(20):
                speaker.client.publish("here/word", str(number), qos=1)
            wait_until(lambda: len(listener.heard) == piece * 20, timeout_s=10, what="twenty more")  # noqa: B023
            listener.client.acknowledge(listener.packet_ids[-20:])
        assert len(writes) == 5
        assert [len(write) for write in writes] == [20 * 4] * 5
        listener.client.acknowledge([])
        assert len(writes) == 5


def test_paho_still_has_what_we_mend() -> None:
    """Its own names: without some of them nothing breaks and all is slower, so only this would tell."""
    for name in ("_create_socket", "_packet_write", "_packet_queue", "_handle_publish", "_pack_remaining_length"):
        assert callable(vars(paho.Client)[name]), name


@given(
    command=st.integers(0x30, 0x3F),
    packet=st.one_of(
        st.binary(max_size=60),
        st.builds(
            lambda topic, rest: len(topic).to_bytes(2, "big") + topic + rest,
            st.binary(max_size=12),
            st.binary(max_size=30),
        ),
    ),
)
def test_a_plain_message_is_read_as_paho_reads_it(command: int, packet: bytes) -> None:
    """Or is left to paho: nothing raises, and nothing is read otherwise."""
    found = plain(command, bytearray(packet))
    if found is None:
        return
    theirs = decode_publish(command, bytearray(packet), paho.MQTTv5)
    assert (found.topic, found.payload, found.repeated, found.retained) == (
        theirs.topic,
        bytes(theirs.payload),
        bool(theirs.dup),
        bool(theirs.retain),
    )
    assert found.packet_id == (theirs.mid if theirs.qos else 0)
    assert theirs.qos < 2


@pytest.mark.peers
def test_messages_with_and_without_properties_arrive(mosquitto: Mosquitto) -> None:
    """A message with a content type goes the long way; nothing is lost or doubled."""
    plainly: list[bytes] = []
    typed = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    typed.ContentType = "text/plain"
    with connected(mosquitto.port, manual_ack=True) as ours, connected(mosquitto.port) as other:
        ours.client.arrived = lambda message: plainly.append(message.payload)
        other.client.publish("here/a", b"1", qos=1)
        other.client.publish("here/a", b"2", qos=1, properties=typed)
        wait_until(lambda: plainly == [b"1"] and ours.heard == [b"2"], timeout_s=10, what="both")

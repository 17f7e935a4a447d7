"""The broker: MQTT 5, persistent session, QoS 1, acknowledged only when the engine's thread says so.

paho's thread does nothing but put messages on the inbox: an exception in one of its callbacks would silently end it.
"""

from __future__ import annotations

import json
import logging
import socket
import sys
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from config.home import Mqtt
from devices.decode.payload import MAX_BYTES
from devices.readings import Message
from integration.clock import Clock
from integration.inbox import Inbox, PeerSeen, Received
from integration.mqtt_client import Arrived, Client
from integration.trust import tls_context, tls_problem

log = logging.getLogger("unclench.mqtt")

KEEPALIVE_S = 20
SESSION_EXPIRY_S = 7 * 24 * 3600
"""The broker keeps our subscriptions and what we have not acknowledged this long while we are away."""
RECONNECT_S = (1, 1)
"""First and longest wait: the broker is on the local network, and events wait for us there."""
CONNECT_S = 2.0
"""For one attempt. A machine that is switched off does not even refuse, and we are to be back soon after it is."""
QUEUE_ARRIVES = timedelta(seconds=3)
"""How long after the start of a kept session messages may be ones that the broker held for us: MQTT does not say."""
INFLIGHT = 500
"""Unacknowledged messages that the broker may send us."""
MOST_WAITING = 2_000
"""With more than this in the inbox nothing is read: mosquitto 2.0 sends far more than ``INFLIGHT`` in a flood."""
LARGEST_PACKET = 2 * 1024 * 1024
"""Bytes. The broker keeps back what is larger: paho would hold the whole of it in memory."""
REFUSED = 128
"""From this reason code on, MQTT 5 means a failure."""
LOGIN = "look at username in home.yaml and at UNCLENCH_MQTT_PASSWORD in secrets.env, then start Unclench again"
ADVICE = {"Bad user name or password": LOGIN, "Not authorized": LOGIN}
"""What to do about a refusal."""


class MqttEdge:
    """One connection to the broker. ``start`` returns at once and connects in the background, again and again."""

    def __init__(self, settings: Mqtt, password: str | None, filters: list[str], inbox: Inbox, clock: Clock) -> None:
        self._settings, self._password, self._filters = settings, password, filters
        self._inbox, self._clock = inbox, clock
        self._client: Client | None = None
        self._thread: threading.Thread | None = None
        self._connection = 0
        self._queue_until: datetime | None = None  # until then what comes may have waited for us at the broker
        self._up: bool | None = None
        self._refused = False
        self._subscribed = False
        self.received = 0

    @property
    def status_topic(self) -> str:
        """Retained: {"state": "online"} or, as the last will, "offline"."""
        return f"{self._settings.prefix}/status"

    def start(self) -> None:
        """Connect in the background."""
        settings = self._settings
        client = Client(
            CallbackAPIVersion.VERSION2, client_id=settings.client_id, protocol=paho.MQTTv5, manual_ack=True
        )
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_connect_fail, client.on_subscribe = self._on_connect_fail, self._on_subscribe
        client.on_message, client.on_socket_open = self._on_message, _no_delay
        client.arrived = self._take
        client.may_read = lambda: self._inbox.qsize() < MOST_WAITING
        client.will_set(self.status_topic, json.dumps({"state": "offline"}), qos=1, retain=True)
        client.reconnect_delay_set(*RECONNECT_S)
        if settings.username is not None:
            client.username_pw_set(settings.username, self._password)
        if settings.tls is not None:
            client.tls_set_context(tls_context(settings.tls))
        else:
            client.connect_timeout = CONNECT_S  # with TLS a small board may need longer
        connect = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        connect.SessionExpiryInterval = SESSION_EXPIRY_S
        connect.ReceiveMaximum = INFLIGHT
        connect.MaximumPacketSize = LARGEST_PACKET
        client.connect_async(settings.host, settings.port, KEEPALIVE_S, clean_start=False, properties=connect)
        self._client = client
        self._thread = threading.Thread(target=self._run, args=(client,), name="mqtt", daemon=True)
        self._thread.start()

    @staticmethod
    def _run(client: Client) -> None:
        client.loop_forever(retry_first_connection=True)

    def stop(self) -> None:
        """Say goodbye and end the network thread."""
        client, self._client = self._client, None
        if client is None:
            return
        if client.is_connected():
            client.publish(self.status_topic, json.dumps({"state": "offline"}), qos=1, retain=True).wait_for_publish(2)
        client.disconnect()
        if self._thread is not None:
            self._thread.join(timeout=10)

    @property
    def alive(self) -> bool:
        """Whether paho's thread still runs; it can die without a word while ``is_connected`` says True."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def connected(self) -> bool:
        """Whether the broker is there now, and knows what we listen to."""
        return bool(self._up) and self._subscribed

    def ack(self, received: Sequence[Received]) -> None:
        """Tell the broker that messages are safe with us: on their own connection, or they come again and are known."""
        client = self._client
        if client is not None and self._up:
            client.acknowledge(each.ack for each in received if each.ack and each.connection == self._connection)

    def publish(self, topic: str, document: dict[str, Any], *, retain: bool = False) -> None:
        """Publish under our prefix, QoS 1. While the broker is away it is dropped: all that we publish is repeated."""
        if self._client is not None and self._up:
            self._client.publish(f"{self._settings.prefix}/{topic}", json.dumps(document), qos=1, retain=retain)

    def send(self, topic: str, payload: str) -> bool:
        """Publish a command, QoS 0: what cannot go out now must not go out late. Whether it was handed on."""
        client = self._client
        return client is not None and bool(self._up) and client.command(topic.encode(), payload.encode())

    # -- paho's thread: no exception may leave these

    def _on_connect(self, client: paho.Client, _data: object, flags: Any, reason: ReasonCode, _props: object) -> None:  # noqa: ANN401
        if reason.is_failure:
            self._tell_refused(reason.getName())
            return
        self._connection += 1
        client.drop_out_messages()  # what did not get through before: an old state must not be kept after a newer one
        self._queue_until = self._clock.now() + QUEUE_ARRIVES if flags.session_present else None
        client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in self._filters])
        client.publish(self.status_topic, json.dumps({"state": "online"}), qos=1, retain=True)
        self._up, self._refused, self._subscribed = True, False, False
        session = "the session was kept" if flags.session_present else "a new session"
        log.info("broker %s:%d connected, %s", self._settings.host, self._settings.port, session)
        self._inbox.put(PeerSeen("mqtt", up=True, at=self._clock.now(), new_session=not flags.session_present))

    def _on_disconnect(self, *args: object) -> None:
        del args
        self._tell_down("the connection is lost")

    def _on_connect_fail(self, *args: object) -> None:
        del args
        problem = tls_problem(sys.exception())  # paho calls this while it handles what went wrong
        self._tell_down("no connection" if problem is None else f"{problem.says}. {problem.remedy}")

    def _tell_refused(self, reason: str) -> None:
        """One line, also where the connection was lost before: it needs a person."""
        if self._refused:
            return
        self._refused = True
        self._say_down(f"the broker refused us: {reason}{': ' if reason in ADVICE else ''}{ADVICE.get(reason, '')}")
        self._go_down()

    def _tell_down(self, why: str) -> None:
        """One line and one event when it goes, not one for each attempt."""
        if self._up is not False and self._client is not None:
            self._say_down(why)
            self._go_down()

    def _say_down(self, why: str) -> None:
        log.warning("broker %s:%d: %s; trying again until it works", self._settings.host, self._settings.port, why)

    def _go_down(self) -> None:
        was_down, self._up, self._subscribed = self._up is False, False, False
        if not was_down:
            self._inbox.put(PeerSeen("mqtt", up=False, at=self._clock.now()))

    def _on_subscribe(
        self, _client: object, _data: object, _mid: object, codes: list[ReasonCode], _props: object
    ) -> None:
        self._subscribed = True
        for topic, code in zip(self._filters, codes, strict=False):
            if code.value >= REFUSED:
                log.error("the broker does not let us read %s (%s): look at its ACL", topic, code.getName())

    def _on_message(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic.encode()
        except UnicodeDecodeError:
            topic = b""
        packet_id = message.mid if message.qos else 0
        self._take(Arrived(topic, bytes(message.payload), packet_id, message.dup, message.retain))

    def _take(self, arrived: Arrived) -> None:
        try:
            topic = arrived.topic.decode()
        except UnicodeDecodeError:
            topic = ""
        # Of what is too large only so much waits that whoever reads it sees that it is.
        message = Message(topic=topic, payload=arrived.payload[: MAX_BYTES + 1], retained=arrived.retained)
        now = self._clock.now()
        queued = self._queue_until is not None and now < self._queue_until
        self._inbox.put(
            Received(message, now, arrived.packet_id, self._connection, repeated=arrived.repeated, queued=queued)
        )
        self.received += 1  # after the inbox has it: who counts may rely on it


def _no_delay(_client: object, _data: object, sock: Any) -> None:  # noqa: ANN401 (paho's own union of sockets)
    """Without this, one hiccup makes every later command wait for the next packet's acknowledgement (Nagle)."""
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        log.debug("the socket takes no TCP_NODELAY")

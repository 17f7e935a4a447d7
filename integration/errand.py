"""One message to the running service, and its reply, over a connection of its own, and a short one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from config.errors import PeerError, PeerUnavailableError
from config.home import Mqtt
from integration.trust import tls_context, tls_problem

BROKER = "broker"
TIMEOUT_S = 5.0
"""For each step: connection, answer."""
REPLY_S = 3.0
"""For what the service answers: it saves first."""
NOBODY_LISTENS = 16
"""The reason code of MQTT 5 (3.4.2.1) for a message that no subscription waits for."""
LOOK_AT_LOGIN = "Look at the user name, the password and the broker's ACL."


@dataclass(slots=True)
class _Answers:
    connected: ReasonCode | None = None
    published: ReasonCode | None = None
    subscribed: ReasonCode | None = None
    reply: str | None = None
    saved: bool = True

    def take(self, payload: bytes, request_id: str) -> None:
        """Keep the reply, if it is the one that is waited for."""
        try:
            document = json.loads(payload)
        except ValueError:
            return
        if isinstance(document, dict) and document.get("request_id") == request_id:
            self.reply, self.saved = str(document.get("text", "")), document.get("saved", True) is not False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of a question: whether anybody listens, and what they answered in time."""

    heard: bool
    reply: str | None = None
    saved: bool = True
    """False: the reply says that it could not be written."""


def tell_service(mqtt: Mqtt, password: str | None, topic: str, payload: str = "") -> bool:
    """Send a message, not retained; whether a service listens, or has listened and will be back.

    Raises PeerUnavailableError when the broker is away, PeerError when it refuses.
    """
    answers = _Answers()
    with _connected(mqtt, password, answers) as client:
        client.publish(topic, payload.encode(), qos=1)
        return _wait(client, answers, "published", _endpoint(mqtt)) != NOBODY_LISTENS


def ask_service(  # noqa: PLR0913 (what a question is made of)
    mqtt: Mqtt,
    password: str | None,
    topic: str,
    payload: dict[str, object],
    *,
    reply_topic: str,
    request_id: str,
    timeout_s: float | None = None,
) -> Asked:
    """Send a JSON message with a ``request_id``, and wait a while for the reply that bears it.

    Raises PeerUnavailableError when the broker is away, PeerError when it refuses: then nothing was said.
    """
    endpoint, answers = _endpoint(mqtt), _Answers()
    with _connected(mqtt, password, answers) as client:
        client.on_message = lambda _client, _data, message: answers.take(bytes(message.payload), request_id)
        client.on_subscribe = lambda _client, _data, _id, codes, _properties: setattr(answers, "subscribed", codes[0])
        client.subscribe(reply_topic, qos=1)
        _wait(client, answers, "subscribed", endpoint)
        client.publish(topic, json.dumps({**payload, "request_id": request_id}, ensure_ascii=False).encode(), qos=1)
        try:
            if _wait(client, answers, "published", endpoint) == NOBODY_LISTENS:
                return Asked(heard=False)
        except PeerUnavailableError:
            return Asked(heard=True)  # it may have left: whoever says it again would say it twice
        deadline = time.monotonic() + (REPLY_S if timeout_s is None else timeout_s)
        while answers.reply is None and time.monotonic() < deadline:
            if client.loop(timeout=0.05) != paho.MQTT_ERR_SUCCESS:
                break
        return Asked(heard=True, reply=answers.reply, saved=answers.saved)


@contextmanager
def _connected(mqtt: Mqtt, password: str | None, answers: _Answers) -> Iterator[paho.Client]:
    endpoint = _endpoint(mqtt)
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.on_connect = lambda _client, _data, _flags, code, _properties: setattr(answers, "connected", code)
    client.on_publish = lambda _client, _data, _id, code, _properties: setattr(answers, "published", code)
    client.connect_timeout = TIMEOUT_S
    if mqtt.username is not None:
        client.username_pw_set(mqtt.username, password)
    if mqtt.tls is not None:
        client.tls_set_context(tls_context(mqtt.tls))
    try:
        client.connect(mqtt.host, mqtt.port)
    except OSError as error:
        problem = tls_problem(error)
        if problem is not None:
            raise PeerError(BROKER, endpoint, problem.says, f"{problem.remedy}.") from error
        remedy = "Nothing was changed. Is it running, and is the address in home.yaml right?"
        raise PeerUnavailableError(BROKER, endpoint, error.strerror or str(error), remedy) from error
    try:
        _wait(client, answers, "connected", endpoint)
        yield client
    finally:
        client.disconnect()


def _endpoint(mqtt: Mqtt) -> str:
    return f"{mqtt.host}:{mqtt.port}"


def _wait(client: paho.Client, answers: _Answers, which: str, endpoint: str) -> int:
    """The reason code of an answer."""
    deadline = time.monotonic() + TIMEOUT_S
    while getattr(answers, which) is None and time.monotonic() < deadline:
        if client.loop(timeout=0.05) != paho.MQTT_ERR_SUCCESS:
            break
    code: ReasonCode | None = getattr(answers, which)
    if code is None:
        raise PeerUnavailableError(BROKER, endpoint, "it does not answer", "Try it again in a minute.")
    if code.is_failure:
        raise PeerError(BROKER, endpoint, code.getName(), LOOK_AT_LOGIN)
    return code.value

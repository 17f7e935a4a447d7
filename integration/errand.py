"""One message to the running service, over the broker that it listens to: a connection of its own, and short."""

from __future__ import annotations

import time
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
NOBODY_LISTENS = 16
"""The reason code of MQTT 5 (3.4.2.1) for a message that no subscription waits for."""
LOOK_AT_LOGIN = "Look at the user name, the password and the broker's ACL."


@dataclass(slots=True)
class _Answers:
    connected: ReasonCode | None = None
    published: ReasonCode | None = None


def tell_service(mqtt: Mqtt, password: str | None, topic: str, payload: str = "") -> bool:
    """Send a message, not retained; whether a service listens, or has listened and will be back.

    Raises PeerUnavailableError when the broker is away, PeerError when it refuses.
    """
    endpoint, answers = f"{mqtt.host}:{mqtt.port}", _Answers()
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
        client.publish(topic, payload.encode(), qos=1)
        return _wait(client, answers, "published", endpoint) != NOBODY_LISTENS
    finally:
        client.disconnect()


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

"""Tries the MQTT broker: reachable, encrypted as told, lets us in, lets us read and write."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from config.errors import FileProblemError
from config.home import Mqtt
from config.mistakes import Place
from devices.direct import DirectDevice
from devices.readings import Message
from integration.probe.findings import Finding, Verdict
from integration.trust import NO_TLS, tls_context, tls_problem

TIMEOUT_S = 5.0
"""For each step: connection, answer, rights."""
BAD_LOGIN = {"Bad user name or password", "Not authorized"}
WRONG_VERSION = "Unsupported protocol version"
LOGIN_ADVICE = "Look at username here, and at UNCLENCH_MQTT_PASSWORD in secrets.env"


@dataclass(frozen=True, slots=True)
class MappedDevice:
    """A device that is switched over MQTT, and the place that names its topic."""

    device: DirectDevice
    place: Place


def probe_broker(
    mqtt: Mqtt,
    password: str | None,
    topics: Sequence[str],
    place: Callable[[str], Place],
    devices: Sequence[MappedDevice] = (),
) -> list[Finding]:
    """Connect as the engine would, under another client id. ``place`` tells where a key of `mqtt` stands.

    ``devices`` are asked how they are, and told nothing.
    """
    about = f"broker {mqtt.host}:{mqtt.port}"
    try:
        trial = _Trial.of(mqtt, password)
        refusal = trial.connect(mqtt)
    except FileProblemError as error:
        return [Finding(about=about, verdict=Verdict.WRONG, says=f"{error.path} {error.problem}", place=place("tls"))]
    except ssl.SSLError as error:
        return [_tls_finding(about, error, place)]
    except ConnectionResetError as error:
        return [_tls_finding(about, error, place) if mqtt.tls else _away(about, error, place)]
    except OSError as error:
        return [_away(about, error, place)]
    if refusal:
        return [_refused(about, refusal, mqtt, password, place)]
    try:
        return [
            Finding(about=about, verdict=Verdict.FINE, says="lets us in"),
            *trial.rights(mqtt, [*topics, *(topic for each in devices for topic in each.device.topics)], place),
            *trial.devices(mqtt, devices),
        ]
    finally:
        trial.client.disconnect()


@dataclass(kw_only=True)
class _Trial:
    """One short connection, driven by hand so that no thread outlives it."""

    client: Client
    connected: ReasonCode | None = None
    granted: list[ReasonCode] = field(default_factory=list)
    published: ReasonCode | None = None
    heard: dict[str, Message] = field(default_factory=dict)
    """The latest message of each topic."""

    @classmethod
    def of(cls, mqtt: Mqtt, password: str | None) -> _Trial:
        client = Client(
            CallbackAPIVersion.VERSION2, client_id=f"{mqtt.client_id}-check", protocol=MQTTProtocolVersion.MQTTv5
        )
        if mqtt.username is not None:
            client.username_pw_set(mqtt.username, password)
        if mqtt.tls is not None:
            client.tls_set_context(tls_context(mqtt.tls))
        return cls(client=client)

    def connect(self, mqtt: Mqtt) -> str:
        """Empty when the broker lets us in, else what it says. Raises OSError when it cannot be reached."""
        self.client.on_message = self._hear
        self.client.on_connect = lambda _client, _data, _flags, code, _properties: setattr(self, "connected", code)
        self.client.connect_timeout = TIMEOUT_S
        self.client.connect(mqtt.host, mqtt.port, keepalive=30)
        if not self._wait(lambda: self.connected is not None):
            return "no answer"
        code = self.connected
        return str(code) if code is not None and code.is_failure else ""

    def rights(
        self,
        mqtt: Mqtt,
        topics: Sequence[str],
        place: Callable[[str], Place],
    ) -> list[Finding]:
        """What the broker's access list forbids."""
        wanted = [f"{mqtt.prefix}/#", *dict.fromkeys(topics)]
        self.client.on_subscribe = lambda _client, _data, _id, codes, _properties: self.granted.extend(codes)
        self.client.on_publish = lambda _client, _data, _id, code, _properties: setattr(self, "published", code)
        self.client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in wanted])
        self.client.publish(f"{mqtt.prefix}/check", b"", qos=1)
        self._wait(lambda: len(self.granted) >= len(wanted) and self.published is not None)
        refused = [topic for topic, code in zip(wanted, self.granted, strict=False) if code.is_failure]
        says = [f"may not read {topic}" for topic in refused]
        if self.published is not None and self.published.is_failure:
            says.append(f"may not write to {mqtt.prefix}/...")
        about = f"user {mqtt.username}" if mqtt.username else "without a login, we"
        advice = "Allow it in the access list (ACL) of the broker."
        return [
            Finding(about=about, verdict=Verdict.WRONG, says=text, place=place("username"), advice=advice)
            for text in says
        ]

    def _hear(self, _client: object, _data: object, message: MQTTMessage) -> None:
        taken = Message(topic=message.topic, payload=bytes(message.payload), retained=message.retain)
        self.heard[taken.topic] = taken

    def devices(self, mqtt: Mqtt, devices: Sequence[MappedDevice]) -> list[Finding]:
        """How each device is that is switched over MQTT: it is asked, and not told anything."""
        refused: set[int] = set()
        asked: dict[int, MappedDevice] = {}
        answered: set[int] = set()

        def on_publish(_client: object, _data: object, message_id: int, code: ReasonCode, _properties: object) -> None:
            answered.add(message_id)
            if code.is_failure:
                refused.add(message_id)

        self.client.on_publish = on_publish
        for each in devices:
            if (question := each.device.question()) is not None:
                payload = question.payload if isinstance(question.payload, str) else json.dumps(question.payload)
                asked[self.client.publish(question.topic, payload, qos=1).mid] = each
        speaking = [each.device.topics for each in devices if each.device.topics]
        self._wait(lambda: answered >= asked.keys() and all(self._has_spoken(topics) for topics in speaking))
        mute = [asked[message_id].device.entity for message_id in refused if message_id in asked]
        return [self._device_finding(mqtt, each, refused=each.device.entity in mute) for each in devices]

    def _has_spoken(self, topics: Mapping[str, str]) -> bool:
        return any(topic in self.heard for topic, name in topics.items() if name != "available")

    def _device_finding(self, mqtt: Mqtt, mapped: MappedDevice, *, refused: bool) -> Finding:
        device = mapped.device
        states = [device.hear(self.heard[topic]) for topic in device.topics if topic in self.heard]
        state = next((found[0] for found in reversed(states) if found is not None), "")
        advice = ""
        if refused:
            who = mqtt.username or "everybody"
            verdict, says = Verdict.WRONG, "may not be written to"
            advice = f"Allow {who} its command topics in the access list (ACL) of the broker: see docs/security.md."
        elif not device.says_its_state:
            verdict, says = Verdict.NOTE, "never says how it is, so it is taken to do what it is told"
        elif state in ("unavailable", "unknown", ""):
            verdict, says = Verdict.AWAY, "does not say how it is"
            advice = "Is its topic right, and is it switched on? Until it speaks, it is not switched."
        else:
            verdict, says = Verdict.FINE, f"says that it is {state}"
        return Finding(about=device.entity, verdict=verdict, says=says, place=mapped.place, advice=advice)

    def _wait(self, done: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + TIMEOUT_S
        while not done() and time.monotonic() < deadline:
            if self.client.loop(timeout=0.05) != 0:
                break
        return done()


def _refused(about: str, refusal: str, mqtt: Mqtt, password: str | None, place: Callable[[str], Place]) -> Finding:
    if refusal in BAD_LOGIN:
        says = "refuses the login" if mqtt.username else "asks for a login"
        lacks = "The password is missing. " if mqtt.username and not password else ""
        return Finding(
            about=about, verdict=Verdict.WRONG, says=says, place=place("username"), advice=f"{lacks}{LOGIN_ADVICE}."
        )
    if refusal == "no answer":
        says = "accepts the connection and then says nothing"
        advice = "Is this the port of the MQTT broker? A port for TLS needs `tls: {}` here."
        return Finding(about=about, verdict=Verdict.WRONG, says=says, place=place("port"), advice=advice)
    advice = "Unclench needs a broker that speaks MQTT 5." if refusal == WRONG_VERSION else ""
    return Finding(about=about, verdict=Verdict.WRONG, says=f"refuses: {refusal}", place=place("host"), advice=advice)


def _tls_finding(about: str, error: OSError, place: Callable[[str], Place]) -> Finding:
    problem = tls_problem(error)
    if problem is not None and problem is not NO_TLS:
        advice = f"{problem.remedy}."
        return Finding(about=about, verdict=Verdict.WRONG, says=problem.says, place=place("tls"), advice=advice)
    advice = "Is this the port for TLS? It is mostly 8883. Without TLS, take the tls part out."
    return Finding(
        about=about, verdict=Verdict.WRONG, says="does not speak TLS with us", place=place("port"), advice=advice
    )


def _away(about: str, error: OSError, place: Callable[[str], Place]) -> Finding:
    if isinstance(error, socket.gaierror):
        says, key, advice = "nobody knows this name", "host", "Try the address in numbers, like 192.168.1.20."
    elif isinstance(error, TimeoutError):
        says, key, advice = "does not answer", "host", "Is it switched on, and in the same network?"
    elif isinstance(error, ConnectionRefusedError):
        says, key, advice = "nothing listens at this port", "port", "Is the broker running?"
    else:
        says, key, advice = f"cannot be reached ({error.strerror or type(error).__name__})", "host", ""
    return Finding(about=about, verdict=Verdict.AWAY, says=says, place=place(key), advice=advice)

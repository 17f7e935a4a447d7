"""What arrives at the broker, as ``listen`` and ``record`` see it: a connection apart from the service's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from config.errors import PeerError
from config.home import Mqtt
from devices.decode import decode, guess
from devices.decode.guess import Guess
from devices.readings import Decoded, Kind, Message
from integration.clock import Clock
from integration.mqtt_edge import tls_context

BROKER = "broker"
LONGEST_LIST = 500
"""Topics that are remembered; a broker with more is listened to part by part, with --topic."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it arrived."""

    at: datetime
    message: Message


def hear(
    settings: Mqtt, password: str | None, filters: list[str], clock: Clock, *, seconds: float | None
) -> Iterator[Heard | None]:
    """Messages as they arrive, and None when a moment passes without one, until ``seconds`` are over.

    Raises PeerError when there is no broker, or it refuses us.
    """
    arrived: SimpleQueue[Heard] = SimpleQueue()
    problems: SimpleQueue[str] = SimpleQueue()
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.on_message = _into(arrived, clock)
    client.on_connect = _subscriber(filters, problems)
    if settings.username is not None:
        client.username_pw_set(settings.username, password)
    if settings.tls is not None:
        client.tls_set_context(tls_context(settings))
    endpoint = f"{settings.host}:{settings.port}"
    try:
        client.connect(settings.host, settings.port)
    except OSError as error:
        raise PeerError(
            BROKER, endpoint, str(error), "Is it running, and is the address in home.yaml right?"
        ) from error
    client.loop_start()
    end = None if seconds is None else clock.now().timestamp() + seconds
    try:
        while end is None or clock.now().timestamp() < end:
            if not problems.empty():
                raise PeerError(
                    BROKER, endpoint, problems.get(), "Look at the user name, the password and the broker's ACL."
                )
            try:
                yield arrived.get(timeout=0.2)
            except Empty:
                yield None
    finally:
        client.disconnect()
        client.loop_stop()


def _into(arrived: SimpleQueue[Heard], clock: Clock) -> Callable[..., None]:
    def on_message(_client: object, _data: object, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return
        arrived.put(Heard(clock.now(), Message(topic=topic, payload=bytes(message.payload), retained=message.retain)))

    return on_message


def _subscriber(filters: list[str], problems: SimpleQueue[str]) -> Callable[..., None]:
    def on_connect(client: paho.Client, _data: object, _flags: object, reason: Any, _props: object) -> None:  # noqa: ANN401
        if reason.is_failure:
            problems.put(str(reason.getName()))
        else:
            client.subscribe([(each, 1) for each in filters])

    return on_connect


@dataclass(slots=True)
class TopicSeen:
    """What is known of one topic so far."""

    topic: str
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    guess: Guess | None = None
    decoded: Decoded = field(default_factory=Decoded)

    @property
    def every_s(self) -> float | None:
        """The mean time between messages in seconds; None before the second."""
        if self.count < 2 or self.first is None or self.last is None:  # noqa: PLR2004
            return None
        return (self.last - self.first).total_seconds() / (self.count - 1)


@dataclass(slots=True)
class Overview:
    """Everything that was heard, by topic."""

    topics: dict[str, TopicSeen] = field(default_factory=dict)

    def take(self, heard: Heard) -> TopicSeen | None:
        """Take in a message; None when the list is full."""
        topic = heard.message.topic
        if topic not in self.topics and len(self.topics) >= LONGEST_LIST:
            return None
        seen = self.topics.setdefault(topic, TopicSeen(topic))
        seen.count, seen.first, seen.last = seen.count + 1, seen.first or heard.at, heard.at
        guesses = guess(heard.message)
        if guesses:
            seen.guess = guesses[0]
            seen.decoded = decode(guesses[0].dialect, heard.message)
        return seen

    def home_lines(self) -> list[str]:
        """The lines for home.yaml: every topic that says something about a room, the doubtful ones as comments."""
        lines = ["    sensors:"]
        for seen in self.topics.values():
            measures = [each.kind.value for each in seen.decoded.readings if each.kind in ROOM_KINDS]
            if seen.guess is None or not measures:
                continue
            mark = "      # " if seen.guess.doubtful else "      "
            why = f"  # {seen.guess.why}" if seen.guess.doubtful else ""
            lines.append(f"{mark}- topic: {json.dumps(seen.topic, ensure_ascii=False)}{why}")
            lines.append(f"{mark}  dialect: {seen.guess.dialect}")
            lines.append(f"{mark}  measures: [{', '.join(dict.fromkeys(measures))}]")
        return lines if len(lines) > 1 else []


ROOM_KINDS = frozenset(
    {Kind.TEMPERATURE, Kind.HUMIDITY, Kind.CO2, Kind.ILLUMINANCE, Kind.OCCUPIED, Kind.OPEN, Kind.VIBRATION}
)

"""What arrives at the broker, as ``listen`` and ``record`` see it: a connection apart from the service's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from config.errors import PeerError
from config.home import Mqtt
from devices.decode import decode, entity_of, guess, unit_of
from devices.decode.guess import Guess
from devices.readings import Decoded, Hints, Kind, Message, Reason
from integration.clock import Clock
from integration.trust import tls_context, tls_problem

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
        client.tls_set_context(tls_context(settings.tls))
    endpoint = f"{settings.host}:{settings.port}"
    try:
        client.connect(settings.host, settings.port)
    except OSError as error:
        problem = tls_problem(error)
        if problem is not None:
            raise PeerError(BROKER, endpoint, problem.says, f"{problem.remedy}.") from error
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
    guess: Guess | None = None
    decoded: Decoded = field(default_factory=Decoded)
    """What the latest message said."""
    kinds: list[Kind] = field(default_factory=list)
    """Everything that its messages said something about, in order."""
    presses: list[str] = field(default_factory=list)
    """How a button was pressed."""
    is_button: bool = False
    lacks_unit: bool = False
    """Its temperature cannot be read until home.yaml names the unit."""

    def read(self, message: Message, dialect: str, unit: str | None) -> None:
        """Take in what a message says in a dialect; ``unit`` is what another topic says of this one."""
        self.decoded = decode(dialect, message, Hints(unit=unit))
        reasons = {each.reason for each in self.decoded.rejections}
        self.is_button |= Reason.RETAINED_EVENT in reasons
        in_celsius = decode(dialect, message, Hints(unit="C")) if Reason.UNIT_UNKNOWN in reasons else Decoded()
        self.lacks_unit |= any(each.kind is Kind.TEMPERATURE for each in in_celsius.readings)
        for each in (*self.decoded.readings, *in_celsius.readings):
            if each.kind not in self.kinds:
                self.kinds.append(each.kind)
            if each.kind is Kind.ACTION:
                self.is_button = True
                self.presses += [str(each.value)] if str(each.value) not in self.presses else []


@dataclass(slots=True)
class Overview:
    """Everything that was heard, by topic."""

    topics: dict[str, TopicSeen] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    """The unit of each entity of Home Assistant that its state stream names."""

    def take(self, heard: Heard) -> TopicSeen | None:
        """Take in a message; None when the list is full."""
        message = heard.message
        if message.topic not in self.topics and len(self.topics) >= LONGEST_LIST:
            return None
        seen = self.topics.setdefault(message.topic, TopicSeen(message.topic))
        entity, unit = entity_of(message.topic), unit_of(message)
        if entity is not None and unit is not None:
            self._unit_is(entity, unit)
        guesses = guess(message)
        if guesses:
            seen.guess = guesses[0]
            streamed = self.units.get(entity or "") if guesses[0].dialect == "statestream" else None
            seen.read(message, guesses[0].dialect, streamed)
        return seen

    def _unit_is(self, entity: str, unit: str) -> None:
        """Home Assistant sends the unit after the state: what it is missing from has it now."""
        self.units[entity] = unit
        for seen in self.topics.values():
            if entity_of(seen.topic) == entity:
                seen.lacks_unit = False

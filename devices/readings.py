"""What one message says: readings in SI units, and rejections with a reason. The words of every decoder."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a reading measures or reports; the value's type and unit follow from it."""

    TEMPERATURE = "temperature"  # float, °C
    HUMIDITY = "humidity"  # float, % relative
    PRESSURE = "pressure"  # float, Pa
    ILLUMINANCE = "illuminance"  # float, lx
    CO2 = "co2"  # float, ppm
    OCCUPIED = "occupied"  # bool: somebody is there (motion, presence, bed)
    VIBRATION = "vibration"  # bool: it moved
    OPEN = "open"  # bool: a window or door is open
    ACTION = "action"  # str: a button was pressed ("single"); an event, never a state
    STATE = "state"  # str: a state that the configuration maps (Home Assistant, plain)
    BATTERY = "battery"  # float, %
    LINK_QUALITY = "linkquality"  # float, as the radio reports it (0-255 or dBm)
    LAST_SEEN = "last_seen"  # float, seconds since 1970 UTC: when the device last spoke


UNITS: dict[Kind, str] = {
    Kind.TEMPERATURE: "°C",
    Kind.HUMIDITY: "%",
    Kind.PRESSURE: "Pa",
    Kind.ILLUMINANCE: "lx",
    Kind.CO2: "ppm",
    Kind.BATTERY: "%",
    Kind.LAST_SEEN: "s",
}
"""The unit of a reading's value; kinds that are absent have none."""


class Reason(StrEnum):
    """Why (a part of) a message did not become a fact."""

    NOT_JSON = "not_json"
    NOT_A_NUMBER = "not_a_number"
    MISSING_FIELD = "missing_field"
    OUT_OF_RANGE = "out_of_range"
    RETAINED_EVENT = "retained_event"
    UNIT_UNKNOWN = "unit_unknown"
    UNAVAILABLE_STATE = "unavailable_state"
    POWER_ON_VALUE = "power_on_value"
    UNKNOWN_STATE = "unknown_state"  # a word that the map of states does not have
    TOO_LARGE = "too_large"
    TOO_OFTEN = "too_often"  # more words at once than anybody says
    EMPTY = "empty"  # the deletion of a retained topic
    JUMP = "jump"  # more than 5 °C in a minute; found by the engine, which knows the value before
    OUT_OF_ORDER = "out_of_order"  # older than what is known; found by the engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One quantity from one message. ``value`` is in the unit of ``UNITS[kind]``."""

    kind: Kind
    value: float | bool | str
    unit_sent: str | None = None  # as the message or the configuration named it ("°F"), None where there is none
    path: str = ""  # where in the payload it stood ("SI7021.Temperature"); "" for a bare value
    side: str | None = None  # "left", "right" or "either", for a bed

    @property
    def unit(self) -> str:
        """The unit that ``value`` is in; empty for what has none."""
        return UNITS.get(self.kind, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A message, or one field of it, that must not become a fact. ``detail`` never holds the payload's text."""

    reason: Reason
    detail: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Everything one message said. Both may be filled: the good field is kept, the other is rejected."""

    readings: tuple[Reading, ...] = ()
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it arrived. ``payload`` is untouched bytes; the time is not the decoder's business."""

    topic: str
    payload: bytes
    retained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What home.yaml says about a topic, for a decoder that cannot know it from the message."""

    path: str | None = None  # dotted path into JSON; restricts or names the value
    kind: Kind | None = None  # what a bare value is
    unit: str | None = None  # "C", "F", "%", "hPa" ... where the message carries none
    states: dict[str, bool] = field(default_factory=dict)  # "on" -> True; keys are compared in lower case
    side: str | None = None
    wanted: frozenset[Kind] | None = None  # the kinds that are of use; a decoder may leave others out

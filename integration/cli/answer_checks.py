"""Checks of answers to `unclench init`: each gives the value, or raises ValueError in plain words."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import time
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from config.types import Host, nearest_zone, parse_clock, parse_zone, places_with_zones, temperature_text

_ENTITY = re.compile(r"[a-z_]+\.[a-z0-9_]+")
_TOPIC = re.compile(r"[^#+\x00-\x1f]+")
_DEGREES = re.compile(r"(\d+(?:[.,]\d+)?)\s*°?\s*([CF])?", re.IGNORECASE)
_CLOCKS = "Write two times, like 22:30 - 7:30"
_BROKER = re.compile(r"(?:(?P<user>[^@\s:]+)@)?(?P<host>[^@\s:/]+)(?::(?P<port>\d{1,5}))?")
LAST_PORT = 65535
TLS_PORT = 8883
WARMEST = 35.0
"""°C. Nobody means a bedroom that is warmer than this."""
COOLING_DOMAINS = ("climate", "fan", "switch", "cover")


def not_empty(answer: str) -> str:
    """Any words."""
    if not answer or len(answer) > 60:  # noqa: PLR2004 (as in the profile)
        message = "A name has 1 to 60 letters"
        raise ValueError(message)
    return answer


def one_of(*choices: str) -> Callable[[str], str]:
    """One of some words, however written."""

    def check(answer: str) -> str:
        for choice in choices:
            if answer.lower() == choice.lower():
                return choice
        message = f"Write one of: {', '.join(choices)}"
        raise ValueError(message)

    return check


def unit(answer: str) -> str:
    """C or F, for "Celsius", "°F" and the like."""
    letter = answer.strip("°. ")[:1].upper()
    if letter not in {"C", "F"} or answer.strip("°. ").lower() not in {"c", "f", "celsius", "fahrenheit"}:
        message = "Write one of: C, F"
        raise ValueError(message)
    return letter


def degrees(answer: str, *, fahrenheit: bool, lowest: float) -> float:
    """A temperature in °C, from ``lowest`` to 35 °C, which was written in the person's unit or with its own."""
    match = _DEGREES.fullmatch(answer)
    in_f = fahrenheit if match is None or not match[2] else match[2].upper() == "F"
    number = float(match[1].replace(",", ".")) if match else 0.0
    celsius = (number - 32) / 1.8 if in_f else number
    if not lowest <= round(celsius, 3) <= WARMEST:
        least, most, like = (temperature_text(each, fahrenheit=fahrenheit) for each in (lowest, WARMEST, 22))
        message = f"Write a number from {least} to {most}, like {like}"
        raise ValueError(message)
    return celsius


def zone(answer: str) -> str:
    """A time zone, however its letters are written."""
    places = {place.lower(): place for place in (*places_with_zones(), "UTC", "Etc/UTC")}
    found = places.get(answer.lower().replace(" ", "_"))
    if found is not None:
        return found
    nearest = nearest_zone(answer)
    message = f"Did you mean {nearest}?" if nearest else "Write a region and a city, like Europe/London"
    raise ValueError(message)


def evening_and_morning(answer: str) -> tuple[time, time]:
    """Bedtime and the time of getting up: "22:30 - 7:30"."""
    parts = re.split(r"\s*(?:-|to|\s)\s*", answer)
    try:
        bedtime, rise = map(parse_clock, parts)
    except ValueError:
        raise ValueError(_CLOCKS) from None
    if bedtime == rise:
        message = "Write two different times, like 22:30 - 7:30"
        raise ValueError(message)
    return bedtime, rise


def broker(answer: str) -> tuple[str, str, int]:
    """The login (or nothing), the address and the port: "unclench@192.168.1.20:1883"."""
    match = _BROKER.fullmatch(answer)
    port = int(match["port"] or 1883) if match else 0
    if match is None or not 1 <= port <= LAST_PORT or not _is_host(match["host"]):
        message = "Write an address, like localhost, 192.168.1.20 or unclench@homeassistant.local"
        raise ValueError(message)
    return match["user"] or "", match["host"], port


def _is_host(text: str) -> bool:
    try:
        TypeAdapter(Host).validate_python(text)
    except ValidationError:
        return False
    return True


def address(answer: str) -> str:
    """An http address, or nothing."""
    answer = answer.rstrip("/")
    if answer and not re.fullmatch(r"https?://[^\s/@]+", answer):
        message = "Write an address like http://homeassistant.local:8123, or nothing"
        raise ValueError(message)
    return answer


def topic_or_entity(answer: str) -> str:
    """An MQTT topic, an entity of Home Assistant, or nothing."""
    if answer and not _TOPIC.fullmatch(answer):
        message = "Write one topic, without # and +, or nothing"
        raise ValueError(message)
    if "." in answer and "/" not in answer and not _ENTITY.fullmatch(answer):
        message = "Write an entity like sensor.bedroom_temperature, a topic like zigbee2mqtt/bedroom, or nothing"
        raise ValueError(message)
    return answer


def entity_of(*domains: str) -> Callable[[str], str]:
    """One entity of some domains, or nothing."""

    def check(answer: str) -> str:
        if answer and not (_ENTITY.fullmatch(answer) and answer.partition(".")[0] in domains):
            message = f"Write a name that starts with {' or '.join(f'{domain}.' for domain in domains)}, or nothing"
            raise ValueError(message)
        return answer

    return check


def cooling(answer: str) -> tuple[str, ...]:
    """Entities that cool, with commas or spaces between them; or nothing."""
    check = entity_of(*COOLING_DOMAINS)
    return tuple(check(entity) for entity in re.split(r"[,\s]+", answer) if entity)


def person_id(name: str) -> str:
    """The short name that stands in topics and file names: "Anna-Lena" is anna_lena."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    return words if words[:1].isalpha() else "me"


def guess_zone() -> str:
    """The time zone of this machine, by name; UTC where it cannot be told."""
    candidates = [os.environ.get("TZ", "").lstrip(":")]
    target = os.path.realpath("/etc/localtime")
    candidates.append(target.partition("zoneinfo/")[2])
    named = Path("/etc/timezone")
    candidates.append(named.read_text(encoding="utf-8").strip() if named.is_file() else "")
    for candidate in candidates:
        try:
            return parse_zone(candidate)
        except ValueError:
            continue
    return "UTC"

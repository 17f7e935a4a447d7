"""The few questions of `unclench init`: each has a default, each answer is checked at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

import typer

from config.mistakes import nearest_to
from config.types import parse_clock, parse_zone

_ENTITY = re.compile(r"[a-z_]+\.[a-z0-9_]+")
_TOPIC = re.compile(r"[^#+\s]+")
_BROKER = re.compile(r"(?:(?P<user>[^@\s:]+)@)?(?P<host>[^@\s:/]+)(?::(?P<port>\d{1,5}))?")
FAHRENHEIT_ZONES = ("America/", "US/")
COOLING_DOMAINS = ("climate", "fan", "switch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: its key, its flag on the command line, its words, its default, and what makes of an answer."""

    key: str
    flag: str
    asks: str
    check: Callable[[str], object]
    default: Callable[[Mapping[str, object]], str] = lambda _answers: ""

    def ask(self, default: str) -> object:
        """Ask until the answer is one that can be used."""
        while True:
            answer = str(typer.prompt(self.asks, default=default, show_default=bool(default)))
            try:
                return self.check(answer.strip())
            except ValueError as error:
                typer.echo(f"  {_sentence(error)} Please try again.")


def collect(given: Mapping[str, str | None], *, quiet: bool) -> dict[str, object]:
    """The answer to each question: from its flag, else asked, else (``quiet``) its default."""
    answers: dict[str, object] = {}
    for question in QUESTIONS:
        flag = given.get(question.key)
        default = question.default(answers)
        if flag is None and not quiet:
            answers[question.key] = question.ask(default)
            continue
        try:
            answers[question.key] = question.check(default if flag is None else flag.strip())
        except ValueError as error:
            raise typer.BadParameter(_sentence(error), param_hint=question.flag) from None
    return answers


def _sentence(error: ValueError) -> str:
    text = str(error)
    return text if text.endswith(("?", ".")) else f"{text[:1].upper()}{text[1:]}."


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


def zone(answer: str) -> str:
    """A time zone."""
    from zoneinfo import available_timezones

    nearest = nearest_to(answer, available_timezones())
    try:
        return parse_zone(answer)
    except ValueError:
        message = f"Did you mean {nearest}?" if nearest else "Write a region and a city, like Europe/London"
        raise ValueError(message) from None


def evening_and_morning(answer: str) -> tuple[time, time]:
    """Bedtime and the time of getting up: "22:30 - 7:30"."""
    parts = re.split(r"\s*(?:-|to|\s)\s*", answer)
    if len(parts) != 2:  # noqa: PLR2004
        message = "Write two times, like 22:30 - 7:30"
        raise ValueError(message)
    bedtime, rise = parse_clock(parts[0]), parse_clock(parts[1])
    if bedtime == rise:
        message = "Write two different times, like 22:30 - 7:30"
        raise ValueError(message)
    return bedtime, rise


def broker(answer: str) -> tuple[str, str, int]:
    """The login (or nothing), the address and the port: "unclench@192.168.1.20:1883"."""
    match = _BROKER.fullmatch(answer)
    port = int(match["port"] or 1883) if match else 0
    if match is None or not 1 <= port <= 65535:  # noqa: PLR2004
        message = "Write an address, like localhost, 192.168.1.20 or unclench@homeassistant.local"
        raise ValueError(message)
    return match["user"] or "", match["host"], port


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
        message = "Write one topic, without spaces, # and +, or nothing"
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


def _guess_units(answers: Mapping[str, object]) -> str:
    return "F" if str(answers["time_zone"]).startswith(FAHRENHEIT_ZONES) else "C"


QUESTIONS = (
    Question(key="name", flag="--name", asks="What do you like to be called?", check=not_empty, default=lambda _: "Me"),
    Question(key="time_zone", flag="--zone", asks="Your time zone", check=zone, default=lambda _: guess_zone()),
    Question(
        key="units", flag="--units", asks="Celsius or Fahrenheit (C, F)", check=one_of("C", "F"), default=_guess_units
    ),
    Question(
        key="sensitive_to",
        flag="--sensitive-to",
        asks="What makes your symptoms worse (heat, cold, both)",
        check=one_of("heat", "cold", "both"),
        default=lambda _: "heat",
    ),
    Question(
        key="night",
        flag="--night",
        asks="When do you go to bed, and get up",
        check=evening_and_morning,
        default=lambda _: "22:30 - 7:30",
    ),
    Question(
        key="broker",
        flag="--broker",
        asks="Your MQTT broker, with its login in front (unclench@192.168.1.20)",
        check=broker,
        default=lambda _: "localhost",
    ),
    Question(
        key="home_assistant",
        flag="--home-assistant",
        asks="The address of Home Assistant (Enter: none)",
        check=address,
    ),
    Question(
        key="temperature",
        flag="--temperature",
        asks="The bedroom's thermometer: its MQTT topic, or its entity (Enter: later)",
        check=topic_or_entity,
    ),
    Question(
        key="bed",
        flag="--bed",
        asks="What feels that you are in bed: a topic or an entity (Enter: nothing)",
        check=topic_or_entity,
    ),
    Question(
        key="cooling",
        flag="--cooling",
        asks="What cools the bedroom, like climate.bedroom, fan.bedroom (Enter: later)",
        check=cooling,
    ),
    Question(
        key="lamp",
        flag="--lamp",
        asks="The lamp by your bed, like light.bedside (Enter: none)",
        check=entity_of("light"),
    ),
    Question(
        key="notify",
        flag="--notify",
        asks="Your phone, like notify.mobile_app_my_phone (Enter: none)",
        check=entity_of("notify"),
    ),
)

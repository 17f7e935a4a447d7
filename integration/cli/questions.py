"""The few questions of `unclench init`: each has a flag, a default, and a check of its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import typer

from integration.cli.answer_checks import (
    address,
    broker,
    cooling,
    entity_of,
    evening_and_morning,
    guess_zone,
    not_empty,
    one_of,
    topic_or_entity,
    zone,
)

FAHRENHEIT_ZONES = (
    "America/Anchorage",
    "America/Boise",
    "America/Chicago",
    "America/Denver",
    "America/Detroit",
    "America/Indiana/",
    "America/Kentucky/",
    "America/Los_Angeles",
    "America/New_York",
    "America/Phoenix",
    "Pacific/Honolulu",
    "US/",
)
"""Where people think in °F: a guess for the default of a question."""


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

"""The few questions of `unclench init`: each has a flag, a default, and a check of its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import typer

from config.types import nearest_zone
from integration.cli.answer_checks import (
    address,
    broker,
    cooling,
    degrees,
    entity_of,
    evening_and_morning,
    guess_zone,
    not_empty,
    one_of,
    topic_or_entity,
    unit,
    zone,
)

NOBODYS_ZONES = frozenset({"UTC", "Etc/UTC"})
"""What a machine says when nobody told it where it is."""
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
    check: Callable[[str], object] | None = None
    check_with: Callable[[str, Mapping[str, object]], object] | None = None
    """The same, for what depends on the answers before."""
    default: Callable[[Mapping[str, object]], str] = lambda _answers: ""

    nearest: Callable[[str], str] = lambda _answer: ""
    """What an answer that cannot be used may mean: a `y` takes it."""
    offers: Callable[[str], bool] = bool
    """Whether a default is good enough to be shown; one that is not counts only where nothing is asked."""

    def value_of(self, answer: str, answers: Mapping[str, object]) -> object:
        """What an answer means. Raises ValueError in plain words."""
        if self.check_with is not None:
            return self.check_with(answer, answers)
        return self.check(answer) if self.check is not None else answer

    def ask(self, answers: Mapping[str, object]) -> object:
        """Ask until the answer is one that can be used."""
        default = self.default(answers)
        default, meant = default if self.offers(default) else "", ""
        while True:
            answer = str(typer.prompt(self.asks, default=default, show_default=bool(default))).strip()
            answer = meant if meant and answer.lower() in {"y", "yes"} else answer
            try:
                return self.value_of(answer, answers)
            except ValueError as error:
                meant = self.nearest(answer)
                typer.echo(f"  {_sentence(error)} {'Write y for yes, or try again.' if meant else 'Please try again.'}")


def collect(given: Mapping[str, str | None], *, quiet: bool) -> dict[str, object]:
    """The answer to each question: from its flag, else asked, else (``quiet``) its default."""
    answers: dict[str, object] = {}
    for question in QUESTIONS:
        flag = given.get(question.key)
        if flag is None and not quiet:
            answers[question.key] = question.ask(answers)
            continue
        try:
            answers[question.key] = question.value_of(
                question.default(answers) if flag is None else flag.strip(), answers
            )
        except ValueError as error:
            raise typer.BadParameter(_sentence(error), param_hint=question.flag) from None
    return answers


def _sentence(error: ValueError) -> str:
    text = str(error)
    return text if text.endswith(("?", ".")) else f"{text[:1].upper()}{text[1:]}."


def _guess_units(answers: Mapping[str, object]) -> str:
    return "F" if str(answers["time_zone"]).startswith(FAHRENHEIT_ZONES) else "C"


def _degrees(answer: str, answers: Mapping[str, object]) -> float:
    """Where nobody is sensitive to cold, a room may be cooled further."""
    lowest = 17.0 if answers["sensitive_to"] == "heat" else 19.0
    return degrees(answer, fahrenheit=answers["units"] == "F", lowest=lowest)


def _in_units(celsius: float) -> Callable[[Mapping[str, object]], str]:
    return lambda answers: f"{celsius * 1.8 + 32 if answers['units'] == 'F' else celsius:g}"


QUESTIONS = (
    Question(key="name", flag="--name", asks="What do you like to be called?", check=not_empty, default=lambda _: "Me"),
    Question(
        key="time_zone",
        flag="--zone",
        asks="Your time zone, a region and a city like Europe/London",
        check=zone,
        nearest=nearest_zone,
        default=lambda _: guess_zone(),
        offers=lambda name: name not in NOBODYS_ZONES,
    ),
    Question(key="units", flag="--units", asks="Celsius or Fahrenheit (C, F)", check=unit, default=_guess_units),
    Question(
        key="sensitive_to",
        flag="--sensitive-to",
        asks="What makes your symptoms worse (heat, cold, both)",
        check=one_of("heat", "cold", "both"),
        default=lambda _: "heat",
    ),
    Question(
        key="too_warm_in_bed",
        flag="--too-warm-in-bed",
        asks="From how many degrees on is it too warm for you in bed",
        check_with=_degrees,
        default=_in_units(22),
    ),
    Question(
        key="too_warm",
        flag="--too-warm",
        asks="And when you are up",
        check_with=_degrees,
        default=_in_units(24),
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

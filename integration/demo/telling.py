"""Which decisions and actions are told to the audience: the engine's own words, one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from devices.actions import Action
from integration.demo.home import AC, FAN, LAMP
from rules.decisions import Decision


class Topic(StrEnum):
    """What a line is about; the summary takes the first line of some of them."""

    HEAT = "heat"
    COOLING = "cooling"
    HAND = "hand"
    LIGHT = "light"
    PROMPT = "prompt"
    SENSOR = "sensor"
    PERSON = "person"
    DEVICE = "device"
    ROUTINE = "routine"
    ROOM = "room"


SUMMARY = (Topic.COOLING, Topic.HAND, Topic.LIGHT, Topic.PROMPT, Topic.SENSOR)
NAMES = {AC: "Air conditioner", FAN: "Fan", LAMP: "Lamp"}
_RULE = re.compile(r" \(rule [\w-]+\)")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story."""

    at: datetime
    topic: Topic
    text: str


def tell_decision(decision: Decision) -> Told | None:
    """One line of the story; None for what only the record needs."""
    about, text = decision.about, decision.text
    if about.startswith("trigger heat") and " is active" in text:  # while it builds, the cooling says why
        return _told(decision.at, Topic.HEAT, text)
    if about.startswith("cooling"):
        return _told(decision.at, Topic.COOLING, text)
    if about == "routine wind_down":
        return _told(decision.at, Topic.ROUTINE, text)
    if about == "prompt stretch" and text.startswith("you answered"):
        return _told(decision.at, Topic.PROMPT, text)
    if about in NAMES and "changed by hand (" in text:
        return _told(decision.at, Topic.HAND, text)
    return None


def tell_action(action: Action) -> Told | None:
    """One line about what was sent to the home."""
    data, name = action.data, NAMES.get(action.entity or "")
    match action.service:
        case "climate.set_hvac_mode":
            said = {"cool": "on, to cool"}.get(str(data["hvac_mode"]), str(data["hvac_mode"]))
        case "climate.set_temperature":
            said = f"set to {data['temperature']:g} °C"
        case "fan.turn_on":
            said = f"on at {data.get('percentage', 100):g} %"
        case "fan.turn_off":
            said = "off"
        case "light.turn_on":
            return _told(action.at, Topic.LIGHT, f"{name} down to {data['brightness_pct']} %, slowly: {action.reason}")
        case _ if action.once:
            return Told(action.at, Topic.PROMPT, f"Asked on the phone: {data['message']}")
        case _:
            return None
    return _told(action.at, Topic.DEVICE, f"{name} {said}")


def tell_refused(at: datetime, celsius: float) -> Told:
    """A reading that was not believed."""
    return Told(at, Topic.SENSOR, f"The thermometer said {celsius:g} °C, as they do after a new battery: not believed.")


def highlights(told: Iterable[Told]) -> list[Told]:
    """The first line on each of the topics of the summary, in the order of the evening."""
    first: dict[Topic, Told] = {}
    for each in told:
        first.setdefault(each.topic, each)
    return sorted((first[topic] for topic in SUMMARY if topic in first), key=lambda each: each.at)


def _told(at: datetime, topic: Topic, text: str) -> Told:
    plain = _RULE.sub("", text)
    return Told(at, topic, f"{plain[:1].upper()}{plain[1:]}.")

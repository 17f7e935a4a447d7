"""The bedroom of these tests: a stand-in Home Assistant with its devices, and what it was told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import paho.mqtt.client as paho

from integration.demo.stand_in_ha import Climate, Fan, Light, Script, StandInHomeAssistant
from tests.integration.homebuilder import AC, BED, CLIMATE, FAN, LAMP, say


def bedroom() -> StandInHomeAssistant:
    """A stand-in, not started, with an AC, a fan, a lamp and a script that speaks; its devices obey at once."""
    home = StandInHomeAssistant(token="let-me-in")
    home.add(
        Climate(entity_id=AC, name="AC"),
        Fan(entity_id=FAN, name="Fan"),
        Light(entity_id=LAMP, name="Lamp"),
        Script(entity_id="script.bedside_prompt", name="Prompt", required=("title", "message")),
    )
    return home


@contextmanager
def bedroom_stand_in() -> Iterator[StandInHomeAssistant]:
    """The bedroom, running."""
    with bedroom() as home:
        yield home


def state_of(stand_in: StandInHomeAssistant, entity: str) -> str:
    """What an entity reports; empty for none."""
    state = stand_in.state(entity)
    return state.state if state is not None else ""


def spoken(stand_in: StandInHomeAssistant) -> list[str]:
    """Every message that was said to the person."""
    return [str(call.data.get("message", "")) for call in stand_in.calls if call.domain == "script"]


def lie_down(sensors: paho.Client) -> None:
    """The bed says that somebody is in it."""
    say(sensors, BED, "ON", retain=True)


def measure(sensors: paho.Client, *celsius: float) -> None:
    """The thermometer reports, with delivery guarantee."""
    for each in celsius:
        say(sensors, CLIMATE, json.dumps({"temperature": each}))

"""One root for every error of the project, and messages built from facts."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import config
import devices
import integration
import journal
import rules
from config.errors import UnclenchError
from config.mistakes import Mistake, Place, key_text, listed, nearest_to

ROOMS = (config, devices, integration, journal, rules)
IMITATED = "integration.demo"
"""The stand-in for Home Assistant raises what Home Assistant raises, inside itself only."""


def _modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not found.name.endswith("__main__") and not found.name.startswith(IMITATED):
                yield importlib.import_module(found.name)


def _is_private(error: type) -> bool:
    return error.__name__.startswith("_")


def test_every_error_of_the_project_has_one_root() -> None:
    strays = {
        f"{error.__module__}.{error.__name__}"
        for module in _modules()
        for error in vars(module).values()
        if inspect.isclass(error)
        and issubclass(error, Exception)
        and error.__module__.partition(".")[0] in {room.__name__ for room in ROOMS}
        and not issubclass(error, UnclenchError)
        and not _is_private(error)
    }
    assert strays == set()


@pytest.mark.parametrize(
    ("mistake", "text"),
    [
        (
            Mistake.at(
                Place(file="profiles/anna.yaml", line=12, column=5, key="triggers.heat.abov"),
                "this key is not known",
                allowed="above",
                nearest="above",
            ),
            "profiles/anna.yaml line 12, triggers.heat.abov: this key is not known. Did you mean above?",
        ),
        (
            Mistake.at(Place(file="home.yaml", line=3, column=1), "this is empty", found='""', allowed="text"),
            'home.yaml line 3: this is empty. Found "". Allowed: text.',
        ),
        (Mistake.at(Place(file="home.yaml"), "this file is empty"), "home.yaml: this file is empty."),
    ],
)
def test_a_mistake_says_where_what_and_what_would_be_right(mistake: Mistake, text: str) -> None:
    assert mistake.text() == text
    assert mistake.as_json()["text"] == text


def test_words_of_messages() -> None:
    assert key_text(("rooms", "bedroom", "sensors", 1, "topic")) == "rooms.bedroom.sensors#2.topic"
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b or c"
    assert nearest_to("Abov", ["above", "below"]) == "above"
    assert nearest_to("London", ["Europe/London", "Europe/Paris"]) == "Europe/London"
    assert nearest_to("xyz", ["above"]) == ""

"""A blind among what cools a room."""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.world import spoken
from tests.rules.builders import EVENING, Evening, home, maker

BLIND = "cover.bedroom"
AFTERNOON = EVENING - timedelta(hours=7)


def bedroom(start: datetime) -> Evening:
    """Somebody in bed in a warm room with a blind."""
    life = Evening(maker(place=home(lights=[], cooling=[{"cover": BLIND, "min_run": "1 min"}])), start=start)
    life.bed(occupied=True)
    life.measures(23.0, minutes=10)
    return life


def test_a_blind_goes_down_while_cooling_is_wanted_and_up_afterwards() -> None:
    """As the person's other devices do."""
    life = bedroom(AFTERNOON)
    assert life.calls(BLIND) == [("cover.set_cover_position", {"position": 0})]
    assert any(text.startswith("switching the bedroom blind to shut: ") for text in life.texts(BLIND))
    life.measures(20.0, minutes=10)
    assert life.calls(BLIND) == []  # the sun would be back at once
    life.measures(19.0, minutes=10)
    assert life.calls(BLIND) == [("cover.set_cover_position", {"position": 100})]
    assert life.engine.world.devices[BLIND].memory.holds == {}


def test_a_blind_is_not_moved_at_night() -> None:
    """There is no sun to keep out, and people sleep."""
    assert bedroom(EVENING).calls(BLIND) == []


def test_a_blind_that_is_down_in_the_evening_is_given_back() -> None:
    """At 20:30 at the latest."""
    life = bedroom(EVENING - timedelta(minutes=60))
    assert life.services(BLIND) == ["cover.set_cover_position"]
    life.measures(23.0, minutes=25)
    assert life.calls(BLIND) == [("cover.set_cover_position", {"position": 100})]
    life.measures(23.0, minutes=600)
    assert life.calls(BLIND) == []


def test_a_blind_that_says_what_it_is_is_not_called_a_blind_twice() -> None:
    """Whatever the word."""
    assert spoken("cover.bedroom") == "the bedroom blind"
    assert spoken("cover.bedroom_roller_blind") == "the bedroom roller blind"
    assert spoken("cover.left_curtain") == "the left curtain"

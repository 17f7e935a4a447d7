"""A blind among what cools a room."""

from __future__ import annotations

from rules.world import spoken
from tests.rules.builders import Evening, home, maker

BLIND = "cover.bedroom"


def test_a_blind_goes_down_while_cooling_is_wanted_and_up_afterwards() -> None:
    """As the person's other devices do."""
    life = Evening(maker(place=home(lights=[], cooling=[{"cover": BLIND, "min_run": "1 min"}])))
    life.bed(occupied=True)
    life.measures(23.0, minutes=10)
    assert life.calls(BLIND) == [("cover.set_cover_position", {"position": 0})]
    assert any(text.startswith("switching the bedroom blind to shut: ") for text in life.texts(BLIND))
    life.measures(20.0, minutes=10)
    assert life.calls(BLIND) == [("cover.set_cover_position", {"position": 100})]
    assert life.engine.world.devices[BLIND].memory.holds == {}


def test_a_blind_that_says_what_it_is_is_not_called_a_blind_twice() -> None:
    """Whatever the word."""
    assert spoken("cover.bedroom") == "the bedroom blind"
    assert spoken("cover.bedroom_roller_blind") == "the bedroom roller blind"
    assert spoken("cover.left_curtain") == "the left curtain"

"""What routines and pauses say of themselves to who asks why."""

from __future__ import annotations

from integration.why_routines import is_idle, standing_of_routines
from tests.rules.test_wind_down import Day


def test_a_routine_under_way_tells_what_became_of_each_step() -> None:
    life = Day().until("21:00")
    told = {what: (state, why) for what, state, why in standing_of_routines(life.engine)}
    state, why = told["routine wind_down"]
    assert state == "running, 2 of 6 steps"
    assert why == "lights: the light goes down to 30 %; drink: offered; next step at 21:30"
    assert told["routine morning"] == ("waiting", "begins at 07:35")
    assert is_idle("routine morning", told["routine morning"][0])
    assert not is_idle("routine wind_down", state)


def test_a_pause_says_until_when_and_what_it_means() -> None:
    life = Day().until("21:00")
    life.pause("cooling", 2)
    told = {what: (state, why) for what, state, why in standing_of_routines(life.engine)}
    assert told["pause cooling"] == (
        "until 23:00",
        "cooling is paused until 23:00: what I switched on goes off, what was on before gets its setting back",
    )
    life.pause("cooling", None)
    assert "pause cooling" not in {what for what, _, _ in standing_of_routines(life.engine)}

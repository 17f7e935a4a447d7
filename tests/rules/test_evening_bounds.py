"""What an evening never does, whatever the person, the bed, the lamps, the clock and Home Assistant do."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from tests.rules.builders import profile
from tests.rules.chaos import PEOPLE, STARTS, Chaos, start_of

SLOW = os.environ.get("UNCLENCH_SLOW") == "1"
SEEDS = range(40 if SLOW else 2)
HOURS = 54


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("when", STARTS)
@pytest.mark.parametrize("who", PEOPLE)
def test_whatever_comes(who: str, when: str, seed: int) -> None:
    """Nothing that an evening must never do happens, and nothing breaks."""
    Chaos(profile(**PEOPLE[who]), seed, start_of(when)).days(HOURS)


@pytest.mark.parametrize("seed", [100 + seed for seed in SEEDS])
@pytest.mark.parametrize("who", PEOPLE)
def test_a_restart_changes_nothing(who: str, seed: int) -> None:
    """Restarted at every step, an evening goes on as if nothing had happened: the same actions and decisions."""
    lives = [
        Chaos(profile(**PEOPLE[who]), seed, start_of("summer"), restarts=restarts).days(14)
        for restarts in (False, True)
    ]
    for went_on, restarted in zip(lives[0].record, lives[1].record, strict=True):
        assert went_on == restarted


@pytest.mark.parametrize("seed", SEEDS)
def test_the_clock_set_back(seed: int) -> None:
    """A clock that was wrong breaks nothing, and lets nothing be said in quiet hours."""
    life = Chaos(profile(**PEOPLE["shipped"]), seed, start_of("summer")).days(8)
    life.set_back(timedelta(hours=life.dice.choice([1, 3, 30])))
    life.days(30)

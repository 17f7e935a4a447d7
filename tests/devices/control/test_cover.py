"""A blind between what is wanted and what it reports: slow, and often half-way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from devices.control.kind import State
from tests.devices.control.bench import OFF, START, Bench

SHADE: State = {"power": True, "position": 0.0}


def blind(position: int | None = 100, **spec: timedelta) -> Bench:
    """A blind that has been heard an hour ago."""
    bench = Bench("cover.blind", **spec)
    _at(bench, position)
    bench.wait(hours=1)
    return bench


def _at(bench: Bench, position: int | None, *, by_person: bool | None = None) -> list[str]:
    """It stands still there; None: open, and it cannot say how far."""
    if position is None:
        return bench.report("open", by_person=by_person)
    state = "open" if position else "closed"
    return bench.report(state, by_person=by_person, current_position=position, supported_features=15)


def _moves(bench: Bench, state: str, *positions: int) -> None:
    for position in positions:
        bench.wait(seconds=5)
        assert bench.report(state, current_position=position, supported_features=15) == []


def shaded(position: int | None = 100) -> Bench:
    """A blind that we have brought down, an hour ago."""
    bench = blind(position)
    bench.aim(SHADE)
    bench.wait(seconds=20)
    _at(bench, 0)
    bench.wait(hours=1)
    bench.services()
    bench.notes.clear()
    return bench


def test_down_and_up_again() -> None:
    """What we have brought down is brought up."""
    bench = blind()
    assert bench.aim(SHADE) == ["cover.set_cover_position"]
    assert bench.sent[-1].data == {"position": 0}
    _moves(bench, "closing", 80, 40, 3)
    assert _at(bench, 0) == []
    assert bench.notes[-1] == "the thing reports shut"
    bench.wait(hours=1)
    assert bench.release() == ["cover.set_cover_position"]
    assert bench.sent[-1].data == {"position": 100}
    _moves(bench, "opening", 20, 60, 99)
    _at(bench, 99)
    assert bench.notes[-1] == "the thing reports open"
    assert (bench.memory.holds, bench.memory.owned) == ({}, False)
    assert bench.release() == []


@pytest.mark.parametrize("says", ["closing", "open"])
def test_the_way_down_is_no_hand(says: str) -> None:
    """Whether it says that it moves, or only where it is."""
    bench = blind()
    bench.aim(SHADE)
    _moves(bench, says, 90, 60, 30)
    _at(bench, 0)
    assert bench.memory.holds == {}
    assert bench.memory.attempts == 0
    assert bench.wait(minutes=10).memory.holds == {}


def test_the_way_up_is_no_hand() -> None:
    """Also where something else is wanted before it was down."""
    bench = blind(min_run=timedelta(0))
    bench.aim(SHADE)
    _moves(bench, "open", 80, 50)
    bench.release()
    _moves(bench, "open", 20)
    _at(bench, 0)
    bench.wait(minutes=3)
    assert bench.sent[-1].data == {"position": 100}
    _moves(bench, "open", 30, 70)
    _at(bench, 100)
    assert bench.memory.holds == {}


def test_a_slow_one_is_waited_for() -> None:
    """Two minutes are enough for a long blind."""
    bench = blind()
    bench.aim(SHADE)
    bench.wait(seconds=110)
    assert bench.services() == ["cover.set_cover_position"]
    _at(bench, 0)
    assert bench.wait(minutes=10).services() == []


def test_one_that_does_not_move_is_told_of() -> None:
    """After three tries."""
    bench = blind()
    bench.aim(SHADE)
    bench.wait(minutes=10)
    assert bench.services() == ["cover.set_cover_position"] * 3
    assert [kind for kind, _ in bench.news] == ["trouble"]


def test_half_way_is_given_back_half_way() -> None:
    """It was so before us."""
    bench = shaded(60)
    assert bench.release() == ["cover.set_cover_position"]
    assert bench.sent[-1].data == {"position": 60}
    _moves(bench, "opening", 30)
    _at(bench, 59)
    assert bench.release() == []
    assert bench.memory.borrowed is None
    assert bench.wait(minutes=30).memory.holds == {}


def test_who_has_shut_it_further_keeps_it_so() -> None:
    """It is brought down to a third at the most, and is down already."""
    bench = blind(10)
    assert bench.aim({"power": True, "position": 33.0}) == []
    assert bench.release() == []
    assert bench.memory.owned is False


@pytest.mark.parametrize("position", [40, 100])
def test_a_hand_leaves_it_all_alone(position: int) -> None:
    """However far up it was brought: nothing moves it in their time, and it is no more ours to bring up."""
    bench = shaded()
    bench.report("opening", by_person=True, current_position=10, supported_features=15)
    assert _at(bench, position, by_person=True) == []
    assert bench.memory.holds
    assert set(bench.memory.holds.values()) == {START + timedelta(hours=4, seconds=20)}
    assert bench.notes[-1].startswith("the thing was changed by hand (open")
    assert bench.aim(SHADE) == []
    assert bench.release() == []
    assert bench.memory.owned is False


def test_a_hand_soon_after_our_command_is_seen_at_last() -> None:
    """It could be a late word; where it stays so it was a hand."""
    bench = blind()
    bench.aim(SHADE)
    bench.wait(seconds=20)
    _at(bench, 0)
    bench.wait(seconds=30)
    _at(bench, 100)
    bench.wait(minutes=6)
    assert bench.memory.holds
    assert bench.wait(minutes=10).services() == ["cover.set_cover_position"]


def test_one_without_positions() -> None:
    """Down and up is all that it can."""
    bench = blind(None)
    assert bench.aim({"power": True, "position": 30.0}) == ["cover.close_cover"]
    bench.report("closing")
    assert bench.report("closed") == []
    bench.wait(hours=1)
    assert bench.release() == ["cover.open_cover"]
    bench.report("opening")
    bench.report("open")
    assert (bench.memory.holds, bench.memory.owned) == ({}, False)


def test_it_is_not_moved_too_often() -> None:
    """Once down it stays so for a while."""
    bench = blind(min_run=timedelta(minutes=30))
    bench.aim(SHADE)
    _at(bench, 0)
    bench.services()
    bench.wait(minutes=10)
    assert bench.release() == []
    assert bench.wait(minutes=21).services() == ["cover.set_cover_position"]


def test_a_word_on_the_way_is_not_the_first_word() -> None:
    """Where it stands is known when it stands."""
    bench = Bench("cover.blind")
    bench.aim(SHADE)
    assert bench.report("opening", current_position=40) == []
    assert bench.memory.available is None
    assert _at(bench, 100) == ["cover.set_cover_position"]


def test_an_unavailable_one_is_no_hand() -> None:
    """What it was while nobody could see it is not known."""
    bench = shaded()
    bench.report("unavailable")
    bench.wait(minutes=1)
    assert _at(bench, 100) == []  # it waits out its pause, and is not left alone
    assert bench.memory.holds == {}


def test_off_is_as_good_as_open() -> None:
    """What wants it off need not know what it is."""
    assert shaded().aim(OFF) == ["cover.set_cover_position"]

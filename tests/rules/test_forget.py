"""What was learned of a room is forgotten when the person asks for it."""

from __future__ import annotations

from devices.events import CoolingForgotten
from rules.engine import Engine
from tests.rules.builders import Evening


def learned() -> Evening:
    """A night has been lived through: the room and the hours are known a little."""
    life = Evening()
    life.bed(occupied=True)
    life.measures(20.0, minutes=9 * 60)
    life.bed(occupied=False)
    life.measures(20.0, minutes=60)
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    assert cooling.memory.model.hours > 5
    assert len(cooling.memory.habits.stays) == 1
    return life


def forget(life: Evening, room: str) -> None:
    """The person asks for it."""
    life.event(CoolingForgotten(at=life.now, source="unclench/anna/cooling/x/forget", person="anna", room=room))


def test_it_is_forgotten_and_learned_anew() -> None:
    life = learned()
    forget(life, "bedroom")
    assert life.texts("cooling bedroom")[-1] == (
        "what was learned of the bedroom and of your hours in bed is forgotten, as you asked; learning begins anew"
    )
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    assert (cooling.memory.model.hours, cooling.memory.habits.stays) == (0.0, [])
    assert not cooling.model.known
    life.measures(20.0, minutes=60)
    assert 0 < cooling.memory.model.hours <= 1


def test_it_stays_forgotten_after_a_restart() -> None:
    """Nothing of it is in the snapshot."""
    life = learned()
    forget(life, "bedroom")
    again: Engine = life.make()
    again.restore(life.engine.snapshot())
    cooling = again.world.rooms["bedroom"].cooling
    assert cooling is not None
    assert (cooling.memory.model.mean, cooling.memory.habits.stays) == ([], [])


def test_a_room_that_is_not_there() -> None:
    """It is told, and nothing else is forgotten."""
    life = learned()
    life.texts()
    forget(life, "kitchen")
    assert life.texts("cooling kitchen") == ["there is nothing to forget: no room of this name is cooled for you"]
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    assert cooling.memory.model.hours > 5


def test_cooling_goes_on_meanwhile() -> None:
    """What is forgotten is not what is asked for."""
    life = Evening()
    life.bed(occupied=True)
    life.measures(25.0, minutes=5)
    cooling = life.engine.world.rooms["bedroom"].cooling
    assert cooling is not None
    assert cooling.cools
    forget(life, "bedroom")
    life.wait(minutes=1)
    assert cooling.cools

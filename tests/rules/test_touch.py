"""Rules are compiled once, and an event is looked at by those only that it can touch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from config.home import Home
from devices.events import RoomMeasured
from devices.readings import Kind
from rules.conditions import Verdict
from rules.engine import Engine
from tests.rules.builders import book, profile

NOON = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
ROOMS = 50
BOOK = """
- id: cool-each
  says: Cool every room that is warm.
  when: {trigger: heat, at_least: building}
  want: [{cool: bedroom}]
  rooms: each
- id: humid
  says: Dim in a humid bedroom.
  when: {fact: bedroom.humidity, above: 70}
  want: [{dim: bedroom}]
"""


class Counted:
    """A condition that counts how often it is asked."""

    def __init__(self, inner: object) -> None:
        self.inner = inner
        self.asked = 0

    def __getattr__(self, name: str) -> object:
        """Everything else is the condition's own."""
        return getattr(self.inner, name)

    def evaluate(self, now: datetime) -> Verdict:
        """The condition's answer."""
        self.asked += 1
        verdict: Verdict = self.inner.evaluate(now)  # type: ignore[attr-defined]
        return verdict


def many_rooms() -> Engine:
    """Fifty rooms of one person, each with an air conditioner."""
    rooms = {
        name: {
            "person": "anna",
            "sensors": [{"topic": f"z/{name}", "dialect": "zigbee2mqtt"}],
            "cooling": [{"climate": f"climate.{name}"}],
        }
        for name in ["bedroom", *(f"room_{number}" for number in range(1, ROOMS))]
    }
    return Engine("anna", profile(), Home.model_validate({"rooms": rooms}), book(BOOK))


def measured(room: str, celsius: float, at: datetime) -> RoomMeasured:
    """A reading."""
    return RoomMeasured(at=at, source=f"z/{room}", id="1", room=room, quantity=Kind.TEMPERATURE, value=celsius)


def test_a_reading_is_looked_at_by_the_rules_of_its_room_only() -> None:
    """And by none at all while nothing can change."""
    engine = many_rooms()
    rules = {running.rule.id: running for running in engine.world.rules}
    assert len(rules) == ROOMS + 1
    engine.step(measured("room_7", 20.0, NOON))
    counted = {}
    for rule_id, running in rules.items():
        counted[rule_id] = Counted(running.rule.when)
        object.__setattr__(running.rule, "when", counted[rule_id])
    for minute in range(1, 60):
        engine.step(measured("room_7", 20.0 + minute / 100, NOON + timedelta(minutes=minute)))
    assert {rule_id: each.asked for rule_id, each in counted.items() if each.asked} == {}
    engine.step(measured("room_7", 23.6, NOON + timedelta(minutes=60)))
    assert [rule_id for rule_id, each in counted.items() if each.asked] == ["cool-each@room_7"]

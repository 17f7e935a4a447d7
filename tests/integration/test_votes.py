"""What the person said, with how their bedroom was then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.home import Home
from config.profile import Profile
from devices.events import BedChanged, Event, RoomMeasured, SelfReported
from devices.readings import Kind
from integration.store import Store
from integration.votes import fold, votes_of
from rules.suggestions import Vote

NIGHT = datetime(2026, 7, 14, 21, 0, tzinfo=UTC)
HOME = Home.model_validate(
    {
        "rooms": {
            "bedroom": {
                "person": "anna",
                "sensors": [{"topic": "good"}, {"topic": "spare"}],
                "bed": {"sensors": [{"topic": "left", "side": "left"}, {"topic": "right", "side": "right"}]},
            }
        }
    }
)


def profile(**more: Any) -> Profile:  # noqa: ANN401
    """Anna, who lies on the left."""
    return Profile.model_validate({"name": "Anna", "time_zone": "UTC", "bed_side": "left", **more})


def measured(minutes: float, celsius: float, source: str = "good", **more: Any) -> RoomMeasured:  # noqa: ANN401
    """A thermometer speaks, so long before the night."""
    at = NIGHT - timedelta(minutes=minutes)
    given = {"room": "bedroom", "quantity": Kind.TEMPERATURE, **more}
    return RoomMeasured(at=at, source=source, value=celsius, **given)


def bed(minutes: float, side: str, *, occupied: bool) -> BedChanged:
    """A side of the bed speaks."""
    at = NIGHT - timedelta(minutes=minutes)
    return BedChanged(at=at, source=side, room="bedroom", side=side, occupied=occupied)


def says(trigger: str = "too_hot", value: float | bool = True) -> SelfReported:
    """The person says so, now."""
    return SelfReported(at=NIGHT, source="button", person="anna", trigger=trigger, value=value)


@pytest.mark.parametrize(
    ("before", "celsius", "in_bed"),
    [
        ([], None, None),
        ([measured(5, 21.0), bed(5, "left", occupied=True)], 21.0, True),
        ([measured(5, 21.0), measured(2, 19.0, "spare")], 21.0, None),
        ([measured(80, 21.0), measured(2, 19.0, "spare")], 19.0, None),
        ([measured(80, 21.0)], None, None),
        ([measured(5, 21.0, room="kitchen"), measured(5, 60.0, quantity=Kind.HUMIDITY)], None, None),
        ([measured(5, 21.0, retained=True), measured(5, 30.0, "strange")], None, None),
        ([bed(5, "left", occupied=True), bed(2, "left", occupied=False), bed(1, "right", occupied=True)], None, False),
        ([bed(15 * 60, "left", occupied=True)], None, None),
    ],
)
def test_what_was_known_when_it_was_said(before: list[Event], celsius: float | None, in_bed: bool | None) -> None:
    """The first thermometer that still counts, and the person's side of the bed."""
    assert fold([*before, says()], profile(), HOME) == [
        Vote(at=NIGHT, report="too_hot", celsius=celsius, in_bed=in_bed)
    ]


def test_what_is_no_vote() -> None:
    """That it is over, or something else."""
    assert fold([says(value=False), says("stress"), says("too_cold", 0)], profile(), HOME) == []


@pytest.mark.parametrize(("side", "in_bed"), [("right", True), ("either", True)])
def test_the_side_counts_where_one_is_named(side: str, in_bed: bool) -> None:
    """Whoever has none is in bed when anybody is."""
    events = [bed(5, "left", occupied=False), bed(4, "right", occupied=True), says()]
    assert [vote.in_bed for vote in fold(events, profile(bed_side=side), HOME)] == [in_bed]


def test_without_a_bed_sensor_the_clock_counts() -> None:
    """From bedtime to the rise, as for the heat limit."""
    home = Home.model_validate({"rooms": {"bedroom": {"person": "anna", "sensors": [{"topic": "good"}]}}})
    late, early = profile(bedtime={"at": "20:00"}), profile(bedtime={"at": "23:00"})
    assert [vote.in_bed for vote in fold([says()], late, home)] == [True]
    assert [vote.in_bed for vote in fold([says()], early, home)] == [False]


def test_from_the_database_of_a_household(tmp_path: Path) -> None:
    """Only one's own, and only of the last weeks."""
    store = Store(tmp_path).open()
    old = SelfReported(at=NIGHT - timedelta(days=40), source="button", person="anna", trigger="too_hot", value=True)
    with store.transaction():
        for person, event in [
            ("anna", old),
            ("anna", measured(5, 21.0)),
            ("ben", measured(4, 25.0)),
            ("ben", says("too_cold")),
            ("anna", says()),
        ]:
            store.add_event(person, event)
    found = votes_of("anna", profile(), HOME, store, NIGHT + timedelta(hours=1))
    store.close()
    assert found == [Vote(at=NIGHT, report="too_hot", celsius=21.0, in_bed=None)]

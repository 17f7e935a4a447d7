"""The database has an upper limit: a flood pushes out the oldest, the person's own symptoms last."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.events import Event, RoomMeasured, SymptomLogged
from devices.readings import Kind
from integration.store import Store, room
from rules.decisions import Decision

AT = datetime(2026, 7, 14, 20, 30, tzinfo=UTC)
LARGEST = 4 * 1024 * 1024


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An open, empty store that deletes a little at a time."""
    monkeypatch.setattr(room, "CHUNK", 1_200)
    opened = Store(tmp_path / "data").open()
    yield opened
    opened.close()


def measured(number: int) -> Event:
    """One of many readings."""
    at = AT + timedelta(seconds=number)
    return RoomMeasured(at=at, source="z", id=f"m{number}", room="r", quantity=Kind.TEMPERATURE, value=21.0)


def symptom(number: int) -> Event:
    """One of many symptoms."""
    at = AT + timedelta(seconds=number)
    return SymptomLogged(at=at, source="s", id=f"s{number}", person="robin", symptom="spasm", severity=7.0)


def flood(store: Store, first: int, *, symptoms: bool = False) -> None:
    """A thousand messages as the service writes them, a snapshot, and the care that follows it."""
    with store.transaction():
        for number in range(first, first + 1000):
            event = symptom(number) if symptoms else measured(number)
            store.add_event("robin", event)
            store.add_decision("robin", Decision(at=event.at, event=event.id, about="x", text="y" * 100))
        store.save_snapshot({})
    with store.transaction():
        store.make_room(LARGEST)
    store.tidy()


def kept(store: Store) -> list[tuple[str, str]]:
    """Kind and id of every event, in order."""
    return [(event.kind, event.id) for _, event in store.events_between(AT, AT + timedelta(days=9))]


def test_a_flood_pushes_out_the_oldest_and_no_symptom(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="unclench")
    with store.transaction():
        for number in range(50):
            store.add_event("robin", symptom(number))
    sizes = []
    for first in range(0, 40_000, 1000):
        flood(store, first)
        sizes.append(store.path.stat().st_size)
    print(f"the file grew to {max(sizes) / LARGEST:.2f} of its limit, 40000 messages; it would have been 17 MB")
    assert max(sizes) < 2 * LARGEST
    left = kept(store)
    assert Counter(kind for kind, _ in left)["symptom_logged"] == 50
    readings = [name for kind, name in left if kind == "room_measured"]
    assert readings[-1] == "m39999"
    assert readings == [f"m{number}" for number in range(40_000 - len(readings), 40_000)], "the newest, without a gap"
    assert len([each for each in caplog.records if "the oldest in it is deleted" in each.getMessage()]) == 1


def test_even_a_flood_of_symptoms_is_bounded(store: Store) -> None:
    sizes = []
    for first in range(0, 40_000, 1000):
        flood(store, first, symptoms=True)
        sizes.append(store.path.stat().st_size)
    assert max(sizes) < 2 * LARGEST
    assert kept(store)[-1] == ("symptom_logged", "s39999")


def test_what_no_snapshot_knows_stays(store: Store) -> None:
    """A restart needs it."""
    with store.transaction():
        for number in range(20_000):
            store.add_event("robin", measured(number))
    with store.transaction():
        store.make_room(LARGEST)
    assert store.counts()["events"] == 20_000


def test_a_small_database_is_left_alone(store: Store) -> None:
    flood(store, 0)
    assert store.counts()["events"] == 1000

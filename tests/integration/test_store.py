"""The database: whole or not at all, private, migrated, purged; and the heartbeat's file beside it."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.actions import Action
from devices.events import BedChanged, DeviceReported, Event, RoomMeasured, SelfReported, TimePassed
from devices.readings import Kind
from integration.pulse import SickError, read_pulse, write_pulse
from integration.store import Store, StoreError
from integration.store import store as store_module
from integration.store.events import event_from_json, event_to_json
from rules.decisions import Decision

AT = datetime(2026, 7, 14, 20, 30, tzinfo=UTC)
EVENTS: list[Event] = [
    RoomMeasured(at=AT, source="z", id="1", room="bedroom", quantity=Kind.TEMPERATURE, value=21.0),
    RoomMeasured(at=AT, source="z", id="2", room="bedroom", quantity=Kind.OPEN, value=True, retained=True),
    BedChanged(at=AT, source="b", id="3", room="bedroom", side="left", occupied=False),
    SelfReported(at=AT, source="m", id="4", person="robin", trigger="stress", value=7.0),
    DeviceReported(
        at=AT,
        source="fan.x",
        id="5",
        entity="fan.x",
        state="on",
        attributes={"percentage": 40, "modes": ["a"]},
        by_person=True,
    ),
    TimePassed(at=AT, source="clock"),
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An open, empty store."""
    return Store(tmp_path / "data").open()


def decision(at: datetime, about: str, winner: str = "") -> Decision:
    """A decision about something."""
    return Decision(at=at, event="1", about=about, text=f"about {about}", winner=winner)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_an_event_is_read_as_it_was_written(event: Event) -> None:
    """Also the difference between yes, 1 and 1.0."""
    read = event_from_json(event.kind, event_to_json(event))
    assert read == event
    assert type(getattr(read, "value", None)) is type(getattr(event, "value", None))


def test_the_database_is_the_persons_alone(store: Store) -> None:
    """Health data: nobody else on the machine reads it."""
    assert store.path.stat().st_mode & 0o077 == 0


def test_a_transaction_is_whole_or_not_at_all(store: Store) -> None:
    """An exception inside takes everything back."""

    def write_half() -> None:
        with store.transaction():
            store.add_event("robin", EVENTS[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert store.counts()["events"] == 0


def test_events_after_the_snapshot_are_what_a_restart_needs(store: Store) -> None:
    """In order, and none that the snapshot knows."""
    with store.transaction():
        store.add_event("robin", EVENTS[0])
        store.save_snapshot({"a": 1})
        store.add_event("robin", EVENTS[2])
        store.add_event("robin", EVENTS[3])
    assert store.snapshot() == {"a": 1}
    assert list(store.events_since_snapshot()) == [("robin", EVENTS[2]), ("robin", EVENTS[3])]


def test_purging_keeps_what_a_restart_needs(store: Store) -> None:
    """Old events go once a snapshot knows them; old decisions and actions go."""
    action = Action(id="a-1", at=AT, expires_at=AT, service="fan.turn_on", entity="fan.x", data={}, reason="r")
    with store.transaction():
        store.add_event("robin", EVENTS[0])
        store.save_snapshot({})
        store.add_event("robin", EVENTS[2])
        store.add_decision("robin", decision(AT, "cooling bedroom"))
        store.add_action("robin", action)
        store.fire("robin", "stretch", "2026-07-14", "due")
    with store.transaction():
        store.purge(AT + timedelta(days=31), timedelta(days=30))
    assert store.counts() == {"events": 1, "decisions": 0, "actions": 0, "fired": 0}


def test_after_everything_was_purged_a_restart_still_finds_what_is_new(store: Store) -> None:
    """SQLite gives the numbers of deleted rows again."""
    with store.transaction():
        for event in EVENTS:
            store.add_event("robin", event)
        store.save_snapshot({})
    with store.transaction():
        store.purge(AT + timedelta(days=31), timedelta(days=30))
    assert store.counts()["events"] == 0
    with store.transaction():
        store.add_event("robin", EVENTS[3])
    assert list(store.events_since_snapshot()) == [("robin", EVENTS[3])]


def test_words_that_never_left_are_found_as_they_were(store: Store) -> None:
    """No device's command, nothing that left, nothing old, nothing that cannot be read."""
    words = Action(
        id="a-1", at=AT, expires_at=AT, service="script.say", entity=None, data={"m": "x"}, reason="r", once=True
    )
    with store.transaction():
        store.add_action("robin", words)
        store.add_action("robin", replace(words, id="a-2", once=False))
        store.add_action("robin", replace(words, id="a-3"))
        store.set_action("a-3", "leaving")
        store.add_action("robin", replace(words, id="a-4", at=AT - timedelta(hours=1)))
        store.add_action("robin", replace(words, id="a-5"))
        store._db.execute("UPDATE actions SET body = '{\"once\": true}' WHERE id = 'a-5'")
    assert store.unsaid(AT - timedelta(minutes=15)) == [("robin", words)]


def test_decisions_are_found_by_what_they_are_about_and_by_rule(store: Store) -> None:
    """Newest first, and as they were at a time."""
    with store.transaction():
        store.add_decision("robin", decision(AT, "cooling bedroom", winner="cool-hot-bed"))
        store.add_decision("robin", decision(AT + timedelta(hours=1), "fan.x"))
    assert [each["about"] for each in store.decisions()] == ["fan.x", "cooling bedroom"]
    assert [each["about"] for each in store.decisions(about="cooling")] == ["cooling bedroom"]
    assert [each["about"] for each in store.decisions(about="cool-hot-bed")] == ["cooling bedroom"]
    assert [each["about"] for each in store.decisions(until=AT)] == ["cooling bedroom"]


def test_a_newer_database_is_left_alone(store: Store) -> None:
    """A person who goes back to an older Unclench reads what to do."""
    store.close()
    connection = sqlite3.connect(store.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer Unclench"):
        store.open()


def test_opening_again_migrates_nothing_twice(store: Store) -> None:
    """And keeps what was there."""
    with store.transaction():
        store.add_event("robin", EVENTS[0])
    store.close()
    assert store.open().counts()["events"] == 1


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """The path and what to do."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(tmp_path / "file" / "data").open()


def test_a_heartbeat_proves_life_and_its_age_disproves_it(tmp_path: Path) -> None:
    """Fresh: fine. Old, hanging or missing: sick, with the reason."""
    with pytest.raises(SickError, match="no heartbeat"):
        read_pulse(tmp_path, AT)
    write_pulse(tmp_path, {"at": AT.isoformat(), "loop_age_s": 1.0})
    assert read_pulse(tmp_path, AT + timedelta(seconds=60))["loop_age_s"] == 1.0
    with pytest.raises(SickError, match="stopped or hangs"):
        read_pulse(tmp_path, AT + timedelta(seconds=100))
    write_pulse(tmp_path, {"at": AT.isoformat(), "loop_age_s": 300.0})
    with pytest.raises(SickError, match="has not looked at anything for 300 s"):
        read_pulse(tmp_path, AT)


def test_the_last_state_of_each_device_is_known(store: Store) -> None:
    """The newest report counts, and nothing but devices' reports."""
    off = DeviceReported(at=AT, source="fan.x", id="6", entity="fan.x", state="off", attributes={})
    with store.transaction():
        for event in [*EVENTS, off]:
            store.add_event("robin", event)
    assert store.last_states() == {"fan.x": ("off", {})}


# -- the write-ahead log, in a thread of its own


def log_size(store: Store) -> int:
    """Bytes of the write-ahead log."""
    return store.path.with_name(f"{store.path.name}-wal").stat().st_size


def fill(store: Store, events: int) -> None:
    """Commit so many events, one at a time."""
    for _ in range(events):
        with store.transaction():
            store.add_event("robin", EVENTS[0])


def test_the_log_is_moved_into_the_database_once_it_is_large(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before that it is left alone: each moving is a burden on a card."""
    fill(store, 20)
    before = store.path.stat().st_size
    store.tidy()
    assert store.path.stat().st_size == before
    monkeypatch.setattr(store_module, "LOG_BYTES", 1)
    store.tidy()
    assert store.path.stat().st_size > before
    size = log_size(store)
    fill(store, 10)
    assert log_size(store) <= size, "it begins anew"
    assert store.counts()["events"] == 30


def test_the_log_stays_bounded_while_one_thread_writes_without_a_pause(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long flood: sync and tidy in another thread, and a reader now and then. Nothing is lost."""
    monkeypatch.setattr(store_module, "LOG_BYTES", 100_000)
    monkeypatch.setattr(store_module, "LOG_BYTES_MOST", 400_000)
    done, sizes, troubles = threading.Event(), [], []

    def keep() -> None:
        while not done.wait(0.001):
            try:
                store.sync()
                store.tidy()
                sizes.append(log_size(store))
            except StoreError as error:
                troubles.append(error)

    keeper = threading.Thread(target=keep)
    keeper.start()
    written = 0
    try:
        while written < 1_000:
            for _ in range(100):
                fill(store, 1)
                time.sleep(0.0005)  # the engine thinks in between, and much longer
            written += 100
            reader = Store(store.path.parent, read_only=True).open()
            assert reader.counts()["events"] > 0
            reader.close()
    finally:
        done.set()
        keeper.join(20)
    assert troubles == []
    assert store.counts()["events"] == written
    whole = written * 2 * 4_096
    print(f"{written} commits, {whole / 1e6:.0f} MB: the log never had more than {max(sizes) / 1e6:.1f} MB")
    assert max(sizes) < whole / 3, "it only grows"


def test_a_database_that_is_closed_and_opened_under_the_disks_thread_is_no_trouble(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged one is set aside while it is synced: nothing false is told, and no empty one is made in its place."""
    monkeypatch.setattr(store_module, "LOG_BYTES", 0)
    done, troubles = threading.Event(), []

    def keep() -> None:
        while not done.is_set():
            try:
                store.sync()
                store.tidy()
            except StoreError as error:
                troubles.append(error)

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        for number in range(40):
            fill(store, 1)
            store.close()
            for suffix in ("-wal", "-shm", ""):
                found = store.path.with_name(store.path.name + suffix)
                if found.exists():
                    found.rename(store.path.with_name(f"old-{number}{suffix}"))
            time.sleep(0.005)
            assert not store.path.exists()
            store.open()
    finally:
        done.set()
        keeper.join(20)
    assert [str(trouble) for trouble in troubles] == []


def test_a_closed_database_needs_no_care(store: Store) -> None:
    """Closing moved everything into it."""
    store.close()
    store.sync()
    store.tidy()


def test_a_disk_that_does_not_sync_is_told_of(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do."""

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(StoreError, match="the disk is full"):
        store.sync()


def test_after_the_log_was_moved_the_next_commits_wait_for_no_disk(store: Store) -> None:
    """The log begins anew once, and not with each commit: beginning anew waits for the disk."""

    def beginnings() -> int:
        head = store.path.with_name(f"{store.path.name}-wal").read_bytes()[:32]
        return int.from_bytes(head[12:16], "big")

    with store.transaction():
        store.add_events(("robin", EVENTS[0], "x" * 4000) for _ in range(1500))
    assert log_size(store) > store_module.LOG_BYTES
    store.tidy()
    fill(store, 1)
    began = beginnings()
    for _ in range(20):
        fill(store, 1)
        store.sync()
        store.tidy()
    assert beginnings() == began
    assert log_size(store) <= store_module.LOG_BYTES

"""Acknowledged is only what is safe on the disk; a disk that fails makes nobody deaf."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.readings import Message
from integration.inbox import Received
from integration.store import Keeper, Store, StoreError, keeper
from tests.integration.homebuilder import TestHome, publisher, say
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

AT = datetime(2026, 7, 14, 20, 30, tzinfo=UTC)


class Disk(Store):
    """A database whose disk a test lets wait or fail."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.syncs = 0
        self.syncing = threading.Event()
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.fails = self.cannot_tidy = False

    def sync(self) -> None:
        """Sync, once the test lets it."""
        self.syncs += 1
        self.syncing.set()
        assert self.goes_on.wait(30)
        if self.fails:
            raise StoreError(self.path, "cannot be written")
        super().sync()

    def tidy(self) -> None:
        """Tidy up, if the test lets it."""
        if self.cannot_tidy:
            raise StoreError(self.path, "cannot be tidied")
        super().tidy()


class Acks:
    """The broker's side: what was acknowledged, in order."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def ack(self, received: Sequence[Received]) -> None:
        """All in one piece."""
        self.seen += [each.ack for each in received]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that failed is tried again at once."""
    monkeypatch.setattr(keeper, "RETRY_S", 0.05)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    """An open database."""
    disk = Disk(tmp_path / "data")
    disk.open()
    return disk


@pytest.fixture
def acks() -> Acks:
    """Nothing was acknowledged so far."""
    return Acks()


@pytest.fixture
def working(disk: Disk, acks: Acks) -> Iterator[Keeper]:
    """A keeper at work."""
    started = Keeper(disk, acks)
    started.start()
    yield started
    disk.goes_on.set()
    disk.fails = False
    started.stop()
    disk.close()


def messages(*numbers: int) -> list[Received]:
    """Messages with these packet ids."""
    return [Received(Message(topic="a", payload=b""), AT, number, connection=1) for number in numbers]


def wait_for(acks: Acks, *expected: int) -> None:
    """These were acknowledged, in this order, and nothing else."""
    wait_until(lambda: len(acks.seen) >= len(expected), timeout_s=10, what="the acknowledgements")
    assert acks.seen == list(expected)


def test_nothing_is_acknowledged_before_the_disk_has_it(working: Keeper, disk: Disk, acks: Acks) -> None:
    """While the disk takes its time, the broker keeps the message."""
    disk.goes_on.clear()
    working.keep(messages(1))
    assert disk.syncing.wait(10)
    assert acks.seen == []
    disk.goes_on.set()
    wait_for(acks, 1)


def test_one_sync_serves_all_that_came_while_the_disk_was_slow(working: Keeper, disk: Disk, acks: Acks) -> None:
    """A card wears out by the number of syncs, and delays nobody who hands it something."""
    disk.goes_on.clear()
    working.keep(messages(1))
    assert disk.syncing.wait(10)
    for number in range(2, 60):
        working.keep(messages(number))
    disk.goes_on.set()
    wait_for(acks, *range(1, 60))
    assert disk.syncs == 2


def test_nothing_to_keep_asks_nothing_of_the_disk(working: Keeper, disk: Disk, acks: Acks) -> None:
    """Rounds without a message are the most."""
    working.keep([])
    working.stop()
    assert (acks.seen, disk.syncs) == ([], 1), "only the one at the end"


def test_a_disk_that_fails_holds_few_and_is_told_of_once(
    working: Keeper, disk: Disk, acks: Acks, caplog: pytest.LogCaptureFixture
) -> None:
    """A broker sends only so many without an acknowledgement: all but the latest few are let go."""
    disk.fails = True
    working.keep(messages(*range(1, 4)))
    wait_until(lambda: disk.syncs > 3, timeout_s=10, what="further tries")
    assert acks.seen == []
    for number in range(4, 61):
        working.keep(messages(number))
    wait_until(lambda: len(acks.seen) == 60 - keeper.HELD, timeout_s=10, what="the older ones to be let go")
    tries = disk.syncs
    wait_until(lambda: disk.syncs > tries + 3, timeout_s=10, what="further tries")
    assert acks.seen == list(range(1, 61 - keeper.HELD))
    disk.fails = False
    wait_for(acks, *range(1, 61))
    assert caplog.text.count("cannot be written") == 1


def test_a_log_that_cannot_be_tidied_holds_nothing_up(
    working: Keeper, disk: Disk, acks: Acks, caplog: pytest.LogCaptureFixture
) -> None:
    """What was synced is safe, wherever in the files it lies; said once."""
    disk.cannot_tidy = True
    for number in range(1, 4):
        working.keep(messages(number))
        wait_for(acks, *range(1, number + 1))
    working.stop()
    assert caplog.text.count("cannot be tidied") == 1


def test_the_end_acknowledges_what_was_committed(working: Keeper, acks: Acks) -> None:
    """A restart is not to bring it again."""
    working.keep(messages(1, 2))
    working.keep(messages(3))
    working.stop()
    assert acks.seen == [1, 2, 3]
    assert not working.alive


@pytest.mark.peers
def test_a_disk_that_fails_makes_nobody_deaf(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mosquitto sends 20 messages without an acknowledgement: the sixtieth is heard too."""
    home = TestHome(tmp_path / "home", mosquitto.port)
    with home.running() as app, publisher(mosquitto.port) as person:
        sync = app.store.sync

        def fail() -> None:
            raise StoreError(app.store.path, "cannot be written")

        monkeypatch.setattr(app.store, "sync", fail)
        for number in range(60):
            say(person, "unclench/robin/report/stress", str(number % 10))
        stress = app.service.household.engines["robin"].world.facts["self.stress"]
        wait_until(lambda: app.mqtt.received == 60 and stress.value == 9, timeout_s=20, what="the last word")
        monkeypatch.setattr(app.store, "sync", sync)
    with home.running() as app, publisher(mosquitto.port) as person:
        say(person, "unclench/robin/report/stress", "3")
        stress = app.service.household.engines["robin"].world.facts["self.stress"]
        wait_until(lambda: stress.value == 3, timeout_s=10, what="the next word")
    with closing(sqlite3.connect(app.store.path)) as database:
        reports = database.execute("SELECT count(*) FROM events WHERE kind = 'self_reported'").fetchone()
    assert reports == (61,), "none is lost, and none is there twice"

"""The disk is full, read-only, locked or damaged: a clear message, cooling goes on, and nothing said is lost."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import paho.mqtt.client as paho
import pytest

from integration import service as service_module
from integration.app import App
from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.inbox import Nudge
from integration.store import FILE
from integration.store import keeper as keeper_module
from tests.faults.bedroom_tools import bedroom_stand_in, lie_down, measure, spoken, state_of
from tests.integration.homebuilder import AC, FAN, TestHome, publisher, say
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

pytestmark = pytest.mark.peers

MORE_THAN_A_BROKER_WAITS_FOR = 60
"""Mosquitto sends 20 messages without an acknowledgement, and then none."""


@pytest.fixture
def stand_in() -> Iterator[StandInHomeAssistant]:
    """A stand-in Home Assistant with the bedroom's devices."""
    with bedroom_stand_in() as home:
        yield home


@pytest.fixture
def home(tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant) -> TestHome:
    """A configuration for both."""
    return TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that could not be opened is tried again at once, not after a minute."""
    monkeypatch.setattr(service_module, "OPEN_EVERY", timedelta(milliseconds=200))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """Every error that was logged so far, but for the journal's, which is on the same disk: test_journal_disk.py."""
    with caplog.at_level("INFO", logger="unclench"):
        yield lambda: [
            record.getMessage()
            for record in caplog.records
            if record.levelno >= logging.ERROR and record.name != "unclench.journal"
        ]


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """What a database holds."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return connection.execute(sql).fetchall()


def stored(app: App) -> int:
    """How many readings of the thermometer are on disk."""
    sql = "SELECT count(*) FROM events WHERE kind = 'room_measured'"
    return int(str(rows(app.data, sql)[0][0]))


class Between(Event):
    """Runs something in the engine's thread between two rounds, where its connection is in no transaction."""

    def __init__(self, run: Callable[[], object]) -> None:
        super().__init__()
        self._run = run

    def set(self) -> None:
        """It is time."""
        self._run()
        super().set()


def between_rounds(app: App, run: Callable[[], object]) -> None:
    """Let the engine's thread do it, and return when it is done: SQLite's connection is nobody else's."""
    done = Between(run)
    app.inbox.put(Nudge(done))
    assert done.wait(20)


def pragma(app: App, text: str) -> None:
    """Change how the service's own connection behaves."""
    between_rounds(app, lambda: app.store._db.execute(f"PRAGMA {text}").fetchall())


def wait_for(app: App, condition: Callable[[], bool], what: str) -> None:
    """Wait, while the engine goes round more often than every five seconds."""

    def soon() -> bool:
        app.inbox.put(Nudge())
        return condition()

    wait_until(soon, timeout_s=20, what=what)


def cools(sensors: paho.Client, stand_in: StandInHomeAssistant) -> float:
    """Heat in bed; returns how long it took until fan and AC ran."""
    lie_down(sensors)
    measure(sensors, 21.5)
    began = time.monotonic()
    measure(sensors, 22.5)
    wait_until(lambda: state_of(stand_in, FAN) == "on", timeout_s=10, what="the fan")
    wait_until(lambda: state_of(stand_in, AC) == "cool", timeout_s=10, what="the AC")
    return time.monotonic() - began


def stops_cooling(sensors: paho.Client, stand_in: StandInHomeAssistant) -> None:
    """Cold until both are off."""
    measure(sensors, 19.5, 19.4)
    wait_until(lambda: state_of(stand_in, FAN) == "off", timeout_s=10, what="the fan off")
    wait_until(lambda: state_of(stand_in, AC) == "off", timeout_s=10, what="the AC off")


def stress(app: App) -> object:
    """What the person last reported."""
    return app.service.household.engines["robin"].world.facts["self.stress"].value


# -- while it runs


@pytest.mark.parametrize(
    ("begin", "end", "says"),
    [
        ("max_page_count = 1", "max_page_count = 1000000", "the disk is full. Make room on it"),
        ("query_only = 1", "query_only = 0", "it can only be read"),
    ],
    ids=["full", "read-only"],
)
def test_a_disk_that_takes_nothing_delays_no_cooling_and_loses_no_word(
    home: TestHome,
    mosquitto: Mosquitto,
    stand_in: StandInHomeAssistant,
    log: Callable[[], list[str]],
    caplog: pytest.LogCaptureFixture,
    begin: str,
    end: str,
    says: str,
) -> None:
    """More messages than a broker sends without an acknowledgement; when there is room again, all are on record."""
    with home.running() as app, publisher(mosquitto.port) as sensors:
        pragma(app, begin)  # SQLite takes a limit below what there is as "no more than there is now"
        sent = 0
        while not log() or sent < MORE_THAN_A_BROKER_WAITS_FOR:
            measure(sensors, 21.0 + sent % 2 / 10)
            sent += 1
        say(sensors, "unclench/robin/report/stress", "7")
        wait_until(lambda: stress(app) == 7, timeout_s=10, what="the report")
        took = cools(sensors, stand_in)
        sent += 2
        (message,) = log()
        assert says in message
        assert FILE in message
        assert len(app.service._unacked) <= service_module.HELD
        assert service_module.HELD + keeper_module.HELD < 20, "what mosquitto sends without an acknowledgement"
        assert any(item.message.payload == b"7" for item in app.service._unacked), "the report waits at the broker"
        pragma(app, end)
        wait_for(app, lambda: not app.service._unacked and stored(app) == sent, "everything on record")
        assert rows(app.data, "SELECT count(*) FROM events WHERE kind = 'self_reported'") == [(1,)]
        stops_cooling(sensors, stand_in)
    assert len(log()) == 1
    assert caplog.text.count("the database can be written again") == 1
    print(f"fan and AC ran {took:.2f} s after the reading; {sent} readings kept in memory and then stored")


def test_another_process_locks_the_database_and_cooling_is_not_delayed(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, log: Callable[[], list[str]]
) -> None:
    """Each reading is acted on at once, not after SQLite's patience; what was noted comes on record afterwards."""
    with home.running() as app, publisher(mosquitto.port) as sensors:
        measure(sensors, 21.0)
        wait_for(app, lambda: stored(app) == 1, "the first reading")
        with locked(app.data):
            took = cools(sensors, stand_in)
            stops_cooling(sensors, stand_in)
            (message,) = log()
            assert "another program holds it" in message
        wait_for(app, lambda: stored(app) == 5, "everything on record")
    print(f"with a locked database fan and AC ran {took:.2f} s after the reading")
    assert took < 4, "waited for the lock"


@contextmanager
def locked(folder: Path, mode: str = "NORMAL") -> Iterator[None]:
    """Another process holds the database, and dies with it. EXCLUSIVE: nobody can even read it."""
    code = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        f"db.execute('PRAGMA locking_mode = {mode}').fetchall()\n"
        "db.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(folder / FILE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            process.kill()


def go_bad(app: App) -> None:
    """All that was written is damaged on the disk, and is to be read from there."""
    app.store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    damage(app.data, whole=True)
    app.store._db.execute("PRAGMA shrink_memory")


def test_pages_that_go_bad_while_it_runs_begin_a_new_database(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, log: Callable[[], list[str]]
) -> None:
    """Told once, the damaged file is kept, and the next run knows what was under way."""
    with home.running() as app, publisher(mosquitto.port) as sensors:
        cools(sensors, stand_in)
        wait_for(app, lambda: stored(app) == 2, "the readings")
        between_rounds(app, lambda: go_bad(app))
        measure(sensors, 22.4)
        wait_for(app, lambda: bool(log()) and not app.service._store_broken, "a new database")
        measure(sensors, 22.5)
        wait_for(app, lambda: stored(app) >= 2, "the readings on record")
        stops_cooling(sensors, stand_in)
        cools(sensors, stand_in)
        assert "damaged" in log()[0]
        assert damaged(app.data)[0] in log()[0]
    with home.running() as app, publisher(mosquitto.port) as sensors:
        stops_cooling(sensors, stand_in)
    assert len(log()) == 1


# -- at the start


def damage(folder: Path, *, whole: bool = False, first: int = 4096 * 8) -> None:
    """Overwrite pages in the middle of the database, or all but its first."""
    with (folder / FILE).open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        start = 4096 if whole else min(first, size // 2)
        file.seek(start)
        file.write(b"\xa5" * (size - start if whole else 4096 * 4))


def damaged(folder: Path) -> list[str]:
    """The damaged databases that were set aside."""
    return sorted(str(path) for path in folder.glob(f"{FILE}.damaged-*") if not path.name.endswith(("-wal", "-shm")))


def last_run(home: TestHome, port: int, stand_in: StandInHomeAssistant) -> None:
    """A run that ends while the fan and the AC cool, and has a long record."""
    with home.running(), publisher(port) as sensors:
        cools(sensors, stand_in)
    with closing(sqlite3.connect(home.settings.data / FILE)) as connection:
        for _ in range(6):
            connection.execute(
                "INSERT INTO decisions (at, person, about, body) SELECT at, person, about, body FROM decisions"
            )
        connection.commit()


def break_middle(folder: Path) -> None:
    """A page in the middle."""
    damage(folder)


def break_all(folder: Path) -> None:
    """Every page but the first."""
    damage(folder, whole=True)


def break_header(folder: Path) -> None:
    """It is no database any more."""
    (folder / FILE).write_bytes(b"\x00\xff" * 40_000)


def cut_short(folder: Path) -> None:
    """The second half is gone."""
    path = folder / FILE
    os.truncate(path, path.stat().st_size // 8192 * 4096)


@pytest.mark.parametrize("break_it", [break_middle, break_all, break_header, cut_short])
def test_a_damaged_database_is_set_aside_at_the_start(
    home: TestHome,
    mosquitto: Mosquitto,
    stand_in: StandInHomeAssistant,
    log: Callable[[], list[str]],
    break_it: Callable[[Path], None],
) -> None:
    """A clear message, the file is kept, and cooling works; the run after that is as any other."""
    last_run(home, mosquitto.port, stand_in)
    break_it(home.settings.data)
    stand_in.set_state(FAN, "off")  # what nobody remembers having switched on must be switched off by hand
    stand_in.set_state(AC, "off")
    kept = (home.settings.data / FILE).read_bytes()
    with home.running(), publisher(mosquitto.port) as sensors:
        (message,) = log()
        (aside,) = damaged(home.settings.data)
        assert aside in message
        assert "a new one is begun" in message
        assert Path(aside).read_bytes() == kept
        cools(sensors, stand_in)
    with home.running(), publisher(mosquitto.port) as sensors:
        stops_cooling(sensors, stand_in)
    assert len(log()) == 1
    assert damaged(home.settings.data) == [aside]


def test_what_a_damaged_database_still_holds_is_taken_over(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, log: Callable[[], list[str]]
) -> None:
    """A page of the old record is bad: what runs and whose hand was on it is still known."""
    last_run(home, mosquitto.port, stand_in)
    path = home.settings.data / FILE
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT max(rootpage) FROM sqlite_schema WHERE name = 'decisions_at'"
        (page,) = connection.execute(sql).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)
    with home.running() as app, publisher(mosquitto.port) as sensors:
        assert "what was under way is remembered" in log()[0]
        assert app.service.household.engines["robin"].world.devices[FAN].memory.owned
        stops_cooling(sensors, stand_in)


def test_a_database_locked_at_the_start_is_remembered_late(
    home: TestHome,
    mosquitto: Mosquitto,
    stand_in: StandInHomeAssistant,
    log: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It starts and cools without; when the lock is gone, the last run's hold is known, and all is on record."""
    monkeypatch.setattr("integration.store.store.OPENING_S", 0.3)
    with home.running() as app, publisher(mosquitto.port) as sensors:
        cools(sensors, stand_in)
        stand_in.set_state(FAN, "off", user_id="somebody")
        memory = app.service.household.engines["robin"].world.devices[FAN].memory
        wait_until(lambda: bool(memory.holds), timeout_s=5, what="the hold")
        measure(sensors, 19.5, 19.4)
        wait_until(lambda: state_of(stand_in, AC) == "off", timeout_s=10, what="the AC off")
    with locked(home.settings.data, "EXCLUSIVE"):
        app = home.app()
        app.start()
        try:
            with publisher(mosquitto.port) as sensors:
                wait_until(lambda: app.mqtt.connected, timeout_s=20, what="the broker")
                assert "another program holds it" in log()[0]
                lie_down(sensors)
                measure(sensors, 22.6)
                wait_until(lambda: state_of(stand_in, AC) == "cool", timeout_s=20, what="the AC")
                say(sensors, "unclench/robin/report/stress", "6")
                wait_until(lambda: stress(app) == 6, timeout_s=10, what="the report")
        except BaseException:
            app.stop()
            raise
    try:
        sql = "SELECT count(*) FROM events WHERE kind = 'self_reported'"
        wait_for(app, lambda: rows(app.data, sql) == [(1,)], "the report on record")
        world = app.service.household.engines["robin"].world
        assert world.devices[FAN].memory.holds
        assert stress(app) == 6
        assert world.devices[AC].memory.owned
        with publisher(mosquitto.port) as sensors:
            measure(sensors, 19.5, 19.4)
            wait_until(lambda: state_of(stand_in, AC) == "off", timeout_s=20, what="the AC off")
    finally:
        app.stop()
    assert len(log()) == 1


# -- a real disk, where this machine lets us make one


@pytest.fixture
def small_disk(home: TestHome) -> Iterator[Path]:
    """The data folder as a disk of its own, of 1 MB; only root may do that, and not in every container."""
    folder = home.settings.data
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "unclench-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Write until nothing more fits."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 512):
                pass
        except OSError:
            return path
    raise AssertionError(path)


def test_a_full_disk_at_the_start_and_room_later(
    home: TestHome,
    small_disk: Path,
    mosquitto: Mosquitto,
    stand_in: StandInHomeAssistant,
    log: Callable[[], list[str]],
) -> None:
    """It starts, cools, and writes everything down when there is room."""
    filler = fill(small_disk)
    with home.running() as app, publisher(mosquitto.port) as sensors:
        assert len(log()) == 1
        assert str(small_disk / FILE) in log()[0]
        cools(sensors, stand_in)
        filler.unlink()
        wait_for(app, lambda: not app.service._store_broken, "the database")
        wait_for(app, lambda: stored(app) == 2, "the readings on record")
        stops_cooling(sensors, stand_in)
    assert len(log()) == 1


def test_a_disk_that_fills_up_while_it_runs(
    home: TestHome,
    small_disk: Path,
    mosquitto: Mosquitto,
    stand_in: StandInHomeAssistant,
    log: Callable[[], list[str]],
) -> None:
    """The real thing: the file system has no room for the journal of the database."""
    with home.running() as app, publisher(mosquitto.port) as sensors:
        filler = fill(small_disk)
        sent = 0
        while not log():
            measure(sensors, 21.0 + sent % 2 / 10)
            sent += 1
        cools(sensors, stand_in)
        assert "full" in log()[0]
        filler.unlink()
        wait_for(app, lambda: stored(app) == sent + 2, "everything on record")
    assert len(log()) == 1
    with home.running(), publisher(mosquitto.port) as sensors:
        stops_cooling(sensors, stand_in)


def test_a_card_that_has_turned_read_only_at_the_start(
    home: TestHome,
    small_disk: Path,
    mosquitto: Mosquitto,
    stand_in: StandInHomeAssistant,
    log: Callable[[], list[str]],
) -> None:
    """What the last run switched on is known by reading, and is switched off; later all of it is on record."""
    with home.running(), publisher(mosquitto.port) as sensors:
        cools(sensors, stand_in)
    remount(small_disk, "ro")
    with home.running() as app, publisher(mosquitto.port) as sensors:
        assert "it can only be read" in log()[0]
        assert app.service.household.engines["robin"].world.devices[FAN].memory.owned
        stops_cooling(sensors, stand_in)
        remount(small_disk, "rw")
        wait_for(app, lambda: not app.service._store_broken, "the database")
        wait_for(app, lambda: stored(app) == 4, "the readings on record")
    assert len(log()) == 1


def remount(folder: Path, how: str) -> None:
    """Let it be written, or not."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def test_the_person_is_told_once_and_once_when_it_is_over(
    home: TestHome,
    mosquitto: Mosquitto,
    stand_in: StandInHomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a while, not for a moment's lock."""
    monkeypatch.setattr(service_module, "TELL_AFTER", timedelta(seconds=1))
    with home.running() as app, publisher(mosquitto.port) as sensors:
        pragma(app, "query_only = 1")
        measure(sensors, 21.0)
        wait_for(app, lambda: len(spoken(stand_in)) == 1, "the notice")
        assert "I cannot write anything to my disk" in spoken(stand_in)[0]
        measure(sensors, 21.1)
        pragma(app, "query_only = 0")
        wait_for(app, lambda: len(spoken(stand_in)) == 2, "the end of it")
        assert spoken(stand_in)[1] == "I can write to my disk again."

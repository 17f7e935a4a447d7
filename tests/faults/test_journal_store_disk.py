"""The journal's disk is full, read-only or damaged: a clear message, and nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import random
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from integration.store import DamagedError, JournalStore, StoreError
from integration.store.journal_rescue import LOST, open_whole, renew
from journal.entry import Change
from journal.hours import HourRow
from journal.outcome import Flag
from tests.journal.book_contract import HOUR, NOON, added, entry, ids

PAGE = 4096
MANY = 1_500
WORDS = "xyzzyplugh"


def fill(store: JournalStore, many: int = MANY) -> None:
    """So many entries, each with a later correction, and hours."""
    with store.transaction():
        for number in range(many):
            first = entry(number, NOON + number * timedelta(minutes=1), raw=f"{WORDS} " * 8, context={"doing": ["x"]})
            store.apply([added(first)])
            store.apply([Change(at=NOON, op="set_side", before=first, after=replace(first, side="left"))])
        store.add_hours(
            "robin",
            (
                HourRow(fact="heat", hour=NOON + n * HOUR, known_minutes=60, mean=20.0, low=20.0, high=20.0)
                for n in range(many)
            ),
        )
        store.add_flags("robin", [Flag(tier="today", reason="fall", says="")], NOON)
        store.note_heard("m1", "Saved.", person="robin", at=NOON, lasting=True)


def written_until_it_fails(store: JournalStore, most: int = 20_000) -> tuple[list[str], StoreError]:
    """Write one by one; returns what was acknowledged and what was told in the end."""
    done: list[str] = []
    for number in range(most):
        found = entry(number, raw="long " * 200)
        try:
            store.apply([added(found)])
        except StoreError as error:
            return done, error
        done.append(found.id)
    pytest.fail("the disk was never full")


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """For this process: a disk that takes no more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """Told with what to do; what came before is there, and with room it goes on."""
    store = JournalStore(tmp_path).open()
    store._db.execute("PRAGMA max_page_count = 200")
    done, error = written_until_it_fails(store)
    assert "the disk is full. Make room on it" in str(error)
    assert str(store.path) in str(error)
    assert not isinstance(error, DamagedError)
    assert len(done) > 50
    assert ids(store.everything()) == done, "it can still be read"
    store._db.execute("PRAGMA max_page_count = 100000")
    store.apply([added(entry(len(done)))])
    store.close()
    again = JournalStore(tmp_path).open()
    assert ids(again.everything()) == [*done, f"e{len(done)}"]
    assert again.check() == "ok"
    again.close()


def test_a_file_that_may_not_grow_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """The system refuses the write itself, in the middle of the log."""
    store = JournalStore(tmp_path).open()
    with no_file_larger_than(1_000_000):
        done, error = written_until_it_fails(store)
        assert "disk" in str(error)
        assert len(done) > 20
        store.close()
    again = JournalStore(tmp_path).open()
    assert ids(again.everything())[: len(done)] == done
    assert again.check() == "ok"
    again.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 1 MB; only root may do that, and not in every container."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "unclench-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full(small_disk: Path, tmp_path: Path) -> None:
    """Also a backup onto it is told of, and leaves nothing behind."""
    store = JournalStore(small_disk).open()
    done, error = written_until_it_fails(store)
    assert "full" in str(error)
    assert ids(store.everything()) == done
    (small_disk / "sub").mkdir()
    with pytest.raises(StoreError, match="the backup cannot be written"):
        store.backup(small_disk / "sub" / "stick.db", NOON)
    assert list((small_disk / "sub").iterdir()) == []
    made = store.backup(tmp_path / "stick.db", NOON)
    assert made.exists(), "that the copy cannot be noted is told, and is no reason to have none"
    store.close()


def test_a_folder_that_can_only_be_read(small_disk: Path) -> None:
    """What is there can be read; nothing else can be done, and that is told."""
    store = JournalStore(small_disk).open()
    store.apply([added(entry(1))])
    store._db.execute("PRAGMA query_only = 1")
    with pytest.raises(StoreError, match="it can only be read"):
        store.apply([added(entry(2))])
    store.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StoreError, match="it can only be read"):
        JournalStore(small_disk).open()
    reader = JournalStore(small_disk, read_only=True).open()
    assert ids(reader.everything()) == ["e1"]
    reader.close()
    with pytest.raises(StoreError, match="it can only be read"):
        JournalStore(small_disk / "sub").open()


def test_a_journal_that_another_program_holds(tmp_path: Path) -> None:
    """It is told, and not waited for without end."""
    store = JournalStore(tmp_path).open()
    store._db.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program holds it"):
            store.apply([added(entry(1))])
    assert store.apply([added(entry(1))])
    store.close()


# -- damage


def spoil(path: Path, *pages: int) -> None:
    """Overwrite pages, numbered from 1."""
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(b"\xa5" * PAGE)


def leaves(path: Path, table: str) -> list[int]:
    """The pages that hold a table's rows; SQLite's header byte 13 marks a leaf of a table, 10 one of an index."""
    content = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    found: list[int] = []
    todo = [root]
    while todo:
        page = todo.pop()
        start = (page - 1) * PAGE
        kind, cells = content[start], int.from_bytes(content[start + 3 : start + 5], "big")
        if kind in (13, 10):
            found.append(page)
            continue
        offsets = [int.from_bytes(content[start + 12 + 2 * n : start + 14 + 2 * n], "big") for n in range(cells)]
        todo += [int.from_bytes(content[start + offset : start + offset + 4], "big") for offset in offsets]
        todo.append(int.from_bytes(content[start + 8 : start + 12], "big"))
        assert kind in (5, 2)
    return sorted(found)


@pytest.fixture
def filled(tmp_path: Path) -> JournalStore:
    """A closed journal with much in it."""
    store = JournalStore(tmp_path / "data").open()
    fill(store)
    store.close()
    return store


def asides(store: JournalStore) -> list[Path]:
    """What was set aside."""
    return sorted(path for path in store.path.parent.glob("*.damaged-*") if not path.name.endswith(("-wal", "-shm")))


def test_damaged_entries_come_back_from_their_history(filled: JournalStore, caplog: pytest.LogCaptureFixture) -> None:
    """Pages in the middle are lost; all entries are there, as they were last, and what is lost of them says so."""
    spoil(filled.path, *leaves(filled.path, "entries")[5:9])
    before = filled.path.read_bytes()
    text = open_whole(filled, NOON)
    assert "damaged" in text
    assert f"the {MANY} entries that could be read" in text
    (aside,) = asides(filled)
    assert str(aside) in text
    assert aside.read_bytes() == before
    found = {each.id: each for each in filled.everything()}
    assert len(found) == MANY
    assert {each.side for each in found.values()} == {"left"}
    assert all(each.raw for each in found.values())
    lost = [each for each in found.values() if "lost" in each.context]
    assert 0 < len(lost) < MANY / 10
    assert LOST == '{"lost":true}'
    assert filled.reply_to("m1", person="robin", lasting=True) == "Saved."
    assert filled.flagged_at("robin", "fall") == NOON
    assert len(filled.hours("robin", "heat", NOON, NOON + MANY * HOUR)) == MANY
    assert filled.check() == "ok"
    assert [change.op for change in filled.history("e700")] == ["add", "set_side"]
    assert WORDS not in caplog.text + text
    assert open_whole(filled, NOON) == "", "and the next start is as any other"
    filled.close()


@pytest.mark.parametrize("seed", range(8))
def test_any_damaged_pages_cost_little(filled: JournalStore, seed: int) -> None:
    """Twelve pages anywhere but at its beginning: what stands on the others is carried over, and it works again."""
    size = filled.path.stat().st_size // PAGE
    spoil(filled.path, *random.Random(seed).sample(range(16, size + 1), 12))
    open_whole(filled, NOON)
    kept = ids(filled.everything())
    assert len(kept) == len(set(kept))
    assert len(kept) > MANY * 0.5
    assert filled.check() == "ok"
    assert filled.apply([added(entry(MANY + 1))])
    filled.close()


def test_damaged_hours_are_carried_over_from_both_ends(filled: JournalStore) -> None:
    """But for those of the page."""
    places = leaves(filled.path, "hours")
    spoil(filled.path, places[len(places) // 2])
    open_whole(filled, NOON)
    found = filled.hours("robin", "heat", NOON, NOON + MANY * HOUR)
    assert MANY * 0.8 < len(found) < MANY
    assert found[0].hour == NOON
    assert found[-1].hour == NOON + (MANY - 1) * HOUR
    assert len(ids(filled.everything())) == MANY
    filled.close()


@pytest.mark.parametrize("content", [b"\x00\xff" * 40_000, b"no database " * 2_000], ids=["bytes", "words"])
def test_what_is_no_database_any_more_is_kept_and_the_backup_is_named(
    filled: JournalStore, content: bytes, tmp_path: Path
) -> None:
    """Nothing can be read of it; where the backup is, only a readable one can tell."""
    filled.path.write_bytes(content)
    text = open_whole(filled, NOON)
    (aside,) = asides(filled)
    assert aside.read_bytes() == content
    assert "the 0 entries" in text
    assert filled.apply([added(entry(1))])
    made = filled.backup(tmp_path / "stick.db", NOON)
    assert f"Your last backup is {made}" in renew(filled, NOON, DamagedError(filled.path, "is damaged"))
    assert len(asides(filled)) == 2
    assert ids(filled.everything()) == ["e1"]
    filled.close()


def test_damage_that_shows_while_it_runs_is_named(filled: JournalStore) -> None:
    """In reading and in writing, so that who holds it can begin anew."""
    filled.open()
    places = leaves(filled.path, "entries")
    spoil(filled.path, *places)
    filled._db.execute("PRAGMA shrink_memory")
    with pytest.raises(DamagedError, match="the file is damaged"):
        list(filled.everything())
    with pytest.raises(DamagedError, match="the file is damaged"):
        filled.apply([added(entry(MANY + 1))])
    renew(filled, NOON, DamagedError(filled.path, "is damaged"))
    assert len(ids(filled.everything())) == MANY, "all of it from the history"
    filled.close()


def test_no_room_for_a_new_one_leaves_the_damaged_one_in_its_place(filled: JournalStore) -> None:
    """An empty one there would be taken for the journal at the next start."""
    spoil(filled.path, *leaves(filled.path, "entries")[5:9])
    before = filled.path.read_bytes()
    with no_file_larger_than(400_000), pytest.raises(StoreError):
        open_whole(filled, NOON)
    assert filled.path.read_bytes() == before
    assert {path.name for path in filled.path.parent.iterdir()} <= {"journal.db", "journal.db-wal", "journal.db-shm"}
    assert not filled.is_open
    open_whole(filled, NOON)
    assert len(ids(filled.everything())) == MANY
    filled.close()

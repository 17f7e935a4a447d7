"""The journal's database: idempotent, private, migrated, read while it is written; backups and their restoring."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from integration.store import JournalStore, StoreError, journal, journal_copies, journal_rows
from integration.store.journal_copies import restore, validate
from integration.store.journal_schema import MIGRATIONS
from journal.entry import Change
from journal.hours import HourRow
from journal.outcome import Flag
from tests.journal.book_contract import DAY, FULL, HOUR, NOON, added, entry, ids

VERSION_1 = Path(__file__).parent / "journal_v1.sql"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JournalStore]:
    """An open, empty journal."""
    store = JournalStore(tmp_path / "data").open()
    yield store
    store.close()


def mode(path: Path) -> int:
    """Who may do what with it."""
    return path.stat().st_mode & 0o777


def test_the_journal_is_the_persons_alone(store: JournalStore) -> None:
    """With everything beside it."""
    store.apply([added(entry(1))])
    assert mode(store.path.parent) == 0o700
    assert {path.name: mode(path) for path in store.path.parent.iterdir()} == {
        "journal.db": 0o600,
        "journal.db-wal": 0o600,
        "journal.db-shm": 0o600,
    }


def test_a_commit_is_on_the_disk(store: JournalStore) -> None:
    """As the message is acknowledged after it; and what is deleted is overwritten."""
    pragmas = ("synchronous", "journal_mode", "secure_delete", "foreign_keys")
    assert [store._db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas] == [2, "wal", 1, 1]


def test_what_was_written_survives_a_kill(tmp_path: Path) -> None:
    """The process dies right after the commit, with nothing closed."""
    code = (
        "import os, sys; from pathlib import Path; from integration.store import JournalStore\n"
        "from tests.journal.book_contract import added, entry\n"
        "JournalStore(Path(sys.argv[1])).open().apply([added(entry(1))]); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == -9
    assert JournalStore(tmp_path).open().get("e1") == entry(1)


def test_a_sentence_is_written_as_a_whole(store: JournalStore) -> None:
    """Entries, flags and the reply, or none of them."""

    def write_half() -> None:
        with store.transaction():
            store.apply([added(entry(1))])
            store.note_heard("m1", "Saved.", person="robin", at=NOON)
            store.add_flags("robin", [Flag(tier="today", reason="fall", says="")], NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert set(store.counts().values()) == {0}


def test_applying_gives_numbers_and_leaves_out_what_is_known(store: JournalStore) -> None:
    """So that who asked knows what was new."""
    first, again, other = added(entry(1)), added(entry(1)), added(entry(2))
    done = store.apply([first, again, other])
    assert [(change.seq, change.after.id) for change in done] == [(1, "e1"), (2, "e2")]
    assert store.apply([first]) == []
    assert store.counts()["changes"] == 2


def test_the_history_of_an_entry_is_kept_with_what_was_undone(store: JournalStore) -> None:
    """In order, and whole; an undoing that is undone brings back what it took."""
    second = replace(FULL, severity=9.0)
    store.apply([added(FULL), Change(at=NOON, op="set_severity", before=FULL, after=second)])
    (undo,) = store.apply([Change(at=NOON, op="undo", before=second, after=FULL, undoes=2)])
    assert [change.op for change in store.history("full")] == ["add", "set_severity", "undo"]
    assert store.history("full")[1].before == FULL
    assert store.history("full")[1].after == second
    store.apply([Change(at=NOON, op="undo", before=FULL, after=second, undoes=undo.seq)])
    assert [change.seq for change in store.changes("robin", limit=9)] == [2, 1]


def test_a_context_that_changes_is_in_the_history(store: JournalStore) -> None:
    """Else it is kept once, with the entry: it is the longest part."""
    changed = replace(FULL, context={"doing": []})
    store.apply([added(FULL), Change(at=NOON, op="edit", before=FULL, after=changed)])
    last = store.history("full")[1]
    assert (last.before, last.after) == (FULL, changed)


def test_a_message_that_was_heard_is_answered_as_before(store: JournalStore) -> None:
    """The broker's numbers begin anew with its session; a name that the sender gave holds."""
    store.note_heard("7", "Saved.", person="robin", at=NOON)
    store.note_heard("7", "Left calf.", person="robin", at=NOON, lasting=True)
    assert store.reply_to("7", person="robin") == "Saved."
    assert store.reply_to("7", person="robin", lasting=True) == "Left calf."
    assert store.reply_to("7", person="sam", lasting=True) is None
    store.forget_heard()
    assert store.reply_to("7", person="robin") is None
    assert store.reply_to("7", person="robin", lasting=True) == "Left calf."
    store.forget_heard(before=NOON)
    assert store.counts()["heard"] == 1
    store.forget_heard(before=NOON + HOUR)
    assert store.counts()["heard"] == 0


def test_flags_are_kept_without_their_words(store: JournalStore) -> None:
    """With reason, tier and time; and of some nothing at all."""
    flag = Flag(tier="today", reason="fall", says="This needs a nurse.", shown=False)
    store.add_flags("robin", [flag, replace(flag, reason="low mood", kept=False)], NOON)
    assert store.flags("robin", NOON, NOON + HOUR) == [(NOON, replace(flag, says=""))]
    assert store.flags("robin", NOON + HOUR, NOON + DAY) == []


def test_hours_come_back_and_the_one_that_knows_more_counts(store: JournalStore) -> None:
    """A restart may bring an hour twice."""
    warm = HourRow(fact="bedroom.temperature", hour=NOON, known_minutes=60, mean=22.5, low=21.0, high=24.0)
    bed = HourRow(fact="bed.occupied", hour=NOON, known_minutes=30, true_minutes=10.5)
    later = replace(warm, hour=NOON + HOUR)
    store.add_hours("robin", [warm, bed, later])
    store.add_hours("robin", [replace(warm, known_minutes=20, mean=1.0), replace(bed, true_minutes=11.0)])
    assert store.facts("robin") == ["bed.occupied", "bedroom.temperature"]
    assert store.hours("robin", warm.fact, NOON, NOON + DAY) == [warm, later]
    assert store.hours("robin", warm.fact, NOON + timedelta(minutes=1), NOON + HOUR) == []
    assert store.hours("robin", warm.fact, NOON, NOON + HOUR) == [warm]
    assert store.hours("robin", bed.fact, NOON, NOON + DAY) == [replace(bed, true_minutes=11.0)]
    assert store.hours("sam", bed.fact, NOON, NOON + DAY) == []


def test_everything_is_listed_in_the_order_of_writing(store: JournalStore) -> None:
    """For an export; more than one portion of it."""
    store.apply(added(entry(number, person=("robin", "sam")[number % 2])) for number in range(2500))
    store.apply([added(FULL)])
    assert ids(store.everything())[:2] == ["e0", "e1"]
    assert len(ids(store.everything())) == 2500
    assert len(ids(store.everything("sam"))) == 1250
    assert ids(store.everything("robin", deleted=True))[-1] == "full"
    assert store.persons() == ["robin", "sam"]


def test_a_field_without_a_column_is_kept_all_the_same(store: JournalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that a later version has added before its step."""
    monkeypatch.setattr(journal_rows, "MORE", frozenset({"note", "woke", "occurred_at"}))
    store.apply([added(FULL)])
    store._db.execute("UPDATE entries SET note = '', woke = 0, occurred_at = 0")
    assert store.get("full") == FULL


def test_others_read_while_it_is_written(store: JournalStore) -> None:
    """Also in the middle of a transaction; and they cannot write."""
    store.apply([added(entry(1))])
    reader = JournalStore(store.path.parent, read_only=True).open()
    with store.transaction():
        store.apply([added(entry(2))])
        assert ids(reader.everything()) == ["e1"]
    assert ids(reader.everything()) == ["e1", "e2"]
    with pytest.raises(StoreError, match="cannot be written"):
        reader.apply([added(entry(3))])
    reader.close()
    with pytest.raises(StoreError, match="is not open"):
        reader.get("e1")


def test_there_is_nothing_to_read_yet(tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(StoreError, match="unclench run"):
        JournalStore(tmp_path, read_only=True).open()
    assert list(tmp_path.iterdir()) == []


def test_a_newer_journal_is_left_alone(store: JournalStore) -> None:
    """A person who goes back to an older Unclench reads what to do."""
    store.close()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer Unclench"):
        store.open()


def test_a_journal_of_version_1_is_read(tmp_path: Path) -> None:
    """The file as the first release wrote it: years later it is still understood."""
    with closing(sqlite3.connect(tmp_path / journal.JOURNAL)) as connection:
        connection.executescript(VERSION_1.read_text(encoding="utf-8"))
    store = JournalStore(tmp_path).open()
    assert store._db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert list(store.everything(deleted=True)) == [FULL, entry(1, severity=8.0)]
    assert [change.op for change in store.history("e1")] == ["add", "set_severity"]
    assert store.reply_to("m1", person="robin", lasting=True) == "Saved."
    assert store.flagged_at("robin", "fall") == NOON
    assert [row.mean for row in store.hours("robin", "bedroom.temperature", NOON, NOON + HOUR)] == [22.5]
    assert store.check() == "ok"
    store.close()


def test_a_new_step_is_taken_once_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a step that fails leaves the file as it was."""
    store = JournalStore(tmp_path).open()
    store.apply([added(FULL)])
    store.close()
    broken = (*MIGRATIONS, "ALTER TABLE entries ADD COLUMN mood TEXT; ALTER TABLE nothing ADD COLUMN mood TEXT;")
    for module in (journal, journal_copies):
        monkeypatch.setattr(module, "MIGRATIONS", broken)
    with pytest.raises(StoreError):
        store.open()
    good = (*MIGRATIONS, "ALTER TABLE entries ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm';")
    monkeypatch.setattr(journal, "MIGRATIONS", good)
    with pytest.raises(StoreError, match="older Unclench"):
        JournalStore(tmp_path, read_only=True).open()
    for _ in range(2):
        store.open()
        assert store.get("full") == FULL
        assert store._db.execute("SELECT mood FROM entries").fetchall() == [("calm",)]
        store.close()


# -- backups


def test_a_backup_while_it_is_used_is_one_private_file(store: JournalStore, tmp_path: Path) -> None:
    """Named by the person, or by the time in a folder."""
    store.apply([added(entry(1))])
    reader = JournalStore(store.path.parent, read_only=True).open()
    made = reader.backup(tmp_path / "stick.db", NOON)
    assert made == tmp_path / "stick.db"
    assert mode(made) == 0o600
    assert not list(tmp_path.glob("stick.db?*"))
    assert validate(made) == 1
    store.apply([added(entry(2))])
    (tmp_path / "folder").mkdir()
    other = store.backup(tmp_path / "folder", NOON + HOUR)
    assert other.name == "journal-2026-07-14T13-00-00.db"
    assert validate(other) == 2
    assert store.backups() == {made: NOON, other: NOON + HOUR}


def test_a_backup_replaces_none_but_its_own(store: JournalStore, tmp_path: Path) -> None:
    """And one that cannot be written says so, and leaves nothing behind."""
    (tmp_path / "letter.db").write_text("Dear Sam")
    with pytest.raises(StoreError, match="is there already"):
        store.backup(tmp_path / "letter.db", NOON)
    assert (tmp_path / "letter.db").read_text() == "Dear Sam"
    with pytest.raises(StoreError, match="the journal itself"):
        store.backup(store.path, NOON)
    with pytest.raises(StoreError, match="cannot be written"):
        store.backup(tmp_path / "nowhere" / "stick.db", NOON)
    store.backup(tmp_path / "stick.db", NOON)
    store.apply([added(entry(1))])
    store.backup(tmp_path / "stick.db", NOON + DAY)
    assert validate(tmp_path / "stick.db") == 1


def test_a_backup_is_restored_and_the_present_one_set_aside(store: JournalStore, tmp_path: Path) -> None:
    """With all that is known of copies: erasing must find them."""
    store.apply([added(entry(1))])
    made = store.backup(tmp_path / "stick.db", NOON)
    store.apply([added(entry(2))])
    late = store.backup(tmp_path / "late.db", NOON + HOUR)
    store.close()
    aside = restore(made, store.path, NOON + DAY)
    assert aside is not None
    assert aside.name == "journal.db.replaced-2026-07-15T12-00-00"
    assert ids(store.open().everything()) == ["e1"]
    assert store.backups() == {made: NOON, late: NOON + HOUR}
    assert mode(store.path) == 0o600
    store.close()
    assert restore(aside, store.path, NOON + DAY) is not None
    assert ids(store.open().everything()) == ["e1", "e2"]


def test_a_backup_is_restored_where_there_is_nothing(store: JournalStore, tmp_path: Path) -> None:
    """On a new machine."""
    store.apply([added(FULL)])
    made = store.backup(tmp_path / "stick.db", NOON)
    other = JournalStore(tmp_path / "new")
    assert restore(made, other.path, NOON) is None
    assert other.open().get("full") == FULL
    assert mode(other.path.parent) == 0o700
    other.close()


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "is not there"), (b"Dear Sam" * 1000, "is no backup"), ("other", "no journal"), ("cut", "damaged")],
    ids=["missing", "letter", "other", "cut"],
)
def test_what_is_no_whole_backup_changes_nothing(
    store: JournalStore, tmp_path: Path, content: str | bytes | None, says: str
) -> None:
    """The present journal stays in its place."""
    store.apply(added(entry(number)) for number in range(200))
    made = tmp_path / "stick.db"
    if content == "other":
        with closing(sqlite3.connect(made)) as connection:
            connection.execute("CREATE TABLE entries (id)")
    elif content == "cut":
        store.backup(made, NOON)
        made.write_bytes(made.read_bytes()[:40_000])
    elif isinstance(content, bytes):
        made.write_bytes(content)
    store.close()
    before = sorted(store.path.parent.iterdir())
    with pytest.raises(StoreError, match=says):
        restore(made, store.path, NOON)
    assert sorted(store.path.parent.iterdir()) == before
    assert len(ids(store.open().everything())) == 200

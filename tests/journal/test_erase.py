"""Erased is erased: the bytes of every file are searched for what a person said."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.home import Home
from config.profile import Profile
from devices.events import PromptAnswered, RoomMeasured, SelfReported, SymptomLogged, TimePassed
from devices.readings import Kind
from integration.rulebooks import shipped_rules
from integration.store import FILE, JournalStore, Store, StoreError
from integration.store.erase import erase_events
from integration.store.journal_copies import Span, restore
from integration.store.rescue import set_aside
from journal.entry import Change
from journal.hours import HourRow
from journal.outcome import Flag
from rules.decisions import Decision
from rules.engine import Engine
from tests.journal.book_contract import DAY, FULL, HOUR, NOON, added, entry, ids

SECRET = "xyzzyplugh"
EARLIER = "frobozz"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JournalStore]:
    """Two persons and two days, so many that there are pages of each, with much that was deleted since."""
    store = JournalStore(tmp_path / "data").open()
    for person, day, word in (("robin", 0, EARLIER), ("robin", 1, SECRET), ("sam", 1, "samwords")):
        at = NOON + day * DAY
        for number in range(120):
            full = replace(
                FULL,
                id=f"{person}-{day}-{number}",
                person=person,
                occurred_at=at + number * timedelta(minutes=1),
                logged_at=at + 3 * HOUR,
                note=f"{word} note",
                raw=f"{word} raw " + "long " * 30,
                deleted=number % 3 == 0,
                context={"room": f"{word} context"},
            )
            store.apply([added(full)])
            store.apply([Change(at=at, op="add_note", before=full, after=replace(full, note=f"{word} again"))])
        store.note_heard(f"{person}-{day}", f"{word} saved.", person=person, at=at + 3 * HOUR, lasting=True)
        store.note_heard(f"{person}-{day}", f"{word} saved.", person=person, at=at + 3 * HOUR)
        store.add_flags(person, [Flag(tier="today", reason=f"{word} flag", says="")], at + 3 * HOUR)
        store.add_hours(person, [HourRow(fact="self.stress", hour=at, known_minutes=60, mean=7.125)])
    yield store
    store.close()


def holding(folder: Path, word: str) -> list[str]:
    """The files anywhere below that have a word in their bytes, however it is written."""
    forms = (word.encode(), word.encode("utf-16-le"), word.upper().encode())
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.name for path in found if any(form in path.read_bytes() for form in forms))


def test_a_range_of_one_person_is_erased_from_every_byte(store: JournalStore, tmp_path: Path) -> None:
    """Entries, history, deleted ones, replies, flags, hours; in the log and in the backup too. The rest stays."""
    made = store.backup(tmp_path / "stick.db", NOON)
    assert holding(tmp_path, SECRET) == ["journal.db", "journal.db-wal", "stick.db"]
    erased = store.erase("robin", NOON + DAY, NOON + 2 * DAY)
    assert erased.counts == {"entries": 120, "changes": 240, "heard": 2, "flags": 1, "hours": 1}
    assert (erased.rewritten, erased.left, erased.deleted) == ([made], {}, [])
    assert holding(tmp_path, SECRET) == []
    assert holding(tmp_path, EARLIER) == holding(tmp_path, "samwords") == ["journal.db", "stick.db"]
    assert store.counts() == {"entries": 240, "changes": 480, "heard": 6, "flags": 2, "hours": 2}
    assert store.reply_to("robin-1", person="robin", lasting=True) == "", "it is not heard a second time"
    assert store.check() == "ok"
    with closing(sqlite3.connect(made)) as connection:
        assert connection.execute("SELECT count(*) FROM entries").fetchone() == (240,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not list(tmp_path.glob("stick.db?*"))


def test_a_person_is_erased_and_the_other_stays(store: JournalStore, tmp_path: Path) -> None:
    """Also every number of the messages that were heard."""
    erased = store.erase("robin")
    assert erased.counts == {"entries": 240, "changes": 480, "heard": 4, "flags": 2, "hours": 2}
    assert holding(tmp_path, SECRET) == holding(tmp_path, EARLIER) == holding(tmp_path, "robin-") == []
    assert holding(tmp_path, "robin") == []
    assert store.persons() == ["sam"]


def test_all_is_erased(store: JournalStore, tmp_path: Path) -> None:
    """Of everybody; and the journal can be written on."""
    store.erase()
    assert set(store.counts().values()) == {0}
    assert all(holding(tmp_path, word) == [] for word in (SECRET, EARLIER, "samwords", "robin", "sam"))
    store.apply([added(entry(1))])


def test_a_range_that_nothing_is_in_erases_nothing(store: JournalStore) -> None:
    """Its end is not a part of it. Replies of later may tell of it, and are gone."""
    before = store.counts()
    erased = store.erase("robin", NOON - DAY, NOON)
    assert erased.counts == {"entries": 0, "changes": 0, "heard": 4, "flags": 0, "hours": 0}
    assert store.counts() == before


def test_a_backup_that_is_not_there_is_told_and_not_forgotten(store: JournalStore, tmp_path: Path) -> None:
    """It may lie in a drawer; the next erasing looks for it again."""
    made = store.backup(tmp_path / "stick.db", NOON)
    away = made.rename(tmp_path / "drawer")
    (left,) = store.erase("robin", NOON + DAY, NOON + 2 * DAY).left.items()
    assert left[0] == made
    assert "is not there now" in left[1]
    away.rename(made)
    assert store.erase("robin", NOON + DAY, NOON + 2 * DAY).rewritten == [made]
    assert holding(tmp_path, SECRET) == []


def test_what_was_set_aside_is_erased_too(store: JournalStore, tmp_path: Path) -> None:
    """The one that a backup has replaced, with its log; a damaged one is told of, and goes where all is erased."""
    made = store.backup(tmp_path / "stick.db", NOON)
    store.close()
    aside = restore(made, store.path, NOON)
    damaged = tmp_path / "data" / "journal.db.damaged-2026-07-14T12-00-00"
    damaged.write_bytes(SECRET.encode() * 5000)
    store.open()
    erased = store.erase("robin")
    assert set(erased.rewritten) == {made, aside}
    assert "delete it yourself" in erased.left[damaged] or "cannot be changed" in erased.left[damaged]
    assert SECRET not in str(erased.left)
    assert holding(tmp_path, SECRET) == [damaged.name]
    assert store.erase().deleted == [damaged]
    assert holding(tmp_path, SECRET) == []


def test_another_program_that_reads_is_told_of(store: JournalStore) -> None:
    """As long as it does, the old pages are needed."""
    store._db.execute("PRAGMA busy_timeout = 50")
    reader = JournalStore(store.path.parent, read_only=True).open()
    reader._db.execute("BEGIN")
    reader.counts()
    with pytest.raises(StoreError, match="another program reads it"):
        store.erase("robin")
    reader.close()
    store.erase("robin")
    assert holding(store.path.parent, SECRET) == []


# -- the engine's database


def engine() -> Engine:
    """Robin's, with what a person may report."""
    home = {"rooms": {"bedroom": {"person": "robin", "sensors": [{"topic": "room", "dialect": "zigbee2mqtt"}]}}}
    profile = {"name": "Robin", "time_zone": "Europe/London", "reminders": {"evening": {"says": "x", "at": ["22:00"]}}}
    return Engine("robin", Profile.model_validate(profile), Home.model_validate(home), shipped_rules())


def lived(folder: Path) -> dict[str, Any]:
    """A database with reports, symptoms, answers and a reading at noon of two days; returns the last snapshot."""
    mind = engine()
    with closing_store(folder) as store:
        for day in range(2):
            at = NOON + day * DAY
            events = (
                SelfReported(at=at, source="x", id=f"r{day}", person="robin", trigger="stress", value=True),
                SelfReported(at=at, source="x", id=f"f{day}", person="robin", trigger="fever", value=day == 1),
                SymptomLogged(at=at, source="x", id=f"s{day}", person="robin", symptom="spasm", severity=9),
                PromptAnswered(at=at, source="x", id=f"p{day}", person="robin", answer="done", prompt="evening"),
                RoomMeasured(
                    at=at, source="room", id=f"m{day}", room="bedroom", quantity=Kind.TEMPERATURE, value=21.0 + day
                ),
            )
            with store.transaction():
                for event in events:
                    store.add_event("robin", event)
                    mind.step(event)
                text = f"you reported stress: {SECRET if day else EARLIER}"
                store.add_decision("robin", Decision(at=at, event="1", about="cooling", text=text))
                store.add_decision("sam", Decision(at=at, event="1", about="cooling", text="samwords"))
        snapshot = mind.snapshot()
        snapshot["desk"]["waiting"] = {"a": {"text": f"you reported {SECRET}", "at": NOON.isoformat()}}
        with store.transaction():
            store.save_snapshot({"units": {}, "engines": {"robin": snapshot, "sam": engine().snapshot()}})
    return snapshot


def closing_store(folder: Path) -> Any:  # noqa: ANN401
    """An open one, that is closed."""
    return closing(Store(folder).open())


def kept(folder: Path) -> list[tuple[str, datetime]]:
    """Which events are still there."""
    with closing_store(folder) as store:
        return [(event.kind, event.at) for _, event in store.events_between(NOON, NOON + 9 * DAY)]


def test_events_decisions_and_the_snapshot_forget_a_range(tmp_path: Path) -> None:
    """What was said in it, and what was decided since; what sensors measured stays."""
    before = lived(tmp_path)
    assert holding(tmp_path, SECRET) == [FILE]
    erased = erase_events(tmp_path, Span("robin", NOON + DAY, NOON + 2 * DAY))
    assert erased.counts == {"events": 4, "decisions": 1, "actions": 0}
    assert holding(tmp_path, SECRET) == []
    assert holding(tmp_path, EARLIER) == holding(tmp_path, "samwords") == [FILE]
    assert [kind for kind, at in kept(tmp_path) if at == NOON + DAY] == ["room_measured"]
    assert len([kind for kind, at in kept(tmp_path) if at == NOON]) == 5
    with closing_store(tmp_path) as store:
        after = (store.snapshot() or {})["engines"]["robin"]
    assert before["symptoms"][-1] == [(NOON + DAY).isoformat(), 9]
    assert (NOON + DAY).isoformat() not in [at for at, _ in after["symptoms"]]
    assert before["facts"]["self.stress"][1] == (NOON + DAY).isoformat()
    assert not {name for name in after["facts"] if name.startswith("self.")}
    assert before["triggers"]["fever"][0] == 2
    assert "fever" not in after["triggers"]
    assert after["facts"]["bedroom.temperature"] == before["facts"]["bedroom.temperature"]
    mind = engine()
    mind.restore(after)
    assert mind.world.facts["self.fever"].at is None
    mind.step(TimePassed(at=NOON + DAY + HOUR, source="clock"))
    assert mind.snapshot()["triggers"]["fever"][0] == 0


def test_a_person_is_forgotten_and_the_room_is_not(tmp_path: Path) -> None:
    """Symptoms, reports and answers of all times."""
    lived(tmp_path)
    assert erase_events(tmp_path, Span("robin")).counts == {"events": 8, "decisions": 2, "actions": 0}
    assert holding(tmp_path, SECRET) == holding(tmp_path, EARLIER) == []
    with closing_store(tmp_path) as store:
        engines = (store.snapshot() or {})["engines"]
        assert [person for person, _ in store.events_between(NOON, NOON + 9 * DAY)] == ["robin"] * 2
    assert engines["robin"]["symptoms"] == []
    assert engines["robin"]["facts"]["bedroom.temperature"][0] == 22.0
    assert "stress" not in json.dumps(engines["robin"]["facts"])


def test_after_erasing_the_last_event_a_restart_still_finds_what_is_new(tmp_path: Path) -> None:
    """Its number is given again."""
    report = SelfReported(at=NOON, source="x", person="robin", trigger="stress", value=True)
    with closing_store(tmp_path) as store, store.transaction():
        store.add_event("robin", report)
        store.save_snapshot({"units": {}, "engines": {}})
    erase_events(tmp_path, Span("robin"))
    later = replace(report, at=NOON + HOUR)
    with closing_store(tmp_path) as store:
        with store.transaction():
            store.add_event("robin", later)
        assert list(store.events_since_snapshot()) == [("robin", later)]


def test_a_damaged_one_that_was_set_aside_is_told_of_and_goes_with_all(tmp_path: Path) -> None:
    """Nobody can erase a part of it."""
    lived(tmp_path)
    aside = set_aside(tmp_path / FILE, "damaged-2026-07-14T12-00-00")
    assert "delete it yourself" in erase_events(tmp_path, Span("robin")).left[aside]
    assert erase_events(tmp_path, Span()).deleted == [aside]
    assert holding(tmp_path, SECRET) == []


def test_where_there_is_no_database_there_is_nothing_to_erase(tmp_path: Path) -> None:
    """And none is made."""
    assert set(erase_events(tmp_path, Span()).counts.values()) == {0}
    assert list(tmp_path.iterdir()) == []


def test_what_is_left_is_read_in_order(store: JournalStore) -> None:
    """The numbers of the history go on, and are never given twice."""
    last = store.changes("sam")[0].seq
    store.erase("sam")
    (change,) = store.apply([added(entry(1, person="sam"))])
    assert change.seq > last
    assert ids(store.logged_last("robin")) == ["robin-1-119"]

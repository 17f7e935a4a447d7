"""`unclench journal`: a real journal is read, changed, saved and erased, and the person is told what became of it."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.errors import FileProblemError
from devices.events import SelfReported
from integration.clock import SystemClock
from integration.lock import Lock, RunningAlreadyError
from integration.store import Store
from integration.store.journal import JournalStore
from integration.store.opening import StoreError
from journal.documents import to_json
from journal.entry import Change, Entry
from tests.cli.unclench import Ran, unclench
from tests.config.homes import ANNA, HOME, write_home
from tests.journal.written import entry

DATA = ".local/share/unclench"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # a Friday
BEN = "name: Ben\ntime_zone: America/New_York\nbedroom: attic\n"


@pytest.fixture(autouse=True)
def _friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: NOW)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_home(tmp_path / "home")


@pytest.fixture
def two(tmp_path: Path) -> Path:
    attic = "  attic: {person: ben, sensors: [{topic: t}]}\n"
    return write_home(tmp_path / "home", home=HOME + attic, anna=ANNA, ben=BEN)


def written(machine: Path, *entries: Entry) -> None:
    """What is in the journal before the command."""
    store = JournalStore(machine / DATA).open()
    store.apply(Change(at=each.logged_at, op="add", before=None, after=each) for each in entries)
    store.close()


def ago(**back: float) -> dict[str, Any]:
    """An entry's times."""
    at = NOW - timedelta(**back)
    return {"occurred_at": at, "logged_at": at}


def now_in(machine: Path) -> dict[str, Entry]:
    """Every entry of the journal, deleted or not."""
    store = JournalStore(machine / DATA, read_only=True).open()
    try:
        return {each.id: each for each in store.everything(deleted=True)}
    finally:
        store.close()


def journal(folder: Path, *arguments: str, **more: Any) -> Ran:  # noqa: ANN401 (as unclench takes it)
    """The command."""
    return unclench("--config", str(folder), "journal", *arguments, **more)


def ids(ran: Ran) -> list[str]:
    """Of the entries that were printed as JSON."""
    assert ran.code == 0, ran.output
    return [each["id"] for each in json.loads(ran.output)]


# -- reading


def test_before_the_first_entry(home: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no journal yet.*unclench journal add"):
        journal(home)


def test_the_list_says_what_was_written_down(machine: Path, home: Path) -> None:
    written(machine, entry(1, **ago(minutes=10), note="after the bath", duration_minutes=5.0))
    written(machine, entry(2, kind="none", severity=None, place="", side="", precision="day", **ago(minutes=5)))
    written(machine, entry(3, **ago(days=31)))
    ran = journal(home)
    assert ran.code == 0
    assert "Fri 20 Nov 14:50" in ran.output
    assert "7/10" in ran.output
    assert "left calf spasm 5 min; after the bath" in ran.words
    assert "no spasms" in ran.words
    assert ran.output.count("Fri 20 Nov") == 2
    assert all(len(line) <= 80 for line in ran.output.splitlines())


def test_words_cannot_steer_the_terminal(machine: Path, home: Path) -> None:
    written(machine, entry(1, note="a\x1b[2Jb\x9bc"))
    assert "a\ufffd[2Jb\ufffdc" in journal(home).output
    assert "\x1b" not in journal(home, "delete", "last").output


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], ["t:3", "t:2", "t:1"]),
        (["--days", "365"], ["t:5", "t:4", "t:3", "t:2", "t:1"]),
        (["--days", "1"], ["t:2", "t:1"]),
        (["--since", "2026-11-19"], ["t:3", "t:2", "t:1"]),
        (["--since", "yesterday", "--until", "yesterday"], ["t:3"]),
        (["--since", "2 h"], ["t:1"]),
        (["--since", "2026-11-20T09:30"], ["t:2", "t:1"]),
        (["--symptom", "stress"], ["t:2"]),
        (["--place", "knee"], ["t:3"]),
        (["--least", "8"], ["t:3"]),
        (["--days", "365", "--until", "2026-11-18"], ["t:5", "t:4"]),
        (["--deleted", "--days", "365"], ["t:5", "t:4", "t:6", "t:3", "t:2", "t:1"]),
    ],
)
def test_the_list_shows_what_is_asked_for(machine: Path, home: Path, arguments: list[str], found: list[str]) -> None:
    written(
        machine,
        entry(1, **ago(minutes=5)),
        entry(2, kind="report", what="stress", place="", side="", **ago(hours=5)),
        entry(3, place="knee", severity=8.0, **ago(days=1)),
        entry(4, **ago(days=40)),
        entry(5, severity=None, **ago(days=100)),
        entry(6, deleted=True, **ago(days=2)),
    )
    assert ids(journal(home, *arguments, "--json")) == found
    assert ids(journal(home, "list", *arguments, "--json")) == found


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--since", "soon"], "write a day like 2026-11-20"),
        (["--since", "yesterday", "--until", "2026-11-01"], "this span ends before it begins"),
        (["--since", "yesterday", "--days", "3"], "say only one of --days and --since"),
        (["--person", "carl"], "there is nobody of this name; there is: anna"),
        (["--history", "abcdef"], "there is no entry of this id"),
        (["--least", "11"], "--least"),
        (["edit", "last"], "say what to change"),
        (["edit", "last", "--place", "wing"], "choose from toe"),
        (["edit", "last", "--at", "2026-11-20T16:00"], "this time is still to come"),
        (["delete", "nothing"], "there is no entry of this id"),
        (["add"], "write a sentence"),
        (["add", "spasm", "--severity", "7"], "write a sentence"),
        (["add", "--symptom", "spasms"], "Did you mean spasm?"),
        (["erase"], "say what to erase"),
        (["erase", "--all", "--person", "anna"], "say what to erase"),
    ],
)
def test_what_cannot_be_meant(machine: Path, home: Path, arguments: list[str], says: str) -> None:
    written(machine, entry(1))
    ran = journal(home, *arguments, columns=200)
    assert ran.code == 2
    assert says in ran.words
    assert now_in(machine) == {"t:1": entry(1)}


def test_everybody_is_listed_with_their_own_clock(machine: Path, two: Path) -> None:
    written(machine, entry(1, **ago(minutes=10)), entry(2, person="ben", **ago(minutes=5)))
    ran = journal(two)
    assert "anna: left calf spasm" in ran.words
    assert "Fri 20 Nov 09:55" in ran.output
    assert ids(journal(two, "--person", "ben", "--json")) == ["t:2"]


def test_a_configuration_with_mistakes_hides_nothing(machine: Path, home: Path) -> None:
    """Who wants their words back needs no correct home.yaml for it."""
    (home / "home.yaml").write_text("rooms: 3\n")
    written(machine, entry(1))
    ran = journal(home, "list")
    assert ran.code == 0
    assert "times are shown in UTC" in ran.words
    assert "left calf spasm" in ran.words


def test_the_week(machine: Path, home: Path) -> None:
    """Each bar has its number; a day without an entry is neither a zero nor a "none"."""
    written(
        machine,
        entry(1, **ago(hours=1)),
        entry(2, severity=8.0, count=2, **ago(hours=2)),
        entry(3, what="fatigue", severity=None, place="", side="", **ago(days=1)),
        entry(4, kind="none", severity=None, place="", side="", **ago(days=2)),
        entry(5, **ago(days=7)),
    )
    ran = journal(home, "week")
    lines = [" ".join(each.split()) for each in ran.output.splitlines()]
    assert lines[0] == "Sat 14 Nov to Fri 20 Nov 2026"
    assert lines[1] == "Day Spasm Fatigue"
    assert lines[5:10] == [
        "Tue 17 Nov - -",
        "Wed 18 Nov none -",
        "Thu 19 Nov - 1",
        "Fri 20 Nov 3 █████░ 8 -",
        "Something was written down on 3 of 7 days (43%).",
    ]
    assert "-: nothing was written down. That does not say that there was nothing." in lines
    assert all(len(line) <= 80 for line in ran.output.splitlines())


def test_a_week_of_everything_fits(machine: Path, home: Path) -> None:
    symptoms = ("spasm", "stiffness", "clonus", "pain", "fatigue", "hug", "weakness", "night_waking")
    written(machine, *(entry(at, what=each, severity=6.5, count=12) for at, each in enumerate(symptoms)))
    ran = journal(home, "week")
    assert all(len(line) <= 80 for line in ran.output.splitlines())
    assert ran.output.count("12 ████░░ 6.5") == 8
    assert "Night waking" in ran.output


def test_counting_averages_over_no_empty_day(machine: Path, home: Path) -> None:
    written(
        machine,
        entry(1, severity=4.0, duration_minutes=5.0, **ago(hours=1)),
        entry(2, severity=9.0, count=3, **ago(days=3)),
        entry(3, severity=None, **ago(days=3)),
        entry(4, kind="none", what="", severity=None, place="", side="", **ago(days=1)),
        entry(5, deleted=True, severity=10.0, **ago(days=1)),
    )
    (told,) = json.loads(journal(home, "count", "--days", "10", "--json").output)
    assert told["days_with_entries"] == 3
    assert told["share_of_days_with_entries"] == 0.3
    (spasm,) = told["symptoms"]
    del spasm["by_day"]
    assert spasm == {
        "symptom": "spasm",
        "count": 5,
        "days_with": 2,
        "days_said_none": 1,
        "median_severity": 6.5,
        "worst_severity": 9.0,
        "minutes": 5.0,
    }
    ran = journal(home, "count", "--days", "10")
    assert "spasm 5 2 1 6.5 9 5" in ran.words
    assert "Something was written down on 3 of 10 days (30%)." in ran.words


# -- changing


def test_an_edit_keeps_how_it_was(machine: Path, home: Path) -> None:
    written(machine, entry(1), entry(2, place="knee", **ago(days=1)))
    (short,) = [each["short"] for each in json.loads(journal(home, "--place", "knee", "--json").output)]
    ran = journal(home, "edit", short, "--severity", "8", "--side", "right", "--at", "2026-11-19T10:00", "--note", "=x")
    assert ran.code == 0
    told = "left knee spasm -> right knee spasm, 7/10 -> 8/10, Thu 19 Nov 15:00 -> Thu 19 Nov 10:00, now =x"
    assert f"Changed: {told}" in ran.words
    found = now_in(machine)
    assert found["t:1"] == entry(1)
    assert (found["t:2"].severity, found["t:2"].side, found["t:2"].severity_source) == (8.0, "right", "number")
    assert found["t:2"].occurred_at == datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
    history = json.loads(journal(home, "--history", short, "--json").output)
    assert [each["op"] for each in history] == ["add", "edit"]
    assert history[1]["before"]["severity"] == 7.0


def test_a_field_can_be_taken_away(machine: Path, home: Path) -> None:
    written(machine, entry(1))
    assert journal(home, "edit", "t:1", "--place", "").code == 0
    assert now_in(machine)["t:1"].place == ""
    written(machine, entry(2, severity=7.0, duration_minutes=5.0, count=3))
    assert journal(home, "edit", "t:2", "--severity", "", "--minutes", "", "--count", "").code == 0
    found = now_in(machine)["t:2"]
    assert (found.severity, found.severity_source, found.duration_minutes, found.count) == (None, "", None, 1)
    again = journal(home, "edit", "t:2", "--severity", "", columns=200)
    assert (again.code, "the entry says that already" in again.words) == (2, True)


@pytest.mark.parametrize(("option", "value"), [("--severity", "11"), ("--severity", "x"), ("--count", "1.5")])
def test_a_number_that_cannot_be(machine: Path, home: Path, option: str, value: str) -> None:
    written(machine, entry(1))
    ran = journal(home, "edit", "t:1", option, value, columns=200)
    assert (ran.code, 'or "" to take it away' in ran.words) == (2, True)
    assert now_in(machine)["t:1"] == entry(1)


def test_a_slip_of_the_pen_is_not_nothing(machine: Path, home: Path) -> None:
    written(machine, entry(1))
    ran = journal(home, "--symptom", "spams", columns=200)
    assert (ran.code, "Did you mean spasm?" in ran.words) == (2, True)
    assert "Nothing like that is written down" in journal(home, "--symptom", "fatigue").words


def test_every_command_has_an_example(home: Path) -> None:
    listed = journal(home, "--help").output
    for name in ("list", "week", "count", "add", "edit", "delete", "undo", "export", "import", "backup", "erase"):
        assert name in listed
        assert f"Example: unclench journal {name}" in journal(home, name, "--help").words


def test_an_export_takes_the_place_of_an_older_one_only(machine: Path, home: Path, tmp_path: Path) -> None:
    written(machine, entry(1))
    for form in ("csv", "json", "fhir"):
        out = tmp_path / f"mine.{form}"
        for _ in range(2):
            assert journal(home, "export", "--format", form, "--out", str(out)).code == 0
    tax = tmp_path / "tax.txt"
    tax.write_text("mine")
    with pytest.raises(FileProblemError, match="is no export of Unclench"):
        journal(home, "export", "--out", str(tax))
    assert tax.read_text() == "mine"


def test_what_is_no_backup_is_said_to_be_none(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "journal.csv"
    other.write_text("id,person")
    with pytest.raises(StoreError, match="is no backup"):
        journal(home, "restore", str(other), "--yes")


def test_what_is_deleted_is_still_there_for_who_asks(machine: Path, home: Path) -> None:
    written(machine, entry(1))
    assert "Deleted: left calf spasm" in journal(home, "delete", "last").words
    assert ids(journal(home, "--json")) == []
    assert "left calf spasm, deleted" in journal(home, "--deleted").words
    again = journal(home, "delete", "t:1", columns=200)
    assert (again.code, "deleted already" in again.words) == (2, True)


def test_undo_takes_back_one_thing_at_a_time(machine: Path, home: Path) -> None:
    written(machine, entry(1))
    journal(home, "edit", "t:1", "--severity", "8")
    journal(home, "delete", "t:1")
    assert "Brought back: left calf spasm, 8/10" in journal(home, "undo").words
    assert "Changed: left calf spasm: 8/10 -> 7/10" in journal(home, "undo").words
    assert now_in(machine)["t:1"] == entry(1)
    assert "Deleted: left calf spasm" in journal(home, "undo").words
    nothing = journal(home, "undo")
    assert (nothing.code, nothing.words) == (1, "There is nothing to take back.")


def test_a_large_import_is_one_thing(machine: Path, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.json"
    out.write_text("".join(to_json([entry(at) for at in range(1200)], {})))
    written(machine, entry(5000))
    journal(home, "import", str(out))
    assert "1200 changes" in journal(home, "undo").words
    assert ids(journal(home, "--json")) == ["t:5000"]


# -- files


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_comes_back_and_comes_back_once(
    machine: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    mine = [entry(1, note="=1+1"), entry(2, deleted=True), entry(3, kind="none", severity=None, **ago(days=400))]
    written(machine, *mine)
    out = tmp_path / "mine"
    ran = journal(home, "export", "--format", form, "--deleted", "--out", str(out))
    assert "3 entries are in" in ran.words
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    monkeypatch.setenv("UNCLENCH_DATA", str(tmp_path / "other"))
    assert json.loads(journal(home, "import", str(out), "--json").output) == {
        "added": 3,
        "already_there": 0,
        "different_here": 0,
    }
    store = JournalStore(tmp_path / "other", read_only=True).open()
    assert list(store.everything(deleted=True)) == mine
    store.close()
    assert "0 entries taken in, 3 already there." in journal(home, "import", str(out)).words


def test_an_export_to_the_terminal_is_the_file(machine: Path, home: Path) -> None:
    written(machine, entry(1), entry(2, **ago(days=1)))
    rows = list(csv.DictReader(io.StringIO(journal(home, "export").output)))
    assert [each["id"] for each in rows] == ["t:1", "t:2"]
    rows = list(csv.DictReader(io.StringIO(journal(home, "export", "--days", "1").output)))
    assert [each["id"] for each in rows] == ["t:1"]


def test_fhir_tells_what_was_changed(machine: Path, home: Path, tmp_path: Path) -> None:
    written(machine, entry(1), entry(2), entry(3))
    journal(home, "edit", "t:2", "--severity", "3")
    journal(home, "delete", "t:3")
    out = tmp_path / "bundle.json"
    assert journal(home, "export", "--format", "fhir", "--out", str(out)).code == 0
    found = [each["resource"] for each in json.loads(out.read_text())["entry"]]
    assert [(each["status"], each["valueQuantity"]["value"]) for each in found] == [("final", 7), ("amended", 3)]


def test_an_import_is_all_or_nothing(machine: Path, home: Path, tmp_path: Path) -> None:
    written(machine, entry(1))
    out = tmp_path / "mine.csv"
    journal(home, "export", "--out", str(out))
    lines = out.read_text().splitlines()
    rows = [lines[0], lines[1].replace("t:1", "t:8"), lines[1].replace("t:1", "t:9").replace("calf", "xyzzy")]
    out.write_text("\n".join(rows))
    with pytest.raises(
        FileProblemError, match=r"line 3, place: must be empty or one of toe[^x]*Nothing was taken in\.$"
    ):
        journal(home, "import", str(out))
    assert set(now_in(machine)) == {"t:1"}


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\xff\xfe", "is no text in UTF-8"), (b"hello", "this is no export of Unclench"), (None, "cannot be read")],
)
def test_a_file_that_is_none(home: Path, tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / "f"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(FileProblemError, match=says):
        journal(home, "import", str(file))


def test_what_differs_stays_as_it_is_here(machine: Path, home: Path, tmp_path: Path) -> None:
    written(machine, entry(1), entry(2))
    out = tmp_path / "mine.json"
    journal(home, "export", "--format", "json", "--out", str(out))
    journal(home, "edit", "t:1", "--severity", "3")
    ran = journal(home, "import", str(out))
    assert "1 entry is different in your journal, and stayed as it is there." in ran.words
    assert now_in(machine)["t:1"].severity == 3.0


def test_strangers_entries_need_somebody(machine: Path, two: Path, tmp_path: Path) -> None:
    written(machine, entry(1, person="carl"))
    out = tmp_path / "mine.json"
    journal(two, "export", "--format", "json", "--out", str(out))
    ran = journal(two, "import", str(out), columns=200)
    assert (ran.code, "Say whose they become: --person" in ran.words) == (2, True)
    store = JournalStore(machine / DATA).open()
    store.erase()
    store.close()
    assert journal(two, "import", str(out), "--person", "ben").code == 0
    assert now_in(machine)["t:1"].person == "ben"


def test_a_backup_is_put_back(machine: Path, home: Path, tmp_path: Path) -> None:
    written(machine, entry(1))
    copy = tmp_path / "copy.db"
    assert "The journal is saved in" in journal(home, "backup", str(copy)).words
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    written(machine, entry(2))
    refused = journal(home, "restore", str(copy), answers="n\n")
    assert (refused.code, set(now_in(machine))) == (1, {"t:1", "t:2"})
    ran = journal(home, "restore", str(copy), answers="y\n")
    assert "1 entry. The one before is kept as" in ran.words
    assert set(now_in(machine)) == {"t:1"}


def test_the_check_names_the_copies(machine: Path, home: Path, tmp_path: Path) -> None:
    written(machine, entry(1))
    journal(home, "backup", str(tmp_path / "copy.db"))
    ran = journal(home, "check")
    assert "journal.db: whole, 1 entry, deleted ones too." in ran.words.replace("\n", "")
    assert "copy.db" in ran.output
    assert json.loads(journal(home, "check", "--json").output)["check"] == "ok"


def held(machine: Path, *others: Path) -> Iterable[bytes]:
    """Everything in the data folder and in other files."""
    yield from (each.read_bytes() for each in (*(machine / DATA).iterdir(), *others) if each.is_file())


def test_what_is_erased_is_nowhere(machine: Path, home: Path, tmp_path: Path) -> None:
    written(machine, entry(1, note="xyzzy"), entry(2, note="plugh", **ago(days=10)))
    copy = tmp_path / "copy.db"
    journal(home, "backup", str(copy))
    refused = journal(home, "erase", "--since", "2026-11-20", answers="n\n")
    assert "To erase: 1 entry of anna" in refused.words
    assert set(now_in(machine)) == {"t:1", "t:2"}
    ran = journal(home, "erase", "--since", "2026-11-20", "--yes")
    assert ran.code == 0
    assert "Erased: 1 entry." in ran.words
    assert set(now_in(machine)) == {"t:2"}
    assert not [each for each in held(machine, copy) if b"xyzzy" in each]
    assert [each for each in held(machine, copy) if b"plugh" in each]


def test_a_copy_that_is_not_there_is_told(machine: Path, home: Path, tmp_path: Path) -> None:
    written(machine, entry(1))
    journal(home, "backup", str(tmp_path / "copy.db"))
    (tmp_path / "copy.db").rename(tmp_path / "elsewhere.db")
    ran = journal(home, "erase", "--all", "--yes")
    assert (ran.code, "NOT in" in ran.words) == (1, True)


def test_the_engine_forgets_what_was_said_too(machine: Path, home: Path) -> None:
    """Its own database holds that something was logged."""
    written(machine, entry(1))
    store = Store(machine / DATA).open()
    with store.transaction():
        store.add_event("anna", SelfReported(at=NOW, source="s", person="anna", trigger="stress", value=True))
    store.close()
    assert journal(home, "erase", "--person", "anna", "--yes").code == 0
    store = Store(machine / DATA, read_only=True).open()
    assert store.counts()["events"] == 0
    store.close()


@pytest.mark.parametrize("arguments", [["erase", "--all", "--yes"], ["restore", "copy.db", "--yes"]])
def test_not_while_the_service_runs(machine: Path, home: Path, arguments: list[str]) -> None:
    """It holds the file, and would go on from what it has read."""
    written(machine, entry(1))
    journal(home, "backup", "copy.db")
    lock = Lock(machine / DATA)
    lock.take()
    try:
        with pytest.raises(RunningAlreadyError, match="Stop that one first"):
            journal(home, *arguments)
    finally:
        lock.release()
    assert set(now_in(machine)) == {"t:1"}

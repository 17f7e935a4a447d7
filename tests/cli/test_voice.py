"""`unclench voice`: what a sentence comes to, through the ear and desk of every channel, and a real journal."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integration.clock import SystemClock
from integration.store.journal import JOURNAL, JournalStore
from journal.entry import Change, Entry
from tests.cli.test_journal_add import alive, service
from tests.cli.unclench import Ran, unclench
from tests.config.homes import HOME, write_home
from tests.docs.pages import ROOT
from tests.journal.written import entry
from tests.peers.mosquitto import Mosquitto

DATA = ".local/share/unclench"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # a Friday
TO_ANNA = ("--now", "2026-11-20T15:00")


@pytest.fixture(autouse=True)
def _friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: NOW)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_home(tmp_path / "home")


def said(folder: Path, *arguments: str, **more: Any) -> Ran:  # noqa: ANN401 (as unclench takes it)
    return unclench("voice", "--config", str(folder), *arguments, **more)


def told(folder: Path, text: str, *arguments: str) -> dict[str, Any]:
    """What a rehearsal says, without what was not said."""
    ran = said(folder, text, "--dry-run", "--json", *arguments)
    assert ran.code == 0, ran.output
    document = json.loads(ran.output.splitlines()[-1])
    return {name: value for name, value in document.items() if value not in (None, [], False)}


def written(machine: Path, *entries: Entry) -> None:
    store = JournalStore(machine / DATA).open()
    store.apply(Change(at=each.logged_at, op="add", before=None, after=each) for each in entries)
    store.close()


def now_in(machine: Path) -> list[Entry]:
    if not (machine / DATA / JOURNAL).exists():
        return []
    store = JournalStore(machine / DATA, read_only=True).open()
    try:
        return list(store.everything())
    finally:
        store.close()


def test_a_rehearsal_says_it_and_writes_nothing(machine: Path, home: Path) -> None:
    ran = said(home, "spasm, left calf, seven", "--dry-run")
    assert ran.code == 0
    assert "Left calf spasm, seven" in ran.words
    assert "It would be written down: left calf spasm, 7/10, Fri 20 Nov 15:00" in ran.words
    assert ran.words.endswith("Nothing was written: this was a rehearsal.")
    assert len(ran.output.splitlines()) == 3
    assert not (machine / DATA / JOURNAL).exists()


def test_the_document(home: Path) -> None:
    found = told(home, "spasm, left calf, seven", *TO_ANNA)
    assert found.pop("says").startswith("Left calf spasm, seven")
    assert found == {
        "purpose": "log",
        "symptom": "spasm",
        "place": "calf",
        "side": "left",
        "severity": 7,
        "severity_source": "number",
        "occurred_at": "2026-11-20T15:00:00+00:00",
        "time_precision": "minute",
        "raw": "spasm, left calf, seven",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "stiffness six out of ten this morning",
            {"symptom": "stiffness", "severity": 6, "time_precision": "part_of_day"},
        ),
        ("cramp in both thighs, lasted five minutes", {"place": "thigh", "side": "both", "duration_minutes": 5}),
        ("three spasms in the last hour, left leg", {"count": 3, "time_precision": "hour"}),
        ("no spasms today", {"symptom": "spasm", "none": "spasm", "time_precision": "day"}),
        ("stress is about a seven", {"self_report": "stress", "severity": 7}),
        ("how many spasms this week", {"purpose": "ask", "query": "count_week", "about": "spasm"}),
        ("snooze till nine", {"purpose": "answer", "reply": "until", "until": "2026-11-20T21:00:00+00:00"}),
        ("I've got a temperature", {"self_report": "fever", "red_flag": "today"}),
        ("the flurble went off in the blue one", {"purpose": "note"}),
    ],
)
def test_what_is_understood(home: Path, text: str, expected: dict[str, Any]) -> None:
    found = told(home, text, *TO_ANNA)
    assert found | expected == found
    assert found["says"]


def test_a_time_of_its_own(home: Path) -> None:
    """Local, or with an offset; what the sentence says of time hangs on it."""
    assert (
        told(home, "spasm ten minutes ago", "--now", "2026-07-01T12:00")["occurred_at"] == "2026-07-01T11:50:00+01:00"
    )
    at = told(home, "spasm ten minutes ago", "--now", "2026-07-01T12:00+02:00")["occurred_at"]
    assert at == "2026-07-01T10:50:00+01:00"
    wrong = said(home, "spasm", "--dry-run", "--now", "noonish", columns=200)
    assert (wrong.code, "write the time like" in wrong.words) == (2, True)


def test_without_a_rehearsal_it_is_written(machine: Path, home: Path) -> None:
    assert "Left calf spasm, seven" in said(home, "spasm, left calf, seven").words
    (found,) = now_in(machine)
    assert (found.what, found.place, found.severity, found.channel, found.person) == ("spasm", "calf", 7, "cli", "anna")
    assert found.raw == ""  # nobody agreed to keep it
    said(home, "make that an eight")
    assert [each.severity for each in now_in(machine)] == [8]
    said(home, "undo that")
    said(home, "undo that")
    assert now_in(machine) == []


def test_a_question_is_answered_from_the_journal(machine: Path, home: Path) -> None:
    written(machine, entry(1), entry(2, count=2))
    before = now_in(machine)
    assert "hree spasms" in said(home, "how many spasms this week").words
    assert now_in(machine) == before


def test_a_rehearsal_knows_the_journal(machine: Path, home: Path) -> None:
    written(machine, entry(1))
    found = told(home, "another one")
    assert (found["op"], found["symptom"], found["place"]) == ("repeat", "spasm", "calf")
    assert now_in(machine) == [entry(1)]


LINES = """\
spasm, left calf, seven
{"text": "another one", "now": "2026-11-20T15:10"}

{"text": "same as before but the other leg", "now": "2026-11-20T15:20+00:00"}
{"text": 3}
{broken
"""


def test_each_line_knows_those_before_it(machine: Path, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text(LINES, encoding="utf-8")
    ran = said(home, "--file", str(file))
    first, second, third, *wrong = [json.loads(line) for line in ran.output.splitlines()]
    assert ran.code == 1
    assert [each["line"] for each in wrong] == [5, 6]
    assert (second["op"], second["symptom"], second["place"], second["side"]) == ("repeat", "spasm", "calf", "left")
    assert (third["side"], third["occurred_at"]) == ("right", "2026-11-20T15:20:00+00:00")
    assert first.keys() == second.keys()
    assert now_in(machine) == []


def test_a_file_is_written_down_when_asked_for(machine: Path, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text("spasm, left calf, seven\nundo that\nfoot pain, three\n")
    assert said(home, "--file", str(file), "--store").code == 0
    assert [(each.what, each.severity) for each in now_in(machine)] == [("pain", 3)]


def test_it_reads_its_input(home: Path) -> None:
    ran = said(home, "--file", "-", answers="spasm, seven\n")
    assert json.loads(ran.output)["severity"] == 7


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "say a sentence"),
        (["spasm", "--file", "x"], "not both"),
        (["spasm", "--store"], "--store goes with --file"),
        (["--file", "x", "--store", "--dry-run"], "--store goes with --file"),
        (["spasm", "--person", "carl"], "there is no profile of this name; there is: anna"),
    ],
)
def test_what_cannot_be_meant(home: Path, arguments: list[str], says: str) -> None:
    ran = said(home, *arguments, columns=200)
    assert (ran.code, says in ran.words) == (2, True)


def test_it_works_anywhere(tmp_path: Path) -> None:
    """In an empty folder, as the installed command: one line says what is missing, on the error output."""
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "TZ": "America/New_York", "PYTHONPATH": str(ROOT)}
    program = "from integration.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "voice", "spasm, seven", "--now", "2026-11-20T15:00", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout)["occurred_at"] == "2026-11-20T15:00:00-05:00"
    assert len(ran.stderr.splitlines()) == 1
    assert "nothing is written, and the time zone is America/New_York" in ran.stderr
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_without_a_service_nothing_is_promised(machine: Path, home: Path) -> None:
    ran = said(home, "pause everything till monday")
    assert "is paused" not in ran.words
    assert ran.words.startswith("Not done: pause")
    assert "Unclench does not run, so the home does not hear of it." in ran.words
    assert "does not hear of it" in said(home, "I'm too hot").words
    assert len(now_in(machine)) == 1


@pytest.mark.peers
def test_the_service_says_it_where_it_runs(machine: Path, tmp_path: Path, mosquitto: Mosquitto) -> None:
    folder = write_home(tmp_path / "home", home=f"mqtt: {{host: 127.0.0.1, port: {mosquitto.port}}}\n{HOME}")
    alive(machine)
    with service(mosquitto, {"text": "Left calf spasm, seven.", "saved": True}) as heard:
        ran = said(folder, "spasm, left calf, seven")
        topic, sent = heard.get(timeout=10)
    assert (ran.words, topic, sent["text"]) == (
        "Left calf spasm, seven.",
        "unclench/anna/voice/text",
        "spasm, left calf, seven",
    )
    assert now_in(machine) == []

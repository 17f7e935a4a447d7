"""What a sentence comes to, as the flat document of `unclench voice --json`."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from journal.entry import Change
from journal.heard import ITEM, as_document
from journal.meaning import Meaning, Said
from journal.outcome import Flag, Outcome
from tests.docs.pages import ROOT
from tests.journal.written import NOW, entry

BERLIN = ZoneInfo("Europe/Berlin")
NOTHING = Outcome()


def document(meaning: Meaning, outcome: Outcome = NOTHING) -> dict[str, Any]:
    return as_document(meaning, outcome, NOW, BERLIN)


def said(document: dict[str, Any]) -> dict[str, Any]:
    """Without what was not said."""
    return {name: value for name, value in document.items() if value not in (None, [], False, "")}


def test_a_spasm() -> None:
    one = Said(kind="symptom", what="spasm", place="calf", side="left", severity=7.0, severity_source="number")
    outcome = Outcome(says="Left calf spasm, seven.")
    assert said(document(Meaning(purpose="log", raw="spasm left calf seven", said=(one,)), outcome)) == {
        "symptom": "spasm",
        "place": "calf",
        "side": "left",
        "severity": 7,
        "severity_source": "number",
        "occurred_at": "2026-11-20T16:00:00+01:00",
        "time_precision": "minute",
        "says": "Left calf spasm, seven.",
        "purpose": "log",
        "raw": "spasm left calf seven",
    }


def test_every_field_is_always_there() -> None:
    empty = document(Meaning(purpose="nothing", raw=""))
    full = document(Meaning(purpose="log", raw="", said=(Said(kind="symptom", what="spasm"),)))
    assert empty.keys() == full.keys()
    assert all(value in (None, [], False) for name, value in empty.items() if name not in ("purpose", "raw"))


def test_two_things_are_two_entries() -> None:
    both = (Said(kind="symptom", what="stiffness", place="leg"), Said(kind="symptom", what="pain", place="back"))
    found = document(Meaning(purpose="log", raw="", said=both))
    assert (found["symptom"], [each["symptom"] for each in found["entries"]]) == ("stiffness", ["stiffness", "pain"])
    assert all(each.keys() == ITEM.keys() for each in found["entries"])


def test_a_zero_is_said_in_words() -> None:
    one = document(Meaning(purpose="log", raw="", said=(Said(kind="none", what="spasm", precision="day"),)))
    every = document(Meaning(purpose="log", raw="", said=(Said(kind="none", what=""),)))
    assert (one["symptom"], one["none"], one["count"], one["time_precision"]) == ("spasm", "spasm", 0, "day")
    assert (every["symptom"], every["none"], every["count"]) == (None, "all", 0)


def test_a_report_is_no_symptom() -> None:
    found = document(Meaning(purpose="log", raw="", said=(Said(kind="report", what="stress", severity=7.0),)))
    assert (found["symptom"], found["self_report"], found["severity"]) == (None, "stress", 7)


def test_another_one_is_what_the_journal_made_of_it() -> None:
    same = Change(at=NOW, op="add", before=None, after=entry(2, severity=None, occurred_at=NOW - timedelta(hours=1)))
    meaning = Meaning(purpose="log", raw="", op="repeat", said=(Said(kind="symptom", what=""),))
    found = document(meaning, Outcome(changes=(same,)))
    assert (found["op"], found["symptom"], found["place"], found["severity"]) == ("repeat", "spasm", "calf", None)
    assert found["occurred_at"] == "2026-11-20T15:00:00+01:00"


def test_a_correction_says_only_what_is_new() -> None:
    found = document(Meaning(purpose="change", raw="", op="set_severity", to=Said(kind="symptom", what="", severity=8)))
    assert said(found) == {"severity": 8, "purpose": "change", "op": "set_severity"}
    late = Said(kind="symptom", what="", occurred_at=NOW - timedelta(hours=1), precision="hour")
    found = document(Meaning(purpose="change", raw="", op="set_time", to=late))
    assert (found["occurred_at"], found["time_precision"]) == ("2026-11-20T15:00:00+01:00", "hour")


def test_an_answer_a_question_a_note_and_a_flag() -> None:
    later = document(Meaning(purpose="answer", raw="", reply="until", until=NOW))
    assert (later["reply"], later["until"]) == ("until", "2026-11-20T16:00:00+01:00")
    assert document(Meaning(purpose="ask", raw="", query="count_week", about="spasm", days=7))["days"] == 7
    note = document(Meaning(purpose="note", raw="the blue one", unsure=True))
    assert (note["note"], note["unsure"]) == ("the blue one", True)
    flags = (Flag(tier="today", reason="fever", says="x", shown=False),)
    assert document(Meaning(purpose="log", raw=""), Outcome(flags=flags))["red_flag"] == "today"


def test_the_page_has_every_field_and_nothing_is_left_out() -> None:
    """docs/voice.md is what others build on."""
    page = (ROOT / "docs/voice.md").read_text(encoding="utf-8").split("## What a sentence becomes")[1]
    table = re.findall(r"^\| (`[^|]*`) \|", page, re.MULTILINE)
    named = {name for cell in table for name in re.findall(r"`(\w+)`", cell)}
    found = document(Meaning(purpose="nothing", raw=""))
    assert named == set(found)
    told = {"kind": "none", "what": "symptom", "precision": "time_precision"}
    assert {told.get(each.name, each.name) for each in fields(Said)} <= set(found)

"""Exports come in again as they went out, and what is wrong with a file is said line by line, without its words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import pytest

from journal.documents import COLUMNS, FIELDS, NotAJournalError, from_csv, from_json, from_text, to_csv, to_json
from journal.entry import Entry
from tests.journal.written import NOW, WORDS, entry, some

ZONES = {"anna": ZoneInfo("Europe/London"), "ben": ZoneInfo("Australia/Lord_Howe")}
Writer = Callable[[Iterable[Entry], dict[str, ZoneInfo]], Iterable[str]]
WRITERS = pytest.mark.parametrize("write", [to_json, to_csv])


def text_of(write: Writer, entries: Iterable[Entry]) -> str:
    """A whole file."""
    return "".join(write(entries, ZONES))


@WRITERS
@pytest.mark.parametrize("seed", range(10))
def test_what_goes_out_comes_in_as_it_was(write: Writer, seed: int) -> None:
    entries = some(seed)
    text = text_of(write, entries)
    assert from_text(text.encode().decode()) == entries
    assert text_of(write, from_text(text)) == text


@WRITERS
def test_an_empty_journal_is_a_file_too(write: Writer) -> None:
    assert from_text(text_of(write, [])) == []


@WRITERS
def test_a_mark_in_front_does_no_harm(write: Writer) -> None:
    """Some editors put one there."""
    assert from_text("\ufeff" + text_of(write, [entry(1)])) == [entry(1)]


def test_times_are_local_and_say_their_zone() -> None:
    summer = entry(1, occurred_at=NOW.replace(month=7), person="ben")
    (found,) = json.loads(text_of(to_json, [summer]))["entries"]
    assert found["occurred_at"] == "2026-07-21T01:30:00+10:30"


def test_json_lies_one_entry_a_line_with_its_version() -> None:
    text = text_of(to_json, [entry(1), entry(2)])
    assert [json.loads(each.rstrip(","))["id"] for each in text.splitlines()[1:-1]] == ["t:1", "t:2"]
    assert json.loads(text)["unclench_journal"] == 1


def test_the_columns_are_these() -> None:
    """Who reads the file counts on them: a new field of an entry is put before the last one."""
    assert text_of(to_csv, []) == ",".join(COLUMNS) + "\r\n"
    assert sorted(COLUMNS) == sorted([*FIELDS, "unclench_journal"])
    assert COLUMNS[:8] == ("id", "person", "kind", "what", "subtype", "place", "side", "severity")
    assert COLUMNS[26:] == ("context", "unclench_journal")


@pytest.mark.parametrize("words", WORDS)
def test_no_cell_is_a_formula(words: str) -> None:
    """Whatever was said: a spreadsheet shows it, and does not run it."""
    (row,) = csv.DictReader(io.StringIO(text_of(to_csv, [entry(1, note=words, raw=words)]), newline=""))
    for cell in row.values():
        assert cell.lstrip(" ")[:1] not in ("=", "+", "-", "@", "＝", "\t", "\r")  # noqa: RUF001


def test_a_spreadsheet_may_have_saved_it() -> None:
    """With large words for yes and no, other line ends, an empty line and columns in another order."""
    lines = text_of(to_csv, [entry(1, woke=True)]).replace("true", "TRUE").replace("false", "FALSE").split("\r\n")
    assert from_csv("\n".join(lines) + "\n,,,\n".replace(",", "")) == [entry(1, woke=True)]
    rows = [row[::-1] for row in csv.reader(lines[:2])]
    assert from_csv("\n".join(",".join(row) for row in rows)) == [entry(1, woke=True)]


GOOD = text_of(to_json, [entry(1), entry(2), entry(3)])
TABLE = text_of(to_csv, [entry(1), entry(2, note="two\nlines"), entry(3)])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: no column id, person, kind, occurred_at, unclench_journal"),
        ("{", "line 1: this is no JSON from here on"),
        (GOOD.replace('"t:2",', '"t:2"'), "line 3: this is no JSON from here on"),
        ("[1]", "line 1, unclench_journal: is missing: this is no export of Unclench"),
        ('{"unclench_journal": 2, "entries": []}', "must be 1: this was written by another version of Unclench"),
        ('{"unclench_journal": 1}', "line 1, entries: must be a list"),
        ('{"unclench_journal": 1,\n\n"entries": [3]}', "line 3: an entry must be an object with fields"),
        ('{"unclench_journal": 1, "entries": [NaN]}', "this JSON holds what no journal holds"),
        ('{"unclench_journal": 1, "entries": ' + "[" * 100_000, "line 1"),
        (GOOD.replace('"t:3", "person": "anna"', '"t:3", "person": "../x"'), "line 4, person: must be the name of a"),
        (GOOD.replace('"t:2", "person": "anna", ', '"t:2", '), "line 3, person: is missing"),
        (GOOD.replace("15:00:00+00:00", "15:00:00", 1), "line 2, occurred_at: must say its zone"),
        (GOOD.replace('"2026-11-20T15:00:00+00:00"', "5", 1), "line 2, occurred_at: must be a time like"),
        (GOOD.replace('"severity": 7.0', '"severity": 11', 1), "line 2, severity: must be from 0 to 10"),
        (GOOD.replace('"severity": 7.0', '"severity": true', 1), "line 2, severity: cannot be used"),
        (GOOD.replace('"side": "left"', '"side": "xyzzy"', 1), "line 2, side: must be empty or one of left, right"),
        (GOOD.replace('"count": 1', '"count": -1', 1), "line 2, count: must be from 0 to 100000"),
        (GOOD.replace('"woke"', '"xyzzy"', 1), "line 2: a field that is none of ours"),
        (GOOD.replace("t:2", "t:1").replace("calf", "knee", 1), "line 3, id: the same as of another entry"),
        (TABLE.replace("calf", "xyzzy"), "line 2, place: must be empty or one of toe"),
        (TABLE.replace("t:3,anna", "t:3,"), "line 5, person: must be the name of a profile"),
        (TABLE.replace("t:3,anna", "t:3"), f"line 5: {len(COLUMNS) - 1} cells, where the first line has"),
        (TABLE.replace(",1\r\n", ",2\r\n"), "line 3, unclench_journal: must be 1"),
        (TABLE.replace("lines", 'lines"x'), "this is no CSV from here on"),
        (TABLE.replace("woke,", "xyzzy,"), f"line 1: column {COLUMNS.index('woke') + 1} is none of ours"),
        (TABLE.replace("side,", "place,"), "line 1: the same column twice"),
        (TABLE.replace("7,", "much,", 1), "line 2, severity: cannot be used"),
    ],
    ids=lambda each: each[:40] if each.startswith(("line", "must", "this")) else "",
)
def test_what_cannot_be_taken_in(text: str, says: str) -> None:
    """Nothing of the file is, then; and what somebody wrote is not repeated."""
    with pytest.raises(NotAJournalError) as caught:
        from_text(text)
    assert says in "\n".join(each.text() for each in caught.value.problems)
    assert "xyzzy" not in str(caught.value)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(NotAJournalError) as caught:
        from_json(GOOD.replace('"severity": 7.0', '"severity": 11').replace('"calf"', '"wing"'))
    assert [(each.line, each.field) for each in caught.value.problems] == [
        (line, field) for line in (2, 3, 4) for field in ("place", "severity")
    ]


def test_the_line_is_right_in_another_layout() -> None:
    """As another program lays it out."""
    text = json.dumps(json.loads(GOOD.replace('"t:2", "person"', '"t:2", "persona"')), indent=2)
    line = next(at for at, each in enumerate(text.splitlines()) if '"t:2"' in each)
    with pytest.raises(NotAJournalError, match=f"line {line}"):
        from_json(text)

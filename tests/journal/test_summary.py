"""Days and symptoms in numbers: what was not written down is in none of them."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from journal.summary import Cell, Total, summarise
from tests.journal.written import NOW, entry

FIRST = date(2026, 11, 14)


def test_no_entry_is_no_number() -> None:
    found = summarise([], FIRST, 7, UTC)
    assert (found.totals, found.cells, found.share) == ([], {}, 0)


def test_a_day_is_one_of_the_person() -> None:
    """Half past midnight there is still yesterday evening here."""
    late = entry(1, occurred_at=NOW.replace(hour=23, minute=30))
    assert summarise([late], FIRST, 7, UTC).active == {date(2026, 11, 20)}
    assert summarise([late], FIRST, 7, ZoneInfo("Europe/Berlin")).active == set()
    assert summarise([late], FIRST, 8, ZoneInfo("Europe/Berlin")).active == {date(2026, 11, 21)}


def test_a_symptom_in_numbers() -> None:
    entries = [
        entry(1, severity=3.0, count=3, duration_minutes=2.0),
        entry(2, severity=None),
        entry(3, severity=9.0, occurred_at=NOW - timedelta(days=2)),
        entry(4, severity=10.0, deleted=True),
        entry(5, what="pain"),
        entry(6, kind="report", what="stress", severity=10.0),
        entry(7, kind="none", occurred_at=NOW - timedelta(days=1)),
        entry(8, kind="none", occurred_at=NOW),
    ]
    found = summarise(entries, FIRST, 7, UTC)
    spasm = Total(symptom="spasm", count=5, days_with=2, none_days=1, median=6, worst=9, minutes=2)
    assert found.totals[0] == spasm
    assert [each.symptom for each in found.totals] == ["spasm", "pain"]
    assert found.cells[NOW.date(), "spasm"] == Cell(count=4, severities=[3], minutes=2, none=True)
    assert found.share == pytest.approx(3 / 7)


def test_no_symptoms_at_all_is_a_zero_of_those_that_there_are() -> None:
    free = entry(1, kind="none", what="", severity=None)
    assert summarise([free], FIRST, 7, UTC).totals == []
    found = summarise([free, entry(2, occurred_at=NOW - timedelta(days=1))], FIRST, 7, UTC)
    assert found.free == {NOW.date()}
    assert [(each.symptom, each.none_days) for each in found.totals] == [("spasm", 1)]

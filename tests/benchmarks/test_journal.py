"""The measurement of ten years runs, in small: it is what the figures in docs/performance.md come from."""

from __future__ import annotations

from pathlib import Path

from benchmarks.journal import AIM_MS, Timed, run, table


def test_a_small_journal_is_built_and_everything_is_asked(tmp_path: Path) -> None:
    """With its history, its hours and a purge."""
    lines, waited, now_and_then = run(tmp_path, entries=600, days=20, readings=50_000, rounds=2)
    assert "600 entries" in lines[0]
    assert "4,800 hours" in lines[0]
    assert "821 readings of 60 days" in lines[2]
    assert "purged to 410 of 30 days" in lines[2]
    assert {"a week", "changes", "counts of ten years by day"} <= {row.what for row in waited}
    assert [row.what for row in waited if row.p50 > AIM_MS] == []
    assert [row.what for row in now_and_then][-2:] == ["erase a month, here and in the backup", "restore"]


def test_the_table_is_markdown() -> None:
    """To be pasted."""
    assert table([Timed("a week", 0.5, 1.0, 0.75, 0.25)]).splitlines()[-1] == "| a week | 0.50 | 1.00 | 0.75 | 0.25 |"

"""Ten years of a journal: ``python -m benchmarks.journal``. How long a question takes, how large it gets.

100,000 entries with their history, and what five million readings leave behind: raw readings are purged after 30 days,
and become hourly rows of ten facts (876,480 of them).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.journal_years import DAYS, ENDS, HOUR, PERSON, hours, lived, write_entries, write_readings
from benchmarks.table import percentile
from config.profile import Profile
from integration.store import JournalStore
from integration.store.journal_copies import restore
from integration.store.room import used
from journal.context import Home
from journal.desk import Visit, decide
from journal.meaning import QUERIES, Meaning, Said

AIM_MS = 300
ENTRIES, READINGS = 100_000, 5_000_000
KEPT = timedelta(days=30)
MB = 1024 * 1024
PROFILE = {"name": "Robin", "time_zone": "Europe/London"}
Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Timed:
    """How long something took, in milliseconds; ``first`` is the first time, ``cpu`` what it computed (p50)."""

    what: str
    p50: float
    most: float
    first: float
    cpu: float = 0.0


def timed(what: str, call: Call, rounds: int) -> Timed:
    """Call it so many times, and once before."""
    took, computed = [], []
    for _ in range(rounds + 1):
        began, before = time.perf_counter(), time.thread_time()
        call()
        took.append((time.perf_counter() - began) * 1e3)
        computed.append((time.thread_time() - before) * 1e3)
    return Timed(what, percentile(took[1:], 0.5), max(took), took[0], percentile(computed[1:], 0.5))


def reads(store: JournalStore) -> dict[str, Call]:
    """Everything that a ``Book`` and the statistics of later read."""
    now, day = ENDS, timedelta(days=1)
    last = store.logged_last(PERSON)[0]
    return {
        "get": lambda: store.get(last.id),
        "latest": lambda: store.latest(PERSON),
        "latest of a symptom of 10": lambda: store.latest(PERSON, kinds=("symptom",), what="clonus", at_least=10),
        "latest of a strength that never was": lambda: store.latest(PERSON, kinds=("symptom",), at_least=11),
        "latest before five years ago": lambda: store.latest(PERSON, before=now - 1826 * day, limit=50),
        "logged last": lambda: store.logged_last(PERSON, limit=20),
        "changes": lambda: store.changes(PERSON, limit=20),
        "flagged": lambda: store.flagged_at(PERSON, "fever"),
        "a week": lambda: store.between(PERSON, now - 7 * day, now),
        "a month": lambda: store.between(PERSON, now - 30 * day, now),
        "a year of spasms": lambda: store.between(PERSON, now - 365 * day, now, what="spasm"),
        "a year of everything": lambda: store.between(PERSON, now - 365 * day, now),
        "counts of a year by day": lambda: store.daily_counts(PERSON, "spasm", now - 365 * day, now),
        "counts of ten years by day": lambda: store.daily_counts(PERSON, "spasm", now - DAYS * day, now),
        "history of an entry": lambda: store.history(last.id),
        "a year of hours of a fact": lambda: store.hours(PERSON, "bedroom.temperature", now - 365 * day, now),
        "counts of all tables": store.counts,
    }


def questions(store: JournalStore) -> dict[str, Call]:
    """Every question by voice, and what is said most: the decision with all that it reads, not the commit."""
    profile = Profile.model_validate(PROFILE)

    def asked(meaning: Meaning) -> Call:
        visit = Visit(person=PERSON, profile=profile, now=ENDS + HOUR, message="m", channel="text")
        return lambda: decide(meaning, visit, store, Home())

    found = {f'asked "{query}"': asked(Meaning(purpose="ask", raw=query, query=query)) for query in QUERIES}
    for query in ("count_week", "nurse_summary"):
        far = Meaning(purpose="ask", raw=query, query=query, days=365)
        found[f'asked "{query}" over a year'] = asked(far)
    spasm = Said(kind="symptom", what="spasm", place="calf", side="left", severity=7, severity_source="number")
    found["a spasm, with its red flags"] = asked(Meaning(purpose="log", raw="spasm, left calf, seven", said=(spasm,)))
    found["undo"] = asked(Meaning(purpose="change", raw="undo", op="undo"))
    found["make that a six"] = asked(
        Meaning(purpose="change", raw="six", op="set_severity", to=Said(kind="symptom", what="", severity=6))
    )
    return found


def answerable(store: JournalStore) -> dict[str, Call]:
    """The questions, once there is somebody who answers them."""
    found = questions(store)
    try:
        next(iter(found.values()))()
    except NotImplementedError:
        return {}
    return found


def care(store: JournalStore, folder: Path, rounds: int) -> list[Timed]:
    """Writing, opening, copying and erasing."""
    chance, number = random.Random(2), iter(range(10**9, 2 * 10**9))

    def log() -> None:
        store.apply(lived(chance, next(number), ENDS))

    def reopen() -> None:
        store.close()
        store.open()

    month = (ENDS - timedelta(days=400), ENDS - timedelta(days=370))
    made = folder / "stick.db"
    found = [
        timed("log an entry, safe on the disk", log, rounds * 5),
        timed("open, with a look for damage", reopen, 2),
        timed("the whole examination (check)", store.check, 1),
        timed("backup", lambda: store.backup(made, ENDS), 1),
        timed("erase a month, here and in the backup", lambda: store.erase(PERSON, *month), 1),
    ]
    store.close()
    found.append(timed("restore", lambda: restore(made, store.path, ENDS), 1))
    store.open()
    return found


def purged(folder: Path, readings: int, days: int) -> str:
    """The engine's database with twice the days that it keeps, before and after a purge."""
    number = round(2 * readings * (KEPT / timedelta(days=days)))
    store = write_readings(folder, number, 2 * KEPT.days)
    before = used(store._db)  # noqa: SLF001 (there is no other way to see it)
    began = time.perf_counter()
    with store.transaction():
        store.purge(ENDS, KEPT)
    took = (time.perf_counter() - began) * 1e3
    after, left = used(store._db), store.counts()["events"]  # noqa: SLF001
    store.close()
    return (
        f"unclench.db, {number:,} readings of {2 * KEPT.days} days: {before / MB:.1f} MB; purged to {left:,} of "
        f"{KEPT.days} days in {took:.0f} ms: {after / MB:.1f} MB"
    )


def run(
    folder: Path, *, entries: int, days: int, readings: int, rounds: int
) -> tuple[list[str], list[Timed], list[Timed]]:
    """Build and measure: lines about it, what a person waits for, and what is done now and then."""
    store = JournalStore(folder / "data").open()
    began = time.perf_counter()
    write_entries(store, entries)
    small = store.path.stat().st_size
    store.add_hours(PERSON, hours(random.Random(1), days))
    store.close()
    size, counts = store.path.stat().st_size, store.open().counts()
    lines = [
        f"journal.db: {counts['entries']:,} entries, {counts['changes']:,} changes, {counts['hours']:,} hours of facts",
        f"{size / MB:.0f} MB ({small / MB:.0f} MB before the hours), built in {time.perf_counter() - began:.0f} s",
        purged(folder / "engine", readings, DAYS),
    ]
    waited = [timed(what, call, rounds) for what, call in (reads(store) | answerable(store)).items()]
    now_and_then = care(store, folder, rounds)
    store.close()
    return lines, waited, now_and_then


def table(rows: list[Timed]) -> str:
    """As Markdown."""
    lines = ["| what | p50 ms | max ms | first ms | CPU ms |", "| --- | --: | --: | --: | --: |"]
    lines += [f"| {row.what} | {row.p50:.2f} | {row.most:.2f} | {row.first:.2f} | {row.cpu:.2f} |" for row in rows]
    return "\n".join(lines)


def main() -> int:
    """Print the tables; 1 where something that a person waits for takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--days", type=int, default=DAYS, help="of hours")
    parser.add_argument("--readings", type=int, default=READINGS)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="unclench-bench-") as folder:
        lines, waited, now_and_then = run(
            Path(folder), entries=options.entries, days=options.days, readings=options.readings, rounds=options.rounds
        )
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    slow = [row.what for row in waited if max(row.p50, row.first) > AIM_MS]
    sys.stdout.write("\n".join([*lines, f"load {load}", "", table(waited), "", table(now_and_then), ""]))
    sys.stdout.write(f"\nover {AIM_MS} ms: {', '.join(slow) or 'nothing'}\n")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())

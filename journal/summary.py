"""Days and symptoms in numbers. Nothing is known about an empty day: it is none without symptoms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from statistics import median

from journal.entry import Entry
from journal.vocabulary import SYMPTOMS


@dataclass(slots=True)
class Cell:
    """One symptom on one day, or on several."""

    count: int = 0
    severities: list[float] = field(default_factory=list)
    minutes: float = 0
    none: bool = False
    """The person said that there was none."""

    @property
    def worst(self) -> float | None:
        """The highest strength that was said."""
        return max(self.severities, default=None)

    def take(self, entry: Entry) -> None:
        """Count an entry in."""
        if entry.kind == "none":
            self.none = True
            return
        self.count += max(1, entry.count)
        self.minutes += entry.duration_minutes or 0
        if entry.severity is not None:
            self.severities.append(entry.severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A symptom over a span of days. Strengths are of what was logged; days without an entry are in no average."""

    symptom: str
    count: int
    days_with: int
    none_days: int
    """Days on which the person said that there was none."""
    median: float | None
    worst: float | None
    minutes: float
    """Of the entries that say how long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Some days in a row."""

    days: Sequence[date]
    active: frozenset[date]
    """Days on which anything was written down."""
    free: frozenset[date]
    """Days on which the person said that there was no symptom at all."""
    cells: dict[tuple[date, str], Cell]
    totals: Sequence[Total]
    """Of the symptoms that occur, the most frequent first."""

    @property
    def share(self) -> float:
        """Of days with any entry."""
        return len(self.active) / len(self.days)


def summarise(entries: Iterable[Entry], first: date, days: int, zone: tzinfo) -> Summary:
    """By symptom and by day of the person's zone, from ``first`` on. What lies outside is left out."""
    span = [first + timedelta(days=each) for each in range(days)]
    inside, active, free = set(span), set(), set()
    cells: dict[tuple[date, str], Cell] = {}
    for entry in entries:
        day = entry.occurred_at.astimezone(zone).date()
        if entry.deleted or day not in inside:
            continue
        active.add(day)
        if entry.kind == "none" and not entry.what:
            free.add(day)
        elif entry.kind in ("symptom", "none"):
            cells.setdefault((day, entry.what), Cell()).take(entry)
    totals = [_total(each, cells, free) for each in SYMPTOMS if any(symptom == each for _, symptom in cells)]
    totals.sort(key=lambda each: -each.count)
    return Summary(days=span, active=frozenset(active), free=frozenset(free), cells=cells, totals=totals)


def _total(symptom: str, cells: dict[tuple[date, str], Cell], free: set[date]) -> Total:
    days = {day: cell for (day, each), cell in cells.items() if each == symptom}
    own = list(days.values())
    none = {day for day, cell in days.items() if cell.none and not cell.count} | (free - days.keys())
    said = [severity for cell in own for severity in cell.severities]
    return Total(
        symptom=symptom,
        count=sum(cell.count for cell in own),
        days_with=sum(cell.count > 0 for cell in own),
        none_days=len(none),
        median=median(said) if said else None,
        worst=max(said, default=None),
        minutes=sum(cell.minutes for cell in own),
    )

"""Ten years of a busy journal, made up: entries with their corrections, and what the hours were like."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from devices.events import Event, RoomMeasured
from devices.readings import Kind
from integration.store import JournalStore, Store
from integration.store.events import event_to_json
from journal.entry import Change, Entry
from journal.hours import HourRow
from journal.vocabulary import PLACES, SELF_REPORTS, SIDES, SYMPTOMS, TRIGGERS

PERSON = "robin"
ENDS = datetime(2026, 11, 23, 21, 40, tzinfo=UTC)
DAYS = 3_652
HOUR = timedelta(hours=1)
NUMBERS = ("bedroom.temperature", "bedroom.humidity", "outdoor.temperature", "self.stress", "living_room.temperature")
YES_NO = ("bed.occupied", "at_home", "cooling.bedroom", "trigger.heat", "window.bedroom")
CONTEXT = {
    "temperature": {"value": 23.4, "quality": "fresh", "age_minutes": 3.2},
    "humidity": {"value": 51.0, "quality": "fresh", "age_minutes": 3.2},
    "temperatures": {"1": 23.1, "2": 22.8, "3": 22.4},
    "in_bed": {"value": True, "quality": "fresh", "age_minutes": 41.0},
    "at_home": True,
    "routines": {"wind_down": "done"},
    "triggers": {"heat": "building"},
    "doing": ["cooling bedroom"],
    "reminder_hours": {"evening_note": 3.5},
}
TOGETHER = 1_000
"""Changes in one commit: a journal that is imported, and not lived."""


def moments(chance: random.Random, number: int) -> list[datetime]:
    """Spread over the years with bad spells, bursts, and evenings that are worse than mornings."""
    found: list[datetime] = []
    while len(found) < number:
        day = ENDS - timedelta(days=DAYS * chance.random())
        if chance.random() > 0.4 + 0.6 * ((day.toordinal() // 40) % 3 == 0):
            continue
        hour = min(23.9, abs(chance.gauss(19, 5)))
        at = day.replace(hour=int(hour), minute=chance.randrange(60), second=chance.randrange(60), microsecond=0)
        burst = [at + timedelta(minutes=7 * place) for place in range(chance.choice((1, 1, 1, 2, 4)))]
        found += [each for each in burst if each < ENDS]
    return sorted(found[:number])


def entry(chance: random.Random, number: int, at: datetime) -> Entry:
    """What somebody says at such a moment."""
    plain = Entry(
        id=f"robin-{number}",
        person=PERSON,
        kind="note",
        occurred_at=at,
        logged_at=at,
        context=CONTEXT,
        raw="my leg again",
    )
    which = chance.random()
    if which < 0.03:  # noqa: PLR2004 (how often)
        return replace(plain, note="felt odd after lunch, sat down for a while")
    if which < 0.25:  # noqa: PLR2004
        return replace(
            plain, kind="report", what=chance.choice(list(SELF_REPORTS)), severity=chance.choice((None, 4.0))
        )
    what = chance.choice([*SYMPTOMS, "spasm", "spasm", "spasm", "stiffness"])
    if which < 0.29:  # noqa: PLR2004
        return replace(plain, kind="none", what=what)
    return replace(
        plain,
        kind="symptom",
        what=what,
        place=chance.choice([*PLACES, "", "calf", "calf", "leg"]),
        side=chance.choice([*SIDES, ""]),
        severity=chance.choice((None, *(float(min(10, max(0, round(chance.gauss(5, 2))))) for _ in range(4)))),
        duration_minutes=chance.choice((None, None, 2.0, 10.0)),
        count=chance.choice((1, 1, 1, 1, 1, 3)),
        suspected=(chance.choice(TRIGGERS),) if chance.random() < 0.1 else (),  # noqa: PLR2004
    )


def lived(chance: random.Random, number: int, at: datetime) -> Iterator[Change]:
    """An entry, and what is done to it soon after, if anything."""
    first = entry(chance, number, at)
    yield Change(at=at, op="add", before=None, after=first, group=first.id)
    later, which = at + timedelta(minutes=1), chance.random()
    if which < 0.1:  # noqa: PLR2004 (how often)
        yield Change(at=later, op="set_severity", before=first, after=replace(first, severity=6.0))
    elif which < 0.13:  # noqa: PLR2004
        yield Change(at=later, op="delete", before=first, after=replace(first, deleted=True))


def write_entries(store: JournalStore, number: int, seed: int = 1) -> None:
    """That many entries, with their history."""
    chance = random.Random(seed)
    changes: list[Change] = []
    for place, at in enumerate(moments(chance, number)):
        changes += lived(chance, place, at)
        if len(changes) >= TOGETHER:
            store.apply(changes)
            changes = []
    store.apply(changes)


def hours(chance: random.Random, days: int) -> Iterator[HourRow]:
    """Of ten facts, with gaps."""
    begins = ENDS.replace(minute=0) - timedelta(days=days)
    for fact in (*NUMBERS, *YES_NO):
        for number in range(days * 24):
            known = chance.choice((60.0, 60.0, 60.0, 60.0, 41.5))
            at = begins + number * HOUR
            if fact in YES_NO:
                yield HourRow(fact=fact, hour=at, known_minutes=known, true_minutes=chance.choice((0.0, known, 12.25)))
            else:
                mean = round(chance.gauss(22, 2), 3)
                low, high = mean - 0.4, mean + 0.4
                yield HourRow(fact=fact, hour=at, known_minutes=known, mean=mean, low=low, high=high)


def write_readings(folder: Path, number: int, days: int, seed: int = 1) -> Store:
    """The engine's database with readings spread over the last days, all known to the snapshot."""
    chance, store = random.Random(seed), Store(folder).open()

    def readings() -> Iterator[tuple[str, Event, str]]:
        for place in range(number):
            at = ENDS - timedelta(days=days) * (1 - place / number)
            value = round(chance.gauss(22, 2), 2)
            event = RoomMeasured(
                at=at,
                source="zigbee2mqtt/bedroom",
                id=f"2026-{place:08}",
                room="bedroom",
                quantity=Kind.TEMPERATURE,
                value=value,
            )
            yield PERSON, event, event_to_json(event)

    with store.transaction():
        store.add_events(readings())
        store.save_snapshot({})
    return store

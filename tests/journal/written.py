"""Entries as people and machines may leave them behind: seeded, with everything that a file can trip over."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from journal.entry import Channel, Entry, EntryKind
from journal.meaning import Precision
from journal.vocabulary import PLACES, SELF_REPORTS, SIDES, SUBTYPES, SYMPTOMS, TRIGGERS

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
WORDS = (
    "",
    "I'd been sitting too long",
    "=1+1",
    "'=1+1",
    "''@x",
    "  =cmd|' /C calc'!A0",
    "+49 30 1234",
    "-5",
    "@home",
    "\tx",
    "\n",
    'say "ow", twice',
    "one\nline\r\nand\ranother",
    "'it hurt",
    "ziemlich heiß, très fort, 痛い, ＝1",  # noqa: RUF001 (the wide one is meant)
    "a,b;c",
    " spaces ",
    "\u2028 and \x0b and \x85",
)


def entry(number: int, **changed: Any) -> Entry:  # noqa: ANN401 (any field)
    """A left calf spasm, seven."""
    given: dict[str, Any] = {
        "id": f"t:{number}",
        "person": "anna",
        "kind": "symptom",
        "what": "spasm",
        "place": "calf",
        "side": "left",
        "severity": 7.0,
        "occurred_at": NOW,
        "logged_at": NOW,
    }
    return Entry(**(given | changed))


def some(seed: int, number: int = 200) -> list[Entry]:
    """As many entries of all kinds."""
    chance = random.Random(seed)
    return [_one(chance, each) for each in range(number)]


def _one(chance: random.Random, number: int) -> Entry:
    def maybe(*of: Any) -> Any:  # noqa: ANN401
        return chance.choice((*of, *of, of[0].__class__()))

    kind: EntryKind = chance.choice(("symptom", "symptom", "report", "none", "rating", "note"))
    occurred = NOW - timedelta(minutes=chance.randrange(500_000), microseconds=chance.choice((0, 5, 120_000)))
    what = {"symptom": chance.choice([*SYMPTOMS]), "none": chance.choice(["", *SYMPTOMS]), "rating": "night"}
    return Entry(
        id=f"m:{number}",
        person=chance.choice(("anna", "ben")),
        kind=kind,
        what="" if kind == "note" else what.get(kind, chance.choice([*SELF_REPORTS])),
        subtype=maybe(*SUBTYPES),
        place=maybe(*PLACES),
        side=maybe(*SIDES),
        severity=chance.choice((None, 0.0, 6.5, 7.0, 10.0, 0.1 + 0.2)),
        severity_word=maybe("quite bad", "worst"),
        severity_source=chance.choice(("", "word", "number")),
        duration_minutes=chance.choice((None, 5.0, 0.5, 1e-7)),
        occurred_at=occurred,
        logged_at=occurred + timedelta(seconds=chance.randrange(9000)),
        precision=chance.choice(get_args(Precision)),
        count=chance.choice((0, 1, 3)),
        suspected=tuple(chance.sample(TRIGGERS, chance.randrange(3))),
        note=chance.choice(WORDS),
        raw=chance.choice(WORDS),
        channel=chance.choice(get_args(Channel)),
        going_on=chance.random() < 0.3,
        over=chance.random() < 0.3,
        ended_at=chance.choice((None, occurred + timedelta(minutes=7))),
        woke=chance.random() < 0.3,
        celsius=chance.choice((None, 38.4)),
        reminder=maybe("evening_tablets"),
        deleted=chance.random() < 0.2,
        context=chance.choice(({}, {"temperature": {"value": 23.4, "quality": "fresh"}, "doing": ["cooling =x"]})),
    )

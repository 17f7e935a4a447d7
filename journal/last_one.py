"""What is said about the symptom before: another one, the other side, it has stopped, it is still going."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from journal.changes import edited, flipped, group_of, which_one
from journal.entry import Entry
from journal.meaning import Said
from journal.outcome import Outcome
from journal.wording import noun, sentence
from journal.writing import Room

OPEN_WITHIN: Final = timedelta(hours=24)
OPEN_AT_MOST: Final = timedelta(days=14)
NOTHING_TO_REPEAT = "There is nothing to repeat. I kept it as a note."
NO_SIDE = "The last one had no side. I kept it as a note."
NOTHING_OPEN = "Nothing is going on in the journal. I kept it as a note."
_ENOUGH: Final = 50


def repeat(room: Room) -> Outcome:
    """The last symptom again, now. Not its note, its time or its strength."""
    said = room.meaning.said[0] if room.meaning.said else room.meaning.to or Said(kind="symptom", what="")
    logged = room.logged(_ENOUGH)
    symptoms = [entry for entry in logged if entry.kind == "symptom" and said.what in ("", entry.what)]
    if not symptoms:
        return room.note(NOTHING_TO_REPEAT)
    together = [entry for entry in symptoms if group_of(entry) == group_of(symptoms[0])]
    if len(together) > 1:
        return room.note(which_one(sorted(together, key=lambda entry: entry.id), "repeat", said))
    last = together[0]
    side = said.side or last.side
    if room.meaning.op == "repeat_other_side" and not said.side:
        side = flipped(last.side)
        if not side:
            return room.note(NO_SIDE)
    entry = replace(
        room.new("symptom", last.what),
        subtype=said.subtype or last.subtype,
        place=said.place or last.place,
        side=side,
        suspected=said.suspected or last.suspected,
        severity=said.severity,
        severity_word=said.severity_word,
        severity_source=said.severity_source,
        duration_minutes=said.duration_minutes,
        occurred_at=min(said.occurred_at or room.visit.spoken_at, room.visit.now),
        precision=said.precision,
        count=said.count or 1,
        note=said.note,
        going_on=said.going_on,
        woke=said.woke,
    )
    return room.outcome([entry])


def stopped(room: Room) -> Outcome:
    """It has ended: now, or when it was said to."""
    to = room.meaning.to or Said(kind="symptom", what="")
    found = _going(room, to)
    if not found:
        return room.note(NOTHING_OPEN)
    if len(found) > 1:
        return Outcome(says=which_one(found, "stopped", to))
    before = found[0]
    ended = max(min(to.occurred_at or room.visit.spoken_at, room.visit.now), before.occurred_at)
    lasted = to.duration_minutes or before.duration_minutes
    exact = before.precision == "minute" and to.precision == "minute" and before.count == 1
    if lasted is None and exact:
        lasted = round((ended - before.occurred_at) / timedelta(minutes=1), 1)
    after = replace(before, going_on=False, ended_at=ended, duration_minutes=lasted)
    says = sentence(f"{noun(before)} stopped, noted")
    return Outcome(changes=(edited(room, before, after, "stopped"),), says=says)


def still_going(room: Room) -> Outcome:
    """It has not ended."""
    found = _going(room, room.meaning.to or Said(kind="symptom", what=""))
    if not found:
        return room.note(NOTHING_OPEN)
    changes = tuple(edited(room, entry, replace(entry, going_on=True), "still_going") for entry in found)
    name = noun(found[0]) if len(found) == 1 else "both"
    return Outcome(changes=changes, says=sentence(f"{name} still going, noted"))


def _going(room: Room, to: Said) -> list[Entry]:
    """What is meant: what is going on, or else the last symptom of these 24 h; with its sentence's others."""
    now = room.visit.now
    logged = room.logged(_ENOUGH)
    symptoms = [
        entry
        for entry in logged
        if entry.kind == "symptom"
        and entry.ended_at is None
        and to.what in ("", entry.what)
        and to.place in ("", entry.place)
        and to.side in ("", entry.side)
    ]
    still = [entry for entry in symptoms if entry.going_on and now - entry.occurred_at <= OPEN_AT_MOST]
    found = still or [entry for entry in symptoms if now - entry.occurred_at <= OPEN_WITHIN]
    return sorted((each for each in found if group_of(each) == group_of(found[0])), key=lambda each: each.id)

"""Corrections: undo, delete the last, and "make that a seven". Every one is kept as a change with both its ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from journal.context import Home
from journal.entry import Change, Entry
from journal.meaning import Said
from journal.outcome import Ask, Outcome
from journal.reports import asks_of
from journal.wording import noun, number, plural, sentence
from journal.writing import Room

UNDO_WITHIN: Final = timedelta(minutes=30)
CORRECT_WITHIN: Final = timedelta(hours=12)
NOTHING_TO_UNDO = "There is nothing to undo from the last half hour."
NOTHING_TO_DELETE = "There is nothing to delete."
NOTHING_TO_CHANGE = "There is nothing to change from the last twelve hours."
NO_SUCH_TIME = "That time has not come yet. Nothing was changed."
SAME_ALREADY = "It is like that already."
_ENOUGH: Final = 30
_SIDELESS: Final = frozenset({"trunk", "back", "upper_back", "lower_back", "neck", "throat"})
_FLIPPED: Final = {"left": "right", "right": "left"}
_RATED: Final = frozenset({"stress", "sleep", "slept_badly", "stiffness"})


def group_of(entry: Entry) -> str:
    """The message that an entry came with."""
    return entry.id.rsplit(".", 1)[0]


# -- taking back


def undo(room: Room) -> Outcome:
    """Take back what was done last; said again, what was done before that."""
    visit = room.visit
    group = _last_group(room)
    if not group or visit.now - group[0].at > UNDO_WITHIN:
        return Outcome(says=NOTHING_TO_UNDO)
    changes = tuple(_taken_back(change, room) for change in group)
    asks = [ask for change in group for ask in _unsaid(change, room)]
    return Outcome(changes=changes, asks=tuple(asks), says=_undone(group, room))


def _last_group(room: Room) -> list[Change]:
    """What was done last, as a whole: an import may be thousands."""
    limit = _ENOUGH
    while True:
        found = room.book.changes(room.visit.person, limit=limit)
        done = [change for change in found if not change.undoes]
        group = [change for change in done if change.group == done[0].group] if done and done[0].group else done[:1]
        if len(group) < len(done) or len(found) < limit:
            return group
        limit *= 8


def _taken_back(change: Change, room: Room) -> Change:
    now = room.book.get(change.after.id) or change.after
    after = replace(now, deleted=True) if change.before is None else change.before
    visit = room.visit
    return Change(at=visit.now, op="undo", before=now, after=after, group=visit.message, undoes=change.seq)


def _unsaid(change: Change, room: Room) -> list[Ask]:
    """A yes that was added by mistake is a no to the engine again. A strength cannot be taken back there."""
    if change.before is not None or change.after.kind != "report" or change.after.what == "took_reminder":
        return []
    start = room.visit.now - timedelta(hours=24)
    end = room.visit.now + timedelta(microseconds=1)
    same = room.book.between(room.visit.person, start, end, kinds=("report",), what=change.after.what)
    if any(entry.id != change.after.id for entry in same):
        return []
    asks = asks_of(change.after, room.visit.now, Home(), frozenset(), words=change.after.raw)
    return [replace(ask, value=not ask.value, at=None) for ask in asks if isinstance(ask.value, bool)]


def _undone(group: Sequence[Change], room: Room) -> str:
    first = group[0]
    if len(group) > 1:
        return sentence(f"{plural(len(group), 'change')} undone")
    if first.before is None:
        return sentence(f"{noun(first.after)} undone")
    if first.after.deleted and not first.before.deleted:
        return room.back([first.before], lead="Back again:")
    return room.back([first.before], lead="Changed back:")


def delete_last(room: Room) -> Outcome:
    """Delete the entry that was logged last: of a symptom or a report, and not a note."""
    wanted = room.meaning.to.what if room.meaning.to else ""
    found = [entry for entry in room.logged(_ENOUGH) if entry.kind != "note"]
    entry = next((entry for entry in found if not wanted or entry.what == wanted), None)
    if entry is None:
        return Outcome(says=NOTHING_TO_DELETE)
    change = edited(room, entry, replace(entry, deleted=True), "delete_last")
    return Outcome(changes=(change,), says=room.back([entry], lead="Deleted:"))


# -- making it right


def edited(room: Room, before: Entry, after: Entry, op: str) -> Change:
    """One entry as it becomes."""
    return Change(at=room.visit.now, op=op, before=before, after=after, group=room.visit.message)


def correct(room: Room) -> Outcome:
    """Change one entry: "make that a seven", "left, not right", "that was an hour ago"."""
    op, to = room.meaning.op, room.meaning.to or Said(kind="symptom", what="")
    ops = (op, *(other for other in room.meaning.also if other in _FITS))
    late = room.meaning.about_late or to.occurred_at is None or to.occurred_at > room.visit.now
    if "set_time" in ops and late:
        return Outcome(says=NO_SUCH_TIME)
    named = "" if op == "set_symptom" else to.what
    candidates = recent(room, named, _FITS[op], _naming(to, room.meaning.also))
    if not candidates:
        return Outcome(says=NOTHING_TO_CHANGE)
    if len(candidates) > 1:
        return Outcome(says=which_one(candidates, op, to))
    before = after = candidates[0]
    for each in ops:
        if each != "set_side" or after.place not in _SIDELESS:
            after = _CHANGES[each](after, to)
    if after == before:
        return Outcome(says=SAME_ALREADY)
    reminders = frozenset(room.visit.profile.reminders)
    tell = bool({"set_severity", "set_time", "set_symptom"} & {*ops})
    asks = asks_of(after, room.visit.now, room.home, reminders) if tell and after.kind == "symptom" else []
    if "set_severity" in ops and after.kind == "report":
        asks = [ask for ask in asks_of(after, room.visit.now, room.home, reminders) if ask.kind == "report"]
    return Outcome(
        changes=(edited(room, before, after, op),), asks=tuple(asks), says=room.back([after], lead="Changed:")
    )


def _naming(to: Said, also: Sequence[str]) -> Said:
    """What tells which entry is meant: nothing that is corrected as well."""
    place = "" if "set_place" in also else to.place
    return replace(to, place=place, side="" if {"set_side", "set_place"} & {*also} else to.side)


Fits = Callable[[Entry, Said], bool]


def recent(room: Room, named: str, fits: Fits, to: Said) -> list[Entry]:
    """The entry that was logged last and that this fits; with others of its sentence that it fits as well."""
    since = room.visit.now - CORRECT_WITHIN
    logged = [entry for entry in room.logged(_ENOUGH) if entry.logged_at >= since]
    fitting = [
        entry for entry in logged if entry.kind != "note" and (not named or entry.what == named) and fits(entry, to)
    ]
    found = [entry for entry in fitting if group_of(entry) == group_of(fitting[0])] if fitting else []
    return sorted(found, key=lambda entry: entry.id)


def _rated(entry: Entry, to: Said) -> bool:
    matches = (not to.place or to.place == entry.place) and (not to.side or to.side == entry.side)
    return matches and (entry.kind in ("symptom", "rating") or entry.what in _RATED)


def _sided(entry: Entry, to: Said) -> bool:
    return entry.kind == "symptom" and entry.place not in _SIDELESS and (not to.place or to.place == entry.place)


def _symptom(entry: Entry, _: Said) -> bool:
    return entry.kind == "symptom"


def _any(_: Entry, __: Said) -> bool:
    return True


def _other_side(entry: Entry, to: Said) -> bool:
    return _sided(entry, to) and entry.side != to.side


_FITS: Final[dict[str, Fits]] = {
    "set_severity": _rated,
    "set_side": _other_side,
    "set_time": _any,
    "set_place": _symptom,
    "set_duration": _symptom,
    "set_count": lambda entry, _: entry.kind == "symptom" or entry.what == "water",
    "set_symptom": _symptom,
    "add_note": _any,
}
OPS_HERE = tuple(_FITS)


def _stronger(entry: Entry, to: Said) -> Entry:
    source = to.severity_source or "number"
    return replace(entry, severity=to.severity, severity_word=to.severity_word, severity_source=source)


def _placed(entry: Entry, to: Said) -> Entry:
    side = to.side or ("" if to.place in _SIDELESS else entry.side)
    return replace(entry, place=to.place, side=side)


def _noted(entry: Entry, to: Said) -> Entry:
    return replace(entry, note="; ".join(part for part in (entry.note, to.note) if part))


def _moved(entry: Entry, to: Said) -> Entry:
    """At another time. What had an end still has it, if that is later, and lasted accordingly."""
    occurred = to.occurred_at or entry.occurred_at
    moved = replace(entry, occurred_at=occurred, precision=to.precision)
    if entry.ended_at is None:
        return moved
    if entry.ended_at < occurred:
        return replace(moved, ended_at=None, duration_minutes=None)
    minutes = (entry.ended_at - occurred) / timedelta(minutes=1) if to.precision == "minute" else None
    return replace(moved, duration_minutes=minutes)


_CHANGES: Final[dict[str, Callable[[Entry, Said], Entry]]] = {
    "set_severity": _stronger,
    "set_side": lambda entry, to: replace(entry, side=to.side),
    "set_time": _moved,
    "set_place": _placed,
    "set_duration": lambda entry, to: replace(entry, duration_minutes=to.duration_minutes),
    "set_count": lambda entry, to: replace(entry, count=to.count or entry.count),
    "set_symptom": lambda entry, to: replace(entry, what=to.what, subtype=to.subtype),
    "add_note": _noted,
}


def which_one(candidates: Sequence[Entry], op: str, to: Said) -> str:
    """Nothing is guessed between two: how to say which is meant."""
    name = noun(candidates[0])
    if op == "set_severity" and to.severity is not None:
        return f"Which one? Say for example: make the {name} a {number(to.severity)}."
    if op == "set_side" and to.side:
        return f"Which one? Say for example: the {name} was {to.side}."
    if op == "stopped":
        return f"Which one? Say for example: the {name} has stopped."
    if op in ("repeat", "repeat_other_side"):
        return f"Which one? Say for example: another {name}."
    return f"Which one? Say for example: the {name} was an hour ago."


def flipped(side: str) -> str:
    """The other side; nothing where there is none."""
    return _FLIPPED.get(side, "")

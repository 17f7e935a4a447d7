"""Whose change it was: a late or doubled echo of our own command, its side effect, or a person's hand (R10, R11)."""

from __future__ import annotations

from datetime import datetime

from devices.control.kind import Attribute, State, same
from devices.control.memory import Memory

HOLDS_ALL = frozenset({"power", "mode", "position"})
"""A hand on one of these leaves the whole device alone; on any other attribute, that attribute."""
FADES = frozenset({"brightness", "kelvin"})
"""What a lamp reports step by step while it fades."""
MOVES = frozenset({"position"})
"""What a blind reports step by step on its way, where it does not say that it moves."""


def by_hand(memory: Memory, before: State, reported: State, now: datetime, *, by_person: bool | None) -> set[str]:
    """The attributes that somebody else than us has changed. What may be a late echo is put under doubt instead."""
    changed = {name for name in reported if name in before and not same(name, before[name], reported[name])}
    return {
        name for name in changed if _is_foreign(memory, name, before[name], reported[name], now, by_person=by_person)
    }


def _is_foreign(  # noqa: PLR0913
    memory: Memory, name: str, last: Attribute, value: Attribute, now: datetime, *, by_person: bool | None
) -> bool:
    wanted = memory.wanted or {}
    if name in wanted and same(name, value, wanted[name]):
        return False
    if by_person or memory.settle_until is None or now > memory.settle_until:
        return True
    if name not in memory.commanded:
        # An air conditioner brings its own setpoint along with a mode: a side effect, no hand.
        return name in HOLDS_ALL or not _just_commanded(memory, now)
    asked = memory.commanded[name]
    fading = name in FADES and memory.fading_until is not None and now <= memory.fading_until
    on_its_way = fading or (name in MOVES and _just_commanded(memory, now))
    if same(name, value, asked) or (on_its_way and _is_between(value, last, asked)):
        return False
    if same(name, value, memory.commanded_from.get(name)) and (not fading or _just_commanded(memory, now)):
        memory.doubt_until = memory.settle_until
        memory.doubted = sorted({*memory.doubted, name})
        return False
    return True


def _just_commanded(memory: Memory, now: datetime) -> bool:
    return memory.side_effects_until is not None and now <= memory.side_effects_until


def _is_between(value: Attribute, last: Attribute, asked: Attribute) -> bool:
    """Whether a fading lamp or a moving blind went on towards its goal; back again is a hand."""
    if isinstance(value, str) or isinstance(last, str) or isinstance(asked, str):
        return False
    return min(last, asked) <= value <= max(last, asked)


def still_taken_back(memory: Memory) -> set[str]:
    """At the end of a doubt: what a report took back and has stayed so. That was a hand."""
    reported, wanted = memory.reported or {}, memory.wanted or {}
    taken_back = {name for name in memory.doubted if not same(name, reported.get(name), memory.commanded.get(name))}
    return {name for name in taken_back if name not in wanted or not same(name, reported.get(name), wanted[name])}

"""What was saved, said back in at most eight words, so that it can be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from config.types import temperature_text
from journal.entry import Entry
from journal.wording import listed, noun, number, plural, sentence, when

LONGEST: Final = 8
"""Words."""
NOTE = "I did not understand it all. I kept it as a note."
UNSURE = "I heard two things in that. I kept it as a note."


def words(text: str) -> int:
    """How many words a sentence has."""
    return len(text.split())


def read_back(
    entries: Sequence[Entry], now: datetime, zone: tzinfo, *, lead: str = "", fahrenheit: bool = False
) -> str:
    """One sentence about what was saved. ``lead``: what it begins with ("Changed:")."""
    room = LONGEST - words(lead)
    fits = next((text for text in _candidates(entries, now, zone, fahrenheit=fahrenheit) if words(text) <= room), "")
    return sentence(f"{lead} {fits or f'{number(len(entries))} entries noted'}".strip())


def _candidates(entries: Sequence[Entry], now: datetime, zone: tzinfo, *, fahrenheit: bool) -> list[str]:
    """What could be said, the fullest first."""
    if len(entries) == 1:
        return _of_one(entries[0], now, zone, fahrenheit=fahrenheit)
    full = [_strong(entry) for entry in entries]
    names = [noun(entry) for entry in entries]
    bare = [entry.what.replace("_", " ") or "a note" for entry in entries]
    strength = [
        f"{name} {entry.severity:g}" if entry.severity is not None else name
        for name, entry in zip(bare, entries, strict=True)
    ]
    noted = "both noted" if len(entries) == 2 else "all noted"  # noqa: PLR2004 (a pair)
    ways = [full, names, strength, bare] if any(entry.severity is not None for entry in entries) else [names, bare]
    return [text for way in ways for text in (f"{listed(way)}, {noted}", listed(way))]


def _strong(entry: Entry) -> str:
    return noun(entry) if entry.severity is None else f"{noun(entry)} {number(entry.severity)}"


def _of_one(entry: Entry, now: datetime, zone: tzinfo, *, fahrenheit: bool) -> list[str]:
    name, at = noun(entry), when(entry, now, zone)
    if entry.kind == "none":
        return [f"{name} {at or 'today'}, noted", f"{name}, noted"]
    if entry.kind == "note":
        return ["kept as a note"]
    counted = f"{number(entry.count)} {name}" if entry.count > 1 and entry.kind == "symptom" else name
    extra = _extra(entry, fahrenheit=fahrenheit)
    spoken = [] if entry.severity is None else [number(entry.severity)]
    digits = [] if entry.severity is None else [f"{entry.severity:g}"]
    short = name if entry.kind != "symptom" else noun_without_side(entry)
    ways = [
        [counted, *spoken, *extra, at],
        [counted, *spoken, at],
        [counted, *digits, at],
        [counted, *spoken],
        [counted, *digits],
        [short, *digits],
    ]
    return [_joined(way) for way in ways]


def noun_without_side(entry: Entry) -> str:
    """The shortest name of an entry."""
    plain = entry.side == "both" or entry.what == "hug"
    return entry.what.replace("_", " ") if plain else noun(entry).rsplit(" ", 1)[-1]


def _joined(parts: list[str]) -> str:
    kept = [part for part in parts if part]
    return ", ".join(kept) if len(kept) > 1 else f"{kept[0]}, noted"


def _extra(entry: Entry, *, fahrenheit: bool) -> list[str]:
    if entry.celsius is not None:
        return [temperature_text(round(entry.celsius, 1), fahrenheit=fahrenheit)]
    if entry.duration_minutes is not None:
        if 0 < entry.duration_minutes < 1:
            return [plural(max(1, round(entry.duration_minutes * 60)), "second")]
        minutes = round(entry.duration_minutes)
        return ["one minute"] if minutes == 1 else [f"{number(minutes)} minutes"] if minutes else []
    if entry.note:
        return ["with your note"]
    return []

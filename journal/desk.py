"""From a meaning to what is written, told to the engine and answered. Pure: the book is read, never written, here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from journal.answers import answer, control
from journal.book import Book
from journal.changes import OPS_HERE, correct, delete_last, undo
from journal.context import Home
from journal.last_one import repeat, still_going, stopped
from journal.meaning import Meaning
from journal.outcome import Flag, Outcome
from journal.questions import ask
from journal.read_back import NOTE, UNSURE
from journal.red_flags import flags_of, is_low_mood, logged_signs, low_mood_flag, spoken_signs
from journal.small_talk import HARD, KEPT, NO_ADVICE, is_for_nobody, reply_to
from journal.writing import Room, Visit, write

__all__ = ["NOTHING_HEARD", "Visit", "decide"]

NOTHING_HEARD = "I heard nothing. Nothing was saved."
_SHORT_NOTE = "Kept as a note."
_COLD: Final = (NOTE, UNSURE, HARD, NO_ADVICE, KEPT)
_TAKING_BACK: Final = ("undo", "delete_last")
_OPS: Final[Mapping[str, Callable[[Room], Outcome]]] = {
    "undo": undo,
    "delete_last": delete_last,
    "repeat": repeat,
    "repeat_other_side": repeat,
    "stopped": stopped,
    "still_going": still_going,
    **dict.fromkeys(OPS_HERE, correct),
}


def decide(meaning: Meaning, visit: Visit, book: Book, home: Home) -> Outcome:
    """What a sentence comes to. Everything is saved first; a red flag's words come after the saving."""
    room = Room(meaning=meaning, visit=visit, book=book, home=home)
    outcome = _meant(room)
    if is_low_mood(_heard(meaning)):
        flag = low_mood_flag(visit.profile)
        stops = tuple(told for told in outcome.asks if told.kind == "answer" and told.word == "stop")
        return Outcome(asks=stops, flags=(flag,), says=flag.says)
    flags = _flags(room, outcome)
    return replace(outcome, flags=flags, says=_with(outcome.says, flags))


def _meant(room: Room) -> Outcome:
    meaning = room.meaning
    if meaning.op in _OPS and meaning.purpose in ("log", "change"):
        return _OPS[meaning.op](room)
    ways: dict[str, Callable[[Room], Outcome]] = {"log": write, "answer": answer, "control": control, "ask": ask}
    if meaning.purpose == "nothing":
        return Outcome(says=NOTHING_HEARD)
    if is_for_nobody(meaning.raw):
        return Outcome(says=reply_to(meaning.raw))
    if meaning.purpose in ways:
        return ways[meaning.purpose](room)
    if said := reply_to(meaning.raw):
        return room.note(said)
    return room.note(UNSURE if meaning.unsure else NOTE)


def _heard(meaning: Meaning) -> str:
    """All words there are: what was heard, and the notes that came without a sentence."""
    notes = [said.note for said in (*meaning.said, *filter(None, (meaning.to,)))]
    return "\n".join([meaning.raw, *(note for note in notes if note and note not in meaning.raw)])


def _flags(room: Room, outcome: Outcome) -> tuple[Flag, ...]:
    """The signs in the words, and in what is written."""
    visit = room.visit
    heard = _heard(room.meaning)
    signs = spoken_signs(heard)
    if room.meaning.op not in _TAKING_BACK:
        entries = [change.after for change in outcome.changes]
        signs += logged_signs(entries, room.book, visit.now, text=heard)
    return flags_of(signs, visit.profile, visit.person, room.book, visit.now)


def _with(says: str, flags: tuple[Flag, ...]) -> str:
    """The reply, and the words of the flag that is shown at its end."""
    shown = next((flag.says for flag in flags if flag.shown), "")
    if not shown:
        return _SHORT_NOTE if flags and says in _COLD else says
    return f"{_SHORT_NOTE if says in _COLD else says} {shown}"

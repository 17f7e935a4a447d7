"""Gentle movement, spoken step by step: the person's own list of moves with how long each is held.

A pure state machine. What is said next is a list of lines made at the start, so that a changed profile or a restart
changes nothing of what is under way. Nothing is said late: who lost touch pauses, and goes on when asked to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from devices.control.channels import Say
from devices.control.memory import Note

A_WORD = timedelta(seconds=0.45)
"""How long a spoken word takes."""
A_BREATH = timedelta(seconds=1)
"""How long it takes until a voice begins."""
MOST_WORDS = 12
"""Longer words are said in two pieces."""
HALFWAY = timedelta(seconds=40)
"""From this length on, the middle of a hold is announced."""
LATE = timedelta(seconds=10)
"""Words that are later than this are not said."""
FORGOTTEN = timedelta(minutes=10)
"""Paused for so long, it ends."""
DOUBLE_TAP = timedelta(milliseconds=700)
"""A second "next" within this time is a trembling hand."""
COMMANDS = ("begin", "pause", "resume", "next", "stop", "done")
ABOUT = "guided movement"
KEY = "stretch"

OPENING = "Gentle movement. Say stop at any time."
CLOSING = "All done. Rest for as long as you like."
PAUSED = "Paused."
GOING_ON = "Going on."


class Move(Protocol):
    """One line of the person's list."""

    @property
    def says(self) -> str:
        """What to do, in the person's words."""

    @property
    def hold(self) -> timedelta:
        """How long it is held."""

    @property
    def times(self) -> int:
        """How often."""

    @property
    def gap(self) -> timedelta:
        """The rest after each time."""


@dataclass(slots=True)
class Line:
    """What is said, and how long until the next. ``turn``: the line at which this repetition of the move begins."""

    words: str
    wait: timedelta
    move: int
    turn: int


@dataclass(slots=True)
class GuidedMemory:
    """What is remembered of a session: plain data, for the snapshot. Without lines there is none."""

    lines: list[Line] = field(default_factory=list)
    at: int = 0  # the next line
    due_at: datetime | None = None  # when it is to be said; None while paused
    left: timedelta = timedelta(0)  # while paused: how long until the next line
    paused_at: datetime | None = None
    word: str = ""  # "Paused." or "Going on.", to be said now
    word_at: datetime | None = None
    next_at: datetime | None = None  # the last "next"


class Guided:
    """One person's sessions, one at a time."""

    def __init__(self, moves: Sequence[Move], minutes: int) -> None:
        self._lines = script(moves, timedelta(minutes=minutes))
        self.memory = GuidedMemory()
        self._notes: list[Note] = []

    @property
    def running(self) -> bool:
        """Whether a session is under way; also while it is paused."""
        return bool(self.memory.lines)

    @property
    def paused(self) -> bool:
        """Whether it is paused."""
        return self.memory.paused_at is not None

    @property
    def due(self) -> datetime | None:
        """When to look next."""
        memory = self.memory
        ends_at = memory.paused_at + FORGOTTEN if memory.paused_at else None
        return min((at for at in (memory.word_at, memory.due_at, ends_at) if at is not None), default=None)

    # -- what the person asks for

    def command(self, word: str, now: datetime) -> list[Note]:
        """One of "begin", "pause", "resume", "next", "stop" or "done"; anything else is not for a session."""
        if not self.running:
            return self._begin(now) if word == "begin" else []
        match word:
            case "stop" | "done":
                self.memory = GuidedMemory()
                return [Note(ABOUT, "it stops at once, as you asked" if word == "stop" else "you are done; it ends")]
            case "pause":
                return self._pause(now)
            case "begin" | "resume":
                return self._resume(now)
            case "next":
                return self._next(now)
        return []

    def _begin(self, now: datetime) -> list[Note]:
        if not self._lines:
            return [Note(ABOUT, "nothing to guide: your list has no move that fits in the time you chose")]
        self.memory = GuidedMemory(lines=list(self._lines), due_at=now)
        return [Note(ABOUT, "it begins; pause, next and stop work at any time")]

    def _pause(self, now: datetime) -> list[Note]:
        memory = self.memory
        if memory.due_at is None:
            return []
        memory.left = max(memory.due_at - now, timedelta(0))
        memory.due_at, memory.paused_at = None, now
        memory.word, memory.word_at = PAUSED, now
        return [Note(ABOUT, "paused")]

    def _resume(self, now: datetime) -> list[Note]:
        memory = self.memory
        if memory.paused_at is None:
            return []
        memory.due_at = now + speaking(GOING_ON) + memory.left
        memory.paused_at, memory.left = None, timedelta(0)
        memory.word, memory.word_at = GOING_ON, now
        return [Note(ABOUT, "it goes on")]

    def _next(self, now: datetime) -> list[Note]:
        memory = self.memory
        if memory.next_at is not None and timedelta(0) <= now - memory.next_at < DOUBLE_TAP:
            return []
        here = memory.lines[max(memory.at - 1, 0)].move  # the move of what was said last
        last = len(memory.lines) - 1
        memory.at = next((index for index, line in enumerate(memory.lines) if line.move > here), last)
        memory.due_at, memory.next_at = now, now
        memory.paused_at, memory.left, memory.word, memory.word_at = None, timedelta(0), "", None
        return [Note(ABOUT, "the next move")]

    # -- what the time brings

    def look(self, now: datetime) -> list[Say]:
        """What is to be said now."""
        memory, says = self.memory, list[Say]()
        if memory.paused_at is not None and now >= memory.paused_at + FORGOTTEN:
            self.memory = GuidedMemory()
            self._notes.append(Note(ABOUT, "it was paused for 10 min and ends"))
            return []
        if memory.word_at is not None and now >= memory.word_at:
            if now - memory.word_at <= LATE:
                says.append(_say(memory.word))
            memory.word, memory.word_at = "", None
        if memory.due_at is not None and now >= memory.due_at:
            if now - memory.due_at > LATE:
                self.lose("nothing could be said at the right time", now)
            else:
                says.append(self._speak(now))
        return says

    def _speak(self, now: datetime) -> Say:
        memory = self.memory
        line = memory.lines[memory.at]
        memory.at, memory.due_at = memory.at + 1, now + line.wait
        if memory.at == len(memory.lines):
            self.memory = GuidedMemory()
            self._notes.append(Note(ABOUT, "all moves are done"))
        return _say(line.words)

    def lose(self, why: str, now: datetime) -> None:
        """Nothing can be heard: pause without a word. It goes on, when asked to, with the move it was at."""
        memory = self.memory
        if not self.running or memory.paused_at is not None:
            return
        missed = memory.due_at is not None and now >= memory.due_at
        at = memory.at if missed else max(memory.at - 1, 0)
        if at == len(memory.lines) - 1:
            self.memory = GuidedMemory()
            self._notes.append(Note(ABOUT, f"all moves are done; the end was not said: {why}"))
            return
        memory.at = memory.lines[at].turn
        memory.due_at, memory.left, memory.paused_at = None, timedelta(0), now
        memory.word, memory.word_at = "", None
        self._notes.append(Note(ABOUT, f'it pauses: {why}; say "resume" to go on'))

    def notes(self) -> list[Note]:
        """What happened of itself since the last call."""
        notes, self._notes = self._notes, []
        return notes


def _say(words: str) -> Say:
    """The person began it, so that it goes on into their quiet hours."""
    return Say(key=KEY, spoken=words, speech_only=True, urgent=True, expires=LATE)


def speaking(words: str) -> timedelta:
    """How long it takes to say."""
    return A_BREATH + A_WORD * len(words.split())


def script(moves: Iterable[Move], at_most: timedelta) -> list[Line]:
    """Everything that is said in a session of this length. A move that does not fit any more is left out."""
    left = at_most - speaking(OPENING) - speaking(CLOSING)
    lines = [Line(OPENING, speaking(OPENING), -1, 0)]
    number = 0
    for move in moves:
        spoken = _spoken(move, number, len(lines))
        lasts = sum((line.wait for line in spoken), timedelta(0))
        if not spoken or lasts > left:
            continue
        lines += spoken
        left -= lasts
        number += 1
    return [*lines, Line(CLOSING, speaking(CLOSING), number, len(lines))] if number else []


def _spoken(move: Move, number: int, first: int) -> list[Line]:
    pieces = _pieces(move.says)
    hold = timedelta(seconds=round(move.hold.total_seconds()))
    lines: list[Line] = []
    for _ in range(move.times if pieces else 0):
        turn = first + len(lines)
        said = [(piece, timedelta(0)) for piece in pieces]
        if hold >= HALFWAY:
            said += [(f"Hold, breathe, {in_words(hold)}.", hold / 2), ("Halfway.", hold / 2 - speaking("Halfway."))]
        elif hold:
            said.append((f"Hold, breathe, {in_words(hold)}.", hold))
        said.append(("And rest.", move.gap))
        lines += [Line(words, speaking(words) + wait, number, turn) for words, wait in said]
    return lines


def _pieces(text: str) -> list[str]:
    """The person's words in pieces that can be followed, each with a full stop."""
    words = text.split()
    pieces = [" ".join(words[at : at + MOST_WORDS]) for at in range(0, len(words), MOST_WORDS)]
    return [piece if piece.endswith((".", "!", "?")) else f"{piece.rstrip(',;:')}." for piece in pieces]


_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_HUNDRED = 100
_MINUTE = 60


def _number(value: int) -> str:
    if value >= _HUNDRED:
        return str(value)
    tens, units = divmod(value, 10)
    if value < len(_UNITS):
        return _UNITS[value]
    return f"{_TENS[tens]}-{_UNITS[units]}" if units else _TENS[tens]


def in_words(span: timedelta) -> str:
    """A short time as it is said: "thirty seconds", "one minute", "two minutes five seconds"."""
    total = round(span.total_seconds())
    minutes, seconds = divmod(total, _MINUTE)
    if total < _HUNDRED and total != _MINUTE:
        minutes, seconds = 0, total
    parts = [(minutes, "minute"), (seconds, "second")]
    return " ".join(f"{_number(count)} {unit}{'s' * (count != 1)}" for count, unit in parts if count)

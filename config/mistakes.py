"""What is wrong in a file, where, and what would be right: built from facts, told in plain English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Self

CLOSE_ENOUGH = 0.7
"""How alike two words must be for "Did you mean": "prot" is to "port", "mars" is not to "paris"."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where something is written. ``line`` and ``column`` count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0
    key: str = ""

    def text(self) -> str:
        """The place as a person reads it: "profiles/anna.yaml line 12, triggers.heat.above"."""
        line = f"{self.file} line {self.line}" if self.line else self.file
        return f"{line}, {self.key}" if self.key else line


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mistake:
    """One thing to put right. All texts are for a person; secrets are never in them."""

    file: str
    line: int = 0
    column: int = 0
    key: str = ""
    problem: str
    """What is wrong, without a full stop: "this key is not known"."""
    found: str = ""
    """What stands there now, in words."""
    allowed: str = ""
    """What may stand there."""
    nearest: str = ""
    """The valid name that is most like the one found."""

    @classmethod
    def at(cls, place: Place, problem: str, *, found: str = "", allowed: str = "", nearest: str = "") -> Self:
        """A mistake at a place."""
        return cls(
            file=place.file,
            line=place.line,
            column=place.column,
            key=place.key,
            problem=problem,
            found=found,
            allowed=allowed,
            nearest=nearest,
        )

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(file=self.file, line=self.line, column=self.column, key=self.key)

    def advice(self) -> str:
        """What is wrong and what would be right, without the place."""
        sentences = [f"{self.problem}."]
        if self.found:
            sentences.append(f"Found {self.found}.")
        if self.nearest:
            sentences.append(f"Did you mean {self.nearest}?")
        elif self.allowed:
            sentences.append(f"Allowed: {self.allowed}.")
        return " ".join(sentences)

    def text(self) -> str:
        """The whole message on one line."""
        return f"{self.place.text()}: {self.advice()}"

    def as_json(self) -> dict[str, object]:
        """For ``--json``: the facts and the message."""
        return {**asdict(self), "text": self.text()}


def key_text(path: Iterable[str | int]) -> str:
    """A path as a person reads it; list items count from 1: "rooms.bedroom.sensors#2.topic"."""
    text = ""
    for step in path:
        text += f"#{step + 1}" if isinstance(step, int) else f".{step}" if text else step
    return text


def shown_path(path: Path, relative_to: Path) -> str:
    """How a file is called in messages: as seen from the configuration folder, where it is in there."""
    return path.relative_to(relative_to).as_posix() if path.is_relative_to(relative_to) else str(path)


def nearest_to(word: str, known: Iterable[str], *, cutoff: float = CLOSE_ENOUGH) -> str:
    """The known word that is most like ``word``, whatever its capitals; empty when none is."""
    by_small = {name.lower(): name for name in known}
    by_end = {small.rpartition("/")[2]: small for small in by_small}  # "London" for "Europe/London"
    matches = get_close_matches(word.lower(), {*by_small, *by_end}, n=1, cutoff=cutoff)
    return by_small[by_end.get(matches[0], matches[0])] if matches else ""


def listed(words: Iterable[str]) -> str:
    """The words as a sentence lists them: "climate, fan or switch"."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last

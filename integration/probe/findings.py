"""What a look at the outside world found: facts for a person, made where the looking is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from config.mistakes import Place


class Verdict(StrEnum):
    """How it went."""

    FINE = "fine"
    NOTE = "note"
    """It works, but less well than it could."""
    WRONG = "wrong"
    """It will not work until somebody changes something."""
    AWAY = "away"
    """It cannot be reached now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was tried. ``place`` is where the configuration names it."""

    about: str
    verdict: Verdict
    says: str
    place: Place | None = None
    advice: str = ""

    def as_json(self) -> dict[str, object]:
        """For ``--json``."""
        return {
            "about": self.about,
            "verdict": self.verdict.value,
            "says": self.says,
            "place": self.place.text() if self.place else None,
            "advice": self.advice,
        }

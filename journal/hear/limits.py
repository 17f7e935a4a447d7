"""What no body and no day can hold: a number that was misheard is not written down as if it were one."""

from __future__ import annotations

import re
from datetime import timedelta

from journal.meaning import Meaning, Moment, Said

MOST = 1000
"""Times that something happened."""
LONGEST_LASTING = timedelta(days=14) / timedelta(minutes=1)
"""Minutes; as the JSON entry has it."""
FARTHEST = timedelta(days=366)
"""Until when somebody wants to be left alone."""


_BEYOND = re.compile(
    r"\b(?:\d{2,4}|eleven|twelve|thirteen|fourteen|fifteen|twenty|thirty|fifty|a hundred|hundred)"
    r"(?: (?:out )?of | ?/ ?)(?:ten|10)\b",
    re.IGNORECASE,
)


def beyond_the_scale(raw: str) -> str:
    """A strength that the scale does not have ("twelve out of ten"): kept as words, as no number is made of it."""
    found = _BEYOND.search(raw)
    return found.group() if found is not None and not found.group().startswith("10") else ""


def is_believable(meaning: Meaning, moment: Moment) -> bool:
    """Whether all its numbers can be meant."""
    if meaning.until is not None and meaning.until > moment.now + FARTHEST:
        return False
    return all(_is_believable(said) for said in (*meaning.said, *filter(None, (meaning.to,))))


def _is_believable(said: Said) -> bool:
    return (said.count or 0) <= MOST and (said.duration_minutes or 0) <= LONGEST_LASTING

"""The same sentence as other recognisers and keyboards write it. None of this changes what it means."""

from __future__ import annotations

import re
from collections.abc import Callable

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


def bare(text: str) -> str:
    """No commas, no full stops between words, lower case: what most recognisers write."""
    return re.sub(r"[.!?;](?=\s|$)(?<![ap]\.m\.)|,", "", text).lower()


def written(text: str) -> str:
    """A capital and a full stop: what the others write."""
    text = text.strip()
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:] if text else text


DRESSES: dict[str, Callable[[str], str]] = {
    "bare": bare,
    "written": written,
    "shouted": str.upper,
    "curly": lambda text: text.replace("'", APOSTROPHE),
    "spaced": lambda text: f"  {text.replace(' ', '  ')}\n",
    "um": lambda text: f"um {text}" if text.strip() else text,
    "polite": lambda text: f"{text.rstrip(' .?!')} please" if text.strip() else text,
}

"""The names under ``triggers:`` are free, so that people can add their own. A typo must not pass as a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.mistakes import Mistake, nearest_to
from config.profile import KNOWN_REPORTS, Profile, Triggers
from config.read import Reading
from config.shape import keys_of

KNOWN_TRIGGERS = (*keys_of(Triggers), *KNOWN_REPORTS)
_TYPO = 0.75
"""How alike a new name must be to a known one to count as a typo: "heta" is, "stress_at_work" is not."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check_trigger_names(reading: Reading[Profile]) -> Iterator[Mistake]:
    """Every mistake of a profile: one about a trigger's name stands for those about what is under that name."""
    about_names = dict(_name_mistakes(reading))
    yield from about_names.values()
    for mistake in reading.mistakes:
        if not any(mistake.key.startswith((f"triggers.{name}.", f"triggers.{name} ")) for name in about_names):
            yield mistake


def _name_mistakes(reading: Reading[Profile]) -> Iterator[tuple[str, Mistake]]:
    triggers = reading.file.data.get("triggers")
    for name, body in triggers.items() if isinstance(triggers, dict) else ():
        place = reading.file.key_place(("triggers", name))
        nearest = "" if name in KNOWN_TRIGGERS else nearest_to(name, KNOWN_TRIGGERS, cutoff=_TYPO)
        if nearest and not (isinstance(body, dict) and "says" in body):
            problem = "this trigger is not known; if it is one of your own, add a line `says:` with its name in words"
            yield name, Mistake.at(place, problem, nearest=nearest)
        elif not _NAME.fullmatch(name):
            allowed = "small letters, digits and _, starting with a letter, like hot_kitchen"
            yield name, Mistake.at(place, "this name cannot be used here", allowed=allowed)

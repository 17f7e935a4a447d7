"""Words, codes and booleans that mean yes or no, and those that mean that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from devices.readings import Kind

UNAVAILABLE = frozenset({"unavailable", "unknown", "null"})
"""Never yes or no, whatever home.yaml says: after a restart they do not mean "out of bed"."""

ABSENT = frozenset({"", "none", "-1", "offline", "undefined", "n/a", "nan"})
"""Not known either, unless home.yaml maps the word: some radars say "none" for an empty room."""

_COMMON = {"on": True, "off": False, "true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_OPENING = {"open": True, "opened": True, "opening": True, "tilted": True, "closed": False, "close": False}
_SEEN = {"detected": True, "clear": False, "not_detected": False}
_OCCUPIED = {
    **dict.fromkeys(("occupied", "present", "presence", "motion", "in_bed", "in bed", "home"), True),
    **dict.fromkeys(("unoccupied", "vacant", "absent", "no_motion", "not_home", "not_present", "not present"), False),
    **dict.fromkeys(("out_of_bed", "out of bed", "left_bed", "left bed", "not_in_bed", "not in bed", "away"), False),
}

WORDS: Mapping[Kind, Mapping[str, bool]] = {
    Kind.OPEN: {**_COMMON, **_OPENING},
    Kind.OCCUPIED: {**_COMMON, **_SEEN, **_OCCUPIED},
    Kind.VIBRATION: {**_COMMON, **_SEEN},
}
"""What a word means per kind where neither home.yaml nor the dialect says otherwise."""

CONTACT: Mapping[str, bool] = MappingProxyType(
    {word: not meaning for word, meaning in _COMMON.items()} | _OPENING,
)
"""A magnetic contact that is made ("true") is a closed window: Zigbee's way round."""

_BOOLEANS = {True: "true", False: "false"}
_MAX_WORD = 64


def word_of(raw: object) -> str | None:
    """The value as one lower-case word to look up; None where it is no single short word, number or boolean."""
    if isinstance(raw, str):
        return raw.strip().lower() if len(raw) <= _MAX_WORD else None
    if isinstance(raw, bool):
        return _BOOLEANS[raw]
    if raw is None:
        return "null"
    if isinstance(raw, int | float):
        try:
            return f"{raw:g}"
        except OverflowError:
            return None
    return None


def hinted(word: str, states: Mapping[str, bool]) -> bool | None:
    """What home.yaml says about ``word`` (lower case); None where it says nothing."""
    if word in states:
        return states[word]
    return next((meaning for name, meaning in states.items() if name.strip().lower() == word), None)

"""Strict numbers: what is a number, what a person or a bridge writes for one, and nothing else."""

from __future__ import annotations

import re
from math import isfinite, isnan

_NUMBER_AND_UNIT = re.compile(
    r"([+\-\u2212]?(?:[0-9]{1,15}(?:[.,][0-9]{0,15})?|[.,][0-9]{1,15})(?:[eE][+-]?[0-9]{1,3})?)(\D{0,12})"
)
_HARMLESS = re.compile(r"[0-9.,:;+\-/ ]{1,12}")
_ABSENCES = frozenset(
    {"nan", "null", "none", "n/a", "inf", "-inf", "infinity", "unknown", "unavailable", "true", "false"}
)


def parse_number(raw: object) -> tuple[float, str] | str:
    """The finite value and the unit that stood behind it ("" for none), or what it is instead, in a few words.

    Numbers and texts such as ``21.5``, ``21,5`` and ``21.5 °C`` pass. Booleans, null, NaN, infinities and ``1e999`` do
    not, although Python would take most of them. A thousands separator is read as a decimal sign; the valid range of
    the quantity then turns the result down.
    """
    if isinstance(raw, str):
        return _from_text(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return _describe(raw)
    try:
        return _finite(float(raw), "")
    except OverflowError:
        return "it is larger than any number in use"


def _from_text(text: str) -> tuple[float, str] | str:
    match = _NUMBER_AND_UNIT.fullmatch(text.strip())
    if match is None:
        return _describe(text)
    digits, unit = match.groups()
    return _finite(float(digits.replace(",", ".").replace("\u2212", "-")), unit.strip())


def _finite(value: float, unit: str) -> tuple[float, str] | str:
    if isfinite(value):
        return value, unit
    return "it is NaN" if isnan(value) else "it is larger than any number in use"


def _describe(raw: object) -> str:
    """What stood there; words are named only when they cannot be private."""
    if raw is None:
        return "it is null"
    if isinstance(raw, bool):
        return "it is true" if raw else "it is false"
    if isinstance(raw, str):
        text = raw.strip()
        if not text:
            return "it is empty"
        return f"it is {text!r}" if text.lower() in _ABSENCES or _HARMLESS.fullmatch(text) else "it is text"
    return "it is a list" if isinstance(raw, list) else "it is an object"

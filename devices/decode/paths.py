"""home.yaml may say where in a message the value stands: ``path: AM2301.Temperature``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from devices.decode.values import Field, Finding, gather, read_value
from devices.decode.words import number_kind, switch_kind
from devices.readings import Decoded, Hints, Kind, Message, Reason, Rejection


class _Missing:
    """Nothing stands there; null would be a value."""


MISSING: Final = _Missing()

DIAGNOSTICS = frozenset({Kind.BATTERY, Kind.LINK_QUALITY, Kind.LAST_SEEN})
"""Kinds that say how the sensor is; a path does not hide them."""


def find(document: object, path: str) -> object:
    """What stands at a dotted path, or MISSING. A key that holds dots itself is found whole; lists count from 0."""
    if isinstance(document, Mapping) and path in document:
        return document[path]
    here = document
    for step in path.split("."):
        if isinstance(here, Mapping) and step in here:
            here = here[step]
        elif isinstance(here, list) and step.isdecimal() and len(step) < len("10000") and int(step) < len(here):
            here = here[int(step)]
        else:
            return MISSING
    return here


def kind_of(name: str, raw: object) -> Kind | None:
    """What a value under this name is, if the name says it."""
    last = name.rpartition(".")[2]
    if last in {"action", "click"}:
        return Kind.ACTION
    if isinstance(raw, bool):
        return switch_kind(name)
    return number_kind(last) or switch_kind(last)


def at_path(document: object, path: str, message: Message, hints: Hints, unit: str | None = None) -> Finding | None:
    """The value at ``path``: its kind from home.yaml, else from its key; ``unit`` where nobody names one."""
    raw = find(document, path)
    if raw is MISSING:
        return Rejection(reason=Reason.MISSING_FIELD, detail="The path in home.yaml is not in the message.", path=path)
    kind = hints.kind or kind_of(path, raw)
    if kind is None:
        detail = "Nothing says what stands at this path; give its kind in home.yaml."
        return Rejection(reason=Reason.MISSING_FIELD, detail=detail, path=path)
    return read_value(Field(kind=kind, unit=hints.unit or unit), raw, path, message, hints)


def narrow(found: Decoded, document: object, message: Message, hints: Hints, units: Mapping[Kind, str]) -> Decoded:
    """Only what the path in home.yaml points at, and the sensor's own health.

    What the dialect decoded there counts first (it knows polarity and units); a value that the dialect does not know
    is read by its kind, in the dialect's unit for that kind (``units``) unless home.yaml names one.
    """
    path = hints.path or ""
    inside = path + "."
    everything: tuple[Finding, ...] = (*found.readings, *found.rejections)
    here: list[Finding | None] = [
        one
        for one in everything
        if (one.path == path or one.path.startswith(inside))
        and (hints.kind is None or isinstance(one, Rejection) or one.kind is hints.kind)
    ]
    health = [one for one in found.readings if one.kind in DIAGNOSTICS and one not in here]
    if not here:
        kind = hints.kind or kind_of(path, find(document, path))
        here = [at_path(document, path, message, hints, units.get(kind) if kind else None)]
    return gather([*here, *health])

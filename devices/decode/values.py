"""One raw value of a known kind becomes a reading or a rejection; many of them become what the message said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from devices.decode.moments import epoch_seconds
from devices.decode.numbers import parse_number
from devices.decode.ranges import LIMITS, NAMES, wrong_with
from devices.decode.states import ABSENT, UNAVAILABLE, WORDS, hinted, word_of
from devices.decode.units import FACTORS, to_si
from devices.readings import UNITS, Decoded, Hints, Kind, Message, Reading, Reason, Rejection

Finding = Reading | Rejection
NOTHING = Decoded()
"""A message that is understood and says nothing about a sensor: a command, a log line, a button that was let go."""

_LONGEST_WORD = 64
_RESETS = frozenset({"", "null", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """How a dialect publishes one quantity. ``unless`` names a better field: this one is skipped where that one is."""

    kind: Kind
    unit: str | None = None
    words: Mapping[str, bool] | None = None
    codes: Mapping[str, str] | None = None
    unless: str | None = None
    side: str | None = None


def is_word(text: str) -> bool:
    """Whether a text from a payload can be shown, stored and sent on: short, and without what no encoding takes."""
    return len(text) <= _LONGEST_WORD and text.isprintable()


def refuse(reason: Reason, detail: str, path: str = "") -> Decoded:
    """A message from which nothing can be used."""
    return Decoded(rejections=(Rejection(reason=reason, detail=detail, path=path),))


def refused(rejection: Rejection) -> Decoded:
    """The same, for a rejection that exists already."""
    return Decoded(rejections=(rejection,))


def gather(findings: Iterable[Finding | None]) -> Decoded:
    """Good fields beside bad ones; None is a field that is there and says nothing."""
    readings: list[Reading] = []
    rejections: list[Rejection] = []
    for finding in findings:
        if isinstance(finding, Reading):
            readings.append(finding)
        elif finding is not None:
            rejections.append(finding)
    return Decoded(readings=tuple(readings), rejections=tuple(rejections))


def measure(kind: Kind, raw: object, unit: str | None, path: str = "") -> Finding:
    """A quantity with a unit. ``unit`` is what stands around the value; one inside it ("21.5 °C") wins."""
    if (raw.__class__ is float or raw.__class__ is int) and unit == UNITS.get(kind):
        low, high = LIMITS[kind]
        if low <= raw <= high:
            return Reading(kind=kind, value=float(raw), unit_sent=unit, path=path)
    parsed = parse_number(raw)
    if isinstance(parsed, str):
        return Rejection(reason=Reason.NOT_A_NUMBER, detail=f"{NAMES[kind]} is not a number: {parsed}.", path=path)
    value, own_unit = parsed
    sent = own_unit or unit or ""
    converted = to_si(kind, value, sent)
    if converted is None:
        return Rejection(reason=Reason.UNIT_UNKNOWN, detail=_unit_unknown(kind, sent), path=path)
    wrong = wrong_with(kind, converted)
    if wrong is not None:
        return Rejection(reason=wrong[0], detail=wrong[1], path=path)
    return Reading(kind=kind, value=converted, unit_sent=sent or None, path=path)


def _unit_unknown(kind: Kind, sent: str) -> str:
    if not sent:
        return f"{NAMES[kind]} came without a unit; name its unit in home.yaml."
    return f"{NAMES[kind]} came with a unit that is not one of its own; name its unit in home.yaml."


def sense(field: Field, raw: object, path: str, hints: Hints) -> Finding:
    """A yes or no. home.yaml's words win over the dialect's, and those over the common ones."""
    kind = field.kind
    word = word_of(raw)
    if word is None:
        return _unknown_state(kind, path)
    if word in UNAVAILABLE:
        return _unavailable(kind, path)
    meaning = hinted(word, hints.states) if hints.states else None
    if meaning is None:
        meaning = (field.words or WORDS[kind]).get(word)
    if meaning is None and kind is Kind.VIBRATION and word not in ABSENT:
        meaning = _is_felt(raw)
    if meaning is None:
        return _unavailable(kind, path) if word in ABSENT else _unknown_state(kind, path)
    side = (hints.side or field.side) if kind is Kind.OCCUPIED else None
    return Reading(kind=kind, value=meaning, path=path, side=side)


def _is_felt(raw: object) -> bool | None:
    """Some sensors say how strongly it moved, as a number."""
    parsed = parse_number(raw)
    return None if isinstance(parsed, str) or parsed[1] else parsed[0] > 0


def _unavailable(kind: Kind, path: str) -> Rejection:
    detail = f"{NAMES[kind]}: the sensor says that it does not know."
    return Rejection(reason=Reason.UNAVAILABLE_STATE, detail=detail, path=path)


def _unknown_state(kind: Kind, path: str) -> Rejection:
    detail = f"{NAMES[kind]} holds a word that is not in the map of states; add it to home.yaml."
    return Rejection(reason=Reason.UNKNOWN_STATE, detail=detail, path=path)


def act(raw: object, *, retained: bool, path: str = "", codes: Mapping[str, str] | None = None) -> Finding | None:
    """A press, in lower case; None for the empty value that follows one. ``codes`` names the presses of a dialect."""
    word = word_of(raw)
    if word is not None and word in _RESETS:
        return None
    if word is None or isinstance(raw, bool) or not is_word(word):
        return _unknown_state(Kind.ACTION, path)
    if retained:
        detail = "A stored copy of a press is old news and does nothing."
        return Rejection(reason=Reason.RETAINED_EVENT, detail=detail, path=path)
    if codes is None:
        return Reading(kind=Kind.ACTION, value=word, path=path)
    name = codes.get(word)
    return _unknown_state(Kind.ACTION, path) if name is None else Reading(kind=Kind.ACTION, value=name, path=path)


def state(raw: object, path: str, hints: Hints) -> Finding:
    """A word that home.yaml maps: true or false by its map, the word itself in lower case where there is none."""
    word = word_of(raw)
    if word in UNAVAILABLE:
        return _unavailable(Kind.STATE, path)
    if word is None or not is_word(word):
        return _unknown_state(Kind.STATE, path)
    if not hints.states:
        return _unavailable(Kind.STATE, path) if word in ABSENT else Reading(kind=Kind.STATE, value=word, path=path)
    meaning = hinted(word, hints.states)
    if meaning is None:
        return _unavailable(Kind.STATE, path) if word in ABSENT else _unknown_state(Kind.STATE, path)
    return Reading(kind=Kind.STATE, value=meaning, path=path)


def seen(raw: object, path: str) -> Finding:
    """When the device last spoke."""
    moment = epoch_seconds(raw)
    if isinstance(moment, str):
        return Rejection(reason=Reason.NOT_A_NUMBER, detail=f"Last seen is not a time: {moment}.", path=path)
    wrong = wrong_with(Kind.LAST_SEEN, moment)
    if wrong is not None:
        return Rejection(reason=wrong[0], detail=wrong[1], path=path)
    return Reading(kind=Kind.LAST_SEEN, value=moment, path=path)


def read_value(field: Field, raw: object, path: str, message: Message, hints: Hints) -> Finding | None:
    """A value of any kind, by the rules of its kind."""
    kind = field.kind
    if kind in FACTORS:
        return measure(kind, raw, field.unit, path)
    if kind in WORDS:
        return sense(field, raw, path, hints)
    if kind is Kind.ACTION:
        return act(raw, retained=message.retained, path=path, codes=field.codes)
    return seen(raw, path) if kind is Kind.LAST_SEEN else state(raw, path, hints)


def read_fields(
    document: Mapping[str, object],
    table: Mapping[str, Field],
    message: Message,
    hints: Hints,
    prefix: str = "",
) -> list[Finding | None]:
    """Every field of ``document`` that ``table`` knows; an empty list means that there was none."""
    findings: list[Finding | None] = []
    wanted = hints.wanted
    for key, raw in document.items():
        field = table.get(key)
        if field is None or (field.unless is not None and field.unless in document):
            continue
        of_use = wanted is None or field.kind in wanted
        findings.append(read_value(field, raw, prefix + key, message, hints) if of_use else None)
    return findings

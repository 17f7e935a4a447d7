"""From untouched bytes to text or JSON, or to the reason why not. Looks before it parses."""

from __future__ import annotations

import json
from math import isfinite

from devices.readings import Reason, Rejection

MAX_BYTES = 64 * 1024
"""No sensor says more; a bigger payload is a mistake or an attack, and parsing it would hold up the others."""

_BOM = b"\xef\xbb\xbf"
_PADDING = "\0 \t\r\n"

EMPTY = Rejection(reason=Reason.EMPTY, detail="The payload is empty: the retained message was deleted.")
TOO_LARGE = Rejection(reason=Reason.TOO_LARGE, detail="The payload is larger than 64 kB and was not read.")
NOT_UTF8 = "The payload is not UTF-8 text."
NOT_JSON = Rejection(reason=Reason.NOT_JSON, detail="The payload is not JSON.")
NOT_AN_OBJECT = Rejection(
    reason=Reason.MISSING_FIELD, detail="The payload is JSON, but not an object with named fields."
)


def read_text(payload: bytes, otherwise: Reason = Reason.NOT_A_NUMBER) -> str | Rejection:
    """The payload as text without byte order mark, trailing NUL and white space; ``otherwise`` is for non-UTF-8."""
    if len(payload) > MAX_BYTES:
        return TOO_LARGE
    if payload.startswith(_BOM):
        payload = payload[3:]
    try:
        text = payload.decode().strip(_PADDING)
    except UnicodeDecodeError:
        return Rejection(reason=otherwise, detail=NOT_UTF8)
    return text or EMPTY


def read_json(payload: bytes) -> object:
    """The parsed payload, or a Rejection. NaN and Infinity inside it stay what they are, for their field to reject."""
    text = read_text(payload, Reason.NOT_JSON)
    return text if isinstance(text, Rejection) else parse(text)


def parse(text: str) -> object:
    """The JSON in ``text``, or a Rejection: also where it nests too deep or a number has thousands of digits."""
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError):
        return NOT_JSON
    if document.__class__ is float and not isfinite(document):
        return NOT_JSON
    return document


def read_object(payload: bytes) -> dict[str, object] | Rejection:
    """The JSON object in the payload, or why there is none."""
    document = read_json(payload)
    if isinstance(document, dict | Rejection):
        return document
    return NOT_AN_OBJECT


def read_scalar(payload: bytes, otherwise: Reason = Reason.NOT_A_NUMBER) -> object:
    """A bare value: JSON where it is JSON (``"on"``, ``21.5``, ``null``), the text as it stands otherwise."""
    text = read_text(payload, otherwise)
    if isinstance(text, Rejection):
        return text
    document = parse(text)
    return text if isinstance(document, Rejection) else document

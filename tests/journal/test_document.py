"""What a JSON entry says, and that no error repeats its words."""

from __future__ import annotations

import pytest

from journal.document import EntryMessage, NotAnEntry, parse_entry


def test_an_entry_is_a_symptom_and_maybe_a_strength() -> None:
    """Further fields are left out."""
    entry = parse_entry(b'{"symptom": "spasm", "severity": 7, "xyzzy": 1}')
    assert isinstance(entry, EntryMessage)
    assert (entry.symptom, entry.severity) == ("spasm", 7)
    assert parse_entry(b'{"symptom": "hug"}') == EntryMessage(symptom="hug")


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (b"", "the whole message"),
        (b"spasm xyzzy", "the whole message"),
        (b"[]", "the whole message"),
        (b"{}", "the whole message"),
        (b'{"symptom": "spasm", "self_report": "fever"}', "the whole message"),
        (b'{"symptom": "spasm", "place": "xyzzy"}', "place"),
        (b'{"symptom": "spasm", "suspected": ["heat", "xyzzy"]}', "suspected.1"),
        (b'{"symptom": "xyzzy"}', "symptom"),
        (b'{"symptom": "spasm", "severity": 11}', "severity"),
        (b'{"symptom": "spasm", "severity": "xyzzy"}', "severity"),
        (b'{"symptom": "spasm", "severity": NaN}', "severity"),
        (b'{"symptom": "spasm", "severity": true}', "severity"),
        (b"\xff\xfe", "the whole message"),
    ],
)
def test_what_is_no_entry_names_the_field_and_nothing_else(payload: bytes, field: str) -> None:
    """A person's words may stand in it."""
    assert parse_entry(payload) == NotAnEntry(field)

"""The thin journal: what an entry on MQTT says, and that no error repeats its words."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from journal.entry import EntryMessage, NotAnEntry, parse_entry
from journal.vocabulary import SYMPTOMS


def test_an_entry_is_a_symptom_and_maybe_a_strength() -> None:
    """Further fields are left to the journal of a later version."""
    entry = parse_entry(b'{"symptom": "spasm", "severity": 7, "note": "after the bath"}')
    assert isinstance(entry, EntryMessage)
    assert (entry.symptom, entry.severity) == ("spasm", 7)
    assert parse_entry(b'{"symptom": "hug"}') == EntryMessage(symptom="hug")


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (b"", "the whole message"),
        (b"spasm xyzzy", "the whole message"),
        (b"[]", "the whole message"),
        (b"{}", "symptom"),
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


def test_the_documented_symptoms_are_the_vocabulary() -> None:
    """docs/asyncapi.yaml lists the ids."""
    document = YAML(typ="safe", pure=True).load((Path(__file__).parents[1] / "docs" / "asyncapi.yaml").read_text())
    payload = document["components"]["messages"]["symptom"]["payload"]
    assert payload["properties"]["symptom"]["enum"] == list(SYMPTOMS)

"""The bundle for a clinic: what the library accepts as FHIR, and what it says of an entry."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.R4B.bundle import Bundle

from journal.entry import Entry
from journal.fhir import KNOWN_CODES, LOINC, bundle_json
from tests.journal.written import NOW, entry, some

ZONES = {"anna": ZoneInfo("Europe/Berlin"), "ben": ZoneInfo("America/St_Johns")}


def observed(*entries: Entry, amended: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The observations of a bundle."""
    document = json.loads(bundle_json(entries, ZONES, NOW, amended=amended))
    assert (document["resourceType"], document["type"]) == ("Bundle", "collection")
    return [each["resource"] for each in document.get("entry", [])]


@pytest.mark.parametrize("seed", range(5))
def test_every_entry_is_valid(seed: int) -> None:
    """The library takes its own file in again, and nobody's deleted entry is in it."""
    entries = some(seed)
    text = bundle_json(entries, ZONES, NOW)
    Bundle.model_validate_json(text)
    ids = [each["resource"]["identifier"][0]["value"] for each in json.loads(text)["entry"]]
    assert ids == [each.id for each in entries if not each.deleted]


def test_an_empty_journal() -> None:
    assert observed() == []


def test_a_spasm() -> None:
    (found,) = observed(entry(1, note="after the bath", suspected=("heat",), count=3))
    assert found["status"] == "final"
    assert [each["code"] for each in found["code"]["coding"]] == ["spasm", "45352006"]
    assert found["bodySite"] == {"text": "left calf"}
    assert found["valueQuantity"] == {
        "value": 7,
        "unit": "score",
        "system": "http://unitsofmeasure.org",
        "code": "{score}",
    }
    assert found["effectiveDateTime"] == "2026-11-20T16:00:00+01:00"
    assert found["component"][0]["valueInteger"] == 3
    notes = [each["text"] for each in found["note"]]
    assert notes[1:] == ["What the person suspects, and nobody measured: heat.", "after the bath"]


def test_nobody_is_named_but_by_the_local_id() -> None:
    (found,) = observed(entry(1))
    assert found["subject"] == {"identifier": {"system": "urn:unclench:person", "value": "anna"}}


@pytest.mark.parametrize(
    ("changed", "effective"),
    [
        ({"precision": "day"}, "2026-11-20"),
        ({"precision": "part_of_day"}, {"start": "2026-11-20T12:00:00+01:00", "end": "2026-11-20T18:00:00+01:00"}),
        (
            {"precision": "part_of_day", "occurred_at": NOW.replace(hour=20)},
            {"start": "2026-11-20T18:00:00+01:00", "end": "2026-11-21T00:00:00+01:00"},
        ),
        ({"precision": "hour"}, {"start": "2026-11-20T15:30:00+01:00", "end": "2026-11-20T16:30:00+01:00"}),
        ({"duration_minutes": 5.0}, {"start": "2026-11-20T16:00:00+01:00", "end": "2026-11-20T16:05:00+01:00"}),
        ({"going_on": True}, {"start": "2026-11-20T16:00:00+01:00"}),
        (
            {"ended_at": NOW.replace(hour=17)},
            {"start": "2026-11-20T16:00:00+01:00", "end": "2026-11-20T18:00:00+01:00"},
        ),
    ],
)
def test_a_time_is_no_more_exact_than_it_is_known(changed: dict[str, Any], effective: object) -> None:
    (found,) = observed(entry(1, **changed))
    assert found.get("effectiveDateTime", found.get("effectivePeriod")) == effective


def test_none_is_a_zero_and_no_gap() -> None:
    (found,) = observed(entry(1, kind="none", severity=None, place="", side="", precision="day"))
    assert (found["valueInteger"], found["effectiveDateTime"]) == (0, "2026-11-20")
    assert found["note"] == [{"text": "The person said that there was none: spasm."}]


def test_a_strength_that_was_not_said_is_no_zero() -> None:
    (found,) = observed(entry(1, severity=None))
    assert found["dataAbsentReason"]["text"] == "it was there; how strong was not said"
    assert not [key for key in found if key.startswith("value")]


def test_what_was_changed_is_amended() -> None:
    assert [each["status"] for each in observed(entry(1), entry(2), amended=("t:2",))] == ["final", "amended"]


def test_an_entry_is_the_same_resource_at_every_export() -> None:
    assert observed(entry(1, id="text:a b/ü"))[0]["id"] == observed(entry(1, id="text:a b/ü", severity=2))[0]["id"]


def test_the_pain_score_is_a_code_of_a_score() -> None:
    """And is none where no number was said."""
    with_number, without = observed(entry(1, what="pain", severity=4), entry(2, what="pain", severity=None))
    assert KNOWN_CODES["pain"][1][0] == LOINC
    assert [each["code"] for each in with_number["code"]["coding"]] == ["pain", "22253000", "72514-3"]
    assert [each["code"] for each in without["code"]["coding"]] == ["pain", "22253000"]


def test_a_report_and_a_note() -> None:
    rated, said, over, note = observed(
        entry(1, kind="report", what="stress", place="", side=""),
        entry(2, kind="report", what="infection", severity=None),
        entry(3, kind="report", what="infection", severity=None, over=True),
        entry(4, kind="note", what="", note="the blue one\x07", severity=None),
    )
    assert rated["valueQuantity"]["value"] == 7
    assert (said["valueBoolean"], over["valueBoolean"]) == (True, False)
    assert note["valueString"] == "the blue one"

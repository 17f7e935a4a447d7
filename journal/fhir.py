"""Entries as a FHIR bundle of observations, for a clinic's systems. Needs the extra "fhir"; imported only for that.

The models are R4B (4.3.0) of fhir.resources 8, which has none of R4 (4.0.1) any more: Observation and a collection
Bundle are the same in both, so the file is one of R4 too. Codes of SNOMED CT and LOINC stand only beside our own ids,
and only where they mean the very same; the person is nothing but their local id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from fhir.resources.R4B.bundle import Bundle

from journal.entry import Entry
from journal.vocabulary import PLACES, SELF_REPORTS, SUBTYPES, SYMPTOMS

URN = "urn:unclench"
"""Our own systems: ``urn:unclench:symptom`` and so on, with the ids of the journal."""
SNOMED, LOINC, UCUM = "http://snomed.info/sct", "http://loinc.org", "http://unitsofmeasure.org"
KNOWN_CODES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "spasm": ((SNOMED, "45352006", "Spasm"),),
    "pain": ((SNOMED, "22253000", "Pain"), (LOINC, "72514-3", "Pain severity - 0-10 verbal numeric rating")),
    "fatigue": ((SNOMED, "84229001", "Fatigue"),),
    "weakness": ((SNOMED, "26544005", "Muscle weakness"),),
}
"""By symptom. The others have none: what is felt as stiff is not the spasticity that an examiner finds."""
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
PART_HOURS = 6
"""Of a part of the day: night, morning, afternoon, evening."""
SEVERITY_TEXT = "0 is none, 10 is the worst; said by the person"


def bundle_json(
    entries: Iterable[Entry], zones: Mapping[str, tzinfo], now: datetime, *, amended: Collection[str] = ()
) -> str:
    """A collection of observations, checked by the library's models. ``amended``: the ids of entries that were changed.

    Deleted entries are left out; so are the context of the home, and the words as they were heard.
    """
    found = [
        {"fullUrl": f"urn:uuid:{_uuid(entry)}", "resource": _observation(entry, zones, changed=entry.id in amended)}
        for entry in entries
        if not entry.deleted
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "timestamp": now.isoformat()}
    return str(Bundle.model_validate(bundle | ({"entry": found} if found else {})).model_dump_json(indent=1)) + "\n"


def _uuid(entry: Entry) -> str:
    """The same for an entry at every export: ids of ours may hold what ids of FHIR may not."""
    return str(uuid5(NAMESPACE_URL, f"{URN}:entry:{entry.id}"))


def _observation(entry: Entry, zones: Mapping[str, tzinfo], *, changed: bool) -> dict[str, Any]:
    person = {"identifier": {"system": f"{URN}:person", "value": entry.person}}
    found: dict[str, Any] = {
        "resourceType": "Observation",
        "id": _uuid(entry),
        "identifier": [{"system": f"{URN}:entry", "value": entry.id}],
        "status": "amended" if changed else "final",
        "category": [{"coding": [{"system": _CATEGORY, "code": "survey", "display": "Survey"}]}],
        "code": _code(entry),
        "subject": person,
        "performer": [person],
        "issued": entry.logged_at.isoformat(),
        **_effective(entry, zones.get(entry.person, UTC)),
        **_value(entry),
    }
    if entry.place or entry.side:
        words = (entry.side, PLACES.get(entry.place, entry.place))
        found["bodySite"] = {"text": " ".join(each for each in words if each)}
    optional = {"note": [{"text": each} for each in _notes(entry)], "component": _components(entry)}
    return found | {key: value for key, value in optional.items() if value}


def _code(entry: Entry) -> dict[str, Any]:
    if entry.kind == "note":
        return {"text": "Note in the person's own words"}
    if not entry.what:
        return {"coding": [{"system": f"{URN}:symptom", "code": "any"}], "text": "Any symptom"}
    system = "symptom" if entry.kind in ("symptom", "none") else entry.kind
    about = SYMPTOMS.get(entry.what) if system == "symptom" else SELF_REPORTS.get(entry.what)
    words = entry.what.replace("_", " ").capitalize()
    others = KNOWN_CODES.get(entry.what, ()) if system == "symptom" else ()
    if entry.severity is None:
        others = tuple(each for each in others if each[0] != LOINC)  # that one is a score
    return {
        "coding": [
            {"system": f"{URN}:{system}", "code": entry.what},
            *({"system": each, "code": code, "display": display} for each, code, display in others),
        ],
        "text": f"{words}: {about}" if about else words,
    }


def _effective(entry: Entry, zone: tzinfo) -> dict[str, Any]:
    """When it was, and no more exactly than it is known."""
    local = entry.occurred_at.astimezone(zone)
    if entry.precision == "day":
        return {"effectiveDateTime": local.date().isoformat()}
    if entry.precision == "part_of_day":
        begin = local.replace(hour=local.hour // PART_HOURS * PART_HOURS, minute=0, second=0, microsecond=0, fold=0)
        last = (begin.hour + PART_HOURS) % 24
        end = datetime.combine(begin.date() + timedelta(days=not last), time(last), tzinfo=zone)
        return _period(begin, end)
    if entry.precision == "hour":
        half = timedelta(minutes=30)
        return _period((local.astimezone(UTC) - half).astimezone(zone), (local.astimezone(UTC) + half).astimezone(zone))
    end_of = entry.ended_at
    if end_of is None and entry.duration_minutes:
        end_of = entry.occurred_at + timedelta(minutes=entry.duration_minutes)
    if end_of is not None and end_of > entry.occurred_at:
        return _period(local, end_of.astimezone(zone))
    if entry.going_on:
        return _period(local, None)
    return {"effectiveDateTime": _exact(local)}


def _period(start: datetime, end: datetime | None) -> dict[str, Any]:
    period = {"start": _exact(start)} | ({"end": _exact(end)} if end else {})
    return {"effectivePeriod": period}


def _exact(at: datetime) -> str:
    return at.replace(microsecond=0).isoformat()


def _value(entry: Entry) -> dict[str, Any]:
    if entry.kind == "none":
        return {"valueInteger": 0}
    if entry.kind == "note":
        return {"valueString": _words(entry.note or entry.raw) or "(no words)"}
    if entry.severity is not None:
        return {"valueQuantity": _quantity(entry.severity, "{score}", "score")}
    if entry.kind == "report":
        return {"valueBoolean": not entry.over}
    reason = {"system": _ABSENT, "code": "not-asked", "display": "Not Asked"}
    return {"dataAbsentReason": {"coding": [reason], "text": "it was there; how strong was not said"}}


def _components(entry: Entry) -> list[dict[str, Any]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if entry.count != 1 and entry.kind != "none":
        found.append(("count", {"valueInteger": entry.count}))
    if entry.duration_minutes is not None:
        found.append(("duration", {"valueQuantity": _quantity(entry.duration_minutes, "min", "minutes")}))
    if entry.subtype:
        found.append(("subtype", {"valueString": f"{entry.subtype}: {SUBTYPES.get(entry.subtype, '')}".rstrip(": ")}))
    found += [(name, {"valueBoolean": True}) for name in ("woke", "going_on") if getattr(entry, name)]
    texts = {"woke": "It woke the person", "going_on": "It had not stopped when it was said"}
    return [
        {"code": {"coding": [{"system": f"{URN}:part", "code": name}], "text": texts.get(name, name.capitalize())}}
        | value
        for name, value in found
    ]


def _notes(entry: Entry) -> list[str]:
    found = []
    if entry.kind == "none":
        found.append(f"The person said that there was none{f': {entry.what}' if entry.what else ' of any symptom'}.")
    if entry.severity is not None:
        found.append(f"{SEVERITY_TEXT}.")
    if entry.suspected:
        what = ", ".join(each.replace("_", " ") for each in entry.suspected)
        found.append(f"What the person suspects, and nobody measured: {what}.")
    if entry.note and entry.kind != "note":
        found += [words] if (words := _words(entry.note)) else []
    return found


def _quantity(value: float, code: str, unit: str) -> dict[str, Any]:
    number = int(value) if float(value).is_integer() else value
    return {"value": number, "unit": unit, "system": UCUM, "code": code}


def _words(text: str) -> str:
    """A text as FHIR allows it: no control characters, and not only spaces."""
    return "".join(each if each.isprintable() or each in "\t\r\n" else " " for each in text).strip()

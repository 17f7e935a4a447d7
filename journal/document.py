"""A journal entry as a JSON message carries it. Its words stay in the journal: no error here repeats them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from journal.meaning import Meaning, Precision, Said
from journal.vocabulary import PLACES, SELF_REPORTS, SEVERITY, SUBTYPES, SYMPTOMS, TRIGGERS

LONGEST = 2000
"""Characters of a note or of what was said."""
SLACK = timedelta(minutes=2)
"""So far ahead another clock may be; more is the future, and nothing has happened there."""

_FIRST_YEAR, _LAST_YEAR = 1950, 2200


def _one_of(known: Iterable[str], *, empty: bool = True) -> BeforeValidator:
    names = tuple(known)

    def check(value: object) -> object:
        if value in names or (empty and value in ("", None)):
            return value or ""
        message = "is none of " + ", ".join(names)
        raise ValueError(message)

    return BeforeValidator(check)


def _in_our_time(at: datetime) -> datetime:
    """A time that can be told in every zone, and that nobody's journal is older than."""
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        message = f"must be between {_FIRST_YEAR} and {_LAST_YEAR}"
        raise ValueError(message)
    return at


class EntryMessage(BaseModel):
    """``{"symptom": "spasm", "severity": 7, "place": "calf", "side": "left"}``: a symptom, a self-report, or a zero.

    Fields that are not named here are left out.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    symptom: Annotated[str, _one_of(SYMPTOMS)] = ""
    self_report: Annotated[str, _one_of(SELF_REPORTS)] = ""
    none: Annotated[str, _one_of((*SYMPTOMS, "all"))] = ""
    """An explicit zero: of this symptom, or of all."""
    subtype: Annotated[str, _one_of(SUBTYPES)] = ""
    place: Annotated[str, _one_of(PLACES)] = ""
    side: Annotated[str, _one_of(("left", "right", "both"))] = ""
    severity: float | None = Field(default=None, ge=SEVERITY[0], le=SEVERITY[1], strict=True)
    duration_minutes: float | None = Field(default=None, ge=0, le=14 * 24 * 60, strict=True)
    count: int | None = Field(default=None, ge=1, le=1000, strict=True)
    suspected: list[Annotated[str, _one_of(TRIGGERS, empty=False)]] = Field(default=[], max_length=20)
    note: str = Field(default="", max_length=LONGEST)
    occurred_at: Annotated[AwareDatetime, AfterValidator(_in_our_time)] | None = None
    time_precision: Precision = "minute"
    minutes_ago: float | None = Field(default=None, ge=0, le=14 * 24 * 60, strict=True)
    going_on: bool = False
    over: bool = False
    celsius: float | None = Field(default=None, ge=30, le=45, strict=True)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if sum(map(bool, (self.symptom, self.self_report, self.none))) != 1:
            message = "name one of symptom, self_report and none"
            raise ValueError(message)
        return self

    def meaning(self, now: datetime) -> Meaning:
        """What is to be logged, as a sentence would say it. ``now``: aware UTC."""
        kind: Literal["symptom", "report", "none"]
        kind, what = ("symptom", self.symptom) if self.symptom else ("report", self.self_report)
        if self.none:
            kind, what = "none", "" if self.none == "all" else self.none
        at = None if self.occurred_at is None else min(self.occurred_at.astimezone(UTC), now)
        if self.minutes_ago is not None:
            at = now - timedelta(minutes=self.minutes_ago)
        said = Said(
            kind=kind,
            what=what,
            subtype=self.subtype,
            place=self.place,
            side=self.side,
            severity=self.severity,
            severity_source="number" if self.severity is not None else "",
            duration_minutes=self.duration_minutes,
            count=self.count,
            suspected=tuple(dict.fromkeys(self.suspected)),
            note=self.note,
            occurred_at=at,
            precision=self.time_precision,
            going_on=self.going_on,
            over=self.over,
            celsius=self.celsius,
        )
        late = self.occurred_at is not None and self.occurred_at > now + SLACK
        return Meaning(purpose="log", raw=self.note, said=(said,), about_late=late)


@dataclass(frozen=True, slots=True)
class NotAnEntry:
    """Which field is wrong, without what was in it."""

    field: str


def parse_entry(payload: bytes) -> EntryMessage | NotAnEntry:
    """The entry in a payload, or what is wrong with it."""
    try:
        return EntryMessage.model_validate_json(payload)
    except ValidationError as error:
        where = error.errors(include_input=False)[0]["loc"]
        return NotAnEntry(".".join(str(part) for part in where) or "the whole message")

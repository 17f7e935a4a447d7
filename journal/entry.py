"""One journal entry as a message carries it. Its words stay in the journal: no error here repeats them."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from journal.vocabulary import SEVERITY, SYMPTOMS


class EntryMessage(BaseModel):
    """``{"symptom": "spasm", "severity": 7}``. Further fields are left to the journal of a later version."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    symptom: str
    severity: float | None = Field(default=None, ge=SEVERITY[0], le=SEVERITY[1], strict=True)

    @field_validator("symptom")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in SYMPTOMS:
            message = "is none of " + ", ".join(SYMPTOMS)
            raise ValueError(message)
        return value


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

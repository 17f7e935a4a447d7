"""The JSON Schemas of both files, for editors; `python -m config.schema` writes them and docs/configuration.md."""

from __future__ import annotations

import json
import sys
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from config.home import Home
from config.model import Model
from config.profile import Profile
from config.reference import reference_text
from config.types import duration_text

SCHEMAS: dict[str, type[Model]] = {"home": Home, "profile": Profile}
_NOT_JSON_SCHEMA = ("ge", "gt", "le", "lt")
"""What pydantic leaves in where a type has a schema of its own: limits that hold in °C only."""


class _InWordsOfPeople(GenerateJsonSchema):
    """Defaults as a person writes them ("5 min", "22:30"), no titles that only repeat the key."""

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401 (pydantic's own signature)
        if isinstance(dft, timedelta):
            return duration_text(dft)
        if isinstance(dft, time):
            return f"{dft:%H:%M}"
        return super().encode_default(dft)

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 (pydantic's own signature)
        return False


def schema_of(name: str) -> dict[str, object]:
    """The JSON Schema of home.yaml ("home") or of a profile ("profile")."""
    return schema_of_model(SCHEMAS[name])


def schema_of_model(model: type[Model]) -> dict[str, object]:
    """The JSON Schema of a file's model."""
    schema = model.model_json_schema(by_alias=True, schema_generator=_InWordsOfPeople)
    tidy = _tidy(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **tidy}


def _tidy(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Without limits that hold in °C only, and without defaults that are whole groups of keys."""
    tidy = {key: _tidied(value) for key, value in schema.items() if key not in _NOT_JSON_SCHEMA}
    if isinstance(tidy.get("default"), dict):
        del tidy["default"]
    return tidy


def _tidied(value: object) -> object:
    if isinstance(value, dict):
        return _tidy(value)
    return [_tidied(item) for item in value] if isinstance(value, list) else value


def schema_text(name: str) -> str:
    """The text of a schema file."""
    return json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> None:
    """Write home.schema.json and profile.schema.json into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        (folder / f"{name}.schema.json").write_text(schema_text(name), encoding="utf-8")


def main() -> None:
    """Bring the files under docs/ up to date."""
    docs = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs"
    write_schemas(docs / "schema")
    (docs / "configuration.md").write_text(reference_text(), encoding="utf-8")


if __name__ == "__main__":
    main()

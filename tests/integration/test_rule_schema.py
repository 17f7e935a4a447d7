"""The schema of rule files is current, and both the shipped book and a person's own rules fit it."""

from __future__ import annotations

from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from ruamel.yaml import YAML

from integration.rule_schema import FILE, schema_text

DOCS = Path(__file__).parents[2] / "docs" / "schema"
BOOK = Path(__file__).parents[2] / "rules" / "library" / "book.yaml"


def test_the_schema_in_docs_is_the_models() -> None:
    """After a change of the models: python -m integration.rule_schema."""
    assert (DOCS / FILE).read_text(encoding="utf-8") == schema_text()


def test_the_shipped_book_fits_its_schema() -> None:
    """What an editor would say of it: nothing."""
    schema = YAML(typ="safe", pure=True).load(schema_text())
    jsonschema.validate(YAML(typ="safe", pure=True).load(BOOK.read_text(encoding="utf-8")), schema)


def test_an_unknown_word_does_not_fit() -> None:
    """The vocabulary is closed."""
    schema = YAML(typ="safe", pure=True).load(schema_text())
    rule = {"id": "x", "says": "x", "when": {"moon": "full"}, "want": [{"cool": "bedroom"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"rules": [rule]}, schema)

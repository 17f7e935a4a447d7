"""The schemas and the reference page: current, complete, and true of the examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from config.model import Model
from config.reference import reference_text
from config.schema import SCHEMAS, schema_of, schema_text
from config.shape import expected_by, expected_in, keys_of
from config.yaml_file import read_yaml
from tests.config.homes import EXAMPLES

DOCS = Path(__file__).parent.parent.parent / "docs"
FILES = {"home": EXAMPLES / "home.yaml", "profile": EXAMPLES / "profiles" / "anna.yaml"}
STALE = "run `python -m config.schema`"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_file_is_current(name: str) -> None:
    assert (DOCS / "schema" / f"{name}.schema.json").read_text(encoding="utf-8") == schema_text(name), STALE


def test_the_reference_page_is_current() -> None:
    assert (DOCS / "configuration.md").read_text(encoding="utf-8") == reference_text(), STALE


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_example_is_valid_and_names_its_schema(name: str) -> None:
    schema = schema_of(name)
    Draft202012Validator.check_schema(schema)
    data = read_yaml(FILES[name], EXAMPLES)[0].data
    assert [error.message for error in Draft202012Validator(schema).iter_errors(data)] == []
    first = FILES[name].read_text(encoding="utf-8").splitlines()[0]
    named = FILES[name].parent / first.partition("$schema=")[2]
    assert named.resolve() == (DOCS / "schema" / f"{name}.schema.json").resolve()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("home", {"rooms": {"bedroom": {"person": "anna", "lamps": []}}}),
        ("home", {"rooms": {"bedroom": {"person": "anna", "cooling": [{"heater": "x"}]}}}),
        ("profile", {"name": "Anna", "time_zone": "Europe/London", "bedtime": {"at": "25:00"}}),
        ("profile", {"name": "Anna", "time_zone": "Europe/London", "triggers": {"x": {"above": 3}}}),
    ],
)
def test_an_editor_sees_mistakes(name: str, data: object) -> None:
    assert list(Draft202012Validator(schema_of(name)).iter_errors(data))


def test_a_temperature_in_fahrenheit_is_no_mistake_for_an_editor() -> None:
    data = {
        "name": "A",
        "time_zone": "Europe/London",
        "units": "F",
        "triggers": {"heat": {"above": 77, "above_usual": 15}},
    }
    assert not list(Draft202012Validator(schema_of("profile")).iter_errors(data))


def _models(model: type[Model], seen: set[type[Model]]) -> set[type[Model]]:
    """A model and everything in it."""
    if model not in seen:
        seen.add(model)
        kinds = [one for field in keys_of(model).values() for one in expected_in(field)]
        for one in kinds:
            inner = [one, *(found for part in getattr(one.kind, "__args__", ()) for found in expected_by(part))]
            for found in inner:
                if found.model is not None:
                    _models(found.model, seen)
        if model.others is not None:
            _models(model.others, seen)
    return seen


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_says_what_it_is(name: str) -> None:
    models = _models(SCHEMAS[name], set())
    assert len(models) > 5
    silent = [
        f"{model.__name__}.{key}" for model in models for key, field in keys_of(model).items() if not field.description
    ]
    assert silent == []


def test_the_page_names_every_key() -> None:
    page = reference_text()
    for schema in SCHEMAS.values():
        for model in _models(schema, set()):
            if model.__name__ != "Moment":
                assert all(f"| `{key}` |" in page for key in keys_of(model))


def test_the_schema_is_json() -> None:
    assert json.loads(schema_text("home"))["type"] == "object"

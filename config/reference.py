"""Writes docs/configuration.md: an introduction by hand, and every key of both files from the models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from importlib.resources import files
from typing import get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from config.home import Home
from config.model import Model
from config.profile import KNOWN_REPORTS, Profile
from config.shape import Expected, expected_by, expected_in, keys_of, words_for
from config.types import Plain, duration_text

_HEADER = "| key | what to write | when left out | what it is |\n| --- | --- | --- | --- |"

_STEPS: dict[object, str] = {list: " (each)", dict: ".NAME"}


def reference_text() -> str:
    """The whole page."""
    intro = (files("config") / "reference_intro.md").read_text(encoding="utf-8").rstrip()
    parts = [intro, "## home.yaml", *_sections(Home, ""), "## profiles/NAME.yaml", *_sections(Profile, "")]
    return "\n\n".join(parts) + "\n"


def _sections(model: type[Model], path: str) -> Iterator[str]:
    """The table of a model, then those of the models inside it."""
    if path:
        yield f"### {path}"
        yield _sentence(model)
    yield "\n".join([_HEADER, *(_row(key, field) for key, field in keys_of(model).items())])
    for key, field in keys_of(model).items():
        for inner, step in _inner_models(expected_in(field)):
            yield from _sections(inner, f"{path}.{key}{step}".lstrip("."))
    if model.others is not None:
        yield from _sections(model.others, f"{path}.NAME")
        yield _known_reports()


def _sentence(model: type[Model]) -> str:
    return " ".join((model.__doc__ or "").split())


def _inner_models(expected: tuple[Expected, ...]) -> Iterator[tuple[type[Model], str]]:
    """The models that a key holds: itself, those in its list, those under its names."""
    for one in expected:
        if one.model is not None and one.plain is not None and one.tag is None:
            continue  # written as one value, like a time of day
        if one.model is not None:
            tag = f" ({one.tag})" if one.tag else ""
            yield one.model, tag
            continue
        arguments = get_args(one.kind)
        step = _STEPS.get(get_origin(one.kind))
        if arguments and step:
            yield from ((model, f"{step}{more}") for model, more in _inner_models(expected_by(arguments[-1])))


def _row(key: str, field: FieldInfo) -> str:
    cells = (f"`{key}`", _to_write(expected_in(field)), _default(field), " ".join((field.description or "").split()))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _to_write(expected: tuple[Expected, ...]) -> str:
    """What to write, with what a list or a group is made of."""
    if any(plain.quantity is None for one in expected if isinstance(plain := one.plain, Plain)):
        return words_for(expected)
    for one in expected:
        arguments, origin = get_args(one.kind), get_origin(one.kind)
        if origin is list and not next(_inner_models(expected), None):
            return f"a list of: {words_for(expected_by(arguments[0]))}"
        if origin is dict and not next(_inner_models(expected), None):
            names, values = words_for(expected_by(arguments[0])), words_for(expected_by(arguments[-1]))
            return f"lines of `name: value`; the name is {names}, the value {values}"
        if origin is dict:
            return "a group of keys under each name of your own choosing"
    return words_for(expected)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be there**"
    value = field.get_default(call_default_factory=True)
    if value is None or value is PydanticUndefined:
        return "nothing"
    return "see below" if isinstance(value, BaseModel) else _value_text(value, expected_in(field))


def _value_text(value: object, expected: tuple[Expected, ...]) -> str:
    if isinstance(value, list | dict):
        return f"`{', '.join(map(str, value))}`" if value else "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, timedelta):
        return f"`{duration_text(value)}`"
    if isinstance(value, time | date):
        return f"`{value:%H:%M}`"
    unit = " °C" if any(one.plain and one.plain.quantity for one in expected) else ""
    return f"`{value:g}{unit}`" if isinstance(value, float) else f"`{value}`"


def _known_reports() -> str:
    """The table of what the person can report, with its starting points."""
    rows = ["| name | counts | for how long |", "| --- | --- | --- |"]
    for name, trigger in KNOWN_REPORTS.items():
        counts = "when you say so"
        if trigger.at_least is not None:
            counts = f"from {trigger.at_least:g} out of 10"
        if trigger.at_most is not None:
            counts = f"up to {trigger.at_most:g} out of 10"
        lasts = duration_text(trigger.lasts) if trigger.lasts else "until you say that it is over"
        rows.append(f"| `{name}` | {counts} | {lasts} |")
    return "These are there already. Write one into your file only to change it.\n\n" + "\n".join(rows)

"""What the models expect at a place in a file, and how to say it: walks the types along a pydantic error's location."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import Tag
from pydantic.fields import FieldInfo

from config.mistakes import listed
from config.model import Model
from config.types import Plain, duration_text, temperature_text
from config.yaml_file import KeyPath

_GROUP = "a group of keys, indented under this one"
_SIMPLE: dict[object, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    Path: "the path of a file",
    dict: _GROUP,
    list: "a list: one line for each, with a - in front, or [one, two]",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One of the kinds of value that a place takes: the bare type, and what Annotated or Field add to it."""

    kind: object
    extras: tuple[object, ...] = ()

    @property
    def model(self) -> type[Model] | None:
        """The model, where a group of keys is expected."""
        return self.kind if isinstance(self.kind, type) and issubclass(self.kind, Model) else None

    @property
    def plain(self) -> Plain | None:
        """The plain words that the type carries."""
        return next((extra for extra in self.extras if isinstance(extra, Plain)), None)

    @property
    def tag(self) -> str | None:
        """The key that chooses this member of a union."""
        return next((extra.tag for extra in reversed(self.extras) if isinstance(extra, Tag)), None)

    @property
    def choices(self) -> tuple[str, ...]:
        """The words to choose from, where only some are allowed."""
        return tuple(str(choice) for choice in get_args(self.kind)) if get_origin(self.kind) is Literal else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a pydantic error's location leads: the path in the file, what is expected there and around it."""

    path: KeyPath
    expected: tuple[Expected, ...]
    around: tuple[Expected, ...]


def expected_by(annotation: object, extras: tuple[object, ...] = ()) -> tuple[Expected, ...]:
    """Every kind of value that an annotation takes, except nothing (None)."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return expected_by(inner, (*extras, *more))
    if origin in (Union, UnionType):
        members = (member for member in get_args(annotation) if member is not type(None))
        return tuple(found for member in members for found in expected_by(member, extras))
    return (Expected(kind=annotation, extras=extras),)


def expected_in(field: FieldInfo) -> tuple[Expected, ...]:
    """Every kind of value that a field takes."""
    return expected_by(field.annotation, tuple(field.metadata))


def key_of(name: str, field: FieldInfo) -> str:
    """How a field is called in the file."""
    return field.alias or name


def keys_of(model: type[Model]) -> dict[str, FieldInfo]:
    """The fields of a model by the names that people write."""
    return {key_of(name, field): field for name, field in model.model_fields.items()}


def locate(model: type[Model], location: Iterable[str | int]) -> Spot:
    """Follow an error's location: keys and indexes, with the tags of unions in between, which are not in the file."""
    path: KeyPath = ()
    around: tuple[Expected, ...] = ()
    expected: tuple[Expected, ...] = (Expected(kind=model),)
    for step in location:
        chosen = tuple(one for one in expected if one.tag == step)
        if chosen and len(expected) > 1:
            expected = tuple(Expected(kind=one.kind) for one in chosen)
            continue
        path, around = (*path, step), expected
        expected = tuple(found for one in expected for found in _inside(one, step))
    return Spot(path=path, expected=expected, around=around)


def _inside(one: Expected, step: str | int) -> tuple[Expected, ...]:
    if one.model is not None:
        field = keys_of(one.model).get(str(step)) or one.model.model_fields.get(str(step))
        if field is not None:
            return expected_in(field)
        return (Expected(kind=one.model.others),) if one.model.others else ()
    arguments = get_args(one.kind)
    return expected_by(arguments[-1]) if get_origin(one.kind) in (dict, list) else ()


def names_in(around: tuple[Expected, ...]) -> tuple[Expected, ...]:
    """What a key of the person's own choosing must look like, in a group of such keys."""
    return tuple(
        found for one in around if get_origin(one.kind) is dict for found in expected_by(get_args(one.kind)[0])
    )


def choices_of(expected: tuple[Expected, ...]) -> list[str]:
    """The words to choose from, where only some are allowed."""
    return [choice for one in expected for choice in one.choices]


def words_for(expected: tuple[Expected, ...], *, fahrenheit: bool = False) -> str:
    """What may stand at a place, in plain words, with its limits in the unit of the file."""
    if not expected:
        return ""
    plain = next((one.plain for one in expected if one.plain), None)
    words = plain.words if plain else listed(dict.fromkeys(_word(one) for one in expected))
    limits = limits_text(expected, fahrenheit=fahrenheit)
    return f"{words} ({limits})" if limits else words


def _word(one: Expected) -> str:
    if one.choices:
        return listed(one.choices)
    if one.model is not None:
        return _GROUP
    return _SIMPLE.get(get_origin(one.kind) or one.kind, "another value")


def temperature_limits(expected: tuple[Expected, ...]) -> tuple[float, float] | None:
    """The lowest and highest temperature (°C) at a place; None where no temperature with both limits belongs."""
    extras = [extra for one in expected for extra in one.extras]
    low = next((extra.ge for extra in extras if isinstance(extra, Ge)), None)
    high = next((extra.le for extra in extras if isinstance(extra, Le)), None)
    is_temperature = any(one.plain and one.plain.quantity == "temperature" for one in expected)
    if not is_temperature or not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    return low, high


def limits_text(expected: tuple[Expected, ...], *, fahrenheit: bool = False) -> str:
    """The limits of a number, a temperature or a time span: "59 °F to 104 °F"; empty when it has none."""
    extras = [extra for one in expected for extra in one.extras]
    plain = next((one.plain for one in expected if one.plain), None)
    low = next(
        (extra.ge if isinstance(extra, Ge) else extra.gt for extra in extras if isinstance(extra, Ge | Gt)), None
    )
    high = next(
        (extra.le if isinstance(extra, Le) else extra.lt for extra in extras if isinstance(extra, Le | Lt)), None
    )
    more = "more than " if any(isinstance(extra, Gt) for extra in extras) else ""
    if high is None:
        text = _limit(low, plain, fahrenheit=fahrenheit)
        return "" if low is None else f"{more}{text}" if more else f"{text} or more"
    most = _limit(high, plain, fahrenheit=fahrenheit)
    return f"{most} or less" if low is None else f"{more}{_limit(low, plain, fahrenheit=fahrenheit)} to {most}"


def _limit(value: object, plain: Plain | None, *, fahrenheit: bool) -> str:
    if isinstance(value, timedelta):
        return duration_text(value)
    if not isinstance(value, int | float):
        return str(value)
    if plain is not None and plain.quantity is not None:
        return temperature_text(value, fahrenheit=fahrenheit, step=plain.quantity == "step")
    return f"{value:g}"

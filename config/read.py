"""Reads one YAML file into one model: the model, or the mistakes that keep it from being one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from config.mistakes import Mistake
from config.model import Model
from config.translate import mistakes_of
from config.yaml_file import YamlFile, read_yaml

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[M]):
    """What became of a file. ``model`` is None where the mistakes are too many to make one."""

    file: YamlFile
    model: M | None
    mistakes: tuple[Mistake, ...] = ()


def read_file(
    path: Path, model: type[M], context: Mapping[str, object] | None = None, *, relative_to: Path
) -> Reading[M]:
    """Read a file. The unit of its temperatures is its own ``units``, or else what ``context`` says under that name."""
    file, mistakes = read_yaml(path, relative_to)
    if not file.data:
        return Reading(file=file, model=None, mistakes=tuple(mistakes))
    full_context = {**(context or {}), **_units(file)}
    try:
        made = model.model_validate(file.data, context=full_context)
    except ValidationError as error:
        mistakes += mistakes_of(error, model, file, fahrenheit=full_context.get("units") == "F")
        return Reading(file=file, model=None, mistakes=tuple(mistakes))
    return Reading(file=file, model=made, mistakes=tuple(mistakes))


def _units(file: YamlFile) -> dict[str, object]:
    """The unit that a file names. "fahrenheit" is a mistake of one key, and not of every temperature in the file."""
    return {"units": str(file.data["units"])[:1].upper()} if "units" in file.data else {}

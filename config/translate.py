"""Turns what pydantic says about a file into mistakes that a person can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.mistakes import Mistake, listed, nearest_to
from config.model import Model
from config.secret_keys import PROPER_PLACE, is_secret_key, looks_secret
from config.shape import Spot, choices_of, keys_of, limits_text, locate, names_in, temperature_limits, words_for
from config.types import other_unit
from config.yaml_file import KeyPath, YamlFile

_LONGEST_SHOWN = 60
_OUTSIDE = "this is outside the limits"
_PROBLEMS = {
    "literal_error": "this is not one of the choices",
    "string_pattern_mismatch": "this is not written as it must be",
    "string_too_short": "this is empty",
    "string_too_long": "this is too long",
    "too_short": "at least one is needed here",
    "greater_than": _OUTSIDE,
    "greater_than_equal": _OUTSIDE,
    "less_than": _OUTSIDE,
    "less_than_equal": _OUTSIDE,
}


def mistakes_of(error: ValidationError, model: type[Model], file: YamlFile, *, fahrenheit: bool) -> list[Mistake]:
    """Every error of a validation as a mistake, with its place in the file."""
    translation = _Translation(model=model, file=file, fahrenheit=fahrenheit)
    return [translation.mistake(detail) for detail in error.errors(include_url=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Translation:
    model: type[Model]
    file: YamlFile
    fahrenheit: bool

    def mistake(self, detail: ErrorDetails) -> Mistake:
        location = detail["loc"]
        if location[-1:] == ("[key]",):
            return self._bad_name(locate(self.model, location[:-1]))
        spot = locate(self.model, location)
        match detail["type"]:
            case "extra_forbidden":
                return self._unknown_key(spot)
            case "missing":
                allowed = words_for(spot.expected, fahrenheit=self.fahrenheit)
                return Mistake.at(self.file.key_place(spot.path), "this key is missing", allowed=allowed)
            case "wrong":
                return self._wrong(detail, spot)
        if any(one.tag for one in spot.expected):
            return self._no_member(detail, spot)
        return self._bad_value(detail, spot)

    def _bad_value(self, detail: ErrorDetails, spot: Spot) -> Mistake:
        value = self.file.found(spot.path)
        said = str(detail["ctx"]["error"]) if detail["type"] == "value_error" else ""
        problem = said or _PROBLEMS.get(detail["type"], "this is not what belongs here")
        if value is None:
            problem = "nothing is written here"
        elif problem == _OUTSIDE:
            problem = self._in_other_unit(value, spot) or problem
        elif detail["type"] == "string_type" and type(value) in (int, float):
            problem = 'digits that are meant as text stand in quotes, like "0123"'
        nearest = _nearest(str(value), spot)
        place = self.file.value_place(spot.path)
        allowed = self._allowed(detail, spot)
        return Mistake.at(place, problem, found=shown(value, spot.path), allowed=allowed, nearest=nearest)

    def _in_other_unit(self, value: object, spot: Spot) -> str:
        """That a temperature outside its limits would be within them in the other unit; empty when it would not."""
        limits = temperature_limits(spot.expected)
        unit = other_unit(value, *limits, fahrenheit=self.fahrenheit) if limits else ""
        return f"this looks like °{unit}; write `units: {unit}`, or give the unit: {value} °{unit}" if unit else ""

    def _allowed(self, detail: ErrorDetails, spot: Spot) -> str:
        if _PROBLEMS.get(detail["type"]) == _OUTSIDE:
            return limits_text(spot.expected, fahrenheit=self.fahrenheit)
        match detail["type"]:
            case "string_too_long":
                return f"at most {detail['ctx']['max_length']} characters"
            case "string_too_short" | "too_short":
                return ""
        return words_for(spot.expected, fahrenheit=self.fahrenheit)

    def _unknown_key(self, spot: Spot) -> Mistake:
        key = str(spot.path[-1])
        place = self.file.key_place(spot.path)
        if is_secret_key(key):
            return Mistake.at(place, f"a secret must not stand in this file; {PROPER_PLACE}")
        known = [name for one in spot.around if one.model for name in keys_of(one.model)]
        allowed = listed(known) if known else ""
        return Mistake.at(place, "this key is not known", allowed=allowed, nearest=nearest_to(key, known))

    def _bad_name(self, spot: Spot) -> Mistake:
        """A key of the person's own choosing that is not written as such a key must be."""
        names = names_in(spot.around)
        nearest = nearest_to(str(spot.path[-1]), choices_of(names))
        place = self.file.key_place(spot.path)
        return Mistake.at(place, "this name cannot be used here", allowed=words_for(names), nearest=nearest)

    def _wrong(self, detail: ErrorDetails, spot: Spot) -> Mistake:
        """A mistake that a model found in one of its own keys."""
        context = detail["ctx"]
        path: KeyPath = (*spot.path, *context["key"])
        found = shown(self.file.found(path), path)
        place, nearest = self.file.value_place(path), str(context.get("nearest", ""))
        return Mistake.at(place, str(context["problem"]), found=found, nearest=nearest)

    def _no_member(self, detail: ErrorDetails, spot: Spot) -> Mistake:
        """A value that is none of the kinds of a union, which are told apart by a key."""
        value = self.file.found(spot.path)
        tags = [one.tag for one in spot.expected if one.tag]
        written = [str(key) for key in value if not is_secret_key(str(key))] if isinstance(value, dict) else []
        nearest = next((near for key in written if (near := nearest_to(key, tags))), "")
        found = _keys_shown(written) if isinstance(value, dict) else shown(value, spot.path)
        return Mistake.at(self.file.value_place(spot.path), detail["msg"], found=found, nearest=nearest)


def _nearest(text: str, spot: Spot) -> str:
    """The valid value that is most like the one found, or that its type knows to be meant."""
    finder = next((one.plain.nearest for one in spot.expected if one.plain and one.plain.nearest), None)
    return finder(text) if finder else nearest_to(text, choices_of(spot.expected))


def _keys_shown(keys: Iterable[str]) -> str:
    names = ", ".join(keys)
    return f"the keys {names}" if "," in names else f"the key {names}" if names else ""


def shown(value: object, path: KeyPath) -> str:
    """A value as it may be shown: short, and never a secret. Empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return "a group of keys" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if looks_secret(text) or any(is_secret_key(str(step)) for step in path):
        return "something that looks like a secret, so it is not shown"
    text = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    return f'"{text}"' if isinstance(value, str) else text

"""The rule book of each person: the shipped one, with the home's own rules in place of or beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML

from config.errors import ConfigError
from config.load import Configuration
from config.mistakes import Mistake, Place
from config.read import read_file
from config.yaml_file import KeyPath, YamlFile
from rules.book import Rule, RuleBook
from rules.compile import RuleError
from rules.world import build


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A rule of the home's own, with the file that it stands in and its place in it."""

    rule: Rule
    file: YamlFile
    index: int

    def place(self, found: str = "id") -> Place:
        """Where the rule says ``found``, or where it begins."""
        path = _path_of(found, self.file.found(("rules", self.index)))
        return self.file.value_place(("rules", self.index, *(path or ("id",))))


@dataclass(slots=True)
class OwnRules:
    """The home's own rules, and everything wrong in them."""

    rules: list[OwnRule] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def shipped_rules() -> list[Rule]:
    """The rules in ``rules/library``."""
    text = (files("rules") / "library" / "book.yaml").read_text(encoding="utf-8")
    return RuleBook.model_validate(YAML(typ="safe", pure=True).load(text)).rules


def read_own_rules(folder: Path) -> OwnRules:
    """The rules in ``rules/*.yaml`` of a configuration folder."""
    own = OwnRules()
    for path in sorted((folder / "rules").glob("[!.]*.yaml")):
        reading = read_file(path, RuleBook, relative_to=folder)
        own.mistakes += reading.mistakes
        own.rules += _readable(reading.file)
    seen: dict[str, OwnRule] = {}
    for each in own.rules:
        first = seen.setdefault(each.rule.id, each)
        if first is not each and first.file is not each.file:
            own.mistakes.append(
                Mistake.at(each.place(), f"the rule {each.rule.id} is in {first.place().text()} already")
            )
    return own


def _readable(file: YamlFile) -> list[OwnRule]:
    """The rules of a file that can be read each by itself, so that one with a mistake does not hide the others'."""
    raw = file.found(("rules",))
    rules = []
    for index, each in enumerate(raw if isinstance(raw, list) else []):
        try:
            rules.append(OwnRule(Rule.model_validate(each), file, index))
        except ValidationError:
            continue  # told by the reading of the whole file
    return rules


def load_books(configuration: Configuration) -> dict[str, list[Rule]]:
    """The book of each person. Raises ConfigError with every mistake in the home's own rules."""
    own = read_own_rules(configuration.folder)
    mistakes = own.mistakes + _unknown_names(configuration, own)
    if mistakes:
        raise ConfigError(mistakes, configuration.folder)
    changed = {each.rule.id: each.rule for each in own.rules}
    book = [changed.pop(rule.id, rule) for rule in shipped_rules()] + list(changed.values())
    return dict.fromkeys(configuration.profiles, book)


def _unknown_names(configuration: Configuration, own: OwnRules) -> list[Mistake]:
    """What the rules name and a person's home or profile does not have."""
    mistakes = []
    for person, profile in configuration.profiles.items():
        for each in own.rules:
            try:
                build(person, profile, configuration.home, [each.rule])
            except RuleError as error:
                mistakes.append(Mistake.at(each.place(error.found), f"{error} (for {person})"))
    return mistakes


def _path_of(found: str, raw: object, path: KeyPath = ()) -> KeyPath | None:
    """Where a value stands in a rule as it was written."""
    if raw == found:
        return path
    parts = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for key, value in parts:
        deeper = _path_of(found, value, (*path, key))
        if deeper is not None:
            return deeper
    return None

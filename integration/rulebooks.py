"""The rule book of each person: the shipped one, with the home's own rules in place of or beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from ruamel.yaml import YAML

from config.errors import ConfigError
from config.load import Configuration
from config.mistakes import Mistake, Place
from config.read import read_file
from rules.book import Rule, RuleBook
from rules.compile import RuleError
from rules.world import build


@dataclass(slots=True)
class OwnRules:
    """The home's own rules, where each stands, and everything wrong in them."""

    rules: list[Rule] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
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
        for index, rule in enumerate(reading.model.rules if reading.model else []):
            place = reading.file.value_place(("rules", index, "id"))
            if rule.id in own.places:
                first = own.places[rule.id]
                own.mistakes.append(Mistake.at(place, f"the rule {rule.id} is in {first.text()} already"))
            own.rules.append(rule)
            own.places[rule.id] = place
    return own


def load_books(configuration: Configuration) -> dict[str, list[Rule]]:
    """The book of each person. Raises ConfigError with every mistake in the home's own rules."""
    own = read_own_rules(configuration.folder)
    changed = {rule.id: rule for rule in own.rules}
    book = [changed.pop(rule.id, rule) for rule in shipped_rules()] + list(changed.values())
    mistakes = own.mistakes or _unknown_names(configuration, own)
    if mistakes:
        raise ConfigError(mistakes, configuration.folder)
    return dict.fromkeys(configuration.profiles, book)


def _unknown_names(configuration: Configuration, own: OwnRules) -> list[Mistake]:
    """What the rules name and a person's home or profile does not have."""
    mistakes = []
    for person, profile in configuration.profiles.items():
        for rule in own.rules:
            try:
                build(person, profile, configuration.home, [rule])
            except RuleError as error:
                mistakes.append(Mistake.at(own.places[rule.id], f"{error} (for {person})"))
    return mistakes

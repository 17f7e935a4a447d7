"""The rule book of each person: the shipped one, with the home's own rules in place of or beside it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from ruamel.yaml import YAML

from config.errors import ConfigError
from config.load import Configuration
from config.mistakes import Mistake
from config.read import read_file
from rules.book import Rule, RuleBook


def shipped_rules() -> list[Rule]:
    """The rules in ``rules/library``."""
    text = (files("rules") / "library" / "book.yaml").read_text(encoding="utf-8")
    return RuleBook.model_validate(YAML(typ="safe", pure=True).load(text)).rules


def own_rules(folder: Path) -> tuple[list[Rule], list[Mistake]]:
    """The rules in ``rules/*.yaml`` of a configuration folder, and everything wrong in them."""
    rules: list[Rule] = []
    mistakes: list[Mistake] = []
    for path in sorted((folder / "rules").glob("[!.]*.yaml")):
        reading = read_file(path, RuleBook, relative_to=folder)
        mistakes += reading.mistakes
        rules += reading.model.rules if reading.model else []
    return rules, mistakes


def load_books(configuration: Configuration) -> dict[str, list[Rule]]:
    """The book of each person. Raises ConfigError with every mistake in the home's own rules."""
    own, mistakes = own_rules(configuration.folder)
    if mistakes:
        raise ConfigError(mistakes)
    changed = {rule.id: rule for rule in own}
    shipped = shipped_rules()
    book = [changed.pop(rule.id, rule) for rule in shipped] + list(changed.values())
    return dict.fromkeys(configuration.profiles, book)

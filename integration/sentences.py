"""The sentence file, read once: hearing itself opens nothing."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from journal.hearing import Ear


def sentences() -> dict[str, Any]:
    """The sentence file as YAML gives it."""
    text = (files("journal.sentences") / "en.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return read


@cache
def load_ear() -> Ear:
    """The one ear of this process."""
    return Ear(sentences())

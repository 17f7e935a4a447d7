"""Broken configurations as golden files: what a person reads about each.

A new case is a folder in `broken/` with the files and, in `expected.txt`, what should be said. After a change of words:
`UNCLENCH_UPDATE_GOLDEN=1 pytest tests/config/test_broken.py`, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.load import load

BROKEN = Path(__file__).parent / "broken"
HIDDEN = "hunter2-is-secret"


@pytest.mark.parametrize("name", sorted(path.name for path in BROKEN.iterdir()))
def test_every_mistake_is_told_at_once_in_order(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(BROKEN / name)
    said = f"{caught.value}\n"
    expected = BROKEN / name / "expected.txt"
    if os.environ.get("UNCLENCH_UPDATE_GOLDEN"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(path.name for path in BROKEN.iterdir()))
def test_a_message_points_into_its_file_and_keeps_secrets(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(BROKEN / name)
    assert HIDDEN not in str(caught.value)
    for mistake in caught.value.mistakes:
        assert HIDDEN not in str(mistake.as_json())
        file = BROKEN / name / mistake.file
        if mistake.line:
            assert mistake.line <= len(file.read_bytes().splitlines()) + 1
            assert mistake.column >= 1

"""No text of the journal reassures, names a dose or a disease, or is long."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from journal.outcome import Flag
from journal.red_flag_words import TABLES
from journal.red_flags import low_mood_flag, words_of
from tests.journal.desk_room import profile

ROOM = Path(__file__).parents[2] / "journal"
SPEAKING = ("answers", "changes", "desk", "last_one", "questions", "read_back", "red_flags", "wording", "writing")
NEVER = re.compile(
    r"\b(?:you(?:'re| are)? (?:fine|ok|okay|safe|well)|don'?t worry|no need to|not an emergency|nothing to worry"
    r"|all (?:good|well|clear)|harmless|normal for|get well|well done|good (?:job|news)|great|congratulations|streak"
    r"|missed|dose|doses|mg|milligrams?|tablets?|pills?|increase|reduce|relapse|diagnos\w+|causes?d? by|symptom[- ]free"
    r"|you should take|take your|skip your|MS attack)\b",
    re.IGNORECASE,
)


def texts() -> list[tuple[str, str]]:
    """Every string of the speaking modules that has a space in it, but for what explains the code."""
    found = []
    for name in SPEAKING:
        tree = ast.parse((ROOM / f"{name}.py").read_text(encoding="utf-8"))
        explains = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found += [
            (name, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in explains
            and " " in node.value.strip()
            and "\\b" not in node.value
        ]
    return found


def test_there_are_texts_to_look_at() -> None:
    assert len(texts()) > 60


def test_no_text_reassures_or_speaks_of_doses() -> None:
    assert [(name, text) for name, text in texts() if NEVER.search(text)] == []


@pytest.mark.parametrize("text", ["You are fine.", "Don't worry.", "Take your tablets.", "This is not an emergency."])
def test_the_search_finds_what_it_looks_for(text: str) -> None:
    assert NEVER.search(text)


def test_no_text_has_a_dash_or_a_picture() -> None:
    assert [(name, text) for name, text in texts() if re.search("[\u2013\u2014\U0001f300-\U0001faff]", text)] == []


CONTACTS = [
    {"name": f"N{role}", "phone": "01", "role": role} for role in ("ms_team", "pump_team", "doctor", "advice_line")
]


@pytest.mark.parametrize("contacts", [[], CONTACTS, CONTACTS[:1], CONTACTS[2:3], CONTACTS[3:]])
@pytest.mark.parametrize("emergency", [None, "112"])
def test_a_flag_has_two_sentences_at_most(contacts: list[dict[str, str]], emergency: str | None) -> None:
    person = profile(contacts=contacts, help={"emergency": emergency, "crisis_line": emergency})
    flags = [low_mood_flag(person)]
    for tier, table in TABLES:
        flags += [
            Flag(tier=tier, reason=reason, says=words_of(tier, reason, person))  # type: ignore[arg-type]
            for reason in dict(table)
        ]
    for flag in flags:
        assert flag.says.endswith(".")
        assert flag.says.count(". ") <= 1
        assert ",." not in flag.says
        assert not NEVER.search(flag.says)

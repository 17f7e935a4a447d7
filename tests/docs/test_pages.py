"""Commands, options, links, files and variables in README and docs exist; the disclaimer stands where it must."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import PREFIX, Settings
from integration.cli.lazy import load_verb
from integration.cli.verbs import VERBS
from tests.docs.pages import PAGES, ROOT, blocks, name_of

README = (ROOT / "README.md").read_text(encoding="utf-8")
FOR_TESTS = {"REQUIRE_PEERS", "TEST_CACHE", "SLOW", "NO_SKIPS", "ORACLE_PYTHON", "PYTHON", "ADVISORIES"}
"""Variables of the tests and of ./dev, which are no settings."""


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_exists_with_its_options(page: Path) -> None:
    code = re.sub(r"\\\n\s*", " ", blocks(page.read_text(encoding="utf-8")))
    for verb, rest in re.findall(r"\bunclench +([a-z]+)\b([^\n|#]*)", code):
        if verb in {"check", "init", "run"} | set(VERBS):
            assert verb in VERBS, f"unclench {verb}"
            command = load_verb(verb)
            if subcommands := getattr(command, "commands", {}):
                command = subcommands[rest.split()[0]]
            known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= known, f"unclench {verb}{rest}"
        else:
            pytest.fail(f"unclench {verb} is no command")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_verb_of_the_front_door_exists(page: Path) -> None:
    listed = subprocess.run([str(ROOT / "dev")], capture_output=True, text=True, check=True).stdout
    verbs = set(re.findall(r"^  ([a-z]+)  ", listed, re.MULTILINE))
    assert set(re.findall(r"\./dev ([a-z]+)", blocks(page.read_text(encoding="utf-8")))) <= verbs


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not re.match(r"https?://", link) and not link.startswith("#"):
            assert (page.parent / link.split("#")[0]).exists(), f"{name_of(page)}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_in_backticks_exists(page: Path) -> None:
    """What looks like a path of ours: a room, tests, docs or .ci in front."""
    for path in re.findall(
        r"`((?:config|devices|rules|journal|integration|tests|docs|\.ci)/[\w./-]*)`", page.read_text()
    ):
        here = (ROOT / path, ROOT / "rules" / path, ROOT / "config" / path)
        assert any(place.exists() for place in here), f"{name_of(page)}: {path}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_variable_is_a_setting(page: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}([A-Z_]+)\b", page.read_text(encoding="utf-8")))
    assert {name.lower() for name in named - FOR_TESTS} <= set(Settings.model_fields)


@pytest.mark.parametrize(
    "word", ["not a medical device", "not an\n> alarm", "nobody\n> watches it", "emergency number"]
)
def test_the_limits_stand_in_the_readme(word: str) -> None:
    text = " ".join(README.replace("\n> ", " ").split())
    wanted = " ".join(word.replace("\n> ", " ").split())
    assert wanted in text
    assert wanted in text[: text.index("Try it")], "before anything is started"


def test_the_two_commands_stand_alone_in_the_readme() -> None:
    for command in ("./dev demo", "./dev test"):
        assert f"```sh\n{command}\n```" in README


def test_the_readme_says_that_no_image_was_built() -> None:
    assert "The image has not been built, and the compose file has not been\nstarted." in README


@pytest.mark.parametrize(
    "first",
    [README[: README.index("# For engineers")], (ROOT / "docs/cooling.md").read_text(encoding="utf-8")],
    ids=["README.md", "docs/cooling.md"],
)
def test_what_a_person_reads_is_easy_to_read(first: str) -> None:
    """Short sentences, short words: for a person who is tired. Tables and commands are left out."""
    first = re.sub(r"```.*?```", "", first, flags=re.DOTALL)
    first = re.sub(r"^[|!#].*$|\[([^]]*)\]\([^)]*\)", r"\1", first, flags=re.MULTILINE)
    first = first.replace("**", "")
    sentences = [sentence.split() for sentence in re.split(r"(?<=[.?!])\s+", first) if sentence.strip()]
    assert max(len(sentence) for sentence in sentences) <= 25
    assert sum(map(len, sentences)) / len(sentences) <= 12
    words = re.findall(r"[A-Za-z]+", first)
    assert sum(len(word) for word in words) / len(words) <= 4.7


@pytest.mark.parametrize("page", sorted((ROOT / "docs/decisions").glob("*.md")), ids=name_of)
def test_a_decision_is_half_a_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.match(r"# \d+\. ", text)
    assert int(page.name[:4]) == int(text[2 : text.index(".")])
    for part in ("**The question.**", "**Decided.**"):
        assert part in text
    assert len(text.splitlines()) <= 30


def test_nothing_of_this_machine_is_named() -> None:
    """No folder of the machine that it was made on, no address of a file, no token."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    bad = re.compile(re.escape(f"{ROOT}/").encode() + rb"|file:/{3}\w|\beyJ[\w-]{20,}\.[\w-]{20,}")
    files = [ROOT / name for name in listed.stdout.splitlines()]
    assert [file for file in files if file.is_file() and bad.search(file.read_bytes())] == []


def test_the_help_says_the_limits_too() -> None:
    command = [sys.executable, "-c", "from integration.cli import main; main()", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout
    assert "Not a medical device, not an alarm" in " ".join(told.split())

"""docs/dependencies.md names every dependency, its licence is the installed one, and the licences go with GPL-3."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions

import pytest

from tests.docs.pages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SECTIONS = {"To run": PROJECT["dependencies"], **{
    title: PROJECT["optional-dependencies"][extra]
    for title, extra in (
        ("For charts", "charts"), ("For FHIR", "fhir"), ("For the demo", "demo"), ("To work on it", "dev"))
}}  # fmt: skip
COMPATIBLE = re.compile(
    r"MIT|BSD|ISC|Apache|Python Software Foundation|PSF-2.0|MPL|Mozilla|GPL-3\.0-or-later|Unlicense|Zlib", re.IGNORECASE
)
"""Licences whose code may be distributed with a GPL-3 work (the Free Software Foundation's list)."""
NEVER_IMPORTED = {"tzdata", "wsproto"}
"""Found by others at run time: zoneinfo, uvicorn."""
ROOMS = ("config", "devices", "integration", "journal", "rules")


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement(line: str) -> str:
    """The name in a requirement."""
    match = re.match(r"[A-Za-z0-9._-]+", line)
    assert match is not None
    return normal(match[0])


def rows(title: str) -> dict[str, str]:
    """Package and licence in one table of the page."""
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    part = page.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| ")
    ]
    assert all(len(row) == len(cells[0]) and all(row) for row in cells)
    return {row[0]: row[2] for row in cells[2:]}


def licence(name: str) -> str:
    """What an installed package says of its licence."""
    known = metadata(name).json
    classifiers = [
        str(entry).rsplit(" :: ", 1)[-1] for entry in known.get("classifier", []) if entry.startswith("License")
    ]
    return str(known.get("license_expression") or "; ".join(classifiers) or str(known.get("license", ""))[:60])


@pytest.mark.parametrize("title", list(SECTIONS))
def test_the_page_and_the_project_name_the_same(title: str) -> None:
    assert set(map(normal, rows(title))) == {requirement(line) for line in SECTIONS[title]}


def test_what_is_distributed_goes_with_the_gpl() -> None:
    """Everything in the lock of what runs, not only what we name. Packages for other systems are not installed here."""
    locked = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements-run.lock").read_text(), re.MULTILINE)
    found: dict[str, str] = {}
    for name in locked:
        try:
            found[name] = licence(name)
        except PackageNotFoundError:
            assert name in {"colorama", "pywin32", "exceptiongroup"}, f"{name} is not installed"
    assert len(found) > 20
    assert {name: said for name, said in found.items() if not COMPATIBLE.search(said)} == {}


@pytest.mark.parametrize("title", list(SECTIONS))
def test_the_licences_on_the_page_are_the_installed_ones(title: str) -> None:
    for name, said in rows(title).items():
        first = re.split(r"[ -]", said)[0]
        assert first.lower() in licence(name).lower().replace("apache software", "apache-2.0"), (name, licence(name))


def imported(*rooms: str) -> set[str]:
    """The top-level names that are imported in some rooms."""
    names: set[str] = set()
    for room in rooms:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - set(ROOMS)


def test_what_is_imported_is_named_and_what_is_named_is_imported() -> None:
    provided = packages_distributions()
    used = {normal(name) for module in imported(*ROOMS) for name in provided.get(module, [module])[:1]}
    named = {
        requirement(line) for title in ("To run", "For charts", "For FHIR", "For the demo") for line in SECTIONS[title]
    }
    assert used - named - {"pydantic-core", "annotated-types"} == set(), "imported, and not named"
    assert named - used - NEVER_IMPORTED == set(), "named, and not imported"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-run.lock"])
def test_the_locks_hold_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    pins = re.findall(r"^[A-Za-z0-9._-]+==\S+(?: ; .*)? \\$", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"==", re.sub(r" ; .*", "", text)))
    assert text.count("--hash=sha256:") > len(pins)
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links", text)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    locked = {lock: set(map(normal, re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(), re.MULTILINE)))
              for lock in ("requirements.lock", "requirements-run.lock")}  # fmt: skip
    run = {requirement(line) for line in SECTIONS["To run"]}
    everything = {requirement(line) for lines in SECTIONS.values() for line in lines}
    assert run <= locked["requirements-run.lock"]
    assert everything <= locked["requirements.lock"]
    assert not {"iotcore", "pytest"} & locked["requirements-run.lock"]

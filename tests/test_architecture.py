"""The rooms import only what docs/architecture.md draws, and the pure ones never read a clock or open a file."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("config", "devices", "integration", "journal", "rules")
PURE = ("devices", "journal", "rules")
CLOCKS = {"now", "utcnow", "today"}
FILES = {"open", "print", "input"}
"""The rest of what could read a clock or a file must be imported first, and the contract forbids that."""


def run_import_linter(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of pyproject.toml over a checkout."""
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; "
    return subprocess.run(
        [sys.executable, "-I", "-c", program + "sys.exit(lint_imports(no_cache=True, no_logo=True))"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_rooms_keep_the_contract() -> None:
    result = run_import_linter(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("room", "line", "broken"),
    [
        ("config", "import devices.events", "config imports nothing of ours"),
        ("devices", "from rules import engine", "devices imports only config"),
        ("rules", "from integration.clock import SystemClock", "rules imports only config and devices"),
        ("journal", "import devices.events", "journal imports only config"),
        ("rules", "import socket", "the pure rooms know no network, file, thread, process or clock"),
        ("devices", "from paho.mqtt import client", "the pure rooms know no network, file, thread, process or clock"),
        ("journal", "import threading", "the pure rooms know no network, file, thread, process or clock"),
        ("config", "import niquests", "config reads its own files and nothing else"),
    ],
)
def test_a_forbidden_import_is_noticed(tmp_path: Path, room: str, line: str, broken: str) -> None:
    """The contract is awake: a planted import breaks it."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ROOMS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / room / "planted.py").write_text(f"{line}\n")
    result = run_import_linter(tmp_path)
    assert result.returncode == 1
    assert f"{broken} BROKEN" in result.stdout


def sources(*rooms: str) -> Iterator[Path]:
    """Every module of some rooms."""
    for room in rooms:
        yield from sorted((ROOT / room).rglob("*.py"))


def calls(path: Path, names: set[str]) -> list[str]:
    """Where a module calls one of these, whatever it is called on."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {name}"
        for node in nodes
        if (name := getattr(node.func, "attr", getattr(node.func, "id", ""))) in names
    ]


def test_the_pure_rooms_read_no_clock_and_no_file() -> None:
    assert [call for path in sources(*PURE) for call in calls(path, CLOCKS | FILES)] == []


def test_config_reads_no_clock() -> None:
    assert [call for path in sources("config") for call in calls(path, CLOCKS)] == []


def test_every_package_is_shipped() -> None:
    """A new folder must be named in pyproject.toml, or it is missing from the wheel."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = set(settings["tool"]["setuptools"]["packages"])
    packages = {path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in sources(*ROOMS)}
    assert packages <= listed
    assert {name for name in listed if not (ROOT / name.replace(".", "/")).is_dir()} == set()

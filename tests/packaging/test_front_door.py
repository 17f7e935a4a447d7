"""`./dev`: says what it can, what is missing, and makes its environment anywhere."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.packaging.files import ROOT, readable_copy

VERBS = ["demo", "test", "lint", "ci", "bench", "lock", "audit", "sbom"]
SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]

NOT_DEAF = [
    sys.executable,
    "-c",
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])",
]
"""Whoever runs the tests in the background of a shell ignores Ctrl-C, and hands that on to what it starts."""


def dev(*arguments: str, root: Path = ROOT, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run ./dev from another folder."""
    environment = {"PATH": path or os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    environment |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    command = [str(root / "dev"), *arguments]
    return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)


def test_alone_it_lists_its_verbs() -> None:
    result = dev()
    assert result.returncode == 0
    assert re.findall(r"^  (\w+)  ", result.stdout, re.MULTILINE) == VERBS


def test_an_unknown_verb_is_refused_with_the_list() -> None:
    result = dev("tset")
    assert result.returncode == 2
    assert "no verb tset" in result.stderr
    assert "./dev test" in result.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_it_is_plain_shell(shell: str) -> None:
    command = ["busybox", "sh"] if shell == "busybox" else [shell]
    result = subprocess.run([*command, str(ROOT / "dev")], cwd="/", capture_output=True, text=True, check=False)
    assert result.returncode == 0
    assert result.stdout.startswith("Usage: ./dev VERB")


def tools(folder: Path) -> str:
    """A PATH with the few programs that ./dev may count on, and no Python."""
    folder.mkdir()
    for name in ("sh", "dirname", "cat", "cksum", "tail", "rm", "mv", "env"):
        found = shutil.which(name)
        assert found is not None, name
        (folder / name).symlink_to(found)
    return str(folder)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout without an environment, in a folder with spaces in its name."""
    root = tmp_path / "a checkout with spaces"
    root.mkdir()
    for name in ("dev", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, root)
    return root


def test_without_python_it_says_what_to_install(bare: Path, tmp_path: Path) -> None:
    result = dev("test", root=bare, path=tools(tmp_path / "bin"))
    assert result.returncode == 1
    for word in ("Debian", "apt install python3 python3-venv", "Fedora", "macOS"):
        assert word in result.stderr


@pytest.mark.parametrize("lack", ["(3, 10)", "ensurepip"])
def test_a_python_that_cannot_be_used_is_not_used(bare: Path, tmp_path: Path, lack: str) -> None:
    """Too old, or Debian's without python3-venv."""
    path = tools(tmp_path / "bin")
    fake = tmp_path / "bin/python3"
    fake.write_text(f"#!/bin/sh\n# {lack}\nexit 1\n")
    fake.chmod(0o755)
    result = dev("test", root=bare, path=path)
    assert result.returncode == 1
    assert not (bare / ".venv").exists()


def test_a_failed_step_shows_its_end_and_keeps_nothing(bare: Path, tmp_path: Path) -> None:
    """The next run starts anew, because there is no stamp."""
    path = tools(tmp_path / "bin")
    fake = tmp_path / "bin/python3"
    fake.write_text('#!/bin/sh\n[ "$2" = -c ] && exit 0\necho "No space left on device"\nexit 3\n')
    fake.chmod(0o755)
    result = dev("test", root=bare, path=path)
    assert result.returncode == 3
    assert "No space left on device" in result.stderr
    assert "can be run again" in result.stderr
    assert not (bare / ".venv/unclench-stamp").exists()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.xdist_group("front door")
def test_it_survives_interruption_and_is_quick_the_second_time(tmp_path: Path) -> None:
    """In a path with spaces: interrupted, run, run again, moved."""
    root = readable_copy(tmp_path / "a checkout with spaces")
    first = subprocess.Popen([*NOT_DEAF, str(root / "dev"), "test"], start_new_session=True, cwd="/")
    time.sleep(6)
    os.killpg(first.pid, signal.SIGINT)
    assert first.wait(30) != 0
    assert not (root / ".venv/unclench-stamp").exists()

    few = ("test", "-q", "-n0", "-p", "no:cacheprovider", "tests/config/test_types.py")
    done = dev(*few, root=root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stderr.splitlines() if line] == [
        "Making .venv ...",
        "Installing what Unclench needs, about a minute ...",
        "Installing Unclench itself ...",
        "Ready.",
    ]

    started = time.monotonic()
    again = dev("test", "--version", root=root)
    assert time.monotonic() - started < 3
    assert (again.returncode, again.stderr) == (0, "")

    moved = root.rename(tmp_path / "moved")
    result = dev(*few, root=moved)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Making .venv" in result.stderr

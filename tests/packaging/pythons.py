"""The Pythons of this machine that the wheel must work on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NOBODY = 65534
VERSIONS = ("3.11", "3.12", "3.13")
_ASK = "import sys; print('.'.join(map(str, sys.version_info[:2])), sys.base_prefix, sep='\\n')"


@cache
def installed() -> dict[str, Path]:
    """The program of each version that is here: on the PATH, or made by pyenv. The present one always is."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    candidates = [Path(sys.base_prefix) / "bin/python3"]
    for version in VERSIONS:
        on_path = shutil.which(f"python{version}")
        candidates += [Path(on_path)] if on_path else []
        candidates += sorted(pyenv.glob(f"{version}.*/bin/python{version}"))
    found: dict[str, Path] = {}
    for candidate in candidates:
        asked = subprocess.run([str(candidate), "-I", "-c", _ASK], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            version, prefix = asked.stdout.split()
            found.setdefault(version, Path(prefix) / f"bin/python{version}")
    return {version: found[version] for version in VERSIONS if version in found}


def for_anybody(python: Path, folder: Path) -> Path:
    """A Python that others on this machine may run: itself, or a copy without its packages in `folder`."""
    prefix = python.parent.parent
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o005 == 0o005 for parent in [prefix, *prefix.parents]):
        return python
    copy = folder / f"{python.name}-copy"
    left = shutil.ignore_patterns("site-packages", "__pycache__", "test", "tests", "idlelib", "*.a", "share")
    shutil.copytree(prefix, copy, symlinks=True, ignore=left)
    return copy / "bin" / python.name


def as_nobody(
    command: list[str], *, cwd: Path, home: Path, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of an environment as a user without any rights (as we are, where we are not root)."""
    folder = Path(command[0]).parent
    settings = dict(line.split(" = ") for line in (folder.parent / "pyvenv.cfg").read_text().splitlines())
    environment = {
        "PATH": f"{folder}:/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "LD_LIBRARY_PATH": str(Path(settings["home"]).parent / "lib"),  # a copied Python looks for its library there
    }
    root = os.geteuid() == 0
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        input=text,
        user=NOBODY if root else None,
        group=NOBODY if root else None,
        extra_groups=[] if root else None,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

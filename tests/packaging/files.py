"""The files at the top of the checkout, read once for all tests of this folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("config", "devices", "integration", "journal", "rules")


def compose() -> dict[str, Any]:
    """docker-compose.yml."""
    document: dict[str, Any] = YAML(typ="safe", pure=True).load((ROOT / "docker-compose.yml").read_text())
    return document


def services() -> dict[str, dict[str, Any]]:
    """The services of docker-compose.yml."""
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def dockerfile() -> list[str]:
    """The instructions of the Dockerfile, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def readable_copy(target: Path) -> Path:
    """Copy what a clone would hold, and nothing that tests and tools leave behind."""
    left = shutil.ignore_patterns(
        ".git", ".venv", ".venv.log", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info", "build", "home"
    )
    shutil.copytree(ROOT, target, ignore=left)
    return target

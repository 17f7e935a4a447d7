"""Every test of the command line has a machine of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.unclench import clean_environment
from tests.peers.versions import cache


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty user's folder, which is also the present one."""
    folder = tmp_path / "me"
    folder.mkdir()
    monkeypatch.setenv("UNCLENCH_TEST_CACHE", str(cache()))  # the peers stay where they are
    clean_environment(monkeypatch, str(folder))
    monkeypatch.chdir(folder)
    return folder

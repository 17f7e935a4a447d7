"""What numpy may cost: a matrix of 8 by 8 needs no threads, and what decides nothing needs no numpy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
COUNTED = "import numpy, os; numpy.eye(64) @ numpy.eye(64); print(len(os.listdir('/proc/self/task')))"


def printed(code: str, **more: str) -> str:
    """What a fresh interpreter prints, in an environment that says nothing of threads but ``more``."""
    environment = {name: value for name, value in os.environ.items() if name not in THREADS} | more
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="no /proc here to count threads in")
def test_the_composition_root_brings_numpy_without_threads() -> None:
    assert printed(f"import integration.app; {COUNTED}") == "1"


def test_what_a_person_has_set_is_kept() -> None:
    names = ", ".join(f"os.environ[{name!r}]" for name in THREADS)
    assert printed(f"import os, integration; print({names})", OPENBLAS_NUM_THREADS="3") == "3 1"


@pytest.mark.parametrize("verb", ["--help", "--version"])
def test_a_command_that_decides_nothing_does_not_import_it(verb: str) -> None:
    code = (
        "import sys; from integration.cli import main\n"
        f"sys.argv = ['unclench', {verb!r}]\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    print(ended.code, 'numpy' in sys.modules)"
    )
    assert printed(code).splitlines()[-1] == "0 False"

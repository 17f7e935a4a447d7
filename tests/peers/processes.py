"""Child processes that never outlive the tests."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_SPAWNER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")
"""A child is tied to the thread that made it; this one lives until the interpreter ends."""


def spawn(command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own that gets SIGTERM when we die; output is appended to `log`."""
    tied = ["setpriv", "--pdeathsig", "TERM", *command] if shutil.which("setpriv") else list(command)
    with log.open("ab") as output:
        return _SPAWNER.submit(
            subprocess.Popen,
            tied,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            start_new_session=True,
        ).result()


def end(process: subprocess.Popen[bytes], *, grace_s: float) -> int:
    """Ask a process to end, kill it after the grace time, and return its exit code."""
    process.terminate()
    try:
        return process.wait(grace_s)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def wait_until(condition: Callable[[], bool], *, timeout_s: float, what: str) -> None:
    """Poll until the condition holds; raise TimeoutError that says what was waited for."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            message = f"waited {timeout_s:g} s for {what}"
            raise TimeoutError(message)
        time.sleep(0.02)

"""Runs the command line while every file that is opened for writing, and everything reached, is written down."""

from __future__ import annotations

import os
import sys
from typing import Any

REPORT = "WATCHED_REPORT"
"""Names the file into which this process reports."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"})
RUNNING = frozenset({"os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen", "pty.spawn"})


def watch(report: int) -> None:
    """Report from now on, one line for each thing: what, a tab, to what."""

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        line = _line(event, arguments)
        if line:
            os.write(report, f"{line}\n".encode(errors="replace"))

    sys.addaudithook(note)


def _line(event: str, arguments: tuple[Any, ...]) -> str:
    if event == "open":
        path, mode, flags = arguments
        writes = any(sign in mode for sign in "wax+") if isinstance(mode, str) else bool(flags & WRITING)
        return f"write\t{os.fspath(path)}" if writes and isinstance(path, (str, os.PathLike)) else ""
    if event in CHANGING:
        return f"write\t{arguments[0]}"
    if event == "sqlite3.connect":
        return f"database\t{arguments[0]}"
    if event == "socket.connect":
        return f"connect\t{arguments[1]}"
    return f"run\t{event}" if event in RUNNING else ""


if __name__ == "__main__":
    watch(os.open(os.environ[REPORT], os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    from integration.cli import main

    main()

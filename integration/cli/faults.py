"""A fault of our own: one calm sentence for the person, the traceback into a file."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from integration.cli.exits import INTERNAL
from integration.private import FILE, FOLDER, masked

LOG_NAME = "fault.log"


def report_fault(error: Exception) -> int:
    """Tell the person where the details are. Returns the exit code."""
    if os.environ.get("UNCLENCH_DEBUG"):
        sys.stderr.write(_story(error))
        return INTERNAL
    log = _write_log(error)
    where = f"The details are in {log}." if log else "Run it again with UNCLENCH_DEBUG=1 to see the details."
    sys.stderr.write(f"Sorry, something went wrong inside Unclench. It is not your fault. {where}\n")
    return INTERNAL


def _write_log(error: Exception) -> Path | None:
    """Write the traceback where only this user can read it. None if that is not possible."""
    log = _data_folder() / LOG_NAME
    try:
        log.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), FILE)  # also one that an older version left
            file.write(_story(error))
    except OSError:
        return None
    return log


def _story(error: Exception) -> str:
    """The traceback, without the passwords that may stand in it."""
    return masked("".join(traceback.format_exception(error)))


def _data_folder() -> Path:
    """The data folder without the settings, which may be what failed."""
    named = os.environ.get("UNCLENCH_DATA")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "unclench"

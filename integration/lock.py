"""One service for one data folder: two would throw each other off the broker, and write over each other's memory."""

from __future__ import annotations

import fcntl
import logging
from pathlib import Path
from typing import IO

from config.errors import UnclenchError
from integration.private import FOLDER

log = logging.getLogger("unclench")

FILE = "unclench.lock"


class RunningAlreadyError(UnclenchError):
    """Another service holds the data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Unclench runs already with the data in {folder}. Stop that one first.")


class Lock:
    """Held from ``take`` to ``release``; the system lets go of it when the process dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take it. Raises RunningAlreadyError. On a disk that cannot be written it may be impossible: then without."""
        try:
            file = _opened(self._folder)
        except OSError as error:
            log.warning("%s cannot be locked against a second Unclench (%s)", self._folder, error)
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise RunningAlreadyError(self._folder) from error
        self._file = file

    def release(self) -> None:
        """Let go of it; safe to call twice."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _opened(folder: Path) -> IO[str]:
    """The lock's file; one that cannot be written can be locked as well."""
    try:
        folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        return (folder / FILE).open("w", encoding="utf-8")
    except OSError:
        return (folder / FILE).open(encoding="utf-8")

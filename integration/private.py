"""What must not leave this machine or be read by others on it: secrets, what a person said, and our files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
NAMES = (
    *("unclench.db", "unclench.db-wal", "unclench.db-shm"),
    *("journal.db", "journal.db-wal", "journal.db-shm"),
    *("unclench.lock", "health.json", "fault.log"),
)
MASK = "********"
SHORTEST = 4
"""Characters. A shorter password than this cannot be told from ordinary words, and masking it would hide those."""

_secrets: set[str] = set()


def keep_secret(values: Iterable[str | None]) -> None:
    """From now on ``masked`` hides these. A process has one set of secrets, whoever writes a line."""
    _secrets.update(value for value in values if value is not None and len(value) >= SHORTEST)


def masked(text: str) -> str:
    """A text without the secrets that may stand in it: the longest first, as one can be part of another."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def one_line(text: str) -> str:
    """A text from outside that cannot begin a new line, nor steer a terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)


def keep_to_ourselves(folder: Path) -> None:
    """Every file that this process makes from now on is its user's alone, and so is what an earlier one left."""
    os.umask(stat.S_IRWXG | stat.S_IRWXO)
    for path in (folder / name for name in NAMES):
        if path.is_file() and not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & ~FILE:
            with suppress(OSError):  # some file systems know no modes
                path.chmod(FILE)

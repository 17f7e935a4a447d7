"""The errors of the whole project: one root, a handful of classes, each built from facts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from config.mistakes import Mistake


class UnclenchError(Exception):
    """Something that a person can put right. Its text is shown to them as it stands."""

    exit_code = 1
    """What the command line ends with."""


class ConfigError(UnclenchError):
    """The configuration has mistakes: all of them, of all files, in order."""

    def __init__(self, mistakes: Sequence[Mistake], folder: Path | None = None) -> None:
        self.mistakes = tuple(sorted(mistakes))
        self.folder = folder
        super().__init__("\n".join(mistake.text() for mistake in self.mistakes))


class FileProblemError(UnclenchError):
    """A file or folder cannot be read or written."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path}: {problem}")


class PeerError(UnclenchError):
    """The broker or Home Assistant answered, and refused. ``remedy`` says what to do about it."""

    def __init__(self, peer: str, endpoint: str, problem: str, remedy: str = "") -> None:
        self.peer = peer
        self.endpoint = endpoint
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{peer} at {endpoint}: {problem}. {remedy}".strip())


class PeerUnavailableError(PeerError):
    """The broker or Home Assistant cannot be reached."""

    exit_code = 69

"""Changes single values in a profile's file. All else in it stays as the person wrote it, with its comments."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from copy import deepcopy
from difflib import ndiff
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from config.comfort_check import check_comfort
from config.errors import ConfigError, FileProblemError
from config.profile import Profile
from config.read import read_file

Value = float | str
_FIRST_LIST = re.compile(r"^(?P<key> *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:\s*#[^\n]*\n)*(?P<dash> *)- ", re.MULTILINE)
"""A key and the first line of the list below it."""
Changes = dict[str, Value]
"""By the key's path, with dots: "comfort.target". A date is its ISO text, as in the file."""


class ProfileEdit:
    """The new text of a profile: looked at first, written afterwards."""

    def __init__(self, folder: Path, person: str, changes: Changes) -> None:
        self._folder, self._changes = folder, changes
        self.path = (folder / "profiles" / f"{person}.yaml").resolve()
        self.old, self.new = "", ""

    def prepare(self) -> list[str]:
        """Make the new text; returns the lines that change, with - and + in front. Raises FileProblemError."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                self.old = file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise FileProblemError(self.path, "cannot be read") from error
        self.new = self._changed(self.old)
        return [line for line in ndiff(self.old.splitlines(), self.new.splitlines()) if line[:1] in "-+"]

    def write(self) -> None:
        """Put the new text in the place of the old. Raises ConfigError where it would be a mistake."""
        fresh = self.path.with_name(f".{self.path.name}.new")
        try:
            with fresh.open("w", encoding="utf-8", newline="") as file:
                fresh.chmod(self.path.stat().st_mode & 0o777)
                file.write(self.new)
                file.flush()
                os.fsync(file.fileno())
            self._check(fresh)
            fresh.replace(self.path)
        except OSError as error:
            raise FileProblemError(
                self.path, f"cannot be written ({(error.strerror or 'no reason').lower()})"
            ) from error
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)

    def _check(self, fresh: Path) -> None:
        """That it is a profile without mistakes, and that nothing is changed but what was asked for."""
        reading = read_file(fresh, Profile, relative_to=self._folder)
        mistakes = list(reading.mistakes)
        if reading.model is not None:
            mistakes += check_comfort(reading.model, reading.file)
        if mistakes:
            raise ConfigError(mistakes, self._folder)
        wanted: dict[str, Any] = deepcopy(read_file(self.path, Profile, relative_to=self._folder).file.data)
        for key, value in self._changes.items():
            *groups, last = key.split(".")
            here = wanted
            for group in groups:
                here = _group(here, group)
            here[last] = value
        if wanted != reading.file.data:
            raise FileProblemError(
                self.path, "is written in a way that I cannot change safely; please change it by hand"
            )

    def _changed(self, text: str) -> str:
        yaml = _round_trip(text)
        try:
            document = yaml.load(text.replace("\r\n", "\n"))
        except YAMLError as error:
            raise FileProblemError(self.path, "cannot be read as YAML") from error
        for key, value in self._changes.items():
            *groups, last = key.split(".")
            here = document
            for group in groups:
                here = _group(here, group)
            _put(here, last, value)
        out = StringIO()
        yaml.dump(document, out)
        return out.getvalue().replace("\n", "\r\n") if "\r\n" in text else out.getvalue()


def _round_trip(text: str) -> YAML:
    """A reader and writer that keeps comments, quotes and the way in which the file is indented."""
    text = text.replace("\r\n", "\n")
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 10_000
    if (found := _FIRST_LIST.search(text)) is not None:
        offset = max(0, len(found["dash"]) - len(found["key"]))
        yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    return yaml


def _group(here: Any, name: str) -> Any:  # noqa: ANN401 (a group of keys, as ruamel or plain)
    if not isinstance(here.get(name), dict):
        empty = CommentedMap() if isinstance(here, CommentedMap) else {}
        here[name] = empty
    return here[name]


def _put(here: CommentedMap, key: str, value: Value) -> None:
    """Set a key; a new one goes before the last, as the comments below a group hang on its last key."""
    plain = _as_written(value)
    if key in here or not here:
        here[key] = plain
    else:
        here.insert(len(here) - 1, key, plain)


def _as_written(value: Value) -> object:
    """A date without quotes, and 21 rather than 21.0."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return YAML(typ="rt", pure=True).load(value)

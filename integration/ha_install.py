"""Our two files in Home Assistant's configuration folder: what would change, and the change, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from importlib.resources import files
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import TaggedScalar
from ruamel.yaml.error import YAMLError

from config.errors import FileProblemError
from integration.ha_package import MARK, package, sentence_file

MAIN = "configuration.yaml"
SENTENCES = Path("custom_sentences/en/unclench.yaml")
PACKAGE = "unclench_voice.yaml"
USUAL_PACKAGES = "packages"
TWO_LINES = "homeassistant:\n  packages: !include_dir_named packages\n"
"""What configuration.yaml needs, where it includes no packages yet."""
_RECORDING = ("default_config", "recorder", "history", "logbook", "energy")
_ORDINARY = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A Home Assistant configuration folder, as far as it concerns us."""

    folder: Path
    packages: str
    """The folder of packages in it."""
    included: bool
    """Whether configuration.yaml includes that folder."""
    records: bool
    """Whether it keeps a history on disk."""

    @property
    def package(self) -> Path:
        """Our package file."""
        return self.folder / self.packages / PACKAGE

    @property
    def sentences(self) -> Path:
        """Our sentence file."""
        return self.folder / SENTENCES


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file: what it holds, and what it is to hold. None: no such file."""

    path: Path
    before: str | None
    after: str | None

    def diff(self) -> str:
        """What changes, as a unified diff."""
        old, new = ((text or "").splitlines(keepends=True) for text in (self.before, self.after))
        there, here = (str(self.path) if text is not None else "/dev/null" for text in (self.before, self.after))
        return "".join(unified_diff(old, new, there, here))

    def short(self) -> str:
        """What happens to the file, in a few words."""
        kind = "new" if self.before is None else "removed" if self.after is None else "changed"
        return f"{kind}: {self.path}"


def examine(folder: Path) -> Target:
    """Look at a folder. Raises FileProblemError where it is none of Home Assistant's."""
    if not (folder / MAIN).is_file():
        problem = "there is no configuration.yaml in it, so it is not the configuration folder of Home Assistant"
        if (folder / "home.yaml").is_file():
            problem = "this is Unclench's own folder; name that of Home Assistant, the one with configuration.yaml"
        raise FileProblemError(folder, problem)
    main = _mapping(folder, folder / MAIN)
    core = _mapping(folder, main.get("homeassistant"))
    packages = _packages_folder(core.get("packages"))
    return Target(
        folder=folder,
        packages=packages or USUAL_PACKAGES,
        included=packages is not None or _names_our_file(core.get("packages")),
        records=any(key in main for key in _RECORDING),
    )


def shipped_sentences() -> str:
    """The sentence file's text."""
    return (files("journal") / "sentences" / "en.yaml").read_text(encoding="utf-8")


def to_install(target: Target, *, person: str, prefix: str) -> list[Step]:
    """What is to be written; nothing where all is there already. Raises FileProblemError for another's file."""
    text = shipped_sentences()
    made = package(YAML(typ="safe").load(text), person=person, prefix=prefix, recorder=target.records)
    wanted = {target.sentences: sentence_file(text), target.package: made}
    return _steps(wanted)


def to_remove(target: Target) -> list[Step]:
    """What is to be taken away. Raises FileProblemError for another's file."""
    return _steps({target.sentences: None, target.package: None})


def carry_out(steps: Sequence[Step]) -> None:
    """Write and remove, all or nothing. Raises FileProblemError; then everything is as it was."""
    made: list[Path] = []
    done: list[Step] = []
    try:
        for step in steps:
            made += _folders(step)
            _prepare(step)
        for step in steps:
            _replace(step)
            done.append(step)
    except OSError as error:
        for step in reversed(done):
            with suppress(OSError):
                _put_back(step)
        for step in steps:
            with suppress(OSError):
                _draft(step.path).unlink(missing_ok=True)
        _remove_empty(made)
        problem = f"cannot be written ({(error.strerror or 'no reason given').lower()}); nothing was changed"
        raise FileProblemError(Path(error.filename or steps[0].path), problem) from error
    for step in steps:
        if step.after is None and step.path.parts[-len(SENTENCES.parts) :] == SENTENCES.parts:
            _remove_empty([step.path.parent.parent, step.path.parent])


def _steps(wanted: Mapping[Path, str | None]) -> list[Step]:
    steps = [Step(path=path, before=_ours(path), after=text) for path, text in wanted.items()]
    return [step for step in steps if step.before != step.after]


def _ours(path: Path) -> str | None:
    """What stands in a file of ours; None where there is none."""
    if not path.exists() and not path.is_symlink():
        return None
    try:
        text = path.read_bytes().decode("utf-8", errors="replace")
    except OSError as error:
        problem = f"cannot be read ({(error.strerror or 'no reason given').lower()})"
        raise FileProblemError(path, problem) from error
    if not text.startswith(MARK):
        raise FileProblemError(path, "was not written by Unclench, so it stays as it is; rename it or move it away")
    return text


def _folders(step: Step) -> list[Path]:
    """Make the folders of a file that is to come. Returns those that were not there."""
    if step.after is None:
        return []
    missing = [each for each in reversed(step.path.parents) if not each.exists()]
    step.path.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _draft(path: Path) -> Path:
    """Where a text is written first: Home Assistant reads no file of such a name."""
    return path.with_name(f".{path.name}.new")


def _prepare(step: Step) -> None:
    if step.after is not None:
        _write_through(_draft(step.path), step.after)


def _write_through(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _ORDINARY), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), _ORDINARY)  # Home Assistant may run as another user
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _replace(step: Step) -> None:
    if step.after is None:
        step.path.unlink()
    else:
        _draft(step.path).replace(step.path)


def _put_back(step: Step) -> None:
    if step.before is None:
        step.path.unlink()
    else:
        _write_through(_draft(step.path), step.before)
        _draft(step.path).replace(step.path)


def _remove_empty(folders: Sequence[Path]) -> None:
    """Remove folders, the innermost first, that nobody has put anything into."""
    for folder in reversed(folders):
        with suppress(OSError):
            folder.rmdir()


def _mapping(folder: Path, source: object) -> Mapping[str, Any]:
    """A part of Home Assistant's configuration: as it stands there, or in the file that it includes."""
    if isinstance(source, TaggedScalar) and source.tag.value == "!include":
        source = folder / str(source.value)
    if isinstance(source, Path):
        reader = YAML(typ="rt")
        reader.allow_duplicate_keys = True
        try:
            source = reader.load(source.read_bytes())
        except (OSError, YAMLError, ValueError) as error:
            raise FileProblemError(Path(str(source)), "cannot be read; put that right first") from error
    return source if isinstance(source, Mapping) else {}


def _packages_folder(value: object) -> str | None:
    """The folder whose files are packages, from ``packages: !include_dir_named FOLDER``."""
    if isinstance(value, TaggedScalar) and value.tag.value == "!include_dir_named":
        return str(value.value).strip("/")
    return None


def _names_our_file(value: object) -> bool:
    """Whether packages are listed one by one, and ours is one of them."""
    return any(isinstance(each, TaggedScalar) and str(each.value).endswith(PACKAGE) for each in _values(value))


def _values(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.values()

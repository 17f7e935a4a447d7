"""Writes the first files of a home: never over one that is there, unless asked, and then with a copy."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from pydantic import TypeAdapter, ValidationError

from config.errors import FileProblemError
from config.home import Dialect
from config.schema import write_schemas
from config.types import Name
from integration.cli.answer_checks import person_id
from integration.cli.first_files import SECRETS_TEXT, Answers, home_text, profile_text

PRIVATE = 0o600
ORDINARY = 0o644


def answers_of(
    collected: Mapping[str, Any], *, person: str | None, temperature_dialect: str, bed_dialect: str
) -> Answers:
    """Everything that was said, with the flags that no question asks for."""
    _allowed(Dialect, temperature_dialect, "--temperature-dialect")
    _allowed(Dialect, bed_dialect, "--bed-dialect")
    _allowed(Name, person or "", "--person")
    rest = {key: value for key, value in collected.items() if key not in {"night", "broker"}}
    (bedtime, rise), (username, host, port) = collected["night"], collected["broker"]
    return Answers(
        **rest,
        person=person or person_id(str(collected["name"])),
        bedtime=bedtime,
        rise=rise,
        username=username,
        broker=host,
        port=port,
        temperature_dialect=temperature_dialect,
        bed_dialect=bed_dialect,
    )


def _allowed(kind: Any, value: str, flag: str) -> None:  # noqa: ANN401 (any type that pydantic knows)
    try:
        TypeAdapter(kind).validate_python(value) if value else None
    except ValidationError:
        message = f'"{value}" cannot be used here'
        raise typer.BadParameter(message, param_hint=flag) from None


def write_first_files(folder: Path, answers: Answers, *, force: bool) -> None:
    """Write home.yaml, the profile, secrets.env and the schemas. Raises FileProblemError."""
    try:
        (folder / "profiles").mkdir(parents=True, exist_ok=True)
        _write(folder / "home.yaml", home_text(answers), ORDINARY, force=force)
        _write(folder / "profiles" / f"{answers.person}.yaml", profile_text(answers), ORDINARY, force=force)
        _write(folder / "secrets.env", SECRETS_TEXT, PRIVATE, force=False)
        write_schemas(folder / "schema")
    except OSError as error:
        problem = f"cannot be written ({(error.strerror or 'no reason given').lower()})"
        raise FileProblemError(Path(error.filename or folder), problem) from error


def _write(path: Path, text: str, mode: int, *, force: bool) -> None:
    """Write a new file with its mode from the first byte on. One that is there is kept, or copied first."""
    if path.exists():
        if not force:
            typer.echo(f"{path} is there already, so it stays as it is.")
            return
        backup = _free_name(path)
        path.rename(backup)
        typer.echo(f"{path} was there already; the old one is now {backup.name}.")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
    typer.echo(f"{path} written.")


def _free_name(path: Path) -> Path:
    number = 1
    while (backup := path.with_name(f"{path.name}.old{number}")).exists():
        number += 1
    return backup

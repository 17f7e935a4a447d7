"""Runs the command line inside a test, as the installed command runs it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from integration.cli.app import app


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command printed and ended with."""

    code: int
    output: str

    @property
    def words(self) -> str:
        """The output without line breaks: where they fall depends on the width."""
        return " ".join(self.output.split())


def unclench(*arguments: str, answers: str | None = None, columns: int = 80) -> Ran:
    """Run a command. An error that reaches the top is raised, as in the process itself before `main` catches it."""
    result = CliRunner(env={"COLUMNS": str(columns), "NO_COLOR": "1"}).invoke(app, list(arguments), input=answers)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(code=result.exit_code, output=result.output)


def clean_environment(monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    """Take away every variable that could reach the settings."""
    for name in ("UNCLENCH_CONFIG", "UNCLENCH_DATA", "UNCLENCH_MQTT_PASSWORD", "UNCLENCH_HA_TOKEN", "UNCLENCH_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", home)

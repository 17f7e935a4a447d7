"""The command as a whole: help at once, errors without tracebacks, exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.errors import ConfigError, FileProblemError, UnclenchError
from config.mistakes import Mistake, Place
from integration.cli import app as cli
from integration.cli import main
from integration.cli.lazy import load_verb
from integration.cli.verbs import VERBS
from tests.cli.unclench import unclench

REPOSITORY = Path(__file__).parent.parent.parent
SLOW = ("pydantic_settings", "paho", "homeassistant_api", "ruamel", "uvicorn", "sqlite3", "numpy")


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False, timeout=60
    )


def test_the_overview_lists_every_command() -> None:
    ran = unclench("--help")
    assert ran.code == 0
    for name, verb in VERBS.items():
        assert name in ran.output
        assert verb.says in ran.words.replace("│ │ ", "")
    assert "Not a medical device, not an alarm" in ran.words
    assert "Exit codes" in ran.output


@pytest.mark.parametrize("name", VERBS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    ran = unclench(name, "--help", columns=200)
    assert ran.code == 0
    assert f"Example: {VERBS[name].example}" in ran.words
    assert VERBS[name].example.startswith(f"unclench {name}")
    assert load_verb(name).help


def test_help_and_verbs_import_nothing_slow() -> None:
    code = (
        "import sys\nfrom integration.cli.app import app\nfrom typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        f"print([name for name in {SLOW!r} if name in sys.modules])\n"
        "print([name for name in sys.modules if name.startswith('integration.cli.check')])\n"
    )
    ran = run_python(code)
    assert ran.stdout.splitlines() == ["[]", "[]"], ran.stderr


def test_a_typo_in_a_command_gets_the_nearest() -> None:
    ran = unclench("chekc")
    assert ran.code == 2
    assert "There is no command chekc. Did you mean check?" in ran.words


def test_an_unknown_option_is_a_usage_error() -> None:
    assert unclench("check", "--ofline").code == 2


def test_the_version() -> None:
    ran = unclench("--version")
    assert ran.code == 0
    assert ran.output.startswith("unclench")


def _ends_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> int:
    def fail() -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_our_own_error_is_plain_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert _ends_with(FileProblemError(Path("x"), "is not there"), monkeypatch) == 1
    assert capsys.readouterr().err == "x: is not there\n"


def test_mistakes_are_listed_with_their_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mistake = Mistake.at(Place(file="home.yaml", line=3, column=1), "this is empty")
    assert _ends_with(ConfigError([mistake], Path("here")), monkeypatch) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert said == "In here: 1. home.yaml line 3 This is empty. 1 thing to put right."


def test_an_error_may_choose_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    error = UnclenchError("away")
    error.exit_code = 69
    assert _ends_with(error, monkeypatch) == 69


def test_a_fault_is_one_calm_sentence_and_a_private_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], machine: Path
) -> None:
    assert _ends_with(ValueError("deep inside"), monkeypatch) == 70
    said = capsys.readouterr().err
    log = machine / ".local/share/unclench/fault.log"
    assert said == f"Sorry, something went wrong inside Unclench. It is not your fault. The details are in {log}.\n"
    assert "deep inside" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_a_fault_where_nothing_can_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], machine: Path
) -> None:
    (machine / "file").touch()
    monkeypatch.setenv("UNCLENCH_DATA", str(machine / "file" / "below"))
    assert _ends_with(ValueError("deep inside"), monkeypatch) == 70
    assert "UNCLENCH_DEBUG=1" in capsys.readouterr().err


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("UNCLENCH_DEBUG", "1")
    assert _ends_with(ValueError("deep inside"), monkeypatch) == 70
    assert "Traceback" in capsys.readouterr().err

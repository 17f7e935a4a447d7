"""The log holds no secret, no word that somebody said, one line for each record, and no flood."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from integration import private
from integration.logs import DATES, FORMAT, PrivateFormatter, Seldom

TOKEN = "eyJhbGciOi.MARKER-token"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[logging.Logger, StringIO]]:
    """A logger as the service sets it up, and what it wrote."""
    monkeypatch.setattr(private, "_secrets", set())
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PrivateFormatter(FORMAT, DATES))
    handler.addFilter(Seldom())
    logger = logging.getLogger("test-of-logs")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)


def fail_with(words: str) -> None:
    """A fault inside a fault."""
    said: dict[str, str] = {}
    try:
        said.pop(words)
    except KeyError as error:
        raise ValueError(words) from error


def test_secrets_are_masked_wherever_they_stand(written: tuple[logging.Logger, StringIO]) -> None:
    logger, stream = written
    private.keep_secret([TOKEN, "MARKER-token", None, "abc"])
    logger.warning("refused: %s, abc", {"token": TOKEN})
    assert TOKEN not in stream.getvalue()
    assert "MARKER" not in stream.getvalue()
    assert "refused: {'token': '********'}, abc" in stream.getvalue()


def test_a_traceback_tells_what_and_where_and_nobodys_words(written: tuple[logging.Logger, StringIO]) -> None:
    logger, stream = written
    words = "my spasm was terrible".upper()  # a traceback shows lines of code, so not as it stands here
    try:
        fail_with(words)
    except ValueError:
        logger.exception("a fault")
    said = stream.getvalue()
    assert "KeyError" in said
    assert "ValueError" in said
    assert "fail_with" in said
    assert words not in said


def test_a_record_stays_on_its_line(written: tuple[logging.Logger, StringIO]) -> None:
    """Nobody writes a line of their own into the log, and nobody steers the terminal that shows it."""
    logger, stream = written
    logger.warning("topic %s", "a\n2026-01-01 CRITICAL all is lost\x1b[2J\x9b\u2028b")
    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()


def test_the_same_fault_is_told_ever_more_seldom(written: tuple[logging.Logger, StringIO]) -> None:
    logger, stream = written
    for _ in range(1000):
        try:
            fail_with("again")
        except ValueError:
            logger.exception("a fault")
    assert stream.getvalue().count("a fault") == 10
    logger.warning("something else")
    assert "something else" in stream.getvalue()


def test_what_an_earlier_run_left_open_is_closed(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        for name in ("unclench.db", "health.json", "something.else"):
            (tmp_path / name).write_text("x")
        private.keep_to_ourselves(tmp_path)
        (tmp_path / "new").write_text("x")
        (tmp_path / "folder").mkdir()
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes["something.else"] == 0o666, "not ours"
    assert {modes[name] for name in ("unclench.db", "health.json", "new")} == {0o600}
    assert modes["folder"] == 0o700

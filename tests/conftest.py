"""What every test may ask for. The real peers are skipped where they are not installed (`.ci/install-ha`)."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from tests.peers.certificates import self_signed
from tests.peers.home_assistant import HomeAssistant
from tests.peers.mosquitto import Mosquitto
from tests.peers.versions import VERSIONS, Unavailable
from tests.skipped import fail_where_nothing_may_be_skipped, leave_out_slow, tell

REAL_VERSIONS = [
    pytest.param(
        name,
        marks=(
            pytest.mark.real_ha,
            pytest.mark.peers,
            pytest.mark.timeout(180),
            pytest.mark.xdist_group(f"real-ha-{name}"),
        ),
    )
    for name in VERSIONS
]
"""One test per version of Home Assistant; with `--dist loadgroup` each version starts in one worker only."""

StartHomeAssistant = Callable[[str], tuple[Mosquitto, HomeAssistant]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes long."""
    leave_out_slow(items)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Tell what was left out, below everything else."""
    yield
    tell(terminalreporter)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let nothing be left out where everything is there."""
    fail_where_nothing_may_be_skipped(session)


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a fresh, empty broker."""
    broker = Mosquitto(tmp_path)
    try:
        broker.start()
    except Unavailable as error:
        give_up(error)
    try:
        yield broker
    finally:
        broker.stop()


@pytest.fixture
def encrypted(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[tuple[Mosquitto, Path]]:
    """Return a broker that speaks only TLS, and the certificate that it made for itself."""
    mosquitto.stop()
    try:
        key, certificate = self_signed(tmp_path)
    except Unavailable as error:
        give_up(error)
    (tmp_path / "tls").mkdir()
    with Mosquitto(tmp_path / "tls", extra_lines=[f"certfile {certificate}", f"keyfile {key}"]) as broker:
        yield broker, certificate


@pytest.fixture(scope="session")
def start_home_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartHomeAssistant]:
    """Return a function that gives broker and Home Assistant of a version, started at its first use."""
    with ExitStack() as stack:

        @cache
        def start(version: str) -> tuple[Mosquitto, HomeAssistant] | Exception:
            try:
                broker = stack.enter_context(Mosquitto(tmp_path_factory.mktemp("broker")))
                return broker, stack.enter_context(HomeAssistant(version, broker.port))
            except (Unavailable, RuntimeError) as error:
                return error  # told to every test, tried once

        def started(version: str) -> tuple[Mosquitto, HomeAssistant]:
            match start(version):
                case Unavailable() as error:
                    give_up(error)
                case Exception() as error:
                    pytest.fail(str(error))
                case running:
                    return running

        yield started


@pytest.fixture(params=REAL_VERSIONS)
def home_assistant(request: pytest.FixtureRequest, start_home_assistant: StartHomeAssistant) -> HomeAssistant:
    """Return a running Home Assistant, each version once per session: leave it as you found it."""
    return start_home_assistant(request.param)[1]


@pytest.fixture
def broker_for_ha(home_assistant: HomeAssistant, start_home_assistant: StartHomeAssistant) -> Mosquitto:
    """Return the broker of `home_assistant`."""
    return start_home_assistant(home_assistant.version.name)[0]


def give_up(reason: Unavailable) -> NoReturn:
    """Skip the test, or fail it where UNCLENCH_REQUIRE_PEERS=1 says that everything must be there."""
    if os.environ.get("UNCLENCH_REQUIRE_PEERS") == "1":
        pytest.fail(str(reason))
    pytest.skip(str(reason))

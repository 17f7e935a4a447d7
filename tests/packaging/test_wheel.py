"""The wheel is whole, and works in an empty environment for a user without rights: what the image would hold."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.packaging.files import ROOMS, ROOT, readable_copy
from tests.packaging.pythons import NOBODY, as_nobody, for_anybody, installed

pytestmark = pytest.mark.xdist_group("wheel")
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")
TOP_LEVELS = """
import json
from importlib.metadata import distributions, version
rooms = set(json.loads('{rooms}'))
found = {{}}
for dist in distributions():
    for file in dist.files or []:
        top = file.parts[0].removesuffix(".py")
        if top in rooms and dist.metadata["Name"].lower() != "unclench":
            found.setdefault(top, []).append(dist.metadata["Name"])
print(json.dumps(found))
"""
BED, CLIMATE = "bedroom-bed/binary_sensor/bed_left/state", "zigbee2mqtt/bedroom_climate"
LINES = [("20:00", CLIMATE, {"temperature": 26.4}), ("20:01", BED, "ON"), ("20:40", CLIMATE, {"temperature": 26.6})]
EVENING = "".join(
    json.dumps(
        {"tst": f"2026-07-20T{at}:00.000000Z", "topic": topic, "payload": said if said == "ON" else json.dumps(said)}
    )
    + "\n"
    for at, topic, said in LINES
)


@dataclass(frozen=True)
class Installed:
    """An environment with nothing but the wheel and what it depends on."""

    python: Path
    elsewhere: Path
    """An empty folder that anybody may write to."""

    @property
    def unclench(self) -> str:
        """The command."""
        return str(self.python.with_name("unclench"))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as nobody, from a folder that has nothing to do with the checkout."""
        return as_nobody(list(command), cwd=self.elsewhere, home=self.elsewhere)


@pytest.fixture(scope="session")
def shared_folder() -> Iterator[Path]:
    """A folder that other users of this machine may enter."""
    folder = Path(tempfile.mkdtemp(prefix="unclench-wheel-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def wheel(shared_folder: Path) -> Path:
    """The wheel, built once from a copy, so that no build folder stays in the checkout."""
    source = readable_copy(shared_folder / "source")
    build = [sys.executable, *PIP, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    made = subprocess.run(
        [*build, str(shared_folder / "wheels"), str(source)], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    (found,) = (shared_folder / "wheels").glob("unclench-*.whl")
    return found


@pytest.fixture(scope="session", params=list(installed()))
def fresh(request: pytest.FixtureRequest, wheel: Path, shared_folder: Path) -> Installed:
    """The wheel in an empty environment, as the Dockerfile makes it, one for each Python of this machine."""
    return install(installed()[request.param], wheel, shared_folder / request.param, "requirements-run.lock")


def install(base: Path, wheel: Path, folder: Path, lock: str) -> Installed:
    """Make an environment with a lock and the wheel."""
    folder.mkdir()
    venv, elsewhere = folder / "venv", folder / "elsewhere"
    elsewhere.mkdir()
    if os.geteuid() == 0:
        os.chown(elsewhere, NOBODY, NOBODY)
    python = venv / "bin/python"
    usual = [str(python), *PIP, "install", "--quiet", "--compile"]
    for command in (
        [str(for_anybody(base, folder)), "-m", "venv", str(venv)],
        [*usual, "--only-binary", ":all:", "--require-hashes", "-r", str(ROOT / lock)],
        [*usual, "--no-deps", str(wheel)],
        [str(python), *PIP, "check"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return Installed(python, elsewhere)


def test_the_wheel_holds_every_file_of_the_rooms(wheel: Path) -> None:
    """Whatever lies in a room and is not a leftover: modules, examples, rules, broker and Home Assistant files."""
    names = set(zipfile.ZipFile(wheel).namelist())
    left = {"__pycache__"}
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and not left & set(path.parts)
    }
    assert wanted - names == set()
    assert {name.split("/")[0] for name in names} == {*ROOMS, f"unclench-{version()}.dist-info"}
    assert f"unclench-{version()}.dist-info/licenses/LICENSE" in names


def version() -> str:
    """The version in pyproject.toml."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_dependency_brings_a_package_of_the_same_name(fresh: Installed) -> None:
    """The price of the plain names of the rooms: see docs/decisions/0001."""
    asked = fresh.run(str(fresh.python), "-c", TOP_LEVELS.format(rooms=json.dumps(ROOMS)))
    assert json.loads(asked.stdout) == {}, asked.stderr


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_command_works_for_anybody_from_anywhere(fresh: Installed) -> None:
    told = fresh.run(fresh.unclench, "--version")
    assert told.stdout == f"unclench {version()}\n", told.stderr


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_bill_of_materials_names_everything_that_is_there(fresh: Installed) -> None:
    """As the Dockerfile writes it: all that was installed but the installer."""
    told = fresh.run(str(fresh.python), "-m", "integration.sbom")
    assert told.returncode == 0, told.stderr
    bill = json.loads(told.stdout)
    listed = {(each["name"], each["version"]) for each in [bill["metadata"]["component"], *bill["components"]]}
    pip = fresh.run(str(fresh.python), *PIP, "list", "--format", "json")
    there = {(each["name"], each["version"]) for each in json.loads(pip.stdout)}
    installers = {"pip", "setuptools"}
    assert {each for each in there if each[0] not in installers} == {each for each in listed if each[0] != "CPython"}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_init_and_check_work_from_the_wheel(fresh: Installed) -> None:
    home = str(fresh.elsewhere / "home")
    questions = ["--yes", "--name", "Anna", "--zone", "Europe/London", "--broker", "unclench@localhost"]
    questions += ["--temperature", "zigbee2mqtt/bedroom_climate", "--cooling", "fan.bedroom"]
    made = fresh.run(fresh.unclench, "init", home, *questions)
    assert made.returncode == 0, made.stdout + made.stderr
    checked = fresh.run(fresh.unclench, "check", "--offline", "--config", home)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_replay_works_from_the_wheel(fresh: Installed) -> None:
    """With the shipped examples and the shipped rules: a hot bed is cooled."""
    where = fresh.run(
        str(fresh.python), "-c", "from importlib.resources import files; print(files('config') / 'examples')"
    )
    command = [fresh.unclench, "replay", "-", "--config", where.stdout.strip()]
    played = as_nobody(command, cwd=fresh.elsewhere, home=fresh.elsewhere, text=EVENING)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "climate.bedroom" in played.stdout


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_demo_plays_from_the_wheel(wheel: Path, shared_folder: Path) -> None:
    """With the packages of the demo, for a user without rights, in under a minute."""
    demo = install(next(iter(installed().values())), wheel, shared_folder / "demo", "requirements.lock")
    played = demo.run(demo.unclench, "demo", "--headless", "--json")
    assert played.returncode == 0, played.stdout + played.stderr
    assert json.loads(played.stdout)

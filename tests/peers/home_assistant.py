"""A real, headless Home Assistant on a loopback port, connected to a broker that the test owns."""

from __future__ import annotations

import http.client
import json
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from homeassistant_api import WebsocketClient

from tests.peers.home_assistant_storage import write_storage
from tests.peers.ports import free_port
from tests.peers.processes import end, spawn, wait_until
from tests.peers.versions import VENV_IN_ROOT, VERSIONS

CONFIGURATION = Path(__file__).with_name("ha_config")
RESTART_WANTED = 100
"""The exit code with which Home Assistant asks whoever started it to start it again."""
HARMLESS = (
    "[homeassistant.components.camera.img_util]",  # an optional library
    "[haffmpeg.core]",  # an optional program
    "Setup of config entry 'Backup' for backup integration cancelled",  # by a restart soon after the start
)
"""Complaints about what nothing here needs."""


class HomeAssistant:
    """One Home Assistant of a given version; `start` raises Unavailable when it is not installed."""

    def __init__(self, version: str, broker_port: int, *, timeout_s: float = 120) -> None:
        self.version = VERSIONS[version]
        self.port = free_port()
        self.token = ""
        self.ready_s = 0.0
        self.errors_at_start: list[str] = []
        self._broker_port = broker_port
        self._timeout_s = timeout_s
        self._directory: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def url(self) -> str:
        """The address of the server, without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def config_dir(self) -> Path:
        """The configuration folder, as seen from outside a Debian root."""
        if self._directory is None:
            message = "Home Assistant was not started"
            raise RuntimeError(message)
        return self._directory / "config"

    @property
    def log(self) -> Path:
        """Everything that Home Assistant printed since the start, also over a restart."""
        return self.config_dir.with_name("home-assistant.log")

    def start(self) -> None:
        """Return when every integration is loaded; raise RuntimeError with the log when that fails."""
        self.version.python_command()
        parent = self.version.home / "tmp" if self.version.needs_root else None
        self._directory = Path(tempfile.mkdtemp(prefix="unclench-ha-", dir=parent))
        shutil.copytree(CONFIGURATION, self.config_dir)
        ports = {"http_port": self.port, "broker_port": self._broker_port}
        self.token = write_storage(self.config_dir, self.version, **ports)
        if self.version.http_store == 1:
            packages = self.config_dir / "packages"
            packages.mkdir(exist_ok=True)
            lines = ["http:", "  server_host: 127.0.0.1", f"  server_port: {self.port}", "  ip_ban_enabled: false", ""]
            (packages / "http_port.yaml").write_text("\n".join(lines))
        try:
            self._spawn_and_wait()
        except (RuntimeError, TimeoutError) as error:
            story = f"Home Assistant {self.version.name}: {error}\n{self.log.read_text(errors='replace')[-3000:]}"
            self.stop()
            raise RuntimeError(story) from error
        self.errors_at_start = self.log_errors()

    def restart(self) -> None:
        """Restart it through its own service and return when it runs again; port and token stay."""
        process = self._process
        if process is None:
            message = "Home Assistant was not started"
            raise RuntimeError(message)
        self.call("POST", "/api/services/homeassistant/restart", {})
        if process.wait(60) != RESTART_WANTED:
            message = f"Home Assistant ended with {process.returncode} instead of a restart"
            raise RuntimeError(message)
        self._spawn_and_wait()

    def freeze(self) -> None:
        """Stop it in its tracks: connections stay open, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Undo `freeze`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def ask(self, kind: str, **data: Any) -> Any:  # noqa: ANN401 (JSON values)
        """Send one command over the WebSocket and return its result."""
        logging.getLogger("homeassistant_api").setLevel(logging.WARNING)
        with WebsocketClient(f"{self.url}/api/websocket", self.token) as socket:
            return getattr(socket.recv(socket.send(kind, **data)), "result", None)

    def stop(self) -> None:
        """End it and remove its folder; harmless when it is not running."""
        if self._process is not None:
            self.thaw()
            end(self._process, grace_s=60)
            self._process = None
        if self._directory is not None:
            shutil.rmtree(self._directory)
            self._directory = None

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> tuple[int, object]:
        """Send one request and return status and answer (decoded if it is JSON, else text)."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read().decode()
            is_json = response.headers.get_content_type() == "application/json"
            return response.status, json.loads(text) if is_json else text
        finally:
            connection.close()

    def state(self, entity_id: str) -> str | None:
        """Return the state of an entity, None when there is no such entity."""
        status, answer = self.call("GET", f"/api/states/{entity_id}")
        return str(answer["state"]) if status == http.client.OK and isinstance(answer, dict) else None

    def log_errors(self) -> list[str]:
        """Return the ERROR lines, also of calls that were refused.

        A wrong entity does not stop Home Assistant, it is only missing: see `errors_at_start`.
        """
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return [line for line in lines if " ERROR (" in line and not any(known in line for known in HARMLESS)]

    def _spawn_and_wait(self) -> None:
        started = time.monotonic()
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        folder = self.config_dir
        if self.version.needs_root:
            folder = Path("/", folder.relative_to(self.version.home))
            path = f"{VENV_IN_ROOT}/bin:/usr/sbin:/usr/bin:/sbin:/bin"
            environment = {"PATH": path, "HOME": "/root", "LANG": "C.UTF-8"}
        options = ["-m", "homeassistant", "-c", str(folder), "--skip-pip", "--log-no-color"]
        self._process = spawn([*self.version.python_command(), *options], log=self.log, env=environment)
        wait_until(self._is_running, timeout_s=self._timeout_s, what=f"Home Assistant {self.version.name}")
        self.ready_s = time.monotonic() - started

    def _is_running(self) -> bool:
        """Tell whether everything is loaded; raise RuntimeError when it never will be."""
        if self._process is not None and self._process.poll() is not None:
            message = f"ended with {self._process.returncode}"
            raise RuntimeError(message)
        if "recovery mode" in self.log.read_text(errors="replace"):
            message = "is in recovery mode, its configuration cannot be read"
            raise RuntimeError(message)
        try:
            status, answer = self.call("GET", "/api/config")
        except (OSError, http.client.HTTPException):
            return False
        return status == http.client.OK and isinstance(answer, dict) and answer["state"] == "RUNNING"

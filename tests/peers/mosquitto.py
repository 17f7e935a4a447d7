"""A real mosquitto on a loopback port, which a test can stop, kill and freeze."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.peers.ports import free_port
from tests.peers.processes import end, spawn, wait_until
from tests.peers.versions import Unavailable

USERNAME = "unclench"
"""The only user of a broker that was given a password."""


class Mosquitto:
    """One broker that keeps its port over a restart; anonymous unless it has a password."""

    def __init__(
        self,
        directory: Path,
        *,
        port: int | None = None,
        password: str | None = None,
        persistence: bool = False,
        extra_lines: Sequence[str] = (),
    ) -> None:
        self.port = port or free_port()
        self.password = password
        self.log = directory / "mosquitto.log"
        self._directory = directory
        self._persistence = persistence
        self._extra_lines = extra_lines
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def running(self) -> bool:
        """True from start to stop or kill, also while frozen."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Return when the broker says that it runs; raise Unavailable when there is no mosquitto.

        Its port accepts connections before that: while it still reads its keys, or when somebody else's broker has it.
        """
        settings = self._write_settings(program("mosquitto_passwd") if self.password else None)
        said_before = self.log.stat().st_size if self.log.exists() else 0
        process = spawn([program("mosquitto"), "-c", str(settings)], log=self.log)
        self._process = process

        def runs() -> bool:
            return b" running" in self.log.read_bytes()[said_before:] or process.poll() is not None

        wait_until(runs, timeout_s=10, what="mosquitto")
        if process.poll() is not None:
            message = f"mosquitto ended with {process.returncode}: {self.log.read_text()[-1000:]}"
            raise RuntimeError(message)

    def stop(self) -> None:
        """End it as a service manager would; harmless when it is not running."""
        if self.running:
            self.thaw()
        if self._process is not None:
            end(self._process, grace_s=5)
            self._process = None

    def kill(self) -> None:
        """Let it die at once: no goodbye, nothing saved."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        """Stop it and start it again on the same port."""
        self.stop()
        self.start()

    def freeze(self) -> None:
        """Stop it in its tracks: connections stay open, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Undo `freeze`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _write_settings(self, passwd: str | None) -> Path:
        """Write the settings file, and the password file if there is a password."""
        folder = self._directory
        lines = [
            f"listener {self.port} 127.0.0.1",
            f"allow_anonymous {'false' if self.password else 'true'}",
            "max_queued_messages 0",
            "log_dest stderr",
            "log_type warning",
            "log_type error",
            "log_type information",
            f"persistence {'true' if self._persistence else 'false'}",
            f"persistence_location {folder}/",
        ]
        if passwd and self.password:
            passwords = folder / "passwords"
            subprocess.run([passwd, "-b", "-c", str(passwords), USERNAME, self.password], check=True)
            lines.append(f"password_file {passwords}")
        if os.geteuid() == 0:
            lines.append("user root")  # else it changes to a user that may not read this folder
        settings = folder / "mosquitto.conf"
        settings.write_text("\n".join([*lines, *self._extra_lines, ""]))
        return settings


def program(name: str) -> str:
    """Return the path of a program of the mosquitto package, or raise Unavailable."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        message = f"{name} is not installed, run .ci/install-ha"
        raise Unavailable(message)
    return found

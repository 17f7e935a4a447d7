"""The Home Assistant versions the tests run against, and where their programs live."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

VENV_IN_ROOT = "/opt/ha"
"""Where the virtual environment is, seen from inside a Debian root."""


class Unavailable(Exception):  # noqa: N818 - read as a state: "mosquitto is unavailable"
    """A peer is not installed here: the tests that need it are skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What differs between two Home Assistant versions, for those who install and start them."""

    name: str
    python: tuple[int, int]
    needs_root: bool
    """True: lives in a Debian root of its own, because this Debian has no such Python."""
    http_store: int
    mqtt_entry: tuple[int, int]
    imports: str
    """Modules that must import; Home Assistant would fetch them at run time."""

    @property
    def requirements(self) -> Path:
        """The pinned packages of this version."""
        return Path(__file__).with_name(f"requirements-ha-{self.name}.txt")

    @property
    def home(self) -> Path:
        """The folder that holds the environment (or the Debian root) of this version."""
        return cache() / f"home-assistant-{self.name}"

    @property
    def stamp(self) -> Path:
        """Written last by the installer; holds the hash of the requirements it installed."""
        return self.home / ".unclench-installed"

    def fingerprint(self) -> str:
        """Return what the stamp of a finished, current installation says."""
        return hashlib.sha256(self.requirements.read_bytes()).hexdigest()

    def python_command(self) -> list[str]:
        """Return the command of the Python that has Home Assistant; raise Unavailable without one."""
        if not self.is_installed():
            message = f"Home Assistant {self.name} is not installed, run .ci/install-ha"
            raise Unavailable(message)
        if not self.needs_root:
            return [str(self.home / "bin" / "python")]
        if os.geteuid() != 0:
            message = f"Home Assistant {self.name} needs root to enter its Debian root"
            raise Unavailable(message)
        return ["/usr/sbin/chroot", str(self.home), f"{VENV_IN_ROOT}/bin/python"]

    def is_installed(self) -> bool:
        """Tell whether the installer has finished with the requirements of today."""
        return self.stamp.is_file() and self.stamp.read_text().strip() == self.fingerprint()


OLDEST = Version(
    name="2025.4.4",
    python=(3, 13),
    needs_root=False,
    http_store=1,
    mqtt_entry=(1, 2),
    imports="hass_frontend, paho.mqtt, hassil, home_assistant_intents, nacl",
)
NEWEST = Version(
    name="2026.11.0",
    python=(3, 14),
    needs_root=True,
    http_store=3,
    mqtt_entry=(2, 1),
    imports=f"{OLDEST.imports}, gazetteer_matcher, numpy, turbojpeg, pymicro_vad, pyspeex_noise",
)
VERSIONS = {version.name: version for version in (OLDEST, NEWEST)}


def cache() -> Path:
    """Return the folder where the peers are installed, outside the checkout."""
    if named := os.environ.get("UNCLENCH_TEST_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "unclench-tests"

"""A small Debian testing root that brings the Python which the newest Home Assistant asks for.

Nothing is ever mounted into it, so the folder can be deleted at any time.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.peers.versions import Unavailable

SUITE = "forky"
SCRIPT = "/usr/share/debootstrap/scripts/sid"
"""An older debootstrap does not know the name of today's testing; all Debian suites share this script."""
COMPILERS = ("gcc", "g++", "python3-dev", "libc6-dev")
"""Two wheels are missing for Python 3.14; nothing here is needed once they are built."""
PACKAGES = ("ca-certificates", "python3", *COMPILERS)
OWNED = ".unclench-root"
FINISHED = ".unclench-bootstrapped"
BUNDLE = "etc/ssl/certs/ca-certificates.crt"


def make_root(root: Path) -> None:
    """Make the root unless it is there, with names and certificates of this machine."""
    if os.geteuid() != 0:
        message = "a Debian root needs the rights of root"
        raise Unavailable(message)
    if not (root / FINISHED).exists():
        bootstrap(root)
    for name in ("resolv.conf", "hosts"):
        shutil.copy(Path("/etc", name), root / "etc" / name)
    trusted = Path(os.environ.get("SSL_CERT_FILE") or Path("/", BUNDLE))
    if trusted.is_file():
        shutil.copy(trusted, root / BUNDLE)


def bootstrap(root: Path) -> None:
    """Run debootstrap into an empty folder; a half-made root is thrown away first."""
    if root.exists() and any(root.iterdir()) and not (root / OWNED).exists():
        message = f"{root} is not empty and not ours"
        raise Unavailable(message)
    program = debootstrap_program()
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / OWNED).touch()
    log = root.with_name(f"{root.name}.debootstrap.log")
    options = ["--variant=minbase", f"--include={','.join(PACKAGES)}"]
    command = [program, *options, SUITE, str(root), debian_mirror(), SCRIPT]
    with log.open("w") as output:
        ended = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
    if ended.returncode != 0:
        message = f"debootstrap failed (no network, or no right to chroot and mknod), see {log}"
        raise Unavailable(message)
    for package in (root / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()
    (root / FINISHED).touch()


def debootstrap_program() -> str:
    """Return the path of debootstrap, installed first when it is missing."""
    if shutil.which("debootstrap") is None:
        apt = shutil.which("apt-get")
        if apt is None:
            message = "no debootstrap, and no apt-get to install it"
            raise Unavailable(message)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = [apt, "install", "-y", "-qq", "--no-install-recommends", "debootstrap"]
        subprocess.run([apt, "update", "-qq"], check=True, env=quiet, stdout=sys.stderr)
        subprocess.run(install, check=True, env=quiet, stdout=sys.stderr)
    return shutil.which("debootstrap") or "/usr/sbin/debootstrap"


def debian_mirror() -> str:
    """Return the mirror this machine itself uses, so that no address is written down here."""
    if named := os.environ.get("UNCLENCH_DEBIAN_MIRROR"):
        return named
    listed = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    text = "\n".join(path.read_text() for path in listed if path.is_file())
    for address in re.findall(r"^(?:URIs:|deb(?:\s+\[[^]]*\])?)\s+(\S+/debian)/?(?:\s|$)", text, re.MULTILINE):
        return str(address)
    message = "no Debian mirror in the apt sources, set UNCLENCH_DEBIAN_MIRROR"
    raise Unavailable(message)


def purge_compilers(root: Path) -> None:
    """Remove what was needed to build two wheels, and the documentation."""
    inside = ["/usr/sbin/chroot", str(root), "/usr/bin/env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
    quiet = [*inside, "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-qq"]
    for arguments in (["purge", *COMPILERS], ["autoremove", "--purge"]):
        subprocess.run([*quiet, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for folder in ("var/lib/apt/lists", "usr/share/doc", "usr/share/man"):
        shutil.rmtree(root / folder, ignore_errors=True)

"""Install Home Assistant for the tests: `python3 -m tests.peers.install_home_assistant [VERSION ...]`.

Standard library only. Exit 0: installed. Exit 69: cannot be had on this machine.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.debian_root import make_root, purge_compilers
from tests.peers.versions import VENV_IN_ROOT, VERSIONS, Unavailable, Version, cache

UV = "uv==0.13.6"
CANNOT_BE_HAD = 69


def main(names: list[str]) -> int:
    """Install the named versions (default: all) and return the exit code."""
    try:
        for version in [VERSIONS[name] for name in names or VERSIONS]:
            install(version)
    except Unavailable as error:
        say(f"cannot be had here: {error}")
        return CANNOT_BE_HAD
    except subprocess.CalledProcessError as error:
        say(f"cannot be had here: {error.cmd[0]} ended with {error.returncode}")
        return CANNOT_BE_HAD
    return 0


def install(version: Version) -> None:
    """Install one version unless it is there; two installers at once take turns."""
    with locked(version.home.with_name(f"{version.home.name}.lock")):
        if version.is_installed():
            say(f"Home Assistant {version.name} is installed")
            return
        started = time.monotonic()
        uv = installed_uv()
        python = root_python(version, uv) if version.needs_root else venv_python(version, uv)
        check_imports(version, python)
        if version.needs_root:
            purge_compilers(version.home)
        version.stamp.write_text(version.fingerprint() + "\n")
        say(f"Home Assistant {version.name} installed in {time.monotonic() - started:.0f} s")


def venv_python(version: Version, uv: Path) -> list[str]:
    """Make the virtual environment and return the command of its Python."""
    python = version.home / "bin" / "python"
    run([str(uv), "venv", "--clear", "--python", find_python(version), str(version.home)])
    pip = [str(uv), "pip", "install", "--quiet", "--no-deps", "--python", str(python)]
    run([*pip, "--requirements", str(version.requirements)], env=uv_environment())
    return [str(python)]


def root_python(version: Version, uv: Path) -> list[str]:
    """Make the Debian root with its virtual environment and return the command of its Python."""
    root = version.home
    make_root(root)
    shutil.copy2(uv, root / "usr/local/bin/uv")
    shutil.copy(version.requirements, root / "opt/requirements.txt")
    inside = ["/usr/sbin/chroot", str(root), "/usr/local/bin/uv"]
    bundle = {"SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt", "HOME": "/root"}
    environment = {**uv_environment(), **bundle, "PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    run([*inside, "venv", "--clear", "--python", "/usr/bin/python3", VENV_IN_ROOT], env=environment)
    python = f"{VENV_IN_ROOT}/bin/python"
    pip = [*inside, "pip", "install", "--quiet", "--no-deps", "--python", python]
    run([*pip, "--requirements", "/opt/requirements.txt"], env=environment)
    return [*inside[:2], python]


def check_imports(version: Version, python: list[str]) -> None:
    """Raise Unavailable when what was installed is not this Home Assistant, whole."""
    code = f"import homeassistant.const as const, {version.imports}; print(const.__version__)"
    answer = subprocess.run([*python, "-c", code], capture_output=True, text=True, check=False)
    if answer.stdout.strip() != version.name:
        message = f"Home Assistant {version.name} does not import: {answer.stderr.strip()[-300:]}"
        raise Unavailable(message)


def find_python(version: Version) -> str:
    """Return a Python of the wanted minor version from PATH or pyenv."""
    wanted = ".".join(map(str, version.python))
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [sys.executable, shutil.which(f"python{wanted}")]
    found += [str(folder / "bin/python") for folder in sorted(pyenv.glob(f"{wanted}.*"))]
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    for program in filter(None, found):
        answer = subprocess.run([program, "-c", code], capture_output=True, text=True, check=False)
        if answer.stdout.strip() == wanted:
            return program
    message = f"no Python {wanted} on PATH or in pyenv"
    raise Unavailable(message)


def installed_uv() -> Path:
    """Return a uv of our own: pip takes minutes for the same work."""
    folder = cache() / UV.replace("==", "-")
    program = folder / "bin" / "uv"
    if not program.is_file():
        run([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), UV])
    return program


def uv_environment() -> dict[str, str]:
    """Return the environment for uv; of pip's settings only the index travels along."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    configured = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    index = os.environ.get("PIP_INDEX_URL") or configured
    own = {"UV_NO_CACHE": "1", "UV_LINK_MODE": "copy", "UV_NO_PROGRESS": "1", "UV_PYTHON_DOWNLOADS": "never"}
    return {**os.environ, **own, **({"UV_DEFAULT_INDEX": index} if index else {})}


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock while the body runs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(command: list[str], *, env: dict[str, str] | None = None) -> None:
    """Run a step; its output is the installer's log."""
    subprocess.run(command, check=True, env=env, stdout=sys.stderr)


def say(words: str) -> None:
    """Tell the person (or the log of CI) what happened."""
    print(f"install-ha: {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

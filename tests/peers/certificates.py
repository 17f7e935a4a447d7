"""A certificate that a broker makes for itself, for tests of TLS with a private CA."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.peers.versions import Unavailable


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Key and certificate for localhost; Unavailable without openssl."""
    program = shutil.which("openssl")
    if program is None:
        message = "openssl is not installed"
        raise Unavailable(message)
    key, certificate = folder / "key.pem", folder / "cert.pem"
    command = [
        program,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command, *names, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return key, certificate

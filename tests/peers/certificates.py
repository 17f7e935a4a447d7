"""Certificates for tests of TLS: one that a broker makes for itself, and a small authority with good and bad ones."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.peers.versions import Unavailable

NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
HERE = "DNS:localhost,IP:127.0.0.1"
SETTINGS = """
[ca]
default_ca = ours
[ours]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
copy_extensions = copy
x509_extensions = server
[any]
commonName = supplied
[server]
basicConstraints = critical,CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Key and certificate for localhost; Unavailable without openssl."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    names = ["-subj", "/CN=localhost", "-addext", f"subjectAltName={HERE}"]
    _openssl("req", "-x509", *NEW_KEY, "-days", "2", *names, "-keyout", str(key), "-out", str(certificate))
    return key, certificate


class Authority:
    """A private certificate authority, as a home has one. Unavailable without openssl."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._key, self.certificate = folder / "ca-key.pem", folder / "ca.pem"
        (folder / "index.txt").touch()
        (folder / "openssl.cnf").write_text(SETTINGS.format(folder=folder))
        usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        made = ["-keyout", str(self._key), "-out", str(self.certificate)]
        _openssl("req", "-x509", *NEW_KEY, "-days", "2", "-subj", f"/CN=Home {folder.name}", *usage, *made)

    def issue(self, name: str, *, names: str = HERE, expired: bool = False) -> tuple[Path, Path]:
        """Key and certificate of a server: for these names, and over since long ago if ``expired``."""
        key, asked, certificate = (self._folder / f"{name}{end}" for end in (".key", ".csr", ".pem"))
        request = ["-subj", f"/CN={name}", "-addext", f"subjectAltName={names}", "-keyout", str(key)]
        _openssl("req", "-new", *NEW_KEY, *request, "-out", str(asked))
        span = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"] if expired else ["-days", "2"]
        signed_by = ["-config", str(self._folder / "openssl.cnf"), "-cert", str(self.certificate)]
        out = ["-keyfile", str(self._key), "-in", str(asked), "-out", str(certificate), "-notext", "-batch"]
        _openssl("ca", *signed_by, *out, *span)
        return key, certificate


def _openssl(*arguments: str) -> None:
    program = shutil.which("openssl")
    if program is None:
        message = "openssl is not installed"
        raise Unavailable(message)
    subprocess.run([program, *arguments], check=True, capture_output=True)

"""Why an encrypted connection did not come about, in words for a person. Nothing here goes on without TLS."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.errors import FileProblemError
from config.home import Tls

EXPIRED, NOT_YET, OTHER_NAME, OTHER_ADDRESS = 10, 9, 62, 64
"""OpenSSL's numbers (X509_V_ERR_...)."""


@dataclass(frozen=True, slots=True)
class TlsProblem:
    """What is wrong, and what to do about it."""

    says: str
    remedy: str


NOT_TRUSTED = TlsProblem(
    "its certificate is not trusted", "Name the certificate of the authority that made it as ca in home.yaml"
)
OUT_OF_DATE = TlsProblem("its certificate has expired", "Renew it there; look also at this machine's clock")
WRONG_NAME = TlsProblem(
    "its certificate is for another name", "Write the name that stands in it into home.yaml, or have a new one made"
)
NO_AUTHORITY = TlsProblem("the file named as ca holds no certificate", "Look at ca in home.yaml")
NO_TLS = TlsProblem("it does not speak TLS with us", "Is this the address and the port for it?")


def tls_problem(error: BaseException | None) -> TlsProblem | None:
    """What TLS has to do with an error: libraries wrap it several times. None, when it is about something else."""
    found = next((each for each in _causes(error) if isinstance(each, ssl.SSLError)), None)
    if isinstance(found, ssl.SSLCertVerificationError):
        known = {EXPIRED: OUT_OF_DATE, NOT_YET: OUT_OF_DATE, OTHER_NAME: WRONG_NAME, OTHER_ADDRESS: WRONG_NAME}
        return known.get(found.verify_code, NOT_TRUSTED)
    if found is not None:
        return NO_AUTHORITY if found.library in ("X509", "PEM") else NO_TLS
    if any(isinstance(each, OSError) and "CA certificate bundle" in str(each) for each in _causes(error)):
        return NO_AUTHORITY  # the HTTP library's words for a file that is not there
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def tls_context(tls: Tls) -> ssl.SSLContext:
    """The TLS of a connection to the broker. Raises FileProblemError for a file that cannot be used."""
    try:
        context = ssl.create_default_context(cafile=str(tls.ca) if tls.ca else None)
    except OSError as error:
        raise _unusable(tls.ca, error) from error
    if tls.certificate:
        try:
            context.load_cert_chain(str(tls.certificate), str(tls.key) if tls.key else None)
        except OSError as error:
            raise _unusable(tls.certificate, error) from error
    return context


def _unusable(path: Path | None, error: OSError) -> FileProblemError:
    what = "is not there" if isinstance(error, FileNotFoundError) else "cannot be used as a certificate"
    return FileProblemError(path or Path("ca"), f"{what}; it is named under mqtt, tls in home.yaml")

"""Proof of life (R18): a heartbeat on MQTT and in a file, with the age of the engine's loop in it."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config.errors import UnclenchError

log = logging.getLogger("unclench.pulse")

BEAT_S = 30.0
SOON_S = 3.0
FILE = "health.json"
OLD = timedelta(seconds=90)
"""Three missed beats: the process is not well."""
LOOP_OLD_S = 60.0
"""The engine's loop goes round at least every five seconds."""


class SickError(UnclenchError):
    """Unclench does not prove that it lives."""


def write_pulse(folder: Path, document: dict[str, Any]) -> None:
    """Replace the health file, whole or not at all. A full disk must not stop anything."""
    path = folder / FILE
    try:
        new = path.with_suffix(".new")
        new.write_text(json.dumps(document), encoding="utf-8")
        new.replace(path)
    except OSError as error:
        log.debug("the health file cannot be written: %s", error)


def remove_pulse(folder: Path) -> None:
    """After a clean end nothing claims to live."""
    (folder / FILE).unlink(missing_ok=True)


def read_pulse(folder: Path, now: datetime) -> dict[str, Any]:
    """The last heartbeat. Raises SickError when there is none, or it tells of a loop that hangs."""
    try:
        document: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(document["at"])
    except (OSError, ValueError, KeyError) as error:
        message = f"there is no heartbeat in {folder}: Unclench does not run, or keeps its data somewhere else"
        raise SickError(message) from error
    if now - at > OLD:
        message = f"the last heartbeat is from {at.isoformat()}: Unclench has stopped or hangs"
        raise SickError(message)
    if (document.get("loop_age_s") or 0) > LOOP_OLD_S:
        message = f"the engine has not looked at anything for {document['loop_age_s']:.0f} s"
        raise SickError(message)
    return document


def is_alive(folder: Path, now: datetime) -> bool:
    """Whether the service proves that it lives."""
    try:
        read_pulse(folder, now)
    except SickError:
        return False
    return True

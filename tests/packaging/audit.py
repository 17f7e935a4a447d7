"""Asks whether a locked package has a known vulnerability: ``python -m tests.packaging.audit LOCK ...``.

The advisories are those of OSV (osv.dev), which pip-audit can ask too: from UNCLENCH_ADVISORIES, a folder or a zip file
of its JSON records, without any network; else from its server. Where there is neither, it says that nothing was
checked, and never that all is well. Exit code 1: there is a vulnerability; 0 with NOT CHECKED: nobody knows.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.version import InvalidVersion, Version

SERVER = "https://api.osv.dev"
TIMEOUT_S = 20.0
Pins = Mapping[str, str]
PIN = r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?: ; ([^\\\n]+?))?(?: \\)?$"
PYTHONS = ("3.11.0", "3.12.0", "3.13.0")
"""A lock may hold another version of a package for each of them; all of them are asked about."""


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins_of(locks: Iterable[Path], python: str = platform.python_version()) -> dict[str, str]:
    """Package and version of every line. Where a package has several, the one for ``python``."""
    found: dict[str, str] = {}
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        for name, version, marker in re.findall(PIN, text, re.MULTILINE):
            if normal(name) not in found or not marker or Marker(marker).evaluate({"python_full_version": python}):
                found[normal(name)] = version
    return found


def records(place: Path) -> Iterator[dict[str, Any]]:
    """Every advisory in a folder or a zip file."""
    if place.is_dir():
        for path in sorted(place.rglob("*.json")):
            yield json.loads(path.read_text(encoding="utf-8"))
        return
    with zipfile.ZipFile(place) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def offline(pins: Pins, advisories: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """Package to the ids of the advisories that it is affected by."""
    found: dict[str, set[str]] = {}
    for record in advisories:
        for affected in record.get("affected", []):
            package = affected.get("package", {})
            name = normal(str(package.get("name", "")))
            if package.get("ecosystem") != "PyPI" or name not in pins or record.get("withdrawn"):
                continue
            if is_affected(pins[name], affected):
                found.setdefault(name, set()).add(str(record.get("id")))
    return found


def is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    """Whether a version is listed, or lies in a range."""
    if version in affected.get("versions", []):
        return True
    ranges = [each for each in affected.get("ranges", []) if each.get("type") == "ECOSYSTEM"]
    try:
        return any(_lies_in(Version(version), each.get("events", [])) for each in ranges)
    except InvalidVersion:
        return True  # better a question too many


def _lies_in(version: Version, events: Iterable[Mapping[str, str]]) -> bool:
    inside = False
    for event in events:
        if "introduced" in event:
            inside = inside or version >= Version(event["introduced"])
        if "fixed" in event:
            inside = inside and version < Version(event["fixed"])
        if "last_affected" in event:
            inside = inside and version <= Version(event["last_affected"])
    return inside


def online(pins: Pins, server: str) -> dict[str, set[str]]:
    """The same from the server. Raises OSError when there is none, ValueError when it answers something else."""
    names = sorted(pins)
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": pins[name]} for name in names]
    request = urllib.request.Request(  # noqa: S310 (https, or what a test names)
        f"{server}/v1/querybatch",
        data=json.dumps({"queries": queries}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310
        results = json.load(response).get("results", [])
    if len(results) != len(names):
        message = "the server left packages out"
        raise ValueError(message)
    told = {
        name: {each["id"] for each in result.get("vulns") or []} for name, result in zip(names, results, strict=True)
    }
    return {name: ids for name, ids in told.items() if ids}


def main(arguments: list[str], environment: Mapping[str, str] = os.environ) -> int:
    """Check, and tell in one line, or one line for each package."""
    pins = pins_of(map(Path, arguments))
    others = [pins_of(map(Path, arguments), python) for python in PYTHONS]
    place = environment.get("UNCLENCH_ADVISORIES")
    found: dict[tuple[str, str], set[str]] = {}
    try:
        for each in (pins, *(other for number, other in enumerate(others) if other not in [pins, *others[:number]])):
            told = offline(each, records(Path(place))) if place else online(each, environment.get("OSV_SERVER", SERVER))
            found |= {(name, each[name]): ids for name, ids in told.items()}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        print(f"audit: NOT CHECKED: {len(pins)} packages, no advisories ({error}); see docs/security.md")
        return 0
    for (name, version), ids in sorted(found.items()):
        print(f"audit: {name} {version}: {', '.join(sorted(ids))}")
    source = place or "osv.dev"
    print(f"audit: {len(pins)} packages, {len(found)} with a known vulnerability, asked of {source}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

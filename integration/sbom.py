"""A bill of materials (CycloneDX JSON) of what is installed with Unclench: ``python -m integration.sbom [FILE]``.

It names no moment and no machine, so that the same packages make the same file.
"""

from __future__ import annotations

import json
import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

OURS = "unclench"
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*(?:\[(?P<extras>[^]]*)\])?[^;]*(?:;(?P<marker>.*))?")
_EXTRA = re.compile(r"extra\s*==\s*['\"](?P<extra>[^'\"]+)['\"]")
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:OR|AND|WITH) [A-Za-z0-9.+-]+)*")


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def bill() -> dict[str, Any]:
    """The document: Unclench, what it needs to run as it is installed here, and what needs what."""
    needs = _needs()
    ours = distribution(OURS)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**_component(ours), "type": "application"}},
        "components": [
            {"type": "platform", "bom-ref": "python", "name": "CPython", "version": platform.python_version()},
            *(_component(distribution(name)) for name in sorted(needs) if name != OURS),
        ],
        "dependencies": [
            {"ref": _purl(distribution(name)), "dependsOn": [_purl(distribution(each)) for each in sorted(needs[name])]}
            for name in sorted(needs)
        ],
    }


def _needs() -> dict[str, set[str]]:
    """Every installed package that Unclench needs, with those that it needs itself. Extras that are asked for count."""
    found: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(OURS, "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for needed, extras in _required(distribution(name), extra):
            found.setdefault(name, set()).add(needed)
            waiting += [(needed, each) for each in ("", *extras)]
        found.setdefault(name, set())
    return found


def _required(package: Distribution, extra: str) -> Iterator[tuple[str, list[str]]]:
    """What a package needs, or what one of its extras does; only what is installed, as markers may exclude it."""
    for line in package.requires or []:
        match = _REQUIREMENT.match(line)
        assert match is not None  # noqa: S101 (any text begins with a name)
        only = _EXTRA.search(match["marker"] or "")
        if (only["extra"] if only else "") != extra:
            continue
        try:
            name = normal(distribution(match["name"]).metadata["Name"])
        except PackageNotFoundError:
            continue
        yield name, [each.strip() for each in (match["extras"] or "").split(",") if each.strip()]


def _component(package: Distribution) -> dict[str, Any]:
    known = package.metadata.json
    name = str(known["name"])
    component = {
        "type": "library",
        "bom-ref": _purl(package),
        "name": name,
        "version": package.version,
        "purl": _purl(package),
        "description": str(known.get("summary", "")),
    }
    licence = _licence(known)
    return {**component, "licenses": [licence]} if licence else component


def _licence(known: dict[str, str | list[str]]) -> dict[str, Any] | None:
    """As an SPDX expression where the package gives one, else by the name that it gives."""
    expression = known.get("license_expression")
    if isinstance(expression, str) and _SPDX.fullmatch(expression):
        return {"expression": expression}
    listed = [str(each).rsplit(" :: ", 1)[-1] for each in known.get("classifier", []) if each.startswith("License")]
    text = listed[0] if listed else str(known.get("license", "")).strip().split("\n", 1)[0]
    return {"license": {"name": text}} if text else None


def _purl(package: Distribution) -> str:
    return f"pkg:pypi/{normal(package.metadata['Name'])}@{package.version}"


def main(arguments: list[str]) -> None:
    """Write it into the file that is named, or to standard output."""
    text = json.dumps(bill(), indent=2, sort_keys=True) + "\n"
    if arguments:
        Path(arguments[0]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Small configurations for tests, written into a folder."""

from __future__ import annotations

from pathlib import Path

HOME = """\
rooms:
  bedroom:
    person: anna
    sensors:
      - topic: zigbee2mqtt/bedroom
        dialect: zigbee2mqtt
    cooling:
      - climate: climate.bedroom
"""
ANNA = """\
name: Anna
time_zone: Europe/London
"""
EXAMPLES = Path(__file__).parent.parent.parent / "config" / "examples"


def write_home(folder: Path, home: str = HOME, **profiles: str) -> Path:
    """Write home.yaml and a profile for each person (Anna's, when none is given)."""
    (folder / "profiles").mkdir(parents=True, exist_ok=True)
    (folder / "home.yaml").write_text(home, encoding="utf-8")
    for person, text in (profiles or {"anna": ANNA}).items():
        (folder / "profiles" / f"{person}.yaml").write_text(text, encoding="utf-8")
    return folder

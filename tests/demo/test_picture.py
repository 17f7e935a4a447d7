"""The picture in the README is a real view of the demo."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from integration.demo.picture import FILE, picture

ROOT = Path(__file__).parents[2]


def test_the_picture_is_the_demo_as_it_is_now_and_fetches_nothing() -> None:
    drawn = picture()
    ET.fromstring(drawn)  # noqa: S314 (our own)
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    kept = (ROOT / FILE).read_text(encoding="utf-8")
    assert drawn == kept, "run: python -m integration.demo.picture"

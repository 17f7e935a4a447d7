"""The pages that people read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(page: Path) -> str:
    """A page's path in the checkout."""
    return page.relative_to(ROOT).as_posix()


def blocks(text: str) -> str:
    """The code of a page: fenced blocks and words in backticks."""
    fenced = text.split("```")
    inline = [piece for part in fenced[::2] for piece in part.split("`")[1::2]]
    return "\n".join([*fenced[1::2], *inline])

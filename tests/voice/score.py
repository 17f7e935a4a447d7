"""How many sentences are understood, file by file, and which are not: ``python -m tests.voice.score [--file F]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from integration.sentences import load_ear
from tests.voice.dress import DRESSES
from tests.voice.expect import differences, files, sentences


def main() -> None:
    """Print the failures of each file, and then the counts."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--file", type=Path, action="append", help="only this file (may be repeated)")
    arguments.add_argument("--quiet", action="store_true", help="only the counts")
    arguments.add_argument("--dress", choices=sorted(DRESSES), default="", help="written otherwise: see dress.py")
    chosen = arguments.parse_args()
    dress = DRESSES.get(chosen.dress, str)
    ear = load_ear()
    lines: list[str] = []
    all_good = all_count = 0
    for path in chosen.file or files():
        items = sentences(path)
        wrong = [
            (item, found) for item in items if (found := differences(item, ear.hear(dress(item.say), item.moment())))
        ]
        good = len(items) - len(wrong)
        all_good, all_count = all_good + good, all_count + len(items)
        lines.append(f"{path.stem:20} {good:4} of {len(items):4}")
        if not chosen.quiet:
            for item, found in wrong:
                print(f"{path.stem}: {dress(item.say)!r}\n    " + "\n    ".join(found))
    print("\n".join(lines))
    print(f"{'all':20} {all_good:4} of {all_count:4} ({all_good / all_count:.1%})")


if __name__ == "__main__":
    main()

"""The JSON Schema of rule files, for editors; ``python -m integration.rule_schema`` writes it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from config.schema import schema_of_model
from rules.book import RuleBook

FILE = "rules.schema.json"


def schema_text() -> str:
    """The text of the schema file."""
    return json.dumps(schema_of_model(RuleBook), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Bring the file under docs/ up to date."""
    docs = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs"
    (docs / "schema" / FILE).write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()

"""What a YAML parser complains about, in words for a person. Never repeats the text of the file: it may be a secret."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError, StreamMark

_PROBLEMS = (
    (r"found character '\\t'", "there is a tab in front of this; use spaces"),
    (
        r"found character '(.)'",
        r"the sign \1 has a meaning of its own in YAML; put the value in quotes",
    ),
    (
        r"mapping values are not allowed here",
        "there is a colon too many here, or the line above lacks one, or the spaces in front do not line up",
    ),
    (r"sequence entries are not allowed here", "a list item (-) must stand on a line of its own"),
    (r"found unexpected end of stream", "a quotation mark is opened before this and never closed"),
    (r"could not find expected ':'", "a colon and a space are missing after the key"),
    (r"expected ',' or '[\]}]'", "a bracket is opened before this and not closed, or a comma is missing"),
    (r"unknown escape character", "in \"double quotes\" a \\ has a meaning of its own; use 'single quotes'"),
    (r"undefined alias", "a value that starts with * must be in quotes"),
    (r"duplicate anchor", "a value that starts with & must be in quotes"),
    (r"another document", "the file must be in one piece, without a line of --- in the middle"),
    (r"expected <block end>|expected '<document start>'", "the spaces in front of this line do not line up"),
)


def syntax_problem(error: MarkedYAMLError) -> tuple[str, StreamMark | None]:
    """A sentence for a person, and the place to look at."""
    said = f"{error.problem or ''} {error.context or ''}"
    mark = error.problem_mark or error.context_mark
    for pattern, sentence in _PROBLEMS:
        match = re.search(pattern, said)
        if match:
            opened = "never closed" in sentence and error.context_mark
            return match.expand(sentence) if r"\1" in sentence else sentence, opened or mark
    return "this line is not valid YAML", mark

"""Reads YAML 1.2 into plain Python, with the place of every key and value. A bad file is a Mistake, no traceback."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from config.mistakes import Mistake, Place, key_text, shown_path
from config.yaml_words import syntax_problem

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the top of a file down to a value."""

LARGEST_BYTES = 600_000
MOST_VALUES = 60_000
"""A home has hundreds of values, a hotel ten thousands. Aliases of aliases make billions of them from a few lines."""
DEEPEST = 40
LONGEST_TEXT = 10_000
"""Characters of a key or a value: what reads them must not have to look for long."""
LONGEST_NUMBER = 40

_TAG = "tag:yaml.org,2002:"
_WRITTEN_OUT = {"int", "float", "bool", "null", "str", "timestamp", "value", "merge"}


class _UnreadableError(Exception):
    """Stops the reading of a file that cannot be one of ours."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.text())
        self.mistake = mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlFile:
    """What a file says and where it says it. ``name`` is how the file is called in messages."""

    name: str
    data: dict[str, object] = field(default_factory=dict)
    keys: dict[KeyPath, tuple[int, int]] = field(default_factory=dict, repr=False)
    """Line and column, both from 1, of the key (or the list item) at a path."""
    values: dict[KeyPath, tuple[int, int]] = field(default_factory=dict, repr=False)
    """Line and column of the value at a path."""

    def key_place(self, path: KeyPath) -> Place:
        """The place of a key; of the nearest key above it that exists, when it does not."""
        return self._place(path, self.keys)

    def value_place(self, path: KeyPath) -> Place:
        """The place of a value; of the nearest key above it that exists, when it does not."""
        return self._place(path, self.values if path in self.values else self.keys)

    def found(self, path: KeyPath) -> object:
        """The value at a path, as it was written; None where there is none."""
        value: object = self.data
        for step in path:
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def _place(self, path: KeyPath, places: dict[KeyPath, tuple[int, int]]) -> Place:
        known = path
        while known and known not in places:
            known = known[:-1]
        line, column = places.get(known, (1, 1))
        return Place(file=self.name, line=line, column=column, key=key_text(path))


def read_yaml(path: Path, relative_to: Path) -> tuple[YamlFile, list[Mistake]]:
    """Read a file. Its data is empty, and a mistake says why, where it cannot be read as a group of keys."""
    name = shown_path(path, relative_to)
    try:
        return _Reader(name).read(_text(path, name))
    except _UnreadableError as error:
        return YamlFile(name=name), [error.mistake]


def _text(path: Path, name: str) -> str:
    """The file's text; refuses what is missing, too large or not text."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise _unreadable(name, "this file does not exist") from None
    except OSError as error:
        raise _unreadable(name, f"this file cannot be read ({(error.strerror or 'no reason given').lower()})") from None
    if len(raw) > LARGEST_BYTES:
        raise _unreadable(name, "this file is larger than 600 kB, so it cannot be a configuration file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _unreadable(name, "this is not UTF-8 text; save the file as UTF-8", line, 1) from None


def _unreadable(name: str, problem: str, line: int = 0, column: int = 0, path: KeyPath = ()) -> _UnreadableError:
    place = Place(file=name, line=line, column=column, key=key_text(path))
    return _UnreadableError(Mistake.at(place, problem))


class _Reader:
    """One reading of one file: walks the nodes, collecting values, places and mistakes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.keys: dict[KeyPath, tuple[int, int]] = {}
        self.values: dict[KeyPath, tuple[int, int]] = {}
        self.mistakes: list[Mistake] = []

    def read(self, text: str) -> tuple[YamlFile, list[Mistake]]:
        top = self._compose(text)
        if top is None or (isinstance(top, MappingNode) and not top.value):
            raise _unreadable(self.name, "this file is empty")
        if not isinstance(top, MappingNode):
            line, column = _position(top)
            problem = "this file must be made of lines like `key: value`"
            raise _unreadable(self.name, problem, line, column)
        data = self._mapping(top, ())
        file = YamlFile(name=self.name, data=data, keys=self.keys, values=self.values)
        return file, self.mistakes

    def _compose(self, text: str) -> Node | None:
        try:
            with warnings.catch_warnings(action="ignore"):  # they quote the file, and so maybe a secret
                node: Node | None = YAML(typ="safe", pure=True).compose(text)
        except RecursionError:
            raise _unreadable(self.name, "this file is nested too deeply") from None
        except MarkedYAMLError as error:
            problem, mark = syntax_problem(error)
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            raise _unreadable(self.name, problem, line, column) from None
        except (YAMLError, ValueError):
            raise _unreadable(self.name, "this file holds a character that YAML does not allow") from None
        return node

    def _value(self, node: Node, path: KeyPath) -> object:
        self.values[path] = _position(node)
        self._check_length(node, path)
        if len(self.values) > MOST_VALUES or len(path) > DEEPEST:
            raise _unreadable(self.name, "this file repeats or nests its values without end", *_position(node))
        if not self._is_plain(node):
            problem = "words that start with ! are not known here; write the value itself, and secrets into secrets.env"
            self._add(node, path, problem)
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return self._sequence(node, path)
        return _scalar(node) if isinstance(node, ScalarNode) else None

    def _is_plain(self, node: Node) -> bool:
        kind = str(node.tag).removeprefix(_TAG)
        return kind in (_WRITTEN_OUT if isinstance(node, ScalarNode) else {"map", "seq"})

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, key_node, value_node in self._entries(node, path):
            here = (*path, key)
            if key in found:
                first = self.keys[here][0]
                self._add(key_node, here, f"this key is here twice (first in line {first}); keep one of them")
                continue
            self.keys[here] = _position(key_node)
            found[key] = self._value(value_node, here)
        return found

    def _entries(self, node: MappingNode, path: KeyPath) -> Iterator[tuple[str, Node, Node]]:
        for key_node, value_node in node.value:
            if isinstance(key_node, ScalarNode):
                self._check_length(key_node, path)
                yield str(key_node.value), key_node, value_node
            else:
                self._add(key_node, path, "a key must be one word")

    def _check_length(self, node: Node, path: KeyPath) -> None:
        if isinstance(node, ScalarNode) and len(str(node.value)) > LONGEST_TEXT:
            raise _unreadable(self.name, f"this is longer than {LONGEST_TEXT} characters", *_position(node), path)

    def _sequence(self, node: SequenceNode, path: KeyPath) -> list[object]:
        found = []
        for index, item in enumerate(node.value):
            self.keys[*path, index] = _position(item)
            found.append(self._value(item, (*path, index)))
        return found

    def _add(self, node: Node, path: KeyPath, problem: str) -> None:
        line, column = _position(node)
        place = Place(file=self.name, line=line, column=column, key=key_text(path))
        self.mistakes.append(Mistake.at(place, problem))


def _position(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _scalar(node: ScalarNode) -> object:
    """A number, true or false, nothing, or else the text as it stands."""
    text = str(node.value)
    kind = str(node.tag).removeprefix(_TAG) if len(text) <= LONGEST_NUMBER else "str"
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    try:
        if kind == "int":
            return int(text.replace("_", ""), 0 if text.lstrip("+-")[:2] in {"0x", "0o"} else 10)
        if kind == "float":
            return float(text.replace("_", ""))
    except ValueError:
        return text
    return text

"""What a YAML file says, where it says it, and that nothing in it can make the reader fall over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.yaml_file import LARGEST_BYTES, YamlFile, read_yaml


def read(tmp_path: Path, text: str | bytes) -> tuple[YamlFile, list[str]]:
    path = tmp_path / "some.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    file, mistakes = read_yaml(path, tmp_path)
    return file, [mistake.text() for mistake in mistakes]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("22:30", "22:30"),
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("n", "n"),
        ("true", True),
        ("False", False),
        ("2026-05-01", "2026-05-01"),
        ("012", 12),
        ("0x1f", 31),
        ("0o17", 15),
        ("1_000", 1000),
        ("-4", -4),
        ("21.5", 21.5),
        ("1e3", 1000.0),
        ("~", None),
        ("", None),
        ("=", "="),
        ("'12'", "12"),
        ("[1, a]", [1, "a"]),
        ("{a: on}", {"a": "on"}),
        ("21,5", "21,5"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_values_are_those_of_yaml_1_2(tmp_path: Path, written: str, value: object) -> None:
    file, mistakes = read(tmp_path, f"key: {written}\n")
    assert mistakes == []
    assert file.data == {"key": value}


def test_on_stays_a_word_in_a_file_that_asks_for_yaml_1_1(tmp_path: Path) -> None:
    file, _ = read(tmp_path, "%YAML 1.1\n---\nstates: {on: true}\nb: off\n")
    assert file.data == {"states": {"on": True}, "b": "off"}


def test_keys_are_text(tmp_path: Path) -> None:
    file, _ = read(tmp_path, "1: a\ntrue: b\n22:30: c\n")
    assert file.data == {"1": "a", "true": "b", "22:30": "c"}


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file, mistakes = read(tmp_path, b"\xef\xbb\xbfa: 1\r\nb:\r\n  c: x\r\n")
    assert mistakes == []
    assert file.data == {"a": 1, "b": {"c": "x"}}
    assert file.key_place(("b", "c")).line == 3


def test_the_place_of_keys_values_and_list_items(tmp_path: Path) -> None:
    file, _ = read(tmp_path, "a:\n  list:\n    - x: 1\n    - y:  2\n")
    assert file.key_place(("a", "list")).text() == "some.yaml line 2, a.list"
    assert file.value_place(("a", "list", 1, "y")).text() == "some.yaml line 4, a.list#2.y"
    assert file.value_place(("a", "list", 1, "y")).column == 11
    assert file.key_place(("a", "list", 1, "y")).column == 7


def test_the_place_of_what_is_not_there_is_its_parents(tmp_path: Path) -> None:
    file, _ = read(tmp_path, "a:\n  b: 1\n")
    assert file.key_place(("a", "missing", "deeper")).line == 1
    assert file.key_place(("missing",)).line == 1


def test_found_gives_the_value_or_nothing(tmp_path: Path) -> None:
    file, _ = read(tmp_path, "a: [x, {b: y}]\n")
    assert file.found(("a", 1, "b")) == "y"
    assert file.found(("a", 7)) is None
    assert file.found(("a", 0, "b")) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this file is empty"),
        ("{}", "this file is empty"),
        ("---\n", "this file must be made of lines"),
        ("just words\n", "this file must be made of lines"),
        ("a: 1\na: 2\n", "this key is here twice (first in line 1)"),
        ("a:\n\tb: 1\n", "there is a tab"),
        ("a: b: c\n", "a colon too many"),
        ("a: - b\n", "a list item (-) must stand on a line of its own"),
        ('a: "\\q"\n', "use 'single quotes'"),
        ("a: *b\n", "a value that starts with * must be in quotes"),
        ("? [a]\n: 1\n", "a key must be one word"),
        ("a: !!python/object:os.system x\n", "words that start with ! are not known"),
        ("a: \x07\n", "a character that YAML does not allow"),
        ("a: " + "[" * 5000, "nested too deeply"),
        ("a: " + "[" * 60 + "]" * 60, "repeats or nests its values without end"),
        (b"a: \xff\n", "this is not UTF-8 text"),
    ],
)
def test_a_bad_file_gets_a_sentence(tmp_path: Path, text: str | bytes, said: str) -> None:
    _, mistakes = read(tmp_path, text)
    assert len(mistakes) == 1
    assert said in mistakes[0]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    file, mistakes = read_yaml(tmp_path / "none.yaml", tmp_path)
    assert file.data == {}
    assert [mistake.text() for mistake in mistakes] == ["none.yaml: this file does not exist."]


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    _, mistakes = read_yaml(tmp_path, tmp_path.parent)
    assert "cannot be read (is a directory)" in mistakes[0].text()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "some.yaml"
    path.write_text("a: 1\n")
    path.chmod(0)
    _, mistakes = read_yaml(path, tmp_path)
    assert "cannot be read (permission denied)" in mistakes[0].text()


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    _, mistakes = read(tmp_path, b"#" * (LARGEST_BYTES + 1))
    assert mistakes == ["some.yaml: this file is larger than 600 kB, so it cannot be a configuration file."]


def test_aliases_are_read(tmp_path: Path) -> None:
    file, mistakes = read(tmp_path, "a: &one {x: 1}\nb: *one\n")
    assert mistakes == []
    assert file.data == {"a": {"x": 1}, "b": {"x": 1}}


@pytest.mark.parametrize("sign", "*&!%@`")
def test_a_secret_behind_a_sign_is_never_repeated(tmp_path: Path, sign: str) -> None:
    _, mistakes = read(tmp_path, f"a: &hunter2 1\npassword: {sign}hunter2\n")
    assert mistakes != [] or sign in "*&"
    assert "hunter2" not in " ".join(mistakes)


@given(text=st.text(alphabet=st.sampled_from("ab:- \n\t[]{}'\"#&*!|>%@,1.~?"), max_size=60))
def test_no_text_makes_the_reader_fall_over(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text, encoding="utf-8")
    file, mistakes = read_yaml(path, path.parent)
    assert file.data or mistakes

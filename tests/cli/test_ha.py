"""`unclench ha`: our files in Home Assistant's folder, written whole, taken away whole, and nobody else's touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.errors import FileProblemError
from integration import ha_install
from integration.ha_install import PACKAGE, SENTENCES, shipped_sentences
from integration.ha_package import MARK
from tests.cli.unclench import unclench
from tests.config.homes import ANNA, HOME, write_home

INCLUDED = "homeassistant:\n  packages: !include_dir_named packages\ndefault_config:\n"
BEN = "name: Ben\ntime_zone: Europe/London\nbedroom: attic\n"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Home Assistant's folder, and a home of Anna's that is found by itself."""
    monkeypatch.setenv("UNCLENCH_CONFIG", str(write_home(tmp_path / "home")))
    folder = tmp_path / "homeassistant"
    folder.mkdir()
    (folder / "configuration.yaml").write_text(INCLUDED)
    return folder


def everything(folder: Path) -> dict[str, str]:
    """Every file below a folder; folders that hold none count too."""
    return {
        str(path.relative_to(folder)): path.read_text() if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
    }


def install(folder: Path, *more: str) -> None:
    ran = unclench("ha", "install", "--config", str(folder), "--yes", *more)
    assert ran.code == 0, ran.output


def ours(folder: Path) -> tuple[Path, Path]:
    return folder / SENTENCES, folder / "packages" / PACKAGE


def test_it_writes_two_files_and_nothing_else(house: Path) -> None:
    ran = unclench("ha", "install", "--config", str(house), "--yes")
    assert ran.code == 0
    sentences, package = ours(house)
    assert {name for name, text in everything(house).items() if text != "folder"} == {
        "configuration.yaml",
        str(sentences.relative_to(house)),
        str(package.relative_to(house)),
    }
    assert (house / "configuration.yaml").read_text() == INCLUDED
    assert sentences.read_text().startswith(MARK)
    assert sentences.read_text().endswith(shipped_sentences())
    assert "unclench/anna/voice/intent" in package.read_text()
    assert "restart Home Assistant" in ran.words
    assert "Put these two lines" not in ran.words
    assert not package.stat().st_mode & 0o022
    assert package.stat().st_mode & 0o044, "Home Assistant may run as another user"


def test_a_second_time_there_is_nothing_to_change(house: Path) -> None:
    install(house)
    before, times = everything(house), [path.stat().st_mtime_ns for path in ours(house)]
    ran = unclench("ha", "install", "--config", str(house))
    assert (ran.code, "Nothing to change" in ran.words) == (0, True)
    assert "restart" not in ran.words
    assert everything(house) == before
    assert [path.stat().st_mtime_ns for path in ours(house)] == times


def test_it_is_removed_without_a_trace(house: Path) -> None:
    """Also the folders that came with it; the folder of packages may hold others."""
    before = everything(house)
    install(house)
    ran = unclench("ha", "remove", "--config", str(house), "--yes")
    assert ran.code == 0
    assert everything(house) == {**before, "packages": "folder"}
    again = unclench("ha", "remove", "--config", str(house), "--yes")
    assert (again.code, "Nothing to remove" in again.words) == (0, True)


@pytest.mark.parametrize("do", ["install", "remove"])
def test_other_files_beside_ours_stay(house: Path, do: str) -> None:
    for name in ("custom_sentences/en/mine.yaml", "custom_sentences/de/mine.yaml", "packages/lights.yaml"):
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text("mine: true\n")
    before = everything(house)
    install(house)
    if do == "remove":
        unclench("ha", "remove", "--config", str(house), "--yes")
        assert everything(house) == before
    else:
        assert everything(house).items() >= before.items()


def test_the_diff_comes_first_and_no_means_no(house: Path) -> None:
    before = everything(house)
    asked = unclench("ha", "install", "--config", str(house), answers="n\n")
    assert asked.code == 1
    assert "+++ " + str(ours(house)[1]) in asked.output
    assert "+intent_script:" in asked.output
    assert f"new: {ours(house)[1]}\nChange these files?" in asked.output
    nobody = unclench("ha", "install", "--config", str(house), answers="")
    assert (nobody.code, "Nothing was changed." in nobody.output) == (1, True)
    assert everything(house) == before
    assert unclench("ha", "install", "--config", str(house), answers="y\n").code == 0
    assert ours(house)[0].exists()


@pytest.mark.parametrize("flag", ["--dry-run", "--diff"])
def test_a_dry_run_changes_nothing(house: Path, flag: str) -> None:
    before = everything(house)
    ran = unclench("ha", "install", "--config", str(house), flag, "--yes")
    assert (ran.code, "+++ " in ran.output) == (0, True)
    assert everything(house) == before
    install(house)
    installed = everything(house)
    ran = unclench("ha", "remove", "--config", str(house), flag)
    assert (ran.code, "+++ /dev/null" in ran.output) == (0, True)
    assert everything(house) == installed


def test_what_changed_is_shown_line_by_line(house: Path) -> None:
    """Another person, or a file that somebody edited: the whole file is ours, and the diff says what goes."""
    install(house)
    package = ours(house)[1]
    package.write_text(package.read_text() + "# my own line\n")
    ran = unclench("ha", "install", "--config", str(house), "--dry-run")
    changed = [line for line in ran.output.splitlines() if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]
    assert changed == ["-# my own line"]


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("do", ["install", "remove"])
@pytest.mark.parametrize("text", ["", "mine: true\n", f"# mine\n{MARK}\n"])
def test_a_file_that_is_not_ours_is_left_alone(house: Path, which: int, do: str, text: str) -> None:
    """And nothing else is written or removed then."""
    foreign = ours(house)[which]
    foreign.parent.mkdir(parents=True)
    foreign.write_text(text)
    before = everything(house)
    with pytest.raises(FileProblemError, match="was not written by Unclench, so it stays as it is") as caught:
        unclench("ha", do, "--config", str(house), "--yes")
    assert caught.value.path == foreign
    assert everything(house) == before


@pytest.mark.parametrize(
    ("main", "told"),
    [
        (INCLUDED, False),
        ("homeassistant: !include core.yaml\n", False),
        ("homeassistant:\n  packages:\n    voice: !include packages/unclench_voice.yaml\n", False),
        ("homeassistant:\n  packages:\n    lights: !include lights.yaml\n", True),
        ("homeassistant:\n  packages: !include_dir_merge_named packages\n", True),
        ("homeassistant:\n  name: Home\n", True),
        ("automation: !include automations.yaml\nx: !secret y\n", True),
        ("", True),
    ],
)
def test_it_says_when_home_assistant_does_not_read_packages(house: Path, main: str, told: bool) -> None:
    """The lines to add, and configuration.yaml stays as it is; also a second time, until they are there."""
    (house / "configuration.yaml").write_text(main)
    (house / "core.yaml").write_text("packages: !include_dir_named packages\n")
    for _ in range(2):
        ran = unclench("ha", "install", "--config", str(house), "--yes")
        assert ran.code == 0
        assert ("homeassistant:\n  packages: !include_dir_named packages\n" in ran.output) == told
    assert (house / "configuration.yaml").read_text() == main


def test_packages_can_be_in_a_folder_of_another_name(house: Path) -> None:
    (house / "configuration.yaml").write_text("homeassistant:\n  packages: !include_dir_named parts/\n")
    install(house)
    assert (house / "parts" / PACKAGE).is_file()
    assert not (house / "packages").exists()


@pytest.mark.parametrize(("main", "records"), [(INCLUDED, True), ("recorder:\n", True), ("api:\n", False)])
def test_words_are_kept_out_of_the_recorder_where_there_is_one(house: Path, main: str, records: bool) -> None:
    """And none is started where there is none."""
    (house / "configuration.yaml").write_text(main)
    install(house)
    package = YAML(typ="safe").load(ours(house)[1].read_text())
    assert ("recorder" in package) == records
    if records:
        assert package["recorder"] == {"exclude": {"event_types": ["call_service"]}}


def test_a_folder_that_is_not_home_assistants(house: Path, tmp_path: Path) -> None:
    for folder, says in ((tmp_path, "no configuration.yaml"), (tmp_path / "home", "this is Unclench's own folder")):
        with pytest.raises(FileProblemError, match=says):
            unclench("ha", "install", "--config", str(folder), "--yes")
    ran = unclench("ha", "install", columns=200)
    assert (ran.code, "the one with configuration.yaml" in ran.words) == (2, True)
    (house / "configuration.yaml").write_text("a: [\n")
    with pytest.raises(FileProblemError, match=r"configuration\.yaml: cannot be read"):
        unclench("ha", "install", "--config", str(house), "--yes")


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_all_or_nothing(house: Path, failing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the disk is full: everything is as it was."""
    before = everything(house)
    calls = 0

    def full() -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError(28, "No space left on device", "x")

    def write(path: Path, text: str) -> None:
        written(path, text[: len(text) // 2])
        full()
        written(path, text)

    def replace(step: ha_install.Step) -> None:
        full()
        replaced(step)

    written, replaced = ha_install._write_through, ha_install._replace
    monkeypatch.setattr(ha_install, "_write_through", write)
    monkeypatch.setattr(ha_install, "_replace", replace)
    with pytest.raises(FileProblemError, match=r"no space left on device.*nothing was changed"):
        unclench("ha", "install", "--config", str(house), "--yes")
    assert everything(house) == before


@pytest.mark.parametrize("do", ["install", "remove"])
def test_all_or_nothing_where_it_was_there(house: Path, do: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood in the first file is put back when the second cannot be changed."""
    install(house)
    for path in ours(house):
        path.write_text(path.read_text() + "# older\n")
    before = everything(house)
    replace = ha_install._replace

    def fail(step: ha_install.Step) -> None:
        if step.path.name == PACKAGE:
            raise OSError(28, "No space left on device", "x")
        replace(step)

    monkeypatch.setattr(ha_install, "_replace", fail)
    with pytest.raises(FileProblemError, match="nothing was changed"):
        unclench("ha", do, "--config", str(house), "--yes")
    assert everything(house) == before


def test_a_folder_that_cannot_be_written(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root writes anywhere, so the refusal is played."""

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    before = everything(house)
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(FileProblemError, match="permission denied"):
        unclench("ha", "install", "--config", str(house), "--yes")
    assert everything(house) == before


def test_who_speaks_comes_from_our_own_files(house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One person for each Home Assistant; with two it has to be said which, and the prefix is that of home.yaml."""
    attic = "  attic: {person: ben, sensors: [{topic: t4}], cooling: [{fan: fan.h}]}\n"
    two = write_home(tmp_path / "two", home=f"mqtt: {{prefix: ours}}\n{HOME}{attic}", anna=ANNA, ben=BEN)
    monkeypatch.delenv("UNCLENCH_CONFIG")
    ran = unclench("ha", "install", "--config", str(house), "--home", str(two), "--yes", columns=200)
    assert (ran.code, "say whose: anna or ben" in ran.words) == (2, True)
    install(house, "--home", str(two), "--person", "ben")
    assert "ours/ben/voice/intent" in ours(house)[1].read_text()
    ran = unclench("--config", str(two), "ha", "install", "--config", str(house), "--person", "anna", "--yes")
    assert ran.code == 0
    assert "ours/anna/voice/intent" in ours(house)[1].read_text()


def test_on_a_machine_without_our_files_the_person_is_enough(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNCLENCH_CONFIG")
    install(house, "--person", "anna")
    assert "unclench/anna/voice/reply" in ours(house)[1].read_text()
    assert unclench("ha", "install", "--config", str(house), "--person", "A/#", "--yes").code == 2


def test_show_prints_the_package(house: Path) -> None:
    before = everything(house)
    ran = unclench("ha", "show")
    assert everything(house) == before
    install(house)
    assert ran.output == ours(house)[1].read_text()

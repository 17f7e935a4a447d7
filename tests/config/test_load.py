"""Loading a whole folder, and the units, defaults and merges that follow."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import ConfigError
from config.load import load
from config.model import Model
from config.read import read_file
from config.types import Moment, Temperature
from tests.config.homes import ANNA, EXAMPLES, HOME, write_home


def test_the_examples_load() -> None:
    configuration = load(EXAMPLES)
    assert set(configuration.profiles) == {"anna"}
    assert [len(room.cooling) for room in configuration.home.rooms.values()] == [2]


def test_the_smallest_configuration_loads(tmp_path: Path) -> None:
    configuration = load(write_home(tmp_path))
    assert configuration.profiles["anna"].triggers.heat.above == 24.0
    assert configuration.folder == tmp_path


def test_a_file_in_fahrenheit_is_the_same_as_one_in_celsius(tmp_path: Path) -> None:
    fahrenheit = "units: F\ncomfort: {floor: 62.6, target: 69.8}\ntriggers: {heat: {above: 77, early: 0.9}}\n"
    celsius = "comfort: {floor: 17, target: 21}\ntriggers: {heat: {above: 25, early: 0.5}}\n"
    in_f = load(write_home(tmp_path / "f", anna=ANNA + fahrenheit)).profiles["anna"]
    in_c = load(write_home(tmp_path / "c", anna=ANNA + celsius)).profiles["anna"]
    assert in_f.comfort == in_c.comfort
    assert in_f.triggers == in_c.triggers


def test_the_units_of_one_file_do_not_reach_another(tmp_path: Path) -> None:
    sensor = HOME.replace("dialect: zigbee2mqtt", "offset: 1.8")
    configuration = load(write_home(tmp_path, home=sensor, anna=ANNA + "units: F\n"))
    assert configuration.home.rooms["bedroom"].sensors[0].offset == 1.8
    assert load(write_home(tmp_path, home=f"units: F\n{sensor}")).home.rooms["bedroom"].sensors[0].offset == 1.0


def test_an_empty_section_counts_as_left_out(tmp_path: Path) -> None:
    home = f"mqtt:\nbuttons:\n{HOME}    bed:\n    lights:\n"
    configuration = load(write_home(tmp_path, home=home, anna=f"{ANNA}triggers:\n  heat:\nprompts:\n"))
    assert configuration.home.mqtt.port == 1883
    assert configuration.profiles["anna"].triggers.heat.above == 24.0


def test_null_switches_off_where_it_has_a_meaning(tmp_path: Path) -> None:
    profile = load(write_home(tmp_path, anna=f"{ANNA}triggers: {{heat: {{above_usual: null}}}}\n")).profiles["anna"]
    assert profile.triggers.heat.above_usual is None


def test_a_known_report_keeps_what_is_not_changed(tmp_path: Path) -> None:
    text = f"{ANNA}triggers: {{stress: {{at_least: 4}}, poor_sleep: {{at_least: 6}}, fatigue: {{enabled: false}}}}\n"
    reported = load(write_home(tmp_path, anna=text)).profiles["anna"].triggers.reported()
    assert reported["stress"].at_least == 4
    assert reported["stress"].lasts == timedelta(hours=6)
    assert (reported["poor_sleep"].at_least, reported["poor_sleep"].at_most) == (6, None)
    assert "fatigue" not in reported


def test_a_shipped_routine_keeps_what_is_not_changed(tmp_path: Path) -> None:
    text = f"{ANNA}routines: {{wash: {{enabled: false}}, wind_down: {{weekdays: [monday]}}}}\n"
    routines = load(write_home(tmp_path, anna=text)).profiles["anna"].all_routines()
    assert set(routines) == {"morning", "stretch", "wind_down"}
    assert routines["wind_down"].at == Moment(anchor="bedtime", offset=timedelta(minutes=-180))
    assert routines["wind_down"].weekdays == ["monday"]
    assert len(routines["wind_down"].steps) == 6


def test_places_for_messages_about_the_outside(tmp_path: Path) -> None:
    configuration = load(write_home(tmp_path))
    place = configuration.place_in_home(("rooms", "bedroom", "cooling", 0, "climate"))
    assert place.text() == "home.yaml line 8, rooms.bedroom.cooling#1.climate"
    assert configuration.place_in_home(("mqtt", "host")).text() == "home.yaml line 1, mqtt.host"
    assert configuration.place_in_profile("anna", ("name",)).line == 1


def test_hidden_files_and_backups_are_not_profiles(tmp_path: Path) -> None:
    folder = write_home(tmp_path)
    (folder / "profiles" / ".anna.yaml").write_text("broken")
    (folder / "profiles" / "anna.yaml~").write_text("broken")
    (folder / "profiles" / "anna.yaml.old1").write_text("broken")
    assert set(load(folder).profiles) == {"anna"}


def test_a_folder_with_nothing_in_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert [mistake.file for mistake in caught.value.mistakes] == ["home.yaml", "profiles/"]
    assert "unclench init" in str(caught.value)


class _Book(Model):
    limit: Temperature


def test_any_model_can_be_read_with_the_same_messages(tmp_path: Path) -> None:
    path = tmp_path / "rules" / "mine.yaml"
    path.parent.mkdir()
    path.write_text("limit: 77\n")
    reading = read_file(path, _Book, {"units": "F"}, relative_to=tmp_path)
    assert reading.mistakes == ()
    assert reading.model == _Book(limit=25.0)
    path.write_text("limt: 77\n")
    reading = read_file(path, _Book, {"units": "F"}, relative_to=tmp_path)
    assert reading.model is None
    assert [mistake.text() for mistake in reading.mistakes] == [
        "rules/mine.yaml line 1, limit: this key is missing. Allowed: a temperature.",
        "rules/mine.yaml line 1, limt: this key is not known. Did you mean limit?",
    ]


LINES = (EXAMPLES / "profiles" / "anna.yaml").read_text(encoding="utf-8").splitlines()
KEYS = [number for number, line in enumerate(LINES) if ":" in line and not line.lstrip().startswith("#")]
JUNK = st.one_of(
    st.sampled_from(["", "[]", "{}", "[1, 2]", "{a: b}", "-1", "99999", "yes", "null", "2026-01-01", ".inf", "x"]),
    st.integers().map(str),
    st.floats().map(str),
    st.text(alphabet="abc :-,'5°F", max_size=12).map(lambda text: f"'{text.replace(chr(39), '')}'"),
)


@settings(deadline=None)  # how long it takes says how busy the machine is
@given(line=st.sampled_from(KEYS), junk=JUNK)
def test_no_value_anywhere_makes_loading_fall_over(
    tmp_path_factory: pytest.TempPathFactory, line: int, junk: str
) -> None:
    changed = list(LINES)
    changed[line] = f"{changed[line].partition(':')[0]}: {junk}"
    folder = tmp_path_factory.getbasetemp() / "junk"
    write_home(folder, anna="\n".join(changed))
    try:
        load(folder)
    except ConfigError as error:
        assert error.mistakes  # noqa: PT017 (either outcome is fine; nothing else may be raised)

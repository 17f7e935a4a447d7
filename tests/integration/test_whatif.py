"""`unclench whatif`: the recorded days again with another limit, held against what really would have been."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from config.errors import FileProblemError
from config.load import load
from devices.events import Event, RoomMeasured
from integration import whatif_chart
from integration.cli.app import app
from integration.rulebooks import load_books
from integration.whatif import Comparison, Found, Question, TooLittleError, compare, found_out
from integration.whatif_chart import NoChartsError, draw, most_different
from rules.words import Words
from tests.integration.fortnight import END, Days, remember, write

pytestmark = pytest.mark.xdist_group("whatif")
WORDS = Words("C", ZoneInfo("UTC"))
DAYS = 4


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose limit in bed is 24 °C."""
    return write(tmp_path_factory.mktemp("whatif") / "home")


@pytest.fixture(scope="module")
def recorded(home: Path) -> list[tuple[str, Event]]:
    """What its database holds of some days."""
    return Days(home, DAYS).live()


def ask(home: Path, events: list[tuple[str, Event]], heat_c: float, days: int = DAYS - 1) -> Comparison:
    """What if?"""
    configuration = load(home)
    question = Question(person="anna", room="bedroom", since=END - timedelta(days=days), until=END, heat_c=heat_c)
    return compare(configuration, load_books(configuration), events, question, Found())


@pytest.fixture(scope="module")
def answer(home: Path, recorded: list[tuple[str, Event]]) -> Comparison:
    """With 23 °C."""
    return ask(home, recorded, 23.0)


def test_played_as_it_was_it_comes_out_as_it_was(answer: Comparison) -> None:
    """The record and the simulation with the present limit agree."""
    assert answer.simulated.kwh == pytest.approx(answer.recorded.kwh, rel=0.05)
    assert answer.simulated.starts == pytest.approx(answer.recorded.starts, rel=0.15)
    for simulated, recorded in zip(answer.simulated.degree_minutes, answer.recorded.degree_minutes, strict=True):
        assert simulated == pytest.approx(recorded, rel=0.1, abs=20)
    assert (answer.fit.error_c or 1.0) < 0.3


def test_it_foretells_what_really_comes_of_another_limit(answer: Comparison, tmp_path: Path) -> None:
    """The same room on the same days, really lived through with the other limit."""
    colder = write(tmp_path / "colder", limit="23.0")
    truth = ask(colder, Days(colder, DAYS).live(), 23.0).recorded
    assert truth.kwh > 1.15 * answer.recorded.kwh
    assert answer.changed.kwh == pytest.approx(truth.kwh, rel=0.15)
    assert answer.changed.starts == pytest.approx(truth.starts, rel=0.25)
    assert answer.changed.degree_minutes[0] == pytest.approx(truth.degree_minutes[0], abs=60)
    assert answer.changed.degree_minutes[0] < 0.1 * answer.simulated.degree_minutes[0]


def test_a_room_that_was_never_cooled(home: Path) -> None:
    """How it would cool is not known, and that is said."""
    with pytest.raises(TooLittleError, match="The room was cooled for 0 min"):
        ask(home, Days(home, 3).live(cooled=False), 23.0)


def test_too_few_readings(home: Path, recorded: list[tuple[str, Event]]) -> None:
    late = [(person, event) for person, event in recorded if event.at > END - timedelta(hours=30)]
    with pytest.raises(TooLittleError, match="readings of 30 h"):
        ask(home, late, 23.0)
    with pytest.raises(TooLittleError, match="readings of 0 h"):
        ask(home, [], 23.0)


def test_a_silent_night_is_left_out(home: Path, recorded: list[tuple[str, Event]], answer: Comparison) -> None:
    """Nothing is made up for it."""
    begin, end = END - timedelta(hours=14), END - timedelta(hours=6)
    gap = [
        (person, event)
        for person, event in recorded
        if not (isinstance(event, RoomMeasured) and begin < event.at < end)
    ]
    found = ask(home, gap, 23.0)
    assert answer.recorded.minutes - found.recorded.minutes == pytest.approx(8 * 60, abs=10)
    assert [found.minutes[-10 * 60].celsius, found.changed_c[-10 * 60]] == [None, None]


def test_what_the_service_found_out_about_the_air_conditioner() -> None:
    """Or nothing, whatever stands in the database."""
    question = Question(person="anna", room="bedroom", since=END, until=END, heat_c=23.0)
    snapshot = {"engines": {"anna": {"cooling": {"bedroom": {"gears": {"deaf": True}}}}}}
    assert found_out(snapshot, question) == Found(deaf=True)
    assert found_out(None, question) == found_out({"engines": []}, question) == Found()


# -- the command


@pytest.fixture(scope="module")
def lately(home: Path) -> Path:
    """The same home with a database that ends now."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    data = home / "data"
    remember(data, Days(home, 3, now).live())
    return data


def whatif(home: Path, data: Path, *arguments: str) -> Result:
    """The command."""
    environment = {"UNCLENCH_DATA": str(data), "COLUMNS": "80", "NO_COLOR": "1"}
    return CliRunner().invoke(app, ["whatif", *arguments, "--config", str(home)], env=environment)


def test_the_command_tells_and_draws(home: Path, lately: Path, tmp_path: Path) -> None:
    """A table with the three columns, how sure it is, and a chart."""
    chart = tmp_path / "days.svg"
    result = whatif(home, lately, "--heat", "23", "--since", "3d", "--chart", str(chart))
    words = " ".join(result.output.split())
    assert result.exit_code == 0, result.output
    assert "Your last 3 days in the bedroom again, with 23.0 °C in bed in place of 24.0 °C." in words
    for row in ("Above 23.0 °C in bed", "Above 24.0 °C in bed", "Below 18.0 °C", "Compressor starts", "Power used"):
        assert row in words
    assert "Nothing is switched." in words
    assert re.search(
        r"Above 23\.0 °C in bed for .*, in place of .* Power used for cooling: about .* in place of", words
    )
    assert re.search(r"the model of your room was off by 0\.\d °C", words)
    table = [line for line in result.output.splitlines() if str(tmp_path) not in line]
    assert max(map(len, table)) <= 80
    assert chart.read_text().startswith("<?xml")


def test_json_for_scripts(home: Path, lately: Path) -> None:
    result = whatif(home, lately, "--heat", "23", "--since", "3d", "--json")
    found = json.loads(result.stdout)
    assert (found["heat_in_bed_c"], found["present_heat_in_bed_c"], found["room"]) == (23.0, 24.0, "bedroom")
    assert found["changed"]["limits_c"] == [23.0, 24.0]
    assert found["changed"]["kwh"] > found["simulated"]["kwh"] > 0
    assert found["model"]["half_hour_error_c"] < 0.5


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--heat", "15"], "choose from 16.5 °C (your floor, and a little) to 40.0 °C"),
        (["--heat", "23", "--since", "soon"], 'write how far back like "14d" or "3w"'),
        (["--heat", "23", "--since", "1d"], "choose from 2 to 60 days"),
        (["--heat", "23", "--room", "attic"], "attic is no room that is cooled for you; there is: bedroom"),
        (["--heat", "23", "--person", "ben"], "say whose: anna"),
    ],
)
def test_what_cannot_be_asked(home: Path, tmp_path: Path, arguments: list[str], says: str) -> None:
    """Before anything is read."""
    result = whatif(home, tmp_path, *arguments)
    assert result.exit_code == 2
    assert says in " ".join(re.sub(r"[│╭╮╰╯─]", " ", result.output).split())


def test_the_limit_is_in_the_unit_of_the_profile(tmp_path: Path) -> None:
    """Nothing is recorded here, but the limit was understood."""
    folder = write(tmp_path / "home", limit="75.2", units="F")
    remember(tmp_path / "data", [])
    result = whatif(folder, tmp_path / "data", "--heat", "23")
    assert "choose from 61.7 °F" in " ".join(re.sub(r"[│╭╮╰╯─]", " ", result.output).split())
    result = whatif(folder, tmp_path / "data", "--heat", "73.4")
    assert isinstance(result.exception, TooLittleError)


# -- the chart


def test_the_same_days_make_the_same_picture(answer: Comparison, tmp_path: Path) -> None:
    """To the last byte, as PNG and SVG; and its words are large enough."""
    for kind in ("png", "svg"):
        paths = [tmp_path / f"{name}.{kind}" for name in ("one", "two")]
        for path in paths:
            draw(answer, WORDS, path)
        assert paths[0].read_bytes() == paths[1].read_bytes()
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")
    picture = (tmp_path / "one.svg").read_text()
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: (?:\w+ )*([\d.]+)px", picture)]
    assert sizes
    assert min(sizes) >= 10
    for word in ("in bed", "recorded", "with 23.0 °C in bed", "your limit of 23.0 °C (a fan adds to it)", "21:00"):
        assert word in picture


def test_the_most_different_days_are_drawn_in_order(answer: Comparison) -> None:
    """Whole days from noon to noon; the one that would not differ is not among them."""
    zone = ZoneInfo("UTC")
    all_days = most_different(answer, zone, panels=9)
    assert [day.noon.day for day in all_days] == [17, 18, 19]
    chosen = most_different(answer, zone, panels=2)
    assert chosen == sorted(chosen, key=lambda day: day.noon)
    assert min(day.differs for day in chosen) >= sorted(day.differs for day in all_days)[-2]


def test_a_chart_that_cannot_be_drawn(answer: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said before anybody waits."""
    with pytest.raises(FileProblemError, match=r"\.png or \.svg"):
        draw(answer, WORDS, tmp_path / "days.jpeg")
    with pytest.raises(FileProblemError, match="folder does not exist"):
        draw(answer, WORDS, tmp_path / "none" / "days.png")
    short = replace(answer, minutes=answer.minutes[:300], changed_c=answer.changed_c[:300])
    with pytest.raises(Exception, match="no whole day"):
        draw(short, WORDS, tmp_path / "days.png")
    monkeypatch.setattr(whatif_chart, "find_spec", lambda _: None)
    with pytest.raises(NoChartsError, match=r"pip install 'unclench\[charts\]'"):
        draw(answer, WORDS, tmp_path / "days.png")

"""`unclench evening`: tonight's plan as a table and as JSON, and evenings that are played."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.load import Configuration, load
from config.routines import SHIPPED_ROUTINES
from devices.events import DeviceReported, PeerChanged, RoomMeasured, RoutineDue
from devices.readings import Kind
from integration.clock import SystemClock
from integration.pulse import write_pulse
from integration.rulebooks import load_books
from integration.simulated_evening import SCENES, Scene, Told, simulate
from integration.store import Store
from tests.cli.unclench import Ran, clean_environment, unclench
from tests.config.homes import ANNA, EXAMPLES, HOME, write_home

GOLDEN = Path(__file__).parent / "evening_of_the_example.txt"
LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 12, 24, 13, 0, tzinfo=UTC)
DAY = date(2026, 12, 24)
ROOM = """\
    bed: {sensors: [{topic: bed}]}
    lights: [light.bedside]
"""
PROMPTS = "prompts: {channels: [{notify: notify.phone}]}\n"


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty user's folder, at one o'clock on Christmas Eve."""
    folder = tmp_path / "me"
    folder.mkdir()
    clean_environment(monkeypatch, str(folder))
    monkeypatch.chdir(folder)
    set_clock(monkeypatch, NOW)
    return folder


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """It is ``now``."""
    monkeypatch.setattr(SystemClock, "now", lambda _: now)


def evening(*arguments: str, folder: Path = EXAMPLES, columns: int = 80) -> Ran:
    """The command."""
    return unclench("evening", "--config", str(folder), *arguments, columns=columns)


@pytest.fixture(name="simple")
def a_simple_home(tmp_path: Path) -> Path:
    """Anna with the shipped evening, one lamp, a bed sensor and a phone."""
    return write_home(tmp_path / "home", home=HOME + ROOM, anna=ANNA + PROMPTS)


# -- the plan


def test_the_evening_of_the_example() -> None:
    """As it is printed, 80 columns wide."""
    ran = evening("--date", "2026-12-24")
    assert ran.code == 0
    shown = "".join(f"{text.rstrip()}\n" for text in ran.output.splitlines())
    if os.environ.get("UNCLENCH_UPDATE_GOLDEN"):
        GOLDEN.write_text(shown, encoding="utf-8")
    assert shown == GOLDEN.read_text(encoding="utf-8")
    assert max(map(len, ran.output.splitlines())) <= 80


def test_json_for_scripts(simple: Path) -> None:
    (found,) = json.loads(evening("--json", folder=simple).output)
    assert (found["person"], found["evening"]) == ("anna", "2026-12-24")
    stretch = next(each for each in found["lines"] if "stretch" in each["what"])
    assert stretch == {
        "at": "2026-12-24T21:30:00+00:00",
        "what": "offer: stretch",
        "why": "shipped wind down, step 3 of 6: bedtime 22:30 minus 60 min",
        "status": "planned",
        "because": "",
    }


@pytest.mark.parametrize(("day", "before", "after"), [("2026-03-28", 0, 1), ("2026-10-24", 1, 0)])
def test_both_clock_changes(simple: Path, day: str, before: int, after: int) -> None:
    """22:30 on the one evening and 07:35 on the next morning, whatever the clock did in between."""
    (found,) = json.loads(evening("--date", day, "--json", folder=simple).output)
    times = {each["what"]: each["at"] for each in found["lines"]}
    assert times["bedtime"] == f"{day}T22:30:00+0{before}:00"
    assert times["offer: how the night was, if it was restless"].endswith(f"T07:35:00+0{after}:00")
    assert len(times) == 10


def test_today_tomorrow_and_tonight(simple: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After midnight, tonight is still the evening that began yesterday."""
    set_clock(monkeypatch, datetime(2026, 12, 25, 1, 0, tzinfo=UTC))
    days = [
        json.loads(evening(*arguments, "--json", folder=simple).output)[0]["evening"]
        for arguments in ((), ("--date", "today"), ("--date", "Tomorrow"))
    ]
    assert days == ["2026-12-24", "2026-12-25", "2026-12-26"]


def test_a_day_that_is_past(simple: Path) -> None:
    ran = evening("--date", "2026-12-01", folder=simple)
    assert ran.code == 0
    assert "planned" not in ran.output
    assert ran.words.endswith('What was done on that evening: unclench why --at "2026-12-01 23:00"')


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--date", "christmas"), 'write the day like 2026-12-24, or "today" or "tomorrow"'),
        (("--date", "2026-02-30"), "write the day like"),
        (("--date", "0001-01-01"), "choose a day from 2000-01-01 to 2100-01-01"),
        (("--person", "ben"), "say whose: anna"),
        (("--simulate", "cold"), "choose from hot, late, no-sensor"),
    ],
)
def test_what_is_asked_wrongly(simple: Path, arguments: tuple[str, ...], says: str) -> None:
    ran = evening(*arguments, folder=simple, columns=200)
    assert ran.code == 2
    assert says in ran.words


def test_two_people_each_have_their_evening(tmp_path: Path) -> None:
    two = HOME + "  den: {person: ben, sensors: [{topic: t2}]}\n"
    ben = "name: Ben\ntime_zone: America/New_York\nbedroom: den\nbedtime: {at: '20:00'}\n"
    folder = write_home(tmp_path / "home", home=two, anna=ANNA, ben=ben)
    found = json.loads(evening("--json", folder=folder).output)
    beds = [next(each["at"] for each in one["lines"] if each["what"] == "bedtime") for one in found]
    assert beds == ["2026-12-24T22:30:00+00:00", "2026-12-24T20:00:00-05:00"]
    assert "for Ben" not in evening("--person", "anna", folder=folder).output


# -- what became of it


def lived(machine: Path, until: datetime) -> None:
    """A service that ran from half past seven until then, and wrote down what it was told."""
    store = Store(machine / ".local/share/unclench").open()
    at, count = datetime(2026, 12, 24, 19, 30, tzinfo=UTC), 0
    with store.transaction():
        event = RoutineDue(at=at, source="clock", id="r", person="anna", routine="wind_down", day="2026-12-24")
        lamp = DeviceReported(at=at, source="ha", id="l", entity="light.bedside", state="on", attributes={})
        store.add_event("anna", PeerChanged(at=at, source="ha", id="p", peer="home_assistant", up=True))
        store.add_event("anna", lamp)
        store.add_event("anna", event)
        while at <= until:
            count += 1
            store.add_event(
                "anna",
                RoomMeasured(
                    at=at,
                    source="zigbee2mqtt/bedroom",
                    id=f"m{count}",
                    room="bedroom",
                    quantity=Kind.TEMPERATURE,
                    value=20.0 + count % 2 / 10,
                ),
            )
            at += timedelta(minutes=5)
    store.close()


def statuses(folder: Path) -> dict[str, str]:
    """How each line stands."""
    (found,) = json.loads(evening("--json", folder=folder).output)
    return {each["what"].partition(",")[0]: each["status"] for each in found["lines"]}


def test_steps_that_were_done_are_told(machine: Path, simple: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 12, 24, 20, 10, tzinfo=UTC)
    lived(machine, now)
    set_clock(monkeypatch, now)
    data = machine / ".local/share/unclench"
    before = (data / "unclench.db").read_bytes()
    assert statuses(simple)["light to 30 %"] == "done"
    assert statuses(simple)["offer: last drink and wash"] == "planned"
    assert "Unclench does not run now" in evening(folder=simple).words
    write_pulse(data, {"at": now.isoformat(), "loop_age_s": 1})
    assert "Unclench does not run now" not in evening(folder=simple).words
    assert statuses(simple)["light to 30 %"] == "done"
    assert (data / "unclench.db").read_bytes() == before


def test_a_memory_that_cannot_be_read_does_not_hide_the_plan(machine: Path, simple: Path) -> None:
    data = machine / ".local/share/unclench"
    data.mkdir(parents=True)
    (data / "unclench.db").write_bytes(b"no database at all" * 100)
    ran = evening(folder=simple)
    assert ran.code == 0
    assert "cannot be read" in ran.words
    assert "offer: stretch" in ran.words


# -- evenings that are played


@cache
def configuration() -> Configuration:
    """The example, with the shipped evening."""
    found = load(EXAMPLES)
    anna = found.profiles["anna"]
    routines = {name: routine for name, routine in anna.routines.items() if name not in SHIPPED_ROUTINES}
    profiles = {"anna": anna.model_copy(update={"routines": routines})}
    return Configuration(folder=found.folder, home=found.home, profiles=profiles, files=found.files)


@cache
def played(scene: Scene, *, presence: bool = True, day: date = date(2026, 7, 14)) -> list[Told]:
    """What came of it."""
    return simulate(configuration(), load_books(configuration()), "anna", day, scene, presence=presence)


def clock(told: Told) -> str:
    """On the person's clock."""
    return f"{told.at.astimezone(LONDON):%H:%M}"


def test_a_hot_evening_is_cooled_before_bedtime() -> None:
    actions = [each for each in played("hot") if each.kind == "action"]
    assert (clock(actions[0]), actions[0].what) == ("19:30", "the bedroom ceiling light: to 30 %, 2700 K, over 30 min")
    cools = next(each for each in actions if "to cool" in each.what)
    assert cools.what == "the bedroom air conditioner: on, to cool"
    assert "18:30" < clock(cools) < "20:00"
    assert "the bedroom is 28.0 °C" in cools.why
    assert [clock(each) for each in actions if each.what == "the bedroom fan: 40 %"] == ["22:30"]


def test_who_comes_home_late_is_told_what_was_left_out() -> None:
    told = played("late")
    left = {each.what: each.why for each in told if each.kind == "left out" and "wind down" in each.what}
    assert set(left.values()) == {"you are away"}
    assert {"light to 30 %, 2700 K, over 30 min (wind down)", "offer: stretch (wind down)"} <= set(left)
    assert not [each for each in told if "light" in each.what and each.kind == "action" and each.at < told[0].at]
    lights = [each for each in told if each.kind == "action" and "light" in each.what]
    assert {clock(each) for each in lights} == {"00:30"}
    assert len(lights) == 2


def test_where_nothing_says_who_is_there_nothing_is_left_out_for_it() -> None:
    assert "you are away" not in {each.why for each in played("late", presence=False)}


def test_without_sensors_nothing_is_cooled_and_the_person_is_told() -> None:
    told = played("no-sensor")
    assert not [each for each in told if "conditioner" in each.what or "fan" in each.what]
    says = [each for each in told if "thermometer" in each.what]
    assert [clock(each) for each in says] == ["21:00"]
    assert says[0].what.startswith("says: The thermometer of the bedroom has been silent since 19:55.")


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
@pytest.mark.parametrize("scene", SCENES)
def test_the_nights_of_the_clock_changes_are_played(scene: Scene, day: date) -> None:
    """Everything lies between the two noons, in order."""
    times = [each.at for each in played(scene, day=day)]
    begins = datetime.combine(day, datetime.min.time(), tzinfo=LONDON) + timedelta(hours=12)
    assert times == sorted(times)
    assert begins <= times[0]
    assert times[-1] <= (begins + timedelta(days=1)).astimezone(UTC)


def test_playing_writes_nothing_and_prints_each_line(machine: Path, simple: Path) -> None:
    ran = evening("--simulate", "hot", "--date", "2026-07-14", "--json", folder=simple)
    lines = [json.loads(each) for each in ran.output.splitlines()]
    assert ran.code == 0
    assert {each["kind"] for each in lines} <= {"action", "left out"}
    assert set(lines[0]) == {"person", "time", "kind", "what", "why"}
    assert lines[0]["time"] < "2026-07-14T22:30"
    assert list(machine.iterdir()) == []
    shown = evening("--simulate", "late", "--date", "2026-07-14", folder=simple)
    assert shown.words.endswith(
        "Nothing in your home says whether you are there (people in home.yaml), so nothing is left out for that. "
        "Nothing was sent and nothing was written. The room and its devices were made up."
    )

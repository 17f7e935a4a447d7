"""The live screen fits every terminal, and says what it must say."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from rich.console import Console

from integration.cli.demo_screen import Pace, on_screen
from integration.cli.demo_view import Screen, plain_story, summary
from integration.demo.director import play_without_us, playing
from integration.demo.scene import Scene
from integration.demo.story import evening


class _Enough(Exception):  # noqa: N818 (no error)
    """The moment has come."""


def scene_after(hours: float) -> Scene:
    """Play the evening of seed 1 so far."""
    scene = Scene.opening(evening(1))

    def pace(due: object) -> None:
        assert due
        if scene.now >= scene.evening.start + timedelta(hours=hours):
            raise _Enough

    try:
        with playing(scene, pace) as director:
            director.play()
    except _Enough:
        pass
    return scene


@pytest.fixture(scope="module")
def late() -> Scene:
    return scene_after(2.7)


def shown(scene: Scene, width: int, height: int) -> list[str]:
    console = Console(record=True, width=width, height=height, file=io.StringIO(), force_terminal=True)
    console.print(Screen(scene), end="")
    return console.export_text().splitlines()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (60, 20), (200, 60)])
@pytest.mark.parametrize("when", ["opening", "late", "without"])
def test_it_fits(late: Scene, width: int, height: int, when: str) -> None:
    scene = late if when == "late" else Scene.opening(evening(1), with_us=when != "without")
    if when == "without":
        play_without_us(scene)
    lines = shown(scene, width, height)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert "Robin's bedroom" in lines[0]
    assert "Simulated" in lines[-1]


def test_at_80_by_24_it_says_how_things_stand_and_the_latest_reason(late: Scene) -> None:
    text = "\n".join(shown(late, 80, 24))
    assert "22:4" in text
    assert "with Unclench 21.9" in text
    assert "without 22." in text
    assert "limit in bed 22.5 °C" in text
    assert "Robin, since 22:" in text
    assert "cooling to 22 °C" in text
    assert "off by hand, left alone until 00:" in text
    assert "too much of a draught" in text
    assert "Lamp off" in text


def test_the_two_courses_and_the_limit_differ_in_shape_and_not_only_in_colour(late: Scene) -> None:
    chart = "\n".join(shown(late, 100, 30)[:16])
    assert "•" in chart
    assert "╌" in chart
    assert "▄" in chart


def test_the_summary_has_both_evenings_five_reasons_and_what_to_try(late: Scene) -> None:
    console = Console(record=True, width=80, file=io.StringIO())
    for part in summary(late):
        console.print(part)
    text = console.export_text()
    assert "Ended at 22:4" in text
    assert "0 min" in text
    for words in ("with Unclench", "without", "unclench init", "unclench check", "unclench listen"):
        assert words in text
    assert len([line for line in text.splitlines() if line[:2] in ("20", "21", "22", "23")]) == 5


def test_the_summary_of_an_evening_that_was_broken_off_at_once() -> None:
    console = Console(record=True, width=80, file=io.StringIO())
    for part in summary(Scene.opening(evening(1))):
        console.print(part)
    assert "not in bed yet" in console.export_text()


def test_the_plain_story_is_one_line_for_each_thing_told(late: Scene) -> None:
    assert len(plain_story(late).plain.splitlines()) == len(late.told)


def test_the_pace_draws_in_between_and_keeps_to_the_speed() -> None:
    scene = Scene.opening(evening(1))
    console = Console(file=io.StringIO(), force_terminal=True, width=80, height=24, legacy_windows=False)
    with on_screen(scene, console, speed=36_000) as pace:
        assert isinstance(pace, Pace)
        pace(scene.evening.start + timedelta(hours=3))  # 0.3 s
    output = console.file
    assert isinstance(output, io.StringIO)
    assert 2 <= output.getvalue().count("Robin's bedroom") <= 6

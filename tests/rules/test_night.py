"""The night from the bed alone: recorded traces as tables, both clock changes, restarts anywhere (R13, R22)."""

from __future__ import annotations

import json
import os
from datetime import date, time, timedelta
from random import Random

import pytest

from rules.night import NIGHT_FACTS
from rules.timetable import instant
from tests.rules.builders import ZONE, home
from tests.rules.nights import Night, restless

SEEDS = 200 if os.environ.get("UNCLENCH_SLOW") == "1" else 12
SIDES = {
    "sensors": [
        {"topic": f"bed/{side}", "dialect": "plain", "side": side, "states": {"on": True, "off": False}}
        for side in ("left", "right")
    ]
}
QUIET = "resting no; up no; exits 0; restless no"


TRACES = {
    "an ordinary night": f"""
        18:00 out
        20:00 = {QUIET}; restless_last missing
        22:40 in
        22:54 = {QUIET}
        22:55 = resting yes; up no; exits 0; restless no
        07:29 = resting yes
        07:30 = {QUIET}; restless_last no
        08:00 out
        08:30 = {QUIET}; restless_last no
        """,
    "early in bed: what counts begins two hours before bedtime": """
        19:00 in
        20:44 = resting no
        20:45 = resting yes
        """,
    "a short exit is none": """
        22:40 in
        02:00 out
        02:02 in
        02:06 = resting yes; up no; exits 0
        """,
    "an exit, and back": """
        22:40 in
        02:00 out
        02:02 = exits 0; up no; resting yes
        02:03 = exits 1; up yes; resting no
        02:20 in
        02:20 = exits 1; up no; resting no
        02:35 = resting yes
        07:30 = exits 0; restless_last no
        """,
    "sitting on the bed is not trying to sleep": f"""
        21:00 in
        21:10 out
        21:14 = {QUIET}
        """,
    "an hour later it is another night": """
        20:35 in
        21:00 out
        21:03 = exits 1
        22:02 = exits 1
        22:03 = exits 0; up yes
        22:40 in
        01:00 out
        01:03 = exits 1
        """,
    "and its exits are counted anew": """
        20:35 in
        21:00 out
        21:10 in
        21:20 out
        21:30 in
        21:40 out
        22:42 = exits 3
        22:43 = exits 2
        22:50 in
        22:51 = exits 0
        01:00 out
        01:03 = exits 1
        """,
    "who gets up for good has not been up once more": """
        22:40 in
        03:00 out
        03:10 in
        04:00 out
        04:10 in
        06:50 out
        06:53 = exits 3; restless no
        07:30 = restless_last no
        """,
    "lost and back: nothing has happened": """
        22:40 in
        01:00 lost
        01:04 = resting yes; exits 0
        01:05 = resting unknown; up unknown; restless unknown; exits 0
        01:40 in
        01:40 = resting yes; up no; exits 0
        """,
    "back as an empty bed: up, but that is no exit": """
        22:40 in
        01:00 lost
        01:10 out
        01:14 = resting no; up yes; exits 0
        01:20 in
        02:00 out
        02:03 = exits 1
        """,
    "a short drop-out that ends with an empty bed": """
        22:40 in
        01:00 lost
        01:01 out
        01:05 = up yes; exits 0
        """,
    "a short drop-out that ends with somebody in it": """
        22:40 in
        01:00 lost
        01:01 in
        02:00 out
        02:03 = exits 1
        """,
    "three drop-outs that look like exits": """
        22:40 in
        01:00 lost
        01:06 out
        01:20 in
        02:00 lost
        02:06 out
        02:20 in
        03:00 lost
        03:06 out
        03:20 in
        03:21 = exits 0; restless no
        07:30 = restless_last no
        """,
    "three power cuts after which the sensor is empty for a while": """
        22:40 in
        01:00 power_cut
        01:00 out
        01:06 in
        02:00 power_cut
        02:00 out
        02:06 in
        03:00 power_cut
        03:00 out
        03:06 in
        03:10 = exits 0; restless no
        07:30 = restless_last no
        """,
    "restless": f"""
        22:40 in
        {restless("01:00", 5)}
        01:09 = restless no
        01:10 move
        01:10 = restless yes
        01:39 = restless yes
        01:40 = restless no
        07:29 = restless_last missing
        07:30 = restless no; restless_last yes
        """,
    "many movements in few minutes are few": f"""
        22:40 in
        {"01:00 move" + chr(10)}{("+0.1 move" + chr(10)) * 12}
        01:05 = restless no
        """,
    "movements far apart are sleep": f"""
        22:40 in
        {restless("01:00", 20, 6)}
        03:00 = restless no
        """,
    "movements before settling, and of a bed that is empty": f"""
        22:40 in
        {restless("22:41", 7, 1)}
        22:48 = restless no
        01:00 out
        {restless("01:04", 7, 1)}
        01:12 = restless no
        """,
    "restless for less than a quarter of an hour": f"""
        22:40 in
        {restless("07:05", 6, 2)}
        07:15 = restless yes
        07:29 = restless yes
        07:30 = restless no; restless_last yes
        """,
    "restless just before the rise": f"""
        22:40 in
        {restless("07:06", 6, 2)}
        07:16 = restless yes
        07:30 = restless no; restless_last no
        """,
    "restless, then the sensor is lost": f"""
        22:40 in
        {restless("01:00", 6, 2)}
        01:11 lost
        01:16 = restless unknown
        01:50 in
        01:50 = restless no
        07:30 = restless_last no
        """,
    "three exits in three hours": """
        22:40 in
        01:00 out
        01:10 in
        02:00 out
        02:10 in
        03:00 out
        03:03 = exits 3; restless no
        03:10 in
        03:10 = restless yes
        03:39 = restless yes
        03:40 = restless no
        03:45 move
        03:45 = restless no
        07:30 = exits 0; restless_last yes
        08:00 out
        22:45 in
        23:00 = restless_last yes
        07:30 = restless_last no
        """,
    "three exits far apart": """
        22:40 in
        23:30 out
        23:40 in
        02:00 out
        02:10 in
        05:00 out
        05:10 in
        05:10 = exits 3; restless no
        07:30 = restless_last yes
        """,
    "nothing heard of the next night": """
        22:40 in
        07:30 = restless_last no
        08:00 out
        12:00 lost
        12:06 = resting unknown
        07:30 = restless_last missing; resting unknown
        """,
    "the bed was empty all night": """
        18:00 out
        07:30 = restless_last missing; resting no; up no
        """,
    "never heard": """
        07:30 = resting missing; up missing; exits missing; restless missing; restless_last missing
        """,
    "restarts in the middle": f"""
        22:40 in
        22:50 restart
        22:55 = resting yes
        01:00 out
        01:01 restart
        01:03 = exits 1; up yes
        01:10 restart
        01:20 in
        {restless("02:00", 5, 2)}
        02:09 restart
        02:10 move
        02:10 = restless yes; exits 1
        02:20 restart
        02:40 = restless no
        07:00 restart
        07:30 = restless_last yes; exits 0
        """,
}


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
def test_traces(trace: str) -> None:
    """One sensor for the whole bed; bedtime at 22:30, rise at 07:30."""
    Night().live(trace)


SIDED = {
    "over the middle of the bed": (
        "either",
        """
        22:40 left in
        01:00 right in
        01:01 left out
        01:30 = resting yes; exits 0
        01:40 right out
        01:42 left in
        01:50 = resting yes; exits 0
        02:00 left out
        02:03 = exits 1
        """,
    ),
    "the other one gets up": (
        "left",
        """
        22:40 left in
        22:41 right in
        02:00 right out
        02:10 = exits 0; resting yes
        02:20 left out
        02:23 = exits 1
        """,
    ),
    "one side is lost while the other is left": (
        "either",
        """
        22:40 left in
        22:40 right out
        01:00 right lost
        01:01 left out
        01:04 = exits 0; up yes
        """,
    ),
    "movements of the other one": (
        "left",
        "22:40 left in\n" + "".join(f"01:{minute:02} right move\n" for minute in range(10)) + "01:10 = restless no",
    ),
    "own movements": (
        "left",
        "22:40 left in\n" + "".join(f"01:{minute:02} left move\n" for minute in range(10)) + "01:10 = restless yes",
    ),
}


@pytest.mark.parametrize(("side", "trace"), SIDED.values(), ids=SIDED)
def test_traces_of_a_bed_with_two_sides(side: str, trace: str) -> None:
    """Whose side is empty matters, and a roll over the middle is none."""
    Night(place=home(bed=SIDES), bed_side=side).live(trace)


CLOCK_CHANGES = {
    "forward: 02:00 becomes 03:00": (
        date(2026, 3, 28),
        """
        22:40 in
        01:40 out
        01:50 in
        +15 = resting yes; exits 1
        03:10 out
        +4 = exits 2; up yes
        +10 in
        04:00 out
        +10 in
        +1 = exits 3; restless yes
        07:29 = resting yes
        07:30 = resting no; restless_last yes
        """,
        timedelta(hours=7, minutes=50),
    ),
    "back: 02:00 to 03:00 comes twice": (
        date(2026, 10, 24),
        """
        22:40 in
        01:40 out
        +10 in
        +70 out
        +4 = exits 2; up yes
        +10 in
        +60 out
        +10 in
        +1 = exits 3; restless yes
        07:29 = resting yes
        07:30 = resting no; restless_last yes
        """,
        timedelta(hours=9, minutes=50),
    ),
}


@pytest.mark.parametrize(("day", "trace", "lasts"), CLOCK_CHANGES.values(), ids=CLOCK_CHANGES)
def test_both_clock_changes(day: date, trace: str, lasts: timedelta) -> None:
    """The rise is where the person's clock says; spans are real time."""
    night = Night(day, clock="22:40").live(trace)
    assert night.life.now == instant(day, time(22, 40), ZONE) + lasts


def test_a_bedtime_after_midnight_belongs_to_the_evening() -> None:
    """01:00 on Wednesday is the bedtime of Tuesday."""
    night = Night(bedtime={"at": "01:00", "rise": "09:00"})
    night.live("22:30 in\n23:14 = resting no\n23:15 = resting yes\n08:59 = resting yes\n09:00 = restless_last no")


def test_late_and_early_movements() -> None:
    """What a sensor kept for hours says nothing of now."""
    night = Night().live("22:40 in\n03:00 in\n03:00 = resting yes")
    for minute in range(10):
        night.move(at=night.life.now - timedelta(minutes=40 + minute))
    assert night.facts()["restless"] == "no"
    for minute in range(6):
        night.move(at=night.life.now - timedelta(minutes=minute))
    assert night.facts()["restless"] == "yes"


def test_a_clock_that_was_set_back_keeps_the_night() -> None:
    """By twenty minutes: what lasts goes on as it was."""
    night = Night().live("22:40 in\n02:00 out\n02:10 in")
    night.life.now -= timedelta(minutes=20)
    night.life.peer(up=True)
    assert night.facts() | {"restless_last": ""} == {
        "resting": "no",
        "up": "no",
        "exits": "1",
        "restless": "no",
        "restless_last": "",
    }
    night.live("02:20 = resting yes; exits 1\n07:29 = restless_last missing\n07:30 = restless_last no")


def test_a_snapshot_from_before_there_were_nights() -> None:
    """It loads, and the next word of the bed begins the night."""
    night = Night().live("22:40 in\n23:00 = resting yes")
    snapshot = night.life.engine.snapshot()
    del snapshot["night"]
    snapshot["agenda"] = {key: due for key, due in snapshot["agenda"].items() if not key.startswith("night:")}
    snapshot["facts"] = {name: fact for name, fact in snapshot["facts"].items() if name not in NIGHT_FACTS}
    night.life.engine = night.life.make()
    night.life.engine.restore(json.loads(json.dumps(snapshot)))
    night.live("02:00 in\n02:00 = resting yes; exits 0\n03:00 out\n03:03 = exits 1; up yes")


# -- whatever happens


def random_events(dice: Random, count: int) -> list[tuple[float, str]]:
    """Pauses in minutes, and what happens after them."""
    acts = ["in"] * 4 + ["out"] * 4 + ["lost", "power_cut"] + ["move"] * 12
    return [(dice.choice([0.2, 1, 2, 4, 9, 20, 65, 400]), dice.choice(acts)) for _ in range(count)]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_restart_at_any_point_changes_nothing(seed: int) -> None:
    """The same facts, and the same memory, as without it."""
    dice = Random(seed)
    plain, other = Night(), Night()
    for pause, act in random_events(dice, 60):
        line = f"+{pause} {act}"
        plain.live(line)
        other.live(line)
        if dice.random() < 0.3:
            other.restart()
        assert other.facts() == plain.facts()
        assert other.life.engine.snapshot() == plain.life.engine.snapshot()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_bed_that_is_lost_before_each_empty_word_makes_no_exit(seed: int) -> None:
    """However often; and so no restless night (R13)."""
    dice = Random(seed)
    night = Night().live("22:40 in")
    for _ in range(30):
        night.live(f"+{dice.choice([1, 6, 20, 40])} lost\n+{dice.choice([1, 4, 6, 30])} out")
        assert night.facts()["exits"] in ("0", "missing")
        night.live(f"+{dice.choice([1, 5, 30, 90])} in")
        assert night.facts()["restless_last"] in ("no", "missing")

"""`unclench check` on evenings in which something would never come."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.unclench import unclench
from tests.config.homes import ANNA, write_home


def _noted(tmp_path: Path, more: str) -> str:
    folder = write_home(tmp_path, anna=ANNA + more)
    ran = unclench("check", "--offline", "--config", str(folder), columns=200)
    assert ran.code == 0
    return ran.words


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("routines:\n  winddown:\n    enabled: true\n", "If you mean the one that is shipped, write wind_down."),
        ("routines:\n  wash:\n    at: 21:00\n", "has a time, and nothing is offered at it"),
        (
            "routines:\n  wind_down:\n    steps:\n      - at: bedtime - 240 min\n        lights: {brightness: 20}\n",
            "has a step that is over before the routine begins",
        ),
        ("reminders:\n  tea:\n    says: Tea\n", "never comes: nothing says when"),
        ("reminders:\n  tea:\n    at: [23:00]\n", "has a time in your quiet hours"),
        ("reminders:\n  tea:\n    at: [6:00]\n", "has a time in your quiet hours"),
        ("prompts:\n  wash:\n    enabled: true\n", "whether you get out alone is not answered"),
        (
            "contacts:\n  - {name: Ben, notify: notify.b, bath: true}\n  - {name: Eve, notify: notify.e, bath: true}\n",
            "one contact is, and that is Ben",
        ),
    ],
)
def test_what_would_never_come_is_a_note(tmp_path: Path, more: str, says: str) -> None:
    assert says in _noted(tmp_path, more)


@pytest.mark.parametrize(
    "more",
    [
        "routines:\n  reading:\n    at: 21:00\n",
        "routines:\n  wind_down:\n    enabled: false\n",
        "routines:\n  wind_down:\n    steps:\n      - at: bedtime - 200 min\n        lights: {brightness: 20}\n",
        "reminders:\n  tea:\n    at: [20:00]\n",
        "reminders:\n  tea:\n    at: [7:00]\n",  # its grace reaches beyond the quiet hours
        "reminders:\n  tea:\n    at: [23:00]\n    in_quiet_hours: true\n",
        "reminders:\n  tea:\n    enabled: false\n",
        "reminders:\n  tea: {}\nroutines:\n  morning:\n    steps:\n      - at: start\n        offer: [tea]\n",
        "prompts:\n  wash:\n    enabled: true\n    gets_out: alone\n",
        "contacts:\n  - {name: Ben, notify: notify.ben, bath: true}\n  - {name: Eve}\n",
    ],
)
def test_what_comes_is_no_note(tmp_path: Path, more: str) -> None:
    assert _noted(tmp_path, more) == _noted(tmp_path, "")

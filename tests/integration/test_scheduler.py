"""Routines come at their moment, once, also after a sleep, a restart and a clock change (R15)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from queue import Empty
from typing import Any

import pytest
import time_machine

from config.profile import Profile
from integration.clock import SystemClock
from integration.inbox import Inbox, RoutineSeen
from integration.scheduler import Scheduler

BERLIN = "Europe/Berlin"


def profile(at: str, zone: str = BERLIN) -> Profile:
    """A profile with one routine of its own and none of the shipped ones."""
    off: dict[str, Any] = {name: {"enabled": False} for name in ("morning", "wind_down")}
    return Profile.model_validate({"name": "Robin", "time_zone": zone, "routines": {**off, "evening": {"at": at}}})


def seen(inbox: Inbox) -> list[RoutineSeen]:
    """Everything that was handed over."""
    found: list[RoutineSeen] = []
    try:
        while True:
            item = inbox.get_nowait()
            assert isinstance(item, RoutineSeen)
            found.append(item)
    except Empty:
        return found


def live(traveller: time_machine.Traveller, scheduler: Scheduler, until: datetime, step: timedelta) -> None:
    """Let time pass in steps; the planning job runs as it does in the thread."""
    while datetime.now(UTC) < until:
        traveller.shift(step)
        scheduler.run_pending()


@pytest.mark.parametrize(
    "day", [datetime(2026, 7, 14, tzinfo=UTC), datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)]
)
def test_every_evening_once_at_the_persons_clock(day: datetime) -> None:
    """Also over both clock changes: 22:30 in Berlin, whatever UTC says."""
    inbox = Inbox()
    with time_machine.travel(day.replace(hour=12), tick=False) as traveller:
        scheduler = Scheduler({"robin": profile("22:30")}, inbox, SystemClock())
        scheduler.plan()
        scheduler._jobs.every(30).minutes.do(scheduler._guarded_plan)
        seen(inbox)
        live(traveller, scheduler, day + timedelta(days=3, hours=12), timedelta(seconds=20))
    from zoneinfo import ZoneInfo

    local = [item.due.astimezone(ZoneInfo(BERLIN)) for item in seen(inbox)]
    assert [f"{at:%H:%M}" for at in local] == ["22:30"] * 3
    assert len({at.date() for at in local}) == 3


def test_after_a_sleep_of_12_hours_the_moment_comes_late_and_says_so() -> None:
    """The engine's thread then looks at the grace time."""
    inbox = Inbox()
    with time_machine.travel(datetime(2026, 7, 14, 18, 0, tzinfo=UTC), tick=False) as traveller:
        scheduler = Scheduler({"robin": profile("22:30")}, inbox, SystemClock())
        scheduler.plan()
        seen(inbox)
        traveller.shift(timedelta(hours=12))
        scheduler.run_pending()
    (item,) = seen(inbox)
    assert item.at - item.due > timedelta(hours=9)


def test_a_start_hands_over_what_was_missed_since_yesterday() -> None:
    """What was fired before is known to the engine's thread, not here."""
    inbox = Inbox()
    with time_machine.travel(datetime(2026, 7, 14, 20, 45, tzinfo=UTC), tick=False):
        Scheduler({"robin": profile("22:30")}, inbox, SystemClock()).plan()
    (item,) = seen(inbox)
    assert item.due == datetime(2026, 7, 14, 20, 30, tzinfo=UTC)


def test_the_clock_set_back_two_hours_fires_nothing_twice_for_the_same_day() -> None:
    """Twice at most, with the same day: the engine's thread takes the first."""
    inbox = Inbox()
    with time_machine.travel(datetime(2026, 7, 14, 20, 0, tzinfo=UTC), tick=False) as traveller:
        scheduler = Scheduler({"robin": profile("22:30")}, inbox, SystemClock())
        scheduler.plan()
        seen(inbox)
        traveller.shift(timedelta(minutes=31))
        scheduler.run_pending()
        traveller.shift(timedelta(hours=-2))
        scheduler.run_pending()
        live(traveller, scheduler, datetime(2026, 7, 14, 21, 0, tzinfo=UTC), timedelta(minutes=1))
    assert {item.day.isoformat() for item in seen(inbox)} == {"2026-07-14"}

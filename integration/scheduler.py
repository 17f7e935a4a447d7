"""Routines at their moments: `schedule` runs one-shot jobs in UTC, the instants come from the person's zone (R15)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

import schedule

from config.profile import Profile
from integration.clock import Clock
from integration.inbox import Inbox, RoutineSeen
from rules.timetable import due_between

log = logging.getLogger("unclench.scheduler")

AHEAD = timedelta(hours=23)
"""How far ahead jobs are made: under a day, so that a time of day names one instant."""
BEHIND = timedelta(hours=24)
"""How far back a start or a long sleep looks for moments that were missed; each has its own grace time."""
PLAN_MINUTES = 30
LOOK_S = 5.0
SET_BACK = timedelta(minutes=1)
"""When it is earlier than at the last look by more than this, the clock was set back."""


class Scheduler:
    """Hands each routine's moment to the inbox. What was fired before is known there, so twice does no harm."""

    def __init__(self, profiles: Mapping[str, Profile], inbox: Inbox, clock: Clock) -> None:
        self._profiles, self._inbox, self._clock = profiles, inbox, clock
        self._jobs = schedule.Scheduler()
        self._planned_until: datetime | None = None
        self._looked_at: datetime | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Plan, and run the jobs in a thread of its own."""
        self._plan_anew(since=None)
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=LOOK_S * 2)

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            try:
                self.run_pending()
            except Exception:
                log.exception("a fault while running the routines; going on")

    def run_pending(self) -> None:
        """Run what is due. One call now and then is all that `schedule` needs."""
        now, before = self._clock.now(), self._looked_at
        self._looked_at = now
        if before is not None and now < before - SET_BACK:
            self._plan_anew(since=now)
        self._jobs.run_pending()

    def _plan_anew(self, *, since: datetime | None) -> None:
        """Forget all jobs: after the clock was set back by days, the next planning too would come only in days."""
        self._jobs.clear()
        self._planned_until = since
        self._jobs.every(PLAN_MINUTES).minutes.do(self._guarded_plan)
        self.plan()

    def plan(self) -> None:
        """Make a job for every moment ahead, and hand over at once what lies behind."""
        now = self._clock.now()
        start = max(self._planned_until or now - BEHIND, now - BEHIND)
        self._planned_until = now + AHEAD
        for person, profile in self._profiles.items():
            for due, routine, day in due_between(profile, start, self._planned_until):
                moment = _Moment(self, person, routine, day.isoformat(), due)
                if due <= now:
                    moment()
                else:
                    # A job of `schedule` that raises is tried again for ever and keeps later ones from running: this
                    # one cannot raise. Seconds are rounded up: a job must not come before its moment.
                    self._jobs.every().day.at(f"{due + timedelta(microseconds=999_999):%H:%M:%S}").do(moment)

    def _guarded_plan(self) -> None:
        try:
            self.plan()
        except Exception:
            log.exception("the routines could not be planned; trying again in %d minutes", PLAN_MINUTES)

    def hand_over(self, seen: RoutineSeen) -> None:
        """Put a moment on the inbox."""
        self._inbox.put(seen)

    def now(self) -> datetime:
        """The time."""
        return self._clock.now()


class _Moment:
    """A one-shot job."""

    def __init__(self, scheduler: Scheduler, person: str, routine: str, day: str, due: datetime) -> None:
        self._scheduler, self._person, self._routine, self._day, self._due = scheduler, person, routine, day, due

    def __call__(self) -> type[schedule.CancelJob]:
        day = datetime.fromisoformat(self._day).date()
        seen = RoutineSeen(self._person, self._routine, day, self._due, self._scheduler.now())
        self._scheduler.hand_over(seen)
        return schedule.CancelJob

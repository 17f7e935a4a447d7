"""All routines of one person: what they want of the light and of the prompts, and what they are doing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.profile import WEEKDAYS, Lights, Profile
from devices.control.desk_memory import PromptMemory
from rules.pause import Pauses
from rules.run import BED_BEGINS_WITHIN, EARLY_BED, Around, Run, RunMemory, StepOffer, natural_day
from rules.timetable import bedtime, due_between, last_chance, routine_on

RESERVED_AHEAD = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a routine stands: for the record and for others. ``next_at``: its next step, or its next begin."""

    state: str
    step: int
    steps: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Senses:
    """What routines see of the rest. ``skips``: why something named is a reason to leave a step out, if it is now.

    ``unreached``: why the lamps of a room cannot be steered now.
    """

    in_bed_since: Callable[[], datetime | None]
    is_up: Callable[[], bool]  # a sensor says that nobody is in bed
    skips: Callable[[Iterable[str]], str | None]
    prompts: Callable[[str], PromptMemory | None]
    unreached: Callable[[str], str | None] = lambda _: None


class Routines:
    """The routines that consist of steps. One that does not is a fact that rules wait for, and nothing else."""

    def __init__(self, profile: Profile, pauses: Pauses, senses: Senses) -> None:
        self._profile, self._pauses, self._senses = profile, pauses, senses
        self._zone = ZoneInfo(profile.time_zone)
        self._begins: dict[str, tuple[datetime, datetime | None]] = {}  # when it was found, and what
        self.runs = {
            name: Run(name, routine, profile, self._zone)
            for name, routine in profile.all_routines().items()
            if routine.steps
        }

    # -- what is asked of them

    def begin(self, name: str, now: datetime, day: str = "") -> list[str]:
        """The clock's moment for ``day``, or (no day) the person's own begin."""
        run = self.runs[name]
        belongs = date.fromisoformat(day) if day else run.day_meant(now)
        return run.begin(now, belongs, "clock" if day else "you")

    def forget_days_after(self, now: datetime) -> None:
        """The clock was ahead by days: what was begun for a day that is still to come was not."""
        today = now.astimezone(self._zone).date().isoformat()
        for run in self.runs.values():
            if run.memory.day > today:
                run.memory = RunMemory()

    def was_over(self, name: str, day: str, at: datetime) -> bool:
        """Whether the last chance of a day's run had passed by ``at``."""
        routine, belongs = self.runs[name].routine, date.fromisoformat(day)
        if routine.at is None:
            return False
        due = routine_on(routine, self._profile, belongs, self._zone)
        return last_chance(routine, due, self._profile, belongs, self._zone) <= at

    def steer(self, name: str, command: str, now: datetime) -> list[str]:
        """The person pauses, resumes or skips a routine."""
        if name not in self.runs:
            return [f"there is no routine {name.replace('_', ' ')} with steps that could be asked to {command}"]
        return self.runs[name].steer(command, now)

    # -- what they do

    def look(self, now: datetime) -> tuple[list[tuple[str, str]], datetime | None]:
        """Begin and settle what is due; returns notes by routine, and when to look again."""
        around, notes = self._around(now), list[tuple[str, str]]()
        dues: list[datetime] = []
        for name, run in self.runs.items():
            notes += [(name, text) for text in self._begun_by_bed(run, around)]
            found, due = run.look(around)
            notes += [(name, text) for text in found]
            if not self._senses.is_up():
                run.lies_down()
            dues += [each for each in (due, self._bed_look(run, around)) if each is not None and each > now]
            if run.memory.began_at is not None and run.memory.light and run.counts(now):
                # A second later: rules that wait for the routine are through by then, and the light ends once.
                dues.append(run.memory.began_at + run.routine.lasts + timedelta(seconds=1))
        return notes, min(dues, default=None)

    def offers(self, now: datetime) -> list[StepOffer]:
        """The prompts that steps ask for."""
        around = self._around(now)
        return [offer for run in self.runs.values() for offer in run.offers(around)]

    def light(self, room: str, now: datetime) -> tuple[Lights, str, datetime] | None:
        """The darkest light that a routine wants in a room, with its name and since when."""
        if self._pauses.holds("evening", now) is not None:
            return None
        found = []
        for name, run in self.runs.items():
            wanted = run.light(now, is_up=self._senses.is_up())
            if wanted is None or run.memory.state == "paused":
                continue
            lights, since = wanted
            if (self._profile.bedroom if lights.room == "bedroom" else lights.room) == room:
                found.append((lights, name, since))
        return min(found, key=lambda each: each[0].brightness, default=None)

    def reserved(self, now: datetime) -> int:
        """How many of the person's own reminders are still to come this evening: suggestions leave them room."""
        if not self._profile.reminders:
            return 0
        day = (now.astimezone(self._zone) - RESERVED_AHEAD).date()
        ends = bedtime(self._profile, day, self._zone) + timedelta(hours=1)
        if not ends - RESERVED_AHEAD < now < ends:
            return 0
        own = self._profile.reminders
        # The moment itself counts: a suggestion that is looked at just before it must leave it room too.
        planned = due_between(self._profile, now - timedelta(seconds=1), ends)
        coming = {
            (name, "")
            for due, name, _ in planned
            if name.startswith("reminder_") and not self._has_begun(name, due) and self._comes(name, due)
        }
        for name, run in self.runs.items():
            if run.under_way:
                steps = run.keys.items()
                coming |= {
                    (name, key) for key, step in steps if run.waits(key) and any(each in own for each in step.offer)
                }
        return len(coming)

    def _comes(self, name: str, due: datetime) -> bool:
        """Whether a reminder of that moment is not kept back by quiet hours."""
        quiet, at = self._profile.quiet_hours, due.astimezone(self._zone).time()
        over_midnight = quiet.end < quiet.start
        is_quiet = at >= quiet.start or at < quiet.end if over_midnight else quiet.start <= at < quiet.end
        prompts = self.runs[name].routine.steps[0].offer
        return not is_quiet or any(self._profile.reminders[prompt].in_quiet_hours for prompt in prompts)

    def _has_begun(self, name: str, due: datetime) -> bool:
        began = self.runs[name].memory.began_at
        return began is not None and began >= due

    def _around(self, now: datetime) -> Around:
        senses = self._senses

        def refused(prompt: str) -> str:
            memory = senses.prompts(prompt)
            return memory.blocked if memory is not None else ""

        def offered_at(prompt: str) -> datetime | None:
            memory = senses.prompts(prompt)
            return memory.offered_at if memory is not None else None

        def is_open(prompt: str) -> bool:
            memory = senses.prompts(prompt)
            return memory is not None and memory.offered_at is not None and memory.ended_at is None

        paused = self._pauses.holds("evening", now)
        return Around(now, paused, senses.in_bed_since(), senses.skips, offered_at, refused, is_open, senses.unreached)

    def _begun_by_bed(self, run: Run, around: Around) -> list[str]:
        """Who goes to bed before the routine has begun has it begin, and shortened."""
        since = around.in_bed_since
        if since is None or around.now - since < EARLY_BED or around.paused is not None:
            return []
        day = self._early_day(run, around.now)
        return run.begin(around.now, day, "bed") if day is not None else []

    def _early_day(self, run: Run, now: datetime) -> date | None:
        if not run.routine.bed_begins or run.routine.at is None or run.under_way:
            return None
        day = natural_day(run.routine, now, self._zone)
        if WEEKDAYS[day.weekday()] not in run.routine.weekdays or run.memory.day == day.isoformat():
            return None
        planned = routine_on(run.routine, self._profile, day, self._zone)
        return day if planned - BED_BEGINS_WITHIN <= now < planned else None

    def _bed_look(self, run: Run, around: Around) -> datetime | None:
        """When going to bed early will have lasted long enough."""
        since = around.in_bed_since
        if since is None or not run.routine.bed_begins or run.memory.hurried_at is not None:
            return None
        return since + EARLY_BED

    # -- for who looks at them

    def standing(self, name: str, now: datetime) -> Standing:
        """Where a routine stands."""
        run = self.runs[name]
        state, step, steps = run.standing(now, self._pauses.holds("evening", now))
        ahead = run.next_at() if state in ("running", "paused") else self.begins_at(name, now)
        return Standing(state, step, steps, ahead)

    def begins_at(self, name: str, now: datetime) -> datetime | None:
        """When it begins next by the clock. Asked with every state that is published, so the answer is kept."""
        found_at, at = self._begins.get(name, (now, now))
        if at is None or found_at <= now < at:
            return at
        self._begins[name] = now, self._find_begin(name, now)
        return self._begins[name][1]

    def _find_begin(self, name: str, now: datetime) -> datetime | None:
        routine = self.runs[name].routine
        if routine.at is None:
            return None
        today = now.astimezone(self._zone).date()
        days = (today + timedelta(days=step) for step in range(-1, 9))
        begins = (
            routine_on(routine, self._profile, day, self._zone)
            for day in days
            if WEEKDAYS[day.weekday()] in routine.weekdays
        )
        return min((at for at in begins if at > now), default=None)

    # -- memory

    @property
    def memory(self) -> dict[str, RunMemory]:
        """What is remembered, by routine."""
        return {name: run.memory for name, run in self.runs.items()}

    def load(self, memory: dict[str, RunMemory]) -> None:
        """Go on from there; a routine that is gone is dropped."""
        for name, run in self.runs.items():
            run.memory = memory.get(name, RunMemory())

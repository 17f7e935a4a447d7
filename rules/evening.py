"""What is planned for an evening, from noon to noon: each step with its time, its reason, and what holds it back.

A plan for people who look, and nothing else: it steers nothing, and what comes of it may still be decided otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.profile import WEEKDAYS, Profile, Step
from config.prompts import PROMPT_NAMES
from rules.evening_cooling import cooling_lines
from rules.evening_words import (
    PlanLine,
    Status,
    bedtime_text,
    moment_text,
    prompt_text,
    step_text,
    whose,
)
from rules.offers import refusal
from rules.run import Run, StepMemory
from rules.timetable import NOON, bedtime, instant, routine_on
from rules.world import World, quiet_hours, quiet_until, why_skip

__all__ = ["PlanLine", "Status", "plan_of", "tonight"]

DAY = timedelta(days=1)
COUNTED = timedelta(hours=1)
"""So long after bedtime a prompt still counts towards the evening's limit."""
Symptoms = list[tuple[datetime, float]]


def plan_of(
    world: World, day: date, now: datetime, *, path: bool = False, symptoms: Symptoms | None = None
) -> list[PlanLine]:
    """The evening of ``day`` as it looks at ``now``. ``path``: the bedroom has a light for the way at night."""
    return _Evening(world, day, now, symptoms or []).lines(path=path)


def tonight(profile: Profile, now: datetime) -> date:
    """The evening that a person means at ``now``: until they get up it is yesterday's."""
    zone = ZoneInfo(profile.time_zone)
    today = now.astimezone(zone).date()
    return today - DAY if now < instant(today, min(profile.bedtime.rise, NOON), zone) else today


@dataclass(frozen=True, slots=True)
class _Planned:
    """A step of the evening, and when it is due."""

    due: datetime
    run: Run
    key: str
    day: date

    @property
    def step(self) -> Step:
        return self.run.keys[self.key]

    @property
    def last(self) -> datetime:
        """Later than this it is left out."""
        return self.due + self.step.grace

    @property
    def remembered(self) -> bool:
        """Whether the run's memory is about this day."""
        return self.run.memory.day == self.day.isoformat()


class _Evening:
    def __init__(self, world: World, day: date, now: datetime, symptoms: Symptoms) -> None:
        self.world, self.day, self.now, self.symptoms = world, day, now, symptoms
        self.profile, self.words, zone = world.profile, world.words, world.words.zone
        self.begins, self.ends = instant(day, NOON, zone), instant(day + DAY, NOON, zone)
        self.is_on = self.begins <= now < self.ends  # what is known now says something about this evening
        self.bedtime = bedtime(self.profile, day, zone)
        self.quiet = quiet_hours(self.profile, self.words)

    def lines(self, *, path: bool) -> list[PlanLine]:
        """All of it, by time."""
        found = [*self._step_lines(), *self._moments(), *self._quiet_line(), self._bedtime_line(path=path)]
        found += cooling_lines(self.world, self.begins + timedelta(hours=8), self.now, is_on=self.is_on)
        return sorted(found, key=lambda line: line.at)

    # -- steps

    def _steps(self) -> list[_Planned]:
        found = []
        for run in self.world.routines.runs.values():
            for day in (self.day - DAY, self.day, self.day + DAY):
                planned = run.memory.day == day.isoformat() or WEEKDAYS[day.weekday()] in run.routine.weekdays
                for key in run.keys if planned else ():
                    due = run.due_on(key, day)
                    if due is not None and self.begins <= due < self.ends:
                        found.append(_Planned(due, run, key, day))
        return sorted(found, key=lambda each: each.due)

    def _step_lines(self) -> Iterator[PlanLine]:
        steps = self._steps()
        reminders = [each.due for each in steps if self._is_own(each) and self._counts(each)]
        said = 0
        for each in steps:
            status, because = self._standing(each)
            asks = self._asks(each) and self._counts(each)
            if asks and status is Status.PLANNED and not self._is_own(each):
                kept = sum(due > each.due for due in reminders)
                if said + kept >= self.profile.prompts.at_most:
                    status, because = Status.HELD, self._enough(kept)
            said += asks and status in (Status.PLANNED, Status.WAITS, Status.DONE)
            yield PlanLine(each.due, step_text(each.step, self.world), self._why(each), status, because)

    def _asks(self, each: _Planned) -> bool:
        """Whether it counts towards the limit: what is only shown does not."""
        return any(name != "caffeine" for name in each.step.offer)

    def _is_own(self, each: _Planned) -> bool:
        return any(name in self.profile.reminders for name in each.step.offer)

    def _counts(self, each: _Planned) -> bool:
        return each.due < self.bedtime + COUNTED

    def _enough(self, kept: int) -> str:
        most = self.profile.prompts.at_most
        room = " (room is kept for your own reminders)" if kept else ""
        return f"{most} prompt{'' if most == 1 else 's'} an evening {'is' if most == 1 else 'are'} enough{room}"

    def _why(self, each: _Planned) -> str:
        name, keys = each.run.name, list(each.run.keys)
        place = f", step {keys.index(each.key) + 1} of {len(keys)}" if len(keys) > 1 else ""
        moment = moment_text(each.step.at, each.run.routine, self.profile, each.day)
        return f"{whose(name, self.profile)}{place}: {moment}"

    def _standing(self, each: _Planned) -> tuple[Status, str]:
        memory = each.run.memory
        if not each.remembered:
            return (Status.OVER, "") if each.due < self.now else self._ahead(each)
        settled = memory.steps.get(each.key)
        if settled is not None:
            return self._settled(each, settled)
        if memory.state == "skipped":
            return Status.SKIPPED, "you left the routine out for today"
        if memory.state == "paused":
            return Status.HELD, "you paused the routine: it waits until you resume it"
        return self._ahead(each)

    def _settled(self, each: _Planned, memory: StepMemory) -> tuple[Status, str]:
        if memory.outcome == "open":
            return (Status.HELD, memory.why) if memory.why else (Status.WAITS, self._blocked(each))
        if memory.outcome == "done":
            at, due = self.words.clock(memory.at), self.words.clock(each.due)
            return Status.DONE, "" if at == due else f"at {at}"
        return (Status.MISSED if memory.outcome == "missed" else Status.SKIPPED), memory.why

    def _blocked(self, each: _Planned) -> str:
        prompts = self.world.desk.memory.prompts
        reasons = [prompts[name].blocked for name in each.step.offer if name in prompts]
        return "; ".join(dict.fromkeys(filter(None, reasons)))

    def _ahead(self, each: _Planned) -> tuple[Status, str]:
        """What would hold a step back that is still to come."""
        begins = each.run.begins_on(each.day)
        if not each.remembered and begins is not None and each.last < begins:
            return Status.HELD, f"its time is over when the routine begins, at {self.words.clock(begins)}"
        if (why := self._skipped(each)) is not None:
            return Status.HELD, f"as it is now: {why}"
        until = self.world.pauses.holds("evening", each.due)
        if until is not None and until > each.last:
            return Status.HELD, f"the routines are paused until {self.words.moment(until, self.now)}"
        held = self._parts_held(each)
        if held and all(held.values()):
            alone = len(set(held.values())) == 1
            return Status.HELD, next(iter(held.values())) if alone else _without(held)
        late = f"when the pause is over, at {self.words.clock(until)}" if until is not None else ""
        return Status.PLANNED, "; ".join(filter(None, [late, _without(held)]))

    def _skipped(self, each: _Planned) -> str | None:
        names = [*each.run.routine.skip, *each.step.skip] if self.is_on else []
        return next((why for name in names if (why := why_skip(self.world, name)) is not None), None)

    def _parts_held(self, each: _Planned) -> dict[str, str]:
        """Why each part of a step will not happen; empty where it will."""
        held = {}
        if each.step.lights is not None:
            held["light"] = self._light_held(each)
        for name in each.step.offer:
            held[prompt_text(name, self.profile)] = self._prompt_held(name, each)
        return held

    def _light_held(self, each: _Planned) -> str:
        lights = each.step.lights
        name = self.profile.bedroom if lights is None or lights.room == "bedroom" else lights.room
        room = self.world.rooms.get(name)
        if room is None or room.lighting is None:
            return f"there is no lamp of yours in the {room.name if room else name.replace('_', ' ')}"
        return self._paused("lights", each)

    def _prompt_held(self, name: str, each: _Planned) -> str:
        own = self.profile.reminders.get(name)
        settings = own or (getattr(self.profile.prompts, name) if name in PROMPT_NAMES else None)
        if settings is not None and not settings.enabled:
            return "it is switched off in your profile"
        if name == "wash" and self.profile.prompts.wash.gets_out == "unsure":
            return "the question whether you get out alone is not answered"
        if not self.profile.prompts.channels:
            return "there is no channel to say it: add one under prompts in your profile"
        quiet = quiet_until(self.quiet, each.due)
        if quiet is not None and quiet > each.last and not (own is not None and own.in_quiet_hours):
            return f"it is quiet until {self.words.clock(quiet)}"
        return self._paused("prompts", each) or self._refused(name)

    def _paused(self, area: str, each: _Planned) -> str:
        until = self.world.pauses.holds(area, each.due)
        return f"{area} are paused until {self.words.moment(until, self.now)}" if until and until > each.last else ""

    def _refused(self, name: str) -> str:
        """What keeps a prompt back as things are now; nothing where the evening is another one."""
        world = self.world
        if not self.is_on or name not in ("stretch", "wash"):
            return ""
        if name == "wash" and not world.bedroom.temperature.fresh:
            return ""  # what the thermometer will say by then is not known
        found = refusal(world, name, symptoms=self.symptoms, now=self.now)
        return f"as it is now: {found}" if found else ""

    # -- the rest of the evening

    def _moments(self) -> Iterator[PlanLine]:
        """Routines without steps: moments that rules can wait for."""
        for name, routine in self.profile.all_routines().items():
            if routine.steps or routine.at is None:
                continue
            for day in (self.day, self.day + DAY):
                at = routine_on(routine, self.profile, day, self.words.zone)
                if self.begins <= at < self.ends and WEEKDAYS[day.weekday()] in routine.weekdays:
                    what = f"{name.replace('_', ' ')}: a moment that your rules can wait for"
                    why = f"{whose(name, self.profile)}: {moment_text(routine.at, routine, self.profile, day)}"
                    yield self._timed(PlanLine(at, what, why))

    def _quiet_line(self) -> Iterator[PlanLine]:
        quiet = self.profile.quiet_hours
        if quiet.start == quiet.end:
            return
        for day in (self.day, self.day + DAY):
            at = instant(day, quiet.start, self.words.zone)
            if self.begins <= at < self.ends:
                what = f"quiet hours begin: nothing is said or sent until {quiet.end:%H:%M}"
                yield self._timed(PlanLine(at, what, f"quiet_hours from {quiet.start:%H:%M} to {quiet.end:%H:%M}"))

    def _bedtime_line(self, *, path: bool) -> PlanLine:
        what = "bedtime; the path light is armed" if path else "bedtime"
        return self._timed(PlanLine(self.bedtime, what, bedtime_text(self.profile, self.day)))

    def _timed(self, line: PlanLine) -> PlanLine:
        return replace(line, status=Status.OVER) if line.at < self.now else line


def _without(held: dict[str, str]) -> str:
    """As in: no wash: it is switched off in your profile."""
    return "; ".join(f"no {name}: {why}" for name, why in held.items() if why)

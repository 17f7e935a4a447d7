"""One routine at work: which step is due, what came of it, and why a step was left out. Pure: time comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.profile import Lights, Profile, Routine, Step
from config.routines import IN_BED_OFFERS
from config.types import Moment
from rules.timetable import moment_on, routine_on

EARLY_BED = timedelta(minutes=15)
"""In bed for so long before bedtime is going to bed early, and not sitting down to take the shoes off."""
BED_BEGINS_WITHIN = timedelta(hours=2)
"""So much before its time a routine begins by itself when the person goes to bed."""
BEDTIME = Moment(anchor="bedtime")
SETTLED = ("done", "missed", "skipped")
TOO_EARLY = "you went to bed early"
OVERTAKEN = "the routine began anew"
COALESCED = "it came together with a later step, and one is enough"


@dataclass(slots=True)
class StepMemory:
    """What became of a step: "open" while it waits within its grace, then "done", "missed" or "skipped"."""

    outcome: str
    at: datetime
    why: str = ""
    since: datetime | None = None  # when it began to ask for its prompts


@dataclass(slots=True)
class RunMemory:
    """One run of a routine, or the wait for the next one: plain data, for the snapshot."""

    day: str = ""  # the day that it belongs to
    state: str = "waiting"  # "running", "paused", "done", "skipped"
    began_at: datetime | None = None
    by: str = ""  # "clock", "you", "bed"
    hurried_at: datetime | None = None  # the person went to bed early
    light: str = ""  # the step whose light counts now
    lay: bool = False  # the person was in bed since the light that goes out was due
    steps: dict[str, StepMemory] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Around:
    """What a run sees of the rest. ``paused``: until when the evening is paused; ``skips``: why a step is left out."""

    now: datetime
    paused: datetime | None
    in_bed_since: datetime | None
    skips: Callable[[Iterable[str]], str | None]
    offered_at: Callable[[str], datetime | None]  # when a prompt was last offered
    refused: Callable[[str], str]  # why a prompt is not offered now
    is_open: Callable[[str], bool]  # it was offered, and may be repeated or put off
    unreached: Callable[[str], str | None] = lambda _: None  # why the lamps of a room cannot be steered now


@dataclass(frozen=True, slots=True)
class StepOffer:
    """A prompt that a step asks for. ``group``: what is offered together."""

    prompt: str
    since: datetime
    until: datetime
    why: str
    group: str


def step_keys(routine: Routine) -> dict[str, Step]:
    """The steps by a name that stays when others are added or taken away: what they do, numbered."""
    keys: dict[str, Step] = {}
    for step in routine.steps:
        what = step.offer[0] if step.offer else "lights"
        number = sum(key.partition("-")[0] == what for key in keys) + 1
        keys[what if number == 1 else f"{what}-{number}"] = step
    return keys


def natural_day(routine: Routine, now: datetime, zone: ZoneInfo) -> date:
    """The day that a routine begun by hand belongs to: for what hangs on bedtime, an evening lasts until noon."""
    anchors = {step.at.anchor for step in routine.steps} | ({routine.at.anchor} if routine.at else set())
    local = now.astimezone(zone)
    return (local - timedelta(hours=12)).date() if "bedtime" in anchors else local.date()


class Run:
    """A routine of one person."""

    def __init__(self, name: str, routine: Routine, profile: Profile, zone: ZoneInfo) -> None:
        self.name, self.routine = name, routine
        own = name.startswith("reminder_")
        self.spoken = name.removeprefix("reminder_").replace("_", " ") + (" reminder" if own else "")
        self.memory = RunMemory()
        self._profile, self._zone = profile, zone
        self.keys = step_keys(routine)

    # -- what is asked of it

    def begin(self, now: datetime, day: date, by: str) -> list[str]:
        """Begin the run of ``day``; returns what is worth recording. The clock begins a day once."""
        memory = self.memory
        same = memory.day == day.isoformat()
        if same and (by != "you" or memory.state in ("running", "paused")):
            return []
        planned = None if self.routine.at is None else routine_on(self.routine, self._profile, day, self._zone)
        begun = planned if by == "clock" and planned is not None else now
        left = self._open() if self.under_way else []
        notes = [self._settle(key, "missed", now, OVERTAKEN) for key in left]
        self.memory = RunMemory(day=day.isoformat(), state="running", began_at=begun, by=by)
        whom = {"clock": "", "you": ", as you asked", "bed": ", because you went to bed"}[by]
        return [*notes, f"the {self.spoken} routine begins{whom}"]

    def steer(self, command: str, now: datetime) -> list[str]:
        """What the person asked of it: to pause, to resume, or to skip it for today."""
        memory = self.memory
        if command == "skip" and memory.state in ("running", "paused"):
            for key in self._open():
                memory.steps[key] = StepMemory("skipped", now, "you skipped the rest for today")
            memory.state, memory.light = "skipped", ""
            return [f"the rest of the {self.spoken} routine is left out today, as you asked"]
        if command == "skip":
            memory.day = self.day_meant(now).isoformat()
            memory.state, memory.steps, memory.began_at, memory.light = "skipped", {}, None, ""
            return [f"the {self.spoken} routine is left out today, as you asked"]
        wanted = {"pause": ("running", "paused"), "resume": ("paused", "running")}.get(command)
        if wanted is None or memory.state != wanted[0]:
            return [f"you asked to {command} the {self.spoken} routine, but it is {memory.state}"]
        memory.state = wanted[1]
        return [f"the {self.spoken} routine {'is paused' if command == 'pause' else 'goes on'}, as you asked"]

    def day_meant(self, now: datetime) -> date:
        """The day that the person speaks of. In the morning the last evening is over, and the one to come is meant."""
        day, today = natural_day(self.routine, now, self._zone), now.astimezone(self._zone).date()
        begins = self.begins_on(day)
        return today if begins is not None and begins + self.routine.lasts <= now else day

    # -- what it is doing

    @property
    def under_way(self) -> bool:
        """Whether a step may still come."""
        return self.memory.state in ("running", "paused")

    def counts(self, now: datetime) -> bool:
        """Whether its light still counts."""
        memory = self.memory
        began = memory.began_at
        return began is not None and memory.state != "skipped" and began <= now < began + self.routine.lasts

    def light(self, now: datetime, *, is_up: bool = False) -> tuple[Lights, datetime] | None:
        """The light that it wants now, and since when. While the person ``is_up`` the light that goes out waits."""
        if not self.counts(now) or self.memory.light not in self.keys:
            return None
        until = list(self.keys).index(self.memory.light) + 1
        for key, step in reversed(list(self.keys.items())[:until]):
            lights, memory = step.lights, self.memory.steps.get(key)
            if lights is not None and memory is not None and not (lights.out and is_up and not self.memory.lay):
                return lights, memory.at
        return None

    def lies_down(self) -> None:
        """The person is not up: the light that goes out waits no longer, also when they get up again."""
        step = self.keys.get(self.memory.light)
        self.memory.lay = self.memory.lay or (step is not None and step.lights is not None and step.lights.out)

    def offers(self, around: Around) -> list[StepOffer]:
        """The prompts that it asks for: those of open steps, and those that may still come back."""
        found = []
        for key, step in self.keys.items():
            memory = self.memory.steps.get(key)
            if memory is None or not step.offer or memory.outcome not in ("open", "done"):
                continue
            over = memory.outcome == "done"
            if over and not self._may_come_back(key, around):
                continue
            if memory.outcome == "open" and (self._paused(around) or memory.why):
                continue
            why = f"step {self._place(key)} of your {self.spoken} routine"
            since = memory.since or memory.at
            group, until = f"{self.name}:{key}", since + step.grace
            asked = [prompt for prompt in step.offer if not over or around.is_open(prompt)]
            found += [StepOffer(prompt, since, until, why, group) for prompt in asked]
        return found

    def _may_come_back(self, key: str, around: Around) -> bool:
        """Whether what was put off comes back. Nobody is called out of bed for it."""
        return self._hurries(key) or (self.memory.hurried_at is None and not self._too_late(key, around))

    def _too_late(self, key: str, around: Around) -> bool:
        """In bed, before it counts as going to bed early: what it would leave out is not begun any more."""
        return self.routine.bed_begins and around.in_bed_since is not None and not self._hurries(key)

    def due(self, key: str) -> datetime:
        """When a step is due: in the person's zone as it is now, and at once where the person went to bed early."""
        memory, due = self.memory, self._planned(key)
        if memory.began_at is not None and memory.by == "you" and key == self._shown_light(memory.began_at):
            due = memory.began_at  # the person who begins it wants to see that
        return min(due, memory.hurried_at) if memory.hurried_at and self._hurries(key) else due

    def due_on(self, key: str, day: date) -> datetime | None:
        """When a step of the run of ``day`` is due: as that run goes, or as the clock would have it. None: unknown."""
        if self.memory.day == day.isoformat() and self.memory.began_at is not None:
            return self.due(key)
        begins = self.begins_on(day)
        return None if begins is None else self._planned_for(key, day, begins)

    def begins_on(self, day: date) -> datetime | None:
        """When the clock begins the run of ``day``; None where only the person does."""
        return None if self.routine.at is None else routine_on(self.routine, self._profile, day, self._zone)

    def _planned(self, key: str) -> datetime:
        began = self.memory.began_at or datetime.min.replace(tzinfo=UTC)
        return self._planned_for(key, date.fromisoformat(self.memory.day), began)

    def _planned_for(self, key: str, day: date, began: datetime) -> datetime:
        step = self.keys[key]
        if step.at.anchor == "start":
            return began + step.at.offset
        due = moment_on(step.at, self._profile, day, self._zone)
        if step.at.anchor == "bedtime":
            return due
        planned = self.begins_on(day) or began
        before = due < planned - BED_BEGINS_WITHIN  # a time after midnight, of an evening
        return moment_on(step.at, self._profile, day + timedelta(days=1), self._zone) if before else due

    def _shown_light(self, began: datetime) -> str:
        """The light that counts when the person begins: that of the time, or the first."""
        lights = [key for key, step in self.keys.items() if step.lights is not None]
        past = [key for key in lights if self._planned(key) <= began]
        return (past or lights)[-1 if past else 0] if lights else ""

    def _last_light(self) -> str:
        return next((key for key, step in reversed(self.keys.items()) if step.lights), "")

    def _hurries(self, key: str) -> bool:
        """Whether a step is brought forward when the person goes to bed early; the others are left out then."""
        if self.keys[key].lights is not None:
            return key == self._last_light()
        return all(name in IN_BED_OFFERS or name in self._profile.reminders for name in self.keys[key].offer)

    def waits(self, key: str) -> bool:
        """Whether a step of it is still to come."""
        return key not in self.memory.steps or self.memory.steps[key].outcome == "open"

    def next_at(self) -> datetime | None:
        """When its next step is due."""
        return min((self.due(key) for key in self._open()), default=None)

    def _place(self, key: str) -> str:
        return f"{list(self.keys).index(key) + 1} of {len(self.keys)}"

    def _open(self) -> list[str]:
        return [key for key in self.keys if not self._settled(key)]

    def _settled(self, key: str) -> bool:
        return key in self.memory.steps and self.memory.steps[key].outcome in SETTLED

    def _paused(self, around: Around) -> bool:
        return self.memory.state == "paused" or around.paused is not None

    def _why_not(self, step: Step, around: Around) -> str | None:
        why = around.skips([*self.routine.skip, *step.skip])
        return around.unreached(step.lights.room) if why is None and step.lights is not None else why

    # -- what comes due

    def look(self, around: Around) -> tuple[list[str], datetime | None]:
        """Begin what is due, settle what is over; returns what is worth recording, and when to look again."""
        notes: list[str] = []
        if not self.under_way:
            return notes, None
        notes += self._hurry(around)
        ready = [key for key in self._open() if self.due(key) <= around.now]
        ready = [key for key in ready if not self._lapsed(key, around, notes)]
        if not self._paused(around):
            free = [key for key in ready if not self._held_back(key, around, notes)]
            self._change_light([key for key in free if self.keys[key].lights is not None], around, notes)
            self._offer([key for key in free if self.keys[key].offer], around, notes)
        if not self._open():
            done = any(step.outcome == "done" for step in self.memory.steps.values())
            self.memory.state = "done" if done or not self.memory.steps else "skipped"
            notes.append(f"the {self.spoken} routine is {'through' if done else 'over: nothing of it happened today'}")
            return notes, None
        return notes, min(self._next_look(key, around) for key in self._open())

    def _next_look(self, key: str, around: Around) -> datetime:
        due = self.due(key)
        return due if due > around.now else due + self.keys[key].grace + timedelta(seconds=1)

    def _hurry(self, around: Around) -> list[str]:
        """The person went to bed before bedtime: what can wait until tomorrow is left out."""
        memory, since = self.memory, around.in_bed_since
        bedtime = moment_on(BEDTIME, self._profile, date.fromisoformat(memory.day), self._zone)
        if not self.routine.bed_begins or memory.hurried_at or since is None or memory.state == "paused":
            return []
        if around.now - since < EARLY_BED or since >= bedtime or around.now >= bedtime:
            return []
        memory.hurried_at = around.now
        notes = []
        for key in self._open():
            if not self._hurries(key):
                notes += [self._settle(key, "skipped", around.now, TOO_EARLY)]
        return [f"you went to bed early: the {self.spoken} routine is shortened", *notes]

    def _lapsed(self, key: str, around: Around, notes: list[str]) -> bool:
        step, now, memory = self.keys[key], around.now, self.memory.steps.get(key)
        if now <= self.due(key) + step.grace:
            return False
        reasons = [around.refused(name) for name in step.offer] if memory is not None else []
        if self._paused(around):
            why = "it was paused"
        elif memory is None:
            why = "its time had passed when it could have begun"
        else:
            why = memory.why or "; ".join(dict.fromkeys(filter(None, reasons))) or "nothing could offer it in time"
        notes.append(self._settle(key, "missed", now, why))
        return True

    def _held_back(self, key: str, around: Around, notes: list[str]) -> bool:
        """A skip condition holds now; it may end within the step's grace."""
        why = self._why_not(self.keys[key], around)
        if self.keys[key].lights is None and self._too_late(key, around):
            why = why or "you are in bed"
        memory = self.memory.steps.get(key)
        if why is None:
            if memory is not None and memory.why:
                memory.why = ""
            return False
        if memory is None or memory.why != why:
            self.memory.steps[key] = StepMemory("open", around.now, why, since=memory.since if memory else around.now)
            notes.append(f"step {self._place(key)} of the {self.spoken} routine waits: {why}")
        return True

    def _change_light(self, keys: list[str], around: Around, notes: list[str]) -> None:
        late = [key for key in keys[:-1] if key not in self.memory.steps]
        notes += [self._settle(key, "missed", around.now, COALESCED) for key in late]
        for key in keys[-1:]:
            self.memory.light = key
            lights = self.keys[key].lights
            level = f"the light goes down to {lights.brightness} %" if lights is not None else ""
            level += ", and out once you are in bed" if lights is not None and lights.out else ""
            if not self.keys[key].offer:
                notes.append(self._settle(key, "done", around.now, level))

    def _offer(self, keys: list[str], around: Around, notes: list[str]) -> None:
        for key in keys:
            memory, due = self.memory.steps.get(key), self.due(key)
            if memory is None:
                self.memory.steps[key] = StepMemory("open", around.now, since=around.now)
                continue
            times = [around.offered_at(name) for name in self.keys[key].offer]
            if any(at is not None and at >= min(due, memory.at) for at in times):
                notes.append(self._settle(key, "done", around.now, "offered"))
        late = [key for key in keys if not self._settled(key)]
        own = self._profile.reminders
        surplus = [key for key in late[:-1] if not any(name in own for name in self.keys[key].offer)]
        notes += [self._settle(key, "missed", around.now, COALESCED) for key in surplus]

    def _settle(self, key: str, outcome: str, now: datetime, why: str) -> str:
        before = self.memory.steps.get(key)
        self.memory.steps[key] = StepMemory(outcome, now, why, since=before.since if before else None)
        said = {"done": "", "missed": "is left out: ", "skipped": "is left out: "}[outcome]
        return f"step {self._place(key)} of the {self.spoken} routine ({key.partition('-')[0]}) {said}{why}"

    # -- for who looks at it

    def standing(self, now: datetime, paused: datetime | None = None) -> tuple[str, int, int]:
        """Its state, the number of steps that are settled or under way, and of all."""
        memory = self.memory
        state = memory.state
        if state == "running" and paused is not None:
            state = "paused"
        if state in ("done", "skipped") and self._is_over(now):
            state = "waiting"
        at = len(memory.steps) if state != "waiting" else 0
        return state, at, len(self.keys)

    def _is_over(self, now: datetime) -> bool:
        memory = self.memory
        if memory.began_at is not None:
            return now >= memory.began_at + self.routine.lasts
        return not memory.day or natural_day(self.routine, now, self._zone).isoformat() > memory.day

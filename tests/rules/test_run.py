"""Routines of steps: when each is due, its grace, what is late, early to bed, paused or skipped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from config.profile import Profile
from devices.control.desk_memory import PromptMemory
from rules.pause import Pauses
from rules.routines import Routines, Senses
from rules.run import RunMemory
from rules.timetable import due_between
from tests.rules.builders import profile

BERLIN = ZoneInfo("Europe/Berlin")
_MEMORIES = TypeAdapter(dict[str, RunMemory])


class Lived:
    """Routines with a desk that offers what it may, at once."""

    def __init__(self, person: Profile, start: str, *, offers: bool = True) -> None:
        self.person, self.offers = person, offers
        self.now = at(start)
        self.in_bed_since: datetime | None = None
        self.up = False
        self.reasons: set[str] = set()
        self.prompts: dict[str, PromptMemory] = {}
        self.pauses = Pauses()
        self.notes: list[str] = []
        self.offered: list[str] = []
        self.restarts = False
        self.routines = self._new()

    def _new(self) -> Routines:
        senses = Senses(lambda: self.in_bed_since, lambda: self.up, self._skips, self.prompts.get)
        return Routines(self.person, self.pauses, senses)

    def _skips(self, names: Iterable[str]) -> str | None:
        return next((f"you are {name}" for name in names if name in self.reasons), None)

    def until(self, end: str | datetime) -> Lived:
        """Live on, awake at every moment that is due."""
        goal = at(end) if isinstance(end, str) else end
        while self.now < goal:
            begins = [(due, name, day) for due, name, day in due_between(self.person, self.now, goal)]
            _, wake = self.routines.look(self.now)
            moments = [each for each in (wake, begins[0][0] if begins else None, goal) if each and each > self.now]
            self.now = min(moments)
            for due, name, day in begins:
                if due == self.now and name in self.routines.runs:
                    self.notes += self.routines.begin(name, self.now, day.isoformat())
            self.look()
        return self

    def sleep(self, end: str) -> Lived:
        """The machine sleeps; its clock's moments come at the end."""
        before, self.now = self.now, at(end)
        for _, name, day in due_between(self.person, before, self.now):
            if name in self.routines.runs:
                self.notes += self.routines.begin(name, self.now, day.isoformat())
        self.look()
        return self

    def look(self) -> None:
        """What is due now, and what the desk makes of it."""
        if self.restarts:
            memory = json.loads(_MEMORIES.dump_json(self.routines.memory))
            self.routines = self._new()
            self.routines.load(_MEMORIES.validate_python(memory))
        for _ in range(2):
            self.notes += [text for _, text in self.routines.look(self.now)[0]]
            for offer in self.routines.offers(self.now) if self.offers else ():
                known = self.prompts.setdefault(offer.prompt, PromptMemory())
                if known.offered_at is None or known.offered_at < offer.since:
                    known.offered_at = self.now
                    self.offered.append(f"{offer.prompt} {self.now.astimezone(BERLIN):%H:%M}")

    def outcomes(self, name: str = "wind_down") -> dict[str, str]:
        """What became of each step."""
        return {key: step.outcome for key, step in self.routines.runs[name].memory.steps.items()}

    def whys(self, name: str = "wind_down") -> dict[str, str]:
        """Why."""
        return {key: step.why for key, step in self.routines.runs[name].memory.steps.items()}

    def light(self) -> int | None:
        """The brightness that is wanted now."""
        found = self.routines.light("bedroom", self.now)
        return found[0].brightness if found else None


def at(text: str) -> datetime:
    """A time of July 14, 2026 in Berlin; with a date, of that day."""
    return datetime.fromisoformat(text if "T" in text else f"2026-07-14T{text}").replace(tzinfo=BERLIN).astimezone(UTC)


def evening(start: str = "12:00", *, offers: bool = True, **changes: Any) -> Lived:  # noqa: ANN401
    """The shipped routines of somebody whose bedtime is 22:30."""
    return Lived(profile(**changes), start, offers=offers)


@pytest.mark.parametrize("restarts", [False, True])
def test_an_ordinary_evening(*, restarts: bool) -> None:
    """Every step at its time, each once."""
    life = evening()
    life.restarts = restarts
    life.until("23:59")
    assert life.offered == ["drink 20:30", "wash 20:30", "stretch 21:30", "rating 22:15"]
    assert set(life.outcomes().values()) == {"done"}
    assert list(life.outcomes()) == ["lights", "drink", "stretch", "lights-2", "rating", "lights-3"]
    assert life.notes[0] == "the wind down routine begins"
    assert life.notes[-1] == "the wind down routine is through"


def test_the_light_of_an_evening() -> None:
    """It goes down in three steps, and counts until the morning."""
    life = evening()
    moments = ("19:29", "19:31", "21:59", "22:01", "22:31", "2026-07-15T07:29", "2026-07-15T07:31")
    assert [life.until(moment).light() for moment in moments] == [None, 30, 30, 10, 3, 3, None]


def test_states_as_they_are_told() -> None:
    """Waiting with the next begin, running at a step, done, and waiting again."""
    life = evening()
    assert life.routines.standing("wind_down", life.now).state == "waiting"
    assert life.routines.standing("wind_down", life.now).next_at == at("19:30")
    life.until("21:00")
    standing = life.routines.standing("wind_down", life.now)
    assert (standing.state, standing.step, standing.steps, standing.next_at) == ("running", 2, 6, at("21:30"))
    life.pauses.change("evening", at("21:10"), life.now)
    assert life.routines.standing("wind_down", life.now).state == "paused"
    life.until("22:40")
    assert life.routines.standing("wind_down", life.now).state == "done"
    life.until("2026-07-15T09:00")
    assert life.routines.standing("wind_down", life.now).state == "waiting"
    assert life.routines.standing("wind_down", life.now).next_at == at("2026-07-15T19:30")


def test_the_machine_slept_for_twelve_hours() -> None:
    """Nothing is said in the morning that was due in the evening, and each step says why."""
    life = evening(start="19:00").sleep("2026-07-15T09:00")
    assert life.offered == ["night 09:00"]  # the morning's own question has two hours
    assert set(life.outcomes().values()) == {"missed"}
    assert set(life.whys().values()) == {"its time had passed when it could have begun"}
    assert life.light() is None


def test_late_steps_come_together() -> None:
    """Home at 22:20 after a power cut: the light of the time, one prompt, and a reason for the rest."""
    life = evening(start="19:00").sleep("22:20")
    assert life.offered == ["rating 22:20"]
    assert life.light() == 10
    assert life.outcomes() == {
        "lights": "missed",
        "drink": "missed",
        "stretch": "missed",
        "lights-2": "done",
        "rating": "done",
    }


def test_two_prompts_within_their_grace_are_one() -> None:
    """The later one is offered."""
    steps = [{"at": "start", "offer": ["drink"]}, {"at": "start + 10 min", "offer": ["stretch"]}]
    life = evening(start="20:00", routines={"mine": {"at": "20:30", "steps": steps}}).sleep("20:45")
    assert [each for each in life.offered if "stretch" in each or "drink" in each] == ["stretch 20:45"]
    assert life.whys("mine")["drink"] == "it came together with a later step, and one is enough"


def test_early_to_bed_shortens_it() -> None:
    """A quarter of an hour in bed: the last light, the rating, and no drink, wash or stretch any more."""
    life = evening().until("20:00")
    life.in_bed_since = life.now
    life.until("20:16")
    assert life.light() == 3
    assert life.offered == ["rating 20:15"]
    assert life.outcomes()["stretch"] == life.outcomes()["drink"] == "skipped"
    assert life.whys()["stretch"] == "you went to bed early"
    assert life.until("23:00").offered == ["rating 20:15"]


def test_going_to_bed_begins_it() -> None:
    """Within two hours before its time; a nap at five does not, nor a moment on the edge of the bed."""
    life = evening().until("17:00")
    life.in_bed_since = life.now
    assert life.until("17:25").outcomes() == {}
    life.in_bed_since = None
    life.until("18:00")
    life.in_bed_since = life.now
    life.until("18:14")
    assert life.light() is None
    life.until("18:16")
    assert life.light() == 3
    assert "the wind down routine begins, because you went to bed" in life.notes
    life.until("19:40")
    assert life.notes.count("the wind down routine begins") == 0


def test_in_bed_at_bedtime_is_not_early() -> None:
    """The evening goes on as planned."""
    life = evening().until("22:31")
    life.in_bed_since = life.now
    life.until("23:30")
    assert not [text for text in life.notes if "shortened" in text]


def test_away_is_left_out_with_its_reason() -> None:
    """And who comes home within a step's grace still has it."""
    life = evening()
    life.reasons = {"away"}
    life.until("21:40")
    assert life.offered == []
    life.reasons = set()
    life.look()
    assert life.offered == ["stretch 21:40"]
    assert life.whys()["drink"] == "you are away"
    life.until("23:30")
    assert life.outcomes()["lights"] == "missed"


def test_a_whole_evening_away_is_skipped() -> None:
    """The routine says so."""
    life = evening()
    life.reasons = {"away"}
    life.until("23:30")
    assert life.routines.runs["wind_down"].memory.state == "skipped"
    assert life.notes[-1] == "the wind down routine is over: nothing of it happened today"


def test_skip_for_today() -> None:
    """Also before it has begun; the light is let go."""
    life = evening().until("20:00")
    life.notes += life.routines.steer("wind_down", "skip", life.now)
    life.until("23:30")
    assert life.offered == []
    assert life.light() is None
    before = evening().until("15:00")
    before.routines.steer("wind_down", "skip", before.now)
    assert before.until("23:30").offered == []
    assert before.until("2026-07-15T21:00").offered == ["night 07:35", "drink 20:30", "wash 20:30"]


def test_paused_and_resumed() -> None:
    """A step within its grace comes late; one beyond it is missed because of the pause."""
    life = evening().until("20:00")
    life.routines.steer("wind_down", "pause", life.now)
    life.until("21:40")
    assert life.offered == []
    life.routines.steer("wind_down", "resume", life.now)
    life.look()
    assert life.offered == ["stretch 21:40"]
    assert life.whys()["drink"] == "it was paused"


def test_begun_by_hand() -> None:
    """The light of the time at once; the other steps at their times; a second time changes nothing."""
    life = evening().until("18:00")
    life.notes += life.routines.begin("wind_down", life.now)
    life.look()
    assert life.light() == 30
    assert life.routines.begin("wind_down", life.now) == []
    assert life.until("23:00").offered == ["drink 20:30", "wash 20:30", "stretch 21:30", "rating 22:15"]
    late = evening(start="21:05")
    late.notes += late.routines.begin("wind_down", late.now)
    late.look()
    assert late.light() == 30


@pytest.mark.parametrize(
    ("day", "slept"), [("2026-03-28", "2026-03-29"), ("2026-10-24", "2026-10-25")], ids=["spring", "autumn"]
)
def test_both_clock_changes(day: str, slept: str) -> None:
    """A step at half past two of the night in question happens once; the evening is as ever."""
    steps = [{"at": "start", "offer": ["drink"]}, {"at": "2:30", "offer": ["stretch"]}]
    person = profile(routines={"late": {"at": "23:00", "steps": steps}, "wind_down": {"enabled": False}})
    life = Lived(person, f"{day}T12:00").until(f"{slept}T06:00")
    expected = "03:00" if slept == "2026-03-29" else "02:30"
    assert life.offered == ["drink 23:00", f"stretch {expected}"]


def test_travel_moves_what_is_to_come() -> None:
    """The zone of the profile is changed in the middle of the evening: steps that were done are not done again."""
    life = evening().until("21:00")
    memory = json.loads(_MEMORIES.dump_json(life.routines.memory))
    life.person = profile(time_zone="Europe/Lisbon")
    life.routines = life._new()
    life.routines.load(_MEMORIES.validate_python(memory))
    life.until("23:45")
    assert life.offered == ["drink 20:30", "wash 20:30", "stretch 22:30", "rating 23:15"]


def test_a_bedtime_after_midnight() -> None:
    """The evening belongs to the day before."""
    life = evening(bedtime={"at": "00:30"}).until("2026-07-15T02:00")
    assert life.offered == ["drink 22:30", "wash 22:30", "stretch 23:30", "rating 00:15"]


def test_what_cannot_be_offered_is_missed_with_the_reason() -> None:
    """The desk's own words."""
    life = evening(offers=False)
    life.prompts["stretch"] = PromptMemory(blocked="you reported fever")
    life.until("23:30")
    assert life.outcomes()["stretch"] == "missed"
    assert life.whys()["stretch"] == "you reported fever"
    assert life.whys()["rating"] == "nothing could offer it in time"


def test_own_reminders_come_at_their_times_and_are_never_joined_away() -> None:
    """Each of them, also when two are late at once."""
    reminders = {"tablets": {"says": "Evening tablets", "at": ["20:30", "20:40"]}, "water": {"at": ["20:35"]}}
    life = evening(start="19:00", reminders=reminders).sleep("20:50")
    assert {each.partition(" ")[0] for each in life.offered} >= {"tablets", "water"}
    assert life.outcomes("reminder_tablets") == life.outcomes("reminder_tablets_1") == {"tablets": "done"}


def test_room_is_left_for_own_reminders() -> None:
    """Those that are still to come this evening."""
    late = {"at": ["23:00"]}  # in the quiet hours: it will not come, and takes nobody's place
    life = evening(reminders={"tablets": {"at": ["22:00", "8:00"]}, "water": {"at": ["21:00"]}, "late": late})
    assert [life.until(moment).routines.reserved(life.now) for moment in ("20:00", "21:30", "22:10")] == [2, 1, 0]
    urgent = evening(reminders={"late": {**late, "in_quiet_hours": True}})
    assert urgent.until("20:00").routines.reserved(urgent.now) == 1


def test_a_pause_of_an_area_and_of_everything() -> None:
    """The longer one counts; ending everything ends all."""
    pauses, now = Pauses(), at("20:00")
    assert pauses.change("cooling", now + timedelta(hours=1), now)
    assert pauses.change("", now + timedelta(hours=2), now)
    assert not pauses.change("kitchen", now + timedelta(hours=2), now)
    assert pauses.holds("cooling", now) == now + timedelta(hours=2)
    assert pauses.holds("lights", now) == now + timedelta(hours=2)
    assert pauses.over(now + timedelta(hours=1)) == ["cooling"]
    pauses.change("", None, now)
    assert pauses.holds("lights", now) is None

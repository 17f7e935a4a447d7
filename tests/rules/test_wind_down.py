"""The wind-down through the whole engine: light, prompts, pauses, as the person lives it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from devices.events import PauseChanged, PresenceChanged, RoutineDue, RoutineSteered
from rules.facts import Quality
from rules.timetable import due_between
from tests.rules.builders import AC, FAN, LAMP, ZONE, Evening, maker, profile


def at(clock: str) -> datetime:
    """A time of the evening, in Berlin."""
    return datetime.fromisoformat(f"2026-07-14T{clock}").replace(tzinfo=ZONE).astimezone(UTC)


class Day(Evening):
    """An evening on which the clock begins the routines."""

    def __init__(self, start: str = "19:00", **changes: Any) -> None:  # noqa: ANN401
        self.person = profile(**changes)
        super().__init__(maker(self.person), start=at(start))

    def until(self, clock: str) -> Day:
        """Live on until then."""
        end = at(clock)
        for due, name, day in list(due_between(self.person, self.now, end)):
            self.wait(seconds=(due - self.now).total_seconds())
            self.event(RoutineDue(at=due, source="clock", person="anna", routine=name, day=day.isoformat()))
        self.wait(seconds=(end - self.now).total_seconds())
        return self

    def pause(self, area: str = "", hours: float | None = 1) -> None:
        """The person pauses; without hours the pause ends."""
        until = self.now + timedelta(hours=hours) if hours is not None else None
        self.event(PauseChanged(at=self.now, source="cli", person="anna", area=area, until=until))

    def said(self) -> list[str]:
        """What was said, without the silent thermometer of this home."""
        return [text for text in super().said() if "thermometer" not in text]

    def levels(self) -> list[object]:
        """What the lamp was told since the last look."""
        return [data.get("brightness_pct", "off") for _, data in self.calls(LAMP)]


def test_light_and_prompts_of_an_evening() -> None:
    """Three steps of light, three prompts; out once the person has settled in bed."""
    life = Day().until("22:14")
    assert life.levels() == [30, 10]
    assert life.said() == [
        "Time for your last larger drink?",
        "Time for your last larger drink?",  # once more, as nobody answered
        "Time for a stretch or some gentle movement?",
        "Time for a stretch or some gentle movement?",
    ]
    life.until("22:50")
    assert life.levels() == [3]
    life.bed(occupied=True)
    assert life.until("22:54").levels() == []
    assert life.until("22:56").levels() == ["off"]
    assert life.said() == ["One number for today, zero to ten?", "One number for today, zero to ten?"]


def test_nobody_in_bed_nothing_goes_out() -> None:
    """A room must not get dark around somebody who stands in it."""
    assert Day().until("23:59").levels() == [30, 10, 3]


def test_who_is_still_up_keeps_some_light() -> None:
    """The last step waits until the bed sensor says so: the dark is a danger for who stands in it."""
    life = Day()
    life.bed(occupied=False)
    assert life.until("23:30").levels() == [30, 10]
    life.bed(occupied=True)
    assert life.until("23:50").levels() == [3, "off"]


def test_what_was_put_off_does_not_come_back_in_bed() -> None:
    """Nor is anything repeated there."""
    life = Day().until("21:31")
    life.answer("later", "stretch")
    life.said()
    life.bed(occupied=True)
    assert life.until("22:10").said() == ["One number for today, zero to ten?"]
    assert life.until("22:30").said() == []


def test_the_question_of_the_morning_has_room() -> None:
    """However many prompts the evening had."""
    life = Day().until("23:59")
    offered = len(life.engine.world.desk.memory.offered)
    fact = life.engine.world.facts["night.restless_last"]
    life.wait(hours=7, minutes=36)
    fact.value, fact.quality = True, Quality.FRESH
    life.said()
    life.event(RoutineDue(at=life.now, source="clock", person="anna", routine="morning", day="2026-07-15"))
    assert offered == 3
    assert life.said() == ["How was your night?"]


def test_a_lamp_that_does_not_go_out_is_asked_three_times() -> None:
    """And not for ever."""
    life = Day().until("22:50")
    life.calls()
    life.obeys = False
    life.bed(occupied=True)
    assert life.until("23:20").levels() == ["off"] * 3


def test_switched_on_again_in_bed_it_stays_on() -> None:
    """The person reads a little."""
    life = Day().until("22:50")
    life.bed(occupied=True)
    life.until("22:56")
    life.calls()
    life.report(LAMP, "on", {"brightness": 128}, by_person=True)
    assert life.until("23:50").levels() == []


def test_a_touched_lamp_is_left_alone_and_the_prompts_go_on() -> None:
    """In the middle of a fade (R11)."""
    life = Day().until("22:05")
    life.calls(), life.said()
    life.report(LAMP, "on", {"brightness": 200}, by_person=True)
    life.until("22:40")
    assert life.levels() == []
    assert life.said()


def test_paused_cooling_lets_go_of_what_runs() -> None:
    """And begins again when the pause is over."""
    life = Day("20:00")
    life.bed(occupied=True)
    life.measures(24.0, minutes=20)
    life.calls()
    life.pause("cooling")
    life.measures(24.0, minutes=30)
    assert ("climate.set_hvac_mode", {"hvac_mode": "off"}) in life.calls(AC)
    assert life.services(FAN) == ["fan.turn_off"]
    life.measures(24.0, minutes=35)
    assert "climate.set_hvac_mode" in life.services(AC)
    assert "the pause is over: its time has come" in life.texts("pause")


def test_paused_prompts_are_missed_with_that_reason() -> None:
    """Nothing is made up for later."""
    life = Day().until("20:00")
    life.pause("prompts", 2)
    life.until("21:59")
    assert life.said() == []
    assert "step 2 of 6 of the wind down routine (drink) is left out: you paused it until 22:00" in life.texts(
        "routine"
    )


def test_a_pause_of_everything_ends_when_the_person_says_so() -> None:
    """What is within its grace still comes."""
    life = Day().until("21:00")
    life.said(), life.calls()
    life.pause()
    life.until("21:45")
    assert (life.said(), life.levels()) == ([], [])
    life.pause(hours=None)
    life.until("21:46")
    assert life.said() == ["Time for a stretch or some gentle movement?"]


def test_skipped_for_today() -> None:
    """The light is let go too."""
    life = Day().until("20:00")
    life.said(), life.calls()
    life.event(RoutineSteered(at=life.now, source="mqtt", person="anna", routine="wind_down", command="skip"))
    life.until("23:30")
    assert (life.said(), life.levels()) == ([], [])


def test_away_and_home_again() -> None:
    """Nothing for an empty home; the step that is still in its grace comes."""
    life = Day()
    life.event(PresenceChanged(at=life.now, source="person", person="anna", at_home=False))
    life.until("21:40")
    assert (life.said(), life.levels()) == ([], [])
    life.event(PresenceChanged(at=life.now, source="person", person="anna", at_home=True))
    assert life.until("21:41").said() == ["Time for a stretch or some gentle movement?"]


def test_whether_somebody_is_away_cannot_be_told_is_no_reason() -> None:
    """A phone without a battery must not silence the evening."""
    life = Day()
    life.event(PresenceChanged(at=life.now, source="person", person="anna", at_home=False))
    life.event(PresenceChanged(at=life.now, source="person", person="anna", at_home=None))
    assert life.until("20:31").said() == ["Time for your last larger drink?"]


def test_early_to_bed_begins_and_shortens() -> None:
    """In bed from seven on: the light goes down at once, nothing is offered but the rating."""
    life = Day("18:50")
    life.bed(occupied=True)
    life.until("19:30")
    assert life.levels() == [3, "off"]
    assert set(life.said()) == {"One number for today, zero to ten?"}


def test_a_reminder_and_the_rating_are_one_prompt() -> None:
    """Where they come at the same moment."""
    life = Day(reminders={"note": {"says": "One good thing of today", "at": ["22:15"], "repeat": "0 min"}})
    life.until("22:14")
    life.said()
    assert life.until("22:20").said() == ["One number for today, zero to ten? One good thing of today"]


def test_the_machine_slept_and_nothing_is_said_in_the_morning() -> None:
    """Twelve hours in one step."""
    life = Day("19:00")
    life.now = at("19:00") + timedelta(hours=14)
    for due, name, day in list(due_between(life.person, at("19:00"), life.now)):
        assert due < life.now
        life.event(RoutineDue(at=life.now, source="clock", person="anna", routine=name, day=day.isoformat()))
    life.wait(minutes=30)
    assert (life.said(), life.levels()) == ([], [])

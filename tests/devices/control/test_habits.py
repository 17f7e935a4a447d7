"""When somebody really goes to bed and gets up, learned from the bed alone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from devices.control.habits import Habits

ZONE = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 7, 1)


def at(day: date, clock: str) -> datetime:
    """An instant by the person's clock."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZONE)


def profile(day: date) -> tuple[datetime, datetime]:
    """22:30 to 07:30."""
    return at(day, "22:30"), at(day + timedelta(days=1), "07:30")


def slept(habits: Habits, day: date, bed: str, rise: str) -> None:
    """One night; a bedtime before noon is after midnight."""
    begins = at(day if bed > "12" else day + timedelta(days=1), bed)
    habits.bed(True, begins)
    habits.bed(False, at(day + timedelta(days=1), rise))


def after(nights: list[tuple[str, str]], first: date = FIRST) -> tuple[Habits, date]:
    """Habits after these nights, and the day that follows them."""
    habits = Habits(ZONE, profile)
    for number, (bed, rise) in enumerate(nights):
        slept(habits, first + timedelta(days=number), bed, rise)
    return habits, first + timedelta(days=len(nights))


def test_before_anything_is_known_the_profile_counts() -> None:
    """With room for an early evening and a late one."""
    habits, day = after([])
    evening = habits.evening(at(day, "20:00"))
    assert evening.usual == at(day, "22:30")
    assert at(day, "21:45") <= evening.early < at(day, "22:15")
    assert evening.late > at(day, "23:30")
    assert evening.nights == 0


def test_after_ten_nights_only_what_was_seen_counts() -> None:
    """Somebody who goes to bed at midnight and not at half past ten."""
    habits, day = after([("23:50", "08:30"), ("00:10", "08:40")] * 6)
    evening = habits.evening(at(day, "20:00"))
    assert evening.usual == at(day + timedelta(days=1), "00:00")
    assert evening.early == pytest.approx(at(day, "23:50"), abs=timedelta(minutes=2))
    assert evening.rise == pytest.approx(at(day + timedelta(days=1), "08:35"), abs=timedelta(minutes=2))
    assert evening.nights == 12


def test_the_morning_belongs_to_the_evening_before() -> None:
    """At three in the night it is still yesterday's evening."""
    habits, day = after([("22:30", "07:30")])
    assert habits.evening(at(day, "03:00")).usual == at(day - timedelta(days=1), "22:30")


def test_up_for_a_while_is_the_same_night() -> None:
    """The bathroom neither begins nor ends it."""
    habits = Habits(ZONE, profile)
    for bed, rise in (("22:30", "23:59"), ("00:10", "04:00"), ("04:05", "07:00")):
        habits.bed(True, at(FIRST if bed > "12" else FIRST + timedelta(days=1), bed))
        habits.bed(False, at(FIRST if rise > "12" else FIRST + timedelta(days=1), rise))
    assert [(begin.hour, end.hour) for begin, end in habits.memory.stays] == [(22, 7)]


def test_sitting_down_is_no_time_in_bed() -> None:
    """Nine minutes are not."""
    habits = Habits(ZONE, profile)
    habits.bed(True, at(FIRST, "20:00"))
    habits.bed(False, at(FIRST, "20:09"))
    assert habits.memory.stays == []


def test_a_sensor_that_drops_out_is_no_one_getting_up() -> None:
    """Not known ends nothing."""
    habits = Habits(ZONE, profile)
    habits.bed(True, at(FIRST, "22:30"))
    habits.bed(None, at(FIRST, "23:00"))
    assert habits.memory.since == at(FIRST, "22:30")


@pytest.mark.parametrize("first", [date(2026, 3, 20), date(2026, 10, 16)])
def test_the_clock_change_moves_nothing(first: date) -> None:
    """In bed at 22:30 by the clock before and after it (R15)."""
    habits, day = after([("22:30", "07:30")] * 14, first)
    assert habits.evening(at(day, "21:00")).usual == at(day, "22:30")


def test_away_for_days_is_noticed_and_coming_back_ends_it() -> None:
    """Five days without a night."""
    habits, day = after([("22:30", "07:30")] * 12)
    assert not habits.away(at(day + timedelta(days=2), "22:00"))
    assert habits.away(at(day + timedelta(days=5), "22:00"))
    habits.bed(True, at(day + timedelta(days=5), "23:00"))
    assert not habits.away(at(day + timedelta(days=5), "23:30"))


def test_a_nap_that_comes_often_is_expected_and_a_rare_one_is_not() -> None:
    """At its time of the day only."""
    habits, day = after([("22:30", "07:30")])
    for number in range(10):
        habits.bed(True, at(day + timedelta(days=number), "14:00"))
        habits.bed(False, at(day + timedelta(days=number), "15:00"))
    last = day + timedelta(days=10)
    assert habits.naps_often(at(last, "13:30"), timedelta(minutes=45))
    assert not habits.naps_often(at(last, "17:00"), timedelta(minutes=45))


def test_the_night_is_the_longest_stay_and_not_the_nap_before_it() -> None:
    """Half an hour in bed at 18:30."""
    habits, day = after([])
    for number in range(12):
        today = day + timedelta(days=number)
        habits.bed(True, at(today, "18:30"))
        habits.bed(False, at(today, "19:00"))
        slept(habits, today, "23:00", "07:00")
    assert habits.evening(at(day + timedelta(days=12), "20:00")).usual == at(day + timedelta(days=12), "23:00")


def test_it_is_forgotten_when_asked() -> None:
    """And begins with the profile again."""
    habits, day = after([("01:00", "09:00")] * 12)
    habits.forget()
    assert habits.evening(at(day, "20:00")).usual == at(day, "22:30")

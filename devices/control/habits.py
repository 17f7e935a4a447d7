"""When this person really goes to bed and gets up, learned from the bed sensor: times in bed are kept, and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

KEPT = timedelta(days=28)
SHORT = timedelta(minutes=10)
"""Less than this in bed is sitting down, and says nothing."""
ONE_STAY = timedelta(minutes=45)
"""Up for less than this is the same time in bed: a glass of water, the bathroom."""
A_NIGHT = timedelta(hours=3)
"""So much in bed between the evening and the morning is a night's sleep."""
EVENING_BEGINS = time(18, 0)
NIGHTS_ENOUGH = 10
"""From so many nights on only what was seen counts; before, the profile's bedtime does too."""
USUAL_SPREAD = (-45, -20, 0, 20, 60)
"""Minutes around the profile's bedtime that stand in for nights not seen yet."""
USUAL_RISE = (-60, -30, 0, 20, 45)
LATEST_MORE = timedelta(minutes=30)
SETTLING = timedelta(minutes=45)
GONE_AFTER = timedelta(hours=108)
"""Nobody in bed for so long: the person is away, and the room is not cooled ahead."""
OFTEN = 0.4
"""A nap at an hour is expected when it came on so many of the last days."""
NAP_DAYS = 7
"""Of so many days at least something must be known."""


@dataclass(slots=True)
class HabitsMemory:
    """Times in bed: begin and end; ``since`` when somebody is there now."""

    stays: list[tuple[datetime, datetime]] = field(default_factory=list)
    since: datetime | None = None
    left_at: datetime | None = None
    watched_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evening:
    """When the person goes to bed on one evening and gets up after it: early, usually, at the latest."""

    early: datetime
    soon: datetime  # earlier than that on one evening in five
    usual: datetime
    late: datetime
    rise_early: datetime
    rise: datetime
    nights: int  # how many were seen


Clockface = Callable[[date], tuple[datetime, datetime]]
"""The profile's bedtime of an evening and the rise after it, as instants."""


class Habits:
    """One bed's habits. Pure: the time comes with each call."""

    def __init__(self, zone: ZoneInfo, profile: Clockface) -> None:
        self.memory = HabitsMemory()
        self._zone, self._profile = zone, profile
        self._found: tuple[tuple[date, int], Evening] | None = None  # the last answer

    def bed(self, occupied: bool | None, now: datetime) -> None:  # noqa: FBT001 (yes, no, or not known)
        """What the bed says now. Not known ends nothing: a sensor that drops out is no one getting up."""
        memory = self.memory
        if occupied is None:
            return
        memory.watched_since = memory.watched_since or now
        if occupied and memory.since is None:
            memory.since, memory.left_at = now, None
        elif not occupied and memory.since is not None:
            began, memory.since, memory.left_at = memory.since, None, now
            if memory.stays and began - memory.stays[-1][1] < ONE_STAY:
                began = memory.stays.pop()[0]
            if now - began >= SHORT:
                memory.stays.append((began, now))
            memory.stays = [stay for stay in memory.stays if stay[1] > now - KEPT]
            self._found = None

    def adopt(self, memory: HabitsMemory) -> None:
        """Go on with another memory."""
        self.memory, self._found = memory, None

    def forget(self) -> None:
        """Begin anew."""
        memory, self._found = self.memory, None
        memory.stays, memory.watched_since = [], None

    def time_of_day(self, now: datetime) -> time:
        """What the person's clock shows."""
        return now.astimezone(self._zone).time()

    def sleeping(self, now: datetime) -> bool:
        """Whether people sleep now, in bed or not: from a little before they go there until they are up."""
        evening = self.evening(now)
        return evening.early - SETTLING <= now < evening.rise + SETTLING

    def evening_of(self, now: datetime) -> date:
        """The date of the evening that ``now`` belongs to: from noon to noon."""
        return (now.astimezone(self._zone) - timedelta(hours=12)).date()

    def evening(self, now: datetime) -> Evening:
        """The evening (and the morning after it) that ``now`` belongs to."""
        day = self.evening_of(now)
        key = (day, len(self.memory.stays))
        if self._found is None or self._found[0] != key:
            self._found = key, self._evening(day)
        return self._found[1]

    def _evening(self, day: date) -> Evening:
        nights = [night for night in (self._night(day - timedelta(days=back)) for back in range(1, 29)) if night]
        beds, rises = [bed for bed, _ in nights], [rise for _, rise in nights]
        if len(nights) < NIGHTS_ENOUGH:
            beds, rises = [*beds, *USUAL_SPREAD], [*rises, *USUAL_RISE]
        bedtime, rise = self._profile(day)
        return Evening(
            early=bedtime + _quantile(beds, 0.1),
            soon=bedtime + _quantile(beds, 0.2),
            usual=bedtime + _quantile(beds, 0.5),
            late=bedtime + _quantile(beds, 0.97) + LATEST_MORE,
            rise_early=rise + _quantile(rises, 0.1),
            rise=rise + _quantile(rises, 0.5),
            nights=len(nights),
        )

    def _night(self, day: date) -> tuple[float, float] | None:
        """Minutes after the profile's bedtime and rise on one evening; None when nobody slept here."""
        bedtime, rise = self._profile(day)
        begins = datetime.combine(day, EVENING_BEGINS, tzinfo=self._zone)
        ends = begins + timedelta(hours=18)
        stays = [stay for stay in self.memory.stays if stay[1] > begins and stay[0] < ends]
        stays = [stay for stay in stays if stay[0] >= begins]
        if sum((end - begin for begin, end in stays), timedelta(0)) < A_NIGHT:
            return None
        # A nap in the early evening is not the night: the night is what leads up to the longest stay without a gap.
        longest = max(stays, key=lambda stay: stay[1] - stay[0])
        return _minutes(longest[0] - bedtime), _minutes(stays[-1][1] - rise)

    def slept(self, now: datetime) -> timedelta:
        """How long the person has been in bed in the present evening and night, without the stay that lasts."""
        begins = datetime.combine(self.evening_of(now), EVENING_BEGINS, tzinfo=self._zone)
        return sum((end - begin for begin, end in self.memory.stays if begin >= begins), timedelta(0))

    def away(self, now: datetime) -> bool:
        """Whether nobody has been in bed for days, although somebody was before."""
        memory = self.memory
        return bool(memory.stays) and memory.since is None and now - memory.stays[-1][1] > GONE_AFTER

    def naps_often(self, now: datetime, ahead: timedelta) -> bool:
        """Whether the person is often in bed at this time of the day, in the next ``ahead``."""
        memory = self.memory
        if memory.watched_since is None:
            return False
        days = min(14, (now - memory.watched_since).days)
        if days < NAP_DAYS:
            return False
        hit = 0
        for back in range(1, days + 1):
            begin = now - timedelta(days=back)
            hit += any(stay[0] < begin + ahead and stay[1] > begin + timedelta(minutes=5) for stay in memory.stays)
        return hit >= OFTEN * days


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def _quantile(minutes: list[float], share: float) -> timedelta:
    """The quantile by linear interpolation."""
    ordered = sorted(minutes)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return timedelta(minutes=ordered[low] + (ordered[high] - ordered[low]) * (place - low))

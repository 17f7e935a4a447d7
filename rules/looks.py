"""The conditions that look at something: a trigger, a fact, a routine, the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from rules.conditions import Truth, Verdict
from rules.facts import Fact, Quality
from rules.timetable import NOON, instant
from rules.triggers import Level, Seen, Trigger, silent
from rules.words import Words

FRESHNESS = "fresh:"
"""Before a fact's name, for who watches whether it counts and not what it is: most readings change only the latter."""
TOLD = "something you told me counts now"
"""What is said outside of a trigger that only the person can tell of."""
NOT_TOLD = "something you could tell me does not count now"
OF_THE_NIGHT = "something of this night counts now", "something of this night does not count now"
"""And outside of what a bed knows of a sleeper: when it is so, and when not."""
NOT_HEARD = "something was not heard"


def _said(*, yes: bool) -> Truth:
    return Truth.YES if yes else Truth.NO


def _discreet(*, yes: bool, private: bool) -> str | None:
    return (TOLD if yes else NOT_TOLD) if private else None


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """About something that the profile has switched off: it never holds, and spoils no other rule."""

    says: str

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        del now
        return Verdict(Truth.NO, self.says)

    def summarize(self) -> str:
        """See ``Condition``."""
        return f"never ({self.says})"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return ()


@dataclass(frozen=True, slots=True)
class TriggerIs:
    """A trigger has come at least so far."""

    trigger: Trigger
    name: str
    at_least: Level

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        del now
        standing = self.trigger.standing
        if standing.unknown:
            return Verdict(Truth.UNKNOWN, standing.unknown)
        evidence = self.trigger.explain()
        yes = standing.level >= self.at_least
        return Verdict(
            _said(yes=yes), evidence.text, evidence.seen, discreet=_discreet(yes=yes, private=self.trigger.private)
        )

    def summarize(self) -> str:
        """See ``Condition``."""
        return f"your {self.name} trigger is {self.at_least.name.lower() if self.at_least else 'watched'}"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return ("trigger:" + self.trigger.key,)


@dataclass(frozen=True, slots=True)
class Named:
    """A fact and how it is called in sentences. ``private``: only the person can tell of it."""

    fact: Fact
    says: str
    words: Words
    private: bool = False
    outside: tuple[str, str] = TOLD, NOT_TOLD  # what is said outside where it is private: when it is so, and when not

    def silence(self) -> str:
        """Why it does not count."""
        return silent(self.fact, f"the sensor for {self.says}", self.words)

    def unknown(self) -> Verdict:
        """The verdict while it does not count."""
        return Verdict(Truth.UNKNOWN, self.silence(), discreet=NOT_HEARD if self.private else None)

    def discreet(self, *, yes: bool) -> str | None:
        """What is said outside, if that is something else."""
        return self.outside[0 if yes else 1] if self.private else None


@dataclass(frozen=True, slots=True)
class FactIs:
    """A yes/no fact has a value."""

    named: Named
    value: bool
    yes: str
    no: str
    unknown: str | None = None  # in place of the sensor's silence

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        del now
        fact = self.named.fact
        if not fact.fresh:
            discreet = NOT_HEARD if self.named.private else None
            return Verdict(Truth.UNKNOWN, self.unknown, discreet=discreet) if self.unknown else self.named.unknown()
        seen = (Seen(fact=fact.name, value="yes" if fact.value else "no"),)
        yes = bool(fact.value) is self.value
        text = self.yes if fact.value else self.no
        return Verdict(_said(yes=yes), text, seen, discreet=self.named.discreet(yes=yes))

    def summarize(self) -> str:
        """See ``Condition``."""
        return self.yes if self.value else self.no

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return (self.named.fact.name,)


@dataclass(frozen=True, slots=True)
class FactCompares:
    """A numeric fact is above or below a bound."""

    named: Named
    bound: float
    above: bool
    sentence: str = ""  # where "... is 3" would not be English: "you were up {} tonight"

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``."""
        del now
        fact = self.named.fact
        if not fact.fresh:
            return self.named.unknown()
        value, bound = self._shown(fact.number), self._shown(self.bound)
        yes = fact.number > self.bound if self.above else fact.number < self.bound
        says = self._says(value)
        text = f"{says}; the rule asks for {'more' if self.above else 'less'} than {bound}"
        seen = (Seen(fact=fact.name, value=value, bound=bound),)
        return Verdict(_said(yes=yes), text, seen, discreet=self.named.discreet(yes=yes))

    def _says(self, value: str) -> str:
        return self.sentence.format(value) if self.sentence else f"{self.named.says} is {value}"

    def _shown(self, value: float) -> str:
        return self.named.words.quantity(self.named.fact.name.partition(".")[2], value)

    def summarize(self) -> str:
        """See ``Condition``."""
        return self._says(f"{'more' if self.above else 'less'} than {self._shown(self.bound)}")

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return (self.named.fact.name,)


@dataclass(frozen=True, slots=True)
class FactIsStale:
    """A fact no longer counts, or was never heard in the time that its sensor has (or the other way round)."""

    named: Named
    stale: bool

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``. In the first while after a start there is nothing to miss yet: that is neither."""
        del now
        fact = self.named.fact
        seen = (Seen(fact=fact.name, value=fact.quality.value),)
        if fact.quality is Quality.MISSING:
            return Verdict(_said(yes=False), self.named.silence(), seen, discreet=self.named.discreet(yes=False))
        text = f"the sensor for {self.named.says} is heard" if fact.fresh else self.named.silence()
        yes = (not fact.fresh) is self.stale
        return Verdict(_said(yes=yes), text, seen, discreet=self.named.discreet(yes=yes))

    def summarize(self) -> str:
        """See ``Condition``."""
        return f"the sensor for {self.named.says} is {'silent' if self.stale else 'heard'}"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return (FRESHNESS + self.named.fact.name,)


@dataclass(frozen=True, slots=True)
class RoutineRuns:
    """A routine has begun and has not run out."""

    fact: Fact
    name: str
    lasts: timedelta
    words: Words

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``. A routine that never began is simply not running."""
        name = self.name.replace("_", " ")
        if self.fact.at is None or not self.fact.value:
            return Verdict(Truth.NO, f"the {name} routine has not begun")
        ends = self.fact.at + self.lasts
        if now >= ends:
            return Verdict(Truth.NO, f"the {name} routine began at {self.words.clock(self.fact.at)} and is over")
        return Verdict(Truth.YES, f"the {name} routine began at {self.words.clock(self.fact.at)}", until=ends)

    def summarize(self) -> str:
        """See ``Condition``."""
        return f"the {self.name.replace('_', ' ')} routine is running"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return (self.fact.name,)


@dataclass(frozen=True, slots=True)
class Between:
    """The person's clock is between two times of day, over midnight too. ``starts`` may differ by weekday."""

    starts: tuple[time, ...]  # Monday first; one for each day, or seven equal ones
    end: time
    words: Words
    says: str
    evening: bool = False  # a start before noon (a bedtime of 00:30) belongs to the evening of the day before
    # The last answer holds from when it was found until it may change: nothing has to be worked out in between.
    _found: list[tuple[datetime, datetime, bool]] = field(default_factory=list, init=False, repr=False, compare=False)

    def evaluate(self, now: datetime) -> Verdict:
        """See ``Condition``. Times that a clock change skips or repeats are as ``timetable.instant`` has them."""
        inside, until = self.look(now)
        text = f"it is {self.words.clock(now)}, {'' if inside else 'not '}{self.says}"
        return Verdict(_said(yes=inside), text, until=until)

    def look(self, now: datetime) -> tuple[bool, datetime]:
        """Whether it holds, and until when."""
        if not self._found or not self._found[0][0] <= now < self._found[0][1]:
            inside, until = self._find(now)
            self._found[:] = [(now, until, inside)]
        _, until, inside = self._found[0]
        return inside, until

    def _find(self, now: datetime) -> tuple[bool, datetime]:
        local = now.astimezone(self.words.zone)
        for day in (local.date() - timedelta(days=1), local.date()):
            start, end = self._span(day)
            if start <= now < end:
                return True, end
        days = (local.date() + timedelta(days=step) for step in range(-1, 3))
        return False, min(start for start in (self._span(day)[0] for day in days) if start > now)

    def _span(self, day: date) -> tuple[datetime, datetime]:
        start = self.starts[day.weekday()]
        last = day if self.end > start else day + timedelta(days=1)
        shift = timedelta(days=1) if self.evening and start < NOON else timedelta(0)
        return instant(day + shift, start, self.words.zone), instant(last + shift, self.end, self.words.zone)

    def summarize(self) -> str:
        """See ``Condition``."""
        return f"it is {self.says}"

    def watches(self) -> tuple[str, ...]:
        """See ``Condition``."""
        return ()

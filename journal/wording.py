"""Numbers, times and names in plain words, for whatever is read back or answered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from config.profile import Bedtime
from journal.entry import Entry
from journal.vocabulary import PLACES

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SYMPTOM_WORDS: Final = {
    "spasm": ("spasm", "spasms"),
    "stiffness": ("stiffness", "stiffness"),
    "clonus": ("bouncing", "bouncing"),
    "pain": ("pain", "pain"),
    "fatigue": ("fatigue", "fatigue"),
    "hug": ("hug", "hugs"),
    "weakness": ("weakness", "weakness"),
    "night_waking": ("night waking", "night wakings"),
}
"""One and many of each symptom, as it is read back."""
REPORT_WORDS: Final = {
    "stress": "stress",
    "slept_badly": "bad night",
    "sleep": "sleep",
    "water": "water",
    "caffeine": "caffeine",
    "alcohol": "alcohol",
    "meal": "meal",
    "too_hot": "too hot",
    "too_cold": "too cold",
    "fever": "fever",
    "infection": "infection",
    "took_reminder": "reminder done",
    "tight_clothing": "tight clothing",
    "period": "period",
    "exertion": "exertion",
    "bath": "bath",
    "fall": "fall",
}
CAUSE_WORDS: Final = {
    "humid_heat": "humid heat",
    "rapid_change": "a change of temperature",
    "poor_sleep": "bad sleep",
    "dehydration": "too little water",
    "tight_clothing": "tight clothing",
    "long_sitting": "long sitting",
    "bladder": "a full bladder",
    "menstrual": "the period",
    "hot_bath": "a hot bath",
}
"""Suspected causes that are not called by their id."""
_PAIRED: Final = {
    **{name: f"{name}s" for name in ("toe", "ankle", "shin", "knee", "hip", "buttock", "leg", "shoulder", "arm")},
    **{name: f"{name}s" for name in ("elbow", "forearm", "wrist", "hand", "finger", "thumb")},
    "thigh": "thighs",
    "big_toe": "big toes",
    "foot": "feet",
    "calf": "calves",
}
"""Places that a body has on both sides."""
_NOON: Final = 12
_EVENING: Final = 18
_MINUTES_SPOKEN: Final = 60
_HOURS_SPOKEN: Final = 6


def number(value: float) -> str:
    """7 as "seven", 6.5 as "six and a half", 38.4 as "38.4"."""
    whole = int(value)
    if whole < 0 or value > len(NUMBERS) - 1:
        return f"{value:g}"
    if value == whole:
        return NUMBERS[whole]
    return ("half" if not whole else f"{NUMBERS[whole]} and a half") if value - whole == 0.5 else f"{value:g}"  # noqa: PLR2004 (a half)


def times(count: int) -> str:
    """2 as "twice"."""
    return {1: "once", 2: "twice"}.get(count) or f"{number(count)} times"


def plural(count: int, one: str, many: str = "") -> str:
    """How many of something: "three spasms"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def listed(parts: list[str], last: str = "and") -> str:
    """Some parts as a list in a sentence: "a, b and c"."""
    return f" {last} ".join(part for part in [", ".join(parts[:-1]), *parts[-1:]] if part)


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


def noun(entry: Entry, *, many: bool = False) -> str:
    """What an entry is about: "left calf spasm", "stiffness in both legs", "no spasms"."""
    one, several = SYMPTOM_WORDS.get(entry.what, ("", ""))
    if entry.kind == "none":
        return f"no {several or 'symptoms'}"
    if entry.kind == "note":
        return "note"
    if entry.kind == "rating":
        return SYMPTOM_WORDS.get(entry.what, (entry.what, ""))[0]
    if entry.kind == "report":
        return _report(entry)
    many = many or entry.count > 1
    word = several if many else one or entry.what
    place = PLACES.get(entry.place, "")
    hug = entry.what == "hug" and bool(place)
    if entry.side == "both" and place and not hug:
        return f"{word} in both {_PAIRED[entry.place]}" if entry.place in _PAIRED else f"{place} {word}, both sides"
    side = "both sides" if entry.side == "both" else entry.side
    parts = (word, "round the", entry.side.removesuffix("both"), place) if hug else (side, place, word)
    return " ".join(part for part in parts if part)


def _report(entry: Entry) -> str:
    if entry.reminder:
        return f"{entry.reminder.replace('_', ' ')} done"
    name = REPORT_WORDS.get(entry.what, entry.what.replace("_", " "))
    if entry.what == "water" and entry.count > 1:
        return f"{number(entry.count)} glasses of water"
    if not entry.over:
        return name
    return f"{name} off" if entry.what == "tight_clothing" else f"{name} over"


# -- times


def clock(moment: datetime, zone: tzinfo) -> str:
    """The time of day there: "03:10"."""
    return f"{moment.astimezone(zone):%H:%M}"


def day(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """The day, as somebody would say it: "today", "yesterday", "on Monday", "on 3 May"."""
    there, here = moment.astimezone(zone).date(), now.astimezone(zone).date()
    back = (here - there).days
    if back == 0:
        return "today"
    if back in (1, -1):
        return "yesterday" if back == 1 else "tomorrow"
    return f"on {there:%A}" if -7 < back < 7 else f"on {there.day} {there:%B}"  # noqa: PLR2004 (days of a week)


def ago(moment: datetime, now: datetime) -> str:
    """A short time back: "ten minutes ago", "an hour ago"; nothing where it is now."""
    minutes = round((now - moment) / timedelta(minutes=1))
    if minutes <= 1:
        return ""
    if minutes < _MINUTES_SPOKEN:
        return f"{number(minutes)} minutes ago"
    hours = round(minutes / 60)
    return "an hour ago" if hours == 1 else f"{number(hours)} hours ago"


def part_of_day(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """A time that is not known exactly: "this morning", "last night", "yesterday afternoon"."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    back = (here.date() - there.date()).days
    if there.hour < 5 or (there.hour >= 22 and back == 1):  # noqa: PLR2004 (the night)
        if (here - there) < timedelta(hours=30):
            return "last night" if here.hour >= 5 or back else "tonight"  # noqa: PLR2004 (the night)
        return f"in the night {day(moment, now, zone)}"
    part = "morning" if there.hour < _NOON else "afternoon" if there.hour < _EVENING else "evening"
    if back == 0:
        return f"this {part}"
    return f"yesterday {part}" if back == 1 else f"{day(moment, now, zone)} {part}"


def when(entry: Entry, now: datetime, zone: tzinfo) -> str:
    """When an entry was, as exactly as it is known; nothing where it is now."""
    moment = entry.occurred_at
    if entry.precision == "day":
        return day(moment, now, zone)
    if entry.precision == "part_of_day":
        return part_of_day(moment, now, zone)
    back = now - moment
    same_day = moment.astimezone(zone).date() == now.astimezone(zone).date()
    if back < timedelta(minutes=_MINUTES_SPOKEN - 5) and entry.precision == "minute":
        return ago(moment, now)
    exact = moment.astimezone(zone).minute == 0 and entry.precision == "minute"
    if back < timedelta(hours=_HOURS_SPOKEN) and abs(back / timedelta(hours=1) % 1) < 1 / 60 and not exact:
        return ago(moment, now)
    if entry.precision == "hour" and back < timedelta(minutes=_MINUTES_SPOKEN):
        return "in the last hour"
    return f"at {clock(moment, zone)}" if same_day else f"{day(moment, now, zone)} at {clock(moment, zone)}"


def until(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """A time to come: "21:00", "tomorrow at 07:30", "Monday at 07:30"."""
    said = day(moment, now, zone).removeprefix("on ")
    return clock(moment, zone) if said == "today" else f"{said} at {clock(moment, zone)}"


def on_clock(on: date, at: time, zone: tzinfo) -> datetime:
    """A time on a person's clock, where the hour that summer time leaves out is the next."""
    return datetime.combine(on, at, tzinfo=zone)


def next_rise(bedtime: Bedtime, now: datetime, zone: tzinfo) -> datetime:
    """When the person gets up next, on the clock of UTC."""
    here = now.astimezone(zone)
    today = on_clock(here.date(), bedtime.rise, zone)
    return (today if today > here else on_clock(here.date() + timedelta(days=1), bedtime.rise, zone)).astimezone(
        now.tzinfo
    )

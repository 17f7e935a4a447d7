"""Questions, answered from the journal and the home in at most two short sentences. No entry is not "no symptoms"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from config.types import temperature_text
from journal.context import Reading
from journal.entry import Entry
from journal.nights import Night, last_nights
from journal.outcome import Outcome
from journal.vocabulary import SYMPTOMS
from journal.wording import (
    CAUSE_WORDS,
    REPORT_WORDS,
    SYMPTOM_WORDS,
    clock,
    day,
    listed,
    number,
    plural,
    sentence,
    times,
)
from journal.writing import Room

BAD: Final = 7
WEEK_DAYS: Final = 7
HELP = "Say for example: spasm, left calf, seven; or: undo that; or: how many spasms this week."
NO_PATTERNS = "I have not worked out patterns yet."
NOTHING_MEANT = "That does not mean there was nothing."
_FEWEST_NIGHTS: Final = 5
_NIGHTS: Final = 14
_MOST_LISTED: Final = 5
_CAUSES_OVER: Final = timedelta(days=90)
_CAUSES_SAID: Final = 3


def ask(room: Room) -> Outcome:
    """The answer to a question."""
    return Outcome(says=_ANSWERS.get(room.meaning.query, _help)(room))


def _today(room: Room, back: int = 0) -> datetime:
    """The person's midnight, some days back, in UTC."""
    here = room.visit.now.astimezone(room.visit.zone).date() - timedelta(days=back)
    return datetime.combine(here, datetime.min.time(), tzinfo=room.visit.zone).astimezone(room.visit.now.tzinfo)


def _entries(room: Room, start: datetime, kinds: Sequence[str] = (), what: str = "") -> list[Entry]:
    end = room.visit.now + timedelta(microseconds=1)
    return room.book.between(room.visit.person, start, end, kinds=kinds, what=what)


def _days(entries: Sequence[Entry], room: Room) -> set[date]:
    return {entry.occurred_at.astimezone(room.visit.zone).date() for entry in entries}


def counted(what: str, count: int) -> str:
    """Three spasms, or stiffness twice."""
    one, many = SYMPTOM_WORDS.get(what, (REPORT_WORDS.get(what, what), ""))
    if one == many or not many:
        return one if count == 1 else f"{one} {times(count)}"
    return plural(count, one, many)


def _how_often(what: str, count: int) -> str:
    """As ``counted``, with "once" said where that is the answer."""
    said = counted(what, count)
    return f"{said} once" if count == 1 and not said.startswith(number(1)) else said


# -- counts


def _count_week(room: Room) -> str:
    return _count(room, room.meaning.days or WEEK_DAYS)


def _count_today(room: Room) -> str:
    return _count(room, room.meaning.days or 1)


def _count_yesterday(room: Room) -> str:
    begin, end = _today(room, 1), _today(room, 0)
    entries = room.book.between(room.visit.person, begin, end)
    return _counted_in(room, entries, "yesterday", 1)


def _count(room: Room, days: int) -> str:
    entries = _entries(room, _today(room, days - 1))
    return _counted_in(room, entries, "today" if days == 1 else f"in {number(days)} days", days)


def _counted_in(room: Room, entries: Sequence[Entry], span: str, days: int) -> str:
    about = room.meaning.about
    if about and about not in SYMPTOMS:
        found = [entry for entry in entries if entry.kind == "report" and entry.what == about and not entry.over]
    else:
        found = [entry for entry in entries if entry.kind == "symptom" and about in ("", entry.what)]
    total = sum(entry.count for entry in found)
    if not total:
        return _none_of(room, about, entries, span, days)
    on = "" if days == 1 else f", on {plural(len(_days(found, room)), 'day')}"
    name = _how_often(about, total) if about else plural(total, "symptom")
    return sentence(f"{name} {span}{on}")


def _none_of(room: Room, about: str, entries: Sequence[Entry], span: str, days: int) -> str:
    name = SYMPTOM_WORDS.get(about, ("", ""))[1] or REPORT_WORDS.get(about, "symptoms")
    said = [entry for entry in entries if entry.kind == "none" and entry.what in ("", about)]
    if days == 1 and said:
        return f"You said: no {name} {span}."
    first = f"No {name} logged {span}."
    if not entries:
        return f"Nothing is logged {span}. {NOTHING_MEANT}"
    return first if days == 1 else f"{first} You logged something on {plural(len(_days(entries, room)), 'day')}."


# -- last ones and lists


def _absolute(entry: Entry, room: Room) -> str:
    """An entry with its day and time, however long ago."""
    now, zone = room.visit.now, room.visit.zone
    exact = entry.precision in ("minute", "hour")
    at = f"{day(entry.occurred_at, now, zone)}" + (f" at {clock(entry.occurred_at, zone)}" if exact else "")
    name = room.back([entry]).rstrip(".")
    short = name.split(", ")[0]
    severity = "" if entry.severity is None else f", {number(entry.severity)}"
    return f"{short[:1].lower()}{short[1:]}{severity}, {at}"


def _last_bad(room: Room) -> str:
    about = room.meaning.about
    found = room.book.latest(room.visit.person, kinds=("symptom",), what=about, at_least=BAD)
    if not found:
        return f"Nothing of {number(BAD)} or more is logged."
    return sentence(f"Your last bad one: {_absolute(found[0], room)}")


def _last_entry(room: Room) -> str:
    found = room.logged(_MOST_LISTED)[:1]
    return sentence(f"Last: {_absolute(found[0], room)}") if found else "Nothing is logged yet."


def _say_again(room: Room) -> str:
    found = room.logged(_MOST_LISTED)[:1]
    return room.back(found) if found else "Nothing is logged yet."


def _logged_today(room: Room) -> str:
    period = room.visit.profile.journal.period
    entries = [each for each in _entries(room, _today(room)) if period or each.what != "period"]
    if not entries:
        return f"Nothing is logged today. {NOTHING_MEANT}"
    counts: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        counts[entry.kind, entry.what] += entry.count if entry.kind in ("symptom", "report") else 1
    parts = [_in_list(kind, what, count) for (kind, what), count in counts.items()]
    if len(parts) > _MOST_LISTED:
        parts = [*parts[: _MOST_LISTED - 1], f"{number(len(parts) - _MOST_LISTED + 1)} more"]
    return sentence(f"Today: {listed(parts)}")


def _in_list(kind: str, what: str, count: int) -> str:
    if kind == "note":
        return "a note" if count == 1 else plural(count, "note")
    if kind == "none":
        return f"no {SYMPTOM_WORDS.get(what, ('', 'symptoms'))[1]}"
    if kind == "rating":
        return f"a rating of {SYMPTOM_WORDS.get(what, (what,))[0]}"
    return counted(what, count)


def _nurse_summary(room: Room) -> str:
    days = room.meaning.days or WEEK_DAYS
    entries = _entries(room, _today(room, days - 1))
    symptoms = [entry for entry in entries if entry.kind == "symptom"]
    logged = f"You logged something on {number(len(_days(entries, room)))} of {plural(days, 'day')}."
    if not entries:
        return f"Nothing is logged in {plural(days, 'day')}. {NOTHING_MEANT}"
    if not symptoms:
        return f"No symptoms logged in {plural(days, 'day')}. {logged}"
    counts: Counter[str] = Counter()
    for entry in symptoms:
        counts[entry.what] += entry.count
    parts = [counted(what, count) for what, count in counts.most_common(_MOST_LISTED)]
    strengths = [entry.severity for entry in symptoms if entry.severity is not None]
    worst = f", the worst {number(max(strengths))}" if strengths else ""
    on = f"on {plural(len(_days(symptoms, room)), 'day')}"
    return f"In {plural(days, 'day')}: {listed(parts)}{worst}, {on}. {logged}"


def _last_night(room: Room) -> str:
    nights = last_nights(room.visit.profile.bedtime, room.visit.now, room.visit.zone, _NIGHTS + 1)
    first, last = nights[-1].day_start, nights[0].end
    entries = room.book.between(room.visit.person, first, last)
    active = [night for night in nights[1:] if any(night.day_start <= each.occurred_at < night.end for each in entries)]
    if not any(nights[0].day_start <= each.occurred_at < nights[0].end for each in entries):
        return "Nothing is logged for last night, so I cannot compare it."
    count = _in_night(nights[0], entries)
    said = f"Last night you logged {plural(count, 'symptom') if count else 'no symptoms'}"
    if len(active) < _FEWEST_NIGHTS:
        return f"{said}. I have too few nights to compare."
    usual = median(_in_night(night, entries) for night in active)
    than = "more than" if count > usual else "fewer than" if count < usual else "the same as"
    return f"{said}, your usual is {number(usual) if usual else 'none'}. That is {than} usual."


def _in_night(night: Night, entries: Sequence[Entry]) -> int:
    found = [each for each in entries if each.kind == "symptom" and night.start <= each.occurred_at < night.end]
    return sum(entry.count for entry in found)


# -- opinions, the home, help


def _triggers(room: Room) -> str:
    entries = _entries(room, room.visit.now - _CAUSES_OVER)
    counts: Counter[str] = Counter(cause for entry in entries for cause in entry.suspected)
    del counts["missed_meds"]
    if not counts:
        return f"You have not named a cause yet. {NO_PATTERNS}"
    named = [f"{CAUSE_WORDS.get(cause, cause)} {times(count)}" for cause, count in counts.most_common(_CAUSES_SAID)]
    return f"You suspected {listed(named)}. {NO_PATTERNS}"


def _why(room: Room) -> str:
    about = room.meaning.about or "fan"
    return sentence(room.home.why.get(about) or f"I have nothing on record about the {about.replace('_', ' ')}")


def _room_now(room: Room) -> str:
    home = room.home
    context = home.context
    name = home.room.replace("_", " ")
    warm, damp = _known(context.temperature), _known(context.humidity)
    if warm is None:
        return f"I do not know how warm the {name} is. No reading has come."
    text = temperature_text(round(float(warm.value or 0), 1), fahrenheit=home.fahrenheit)
    if warm.quality != "fresh":
        age = "some time" if warm.age_minutes is None else plural(round(warm.age_minutes), "minute")
        return f"The {name} was {text} {age} ago. I have nothing newer."
    wet = f", humidity {round(float(damp.value or 0))} %" if damp is not None and damp.quality == "fresh" else ""
    return f"The {name} is {text}{wet}."


def _known(reading: Reading | None) -> Reading | None:
    """A reading that has a number."""
    return None if reading is None or reading.value is None or reading.quality == "missing" else reading


def _help(_: Room) -> str:
    return HELP


_ANSWERS: Final[Mapping[str, Callable[[Room], str]]] = {
    "count_week": _count_week,
    "count_today": _count_today,
    "count_yesterday": _count_yesterday,
    "last_bad": _last_bad,
    "last_night": _last_night,
    "last_entry": _last_entry,
    "logged_today": _logged_today,
    "triggers": _triggers,
    "why_fan": _why,
    "nurse_summary": _nurse_summary,
    "room_now": _room_now,
    "say_again": _say_again,
    "help": _help,
}

"""Answers to what was asked, pauses, and what is steered by a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from journal.changes import group_of, which_one
from journal.entry import Entry
from journal.meaning import Said
from journal.outcome import Ask, Outcome
from journal.reports import asks_of
from journal.wording import next_rise, number, on_clock, until
from journal.writing import Room

NOTED = "Noted."
NOTHING_OPEN = "Nothing is open now."
STOPPING = "Stopping."
RESUMED = "The pause is over."
LATE_PAUSE = "That time has passed. Nothing was paused."
PATH_STAYS = "The night path stays on."
PAUSED: Final = ("paused everything", "paused evening")
WHEN_RESUMED = "It is paused now. Say: resume everything."
_JUST_NOW: Final = timedelta(minutes=2)
_AREAS: Final = {
    "": "Everything is",
    "cooling": "Cooling is",
    "lights": "Lights are",
    "prompts": "Prompts are",
    "evening": "The routines are",
}
_STEERING: Final = frozenset({"next", "stop", "pause", "resume", "done", "yes", "no"})
_TO_WHAT_RUNS: Final = frozenset({"next", "stop"})
_SAYS: Final = {"later": "Later, then.", "skip": "Skipped.", "begin": "Starting.", "next": "Next."}
_CONTROL_SAYS: Final = {
    "begin": "Starting {name}.",
    "pause": "Pausing {name}.",
    "resume": "Going on with {name}.",
    "skip": "Skipping {name}.",
    "next": "Next.",
    "stop": STOPPING,
}


def answer(room: Room) -> Outcome:
    """What somebody answers, to whatever is open."""
    meaning = room.meaning
    if meaning.rating is not None:
        return _rating(room, meaning.rating)
    if meaning.reply in ("stop_tonight", "pause_until", "resume"):
        return _pause(room)
    if meaning.reply == "stop_now" or meaning.word == "stop":
        return Outcome(asks=(Ask(kind="answer", word="stop"),), says=STOPPING)
    word = meaning.word or meaning.reply
    if room.home.offered == "night" and word in ("yes", "no", "done", "skip"):
        return _night(room, woke=word in ("yes", "done"))
    if not room.home.offered and not (room.home.steers and word in _STEERING):
        return Outcome(says=NOTHING_OPEN)
    return _plain(room, word)


def _plain(room: Room, word: str) -> Outcome:
    when = room.meaning.until if word in ("later", "until") else None
    if room.home.offered:  # what runs tells yes from done by itself
        word = {"yes": "done", "no": "skip"}.get(word, word)
    word = "later" if word == "until" else word
    says = _SAYS.get(word, NOTED)
    if when is not None:
        says = f"Later, at {until(when, room.visit.now, room.visit.zone)}."
    return Outcome(asks=(Ask(kind="answer", word=word, until=when),), says=says)


def _night(room: Room, *, woke: bool) -> Outcome:
    """Whether the night was broken, as the person says it. Which hour it was is not known."""
    entry = room.new("symptom" if woke else "none", "night_waking")
    entry = replace(entry, occurred_at=last_night(room), precision="part_of_day", woke=woke)
    said = Ask(kind="answer", name="night", word="yes" if woke else "no")
    outcome = room.outcome([entry], "Night waking, last night, noted." if woke else "No night waking, noted.")
    return replace(outcome, asks=(*outcome.asks, said))


def last_night(room: Room) -> datetime:
    """The middle of the night that is over, or that it is."""
    bedtime, zone, now = room.visit.profile.bedtime, room.visit.zone, room.visit.now
    rise = on_clock(now.astimezone(zone).date(), bedtime.rise, zone).astimezone(now.tzinfo)
    return min(rise - timedelta(hours=4), now)


def _rating(room: Room, value: float) -> Outcome:
    """A bare number: for what asks, or for the entry that has just been made without one."""
    if room.home.offered == "rating":
        entry = replace(room.new("rating", "stiffness"), severity=value, severity_source="number")
        told = Ask(kind="answer", name="rating", word="done", value=value)
        return Outcome(changes=(room.added(entry),), asks=(told,), says=room.back([entry]))
    bare = [each for each in _just_logged(room) if each.severity is None and each.kind == "symptom"]
    if len(bare) == 1:
        return _strength(room, bare[0], value)
    if bare:
        return Outcome(says=which_one(bare, "set_severity", Said(kind="symptom", what="", severity=value)))
    of = number(value).capitalize()
    return room.note(f"{of} of what? Say for example: stiffness {number(value)}.")


def _just_logged(room: Room) -> list[Entry]:
    last = room.logged(10)
    if not last or room.visit.now - last[0].logged_at > _JUST_NOW:
        return []
    return sorted((each for each in last if group_of(each) == group_of(last[0])), key=lambda each: each.id)


def _strength(room: Room, entry: Entry, value: float) -> Outcome:
    after = replace(entry, severity=value, severity_source="number")
    change = replace(room.added(after, "set_severity"), before=entry)
    asks = asks_of(after, room.visit.now, room.home, frozenset())
    return Outcome(changes=(change,), asks=tuple(asks), says=room.back([after]))


# -- pauses and controls


def _pause(room: Room) -> Outcome:
    meaning, visit = room.meaning, room.visit
    if meaning.reply == "resume":
        return Outcome(asks=(Ask(kind="pause", name=meaning.about),), says=RESUMED)
    rise = next_rise(visit.profile.bedtime, visit.now, visit.zone)
    if meaning.reply == "stop_tonight":
        end, area = meaning.until or rise, "prompts"
    else:
        end, area = meaning.until or rise, meaning.about
    if end <= visit.now:
        return Outcome(says=LATE_PAUSE)
    what = _AREAS.get(area, "That is")
    says = f"{what} paused until {until(end, visit.now, visit.zone)}. {PATH_STAYS}"
    return Outcome(asks=(Ask(kind="pause", name=area, until=end),), says=says)


def control(room: Room) -> Outcome:
    """A routine, or what is spoken step by step, is told something."""
    meaning, home = room.meaning, room.home
    word, name = meaning.control, meaning.about
    if word in _TO_WHAT_RUNS:
        if not home.steers and word == "next":
            return Outcome(says=NOTHING_OPEN)
        return Outcome(asks=(Ask(kind="answer", word=word),), says=_CONTROL_SAYS[word])
    if word and not meaning.about and (home.offered or home.steers):
        return Outcome(asks=(Ask(kind="answer", word=word),), says=_SAYS.get(word, NOTED))
    if not word or not name:
        return room.note("Which routine? Say for example: start the wind-down.")
    says = _CONTROL_SAYS[word].format(name=f"the {name.replace('_', '-')}")
    if word == "begin" and any(each in PAUSED for each in home.context.doing):
        says = WHEN_RESUMED
    return Outcome(asks=(Ask(kind="routine", name=name, word=word),), says=says)

"""What of an evening would never come, although the file has no mistake: said before somebody waits for it. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from config.load import Configuration
from config.mistakes import nearest_to
from config.profile import DEFAULT_ROUTINES, Profile
from config.yaml_file import KeyPath
from integration.probe.findings import Finding, Verdict

Note = tuple[KeyPath, str, str, str]
"""Where it stands, what it is about, what is so, and what could be done."""


def evening_notes(configuration: Configuration) -> Iterator[Finding]:
    """Routines in which nothing happens, reminders and a wash that are never offered, contacts who are never told."""
    for person, profile in configuration.profiles.items():
        for path, about, says, advice in [
            *_routines(profile),
            *_reminders(profile),
            *_wash(profile),
            *_contacts(profile),
        ]:
            place = configuration.place_in_profile(person, path)
            yield Finding(about=about, verdict=Verdict.NOTE, says=says, place=place, advice=advice)


def _routines(profile: Profile) -> Iterator[Note]:
    with_steps = [name for name, routine in DEFAULT_ROUTINES.items() if routine.steps]
    for name, routine in profile.routines.items():
        path = ("routines", name)
        if routine.steps:
            begins = routine.at
            for index, step in enumerate(routine.steps):
                same = begins is not None and begins.anchor == step.at.anchor != "clock"
                if same and begins is not None and step.at.offset + step.grace < begins.offset:
                    says = "has a step that is over before the routine begins"
                    advice = "Let the routine begin earlier: give it an at: of its own."
                    yield (*path, "steps", index, "at"), name, says, advice
        elif near := nearest_to(name, with_steps):
            says = "is a routine of your own, in which nothing happens"
            yield path, name, says, f"If you mean the one that is shipped, write {near}."
        elif name in DEFAULT_ROUTINES and routine.at is not None:
            says = "has a time, and nothing is offered at it"
            yield path, name, says, f"Write a step of a routine that offers it: offer: [{name}]."


def _reminders(profile: Profile) -> Iterator[Note]:
    offered = {name for routine in profile.all_routines().values() for step in routine.steps for name in step.offer}
    for name, reminder in profile.reminders.items():
        path = ("reminders", name)
        if not reminder.enabled:
            continue
        if not reminder.at and name not in offered:
            says, advice = "never comes: nothing says when", "Give it a time, like at: [20:00], or name it in a step."
            yield path, name, says, advice
        for index, moment in enumerate(reminder.at):
            clock = timedelta(hours=moment.clock.hour, minutes=moment.clock.minute)
            if moment.anchor != "clock" or reminder.in_quiet_hours:
                continue
            if _is_quiet(profile, clock) and _is_quiet(profile, clock + reminder.grace):
                says = "has a time in your quiet hours, in which nothing is said"
                yield (*path, "at", index), name, says, "If it is to come then, write in_quiet_hours: true."


def _is_quiet(profile: Profile, clock: timedelta) -> bool:
    quiet = profile.quiet_hours
    begins, ends = (timedelta(hours=at.hour, minutes=at.minute) for at in (quiet.start, quiet.end))
    clock %= timedelta(days=1)
    return begins <= clock < ends if begins <= ends else not ends <= clock < begins


def _wash(profile: Profile) -> Iterator[Note]:
    wash = profile.prompts.wash
    if wash.enabled and wash.gets_out == "unsure":
        says = "is never offered: whether you get out alone is not answered"
        yield ("prompts", "wash"), "wash", says, "Write gets_out: alone, or gets_out: with_someone."


def _contacts(profile: Profile) -> Iterator[Note]:
    told = [index for index, each in enumerate(profile.contacts) if each.bath]
    for index in told[1:]:
        first = profile.contacts[told[0]].name
        says = f"is not told after a bath: one contact is, and that is {first}"
        yield ("contacts", index), profile.contacts[index].name, says, "Leave bath: true at one of them."

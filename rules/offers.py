"""What a prompt says, and when it must not be offered: safety that no rule can edit away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.profile import Profile, Prompt, WashPrompt
from devices.control.channels import ANSWERS
from devices.control.offer import Offer, sentences
from rules.audience import is_known
from rules.triggers import Level
from rules.words import Words
from rules.world import World

LUKEWARM_C = 30.0
"""°C, the middle of the 27-33 °C that is offered when heat may be a trigger."""
WARM_NOT_HOT_C = 35.0
"""°C, the middle of the 34-36 °C that is suggested when heat is no trigger."""
TOO_WARM_ROOM_C = 25.0
"""°C. In a room this warm no wash is offered."""
SLEEPY = timedelta(hours=4)
"""So long after a reminder that makes sleepy was done no wash is offered."""

_FEELS_BAD = {
    "stretch": (("fever", "infection", "fall"), 8.0, timedelta(hours=1)),
    "wash": (("fever", "infection", "alcohol", "sleepy_reminder", "fall"), 7.0, timedelta(hours=2)),
}
"""By prompt: the reports that keep it back, and the symptom strength and time that do."""
_OPEN_TITLES = {
    "stretch": "Time to stretch",
    "wash": "Time for a wash",
    "drink": "Last larger drink",
    "rating": "How stiff today?",
    "caffeine": "Last coffee or tea",
    "night": "Your night",
}
_QUESTIONS = {
    "stretch": "Time for a stretch or some gentle movement?",
    "drink": "Time for your last larger drink?",
    "caffeine": "Last coffee or tea for today?",
}
_RATING = {True: "One number for today, zero to ten?", False: "How stiff are you, zero to ten?"}
_NIGHT = {True: "How was your night?", False: "Did stiffness or a spasm wake you last night?"}
_SAFE = ("Test the water.", "Do not bathe alone if heat weakens you.", "Keep your phone or call cord in reach.")
_WITH_SOMEONE = "Only with someone there."
_NO_ALARM = 'After "I am in the bath" Unclench asks whether you are out. It is no alarm service.'
_NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks for a prompt, and why: a rule, or a step of a routine."""

    why: str
    since: datetime
    causes: tuple[str, ...] = ()
    group: str = ""
    until: datetime | None = None


def offered(world: World, prompt: str, asked: Asked, *, symptoms: list[tuple[datetime, float]], now: datetime) -> Offer:
    """A prompt by its name, or a reminder of the person's own, with the reason that forbids it if there is one."""
    profile = world.profile
    settings, own = settings_of(profile, prompt), prompt in profile.reminders
    return Offer(
        name=prompt,
        title=title(prompt, profile, morning=now.astimezone(world.words.zone).hour < _NOON),
        message=message(prompt, profile, world.words),
        grace=settings.grace,
        later=settings.later,
        repeat=settings.repeat,
        why=asked.why,
        since=asked.since,
        until=asked.until,
        causes=asked.causes,
        group=asked.group,
        refusal=refusal(world, prompt, symptoms=symptoms, now=now),
        spoken=sentences(spoken(prompt, profile, world.words)),
        asks=sentences(question(prompt, profile)),
        buttons=buttons(prompt, profile),
        writes="done" if prompt == "rating" else "",
        silent=prompt == "caffeine",
        counts=prompt != "night",
        urgent=own and profile.reminders[prompt].in_quiet_hours,
        own=own,
        # What a reminder is about is not known, and the words about the bath speak of heat that weakens.
        private=profile.discreet and (own or prompt == "wash"),
    )


def settings_of(profile: Profile, prompt: str) -> Prompt:
    """The person's settings of a prompt or reminder; the usual ones of a name that there is not."""
    known: dict[str, Prompt] = {
        "stretch": profile.prompts.stretch,
        "wash": profile.prompts.wash,
        "drink": profile.prompts.drink,
        "rating": profile.prompts.rating,
        "caffeine": profile.prompts.caffeine,
        "night": profile.prompts.night,
    }
    return profile.reminders.get(prompt) or known.get(prompt) or Prompt()


def title(prompt: str, profile: Profile, *, morning: bool = False) -> str:
    """The short line. Discreet: it tells a visitor nothing."""
    if not profile.discreet and prompt in _OPEN_TITLES:
        return _OPEN_TITLES[prompt]
    if prompt in profile.reminders:
        return "Your reminder"
    if prompt == "caffeine":
        return "For today"
    return "Morning routine?" if morning else "Evening routine?"


def question(prompt: str, profile: Profile) -> str:
    """What is asked, in one sentence. Of a reminder only the person's own words."""
    says = settings_of(profile, prompt).says
    if says:
        return says
    if prompt in profile.reminders:
        return prompt.replace("_", " ").capitalize()
    if prompt == "wash":
        return f"{_kind_of_wash(profile.prompts.wash)}?"
    if prompt in ("rating", "night"):
        return (_RATING if prompt == "rating" else _NIGHT)[profile.discreet]
    return _QUESTIONS[prompt]


def message(prompt: str, profile: Profile, words: Words) -> str:
    """What the phone shows."""
    said = spoken(prompt, profile, words)
    return f"{said} {_NO_ALARM}" if prompt == "wash" else said


def spoken(prompt: str, profile: Profile, words: Words) -> str:
    """What is spoken: the question, and for a wash what makes it safe."""
    asks = question(prompt, profile)
    if prompt != "wash":
        return asks
    wash = profile.prompts.wash
    lead = [asks] if wash.says else [asks, f"About {words.temperature(water_c(wash))}."]
    return " ".join([*lead, *([_WITH_SOMEONE] if wash.gets_out == "with_someone" else []), *_SAFE])


def buttons(prompt: str, profile: Profile) -> dict[str, str]:
    """The answers, and what their buttons say."""
    later_or_skip = {"later": ANSWERS["later"], "skip": ANSWERS["skip"]}
    if prompt == "wash":
        return {"begin": "I am in the bath", **later_or_skip}
    if prompt == "stretch" and profile.prompts.stretch.moves:
        return {"begin": "Start", **later_or_skip}
    if prompt == "night":
        return {"yes": "It woke me", "no": "Quiet"} if profile.discreet else {"yes": "Yes", "no": "No"}
    return {"done": "0 to 10", "skip": ANSWERS["skip"]} if prompt == "rating" else dict(ANSWERS)


def _night_refusal(world: World) -> str | None:
    if is_known(world, "night.restless_last", value=True):
        return None
    quiet = is_known(world, "night.restless_last", value=False)
    return "the night was quiet" if quiet else "nothing is known of the night"


def _kind_of_wash(wash: WashPrompt) -> str:
    return "Time for a warm, not hot, wash" if wash.heat_sensitive == "no" else "Time for a cool or lukewarm wash"


def water_c(wash: WashPrompt) -> float:
    """How warm the water is to be, in °C; never above what ``WashPrompt`` can store."""
    if wash.water is not None:
        return wash.water
    return WARM_NOT_HOT_C if wash.heat_sensitive == "no" else LUKEWARM_C


def refusal(world: World, prompt: str, *, symptoms: list[tuple[datetime, float]], now: datetime) -> str | None:
    """Why ``prompt`` must not be offered now, in words for the person; None when it may."""
    if not settings_of(world.profile, prompt).enabled:
        return "it is switched off"
    if prompt == "night":
        return _night_refusal(world)
    names, severity, within = _FEELS_BAD.get(prompt, ((), 0.0, timedelta(0)))
    for name in names:
        if _reported(world, name):
            return f"you reported {name.replace('_', ' ')}"
    if any(now - at < within and strength >= severity for at, strength in symptoms):
        return "you logged something strong a short while ago"
    return _wash_refusal(world, now) if prompt == "wash" else None


def _reported(world: World, name: str) -> bool:
    return name in world.triggers and world.triggers[name].standing.level is Level.ACTIVE


def _wash_refusal(world: World, now: datetime) -> str | None:
    profile, prompts = world.profile, world.desk.memory.prompts
    gets_out = profile.prompts.wash.gets_out
    if gets_out == "unsure":
        return "the question whether you get out alone is not answered"
    if gets_out == "with_someone" and _reported(world, "alone"):
        return "you reported that you are alone"
    for name, reminder in profile.reminders.items():
        done_at = prompts[name].done_at if reminder.sleepy and name in prompts else None
        if done_at is not None and now - done_at < SLEEPY:
            return "a reminder of yours that makes you sleepy was done a short while ago"
    return _too_warm(world)


def _too_warm(world: World) -> str | None:
    bedroom = world.profile.bedroom
    rooms = [room.temperature for name, room in world.rooms.items() if name in (bedroom, "bathroom")]
    warm = [fact for fact in rooms if fact.fresh and fact.number >= TOO_WARM_ROOM_C]
    if warm:
        return f"the {warm[0].name.partition('.')[0]} is too warm for it"
    unheard = any(any(fact.sources) and not fact.fresh for fact in rooms)
    return "how warm the room is cannot be told" if unheard else None

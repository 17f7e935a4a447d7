"""What a prompt says, and when it must not be offered: safety that no rule can edit away."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.profile import Profile, WashPrompt
from rules.facts import Fact
from rules.triggers import Level, Trigger
from rules.words import Words

LUKEWARM_C = 30.0
"""°C, the middle of the 27-33 °C that is offered when heat may be a trigger."""
WARM_NOT_HOT_C = 35.0
"""°C, the middle of the 34-36 °C that is suggested when heat is no trigger."""
TOO_WARM_ROOM_C = 25.0
"""°C. In a room this warm no wash is offered."""

_FEELS_BAD = {
    "stretch": (("fever", "infection", "fall"), 8.0, timedelta(hours=1)),
    "wash": (("fever", "infection", "alcohol", "sleepy_reminder", "fall"), 7.0, timedelta(hours=2)),
}
"""By prompt: the reports that keep it back, and the symptom strength and time that do."""


def title(prompt: str, profile: Profile) -> str:
    """The short line. Discreet: it tells a visitor nothing."""
    if profile.discreet:
        return "Evening routine?"
    return {"stretch": "Time to stretch", "wash": "Time for a wash"}[prompt]


def message(prompt: str, profile: Profile, words: Words) -> str:
    """What is said."""
    if prompt == "stretch":
        return profile.prompts.stretch.says or "Time for a stretch or some gentle movement?"
    wash = profile.prompts.wash
    lead = wash.says or f"{_kind_of_wash(wash)}? About {words.temperature(water_c(wash))}."
    return f"{lead} Test the water. Do not bathe alone if heat weakens you. Keep your phone or call cord in reach."


def _kind_of_wash(wash: WashPrompt) -> str:
    return "Time for a warm, not hot, wash" if wash.heat_sensitive == "no" else "Time for a cool or lukewarm wash"


def water_c(wash: WashPrompt) -> float:
    """How warm the water is to be, in °C; never above what ``WashPrompt`` can store."""
    if wash.water is not None:
        return wash.water
    return WARM_NOT_HOT_C if wash.heat_sensitive == "no" else LUKEWARM_C


def refusal(  # noqa: PLR0913
    prompt: str,
    profile: Profile,
    *,
    reports: dict[str, Trigger],
    symptoms: list[tuple[datetime, float]],
    rooms: list[Fact],
    now: datetime,
) -> str | None:
    """Why ``prompt`` must not be offered now, in words for the person; None when it may."""
    settings = profile.prompts.wash if prompt == "wash" else profile.prompts.stretch
    if not settings.enabled:
        return "it is switched off"
    names, severity, within = _FEELS_BAD[prompt]
    for name in names:
        if name in reports and reports[name].standing.level is Level.ACTIVE:
            return f"you reported {name.replace('_', ' ')}"
    if any(now - at < within and strength >= severity for at, strength in symptoms):
        return "you logged something strong a short while ago"
    return _wash_refusal(profile, rooms) if prompt == "wash" else None


def _wash_refusal(profile: Profile, rooms: list[Fact]) -> str | None:
    if profile.prompts.wash.gets_out == "unsure":
        return "the question whether you get out alone is not answered"
    warm = [fact for fact in rooms if fact.fresh and fact.number >= TOO_WARM_ROOM_C]
    if warm:
        return f"the {warm[0].name.partition('.')[0]} is too warm for it"
    bedroom = f"{profile.bedroom}.temperature"
    unheard = any(fact.name == bedroom and any(fact.sources) and not fact.fresh for fact in rooms)
    return "how warm the room is cannot be told" if unheard else None

"""Whether the numbers of one profile can all be true at once."""

from __future__ import annotations

from collections.abc import Iterator

from config.mistakes import Mistake
from config.profile import Profile
from config.types import temperature_text
from config.yaml_file import KeyPath, YamlFile


def check_comfort(profile: Profile, file: YamlFile) -> Iterator[Mistake]:
    """Contradictions between the comfort band, the triggers and the quiet hours."""
    for path, problem in (*_band_problems(profile), *_quiet_problems(profile)):
        yield Mistake.at(file.value_place(path), problem)


def _band_problems(profile: Profile) -> Iterator[tuple[KeyPath, str]]:
    """Cooling must be able to end the heat trigger, and must not set off the cold one."""
    heat, cold, comfort = profile.triggers.heat, profile.triggers.cold, profile.comfort
    fahrenheit = profile.units == "F"
    over_at = min(heat.above, heat.above_in_bed) - heat.hysteresis
    over = temperature_text(over_at, fahrenheit=fahrenheit)
    if heat.enabled and comfort.floor_c > over_at:
        floor = temperature_text(comfort.floor_c, fahrenheit=fahrenheit)
        yield (
            _comfort_key(profile, "floor"),
            f"heat is over only below {over}, but the room is never cooled below {floor}",
        )
    elif heat.enabled and comfort.target is not None and comfort.target > over_at:
        target = temperature_text(comfort.target, fahrenheit=fahrenheit)
        yield ("comfort", "target"), f"heat is over only below {over}, but cooling stops at {target}"
    if cold.enabled and heat.enabled and cold.below >= over_at:
        below = temperature_text(cold.below, fahrenheit=fahrenheit)
        yield ("triggers", "cold", "below"), f"cold begins below {below}, but heat is over only below {over}"
    elif cold.enabled and comfort.target is not None and comfort.target < cold.below:
        below = temperature_text(cold.below, fahrenheit=fahrenheit)
        yield ("comfort", "target"), f"cold begins below {below}, so cooling down to this would set it off"


def _comfort_key(profile: Profile, key: str) -> KeyPath:
    """The key itself where the person wrote it, else the limit that they did write."""
    written = getattr(profile.comfort, key) is not None
    return ("comfort", key) if written else ("triggers", "heat", "above_in_bed")


def _quiet_problems(profile: Profile) -> Iterator[tuple[KeyPath, str]]:
    quiet = profile.quiet_hours
    if quiet.start == quiet.end:
        yield (
            ("quiet_hours", "to"),
            "quiet hours that begin and end at the same time are empty; set two different times",
        )
    if profile.bedtime.at == profile.bedtime.rise:
        yield ("bedtime", "rise"), "you get up at the time you go to bed; set two different times"

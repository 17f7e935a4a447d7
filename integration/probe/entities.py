"""Whether each mapped entity exists, is there now, and can do what is asked of it. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from config.mistakes import nearest_to
from config.profile import Profile
from config.types import temperature_text
from devices.control.cover import SETS_POSITION
from integration.probe.findings import Finding, Verdict
from integration.probe.home_assistant import Inventory
from integration.probe.mapped import Mapped

FAN_SETS_SPEED = 1
"""Home Assistant's FanEntityFeature.SET_SPEED."""
COVER_OPENS_AND_CLOSES = 1 | 2
"""Home Assistant's CoverEntityFeature.OPEN and CLOSE."""
ENTITY_ALIKE = 0.6
"""How alike an existing entity must be for "Did you mean": names are long and made of the same words."""


def entity_findings(mapped: Iterable[Mapped], inventory: Inventory) -> Iterator[Finding]:
    """What is wrong with each entity; one line that it is fine, where nothing is."""
    for one in mapped:
        findings = list(_findings(one, inventory))
        yield from findings or [Finding(about=one.entity, verdict=Verdict.FINE, says="is there", place=one.place)]


def _findings(one: Mapped, inventory: Inventory) -> Iterator[Finding]:
    state = inventory.states.get(one.entity)
    if state is None:
        if one.entity not in inventory.services:
            yield _missing(one, inventory)
        return
    if state == "unavailable":
        advice = "Is it switched on, with a battery that is full?"
        yield _finding(one, Verdict.NOTE, "is there, but does not answer now", advice)
        return
    attributes = inventory.attributes.get(one.entity, {})
    if one.domain == "climate":
        yield from _climate(one, attributes, fahrenheit=inventory.fahrenheit)
    elif one.domain == "light":
        yield from _light(one, attributes)
    elif one.domain == "fan":
        yield from _fan(one, attributes)
    elif one.domain == "cover":
        yield from _cover(one, attributes)
    elif one.domain == "weather":
        yield from _weather(one, attributes)


def _missing(one: Mapped, inventory: Inventory) -> Finding:
    known = {name for name in (*inventory.states, *inventory.services) if name.startswith(f"{one.domain}.")}
    nearest = nearest_to(one.entity, known, cutoff=ENTITY_ALIKE)
    advice = f"Did you mean {nearest}?" if nearest else f"Home Assistant has nothing that starts with {one.domain}."
    if not nearest and known:
        advice = "Look for its name in Home Assistant, under Settings, Devices, Entities."
    return _finding(one, Verdict.WRONG, "does not exist in Home Assistant", advice)


def _climate(one: Mapped, attributes: dict[str, object], *, fahrenheit: bool) -> Iterator[Finding]:
    modes = attributes.get("hvac_modes")
    if isinstance(modes, list) and "cool" not in modes:
        shown = ", ".join(str(mode) for mode in modes) or "none"
        yield _finding(one, Verdict.WRONG, "cannot cool", f"Its modes are: {shown}. Take it out of cooling.")
    if one.profile is None:
        return
    target = target_c(one.profile)
    shows_f = one.profile.units == "F"
    lowest, highest = (_celsius(attributes.get(key), fahrenheit=fahrenheit) for key in ("min_temp", "max_temp"))
    wanted = temperature_text(target, fahrenheit=shows_f)
    if lowest is not None and target < lowest:
        says = f"goes no lower than {temperature_text(lowest, fahrenheit=shows_f)}, but is to be set to {wanted}"
        yield _finding(one, Verdict.WRONG, says, "Choose a target that it can reach, in the profile under comfort.")
    if highest is not None and target > highest:
        says = f"goes no higher than {temperature_text(highest, fahrenheit=shows_f)}, but is to be set to {wanted}"
        yield _finding(one, Verdict.WRONG, says, "Choose a target that it can reach, in the profile under comfort.")


def target_c(profile: Profile) -> float:
    """What an air conditioner is set to for this person, in °C."""
    target = profile.comfort.target
    return max(profile.comfort.floor_c, profile.triggers.heat.above_in_bed - 1 if target is None else target)


def _celsius(value: object, *, fahrenheit: bool) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return (value - 32) / 1.8 if fahrenheit else float(value)


def _light(one: Mapped, attributes: dict[str, object]) -> Iterator[Finding]:
    modes = attributes.get("supported_color_modes")
    if not isinstance(modes, list):
        return
    if not set(modes) - {"onoff", "unknown"}:
        yield _finding(one, Verdict.WRONG, "can only be on or off", "It cannot be dimmed. Take it out of lights.")
    elif not set(modes) - {"brightness"}:
        yield _finding(one, Verdict.NOTE, "can be dimmed, but not made warmer", "It will be dimmed only.")


def _fan(one: Mapped, attributes: dict[str, object]) -> Iterator[Finding]:
    features = attributes.get("supported_features")
    if isinstance(features, int) and not features & FAN_SETS_SPEED:
        yield _finding(one, Verdict.NOTE, "can only be on or off", "It will run at the one speed it has.")


def _cover(one: Mapped, attributes: dict[str, object]) -> Iterator[Finding]:
    features = attributes.get("supported_features")
    if not isinstance(features, int) or features & SETS_POSITION:
        return
    if features & COVER_OPENS_AND_CLOSES == COVER_OPENS_AND_CLOSES:
        yield _finding(one, Verdict.NOTE, "can only be open or shut", "It will be shut all the way.")
    else:
        yield _finding(one, Verdict.WRONG, "cannot be opened and shut", "Take it out of cooling.")


def _weather(one: Mapped, attributes: dict[str, object]) -> Iterator[Finding]:
    if not isinstance(attributes.get("temperature"), int | float):
        advice = "Name a thermometer or another weather under outdoor."
        yield _finding(one, Verdict.WRONG, "does not say how warm it is", advice)


def _finding(one: Mapped, verdict: Verdict, says: str, advice: str) -> Finding:
    return Finding(about=one.entity, verdict=verdict, says=says, place=one.place, advice=advice)

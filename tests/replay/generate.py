"""Makes the recorded evenings and their golden actions: ``python -m tests.replay.generate``. Review the diff it leaves.

The rooms are a few lines of physics with a seeded flicker, so that the same lines come out every time.
"""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.load import Configuration, load
from devices.actions import Action
from integration.household import Household
from integration.recording import parse_line
from integration.replay import Replay, action_line
from integration.rulebooks import load_books
from rules.book import Rule
from rules.decisions import Decision
from tests.replay.lines import Lines, message, stamp, state, steps
from tests.replay.scenes import CUT, CUT_DAY, SCENES, Evening

EVENINGS = Path(__file__).parent / "evenings"
ABOUT = ("routine ", "prompt ", "lights ", "light.", "path ", "bath", "notify.", "tts.")
"""What the golden decisions are about: the evening, and not the cooling."""


def hot() -> Lines:
    """(a) A hot evening: Zigbee2MQTT climate sensor, ESPHome bed board; nobody recorded any state."""
    luck, start = random.Random(14), datetime(2026, 7, 14, 20, 0, 2, 123456, tzinfo=ZoneInfo("Europe/Berlin"))
    lines: Lines = []
    for at, hours in steps(start, 6, timedelta(minutes=3)):
        warm = 24.3 if hours < 2.2 else max(20.9, 24.3 - (hours - 2.2) * 2.2)
        celsius = round(warm + luck.uniform(-0.05, 0.05), 2)
        body = {
            "battery": 87,
            "humidity": round(52 + luck.uniform(-1, 1), 1),
            "linkquality": 120,
            "temperature": celsius,
        }
        lines.append((at, message("zigbee2mqtt/bedroom_climate", body)))
    bed = "bedroom-bed/binary_sensor/bed_left/state"
    for hours, word, retain in ((0, "OFF", 1), (2.1, "ON", 0), (4.3, "OFF", 0), (4.33, "ON", 0)):
        lines.append((start + timedelta(hours=hours, seconds=7), message(bed, word, retain=retain)))
    lines.append(
        (start + timedelta(hours=1.8), message("unclench/anna/answer", {"prompt": "stretch", "answer": "later"}))
    )
    lines.append((start + timedelta(hours=2.0), message("unclench/anna/report/stress", "7")))
    return lines


AC = {
    "hvac_modes": ["off", "cool", "heat", "fan_only"],
    "min_temp": 61,
    "max_temp": 86,
    "target_temp_step": 1,
    "temperature_unit": "°F",
    "friendly_name": "Bedroom AC",
}


def fahrenheit() -> Lines:
    """(b) A °F home with states: the air conditioner is set by hand, disappears and comes back."""
    luck, start = random.Random(5), datetime(2026, 8, 5, 21, 0, 0, 500000, tzinfo=ZoneInfo("America/New_York"))
    lines: Lines = []
    for at, hours in steps(start, 7, timedelta(minutes=5)):
        warm = 75.4 - min(hours, 1.96) * 2.4 + min(max(hours - 1.96, 0), 1.5) * 0.3
        warm -= min(max(hours - 3.5, 0), 0.25) * 2.4
        fahrenheit_ = round(warm + luck.uniform(-0.1, 0.1), 1)
        body = {
            "Time": f"{at:%Y-%m-%dT%H:%M:%S}",
            "SI7021": {"Temperature": fahrenheit_, "Humidity": 55.0, "DewPoint": 58.1},
            "TempUnit": "F",
        }
        lines.append((at, message("tele/bedroom/SENSOR", body)))

    def then(minutes: float, *bodies: dict[str, Any]) -> None:
        lines.extend((start + timedelta(minutes=minutes, seconds=index), body) for index, body in enumerate(bodies))

    bed = "homeassistant/binary_sensor/bed/state"
    off, cool = {**AC, "temperature": 79}, {**AC, "temperature": 79, "hvac_action": "cooling"}

    def set_to(fahrenheit_: int) -> dict[str, Any]:
        return state("climate.bedroom", "cool", **{**cool, "temperature": fahrenheit_})

    then(
        -0.1,
        state("climate.bedroom", "off", **off),
        state("fan.bedroom", "off", percentage=0, percentage_step=33.333),
        message(bed, "off", retain=1),
    )
    then(0.05, set_to(79))
    then(0.1, set_to(68))
    then(60, message(bed, "on"))
    then(60.1, state("fan.bedroom", "on", percentage=33, percentage_step=33.333))
    then(100.05, set_to(71))
    then(115.05, set_to(70))
    then(120, set_to(74))  # a hand
    then(170, state("climate.bedroom", "unavailable"))
    then(176, set_to(74))
    then(200, state("climate.bedroom", "off", **off))  # and again
    then(210, message("unclench/sam/hold", {"entity": "climate.bedroom", "minutes": 0}))
    then(210.05, set_to(79))
    then(210.1, set_to(68))
    then(220.05, set_to(70))
    then(229.05, set_to(75))  # it rests
    then(289.05, state("climate.bedroom", "off", **off))
    return lines


def silent() -> Lines:
    """(c) A night in which the thermometer dies at 26 °C; in the morning it is back, in a room that is too cold."""
    luck, start = random.Random(31), datetime(2026, 9, 2, 21, 0, 1, tzinfo=ZoneInfo("Europe/London"))
    lines: Lines = []
    topic = "bedroom/temperature"
    for at, hours in steps(start, 4, timedelta(minutes=2)):
        lines.append((at, message(topic, f"{24.0 + hours * 0.5 + luck.uniform(-0.04, 0.04):.2f}")))
    lines.append((start + timedelta(minutes=100), message("bedroom/bed", "on")))
    for at, hours in steps(start + timedelta(hours=11), 1, timedelta(minutes=2)):
        lines.append((at, message(topic, f"{18.6 - hours * 1.4 + luck.uniform(-0.04, 0.04):.2f}")))
    lines.append((start + timedelta(hours=11, minutes=5), message("unclench/mo/report/stress", "on")))
    lines.append((start + timedelta(hours=12, minutes=5), message(topic, "17.20")))
    return lines


MAKERS: dict[str, Callable[[], Lines]] = {"hot": hot, "fahrenheit": fahrenheit, "silent": silent, **SCENES}
TOLD = ("hot", *SCENES)
"""The evenings with golden decisions."""


def recording(name: str) -> str:
    """The text of a recording."""
    lines = sorted(MAKERS[name](), key=lambda line: line[0].astimezone(UTC))
    return "".join(json.dumps({"tst": stamp(at), **body}, ensure_ascii=False) + "\n" for at, body in lines)


@functools.cache
def _configured(name: str) -> tuple[Configuration, dict[str, list[Rule]]]:
    configuration = load(EVENINGS / name)
    return configuration, load_books(configuration)


def new_household(name: str) -> Household:
    """The home of an evening."""
    return Household(*_configured(name))


def restarted(replay: Replay, name: str) -> None:
    """A restart of which nobody notices anything: the memory as text, and a new household."""
    snapshot = json.loads(json.dumps(replay.household.snapshot()))
    replay.household = new_household(name)
    replay.household.restore(snapshot)


def cut_at(name: str) -> datetime | None:
    """When the power comes back, on the evening on which it is cut."""
    return Evening(CUT_DAY).at(CUT[1]) if name == "power_cut" else None


def back_again(replay: Replay, name: str) -> Replay:
    """A start as that of ``run`` after a while: sight was lost when the last run ended, and time has passed since.

    The next line finds a home that is there again. What the lamps were is what they are.
    """
    restarted(replay, name)
    household, actions = replay.household, list[Action]()
    lost = max(engine.now for engine in household.engines.values())
    for peer in ("home_assistant", "mqtt"):
        replay._collect(household.peer(peer, lost, "start", up=False), actions)
    assert not actions, "nothing leaves where nobody listens"
    again = Replay(household)
    again._home, again.assumed, again.decisions = replay._home, replay.assumed, replay.decisions
    return again


def play(name: str, *, restarts: bool = False) -> tuple[list[Action], list[Decision]]:
    """What is done and decided on an evening. ``restarts``: after every line, which must change nothing."""
    replay, back, found = Replay(new_household(name)), cut_at(name), list[Action]()
    for number, text in enumerate(recording(name).splitlines(), start=1):
        line = parse_line(text, number)
        if back is not None and line.at >= back:
            replay, back = back_again(replay, name), None
        found += replay.feed(line)
        if restarts:
            restarted(replay, name)
    return found, replay.decisions


def actions_text(actions: list[Action]) -> str:
    """As the command line prints them."""
    return "".join(json.dumps(action_line(action), ensure_ascii=False) + "\n" for action in actions)


def decisions_text(name: str, decisions: list[Decision]) -> str:
    """Those about the evening, in the person's zone: the time, what it is about, the text."""
    (profile,) = _configured(name)[0].profiles.values()
    zone = ZoneInfo(profile.time_zone)
    told = [each for each in decisions if each.about.startswith(ABOUT)]
    return "".join(f"{each.at.astimezone(zone):%d %b %H:%M:%S %Z} | {each.about} | {each.text}\n" for each in told)


def main() -> None:
    """Write all of them."""
    for name in MAKERS:
        actions, decisions = play(name)
        (EVENINGS / name / "recording.jsonl").write_text(recording(name), encoding="utf-8")
        (EVENINGS / name / "actions.jsonl").write_text(actions_text(actions), encoding="utf-8")
        if name in TOLD:
            (EVENINGS / name / "decisions.txt").write_text(decisions_text(name, decisions), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Makes the recorded evenings and their golden actions: ``python -m tests.replay.generate``. Review the diff it leaves.

The rooms are a few lines of physics with a seeded flicker, so that the same lines come out every time.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.load import load
from integration.household import Household
from integration.recording import parse_line
from integration.replay import Replay, action_line
from integration.rulebooks import load_books

EVENINGS = Path(__file__).parent / "evenings"
Lines = list[tuple[datetime, dict[str, Any]]]


def _stamp(at: datetime) -> str:
    """As ``mosquitto_sub -F '%J'`` writes it: local time with microseconds and an offset without a colon."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f%z}"


def message(topic: str, payload: object, *, retain: int = 0) -> dict[str, Any]:
    """A message; what is JSON is written as JSON, also a bare number, as mosquitto_sub does."""
    text = payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"))
    try:
        shown = json.loads(text)
    except ValueError:
        shown = text
    return {"topic": topic, "qos": 0, "retain": retain, "payloadlen": len(text.encode()), "payload": shown}


def state(entity: str, value: str, **attributes: object) -> dict[str, Any]:
    """A Home Assistant state, as ``unclench record`` writes it."""
    return {"entity_id": entity, "state": value, "attributes": attributes}


def steps(start: datetime, hours: float, every: timedelta) -> Iterator[tuple[datetime, float]]:
    """Moments and how many hours have passed."""
    at = start
    while at < start + timedelta(hours=hours):
        yield at, (at - start).total_seconds() / 3600
        at += every


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


MAKERS: dict[str, Callable[[], Lines]] = {"hot": hot, "fahrenheit": fahrenheit, "silent": silent}


def recording(name: str) -> str:
    """The text of a recording."""
    lines = sorted(MAKERS[name](), key=lambda line: line[0])
    return "".join(json.dumps({"tst": _stamp(at), **body}, ensure_ascii=False) + "\n" for at, body in lines)


def actions(name: str) -> str:
    """The text of its golden actions."""
    configuration = load(EVENINGS / name)
    replay = Replay(Household(configuration, load_books(configuration)))
    found = []
    for number, line in enumerate(recording(name).splitlines(), start=1):
        found += replay.feed(parse_line(line, number))
    return "".join(json.dumps(action_line(action), ensure_ascii=False) + "\n" for action in found)


def main() -> None:
    """Write all of them."""
    for name in MAKERS:
        (EVENINGS / name / "recording.jsonl").write_text(recording(name), encoding="utf-8")
        (EVENINGS / name / "actions.jsonl").write_text(actions(name), encoding="utf-8")


if __name__ == "__main__":
    main()

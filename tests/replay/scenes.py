"""The evenings of Anna, each with one thing that is not as usual. She goes to bed at 22:30 and gets up at 7:30.

Her room is 20 °C and needs no cooling; how a hot one is cooled is in the evenings beside these.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.replay.lines import Lines, message, state

BERLIN = ZoneInfo("Europe/Berlin")
CUT_DAY, CUT = "2026-05-21", ("21:40", "22:05")
"""Between these nothing runs on the evening of the power cut."""
BED, PERSON = "bedroom-bed/binary_sensor/bed/state", "homeassistant/person/anna/state"
LAMP = {
    "supported_color_modes": ["color_temp"],
    "min_color_temp_kelvin": 2000,
    "max_color_temp_kelvin": 6500,
    "supported_features": 32,
}


class Evening:
    """An evening in the making. A clock time before noon is that of the next morning."""

    def __init__(self, day: str, *, without: tuple[str, str] | None = None) -> None:
        self._day = datetime.fromisoformat(day)
        self._without = tuple(self.at(clock) for clock in without) if without else ()
        self.lines: Lines = []

    def at(self, clock: str, *, fold: int = 0, days: int = 0) -> datetime:
        """That clock time, and which of two of them: the first, unless ``fold`` says otherwise."""
        hour, minute, second = (int(part) for part in (clock + ":00")[:8].split(":"))
        day = self._day + timedelta(days=days + (hour < 12))
        return day.replace(hour=hour, minute=minute, second=second, fold=fold, tzinfo=BERLIN)

    def then(self, clock: str, *bodies: dict[str, Any], fold: int = 0, days: int = 0) -> None:
        """What is recorded then, a second apart."""
        begins = self.at(clock, fold=fold, days=days)
        self.lines += [(begins + timedelta(seconds=second), body) for second, body in enumerate(bodies)]

    def begin(self) -> None:
        """What the broker holds when the recording starts: at home, and not in bed."""
        self.then("19:00", message(PERSON, "home", retain=1), message(BED, "OFF", retain=1))

    def room(self, until: datetime) -> None:
        """The thermometer, every 10 minutes."""
        luck, at = random.Random(self._day.toordinal()), self.at("19:00:05").astimezone(UTC)
        while at < until:
            body = {"battery": 90, "humidity": 50.0, "temperature": round(20 + luck.uniform(-0.05, 0.05), 2)}
            if not self._without or not self._without[0] <= at < self._without[1]:
                self.lines.append((at.astimezone(BERLIN), message("zigbee2mqtt/bedroom_climate", body)))
            at += timedelta(minutes=10)

    def answer(self, clock: str, prompt: str, answer: str, **more: object) -> None:
        """Anna's answer."""
        self.then(clock, message("unclench/anna/answer", {"prompt": prompt, "answer": answer, **more}))

    def sleep(self, lies_down: str) -> None:
        """To bed, and up in the morning."""
        self.then(lies_down, message(BED, "ON"))
        self.then("07:20", message(BED, "OFF"))
        self.room(self.at("08:00"))

    def lamp(self, clock: str, entity: str, brightness: int, kelvin: int, *, by_person: bool | None = None) -> None:
        """What a lamp says of itself."""
        body = state(entity, "on", brightness=brightness, color_temp_kelvin=kelvin, **LAMP)
        self.then(clock, body if by_person is None else {**body, "by_person": by_person})


def ordinary() -> Lines:
    """Each prompt is answered; in the night once up, and back."""
    evening = Evening("2026-05-12")
    evening.begin()
    evening.answer("20:34", "drink", "done")
    evening.answer("21:37", "stretch", "done")
    evening.answer("22:18", "rating", "done", value=4)
    evening.then("03:10", message(BED, "OFF"))
    evening.then("03:16", message(BED, "ON"))
    evening.sleep("22:32")
    return evening.lines


def early() -> Lines:
    """In bed at 21:05, and staying there."""
    evening = Evening("2026-05-13")
    evening.begin()
    evening.answer("20:34", "drink", "done")
    evening.sleep("21:05")
    return evening.lines


def late() -> Lines:
    """Out until 21:52, and in bed long after midnight."""
    evening = Evening("2026-05-14")
    evening.then("19:00", message(PERSON, "not_home", retain=1), message(BED, "OFF", retain=1))
    evening.then("21:52", message(PERSON, "home"))
    evening.sleep("00:40")
    return evening.lines


def away() -> Lines:
    """Not at home, all night; there is a reminder of her own."""
    evening = Evening("2026-05-15")
    evening.then("19:00", message(PERSON, "not_home", retain=1), message(BED, "OFF", retain=1))
    evening.room(evening.at("10:00"))
    evening.then("10:00", message(PERSON, "home"))
    return evening.lines


def phone_off() -> Lines:
    """The phone is off until 21:50; there is a speaker."""
    evening = Evening("2026-05-18")
    phone = "notify.annas_phone"
    evening.then("18:59:50", state(phone, "unavailable"), state("tts.piper", "unknown"))
    evening.then("18:59:52", state("media_player.bedroom", "idle"))
    evening.begin()
    evening.lamp("18:59:55", "light.bedside", 255, 4000)
    evening.lamp("19:30:01", "light.bedside", 77, 2700)
    evening.answer("20:43", "drink", "done")
    evening.then("21:50", state(phone, "unknown"))
    evening.lamp("22:00:01", "light.bedside", 26, 2200)
    evening.lamp("22:32:01", "light.bedside", 8, 2000)
    evening.then("22:47:06", state("light.bedside", "off", **LAMP))
    evening.sleep("22:32")
    return evening.lines


def later_twice() -> Lines:
    """The drink is put off twice, and once more; the stretch until it would be quiet."""
    evening = Evening("2026-05-19")
    evening.begin()
    for clock in ("20:32", "20:55", "21:20"):
        evening.answer(clock, "drink", "later")
    for clock in ("21:40", "22:12"):
        evening.answer(clock, "stretch", "later")
    evening.sleep("22:32")
    return evening.lines


def lamp_touched() -> Lines:
    """A hand on the lamp beside the bed at 19:42, while it fades; the one on the shelf goes on."""
    evening = Evening("2026-05-20")
    for entity in ("light.bedside", "light.shelf"):
        evening.lamp("18:59:55", entity, 255, 4000)
    evening.begin()
    for entity in ("light.bedside", "light.shelf"):
        evening.lamp("19:30:01", entity, 77, 2700)
    evening.lamp("19:42", "light.bedside", 220, 3500, by_person=True)
    evening.answer("20:34", "drink", "done")
    evening.lamp("21:42:01", "light.bedside", 77, 2700)
    for entity in ("light.bedside", "light.shelf"):
        evening.lamp("22:00:01", entity, 26, 2200)
    evening.then("22:05", {**state("light.shelf", "off", **LAMP), "by_person": True})
    evening.lamp("22:32:01", "light.bedside", 8, 2000)
    evening.then("22:47:06", state("light.bedside", "off", **LAMP))
    evening.sleep("22:32")
    return evening.lines


def power_cut() -> Lines:
    """Nothing runs from 21:40 to 22:05."""
    evening = Evening(CUT_DAY, without=CUT)
    evening.begin()
    evening.answer("20:34", "drink", "done")
    evening.then("21:39:58", message(BED, "OFF"))
    evening.then("22:05", message(PERSON, "home", retain=1), message(BED, "OFF", retain=1))
    evening.answer("22:20", "rating", "done", value=3)
    evening.sleep("22:32")
    return evening.lines


def _clock_change(day: str) -> Lines:
    """The night, three times up, and the evening after it; nothing is answered. A reminder is for 02:30."""
    evening = Evening(day)
    evening.begin()
    for clock, word in (("22:32", "ON"), ("01:05", "OFF"), ("01:12", "ON"), ("03:40", "OFF"), ("03:46", "ON")):
        evening.then(clock, message(BED, word))
    for clock, word in (("05:00", "OFF"), ("05:05", "ON"), ("07:20", "OFF")):
        evening.then(clock, message(BED, word))
    evening.then("22:32", message(BED, "ON"), days=1)
    evening.room(evening.at("23:00", days=1))
    return evening.lines


def clock_forward() -> Lines:
    """02:00 to 03:00 does not exist."""
    return _clock_change("2026-03-28")


def clock_back() -> Lines:
    """02:00 to 03:00 comes twice."""
    return _clock_change("2026-10-24")


def bath() -> Lines:
    """The wash is begun at 20:37, and no check is answered."""
    evening = Evening("2026-05-25")
    evening.begin()
    evening.answer("20:37", "wash", "begin")
    evening.sleep("22:32")
    return evening.lines


def bath_alcohol() -> Lines:
    """The same evening after a glass of wine."""
    evening = Evening("2026-05-26")
    evening.begin()
    evening.then("20:00", message("unclench/anna/report/alcohol", "on"))
    evening.answer("20:34", "drink", "done")
    evening.sleep("22:32")
    return evening.lines


SCENES = {
    "ordinary": ordinary,
    "early": early,
    "late": late,
    "away": away,
    "phone_off": phone_off,
    "later_twice": later_twice,
    "lamp_touched": lamp_touched,
    "power_cut": power_cut,
    "clock_forward": clock_forward,
    "clock_back": clock_back,
    "bath": bath,
    "bath_alcohol": bath_alcohol,
}

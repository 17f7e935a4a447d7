"""Nights as tables: a bed that says something now and then, and what is known of the night from it."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from config.home import Home
from devices.events import BedMoved
from rules.engine import Engine
from rules.night import NIGHT_FACTS
from rules.timetable import instant
from tests.rules.builders import BED, ZONE, Evening, home, maker, profile

SUMMER = date(2026, 7, 14)


class Night:
    """A night that is lived through from a table: "23:10 in", "+15 out", "02:00 = resting yes; exits 0"."""

    def __init__(self, day: date = SUMMER, *, place: Home | None = None, clock: str = "18:00", **person: Any) -> None:  # noqa: ANN401
        self._day = day
        person = {"bedtime": {"at": "22:30", "rise": "07:30"}, **person}
        self.life = Evening(maker(profile(**person), place or home()), start=self._at(clock))

    def _at(self, clock: str) -> datetime:
        return instant(self._day, time.fromisoformat(clock), ZONE)

    def live(self, trace: str) -> Night:
        """Each line of a table, in order; a time before the last one is on the next day."""
        for line in filter(str.strip, trace.splitlines()):
            when, _, what = line.strip().partition(" ")
            if when.startswith("+"):
                self.life.wait(minutes=float(when))
            else:
                if self._at(when) < self.life.now:
                    self._day += timedelta(days=1)
                self.life.wait(minutes=(self._at(when) - self.life.now).total_seconds() / 60)
            self._do(what, line)
        return self

    def _do(self, what: str, line: str) -> None:
        *side, act = what.split() if not what.startswith("=") else ["="]
        about: dict[str, Any] = {"side": side[0], "source": f"bed/{side[0]}"} if side else {}
        match act:
            case "in" | "out":
                self.life.bed(occupied=act == "in", **about)
            case "lost":
                self.life.lost(**{"source": BED, "side": "either", **about})
            case "move":
                self.move(about.get("side", "either"))
            case "power_cut":
                self.life.peer(up=False)
                self.restart()
                self.life.peer(up=True)
            case "restart":
                self.restart()
            case _:
                expected = dict(part.split() for part in what.removeprefix("= ").split("; "))
                found = {name: value for name, value in self.facts().items() if name in expected}
                assert found == expected, line

    def move(self, side: str = "either", at: datetime | None = None) -> None:
        """A movement is felt."""
        self.life.event(BedMoved(at=at or self.life.now, source="bed/vibration", room="bedroom", side=side))

    def restart(self) -> None:
        """The engine goes on from its snapshot, as after a restart."""
        snapshot = json.loads(json.dumps(self.life.engine.snapshot()))
        self.life.engine = self.life.make()
        self.life.engine.restore(snapshot)

    def facts(self) -> dict[str, str]:
        """yes, no or a number; "unknown", or "missing" where nothing was ever heard."""
        return facts_of(self.life.engine)


def facts_of(engine: Engine) -> dict[str, str]:
    """What an engine knows of the night."""
    found = {}
    for name in NIGHT_FACTS:
        fact = engine.world.facts[name]
        said = ("yes" if fact.value else "no") if isinstance(fact.value, bool) else f"{fact.number:g}"
        found[name.partition(".")[2]] = said if fact.fresh else "unknown" if fact.at else "missing"
    return found


def restless(start: str, minutes: int = 6, gap: int = 2) -> str:
    """A movement every other minute."""
    return f"{start} move\n" + f"+{gap} move\n" * (minutes - 1)

"""A small home, a person and an evening that can be lived through in a test."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from config.home import Home
from config.profile import Profile
from devices.actions import Action
from devices.events import (
    ActionReturned,
    BedChanged,
    DeviceReported,
    Event,
    HoldChanged,
    PeerChanged,
    PromptAnswered,
    RoomMeasured,
    RoutineDue,
    SelfReported,
    SourceLost,
    SymptomLogged,
    TimePassed,
)
from devices.readings import Kind
from integration.assumed import AssumedHome
from rules.book import Rule, RuleBook
from rules.decisions import Decision, Outcome
from rules.engine import Engine

ZONE = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 7, 14, 21, 0, tzinfo=ZONE).astimezone(UTC)
"""A summer evening, 21:00 on the person's clock."""
THERMOMETER, BED = "zigbee2mqtt/bedroom", "bed/state"
AC, FAN, LAMP, PHONE = "climate.bedroom", "fan.bedroom", "light.bedside", "notify.phone"

_BEDROOM: dict[str, Any] = {
    "person": "anna",
    "sensors": [{"topic": THERMOMETER, "dialect": "zigbee2mqtt", "stale_after": "30 min"}],
    "bed": {"sensors": [{"topic": BED, "dialect": "plain", "states": {"on": True, "off": False}}]},
    "cooling": [{"climate": AC}, {"fan": FAN, "percentage": 40, "after": "15 min"}],
    "lights": [LAMP],
}
_PROFILE: dict[str, Any] = {
    "name": "Anna",
    "time_zone": "Europe/Berlin",
    "prompts": {"channels": [{"notify": PHONE}]},
}


def merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """``base`` with ``changes`` in it, level by level."""
    out = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both else value
    return out


def home(*, rooms: dict[str, Any] | None = None, **bedroom: Any) -> Home:  # noqa: ANN401
    """A home with one bedroom; ``bedroom`` changes it, None takes a part away."""
    room = {key: value for key, value in {**_BEDROOM, **bedroom}.items() if value is not None}
    return Home.model_validate({"rooms": {"bedroom": room, **(rooms or {})}})


def profile(**changes: Any) -> Profile:  # noqa: ANN401
    """Anna, with ``changes`` merged in."""
    return Profile.model_validate(merged(_PROFILE, changes), context={"units": changes.get("units", "C")})


def shipped() -> list[Rule]:
    """The shipped rule book."""
    text = (files("rules") / "library" / "book.yaml").read_text(encoding="utf-8")
    return RuleBook.model_validate(YAML(typ="safe", pure=True).load(text)).rules


def book(text: str) -> list[Rule]:
    """Rules as people write them: the list under ``rules:``."""
    return RuleBook.model_validate({"rules": YAML(typ="safe", pure=True).load(text)}).rules


Maker = Callable[[], Engine]


def maker(person: Profile | None = None, place: Home | None = None, rules: list[Rule] | None = None) -> Maker:
    """Makes equal engines."""
    return lambda: Engine("anna", person or profile(), place or home(), shipped() if rules is None else rules)


class Evening:
    """An engine that is lived through: woken when it asks for it, with a home that does what it is told."""

    def __init__(
        self, make: Maker | None = None, *, start: datetime = EVENING, obeys: bool = True, up: bool = True
    ) -> None:
        self.make = make or maker()
        self.engine = self.make()
        self.now = start
        self.obeys = obeys
        self.restarts = False
        self.actions: list[Action] = []
        self.decisions: list[Decision] = []
        self._home = AssumedHome()
        self._wake_at: datetime | None = None
        self._count = 0
        if up:
            for entity in self.engine.world.devices:
                self.report(entity, *self._home.state(entity))
            self.peer(up=True)

    # -- time

    def wait(self, **span: float) -> Evening:
        """Let time pass, waking the engine whenever it asks for it."""
        until = self.now + timedelta(**span)
        while self._wake_at is not None and self._wake_at <= until:
            self.now = max(self.now, self._wake_at)
            self._step(TimePassed(at=self.now, source="clock", id=self._id()))
        self.now = until
        return self

    def event(self, event: Event) -> Outcome:
        """Take in an event as it is."""
        return self._step(event)

    def _id(self) -> str:
        self._count += 1
        return f"e{self._count}"

    def _step(self, event: Event) -> Outcome:
        if self.restarts:
            snapshot = json.loads(json.dumps(self.engine.snapshot())) if self._count > 1 else None
            self.engine = self.make()
            if snapshot is not None:
                self.engine.restore(snapshot)
        outcome = self.engine.step(event)
        self._wake_at = outcome.wake_at
        self.actions += outcome.actions
        self.decisions += outcome.decisions
        for action in outcome.actions if self.obeys else ():
            entity = self._home.carry_out(action)
            if entity is not None:
                self.report(entity, *self._home.state(entity))
        return outcome

    # -- what happens

    def measure(self, celsius: float, *, room: str = "bedroom", source: str = THERMOMETER, **more: Any) -> Outcome:  # noqa: ANN401
        """The thermometer speaks."""
        return self._quantity(Kind.TEMPERATURE, celsius, room=room, source=source, **more)

    def humidity(self, percent: float) -> Outcome:
        """The hygrometer speaks."""
        return self._quantity(Kind.HUMIDITY, percent)

    def _quantity(
        self,
        kind: Kind,
        value: float,
        *,
        room: str = "bedroom",
        source: str = THERMOMETER,
        **more: Any,  # noqa: ANN401
    ) -> Outcome:
        at = more.pop("at", self.now)
        return self._step(
            RoomMeasured(at=at, source=source, id=self._id(), room=room, quantity=kind, value=value, **more)
        )

    def measures(self, celsius: float, *, minutes: float, every: float = 5) -> Evening:
        """The thermometer says the same for a while."""
        left = minutes
        while left > 0:
            self.measure(celsius)
            self.wait(minutes=min(every, left))
            left -= every
        return self

    def bed(self, *, occupied: bool, side: str = "either", source: str = BED) -> Outcome:
        """The bed sensor speaks."""
        return self._step(
            BedChanged(at=self.now, source=source, id=self._id(), room="bedroom", side=side, occupied=occupied)
        )

    def lost(self, source: str = THERMOMETER, *, side: str = "") -> Outcome:
        """A sensor says that it has no value; with a side, that of the bed."""
        quantity = Kind.OCCUPIED if side else Kind.TEMPERATURE
        return self._step(
            SourceLost(at=self.now, source=source, id=self._id(), room="bedroom", quantity=quantity, side=side)
        )

    def report(
        self, entity: str, state: str, attributes: dict[str, object] | None = None, *, by_person: bool | None = None
    ) -> Outcome:
        """A device reports; attributes that are left out stay as they were."""
        known = self._home.state(entity)[1]
        merged_attributes = {**known, **(attributes or {})}
        if state not in ("unavailable", "unknown"):
            self._home.states[entity] = (state, merged_attributes)
        return self._step(
            DeviceReported(
                at=self.now,
                source=entity,
                id=self._id(),
                entity=entity,
                state=state,
                attributes=merged_attributes,
                by_person=by_person,
            )
        )

    def returned(self, action: Action, result: str, reason: str = "") -> Outcome:
        """The edge's word on an action."""
        return self._step(
            ActionReturned(at=self.now, source="edge", id=self._id(), action=action.id, result=result, reason=reason)
        )

    def peer(self, *, up: bool) -> Outcome:
        """Home Assistant comes or goes."""
        return self._step(PeerChanged(at=self.now, source="ha", id=self._id(), peer="home_assistant", up=up))

    def routine(self, name: str) -> Outcome:
        """A routine's moment comes."""
        return self._step(RoutineDue(at=self.now, source="clock", id=self._id(), person="anna", routine=name))

    def say(self, trigger: str, value: float | bool = True) -> Outcome:
        """The person reports something."""
        return self._step(
            SelfReported(at=self.now, source="button", id=self._id(), person="anna", trigger=trigger, value=value)
        )

    def symptom(self, severity: float | None) -> Outcome:
        """The person logs a symptom."""
        return self._step(
            SymptomLogged(
                at=self.now, source="button", id=self._id(), person="anna", symptom="spasm", severity=severity
            )
        )

    def answer(self, answer: str, prompt: str = "", *, until: datetime | None = None) -> Outcome:
        """The person answers a prompt."""
        return self._step(
            PromptAnswered(
                at=self.now, source="button", id=self._id(), person="anna", answer=answer, prompt=prompt, until=until
            )
        )

    def hold(self, entity: str, *, minutes: float) -> Outcome:
        """The person sets a hold; 0 ends it."""
        until = self.now + timedelta(minutes=minutes) if minutes else None
        return self._step(
            HoldChanged(at=self.now, source="button", id=self._id(), person="anna", entity=entity, until=until)
        )

    # -- what came of it

    def calls(self, entity: str | None = None) -> list[tuple[str, dict[str, object]]]:
        """The service calls since the last look, in order, of one device or of all."""
        found = [action for action in self.actions if entity is None or action.entity == entity]
        self.actions = [action for action in self.actions if action not in found]
        return [(action.service, action.data) for action in found]

    def services(self, entity: str | None = None) -> list[str]:
        """The names of the calls since the last look."""
        return [service for service, _ in self.calls(entity)]

    def texts(self, about: str = "") -> list[str]:
        """What was decided since the last look."""
        found = [decision.text for decision in self.decisions if decision.about.startswith(about)]
        self.decisions = []
        return found

    def said(self) -> list[str]:
        """The messages to the person since the last look."""
        messages = [str(action.data["message"]) for action in self.actions if action.once]
        self.actions = [action for action in self.actions if not action.once]
        return messages

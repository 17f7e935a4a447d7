"""One device on the bench: aimed, reported and looked at, at times that the test chooses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from devices.actions import Action
from devices.control.device import Device
from devices.control.kind import State
from devices.control.memory import Spec
from devices.events import ActionReturned, DeviceReported

START = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)
COOL_21: State = {"power": True, "mode": "cool", "temperature": 21.0}
FAN_40: State = {"power": True, "percentage": 40.0}
OFF: State = {"power": False}
CLIMATE: dict[str, Any] = {"hvac_modes": ["off", "cool", "heat", "dry"], "temperature": 26.0}


class Speech:
    """Times in UTC, temperatures in °C."""

    def clock(self, at: datetime) -> str:
        """See ``devices.control.memory.Speech``."""
        return f"{at:%H:%M}"

    def temperature(self, celsius: float) -> str:
        """See ``devices.control.memory.Speech``."""
        return f"{celsius:.1f} °C"


class Bench:
    """A device and the clock beside it."""

    def __init__(self, entity: str = "fan.bedroom", **spec: Any) -> None:  # noqa: ANN401
        minutes = {"min_run": timedelta(minutes=5), "min_pause": timedelta(minutes=5), "lowest_c": 17.0}
        self.device = Device(Spec(entity, "the thing", timedelta(hours=2), **{**minutes, **spec}), Speech())
        self.now = START
        self.up = True
        self.due: datetime | None = None
        self.notes: list[str] = []
        self.news: list[tuple[str, str]] = []
        self.sent: list[Action] = []

    @property
    def memory(self) -> Any:  # noqa: ANN401
        """What the device remembers."""
        return self.device.memory

    def wait(self, **span: float) -> Bench:
        """Let time pass, looking whenever it is due."""
        until = self.now + timedelta(**span)
        while self.due is not None and self.due <= until:
            self.now = max(self.now, self.due)
            self.look()
        self.now = until
        return self

    def aim(self, wanted: State | None, *, safety: bool = False) -> list[str]:
        """Want something, and look; the calls that follow."""
        self.device.aim(wanted, "it is warm", ("e1",), safety=safety)
        return self.look()

    def release(self) -> list[str]:
        """Stop steering, and look."""
        self.device.release("it is cool", ("e2",), self.now)
        return self.look()

    def look(self) -> list[str]:
        """The next call, if there is one."""
        step = self.device.reconcile(self.now, peer_up=self.up, mint=lambda: f"a{len(self.sent) + 1}")
        self.due = step.due
        self._note(step.notes)
        if step.action is None:
            return []
        self.sent.append(step.action)
        return [step.action.service]

    def report(self, state: str, *, by_person: bool | None = None, **attributes: object) -> list[str]:
        """A state comes in, and is looked at; the calls that follow."""
        event = DeviceReported(
            at=self.now,
            source="ha",
            entity=self.device.spec.entity,
            state=state,
            attributes=attributes,
            by_person=by_person,
        )
        self._note(self.device.report(event, self.now))
        return self.look()

    def returned(self, result: str, reason: str = "") -> list[str]:
        """The edge's word on the last command."""
        event = ActionReturned(at=self.now, source="edge", action=self.sent[-1].id, result=result, reason=reason)
        self._note(self.device.returned(event, self.now))
        return self.look()

    def _note(self, notes: list[Any]) -> None:
        self.notes += [note.text for note in notes]
        self.news += [(note.news, note.text) for note in notes if note.news]

    def services(self) -> list[str]:
        """The calls since the last look."""
        services = [action.service for action in self.sent]
        self.sent = []
        return services

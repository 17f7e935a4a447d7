"""What we publish, under our prefix. Pure data; ``docs/asyncapi.yaml`` describes the payloads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """One outgoing topic. ``retained`` ones are states; the others are events, and never kept by the broker."""

    template: str
    retained: bool

    def topic(self, person: str = "") -> str:
        """The topic behind the prefix."""
        return self.template.format(person=person)


OUTGOING: dict[str, Topic] = {
    "status": Topic("status", retained=True),
    "health": Topic("health", retained=False),
    "state": Topic("{person}/state", retained=True),
    "action": Topic("{person}/action", retained=False),
    "reply": Topic("{person}/voice/reply", retained=False),
}

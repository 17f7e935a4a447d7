"""The checks after "I'm in the bath": asked at 10 and 13 minutes; at 16 the chosen contact gets one message.

This is no alarm service, and says so. The person asked for the checks: quiet hours and limits do not hold them back,
and every doubt leads to one more question, never to silence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.profile import Contact
from devices.control.channels import Say
from devices.control.memory import Note

FIRST = timedelta(minutes=10)
"""The first check."""
BETWEEN = timedelta(minutes=3)
"""From one check to the next, and from there to the contact."""
LATER = timedelta(minutes=5)
LATERS = 2
"""How often "later" is taken; then the checks go on as planned."""
OVERDUE = timedelta(minutes=1)
"""A check that comes later than this stands for all that were missed."""
TOO_OLD = timedelta(hours=2)
"""What was missed for so long is over: no contact is sent for somebody who has been in bed for hours."""
LAST = 2
"""The stage after the two checks: the contact, or one last check."""
OUT = frozenset({"done", "yes", "skip", "stop"})
STILL_IN = frozenset({"later", "no"})
"""To the question "Out of the bath?" a "no" is no reason to stop asking."""
KEY = "bath_check"
ABOUT = "bath"
ALARM = "Nobody is watching. In an emergency call your emergency number."
QUESTION = "Out of the bath?"


@dataclass(slots=True)
class BathMemory:
    """What is remembered of a bath: plain data, for the snapshot. Without ``begun_at`` there is none."""

    begun_at: datetime | None = None
    first_at: datetime | None = None  # the first check
    due_at: datetime | None = None  # what comes next
    stage: int = 0
    laters: int = 0
    opened: bool = False  # what the checks are was said
    asked_late: bool = False  # what was missed has been asked
    said_at: datetime | None = None  # the last thing that the person could answer
    failed: str = ""  # the contact's name, when the message did not reach them


class Bath:
    """One person's bath checks. ``name`` is the person's, for the message to the contact."""

    def __init__(self, name: str, contact: Contact | None, clock: Callable[[datetime], str]) -> None:
        self._name, self._contact, self._clock = name, contact, clock
        self.memory = BathMemory()
        self._notes: list[Note] = []

    @property
    def running(self) -> bool:
        """Whether checks are to come."""
        return self.memory.begun_at is not None

    @property
    def due(self) -> datetime | None:
        """When to look next."""
        memory = self.memory
        if memory.failed:
            return memory.said_at
        return memory.due_at if memory.opened else memory.begun_at

    # -- what the person says

    def begin(self, now: datetime) -> list[Note]:
        """The person is in the bath. A second time changes nothing: the first check must not move away."""
        if self.running:
            return []
        first = now + FIRST
        self.memory = BathMemory(begun_at=now, first_at=first, due_at=first, said_at=now)
        return [Note(ABOUT, f"the first check is at {self._clock(first)}; this is no alarm service")]

    def answer(self, word: str, now: datetime) -> list[Note]:
        """The person's answer to a check, or before one."""
        if not self.running:
            return []
        if word in OUT:
            self.memory = BathMemory()
            return [Note(ABOUT, f"you answered {word}; there are no more checks")]
        return self._later(word, now) if word in STILL_IN else []

    def _later(self, word: str, now: datetime) -> list[Note]:
        memory = self.memory
        assert memory.first_at is not None  # noqa: S101 (the caller looked)
        if memory.laters >= LATERS:
            return [
                Note(ABOUT, f"you answered {word}; it was put off {LATERS} times, and the checks go on as they are")
            ]
        first = (memory.first_at if memory.stage == 0 else now) + LATER
        memory.first_at = memory.due_at = first
        memory.stage, memory.laters, memory.asked_late = 0, memory.laters + 1, False
        return [Note(ABOUT, f"you answered {word}; the next check is at {self._clock(first)}")]

    # -- what the time brings

    def look(self, now: datetime) -> list[Say]:
        """What is to be said now, and to whom."""
        memory, says = self.memory, list[Say]()
        if memory.failed:
            says.append(self._failed())
            self.memory = memory = BathMemory()
        if memory.begun_at is None or memory.first_at is None or memory.due_at is None:
            return says
        if not memory.opened:
            memory.opened = True
            if now - memory.begun_at <= OVERDUE:
                says.append(_opening())
        late = now - memory.due_at
        if late < timedelta(0):
            return says
        if late >= TOO_OLD:
            self.memory = BathMemory()
            self._notes.append(Note(ABOUT, "the checks could not be asked for hours, and end; nobody was told"))
        elif late > OVERDUE and not memory.asked_late:
            says.append(self._ask(now, later=memory.laters < LATERS))
            memory.asked_late, memory.stage = True, LAST
            memory.due_at = max(now, memory.first_at + BETWEEN) + BETWEEN
        elif memory.stage < LAST:
            says.append(self._ask(now, later=memory.laters < LATERS, aloud=memory.stage > 0))
            memory.stage += 1
            memory.due_at = memory.first_at + BETWEEN * memory.stage
        else:
            says += self._end(memory.begun_at, now)
        return says

    def _ask(self, now: datetime, *, later: bool, aloud: bool = False) -> Say:
        self.memory.said_at = now
        buttons = {"done": "Yes, I am out", **({"later": "5 more minutes"} if later else {})}
        return Say(
            key=KEY,
            spoken=QUESTION,
            title=QUESTION,
            message=f"{QUESTION} {ALARM}",
            buttons=buttons,
            speech_only=aloud,
            urgent=True,
        )

    def _end(self, begun_at: datetime, now: datetime) -> list[Say]:
        contact = self._contact
        if contact is None or contact.notify is None:
            says = [self._ask(now, later=False)]
            self.memory = BathMemory()
            self._notes.append(Note(ABOUT, "the last check; there is nobody to tell, and the checks end"))
            return says
        self.memory = BathMemory()
        self._notes.append(Note(ABOUT, f"not answered: {contact.name} gets a message"))
        at = self._clock(begun_at)
        asks = f"{self._name} said they were in the bath at {at} and has not answered. Please look."
        told = f"You have not answered. I sent {contact.name} a message and asked them to look. {ALARM}"
        return [
            Say(key="bath_contact", spoken=asks, title="Please look", message=asks, urgent=True, notify=contact.notify),
            Say(key=KEY, spoken="I sent your contact a message.", title="Bath", message=told, urgent=True),
        ]

    def unreached(self, now: datetime) -> list[Note]:
        """The message to the contact did not leave: the person must not believe that it did."""
        name = self._contact.name if self._contact is not None else ""
        if not name or self.running:
            return []
        self.memory = BathMemory(failed=name, said_at=now)
        return [Note(ABOUT, f"the message to {name} could not be sent")]

    def _failed(self) -> Say:
        text = f"My message did not reach {self.memory.failed}. {ALARM}"
        spoken = "My message did not reach your contact."
        return Say(key=KEY, spoken=spoken, title="Bath", message=text, urgent=True)

    def notes(self) -> list[Note]:
        """What happened of itself since the last call."""
        notes, self._notes = self._notes, []
        return notes


def _opening() -> Say:
    spoken = "I will ask after ten minutes. I am no alarm."
    return Say(key=KEY, spoken=spoken, title="Bath", message=f"{spoken} {ALARM}", urgent=True)

"""Notices: the person is told one thing, and one thing more when it is over; only a call for help in quiet hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from devices.control.channels import Words
from devices.control.delivery import Carrier, Moment, Saying, Spoken
from devices.control.desk_memory import DeskMemory, Notice
from devices.control.offer import sentences

KEEPS = timedelta(hours=12)
"""A notice that waits for the end of quiet hours is dropped after this."""
OVER = ":over"


def tell(memory: DeskMemory, key: str, text: str, now: datetime, causes: tuple[str, ...]) -> None:
    """Tell something as soon as it may be told; a second time only after ``over``."""
    if memory.waiting.pop(key + OVER, None) is not None:
        memory.told[key] = now  # it never seemed over to the person
    elif key not in memory.told and key not in memory.waiting:
        memory.waiting[key] = Notice(text, now, causes)


def urge(memory: DeskMemory, key: str, text: str, now: datetime, causes: tuple[str, ...]) -> None:
    """Tell something at once, whatever the hour, each time that it is asked for."""
    memory.waiting[key] = Notice(text, now, causes, urgent=True)


def over(memory: DeskMemory, key: str, text: str, now: datetime, causes: tuple[str, ...]) -> None:
    """What ``key`` told is over: say so, or say neither when it was never told."""
    if memory.waiting.pop(key, None) is None and memory.told.pop(key, None) is not None:
        memory.waiting[key + OVER] = Notice(text, now, causes)


def tell_waiting(memory: DeskMemory, person: str, carrier: Carrier, moment: Moment, spoken: Spoken) -> None:
    """Tell what waits and may be told now."""
    if not moment.peer_up:
        return  # the desk is looked at when it is back
    for key, notice in list(memory.waiting.items()):
        if moment.quiet_until is not None and not notice.urgent:
            spoken.look_at(moment.quiet_until)
            continue
        if notice.retry_at is not None and moment.now < notice.retry_at:
            spoken.look_at(notice.retry_at)
            continue
        del memory.waiting[key]
        if moment.now - notice.at > KEEPS:
            continue
        if not key.endswith(OVER) and not notice.urgent:
            memory.told[key] = moment.now
        tag = "unclench-" + key.removesuffix(OVER).replace(":", "-")
        words = Words("Unclench", notice.text, tag, person, spoken=sentences(notice.text), urgent=notice.urgent)
        saying = Saying(words, notice.text, notice.causes, key, notice.tries, notice.at)
        carrier.deliver(memory, saying, moment, spoken)

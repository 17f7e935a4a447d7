"""What is remembered of prompts and notices: plain data, for the snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devices.control.channels import Words


@dataclass(slots=True)
class PromptMemory:
    """One prompt's life."""

    offered_at: datetime | None = None
    ended_at: datetime | None = None
    later_at: datetime | None = None
    laters: int = 0
    latest: datetime | None = None  # put off: when it is too late to come back
    grace: timedelta = timedelta(0)  # how long it waits for an answer
    retry_at: datetime | None = None  # no channel could carry it
    blocked: str = ""  # why it was last not offered
    repeated: bool = False  # it comes once more, and then not again
    joined: list[str] = field(default_factory=list)  # the prompts that it was offered with, itself among them
    urgent: bool = False  # it may come in quiet hours
    done_at: datetime | None = None  # when the person last said "done"; it outlives the next offer


@dataclass(slots=True)
class Delivery:
    """Words on their way, and how many channels have failed them."""

    words: Words
    at: datetime
    why: str
    channel: int
    action: str
    causes: tuple[str, ...] = ()
    notice: str = ""  # the key of what is told; empty for a prompt
    tries: int = 0  # how often all channels had failed it before
    since: datetime | None = None  # when it was first to be told, or offered


@dataclass(slots=True)
class Notice:
    """Something to tell, once it may be told."""

    text: str
    at: datetime
    causes: tuple[str, ...] = ()
    tries: int = 0  # how often all channels have failed it
    retry_at: datetime | None = None
    urgent: bool = False  # told at once, quiet hours or not, and again if it comes again


@dataclass(slots=True)
class DeskMemory:
    """All that is remembered of prompts and notices: plain data, for the snapshot."""

    prompts: dict[str, PromptMemory] = field(default_factory=dict)
    offered: list[datetime] = field(default_factory=list)  # of the last 12 hours, for the limit
    waiting: dict[str, Notice] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # entities of channels that are unavailable
    entities: list[str] = field(default_factory=list)  # notify names that are entities

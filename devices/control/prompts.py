"""Prompts and notices: offered once, answered or silently lapsed, never in quiet hours, never more than the person allows.

A prompt is a suggestion: it is offered when its time comes, ends with done, skip or silence, and comes back once or twice
when the person says later. A notice tells the person one thing, and one thing more when it is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.profile import Channel
from devices.actions import Action
from devices.control.channels import Carried, Words, carry, entity_of_channel
from devices.control.device import Note
from devices.control.kinds import GONE
from devices.events import ActionReturned, PromptAnswered

REST = timedelta(hours=4)
"""After a prompt has ended it is not offered again for this long, whatever comes twice."""
LATERS = 2
"""How often "later" is taken; then the prompt is skipped without a word."""
LOOK_AGAIN = timedelta(minutes=5)
"""How soon a prompt that must not be offered now is looked at again, while its rule asks for it."""
EXPIRY = timedelta(minutes=5)
"""Words that could not be delivered by then are not delivered late."""
NOTICE_KEEPS = timedelta(hours=12)
"""A notice that waits for the end of quiet hours is dropped after this."""


@dataclass(slots=True)
class PromptMemory:
    """One prompt's life."""

    offered_at: datetime | None = None
    ended_at: datetime | None = None
    later_at: datetime | None = None
    laters: int = 0
    blocked: str = ""  # why it was last not offered


@dataclass(slots=True)
class Delivery:
    """Words on their way, and how many channels have failed them."""

    words: Words
    at: datetime
    why: str
    channel: int
    action: str
    causes: tuple[str, ...] = ()


@dataclass(slots=True)
class Notice:
    """Something to tell, once it may be told."""

    text: str
    at: datetime


@dataclass(slots=True)
class DeskMemory:
    """All that is remembered of prompts and notices: plain data, for the snapshot."""

    prompts: dict[str, PromptMemory] = field(default_factory=dict)
    offered: list[datetime] = field(default_factory=list)  # of the last 12 hours, for the limit
    waiting: dict[str, Notice] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # channels that are unavailable
    entities: list[str] = field(default_factory=list)  # notify names that are entities


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A prompt that a rule asks for. ``refusal`` says why it must not be offered, in words for the person."""

    name: str
    title: str
    message: str
    grace: timedelta
    later: timedelta
    why: str
    causes: tuple[str, ...] = ()
    refusal: str | None = None


@dataclass(slots=True)
class Spoken:
    """What a look at the desk brought."""

    actions: list[Action] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    due: datetime | None = None

    def look_at(self, due: datetime) -> None:
        """Look again at ``due`` at the latest."""
        self.due = min(self.due, due) if self.due else due


class PromptDesk:
    """Everything that is said to one person."""

    def __init__(self, person: str, channels: list[Channel], at_most: int, clock: Callable[[datetime], str]) -> None:
        self.person = person
        self._channels, self._at_most, self._clock = channels, at_most, clock
        self.memory = DeskMemory()

    # -- what comes in

    def channel_reported(self, entity: str, state: str) -> None:
        """A channel's entity came or went."""
        memory = self.memory
        if entity.startswith("notify.") and entity not in memory.entities:
            memory.entities.append(entity)
        # A notify or tts entity reports "unknown" until its first use: only unavailable means that it is gone.
        if state in GONE - {"unknown"} and entity not in memory.gone:
            memory.gone.append(entity)
        elif state not in GONE - {"unknown"} and entity in memory.gone:
            memory.gone.remove(entity)

    def tell(self, key: str, text: str, now: datetime) -> None:
        """Tell something as soon as it may be told; a second time only after ``done``."""
        if key not in self.memory.told and key not in self.memory.waiting:
            self.memory.waiting[key] = Notice(text, now)

    def over(self, key: str, text: str, now: datetime) -> None:
        """What ``key`` told is over: say so, or say neither when it was never told."""
        if self.memory.waiting.pop(key, None) is None and self.memory.told.pop(key, None) is not None:
            self.memory.waiting[key + ":over"] = Notice(text, now)

    def answered(self, event: PromptAnswered, later: Callable[[str], timedelta], *, quiet_at: Callable[[datetime], bool]) -> list[Note]:
        """The person's answer; an answer without a name is for the prompt that is open."""
        name = event.prompt or next((name for name, prompt in self.memory.prompts.items() if _is_open(prompt)), "")
        prompt = self.memory.prompts.get(name)
        if prompt is None or not _is_open(prompt):
            return [Note(f"prompt {name}".strip(), f"you answered {event.answer}, but nothing was open")]
        if event.answer == "later":
            return self._later(name, prompt, event.at, later(name), quiet_at)
        prompt.ended_at, prompt.later_at = event.at, None
        return [Note(f"prompt {name}", f"you answered {event.answer}")]

    def _later(self, name: str, prompt: PromptMemory, at: datetime, by: timedelta, quiet_at: Callable[[datetime], bool]) -> list[Note]:
        again = at + by
        if prompt.laters >= LATERS or quiet_at(again):
            prompt.ended_at = at
            why = "later would be in your quiet hours" if quiet_at(again) else f"it was put off {LATERS} times"
            return [Note(f"prompt {name}", f"you answered later; it is left out for today: {why}")]
        prompt.later_at, prompt.laters = again, prompt.laters + 1
        return [Note(f"prompt {name}", f"you answered later: it comes back at {self._clock(again)}")]

    def returned(self, event: ActionReturned, now: datetime, mint: Callable[[], str]) -> Spoken:
        """The edge's word on a delivery: what failed takes the next channel."""
        spoken, memory = Spoken(), self.memory
        delivery = next((each for each in memory.deliveries if each.action == event.action), None)
        if delivery is None:
            return spoken
        memory.deliveries.remove(delivery)
        if event.result in ("refused", "unreachable"):
            self._deliver(delivery.words, delivery.why, delivery.causes, now, mint, spoken, first=delivery.channel + 1)
        elif event.result == "expired":
            spoken.notes.append(Note(delivery.words.tag, "could not be delivered in time, and is not delivered late"))
        return spoken

    # -- what goes out

    def steer(self, offers: list[Offer], now: datetime, *, quiet_until: datetime | None, mint: Callable[[], str]) -> Spoken:
        """Offer what is due, end what has lapsed, tell what waits. ``quiet_until``: the end of quiet hours, when in them."""
        spoken, memory = Spoken(), self.memory
        memory.offered = [at for at in memory.offered if now - at < timedelta(hours=12)]
        wanted = {offer.name: offer for offer in offers}
        for name in sorted(set(wanted) | set(memory.prompts)):
            self._look(name, wanted.get(name), now, quiet_until, mint, spoken)
        if memory.waiting:
            self._tell_waiting(now, quiet_until, mint, spoken)
        return spoken

    def _look(  # noqa: PLR0913
        self, name: str, offer: Offer | None, now: datetime, quiet_until: datetime | None, mint: Callable[[], str], spoken: Spoken
    ) -> None:
        prompt = self.memory.prompts.setdefault(name, PromptMemory())
        if _is_open(prompt) and prompt.offered_at and prompt.later_at is None:
            lapses = prompt.offered_at + (offer.grace if offer else REST)
            if now < lapses:
                spoken.look_at(lapses)
                return
            prompt.ended_at = now
            spoken.notes.append(Note(f"prompt {name}", "not answered; it lapses"))
        if offer is None:
            if prompt.later_at is not None and now >= prompt.later_at:
                prompt.ended_at, prompt.later_at = now, None
            prompt.blocked = ""
            return
        due = prompt.later_at or (prompt.ended_at + REST if prompt.ended_at else now)
        if now < due:
            spoken.look_at(due)
            return
        self._offer(offer, prompt, now, quiet_until, mint, spoken)

    def _offer(  # noqa: PLR0913
        self, offer: Offer, prompt: PromptMemory, now: datetime, quiet_until: datetime | None, mint: Callable[[], str], spoken: Spoken
    ) -> None:
        refusal = offer.refusal
        if refusal is None and quiet_until is not None:
            refusal = f"it is quiet until {self._clock(quiet_until)}"
        if refusal is None and len(self.memory.offered) >= self._at_most:
            refusal = f"{self._at_most} prompts an evening are enough"
        if refusal is not None:
            if refusal != prompt.blocked:
                prompt.blocked = refusal
                spoken.notes.append(Note(f"prompt {offer.name}", f"not offered: {refusal}"))
            spoken.look_at(now + LOOK_AGAIN)
            return
        if prompt.later_at is None:
            prompt.laters = 0
        prompt.offered_at, prompt.ended_at, prompt.later_at, prompt.blocked = now, None, None, ""
        self.memory.offered.append(now)
        words = Words(offer.title, offer.message, f"unclench-{offer.name}", self.person, offer.name)
        self._deliver(words, offer.why, offer.causes, now, mint, spoken)
        spoken.look_at(now + offer.grace)

    def _tell_waiting(self, now: datetime, quiet_until: datetime | None, mint: Callable[[], str], spoken: Spoken) -> None:
        memory = self.memory
        if quiet_until is not None:
            spoken.look_at(quiet_until)
            return
        for key, notice in list(memory.waiting.items()):
            del memory.waiting[key]
            if now - notice.at > NOTICE_KEEPS:
                continue
            if not key.endswith(":over"):
                memory.told[key] = now
            tag = "unclench-" + key.removesuffix(":over").replace(":", "-")
            self._deliver(Words("Unclench", notice.text, tag, self.person), notice.text, (), now, mint, spoken)

    def _deliver(  # noqa: PLR0913
        self, words: Words, why: str, causes: tuple[str, ...], now: datetime, mint: Callable[[], str], spoken: Spoken, *, first: int = 0
    ) -> None:
        for index, channel in enumerate(self._channels[first:], start=first):
            entity = entity_of_channel(channel)
            if entity in self.memory.gone:
                continue
            carried = carry(channel, words, is_entity=entity in self.memory.entities)
            action = _action(carried, mint(), now, why, causes)
            self.memory.deliveries.append(Delivery(words, now, why, index, action.id, causes))
            self.memory.deliveries = self.memory.deliveries[-8:]
            spoken.actions.append(action)
            return
        what = f"prompt {words.prompt}" if words.prompt else "notice"
        spoken.notes.append(Note(what, "there is no way left to say it: add one under prompts, channels in the profile"))


def _action(carried: Carried, action_id: str, now: datetime, why: str, causes: tuple[str, ...]) -> Action:
    return Action(
        id=action_id,
        at=now,
        expires_at=now + EXPIRY,
        service=carried.service,
        entity=carried.entity,
        data=carried.data,
        reason=why,
        causes=causes,
        once=True,
    )


def _is_open(prompt: PromptMemory) -> bool:
    return prompt.offered_at is not None and prompt.ended_at is None

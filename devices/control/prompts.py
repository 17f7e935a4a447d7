"""Prompts and notices: offered once, answered or silently lapsed, never in quiet hours, never more than is allowed.

A prompt is a suggestion: it is offered when its time comes, ends with done, skip or silence, and comes back once or
twice when the person says later. A notice tells the person one thing, and one thing more when it is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.profile import Channel
from devices.actions import Action
from devices.control.channels import Carried, Words, carry, entities_of
from devices.control.desk_memory import Delivery, DeskMemory, Notice, PromptMemory
from devices.control.memory import Note
from devices.events import ActionReturned, PromptAnswered

REST = timedelta(hours=4)
"""After a prompt has ended it is not offered again for this long, whatever comes twice."""
EVENING = timedelta(hours=12)
"""How long an offered prompt counts towards the evening's limit."""
LATERS = 2
"""How often "later" is taken; then the prompt is skipped without a word."""
LOOK_AGAIN = timedelta(minutes=5)
"""How soon a prompt that must not be offered now is looked at again, while its rule asks for it."""
EXPIRY = timedelta(minutes=5)
"""Words that could not be delivered by then are not delivered late."""
TRIES = 6
"""How often a notice is tried over all channels, ``LOOK_AGAIN`` apart."""
NOTICE_KEEPS = timedelta(hours=12)
"""A notice that waits for the end of quiet hours is dropped after this."""
UNAVAILABLE = frozenset({"unavailable", ""})
"""A notify or tts entity reports "unknown" until its first use: that does not mean that it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A prompt that a rule has asked for since ``since``. ``refusal`` says, for the person, why it must not be."""

    name: str
    title: str
    message: str
    grace: timedelta
    later: timedelta
    why: str
    since: datetime
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


@dataclass(frozen=True, slots=True)
class Moment:
    """When the desk is looked at. ``quiet_until``: the end of quiet hours, when in them. ``mint`` makes action ids.

    ``peer_up``: Home Assistant, which carries every channel, is there.
    """

    now: datetime
    quiet_until: datetime | None
    mint: Callable[[], str]
    peer_up: bool = True


@dataclass(frozen=True, slots=True)
class Saying:
    """Words to be said, and what becomes of them when nothing can say them."""

    words: Words
    why: str
    causes: tuple[str, ...]
    notice: str = ""  # the key of what is told; empty for a prompt
    tries: int = 0
    since: datetime | None = None


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
        gone = state in UNAVAILABLE
        if gone and entity not in memory.gone:
            memory.gone.append(entity)
        elif not gone and entity in memory.gone:
            memory.gone.remove(entity)

    def tell(self, key: str, text: str, now: datetime, causes: tuple[str, ...] = ()) -> None:
        """Tell something as soon as it may be told; a second time only after ``over``."""
        memory = self.memory
        if memory.waiting.pop(_over(key), None) is not None:
            memory.told[key] = now  # it never seemed over to the person
        elif key not in memory.told and key not in memory.waiting:
            memory.waiting[key] = Notice(text, now, causes)

    def over(self, key: str, text: str, now: datetime, causes: tuple[str, ...] = ()) -> None:
        """What ``key`` told is over: say so, or say neither when it was never told."""
        if self.memory.waiting.pop(key, None) is None and self.memory.told.pop(key, None) is not None:
            self.memory.waiting[_over(key)] = Notice(text, now, causes)

    def answered(
        self,
        event: PromptAnswered,
        now: datetime,
        later: Callable[[str], timedelta],
        *,
        quiet_at: Callable[[datetime], bool],
    ) -> list[Note]:
        """The person's answer; an answer without a name is for the prompt that was offered last and is open."""
        opened = [
            (prompt.offered_at, name)
            for name, prompt in self.memory.prompts.items()
            if prompt.offered_at and _is_open(prompt)
        ]
        name = event.prompt or max(opened, default=(now, ""))[1]
        prompt = self.memory.prompts.get(name)
        if prompt is None or not _is_open(prompt):
            return [Note(f"prompt {name}".strip(), f"you answered {event.answer}, but nothing was open")]
        if event.answer == "later":
            return self._later(name, prompt, now, later(name), quiet_at)
        prompt.ended_at, prompt.later_at = now, None
        return [Note(f"prompt {name}", f"you answered {event.answer}")]

    def _later(
        self, name: str, prompt: PromptMemory, now: datetime, by: timedelta, quiet_at: Callable[[datetime], bool]
    ) -> list[Note]:
        if prompt.later_at is not None:
            return []  # said twice, or delivered twice
        again = now + by
        if prompt.laters >= LATERS or quiet_at(again):
            prompt.ended_at = now
            why = "later would be in your quiet hours" if quiet_at(again) else f"it was put off {LATERS} times"
            return [Note(f"prompt {name}", f"you answered later; it is left out for today: {why}")]
        prompt.later_at, prompt.laters = again, prompt.laters + 1
        return [Note(f"prompt {name}", f"you answered later: it comes back at {self._clock(again)}")]

    def returned(self, event: ActionReturned, moment: Moment) -> Spoken:
        """The edge's word on a delivery: what failed takes the next channel."""
        spoken, memory = Spoken(), self.memory
        delivery = next((each for each in memory.deliveries if each.action == event.action), None)
        if delivery is None:
            return spoken
        memory.deliveries.remove(delivery)
        if event.result in ("refused", "unreachable"):
            failed = Saying(
                delivery.words, delivery.why, delivery.causes, delivery.notice, delivery.tries, delivery.since
            )
            self._deliver(failed, moment, spoken, first=delivery.channel + 1)
        elif event.result == "expired":
            spoken.notes.append(
                Note(_about(delivery.words), "could not be delivered in time, and is not delivered late")
            )
        return spoken

    # -- what goes out

    def steer(self, offers: list[Offer], moment: Moment) -> Spoken:
        """Offer what is due, end what has lapsed, tell what waits."""
        spoken, memory = Spoken(), self.memory
        memory.offered = [at for at in memory.offered if moment.now - at < EVENING]
        wanted: dict[str, Offer] = {}
        for offer in offers:
            wanted.setdefault(offer.name, offer)  # the strongest rule's comes first
        for name in sorted({*wanted, *memory.prompts}):
            self._look(name, wanted.get(name), moment, spoken)
        if memory.waiting:
            self._tell_waiting(moment, spoken)
        return spoken

    def _look(self, name: str, offer: Offer | None, moment: Moment, spoken: Spoken) -> None:
        prompt, now = self.memory.prompts.setdefault(name, PromptMemory()), moment.now
        if prompt.offered_at and _is_open(prompt) and prompt.later_at is None:
            lapses = prompt.offered_at + prompt.grace
            if now < lapses:
                spoken.look_at(lapses)
                return
            prompt.ended_at = now
            spoken.notes.append(Note(f"prompt {name}", "not answered; it lapses"))
        due = prompt.later_at or prompt.retry_at or (prompt.ended_at + REST if prompt.ended_at else now)
        if offer is None:
            self._let_go(prompt, now, spoken)
        elif now < due:
            spoken.look_at(due)
        else:
            self._offer(offer, prompt, moment, spoken)

    @staticmethod
    def _let_go(prompt: PromptMemory, now: datetime, spoken: Spoken) -> None:
        prompt.blocked, prompt.retry_at = "", None
        if prompt.later_at is not None and now >= prompt.later_at:
            prompt.ended_at, prompt.later_at = now, None
        elif prompt.later_at is not None:
            spoken.look_at(prompt.later_at)

    def _offer(self, offer: Offer, prompt: PromptMemory, moment: Moment, spoken: Spoken) -> None:
        now, again = moment.now, prompt.later_at is not None
        refusal, look = self._refusal(offer, moment, again=again)
        if refusal is not None:
            if refusal != prompt.blocked:
                prompt.blocked = refusal
                spoken.notes.append(Note(f"prompt {offer.name}", f"not offered: {refusal}"))
            if look is not None:
                spoken.look_at(look)
            return
        if not again:
            prompt.laters = 0
            self.memory.offered.append(now)
        prompt.offered_at, prompt.ended_at, prompt.later_at, prompt.blocked = now, None, None, ""
        prompt.grace, prompt.retry_at = offer.grace, None
        words = Words(offer.title, offer.message, f"unclench-{offer.name}", self.person, offer.name)
        self._deliver(Saying(words, offer.why, offer.causes), moment, spoken)
        spoken.look_at(now + offer.grace)

    def _refusal(self, offer: Offer, moment: Moment, *, again: bool) -> tuple[str | None, datetime | None]:
        """Why a prompt is not offered now, and when to look again. What the person put off was counted before."""
        now = moment.now
        if not again and now > offer.since + offer.grace:
            return "its time has passed", None
        if offer.refusal is not None:
            return offer.refusal, now + LOOK_AGAIN
        if not moment.peer_up:
            return "Home Assistant is away, and nothing can say it", None
        if moment.quiet_until is not None:
            return f"it is quiet until {self._clock(moment.quiet_until)}", moment.quiet_until
        if not again and len(self.memory.offered) >= self._at_most:
            oldest = min(self.memory.offered, default=None)
            return f"{self._at_most} prompts an evening are enough", oldest + EVENING if oldest else None
        return None, None

    def _tell_waiting(self, moment: Moment, spoken: Spoken) -> None:
        memory = self.memory
        if not moment.peer_up:
            return  # the desk is looked at when it is back
        if moment.quiet_until is not None:
            spoken.look_at(moment.quiet_until)
            return
        for key, notice in list(memory.waiting.items()):
            if notice.retry_at is not None and moment.now < notice.retry_at:
                spoken.look_at(notice.retry_at)
                continue
            del memory.waiting[key]
            if moment.now - notice.at > NOTICE_KEEPS:
                continue
            if not key.endswith(OVER):
                memory.told[key] = moment.now
            tag = "unclench-" + key.removesuffix(OVER).replace(":", "-")
            words = Words("Unclench", notice.text, tag, self.person)
            self._deliver(Saying(words, notice.text, notice.causes, key, notice.tries, notice.at), moment, spoken)

    def _deliver(self, saying: Saying, moment: Moment, spoken: Spoken, *, first: int = 0) -> None:
        memory, words = self.memory, saying.words
        for index, channel in enumerate(self._channels[first:], start=first):
            entities = entities_of(channel)
            if any(entity in memory.gone for entity in entities):
                continue
            carried = carry(channel, words, is_entity=entities[0] in memory.entities)
            action = _action(carried, moment, saying.why, saying.causes)
            delivery = Delivery(
                words,
                moment.now,
                saying.why,
                index,
                action.id,
                saying.causes,
                saying.notice,
                saying.tries,
                saying.since,
            )
            memory.deliveries = [*memory.deliveries, delivery][-DELIVERIES_KEPT:]
            spoken.actions.append(action)
            return
        what = (
            "no channel could say it"
            if self._channels
            else "there is no channel to say it: add one under prompts in the profile"
        )
        spoken.notes.append(Note(_about(words), f"not said: {what}"))
        if self._channels:
            self._try_again(saying, moment.now, spoken)

    def _try_again(self, saying: Saying, now: datetime, spoken: Spoken) -> None:
        """No channel could carry it: a notice waits again, and a prompt was not offered. Bounded, as its time is."""
        memory, again = self.memory, now + LOOK_AGAIN
        if saying.notice:
            if saying.tries + 1 >= TRIES:
                return
            memory.told.pop(saying.notice, None)
            memory.waiting[saying.notice] = Notice(
                saying.words.message, saying.since or now, saying.causes, saying.tries + 1, again
            )
        else:
            prompt = memory.prompts.get(saying.words.prompt)
            if prompt is None or not _is_open(prompt) or prompt.later_at is not None:
                return
            if prompt.offered_at in memory.offered:
                memory.offered.remove(prompt.offered_at)
                prompt.offered_at, prompt.retry_at = None, again
            else:
                prompt.later_at = again  # it was counted when it was first offered
        spoken.look_at(again)


DELIVERIES_KEPT = 8
OVER = ":over"


def _over(key: str) -> str:
    return key + OVER


def _about(words: Words) -> str:
    return f"prompt {words.prompt}" if words.prompt else "notice"


def _action(carried: Carried, moment: Moment, why: str, causes: tuple[str, ...]) -> Action:
    return Action(
        id=moment.mint(),
        at=moment.now,
        expires_at=moment.now + EXPIRY,
        service=carried.service,
        entity=carried.entity,
        data=carried.data,
        reason=why,
        causes=causes,
        once=True,
    )


def _is_open(prompt: PromptMemory) -> bool:
    return prompt.offered_at is not None and prompt.ended_at is None

"""Prompts: offered, repeated once, answered or silently lapsed, never in quiet hours, never more than is allowed.

A prompt is a suggestion: it is offered when its time comes, once more when nobody answers, ends with an answer or with
silence, and comes back once or twice when the person says later. A reminder that the person wrote always comes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from config.profile import Channel
from devices.control import notices
from devices.control.channels import Button, Say, Words
from devices.control.delivery import LOOK_AGAIN, Carrier, Moment, Saying, Spoken, channel_reported
from devices.control.desk_memory import DeskMemory, PromptMemory
from devices.control.memory import Note
from devices.control.offer import Offer, words_of
from devices.events import ActionReturned, PromptAnswered

__all__ = ["Moment", "Offer", "PromptDesk", "Spoken"]

REST = timedelta(hours=4)
"""After a prompt has ended it is not offered again for this long, whatever comes twice."""
EVENING = timedelta(hours=10)
"""How long an offered prompt counts towards the evening's limit."""
SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=12)
"""A time that the person names for "later" is taken between these."""
LATERS = 2
"""How often "later" is taken; then the prompt is skipped without a word."""
STEERING = frozenset({"pause", "resume", "next", "stop"})
"""Answers to what is spoken step by step: no prompt is meant."""
TOLD_APART = frozenset({"done", "skip", "begin"})
"""Answers that say nothing of how the person is, and may be in the record."""
MEANT = {"begin": ("wash", "stretch"), "yes": ("night",), "no": ("night",)}
"""Which of several prompts an answer is for, when it is not said."""
How = Literal["", "again", "repeat"]


class PromptDesk:
    """Everything that is said to one person."""

    def __init__(self, person: str, channels: list[Channel], at_most: int, clock: Callable[[datetime], str]) -> None:
        self.person = person
        self._at_most, self._clock = at_most, clock
        self._carrier = Carrier(channels)
        self.memory = DeskMemory()

    # -- what comes in

    def channel_reported(self, entity: str, state: str) -> None:
        """A channel's entity came or went."""
        channel_reported(self.memory, entity, state)

    def tell(self, key: str, text: str, now: datetime, causes: tuple[str, ...] = ()) -> None:
        """Tell something as soon as it may be told; a second time only after ``over``."""
        notices.tell(self.memory, key, text, now, causes)

    def urge(self, key: str, text: str, now: datetime, causes: tuple[str, ...] = ()) -> None:
        """Tell something at once, whatever the hour, each time that it is asked for."""
        notices.urge(self.memory, key, text, now, causes)

    def over(self, key: str, text: str, now: datetime, causes: tuple[str, ...] = ()) -> None:
        """What ``key`` told is over: say so, or say neither when it was never told."""
        notices.over(self.memory, key, text, now, causes)

    def meant(self, event: PromptAnswered) -> str:
        """Which open prompt an answer is for; empty when it is for none.

        Without a name it is for the prompt that was offered last. A number is for the rating, and for nothing else.
        """
        opened = {name: prompt for name, prompt in self.memory.prompts.items() if _is_open(prompt)}
        suited = ("rating",) if event.value is not None else MEANT.get(event.answer, ())
        if event.prompt:
            joined = opened[event.prompt].joined if event.prompt in opened else []
            return next((name for name in suited if name in joined and name in opened), event.prompt)
        found = next((name for name in suited if name in opened), "")
        if found or event.value is not None or event.answer == "begin":
            return found
        return max(((prompt.offered_at, name) for name, prompt in opened.items()), default=(None, ""))[1]

    def ticked(self, name: str, now: datetime) -> None:
        """The person said "done" of ``name``, whether it is open or not: it was done."""
        self.memory.prompts.setdefault(name, PromptMemory()).done_at = now

    def answered(
        self,
        event: PromptAnswered,
        now: datetime,
        later: Callable[[str], timedelta],
        *,
        quiet_at: Callable[[datetime], bool],
    ) -> list[Note]:
        """The person's answer, which is for everything that was offered in the same prompt."""
        if event.answer in STEERING:
            return []
        name = self.meant(event)
        by = later(name) if event.until is None else min(max(event.until - now, SOONEST), LATEST)
        prompt = self.memory.prompts.get(name)
        said = f"you answered {event.answer}" if event.answer in TOLD_APART and event.value is None else "you answered"
        if prompt is None or not _is_open(prompt):
            said = "you answered later" if event.answer == "later" else said
            return [Note(f"prompt {name or event.prompt}".strip(), f"{said}, but nothing was open")]
        notes = list[Note]()
        for each in self._together(name, prompt):
            part = self.memory.prompts[each]
            if event.answer == "later":
                notes += self._later(each, part, now, by, quiet_at)
                continue
            part.ended_at, part.later_at = now, None
            part.done_at = now if event.answer == "done" else part.done_at
            notes.append(Note(f"prompt {each}", said))
        return notes

    def _together(self, name: str, prompt: PromptMemory) -> list[str]:
        """What is open of the prompts that were offered with ``name``, itself among them."""
        prompts = self.memory.prompts
        others = (each for each in prompt.joined if each in prompts and _is_open(prompts[each]))
        return [name, *(each for each in others if each != name and prompts[each].offered_at == prompt.offered_at)]

    def _later(
        self, name: str, prompt: PromptMemory, now: datetime, by: timedelta, quiet_at: Callable[[datetime], bool]
    ) -> list[Note]:
        if prompt.later_at is not None:
            return []  # said twice, or delivered twice
        again = now + by
        quiet = not prompt.urgent and quiet_at(again)
        if prompt.laters >= LATERS or quiet:
            prompt.ended_at = now
            why = "later would be in your quiet hours" if quiet else f"it was put off {LATERS} times"
            return [Note(f"prompt {name}", f"you answered later; it is left out for today: {why}")]
        prompt.later_at, prompt.laters, prompt.latest = again, prompt.laters + 1, again + prompt.grace
        return [Note(f"prompt {name}", f"you answered later: it comes back at {self._clock(again)}")]

    def returned(self, event: ActionReturned, moment: Moment) -> Spoken:
        """The edge's word on a delivery: what failed takes the next channel, unless it must not be said any more."""
        delivery = next((each for each in self.memory.deliveries if each.action == event.action), None)
        words = delivery.words if delivery is not None else None
        if delivery is None or words is None or not words.prompt or words.how == "step" or event.result == "sent":
            return self._carrier.returned(self.memory, event, moment)
        problem = self._too_late(words, moment)
        if not problem:
            return self._carrier.returned(self.memory, event, moment)
        self.memory.deliveries.remove(delivery)
        return Spoken(notes=[Note(f"prompt {words.prompt}", f"not said: {problem}")])

    def _too_late(self, words: Words, moment: Moment) -> str:
        """Why a prompt that one channel failed is left to no other."""
        parts = [self.memory.prompts[name] for name in words.parts if name in self.memory.prompts]
        if parts and all(not _is_open(part) or part.later_at is not None for part in parts):
            return "it has been answered"
        quiet = moment.quiet_until is not None and not words.urgent
        return f"it is quiet until {self._clock(moment.quiet_until)}" if quiet and moment.quiet_until else ""

    # -- what goes out

    def say(self, say: Say, moment: Moment) -> Spoken:
        """Say something now or not at all: no limit counts it, and it has no life of its own."""
        spoken = Spoken()
        problem = "" if moment.peer_up else "Home Assistant is away"
        if moment.quiet_until is not None and not say.urgent:
            problem = f"it is quiet until {self._clock(moment.quiet_until)}"
        if problem:
            spoken.notes.append(Note(f"prompt {say.key}", f"not said: {problem}"))
            return spoken
        words = Words(
            say.title or "Unclench",
            say.message or say.spoken,
            f"unclench-{say.key}",
            self.person,
            say.key,
            spoken=say.spoken,
            buttons=tuple(Button(say.key, answer, title) for answer, title in say.buttons.items()),
            how="step",
            speech_only=say.speech_only,
            urgent=say.urgent,
            expires=say.expires,
            to=say.notify,
        )
        saying = Saying(words, "it belongs to what you began", (), since=moment.now)
        self._carrier.deliver(self.memory, saying, moment, spoken)
        return spoken

    def steer(self, offers: list[Offer], moment: Moment) -> Spoken:
        """Offer what is due, end what has lapsed, tell what waits."""
        spoken, memory = Spoken(), self.memory
        memory.offered = [at for at in memory.offered if moment.now - at < EVENING]
        wanted = _wanted(offers)
        ready: dict[tuple[str, datetime, How], list[Offer]] = {}
        for name in [*wanted, *sorted(memory.prompts.keys() - wanted.keys())]:
            offer = wanted.get(name)
            how = self._look(name, offer, moment, spoken)
            if how is not None and offer is not None:
                ready.setdefault((offer.group or f"alone:{name}", offer.since, how), []).append(offer)
        for (_, _, how), together in ready.items():
            self._offer(together, how, moment, spoken)
        if memory.waiting:
            notices.tell_waiting(memory, self.person, self._carrier, moment, spoken)
        return spoken

    def _look(self, name: str, offer: Offer | None, moment: Moment, spoken: Spoken) -> How | None:
        """How a prompt is to be offered now, if it is."""
        prompt, now = self.memory.prompts.setdefault(name, PromptMemory()), moment.now
        newer = offer is not None and offer.own and (prompt.offered_at is None or offer.since > prompt.offered_at)
        if prompt.offered_at and _is_open(prompt) and prompt.later_at is None:
            lapses = prompt.offered_at + prompt.grace
            if now < lapses and not newer:
                spoken.look_at(lapses)
                return _repeats(offer, prompt, now, spoken)
            prompt.ended_at = now
            spoken.notes.append(Note(f"prompt {name}", "not answered; it lapses"))
        if prompt.later_at is not None and prompt.latest is not None and now > prompt.latest:
            prompt.ended_at, prompt.later_at = now, None
            spoken.notes.append(Note(f"prompt {name}", "it was put off, and nothing could say it in time; it lapses"))
        rested = prompt.ended_at + REST if prompt.ended_at and not newer else now
        due = prompt.later_at or prompt.retry_at or rested
        if offer is None:
            self._let_go(prompt, now, spoken)
        elif now < due:
            spoken.look_at(due)
        else:
            return "again" if prompt.later_at is not None else ""
        return None

    @staticmethod
    def _let_go(prompt: PromptMemory, now: datetime, spoken: Spoken) -> None:
        prompt.blocked, prompt.retry_at = "", None
        if prompt.later_at is not None and now >= prompt.later_at:
            prompt.ended_at, prompt.later_at = now, None
        elif prompt.later_at is not None:
            spoken.look_at(prompt.later_at)

    def _offer(self, offers: list[Offer], how: How, moment: Moment, spoken: Spoken) -> None:
        fit = []
        for offer in offers:
            refusal, look = self._refusal(offer, moment, how)
            if refusal is None:
                fit.append(offer)
            elif how == "repeat" and not moment.peer_up:
                continue  # it is repeated as soon as something can say it
            else:
                self._refuse(offer, how, refusal, look, spoken)
        refusal, look = self._enough(fit, moment) if how == "" else (None, None)
        if refusal is not None:
            for offer in fit:
                self._refuse(offer, how, refusal, look, spoken)
        elif fit:
            self._make(fit, how, moment, spoken)

    def _make(self, offers: list[Offer], how: How, moment: Moment, spoken: Spoken) -> None:
        now, words = moment.now, words_of(offers, self.person, how)
        for offer in offers:
            prompt = self.memory.prompts[offer.name]
            prompt.blocked, prompt.retry_at, prompt.urgent = "", None, offer.urgent
            if how == "":
                prompt.laters = 0
            if how == "repeat":
                prompt.repeated = True
                continue
            prompt.repeated = prompt.repeated and how == "again"
            prompt.offered_at, prompt.ended_at, prompt.later_at = now, None, None
            prompt.grace, prompt.joined = offer.grace, list(words.parts)
            spoken.look_at(now + offer.grace)
            _repeats(offer, prompt, now, spoken)
        if how == "" and not words.silent and any(offer.counts for offer in offers):
            self.memory.offered.append(now)
        causes = tuple(dict.fromkeys(cause for offer in offers for cause in offer.causes))
        why = "; ".join(dict.fromkeys(offer.why for offer in offers))
        self._carrier.deliver(self.memory, Saying(words, why, causes, since=now), moment, spoken)

    def _refuse(self, offer: Offer, how: How, refusal: str, look: datetime | None, spoken: Spoken) -> None:
        prompt = self.memory.prompts[offer.name]
        if how == "repeat":
            prompt.repeated = True  # it was said once: that is enough
            spoken.notes.append(Note(f"prompt {offer.name}", f"not repeated: {refusal}"))
            return
        if refusal != prompt.blocked:
            prompt.blocked = refusal
            spoken.notes.append(Note(f"prompt {offer.name}", f"not offered: {refusal}"))
        if look is not None:
            spoken.look_at(look)

    def _refusal(self, offer: Offer, moment: Moment, how: How) -> tuple[str | None, datetime | None]:
        """Why a prompt is not offered now, and when to look again."""
        now = moment.now
        if how == "" and now > offer.latest:
            return "its time has passed", None
        if offer.refusal is not None:
            return offer.refusal, now + LOOK_AGAIN
        if moment.away and not offer.own:
            return "you are away", now + LOOK_AGAIN
        if not moment.peer_up:
            return "Home Assistant is away, and nothing can say it", None
        if moment.quiet_until is not None and not (offer.urgent and how != "repeat"):
            return f"it is quiet until {self._clock(moment.quiet_until)}", moment.quiet_until
        return None, None

    def _enough(self, offers: list[Offer], moment: Moment) -> tuple[str | None, datetime | None]:
        """Why there are enough prompts tonight. Own reminders always come; what is only shown costs nothing."""
        if any(offer.own or not offer.counts for offer in offers):
            return None, None
        if self._at_most and all(offer.silent for offer in offers):
            return None, None
        if len(self.memory.offered) + moment.reserved < self._at_most:
            return None, None
        oldest = min(self.memory.offered, default=None)
        kept = " (room is kept for your own reminders)" if len(self.memory.offered) < self._at_most else ""
        look = moment.now + LOOK_AGAIN if kept else oldest + EVENING if oldest else None
        return f"{self._at_most} prompts an evening are enough{kept}", look


def _wanted(offers: list[Offer]) -> dict[str, Offer]:
    """One offer by name: the strongest rule's comes first, and a reminder's latest time replaces an earlier one."""
    wanted: dict[str, Offer] = {}
    for offer in offers:
        known = wanted.setdefault(offer.name, offer)
        if offer.own and offer.since > known.since:
            wanted[offer.name] = offer
    return wanted


def _repeats(offer: Offer | None, prompt: PromptMemory, now: datetime, spoken: Spoken) -> How | None:
    """Whether a prompt that nobody has answered is to be offered once more now."""
    if offer is None or prompt.offered_at is None or prompt.repeated or not offer.repeat:
        return None
    due = prompt.offered_at + offer.repeat
    if due >= prompt.offered_at + prompt.grace:
        return None
    if now < due:
        spoken.look_at(due)
        return None
    return "repeat" if now < due + offer.repeat else None  # what could not be said then is not made up for


def _is_open(prompt: PromptMemory) -> bool:
    return prompt.offered_at is not None and prompt.ended_at is None

"""How words get out: the first channel that is there and fits, the next one when it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.profile import Channel, NotifyChannel
from devices.actions import Action
from devices.control.channels import Carried, Words, carry, entities_of, is_speaker, room_of, volume_of
from devices.control.desk_memory import Delivery, DeskMemory, Notice
from devices.control.memory import Note
from devices.events import ActionReturned

LOOK_AGAIN = timedelta(minutes=5)
"""How soon words that must not or could not be said now are looked at again."""
AWAY_AGAIN = timedelta(minutes=30)
"""The same for a notice while the person is away and nothing but a speaker could say it."""
TRIES = 6
"""How often a notice is tried over all channels, ``LOOK_AGAIN`` apart."""
UNAVAILABLE = frozenset({"unavailable", ""})
"""A notify or tts entity reports "unknown" until its first use: that does not mean that it is gone."""
DELIVERIES_KEPT = 8
FAILED = "no channel could say it"


@dataclass(slots=True)
class Spoken:
    """What a look at the desk brought."""

    actions: list[Action] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    due: datetime | None = None

    def look_at(self, due: datetime) -> None:
        """Look again at ``due`` at the latest."""
        self.due = min(self.due, due) if self.due else due


def _everywhere(_room: str) -> bool:
    return True


def _nowhere(_room: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Moment:
    """When the desk is looked at. ``quiet_until``: the end of quiet hours, when in them. ``mint`` makes action ids.

    ``peer_up``: Home Assistant, which carries every channel, is there. ``reserved``: own reminders still to come
    tonight, for which suggestions leave room. ``away``: nobody hears a speaker. ``at_night``: speakers are turned down.
    """

    now: datetime
    quiet_until: datetime | None
    mint: Callable[[], str]
    peer_up: bool = True
    reserved: int = 0
    away: bool = False
    at_night: bool = False
    heard_in: Callable[[str], bool] = _everywhere  # somebody may be in the room
    asleep_in: Callable[[str], bool] = _nowhere  # somebody is in bed there, after lights-out
    private_in: Callable[[str], bool] = _nowhere  # only the person hears what is spoken there


@dataclass(frozen=True, slots=True)
class Saying:
    """Words to be said, and what becomes of them when nothing can say them."""

    words: Words
    why: str
    causes: tuple[str, ...]
    notice: str = ""  # the key of what is told; empty for a prompt
    tries: int = 0
    since: datetime | None = None


def channel_reported(memory: DeskMemory, entity: str, state: str) -> None:
    """A channel's entity came or went."""
    if entity.startswith("notify.") and entity not in memory.entities:
        memory.entities.append(entity)
    gone = state in UNAVAILABLE
    if gone and entity not in memory.gone:
        memory.gone.append(entity)
    elif not gone and entity in memory.gone:
        memory.gone.remove(entity)


class Carrier:
    """Brings words to one person, over their channels."""

    def __init__(self, channels: list[Channel]) -> None:
        self._channels = channels

    def deliver(self, memory: DeskMemory, saying: Saying, moment: Moment, spoken: Spoken, *, first: int = 0) -> None:
        """Send words over the first channel from ``first`` on that is there and fits; else try again, or say why."""
        words = saying.words
        channels: list[Channel] = [NotifyChannel(notify=words.to)] if words.to else self._channels
        if words.how == "step" and saying.since is not None and moment.now >= saying.since + words.expires:
            spoken.notes.append(Note(about(words), "could not be delivered in time, and is not delivered late"))
            return
        problem = ""
        for hinted in (False, True) if words.private else (False,):
            for index, channel in enumerate(channels[first:], start=first):
                private = hinted or not words.private or not is_speaker(channel) or _is_private(channel, moment)
                unfit = _unfit(channel, words, moment, memory)
                problem = unfit or problem
                if private and not unfit:
                    # Words that are for the person alone are only hinted at where others may hear them.
                    self._send(memory, saying, moment, spoken, index=index, channel=channel, hinted=hinted)
                    return
        none = "there is no channel to say it: add one under prompts in the profile"
        spoken.notes.append(Note(about(words), f"not said: {(problem or FAILED) if channels else none}"))
        if channels:
            _try_again(memory, saying, moment, spoken)

    def _send(  # noqa: PLR0913
        self,
        memory: DeskMemory,
        saying: Saying,
        moment: Moment,
        spoken: Spoken,
        *,
        index: int,
        channel: Channel,
        hinted: bool,
    ) -> None:
        words = saying.words
        says, phone = (words.title if hinted and is_speaker(channel) else None), None
        if says is None and words.asks and is_speaker(channel):
            phone = next((each for each in self._channels if _can_show(each, memory)), None)
            says = words.asks if phone is not None else None
        volume = volume_of(channel, at_night=moment.at_night)
        if volume is not None:
            spoken.actions.append(_action(volume, moment, saying))
        action = _action(carry(channel, words, is_entity=_is_entity(channel, memory), spoken=says), moment, saying)
        delivery = Delivery(
            words, moment.now, saying.why, index, action.id, saying.causes, saying.notice, saying.tries, saying.since
        )
        memory.deliveries = [*memory.deliveries, delivery][-DELIVERIES_KEPT:]
        spoken.actions.append(action)
        if phone is not None:  # the rest of what was too long to be spoken
            spoken.actions.append(_action(carry(phone, words, is_entity=_is_entity(phone, memory)), moment, saying))

    def returned(self, memory: DeskMemory, event: ActionReturned, moment: Moment) -> Spoken:
        """The edge's word on a delivery: what failed takes the next channel."""
        spoken = Spoken()
        delivery = next((each for each in memory.deliveries if each.action == event.action), None)
        if delivery is None:
            return spoken
        memory.deliveries.remove(delivery)
        if event.result in ("refused", "unreachable"):
            failed = Saying(
                delivery.words, delivery.why, delivery.causes, delivery.notice, delivery.tries, delivery.since
            )
            self.deliver(memory, failed, moment, spoken, first=delivery.channel + 1)
        elif event.result == "expired":
            spoken.notes.append(
                Note(about(delivery.words), "could not be delivered in time, and is not delivered late")
            )
        return spoken


def about(words: Words) -> str:
    """What the record files words under."""
    return f"prompt {words.prompt}" if words.prompt else "notice"


def _is_private(channel: Channel, moment: Moment) -> bool:
    room = room_of(channel)
    return room is not None and moment.private_in(room)


def _is_entity(channel: Channel, memory: DeskMemory) -> bool:
    return entities_of(channel)[0] in memory.entities


def _can_show(channel: Channel, memory: DeskMemory) -> bool:
    return isinstance(channel, NotifyChannel) and channel.notify not in memory.gone


def _unfit(channel: Channel, words: Words, moment: Moment, memory: DeskMemory) -> str:
    """Why a channel cannot carry the words now, or must not; empty when it may."""
    if any(entity in memory.gone for entity in entities_of(channel)):
        return FAILED
    if isinstance(channel, NotifyChannel):
        return "there is no speaker to say it" if words.speech_only and not words.to else ""
    if moment.away and (_is_prompt(words) or (is_speaker(channel) and not words.prompt)):
        return "you are away"  # what the person began goes on: where they are may be mistaken
    if not is_speaker(channel):
        return ""
    return "nothing can show it without speaking" if words.silent else _unheard(room_of(channel), words, moment)


def _unheard(room: str | None, words: Words, moment: Moment) -> str:
    """Why nothing is spoken in a room now: nobody is there, or somebody sleeps. Where that is not known it is."""
    if room is None:
        return ""
    if not moment.heard_in(room):
        return f"nobody is in the {room.replace('_', ' ')} to hear it"
    suggestion = _is_prompt(words) and not words.own and not words.urgent
    return "somebody is in bed where it would be spoken" if suggestion and moment.asleep_in(room) else ""


def _is_prompt(words: Words) -> bool:
    return bool(words.prompt) and words.how != "step"


def _try_again(memory: DeskMemory, saying: Saying, moment: Moment, spoken: Spoken) -> None:
    """No channel could carry it: a notice waits again, and a prompt was not offered. Bounded, as its time is."""
    words, now = saying.words, moment.now
    again = now + LOOK_AGAIN
    if saying.notice:
        tries = saying.tries + (not moment.away)  # who is away is told when they are back
        if tries >= TRIES:
            return
        again = now + AWAY_AGAIN if moment.away else again
        memory.told.pop(saying.notice, None)
        memory.waiting[saying.notice] = Notice(
            words.message, saying.since or now, saying.causes, tries, again, urgent=words.urgent
        )
        spoken.look_at(again)
    elif words.how not in ("step", "repeat"):
        _was_not_offered(memory, saying, again, spoken)


def _was_not_offered(memory: DeskMemory, saying: Saying, again: datetime, spoken: Spoken) -> None:
    words = saying.words
    prompts = [memory.prompts[name] for name in words.parts or (words.prompt,) if name in memory.prompts]
    for prompt in prompts:
        if prompt.offered_at is None or prompt.ended_at is not None or prompt.later_at is not None:
            continue
        if saying.since is not None and prompt.offered_at != saying.since:
            continue  # it was offered anew since
        spoken.look_at(again)
        if words.how == "again":
            prompt.later_at = again  # it was counted when it was first offered
            continue
        if prompt.offered_at in memory.offered and prompt is prompts[0] and not words.silent:
            memory.offered.remove(prompt.offered_at)
        prompt.offered_at, prompt.retry_at = None, again


def _action(carried: Carried, moment: Moment, saying: Saying) -> Action:
    expires = saying.words.expires
    since = saying.since if saying.words.how == "step" and saying.since is not None else moment.now
    return Action(
        id=moment.mint(),
        at=moment.now,
        expires_at=since + expires,
        service=carried.service,
        entity=carried.entity,
        data=carried.data,
        reason=saying.why,
        causes=saying.causes,
        once=True,
    )

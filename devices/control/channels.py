"""The ways to reach the person: which service call carries a message, and with which buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from config.profile import Channel, NotifyChannel, SatelliteChannel, ScriptChannel, TtsChannel

ANSWERS = {"done": "Done", "later": "Later", "skip": "Skip"}
"""The answers to most prompts, and what their buttons say."""
EXPIRY = timedelta(minutes=5)
"""Words that could not be delivered by then are not delivered late."""


@dataclass(frozen=True, slots=True)
class Button:
    """One answer: to which prompt, what stands on it, and whether it opens a field to write a number in."""

    prompt: str
    answer: str
    title: str
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What to say. ``tag`` replaces an earlier message of the same tag on a phone."""

    title: str
    message: str
    tag: str
    person: str
    prompt: str = ""  # the first of ``parts``; empty for a notice, which needs no answer
    spoken: str = ""  # empty: the message
    asks: str = ""  # the first question alone, when all of them are too long to be listened to
    parts: tuple[str, ...] = ()  # the prompts that are offered in it
    buttons: tuple[Button, ...] = ()
    how: Literal["", "again", "repeat", "step"] = ""  # for the first time, put off, repeated; "step": no prompt at all
    own: bool = False  # a reminder that the person wrote: it comes to the phone when they are away too
    silent: bool = False  # never spoken
    private: bool = False  # about the illness, or not known not to be
    speech_only: bool = False
    urgent: bool = False  # also to who sleeps
    expires: timedelta = EXPIRY
    to: str | None = None  # over this notify service and no other


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Something to be said now, whatever the prompts do: a step of guided stretches, a check during a bath.

    ``buttons``: answer to title. ``urgent`` is said in quiet hours too. ``notify``: over this service and no other.
    """

    key: str
    title: str = ""
    spoken: str
    message: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    speech_only: bool = False
    urgent: bool = False
    expires: timedelta = timedelta(minutes=5)
    notify: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """A service call that carries the words."""

    service: str
    entity: str | None
    data: dict[str, object]


def entities_of(channel: Channel) -> tuple[str, ...]:
    """The entities or service that a channel stands on: it is gone when one of them is."""
    if isinstance(channel, NotifyChannel):
        return (channel.notify,)
    if isinstance(channel, SatelliteChannel):
        return (channel.satellite,)
    return (channel.tts, channel.player) if isinstance(channel, TtsChannel) else (channel.script,)


def is_speaker(channel: Channel) -> bool:
    """Whether everybody in the room hears it. A script of the home may do either."""
    return isinstance(channel, (TtsChannel, SatelliteChannel))


def room_of(channel: Channel) -> str | None:
    """Where a speaker is heard, as far as it is known."""
    return channel.room if isinstance(channel, (TtsChannel, SatelliteChannel)) else None


def volume_of(channel: Channel, *, at_night: bool) -> Carried | None:
    """The call that sets a speaker's volume before it speaks, where the person chose one."""
    if not isinstance(channel, TtsChannel):
        return None
    percent = channel.volume_at_night if at_night and channel.volume_at_night else channel.volume
    if percent is None:
        return None
    return Carried("media_player.volume_set", channel.player, {"volume_level": percent / 100})


def carry(channel: Channel, words: Words, *, is_entity: bool, spoken: str | None = None) -> Carried:
    """The service call. ``is_entity``: the notify name is an entity (words only), not a service with buttons."""
    said = words.spoken or words.message if spoken is None else spoken
    if isinstance(channel, TtsChannel):
        return Carried("tts.speak", channel.tts, {"media_player_entity_id": channel.player, "message": said})
    if isinstance(channel, SatelliteChannel):
        return Carried("assist_satellite.announce", channel.satellite, {"message": said})
    buttons = [_action(words, button) for button in words.buttons]
    if isinstance(channel, ScriptChannel):
        data: dict[str, object] = {
            "title": words.title,
            "message": words.message,
            "tag": words.tag,
            "actions": buttons,
            "spoken": "" if words.silent else said,
        }
        return Carried(channel.script, None, data)
    if is_entity:
        return Carried("notify.send_message", channel.notify, {"message": words.message, "title": words.title})
    extra: dict[str, object] = {"tag": words.tag, **({"actions": buttons} if buttons else {})}
    return Carried(channel.notify, None, {"title": words.title, "message": words.message, "data": extra})


def _action(words: Words, button: Button) -> dict[str, object]:
    """A button as Home Assistant's app on the phone takes it; one to write in answers with what was written."""
    action: dict[str, object] = {
        "action": f"UNCLENCH:{words.person}:{button.prompt}:{button.answer}",
        "title": button.title,
    }
    return {**action, "behavior": "textInput"} if button.writes else action

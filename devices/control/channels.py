"""The ways to reach the person: which service call carries a message, and with which buttons."""

from __future__ import annotations

from dataclasses import dataclass

from config.profile import Channel, NotifyChannel, TtsChannel

ANSWERS = {"done": "Done", "later": "Later", "skip": "Skip"}
"""The answers to a prompt, and what their buttons say."""


@dataclass(frozen=True, slots=True)
class Words:
    """What to say. ``tag`` replaces an earlier message of the same tag on a phone; ``answers`` make buttons."""

    title: str
    message: str
    tag: str
    person: str
    prompt: str = ""  # empty for a notice, which needs no answer


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
    return (channel.tts, channel.player) if isinstance(channel, TtsChannel) else (channel.script,)


def carry(channel: Channel, words: Words, *, is_entity: bool) -> Carried:
    """The service call. ``is_entity``: the notify name is an entity (words only), not a service with buttons."""
    if isinstance(channel, TtsChannel):
        return Carried("tts.speak", channel.tts, {"media_player_entity_id": channel.player, "message": words.message})
    buttons = [
        {"action": f"UNCLENCH:{words.person}:{words.prompt}:{answer}", "title": title}
        for answer, title in ANSWERS.items()
        if words.prompt
    ]
    if not isinstance(channel, NotifyChannel):
        data: dict[str, object] = {"title": words.title, "message": words.message, "tag": words.tag, "actions": buttons}
        return Carried(channel.script, None, data)
    if is_entity:
        return Carried("notify.send_message", channel.notify, {"message": words.message, "title": words.title})
    extra: dict[str, object] = {"tag": words.tag, **({"actions": buttons} if buttons else {})}
    return Carried(channel.notify, None, {"title": words.title, "message": words.message, "data": extra})

"""What is offered, and how offers that are made together become one message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from devices.control.channels import ANSWERS, Button, Words

SPOKEN_WORDS = 12
"""More than this at once is not followed by somebody who is tired."""
_LAST = {"done": 1, "later": 2, "skip": 3}
"""Some phones show the first three buttons only: what a prompt has of its own comes before these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A prompt that is asked for since ``since``. ``refusal`` says, for the person, why it must not be.

    ``group``: offers of the same group and moment are made in one prompt. It has to be handed in for as long as it may
    be repeated or put off. ``until``: not offered for the first time after it; left out, after ``grace``.
    """

    name: str
    title: str
    message: str
    grace: timedelta
    later: timedelta
    why: str
    since: datetime
    causes: tuple[str, ...] = ()
    refusal: str | None = None
    repeat: timedelta = timedelta(minutes=10)  # 0: never
    until: datetime | None = None
    group: str = ""
    spoken: str = ""  # sentences of at most twelve words; empty: the message
    asks: str = ""  # its question alone, where more than that is spoken
    buttons: dict[str, str] = field(default_factory=lambda: dict(ANSWERS))
    writes: str = ""  # the answer that is a number to be written
    silent: bool = False  # never spoken
    counts: bool = True  # towards the evening's limit
    urgent: bool = False  # may come in quiet hours
    own: bool = False  # a reminder that the person wrote
    private: bool = False  # not for others' ears

    @property
    def latest(self) -> datetime:
        """When it is too late to offer it for the first time."""
        return self.until or self.since + self.grace


def sentences(text: str) -> str:
    """``text`` as it is spoken: what is longer than twelve words is said with pauses."""
    said = []
    for sentence in _split(text):
        words = sentence.split()
        pieces = [" ".join(words[at : at + SPOKEN_WORDS]) for at in range(0, len(words), SPOKEN_WORDS)]
        said += [piece if piece[-1] in ".?!" else f"{piece}." for piece in pieces[:-1]] + pieces[-1:]
    return " ".join(said)


def _split(text: str) -> list[str]:
    found = [""]
    for word in text.split():
        found[-1] = f"{found[-1]} {word}".strip()
        if word[-1] in ".?!":
            found.append("")
    return [sentence for sentence in found if sentence]


def words_of(offers: list[Offer], person: str, how: Literal["", "again", "repeat"]) -> Words:
    """One message for all ``offers``."""
    first, aloud = offers[0], [offer for offer in offers if not offer.silent]
    spoken = [offer.spoken or offer.message for offer in aloud]
    asks = [offer.asks or said for offer, said in zip(aloud, spoken, strict=True)]
    # One question of a few that are too long together: the others are read on the phone, where there is one.
    too_long = len(aloud) > 1 and len(" ".join(asks).split()) > SPOKEN_WORDS
    return Words(
        first.title,
        " ".join(dict.fromkeys(offer.message for offer in offers)),
        f"unclench-{first.name}",
        person,
        first.name,
        spoken=" ".join(spoken),
        asks=spoken[0] if too_long else "",
        parts=tuple(offer.name for offer in offers),
        buttons=_buttons(offers),
        how=how,
        own=any(offer.own for offer in offers),
        silent=not aloud,
        private=any(offer.private for offer in offers),
        urgent=any(offer.urgent for offer in offers),
    )


def _buttons(offers: list[Offer]) -> tuple[Button, ...]:
    """Every answer once; it is an answer to all that was offered together."""
    found: list[Button] = []
    for offer in offers:
        for answer, title in offer.buttons.items():
            writes = answer == offer.writes
            if writes or all(button.writes or button.answer != answer for button in found):
                found.append(Button(offer.name, answer, title, writes))
    return tuple(sorted(found, key=lambda button: 0 if button.writes else _LAST.get(button.answer, 0)))

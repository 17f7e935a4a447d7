"""The sentences of tests/voice/ in Assist of a real Home Assistant, both versions: it hands us what is ours.

Nothing is run: Home Assistant is asked what it would make of a sentence. What our parser makes of its answer must be
what it makes of the sentence itself.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from integration.ha_install import shipped_sentences
from integration.ha_package import routed
from journal.hearing import Ear
from journal.meaning import Meaning
from tests.conftest import REAL_VERSIONS, give_up
from tests.peers.home_assistant import HomeAssistant
from tests.peers.versions import Unavailable
from tests.real_ha.assist import matched, say_to_assist, with_our_files
from tests.real_ha.builtin_sentences import builtin_sentences
from tests.voice.expect import Sentence, files, sentences

READ = YAML(typ="safe").load(shipped_sentences())
OURS = set(routed(READ))
NOT_OURS = (
    "turn on the bedroom light",
    "turn off the bedroom lamp",
    "turn on the fan in the bedroom",
    "turn on all the lights",
    "set the bedroom lamp to 50 percent",
    "set a timer for ten minutes",
    "start a 5 minute timer",
    "cancel all timers",
    "pause the kitchen timer",
    "pause the music",
    "start the vacuum",
    "in ten minutes turn off the light",
    "what can I say",
    "what time is it",
    "what is the date today",
    "open the curtains",
    "close the garage door",
    "set the temperature to 21 degrees",
    "is the front door locked",
    "are any windows open",
    "add milk to my shopping list",
    "add buy bread to my to do list",
    "turn up the volume",
    "never mind",
)
"""What people say to Assist that is none of our business."""
KNOWN_TO_HA = {"set a timer for ten minutes", "what time is it", "never mind"}
"""Of these, what Home Assistant knows without any device of that kind."""

_MARKS = re.compile(r"(?<!\d)[.,;:!?¿¡]|[.,;:!?¿¡](?!\d)")
AWAY = 0.13
"""The share of the sentences in a file that may be left to Home Assistant."""
SHARED = {"pause", "unpause", "next"}
"""What is ours on purpose, although Home Assistant means music by it."""


@pytest.fixture(scope="module", params=REAL_VERSIONS)
def assistant(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeAssistant]:
    """A Home Assistant with the sentences that we ship."""
    try:
        with with_our_files(request.param, tmp_path_factory.mktemp("sentences")) as (_, running):
            yield running
    except Unavailable as error:
        give_up(error)


@pytest.fixture(scope="module")
def ear() -> Ear:
    """Our parser."""
    return Ear(READ)


def test_it_loads_without_an_error(assistant: HomeAssistant) -> None:
    """And Home Assistant reads every one of our sentences."""
    say_to_assist(assistant, "good evening")
    assert assistant.errors_at_start == []
    assert assistant.log_errors() == []


def test_what_home_assistant_can_do_itself_is_not_taken_from_it(assistant: HomeAssistant) -> None:
    found = dict(zip(NOT_OURS, matched(assistant, list(NOT_OURS)), strict=True))
    assert {text: intent for text, (intent, _) in found.items() if intent in OURS} == {}
    assert {text for text in KNOWN_TO_HA if not found[text][0]} == set()
    assert say_to_assist(assistant, "what time is it").kind == "action_done"


@pytest.mark.timeout(300)
def test_none_of_its_own_sentences_is_taken_from_it(assistant: HomeAssistant) -> None:
    """One of each of Home Assistant's templates: ours are asked first, so one of ours that is too wide would win."""
    known = builtin_sentences(assistant.version)
    assert len(known) > 400
    begun = time.monotonic()
    found = list(zip(known.items(), matched(assistant, list(known)), strict=True))
    print(f"{len(known)} sentences of its own: {(time.monotonic() - begun) / len(known) * 1000:.0f} ms each")
    taken = [
        f"{text!r} ({its}) is taken by {ours}"
        for (text, its), (ours, _) in found
        if ours in OURS and text not in SHARED
    ]
    assert taken == []


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_every_sentence_comes_to_us_and_means_the_same(assistant: HomeAssistant, ear: Ear, file: Path) -> None:
    """What comes means the same. What does not come Home Assistant answers itself: it must be little.

    Sentences that begin like any ("so I was just ...") are not ours by their words: taking them would take its own.
    """
    said = [each for each in sentences(file) if each.say.strip()]
    found = list(zip(said, matched(assistant, [each.say for each in said]), strict=True))
    away = [each.say for each, (intent, _) in found if intent not in OURS and is_for_us(ear, each)]
    print(f"{file.stem}: {len(away)} of {len(said)} do not come: {away}")
    wrong = [line for each, (intent, slots) in found if intent in OURS for line in differs(ear, each, intent, slots)]
    assert wrong == [], f"{len(wrong)} of {len(said)}"
    assert len(away) <= max(2, AWAY * len(said)), away


def is_for_us(ear: Ear, sentence: Sentence) -> bool:
    """Whether the words are more to us than a note."""
    return ear.hear(sentence.say, sentence.moment()).purpose not in ("note", "nothing")


def differs(ear: Ear, sentence: Sentence, intent: str, slots: dict[str, object]) -> Iterator[str]:
    """Where the way through Home Assistant comes to something else than the words do. It leaves out commas."""
    direct = ear.hear(_MARKS.sub("", sentence.say), sentence.moment())
    through = ear.take(intent, slots, sentence.moment())
    for field in fields(Meaning):
        before, after = (_bare(getattr(each, field.name)) for each in (direct, through))
        if field.name != "raw" and before != after:
            yield f"{sentence.say!r} ({intent}) {field.name}: {before} became {after}"


def _bare(value: object) -> str:
    """A value without the marks and capitals that Home Assistant leaves out of what it hears, in notes too."""
    return " ".join(re.sub(r"[.,;:!?¿¡]", " ", repr(value)).lower().split())

"""kill -9 at any moment while somebody logs: every symptom is in the journal once, and none twice."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.store.journal import JOURNAL
from tests.faults.bedroom_tools import bedroom
from tests.faults.killed_tools import ServiceProcess
from tests.integration.homebuilder import TestHome, publisher, say
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

pytestmark = [pytest.mark.peers, pytest.mark.slow]

KILLS, SYMPTOMS = 200, 2_000
SAME = "left calf spasm, seven"
"""Said again and again, word for word: only the broker's own numbers tell one from the next."""


@pytest.fixture
def stand_in() -> Iterator[StandInHomeAssistant]:
    """A stand-in Home Assistant with the bedroom's devices."""
    with bedroom() as home:
        yield home


def said(number: int) -> tuple[str, str]:
    """The topic and payload of a symptom: every third in the same words, the others with a note of their own."""
    match number % 3:
        case 0:
            return "unclench/robin/voice/text", SAME
        case 1:
            return "unclench/robin/symptom", json.dumps({"symptom": "spasm", "severity": 7, "note": f"n{number}"})
        case _:
            return "unclench/robin/voice/text", json.dumps({"text": f"stiff legs, six, note number n{number}"})


def entries(folder: Path) -> list[tuple[str, str]]:
    """What the journal holds: the symptom and the note of each entry, in order."""
    there = f"file:{folder / 'data' / JOURNAL}?mode=ro"
    with closing(sqlite3.connect(there, uri=True, timeout=10)) as journal:
        return journal.execute("SELECT what, note FROM entries WHERE deleted = 0 ORDER BY seq").fetchall()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [20261123])
def test_two_hundred_kills_lose_no_symptom_and_double_none(
    tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, seed: int
) -> None:
    """It dies while it starts, receives, writes, answers or acknowledges: a few milliseconds decide which."""
    chance = random.Random(seed)
    home = TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token)
    began, sent = time.monotonic(), 0
    with ServiceProcess(home) as service, publisher(mosquitto.port) as person:
        while service.kills < KILLS:
            for _ in range(SYMPTOMS // KILLS):
                say(person, *said(sent))
                sent += 1
                time.sleep(chance.uniform(0, 0.01))
            # Mostly while these are taken in; now and then before it has found the broker.
            time.sleep(chance.uniform(0, 0.08) if chance.random() < 0.8 else 0)
            service.kill()
            service.start()
            if chance.random() < 0.8:
                service.wait_until_ready()
            else:
                time.sleep(chance.uniform(0, 0.6))
        service.wait_until_ready()
        wait_until(lambda: len(entries(home.folder)) >= SYMPTOMS, timeout_s=60, what="every symptom")
        time.sleep(1.0)  # what is doubled would come now
        found = entries(home.folder)
    print(f"{service.kills} kills, {sent} symptoms, {len(found)} entries, {time.monotonic() - began:.0f} s")
    assert sent == SYMPTOMS
    assert len(found) == SYMPTOMS
    notes = [note for _, note in found]
    for number in range(SYMPTOMS):
        if number % 3:
            assert sum(note.endswith(f"n{number}") for note in notes) == 1, number
    assert sum(not note for note in notes) == len(range(0, SYMPTOMS, 3))

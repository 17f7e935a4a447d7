"""Arbitrary payloads, topics, states and configurations: refused or taken, never an exception, never for long."""

from __future__ import annotations

import json
import os
import resource
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.load import load
from devices.decode import DIALECT_NAMES
from devices.readings import Message
from integration.household import Household, Stepped
from integration.inbox import Inbox, Item, Received, StateSeen
from integration.rulebooks import load_books
from integration.service import BATCH, Service
from integration.store import Store
from integration.store.events import event_to_json
from tests.config.homes import ANNA, EXAMPLES, HOME, write_home
from tests.devices.decode.dialects import PRESSES, SLOTS
from tests.faults.input_tools import Mutator, broken_yaml

START = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)
SLOW = os.environ.get("UNCLENCH_SLOW") == "1"
PAYLOADS = 100_000 if SLOW else 2_000
"""For each dialect."""
OTHERS = 10_000 if SLOW else 1_000
CONFIGURATIONS = 10_000 if SLOW else 200
LONGEST_S = 5.0
"""For one configuration; a small computer is ten times slower."""

VALUES = ("21.5", "-40", "85", "null", '"ON"', '"21.5"', "true", '{"value": 20}', '"unavailable"', "1752525000")


def corpus(dialect: str) -> list[bytes]:
    """What a dialect's devices really send."""
    topic, press, _ = PRESSES[dialect]
    return [*(SLOTS[dialect].payload(value) for value in VALUES), press.encode(), topic.encode()]


def household(folder: Path) -> Household:
    """A bedroom with a sensor, a bed sensor and a button of every dialect, and a sensor in Home Assistant."""
    sensors, beds, buttons = [], [], []
    for dialect in DIALECT_NAMES:
        hints = ", unit: C" if SLOTS[dialect].bare and dialect != "statestream" else ""
        sensors.append(f"      - {{topic: {json.dumps(SLOTS[dialect].topic)}, dialect: {dialect}{hints}}}")
        beds.append(f"        - {{topic: bed/{dialect}, dialect: {dialect}}}")
        buttons.append(f"  - {{topic: button/{dialect}, dialect: {dialect}, person: anna, presses: {{single: done}}}}")
    lines = [
        "home_assistant: {url: 'http://127.0.0.1:8123'}",
        *("rooms:", "  bedroom:", "    person: anna", "    sensors:", *sensors),
        "      - {entity: sensor.bedroom}",
        *("    bed:", "      sensors:", *beds, "        - {entity: binary_sensor.bed}"),
        *("    cooling:", "      - climate: climate.ac", "      - fan: fan.fan", "    lights: [light.lamp]"),
        *("buttons:", *buttons),
    ]
    configuration = load(write_home(folder, "\n".join([*lines, ""]), anna=ANNA))
    return Household(configuration, load_books(configuration))


def writable(stepped: list[Stepped]) -> None:
    """What was decided has a written form."""
    for step in stepped:
        event_to_json(step.event).encode()
        for decision in step.outcome.decisions:
            json.dumps(decision.to_json())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("dialect", DIALECT_NAMES)
def test_no_payload_of_a_dialect_raises(tmp_path: Path, dialect: str) -> None:
    """Through decoding, the intake and the engine: 100,000 of each dialect in the slow run."""
    home, mutator = household(tmp_path), Mutator(dialect, corpus(dialect))
    random = mutator.random
    topics = (SLOTS[dialect].topic, f"bed/{dialect}", f"button/{dialect}")
    began, at, events = time.monotonic(), START, 0
    for number in range(PAYLOADS):
        payload, retained = mutator.payload(), random.random() < 0.05
        at += timedelta(seconds=random.choice((0, 1, 20)))
        message = Message(topic=random.choice(topics), payload=payload, retained=retained)
        stepped, _ = home.message(message, at, str(number), unsure=random.random() < 0.05)
        events += len(stepped)
        writable(stepped)
    took = time.monotonic() - began
    assert events
    assert home.intake.rejected.total()
    print(f"{dialect}: {PAYLOADS} payloads, {events} events, {took:.1f} s")


class StandStill:
    """A clock for the service; see ``integration.clock.Clock``."""

    at = START

    def now(self) -> datetime:
        """The time."""
        return self.at

    def seconds_until(self, at: datetime | None) -> float | None:
        """There is nothing to wait for."""
        del at
        return None


class Nobody:
    """Takes actions, and does nothing with them."""

    def put(self, *_: object) -> None:
        """See ``Target``."""


def feed(home: Household, folder: Path, items: list[Item], caplog: pytest.LogCaptureFixture) -> int:
    """Let the service handle items in its rounds; returns how many events came of them."""
    store, clock, nobody = Store(folder).open(), StandStill(), Nobody()
    service = Service(home.configuration, home, store, Inbox(), clock, keep=lambda _: None, target_of=lambda _: nobody)
    service.restore()
    for start in range(0, len(items), BATCH):
        clock.at += timedelta(seconds=10)
        service._work(items[start : start + BATCH])
    events = store.counts()["events"]
    store.close()
    assert "a fault while" not in caplog.text
    assert "cannot be written" not in caplog.text
    return events


WORDS = ("report/stress", "routine/wind_down", "answer", "hold", "symptom", "state", "action", "health", "")
PEOPLE = ("anna", "bob", "+", "#", "", "Anna", "\U0001f6cc", "\x00", "..", "anna/anna", "a" * 300)
SAID = (
    b"7", b"yes", b'{"value": 3}', b'{"prompt": "stretch", "answer": "later"}', b'{"entity": "fan.fan", "minutes": 60}',
    b'{"symptom": "spasm", "severity": 7, "note": "left calf"}', b"done", b"UNCLENCH:anna:stretch:done", b"",
)  # fmt: skip


@pytest.mark.timeout(300)
def test_no_topic_raises_and_counting_them_takes_no_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Wild persons, levels and letters, with what a person might say, through the whole of the service."""
    home = household(tmp_path / "home")
    known = [f"unclench/{person}/{word}".encode() for person in PEOPLE for word in WORDS]
    mutator = Mutator("topics", known)
    said, random = Mutator("said", SAID), Mutator("topics", [b""]).random
    items: list[Item] = []
    for number in range(OTHERS):
        kind = random.randrange(3)
        topic = (
            mutator.payload().decode(errors="replace")
            if kind == 0
            else f"unclench/{random.choice(PEOPLE)}/{random.choice(WORDS)}"
        )
        topic = f"unclench/anna/report/{number}" if kind == 2 else topic
        payload, again = said.payload(), random.random() < 0.1
        message = Message(topic=topic, payload=payload, retained=random.random() < 0.1)
        items.append(Received(message, START, number % 65_535 + 1, 1, repeated=again, queued=again))
    events = feed(home, tmp_path / "data", items, caplog)
    assert events
    assert len(home.intake.rejected) < 100
    print(f"{OTHERS} topics, {events} events, {len(home.intake.rejected)} kinds of refusals")


@pytest.mark.timeout(300)
def test_no_state_of_home_assistant_raises(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Any state with any attributes, of sensors and of the devices that are steered."""
    home = household(tmp_path / "home")
    states = (b"on", b"off", b"cool", b"heat", b"21.5", b"unavailable", b"unknown", b"", b"auto", b"idle")
    keys = (
        "temperature", "current_temperature", "percentage", "brightness", "color_temp_kelvin", "hvac_modes", "min_temp",
        "max_temp", "target_temp_step", "unit_of_measurement", "device_class", "temperature_unit", "preset_mode",
        "supported_color_modes", "target_temp_high", "target_temp_low", "supported_features", "percentage_step",
    )  # fmt: skip
    mutator = Mutator("states", states)
    random = mutator.random
    entities = [*home.entities, "sensor.nobody"]
    items: list[Item] = []
    for _ in range(OTHERS):
        attributes = {random.choice(keys): mutator.value() for _ in range(random.randrange(6))}
        by_person = random.choice((None, None, True))
        items.append(StateSeen(random.choice(entities), mutator.text(), attributes, START, by_person))
    events = feed(home, tmp_path / "data", items, caplog)
    assert events > OTHERS / 2
    print(f"{OTHERS} states, {events} events")


@pytest.mark.timeout(600)
def test_no_configuration_raises_anything_but_its_mistakes(tmp_path: Path) -> None:
    """10,000 home.yaml and profiles in the slow run, a tenth of them the shipped examples; what passes can be run."""
    mutator = Mutator("configurations", [b""])
    random = mutator.random
    small = (HOME, ANNA)
    shipped = ((EXAMPLES / "home.yaml").read_text(), (EXAMPLES / "profiles" / "anna.yaml").read_text())
    (tmp_path / "profiles").mkdir()
    passed, longest = 0, 0.0
    for number in range(CONFIGURATIONS):
        home, profile = shipped if number % 10 == 0 else small
        which = random.randrange(3)
        (tmp_path / "home.yaml").write_bytes(home.encode() if which == 1 else broken_yaml(random, home))
        (tmp_path / "profiles" / "anna.yaml").write_bytes(
            profile.encode() if which == 0 else broken_yaml(random, profile)
        )
        began = time.process_time()
        passed += can_be_used(tmp_path)
        longest = max(longest, time.process_time() - began)
    print(f"{CONFIGURATIONS} configurations, {passed} passed, the longest took {longest:.2f} s")
    assert passed
    assert longest < LONGEST_S


def can_be_used(folder: Path) -> bool:
    """Whether it loads; then it must also be possible to run it for a moment."""
    try:
        configuration = load(folder)
        home = Household(configuration, load_books(configuration))
    except ConfigError as error:
        return not str(error)
    for topic in home.intake.filters[:1]:
        home.message(Message(topic=topic, payload=b'{"temperature": 30, "occupancy": true}'), START, "1")
    home.peer("home_assistant", START, up=True)
    home.pass_time(START + timedelta(hours=12))
    home.snapshot()
    return True


SIZE = 190_000 if SLOW else 10_000
BOMBS = {
    "list": "a:\n" + "- 1\n" * (SIZE // 4),
    "flow": "a: [" + "1," * (SIZE // 2) + "1]",
    "keys": "".join(f"k{number}: 1\n" for number in range(SIZE // 10)),
    "open": "a: " + "[" * SIZE,
    "deep": "a: " + "[" * 900 + "]" * 900,
    "aliases": "a: &a [1,1]\n" + "".join(f"k{n}: &{'b' * n} [*{'b' * (n - 1) or 'a'}]\n" for n in range(1, 300)),
    "laughs": "a: &a [1,1,1]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)),
    "empty keys": ":\n" * (SIZE // 2),
    "a long number": "keep_events: " + "9" * SIZE,
    "a long hexadecimal number": "version: 0x" + "f" * SIZE,
    "a long duration": "keep_events: " + "1 " * (SIZE // 2) + "days",
    "a long key": "k" * SIZE + ": 1",
    "a long text": "version: '" + "x" * SIZE + "'",
    "dashes": "- " * (SIZE // 2),
    "spaces": " " * SIZE + "a: 1",
    "nothing but zeros": "\x00" * SIZE,
    "too large": "# " * 5_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_file_takes_long_or_fills_the_memory(tmp_path: Path, name: str) -> None:
    """A bomb of a file is refused with its mistake, as home.yaml and as a profile."""
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for home, profile in ((BOMBS[name], ANNA), (HOME, BOMBS[name])):
        write_home(tmp_path, home, anna=profile)
        with pytest.raises(ConfigError):
            load(tmp_path)
    took = time.process_time() - began
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{name}: {took:.2f} s, {grown_mb:.0f} MB")
    assert took < 2 * LONGEST_S
    assert grown_mb < 400

"""A client that may publish wherever Unclench listens reaches no other device, no other file, no end of memory."""

from __future__ import annotations

import json
import logging
import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.home import Mqtt
from config.load import Configuration, load
from devices.actions import Action
from devices.decode.payload import MAX_BYTES
from devices.own_topics import LARGEST as OWN_LARGEST
from devices.readings import Message, Reason
from integration.clock import SystemClock
from integration.demo.stand_in_ha import Fan, StandInHomeAssistant, Switch
from integration.household import Household
from integration.inbox import Inbox, Received
from integration.journaling import attach_journal
from integration.mqtt_edge import LARGEST_PACKET, MqttEdge
from integration.rulebooks import load_books
from integration.sentences import load_ear
from integration.store.journal_memory import MemoryJournal
from integration.store.room import LARGEST
from rules.arrivals import SYMPTOMS_AT_MOST, SYMPTOMS_KEPT
from tests.docs.pages import ROOT
from tests.faults.watched_run import REPORT
from tests.integration.homebuilder import AC, BED, CLIMATE, FAN, LAMP, TestHome, publisher, say
from tests.integration.homes import StandInHome
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

MARKER = "MARKER-of-the-attacker"
ALLOWED = {
    *product(("climate.turn_on", "climate.turn_off", "climate.set_temperature", "climate.set_hvac_mode"), (AC,)),
    *product(("fan.turn_on", "fan.turn_off", "fan.set_percentage"), (FAN,)),
    *product(("light.turn_on", "light.turn_off"), (LAMP,)),
    ("script.turn_on", "script.bedside_prompt"),
    ("script.bedside_prompt", None),
}
"""Every call that this home's files can bring about."""
OTHERS = ("fan.neighbour", "switch.freezer", "switch.front_door")
OURS = [f"unclench/robin/{rest}" for rest in ("answer", "hold", "symptom", "report/stress", "routine/wind_down")]
NAMES = ["../../etc/passwd", "{{ states }}", MARKER, "a b", "x" * 5000, "__class__", "wind_down;id", "☃", "0"]
TOPICS = [
    CLIMATE,
    BED,
    *OURS,
    *(f"unclench/robin/{kind}/{name}" for kind in ("report", "routine") for name in NAMES if "/" not in name),
]
"""Everything that the service of this home listens to."""
PAYLOADS: list[bytes] = [
    b"",
    b"\0",
    b"\xff\xfe\x00",
    MARKER.encode(),
    b"{{ states('lock.front_door') }} {% set x = 1 %}",
    b"../../../../tmp/" + MARKER.encode(),
    b"$(touch /tmp/" + MARKER.encode() + b")",
    b"'; DROP TABLE events; --",
    b"<script>",
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b"9" * 10_000,
    b"1e999",
    b"NaN",
    b'"\\ud800"',
    b'{"\\ud800": "\\udfff"}',
    b"x" * 70_000,
    b"x" * 1_500_000,
    b'{"temperature": [[[[]]]], "occupancy": {}}',
    b'{"temperature": "22.5; cool", "last_seen": 1e308}',
    b'{"temperature": 99999999999999999999, "humidity": -1, "last_seen": "9999-99-99"}',
    *(
        json.dumps(document).encode()
        for document in (
            {"entity": OTHERS[0], "minutes": 600},
            {"entity": OTHERS[1], "service": "switch.turn_off", "minutes": 1},
            {"entity": "../../" + MARKER, "minutes": 1},
            {"entity": [OTHERS[0]], "minutes": {}},
            {"entity": "all", "minutes": 1440},
            {"entity": "x" * 4000, "minutes": 5},
            {"service": "switch.turn_on", "target": {"entity_id": OTHERS[1]}, "data": {}},
            {"domain": "homeassistant", "service": "restart"},
            {"prompt": f"stretch:{MARKER}", "answer": "done"},
            {"prompt": "x" * 4000, "answer": "later"},
            {"answer": "done", "action": "UNCLENCH:robin:switch.freezer:done"},
            {"action": f"UNCLENCH:{MARKER}:wash:later"},
            {"symptom": "spasm", "severity": 7, "note": MARKER, "entity_id": OTHERS[0]},
            {"symptom": MARKER, "severity": 7},
            {"symptom": "pain", "severity": 1e308},
            {"value": {"$ref": "#"}, "person": "../.."},
            {"value": 11, "trigger": MARKER},
        )
    ),
]


def other_devices(stand_in: StandInHomeAssistant) -> None:
    """What is in the house and not in home.yaml."""
    stand_in.add(
        Fan(entity_id=OTHERS[0], name="Neighbour"), *(Switch(entity_id=each, name=each) for each in OTHERS[1:])
    )


@contextmanager
def every_call(stand_in: StandInHomeAssistant) -> Iterator[list[tuple[str, object, object]]]:
    """Every call that is tried, also one that is refused."""
    tried: list[tuple[str, object, object]] = []
    core: Any = stand_in._core
    call: Callable[[str, str, Any], object] = core.call

    def note(domain: str, service: str, data: Any) -> object:  # noqa: ANN401 (as in the stand-in)
        given = dict(data) if isinstance(data, dict) else {}
        tried.append((f"{domain}.{service}", given.get("entity_id"), given))
        return call(domain, service, data)

    core.call = note
    try:
        yield tried
    finally:
        core.call = call


@contextmanager
def watched(home: TestHome, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path, Path]]:
    """The service as a process that reports what it writes and reaches; with its log and the report."""
    log, report = folder / "log", folder / "report"
    environment = {
        **os.environ,
        REPORT: str(report),
        "PYTHONDONTWRITEBYTECODE": "1",
        "UNCLENCH_CONFIG": str(home.folder),
        "UNCLENCH_DATA": str(home.folder / "data"),
        "UNCLENCH_HA_TOKEN": home.token,
        "UNCLENCH_LOG_LEVEL": "debug",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.watched_run", "run"],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        wait_until((home.folder / "data" / "health.json").exists, timeout_s=40, what="the first heartbeat")
        yield process, log, report
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def tree(folder: Path) -> dict[str, int]:
    """Every file below a folder with its size, without the data folder."""
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and "data" not in path.relative_to(folder).parts
    }


def memory_mb(process: subprocess.Popen[bytes]) -> float:
    """What a process takes of memory."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def plain(path: str) -> str:
    """A file's path; SQLite's may be written as an address."""
    return unquote(urlsplit(path).path) if path.startswith("file:") else path


@pytest.mark.peers
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_it_reaches_nothing_but_what_the_files_name(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Against the process: calls, files, connections, programs, memory and log; and afterwards it still cools."""
    house = StandInHome()
    other_devices(house.stand_in)
    house.reset()
    home = TestHome(tmp_path / "home", mosquitto.port, house.url, house.token)
    watch = tmp_path / "watch"
    watch.mkdir()
    before = tree(home.folder)
    with every_call(house.stand_in) as tried, watched(home, watch) as (process, log, report):
        with publisher(mosquitto.port) as attacker:
            for topic, payload in product(TOPICS, PAYLOADS):
                say(attacker, topic, payload)
            usual = memory_mb(process)
            flood(attacker, 30_000)
            say(attacker, BED, "ON")
            for entity in (AC, FAN):  # holds are a person's right: they are ended as they were begun
                say(attacker, "unclench/robin/hold", json.dumps({"entity": entity, "minutes": 0}))

            def cools() -> bool:
                say(attacker, CLIMATE, '{"temperature": 22.6}')
                state = house.stand_in.state(FAN)
                return state is not None and state.state == "on"

            wait_until(cools, timeout_s=120, what="the fan on, after all that")
            grown = memory_mb(process) - usual
        assert process.poll() is None
        assert_nothing_but_ours(tried)
    house.stand_in.stop()
    assert tree(home.folder) == before
    assert_reached(report, home, {mosquitto.port, int(house.url.rpartition(":")[2])})
    said = log.read_text()
    print(f"{len(TOPICS) * len(PAYLOADS)} hostile messages, 30000 more: log {len(said) / 1000:.0f} kB, +{grown:.0f} MB")
    assert MARKER not in said
    assert "Traceback" not in said
    assert "a fault" not in said
    assert len(said) < 200_000
    assert grown < 60
    assert_small_rows(home.folder / "data" / "unclench.db")


def flood(attacker: paho.Client, count: int) -> None:
    """Names without end, and symptoms without end."""
    for number in range(count // 3):
        attacker.publish(f"unclench/robin/report/{MARKER}{number}", "not a rating", qos=0)
        attacker.publish(f"unclench/robin/routine/r{number}", "", qos=0)
        info = attacker.publish("unclench/robin/symptom", '{"symptom": "spasm", "severity": 1}', qos=0)
        if number % 200 == 0:
            info.wait_for_publish(10)
    say(attacker, "unclench/robin/report/last", "5")


def assert_nothing_but_ours(tried: list[tuple[str, object, object]]) -> None:
    """Every call is one of home.yaml and the profile, in their words."""
    counted = Counter((service, entity) for service, entity, _ in tried)
    assert set(counted) <= ALLOWED, counted
    assert counted, "something was called"
    assert MARKER not in str(tried)


def assert_reached(report: Path, home: TestHome, ports: set[int]) -> None:
    """Only the data folder was written, only the two peers were spoken to, and nothing was started."""
    data = str(home.folder / "data")
    lines = [line.split("\t", 1) for line in report.read_text().splitlines()]
    written = {plain(path) for what, path in lines if what in ("write", "database")}
    assert written, "the report is there"
    assert {path for path in written if not path.startswith((data, f"b'{data}", "/dev/null"))} == set()
    assert {what for what, _ in lines} <= {"write", "database", "connect"}
    spoken = {path for what, path in lines if what == "connect"}
    allowed = {str(("127.0.0.1", port)) for port in ports}
    elsewhere = {path for path in spoken if path not in allowed and "127.0.0.1" not in path}
    assert elsewhere == set()
    assert spoken & allowed == allowed


def assert_small_rows(path: Path) -> None:
    """However long a payload was, what is kept of it is short."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        for table in ("events", "decisions", "actions"):
            (longest,) = database.execute(f"SELECT coalesce(max(length(body)), 0) FROM {table}").fetchone()  # noqa: S608
            print(f"longest row of {table}: {longest} characters")
            assert longest < 5_000, table
    finally:
        database.close()


# -- in memory: many more cases


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """The bedroom of every test here."""
    return load(TestHome(tmp_path_factory.mktemp("home") / "home", 1883, "http://127.0.0.1:8123").folder)


def household_of(configuration: Configuration) -> Household:
    """A home at ten in the evening, with Home Assistant there."""
    household = Household(configuration, load_books(configuration))
    household.peer("home_assistant", AT, "0", up=True)
    for entity, state in ((AC, "off"), (FAN, "off"), (LAMP, "on")):
        household.state(entity, state, {"hvac_modes": ["off", "cool"], "brightness": 200}, AT, "0")
    return household


AT = datetime(2026, 7, 14, 22, 0, tzinfo=UTC)
hostile_words = st.sampled_from([*OTHERS, AC, FAN, MARKER, "done", "later", "spasm", "ON", "../..", "{{x}}", "\ud800"])
keys = st.sampled_from(
    ["entity", "minutes", "prompt", "answer", "action", "symptom", "severity", "value", "temperature", "occupancy"]
)
hostile_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | hostile_words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)
messages = st.tuples(
    st.sampled_from(TOPICS),
    hostile_values.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(keys, hostile_values, max_size=5).map(lambda value: json.dumps(value).encode())
    | st.binary(max_size=200)
    | st.sampled_from(PAYLOADS[:-18]),
    st.booleans(),
    st.integers(min_value=0, max_value=3600),
)


@settings(max_examples=200, deadline=None)
@given(attack=st.lists(messages, min_size=1, max_size=25))
@pytest.mark.timeout(300)
def test_no_message_brings_about_another_call(
    configuration: Configuration, attack: list[tuple[str, bytes, bool, int]]
) -> None:
    """Whatever is said, in whatever order, at whatever times: nothing raises, and no call but those of the files."""
    household, now = household_of(configuration), AT
    actions: list[Action] = []
    for number, (topic, payload, retained, seconds) in enumerate(attack):
        now += timedelta(seconds=seconds)
        stepped, _ = household.message(Message(topic=topic, payload=payload, retained=retained), now, str(number))
        stepped += household.pass_time(now, str(number))
        actions += [action for step in stepped for action in step.outcome.actions]
    assert {(action.service, action.entity or action.data.get("entity_id")) for action in actions} <= ALLOWED
    assert MARKER not in "".join(f"{action.data}{action.reason}" for action in actions)
    assert len(json.dumps(household.snapshot())) < 60_000


def test_names_and_symptoms_without_end_do_not_grow_its_memory(configuration: Configuration) -> None:
    """Twenty thousand of each: the counts, what is remembered and what a snapshot holds stay small."""
    household, now = household_of(configuration), AT
    chance = random.Random(7)
    before = 0
    for number in range(20_000):
        now += timedelta(milliseconds=50)
        for topic, payload in (
            (f"unclench/robin/report/n{number}", b"junk"),
            (f"unclench/robin/report/{'x' * 100}{number}", b"7"),
            (f"unclench/robin/routine/n{number}", b""),
            ("unclench/robin/symptom", b'{"symptom": "pain", "severity": 3}'),
            ("unclench/robin/answer", json.dumps({"prompt": f"p{number}", "answer": "later"}).encode()),
            ("unclench/robin/hold", json.dumps({"entity": f"fan.n{number}", "minutes": 9}).encode()),
            (CLIMATE, json.dumps({f"k{chance.random()}": number, "temperature": "warm"}).encode()),
        ):
            household.message(Message(topic=topic, payload=payload, retained=False), now, str(number))
        if number == 500:
            before = len(json.dumps(household.snapshot()))
    after = len(json.dumps(household.snapshot()))
    print(f"snapshot {before} characters after 500 rounds, {after} after 20000")
    assert len(household.intake.rejected) < 20
    assert len(household.engines["robin"].memory.symptoms) <= SYMPTOMS_AT_MOST
    assert after < before + 2_000


def test_a_symptom_that_is_too_long_is_refused_unread(configuration: Configuration) -> None:
    """With a reason that is counted."""
    household = household_of(configuration)
    attach_journal(household, load_ear, MemoryJournal().open())
    long = json.dumps({"symptom": "spasm", "note": MARKER * 1000}).encode()
    stepped, rejections = household.message(
        Message(topic="unclench/robin/symptom", payload=long, retained=False), AT, "1"
    )
    assert stepped == []
    assert [each.reason for each in rejections] == [Reason.TOO_LARGE]
    assert household.intake.rejected["unclench/robin/symptom", "too_large"] == 1
    assert MARKER not in str(rejections)


@pytest.mark.peers
def test_of_a_huge_payload_little_is_held_and_the_next_message_comes(
    mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    """A megabyte is cut when it comes in; what is larger than a packet may be stays at the broker."""
    caplog.set_level(logging.INFO, logger="unclench")
    inbox = Inbox()
    edge = MqttEdge(settings_of(mosquitto), None, [CLIMATE], inbox, SystemClock())
    edge.start()
    try:
        wait_until(lambda: edge.connected, timeout_s=20, what="the connection")
        with publisher(mosquitto.port) as attacker:
            for size in (1_000_000, LARGEST_PACKET + 1000, 3):
                say(attacker, CLIMATE, "x" * size)
        wait_until(lambda: edge.received >= 2, timeout_s=20, what="two messages")
        assert edge.connected
    finally:
        edge.stop()
    held = []
    while not inbox.empty():
        item = inbox.get()
        if isinstance(item, Received):
            held.append(len(item.message.payload))
    assert held == [64 * 1024 + 1, 3]


def settings_of(mosquitto: Mosquitto) -> Mqtt:
    """Where the broker is."""
    return Mqtt(host="127.0.0.1", port=mosquitto.port)


def test_the_numbers_of_the_security_page_are_those_of_the_program() -> None:
    """A page that promises another limit than there is would be worse than none."""
    page = " ".join((ROOT / "docs/security.md").read_text(encoding="utf-8").split())
    for said, meant in (
        (f"More than {MAX_BYTES // 1024} kB of a sensor's message", MAX_BYTES % 1024),
        (f"or {OWN_LARGEST // 1024} kB on our own topics", OWN_LARGEST % 1024),
        (f"larger than {LARGEST_PACKET // 1024**2} MB", LARGEST_PACKET % 1024**2),
        (f"{SYMPTOMS_KEPT // timedelta(hours=1)} hours of symptoms are looked at, {SYMPTOMS_AT_MOST} at most", 0),
        (f"The database ends at {LARGEST // 1024**2} MB", LARGEST % 1024**2),
    ):
        assert said in page
        assert meant == 0

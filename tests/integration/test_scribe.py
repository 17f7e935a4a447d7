"""The journal at work: what is said comes to the disk, to the engine and back to the person, whatever fails."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from devices.events import HelpAdvised, PromptAnswered, SelfReported, SymptomLogged
from devices.readings import Message
from integration.circumstances import levels_of
from integration.household import Household, Stepped
from integration.journaling import attach_journal
from integration.rulebooks import load_books
from integration.scribe import Scribe
from integration.scribe_parts import Heard, Reply
from integration.sentences import load_ear
from integration.store import StoreError
from integration.store.journal import JournalStore
from journal.entry import Entry

AT = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)
HOME = """
home_assistant: {url: "http://127.0.0.1:1"}
rooms:
  bedroom:
    person: anna
    sensors: [{topic: z/a, dialect: zigbee2mqtt}]
    bed: {sensors: [{topic: bed/x}]}
    cooling: [{fan: fan.bedroom}]
buttons:
  - {person: anna, topic: z/button, dialect: zigbee2mqtt}
hermes: {sites: {bedside: anna}}
"""
PROFILE = """
name: Anna
time_zone: Europe/London
prompts: {channels: [{notify: notify.phone}]}
reminders: {tablets: {says: My evening tablets, at: ["21:00"]}}
"""


class Sick(JournalStore):
    """A journal whose disk can be taken away."""

    well = True

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As always, or not at all."""
        if not self.well:
            raise StoreError(self.path, "cannot be written (disk full)")
        with super().transaction():
            yield


class Room:
    """A household with its journal on a disk."""

    def __init__(self, folder: Path) -> None:
        (folder / "profiles").mkdir(parents=True)
        (folder / "home.yaml").write_text(HOME)
        (folder / "profiles" / "anna.yaml").write_text(PROFILE)
        configuration = load(folder)
        self.household = Household(configuration, load_books(configuration))
        self.store = Sick(folder / "data")
        self.scribe: Scribe = attach_journal(self.household, load_ear, self.store)
        self.scribe.writer.open(AT)
        self.household.peer("home_assistant", AT, up=True)
        self.now, self._count = AT, 0

    def say(self, topic: str, payload: object, **heard: Any) -> list[Stepped]:  # noqa: ANN401
        """A message, and what the engine was told."""
        self._count += 1
        raw = payload if isinstance(payload, str) else json.dumps(payload)
        message = Message(topic=topic, payload=raw.encode())
        how = Heard(at=self.now, id=f"m{self._count}", **heard)
        return self.household.message(message, self.now, how.id, heard=how)[0]

    def symptom(self, document: Mapping[str, object], **heard: Any) -> list[Stepped]:  # noqa: ANN401
        """A JSON entry."""
        return self.say("unclench/anna/symptom", document, **heard)

    def entries(self) -> list[Entry]:
        """What is in the journal, the first first."""
        return list(self.store.everything())

    def replies(self) -> list[Reply]:
        """What was answered since the last look."""
        found, self.scribe.outbox = self.scribe.outbox, []
        return found


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A bedroom."""
    return Room(tmp_path / "home")


def test_an_entry_goes_to_the_disk_to_the_engine_and_back_to_the_person(room: Room) -> None:
    (step,) = room.symptom({"symptom": "spasm", "severity": 7, "place": "calf", "side": "left", "request_id": "r1"})
    assert isinstance(step.event, SymptomLogged)
    assert (step.event.symptom, step.event.severity) == ("spasm", 7.0)
    (entry,) = room.entries()
    assert (entry.what, entry.place, entry.side, entry.severity, entry.channel) == (
        "spasm",
        "calf",
        "left",
        7.0,
        "mqtt",
    )
    assert room.replies() == [
        Reply(person="anna", request_id="r1", session="", text="Left calf spasm, seven.", saved=True)
    ]


def test_the_room_stands_beside_the_entry(room: Room) -> None:
    """As it is, and as it was in the hours before; nothing is made up where nothing is known."""
    room.symptom({"symptom": "hug"})
    assert "temperature" not in room.entries()[0].context
    for minute in range(0, 190, 5):
        room.now = AT + timedelta(minutes=minute)
        celsius = 20 + minute // 60
        room.say("z/a", {"temperature": celsius + minute / 1000, "humidity": 50})
        room.scribe.hours.measure(room.now, {"anna": levels_of(room.household.engines["anna"])})
    room.say("bed/x", "ON")
    room.symptom({"symptom": "spasm"})
    context = room.entries()[1].context
    assert context["temperature"] == {"value": 23.185, "quality": "fresh", "age_minutes": 0.0}
    assert context["in_bed"]["value"] is True
    assert [round(context["temperatures"][hours]) for hours in ("1", "2", "3")] == [22, 21, 20]


def test_the_same_message_twice_is_one_entry(room: Room) -> None:
    """By the broker's number in one session, by the sender's id at any time."""
    entry = {"symptom": "spasm", "severity": 6}
    assert len(room.symptom(entry, key="5xab")) == 1
    assert len(room.symptom(entry, key="5xab", repeated=True)) == 1, "it may not have reached the engine"
    assert room.symptom(entry, key="5xab", repeated=True, known=True) == []
    assert len(room.entries()) == 1
    assert [reply.text for reply in room.replies()] == ["Spasm, six."] * 3
    room.symptom(entry, key="5xab")
    assert len(room.entries()) == 2, "a number that is used again, and not marked as repeated"
    assert room.symptom({**entry, "id": "phone-1"}) != []
    assert room.symptom({**entry, "id": "phone-1"}) == []
    assert len(room.entries()) == 3
    room.scribe.writer.new_session(room.now)
    room.symptom(entry, key="5xab", repeated=True)
    room.symptom({**entry, "id": "phone-1"})
    assert len(room.entries()) == 4


def test_what_cannot_be_written_waits_and_is_said_to_wait(room: Room) -> None:
    """The engine hears of it at once; the person that it is not saved; the disk when it can be written again."""
    room.store.well = False
    (step,) = room.symptom({"symptom": "spasm", "severity": 7}, key="1xa")
    assert isinstance(step.event, SymptomLogged)
    assert room.household.unsaved
    (reply,) = room.replies()
    assert not reply.saved
    assert "not saved yet" in reply.text
    assert room.scribe.writer.retry(room.now) == []
    room.store.well = True
    assert room.entries() == []
    assert room.scribe.writer.retry(room.now + timedelta(minutes=5)) == ["1xa"]
    (entry,) = room.entries()
    assert (entry.logged_at, entry.severity) == (AT, 7.0)
    room.say("z/a", {"temperature": 20})
    assert not room.household.unsaved


def test_a_damaged_journal_is_replaced_and_nothing_said_is_lost(room: Room) -> None:
    room.symptom({"symptom": "spasm", "severity": 1})
    room.store.close()
    data = bytearray(room.store.path.read_bytes())
    data[100:2000] = b"x" * 1900
    room.store.path.write_bytes(data)
    for suffix in ("-wal", "-shm"):
        Path(f"{room.store.path}{suffix}").unlink(missing_ok=True)
    room.symptom({"symptom": "spasm", "severity": 2}, key="2xa")
    assert room.household.unsaved
    assert room.scribe.writer.retry(AT) == ["2xa"]
    assert 2.0 in [entry.severity for entry in room.entries()]
    assert list(room.store.path.parent.glob("journal.db*damaged*")), "set aside, and not deleted"


def test_what_was_said_while_we_were_away_is_kept_and_asks_for_nothing(room: Room) -> None:
    """Nobody says it again; but nobody is too hot any more, and its time is not known to the minute."""
    late = timedelta(hours=3)
    (step,) = room.symptom({"symptom": "spasm", "severity": 7}, late=late)
    assert isinstance(step.event, SymptomLogged)
    assert room.symptom({"self_report": "too_hot"}, late=late) == []
    (report,) = room.symptom({"self_report": "alcohol"}, late=late)
    assert isinstance(report.event, SelfReported)
    assert [entry.precision for entry in room.entries()] == ["part_of_day"] * 3
    at = (AT - timedelta(hours=1)).isoformat()
    room.say("unclench/anna/symptom", {"symptom": "pain", "at": at})
    assert room.entries()[-1].occurred_at == AT - timedelta(hours=1)


def test_buttons_write_and_take_back(room: Room) -> None:
    for press in ("single", "double", "hold"):
        room.now += timedelta(seconds=5)
        room.say("z/button", {"action": press})
    assert [(entry.what, entry.channel) for entry in room.entries()] == [("spasm", "button")]
    assert [each.what for each in room.store.everything(deleted=True)] == ["spasm", "stiffness"]
    (step,) = [
        step
        for step in room.say("unclench/anna/answer", "UNCLENCH:anna:log:pain")
        if step.event.kind != "journal_pressed"
    ]
    assert isinstance(step.event, SymptomLogged)
    assert room.entries()[-1].what == "pain"


def test_a_rating_on_the_phone_is_a_line_of_the_journal(room: Room) -> None:
    """The engine has heard the answer already, and hears it once."""
    prompt = room.household.engines["anna"].world.desk
    room.household.engines["anna"].world.desk.memory.prompts.clear()
    offer(room, "rating")
    assert prompt.memory.prompts["rating"].ended_at is None
    stepped = room.say("unclench/anna/answer", {"action": "UNCLENCH:anna:rating:done", "reply_text": "6"})
    assert [type(step.event) for step in stepped] == [PromptAnswered]
    (entry,) = room.entries()
    assert (entry.kind, entry.severity) == ("rating", 6.0)
    room.say("unclench/anna/answer", {"action": "UNCLENCH:anna:rating:done", "reply_text": "7"})
    assert [entry.severity for entry in room.entries()] == [6.0, 7.0], "said again later, it is another number"


@pytest.mark.parametrize(("answer", "kind"), [("yes", "symptom"), ("no", "none")])
def test_how_the_night_was_is_a_line_of_the_journal(room: Room, answer: str, kind: str) -> None:
    offer(room, "night")
    room.say("unclench/anna/answer", answer)
    (entry,) = room.entries()
    assert (entry.kind, entry.what) == (kind, "night_waking")


def offer(room: Room, name: str) -> None:
    """A prompt is open."""
    from devices.control.desk_memory import PromptMemory

    memory = room.household.engines["anna"].world.desk.memory
    memory.prompts[name] = PromptMemory(offered_at=room.now, grace=timedelta(hours=1), joined=[name])


def test_a_red_flag_of_a_button_reaches_the_phone(room: Room) -> None:
    """No voice answers a message: its words go out over the person's own channels, and at any hour."""
    room.now = AT.replace(hour=2)
    advised: list[Stepped] = []
    for severity in (9, 10):
        room.now += timedelta(minutes=10)
        advised += room.symptom({"symptom": "spasm", "severity": severity})
    (advice,) = [step for step in advised if isinstance(step.event, HelpAdvised)]
    assert [action.service for action in advice.outcome.actions] == ["notify.phone"]
    text = str(advice.outcome.actions[0].data["message"])
    assert "nurse or doctor today" in text
    assert "spasm" not in text


def test_hours_are_kept_for_years(room: Room) -> None:
    for minute in range(0, 125, 1):
        room.now = AT + timedelta(minutes=minute)
        room.say("z/a", {"temperature": 21.5})
        if room.scribe.hours.measures_at(room.now):
            room.scribe.hours.measure(room.now, {"anna": levels_of(room.household.engines["anna"])})
    rows = room.store.hours("anna", "bedroom.temperature", AT, AT + timedelta(hours=5))
    assert [(row.hour, row.mean) for row in rows] == [(AT, 21.5), (AT + timedelta(hours=1), 21.5)]
    assert rows[0].known_minutes > 55
    facts = room.store.facts("anna")
    assert {"bedroom.cooled", "trigger.heat@bedroom", "trigger.self.stress", "trigger.stress"} & set(facts)
    assert not room.scribe.hours.measures_at(room.now)
    kept = Scribe(room.household.configuration, load_ear, room.store, lambda *_: pytest.fail("not asked"))
    kept.hours.load(json.loads(json.dumps(room.scribe.hours.dump())))
    assert kept.hours.dump() == room.scribe.hours.dump()


def test_nothing_of_what_was_said_is_logged(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        room.symptom({"symptom": "spasm", "note": "xyzzy"})
        room.store.well = False
        room.symptom({"symptom": "spasm", "note": "xyzzy"})
        room.symptom({"symptom": "xyzzy"})
        room.scribe.writer.retry(AT)
    assert caplog.records
    assert not any("xyzzy" in record.getMessage() or "spasm" in record.getMessage() for record in caplog.records)


def test_a_database_that_is_locked_is_not_a_damaged_one(room: Room) -> None:
    """Another process writes: it waits a moment, then is tried again."""
    other = sqlite3.connect(room.store.path, isolation_level=None)
    room.store._db.execute("PRAGMA busy_timeout = 50")
    other.execute("BEGIN IMMEDIATE")
    room.symptom({"symptom": "spasm"}, key="1xa")
    assert room.household.unsaved
    other.execute("ROLLBACK")
    other.close()
    assert room.scribe.writer.retry(AT) == ["1xa"]
    assert len(room.entries()) == 1

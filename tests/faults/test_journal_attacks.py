"""The journal under attack: nothing is lost or doubled, no reply lies, and no words stay where they must not."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from devices.events import HelpAdvised, SymptomLogged
from devices.readings import Message
from integration import journaling as journaling_module
from integration import scribe as scribe_module
from integration import scribe_writer as writer_module
from integration import service as service_module
from integration.inbox import Received
from integration.scribe_parts import Bucket, Heard
from integration.scribe_writer import SENDERS_REPEAT
from integration.sentences import load_ear
from integration.store import JournalStore, Store
from integration.store import keeper as keeper_module
from integration.store.erase import SAID, erase_events
from integration.store.events import event_to_json
from integration.store.journal_copies import Span
from journal.document import NotAnEntry, parse_entry
from journal.documents import NotAJournalError, from_json, to_json
from journal.meaning import Moment
from journal.red_flags import is_low_mood, spoken_signs
from tests.integration.test_scribe import AT, Room

TEXT = "unclench/anna/voice/text"
DARK = "I want to kill myself xyzzyplugh"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A bedroom."""
    return Room(tmp_path / "home")


# -- the order, and nothing twice


def test_an_undo_does_not_overtake_what_waits_for_the_disk(room: Room) -> None:
    """The disk is full, then it is not: "undo" takes back what was said before it, and not an older entry."""
    room.say(TEXT, "stiff hands")
    room.store.well = False
    room.say(TEXT, "left calf spasm, seven", key="5xab")
    room.store.well = True
    room.say(TEXT, "undo that")
    assert [entry.what for entry in room.entries()] == ["stiffness"]
    assert room.replies()[-1].text == "Left calf spasm undone."
    assert room.scribe.writer.waits, "the message that waited is still to be acknowledged"
    assert room.scribe.writer.retry(room.now) == ["5xab"]
    assert not room.scribe.writer.waits


def test_behind_many_that_wait_it_waits_its_turn(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "AT_ONCE", 3)
    monkeypatch.setattr(writer_module, "AT_A_TIME", 4)
    room.store.well = False
    for number in range(6):
        room.say(TEXT, f"calf spasm, {number}", key=f"{number}xab")
    room.store.well = True
    room.say(TEXT, "make that a ten", key="6xab")
    assert not room.replies()[-1].saved
    assert room.household.unsaved
    assert len(room.scribe.writer.retry(room.now)) == 4, "some at a time: each waits for the disk"
    assert room.scribe.writer.retry(room.now) == ["4xab", "5xab", "6xab"]
    assert [entry.severity for entry in room.entries()] == [0, 1, 2, 3, 4, 10]


def test_what_the_broker_sends_again_while_the_disk_is_full_waits_once(room: Room) -> None:
    room.store.well = False
    room.say(TEXT, "left calf spasm, seven", key="5xab")
    room.say(TEXT, "left calf spasm, seven", key="5xab", repeated=True, known=True)
    room.say(TEXT, {"text": "stiff hands", "id": "phone-1"})
    room.say(TEXT, {"text": "stiff hands", "id": "phone-1"})
    assert room.household.unsaved
    room.store.well = True
    room.scribe.writer.retry(room.now)
    assert [entry.what for entry in room.entries()] == ["spasm", "stiffness"]


def test_who_cannot_be_kept_is_told_so(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that was told to be kept is given up for something newer."""
    monkeypatch.setattr(writer_module, "KEPT", 2)
    room.store.well = False
    for word in ("calf", "thigh", "foot"):
        room.say(TEXT, f"{word} spasm")
    assert not room.household.unsaved
    last = room.replies()[-1]
    assert "too much waits already" in last.text
    assert not last.saved
    room.store.well = True
    room.scribe.writer.retry(room.now)
    assert [entry.place for entry in room.entries()] == ["calf", "thigh"]


def test_a_press_that_the_broker_sends_again_is_one_entry(room: Room) -> None:
    """Killed between the two commits, the engine does not know it, and the journal does."""
    room.say("z/button", {"action": "single"}, key="5xab")
    room.now += timedelta(seconds=30)
    stepped = room.say("z/button", {"action": "single"}, key="5xab", repeated=True)
    assert any(isinstance(step.event, SymptomLogged) for step in stepped), "it may not have reached the engine"
    room.say("unclench/anna/answer", "UNCLENCH:anna:log:pain", key="6xab")
    room.say("unclench/anna/answer", "UNCLENCH:anna:log:pain", key="6xab", repeated=True)
    assert [entry.what for entry in room.entries()] == ["spasm", "pain"]


def test_a_press_that_cannot_be_written_stays_with_the_broker(room: Room) -> None:
    room.store.well = False
    room.say("z/button", {"action": "single"}, key="5xab")
    assert room.household.unsaved
    room.store.well = True
    assert room.scribe.writer.retry(room.now) == ["5xab"]
    room.say("z/a", {"temperature": 20})
    assert not room.household.unsaved


def test_numbers_of_an_old_session_are_not_taken_for_new_ones(room: Room) -> None:
    """The broker lost its memory while the disk was full: a number that comes again is another message."""
    room.say(TEXT, "calf spasm", key="5xab")
    room.store.well = False
    room.say(TEXT, "thigh spasm", key="6xcd")
    room.scribe.writer.new_session(room.now)
    room.store.well = True
    room.say(TEXT, "calf spasm", key="5xab", repeated=True)
    room.say(TEXT, "thigh spasm", key="6xcd", repeated=True)
    assert [entry.place for entry in room.entries()] == ["calf", "thigh", "calf", "thigh"]


TALKED = (
    *("calf spasm, five", "stiff hands, three", "left thigh spasm", "another one", "same but the other leg"),
    *("undo that", "make that a seven", "left, not right", "delete the last one", "it's stopped", "eight"),
)


def conversation(room: Room, seed: int, *, sick: bool) -> list[tuple[object, ...]]:
    """What the journal holds after it. ``sick``: the disk comes and goes, and the broker sends again."""
    said, trouble = random.Random(seed), random.Random(seed + 1)
    for number in range(25):
        room.now += timedelta(seconds=20)
        text, key = said.choice(TALKED), f"{number}xab"
        room.store.well = not sick or trouble.random() < 0.5
        room.say(TEXT, text, key=key)
        if sick and trouble.random() < 0.4:
            room.say(TEXT, text, key=key, repeated=True, known=True)
        if sick and trouble.random() < 0.2:
            room.store.well = True
            room.scribe.writer.retry(room.now)
    room.store.well = True
    room.scribe.writer.retry(room.now)
    entries = room.store.everything(deleted=True)
    return [(each.what, each.place, each.side, each.severity, each.deleted, each.ended_at) for each in entries]


@pytest.mark.parametrize("seed", range(12))
def test_a_disk_that_comes_and_goes_changes_nothing_in_the_journal(tmp_path: Path, seed: int) -> None:
    well, sick = Room(tmp_path / "well"), Room(tmp_path / "sick")
    assert conversation(sick, seed, sick=True) == conversation(well, seed, sick=False)


# -- replies that lie


@pytest.mark.parametrize("text", ["pause everything till Monday", "start the wind-down", "stop"])
def test_what_comes_too_late_to_be_done_is_not_said_to_be_done(room: Room, text: str) -> None:
    assert room.say(TEXT, text, late=timedelta(minutes=30)) == []
    (reply,) = room.replies()
    assert reply.text == "That came too late. Nothing was done."


def test_what_arrives_late_is_of_when_it_was_said(room: Room) -> None:
    """Also where the sentence leans on an earlier one, or was not understood."""
    room.say(TEXT, "left calf spasm, seven")
    room.now += timedelta(hours=3)
    ago = {name: (room.now - timedelta(minutes=minutes)) for name, minutes in (("again", 120), ("end", 100))}
    room.say(TEXT, {"text": "another one", "at": ago["again"].isoformat()})
    room.say(TEXT, {"text": "it's stopped", "at": ago["end"].isoformat()})
    room.say(TEXT, {"text": "the blue kettle sings", "at": ago["end"].isoformat()})
    entries = room.entries()
    assert [entry.occurred_at for entry in entries[1:]] == [ago["again"], ago["end"]]
    assert (entries[1].ended_at, entries[1].duration_minutes) == (ago["end"], 20)


def test_after_an_erasing_a_message_that_comes_again_is_answered(room: Room) -> None:
    room.say(TEXT, {"text": "left calf spasm, seven", "id": "phone-1"})
    room.store.erase("anna", AT - timedelta(days=1))
    room.say(TEXT, {"text": "left calf spasm, seven", "id": "phone-1"})
    assert room.entries() == []
    assert room.replies()[-1].text == "I heard that before."


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"])
def test_a_time_beyond_all_calendars_is_refused(when: str) -> None:
    found = parse_entry(f'{{"symptom": "spasm", "occurred_at": "{when}"}}'.encode())
    assert found == NotAnEntry("occurred_at")


def test_a_clock_that_was_never_set_costs_no_entry(room: Room) -> None:
    room.symptom({"symptom": "spasm", "minutes_ago": 5, "at": "0001-01-01T00:00:00Z"})
    room.say(TEXT, {"text": "calf spasm at three", "at": "1970-01-01T00:00:00Z"})
    assert [entry.occurred_at.date() for entry in room.entries()] == [AT.date()] * 2
    assert len(room.replies()) == 2


# -- danger


def test_a_red_flag_that_needed_the_book_is_told_when_it_can_be_read(room: Room) -> None:
    """Two of the worst within the hour while the disk was full: it counts as shown, so it must be shown."""
    room.store.well = False
    for severity in ("nine", "ten"):
        room.now += timedelta(minutes=10)
        room.say(TEXT, f"calf spasm, {severity}")
    assert not any(reply.flag for reply in room.replies())
    room.store.well = True
    room.now += timedelta(hours=2)
    room.scribe.writer.retry(room.now)
    ((person, advice),) = room.scribe.writer.overdue(room.now)
    assert isinstance(advice, HelpAdvised)
    assert (person, advice.at) == ("anna", room.now)
    actions = room.household.event(person, advice).outcome.actions
    assert [action.service for action in actions] == ["notify.phone"]
    assert room.scribe.writer.overdue(room.now) == []


def test_what_the_engine_could_not_hear_without_the_book_it_hears_later(room: Room) -> None:
    room.say(TEXT, "left calf spasm, seven")
    room.store.well = False
    room.say(TEXT, "another one")
    room.store.well = True
    room.scribe.writer.retry(room.now + timedelta(hours=1))
    ((_, event),) = room.scribe.writer.overdue(room.now + timedelta(hours=1))
    assert isinstance(event, SymptomLogged)
    assert (event.symptom, event.occurred_at) == ("spasm", room.now)


def test_a_flag_that_was_told_already_is_not_told_again(room: Room) -> None:
    room.store.well = False
    room.say(TEXT, "I fell over in the kitchen")
    assert room.replies()[-1].flag == "today"
    room.store.well = True
    room.scribe.writer.retry(room.now)
    assert not [event for _, event in room.scribe.writer.overdue(room.now) if isinstance(event, HelpAdvised)]


@pytest.mark.parametrize("well", [True, False])
def test_dark_words_are_answered_each_time_and_leave_no_trace(room: Room, well: bool) -> None:
    room.store.well = well
    for repeated in (False, True):
        stepped = room.say(TEXT, {"text": DARK, "id": "phone-1"}, key="5xfingerprint", repeated=repeated)
        assert not room.household.unsaved, "nothing to keep, and nothing that the broker must keep"
        assert not any("fingerprint" in step.event.id for step in stepped)
        (reply,) = room.replies()
        assert reply.text.startswith("Please talk to somebody now")
        assert "saved" not in reply.text
    assert not room.scribe.writer.waits
    room.store.well = True
    room.scribe.writer.retry(room.now)
    assert set(room.store.counts().values()) == {0}
    for path in room.store.path.parent.glob("*"):
        data = path.read_bytes()
        assert not any(word in data for word in (b"xyzzyplugh", b"fingerprint", b"phone-1", b"talk to", b"low_mood"))


@pytest.mark.parametrize("text", [DARK, "I can't breathe"])
def test_danger_that_no_skill_understood_is_answered(room: Room, text: str) -> None:
    said = {"siteId": "bedside", "input": text, "sessionId": "s1"}
    room.say("hermes/nlu/intentNotRecognized", said)
    (reply,) = room.replies()
    assert reply.flag in ("low_mood", "call_now")
    room.say("hermes/nlu/intentNotRecognized", {**said, "input": "play some music"})
    room.say("hermes/intent/timer", said)
    assert room.replies() == []


@pytest.mark.parametrize(
    "words", ["no fever ", "no chest pain and ", "not fell over no fever or ", "no numb my my my ", "suddenly stopped "]
)
def test_no_words_make_the_engine_wait(words: str) -> None:
    """As much as a message may hold: what is denied is looked at only so often."""
    text = words * (4096 // len(words))
    began = time.perf_counter()
    spoken_signs(text)
    is_low_mood(text)
    assert time.perf_counter() - began < 0.5


def test_a_sign_after_much_that_is_denied_still_counts() -> None:
    assert ("call_now", "breathing") in spoken_signs("no fever " * 15 + "but I can't breathe")


# -- what is kept of it


def test_half_a_character_costs_no_entry(room: Room) -> None:
    room.say("unclench/anna/symptom", '{"symptom": "spasm", "note": "a\\ud800b", "id": "x\\ud800"}')
    (entry,) = room.entries()
    assert entry.note == "a?b"


def test_what_was_heard_is_forgotten_in_time(room: Room) -> None:
    """A session with the broker may last for years."""
    for number in range(3):
        room.say(TEXT, {"text": "spasm", "id": f"phone-{number}"}, key=f"{number}xab")
    room.scribe.writer.forget(room.now)
    assert room.store.counts()["heard"] == 6
    room.scribe.writer.forget(room.now + SENDERS_REPEAT + timedelta(seconds=1))
    assert room.store.counts()["heard"] == 0
    assert len(room.entries()) == 3


def test_all_that_tells_how_somebody_is_counts_as_said() -> None:
    """What erasing takes from the engine's database."""
    from devices.events import HelpAdvised as Advised
    from devices.events import JournalPressed, PromptAnswered, SelfReported

    assert {each.kind for each in (Advised, JournalPressed, PromptAnswered, SelfReported, SymptomLogged)} <= {*SAID}


def test_what_was_said_is_in_utc(room: Room) -> None:
    room.say(TEXT, {"text": "calf spasm", "at": "2026-07-14T21:30:00+02:00"})
    assert room.entries()[0].occurred_at == AT.replace(hour=19, minute=30, tzinfo=UTC)


def test_erasing_leaves_no_press_and_no_advice_in_the_engine_s_database(room: Room) -> None:
    """Which button was pressed, and that help was pointed to, tell how somebody was."""
    stepped = room.say("z/button", {"action": "double"})
    stepped += room.symptom({"symptom": "spasm", "severity": 10, "count": 2})
    kinds = {step.event.kind for step in stepped}
    assert {"journal_pressed", "help_advised", "symptom_logged"} <= kinds
    folder = room.store.path.parent
    with closing(Store(folder)) as database:
        database.open()
        with database.transaction():
            database.add_events((step.person, step.event, event_to_json(step.event)) for step in stepped)
    span = Span("anna", None, None)
    erase_events(folder, span)
    room.store.erase("anna")
    for path in folder.glob("*"):
        data = path.read_bytes()
        assert not any(word in data for word in (b"stiffness", b"nurse or doctor", b"spasm")), path


# -- hostile messages, files and hours


def test_also_what_was_promised_cannot_fill_the_disk(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever floods us with it is told, where somebody waits for an answer."""
    monkeypatch.setitem(room.scribe._buckets, ("anna", True), Bucket(3, 0.1))
    for number in range(5):
        room.say(TEXT, {"text": f"calf spasm, {number}", "request_id": "r"}, key=f"{number}xab")
    assert [reply.saved for reply in room.replies()] == [True] * 3 + [False] * 2
    assert len(room.entries()) == 3
    room.now += timedelta(days=1)
    for number in range(9):
        room.say(TEXT, "calf spasm", key=f"1{number}xab")
    assert len(room.entries()) == 6, "never more than at first"


def test_what_an_undo_wrote_before_itself_is_acknowledged(room: Room) -> None:
    """Through the service's hands: the message that waited leaves the broker once it is on disk, and not before."""
    journaling = journaling_module.Journaling(room.household, lambda _: None)
    message = Message(topic=TEXT, payload=b"left calf spasm, seven")
    item = Received(message, AT, ack=5, connection=1)
    heard = Heard(at=AT, id="m", key="5xab")
    room.store.well = False
    room.household.message(message, AT, "m", heard=heard)
    journaling.hold(item, heard)
    assert journaling.holds(item)
    assert journaling.look(AT) == []
    room.store.well = True
    room.say(TEXT, "undo", key="6xab")
    assert room.store.counts()["entries"] == 1
    assert journaling.look(AT + timedelta(seconds=6)) == [item]
    assert not journaling.holds(item)


TALK = (
    "spasm spasms calf thigh left right both not no and or at in for a my seven ten 11 100 1e309 -5 0.5 half past hour"
    " hours minutes ago days weeks three am pm yesterday today last night stopped still another one same but other make"
    " that undo severity out of 6/10 pain stiff since lasted until monday 99999999 million hundred thousand twenty 2020"
    " temperature 38.5 101 fever degrees glasses coffee woke me how many why is fan on delete log note , . % ° ½ ٣ 8:30"
    " 25:99 quarter to midnight pause everything remind me later"
)
WORDS = TALK.split()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_said_no_number_is_beyond_belief(seed: int) -> None:
    chance, ear, moment = random.Random(seed), load_ear(), Moment(now=AT, zone=ZoneInfo("Europe/London"))
    for _ in range(400):
        text = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 12)))
        meaning = ear.hear(text, moment)
        assert meaning.until is None or meaning.until < AT + timedelta(days=367), text
        for said in (*meaning.said, *filter(None, (meaning.to,))):
            assert said.severity is None or 0 <= said.severity <= 10, text
            assert (said.duration_minutes or 0) <= 14 * 24 * 60, text
            assert (said.count or 0) <= 1000, text
            assert said.occurred_at is None or said.occurred_at <= AT, text


@pytest.mark.parametrize("text", ["99999999 spasms", "spasm lasted 2020 weeks", "later, in 100 weeks"])
def test_what_cannot_be_meant_is_kept_as_a_note(room: Room, text: str) -> None:
    assert room.say(TEXT, text) == []
    assert [(entry.kind, entry.raw) for entry in room.entries()] == [("note", text)]


@pytest.mark.parametrize(
    "slots",
    [
        {"means": "control"},
        {"means": "control", "w1": "x"},
        {"means": "change", "w1": "left not right " * 250},
        {"means": ["x"], "w1": {"a": [1]}, **{f"w{number}": "and spasm" for number in range(100)}},
        {},
    ],
)
def test_slots_that_home_assistant_never_sends_are_answered_soon(room: Room, slots: dict[str, object]) -> None:
    began = time.perf_counter()
    room.say("unclench/anna/voice/intent", {"intent": "UnclenchControl", "slots": slots})
    assert time.perf_counter() - began < 1
    assert len(room.replies()) == 1


def test_who_floods_us_is_held_off_and_what_was_promised_is_not(room: Room) -> None:
    """Each message waits for the disk: 5,000 a second would keep the room from being cooled, and fill the disk."""
    for number in range(500):
        room.now += timedelta(milliseconds=1)
        room.say(TEXT, f"the kettle sings {number}")
    assert len(room.entries()) == scribe_module.UNPROMISED[0]
    assert room.household.intake.rejected[TEXT, "too_often"] == 500 - scribe_module.UNPROMISED[0]
    room.say(TEXT, "calf spasm", key="5xab")
    assert room.entries()[-1].what == "spasm"
    room.now -= timedelta(hours=1)
    assert room.say(TEXT, "calf spasm") == [], "a clock that was set back gives nothing"
    room.now += timedelta(seconds=5)
    assert len(room.say(TEXT, "calf spasm")) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", 10**30),
        ("count", 2**62),
        ("celsius", -1e308),
        ("duration_minutes", 1e308),
        ("occurred_at", "0001-01-01T00:00:00+14:00"),
        ("ended_at", "0001-01-01T00:00:00+00:00"),
        ("logged_at", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_file_with_what_cannot_be_counted_or_told_is_refused(room: Room, name: str, value: object) -> None:
    """Taken in, it would break every later list, export or count."""
    room.say(TEXT, "left calf spasm, seven")
    document = json.loads("".join(to_json(room.entries(), {})))
    document["entries"][0][name] = value
    with pytest.raises(NotAJournalError) as caught:
        from_json(json.dumps(document))
    assert [each.field for each in caught.value.problems] == [name]


def test_erasing_takes_what_was_left_half_done_and_no_stranger_s_file(room: Room, tmp_path: Path) -> None:
    """Killed in the middle of a backup, a restoring or a rescue, a copy is left that no list names."""
    room.say(TEXT, "note xyzzyplugh")
    folder = room.store.path.parent
    backup = room.store.backup(tmp_path / "copy.db", AT)
    for name in ("journal.db.restoring", "journal.db.restoring.part"):
        (folder / name).write_bytes(b"xyzzyplugh")
    (tmp_path / "copy.db.part").write_bytes(b"xyzzyplugh")
    (folder / "journal.db.renewing").mkdir()
    (folder / "journal.db.renewing" / "journal.db").write_bytes(b"xyzzyplugh")
    stranger = tmp_path / "thesis.damaged-1.txt"
    stranger.write_bytes(b"years of work")
    with closing(sqlite3.connect(room.store.path)) as other, other:
        other.execute("INSERT INTO meta (name, value) VALUES (?, ?)", (f"backup:{stranger}", AT.isoformat()))
    erased = room.store.erase()
    assert stranger.read_bytes() == b"years of work"
    assert stranger in erased.left
    assert backup in erased.rewritten
    found = [path for path in tmp_path.rglob("*") if path.is_file() and b"xyzzyplugh" in path.read_bytes()]
    assert found == []


def test_while_nothing_ran_nothing_is_known(room: Room) -> None:
    """Stopped for 40 minutes, or asleep: the fan is not counted on for them."""
    levels = {"anna": {"bedroom.cooled": True}}
    for minute in (*range(10), 50, 51, 52, 61):
        room.now = AT + timedelta(minutes=minute)
        if minute == 50:
            memory = json.loads(json.dumps(room.scribe.hours.dump()))
            room.scribe.hours.load(memory)
        room.scribe.hours.measure(room.now, levels)
    (row,) = room.store.hours("anna", "bedroom.cooled", AT, AT + timedelta(hours=1))
    assert (row.known_minutes, row.true_minutes) == (11, 11)


def test_a_hostile_name_is_only_a_name(room: Room) -> None:
    """Ids are values to the database, and never a part of a path or a query."""
    name = "'; DROP TABLE entries; -- ../../etc/passwd"
    room.say(TEXT, {"text": "calf spasm", "id": name, "request_id": name}, key=name)
    room.say(TEXT, {"text": "calf spasm", "id": name, "request_id": name}, key=name, repeated=True)
    assert len(room.entries()) == 1
    assert room.replies()[-1].request_id == name[:100]
    assert isinstance(room.store, JournalStore)
    assert room.store.check() == "ok"


# -- clocks


def test_with_a_clock_set_back_the_last_one_is_the_last_one(room: Room) -> None:
    """It was two hours ahead; what is said now is meant by "that", and not what bears the later time."""
    room.say(TEXT, "left calf spasm, two")
    room.now -= timedelta(hours=2)
    room.say(TEXT, "stiff hands, three")
    room.say(TEXT, "make that a seven")
    room.say(TEXT, "another one")
    assert [(entry.what, entry.severity) for entry in room.entries()] == [
        ("spasm", 2),
        ("stiffness", 7),
        ("stiffness", None),
    ]
    room.say(TEXT, "delete the last one")
    room.say(TEXT, "undo")
    assert len(room.entries()) == 3


def test_with_a_clock_set_back_a_red_flag_is_shown(room: Room) -> None:
    """It was a year ahead when the last one was shown: that must not silence a year."""
    room.now += timedelta(days=365)
    room.say(TEXT, "I fell over in the kitchen")
    room.now -= timedelta(days=365)
    room.say(TEXT, "I fell over in the hall")
    assert [reply.flag for reply in room.replies()] == ["today", "today"]


def test_a_full_disk_leaves_the_broker_room_to_send() -> None:
    """Both databases are on it. Mosquitto sends 20 that are not acknowledged, and then nothing."""
    assert journaling_module.HELD + service_module.HELD + keeper_module.HELD < 20


def test_dark_words_in_a_note_take_the_entry_with_them(room: Room) -> None:
    room.symptom({"symptom": "spasm", "severity": 7, "note": DARK, "id": "phone-1"}, key="5xfingerprint")
    room.say("unclench/anna/voice/intent", {"intent": "UnclenchLog", "slots": {"means": "log", "w1": DARK}})
    assert [reply.flag for reply in room.replies()] == ["low_mood", "low_mood"]
    assert set(room.store.counts().values()) == {0}

"""What waits to be written down: bounded, and what somebody said is given up last; a bad row costs itself only."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.actions import Action
from devices.events import Event, RoomMeasured, SelfReported, SymptomLogged
from devices.readings import Kind
from integration import service
from integration.household import Stepped
from integration.service import Ledger
from integration.store import Store, StoreError
from integration.store.events import event_to_json
from rules.decisions import Decision, Outcome

AT = datetime(2026, 7, 14, 20, 30, tzinfo=UTC)


def reading(number: int) -> Event:
    """A thermometer speaks."""
    return RoomMeasured(at=AT, source="z", id=str(number), room="bedroom", quantity=Kind.TEMPERATURE, value=21.0)


def symptom(number: int) -> Event:
    """The person speaks."""
    return SymptomLogged(at=AT, source="m", id=str(number), person="robin", symptom="spasm", severity=number)


def report(number: int) -> Event:
    """The person speaks."""
    return SelfReported(at=AT, source="m", id=str(number), person="robin", trigger="stress", value=7.0)


def steps(*events: Event) -> list[tuple[Stepped, str]]:
    """As the service hands them over."""
    return [(Stepped("robin", event, Outcome()), event_to_json(event)) for event in events]


def waiting(ledger: Ledger) -> list[tuple[str, str]]:
    """What it holds, in order."""
    return [(step.event.kind, step.event.id) for step, _ in ledger.stepped]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only ten may wait."""
    monkeypatch.setattr(service, "UNWRITTEN_KEPT", 10)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An open, empty store."""
    return Store(tmp_path / "data").open()


@pytest.mark.usefixtures("few")
def test_readings_are_given_up_before_words() -> None:
    """Five words before thirty readings: all five are kept, in their place, with the latest readings."""
    ledger = Ledger()
    ledger.add(steps(symptom(1), reading(2), report(3), reading(4), symptom(5)))
    for number in range(6, 36):
        ledger.add(steps(reading(number)))
    ledger.add(steps(report(36), symptom(37)))
    said = [("symptom_logged", "1"), ("self_reported", "3"), ("symptom_logged", "5")]
    measured = [("room_measured", str(number)) for number in range(31, 36)]
    assert waiting(ledger) == [*said, *measured, ("self_reported", "36"), ("symptom_logged", "37")]


@pytest.mark.usefixtures("few")
def test_words_alone_are_bounded_too() -> None:
    """The oldest go."""
    ledger = Ledger()
    ledger.add(steps(*(symptom(number) for number in range(25))))
    assert waiting(ledger) == [("symptom_logged", str(number)) for number in range(15, 25)]


def test_an_event_that_has_no_written_form_costs_itself_only(store: Store) -> None:
    """One whole round, with one text that no database takes."""
    ledger = Ledger()
    ledger.add(steps(symptom(1), symptom(2), symptom(3)))
    ledger.stepped[1] = ledger.stepped[1][0], "\ud800"
    ledger.fired.append(("robin", "stretch", "2026-07-14", "due"))
    with store.transaction():
        ledger.write_memory(store)
    assert [event.id for _, event in store.events_since_snapshot()] == ["1", "3"]
    assert store.fired() == {("robin", "stretch", "2026-07-14")}


def test_a_record_that_has_no_written_form_costs_itself_only(store: Store) -> None:
    """Decisions and actions after it are there."""
    actions = [
        Action(
            id=id_,
            at=AT,
            expires_at=AT + timedelta(minutes=1),
            service="fan.turn_on",
            entity="fan.x",
            data={"value": value},
            reason="heat",
        )
        for id_, value in (("bad", object()), ("good", 40))
    ]
    decision = Decision(at=AT, event="1", about="device:fan", text="on")
    ledger = Ledger(recorded=[Stepped("robin", symptom(1), Outcome(actions=tuple(actions), decisions=(decision,)))])
    ledger.results += [("good", "sent"), ("good", object())]  # type: ignore[list-item]
    with store.transaction():
        ledger.write_record(store)
    assert store._db.execute("SELECT id, status FROM actions").fetchall() == [("good", "sent")]
    assert store.counts()["decisions"] == 1


def test_a_disk_that_fails_in_the_middle_leaves_nothing_half_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is no fault of the row: the whole is tried again later."""
    ledger = Ledger()
    ledger.add(steps(symptom(1), symptom(2)))

    def fail(*_: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    ledger.fired.append(("robin", "stretch", "2026-07-14", "due"))
    monkeypatch.setattr(store, "fire", fail)
    with pytest.raises(StoreError, match="errors"), store.transaction():
        ledger.write_memory(store)
    assert store.counts()["events"] == 0

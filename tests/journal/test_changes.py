"""Corrections: what is taken back, what is put right, and that nothing is guessed between two."""

from __future__ import annotations

from typing import Any

import pytest

from journal.changes import NO_SUCH_TIME, NOTHING_TO_CHANGE, NOTHING_TO_DELETE, NOTHING_TO_UNDO, SAME_ALREADY
from journal.last_one import NO_SIDE, NOTHING_OPEN, NOTHING_TO_REPEAT
from journal.meaning import Said
from tests.journal.desk_room import EVENING, HOUR, MINUTE, Desk, said


def left_calf(**more: Any) -> Said:  # noqa: ANN401 (the fields of Said)
    return said(place="calf", side="left", **more)


def test_undo_takes_back_what_was_added() -> None:
    desk = Desk()
    desk.log(left_calf(severity=7))
    desk.wait(2 * MINUTE)
    outcome = desk.change("undo")
    assert outcome.says == "Left calf spasm undone."
    assert desk.entries == []
    assert outcome.changes[0].undoes == 1
    assert outcome.changes[0].before is not None
    assert outcome.changes[0].after.deleted


def test_undo_again_goes_further_back() -> None:
    desk = Desk()
    desk.log(said("pain"))
    desk.log(left_calf(severity=6))
    desk.change("set_severity", said("", severity=9))
    assert desk.change("undo").says == "Changed back: left calf spasm, six."
    assert [entry.severity for entry in desk.entries] == [None, 6]
    assert desk.change("undo").says == "Left calf spasm undone."
    assert desk.change("undo").says == "Pain undone."
    assert desk.change("undo").says == NOTHING_TO_UNDO
    assert desk.entries == []


def test_undo_of_a_delete_brings_it_back() -> None:
    desk = Desk()
    desk.log(left_calf(severity=7))
    assert desk.change("delete_last").says == "Deleted: left calf spasm, seven."
    assert desk.entries == []
    assert desk.change("undo").says == "Back again: left calf spasm, seven."
    assert desk.only.severity == 7


def test_what_came_in_one_sentence_is_undone_together() -> None:
    desk = Desk()
    desk.log(said("stiffness"), said("pain"))
    assert desk.change("undo").says == "Two changes undone."
    assert desk.entries == []


def test_an_import_is_undone_as_a_whole() -> None:
    desk = Desk()
    desk.log(said("pain"))
    desk.log(*[said() for _ in range(100)])
    assert desk.change("undo").says == "100 changes undone."
    assert desk.only.what == "pain"


def test_undo_holds_for_half_an_hour() -> None:
    desk = Desk()
    desk.log(said())
    desk.wait(31 * MINUTE)
    assert desk.change("undo").says == NOTHING_TO_UNDO
    assert len(desk.entries) == 1


def test_undo_of_too_hot_tells_the_engine() -> None:
    desk = Desk()
    desk.log(said("too_hot", kind="report"))
    assert [(ask.name, ask.value) for ask in desk.change("undo").asks] == [("too_hot", False)]
    desk.log(said("caffeine", kind="report"))
    desk.log(said("caffeine", kind="report"))
    assert desk.change("undo").asks == ()


def test_a_note_is_not_what_is_deleted() -> None:
    desk = Desk()
    assert desk.change("delete_last").says == NOTHING_TO_DELETE
    desk.log(said())
    desk.log(said(), unsure=True, raw="mumble")
    desk.change("delete_last")
    assert desk.only.kind == "note"


@pytest.mark.parametrize(
    ("op", "to", "field", "value", "says"),
    [
        ("set_severity", {"severity": 7}, "severity", 7, "Changed: left calf spasm, seven."),
        ("set_side", {"side": "right"}, "side", "right", "Changed: right calf spasm, five."),
        ("set_place", {"place": "foot"}, "place", "foot", "Changed: left foot spasm, five."),
        ("set_count", {"count": 3}, "count", 3, "Changed: three left calf spasms, five."),
        (
            "set_duration",
            {"duration_minutes": 4},
            "duration_minutes",
            4,
            "Changed: left calf spasm, five, four minutes.",
        ),
        (
            "set_time",
            {"occurred_at": EVENING - HOUR},
            "occurred_at",
            EVENING - HOUR,
            "Changed: left calf spasm, five, at 20:00.",
        ),
        (
            "add_note",
            {"note": "long sitting"},
            "note",
            "long sitting",
            "Changed: left calf spasm, five, with your note.",
        ),
    ],
)
def test_the_last_entry_is_put_right(op: str, to: dict[str, object], field: str, value: object, says: str) -> None:
    desk = Desk()
    desk.log(left_calf(severity=5))
    outcome = desk.change(op, said("", **to))
    assert outcome.says == says
    assert getattr(desk.only, field) == value
    (change,) = outcome.changes
    assert (change.op, change.before is not None and change.before.severity, change.group) == (op, 5, "m2")


def test_two_things_are_put_right_at_once() -> None:
    desk = Desk()
    desk.log(left_calf(severity=5))
    to = said("", severity=8, side="right", occurred_at=EVENING - 20 * MINUTE)
    outcome = desk.change("set_severity", to, also=("set_side", "set_time"))
    assert outcome.says == "Changed: right calf spasm, eight, 20 minutes ago."
    assert (desk.only.severity, desk.only.side, desk.only.occurred_at) == (8, "right", EVENING - 20 * MINUTE)
    assert desk.change("undo").says == "Changed back: left calf spasm, five."


def test_two_things_with_a_time_to_come_change_nothing() -> None:
    desk = Desk()
    desk.log(left_calf(severity=5))
    to = said("", severity=8, occurred_at=EVENING + HOUR)
    assert desk.change("set_severity", to, also=("set_time",)).says == NO_SUCH_TIME
    assert desk.only.severity == 5


def test_a_back_gets_no_side_by_the_way() -> None:
    desk = Desk()
    desk.log(said(place="lower_back", severity=5))
    desk.change("set_severity", said("", severity=8, side="left"), also=("set_side",))
    assert (desk.only.severity, desk.only.side) == (8, "")


def test_half_a_minute_is_read_back_in_seconds() -> None:
    assert Desk().log(left_calf(duration_minutes=0.5)).says == "Left calf spasm, 30 seconds."


def test_a_hug_is_round_something() -> None:
    assert Desk().log(said("hug", place="ribs", side="left", severity=4)).says == "Hug round the left ribs, four."


def test_what_kind_of_symptom_it_was() -> None:
    desk = Desk()
    desk.log(left_calf())
    assert desk.change("set_symptom", said("stiffness")).says == "Changed: left calf stiffness, noted."
    assert desk.only.what == "stiffness"


def test_a_note_in_between_is_not_what_is_meant() -> None:
    desk = Desk()
    desk.log(left_calf())
    desk.log(said(), unsure=True, raw="mumble")
    desk.change("set_severity", said("", severity=7))
    assert [entry.severity for entry in desk.entries if entry.kind == "symptom"] == [7]


def test_a_named_entry_further_back() -> None:
    desk = Desk()
    desk.log(left_calf())
    desk.wait(MINUTE)
    desk.log(said("pain"))
    desk.change("set_severity", said("spasm", severity=7))
    assert [(entry.what, entry.severity) for entry in desk.entries] == [("spasm", 7), ("pain", None)]


def test_between_two_of_one_sentence_nothing_is_changed() -> None:
    desk = Desk()
    desk.log(said("spasm"), said("pain"))
    outcome = desk.change("set_severity", said("", severity=7))
    assert outcome.says == "Which one? Say for example: make the spasm a seven."
    assert outcome.changes == ()
    assert desk.change("set_severity", said("pain", severity=7)).changes != ()
    assert desk.change("set_time", said("", occurred_at=EVENING - HOUR)).says.startswith("Which one?")


def test_only_one_of_the_two_can_be_meant() -> None:
    desk = Desk()
    desk.log(said("caffeine", kind="report"), left_calf())
    desk.change("set_severity", said("", severity=4))
    assert [entry.severity for entry in desk.entries if entry.what == "spasm"] == [4]
    desk.log(left_calf(), said("spasm", place="calf", side="right"))
    outcome = desk.change("set_side", said("", side="right"))
    assert [change.before and change.before.side for change in outcome.changes] == ["left"]


def test_after_twelve_hours_it_is_too_late() -> None:
    desk = Desk()
    desk.log(said())
    desk.wait(13 * HOUR)
    assert desk.change("set_severity", said("", severity=7)).says == NOTHING_TO_CHANGE


def test_no_change_is_no_change() -> None:
    desk = Desk()
    desk.log(left_calf(severity=7, severity_source="number"))
    outcome = desk.change("set_severity", said("", severity=7))
    assert (outcome.says, outcome.changes) == (SAME_ALREADY, ())


def test_a_time_to_come_changes_nothing() -> None:
    desk = Desk()
    desk.log(said())
    assert desk.change("set_time", said("", occurred_at=EVENING + HOUR)).says == NO_SUCH_TIME
    assert desk.change("set_time", said(""), about_late=True).says == NO_SUCH_TIME
    assert desk.only.occurred_at == EVENING


def test_a_stronger_one_is_told_to_the_engine() -> None:
    desk = Desk()
    desk.log(said(severity=3))
    assert [ask.value for ask in desk.change("set_severity", said("", severity=8)).asks] == [8]
    assert desk.change("set_side", said("", side="left")).asks == ()


def test_another_one_is_the_last_without_its_strength_and_note() -> None:
    desk = Desk()
    desk.log(left_calf(severity=7, note="sat long", subtype="flexor", suspected=("heat",)))
    desk.wait(10 * MINUTE)
    assert desk.log(op="repeat").says == "Left calf spasm, noted."
    entry = desk.entries[-1]
    assert (entry.subtype, entry.suspected, entry.severity, entry.note) == ("flexor", ("heat",), None, "")
    assert entry.occurred_at == desk.now
    assert desk.log(said("", severity=4), op="repeat").says == "Left calf spasm, four."


def test_the_same_on_the_other_side() -> None:
    desk = Desk()
    desk.log(left_calf())
    assert desk.change("repeat_other_side").says == "Right calf spasm, noted."
    desk.log(said("fatigue"))
    assert desk.change("repeat_other_side").says == NO_SIDE
    assert desk.book.logged_last("anna")[0].kind == "note"


def test_nothing_to_repeat_is_kept_as_a_note() -> None:
    desk = Desk()
    assert desk.log(op="repeat", raw="another one").says == NOTHING_TO_REPEAT
    assert (desk.only.kind, desk.only.raw) == ("note", "another one")
    desk = Desk()
    desk.log(said(), said("pain"))
    assert desk.log(op="repeat").says.startswith("Which one?")


def test_it_has_stopped() -> None:
    desk = Desk()
    desk.log(left_calf(going_on=True))
    desk.wait(12 * MINUTE)
    assert desk.change("stopped").says == "Left calf spasm stopped, noted."
    assert (desk.only.going_on, desk.only.ended_at, desk.only.duration_minutes) == (False, desk.now, 12)
    assert desk.change("stopped").says == NOTHING_OPEN


def test_how_long_it_was_is_not_made_up() -> None:
    desk = Desk()
    desk.log(left_calf(going_on=True, precision="part_of_day", occurred_at=EVENING - 5 * HOUR))
    desk.change("stopped")
    assert desk.only.duration_minutes is None
    assert desk.only.ended_at == EVENING


def test_what_is_open_is_meant_before_what_is_newer() -> None:
    desk = Desk()
    desk.log(said("pain", going_on=True))
    desk.wait(HOUR)
    desk.log(said())
    desk.change("stopped")
    assert [(entry.what, entry.ended_at is None) for entry in desk.entries] == [("pain", False), ("spasm", True)]


def test_still_going() -> None:
    desk = Desk()
    desk.log(left_calf())
    assert desk.change("still_going").says == "Left calf spasm still going, noted."
    assert desk.only.going_on
    desk = Desk()
    desk.log(left_calf())
    desk.wait(25 * HOUR)
    assert desk.change("still_going").says == NOTHING_OPEN


def test_a_moved_beginning_moves_how_long_it_was() -> None:
    desk = Desk()
    desk.log(left_calf())
    desk.wait(10 * MINUTE)
    desk.change("stopped")
    desk.change("set_time", said("", occurred_at=EVENING - 20 * MINUTE))
    assert desk.only.duration_minutes == 30

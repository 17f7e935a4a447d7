"""What every ``Book`` must do, whatever keeps it: run against the store, and against the book in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from journal.book import Book
from journal.entry import Change, Entry
from journal.outcome import Flag

NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FULL = Entry(
    id="full",
    person="robin",
    kind="symptom",
    what="spasm",
    subtype="flexor",
    place="calf",
    side="left",
    severity=6.5,
    severity_word="bad",
    severity_source="word",
    duration_minutes=12.5,
    occurred_at=NOON + timedelta(microseconds=1),
    logged_at=NOON + timedelta(minutes=3, microseconds=999_999),
    precision="part_of_day",
    count=3,
    suspected=("heat", "stress"),
    note="after the bath: it's \u201cquiet\u201d now \U0001f642",
    raw="three bad spasms",
    channel="assist",
    going_on=True,
    over=True,
    ended_at=NOON + HOUR,
    woke=True,
    deleted=True,
    celsius=38.2,
    reminder="evening_note",
    context={"temperature": {"value": 24.5, "quality": "fresh"}, "doing": ["cooling bedroom"]},
)
"""Nothing in it is as it is by default."""


def entry(number: int, at: datetime = NOON, **more: Any) -> Entry:  # noqa: ANN401 (any field)
    """An entry of robin's."""
    values: dict[str, Any] = {
        "person": "robin",
        "kind": "symptom",
        "what": "spasm",
        "occurred_at": at,
        "logged_at": at,
    } | more
    return Entry(id=f"e{number}", **values)


def added(found: Entry, **more: Any) -> Change:  # noqa: ANN401
    """That it was added."""
    return Change(at=found.logged_at, op="add", before=None, after=found, **more)


def ids(found: Iterable[Entry]) -> list[str]:
    """Which ones."""
    return [each.id for each in found]


class BookContract:
    """Derive from it, and give ``book``, ``put`` and ``show``."""

    @pytest.fixture
    def book(self) -> Book:
        """An empty one."""
        raise NotImplementedError

    @pytest.fixture
    def put(self) -> Callable[[Iterable[Change]], None]:
        """Puts changes into the book."""
        raise NotImplementedError

    @pytest.fixture
    def show(self) -> Callable[[str, list[Flag], datetime], None]:
        """Notes that flags came up."""
        raise NotImplementedError

    def test_every_field_comes_back_as_it_was(self, book: Book, put: Any) -> None:  # noqa: ANN401
        """Also of types, and of the instants to the microsecond."""
        for field in fields(Entry):
            assert getattr(FULL, field.name) != field.default, f"give {field.name} another value than its default"
        plain = entry(1)
        put([added(FULL), added(plain)])
        assert book.get("full") == FULL
        assert book.get("e1") == plain
        assert repr(book.get("full")) == repr(FULL)
        assert book.get("nobody") is None

    def test_adding_twice_is_adding_once(self, book: Book, put: Any) -> None:  # noqa: ANN401
        """The first one counts, and what was changed since."""
        first = entry(1, severity=7.0)
        put([added(first)])
        put([Change(at=NOON, op="set_severity", before=first, after=replace(first, severity=8.0))])
        put([added(entry(1, severity=3.0))])
        assert book.logged_last("robin", limit=9) == [replace(first, severity=8.0)]
        assert [change.op for change in book.changes("robin", limit=9)] == ["set_severity", "add"]

    def test_the_latest_by_when_it_occurred(self, book: Book, put: Any) -> None:  # noqa: ANN401
        """Filtered in every way, and never a deleted one or another person's."""
        put(
            added(each)
            for each in (
                entry(1, NOON - 3 * HOUR, severity=8.0, logged_at=NOON + HOUR),
                entry(2, NOON - 2 * HOUR, severity=3.0),
                entry(3, NOON - HOUR, what="stiffness"),
                entry(4, NOON, kind="report", what="stress", severity=9.0),
                entry(5, NOON, deleted=True),
                entry(6, NOON, person="sam"),
            )
        )
        assert ids(book.latest("robin")) == ["e4"]
        assert ids(book.latest("robin", limit=9)) == ["e4", "e3", "e2", "e1"]
        assert ids(book.latest("robin", kinds=("symptom",), limit=9)) == ["e3", "e2", "e1"]
        assert ids(book.latest("robin", kinds=("symptom", "report"), limit=2)) == ["e4", "e3"]
        assert ids(book.latest("robin", what="spasm", limit=9)) == ["e2", "e1"]
        assert ids(book.latest("robin", what="spasm", at_least=7)) == ["e1"]
        assert ids(book.latest("robin", at_least=3.0, limit=9)) == ["e4", "e2", "e1"]
        assert ids(book.latest("robin", before=NOON - 2 * HOUR, limit=9)) == ["e1"]
        assert book.latest("robin", what="clonus") == []
        assert book.latest("nobody") == []

    def test_the_last_by_when_it_was_written_down(self, book: Book, put: Any) -> None:  # noqa: ANN401
        """Whenever it occurred; of the same moment the later one of the sentence."""
        put(
            added(each)
            for each in (
                entry(1, NOON - 9 * HOUR, logged_at=NOON),
                entry(2, NOON - HOUR, logged_at=NOON - HOUR),
                entry(3, NOON - 9 * HOUR, logged_at=NOON),
                entry(4, NOON, logged_at=NOON + HOUR, deleted=True),
            )
        )
        assert ids(book.logged_last("robin")) == ["e3"]
        assert ids(book.logged_last("robin", limit=9)) == ["e3", "e1", "e2"]

    def test_a_span_is_with_its_start_and_without_its_end(self, book: Book, put: Any) -> None:  # noqa: ANN401
        """In order of time."""
        put(added(entry(n, NOON + n * HOUR, what="pain" if n == 2 else "spasm")) for n in (3, 1, 2, 0))
        assert ids(book.between("robin", NOON, NOON + 3 * HOUR)) == ["e0", "e1", "e2"]
        assert ids(book.between("robin", NOON, NOON + 3 * HOUR, what="spasm")) == ["e0", "e1"]
        assert ids(book.between("robin", NOON, NOON + 3 * HOUR, kinds=("report",))) == []
        assert ids(book.between("robin", NOON + HOUR, NOON + HOUR)) == []

    def test_a_deleted_entry_is_only_got_by_its_id(self, book: Book, put: Any) -> None:  # noqa: ANN401
        """And can be restored."""
        first = entry(1)
        gone = replace(first, deleted=True)
        put([added(first), Change(at=NOON, op="delete", before=first, after=gone)])
        assert book.get("e1") == gone
        assert book.latest("robin") == book.logged_last("robin") == book.between("robin", NOON, NOON + HOUR) == []
        put([Change(at=NOON, op="restore", before=gone, after=first)])
        assert book.latest("robin") == [first]

    def test_what_was_done_last_without_what_was_undone(self, book: Book, put: Any) -> None:  # noqa: ANN401
        """Saying undo twice takes back two things."""
        first = entry(1, severity=5.0, context={"doing": ["paused"]})
        second = replace(first, severity=7.0)
        third = replace(second, side="left")
        put([added(first, group="a")])
        put([Change(at=NOON, op="set_severity", before=first, after=second, group="b")])
        put([Change(at=NOON + HOUR, op="set_side", before=second, after=third)])
        put([added(entry(2, person="sam"))])
        last, middle, begin = book.changes("robin", limit=9)
        assert (last.op, last.before, last.after, last.at) == ("set_side", second, third, NOON + HOUR)
        assert (begin.op, begin.before, begin.after, begin.group) == ("add", None, first, "a")
        assert last.seq > middle.seq > begin.seq > 0
        put([Change(at=NOON + HOUR, op="undo", before=third, after=second, undoes=last.seq)])
        assert book.changes("robin") == [middle]
        put([Change(at=NOON + HOUR, op="undo", before=second, after=first, undoes=middle.seq)])
        assert book.changes("robin", limit=9) == [begin]
        assert book.get("e1") == first

    def test_when_a_flag_was_last_shown(self, book: Book, show: Any) -> None:  # noqa: ANN401
        """Only shown ones count, by person and reason."""
        flag = Flag(tier="today", reason="fever", says="This needs a nurse or doctor today.")
        assert book.flagged_at("robin", "fever") is None
        show("robin", [flag, replace(flag, reason="fall")], NOON)
        show("robin", [replace(flag, shown=False)], NOON + HOUR)
        assert book.flagged_at("robin", "fever") == NOON
        assert book.flagged_at("sam", "fever") is None
        show("robin", [flag], NOON + DAY)
        assert (book.flagged_at("robin", "fever"), book.flagged_at("robin", "fall")) == (NOON + DAY, NOON)

    def test_counts_in_whole_days_back(self, book: Book, put: Any) -> None:  # noqa: ANN401
        """An entry of three is three; days without any are there with a zero; a part of a day is not."""
        put(
            added(each)
            for each in (
                entry(1, NOON - timedelta(microseconds=1), count=3),
                entry(2, NOON - DAY),
                entry(3, NOON - DAY - timedelta(microseconds=1)),
                entry(4, NOON),
                entry(5, NOON - 3 * DAY - HOUR),
                entry(6, NOON - HOUR, what="pain"),
                entry(7, NOON - HOUR, kind="none"),
                entry(8, NOON - HOUR, deleted=True),
                entry(9, NOON - HOUR, person="sam"),
            )
        )
        counted = book.daily_counts("robin", "spasm", NOON - 3 * DAY - 2 * HOUR, NOON)
        assert counted == [(NOON - DAY, 4), (NOON - 2 * DAY, 1), (NOON - 3 * DAY, 0)]
        assert book.daily_counts("robin", "spasm", NOON - HOUR, NOON) == []

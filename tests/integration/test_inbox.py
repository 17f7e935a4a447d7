"""The one queue: every promised message in its order; of a flood that nobody promised, the latest and not the lot."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from datetime import UTC, datetime
from queue import Empty

import pytest

from devices.readings import Message
from integration import inbox as inbox_module
from integration.inbox import CROWDED, Inbox, Item, Leaving, Nudge, Received, note_leaving

AT = datetime(2026, 7, 14, 20, 30, tzinfo=UTC)
ROOMS = [f"room/{number}" for number in range(20)]
TAP = "unclench/robin/symptom"


def said(topic: str, value: int, *, ack: int = 0) -> Received:
    """A message; one with a packet id was promised."""
    return Received(Message(topic=topic, payload=str(value).encode()), AT, ack, connection=1)


def everything(inbox: Inbox) -> list[Item]:
    """What waits, in its order."""
    found: list[Item] = []
    while True:
        try:
            found.append(inbox.get_nowait())
        except Empty:
            return found


def values(items: list[Item], topic: str) -> list[int]:
    """What a topic said."""
    return [int(each.message.payload) for each in items if isinstance(each, Received) and each.message.topic == topic]


@pytest.fixture
def inbox() -> Inbox:
    """Empty; the rooms say how something is."""
    return Inbox(frozenset(ROOMS))


def test_nothing_waits(inbox: Inbox) -> None:
    """Asking is no fault."""
    assert inbox.empty()
    with pytest.raises(Empty):
        inbox.get_nowait()
    with pytest.raises(Empty):
        inbox.get(timeout=0.01)


def test_while_the_engine_keeps_up_every_reading_is_taken_in_order(inbox: Inbox) -> None:
    """Also many of one sensor."""
    for number in range(CROWDED):
        inbox.put(said(ROOMS[number % 2], number))
    items = everything(inbox)
    assert [int(each.message.payload) for each in items if isinstance(each, Received)] == list(range(CROWDED))
    assert inbox.coalesced == 0


def test_in_a_crowd_the_latest_reading_of_a_sensor_stands_for_the_earlier(inbox: Inbox) -> None:
    """However many come: what waits is bounded by the number of sensors, and each ends with its last value."""
    for number in range(100_000):
        inbox.put(said(ROOMS[number % 20], number))
    assert inbox.qsize() <= CROWDED + len(ROOMS) + 1
    items = everything(inbox)
    for place, room in enumerate(ROOMS):
        assert values(items, room)[-1] == 99_980 + place
        assert values(items, room) == sorted(values(items, room))
    assert inbox.coalesced == 100_000 - len(items)


def test_afterwards_every_reading_is_taken_again(inbox: Inbox) -> None:
    """A crowd leaves nothing behind."""
    for number in range(5_000):
        inbox.put(said(ROOMS[0], number))
    everything(inbox)
    for number in range(10):
        inbox.put(said(ROOMS[0], number))
    assert values(everything(inbox), ROOMS[0]) == list(range(10))
    assert not inbox._places


def test_in_a_crowd_every_promised_message_is_kept(inbox: Inbox) -> None:
    """Readings at QoS 1 too: each was promised, and the broker bounds how many."""
    for number in range(2_000):
        inbox.put(said(ROOMS[0], number))
        inbox.put(said(ROOMS[1], number, ack=number + 1))
        inbox.put(said(TAP, number, ack=number + 1))
    items = everything(inbox)
    assert values(items, ROOMS[1]) == values(items, TAP) == list(range(2_000))
    assert values(items, ROOMS[0])[-1] == 1_999


def test_a_crowd_delays_nobody_by_more_than_what_waited_before(inbox: Inbox) -> None:
    """A word in a flood has a bounded number of items in front of it."""
    for number in range(50_000):
        inbox.put(said(ROOMS[number % 20], number))
    inbox.put(said(TAP, 1, ack=1))
    items = everything(inbox)
    position = next(count for count, each in enumerate(items) if values([each], TAP))
    assert position <= CROWDED + len(ROOMS) + 1


def test_a_flood_from_one_thread_and_the_engine_in_another(inbox: Inbox) -> None:
    """No promised message is lost or overtaken, each sensor ends with its last value, and no value goes back."""
    last = 60_000

    def flood() -> None:
        for number in range(last):
            inbox.put(said(ROOMS[number % 20], number))
            if number % 50 == 0:
                inbox.put(said(TAP, number, ack=number + 1))
        inbox.put(Nudge())

    thread = threading.Thread(target=flood)
    thread.start()
    seen: dict[str, list[int]] = defaultdict(list)
    counts: Counter[str] = Counter()
    while not isinstance(item := inbox.get(timeout=20), Nudge):
        assert isinstance(item, Received)
        seen[item.message.topic].append(int(item.message.payload))
        counts[item.message.topic] += 1
    thread.join()
    assert seen[TAP] == list(range(0, last, 50))
    for place, room in enumerate(ROOMS):
        assert seen[room] == sorted(seen[room])
        assert seen[room][-1] == last - 20 + place
    assert sum(counts[room] for room in ROOMS) + inbox.coalesced == last


def test_words_leave_when_that_is_noted(inbox: Inbox) -> None:
    """The engine's thread sets it once it is on disk."""
    thread = threading.Thread(target=note_leaving, args=(inbox, "a-1"))
    thread.start()
    item = inbox.get(timeout=10)
    assert isinstance(item, Leaving)
    assert item.action == "a-1"
    assert thread.is_alive()
    item.noted.set()
    thread.join(10)
    assert not thread.is_alive()


def test_words_leave_at_last_also_when_nobody_notes_it(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that hangs does not make us dumb."""
    monkeypatch.setattr(inbox_module, "NOTED_WITHIN_S", 0.05)
    note_leaving(inbox, "a-1")
    assert inbox.qsize() == 1

"""Guided movement: what is said when, and that stop means stop."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from config.profile import Move
from devices.control.guided import (
    CLOSING,
    COMMANDS,
    FORGOTTEN,
    GOING_ON,
    LATE,
    OPENING,
    PAUSED,
    Guided,
    GuidedMemory,
    in_words,
    script,
    speaking,
)

NOW = datetime(2026, 7, 14, 19, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOVES = [
    Move.model_validate({"says": "Left leg, knee to the chest", "hold": "30 s", "times": 2, "gap": "10 s"}),
    Move.model_validate({"says": "Ankle circles.", "hold": "50 s", "gap": "5 s"}),
]
ADAPTER = TypeAdapter(GuidedMemory)


class Person:
    """Somebody who is guided, by a session that is restarted at every step when asked to."""

    def __init__(self, moves: list[Move] | None = None, *, minutes: int = 5, restarts: bool = False) -> None:
        self.moves, self.minutes, self.restarts = MOVES if moves is None else moves, minutes, restarts
        self.guided = Guided(self.moves, minutes)
        self.now = NOW
        self.heard: list[tuple[float, str]] = []
        self.notes: list[str] = []

    def _restart(self) -> None:
        if self.restarts:
            dumped = ADAPTER.dump_json(self.guided.memory)
            self.guided = Guided(self.moves, self.minutes)
            self.guided.memory = ADAPTER.validate_json(dumped)

    def look(self) -> None:
        """Hear what is due now."""
        self._restart()
        for say in self.guided.look(self.now):
            assert say.speech_only
            assert say.expires <= LATE
            self.heard.append(((self.now - NOW).total_seconds(), say.spoken))
        self.notes += [note.text for note in self.guided.notes()]

    def ask(self, *words: str) -> Person:
        """Say commands."""
        for word in words:
            self._restart()
            self.notes += [note.text for note in self.guided.command(word, self.now)]
            self.look()
        return self

    def wait(self, seconds: float) -> Person:
        """Let time pass, looking whenever it is due."""
        until = self.now + timedelta(seconds=seconds)
        while (due := self.guided.due) is not None and due <= until:
            self.now = max(self.now, due)
            self.look()
        self.now = until
        return self

    def sleep(self, seconds: float) -> Person:
        """The machine sleeps, and looks afterwards."""
        self.now += timedelta(seconds=seconds)
        self.look()
        return self

    def words(self) -> list[str]:
        """What was heard since the last look."""
        heard, self.heard = self.heard, []
        return [words for _, words in heard]


WHOLE = [
    OPENING,
    *["Left leg, knee to the chest.", "Hold, breathe, thirty seconds.", "And rest."] * 2,
    *["Ankle circles.", "Hold, breathe, fifty seconds.", "Halfway.", "And rest."],
    CLOSING,
]


@pytest.mark.parametrize("restarts", [False, True])
def test_a_whole_session(restarts: bool) -> None:
    """Every move and time; the hold begins when the words are said, and a restart changes nothing."""
    person = Person(restarts=restarts).ask("begin").wait(600)
    at = {words: seconds for seconds, words in reversed(person.heard)}
    assert at[OPENING] == 0
    assert at["Left leg, knee to the chest."] == pytest.approx(speaking(OPENING).total_seconds())
    hold = "Hold, breathe, thirty seconds."
    assert at["And rest."] - at[hold] == pytest.approx(speaking(hold).total_seconds() + 30)
    hold = "Hold, breathe, fifty seconds."
    assert at["Halfway."] - at[hold] == pytest.approx(speaking(hold).total_seconds() + 25)
    last_rest = person.heard[-2][0]
    assert last_rest - at["Halfway."] == pytest.approx(25)
    assert at[CLOSING] - last_rest == pytest.approx(speaking("And rest.").total_seconds() + 5)
    assert person.words() == WHOLE
    assert not person.guided.running
    assert person.guided.due is None
    assert person.notes[-1] == "all moves are done"


def test_it_says_nothing_that_presses() -> None:
    """No praise to earn, no scolding, nothing that must be."""
    for words in (*WHOLE, PAUSED, GOING_ON):
        assert not {"must", "should", "good", "great", "well", "missed", "failed"} & set(words.lower().split())
        assert "!" not in words


@pytest.mark.parametrize("after", [0, 5, 12, 30, 45])
@pytest.mark.parametrize("pause", [1, 60, 599])
@pytest.mark.parametrize("restarts", [False, True])
def test_a_pause_keeps_the_rest_of_the_hold(after: float, pause: float, restarts: bool) -> None:
    """What came after it comes as much later as the pause and its words lasted."""
    plain = Person().ask("begin").wait(600)
    person = Person(restarts=restarts).ask("begin").wait(after).ask("pause").wait(pause).ask("resume").wait(600)
    more = pause + speaking(GOING_ON).total_seconds()
    expected = [(at, words) for at, words in plain.heard if at <= after]
    expected += [(after, PAUSED), (after + pause, GOING_ON)]
    expected += [(at + more, words) for at, words in plain.heard if at > after]
    assert [words for _, words in person.heard] == [words for _, words in expected]
    assert [at for at, _ in person.heard] == pytest.approx([at for at, _ in expected])


@pytest.mark.parametrize("seconds", [0, 2, 10, 25, 70, 120])
@pytest.mark.parametrize("word", ["stop", "done"])
@pytest.mark.parametrize("before", [[], ["pause"], ["pause", "resume"], ["next"]])
def test_stop_and_done_end_it_at_once_and_without_a_word(seconds: float, word: str, before: list[str]) -> None:
    """Wherever it is, paused or not."""
    person = Person().ask("begin").wait(seconds).ask(*before)
    person.heard.clear()
    person.ask(word)
    assert not person.guided.running
    assert person.guided.due is None
    person.wait(3600).ask("resume", "next", "pause", "stop", "done").wait(3600)
    assert person.words() == []


@pytest.mark.parametrize("word", [word for word in COMMANDS if word != "begin"])
def test_without_a_session_only_begin_does_anything(word: str) -> None:
    """And nothing is noted either."""
    person = Person().ask(word, "later", "")
    assert (person.heard, person.notes, person.guided.running) == ([], [], False)


def test_every_command_in_every_state() -> None:
    """Running or paused, and afterwards: running, paused or over, with what is said at once."""
    ankles = "Ankle circles."
    table: dict[tuple[str, str], tuple[str, list[str]]] = {
        ("runs", "begin"): ("runs", []),
        ("runs", "pause"): ("paused", [PAUSED]),
        ("runs", "resume"): ("runs", []),
        ("runs", "next"): ("runs", [ankles]),
        ("runs", "stop"): ("over", []),
        ("runs", "done"): ("over", []),
        ("runs", "later"): ("runs", []),
        ("paused", "begin"): ("runs", [GOING_ON]),
        ("paused", "pause"): ("paused", []),
        ("paused", "resume"): ("runs", [GOING_ON]),
        ("paused", "next"): ("runs", [ankles]),
        ("paused", "stop"): ("over", []),
        ("paused", "done"): ("over", []),
        ("paused", "later"): ("paused", []),
    }
    for (state, word), (after, said) in table.items():
        person = Person(restarts=True).ask("begin").wait(12)
        person.ask(*(["pause"] if state == "paused" else []))
        person.heard.clear()
        person.ask(word)
        found = "over" if not person.guided.running else "paused" if person.guided.paused else "runs"
        assert (found, person.words()) == (after, said), (state, word)


def test_next_goes_through_the_moves_to_the_end() -> None:
    """From the opening to the first move, and from the last one to the end. A trembling hand counts once."""
    person = Person().ask("begin")
    for expected in ("Left leg, knee to the chest.", "Ankle circles.", CLOSING):
        person.heard.clear()
        person.ask("next")
        person.now += timedelta(milliseconds=300)
        person.ask("next")
        assert person.words() == [expected]
        person.now += SECOND
    assert not person.guided.running


def test_a_forgotten_pause_ends_silently() -> None:
    """After ten minutes."""
    person = Person().ask("begin").wait(20).ask("pause")
    person.heard.clear()
    person.wait(FORGOTTEN.total_seconds() - 1)
    assert person.guided.running
    person.wait(2)
    assert (person.guided.due, person.words()) == (None, [])
    assert person.notes[-1] == "it was paused for 10 min and ends"


def test_late_words_are_not_said_and_it_pauses() -> None:
    """Ten seconds late they still are. Later it waits to be asked, and goes on at the start of the move."""
    person = Person().ask("begin").wait(5)  # the hold begins soon
    person.heard.clear()
    due = person.guided.due
    assert due is not None
    person.sleep((due - person.now + LATE).total_seconds())
    assert person.words() == ["Hold, breathe, thirty seconds."]
    due = person.guided.due
    assert due is not None
    person.sleep((due - person.now + LATE + SECOND).total_seconds())
    assert person.words() == []
    assert person.guided.paused
    assert person.notes[-1].startswith("it pauses: nothing could be said at the right time")
    person.wait(60)
    assert person.words() == []
    person.ask("resume").wait(10)
    assert person.words()[:2] == [GOING_ON, "Left leg, knee to the chest."]


def test_a_machine_that_slept_for_long_ends_it_silently() -> None:
    """Nobody waits on the floor for it."""
    person = Person().ask("begin").wait(8).ask("pause")
    person.heard.clear()
    person.sleep(12 * 3600)
    assert (person.words(), person.guided.running) == ([], False)


def test_nothing_to_hear_it_by_pauses_without_a_word() -> None:
    """It goes on with the move it was at; a second loss adds nothing."""
    person = Person().ask("begin").wait(20)
    person.heard.clear()
    person.guided.lose("Home Assistant is away", person.now)
    person.guided.lose("Home Assistant is away", person.now)
    person.wait(30).look()
    assert (person.words(), person.guided.paused) == ([], True)
    assert [text for text in person.notes if "away" in text] == [
        'it pauses: Home Assistant is away; say "resume" to go on'
    ]
    person.ask("resume").wait(5)
    assert person.words() == [GOING_ON, "Left leg, knee to the chest."]


def test_only_the_end_was_not_heard() -> None:
    """Then it is over, and not paused."""
    person = Person().ask("begin").wait(12).ask("next").wait(60)
    assert person.words()[-1] == "And rest."
    due = person.guided.due
    assert due is not None
    person.sleep((due - person.now + LATE + SECOND).total_seconds())
    assert (person.words(), person.guided.running) == ([], False)


@pytest.mark.parametrize("moves", [[], [Move.model_validate({"says": "x", "hold": "5 min", "times": 20})]])
def test_nothing_to_guide(moves: list[Move]) -> None:
    """An empty list, or none that fits."""
    person = Person(moves).ask("begin").wait(60)
    assert (person.words(), person.guided.running) == ([], False)
    assert person.notes == ["nothing to guide: your list has no move that fits in the time you chose"]


@pytest.mark.parametrize("minutes", [5, 10, 15])
def test_it_fits_in_the_time_chosen(minutes: int) -> None:
    """What does not fit is left out, silently; a shorter one behind it may still fit."""
    long = Move.model_validate({"says": "Long one", "hold": "60 s", "times": 3, "gap": "20 s"})
    short = Move.model_validate({"says": "Short one", "hold": "10 s", "gap": "0 s"})
    person = Person([long] * 6 + [short], minutes=minutes).ask("begin").wait(3600)
    lasts = person.heard[-1][0] + speaking(CLOSING).total_seconds()
    assert minutes * 60 * 0.6 < lasts <= minutes * 60
    words = person.words()
    assert "Short one." in words
    assert 0 < words.count("Long one.") < 18


def test_long_words_are_said_in_pieces() -> None:
    """Twelve at most."""
    says = "a b c d e f g h i j k l, m n"
    lines = script([Move.model_validate({"says": says, "hold": "20 s"})], timedelta(minutes=5))
    assert [line.words for line in lines[1:3]] == ["a b c d e f g h i j k l.", "m n."]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "one second"),
        (5, "five seconds"),
        (15, "fifteen seconds"),
        (30, "thirty seconds"),
        (45, "forty-five seconds"),
        (60, "one minute"),
        (90, "ninety seconds"),
        (120, "two minutes"),
        (125, "two minutes five seconds"),
        (300, "five minutes"),
    ],
)
def test_times_are_said_in_words(seconds: int, text: str) -> None:
    """As a voice would."""
    assert in_words(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_asked_in_whatever_order(seed: int) -> None:
    """Few words at a time, none after stop, none late, and a restart at every step is as good as none."""
    chance = random.Random(seed)
    moves = [
        Move.model_validate(
            {
                "says": " ".join(["move"] * chance.randint(1, 12)),
                "hold": f"{chance.randint(5, 90)} s",
                "times": chance.randint(1, 3),
                "gap": f"{chance.randint(0, 20)} s",
            }
        )
        for _ in range(chance.randint(0, 5))
    ]
    minutes = chance.choice([5, 10, 15])
    two = [Person(moves, minutes=minutes), Person(moves, minutes=minutes, restarts=True)]
    for _ in range(60):
        word, seconds = chance.choice([*COMMANDS, "lose"]), chance.choice([0, 0.3, 2, 15, 40, 200, 650])
        sleeps = chance.random() < 0.1
        for person in two:
            if word == "lose":
                person.guided.lose("gone", person.now)
                person.notes += [note.text for note in person.guided.notes()]
            else:
                person.ask(word)
            before = len(person.heard)
            if word in ("stop", "done"):
                person.wait(seconds)
                assert len(person.heard) == before, "silent after stop"
            elif sleeps:
                person.sleep(seconds)
            else:
                person.wait(seconds)
            assert person.guided.running or person.guided.due is None
            assert (person.guided.due is not None) is person.guided.running
    assert all(1 <= len(words.split()) <= 12 for _, words in two[0].heard)
    assert (two[0].heard, two[0].notes) == (two[1].heard, two[1].notes)

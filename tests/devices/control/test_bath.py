"""The checks during a bath: asked, asked again, the contact once; silenced by any answer, never by a restart."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from config.profile import Contact
from devices.control.bath import ALARM, Bath, BathMemory
from devices.control.channels import Say

NOW = datetime(2026, 7, 14, 19, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BEN = Contact.model_validate({"name": "Ben", "notify": "notify.ben", "bath": True})
ADAPTER = TypeAdapter(BathMemory)
OPENING = "I will ask after ten minutes. I am no alarm."
CHECK = "Out of the bath?"
CONTACT = "Anna said they were in the bath at 19:05 and has not answered. Please look."
TOLD = "I sent your contact a message."


class Person:
    """Somebody in a bath, with a service that is restarted at every step when asked to."""

    def __init__(self, contact: Contact | None = BEN, *, restarts: bool = False) -> None:
        self.contact, self.restarts = contact, restarts
        self.bath = self._make()
        self.now = NOW
        self.said: list[tuple[float, Say]] = []
        self.notes: list[str] = []

    def _make(self) -> Bath:
        return Bath("Anna", self.contact, lambda at: f"{at:%H:%M}")

    def _restart(self) -> None:
        if self.restarts:
            dumped = ADAPTER.dump_json(self.bath.memory)
            self.bath = self._make()
            self.bath.memory = ADAPTER.validate_json(dumped)

    def look(self) -> None:
        """Hear what is due now."""
        self._restart()
        self.said += [((self.now - NOW) / MINUTE, say) for say in self.bath.look(self.now)]
        self.notes += [note.text for note in self.bath.notes()]

    def begin(self) -> Person:
        """Say "I'm in the bath"."""
        self.notes += [note.text for note in self.bath.begin(self.now)]
        self.look()
        return self

    def answer(self, word: str) -> Person:
        """Answer."""
        self._restart()
        self.notes += [note.text for note in self.bath.answer(word, self.now)]
        self.look()
        return self

    def wait(self, minutes: float) -> Person:
        """Let time pass, looking whenever it is due."""
        until = self.now + minutes * MINUTE
        while (due := self.bath.due) is not None and due <= until:
            self.now = max(self.now, due)
            self.look()
        self.now = until
        return self

    def sleep(self, minutes: float) -> Person:
        """The machine sleeps, and looks afterwards."""
        self.now += minutes * MINUTE
        self.look()
        return self

    def heard(self) -> list[tuple[float, str]]:
        """When what was said."""
        return [(round(at, 3), say.spoken) for at, say in self.said]


@pytest.mark.parametrize("restarts", [False, True])
def test_nobody_answers(restarts: bool) -> None:
    """Ten, thirteen, sixteen; the contact once, and the person knows it."""
    person = Person(restarts=restarts).begin().wait(24 * 60)
    assert person.heard() == [(0, OPENING), (10, CHECK), (13, CHECK), (16, CONTACT), (16, TOLD)]
    assert [say.notify for _, say in person.said] == [None, None, None, "notify.ben", None]
    assert all(say.urgent for _, say in person.said)
    assert [say.speech_only for _, say in person.said] == [False, False, True, False, False]
    assert [list(say.buttons) for _, say in person.said] == [[], ["done", "later"], ["done", "later"], [], []]
    assert not person.bath.running
    assert person.bath.due is None


@pytest.mark.parametrize("restarts", [False, True])
def test_without_a_contact_there_is_one_last_check(restarts: bool) -> None:
    """And a note that nobody is told."""
    person = Person(None, restarts=restarts).begin().wait(24 * 60)
    assert person.heard() == [(0, OPENING), (10, CHECK), (13, CHECK), (16, CHECK)]
    assert person.notes[-1] == "the last check; there is nobody to tell, and the checks end"


def test_the_words() -> None:
    """No alarm, the emergency number, nothing of an illness, and few words for the ear."""
    person = Person().begin().wait(60)
    for _, say in person.said:
        assert say.notify or len(say.spoken.split()) <= 12
        assert "you are fine" not in f"{say.spoken} {say.message}".lower()
    assert person.said[0][1].message == f"{OPENING} {ALARM}"
    assert person.said[3][1].message == CONTACT
    assert "Ben" in person.said[4][1].message


@pytest.mark.parametrize("word", ["done", "yes", "skip", "stop"])
@pytest.mark.parametrize("minutes", [0, 1, 9, 10, 12, 13, 15, 15.9])
@pytest.mark.parametrize("restarts", [False, True])
def test_who_is_out_hears_no_more(word: str, minutes: float, restarts: bool) -> None:
    """At any point, also before the first check."""
    person = Person(restarts=restarts).begin().wait(minutes)
    before = len(person.said)
    person.answer(word).wait(24 * 60)
    assert len(person.said) == before
    assert not person.bath.running
    assert person.bath.due is None


@pytest.mark.parametrize("word", ["later", "no"])
def test_later_is_five_minutes_and_taken_twice(word: str) -> None:
    """A "no" means: not out yet. The third one changes nothing, and the contact is told."""
    person = Person().begin().wait(10.5).answer(word).wait(5).answer(word).wait(5)
    assert [at for at, text in person.heard() if text == CHECK] == [10, 15.5, 20.5]
    assert list(person.said[-1][1].buttons) == ["done"]
    person.answer(word).wait(60)
    assert person.heard()[4:] == [(23.5, CHECK), (26.5, CONTACT), (26.5, TOLD)]
    assert any("put off 2 times" in text for text in person.notes)


def test_later_before_the_first_check() -> None:
    """It is at fifteen minutes then."""
    person = Person().begin().wait(4).answer("later").wait(60)
    assert [at for at, text in person.heard() if text != OPENING] == [15, 18, 21, 21]


def test_after_the_contact_was_told_later_changes_nothing() -> None:
    """It is over."""
    person = Person().begin().wait(17)
    before = len(person.said)
    person.answer("later").wait(60)
    assert (len(person.said), person.bath.running) == (before, False)


def test_said_twice_it_does_not_begin_anew() -> None:
    """The first check must not move away."""
    person = Person().begin().wait(9)
    person.begin().wait(2)
    assert person.heard() == [(0, OPENING), (10, CHECK)]


@pytest.mark.parametrize("awake", [0, 5, 10, 11, 13, 15])
@pytest.mark.parametrize("asleep", [20, 60, 110])
@pytest.mark.parametrize("restarts", [False, True])
def test_what_was_missed_is_asked_once_at_once(awake: float, asleep: float, restarts: bool) -> None:
    """Then the contact gets three minutes later what they would have got."""
    person = Person(restarts=restarts).begin().wait(awake)
    before = len(person.said)
    person.sleep(asleep).wait(60)
    woke = awake + asleep
    assert person.heard()[before:] == [(woke, CHECK), (woke + 3, CONTACT), (woke + 3, TOLD)]


def test_answered_after_the_sleep_the_contact_hears_nothing() -> None:
    """The late check is a check."""
    person = Person().begin().wait(5).sleep(60).wait(2).answer("done").wait(60)
    assert person.heard() == [(0, OPENING), (65, CHECK)]


def test_missed_by_two_minutes_the_contact_is_still_at_sixteen() -> None:
    """Never before."""
    person = Person().begin().wait(5).sleep(7).wait(60)
    assert person.heard() == [(0, OPENING), (12, CHECK), (16, CONTACT), (16, TOLD)]


def test_what_was_missed_for_hours_is_over() -> None:
    """Nobody is sent to somebody who has been in bed for long; the record says so."""
    person = Person().begin().wait(5).sleep(8 * 60).wait(60)
    assert person.heard() == [(0, OPENING)]
    assert "nobody was told" in person.notes[-1]
    assert not person.bath.running


def test_asleep_twice_it_is_not_asked_for_ever() -> None:
    """The second time the contact is told."""
    person = Person().begin().wait(5).sleep(20).sleep(20).wait(60)
    assert person.heard() == [(0, OPENING), (25, CHECK), (45, CONTACT), (45, TOLD)]


def test_a_message_that_did_not_leave_is_not_believed_in() -> None:
    """The person is told, once; a new bath starts clean."""
    person = Person(restarts=True).begin().wait(16)
    person.notes += [note.text for note in person.bath.unreached(person.now)]
    person.look()
    person.wait(60)
    assert [text for _, text in person.heard()[5:]] == ["My message did not reach your contact."]
    assert person.bath.due is None


def _live(person: Person, what: str, minutes: float) -> None:
    if what == "sleep":
        person.sleep(minutes * 3)
    elif what == "begin":
        person.begin()
    elif what != "wait":
        person.answer(what)
    person.wait(minutes)


@pytest.mark.parametrize("seed", range(200))
def test_whatever_happens_in_whatever_order(seed: int) -> None:
    """Few messages, one to the contact and never before 16 minutes, and nothing after an answer that ends it."""
    chance = random.Random(seed)
    contact = chance.choice([BEN, None])
    two = [Person(contact), Person(contact, restarts=True)]
    laters = slept = 0
    for person in two:
        person.begin()
    for _ in range(chance.randint(1, 14)):
        what, minutes = chance.choice(["wait", "wait", "later", "no", "sleep", "begin"]), chance.uniform(0, 9)
        if not two[0].bath.running:
            break
        laters += what in ("later", "no")
        slept += what == "sleep"
        for person in two:
            _live(person, what, minutes)
    if chance.random() < 0.5:
        for person in two:
            person.answer("done")
            before = len(person.said)
            person.wait(600)
            assert len(person.said) == before
    for person in two:
        person.wait(24 * 60)
    assert two[0].said == two[1].said
    assert two[0].notes == two[1].notes
    own = [say for _, say in two[0].said if say.notify is None]
    told = [at for at, say in two[0].said if say.notify is not None]
    assert len(told) <= 1
    assert all(at >= 16 for at in told)
    assert len(own) <= 4 + 2 * min(laters, 2) + bool(slept)
    assert all(len(say.spoken.split()) <= 12 for say in own)

"""A person at the desk: sentences by hand, a book in memory, and a clock that the test sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.profile import Profile
from journal.context import Home
from journal.desk import Visit, decide
from journal.entry import Entry
from journal.meaning import Meaning, Said
from journal.outcome import Outcome
from tests.journal.memory_book import MemoryBook

ZONE = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 7, 14, 21, 0, tzinfo=ZONE).astimezone(UTC)
"""A Tuesday."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PERSON = "anna"


def profile(**changes: object) -> Profile:
    """Anna's, with changes."""
    return Profile.model_validate({"name": "Anna", "time_zone": "Europe/Berlin", **changes})


def said(what: str = "spasm", **more: Any) -> Said:  # noqa: ANN401 (the fields of Said)
    """One thing said."""
    return Said(**{"kind": "symptom", "what": what, **more})


class Desk:
    """Everything goes through ``decide`` and is then written, as the service does it."""

    def __init__(self, **changes: object) -> None:
        self.profile = profile(**changes)
        self.book = MemoryBook()
        self.now = EVENING
        self.home = Home()
        self.messages = 0

    def say(self, meaning: Meaning) -> Outcome:
        """One sentence."""
        self.messages += 1
        visit = Visit(person=PERSON, profile=self.profile, now=self.now, message=f"m{self.messages}", channel="text")
        outcome = decide(meaning, visit, self.book, self.home)
        self.book.take(PERSON, outcome, self.now)
        return outcome

    def log(self, *things: Said, raw: str = "", **more: Any) -> Outcome:  # noqa: ANN401 (the fields of Meaning)
        """Log these."""
        return self.say(Meaning(purpose="log", raw=raw, said=things, **more))

    def change(self, op: str, to: Said | None = None, **more: Any) -> Outcome:  # noqa: ANN401 (the fields of Meaning)
        """Correct something."""
        return self.say(Meaning(purpose="change", raw="", op=op, to=to, **more))

    def answer(self, reply: str = "", **more: Any) -> Outcome:  # noqa: ANN401 (the fields of Meaning)
        """Answer something."""
        return self.say(Meaning(**{"purpose": "answer", "raw": "", "reply": reply, **more}))

    def ask(self, query: str, **more: Any) -> str:  # noqa: ANN401 (the fields of Meaning)
        """Ask something; nothing may be written for it."""
        outcome = self.say(Meaning(purpose="ask", raw="", query=query, **more))
        assert outcome.changes == ()
        return outcome.says

    def wait(self, span: timedelta) -> None:
        """Let time pass."""
        self.now += span

    def offered(self, prompt: str) -> None:
        """Open a prompt."""
        self.home = replace(self.home, offered=prompt)

    @property
    def entries(self) -> list[Entry]:
        """What is in the journal, in the order of their time."""
        return self.book.between(PERSON, EVENING - 1000 * DAY, EVENING + 1000 * DAY)

    @property
    def only(self) -> Entry:
        """The one entry."""
        (entry,) = self.entries
        return entry

"""The journal at work: what somebody says is understood, written down, told to the engine, and answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from config.load import Configuration
from devices.events import JournalPressed, PromptAnswered
from devices.readings import Message, Reason, Rejection
from integration.hour_keeper import HourKeeper
from integration.scribe_events import Whence, advice_of, events_of
from integration.scribe_parts import (
    Bucket,
    Heard,
    Noted,
    Pending,
    Reply,
    Understood,
    advice,
    coarser,
    dated,
    is_in_danger,
    keys_of,
    part_of,
    untold_id,
)
from integration.scribe_writer import UNWRITTEN, Writer
from integration.spoken import Speaker
from integration.store.journal import JournalStore
from integration.voice_topics import Request, VoiceTopics
from journal.context import Home
from journal.desk import Visit
from journal.document import NotAnEntry, parse_entry
from journal.hearing import Ear
from journal.meaning import Meaning, Moment, Said
from journal.outcome import Outcome

LATE = timedelta(minutes=5)
"""What was said longer ago asks for nothing any more, and its time is not known to the minute."""
SPOKEN = frozenset({"text", "assist", "hermes", "cli"})
"""Channels on which a reply is heard."""
SILENT = frozenset({"button", "prompt", "notification"})
"""Channels on which nobody waits for a reply, and nobody else is to hear one."""
UNPROMISED, PROMISED = (60, 1.0), (5000, 0.1)
"""So many messages are taken from a person at once, and then so many a second: without a promise of delivery, and with
one. Each waits for the disk and stays there: who floods us must neither keep the room warm nor fill the disk."""
NOT_SAVED = "This is not saved yet: {why}. I keep trying."
NOT_KEPT = "This is not saved: {why}, and too much waits already. Say it again later."
TOO_MUCH = "Too much was sent at once. This is not saved."
NOT_USABLE = "I cannot use this: {field}. Nothing was saved."
NOT_READ = "The journal cannot be read now. What you tell me is kept."
OF_THE_HOME = frozenset({"why_fan", "room_now", "help"})
"""Questions that need no journal."""

HomeOf = Callable[[str, datetime, Mapping[str, float]], Home]
"""How a person's home is at a time, given the mean °C of the hours before."""


class Scribe:
    """The journal of a home. Time comes with what is heard."""

    def __init__(
        self, configuration: Configuration, ear: Callable[[], Ear], archive: JournalStore, home_of: HomeOf
    ) -> None:
        """``ear`` is asked for when the first sentence comes: it takes a while to load."""
        self._profiles, self._ear, self._home_of = configuration.profiles, ear, home_of
        self.topics = VoiceTopics(configuration.home, configuration.profiles)
        self.writer = Writer(archive)
        self.hours = HourKeeper(self._profiles, self.writer)
        self.outbox: list[Reply] = []
        self._buckets = {
            (person, promised): Bucket(*(PROMISED if promised else UNPROMISED))
            for person in self._profiles
            for promised in (True, False)
        }

    def message(self, message: Message, heard: Heard) -> Noted:
        """Take in a message on one of the topics."""
        request = self.topics.parse(message)
        if request is None:
            return Noted()
        if isinstance(request, Rejection):
            return Noted(rejections=[request])
        if not self._buckets[request.person, bool(heard.key)].takes(heard.at):
            if request.request_id and heard.key:  # who floods us without a promise is not answered as often
                self._answer(request, Outcome(says=TOO_MUCH), "too much")
            return Noted(rejections=[Rejection(reason=Reason.TOO_OFTEN, detail="too much was sent at once")])
        said_at = request.said_at if request.said_at is not None and request.said_at <= heard.at else None
        late = heard.at - said_at if said_at is not None else heard.late
        speaker = Speaker(person=request.person, profile=self._profiles[request.person])
        moment = speaker.moment(said_at or heard.at)
        meaning = self._meaning(request, moment)
        if isinstance(meaning, Rejection):
            self._answer(request, Outcome(says=NOT_USABLE.format(field=meaning.path)), "it cannot be used")
            return Noted(rejections=[meaning])
        for_others = request.only_known and meaning.purpose in ("note", "nothing")
        if for_others and not is_in_danger(message.topic, meaning.raw):
            return Noted()
        if said_at is None and late > LATE:
            meaning = replace(meaning, said=tuple(coarser(said, late) for said in meaning.said))
        elif said_at is not None:
            meaning = replace(meaning, said=tuple(dated(said, said_at) for said in meaning.said))
        return self._take(Understood(request, meaning, message.topic, late, said_at=said_at), heard)

    def pressed(self, event: JournalPressed, heard: Heard | None = None) -> Noted:
        """A button asked for something: "log spasm" or "undo"."""
        asked, _, symptom = event.asked.partition(" ")
        meaning = Meaning(purpose="change", raw="", op="undo")
        if asked == "log":
            meaning = Meaning(purpose="log", raw="", said=(Said(kind="symptom", what=symptom),))
        request = Request(person=event.person, channel="button")
        return self._take(Understood(request, meaning, event.source), part_of(heard, event, ""))

    def answered(self, event: PromptAnswered, prompt: str, heard: Heard | None = None) -> Noted:
        """A prompt that asked for something was answered on a phone or by a button; the engine knows already."""
        meaning = Meaning(purpose="answer", raw="", rating=event.value)
        if prompt != "rating":
            meaning = replace(meaning, reply=event.answer)
        request = Request(person=event.person, channel="prompt")
        home = replace(self._home(event.person, event.at), offered=prompt)
        noted = self._take(Understood(request, meaning, event.source, home=home), part_of(heard, event, ".journal"))
        noted.events = [each for each in noted.events if not isinstance(each[1], PromptAnswered)]
        return noted

    def _meaning(self, request: Request, moment: Moment) -> Meaning | Rejection:
        if request.entry:
            entry = parse_entry(request.entry)
            if isinstance(entry, NotAnEntry):
                detail = f"the journal cannot use {entry.field}"
                return Rejection(reason=Reason.MISSING_FIELD, detail=detail, path=entry.field)
            return entry.meaning(moment.now)
        if request.intent:
            return self._ear().take(request.intent, request.slots, moment)
        return self._ear().hear(request.text, moment)

    def _take(self, said: Understood, heard: Heard) -> Noted:
        request, noted = said.request, Noted()
        profile = self._profiles[request.person]
        visit = Visit(
            person=request.person,
            profile=profile,
            now=heard.at,
            message=heard.id,
            channel=request.channel,
            said_at=said.said_at,
        )
        home = said.home or self._home(request.person, heard.at)
        keys = keys_of(request, heard)
        late = said.late > LATE
        pending = Pending(said.meaning, visit, keys, home, heard.key, said.source, late)
        try:
            outcome, why = self.writer.write(pending, heard), ""
        except UNWRITTEN as error:
            why = self.writer.cannot_write(error)
            outcome = self.writer.without_book(pending)
            if any(not flag.kept for flag in outcome.flags):
                why = ""  # there is nothing to save, and nothing that waits
            elif outcome.changes or said.meaning.purpose in ("log", "change", "note"):
                noted.unsaved = self.writer.wait(pending, outcome, heard)
                lead = NOT_SAVED if noted.unsaved else NOT_KEPT
                outcome = replace(outcome, says=" ".join([lead.format(why=why), *advice(outcome)]))
            elif said.meaning.purpose == "ask" and said.meaning.query not in OF_THE_HOME:
                outcome = Outcome(says=NOT_READ)
        if not heard.known:
            whence = Whence(request.person, heard.at, said.source, untold_id(heard, outcome))
            events = list(events_of(outcome.asks, whence, late=late))
            if late or request.channel not in SPOKEN:
                events += advice_of(outcome.flags, whence)
            noted.events = [(request.person, event) for event in events]
        self._answer(request, outcome, why or ("nothing was said" if said.meaning.purpose == "nothing" else ""))
        return noted

    def _answer(self, request: Request, outcome: Outcome, why: str) -> None:
        """``why``: it is not saved."""
        if request.channel in SILENT:
            return
        shown = [flag for flag in outcome.flags if flag.shown]
        tier = shown[0].tier if shown else ""
        self.outbox.append(
            Reply(
                person=request.person,
                request_id=request.request_id,
                session=request.session,
                text=outcome.says,
                saved=not why,
                flag=tier,
            )
        )

    def _home(self, person: str, now: datetime) -> Home:
        fact = f"{self._profiles[person].bedroom}.temperature"
        return self._home_of(person, now, self.hours.before(person, fact, now))

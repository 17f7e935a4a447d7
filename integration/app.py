"""The composition root: which real edges make up a running home."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import Protocol

from config.load import Configuration
from config.settings import Settings
from devices.actions import Action
from integration.assumed import State
from integration.clock import Clock, SystemClock
from integration.direct import DirectDevices
from integration.household import Household, Stepped
from integration.inbox import Inbox, note_leaving
from integration.journaling import attach_journal
from integration.lock import Lock
from integration.mqtt_edge import MqttEdge
from integration.printed import PrintedActions
from integration.published import StatePublisher
from integration.pulse import BEAT_S, SOON_S, remove_pulse, write_pulse
from integration.rulebooks import load_books
from integration.scheduler import Scheduler
from integration.scribe_parts import Reply, reply_document
from integration.sentences import load_ear
from integration.service import Service, Target
from integration.store import Keeper, Store, StoreError
from integration.store.journal import JournalStore
from integration.store.store import BUSY_S
from integration.topics import OUTGOING
from integration.voice_topics import HERMES_END, hermes_end

log = logging.getLogger("unclench")


class Part(Protocol):
    """What is started and stopped."""

    def start(self) -> None:
        """Begin, and return at once."""

    def stop(self) -> None:
        """Undo everything that ``start`` did."""

    @property
    def alive(self) -> bool:
        """Whether its thread still runs."""


class Worker(Part, Target, Protocol):
    """What carries out actions in its own time."""


@dataclass(slots=True)
class App:
    """A home at work, with everything that ``start`` started and ``stop`` ends."""

    configuration: Configuration
    service: Service
    mqtt: MqttEdge
    parts: list[Part]  # in the order of starting
    store: Store
    journal: JournalStore
    publisher: StatePublisher
    inbox: Inbox
    clock: Clock
    data: Path
    lock: Lock
    _engine: threading.Thread | None = None
    _stop: threading.Event | None = None

    def start(self) -> None:
        """Restore, then start the engine's thread, then the edges that feed it. Raises RunningAlreadyError."""
        self.lock.take()
        self.service.restore()
        self._stop = threading.Event()
        self._engine = threading.Thread(target=self.service.run, name="engine", daemon=True)
        self._engine.start()
        for part in self.parts:
            part.start()
        threading.Thread(target=load_ear, name="ear", daemon=True).start()  # the first sentence need not wait for it

    def stop(self) -> None:
        """The edges first, the engine last, so that what they brought is kept."""
        for part in reversed(self.parts):
            part.stop()
        self.service.stop()
        if self._engine is not None:
            self._engine.join(timeout=10)
        self.store.close()
        self.journal.close()
        remove_pulse(self.data)
        self.lock.release()

    @property
    def alive(self) -> bool:
        """Whether every thread that matters still runs."""
        return self._engine is not None and self._engine.is_alive() and all(part.alive for part in self.parts)

    def beat(self) -> None:
        """One heartbeat."""
        now, looked = self.clock.now(), self.service.looked_at
        document = {
            "at": now.isoformat(),
            "loop_age_s": round((now - looked).total_seconds(), 1) if looked else None,
            "inbox": self.inbox.qsize(),
            "coalesced": self.inbox.coalesced,
            "mqtt": self.mqtt.connected,
            "home_assistant": self._home_assistant(),
            "unswitched": self.configuration.home.unswitched,
        }
        self.mqtt.publish(OUTGOING["health"].topic(), document)
        write_pulse(self.data, document)

    def _home_assistant(self) -> bool | None:
        """Whether Home Assistant is there; None in a home without one."""
        if self.configuration.home.home_assistant is None:
            return None
        return any(engine.peer_up for engine in self.service.household.engines.values())

    def run_until(self, stop: threading.Event) -> bool:
        """Beat until ``stop`` is set (True) or a thread has died (False): a supervisor then starts us again."""
        self.beat()
        waits = chain((SOON_S,), repeat(BEAT_S))  # soon once, when the peers have been found
        while not stop.wait(next(waits)):
            self.beat()
            if not self.alive:
                log.critical("a thread has died; ending, so that whoever started us starts us again")
                return False
        return True


def compose(
    configuration: Configuration,
    settings: Settings,
    *,
    clock: Clock | None = None,
    schedule: bool = True,
    watch: Callable[[list[Stepped]], None] = lambda _: None,
) -> App:
    """Choose the edges for a configuration. Starts nothing. Raises ConfigError for mistakes in the rules.

    ``watch`` is told of every round in the engine's thread, after the actions of the round were handed on.
    """
    clock = clock or SystemClock()
    home = configuration.home
    household = Household(configuration, load_books(configuration))
    inbox = Inbox(household.levels)
    password = settings.mqtt_password.get_secret_value() if settings.mqtt_password else None
    mqtt = MqttEdge(home.mqtt, password, household.filters, inbox, clock)
    store, journal = Store(settings.data), JournalStore(settings.data, patience_s=BUSY_S)
    attach_journal(household, load_ear, journal)
    keeper = Keeper(store, mqtt)

    def last_states() -> dict[str, State]:
        """A database that cannot be read keeps nothing from starting."""
        try:
            return store.last_states()
        except (StoreError, sqlite3.Error, ValueError) as error:
            log.warning("how devices were is not known: %s", error)
            return {}

    parts: list[Part] = [keeper, mqtt]
    devices: Worker
    words: Worker
    if home.home_assistant is None:
        others = [entity for entity in household.devices if entity not in household.direct]
        some = bool(household.direct)
        printed = PrintedActions(others, inbox, clock, mqtt, last_states, others_are_switched=some)
        devices = words = printed
        parts.append(printed)
    else:
        from integration.home_assistant import Caller, StateWatcher, quiet_library_logs  # noqa: PLC0415 (0.7 s to import)

        quiet_library_logs()
        token = settings.ha_token.get_secret_value() if settings.ha_token else ""
        devices = Caller("devices", home.home_assistant, token, inbox, clock)
        leaving = partial(note_leaving, inbox)
        words = Caller("words", home.home_assistant, token, inbox, clock, leaving=leaving)
        parts += [devices, words, StateWatcher(home.home_assistant, token, household.entities, inbox, clock)]
    if schedule:
        parts.append(Scheduler(configuration.profiles, inbox, clock))
    publisher = StatePublisher(household, mqtt, clock, actions=home.home_assistant is not None)

    direct = DirectDevices(household.direct, mqtt, inbox, clock, last_states)

    def observe(stepped: list[Stepped]) -> datetime | None:
        moments = publisher.observe(stepped), direct.observe(stepped)
        watch(stepped)
        return min((moment for moment in moments if moment is not None), default=None)

    def target_of(action: Action) -> Target:
        if action.entity in household.direct:
            return direct
        return words if action.once else devices

    def reply(answer: Reply) -> None:
        """To whoever asked: the reply may name a symptom, and is never retained."""
        if answer.session:
            mqtt.send(HERMES_END, hermes_end(answer.session, answer.text))
        mqtt.publish(OUTGOING["reply"].topic(answer.person), reply_document(answer))

    service = Service(
        configuration,
        household,
        store,
        inbox,
        clock,
        keep=keeper.keep,
        let_go=mqtt.ack,
        target_of=target_of,
        observe=observe,
        reply=reply,
    )
    return App(
        configuration, service, mqtt, parts, store, journal, publisher, inbox, clock, settings.data, Lock(settings.data)
    )

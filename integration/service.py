"""The engine's thread: takes what the edges bring, lets the engines decide, keeps it on disk, then acts on it."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha1
from queue import Empty
from typing import Any, Protocol

from config.load import Configuration
from devices.actions import Action
from devices.events import (
    ActionReturned,
    Event,
    HoldChanged,
    PromptAnswered,
    RoutineDue,
    SelfReported,
    SymptomLogged,
)
from devices.readings import Message
from integration.clock import Clock
from integration.household import Household, Stepped
from integration.inbox import ActionSeen, Inbox, Item, Leaving, Nudge, PeerSeen, Received, RoutineSeen, StateSeen
from integration.journaling import Journaling
from integration.scribe_parts import Heard, Reply
from integration.store import DamagedError, Store, StoreError
from integration.store.events import event_to_json
from integration.store.rescue import open_whole, renew

log = logging.getLogger("unclench")

BATCH = 200
"""At most this many items share one transaction."""
SNAPSHOT_EVERY = timedelta(minutes=5)
SNAPSHOT_EVENTS = 10_000
PURGE_EVERY = timedelta(hours=6)
AWAY = timedelta(minutes=5)
"""Away for longer: what the broker held meanwhile says how it was, not how it is, and its routines are over."""
STALE_ARRIVES = timedelta(seconds=3)
"""How long after a sleep of the machine what comes may have lain in a buffer since before it."""
WAKES = timedelta(minutes=2)
"""How long after a sleep it may take until the broker's connection is found to be lost."""
UNSAID = timedelta(minutes=15)
"""Words that never left before a restart are given to the edge again; it drops what is too old by then."""
KEYS_KEPT = 2_000
"""So many messages are known again: more than the broker may send without an acknowledgement."""
EVENTS_LOOKED_AT = 10_000
"""How far back the events are searched for them at a start: a message may bring several events."""
NEW_SESSION = "new"
UNWRITTEN_KEPT = 20_000
"""So many events wait in memory while nothing can be written."""
SAID = (SelfReported, SymptomLogged, PromptAnswered, HoldChanged)
"""Nobody says it again."""
NOT_WRITABLE = (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)
"""The value's fault, and not the disk's."""
HELD = 5
"""At most this many messages stay unacknowledged while nothing can be written: brokers send only so many more."""
OPEN_EVERY = timedelta(minutes=1)
TELL_AFTER = timedelta(minutes=10)
"""Nothing could be written for this long: the person is told."""


class Target(Protocol):
    """Where actions go."""

    def put(self, person: str, action: Action) -> str | None:
        """Carry it out soon. What became of it, where that is known at once; else it comes to the inbox."""


@dataclass(slots=True)
class Ledger:
    """What a round has to write down, kept until it is on disk."""

    stepped: list[tuple[Stepped, str]] = field(default_factory=list)  # with the event's text
    fired: list[tuple[str, str, str, str]] = field(default_factory=list)
    recorded: list[Stepped] = field(default_factory=list)  # what their decisions and actions were
    results: list[tuple[str, str]] = field(default_factory=list)  # action, what became of it

    def add(self, stepped: list[tuple[Stepped, str]]) -> None:
        """Steps to write down. Of what cannot be written for long, some is given up: memory is bounded too."""
        self.stepped += stepped
        if len(self.stepped) > UNWRITTEN_KEPT:
            self.stepped = _worth_most(self.stepped)
        self.recorded += [step for step, _ in stepped if step.outcome.decisions or step.outcome.actions]
        del self.recorded[:-UNWRITTEN_KEPT]

    def write_memory(self, store: Store) -> None:
        """What a restart goes on from, inside the caller's transaction."""
        events = ((step.person, step.event, text) for step, text in self.stepped)
        for _ in self.stepped:
            if _is_written(store.add_events, events):  # else it goes on after the one that has no written form
                break
        for moment in self.fired:
            _is_written(store.fire, *moment)

    def write_record(self, store: Store) -> None:
        """What was decided and done, inside the caller's transaction."""
        for step in self.recorded:
            for decision in step.outcome.decisions:
                _is_written(store.add_decision, step.person, decision)
            for action in step.outcome.actions:
                _is_written(store.add_action, step.person, action)
        for action_id, result in self.results:
            _is_written(store.set_action, action_id, result)

    def memory_is_written(self) -> None:
        """It is on disk."""
        self.stepped, self.fired = [], []

    def record_is_written(self) -> None:
        """It is on disk."""
        self.recorded, self.results = [], []


def _worth_most(stepped: list[tuple[Stepped, str]]) -> list[tuple[Stepped, str]]:
    """As many as may be kept: the oldest of what is only measured goes first, what somebody said goes last."""
    surplus = len(stepped) - UNWRITTEN_KEPT
    kept = []
    for each in stepped:
        if surplus > 0 and not isinstance(each[0].event, SAID):
            surplus -= 1
        else:
            kept.append(each)
    return kept[-UNWRITTEN_KEPT:]


def _is_written(write: Callable[..., None], *values: Any) -> bool:  # noqa: ANN401 (of any table)
    """Whether it was written. What has no written form is left out, and costs no other row."""
    try:
        write(*values)
    except Exception as error:
        if isinstance(error, (sqlite3.Error, StoreError)) and not isinstance(error, NOT_WRITABLE):
            raise
        log.exception("something that cannot be written down is left out")
        return False
    return True


class Service:
    """One home at work. ``run`` is the body of the engine's thread, and the only one that touches the engines."""

    def __init__(  # noqa: PLR0913 (its edges)
        self,
        configuration: Configuration,
        household: Household,
        store: Store,
        inbox: Inbox,
        clock: Clock,
        *,
        keep: Callable[[list[Received]], None],
        let_go: Callable[[list[Received]], None] = lambda _: None,
        target_of: Callable[[Action], Target],
        observe: Callable[[list[Stepped]], datetime | None] = lambda _: None,
        reply: Callable[[Reply], None] = lambda _: None,
    ) -> None:
        self.household = household
        self._configuration, self._store, self._inbox, self._clock = configuration, store, inbox, clock
        self._keep, self._acknowledge, self._target_of, self._observe = keep, let_go, target_of, observe
        self._journal = Journaling(household, reply)
        self._stop = threading.Event()
        self._count = 0
        self._since_snapshot = 0
        self._next_snapshot: datetime | None = None
        self._next_purge: datetime | None = None
        self._observe_at: datetime | None = None
        self._store_broken = False
        self._broken_since: datetime | None = None
        self._broken_told = False
        self._next_open: datetime | None = None  # when a database that could not be opened is tried again
        self._recalled = False
        self._ledger = Ledger()
        self._unacked: list[Received] = []
        self._nudged: list[threading.Event] = []  # to be set at the end of the round
        self._fired: set[tuple[str, str, str]] = set()
        self._received: dict[str, None] = {}  # keys of the messages of this session, the oldest first
        self._away_since: datetime | None = None  # since when the broker could not reach us
        self._away = timedelta(0)  # how long that was, the last time
        self._timed = False  # whether the last wait had an end
        self._round_at: datetime | None = None  # when the last round began
        self._slept: tuple[datetime, datetime] | None = None  # the last time that the machine slept: from, until
        self._id_second, self._id_text = 0, ""
        self.looked_at: datetime | None = None  # when the loop last went round: proof of life
        self.handled = 0  # items done, with their actions handed on

    # -- start and stop

    def restore(self) -> None:
        """Pick up where the last run ended. A database that cannot be opened keeps nothing from starting."""
        now = self._clock.now()
        self._journal.open(now)
        recalled = self._recall(self._store) if self._open(now) else self._recall_by_reading()
        if recalled:
            self._away_since = max(engine.now for engine in self.household.engines.values())
        # Sight was lost when the last run ended. What came due since is then not sent to where nobody listens yet.
        lost = self._away_since or now
        for peer in ("home_assistant", "mqtt"):
            self._guarded(partial(self.household.peer, peer, lost, self._id(lost), up=False), "the start")
        if self._store.is_open:
            self._say_what_never_left(now)

    def _say_what_never_left(self, now: datetime) -> None:
        try:
            unsaid = self._store.unsaid(now - UNSAID)
        except sqlite3.Error as error:
            log.error("what was not said yet cannot be read: %s", error)  # noqa: TRY400 (said once, to a person)
            return
        for person, action in unsaid:
            self._target_of(action).put(person, action)

    def _open(self, now: datetime) -> bool:
        """Whether the database is open; without it everything goes on, and it is tried again now and then."""
        try:
            open_whole(self._store, now)
        except StoreError as error:
            self._next_open = now + OPEN_EVERY
            self._cannot_write(error)
            return False
        return True

    def _recall_by_reading(self) -> bool:
        """On a disk that cannot be written, what the last run wrote may still be read."""
        reader = Store(self._store.path.parent, read_only=True)
        try:
            reader.open()
        except StoreError:
            return False
        try:
            return self._recall(reader)
        finally:
            reader.close()

    def _recall(self, store: Store) -> bool:
        """The snapshot, then every event that came after it. Returns whether there was anything."""
        folded = 0
        try:
            snapshot = store.snapshot()
            if snapshot is not None:
                self.household.restore(snapshot)
                self._tell_of_orphans(snapshot)
        except Exception:
            log.exception("what was remembered cannot be read; starting anew, with what has been noted since")
            snapshot = None
        try:
            folded = sum(self._fold(person, event) for person, event in store.events_since_snapshot())
            self._fired |= store.fired()
            self._received = dict.fromkeys([*_keys(store.latest_ids(EVENTS_LOOKED_AT)), *self._received])
        except sqlite3.Error as error:
            log.error("not all that was remembered can be read: %s", error)  # noqa: TRY400 (said once, to a person)
        self._recalled = True
        found = snapshot is not None or folded > 0
        if found:
            log.info("memory restored, %d events since the last snapshot", folded)
        return found

    def _fold(self, person: str, event: Event) -> bool:
        """Take in an event of the last run again; one that raises must not keep every start from succeeding."""
        if person not in self.household.engines:
            return False
        try:
            self.household.event(person, event)
        except Exception:
            log.exception("a fault while remembering an event of the kind %s; it is left out", event.kind)
            return False
        return True

    def _tell_of_orphans(self, snapshot: dict[str, Any]) -> None:
        """What we switched on and may no longer call: home.yaml has no word of it any more."""
        for person, memory in snapshot["engines"].items():
            for entity, device in memory.get("devices", {}).items():
                known = person in self.household.engines and entity in self.household.engines[person].world.devices
                if device.get("owned") and not known:
                    log.warning("%s was switched on and is no longer in home.yaml: switch it off by hand", entity)

    def stop(self) -> None:
        """End ``run`` soon."""
        self._stop.set()
        self._inbox.put(Nudge())

    def run(self) -> None:
        """Work until ``stop``. Nothing that an item holds can end it."""
        while not self._stop.is_set():
            self._work(self._wait())
        self._save(self._clock.now())

    def _wait(self) -> list[Item]:
        self.looked_at = self._clock.now()
        times = (self.household.wake_at, self._next_snapshot, self._next_purge, self._observe_at)
        dues = [due for due in times if due is not None]
        wait = self._clock.seconds_until(min(dues)) if dues else 5.0
        self._timed = wait is not None
        try:
            items = [self._inbox.get(timeout=min(wait, 5.0) if wait is not None else None)]
        except Empty:
            return []
        while len(items) < BATCH:
            try:
                items.append(self._inbox.get_nowait())
            except Empty:
                break
        return items

    # -- one round

    def _work(self, items: list[Item]) -> None:
        now = self._clock.now()
        self._look_for_sleep(now)
        stepped = self._guarded(lambda: self.household.set_back(now, self._id(now)) or [], "a clock that was set back")
        if stepped:  # days that the clock was ahead of are still to come
            self._fired = {moment for moment in self._fired if moment[2] <= now.date().isoformat()}
        stepped += [step for item in items for step in self._take(_not_ahead(item, now))]
        stepped += self._guarded(lambda: self.household.pass_time(now, self._id(now)), "the passing of time")
        if self._store_broken or self._broken_told:
            stepped += self._guarded(lambda: self._mind_the_store(now), "the care for the database")
        held = self._journal.holds
        self._unacked += [item for item in items if isinstance(item, Received) and item.ack and not held(item)]
        self._unacked += self._journal.look(now)
        stepped += self._guarded(lambda: self._journal.tell(now), "what the journal tells late")
        kept = self._write_memory()
        actions = [(step.person, action) for step in stepped for action in step.outcome.actions]
        self._hand_on(each for each in actions if not each[1].once)
        if kept:
            self._write_record()  # words must not be said twice: they wait for their record, commands do not
        self._hand_on(each for each in actions if each[1].once)
        if kept:
            self._keep(self._unacked)
            self._unacked = []
        else:
            self._let_go()
        self._since_snapshot += len(stepped)
        try:
            self._observe_at = self._observe(stepped)
        except Exception:
            self._observe_at = None
            log.exception("a fault while publishing; the next round publishes again")
        self.handled += len(items)
        for event in self._nudged:
            event.set()
        self._nudged.clear()
        self._keep_house(now)

    def _write_memory(self) -> bool:
        """Whether everything that a restart goes on from is written."""
        ledger = self._ledger
        if ledger.stepped or ledger.fired or self._store_broken:
            if not self._write(ledger.write_memory):
                return False
            ledger.memory_is_written()
        return True

    def _write_record(self) -> None:
        ledger = self._ledger
        if (ledger.recorded or ledger.results) and self._write(ledger.write_record):
            ledger.record_is_written()

    def _hand_on(self, actions: Iterable[tuple[str, Action]]) -> None:
        """Each action to whoever carries it out."""
        for person, action in actions:
            result = self._target_of(action).put(person, action)
            if result is not None:
                self._ledger.results.append((action.id, result))
            log.info("%s %s for %s", action.service, action.entity or "", person)

    def _take(self, item: Item) -> list[Stepped]:
        """One item's steps. A fault in them is logged with the item's kind and costs this item only (R16)."""
        self._count += 1
        return self._guarded(lambda: self._step(item), type(item).__name__)

    def _guarded(self, steps: Callable[[], list[Stepped]], what: str) -> list[Stepped]:
        """Steps that can also be written down. What raises, or has no written form, must not be met again for ever."""
        try:
            stepped = steps()
            written = [(step, event_to_json(step.event)) for step in stepped]
        except Exception:
            log.exception("a fault while handling %s number %d; it is left out", what, self._count)
            return []
        self._ledger.add(written)
        for step in stepped:
            if step.outcome.rejections:
                self._log_rejections(step.event.source, [each.reason.value for each in step.outcome.rejections])
        return stepped

    def _step(self, item: Item) -> list[Stepped]:  # noqa: PLR0911 (one return for each kind)
        household = self.household
        match item:
            case Received():
                return self._message(item)
            case StateSeen():
                stepped, rejections = household.state(
                    item.entity, item.state, item.attributes, item.at, self._id(item.at), by_person=item.by_person
                )
                self._log_rejections(item.entity, [each.reason.value for each in rejections])
                return stepped
            case PeerSeen():
                self._note_broker(item)
                mark = NEW_SESSION if item.new_session else ""
                return household.peer(item.peer, item.at, self._id(item.at, mark), up=item.up)
            case ActionSeen():
                self._ledger.results.append((item.action, item.result))
                event = ActionReturned(
                    at=item.at,
                    source="actions",
                    id=self._id(item.at),
                    action=item.action,
                    result=item.result,
                    reason=item.reason,
                )
                return [household.event(item.person, event)]
            case Leaving():
                self._ledger.results.append((item.action, "leaving"))
                self._nudged.append(item.noted)
                return []
            case RoutineSeen():
                return self._routine(item)
            case Nudge(handled) if handled is not None:
                self._nudged.append(handled)
                return []
            case _:
                return []

    def _message(self, item: Received) -> list[Stepped]:
        key = _key(item) if item.ack else ""
        is_new = not key or self._is_new(key, item)
        if not is_new and not self._journal.takes(item.message.topic):
            return []
        lay_about = self._slept is not None and timedelta(0) <= item.at - self._slept[1] < STALE_ARRIVES
        stale = lay_about or (item.queued and self._away > AWAY)
        event_id = self._id(item.at, key)
        late = self._slept[1] - self._slept[0] if lay_about and self._slept else self._away if stale else timedelta(0)
        heard = Heard(at=item.at, id=event_id, key=key, repeated=item.repeated, known=not is_new, late=late)
        stepped, rejections = self.household.message(item.message, item.at, event_id, unsure=stale, heard=heard)
        self._journal.hold(item, heard)
        self._log_rejections(item.message.topic, [each.reason.value for each in rejections])
        return stepped

    def _note_broker(self, item: PeerSeen) -> None:
        """How long we were away from the broker: what it held for us is then news or not."""
        if item.peer != "mqtt":
            return
        if item.new_session:
            self._received.clear()  # its packet ids begin anew, and nothing of the old one can come again
            self._journal.new_session(item.at)
        if item.up:
            self._away = item.at - self._away_since if self._away_since is not None else timedelta(0)
            self._away_since = None
        else:
            slept = self._slept
            from_sleep = slept is not None and timedelta(0) <= item.at - slept[1] < WAKES
            self._away_since = self._away_since or (slept[0] if slept is not None and from_sleep else item.at)

    def _look_for_sleep(self, now: datetime) -> None:
        """We look every few seconds: a long gap means that the machine slept, or that its clock was put forward."""
        before, self._round_at = self._round_at, now
        if self._timed and before is not None and now - before > AWAY:
            self._slept = (before, now)
            minutes = round((now - before).total_seconds() / 60)
            log.warning("nothing ran for %d minutes: the machine slept, or its clock was put forward", minutes)

    def _is_ours(self, message: Message) -> bool:
        return message.topic.startswith(self._configuration.home.mqtt.prefix + "/")

    def _is_new(self, key: str, item: Received) -> bool:
        """The broker delivers at least once: a repeated packet with the same content was kept before (R17)."""
        if item.repeated and key in self._received:
            return False
        self._received[key] = None
        if len(self._received) > KEYS_KEPT:
            del self._received[next(iter(self._received))]
        return True

    def _routine(self, item: RoutineSeen) -> list[Stepped]:
        """A routine's moment: once a day, and not when its grace time has passed (R15)."""
        routine = self._configuration.profiles[item.person].all_routines()[item.routine]
        moment, late = (item.person, item.routine, item.day.isoformat()), item.at - item.due > routine.grace
        if moment in self._fired:
            return []
        handed_on = not late or bool(routine.steps)  # a routine of steps says itself what came too late
        if handed_on:  # what was missed by a clock that was ahead may still come
            self._fired.add(moment)
        self._ledger.fired.append((*moment, "due" if handed_on else "missed"))
        if not handed_on:
            log.debug("routine %s of %s was due at %s and is left out: too late", item.routine, item.person, item.due)
            return []
        event = RoutineDue(
            at=item.at,
            source="clock",
            id=f"{item.routine}-{item.day}",
            person=item.person,
            routine=item.routine,
            day=item.day.isoformat(),
        )
        return [self.household.event(item.person, event)]

    def _log_rejections(self, source: str, reasons: Iterable[str]) -> None:
        """The first of its kind, and then ever fewer: a broken sensor must not fill the disk."""
        for reason in reasons:
            shown = self._loggable(source)
            count = self.household.intake.rejected[self.household.intake.counted(source), reason]
            if count & (count - 1) == 0:
                log.warning("%s: not believed (%s), %d so far", shown, reason, count)

    def _loggable(self, source: str) -> str:
        """A topic without what the person said in it: the name of a report tells how they are (R27)."""
        prefix = self._configuration.home.mqtt.prefix + "/"
        head, _, last = source.rpartition("/")
        return f"{head}/..." if source.startswith(prefix) and last else source

    def _id(self, at: datetime, mark: str = "") -> str:
        """An event's id: unique over restarts, and readable; ``mark`` is how its message is known again."""
        second = int(at.timestamp())
        if second != self._id_second:
            self._id_second, self._id_text = second, f"{at:%Y%m%dT%H%M%S}"
        return f"{self._id_text}-{self._count}{'-' if mark else ''}{mark}"

    # -- the store's own care

    def _write(self, write: Callable[[Store], None]) -> bool:
        """Whether it is on disk. When it cannot be, cooling goes on, and it is tried again with the next round."""
        try:
            with self._store.transaction():
                write(self._store)
        except DamagedError as error:
            self._begin_anew(error)
            return False
        except StoreError as error:
            self._cannot_write(error)
            return False
        except Exception:
            log.exception("something that cannot be written down is left out")
        if self._store_broken:
            log.info("the database can be written again")
        self._store_broken, self._broken_since = False, None
        return True

    def _cannot_write(self, error: StoreError) -> None:
        """Said once."""
        if not self._store_broken:
            log.error("%s. Cooling goes on; what happens is kept in memory, and what you say at the broker.", error)
            self._store_broken, self._broken_since = True, self._clock.now()

    def _begin_anew(self, damage: DamagedError) -> None:
        """A new database for the damaged one; the next round writes into it, and soon the memory as a whole."""
        now = self._clock.now()
        try:
            renew(self._store, now, damage)
            self._store_broken, self._broken_since = True, now
        except StoreError as error:
            self._cannot_write(error)
            self._next_open = now + OPEN_EVERY
        self._next_snapshot, self._since_snapshot = now, self._since_snapshot + 1

    def _let_go(self) -> None:
        """Acknowledge all but a few, readings first; what somebody said stays with the broker the longest.

        A broker sends only so many that are not acknowledged (mosquitto: 20), and then nothing: a full disk must not
        make us blind.
        """
        surplus = len(self._unacked) - HELD
        if surplus <= 0:
            return
        by_worth = sorted(self._unacked, key=lambda item: self._is_ours(item.message))  # stable: the oldest first
        self._acknowledge(by_worth[:surplus])
        gone = set(map(id, by_worth[:surplus]))
        self._unacked = [item for item in self._unacked if id(item) not in gone]

    def _mind_the_store(self, now: datetime) -> list[Stepped]:
        """Try a closed database again; tell of a long trouble, and of its end."""
        tried_at = self._next_open
        if not self._store.is_open and (tried_at is None or not now < tried_at <= now + OPEN_EVERY) and self._open(now):
            self._remember_late()
        since = self._broken_since
        lasts = since is not None and now - since > TELL_AFTER
        if lasts and not self._broken_told:
            self._broken_told = True
            return self.household.peer("memory", now, self._id(now), up=False)
        if since is None and self._broken_told:
            self._broken_told = False
            return self.household.peer("memory", now, self._id(now), up=True)
        return []

    def _remember_late(self) -> None:
        """The database could be opened at last: the last run's memory, then what was lived through since."""
        lived = list(self._ledger.stepped)
        if self._recalled or len(lived) >= UNWRITTEN_KEPT:
            return
        self._recall(self._store)
        for step, _ in lived:
            self._fold(step.person, step.event)

    def _keep_house(self, now: datetime) -> None:
        ahead = self._next_purge is not None and self._next_purge > now + PURGE_EVERY  # the clock was set back
        if self._next_snapshot is None or self._next_purge is None or ahead:
            self._next_snapshot, self._next_purge = now + SNAPSHOT_EVERY, now + PURGE_EVERY
        if self._since_snapshot >= SNAPSHOT_EVENTS or (now >= self._next_snapshot and self._since_snapshot):
            self._save(now)
        elif now >= self._next_snapshot:
            self._next_snapshot = now + SNAPSHOT_EVERY
        if now >= self._next_purge:
            self._next_purge = now + PURGE_EVERY
            kept_since = (now - self._configuration.home.keep_events).date().isoformat()
            self._fired = {moment for moment in self._fired if moment[2] >= kept_since}
            self._write(lambda store: store.purge(now, self._configuration.home.keep_events))

    def _save(self, now: datetime) -> None:
        self._next_snapshot, self._since_snapshot = now + SNAPSHOT_EVERY, 0
        if not self._store_broken:
            self._write(lambda store: store.save_snapshot(self.household.snapshot()))
            self._write(Store.make_room)


def _not_ahead(item: Item, now: datetime) -> Item:
    """An item that was stamped before the clock was set back happened now."""
    return item if isinstance(item, Nudge | Leaving) or item.at <= now else replace(item, at=now)


def _key(item: Received) -> str:
    """How a message is known again: its packet id, and what it says. It stands in the ids of its events."""
    digest = sha1(item.message.topic.encode() + b"\0" + item.message.payload, usedforsecurity=False)
    return f"{item.ack}x{digest.hexdigest()[:12]}"


def _keys(latest_ids: Iterable[str]) -> list[str]:
    """The keys in the ids of events, which come the latest first: those of this session, the oldest first."""
    keys: dict[str, None] = {}
    for event_id in latest_ids:
        _, _, mark = event_id.partition(".")[0].partition("-")[2].partition("-")
        if mark == NEW_SESSION or len(keys) == KEYS_KEPT:
            break
        if mark:
            keys[mark] = None
    return list(reversed(keys))

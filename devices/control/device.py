"""One device: what is wanted of it, what it reports, and the single next call between the two.

Commands are confirmed by the reported state alone (an answer of 200 proves nothing), go out one at a time, are repeated
with backoff at most ``ATTEMPTS`` times, and never flip the power within the dwell time. A change that is not ours is the
person's and is left alone for a time (R8-R13).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devices.actions import Action
from devices.control.kinds import Call, Cannot, State, kind_of, same
from devices.events import ActionReturned, DeviceReported

ATTEMPTS = 3
BACKOFF = timedelta(seconds=5)
"""Before the second attempt; doubles with each further one."""
SETTLE = timedelta(seconds=10)
"""After a confirmed command, reports of what was before are echoes, and attributes that change with it side effects."""
LATE = timedelta(minutes=5)
"""A command that was not confirmed may still be obeyed so late, and is then not a person's hand."""
TRY_AGAIN = timedelta(minutes=30)
"""After giving up: the person is asleep and cannot restart anything, so it is tried again, without telling twice."""
EXPIRY = timedelta(seconds=60)
"""A command that could not be sent by then is not sent late; the reconciliation makes a new one."""

HOLDS_ALL = frozenset({"power", "mode"})
"""A hand on one of these leaves the whole device alone; on any other attribute, that attribute."""


@dataclass(slots=True)
class Pending:
    """A command that is on its way."""

    action: str
    expects: State
    before: State
    deadline: datetime


@dataclass(slots=True)
class Memory:
    """All that a device's controller remembers: plain data, for the snapshot."""

    reported: State | None = None
    attributes: dict[str, object] = field(default_factory=dict)
    available: bool | None = None  # None: never heard of
    seen_at: datetime | None = None
    wanted: State | None = None
    owned: bool = False  # we switched it on, so we may switch it off
    borrowed: State | None = None  # it was on already: what to give back
    pending: Pending | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    told: bool = False  # the person knows that it does not follow
    holds: dict[str, datetime] = field(default_factory=dict)  # attribute -> left alone until
    changed_at: datetime | None = None  # last confirmed change of the power
    flip_sent_at: datetime | None = None  # last command that flips the power and was not refuted
    commanded: State = field(default_factory=dict)  # what our last commands asked for, while echoes may still come
    commanded_from: State = field(default_factory=dict)  # and what was before them
    settle_until: datetime | None = None  # how long echoes may come
    fading_until: datetime | None = None  # a fade reports all the way
    side_effects_until: datetime | None = None
    doubt_until: datetime | None = None  # a report contradicts us, and may be a late echo
    blocked: str = ""  # why the last look did nothing
    insisted: bool = False  # the person switched it on again after a safety stop
    safety: bool = False  # the aim is a bound of the profile, above a person's hand
    why: str = ""  # the reason of the aim, for the person
    causes: tuple[str, ...] = ()  # ids of the events behind it


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth recording about a device; ``tell``: the person must know."""

    subject: str
    text: str
    tell: bool = False


@dataclass(slots=True)
class Step:
    """What a look at the device brought."""

    action: Action | None = None
    notes: list[Note] = field(default_factory=list)
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """What never changes about a device."""

    entity: str
    name: str
    hands_off: timedelta
    min_run: timedelta = timedelta(0)
    min_pause: timedelta = timedelta(0)
    always_respect: bool = True  # a hand counts even while no rule steers the device (not for lamps: they are in daily use)


class Device:
    """The reconciliation of one device. Pure: every method takes the time it is."""

    def __init__(self, spec: Spec, clock: Callable[[datetime], str]) -> None:
        self.spec = spec
        self.kind = kind_of(spec.entity)
        self.memory = Memory()
        self._clock = clock

    # -- what is wanted

    def aim(self, wanted: State | None, why: str, causes: tuple[str, ...] = (), *, safety: bool = False) -> None:
        """Want a state of the device, or (None) nothing. ``safety``: a bound of the profile, above a person's hand."""
        if wanted != self.memory.wanted:
            self.memory.wanted = wanted
            self.memory.attempts, self.memory.retry_at, self.memory.told = 0, None, False
            self.memory.causes = causes
        self.memory.why, self.memory.safety = why, safety

    @property
    def on(self) -> bool:
        """Whether the device reports that it is on."""
        return bool(self.memory.reported and self.memory.reported.get("power"))

    def release(self, why: str, causes: tuple[str, ...], now: datetime) -> None:
        """Stop steering: what we switched on goes off, what was on before gets its state back, the rest is left alone."""
        memory = self.memory
        settled = memory.settle_until is None or now > memory.settle_until
        if memory.owned and memory.available and not self.on and memory.pending is None and settled:
            memory.owned = False  # it never came on, and will not any more
        if memory.borrowed is not None and memory.pending is None and self._is_as(memory.borrowed):
            memory.borrowed = None
        self.aim({"power": False} if memory.owned else memory.borrowed, why, causes)

    def _is_as(self, state: State) -> bool:
        reported = self.memory.reported or {}
        return all(same(name, reported.get(name), value) for name, value in state.items())

    @property
    def usable(self) -> bool:
        """Whether it can be steered now: it is there, and no hand is on it."""
        return self.memory.available is True and not (HOLDS_ALL & self.memory.holds.keys())

    # -- what is reported

    def report(self, event: DeviceReported) -> list[Note]:
        """Take in a report; returns what is worth recording."""
        memory, now = self.memory, event.at
        reported = self.kind.read(event.state, event.attributes)
        if reported is None:
            return self._gone(now)
        memory.attributes, memory.seen_at = event.attributes, now
        before, was_there = memory.reported, memory.available is True
        memory.reported, memory.available = reported, True
        if before is None or not was_there:
            return self._back(before, reported, now)
        changed = {name for name in reported if name in before and not same(name, before[name], reported[name])}
        if not changed:
            return []
        if "power" in changed:
            memory.changed_at = now
        notes = self._confirm(reported, now)
        foreign = {name for name in changed if self._is_foreign(name, before, reported, event)}
        return notes + (self._hand(foreign, now) if foreign else [])

    def _gone(self, now: datetime) -> list[Note]:
        memory = self.memory
        was_there, memory.available, memory.pending = memory.available is True, False, None
        memory.seen_at = now
        return [Note(self.spec.entity, f"{self.spec.name} is not available")] if was_there else []

    def _back(self, before: State | None, reported: State, now: datetime) -> list[Note]:
        """The first report, or the first after a gap: never taken for a person's hand, and tried again at once."""
        memory = self.memory
        memory.attempts, memory.retry_at, memory.doubt_until = 0, None, None
        if before is None:
            return []
        if before.get("power") != reported.get("power"):
            memory.changed_at = now
        return [Note(self.spec.entity, f"{self.spec.name} is available again: {self.kind.describe(reported)}")]

    def _confirm(self, reported: State, now: datetime) -> list[Note]:
        memory, pending = self.memory, self.memory.pending
        if pending is None or not self._is_as(pending.expects):
            return []
        memory.pending, memory.attempts, memory.retry_at, memory.doubt_until = None, 0, None, None
        memory.side_effects_until = now + SETTLE
        memory.settle_until = max(now + SETTLE, memory.fading_until or now)
        if pending.expects.get("power") is False:
            memory.owned = False
        told, memory.told = memory.told, False
        notes = [Note(self.spec.entity, f"{self.spec.name} reports {self.kind.describe(reported)}")]
        return [*notes, Note(self.spec.entity, f"{self.spec.name} works again", tell=True)] if told else notes

    def _is_foreign(self, name: str, before: State, reported: State, event: DeviceReported) -> bool:
        """Whether a changed attribute was changed by somebody else than us."""
        memory, value = self.memory, reported[name]
        wanted = memory.wanted or {}
        if name in wanted and same(name, value, wanted[name]):
            return False
        if event.by_person:
            return True
        if memory.settle_until is None or event.at > memory.settle_until:
            return True
        if name not in memory.commanded:
            # An air conditioner brings its own setpoint along with a mode: a side effect, no hand.
            return name in HOLDS_ALL or memory.side_effects_until is None or event.at > memory.side_effects_until
        if _towards(name, memory.commanded_from.get(name), value, memory.commanded[name]):
            return False
        if value == memory.commanded_from.get(name):  # a late echo, perhaps: see how it stands when all is settled
            memory.doubt_until = memory.settle_until
            return False
        return True

    def _hand(self, foreign: set[str], now: datetime) -> list[Note]:
        memory = self.memory
        if memory.wanted is None and not self.spec.always_respect:
            return []
        until = now + self.spec.hands_off
        memory.pending, memory.doubt_until = None, None
        memory.holds.update(dict.fromkeys(foreign, until))
        memory.borrowed = None
        if "power" in foreign:
            memory.owned = False
            memory.insisted = self.memory.safety and self.on
        state = self.kind.describe(memory.reported or {})
        text = f"{self.spec.name} was changed by hand ({state}); it is left alone until {self._clock(until)}"
        return [Note(self.spec.entity, text)]

    def lost_sight(self) -> None:
        """The way to the device is gone: what it reports next may have any cause, and is not a hand."""
        memory = self.memory
        memory.available, memory.pending, memory.doubt_until = None, None, None
        memory.attempts, memory.retry_at = 0, None

    def hold(self, until: datetime | None, now: datetime) -> list[Note]:
        """The person set how long the device is left alone; None ends it."""
        if until is None or until <= now:
            self.memory.holds.clear()
            return [Note(self.spec.entity, f"{self.spec.name} is steered again, as you asked")]
        self.memory.holds = dict.fromkeys(self.memory.holds or {"power": until}, until)
        return [Note(self.spec.entity, f"{self.spec.name} is left alone until {self._clock(until)}, as you asked")]

    def returned(self, event: ActionReturned) -> list[Note]:
        """The edge's word on our command. Only a failure says anything."""
        memory = self.memory
        if memory.pending is None or memory.pending.action != event.action or event.result == "sent":
            return []
        flipped = "power" in memory.pending.expects
        memory.pending = None
        if flipped:
            memory.flip_sent_at = None  # it never left: the dwell time must not start (R9)
        if event.result == "refused":
            return self._failed(event.at, f"Home Assistant refused it: {event.reason}" if event.reason else "Home Assistant refused it")
        memory.retry_at = event.at + BACKOFF
        return []

    # -- the next call

    def reconcile(self, now: datetime, *, peer_up: bool, mint: Callable[[], str]) -> Step:
        """The next call, if one is due, and when to look again."""
        step, memory = Step(), self.memory
        self._end_holds(now, step)
        if memory.wanted is None:
            memory.pending, memory.blocked = None, ""
            self._look_at_holds(step)
            return step
        if self._waiting(now, step, peer_up=peer_up):
            return step
        wanted = {name: value for name, value in memory.wanted.items() if self.memory.safety or name not in memory.holds}
        call = self.kind.call(self.spec.entity, wanted, memory.reported or {}, memory.attributes)
        if call is None:
            memory.attempts, memory.retry_at = 0, None
            self._block("", step)
            self._look_at_holds(step)
        elif isinstance(call, Cannot):
            self._block(f"{self.spec.name} cannot do it: {call.reason}", step, tell=True)
        elif (until := self._dwell_until(call)) is not None and now < until:
            self._block(f"{self.spec.name} waits until {self._clock(until)}, to spare it from switching too often", step)
            step.due = until
        else:
            self._send(call, now, step, mint())
        return step

    def _waiting(self, now: datetime, step: Step, *, peer_up: bool) -> bool:
        """Whether there is nothing to send now; says why, and when to look again."""
        memory = self.memory
        if not peer_up or memory.available is not True:
            what = "Home Assistant is away" if not peer_up else f"{self.spec.name} is not available"
            self._block(what if memory.available is not None or not peer_up else f"{self.spec.name} has not been heard yet", step)
            return True
        if memory.pending is not None:
            if now < memory.pending.deadline:
                step.due = memory.pending.deadline
                return True
            memory.pending = None
            step.notes += self._failed(now, "it did not follow")
        if memory.doubt_until is not None:
            if now < memory.doubt_until:
                step.due = memory.doubt_until
                return True
            memory.doubt_until = None
            if self._contradicts():
                step.notes += self._hand({"power"}, now)
        if memory.retry_at is not None and now < memory.retry_at:
            step.due = memory.retry_at
            return True
        if HOLDS_ALL & memory.holds.keys() and (not self.memory.safety or memory.insisted):
            until = max(memory.holds[name] for name in HOLDS_ALL & memory.holds.keys())
            self._block(f"{self.spec.name} was changed by hand and is left alone until {self._clock(until)}", step)
            step.due = until
            return True
        return False

    def _contradicts(self) -> bool:
        wanted, reported = self.memory.wanted or {}, self.memory.reported or {}
        return any(name in wanted and wanted[name] != reported.get(name) for name in HOLDS_ALL)

    def _send(self, call: Call, now: datetime, step: Step, action_id: str) -> None:
        memory = self.memory
        transition = timedelta(seconds=float(str(call.data.get("transition", 0))))
        before = dict(memory.reported or {})
        memory.pending = Pending(action_id, call.expects, before, now + self.kind.confirm_within + transition)
        if memory.settle_until is None or now > memory.settle_until:
            memory.commanded, memory.commanded_from, memory.settle_until = {}, {}, None
        for name, value in call.expects.items():
            memory.commanded_from[name] = before.get(name, value)
            memory.commanded[name] = value
        memory.fading_until = now + transition
        memory.settle_until, memory.side_effects_until = now + transition + LATE, now + SETTLE
        memory.retry_at = None
        if "power" in call.expects and call.expects["power"] != (memory.reported or {}).get("power"):
            memory.flip_sent_at = now
            # Before it is confirmed: if we die now, the device must still be ours to switch off (R7).
            memory.owned = memory.owned or bool(call.expects["power"])
        elif self.on and not memory.owned and memory.borrowed is None:
            memory.borrowed = before
        memory.blocked = ""
        reason = self.memory.why if not memory.attempts else f"{self.memory.why} (try {memory.attempts + 1} of {ATTEMPTS})"
        step.action = Action(
            id=action_id,
            at=now,
            expires_at=now + EXPIRY,
            service=call.service,
            entity=self.spec.entity,
            data={key: value for key, value in call.data.items() if key != "entity_id"},
            reason=reason,
            causes=self.memory.causes,
        )
        step.due = memory.pending.deadline

    def _failed(self, now: datetime, what: str) -> list[Note]:
        memory = self.memory
        memory.attempts += 1
        if memory.attempts < ATTEMPTS:
            memory.retry_at = now + BACKOFF * 2 ** (memory.attempts - 1)
            return [Note(self.spec.entity, f"{self.spec.name}: {what}; trying again")]
        memory.attempts, memory.retry_at = 0, now + TRY_AGAIN
        tell, memory.told = not memory.told, True
        text = f"{self.spec.name} does not answer. I tried {ATTEMPTS} times, and try again at {self._clock(memory.retry_at)}."
        return [Note(self.spec.entity, f"{text} ({what})" if not tell else text, tell=tell)]

    def _dwell_until(self, call: Call) -> datetime | None:
        """Until when the power must not be flipped: counted from the last confirmed change, or from a flip under way."""
        memory = self.memory
        power_now = (memory.reported or {}).get("power")
        if call.expects.get("power", power_now) == power_now:
            return None
        marks = [at for at in (memory.changed_at, memory.flip_sent_at) if at is not None]
        return max(marks) + (self.spec.min_run if power_now else self.spec.min_pause) if marks else None

    def _end_holds(self, now: datetime, step: Step) -> None:
        over = [name for name, until in self.memory.holds.items() if now >= until]
        for name in over:
            del self.memory.holds[name]
        if over and not self.memory.holds:
            self.memory.insisted = False
            step.notes.append(Note(self.spec.entity, f"{self.spec.name} is steered again: the time since your hand on it is over"))

    def _look_at_holds(self, step: Step) -> None:
        if self.memory.holds:
            step.due = min(self.memory.holds.values())

    def _block(self, why: str, step: Step, *, tell: bool = False) -> None:
        if why != self.memory.blocked:
            self.memory.blocked = why
            if why:
                step.notes.append(Note(self.spec.entity, why, tell=tell))


def _towards(name: str, before: object, value: object, expected: object) -> bool:
    """Whether a value is the expected one, or lies on the way to it from the one before."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value == expected
    if not isinstance(before, (int, float)) or not isinstance(expected, (int, float)):
        return False
    return same(name, value, expected) or min(before, expected) <= value <= max(before, expected)

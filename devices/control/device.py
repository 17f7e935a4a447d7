"""One device: what is wanted of it, what it reports, and the single next call between the two.

Commands are confirmed by the reported state alone (an answer of 200 proves nothing), go out one at a time, are repeated
with backoff at most ``ATTEMPTS`` times, and never flip the power within the dwell time. A change that is not ours is
the person's and is left alone for a time (R8-R13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from devices.actions import Action
from devices.control.climate import may_heat
from devices.control.hands import HOLDS_ALL, by_hand, still_taken_back
from devices.control.kind import Call, Cannot, State, number, same
from devices.control.kinds import kind_of
from devices.control.memory import Memory, News, Note, Pending, Spec, Speech, Step
from devices.events import ActionReturned, DeviceReported

ATTEMPTS = 3
BACKOFF = timedelta(seconds=5)
"""Before the second attempt; doubles with each further one."""
LONGEST_BACKOFF = timedelta(minutes=5)
"""Between commands that could not even be delivered."""
LATE = timedelta(minutes=5)
"""A command that was not confirmed may still be obeyed so late, and is then not a person's hand."""
TRY_AGAIN = timedelta(minutes=30)
"""After giving up: the person is asleep and cannot restart anything, so it is tried again, without telling twice."""
LONGEST_AT_A_BOUND = timedelta(minutes=15)
"""However long a device should run, at a bound of the profile it is switched off after this."""
MISSED_AFTER = timedelta(minutes=5)
"""So long a device that is wanted may be gone before the person is told."""
EXPIRY = timedelta(seconds=60)
"""A command that could not be sent by then is not sent late; the reconciliation makes a new one."""

SLEPT = timedelta(seconds=60)
"""A command whose time ran out so long ago was not looked at: the machine slept, or its clock was put forward."""

LAMP_LOOKS = frozenset({"brightness", "kelvin"})
GONE_TEXT = "is not available"
_SAID = {"temperature": "setpoint", "percentage": "speed", "brightness": "brightness", "kelvin": "colour"}


class Device:
    """The reconciliation of one device. Pure: every method takes the time it is."""

    def __init__(self, spec: Spec, speech: Speech) -> None:
        self.spec = spec
        self.kind = kind_of(spec.entity)
        self.memory = Memory()
        self._speech = speech

    # -- what is wanted

    def aim(self, wanted: State | None, why: str, causes: tuple[str, ...] = (), *, safety: bool = False) -> None:
        """Want a state of the device, or (None) nothing. ``safety``: a bound of the profile, above a person's hand."""
        memory = self.memory
        if wanted != memory.wanted:
            memory.wanted, memory.causes = wanted, causes
            memory.attempts, memory.misses, memory.retry_at, memory.fading_until = 0, 0, None, None
            if memory.pending is not None:
                memory.pending.supersede()
        memory.why, memory.safety = why, safety

    @property
    def on(self) -> bool:
        """Whether the device reports that it is on."""
        return bool(self.memory.reported and self.memory.reported.get("power"))

    def release(self, why: str, causes: tuple[str, ...], now: datetime) -> None:
        """Stop steering: what we switched on goes off, what was on before gets its state back; no more."""
        memory = self.memory
        if memory.available and not self.on and memory.pending is None:
            memory.borrowed = None  # what went off meanwhile is not switched on again
            self._disown(now, Step())
        if memory.borrowed is not None and memory.pending is None and self._was_never_changed(memory.borrowed, now):
            memory.borrowed = None
        self.aim({"power": False} if memory.owned else self._given_back(), why, causes)

    def _given_back(self) -> State | None:
        """What was on before gets its state back; what was heating goes off, as heat and cold must not alternate."""
        borrowed = self.memory.borrowed
        if borrowed is not None and "position" in borrowed:
            return {**borrowed, "power": False}  # no further up than it was
        if borrowed is None or not may_heat(borrowed):
            return borrowed
        return None if may_heat(self.memory.reported or {}) else {"power": False}

    def _disown(self, now: datetime, step: Step) -> None:
        """What never came on, and will not any more, is not ours."""
        memory = self.memory
        if memory.owned and not self.on:
            if memory.settle_until is not None and now < memory.settle_until:
                step.look_at(memory.settle_until)
            else:
                memory.owned = False

    def _was_never_changed(self, borrowed: State, now: datetime) -> bool:
        if not may_heat(borrowed):
            return self._is_as(borrowed)
        settled = self.memory.settle_until is None or now > self.memory.settle_until
        return settled and may_heat(self.memory.reported or {})

    def _is_as(self, state: State) -> bool:
        reported = self.memory.reported or {}
        return all(same(name, reported.get(name), value) for name, value in state.items())

    # -- what is reported

    def report(self, event: DeviceReported, now: datetime) -> list[Note]:
        """Take in a report; returns what is worth recording."""
        memory = self.memory
        self._give_time_again(now)
        memory.seen_at = now
        if event.state in self.kind.passing:
            return []
        reported = self.kind.read(event.state, event.attributes)
        if reported is None:
            return self._gone()
        memory.attributes = {name: value for name, value in event.attributes.items() if name in self.kind.reads}
        before, was_there = memory.reported, memory.available is True
        memory.reported, memory.available = reported, True
        notes = self._there_again()
        if before is None:
            return notes
        if before.get("power") != reported.get("power") or may_heat(before) != may_heat(reported):
            memory.changed_at = now
        if not was_there:
            return notes + self._back(before, now, by_person=event.by_person) + self._followed_after_all()
        notes += self._confirm(now) + self._followed_after_all()
        return notes + self._hand(by_hand(memory, before, reported, now, by_person=event.by_person), now)

    def _gone(self) -> list[Note]:
        was_there = self.memory.available is True
        self.lost_sight()
        self.memory.available = False
        if not was_there:
            return []
        self.memory.blocked = GONE_TEXT  # said once is enough
        return [self._note(GONE_TEXT)]

    def _there_again(self) -> list[Note]:
        missed, self.memory.missed, self.memory.missing_since = self.memory.missed, False, None
        return [self._note("is there again", news="over")] if missed else []

    def _back(self, before: State, now: datetime, *, by_person: bool | None) -> list[Note]:
        """The first report after a gap: a hand only where Home Assistant names a person; else tried again at once."""
        memory, reported = self.memory, self.memory.reported or {}
        notes = [self._note(f"is available again: {self.describe(reported)}")]
        if memory.astray:
            memory.astray, memory.settle_until = False, now + LATE
        if by_person:
            notes += self._hand(by_hand(memory, before, reported, now, by_person=True), now)
        return notes

    def _confirm(self, now: datetime) -> list[Note]:
        memory, pending = self.memory, self.memory.pending
        if pending is None or not self._is_as(pending.expects):
            return []
        memory.pending, memory.attempts, memory.misses, memory.retry_at = None, 0, 0, None
        memory.side_effects_until = now + self.kind.confirm_within
        memory.settle_until = max(memory.side_effects_until, memory.fading_until or now)
        if pending.expects.get("power") is False:
            memory.owned, memory.borrowed = False, None
        return [self._note(f"reports {self.describe(memory.reported or {})}"), *self._works_again()]

    def _followed_after_all(self) -> list[Note]:
        """A device that was given up on may come round by itself."""
        memory = self.memory
        if not memory.told or memory.wanted is None or memory.wanted != memory.failed:
            return []
        wanted = self.spec.allowed(memory.wanted)
        call = self.kind.call(self.spec.entity, wanted, memory.reported or {}, memory.attributes)
        return self._works_again() if call is None else []

    def _works_again(self) -> list[Note]:
        told, self.memory.told, self.memory.failed = self.memory.told, False, None
        return [self._note("works again", news="over")] if told else []

    def _hand(self, changed: Iterable[str], now: datetime) -> list[Note]:
        """A person's hand on ``changed``: they are left alone for a time."""
        memory, names = self.memory, sorted(changed)
        if not names or (memory.wanted is None and not self.spec.always_respect):
            return []
        until = now + self.spec.hands_off
        if memory.pending is not None:
            memory.pending.supersede()
        memory.doubt_until, memory.doubted = None, []
        memory.fading_until = None
        # A touched lamp is left alone as a whole: its warmth must not move either, when it was made brighter.
        whole_lamp = LAMP_LOOKS if LAMP_LOOKS.intersection(names) else frozenset[str]()
        memory.holds.update(dict.fromkeys([*names, *whole_lamp], until))
        memory.borrowed = None
        whole = HOLDS_ALL.intersection(names)
        if whole:
            memory.owned = False
            memory.insisted = memory.safety and self.on
            memory.blocked = self._held_text(until)  # said once is enough
        what = "it" if whole or whole_lamp else "its " + " and ".join(_SAID.get(name, name) for name in names)
        state = self.describe(memory.reported or {})
        return [self._note(f"was changed by hand ({state}); {what} is left alone until {self._speech.clock(until)}")]

    def lost_sight(self) -> None:
        """The way to the device is gone: what it reports next may have any cause, and is not a hand."""
        memory = self.memory
        memory.astray = memory.astray or memory.pending is not None
        memory.available, memory.pending, memory.doubt_until, memory.doubted = None, None, None, []
        memory.attempts, memory.misses, memory.retry_at = 0, 0, None

    def hold(self, until: datetime | None, now: datetime) -> list[Note]:
        """The person set how long the device is left alone; None ends it."""
        memory = self.memory
        if until is None or until <= now:
            memory.holds.clear()
            memory.insisted = False
            return [self._note("is steered again, as you asked")]
        memory.holds = dict.fromkeys(memory.holds or {"power": until}, until)
        return [self._note(f"is left alone until {self._speech.clock(until)}, as you asked")]

    def returned(self, event: ActionReturned, now: datetime) -> list[Note]:
        """The edge's word on our command. Only a failure says anything."""
        memory, pending = self.memory, self.memory.pending
        if pending is None or pending.action != event.action or event.result == "sent":
            return []
        memory.pending = None
        if pending.expects.get("power") and not self.on:
            memory.owned = False  # it never left, so it cannot have switched anything on
        if pending.superseded:
            return []
        if event.result == "refused":
            return self._failed(
                now, f"Home Assistant refused it: {event.reason}" if event.reason else "Home Assistant refused it"
            )
        memory.retry_at = now + min(BACKOFF * 2 ** min(memory.misses, 10), LONGEST_BACKOFF)
        memory.misses += 1
        return []

    # -- the next call

    def reconcile(self, now: datetime, *, peer_up: bool, mint: Callable[[], str]) -> Step:
        """The next call, if one is due, and when to look again."""
        step, memory = Step(), self.memory
        self._give_time_again(now)
        self._end_holds(now, step)
        self._end_doubt(now, step)
        if memory.wanted is None:
            memory.blocked, memory.missing_since = "", None
            self._await(now, step)
        elif not self._waiting(now, step, peer_up=peer_up):
            self._act(memory.wanted, now, step, mint)
        return step

    def _act(self, wanted: State, now: datetime, step: Step, mint: Callable[[], str]) -> None:
        memory = self.memory
        free = {name: value for name, value in wanted.items() if memory.safety or name not in memory.holds}
        call = self.kind.call(self.spec.entity, self.spec.allowed(free), memory.reported or {}, memory.attributes)
        if call is None:
            memory.attempts, memory.retry_at = 0, None
            self._block("", step)
            self._disown(now, step)
        elif isinstance(call, Cannot):
            tell, memory.told, memory.failed = not memory.told, True, memory.wanted
            self._block(f"cannot do it: {call.reason}", step, tell=tell)
        elif (until := self._dwell_until(call)) is not None and now < until:
            if (rest := self._rest(wanted)) is not None:
                self._send(rest, now, step, mint())
                return
            self._block(f"waits until {self._speech.clock(until)}, to spare it from switching too often", step)
            step.look_at(until)
        else:
            self._send(call, now, step, mint())

    def _rest(self, wanted: State) -> Call | None:
        """The setpoint at which it does no harm until it may be switched off. Tried once: it must not delay that."""
        memory, reported = self.memory, self.memory.reported or {}
        setpoint, now_at = number(wanted.get("temperature")), number(reported.get("temperature"))
        if wanted.get("power") or setpoint is None or reported.get("mode") != "cool" or memory.attempts:
            return None
        if now_at is not None and now_at >= setpoint:
            return None
        call = self.kind.call(
            self.spec.entity, self.spec.allowed({**reported, "temperature": setpoint}), reported, memory.attributes
        )
        return call if isinstance(call, Call) else None

    def _waiting(self, now: datetime, step: Step, *, peer_up: bool) -> bool:
        """Whether there is nothing to send now; says why, and when to look again."""
        memory = self.memory
        if not peer_up:
            memory.missing_since = None
            self._block("waits for Home Assistant", step)
            return True
        if memory.available is not True:
            self._block("has not been heard yet" if memory.available is None else GONE_TEXT, step)
            self._miss(now, step)
            return True
        if self._await(now, step) or memory.doubt_until is not None:
            return True
        for due in (memory.fading_until, memory.retry_at):
            if due is not None and now < due:
                step.look_at(due)
                return True
        held = [until for name, until in memory.holds.items() if name in HOLDS_ALL]
        if held and (not memory.safety or memory.insisted):
            self._block(self._held_text(max(held)), step)
            return True
        return False

    def _miss(self, now: datetime, step: Step) -> None:
        """It is wanted and not there: after a while the person is told, once."""
        memory = self.memory
        memory.missing_since = memory.missing_since or now
        if not self.spec.needed or memory.told or memory.missed:
            return
        if now < (due := memory.missing_since + MISSED_AFTER):
            step.look_at(due)
            return
        memory.missed = True
        never = "has not been heard of: its name in home.yaml may be wrong"
        gone = "is not available, so it cannot be switched"
        step.notes.append(self._note(never if memory.reported is None else gone, news="trouble"))

    def _give_time_again(self, now: datetime) -> None:
        """After a sleep the echo of a command may still come, and is no hand."""
        memory, pending = self.memory, self.memory.pending
        if pending is not None and now > pending.deadline + pending.fade + SLEPT:
            pending.deadline = memory.side_effects_until = now + self.kind.confirm_within
            memory.settle_until = now + LATE

    def _await(self, now: datetime, step: Step) -> bool:
        """Whether a command is still on its way; one that ran out of time has failed."""
        pending = self.memory.pending
        if pending is None:
            return False
        if now < pending.deadline:
            step.look_at(pending.deadline)
            return True
        self.memory.pending = None
        # A step smaller than what the device reports changes no report, and so nothing comes to confirm it.
        if not pending.superseded and not self._is_as(pending.expects):
            step.notes += self._failed(now, "it did not follow")
        return False

    def _send(self, call: Call, now: datetime, step: Step, action_id: str) -> None:
        memory = self.memory
        fade = timedelta(seconds=number(call.data.get("transition")) or 0.0)
        before = dict(memory.reported or {})
        if call.expects.get("power", self.on) != self.on:
            # Before it is confirmed: if we die now, the device must still be ours to switch off (R7).
            memory.owned = memory.owned or bool(call.expects["power"])
        elif self.on and not memory.owned and memory.borrowed is None:
            memory.borrowed = self.spec.allowed(before)
        memory.pending = Pending(action_id, call.expects, now + self.kind.confirm_within + fade, fade)
        self._remember_command(call, before, now, fade)
        memory.retry_at, memory.blocked = None, ""
        again = f" (try {memory.attempts + 1} of {ATTEMPTS})" if memory.attempts else ""
        step.action = Action(
            id=action_id,
            at=now,
            expires_at=now + EXPIRY,
            service=call.service,
            entity=self.spec.entity,
            data={key: value for key, value in call.data.items() if key != "entity_id"},
            reason=memory.why + again,
            causes=memory.causes,
        )
        step.look_at(memory.pending.deadline)

    def _remember_command(self, call: Call, before: State, now: datetime, fade: timedelta) -> None:
        """What it takes to tell its echoes from a hand."""
        memory = self.memory
        if memory.settle_until is None or now > memory.settle_until:
            memory.commanded, memory.commanded_from = {}, {}
        for name, value in call.expects.items():
            memory.commanded_from[name] = before.get(name, value)
            memory.commanded[name] = value
        memory.fading_until = now + fade if fade else None
        memory.settle_until, memory.side_effects_until = now + fade + LATE, now + self.kind.confirm_within

    def _failed(self, now: datetime, what: str) -> list[Note]:
        memory = self.memory
        memory.attempts += 1
        memory.fading_until = None
        if memory.attempts < ATTEMPTS:
            memory.retry_at = now + BACKOFF * 2 ** (memory.attempts - 1)
            return [self._note(f"{what}; trying again", colon=True)]
        memory.attempts, memory.retry_at = 0, now + TRY_AGAIN
        tell, memory.told, memory.failed = not memory.told, True, memory.wanted
        text = f"does not answer. I tried {ATTEMPTS} times, and try again at {self._speech.clock(memory.retry_at)}."
        return [
            self._note(f"{what}; giving up for now", colon=True),
            *([self._note(text, news="trouble")] if tell else []),
        ]

    def _dwell_until(self, call: Call) -> datetime | None:
        """Until when the power, or heating and cooling, must not be flipped: counted from the last reported change."""
        memory, reported = self.memory, self.memory.reported or {}
        turned = may_heat({**reported, **call.expects}) != may_heat(reported)
        if (call.expects.get("power", self.on) == self.on and not turned) or memory.changed_at is None:
            return None
        run = min(self.spec.min_run, LONGEST_AT_A_BOUND) if memory.safety else self.spec.min_run
        return memory.changed_at + (run if self.on else self.spec.min_pause)

    def _end_holds(self, now: datetime, step: Step) -> None:
        holds = self.memory.holds
        over = [name for name, until in holds.items() if now >= until]
        for name in over:
            del holds[name]
        if holds:
            step.look_at(min(holds.values()))
        elif over:
            self.memory.insisted = False
            step.notes.append(self._note("is steered again: the time since your hand on it is over"))

    def _end_doubt(self, now: datetime, step: Step) -> None:
        memory = self.memory
        if memory.doubt_until is None:
            return
        if now < memory.doubt_until:
            step.look_at(memory.doubt_until)
            return
        taken_back = still_taken_back(memory)
        memory.doubt_until, memory.doubted = None, []
        step.notes += self._hand(taken_back, now)
        if memory.holds:
            step.look_at(min(memory.holds.values()))

    # -- words

    def _block(self, why: str, step: Step, *, tell: bool = False) -> None:
        if why != self.memory.blocked:
            self.memory.blocked = why
            if why:
                step.notes.append(self._note(why, news="trouble" if tell else ""))

    def _held_text(self, until: datetime) -> str:
        return f"was changed by hand and is left alone until {self._speech.clock(until)}"

    @property
    def asked_for(self) -> str:
        """What the command under way leads to, in words."""
        expects = self.memory.pending.expects if self.memory.pending else {}
        return self.describe({**(self.memory.reported or {}), **expects})

    def describe(self, state: State) -> str:
        """A state in words, in the person's unit."""
        return self.kind.describe(state, self._speech.temperature)

    def _note(self, text: str, *, news: News = "", colon: bool = False) -> Note:
        return Note(self.spec.entity, f"{self.spec.name}{':' if colon else ''} {text}", news)
